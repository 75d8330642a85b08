//! Tampering: whatever is edited, removed, added, swapped or cut in a folder, a verification names it.
//!
//! Not here, because it cannot be found offline: a whole folder put back to an older copy is a good
//! folder of that time. A running node notices (`writer`'s tests), and so does whoever kept a newer
//! checkpoint.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fengsui_domain::account::AccountChange;
use fengsui_domain::change::Entry;
use fengsui_domain::event::{EventChange, Outcome};
use fengsui_domain::incident::{IncidentChange, Proposal, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::resource::ResourceKind;
use fengsui_ledger::{Checkpoint, SignedCheckpoint, SigningKey, Tiles, leaf_hash};
use fengsui_store::{Report, Side, digest, verify_folder};
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use tempfile::TempDir;

use crate::home::{ORIGIN, database, open, verifier, wait_until_closed};
use crate::make::{self, at, commit, number, signed};

/// Tables that a verification covers.
pub(crate) const COVERED: [&str; 20] = [
    "ledger_entry",
    "ledger_tile",
    "ledger_checkpoint",
    "entry_index",
    "node",
    "account",
    "token",
    "list",
    "event",
    "incident",
    "clock",
    "awaiting",
    "resource",
    "resource_category",
    "resource_field",
    "duty_book",
    "duty_record",
    "tally",
    "secret",
    "indicator",
];
/// Tables of working data, of the schema's version, which every opening checks, and of the index of words, behind
/// which every row that is shown is read from what is covered.
const NOT_COVERED: &str = "session request_key totp_used sighting source migration \
                           search search_config search_data search_docsize search_idx search_rule";

/// A folder with at least two rows in every covered table, a full tile and a level above it.
static GENUINE: LazyLock<TempDir> = LazyLock::new(|| {
    // On a thread of its own: a test that asks for it may have a runtime already.
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(make_genuine())
    })
    .join()
    .unwrap()
});

async fn make_genuine() -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path()).unwrap();
    let mut all = commit().batch(0, vec![make::node()]);
    for n in 0..2_u64 {
        let (account, created) = make::account(&format!("account{n}"));
        let set = |change| make::on_account(account, change);
        let [password, totp, link] = ["password", "totp", "link"].map(|kind| format!("{kind} {n}"));
        let changes = vec![
            created,
            set(AccountChange::PasswordSet { digest: digest(&password) }),
            set(AccountChange::TotpSet { digest: digest(&totp) }),
            set(AccountChange::LinkMade { digest: digest(&link), expires_at: at(99) }),
        ];
        let subject = format!("account/{account}");
        let secret = |kind, value| Side::SecretPut { subject: subject.clone(), kind, value };
        all = all.batch(0, changes).side(secret("password", password)).side(secret("totp", totp));
        all = all.side(secret("link", link));
        let (token, made) = make::token("feed", Some(account), digest(&format!("token {n}")));
        let (subject, value) = (format!("token/{token}"), format!("token {n}"));
        all = all.batch(0, vec![made]).side(Side::SecretPut { subject, kind: "token", value });
        let rows = [make::indicator("a.example", 1), make::indicator("b.example", 2)];
        let (list, imported) = make::list(&format!("list {n}"), &rows);
        all =
            all.batch(0, vec![imported]).side(Side::Indicators { list: list.to_string(), rows: rows.into() });
        let (event, recorded) = make::event(number("E", n), "wave");
        let outcome = Outcome::FalsePositive { reason: "tuned".into(), done: "rule".into() };
        let (_, added) = make::resource(make::particulars(ResourceKind::Expert, &format!("expert {n}")));
        all = all.batch(0, vec![added]);
        let (book, opened) = make::duty_book(&format!("unit {n}"));
        let (_, entered) = make::duty_record(book, "check", 1);
        all = all.batch(0, vec![opened]).batch(0, vec![entered]);
        all = all.batch(0, vec![recorded, make::on_event(event, EventChange::Triaged { outcome })]);
    }
    store.commit(all).await.unwrap();
    let (parent, opened) = make::incident(number("I", 1), "wave", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    let (incident, opened) = make::incident(number("I", 2), "wave", Some(parent));
    let step = Step::Start { level: IncidentLevel::II, range: "city".into() };
    let proposal = Proposal { step, grounds: String::new(), signed: signed("a", 1) };
    let mut changes = vec![
        opened,
        make::started(incident, &make::clock("unit", 0, 60)),
        make::started(incident, &make::clock("city", 0, 90)),
        make::on_incident(incident, IncidentChange::Proposed { proposal }),
        make::on_incident(incident, IncidentChange::DisposalDrafted { disposal: make::disposal(3) }),
    ];
    changes.extend((0..260).map(|n| make::noted(incident, &format!("note {n}"))));
    store.commit(commit().batch(0, changes)).await.unwrap();
    drop(store);
    wait_until_closed(folder.path());
    folder
}

