//! The data folder: what is refused, what is made with which mode, who may be in it at the same time.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use fengsui_store::{Store, StoreError, verify_folder};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::home::{Home, Sqlite, beside, database, open, signer, verifier, wait_until_closed};
use crate::killed::{Child, told_folder};
use crate::make::{self, commit, number};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_store_begins_in_nothing() {
    let outer = TempDir::new().unwrap();
    let empty = outer.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let no_bytes = outer.path().join("no bytes");
    fs::create_dir(&no_bytes).unwrap();
    fs::write(database(&no_bytes), "").unwrap();
    set_mode(&database(&no_bytes), 0o600);
    for folder in [outer.path().join("not/there/yet"), empty, no_bytes] {
        let store = open(&folder).unwrap();
        store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
        assert!(verify_folder(&folder, &verifier(), &[]).unwrap().good());
    }
    assert_eq!(mode(&outer.path().join("not")), 0o700);
}

#[test]
fn an_empty_ledger_has_no_signature_to_show() {
    let home = Sqlite::new();
    let _store = home.open();
    let findings = home.verify().ledger.unwrap();
    assert_eq!(findings.list[0].to_string(), "there is no signed checkpoint");
}

#[tokio::test]
async fn every_file_is_its_owners_alone() {
    // With the most generous umask, which only another process can have.
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("data");
    let said = Child::new("folder::generous_child", &inner).in_shell("umask 000").lines();
    assert_eq!(said, ["modes 700 600 600 600"]);
}

#[tokio::test]
#[ignore = "runs as a child of `every_file_is_its_owners_alone`"]
async fn generous_child() {
    let folder = told_folder();
    let store = open(&folder).unwrap();
    store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
    let modes = ["", "-wal", "-shm"].map(|ending| mode(&beside(&folder, ending)));
    println!("modes {:o} {:o} {:o} {:o}", mode(&folder), modes[0], modes[1], modes[2]);
}

#[test]
fn open_files_and_folders_are_refused() {
    for (name, bad, message) in [
        ("", 0o644, "`DB` has mode 644, which lets others in; run `chmod 600 DB`"),
        ("", 0o620, "`DB` has mode 620, which lets others in; run `chmod 600 DB`"),
        ("", 0o604, "`DB` has mode 604, which lets others in; run `chmod 600 DB`"),
        ("-wal", 0o640, "`DB-wal` has mode 640, which lets others in; run `chmod 600 DB-wal`"),
        ("-shm", 0o666, "`DB-shm` has mode 666, which lets others in; run `chmod 600 DB-shm`"),
        ("folder", 0o777, "`FOLDER` has mode 777, which lets others in; run `chmod 700 FOLDER`"),
        ("folder", 0o720, "`FOLDER` has mode 720, which lets others in; run `chmod 700 FOLDER`"),
    ] {
        let home = Sqlite::new();
        let _keeps_all_three_files = home.open();
        let path = if name == "folder" { home.folder().to_owned() } else { beside(home.folder(), name) };
        let good = mode(&path);
        set_mode(&path, bad);
        let error = open(home.folder()).unwrap_err();
        assert!(matches!(error, StoreError::Unsafe(_)), "{error:?}");
        let said = error.to_string().replace(home.file().to_str().unwrap(), "DB");
        assert_eq!(said.replace(home.folder().to_str().unwrap(), "FOLDER"), message);
        set_mode(&path, good);
        open(home.folder()).unwrap();
    }
    // A folder that others may read is theirs to list, not to change: the files are closed.
    let home = Sqlite::new();
    set_mode(home.folder(), 0o755);
    home.open();
}

#[test]
fn what_is_no_database_is_refused() {
    let home = Sqlite::new();
    fs::write(home.file(), "not a database, but long enough to be one. ".repeat(100)).unwrap();
    set_mode(&home.file(), 0o600);
    let error = open(home.folder()).unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    fs::remove_file(home.file()).unwrap();
    fs::create_dir(home.file()).unwrap();
    open(home.folder()).unwrap_err();
}

