//! The writer alone, with groups made by hand and a disk that fills up, is locked, or was tampered with.

use std::path::PathBuf;
use std::time::Duration;

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::node::{Node, NodeChange};
use fengsui_domain::plan::PlanId;
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::Commit;
use crate::commit::Side;
use crate::row::IndicatorRow;
use crate::sqlite::open;

/// A writer on a fresh database with one entry.
struct Desk {
    writer: Writer,
    path: PathBuf,
    _folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test.db");
        open::create(&path).unwrap();
        let connection = open::connect(&path).unwrap();
        open::migrate(&connection, &path).unwrap();
        let mut desk = Self { writer: writer(connection, [7; 32]), path, _folder: folder };
        let created = NodeChange::Created { name: "test".into(), verifier_key: String::new() };
        assert_eq!(desk.write([commit(0, created)]), ["0..1"]);
        desk
    }

    /// Writes a group and says what became of each commit.
    fn write(&mut self, commits: impl IntoIterator<Item = Commit>) -> Vec<String> {
        let jobs = commits.into_iter().map(|commit| Job { commit, answer: oneshot::channel().0 });
        let answers = self.writer.write(jobs.collect());
        answers.into_iter().map(|(_, outcome)| show(&outcome)).collect()
    }

    /// A connection of somebody else.
    fn other(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

fn own(writer: &Writer) -> &Connection {
    let Connected::Sqlite(connection) = &writer.connection else { unreachable!("it is a file") };
    connection
}

fn writer(connection: Connection, seed: [u8; 32]) -> Writer {
    let signer = SigningKey::from_seed("test.example/ledger".parse().unwrap(), &seed);
    let (announce, _) = broadcast::channel(8);
    let mut next = 0;
    let new_id = move || {
        next += 1;
        Uuid::from_u128(next)
    };
    Writer::new(connection, signer, Box::new(new_id), announce, Arc::default(), Arc::default())
}

fn show(outcome: &Result<Committed>) -> String {
    match outcome {
        Ok(done) => format!("{}..{}", done.first_index, done.size),
        Err(error) => chain(error),
    }
}

fn commit(expected: u64, change: NodeChange) -> Commit {
    Commit::new(By::Console, Timestamp::UNIX_EPOCH, None).batch(expected, vec![Change::Node { change }])
}

/// A start of the node as its change number `version + 1`.
fn start(version: u64) -> Commit {
    commit(version, NodeChange::Started { version: version.to_string() })
}

/// A commit of four megabytes.
fn large(version: u64) -> Commit {
    let row = |line| IndicatorRow {
        kind: "domain".into(),
        value: format!("{line}.example"),
        written: "x".repeat(4_000),
        line,
        note: String::new(),
    };
    start(version).side(Side::Indicators { list: "l".into(), rows: (0..1_000).map(row).collect() })
}

const FULL: &str = "the store cannot write now, nothing was kept: cannot write working data: \
                    database or disk is full: Error code 13: database or disk is full";

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_nothing_else() {
    let mut desk = Desk::new();
    let pages: u32 = desk.other().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = |desk: &Desk, pages: u32| {
        let set = format!("PRAGMA max_page_count = {pages}");
        own(&desk.writer).query_row(&set, [], |_| Ok(())).unwrap();
    };
    limit(&desk, pages + 20);
    // What depends on the large one is refused for its own reason, the rest goes in.
    let conflict = "`node` is at version 2, not at 3";
    assert_eq!(desk.write([start(1), large(2), start(3), start(2)]), ["1..2", FULL, conflict, "2..3"]);
    assert_eq!(desk.write([large(3)]), [FULL]);
    assert_eq!(desk.write([start(3)]), ["3..4"], "it goes on");
    limit(&desk, u32::MAX);
    assert_eq!(desk.write([large(4)]), ["4..5"], "and takes the rest once there is room");
}

#[test]
fn a_full_disk_is_not_taken_for_a_code_used_twice() {
    let mut desk = Desk::new();
    let pages: u32 = desk.other().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let set = format!("PRAGMA max_page_count = {pages}");
    own(&desk.writer).query_row(&set, [], |_| Ok(())).unwrap();
    let used = |account: String| {
        let side = Side::TotpUsed { account, step: 1 };
        Commit::new(By::Console, Timestamp::UNIX_EPOCH, None).side(side)
    };
    let outcomes: Vec<String> =
        (0..200).flat_map(|n| desk.write([used(format!("{n}{}", "x".repeat(2_000)))])).collect();
    let full = "the store cannot write now, nothing was kept: cannot remember what was used: \
                database or disk is full: Error code 13: database or disk is full";
    let refused = outcomes.iter().find(|outcome| *outcome != "1..1").unwrap();
    assert_eq!(refused, full);
}

#[test]
fn a_lock_held_for_too_long_is_waited_out_by_trying_again() {
    let mut desk = Desk::new();
    own(&desk.writer).busy_timeout(Duration::ZERO).unwrap();
    let other = desk.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = "the store cannot write now, nothing was kept: cannot begin a transaction: \
                  database is locked: Error code 5: database is locked";
    assert_eq!(desk.write([start(1), start(2)]), [locked, locked]);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.write([start(1), start(2)]), ["1..2", "2..3"]);
}

