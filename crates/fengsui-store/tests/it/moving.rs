//! From a file to a server: all of it or nothing, and one of the two is the store at every moment.

use fengsui_store::{Commit, Moved, Side, Store, StoreError, move_to_server};

use crate::home::{Home as _, Postgres, open, verifier};
use crate::make::{self, commit, number};
use crate::tamper::Copy;

fn moved(from: &Copy, to: &Postgres) -> Result<Moved, StoreError> {
    move_to_server(from.folder(), &to.url(), &verifier(), &mut |_, _| {})
}

fn why(outcome: Result<Moved, StoreError>) -> String {
    match outcome {
        Err(StoreError::NotMoved { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// A row of every kind that no verification covers.
fn working_data() -> Commit {
    commit()
        .side(Side::SessionPut(make::session("a hash", "an account", 1, 1_000)))
        .side(Side::Sighting(make::sighting("rule", "value", "asset", 1, 1)))
}

async fn event(store: &Store, of: u64) -> fengsui_store::Result<fengsui_store::Committed> {
    let (_, change) = make::event(number("E", of), "one more");
    store.commit(commit().batch(0, vec![change])).await
}

#[tokio::test]
async fn everything_moves_and_the_file_is_closed() {
    let (from, to) = (Copy::new(), Postgres::new());
    let before = open(from.folder()).unwrap();
    before.commit(working_data()).await.unwrap();
    let report = from.verify();
    let mut tables = Vec::new();
    let told = &mut |table: &str, rows| tables.push((table.to_owned(), rows));
    let done = move_to_server(from.folder(), &to.url(), &verifier(), told).unwrap();
    assert_eq!((done.entries, Some(done.root)), (report.entries, report.root.map(|root| root.to_string())));
    assert!(done.rows > report.entries * 2, "{} rows", done.rows);
    assert!(tables.contains(&("session".into(), 1)) && tables.contains(&("ledger".into(), done.entries)));

    // A node that still has the file open, and one that opens it now, are told.
    for store in [before, open(from.folder()).unwrap()] {
        let refused = event(&store, 990_001).await.unwrap_err();
        let causes = std::iter::successors(Some(&refused as &dyn std::error::Error), |error| error.source());
        let words: Vec<String> = causes.map(ToString::to_string).collect();
        assert!(words.iter().any(|words| words.contains("moved to a server")), "{words:?}");
    }
    assert_eq!(moved(&from, &to).unwrap().rows, 0, "nothing is left to do");

    let after = to.open();
    let session = after.session_get("a hash".into()).await.unwrap();
    assert!(session.is_some_and(|session| session.account == "an account"));
    event(&after, 990_002).await.unwrap();
    // The numbers of rows go on after those that came along.
    let another = commit().side(Side::Sighting(make::sighting("rule", "value", "asset", 90, 90)));
    after.commit(another).await.unwrap();
    let report = to.verify();
    assert!(report.good(), "{report:?}");
    assert_eq!(report.entries, done.entries + 1);
    assert!(why(moved(&from, &to)).contains("moved already"));
}

#[tokio::test]
async fn a_move_that_ended_before_its_last_word_is_done_again() {
    let (from, to) = (Copy::new(), Postgres::new());
    let first = moved(&from, &to).unwrap();
    // As if the power had gone while the copy was verified.
    from.change(|connection| connection.execute_batch("DROP TRIGGER moved").unwrap());
    let again = moved(&from, &to).unwrap();
    assert_eq!(again, Moved { rows: 0, ..first });
    assert!(to.verify().good());
}

#[tokio::test]
async fn another_ledger_is_not_written_over() {
    let (from, to) = (Copy::new(), Postgres::new());
    event(&to.open(), 1).await.unwrap();
    assert!(why(moved(&from, &to)).contains("holds a ledger already"));
    // The file is the store still.
    event(&open(from.folder()).unwrap(), 990_001).await.unwrap();
    assert!(from.verify().good() && to.verify().good());
    assert_eq!(to.verify().entries, 1);
}

#[tokio::test]
async fn what_does_not_verify_stays_where_it_is() {
    let (from, to) = (Copy::with("UPDATE event SET title = 'another title'"), Postgres::new());
    assert!(why(moved(&from, &to)).contains("does not verify"));
    event(&open(from.folder()).unwrap(), 990_001).await.unwrap();
    // The database is as empty as before.
    moved(&Copy::new(), &to).unwrap();
    assert!(to.verify().good());
}

#[test]
fn without_a_store_nothing_moves() {
    let (folder, to) = (tempfile::tempdir().unwrap(), Postgres::new());
    let reason = why(move_to_server(folder.path(), &to.url(), &verifier(), &mut |_, _| {}));
    assert!(reason.contains("there is no store"), "{reason}");
    drop(open(folder.path()).unwrap());
    let reason = why(move_to_server(folder.path(), &to.url(), &verifier(), &mut |_, _| {}));
    assert!(reason.contains("no entry yet"), "{reason}");
}
