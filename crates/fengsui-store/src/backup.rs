//! All rows of a store as one stream, out of either home and into either.
//!
//! Rows leave in one snapshot, while nodes go on, and come in as they were: what they say is judged afterwards, by
//! `verify` and the key of the ledger. A store that came in begins an epoch of its own ([`begin_epoch`]): under its
//! old key it could sign an index a second time.

use std::collections::BTreeMap;
use std::path::Path;

use fengsui_ledger::{SignedCheckpoint, SigningKey, VerifierKey};

use crate::head::{StoredTiles, checkpoint, grow, head_of, size};
use crate::link::{Connected, DbError, Link};
use crate::postgres::{self, Address, Session};
use crate::sqlite::{FILE, open};
use crate::walk::{Walk, walk};
use crate::{Result, StoreError};

mod load;
mod rows;

pub use load::Loader;

/// Bytes of rows in a chunk, beyond which no further row is added: what is held in memory.
const CHUNK_BYTES: usize = 4 << 20;
/// Tables that stay: the schema's own, what a store makes anew from the rest, and sessions, so that nobody is signed
/// in by an old copy.
const NOT_KEPT: &[&str] = &["migration", "search", "search_rule", "session"];
/// The tables of the newest schema and their columns, as a server lists them.
const STRUCTURE: &str = include_str!("../migrations/postgres/structure.txt");

/// Where the rows of a store are.
#[derive(Clone, Copy, Debug)]
pub enum RowsAt<'a> {
    /// In the file of this data folder.
    Folder(&'a Path),
    /// In the database at this address (`postgres://…`).
    Server(&'a str),
}

/// A table and its columns, in the order in which a row has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Their names.
    pub columns: Vec<String>,
}

/// What a stream of rows holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The schema's number.
    pub schema: i64,
    /// The signed checkpoint of the ledger; `None` before its first entry.
    pub checkpoint: Option<String>,
    /// The tables, in the order of the stream.
    pub tables: Vec<Table>,
}

/// Where rows go.
pub trait RowSink {
    /// What can go wrong there.
    type Error: From<StoreError>;

    /// Hears what will come.
    ///
    /// # Errors
    /// Its own; they end the stream.
    fn begin(&mut self, contents: &Contents) -> std::result::Result<(), Self::Error>;

    /// Takes some rows of a table: `count` of them, as [`Loader::rows`] takes them.
    ///
    /// # Errors
    /// Its own; they end the stream.
    fn rows(&mut self, table: &str, count: u64, bytes: &[u8]) -> std::result::Result<(), Self::Error>;
}

/// The tables that are kept, by name.
fn tables() -> Vec<Table> {
    let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let columns = STRUCTURE.lines().filter_map(|line| line.strip_prefix("column "));
    for (table, column) in columns.filter_map(|line| line.split(' ').next()?.split_once('.')) {
        if !NOT_KEPT.contains(&table) {
            tables.entry(table).or_default().push(column.to_owned());
        }
    }
    tables.into_iter().map(|(name, columns)| Table { name: name.to_owned(), columns }).collect()
}

/// Sends all rows as they stand at one moment, also while nodes work on them. Call it where waiting is allowed.
///
/// # Errors
/// [`StoreError::Older`] for a store that needs this program's node to start on it first, others as for opening it;
/// those of the sink.
pub fn rows_out<S: RowSink>(at: RowsAt<'_>, sink: &mut S) -> std::result::Result<(), S::Error> {
    match at {
        RowsAt::Folder(folder) => {
            let path = folder.join(FILE);
            open::refuse_open_files(&path)?;
            let reader = open::reader(&path)?;
            open::refuse_other_schema(&reader, &path)?;
            sent(Link::Sqlite(&reader), sink)
        }
        RowsAt::Server(url) => {
            let address = Address::parse(url)?;
            let session = Session::connect(&address)?;
            postgres::refuse_other_schema(&session, &address)?;
            sent(Link::Postgres(&session), sink)
        }
    }
}

