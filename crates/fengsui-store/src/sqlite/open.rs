//! Opening a node's database: safe files, safe settings, migrations, refusals.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, TransactionBehavior};
use sha2::{Digest as _, Sha256};

use crate::{Result, StoreError, Unsafe};

/// All migrations, oldest first. Applied ones never change.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_first.sql"),
    include_str!("../../migrations/sqlite/0002_sighting_lists.sql"),
    include_str!("../../migrations/sqlite/0003_session_device.sql"),
    include_str!("../../migrations/sqlite/0004_resources.sql"),
    include_str!("../../migrations/sqlite/0005_duty_books.sql"),
    include_str!("../../migrations/sqlite/0007_scale.sql"),
];
/// How long a writer of another process is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause between two tries where SQLite does not wait by itself.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Oldest SQLite without the WAL-reset bug, as `major * 1_000_000 + minor * 1_000 + patch`.
const OLDEST_SQLITE: i32 = 3_051_003;
/// What is kept of the write-ahead log once a long read let it grow: 64 MiB.
const MAX_WAL_BYTES: u32 = 64 << 20;
/// Cache of a store in memory: 8 MiB hold the 100 cases that people work on at one time.
const MEMORY_CACHE_KIB: u32 = 8 << 10;
/// Prepared statements kept by a connection; the store has about seventy.
const MAX_STATEMENTS: usize = 100;

/// Makes the folder and the database file if they are not there, for the owner alone from the first
/// moment: SQLite gives its other files the mode of this one.
pub(crate) fn create(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::File { doing, path, source }
    };
    if !folder.exists() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(failed("make the folder", folder))?;
        if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
            sync(above).map_err(failed("sync the folder", above))?;
        }
    }
    if !path.exists() {
        // Without `create_new`, so that two processes may begin at once; whoever is second opens it.
        let made =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
        made.map_err(failed("make", path))?;
        sync(folder).map_err(failed("sync the folder", folder))?;
    }
    Ok(())
}

/// A name is durable once its folder is.
fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A connection with every setting that durability rests on.
pub(crate) fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(StoreError::database("open the database"))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(StoreError::database("set the busy timeout"))?;
    let settings = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384;
         PRAGMA journal_size_limit = {MAX_WAL_BYTES};"
    );
    when_free(|| connection.execute_batch(&settings)).map_err(StoreError::database("set up the database"))?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Keeps what was prepared. Without a stable plan SQLite would look at the values bound to a statement and prepare
/// it anew for others, which costs ten times the statement; every query here has an index whatever the values.
fn keep_statements(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(MAX_STATEMENTS);
    let stable = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    stable.map(drop).map_err(StoreError::database("ask for stable query plans"))
}

/// Tries again while others hold the database, as long as the busy timeout. SQLite itself does not wait
/// where it changes to WAL, so two processes that begin at once could refuse each other.
fn when_free(mut setting: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let since = Instant::now();
    loop {
        match setting() {
            Err(error) if is_busy(&error) && since.elapsed() < BUSY_TIMEOUT => std::thread::sleep(BUSY_PAUSE),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(StoreError::database("open a reader"))?;
    Ok(connection)
}

/// A fresh database of the newest schema that vanishes with its connection. What does not fit its cache
/// goes to a file without a name.
pub(crate) fn scratch() -> Result<Connection> {
    let connection = Connection::open("").map_err(StoreError::database("open a scratch database"))?;
    let settings = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;";
    connection.execute_batch(settings).map_err(StoreError::database("open a scratch database"))?;
    keep_statements(&connection)?;
    migrate(&connection, Path::new("scratch"))?;
    Ok(connection)
}

/// The same for a store of its own, with the settings that [`connect`] has besides durability.
pub(crate) fn memory() -> Result<Connection> {
    let connection = scratch()?;
    // A commit looks at every page it holds that is not in the file yet, so a large cache makes each slow.
    let settings = format!(
        "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -{MEMORY_CACHE_KIB};"
    );
    connection.execute_batch(&settings).map_err(StoreError::database("open a database in memory"))?;
    Ok(connection)
}

/// Applies what is missing, all of it in one transaction, each migration with its checksum. A database with contents
/// is copied first ([`keep_old`]).
pub(crate) fn migrate(connection: &Connection, path: &Path) -> Result<()> {
    migrate_to(connection, path, newest())
}

/// The same, up to schema `last` and no further.
pub(crate) fn migrate_to(connection: &Connection, path: &Path, last: i64) -> Result<()> {
    if missing(connection, path)?.first().is_none_or(|(number, _)| *number > last) {
        return Ok(());
    }
    if let Some((number, _)) = applied(connection)?.last() {
        keep_old(connection, path, *number)?;
    }
    let doing = "bring the schema up to date";
    let transaction = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)
        .map_err(StoreError::database(doing))?;
    let table = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)";
    transaction.execute_batch(table).map_err(StoreError::database(doing))?;
    // Looked at again under the lock: another process may have been faster.
    for (number, script) in missing(&transaction, path)?.into_iter().filter(|(number, _)| *number <= last) {
        transaction.execute_batch(script).map_err(StoreError::database(doing))?;
        let insert = "INSERT INTO migration (number, sha256) VALUES (?1, ?2)";
        transaction.execute(insert, (number, checksum(script))).map_err(StoreError::database(doing))?;
    }
    transaction.commit().map_err(StoreError::database(doing))
}

