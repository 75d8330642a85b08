//! What the record binds by a digest only: secrets, and the indicators of lists.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use sha2::{Digest as _, Sha256};

use super::Wrong;
use super::fold::Folded;
use crate::link::{Answer, DbError, Link};
use crate::walk::walk;
use crate::{IndicatorRow, Result};

const DOING: &str = "read what the record binds by a digest";

/// Secrets and indicators: one swapped, added or removed behind the record's back is found.
pub(super) fn check(stored: Link<'_>, folded: &Folded, wrong: &mut Wrong) -> Result<()> {
    if let Err(error) = check_secrets(stored, folded, wrong) {
        wrong.take("secret", error, DOING)?;
    }
    if let Err(error) = check_indicators(stored, folded, wrong) {
        wrong.take("indicator", error, DOING)?;
    }
    Ok(())
}

fn check_secrets(stored: Link<'_>, folded: &Folded, wrong: &mut Wrong) -> Answer<()> {
    let sql = "SELECT subject, kind, value FROM secret NOT INDEXED ORDER BY subject, kind";
    let mut seen = BTreeSet::new();
    let mut secret = |row: &[Value]| {
        let (Some(subject), Some(kind), form) = (text(&row[0]), text(&row[1]), text(&row[2])) else {
            wrong.push("secret", "without a name", "the record does not name it");
            return;
        };
        let (shown, key) = (format!("{} {}", subject.escape_debug(), kind.escape_debug()), (subject, kind));
        let expected = folded.secrets.get(&key).map(String::as_str);
        if expected.is_none() || form.map(|form| digest(&form)).as_deref() != expected {
            wrong.push("secret", shown, "it is not the one the record names");
        }
        seen.insert(key);
    };
    walk(stored, sql, |rows| {
        while let Some(row) = rows.next(3)? {
            secret(&row);
        }
        Ok::<_, DbError>(())
    })?;
    for key in folded.secrets.keys().filter(|key| !seen.contains(*key)) {
        wrong.push("secret", format!("{} {}", key.0, key.1), "it is missing");
    }
    Ok(())
}

/// One list being read.
struct List {
    id: String,
    digest: IndicatorsDigest,
    /// The next place in the list.
    next: i64,
    /// A row that no import writes.
    odd: bool,
}

impl List {
    fn new(id: String) -> Self {
        Self { id, digest: IndicatorsDigest::default(), next: 0, odd: false }
    }
}

fn check_indicators(stored: Link<'_>, folded: &Folded, wrong: &mut Wrong) -> Answer<()> {
    let sql = "SELECT list, n, kind, value, written, line, note FROM indicator NOT INDEXED ORDER BY list, n";
    let mut unseen: BTreeSet<&String> = folded.lists.keys().collect();
    let mut current: Option<List> = None;
    let mut indicator = |row: &[Value]| {
        let id = text(&row[0]).unwrap_or_default();
        let mut list = match current.take() {
            Some(list) if list.id == id => list,
            other => {
                close(other, folded, &mut unseen, wrong);
                List::new(id)
            }
        };
        match (&row[1], &row[5], [text(&row[2]), text(&row[3]), text(&row[4]), text(&row[6])]) {
            (
                Value::Integer(n),
                Value::Integer(line),
                [Some(kind), Some(value), Some(written), Some(note)],
            ) if *n == list.next => {
                list.digest.row([&kind, &value, &written, &line.to_string(), &note]);
            }
            _ => list.odd = true,
        }
        list.next += 1;
        current = Some(list);
    };
    walk(stored, sql, |rows| {
        while let Some(row) = rows.next(7)? {
            indicator(&row);
        }
        Ok::<_, DbError>(())
    })?;
    close(current, folded, &mut unseen, wrong);
    for id in unseen {
        close(Some(List::new(id.clone())), folded, &mut BTreeSet::new(), wrong);
    }
    Ok(())
}

/// Compares a list that was read to its end.
fn close(list: Option<List>, folded: &Folded, unseen: &mut BTreeSet<&String>, wrong: &mut Wrong) {
    let Some(List { id, digest, odd, .. }) = list else { return };
    unseen.remove(&id);
    match folded.lists.get(&id) {
        None => wrong.push("indicator", id.escape_debug(), "the record does not have this list"),
        Some((name, expected)) if odd || digest.finish() != *expected => {
            let problem = format!("the indicators of `{name}` are not those the record names");
            wrong.push("indicator", id, problem);
        }
        Some(_) => {}
    }
}

/// A text column; `None` if something else was put there.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// SHA-256 of a secret's stored form, as the record names it.
pub fn digest(value: &str) -> String {
    hex(&Sha256::digest(value.as_bytes()))
}

/// SHA-256 over the indicators of a list, as the record names it.
pub fn indicators_digest(rows: &[IndicatorRow]) -> String {
    let mut digest = IndicatorsDigest::default();
    for row in rows {
        digest.row([&row.kind, &row.value, &row.written, &row.line.to_string(), &row.note]);
    }
    digest.finish()
}

/// The digest of indicators, row by row: each cell stands behind its length, so that none can be moved
/// into its neighbour.
#[derive(Default)]
struct IndicatorsDigest(Sha256);

impl IndicatorsDigest {
    fn row(&mut self, cells: [&str; 5]) {
        for cell in cells {
            self.0.update((cell.len() as u64).to_be_bytes());
            self.0.update(cell);
        }
    }

    fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}
