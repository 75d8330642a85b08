//! Looking at a data folder without changing it: one that a node runs on, a copy, evidence.
//!
//! SQLite writes even when it only reads: it makes the files of a write-ahead log, or empties one into
//! the database when the last connection closes. Which of three ways of opening keeps it from that
//! depends on which files are there, and that is looked at again afterwards. The database and its log
//! are never touched; the `-shm` file, if there is one, is shared memory and notes who reads.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::open::{files, refuse_other_schema};
use crate::{Result, StoreError};

/// How long a node that is just taking up its log is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Times a database is opened anew because a node began or ended its work on it meanwhile.
const MAX_TRIES: usize = 5;

/// A database opened to be looked at.
pub(crate) struct Inspection {
    /// The connection, which cannot write.
    connection: Connection,
    way: Way,
}

/// How a database is opened without a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// No log and nobody at work: the file alone, taken as it is.
    Still,
    /// A log that nobody works with, as in a copy made of two files: read into memory.
    Log,
    /// A node may be at work: beside it, through the memory it shares.
    Shared,
}

/// What changes when a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    modified_at: (i64, i64),
}

impl Inspection {
    /// Opens the database at `path`, which must have exactly this program's schema, and hands it to
    /// `look`; again if a node began or ended its work meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] if there is no such file, it is no database, or its schema is another.
    pub(crate) fn of<T>(path: &Path, look: impl Fn(&Connection) -> Result<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            let before = stamps(path);
            let (outcome, shared) = match Self::open(path) {
                Ok(inspection) => (look(&inspection.connection), inspection.way == Way::Shared),
                Err(error) => (Err(error), false),
            };
            let sure = (shared && outcome.is_ok()) || stamps(path) == before;
            if sure || tries == MAX_TRIES {
                return outcome;
            }
            tries += 1;
        }
    }

    fn open(path: &Path) -> Result<Self> {
        let before = stamps(path);
        let [database, log, shared] = before.as_slice() else { unreachable!("three files are stamped") };
        if database.is_none() {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(StoreError::File { doing: "open", path: path.to_owned(), source });
        }
        // Whoever works with the database has a log, be it an empty one.
        let way = match (log, shared) {
            (Some(_), Some(_)) => Way::Shared,
            (Some(log), None) if log.bytes > 0 => Way::Log,
            _ => Way::Still,
        };
        let connection = open(path, way)?;
        Ok(Self { connection, way })
    }
}

fn open(path: &Path, way: Way) -> Result<Connection> {
    let doing = "open the database to look at it";
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection =
        Connection::open_with_flags(address(path, way), flags).map_err(StoreError::database(doing))?;
    let set = || {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        if way == Way::Log {
            connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
        }
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0")
    };
    set().map_err(StoreError::database(doing))?;
    refuse_other_schema(&connection, path)?;
    Ok(connection)
}

/// The database as SQLite's `file:` address, every byte that could mean something written as `%XX`.
fn address(path: &Path, way: Way) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path: String = path
        .as_os_str()
        .as_bytes()
        .iter()
        .map(|byte| match byte {
            b'/' | b'-' | b'_' | b'.' => char::from(*byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    let query = match way {
        Way::Still => "immutable=1",
        // Without locks; the log's index is then kept in memory of our own.
        Way::Log => "vfs=unix-none",
        // Not `readonly_shm`: that would keep a node that begins in this very process from writing.
        Way::Shared => "mode=ro",
    };
    format!("file://{path}?{query}")
}

fn stamps(path: &Path) -> Vec<Option<Stamp>> {
    let stamp = |path: PathBuf| {
        let metadata = std::fs::metadata(path).ok()?;
        let modified_at = (metadata.mtime(), metadata.mtime_nsec());
        Some(Stamp { inode: metadata.ino(), bytes: metadata.size(), modified_at })
    };
    files(path).into_iter().map(stamp).collect()
}