/// A copy of the genuine folder, to be tampered with.
pub(crate) struct Copy {
    folder: TempDir,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::copy(database(GENUINE.path()), database(folder.path())).unwrap();
        Self { folder }
    }

    /// A copy in which somebody with the file at hand, but without the key, did this.
    pub(crate) fn with(tampering: &str) -> Self {
        let copy = Self::new();
        copy.change(|connection| connection.execute_batch(tampering).unwrap());
        copy
    }

    /// Somebody at work on the file, unhindered by its own rules.
    pub(crate) fn change<T>(&self, tamper: impl FnOnce(&Connection) -> T) -> T {
        let connection = Connection::open(self.file()).unwrap();
        let unhindered = "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
                          PRAGMA synchronous = OFF; PRAGMA writable_schema = ON";
        connection.execute_batch(unhindered).unwrap();
        let outcome = tamper(&connection);
        connection.close().unwrap();
        outcome
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self) -> PathBuf {
        database(self.folder.path())
    }

    pub(crate) fn verify(&self) -> Report {
        verify_folder(self.folder.path(), &verifier(), &[]).unwrap()
    }

    /// The findings, as one reads them.
    fn said(&self) -> Vec<String> {
        let report = self.verify();
        let ledger = report.ledger.iter().flat_map(|findings| findings.list.iter().map(ToString::to_string));
        ledger.chain(report.state.iter().map(ToString::to_string)).collect()
    }

    /// The first entry that cannot be relied on.
    fn first_bad_index(&self) -> Option<u64> {
        self.verify().ledger.map(|findings| findings.first_bad_index())
    }
}

pub(crate) fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    statement.column_names().map(ToOwned::to_owned).collect()
}

/// How many entries the genuine ledger has.
fn entries() -> u64 {
    Copy::new().verify().entries
}

#[test]
fn the_genuine_folder_is_good_and_every_table_is_spoken_for() {
    let copy = Copy::new();
    let report = copy.verify();
    assert!(report.good(), "{report:?}");
    assert!(report.root.is_some() && report.entries > 256 && report.omitted == 0);
    let mut known: Vec<&str> = COVERED.into_iter().chain(NOT_COVERED.split(' ')).collect();
    known.sort_unstable();
    copy.change(|connection| {
        let tables =
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let mut tables = connection.prepare(tables).unwrap();
        let tables: Vec<String> =
            tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(tables, known, "a new table must be covered, or named as not covered");
        for table in COVERED.iter().filter(|table| !["node", "ledger_checkpoint"].contains(table)) {
            let count = format!("SELECT count(*) FROM {table}");
            let count: u64 = connection.query_row(&count, [], |row| row.get(0)).unwrap();
            assert!(count >= 2, "{table} has {count} rows");
        }
    });
    // And a change to what is not covered is no false alarm.
    let copy = Copy::with(
        "INSERT INTO totp_used VALUES ('a', 1); INSERT INTO session VALUES ('h', 'a', 'c', 1, 2, 3, 'd')",
    );
    assert!(copy.verify().good());
}

/// A row in the middle of a table, by its rowid or by all of its key.
fn middle(table: &str) -> String {
    match table {
        "indicator" => "(list, n) = (SELECT list, n FROM indicator ORDER BY list, n LIMIT 1 OFFSET 1)".into(),
        "tally" => {
            "(list, part) = (SELECT list, part FROM tally ORDER BY list, part LIMIT 1 OFFSET 1)".into()
        }
        table => {
            format!(
                "rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {table}))"
            )
        }
    }
}