#[test]
fn a_broken_database_stops_the_writer_for_good() {
    let mut desk = Desk::new();
    let other = desk.other();
    other.execute_batch("ALTER TABLE node RENAME TO gone").unwrap();
    let [first, second] = <[String; 2]>::try_from(desk.write([start(1), start(1)])).unwrap();
    assert!(
        first.starts_with("the store takes no more writes: cannot read the state of a subject"),
        "{first}"
    );
    assert_eq!(first, second);
    // Mended or not: what was lost meanwhile is unknown, so nothing is taken until a restart.
    other.execute_batch("ALTER TABLE gone RENAME TO node").unwrap();
    assert_eq!(desk.write([start(1)]), [first]);
    desk.writer = writer(open::connect(&desk.path).unwrap(), [7; 32]);
    assert_eq!(desk.write([start(1)]), ["1..2"]);
}

/// What the writer says when the stored end of the ledger is not the one that was signed.
const FORGED: &str = "the store takes no more writes: cannot append to the ledger: its 3 entries are not \
                      the ones it signed last; run `fengsui ledger verify`";

#[test]
fn a_forged_end_is_never_signed_over() {
    let forge_leaf = "UPDATE ledger_tile SET hashes = CAST(substr(hashes, 1, 64) || randomblob(32) AS BLOB)";
    let cut_whole = "DELETE FROM ledger_entry; DELETE FROM ledger_tile";
    for (tampering, said) in [
        (forge_leaf, FORGED.to_owned()),
        (
            "UPDATE ledger_tile SET hashes = CAST(hashes AS TEXT)",
            "the store takes no more writes: cannot append to the ledger: cannot resume a ledger of 3 \
             entries: tile 0/000 has 0 bytes instead of 96"
                .to_owned(),
        ),
        ("DELETE FROM ledger_checkpoint", FORGED.to_owned()),
        (cut_whole, FORGED.replace('3', "0")),
        (
            "UPDATE ledger_tile SET hashes = substr(hashes, 1, 64); DELETE FROM ledger_entry WHERE idx = 2",
            FORGED.replace('3', "2"),
        ),
        (
            "DELETE FROM ledger_entry WHERE idx = 2",
            "the store takes no more writes: cannot append to the ledger: cannot resume a ledger of 2 \
             entries: tile 0/000 has 96 bytes instead of 64"
                .to_owned(),
        ),
        (
            "UPDATE ledger_checkpoint SET note = replace(note, '\n3\n', '\n4\n')",
            "the store takes no more writes: cannot append to the ledger: the signature of".to_owned(),
        ),
    ] {
        let mut desk = Desk::new();
        assert_eq!(desk.write([start(1), start(2)]), ["1..2", "2..3"]);
        desk.other().execute_batch(tampering).unwrap();
        let outcome = desk.write([start(3)]).remove(0);
        assert!(outcome.starts_with(&said), "{tampering}: {outcome}");
        // Nor after a restart.
        desk.writer = writer(open::connect(&desk.path).unwrap(), [7; 32]);
        assert_eq!(desk.write([start(3)]), [outcome], "{tampering}");
    }
}

#[test]
fn an_older_copy_put_back_under_a_running_node_is_not_forked() {
    let mut desk = Desk::new();
    let other = desk.other();
    let older: String = other.query_row("SELECT note FROM ledger_checkpoint", [], |row| row.get(0)).unwrap();
    assert_eq!(desk.write([start(1)]), ["1..2"]);
    other.execute("UPDATE ledger_checkpoint SET note = ?1", [older]).unwrap();
    let older = "DELETE FROM ledger_entry WHERE idx = 1; DELETE FROM entry_index WHERE idx = 1;
                 UPDATE ledger_tile SET hashes = substr(hashes, 1, 32); UPDATE node SET version = 1";
    other.execute_batch(older).unwrap();
    let outcome = desk.write([start(1)]).remove(0);
    let said = "the store takes no more writes: cannot append to the ledger: cannot prove that a tree of 2 \
                entries grew to 1";
    assert_eq!(outcome, said);
}

#[test]
fn another_key_does_not_go_on_with_the_ledger() {
    let mut desk = Desk::new();
    desk.writer = writer(open::connect(&desk.path).unwrap(), [8; 32]);
    let outcome = desk.write([start(1)]).remove(0);
    assert!(
        outcome.starts_with("the store takes no more writes: cannot append to the ledger: "),
        "{outcome}"
    );
}

/// The node takes up the plan of this name as its change number `version + 1`.
fn adopt(version: u64, plan: &str) -> Commit {
    let plan = PlanVersion { id: PlanId::new(plan), digest: String::new() };
    commit(version, NodeChange::PlanAdopted { plan })
}

#[test]
fn a_commit_that_was_refused_leaves_no_state_behind_that_others_write_otherwise() {
    let mut desk = Desk::new();
    // Its first half fits, its second does not; so neither is kept.
    let half = adopt(1, "mine").batch(9, start(9).batches.remove(0).changes);
    assert_eq!(desk.write([half]), ["`node` is at version 2, not at 9"]);
    let others = open::connect(&desk.path).unwrap();
    let mut others = writer(others, [7; 32]);
    let (answer, _) = oneshot::channel();
    assert_eq!(show(&others.write(vec![Job { commit: adopt(1, "theirs"), answer }])[0].1), "1..2");
    assert_eq!(desk.write([commit(2, NodeChange::SetUp)]), ["2..3"]);
    let body: String = desk.other().query_row("SELECT body FROM node", [], |row| row.get(0)).unwrap();
    let node: Node = serde_json::from_str(&body).unwrap();
    assert_eq!((node.plan.unwrap().id, node.set_up), (PlanId::new("theirs"), true));
}
