//! From a file to a server: every row is copied as it stands, then the copy is verified and the file closed.
//!
//! The file is locked from the first row to the last word, so nothing is written beside. The copy is one transaction
//! of the server. Until the copy is verified the file stays the store; whatever ends the process before leaves it as
//! it was, and moving begins anew. A file that was left takes no entry any more, also from a node that had it open.

use std::path::Path;

use fengsui_ledger::{SignedCheckpoint, VerifierKey};
use rusqlite::types::ValueRef;

use crate::link::{Link, Value, one, values};
use crate::postgres::{self, Address, Session};
use crate::sqlite::{FILE, open};
use crate::verify::verify;
use crate::{Result, StoreError};

/// Tables that are not copied: the schema's own, and what a store makes anew from the rest.
const NOT_COPIED: &[&str] = &["migration", "search", "search_rule"];
/// Rows sent at once, and their bytes: what is held in memory.
const MAX_ROWS: usize = 10_000;
const MAX_BYTES: usize = 8 << 20;
/// Keeps a file that was left from growing.
const CLOSE: &str = "CREATE TRIGGER moved BEFORE INSERT ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'this store was moved to a server; nothing is written here any more'); END";

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Entries of the ledger.
    pub entries: u64,
    /// Its root, the same before and after.
    pub root: String,
    /// Rows in all tables; none if an earlier try had copied them.
    pub rows: u64,
}

/// A table of the server and its columns.
struct Table {
    name: String,
    columns: Vec<String>,
}

