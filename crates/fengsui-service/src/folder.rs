//! The data folder: where things are, and the keys in it.
//!
//! `fengsui.db` (the store), `keys/ledger.key` and `keys/field.key` (32 bytes in hex, mode 0600),
//! `ledger.vkey` (the verifier key, for everybody; those of earlier epochs in `ledger.earlier.vkey`), `plans/` (packs of the operator and every version
//! an incident runs under), `evidence/` (bytes by their hash). `DEMO` marks a demonstration, `DATABASE` a node whose
//! rows are in a server's database instead of `fengsui.db`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use fengsui_ledger::{KeyName, SigningKey, VerifierKey};
use zeroize::Zeroizing;

use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::seal::FieldKey;

/// The file that marks a folder as one for a demonstration.
const DEMO: &str = "DEMO";

/// The file that says that the rows are in a server's database, and in which.
const DATABASE: &str = "DATABASE";

/// A data folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where plan packs of the operator stand.
    pub fn plans(&self) -> PathBuf {
        self.0.join("plans")
    }

    /// Where evidence with this hash stands.
    pub fn evidence(&self, sha256: &str) -> PathBuf {
        let shelf = sha256.get(..2).unwrap_or("00");
        self.0.join("evidence").join(shelf).join(sha256)
    }

    /// Makes the folder with its subfolders, readable by nobody else.
    pub fn create(&self) -> Result<()> {
        for path in [self.0.clone(), self.0.join("keys"), self.plans(), self.0.join("evidence")] {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&path);
            made.map_err(Error::file("make the folder", &path))?;
        }
        Ok(())
    }

    /// Whether a node was made here.
    pub fn is_node(&self) -> bool {
        self.0.join("ledger.vkey").exists()
    }

    /// Whether it was made for a demonstration, so that nothing in it is real.
    pub fn is_demo(&self) -> bool {
        self.0.join(DEMO).exists()
    }

    /// Marks it as one for a demonstration, for good.
    pub fn mark_demo(&self) -> Result<()> {
        let words =
            "Everything in this folder is a demonstration made by `fengsui demo`; nothing in it is real.\n";
        write_new(&self.0.join(DEMO), words.as_bytes(), 0o600)
    }

    /// In which server's database the rows are, if they are in one.
    ///
    /// # Errors
    /// [`Error::File`] if the mark cannot be read.
    pub fn database(&self) -> Result<Option<String>> {
        let path = self.0.join(DATABASE);
        match fs::read_to_string(&path) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file("read", &path)(error)),
        }
    }

    /// Marks it as one whose rows are in a server's database, for good; `name` is for people.
    ///
    /// # Errors
    /// [`Error::File`] if the mark cannot be written.
    pub fn mark_database(&self, name: &str) -> Result<()> {
        write_new(&self.0.join(DATABASE), format!("{name}\n").as_bytes(), 0o600)
    }

    /// Refuses to look for the rows where they are not.
    ///
    /// # Errors
    /// [`Error::BadFile`] with what to do.
    pub fn refuse_other_home(&self, server: bool) -> Result<()> {
        let problem = match self.database()? {
            Some(name) if !server => format!(
                "has its rows in the database `{name}`: give its address with `--database` or in FENGSUI_DATABASE"
            ),
            None if server && self.has_store() => {
                "has its rows in its own file: move them first with `fengsui migrate`, or give another `--data`".into()
            }
            _ => return Ok(()),
        };
        Err(Error::BadFile { path: self.0.clone(), problem })
    }

    /// Whether the store of a node is in it.
    pub fn has_store(&self) -> bool {
        self.0.join("fengsui.db").exists()
    }

    /// Bytes of the store as it lies there, with what SQLite keeps beside it; 0 for what is not there.
    pub fn store_bytes(&self) -> u64 {
        let parts = ["fengsui.db", "fengsui.db-wal"].map(|name| fs::metadata(self.0.join(name)));
        parts.into_iter().flatten().map(|part| part.len()).sum()
    }

    /// The key that signs the ledger; made on first use.
    pub fn ledger_key(&self, name: &str, environment: &Environment) -> Result<SigningKey> {
        let name: KeyName = name.parse().map_err(|error| Error::BadFile {
            path: self.0.join("ledger.vkey"),
            problem: format!("names the ledger `{name}`, which cannot be: {error}"),
        })?;
        let seed = self.key("ledger.key", environment)?;
        let key = SigningKey::from_seed(name, &seed);
        let public = self.0.join("ledger.vkey");
        if !public.exists() {
            write_new(&public, format!("{}\n", key.verifier_key()).as_bytes(), 0o644)?;
        }
        Ok(key)
    }

    /// The verifier key of the ledger in this folder.
    pub fn verifier_key(&self) -> Result<VerifierKey> {
        let path = self.0.join("ledger.vkey");
        let text = fs::read_to_string(&path).map_err(Error::file("read the verifier key", &path))?;
        let parsed = text.trim_end().parse::<VerifierKey>();
        parsed.map_err(|error| Error::BadFile {
            path,
            problem: format!("does not hold a verifier key: {error}"),
        })
    }

    /// Where the keys of earlier epochs of the ledger stand, if it was restored: one a line, oldest first.
    pub fn earlier_keys_path(&self) -> PathBuf {
        self.0.join("ledger.earlier.vkey")
    }

    /// The key for single fields; made on first use.
    pub fn field_key(&self, environment: &Environment) -> Result<FieldKey> {
        Ok(FieldKey::new(&*self.key("field.key", environment)?))
    }

    /// The key that opens the node's own backups for a trial; made on first use, and in no backup.
    pub(crate) fn trial_key(&self, environment: &Environment) -> Result<Zeroizing<[u8; 32]>> {
        self.key("trial.key", environment)
    }

    fn key(&self, name: &str, environment: &Environment) -> Result<Zeroizing<[u8; 32]>> {
        let path = self.0.join("keys").join(name);
        if !path.exists() {
            let seed = Zeroizing::new(environment.bytes::<32>());
            let text: Zeroizing<String> =
                Zeroizing::new(seed.iter().map(|byte| format!("{byte:02x}")).collect());
            write_new(&path, text.as_bytes(), 0o600)?;
        }
        let mode = fs::metadata(&path).map_err(Error::file("look at", &path))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let problem =
                format!("has mode {mode:o}, so others can read the key: run `chmod 600 {}`", path.display());
            return Err(Error::BadFile { path, problem });
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(Error::file("read the key", &path))?);
        let seed = unhex(text.trim());
        seed.ok_or(Error::BadFile { path, problem: "does not hold a key of 64 hex digits".into() })
    }
}

