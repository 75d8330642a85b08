//! Backups: everything a node needs to live again but the key that signs its ledger, sealed for whom the operator
//! names.
//!
//! A backup is an age file, in it a stream of zstd, in it a tar archive; so `age -d`, `zstd -d` and `tar` look into
//! it without this program. The rows are of one moment, in a form that fits either home.
//!
//! The signing key stays out on purpose. Whoever has the backup cannot sign in the node's name, and whoever restores
//! it cannot sign an index a second time: a restored node goes on in an epoch of its own ([`restore()`]).

use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use fengsui_age::Sealer;
pub use fengsui_age::{Identity, Recipient};
use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::node::NodeChange;
use fengsui_domain::permission::Permission;
use fengsui_store::{Commit, RowsAt, StoreError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::node::{MAX_TRIES, Service};

mod archive;
mod restore;
mod schedule;

pub use restore::{Restore, Restored, restore};
pub use schedule::{Round, Schedule};

/// The form of an archive.
const FORMAT: &str = "fengsui-backup-1";
/// How hard contents are pressed: text comes to a fifth, faster than a disk writes.
const LEVEL: i32 = 1;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Entries of the ledger in it.
    pub entries: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Files beside them: plans and evidence.
    pub files: u64,
    /// Bytes of the sealed file.
    pub bytes: u64,
}

/// Hears what is under way: of what, and how many so far.
type Told<'a> = &'a mut dyn FnMut(&str, u64);
/// The same for a backup, which is made on a thread of its own.
pub type Telling = Box<dyn FnMut(&str, u64) + Send>;

/// The first file of an archive.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// Always `fengsui-backup-1`.
    format: String,
    /// The program that made it.
    program: String,
    made_at: Timestamp,
    /// The node's name.
    name: String,
    /// The key of its ledger.
    verifier_key: String,
    /// Keys of earlier epochs.
    #[serde(default)]
    earlier_keys: Vec<String>,
    /// Nothing in it is real.
    demo: bool,
    schema: i64,
    checkpoint: String,
    tables: Vec<HeadTable>,
}

#[derive(Debug, Serialize, Deserialize)]
struct HeadTable {
    name: String,
    columns: Vec<String>,
}

/// The last file of an archive: without it something is missing.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tail {
    rows: u64,
    files: u64,
}

/// What a backup is made of.
struct Source {
    head: Head,
    folder: Folder,
    database: Option<String>,
    environment: Environment,
}

impl Source {
    /// Writes a backup. Call it where waiting is allowed.
    fn write(self, to: impl Write, recipients: &[Recipient], told: Told<'_>) -> Result<Made> {
        let mut random = |buffer: &mut [u8]| self.environment.random.fill(buffer);
        let counted = Counted { to, bytes: 0 };
        let sealer = Sealer::new(counted, recipients, &mut random).map_err(cannot_write)?;
        let at = match &self.database {
            Some(url) => RowsAt::Server(url),
            None => RowsAt::Folder(self.folder.path()),
        };
        archive::write(sealer, self.head, at, &self.folder, told)
    }
}

/// Where a backup goes.
pub enum BackupTo {
    /// A file that is not there yet; it is there whole or not at all.
    File(PathBuf),
    /// A stream, to be kept elsewhere.
    Stream(Box<dyn Write + Send>),
}

impl Service {
    /// Makes a backup; nodes may go on meanwhile. What was made is an entry of the ledger, after the ones in it.
    ///
    /// # Errors
    /// [`Error::Refused`] without the permission, [`Error::NoFolder`] for a node in memory, [`Error::File`] for what
    /// cannot be read or written, [`Error::BadFile`] if the file is there already.
    pub async fn backup(
        &self,
        caller: &Caller,
        to: BackupTo,
        recipients: Vec<Recipient>,
        mut told: Telling,
    ) -> Result<Made> {
        caller.actor.permit(Permission::NodeManage)?;
        let node = self.node().await?.value;
        let head = Head {
            format: FORMAT.into(),
            program: env!("CARGO_PKG_VERSION").into(),
            made_at: self.now(),
            name: node.name,
            verifier_key: node.verifier_key,
            earlier_keys: node.epochs.into_iter().map(|epoch| epoch.verifier_key).collect(),
            demo: self.is_demo(),
            schema: 0,
            checkpoint: String::new(),
            tables: Vec::new(),
        };
        let (folder, environment) = (self.folder()?.clone(), self.inner.environment.clone());
        let source = Source { head, folder, database: self.inner.database.clone(), environment };
        let file = match &to {
            BackupTo::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            BackupTo::Stream(_) => "-".into(),
        };
        let making = tokio::task::spawn_blocking(move || match to {
            BackupTo::File(path) => whole(&path, |file| source.write(file, &recipients, &mut *told)),
            BackupTo::Stream(to) => source.write(to, &recipients, &mut *told),
        });
        let made = making.await.expect("a backup does not panic")?;
        let change = NodeChange::BackedUp { file, entries: made.entries, bytes: made.bytes };
        self.node_change(caller.by(), change).await?;
        Ok(made)
    }

    /// Records something about the node; tried again where somebody was faster.
    async fn node_change(&self, by: By, change: NodeChange) -> Result<()> {
        let mut tries = MAX_TRIES;
        loop {
            let node = self.node().await?;
            let change = Change::Node { change: change.clone() };
            let commit = Commit::new(by.clone(), self.now(), None).batch(node.version, vec![change]);
            match self.inner.store.commit(commit).await {
                Err(StoreError::Conflict { .. }) if tries > 1 => tries -= 1,
                outcome => return Ok(outcome.map(drop)?),
            }
        }
    }
}

/// Writes a file that is there whole or not at all.
fn whole(path: &Path, write: impl FnOnce(BufWriter<&fs::File>) -> Result<Made>) -> Result<Made> {
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let cannot = |source| Error::File { doing: "write", path: path.to_owned(), source };
    if path.exists() {
        let problem = "is there already: give another name".into();
        return Err(Error::BadFile { path: path.to_owned(), problem });
    }
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft);
    let file = file.map_err(cannot)?;
    let made = write(BufWriter::new(&file)).and_then(|made| {
        file.sync_all().map_err(cannot)?;
        // Another backup of this name is not written over.
        fs::hard_link(&draft, path).map_err(cannot)?;
        Ok(made)
    });
    // Half a backup helps nobody.
    let removed = fs::remove_file(&draft).map_err(cannot);
    let made = made?;
    removed?;
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(above).and_then(|above| above.sync_all()).map_err(cannot)?;
    Ok(made)
}

/// Counts what is written.
struct Counted<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// An error and its causes in one sentence.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn cannot_write(source: io::Error) -> Error {
    Error::File { doing: "write", path: "the backup".into(), source }
}
