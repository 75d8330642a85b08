//! Homes: where a store lives during a test.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use fengsui_ledger::{SigningKey, VerifierKey};
use fengsui_store::{Report, Result, Store, WRITER_LOCK, verify_folder, verify_server};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use crate::server::Server;

/// The name of every test's ledger.
pub(crate) const ORIGIN: &str = "test.example/ledger";

/// A place where a store lives; it is empty at first and gone with the value.
pub(crate) trait Home {
    /// Opens the store; each call gives a further handle with a writer of its own.
    fn open(&self) -> Store;

    /// Verifies what is stored.
    fn verify(&self) -> Report;

    /// Keeps every writer waiting until the value is dropped, so that commits gather behind it.
    fn keep_writers_waiting(&self) -> Box<dyn Send>;

    /// Changes what is stored behind the store's back.
    fn change(&self, sql: &str);
}

/// A folder with an SQLite database.
pub(crate) struct Sqlite {
    folder: TempDir,
}

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self) -> PathBuf {
        database(self.folder())
    }
}

impl Home for Sqlite {
    fn open(&self) -> Store {
        open(self.folder()).unwrap()
    }

    fn verify(&self) -> Report {
        verify_folder(self.folder(), &verifier(), &[]).unwrap()
    }

    fn change(&self, sql: &str) {
        Connection::open(self.file()).unwrap().execute_batch(sql).unwrap();
    }

    fn keep_writers_waiting(&self) -> Box<dyn Send> {
        let connection = Connection::open(self.file()).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        Box::new(connection)
    }
}

/// A store in memory; every handle is one to the same.
pub(crate) struct Memory {
    store: Store,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self { store: Store::in_memory(ORIGIN.to_owned(), signer(), Box::new(ids())).unwrap() }
    }
}

impl Home for Memory {
    fn open(&self) -> Store {
        self.store.clone()
    }

    fn verify(&self) -> Report {
        let verified = pin!(self.store.verify(verifier()));
        // Nothing in memory waits, so the first poll has the answer.
        let Poll::Ready(report) = verified.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("a store in memory waits for nobody");
        };
        report.unwrap()
    }

    fn change(&self, sql: &str) {
        unreachable!("its one connection is never held from outside: {sql}")
    }

    fn keep_writers_waiting(&self) -> Box<dyn Send> {
        unreachable!("its one connection is never held from outside")
    }
}

/// A database of a PostgreSQL server.
pub(crate) struct Postgres {
    server: Server,
    database: String,
}

impl Postgres {
    pub(crate) fn new() -> Self {
        let server = Server::of_this_run();
        let database = server.create();
        Self { server, database }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url(&self.database)
    }

    /// The same database through a socket in another folder.
    pub(crate) fn url_through(&self, folder: &Path) -> String {
        self.url().replace(
            &self.server.socket().parent().unwrap().display().to_string(),
            &folder.display().to_string(),
        )
    }

    /// Where its server listens.
    pub(crate) fn socket(&self) -> PathBuf {
        self.server.socket()
    }

    /// Breaks every line to the database.
    pub(crate) fn break_lines(&self) {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.server.run(&self.database, sql);
    }
}

/// Opens the store in a server's database.
pub(crate) fn open_server(url: &str) -> Store {
    Store::open_postgres(url, ORIGIN, signer(), Box::new(ids())).unwrap()
}

impl Home for Postgres {
    fn open(&self) -> Store {
        open_server(&self.url())
    }

    fn verify(&self) -> Report {
        verify_server(&self.url(), &verifier(), &[]).unwrap()
    }

    fn change(&self, sql: &str) {
        self.server.run(&self.database, sql);
    }

    fn keep_writers_waiting(&self) -> Box<dyn Send> {
        Box::new(self.server.hold(&self.database, &format!("SELECT pg_advisory_lock({WRITER_LOCK})")))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.server.remove(&self.database);
    }
}

/// The key of every test's ledger.
pub(crate) fn signer() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[7; 32])
}

/// What an outsider knows of it.
pub(crate) fn verifier() -> VerifierKey {
    signer().verifier_key().clone()
}

/// Opens the store in a folder.
pub(crate) fn open(folder: &Path) -> Result<Store> {
    Store::open(folder, ORIGIN.to_owned(), signer(), Box::new(ids()))
}

/// Ids that are never the same twice in a test process; children count from another start.
pub(crate) fn ids() -> impl FnMut() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let start = u128::from(std::process::id()) << 64;
    move || Uuid::from_u128(start + u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// The database of a folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("fengsui.db")
}

/// A file that SQLite keeps beside the database: `-wal` or `-shm`.
pub(crate) fn beside(folder: &Path, ending: &str) -> PathBuf {
    folder.join(format!("fengsui.db{ending}"))
}

/// Waits until the last connection of a dropped store has closed and put its log away.
pub(crate) fn wait_until_closed(folder: &Path) {
    let given_up = Instant::now() + Duration::from_mins(1);
    while beside(folder, "-wal").exists() {
        assert!(Instant::now() < given_up, "the store does not close");
        std::thread::yield_now();
    }
}
