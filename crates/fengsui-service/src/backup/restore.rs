//! Restoring: into a folder that is there whole or not at all, verified before it counts, in an epoch of its own.
//!
//! Everything is taken in beside its place, the ledger is verified against the key it had, and every row against the
//! ledger. Then a new key is made, which signs from here on under a name of its own; what the node signed after the
//! backup, and may have shown to others, is never signed again. The folder gets its name last.

use std::fs;
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use fengsui_age::Opener;
use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::node::NodeChange;
use fengsui_ledger::{SignedCheckpoint, SigningKey, VerifierKey};
use fengsui_store::{
    Commit, Contents, Loader, Report, RowsAt, Store, Table, begin_epoch, verify_folder, verify_server,
};
use sha2::{Digest as _, Sha256};

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::evidence;
use crate::folder::{Folder, MAX_READ_BYTES, write_new};

use super::archive::{FIELD_KEY, HEAD, TAIL};
use super::{FORMAT, Head, Identity, Tail, Told, chain};

/// Bytes of `backup.json`, of `end.json` and of the key: the tables and columns of a schema are a few kilobytes.
const MAX_WORDS_BYTES: u64 = 1 << 20;
/// Bytes of rows in one file of the archive: a chunk and the longest row after it.
const MAX_ROWS_BYTES: u64 = 64 << 20;

/// What to restore, and where to.
pub struct Restore<'r> {
    /// The data folder, which must not be there yet, or be empty.
    pub folder: PathBuf,
    /// The database, if the rows go to a server.
    pub database: Option<String>,
    /// The backup.
    pub from: Box<dyn Read + 'r>,
    /// Who opens it.
    pub identities: Vec<Identity>,
    /// The key that signed its ledger, if somebody kept it elsewhere; else the one in the backup is believed.
    pub key: Option<VerifierKey>,
    /// Only a trial: everything is taken in and verified, then removed.
    pub trial: bool,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The node's name.
    pub name: String,
    /// When the backup was made.
    pub made_at: jiff::Timestamp,
    /// Entries of the ledger.
    pub entries: u64,
    /// Their root.
    pub root: String,
    /// Rows of all tables.
    pub rows: u64,
    /// Files beside them.
    pub files: u64,
    /// The key that signed them.
    pub old_key: String,
    /// The key that signs from here on; none after a trial.
    pub new_key: Option<String>,
}

/// Restores a backup. Call it where waiting is allowed.
///
/// # Errors
/// [`Error::Backup`] for what cannot be restored, [`Error::BadFile`] for a place that is taken: nothing is there then that was not before, but what a database of a
/// server took in.
pub fn restore(restore: Restore<'_>, environment: &Environment, told: Told<'_>) -> Result<Restored> {
    let Restore { folder: target, database, from, identities, key, trial } = restore;
    if !trial {
        refuse_taken(&target)?;
    }
    let scratch = Scratch::new(&target)?;
    let folder = Folder::new(scratch.node());
    folder.create()?;
    let opener = Opener::new(from, &identities).map_err(|error| Error::backup(chain(&error)))?;
    let database = database.filter(|_| !trial);
    let at = match &database {
        Some(url) => RowsAt::Server(url),
        None => RowsAt::Folder(folder.path()),
    };
    let (head, tail) = taken_in(opener, at, &folder, told)?;
    let old: VerifierKey = head.verifier_key.parse().map_err(|error| Error::backup(chain(&error)))?;
    if key.is_some_and(|key| key != old) {
        return Err(Error::backup(format!("its ledger was signed by {old}, not by the key that was given")));
    }
    told("verified entries", 0);
    let report = match &database {
        Some(url) => verify_server(url, &old, &[])?,
        None => verify_folder(folder.path(), &old, &[])?,
    };
    let root = judged(&report, &head, &old)?;
    told("verified entries", report.entries);
    let mut restored = Restored {
        name: head.name.clone(),
        made_at: head.made_at,
        entries: report.entries,
        root,
        rows: tail.rows,
        files: tail.files,
        old_key: head.verifier_key.clone(),
        new_key: None,
    };
    if trial {
        return Ok(restored);
    }
    let signer = new_key(&folder, &head, environment)?;
    let new = signer.verifier_key().clone();
    begin_epoch(at, &old, &signer)?;
    first_entry(&folder, database.as_deref(), signer, &head, report.entries, environment)?;
    if let Some(url) = &database {
        folder.mark_database(&crate::node::database_name(url))?;
    }
    scratch.keep(&target)?;
    restored.new_key = Some(new.to_string());
    Ok(restored)
}

