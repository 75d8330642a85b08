//! Comparing what is stored with what should be, row by row in the order of keys.

use std::cmp::Ordering;

use rusqlite::types::Value;
use rusqlite::{Connection, Rows, Statement};

use super::{Wrong, value};
use crate::sqlite::{FILE, scratch};
use crate::{Result, StoreError};

/// Tables folded from the record, each with the columns of its key.
const FOLDED: &[(&str, &[&str])] = &[
    ("entry_index", &["idx"]),
    ("node", &["only"]),
    ("account", &["id"]),
    ("token", &["id"]),
    ("list", &["id"]),
    ("event", &["id"]),
    ("incident", &["id"]),
    ("clock", &["id"]),
    ("awaiting", &["incident", "what", "ref"]),
    ("resource", &["id"]),
    ("resource_category", &["resource", "category"]),
    ("resource_field", &["resource", "field"]),
    ("duty_book", &["id"]),
    ("duty_record", &["id"]),
];
/// Problems that SQLite's own check may list.
const MAX_PROBLEMS: u32 = 20;
/// Characters of a key that a finding shows.
const MAX_KEY_CHARS: usize = 80;
const DOING: &str = "read the state";

/// Tables, indices and triggers, and whether indices hold what their tables do: an index that lacks a
/// row hides it from lists.
pub(super) fn structure(stored: &Connection, wrong: &mut Wrong) -> Result<()> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    let fresh = scratch()?;
    let mut fresh = fresh.prepare(sql).map_err(StoreError::database(DOING))?;
    match stored.prepare(sql) {
        Ok(mut stored) => merge("sqlite_schema", &["type", "name"], &mut fresh, &mut stored, wrong)?,
        Err(error) => wrong.take("sqlite_schema", error, DOING)?,
    }
    let check = format!("PRAGMA integrity_check({MAX_PROBLEMS})");
    let problems = stored.prepare(&check).and_then(|mut check| {
        let problems = check.query_map([], |row| row.get::<_, String>(0))?;
        problems.collect::<rusqlite::Result<Vec<String>>>()
    });
    match problems {
        Ok(problems) => {
            let problems = problems.into_iter().filter(|problem| problem != "ok");
            problems.for_each(|problem| wrong.push(FILE, "structure", problem));
            Ok(())
        }
        Err(error) => wrong.take(FILE, error, DOING),
    }
}

/// Every folded table against a fresh fold.
pub(super) fn state(stored: &Connection, fresh: &Connection, wrong: &mut Wrong) -> Result<()> {
    for (table, keys) in FOLDED {
        let every = format!("SELECT * FROM {table}");
        let every = fresh.prepare(&every).map_err(StoreError::database(DOING))?;
        let columns: Vec<&str> = keys.iter().copied().chain(every.column_names()).collect();
        let (columns, keys) = (columns.join(", "), keys.join(", "));
        // Not by an index: the rows themselves are what counts.
        let sql = format!("SELECT {columns} FROM {table} NOT INDEXED ORDER BY {keys}");
        let mut expected = fresh.prepare(&sql).map_err(StoreError::database(DOING))?;
        match stored.prepare(&sql) {
            Ok(mut found) => {
                let keys: Vec<&str> = keys.split(", ").collect();
                merge(table, &keys, &mut expected, &mut found, wrong)?;
            }
            Err(error) => wrong.take(table, error, DOING)?,
        }
    }
    Ok(())
}

/// Walks two statements of the same columns, the first of which are the keys they are sorted by.
fn merge(
    table: &str,
    keys: &[&str],
    expected: &mut Statement<'_>,
    found: &mut Statement<'_>,
    wrong: &mut Wrong,
) -> Result<()> {
    let columns: Vec<String> = expected.column_names().map(ToOwned::to_owned).collect();
    let width = columns.len();
    let mut expected = expected.query([]).map_err(StoreError::database(DOING))?;
    let mut found = match found.query([]) {
        Ok(found) => found,
        Err(error) => return wrong.take(table, error, DOING),
    };
    let mut want = next(&mut expected, width).map_err(StoreError::database(DOING))?;
    let mut have = next(&mut found, width);
    loop {
        let row = match have {
            Ok(row) => row,
            Err(error) => return wrong.take(table, error, DOING),
        };
        let order = match (&want, &row) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(want), Some(row)) => compare_keys(&want[..keys.len()], &row[..keys.len()]),
        };
        let at =
            |row: &Option<Vec<Value>>| row.as_ref().map_or(String::new(), |row| show(&row[..keys.len()]));
        match order {
            Ordering::Less => wrong.push(table, at(&want), "it is missing"),
            Ordering::Greater => wrong.push(table, at(&row), "the record does not have it"),
            Ordering::Equal if want != row => {
                let differing = differing(&columns, want.as_deref(), row.as_deref());
                wrong.push(table, at(&row), format!("{differing} differs from what the record says"));
            }
            Ordering::Equal => {}
        }
        if order != Ordering::Greater {
            want = next(&mut expected, width).map_err(StoreError::database(DOING))?;
        }
        have = if order == Ordering::Less { Ok(row) } else { next(&mut found, width) };
    }
}

fn next(rows: &mut Rows<'_>, width: usize) -> rusqlite::Result<Option<Vec<Value>>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    (0..width).map(|place| value(row, place)).collect::<rusqlite::Result<Vec<Value>>>().map(Some)
}

fn differing(columns: &[String], want: Option<&[Value]>, have: Option<&[Value]>) -> String {
    let pairs = want.into_iter().flatten().zip(have.into_iter().flatten());
    let differing = columns.iter().zip(pairs).filter(|(_, (want, have))| want != have);
    let differing: Vec<String> = differing.map(|(column, _)| format!("`{column}`")).collect();
    differing.join(", ")
}

/// SQLite's order of values: nothing, numbers, text, bytes.
fn compare_keys(left: &[Value], right: &[Value]) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    let compare = |(left, right): (&Value, &Value)| match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::Real(left), Value::Real(right)) => left.total_cmp(right),
        (Value::Text(left), Value::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Value::Blob(left), Value::Blob(right)) => left.cmp(right),
        (left, right) => rank(left).cmp(&rank(right)),
    };
    left.iter().zip(right).map(compare).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// A key as a finding shows it: short, and without anything that a terminal would act on.
fn show(key: &[Value]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|value| match value {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Text(text) => {
                text.chars().take(MAX_KEY_CHARS).collect::<String>().escape_debug().to_string()
            }
            Value::Blob(bytes) => format!("{} bytes", bytes.len()),
        })
        .collect();
    parts.join("/")
}
