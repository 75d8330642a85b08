//! A PostgreSQL server for this run of the tests, and a database of its own for each of them.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_postgres::{Client, NoTls};

use crate::cluster::{self, USER};
use crate::home::{Home as _, Postgres};

/// The name of a server's socket in its folder.
pub(crate) const SOCKET: &str = ".s.PGSQL.5432";

/// The server of this run.
pub(crate) struct Server {
    folder: PathBuf,
}

impl Server {
    /// The server, started if nobody did yet.
    pub(crate) fn of_this_run() -> Self {
        Self { folder: cluster::of_this_run() }
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        cluster::url(&self.folder, database)
    }

    /// The socket on which it listens.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(SOCKET)
    }

    /// A new and empty database; returns its name.
    pub(crate) fn create(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.run(USER, &format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"));
        name
    }

    /// Drops a database, whoever is connected to it.
    pub(crate) fn remove(&self, database: &str) {
        self.run(USER, &format!("DROP DATABASE {database} WITH (FORCE)"));
    }

    /// Carries out statements as somebody else would.
    pub(crate) fn run(&self, database: &str, sql: &str) {
        let _held = self.hold(database, sql);
    }

    /// Carries out statements and keeps the connection, with the locks it took.
    pub(crate) fn hold(&self, database: &str, sql: &str) -> Held {
        let (url, sql) = (self.url(database), sql.to_owned());
        let opened = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let client = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(&sql).await.unwrap();
                client
            });
            (client, runtime)
        });
        let (client, runtime) = opened.join().unwrap();
        Held { _client: client, runtime: Some(runtime) }
    }
}

/// A connection with what it holds.
pub(crate) struct Held {
    _client: Client,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What a verification expects of a schema against a schema just made; `FENGSUI_WRITE=1` writes it anew.
pub(crate) async fn structure(home: &Postgres) {
    drop(home.open());
    let (client, connection) = tokio_postgres::connect(&home.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let rows = client.query(include_str!("../../migrations/postgres/structure.sql"), &[]).await.unwrap();
    let found: String = rows.iter().map(|row| format!("{}\n", row.get::<_, String>(0))).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres/structure.txt");
    if std::env::var_os("FENGSUI_WRITE").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), found);
}