/// Takes in every part of the archive, to its end.
fn taken_in(
    opener: Opener<Box<dyn Read + '_>>,
    at: RowsAt<'_>,
    folder: &Folder,
    told: Told<'_>,
) -> Result<(Head, Tail)> {
    let decoder = zstd::stream::read::Decoder::new(opener).map_err(unreadable)?;
    let mut archive = tar::Archive::new(decoder);
    let mut parts: Option<(Head, Loader)> = None;
    let (mut found, mut tail) = (Tail::default(), None);
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        let path = entry.path().map_err(unreadable)?.into_owned();
        let name = path.to_str().unwrap_or_default().to_owned();
        let odd = || Error::backup(format!("`{}` has no place in a backup", path.display()));
        if tail.is_some() || !entry.header().entry_type().is_file() {
            return Err(odd());
        }
        let Some((_, loader)) = &mut parts else {
            if name != HEAD {
                return Err(odd());
            }
            parts = Some(begun(&bounded(&mut entry, MAX_WORDS_BYTES)?, at)?);
            continue;
        };
        match name.split_once('/') {
            None if name == TAIL => {
                let told = serde_json::from_slice::<Tail>(&bounded(&mut entry, MAX_WORDS_BYTES)?);
                tail = Some(told.map_err(|error| Error::backup(format!("`{TAIL}`: {error}")))?);
            }
            None if name == FIELD_KEY => {
                write_new(
                    &folder.path().join("keys").join(FIELD_KEY),
                    &bounded(&mut entry, MAX_WORDS_BYTES)?,
                    0o600,
                )?;
            }
            Some(("rows", rest)) => {
                let (table, _) = rest.split_once('/').ok_or_else(odd)?;
                found.rows += loader.rows(table, &bounded(&mut entry, MAX_ROWS_BYTES)?)?;
                told(table, found.rows);
            }
            Some(("plans", _)) if is_below(&path) => {
                file(&folder.path().join(&path), &bounded(&mut entry, MAX_READ_BYTES)?)?;
                found.files += 1;
            }
            Some(("evidence", _)) => {
                let bytes = bounded(&mut entry, evidence::MAX_BYTES)?;
                let sha256: String =
                    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                let place = folder.evidence(&sha256);
                if place != folder.path().join(&path) {
                    return Err(Error::backup(format!("`{name}` was altered: its SHA-256 is {sha256}")));
                }
                file(&place, &bytes)?;
                found.files += 1;
                told("files", found.files);
            }
            _ => return Err(odd()),
        }
    }
    // To the last byte, which proves that nothing was cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(unreadable)?;
    let (Some((head, loader)), Some(tail)) = (parts, tail) else {
        return Err(Error::backup("it ends too early"));
    };
    if found != tail {
        return Err(Error::backup(format!(
            "it has {} rows and {} files, and should have {} and {}",
            found.rows, found.files, tail.rows, tail.files
        )));
    }
    told("indices", 0);
    loader.finish()?;
    Ok((head, tail))
}

/// Reads `backup.json` and begins to take in rows.
fn begun(bytes: &[u8], at: RowsAt<'_>) -> Result<(Head, Loader)> {
    let wrong = |error: serde_json::Error| Error::backup(format!("`{HEAD}`: {error}"));
    let head: Head = serde_json::from_slice(bytes).map_err(wrong)?;
    if head.format != FORMAT {
        let problem = format!("its form is `{}`, this program reads `{FORMAT}`", head.format);
        return Err(Error::backup(problem));
    }
    let table = |table: &super::HeadTable| Table { name: table.name.clone(), columns: table.columns.clone() };
    let tables = head.tables.iter().map(table).collect();
    let contents = Contents { schema: head.schema, checkpoint: Some(head.checkpoint.clone()), tables };
    let loader = Loader::begin(at, &contents)?;
    Ok((head, loader))
}

/// The root of what was taken in, if it is what the backup says it is and nothing in it is wrong.
fn judged(report: &Report, head: &Head, key: &VerifierKey) -> Result<String> {
    let signed =
        SignedCheckpoint::open(head.checkpoint.as_bytes(), key.name().as_str(), std::slice::from_ref(key));
    let signed = signed.map_err(|error| Error::backup(chain(&error)))?.checkpoint;
    let found = report.ledger.iter().flat_map(|findings| findings.list.iter().map(ToString::to_string));
    let mut found = found.chain(report.state.iter().map(ToString::to_string));
    if let Some(first) = found.next() {
        return Err(Error::backup(format!("it does not verify: {first}")));
    }
    if report.entries != signed.size || report.root != Some(signed.root) {
        return Err(Error::backup("its rows are not those under its checkpoint"));
    }
    Ok(signed.root.to_string())
}