#[test]
fn an_edit_of_any_column_of_any_table_is_found() {
    for table in COVERED {
        let all = Copy::new().change(|connection| columns(connection, table));
        for column in all {
            let mut edits = 0;
            // Another value of the same kind, and the same value as another kind.
            let other = format!(
                "CASE typeof({column}) WHEN 'text' THEN {column} || 'x' WHEN 'integer' THEN {column} + 1000000
                 WHEN 'blob' THEN CAST(substr({column}, 1, length({column}) - 1) || X'00' AS BLOB) ELSE 'x' END"
            );
            let kind = format!(
                "CASE typeof({column}) WHEN 'blob' THEN CAST({column} AS TEXT) ELSE CAST({column} AS BLOB) END"
            );
            for value in [other, kind] {
                let copy = Copy::new();
                let edit = format!("UPDATE {table} SET {column} = {value} WHERE {}", middle(table));
                match copy.change(|connection| connection.execute(&edit, [])) {
                    Ok(rows) => assert_eq!(rows, 1, "{edit}"),
                    // The number of a row cannot be anything but a number.
                    Err(error) => {
                        assert!(error.to_string().contains("datatype mismatch"), "{edit}: {error}");
                        continue;
                    }
                }
                let report = copy.verify();
                assert!(!report.good(), "{edit}");
                edits += 1;
                if !table.starts_with("ledger_") {
                    assert!(report.ledger.is_none(), "{edit} is no damage to the record: {report:?}");
                    let named = report.state.iter().any(|finding| finding.table == table);
                    assert!(named, "{edit}: {:?}", report.state);
                }
            }
            assert!(edits > 0, "{table}.{column}");
        }
    }
}

#[test]
fn a_removed_row_is_found() {
    for table in COVERED {
        let copy = Copy::with(&format!("DELETE FROM {table} WHERE {}", middle(table)));
        assert!(!copy.verify().good(), "{table}");
        let copy = Copy::with(&format!("DELETE FROM {table}"));
        assert!(!copy.verify().good(), "all of {table}");
        let copy = Copy::with(&format!("DROP TABLE {table}"));
        let said = copy.said();
        let named = said
            .iter()
            .any(|line| *line == format!("table `sqlite_schema`, row `table/{table}`: it is missing"));
        assert!(named, "{table}: {said:?}");
    }
    assert!(!Copy::with("DELETE FROM secret WHERE kind = 'link'").verify().good());
    assert!(!Copy::with("DELETE FROM secret WHERE kind = 'totp'").verify().good());
}

#[test]
fn an_added_row_is_found() {
    for (table, row) in [
        ("ledger_entry", format!("{}, X'00'", entries())),
        ("ledger_entry", "1000000, X'00'".into()),
        ("ledger_entry", "-1, X'00'".into()),
        ("ledger_tile", "0, 9, X'00'".into()),
        ("ledger_tile", "-1, 0, X'00'".into()),
        ("ledger_tile", "'zero', 0, X'00'".into()),
        ("ledger_tile", "300, -5, X''".into()),
        ("ledger_checkpoint", "2, 'note'".into()),
        ("entry_index", "1000000, 'node', 99, 0, 'node.started', 'x'".into()),
        ("node", "2, 1, '{}'".into()),
        ("account", "'id', 1, 'root', 1, '{}'".into()),
        ("account", "NULL, 1, 'root', 1, '{}'".into()),
        ("token", "'id', 1, NULL, 0, '{}'".into()),
        ("list", "'id', 1, 'name', 1, '{}'".into()),
        ("event", "'id', 1, 'E-1', 'new', 'report', 0, 'title', '{}'".into()),
        (
            "incident",
            "'id', 1, 'I-1', 'judged', 'I', 0, 'title', 'unit', 0, NULL, 'plan', 'digest', '{}'".into(),
        ),
        ("clock", "'id', 'incident', 'unit', 0, NULL, '{}'".into()),
        ("awaiting", "'incident', 'start', 'proposal', 0".into()),
        ("secret", "'account/none', 'password', 'mine'".into()),
        ("secret", "'token/none', 'token', 'mine'".into()),
        ("secret", "'account/none', 'link', 'mine'".into()),
        ("indicator", "'no list', 0, 'domain', 'bank.example', 'bank.example', 1, ''".into()),
        ("indicator", "(SELECT list FROM indicator LIMIT 1), 2, 'domain', 'bank.example', '', 3, ''".into()),
        ("indicator", "(SELECT list FROM indicator LIMIT 1), -1, 'domain', 'bank.example', '', 3, ''".into()),
    ] {
        let insert = format!("INSERT INTO {table} VALUES ({row})");
        let copy = Copy::with(&insert);
        let report = copy.verify();
        assert!(!report.good(), "{insert}");
        if !table.starts_with("ledger_") {
            assert!(
                report.state.iter().any(|finding| finding.table == table),
                "{insert}: {:?}",
                report.state
            );
        }
    }
}