fn unhex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut seed = Zeroizing::new([0; 32]);
    let (digits, rest) = text.as_bytes().as_chunks::<2>();
    if digits.len() != 32 || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in seed.iter_mut().zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(seed)
}

/// Bytes of a plan or scenario file that are read: four times what a loader takes, so that it can say how long
/// the file is.
pub const MAX_READ_BYTES: u64 = 1 << 20;

/// Reads a file that a stranger may have made, up to [`MAX_READ_BYTES`]. What lies behind a pack's name may be a
/// link to a pipe or a device, which have no end.
///
/// # Errors
/// Of the file system; [`InvalidInput`](std::io::ErrorKind::InvalidInput) for what is no file,
/// [`FileTooLarge`](std::io::ErrorKind::FileTooLarge).
pub fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_READ_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_READ_BYTES {
        let words = format!("it has {} bytes, at most {MAX_READ_BYTES} are read", metadata.len());
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, words));
    }
    Ok(bytes)
}

/// Writes a file that is there whole or not at all; one that is already there stays as it is.
pub(crate) fn write_new(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    let write = || {
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            linked => linked?,
        }
        fs::remove_file(&draft)?;
        // The name is durable once its folder is.
        path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    };
    write().map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_or_is_too_long_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("/dev/zero", at("zero.yaml")).expect("a link");
        fs::write(at("long.yaml"), vec![b' '; 1 + (1 << 20)]).expect("a file");
        fs::write(at("whole.yaml"), vec![b' '; 1 << 20]).expect("a file");
        let said =
            |name: &str| read_limited(&at(name)).map(|bytes| bytes.len()).map_err(|error| error.to_string());
        assert_eq!(said("zero.yaml"), Err("it is not a regular file".to_owned()));
        assert_eq!(said("long.yaml"), Err("it has 1048577 bytes, at most 1048576 are read".to_owned()));
        assert_eq!(said("whole.yaml"), Ok(1 << 20));
    }
}
