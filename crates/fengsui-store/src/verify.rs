//! Verifying a data folder offline: the record against its signature, the state against the record.
//!
//! First every entry, tile and checkpoint ([`fengsui_ledger::audit`]); then every subject is folded anew
//! from the entries and compared with what is stored, column by column; then secrets and indicators
//! against the digests in the record, and the schema and its indices against what they must be. Nothing
//! is repaired and nothing is written. Whatever somebody left in the file is a finding, not an error.
//!
//! A whole folder put back to an older copy is a good folder of that time, and so is one cut off at its end and
//! signed again. Only a checkpoint that was kept elsewhere tells, so those are asked for (`kept`).

use std::path::Path;

use fengsui_ledger::audit::{Auditor, Finding, Findings, SignedHeads, Verdict};
use fengsui_ledger::{Hash, TileId, TileReader, TreeHead, VerifierKey};
use rusqlite::types::Value;

use crate::head::StoredTiles;
use crate::link::{Answer, DbError, Link, sqlite_code};
use crate::postgres::{Address, Session};
use crate::sqlite::{FILE, Inspection};
use crate::walk::walk;
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

/// Verifies the data folder against the verifier key of its ledger and the heads that somebody kept elsewhere, none
/// or any number. A running node may go on meanwhile.
///
/// # Errors
/// [`StoreError`] if the folder cannot be read at all; what is wrong in it is in the report.
pub fn verify_folder(folder: &Path, key: &VerifierKey, kept: &[TreeHead]) -> Result<Report> {
    Inspection::of(&folder.join(FILE), |connection| verify(Link::Sqlite(connection), key, kept))
}

/// Verifies the database at `url` (`postgres://…`) as [`verify_folder`] does a folder. Nodes may go on meanwhile.
///
/// # Errors
/// As for [`verify_folder`].
pub fn verify_server(url: &str, key: &VerifierKey, kept: &[TreeHead]) -> Result<Report> {
    let address = Address::parse(url)?;
    // On a thread of its own, since whoever verifies may be where nothing may wait.
    let verify = || verify(Link::Postgres(&Session::connect(&address)?), key, kept);
    std::thread::scope(|scope| scope.spawn(verify).join()).expect("verifying does not panic")
}

/// Verifies the database behind a connection.
pub(crate) fn verify(link: Link<'_>, key: &VerifierKey, kept: &[TreeHead]) -> Result<Report> {
    // One snapshot for everything, so that a running node cannot make the parts disagree.
    let _snapshot = link.moment().map_err(StoreError::database("begin to verify"))?;
    let mut wrong = Wrong::default();
    compare::structure(link, &mut wrong)?;
    let mut fold = Fold::new()?;
    let (mut heads, strays) = checkpoints(link, key)?;
    kept.iter().for_each(|head| heads.add(*head));
    let (entries, verdict) = audit(link, heads, strays, &mut fold, &mut wrong)?;
    let folded = fold.finish(&mut wrong)?;
    compare::state(link, &folded.fresh, &mut wrong)?;
    secrets::check(link, &folded, &mut wrong)?;
    let (root, ledger) = match verdict {
        Verdict::Intact(audit) => (Some(audit.root), None),
        Verdict::Tampered(findings) => (None, Some(findings)),
    };
    Ok(Report { entries, root, ledger, state: wrong.kept, omitted: wrong.omitted })
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
    fn take(&mut self, table: &str, error: impl Into<DbError>, doing: &'static str) -> Result<()> {
        let error = error.into();
        if !is_about_contents(&error) {
            return Err(StoreError::database(doing)(error));
        }
        self.push(table, "all", format!("it cannot be read: {error}"));
        Ok(())
    }
}

/// Whether an error tells of damage in the file, and not of the disk or the system.
fn is_about_contents(error: &DbError) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, TooBig, Unknown};
    let DbError::Sqlite(error) = error else { return false };
    sqlite_code(error).is_none_or(|code| [DatabaseCorrupt, NotADatabase, TooBig, Unknown].contains(&code))
}

