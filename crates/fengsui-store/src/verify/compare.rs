//! Comparing what is stored with what should be, row by row in the order of keys.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, Statement};

use super::Wrong;
use crate::link::{DbError, Link, all, values};
use crate::sqlite::{FILE, scratch};
use crate::walk::{Walk, walk};
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
    ("tally", &["list", "part"]),
];
/// Problems that SQLite's own check may list.
const MAX_PROBLEMS: u32 = 20;
/// Characters of a key that a finding shows.
const MAX_KEY_CHARS: usize = 80;
const DOING: &str = "read the state";

/// What a database of the newest schema has on a server: a line each, as [`STRUCTURE`] reads it.
const EXPECTED: &str = include_str!("../../migrations/postgres/structure.txt");
/// Reads the same of a database.
const STRUCTURE: &str = include_str!("../../migrations/postgres/structure.sql");

/// Tables, indices and triggers, and whether indices hold what their tables do: an index that lacks a
/// row hides it from lists.
pub(super) fn structure(stored: Link<'_>, wrong: &mut Wrong) -> Result<()> {
    match stored {
        Link::Sqlite(connection) => structure_of_file(stored, connection, wrong),
        Link::Postgres(_) => structure_on_server(stored, wrong),
    }
}

fn structure_of_file(stored: Link<'_>, connection: &Connection, wrong: &mut Wrong) -> Result<()> {
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
    let fresh = scratch()?;
    let mut fresh = fresh.prepare(sql).map_err(StoreError::database(DOING))?;
    compare("sqlite_schema", &["type", "name"], &mut fresh, (stored, sql), wrong)?;
    let check = format!("PRAGMA integrity_check({MAX_PROBLEMS})");
    let problems = connection.prepare(&check).and_then(|mut check| {
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

fn structure_on_server(stored: Link<'_>, wrong: &mut Wrong) -> Result<()> {
    let found = all(stored, DOING, STRUCTURE, values![], |row| row.get::<String>(0))?;
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let expected: BTreeSet<&str> = EXPECTED.lines().collect();
    expected.difference(&found).for_each(|line| wrong.push("structure", line, "it is missing"));
    found.difference(&expected).for_each(|line| wrong.push("structure", line, "no program of ours made it"));
    Ok(())
}

/// Every folded table against a fresh fold.
pub(super) fn state(stored: Link<'_>, fresh: &Connection, wrong: &mut Wrong) -> Result<()> {
    for (table, keys) in FOLDED {
        let every = format!("SELECT * FROM {table}");
        let every = fresh.prepare(&every).map_err(StoreError::database(DOING))?;
        // `only` is a word of SQL's own.
        let quoted = |name: &str| if name == "only" { "\"only\"".to_owned() } else { name.to_owned() };
        let columns: Vec<String> = keys.iter().copied().chain(every.column_names()).map(quoted).collect();
        let keys: Vec<String> = keys.iter().copied().map(quoted).collect();
        let (columns, keys) = (columns.join(", "), keys.join(", "));
        // Not by an index: the rows themselves are what counts.
        let sql = format!("SELECT {columns} FROM {table} NOT INDEXED ORDER BY {keys}");
        let mut expected = fresh.prepare(&sql).map_err(StoreError::database(DOING))?;
        let keys: Vec<&str> = keys.split(", ").collect();
        compare(table, &keys, &mut expected, (stored, &sql), wrong)?;
    }
    Ok(())
}

/// Why a comparison ended early.
enum Cut {
    /// What is stored cannot be read.
    Stored(DbError),
    /// What should be there cannot.
    Fresh(StoreError),
}

impl From<DbError> for Cut {
    fn from(error: DbError) -> Self {
        Self::Stored(error)
    }
}

/// Walks two statements of the same columns, the first of which are the keys they are sorted by.
fn compare(
    table: &str,
    keys: &[&str],
    expected: &mut Statement<'_>,
    (stored, sql): (Link<'_>, &str),
    wrong: &mut Wrong,
) -> Result<()> {
    match walk(stored, sql, |found| merge(table, keys, expected, found, wrong)) {
        Ok(()) => Ok(()),
        Err(Cut::Stored(error)) => wrong.take(table, error, DOING),
        Err(Cut::Fresh(error)) => Err(error),
    }
}

fn merge(
    table: &str,
    keys: &[&str],
    expected: &mut Statement<'_>,
    found: &mut Walk<'_>,
    wrong: &mut Wrong,
) -> Result<(), Cut> {
    let columns: Vec<String> = expected.column_names().map(ToOwned::to_owned).collect();
    let width = columns.len();
    let fresh = |error: rusqlite::Error| Cut::Fresh(StoreError::database(DOING)(error));
    let mut expected = Walk::Sqlite(expected.query([]).map_err(fresh)?);
    let next = |expected: &mut Walk<'_>| {
        expected.next(width).map_err(|error| Cut::Fresh(StoreError::database(DOING)(error)))
    };
    let mut want = next(&mut expected)?;
    let mut row = found.next(width)?;
    loop {
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
            want = next(&mut expected)?;
        }
        if order != Ordering::Less {
            row = found.next(width)?;
        }
    }
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
