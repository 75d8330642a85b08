//! Rows out of either home and into either, and the epoch that begins there.

use std::path::Path;

use fengsui_ledger::SigningKey;
use fengsui_store::{
    Contents, Loader, RowSink, RowsAt, Store, StoreError, begin_epoch, rows_out, verify_folder, verify_server,
};
use tempfile::TempDir;

use crate::home::{Home as _, Postgres, ids, open, verifier};
use crate::make::{self, commit, number};
use crate::tamper::Copy;

/// A stream, kept.
#[derive(Default)]
struct Kept {
    contents: Option<Contents>,
    chunks: Vec<(String, u64, Vec<u8>)>,
}

impl RowSink for Kept {
    type Error = StoreError;

    fn begin(&mut self, contents: &Contents) -> Result<(), StoreError> {
        self.contents = Some(contents.clone());
        Ok(())
    }

    fn rows(&mut self, table: &str, count: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.chunks.push((table.into(), count, bytes.into()));
        Ok(())
    }
}

/// Runs what waits, where waiting is allowed.
fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

fn out(at: RowsAt<'_>) -> Kept {
    let mut kept = Kept::default();
    aside(|| rows_out(at, &mut kept)).unwrap();
    kept
}

fn taken_in(kept: &Kept, at: RowsAt<'_>) -> Result<(), StoreError> {
    aside(|| {
        let mut loader = Loader::begin(at, kept.contents.as_ref().unwrap())?;
        for (table, count, bytes) in &kept.chunks {
            assert_eq!(loader.rows(table, bytes)?, *count);
        }
        loader.finish()
    })
}