/// The record against its signature. Each entry is folded on the way.
fn audit(
    link: Link<'_>,
    heads: SignedHeads,
    strays: Vec<Finding>,
    fold: &mut Fold,
    wrong: &mut Wrong,
) -> Result<(u64, Verdict)> {
    let doing = "read the ledger";
    let tiles = Forgiving(StoredTiles(link));
    let mut auditor = Auditor::new(&tiles, heads);
    for stray in strays {
        auditor.report(stray);
    }
    let mut entries = 0;
    let mut pass = |auditor: &mut Auditor<'_, Forgiving<'_>>| -> Result<(), Unreadable> {
        walk(link, "SELECT idx, bytes FROM ledger_entry NOT INDEXED ORDER BY idx", |rows| {
            while let Some(row) = rows.next(2)? {
                entries += 1;
                let [Value::Integer(index), bytes] = &row[..] else { continue };
                let Ok(index) = u64::try_from(*index) else {
                    auditor.report(unreadable(None, format!("entry {index} comes before the first")));
                    continue;
                };
                let Value::Blob(bytes) = bytes else {
                    auditor.report(unreadable(Some(index), format!("entry {index} is not bytes")));
                    continue;
                };
                auditor.entry(index, bytes).map_err(|error| Unreadable(error.source))?;
                fold.entry(index, bytes, wrong);
            }
            Ok(())
        })
    };
    if let Err(Unreadable(error)) = pass(&mut auditor) {
        if !is_about_contents(&error) {
            return Err(StoreError::database(doing)(error));
        }
        auditor.report(unreadable(Some(entries), format!("entries from {entries} on: {error}")));
    }
    let stored = stored_tiles(link).or_else(|error| {
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
struct Forgiving<'a>(StoredTiles<'a>);

impl TileReader for Forgiving<'_> {
    type Error = DbError;

    fn tile(&self, id: TileId) -> std::result::Result<Option<Vec<u8>>, DbError> {
        match self.0.tile(id) {
            Err(error) if is_about_contents(&error) => Ok(None),
            other => other,
        }
    }
}

/// A row that SQLite could not read.
struct Unreadable(DbError);

impl<E: Into<DbError>> From<E> for Unreadable {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

fn unreadable(index: Option<u64>, what: String) -> Finding {
    Finding::RecordUnreadable { index, what }
}

/// The stored checkpoints: there is to be one, in its place.
fn checkpoints(link: Link<'_>, key: &VerifierKey) -> Result<(SignedHeads, Vec<Finding>)> {
    let mut heads = SignedHeads::default();
    let mut strays = Vec::new();
    let pass = walk(link, r#"SELECT "only", note FROM ledger_checkpoint ORDER BY "only""#, |rows| {
        while let Some(row) = rows.next(2)? {
            match &row[..] {
                [Value::Integer(1), Value::Text(note)] => {
                    heads.open(note.as_bytes(), key.name().as_str(), std::slice::from_ref(key));
                }
                row => strays.push(unreadable(None, format!("checkpoint in place {:?}", row[0]))),
            }
        }
        Ok::<_, DbError>(())
    });
    if let Err(error) = pass {
        if !is_about_contents(&error) {
            return Err(StoreError::database("read the checkpoint")(error));
        }
        strays.push(unreadable(None, format!("the checkpoint: {error}")));
    }
    Ok((heads, strays))
}

/// Every tile that is stored. A level or index outside what can be is a tile without a place.
fn stored_tiles(link: Link<'_>) -> Answer<Vec<TileId>> {
    walk(link, "SELECT level, idx FROM ledger_tile NOT INDEXED", |rows| {
        let mut tiles = Vec::new();
        while let Some(row) = rows.next(2)? {
            tiles.push(match row[..] {
                [Value::Integer(level), Value::Integer(index)] => {
                    TileId { level: u8::try_from(level).unwrap_or(u8::MAX), index: index.cast_unsigned() }
                }
                _ => TileId { level: u8::MAX, index: u64::MAX },
            });
        }
        Ok(tiles)
    })
}