/// Makes the key of the new epoch, under a name that no other epoch of the node has.
fn new_key(folder: &Folder, head: &Head, environment: &Environment) -> Result<SigningKey> {
    let epoch = head.earlier_keys.len() + 2;
    let mark: String = environment.bytes::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
    let signer = folder.ledger_key(&format!("{}/epoch-{epoch}-{mark}", head.name), environment)?;
    let mut keys = head.earlier_keys.clone();
    keys.push(head.verifier_key.clone());
    write_new(&folder.earlier_keys_path(), format!("{}\n", keys.join("\n")).as_bytes(), 0o644)?;
    if head.demo {
        folder.mark_demo()?;
    }
    Ok(signer)
}

/// Opens the store under its new key and writes its first entry.
fn first_entry(
    folder: &Folder,
    database: Option<&str>,
    signer: SigningKey,
    head: &Head,
    entries: u64,
    environment: &Environment,
) -> Result<()> {
    let origin = signer.verifier_key().name().as_str().to_owned();
    let change = NodeChange::Restored {
        verifier_key: signer.verifier_key().to_string(),
        checkpoint: head.checkpoint.clone(),
        entries,
        made_at: head.made_at,
    };
    let ids = environment.clone();
    let new_id = Box::new(move || ids.new_id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::file("begin to write in", folder.path()))?;
    runtime.block_on(async {
        let store = match database {
            Some(url) => Store::open_postgres(url, &origin, signer, new_id)?,
            None => Store::open(folder.path(), origin, signer, new_id)?,
        };
        let node = store.node_get().await?;
        let node = node.ok_or_else(|| Error::backup("there is no node in it"))?;
        let commit = Commit::new(By::Console, environment.now(), None)
            .batch(node.version, vec![Change::Node { change }]);
        store.commit(commit).await?;
        store.close().await;
        Ok(())
    })
}

/// A folder beside the place of the new one, locked, and gone with the value.
struct Scratch {
    path: PathBuf,
    _lock: fs::File,
}

impl Scratch {
    fn new(target: &Path) -> Result<Self> {
        let mut name = target.file_name().unwrap_or("fengsui-data".as_ref()).to_owned();
        name.push(".restoring");
        let path = target.with_file_name(name);
        let cannot = |source| Error::File { doing: "make the folder", path: path.clone(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(cannot)?;
        let lock = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path.join("lock"));
        let lock = lock.map_err(cannot)?;
        if lock.try_lock().is_err() {
            let problem = "is in use: another restore is under way".into();
            return Err(Error::BadFile { path, problem });
        }
        // What a restore that was killed left behind.
        let scratch = Self { path, _lock: lock };
        let left = scratch.node();
        if left.exists() {
            fs::remove_dir_all(&left).map_err(Error::file("remove what is left in", &left))?;
        }
        Ok(scratch)
    }

    /// The data folder in it.
    fn node(&self) -> PathBuf {
        self.path.join("node")
    }

    /// Gives the node its name.
    fn keep(&self, target: &Path) -> Result<()> {
        let folder = &self.node();
        sync_all(folder).map_err(Error::file("sync", folder))?;
        // An empty folder gives way to it; one that is not empty does not.
        fs::rename(folder, target).map_err(Error::file("name the folder", target))?;
        let above = target.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(above)
            .and_then(|above| above.sync_all())
            .map_err(Error::file("sync the folder", above))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "a scratch folder could not be removed");
        }
    }
}

/// Syncs every file and folder from here down.
fn sync_all(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            sync_all(&entry?.path())?;
        }
    }
    fs::File::open(path)?.sync_all()
}

fn refuse_taken(target: &Path) -> Result<()> {
    let first = match fs::read_dir(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::file("look at", target)(error)),
        Ok(mut entries) => entries.next(),
    };
    if first.is_none() {
        return Ok(());
    }
    let problem = "is not empty: give another `--data`, or move that folder away and keep it".into();
    Err(Error::BadFile { path: target.to_owned(), problem })
}

/// Whether every part of a path is a plain name.
fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

fn bounded(from: &mut impl Read, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(Error::backup(format!("a part of it is longer than {most} bytes")));
    }
    Ok(bytes)
}

/// Writes a file in a folder that nobody else has yet; it is synced with everything else.
fn file(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let above = path.parent().expect("a file is in a folder");
        fs::DirBuilder::new().recursive(true).mode(0o700).create(above)?;
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)
    };
    write().map_err(Error::file("write", path))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are handed on")]
fn unreadable(error: io::Error) -> Error {
    Error::backup(chain(&error))
}