fn why(outcome: Result<(), StoreError>) -> String {
    match outcome {
        Err(StoreError::NotRestored { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// The key of a second epoch.
fn second() -> SigningKey {
    SigningKey::from_seed("test.example/ledger/epoch-2-00000000".parse().unwrap(), &[8; 32])
}

async fn event(store: &Store, of: u64) {
    let (_, change) = make::event(number("E", of), "one more");
    store.commit(commit().batch(0, vec![change])).await.unwrap();
}

fn open_second(folder: &Path) -> Store {
    let signer = second();
    let origin = signer.verifier_key().name().as_str().to_owned();
    Store::open(folder, origin, signer, Box::new(ids())).unwrap()
}

#[tokio::test]
async fn rows_go_from_either_home_into_either() {
    let from = Copy::new();
    let (file, server) = (TempDir::new().unwrap(), Postgres::new());
    let report = from.verify();

    let of_file = out(RowsAt::Folder(from.folder()));
    taken_in(&of_file, RowsAt::Folder(file.path())).unwrap();
    taken_in(&of_file, RowsAt::Server(&server.url())).unwrap();
    assert_eq!(verify_folder(file.path(), &verifier(), &[]).unwrap(), report);
    assert_eq!(server.verify(), report);

    let of_server = out(RowsAt::Server(&server.url()));
    let (back, other) = (TempDir::new().unwrap(), Postgres::new());
    taken_in(&of_server, RowsAt::Folder(back.path())).unwrap();
    taken_in(&of_server, RowsAt::Server(&other.url())).unwrap();
    assert_eq!(verify_folder(back.path(), &verifier(), &[]).unwrap(), report);
    assert_eq!(other.verify(), report);

    // Each of them goes on, and finds what it had.
    for store in [open(file.path()).unwrap(), server.open(), open(back.path()).unwrap(), other.open()] {
        let found = store.search("account", None, 5).await;
        assert!(found.is_ok(), "{found:?}");
        event(&store, 990_001).await;
        store.close().await;
    }
    assert!(verify_folder(back.path(), &verifier(), &[]).unwrap().good());
    assert!(verify_server(&other.url(), &verifier(), &[]).unwrap().good());
}

#[tokio::test]
async fn a_copy_is_of_one_moment_while_a_node_writes() {
    let from = Copy::new();
    let store = open(from.folder()).unwrap();
    let writing = tokio::spawn(async move {
        for n in 0..200 {
            event(&store, 990_000 + n).await;
        }
    });
    let folder = from.folder().to_owned();
    let copying = tokio::task::spawn_blocking(move || {
        let copies = std::iter::repeat_with(|| out(RowsAt::Folder(&folder))).take(10);
        copies.collect::<Vec<_>>()
    });
    writing.await.unwrap();
    for copy in copying.await.unwrap() {
        let to = TempDir::new().unwrap();
        taken_in(&copy, RowsAt::Folder(to.path())).unwrap();
        let report = verify_folder(to.path(), &verifier(), &[]).unwrap();
        assert!(report.good(), "{report:?}");
    }
}

#[tokio::test]
async fn an_epoch_begins_under_a_key_of_its_own() {
    let (from, to) = (Copy::new(), TempDir::new().unwrap());
    taken_in(&out(RowsAt::Folder(from.folder())), RowsAt::Folder(to.path())).unwrap();
    let stranger = SigningKey::from_seed("test.example/ledger".parse().unwrap(), &[9; 32]);
    let refused = begin_epoch(RowsAt::Folder(to.path()), stranger.verifier_key(), &second());
    assert!(matches!(refused, Err(StoreError::Ledger { .. })), "{refused:?}");

    begin_epoch(RowsAt::Folder(to.path()), &verifier(), &second()).unwrap();
    let store = open_second(to.path());
    event(&store, 990_001).await;
    store.close().await;
    let report = verify_folder(to.path(), second().verifier_key(), &[]).unwrap();
    assert!(report.good() && report.entries == from.verify().entries + 1, "{report:?}");
    // The old key says nothing about it any more, and cannot go on.
    assert!(!verify_folder(to.path(), &verifier(), &[]).unwrap().good());
    let (_, change) = make::event(number("E", 990_002), "with the old key");
    let refused = open(to.path()).unwrap().commit(commit().batch(0, vec![change])).await;
    assert!(matches!(refused, Err(StoreError::Stopped { .. })), "{refused:?}");
}

#[test]
fn what_is_no_copy_of_a_store_is_not_taken_in() {
    let from = Copy::new();
    let kept = out(RowsAt::Folder(from.folder()));
    let with = |change: &dyn Fn(&mut Contents)| {
        let mut contents = kept.contents.clone().unwrap();
        change(&mut contents);
        let to = TempDir::new().unwrap();
        why(Loader::begin(RowsAt::Folder(to.path()), &contents).map(drop))
    };
    for name in ["migration", "session", "sqlite_schema", "event\" (id) VALUES ('x'); --"] {
        let said = with(&|contents| contents.tables[0].name = name.into());
        assert!(said.contains("is no table of a store"), "{said}");
    }
    assert!(with(&|contents| contents.tables[0].columns[0] = "sql".into()).contains("is no table"));
    assert!(with(&|contents| contents.tables[0].columns.clear()).contains("is no table"));
    assert!(with(&|contents| contents.tables.push(contents.tables[0].clone())).contains("is no table"));
    assert!(with(&|contents| contents.schema += 1).contains("use the program that wrote them"));

    let to = TempDir::new().unwrap();
    let mut loader = Loader::begin(RowsAt::Folder(to.path()), kept.contents.as_ref().unwrap()).unwrap();
    assert!(why(loader.rows("nothing", &[]).map(drop)).contains("there is no table `nothing`"));
    assert!(why(loader.rows("event", &[0]).map(drop)).contains("row 1 cannot be read"));
    assert!(why(loader.rows("event", &[9; 100]).map(drop)).contains("row 1 cannot be read"));
    drop(loader);
    // Where a store is, none is taken in.
    assert!(why(taken_in(&kept, RowsAt::Folder(from.folder()))).contains("is there already"));
    let server = Postgres::new();
    taken_in(&kept, RowsAt::Server(&server.url())).unwrap();
    assert!(why(taken_in(&kept, RowsAt::Server(&server.url()))).contains("holds a ledger already"));
}

#[test]
fn what_was_altered_on_the_way_is_found() {
    let from = Copy::new();
    let whole = out(RowsAt::Folder(from.folder()));
    for (place, (table, ..)) in whole.chunks.iter().enumerate() {
        if !crate::tamper::COVERED.contains(&table.as_str()) {
            continue;
        }
        let mut kept = Kept { contents: whole.contents.clone(), chunks: whole.chunks.clone() };
        kept.chunks.remove(place);
        let to = TempDir::new().unwrap();
        taken_in(&kept, RowsAt::Folder(to.path())).unwrap();
        let report = verify_folder(to.path(), &verifier(), &[]).unwrap();
        assert!(!report.good(), "rows of `{table}` are missing and nobody says so");
    }
}
