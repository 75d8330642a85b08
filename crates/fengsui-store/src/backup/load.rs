//! Rows on their way in: into a file that is new, or a database that is empty.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::head::checkpoint;
use crate::link::{Link, Value};
use crate::postgres::{self, Address, Session};
use crate::search;
use crate::sqlite::{FILE, open};
use crate::{Result, StoreError};

use super::{Contents, RowsAt, Table, rows, tables};

const DOING: &str = "take in the rows of a backup";

/// Takes rows in. Nothing counts before [`Self::finish`]: a file is not synced, a database not written.
pub struct Loader {
    into: Into,
    tables: Vec<Table>,
}

enum Into {
    /// A file without its indices, which are made at the end.
    File { connection: Connection, path: PathBuf, indices: Vec<String> },
    /// One transaction of a server; what drops the connection undoes it.
    Server(Box<Session>),
}

impl Loader {
    /// Begins to take in what `contents` says. Call it, and all that follows, where waiting is allowed.
    ///
    /// # Errors
    /// [`StoreError::NotRestored`] if there is a store already, or the rows are of another program's or a newer
    /// schema; else as for opening a store.
    pub fn begin(at: RowsAt<'_>, contents: &Contents) -> Result<Self> {
        refuse_other_tables(contents)?;
        let into = match at {
            RowsAt::Folder(folder) => {
                let path = folder.join(FILE);
                if path.exists() {
                    return Err(not(format!("`{}` is there already", path.display())));
                }
                open::create(&path)?;
                open::refuse_open_files(&path)?;
                let connection = empty(&path).map_err(StoreError::database(DOING))?;
                open::migrate_to(&connection, &path, contents.schema)?;
                let indices = without_indices(&connection).map_err(StoreError::database(DOING))?;
                connection.execute_batch("BEGIN").map_err(StoreError::database(DOING))?;
                Into::File { connection, path, indices }
            }
            RowsAt::Server(url) => {
                if contents.schema != open::newest() {
                    let reason =
                        "the backup has an older schema: restore it into a file, then `fengsui migrate`";
                    return Err(not(reason.into()));
                }
                let address = Address::parse(url)?;
                postgres::migrate(&address)?;
                let session = Session::connect(&address)?;
                session.begin_to_write().map_err(StoreError::database(DOING))?;
                if checkpoint(Link::Postgres(&session))?.is_some() {
                    return Err(not("the database holds a ledger already: take an empty one".into()));
                }
                Into::Server(Box::new(session))
            }
        };
        Ok(Self { into, tables: contents.tables.clone() })
    }

    /// Takes in rows of a table; says how many they were.
    ///
    /// # Errors
    /// [`StoreError::NotRestored`] for bytes that are no rows of it, else [`StoreError::Database`].
    pub fn rows(&mut self, table: &str, bytes: &[u8]) -> Result<u64> {
        let known = self.tables.iter().find(|known| known.name == table);
        let Table { name, columns } = known.ok_or_else(|| not(format!("there is no table `{table}`")))?;
        let rows = rows::read(bytes, columns.len()).map_err(|reason| not(format!("`{table}`: {reason}")))?;
        let columns = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        match &self.into {
            Into::File { connection, .. } => {
                insert(connection, name, &columns, &rows).map_err(StoreError::database(DOING))?;
            }
            Into::Server(session) => {
                session.copy(name, &columns, &rows).map_err(StoreError::database(DOING))?;
            }
        }
        Ok(rows.len() as u64)
    }

    /// Makes what a store makes of its rows, brings the schema up to date, and syncs.
    ///
    /// # Errors
    /// As for opening a store.
    pub fn finish(self) -> Result<()> {
        match self.into {
            Into::File { connection, path, indices } => {
                let made = || {
                    connection.execute_batch("COMMIT")?;
                    indices.iter().try_for_each(|index| connection.execute_batch(index))
                };
                made().map_err(StoreError::database(DOING))?;
                open::migrate(&connection, &path)?;
                search::catch_up(Link::Sqlite(&connection))?;
                connection.close().map_err(|(_, error)| StoreError::database(DOING)(error))?;
                let synced = std::fs::File::open(&path).and_then(|file| file.sync_all());
                synced.map_err(|source| StoreError::File { doing: "sync", path: path.clone(), source })?;
                // From now on with the log and the syncs of a store.
                open::connect(&path).map(drop)
            }
            Into::Server(session) => {
                let numbers =
                    "SELECT setval(pg_get_serial_sequence('sighting', 'rowid'), max(rowid)) FROM sighting
                    HAVING max(rowid) IS NOT NULL";
                session.batch(numbers).map_err(StoreError::database(DOING))?;
                session.commit().map_err(StoreError::database(DOING))?;
                session.batch("ANALYZE").map_err(StoreError::database(DOING))?;
                search::catch_up(Link::Postgres(&session))
            }
        }
    }
}

/// Tables and columns must be this program's: their names become part of statements.
fn refuse_other_tables(contents: &Contents) -> Result<()> {
    if contents.schema > open::newest() || contents.schema < 1 {
        return Err(not(format!(
            "they have schema {}, this program knows up to {}: use the program that wrote them, or a newer one",
            contents.schema,
            open::newest()
        )));
    }
    let known = tables();
    for (place, table) in contents.tables.iter().enumerate() {
        let of = known.iter().find(|known| known.name == table.name);
        let foreign = |column: &String| of.is_none_or(|of| !of.columns.contains(column));
        let twice = contents.tables[..place].iter().any(|other| other.name == table.name);
        if twice || table.columns.is_empty() || table.columns.iter().any(foreign) {
            return Err(not(format!("`{}` is no table of a store, or not as it must be", table.name)));
        }
    }
    Ok(())
}

/// A new file, fast as long as nothing counts in it.
fn empty(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA mmap_size = 0; PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// Takes the indices away; returns how they are made again.
fn without_indices(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let found: Vec<(String, String)> = found.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &found {
        connection.execute_batch(&format!("DROP INDEX \"{name}\""))?;
    }
    Ok(found.into_iter().map(|(_, sql)| sql).collect())
}

fn insert(
    connection: &Connection,
    table: &str,
    columns: &str,
    rows: &[Vec<Value<'_>>],
) -> rusqlite::Result<()> {
    let places = vec!["?"; rows.first().map_or(1, Vec::len)].join(", ");
    let sql = format!("INSERT INTO \"{table}\" ({columns}) VALUES ({places})");
    let mut statement = connection.prepare_cached(&sql)?;
    for row in rows {
        statement.execute(rusqlite::params_from_iter(row))?;
    }
    Ok(())
}

fn not(reason: String) -> StoreError {
    StoreError::NotRestored { reason }
}