fn sent<S: RowSink>(link: Link<'_>, sink: &mut S) -> std::result::Result<(), S::Error> {
    let _moment = link.moment().map_err(StoreError::database("begin a backup"))?;
    let contents = Contents { schema: open::newest(), checkpoint: checkpoint(link)?, tables: tables() };
    sink.begin(&contents)?;
    for table in &contents.tables {
        let quoted: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let sql = format!("SELECT {} FROM \"{}\"", quoted.join(", "), table.name);
        walk(link, &sql, |walk| table_out(walk, table, sink)).map_err(|Failed(error)| error)?;
    }
    Ok(())
}

fn table_out<S: RowSink>(
    walk: &mut Walk<'_>,
    table: &Table,
    sink: &mut S,
) -> std::result::Result<(), Failed<S::Error>> {
    let mut chunk = rows::Chunk::default();
    loop {
        let row = walk.next(table.columns.len())?;
        if (row.is_none() && chunk.count > 0) || chunk.bytes.len() >= CHUNK_BYTES {
            sink.rows(&table.name, chunk.count, &chunk.bytes).map_err(Failed)?;
            chunk = rows::Chunk::default();
        }
        let Some(row) = row else { return Ok(()) };
        let odd = |reason: String| StoreError::Corrupt {
            what: format!("a row of `{}`", table.name),
            source: reason.into(),
        };
        chunk.push(&row).map_err(odd).map_err(|error| Failed(error.into()))?;
    }
}

/// What ends a stream, on its way through a walk.
struct Failed<E>(E);

impl<E: From<StoreError>> From<DbError> for Failed<E> {
    fn from(error: DbError) -> Self {
        Self(StoreError::database("read the rows for a backup")(error).into())
    }
}

/// Begins a new epoch of a ledger that was taken in: `signer`, a key that has signed nothing yet, signs the entries
/// up to here, and the old key nothing any more. Call it where waiting is allowed.
///
/// # Errors
/// [`StoreError::Ledger`] if the store is not the one that the key `of` signed.
pub fn begin_epoch(at: RowsAt<'_>, of: &VerifierKey, signer: &SigningKey) -> Result<()> {
    let connected = match at {
        RowsAt::Folder(folder) => Connected::Sqlite(open::connect(&folder.join(FILE))?),
        RowsAt::Server(url) => Connected::Postgres(Box::new(Session::connect(&Address::parse(url)?)?)),
    };
    let link = connected.link();
    let transaction = link.write().map_err(StoreError::database("begin an epoch"))?;
    let signed = checkpoint(link)?.unwrap_or_default();
    let signed = SignedCheckpoint::open(signed.as_bytes(), of.name().as_str(), std::slice::from_ref(of));
    let signed = signed.map_err(|error| StoreError::ledger(&error))?.checkpoint;
    let mut tree = fengsui_ledger::Tiles::resume(size(link)?, &StoredTiles(link))
        .map_err(|error| StoreError::ledger(&error))?;
    if head_of(&tree) != signed.head() {
        let reason = "its entries are not the ones that were signed; run `fengsui ledger verify`".into();
        return Err(StoreError::Ledger { reason });
    }
    grow(link, &mut tree, &[], signer)?;
    transaction.commit().map_err(StoreError::database("begin an epoch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_schema() {
        let connection = open::scratch().expect("a database");
        for table in tables() {
            let columns = table.columns.join("\", \"");
            let sql = format!("SELECT \"{columns}\" FROM \"{}\"", table.name);
            connection.prepare(&sql).expect("the same tables and columns on SQLite");
        }
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'";
        let mut names = connection.prepare(names).expect("a statement");
        let names = names.query_map([], |row| row.get::<_, String>(0)).expect("names");
        let names: Vec<String> = names.map(|name| name.expect("a name")).collect();
        let kept = tables().len() + NOT_KEPT.iter().filter(|name| !name.starts_with("search")).count();
        assert_eq!(names.len(), kept, "{names:?}");
    }
}