#[test]
fn an_origin_that_is_not_the_signers_name_is_refused() {
    let home = Sqlite::new();
    let new_id = Box::new(make::id);
    let error = Store::open(home.folder(), "other.example".into(), signer(), new_id).unwrap_err();
    let said = "cannot append to the ledger: its origin is `other.example`, but the key that signs it is \
                named `test.example/ledger`";
    assert_eq!(error.to_string(), said);
    assert!(!home.file().exists());
}

#[test]
fn a_schema_of_another_program_is_refused() {
    for (change, message) in [
        (
            "INSERT INTO migration VALUES (7, '00')",
            "`DB` has schema 7, this program knows up to 6: use a newer program",
        ),
        ("UPDATE migration SET sha256 = '00'", "migration 1 of `DB` was applied with other contents"),
    ] {
        let home = Sqlite::new();
        drop(home.open());
        Connection::open(home.file()).unwrap().execute_batch(change).unwrap();
        for error in
            [open(home.folder()).unwrap_err(), verify_folder(home.folder(), &verifier(), &[]).unwrap_err()]
        {
            assert_eq!(error.to_string().replace(home.file().to_str().unwrap(), "DB"), message);
        }
    }
}

#[test]
fn many_may_begin_at_once() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("data");
    let barrier = std::sync::Barrier::new(8);
    let stores: Vec<Store> = std::thread::scope(|scope| {
        let begin = || {
            barrier.wait();
            open(&inner).unwrap()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (n, store) in (0..).zip(stores) {
        let (_, recorded) = make::event(number("E", n), "wave");
        assert_eq!(runtime.block_on(store.commit(commit().batch(0, vec![recorded]))).unwrap().first_index, n);
    }
    assert!(verify_folder(&inner, &verifier(), &[]).unwrap().good());
}

/// Events that each of two processes records.
const BOTH: u64 = 25;

#[tokio::test]
async fn administration_works_beside_a_running_node() {
    let home = Sqlite::new();
    let store = home.open();
    store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
    let mut child = Child::new("folder::administration_child", home.folder()).start();
    assert_eq!(child.next_line().unwrap(), "ready");
    for n in 0..BOTH {
        store.commit(commit().batch(0, vec![make::event(number("N", n), "node").1])).await.unwrap();
    }
    let mut theirs = 0;
    while let Some(line) = child.next_line() {
        let index: u64 = line.strip_prefix("recorded ").unwrap().parse().unwrap();
        let entry = store.ledger_entries(index, 1).await.unwrap().remove(0);
        assert!(String::from_utf8_lossy(&entry).contains("administration"), "entry {index}");
        theirs += 1;
    }
    assert_eq!(theirs, BOTH);
    assert_eq!(store.ledger_size().await.unwrap(), 1 + 2 * BOTH);
    assert_eq!(store.number_last("N-2026-".into()).await.unwrap(), BOTH - 1);
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

#[tokio::test]
#[ignore = "runs as a child of `administration_works_beside_a_running_node`"]
async fn administration_child() {
    let store = open(&told_folder()).unwrap();
    println!("ready");
    for n in 0..BOTH {
        let (_, recorded) = make::event(number("A", n), "administration");
        let done = store.commit(commit().batch(0, vec![recorded])).await.unwrap();
        println!("recorded {}", done.first_index);
    }
}

#[tokio::test]
async fn a_closed_store_leaves_one_file() {
    let home = Sqlite::new();
    let store = home.open();
    store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
    let copy = store.clone();
    drop(store);
    copy.commit(commit().batch(1, vec![make::node()])).await.unwrap();
    drop(copy);
    wait_until_closed(home.folder());
    let files: Vec<_> = fs::read_dir(home.folder()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["fengsui.db"]);
}
