//! The tamper machine: somebody with the file at hand, but without the key, changes something at random, again and
//! again. Each time the verification says so, unless nothing that is covered is different from before.
//!
//! `FENGSUI_TAMPERINGS` says how many of each kind; each is made from its number alone, so one that was missed can be
//! made again.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;

use fengsui_store::verify_folder;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::home::{database, verifier};
use crate::tamper::{COVERED, Copy, columns};

/// Tamperings of each kind, unless the environment says otherwise.
const TAMPERINGS: u64 = 12;
/// How often another place is looked for where one cannot be changed as it was meant to.
const MAX_DRAWS: usize = 1_000;
/// What SQLite begins a file with; a change there makes it another file altogether.
const HEADER_BYTES: u64 = 100;

/// Numbers by chance, the same for the same seed: splitmix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// The same value with something different in it.
    fn other(&mut self, value: &Value) -> Value {
        match value {
            Value::Null => Value::Text("x".into()),
            Value::Integer(number) => Value::Integer(number ^ (1 << self.below(40))),
            Value::Real(number) => Value::Real(number + 1.0),
            Value::Text(text) => {
                let mut letters: Vec<char> = text.chars().collect();
                match letters.len() as u64 {
                    0 => letters.push('x'),
                    length => {
                        let at = usize::try_from(self.below(length)).unwrap();
                        letters[at] = if letters[at] == '7' { '8' } else { '7' };
                    }
                }
                Value::Text(letters.into_iter().collect())
            }
            Value::Blob(bytes) => {
                let mut bytes = bytes.clone();
                match bytes.len() as u64 {
                    0 => bytes.push(1),
                    length => {
                        let at = usize::try_from(self.below(length)).unwrap();
                        bytes[at] ^= 1 << self.below(8);
                    }
                }
                Value::Blob(bytes)
            }
        }
    }
}

fn rows(connection: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table} NOT INDEXED")).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|place| row.get(place)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}

/// All that is covered, as it can be read; nothing if it cannot.
fn contents(copy: &Copy) -> Option<Vec<Vec<Vec<Value>>>> {
    let connection = Connection::open(database(copy.folder())).unwrap();
    let table = |table: &&str| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} NOT INDEXED")).ok()?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|place| row.get(place)).collect()).ok()?;
        rows.collect::<Result<Vec<Vec<Value>>, _>>().ok()
    };
    COVERED.iter().map(table).collect()
}

fn is_found(copy: &Copy) -> bool {
    // A file that is none any more is refused, which says it too.
    verify_folder(copy.folder(), &verifier(), &[]).map_or(true, |report| !report.good())
}

/// Tampers in one way as often as was asked for. `tamper` says what it did, or nothing if it could not do it there.
fn every_one_is_found(kind: &str, tamper: impl Fn(&Copy, &mut Chance) -> Option<String>) {
    let count = std::env::var("FENGSUI_TAMPERINGS").map_or(TAMPERINGS, |count| count.parse().unwrap());
    let before = Some(contents(&Copy::new()).expect("a genuine copy can be read"));
    let mut without_effect = 0;
    for number in 0..count {
        let mut chance = Chance(number);
        let (copy, what) = (0..MAX_DRAWS)
            .find_map(|_| {
                let copy = Copy::new();
                tamper(&copy, &mut chance).map(|what| (copy, what))
            })
            .expect("a place that can be changed so");
        if is_found(&copy) {
            continue;
        }
        assert!(contents(&copy) == before, "{kind} {number} was not found: {what}");
        without_effect += 1;
    }
    assert!(without_effect < count || count == 0, "{kind}: none had any effect");
    println!("{kind}: {count} tamperings, all found but {without_effect} that changed nothing");
}

/// A covered table, with its rows.
fn any_table(connection: &Connection, chance: &mut Chance) -> (&'static str, Vec<Vec<Value>>) {
    let table = *chance.of(&COVERED);
    (table, rows(connection, table))
}

/// Exactly this row, whatever its key is.
fn this_row(columns: &[String]) -> String {
    let equal: Vec<String> = columns.iter().map(|column| format!("\"{column}\" IS ?")).collect();
    equal.join(" AND ")
}

/// Puts another value into one place of a row; not if the table does not take it.
fn set(connection: &Connection, table: &str, row: &[Value], place: usize, value: &Value) -> bool {
    let columns = columns(connection, table);
    let sql = format!("UPDATE {table} SET \"{}\" = ? WHERE {}", columns[place], this_row(&columns));
    let values = std::iter::once(value).chain(row);
    connection.execute(&sql, params_from_iter(values)).is_ok_and(|changed| changed == 1)
}