#[test]
fn the_first_bad_entry_is_named() {
    let size = entries();
    let last = size - 1;
    let byte = |index: u64| {
        format!(
            "UPDATE ledger_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"at\":\"2', '\"at\":\"1') AS BLOB) WHERE idx = {index}"
        )
    };
    let swap = |one: u64, two: u64| {
        format!(
            "UPDATE ledger_entry SET idx = -9 WHERE idx = {one}; UPDATE ledger_entry SET idx = {one} WHERE idx = {two};
             UPDATE ledger_entry SET idx = {two} WHERE idx = -9"
        )
    };
    for (tampering, first) in [
        (byte(0), 0),
        (byte(5), 5),
        (byte(255), 255),
        (byte(256), 256),
        (byte(last), last),
        (format!("{}; {}", byte(200), byte(7)), 7),
        ("DELETE FROM ledger_entry WHERE idx = 0".into(), 0),
        ("DELETE FROM ledger_entry WHERE idx BETWEEN 30 AND 40".into(), 30),
        (format!("DELETE FROM ledger_entry WHERE idx = {last}"), last),
        (format!("DELETE FROM ledger_entry WHERE idx >= {}", size - 10), size - 10),
        ("DELETE FROM ledger_entry".into(), 0),
        (swap(3, 9), 3),
        (swap(250, 260), 250),
        ("UPDATE ledger_entry SET bytes = CAST(bytes AS TEXT) WHERE idx = 12".into(), 12),
        ("UPDATE ledger_entry SET bytes = X'' WHERE idx = 13".into(), 13),
        ("UPDATE ledger_entry SET bytes = zeroblob(70000) WHERE idx = 14".into(), 14),
    ] {
        let copy = Copy::with(&tampering);
        assert_eq!(copy.first_bad_index(), Some(first), "{tampering}: {:?}", copy.said());
    }
    // One added at the end puts the whole last tile in doubt.
    let copy =
        Copy::with(&format!("INSERT INTO ledger_entry SELECT {size}, bytes FROM ledger_entry WHERE idx = 4"));
    let said = format!("the checkpoint covers {size} entries, but the ledger holds {}", size + 1);
    assert!(copy.said().contains(&said) && copy.first_bad_index() <= Some(size), "{:?}", copy.said());
}

/// Rewrites the entries of a copy and everything that follows from them but the signature: what somebody
/// can do who has the database, the program, and not the key.
fn rewrite(copy: &Copy, rewritten: impl Fn(u64, Entry) -> Option<Entry>, signer: Option<&SigningKey>) {
    copy.change(|connection| {
        let mut all = connection.prepare("SELECT idx, bytes FROM ledger_entry ORDER BY idx").unwrap();
        let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let entries: Vec<Entry> = all
            .map(Result::unwrap)
            .filter_map(|(index, bytes): (u64, Vec<u8>)| {
                rewritten(index, serde_json::from_slice(&bytes).unwrap())
            })
            .collect();
        connection.execute_batch("DELETE FROM ledger_entry; DELETE FROM ledger_tile").unwrap();
        let mut tree = Tiles::new();
        for (index, entry) in (0_u64..).zip(&entries) {
            let bytes = serde_json::to_vec(entry).unwrap();
            connection.execute("INSERT INTO ledger_entry VALUES (?1, ?2)", params![index, bytes]).unwrap();
            let micros = entry.at.as_microsecond();
            connection
                .execute("UPDATE entry_index SET at = ?2 WHERE idx = ?1", params![index, micros])
                .unwrap();
            for tile in tree.append(leaf_hash(&bytes)).unwrap() {
                let values = params![tile.id.level, tile.id.index, tile.hashes];
                connection.execute("INSERT OR REPLACE INTO ledger_tile VALUES (?1, ?2, ?3)", values).unwrap();
            }
        }
        if let Some(signer) = signer {
            let (size, root) = (tree.size(), tree.root());
            let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root, extensions: Vec::new() };
            let note = checkpoint.sign(&[signer]).unwrap();
            connection.execute("UPDATE ledger_checkpoint SET note = ?1", [note]).unwrap();
        }
    });
}

fn dated_back(index: u64, mut entry: Entry) -> Entry {
    if index == 100 {
        entry.at = at(-3_600);
    }
    entry
}

