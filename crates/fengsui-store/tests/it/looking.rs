//! Looking leaves no trace: a verification works on whatever files there are and changes none.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use fengsui_store::{Report, Store, StoreError, verify_folder};
use tempfile::TempDir;

use crate::home::{Home, Sqlite, beside, database, open, verifier, wait_until_closed};
use crate::make::{self, commit, number};

/// Every file of a folder with its bytes and the time of its last change.
fn contents(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, (fs::read(entry.path()).unwrap(), entry.metadata().unwrap().modified().unwrap()))
    });
    files.collect()
}

/// Verifies a folder and sees to it that nothing in it was touched.
fn look(folder: &Path) -> Report {
    look_beside(folder, "nobody")
}

/// Verifies a folder while somebody may be at work, whose shared memory notes who reads.
fn look_beside(folder: &Path, noting: &str) -> Report {
    let record = || {
        let mut files = contents(folder);
        files.remove(noting);
        files
    };
    let before = record();
    let report = verify_folder(folder, &verifier(), &[]).unwrap();
    let after = record();
    assert!(before.keys().eq(after.keys()), "files came or went: {:?}", after.keys());
    let touched: Vec<_> = before.iter().filter(|(name, was)| after[*name] != **was).collect();
    assert!(touched.is_empty(), "{:?} changed", touched.iter().map(|(name, _)| name).collect::<Vec<_>>());
    report
}

async fn fill(store: &Store, events: u64) {
    let from = store.number_last("E-2026-".into()).await.unwrap() + 1;
    for n in from..from + events {
        store.commit(commit().batch(0, vec![make::event(number("E", n), "wave").1])).await.unwrap();
    }
}

/// A copy of some files of a folder: the database and whatever is named beside it.
fn copy(folder: &Path, endings: &[&str]) -> TempDir {
    let copied = TempDir::new().unwrap();
    for ending in [&[""], endings].concat() {
        fs::copy(beside(folder, ending), beside(copied.path(), ending)).unwrap();
    }
    copied
}

#[tokio::test]
async fn a_folder_at_work_is_left_alone() {
    let home = Sqlite::new();
    let store = home.open();
    fill(&store, 10).await;
    for _ in 0..3 {
        let report = look_beside(home.folder(), "fengsui.db-shm");
        assert!(report.good() && report.entries == 10, "{report:?}");
    }
    // And the node goes on.
    fill(&store, 1).await;
    assert_eq!(look_beside(home.folder(), "fengsui.db-shm").entries, 11);
}

#[tokio::test]
async fn copies_verify_with_whatever_came_along() {
    let home = Sqlite::new();
    let store = home.open();
    fill(&store, 12).await;
    // Nothing was put into the database yet but its schema: all of the record is in the log.
    for (endings, entries) in [(vec!["-wal"], 12), (vec!["-wal", "-shm"], 12)] {
        let copied = copy(home.folder(), &endings);
        let report = look_beside(copied.path(), "fengsui.db-shm");
        assert!(report.good() && report.entries == entries, "{endings:?}: {report:?}");
    }
    drop(store);
    wait_until_closed(home.folder());
    for folder in [home.folder(), copy(home.folder(), &[]).path()] {
        let report = look(folder);
        assert!(report.good() && report.entries == 12, "{report:?}");
    }
    // An empty log beside it, as a node leaves it that was killed before its first commit.
    let copied = copy(home.folder(), &[]);
    fs::write(beside(copied.path(), "-wal"), []).unwrap();
    assert_eq!(look(copied.path()).entries, 12);
    fs::write(beside(copied.path(), "-shm"), []).unwrap();
    assert_eq!(look_beside(copied.path(), "fengsui.db-shm").entries, 12);
}

#[tokio::test]
async fn names_that_mean_something_in_addresses_mean_nothing_here() {
    let outer = TempDir::new().unwrap();
    for name in ["a b", "烽燧", "50%", "what?mode=memory", "#1", "a&b=c", "..."] {
        let folder = outer.path().join(name);
        let store = open(&folder).unwrap();
        fill(&store, 1).await;
        assert!(look_beside(&folder, "fengsui.db-shm").good(), "{name}");
        drop(store);
        wait_until_closed(&folder);
        assert!(look(&folder).good(), "{name}");
    }
}

#[test]
fn what_is_no_data_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = database(folder.path());
    let said = |expected: &str| {
        let error = verify_folder(folder.path(), &verifier(), &[]).unwrap_err();
        assert_eq!(error.to_string().replace(path.to_str().unwrap(), "DB"), expected);
        error
    };
    said("cannot open `DB`");
    assert!(!path.exists(), "and nothing was made");
    fs::write(&path, "").unwrap();
    let older =
        "`DB` has schema 0, this program needs 6: start a node on it once, or use the program that wrote it";
    said(older);
    fs::write(&path, "this is no database".repeat(1_000)).unwrap();
    let error = said("cannot read the schema's version");
    assert!(matches!(error, StoreError::Database { .. }));
}

/// Verifications while a node commits, starts and ends: never a false alarm.
#[test]
fn a_node_at_work_never_looks_tampered_with() {
    let home = Sqlite::new();
    let folder = home.folder();
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..6 {
            let store = open(folder).unwrap();
            runtime.block_on(fill(&store, 12));
        }
    };
    let store = home.open();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(fill(&store, 1));
    drop(store);
    std::thread::scope(|scope| {
        let working = scope.spawn(work);
        let mut entries = 1;
        while !working.is_finished() {
            let report = verify_folder(folder, &verifier(), &[]).unwrap();
            assert!(report.good() && report.entries >= entries, "{report:?}");
            entries = report.entries;
        }
    });
    assert_eq!(verify_folder(folder, &verifier(), &[]).unwrap().entries, 73);
}