#[test]
fn edited_rows() {
    every_one_is_found("edit", |copy, chance| {
        copy.change(|connection| {
            let (table, rows) = any_table(connection, chance);
            let row = chance.of(&rows);
            let place = usize::try_from(chance.below(row.len() as u64)).unwrap();
            let value = chance.other(&row[place]);
            set(connection, table, row, place, &value)
                .then(|| format!("{table}, column {place} of {row:?} to {value:?}"))
        })
    });
}

#[test]
fn deleted_rows() {
    every_one_is_found("delete", |copy, chance| {
        copy.change(|connection| {
            let (table, rows) = any_table(connection, chance);
            let row = chance.of(&rows);
            let sql = format!("DELETE FROM {table} WHERE {}", this_row(&columns(connection, table)));
            let deleted = connection.execute(&sql, params_from_iter(row));
            deleted.is_ok().then(|| format!("{table}, {row:?}"))
        })
    });
}

#[test]
fn inserted_rows() {
    every_one_is_found("insert", |copy, chance| {
        copy.change(|connection| {
            let (table, rows) = any_table(connection, chance);
            let row = chance.of(&rows);
            // Like one that is there, with as much changed as lets it stand beside it.
            let values: Vec<Value> = row.iter().map(|value| chance.other(value)).collect();
            let places = vec!["?"; values.len()].join(", ");
            let inserted = connection
                .execute(&format!("INSERT INTO {table} VALUES ({places})"), params_from_iter(&values));
            inserted.is_ok().then(|| format!("{table}, like {row:?}"))
        })
    });
}

#[test]
fn swapped_values() {
    every_one_is_found("swap", |copy, chance| {
        copy.change(|connection| {
            let (table, rows) = any_table(connection, chance);
            let (one, other) = (chance.of(&rows), chance.of(&rows));
            let place = usize::try_from(chance.below(one.len() as u64)).unwrap();
            if one[place] == other[place] {
                return None;
            }
            let done = set(connection, table, one, place, &other[place])
                && set(connection, table, other, place, &one[place]);
            done.then(|| format!("{table}, column {place} of {one:?} and {other:?}"))
        })
    });
}

#[test]
fn back_dated_entries() {
    every_one_is_found("back-date", |copy, chance| {
        copy.change(|connection| {
            let rows = rows(connection, "ledger_entry");
            let row = chance.of(&rows);
            let place = columns(connection, "ledger_entry").iter().position(|name| name == "bytes").unwrap();
            let Value::Blob(bytes) = &row[place] else { unreachable!("an entry is bytes") };
            let text = String::from_utf8(bytes.clone()).unwrap();
            let earlier = text.replacen("2026-", "2025-", 1);
            (earlier != text
                && set(connection, "ledger_entry", row, place, &Value::Blob(earlier.into_bytes())))
            .then(|| format!("entry {text}"))
        })
    });
}

#[test]
fn ends_cut_off() {
    every_one_is_found("cut", |copy, chance| {
        copy.change(|connection| {
            let entries = rows(connection, "ledger_entry").len() as u64;
            let first = entries - 1 - chance.below(entries.min(200));
            // With the index of it, as somebody would who knows the tables.
            for table in ["ledger_entry", "entry_index"] {
                connection.execute(&format!("DELETE FROM {table} WHERE idx >= ?1"), [first]).unwrap();
            }
            Some(format!("entries from {first} on"))
        })
    });
}

#[test]
fn bits_flipped_in_the_file() {
    every_one_is_found("flip", |copy, chance| {
        let file = OpenOptions::new().read(true).write(true).open(database(copy.folder())).unwrap();
        let bytes = file.metadata().unwrap().len();
        let at = HEADER_BYTES + chance.below(bytes - HEADER_BYTES);
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).unwrap();
        byte[0] ^= 1 << chance.below(8);
        file.write_all_at(&byte, at).unwrap();
        Some(format!("a bit of byte {at}"))
    });
}

#[test]
fn files_cut_short() {
    every_one_is_found("truncate", |copy, chance| {
        let file = OpenOptions::new().write(true).open(database(copy.folder())).unwrap();
        let bytes = file.metadata().unwrap().len();
        let left = chance.below(bytes);
        file.set_len(left).unwrap();
        Some(format!("to {left} bytes of {bytes}"))
    });
}