#[test]
fn an_entry_dated_back_is_found_however_much_is_made_to_fit() {
    // The entry and its row in the index.
    let copy = Copy::new();
    copy.change(|connection| {
        let bytes: Vec<u8> = connection
            .query_row("SELECT bytes FROM ledger_entry WHERE idx = 100", [], |row| row.get(0))
            .unwrap();
        let entry = dated_back(100, serde_json::from_slice(&bytes).unwrap());
        let (bytes, micros) = (serde_json::to_vec(&entry).unwrap(), entry.at.as_microsecond());
        connection.execute("UPDATE ledger_entry SET bytes = ?1 WHERE idx = 100", [bytes]).unwrap();
        connection.execute("UPDATE entry_index SET at = ?1 WHERE idx = 100", [micros]).unwrap();
    });
    assert_eq!(copy.first_bad_index(), Some(100));
    // The tiles too: only the signature tells, and it covers all.
    let copy = Copy::new();
    rewrite(&copy, |index, entry| Some(dated_back(index, entry)), None);
    assert_eq!(copy.first_bad_index(), Some(0));
    assert!(copy.said()[0].contains("but the checkpoint signs"), "{:?}", copy.said());
    // The checkpoint too, with another key of the same name.
    let copy = Copy::new();
    let forger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[66; 32]);
    rewrite(&copy, |index, entry| Some(dated_back(index, entry)), Some(&forger));
    assert_eq!(copy.first_bad_index(), Some(0));
    let distrusted = copy.said().into_iter().any(|line| line.starts_with("the checkpoint cannot be trusted"));
    assert!(distrusted, "{:?}", copy.said());
}

#[test]
fn a_record_cut_short_is_found_unless_an_older_checkpoint_fits_it() {
    let cut = entries() - 20;
    let shorten = |index, entry| (index < cut).then_some(entry);
    let copy = Copy::new();
    rewrite(&copy, shorten, None);
    let said = format!("entries {cut} to {} are missing", entries() - 1);
    assert!(copy.said().contains(&said) && copy.first_bad_index() <= Some(cut), "{:?}", copy.said());
    // With the key it is a good record of that size; the state still knows more than it should.
    let copy = Copy::new();
    rewrite(&copy, shorten, Some(&crate::home::signer()));
    let report = copy.verify();
    assert!(report.ledger.is_none() && !report.good(), "{report:?}");
}

#[test]
fn an_older_checkpoint_over_a_longer_record_is_found() {
    let copy = Copy::new();
    let cut = entries() - 20;
    let shorter = Copy::new();
    rewrite(&shorter, |index, entry| (index < cut).then_some(entry), Some(&crate::home::signer()));
    let sql = "SELECT note FROM ledger_checkpoint";
    let note: String = shorter.change(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap());
    assert_eq!(SignedCheckpoint::open(note.as_bytes(), ORIGIN, &[verifier()]).unwrap().checkpoint.size, cut);
    copy.change(|connection| connection.execute("UPDATE ledger_checkpoint SET note = ?1", [note]).unwrap());
    assert_eq!(copy.first_bad_index(), Some(cut));
}

#[test]
fn swapped_rows_of_the_state_are_found() {
    for (table, column) in [
        ("secret", "value"),
        ("account", "body"),
        ("entry_index", "kind"),
        ("clock", "due_at"),
        ("indicator", "value"),
        ("incident", "title"),
        ("awaiting", "since"),
        ("ledger_tile", "hashes"),
    ] {
        let copy = Copy::new();
        let different = copy.change(|connection| {
            // Give both rows what the other had, past any rule that forbids it for a moment.
            let key = if table == "indicator" { "list || n" } else { "rowid" };
            let pick = format!("SELECT {key}, {column} FROM {table} GROUP BY {column} ORDER BY 1 LIMIT 2");
            let mut pick = connection.prepare(&pick).unwrap();
            let rows =
                pick.query_map([], |row| Ok((row.get::<_, Value>(0)?, row.get::<_, Value>(1)?))).unwrap();
            let rows: Vec<_> = rows.map(Result::unwrap).collect();
            let [(one, first), (two, second)] = &rows[..] else { return false };
            let update = format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1");
            let aside = Value::Blob(b"aside".to_vec());
            for (row, value) in [(one, &aside), (two, first), (one, second)] {
                connection.execute(&update, params![row, value]).unwrap();
            }
            true
        });
        // Titles happen to be the same in every incident: nothing to swap, nothing to find.
        assert_eq!(different, table != "incident", "{table}.{column}");
        assert_eq!(copy.verify().good(), !different, "{table}.{column}");
    }
}

