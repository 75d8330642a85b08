//! Verifying a data folder offline: the record against its signature, the state against the record.
//!
//! First every entry, tile and checkpoint ([`fengsui_ledger::audit`]); then every subject is folded anew
//! from the entries and compared with what is stored, column by column; then secrets and indicators
//! against the digests in the record, and the schema and its indices against what they must be. Nothing
//! is repaired and nothing is written. Whatever somebody left in the file is a finding, not an error.
//!
//! What cannot be found: a whole folder put back to an older copy is a good folder of that time. Only a
//! checkpoint kept elsewhere tells.

use std::path::Path;

use fengsui_ledger::audit::{Auditor, Finding, Findings, SignedHeads, Verdict};
use fengsui_ledger::{Hash, TileId, TileReader, VerifierKey};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use crate::error::code;
use crate::sqlite::{FILE, Inspection, SqliteTiles};
use crate::{Result, StoreError};

mod compare;
mod fold;
mod secrets;

use fold::Fold;
pub(crate) use secrets::hex;
pub use secrets::{digest, indicators_digest};

/// State findings kept; the rest are counted.
const MAX_FINDINGS: usize = 100;

/// What a verification came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries that were read.
    pub entries: u64,
    /// The signed root, if the record holds.
    pub root: Option<Hash>,
    /// What is wrong with the record, with the first bad index.
    pub ledger: Option<Findings>,
    /// What is wrong with the state.
    pub state: Vec<StateFinding>,
    /// How many more findings on the state there were.
    pub omitted: u64,
}

impl Report {
    /// Nothing is wrong.
    pub fn good(&self) -> bool {
        self.ledger.is_none() && self.state.is_empty()
    }
}

/// A place where the stored state is not what the record says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateFinding {
    /// The table.
    pub table: String,
    /// The row's key.
    pub row: String,
    /// What is wrong.
    pub problem: String,
}

impl std::fmt::Display for StateFinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "table `{}`, row `{}`: {}", self.table, self.row, self.problem)
    }
}

/// Verifies the data folder against the verifier key of its ledger. A running node may go on meanwhile.
///
/// # Errors
/// [`StoreError`] if the folder cannot be read at all; what is wrong in it is in the report.
pub fn verify_folder(folder: &Path, key: &VerifierKey) -> Result<Report> {
    Inspection::of(&folder.join(FILE), |connection| verify(connection, key))
}

/// Verifies the database behind a connection.
pub(crate) fn verify(connection: &Connection, key: &VerifierKey) -> Result<Report> {
    // One snapshot for everything, so that a running node cannot make the parts disagree.
    let snapshot = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)
        .map_err(StoreError::database("begin to verify"))?;
    let mut wrong = Wrong::default();
    compare::structure(&snapshot, &mut wrong)?;
    let mut fold = Fold::new()?;
    let (entries, verdict) = audit(&snapshot, key, &mut fold, &mut wrong)?;
    let folded = fold.finish(&mut wrong)?;
    compare::state(&snapshot, &folded.fresh, &mut wrong)?;
    secrets::check(&snapshot, &folded, &mut wrong)?;
    let (root, ledger) = match verdict {
        Verdict::Intact(audit) => (Some(audit.root), None),
        Verdict::Tampered(findings) => (None, Some(findings)),
    };
    Ok(Report { entries, root, ledger, state: wrong.kept, omitted: wrong.omitted })
}

/// A column, whatever somebody put there. Text that is none counts as bytes.
fn value(row: &Row<'_>, place: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(place)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Blob(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    })
}

/// Findings on the state as they come up; a destroyed folder does not fill the memory.
#[derive(Default)]
struct Wrong {
    kept: Vec<StateFinding>,
    omitted: u64,
}

impl Wrong {
    fn push(&mut self, table: &str, row: impl std::fmt::Display, problem: impl Into<String>) {
        if self.kept.len() == MAX_FINDINGS {
            self.omitted += 1;
            return;
        }
        let (table, row) = (table.to_owned(), row.to_string());
        self.kept.push(StateFinding { table, row, problem: problem.into() });
    }

    /// Takes an error that says something about what is stored as a finding; hands back any other.
    fn take(&mut self, table: &str, error: rusqlite::Error, doing: &'static str) -> Result<()> {
        if !is_about_contents(&error) {
            return Err(StoreError::database(doing)(error));
        }
        self.push(table, "all", format!("it cannot be read: {error}"));
        Ok(())
    }
}

/// Whether an error tells of damage in the file, and not of the disk or the system.
fn is_about_contents(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, TooBig, Unknown};
    code(error).is_none_or(|code| [DatabaseCorrupt, NotADatabase, TooBig, Unknown].contains(&code))
}