/// Where the database as it was at schema `number` is kept.
pub(crate) fn old(path: &Path, number: i64) -> PathBuf {
    path.with_extension(format!("schema-{number}.db"))
}

/// Keeps the database as it stands beside itself, so that the program which wrote it can go on with it. The copy is
/// there whole or not at all; one of an earlier try is replaced, since the old program may have gone on after it.
fn keep_old(connection: &Connection, path: &Path, number: i64) -> Result<()> {
    let kept = old(path, number);
    let draft = kept.with_extension(format!("draft-{}", std::process::id()));
    let failed = |doing, path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::File { doing, path, source }
    };
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(failed("remove what is left of", &draft)(error));
        }
        _ => create(&draft)?,
    }
    let doing = "copy the database before its schema is changed";
    let copied = connection.execute("VACUUM INTO ?1", [draft.display().to_string()]);
    if let Err(error) = copied {
        // Half a copy helps nobody, and the disk may be full of it.
        let _ = std::fs::remove_file(&draft);
        return Err(StoreError::database(doing)(error));
    }
    // Another process may have changed the schema meanwhile; it made its own copy before.
    let copy = Connection::open_with_flags(&draft, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(StoreError::database(doing))?;
    let is_old = applied(&copy)?.last().is_some_and(|(found, _)| *found == number);
    drop(copy);
    if !is_old {
        return std::fs::remove_file(&draft).map_err(failed("remove", &draft));
    }
    File::open(&draft).and_then(|file| file.sync_all()).map_err(failed("sync", &draft))?;
    if let Err(error) = std::fs::rename(&draft, &kept) {
        let _ = std::fs::remove_file(&draft);
        return Err(failed("name", &kept)(error));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    sync(folder).map_err(failed("sync the folder", folder))?;
    tracing::info!(schema = number, copy = %kept.display(), "the database was copied before its schema is changed");
    Ok(())
}

/// The migrations that were not applied yet.
///
/// # Errors
/// [`StoreError::Newer`] and [`StoreError::MigrationChanged`] if others were.
fn missing(connection: &Connection, path: &Path) -> Result<Vec<(i64, &'static str)>> {
    let applied = applied(connection)?;
    let mut known = (1_i64..).zip(MIGRATIONS.iter().copied());
    for (number, sha256) in &applied {
        let path = path.to_owned();
        match known.next() {
            Some((expected, script)) if expected == *number && checksum(script) == *sha256 => {}
            Some((number, _)) => return Err(StoreError::MigrationChanged { path, number }),
            None => return Err(StoreError::Newer { path, found: *number, known: newest() }),
        }
    }
    Ok(known.collect())
}

/// Refuses a schema that is not exactly this program's, where nothing may be changed.
pub(crate) fn refuse_other_schema(connection: &Connection, path: &Path) -> Result<()> {
    match missing(connection, path)?.first() {
        None => Ok(()),
        Some((number, _)) => {
            Err(StoreError::Older { path: path.to_owned(), found: number - 1, known: newest() })
        }
    }
}

fn applied(connection: &Connection) -> Result<Vec<(i64, String)>> {
    let doing = "read the schema's version";
    let exists = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'";
    let exists: Option<i64> =
        connection.query_row(exists, [], |row| row.get(0)).optional().map_err(StoreError::database(doing))?;
    if exists.is_none() {
        return Ok(Vec::new());
    }
    connection
        .prepare("SELECT number, sha256 FROM migration ORDER BY number")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(StoreError::database(doing))
}

pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("a handful of migrations")
}

pub(crate) fn checksum(script: &str) -> String {
    crate::verify::hex(&Sha256::digest(script.as_bytes()))
}

/// Refuses an SQLite that can corrupt the database, told by its number and its name.
pub(crate) fn refuse_old_sqlite(number: i32, found: &'static str) -> Result<()> {
    if number < OLDEST_SQLITE { Err(Unsafe::OldSqlite { found }.into()) } else { Ok(()) }
}

/// Refuses files in which others could read a secret, and a folder in which others could swap them.
pub(crate) fn refuse_open_files(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    refuse_mode(folder, 0o022, 0o700)?;
    for file in files(path) {
        refuse_mode(&file, 0o077, 0o600)?;
    }
    Ok(())
}

/// The database and what SQLite keeps beside it.
pub(crate) fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

fn refuse_mode(path: &Path, refused: u32, wanted: u32) -> Result<()> {
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => {
            other.map_err(|source| StoreError::File { doing: "look at", path: path.to_owned(), source })?
        }
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & refused != 0 {
        return Err(Unsafe::Mode { path: path.to_owned(), mode, wanted }.into());
    }
    Ok(())
}

/// Refuses settings under which something acknowledged could be lost.
pub(crate) fn refuse_settings(connection: &Connection) -> Result<()> {
    for (pragma, wanted) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("mmap_size", "0")]
    {
        let found = connection.pragma_query_value(None, pragma, |row| row.get::<_, Value>(0));
        let found = match found.map_err(StoreError::database("read back a setting"))? {
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            other => format!("{other:?}"),
        };
        if found != wanted {
            return Err(Unsafe::Pragma { pragma, found, wanted }.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