/// Moves the store in `folder` into the database at `url`, which must be empty, and verifies it there against the
/// verifier key of the ledger. `told` hears the name of each table with its rows so far.
///
/// # Errors
/// [`StoreError::NotMoved`] if there is no ledger to move, it was moved already, the database holds another one, or
/// the copy does not verify; else as for opening either. The file stays the store then.
pub fn move_to_server(
    folder: &Path,
    url: &str,
    key: &VerifierKey,
    told: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<Moved> {
    let address = Address::parse(url)?;
    let path = folder.join(FILE);
    if !path.exists() {
        return Err(not(format!("there is no store in `{}`", folder.display())));
    }
    // On a thread of its own, since whoever moves may be where nothing may wait.
    let work = || moved(&path, &address, key, told);
    std::thread::scope(|scope| scope.spawn(work).join()).expect("moving does not panic")
}

fn moved(
    path: &Path,
    address: &Address,
    key: &VerifierKey,
    told: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<Moved> {
    open::refuse_open_files(path)?;
    let connection = open::connect(path)?;
    open::migrate(&connection, path)?;
    let file = Link::Sqlite(&connection);
    let held = file.write().map_err(StoreError::database("lock the file"))?;
    let closed = "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = 'moved'";
    let closed = one(file, "look whether it was moved", closed, values![], |_| Ok(()))?.is_some();
    let note = note(file)?.ok_or_else(|| not("its ledger has no entry yet".into()))?;
    let signed = SignedCheckpoint::open(note.as_bytes(), key.name().as_str(), std::slice::from_ref(key))
        .map_err(|error| StoreError::ledger(&error))?
        .checkpoint;
    postgres::migrate(address)?;
    let rows = copied(&connection, &Session::connect(address)?, &note, closed, told)?;
    told("ledger", signed.size);
    let there = Session::connect(address)?;
    let report = verify(Link::Postgres(&there), key, &[])?;
    let same = report.entries == signed.size && report.root == Some(signed.root);
    if !report.good() || !same {
        if !closed {
            emptied(Link::Postgres(&there))?;
        }
        let first = report.state.first().map_or_else(String::new, |finding| format!(": {finding}"));
        return Err(not(format!(
            "the copy does not verify{first}; run `fengsui ledger verify` on the folder"
        )));
    }
    if !closed {
        file.run(CLOSE, values![]).map_err(StoreError::database("close the file"))?;
    }
    held.commit().map_err(StoreError::database("close the file"))?;
    Ok(Moved { entries: signed.size, root: signed.root.to_string(), rows })
}

/// Copies every row in one transaction of the server; returns how many they are.
fn copied(
    file: &rusqlite::Connection,
    server: &Session,
    note_here: &str,
    closed: bool,
    told: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<u64> {
    let doing = "copy the rows";
    let there = Link::Postgres(server);
    let transaction = there.write().map_err(StoreError::database(doing))?;
    match note(there)? {
        Some(note) if note == note_here => return Ok(0), // An earlier try came as far.
        _ if closed => return Err(not("it was moved already: start the node with `--database`".into())),
        Some(_) => return Err(not("the database holds a ledger already: take an empty one".into())),
        None => {}
    }
    let mut all = 0;
    for table in tables(there)? {
        let mut rows = 0;
        told(&table.name, rows);
        let columns = table.columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT {columns} FROM \"{}\"", table.name);
        let mut statement = file.prepare(&sql).map_err(StoreError::database(doing))?;
        let mut found = statement.query([]).map_err(StoreError::database(doing))?;
        loop {
            let chunk = chunk(&mut found, table.columns.len()).map_err(StoreError::database(doing))?;
            if chunk.is_empty() {
                break;
            }
            server.copy(&table.name, &columns, &chunk).map_err(StoreError::database(doing))?;
            rows += chunk.len() as u64;
            told(&table.name, rows);
        }
        all += rows;
    }
    let counters = "SELECT setval(pg_get_serial_sequence('sighting', 'rowid'), max(rowid)) FROM sighting
        HAVING max(rowid) IS NOT NULL";
    server.batch(counters).map_err(StoreError::database(doing))?;
    transaction.commit().map_err(StoreError::database(doing))?;
    // So that the first question already knows how many rows there are.
    server.batch("ANALYZE").map_err(StoreError::database(doing))?;
    Ok(all)
}

/// Takes back what was copied, so that the next try finds the database empty.
fn emptied(server: Link<'_>) -> Result<()> {
    let doing = "empty the database again";
    let transaction = server.write().map_err(StoreError::database(doing))?;
    for table in tables(server)? {
        server
            .run(&format!("DELETE FROM \"{}\"", table.name), values![])
            .map_err(StoreError::database(doing))?;
    }
    transaction.commit().map_err(StoreError::database(doing))
}

/// The signed head, if there is one.
fn note(link: Link<'_>) -> Result<Option<String>> {
    one(link, "read the head of the ledger", "SELECT note FROM ledger_checkpoint", values![], |row| {
        row.get(0)
    })
}

/// The tables of the server with the columns that hold something of their own.
fn tables(server: Link<'_>) -> Result<Vec<Table>> {
    let sql = "SELECT CAST(c.relname AS text), CAST(a.attname AS text)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND a.attnum > 0
            AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY c.relname, a.attnum";
    let mut tables: Vec<Table> = Vec::new();
    let row = |row: &crate::link::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    for (name, column) in crate::link::all(server, "read the schema", sql, values![], row)? {
        if NOT_COPIED.contains(&name.as_str()) {
            continue;
        }
        match tables.last_mut().filter(|last| last.name == name) {
            Some(last) => last.columns.push(column),
            None => tables.push(Table { name, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// The next rows, as many as are sent at once.
fn chunk(rows: &mut rusqlite::Rows<'_>, width: usize) -> rusqlite::Result<Vec<Vec<Value<'static>>>> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while chunk.len() < MAX_ROWS && bytes < MAX_BYTES {
        let Some(row) = rows.next()? else { break };
        let mut values = Vec::with_capacity(width);
        for place in 0..width {
            let value = match row.get_ref(place)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Integer(number),
                ValueRef::Text(_) => Value::Text(row.get::<_, String>(place)?.into()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
                ValueRef::Real(_) => Value::TooLarge, // The schema has none; the server refuses it.
            };
            bytes += match &value {
                Value::Text(text) => text.len(),
                Value::Bytes(held) => held.len(),
                _ => 8,
            };
            values.push(value);
        }
        chunk.push(values);
    }
    Ok(chunk)
}

fn not(reason: String) -> StoreError {
    StoreError::NotMoved { reason }
}