#[test]
fn changes_to_the_structure_are_found() {
    for (tampering, expected) in [
        (
            "CREATE TRIGGER quiet AFTER INSERT ON secret BEGIN DELETE FROM secret WHERE kind = 'totp'; END",
            "table `sqlite_schema`, row `trigger/quiet`: the record does not have it",
        ),
        ("DROP INDEX clock_by_due", "table `sqlite_schema`, row `index/clock_by_due`: it is missing"),
        (
            "ALTER TABLE account ADD COLUMN note TEXT",
            "table `sqlite_schema`, row `table/account`: `sql` differs from what the record says",
        ),
        (
            "ALTER TABLE token RENAME TO hidden; CREATE VIEW token AS SELECT * FROM hidden",
            "table `sqlite_schema`, row `view/token`: the record does not have it",
        ),
    ] {
        let said = Copy::with(tampering).said();
        assert!(said.iter().any(|line| line == expected), "{tampering}: {said:?}");
    }
    // An index that lacks a row hides it from lists, while the table still has it.
    let hidden = "UPDATE sqlite_schema SET sql = sql || ' WHERE due_at > 0' WHERE name = 'clock_by_due'";
    assert!(!Copy::with(hidden).verify().good());
}

/// What a verification says of a file whose bytes were changed, an error included.
fn said_of(folder: &Path) -> Result<Report, fengsui_store::StoreError> {
    verify_folder(folder, &verifier(), &[])
}

#[test]
fn a_file_cut_anywhere_is_found() {
    let bytes = std::fs::read(database(GENUINE.path())).unwrap();
    let pages = bytes.len() / 4_096;
    for kept in (0..pages).step_by(pages / 12) {
        for odd in [0, 100] {
            let copy = Copy::new();
            std::fs::write(copy.file(), &bytes[..kept * 4_096 + odd]).unwrap();
            let good = said_of(copy.folder.path()).is_ok_and(|report| report.good());
            assert!(!good, "{kept} of {pages} pages and {odd} bytes");
        }
    }
}

#[test]
fn a_flipped_byte_never_passes_for_another_content() {
    let bytes = std::fs::read(database(GENUINE.path())).unwrap();
    let genuine = Copy::new().verify();
    let (mut found, mut tried) = (0, 0);
    for place in (100..bytes.len()).step_by(bytes.len() / 60) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x01;
        let copy = Copy::new();
        std::fs::write(copy.file(), &flipped).unwrap();
        tried += 1;
        match said_of(copy.folder.path()) {
            // Unused bytes of a page may be anything; then all that counts is as it was.
            Ok(report) if report.good() => assert_eq!(report, genuine, "byte {place}"),
            _ => found += 1,
        }
    }
    assert!(found > tried / 5, "{found} of {tried}");
}

#[test]
fn a_ruined_folder_fills_neither_memory_nor_screen() {
    let copy = Copy::with("DELETE FROM entry_index; UPDATE secret SET value = 'x' || rowid");
    let report = copy.verify();
    assert_eq!(report.state.len(), 100);
    assert!(report.omitted > 150, "{}", report.omitted);
    let sneaky = "UPDATE account SET id = char(27) || '[2J' || id WHERE name = 'account0'";
    let said = Copy::with(sneaky).said().concat();
    assert!(!said.contains('\u{1b}') && said.contains("\\u{1b}[2J"), "{said}");
}

#[test]
fn names_that_clash_in_a_forged_record_are_findings_and_no_failure() {
    let copy = Copy::new();
    let rename = |_, entry: Entry| {
        let text = serde_json::to_string(&entry).unwrap().replace("account1", "account0");
        let text = text.replace("E-2026-000001", "E-2026-000000").replace("\"version\":3", "\"version\":2");
        Some(serde_json::from_str(&text).unwrap())
    };
    rewrite(&copy, rename, Some(&crate::home::signer()));
    let said = copy.said();
    for expected in
        ["name or number of `account` is already taken", "is version 2 of", "name or number of `event`"]
    {
        assert!(said.iter().any(|line| line.contains(expected)), "{expected}: {said:?}");
    }
}