/// The record against its signature. Each entry is folded on the way.
fn audit(
    connection: &Connection,
    key: &VerifierKey,
    fold: &mut Fold,
    wrong: &mut Wrong,
) -> Result<(u64, Verdict)> {
    let doing = "read the ledger";
    let tiles = Forgiving(SqliteTiles(connection));
    let (heads, strays) = checkpoints(connection, key)?;
    let mut auditor = Auditor::new(&tiles, heads);
    for stray in strays {
        auditor.report(stray);
    }
    let mut entries = 0;
    let mut pass = |auditor: &mut Auditor<'_, Forgiving<'_>>| -> Result<(), Unreadable> {
        let mut statement =
            connection.prepare("SELECT idx, bytes FROM ledger_entry NOT INDEXED ORDER BY idx")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            entries += 1;
            let (index, bytes): (i64, Value) = (row.get(0)?, value(row, 1)?);
            let Ok(index) = u64::try_from(index) else {
                auditor.report(unreadable(None, format!("entry {index} comes before the first")));
                continue;
            };
            let Value::Blob(bytes) = bytes else {
                auditor.report(unreadable(Some(index), format!("entry {index} is not bytes")));
                continue;
            };
            auditor.entry(index, &bytes).map_err(|error| Unreadable(error.source))?;
            fold.entry(index, &bytes, wrong);
        }
        Ok(())
    };
    if let Err(Unreadable(error)) = pass(&mut auditor) {
        if !is_about_contents(&error) {
            return Err(StoreError::database(doing)(error));
        }
        auditor.report(unreadable(Some(entries), format!("entries from {entries} on: {error}")));
    }
    let stored = stored_tiles(connection).or_else(|error| {
        if !is_about_contents(&error) {
            return Err(StoreError::database(doing)(error));
        }
        auditor.report(unreadable(None, format!("the list of tiles: {error}")));
        Ok(Vec::new())
    })?;
    let verdict = auditor.finish(stored).map_err(|error| StoreError::ledger(&error))?;
    Ok((entries, verdict))
}

/// Tiles of which one that cannot be made sense of counts as missing.
struct Forgiving<'a>(SqliteTiles<'a>);

impl TileReader for Forgiving<'_> {
    type Error = rusqlite::Error;

    fn tile(&self, id: TileId) -> rusqlite::Result<Option<Vec<u8>>> {
        match self.0.tile(id) {
            Err(error) if is_about_contents(&error) => Ok(None),
            other => other,
        }
    }
}

/// A row that SQLite could not read.
struct Unreadable(rusqlite::Error);

impl From<rusqlite::Error> for Unreadable {
    fn from(error: rusqlite::Error) -> Self {
        Self(error)
    }
}

fn unreadable(index: Option<u64>, what: String) -> Finding {
    Finding::RecordUnreadable { index, what }
}

/// The stored checkpoints: there is to be one, in its place.
fn checkpoints(connection: &Connection, key: &VerifierKey) -> Result<(SignedHeads, Vec<Finding>)> {
    let mut heads = SignedHeads::default();
    let mut strays = Vec::new();
    let mut pass = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare("SELECT only, note FROM ledger_checkpoint ORDER BY only")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match (value(row, 0)?, value(row, 1)?) {
                (Value::Integer(1), Value::Text(note)) => {
                    heads.open(note.as_bytes(), key.name().as_str(), std::slice::from_ref(key));
                }
                (place, _) => strays.push(unreadable(None, format!("checkpoint in place {place:?}"))),
            }
        }
        Ok(())
    };
    if let Err(error) = pass() {
        if !is_about_contents(&error) {
            return Err(StoreError::database("read the checkpoint")(error));
        }
        strays.push(unreadable(None, format!("the checkpoint: {error}")));
    }
    Ok((heads, strays))
}

/// Every tile that is stored. A level or index outside what can be is a tile without a place.
fn stored_tiles(connection: &Connection) -> rusqlite::Result<Vec<TileId>> {
    let mut statement = connection.prepare("SELECT level, idx FROM ledger_tile NOT INDEXED")?;
    let place = |row: &Row<'_>| Ok((value(row, 0)?, value(row, 1)?));
    let tiles = statement.query_map([], place)?.map(|place| {
        Ok(match place? {
            (Value::Integer(level), Value::Integer(index)) => {
                TileId { level: u8::try_from(level).unwrap_or(u8::MAX), index: index.cast_unsigned() }
            }
            _ => TileId { level: u8::MAX, index: u64::MAX },
        })
    });
    tiles.collect()
}
