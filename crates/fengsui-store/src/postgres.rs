//! PostgreSQL: a connection that is driven by whoever uses it.
//!
//! A session belongs to one thread at a time and nothing of it runs in between, so a round trip costs no change of
//! threads. Its settings are those that durability rests on; a server without them is refused.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

use crate::link::{Answer, Connected, DbError, Value};
use crate::{Result, StoreError, Unsafe};

mod copy;
mod dialect;
mod lead;
mod listen;
mod migrate;
mod pipeline;
mod series;
mod types;

pub(crate) use lead::Lead;
pub(crate) use listen::{listen, told};
pub(crate) use pipeline::{Ask, Mark};
pub(crate) use types::Cell;

/// How long a server may take to answer a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a line may be silent before it is asked whether anybody is there.
const SILENCE: Duration = Duration::from_secs(1);
/// How long an answer is waited for; the server itself gives up a little earlier.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(35);
/// What the server is told: how long a statement may run, how long another writer is waited for, and how long a
/// transaction may stand still before the server takes its locks back.
const SETTINGS: &str = "SET synchronous_commit = on; SET statement_timeout = '30s'; SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s'; SET client_encoding = 'UTF8'; SET timezone = 'UTC';
    SET standard_conforming_strings = on";
/// The oldest server with all that is used here.
const OLDEST_SERVER: i64 = 140_000;
/// The advisory lock that whoever writes the ledger holds: any number that nothing else in the database uses.
pub const WRITER_LOCK: i64 = 0x0066_656e_6773_7569;

/// Where a database is and who asks.
#[derive(Clone)]
pub(crate) struct Address(Config);

/// A connection to a server.
pub(crate) struct Session {
    /// Drives the connection while something is asked; present until the session is dropped.
    runtime: Option<Runtime>,
    client: Client,
    /// The connection itself; gone once it has ended.
    connection: RefCell<Option<Connection>>,
    /// What was prepared, by the text the store wrote.
    statements: RefCell<HashMap<String, Statement>>,
    pipeline: pipeline::Pipeline,
}

type Connection = Pin<Box<dyn Future<Output = std::result::Result<(), tokio_postgres::Error>> + Send>>;

impl Address {
    /// Reads a `postgres://` address.
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] if it leaves this machine without encryption, which is not spoken yet;
    /// [`StoreError::Database`] if it is no address.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let mut config: Config = url.parse().map_err(StoreError::database("read the database's address"))?;
        let here = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        };
        if let Some(Host::Tcp(host)) = config.get_hosts().iter().find(|host| !here(host)) {
            return Err(Unsafe::PlainConnection { host: host.clone() }.into());
        }
        config.ssl_mode(SslMode::Disable).connect_timeout(CONNECT_TIMEOUT).application_name("fengsui");
        config.keepalives_idle(SILENCE).keepalives_interval(SILENCE).keepalives_retries(2);
        config.tcp_user_timeout(CONNECT_TIMEOUT);
        Ok(Self(config))
    }

    /// The name of the database, for messages.
    pub(crate) fn name(&self) -> &str {
        self.0.get_dbname().unwrap_or_default()
    }
}

/// Brings the schema up to date.
///
/// # Errors
/// As for [`Session::connect`]; [`StoreError::Newer`] and [`StoreError::MigrationChanged`] for another schema.
pub(crate) fn migrate(address: &Address) -> Result<()> {
    migrate::migrate(&Session::connect(address)?, address)
}

/// Refuses a database whose schema is not exactly this program's.
///
/// # Errors
/// [`StoreError::Older`], [`StoreError::Newer`] and [`StoreError::MigrationChanged`].
pub(crate) fn refuse_other_schema(session: &Session, address: &Address) -> Result<()> {
    migrate::refuse_other(session, address)
}

/// A connection of the writer, its number left in `process`.
///
/// # Errors
/// As for [`Session::connect`].
pub(crate) fn writer(address: &Address, process: &AtomicI32) -> Result<Connected> {
    let session = Session::connect(address)?;
    let number = session.process().map_err(StoreError::database("ask for the connection's number"))?;
    process.store(number, Ordering::Relaxed);
    Ok(Connected::Postgres(Box::new(session)))
}

impl Session {
    /// Connects, and sets what durability rests on.
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] for a server that could lose what was acknowledged, else [`StoreError::Database`].
    pub(crate) fn connect(address: &Address) -> Result<Self> {
        let doing = "connect to the database";
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::database(doing)(DbError::Io(error)))?;
        let connected = runtime.block_on(async {
            let connecting = address.0.connect(NoTls);
            tokio::time::timeout(CONNECT_TIMEOUT, connecting)
                .await
                .map_err(|_| DbError::NoAnswer)?
                .map_err(DbError::from)
        });
        let (client, connection) = connected.map_err(StoreError::database(doing))?;
        let session = Self {
            runtime: Some(runtime),
            client,
            connection: RefCell::new(Some(Box::pin(connection))),
            statements: RefCell::default(),
            pipeline: pipeline::Pipeline::default(),
        };
        session.batch(SETTINGS).map_err(StoreError::database("set up the connection"))?;
        session.refuse_settings()?;
        Ok(session)
    }

    /// Refuses a server that can lose what it acknowledged.
    fn refuse_settings(&self) -> Result<()> {
        let doing = "read a setting of the server";
        let setting = |name: &str| {
            let sql = "SELECT current_setting(?1)";
            let rows = self.query(sql, &[Value::Text(name.into())]).map_err(StoreError::database(doing))?;
            rows[0].try_get::<_, String>(0).map_err(StoreError::database(doing))
        };
        let version = setting("server_version_num")?;
        if version.parse().is_ok_and(|version: i64| version < OLDEST_SERVER) {
            return Err(Unsafe::OldPostgres { found: setting("server_version")? }.into());
        }
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let found = setting(name)?;
            if found != "on" {
                return Err(Unsafe::Setting { name, found }.into());
            }
        }
        let encoding = setting("server_encoding")?;
        if encoding != "UTF8" {
            return Err(Unsafe::Encoding { found: encoding }.into());
        }
        Ok(())
    }

    /// Whether the server is still there, as far as this side has heard.
    pub(crate) fn alive(&self) -> bool {
        // What came in meanwhile is read, so that a server that said goodbye is not asked again.
        let heard = self.drive(async {
            tokio::task::yield_now().await;
            Ok(())
        });
        heard.is_ok() && !self.client.is_closed()
    }

    /// Tells other nodes with the end of the transaction under way.
    pub(crate) fn tell(&self, message: &str) -> Answer<()> {
        let values = [Value::Text(listen::CHANNEL.into()), Value::Text(message.into())];
        self.run("SELECT CAST(pg_notify(?1, ?2) AS text)", &values).map(drop)
    }

    /// The server's number of this connection.
    pub(crate) fn process(&self) -> Answer<i32> {
        let rows = self.query("SELECT pg_backend_pid()", &[])?;
        Ok(rows[0].try_get(0)?)
    }

    /// Carries out statements without values.
    pub(crate) fn batch(&self, sql: &str) -> Answer<()> {
        self.send(Some(sql))
    }

    /// Carries out one statement; returns how many rows it touched, or none where it waits for the end.
    pub(crate) fn run(&self, sql: &str, values: &[Value<'_>]) -> Answer<usize> {
        if self.pipeline.take(sql, values) {
            return Ok(0);
        }
        let statement = self.prepared(sql)?;
        let touched = self.drive(self.client.execute(&statement, &bound(values)))?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    /// The rows of a query.
    pub(crate) fn query(&self, sql: &str, values: &[Value<'_>]) -> Answer<Vec<Row>> {
        if let Some(answer) = self.pipeline.answer(sql, values) {
            return Ok(answer);
        }
        self.send(None)?;
        let statement = self.prepared(sql)?;
        self.drive(self.client.query(&statement, &bound(values)))
    }

    /// Waits until nobody else writes; the lock goes with the transaction.
    pub(crate) fn begin_to_write(&self) -> Answer<()> {
        self.batch("BEGIN")?;
        self.query("SELECT pg_advisory_xact_lock(?1)", &[Value::Integer(WRITER_LOCK)])?;
        self.ask_number()
    }

    /// Ends a transaction; everything of it is on disk then.
    pub(crate) fn commit(&self) -> Answer<()> {
        // Of a transaction that failed before, the server would undo all and call that a success; the empty
        // question is refused then.
        let ended = self.send(Some("SELECT; COMMIT"));
        self.pipeline.clear();
        ended
    }

    /// Ends a transaction; nothing of it is kept.
    pub(crate) fn undo(&self) -> Answer<()> {
        self.pipeline.clear();
        self.batch("ROLLBACK")
    }

    /// Opens a cursor over a query without values, inside the transaction under way.
    pub(crate) fn open_cursor(&self, sql: &str) -> Answer<()> {
        self.batch("SAVEPOINT walk")?;
        self.batch(&format!("DECLARE walk NO SCROLL CURSOR FOR {}", dialect::translated(sql)))
    }

    /// The next rows of that cursor.
    pub(crate) fn fetch(&self, most: usize) -> Answer<Vec<Row>> {
        // Prepared anew each time: its columns are those of the cursor.
        let sql = format!("FETCH {most} FROM walk");
        self.drive(self.client.query(&sql, &[]))
    }

    /// Closes that cursor; the transaction goes on, whatever became of the query.
    pub(crate) fn close_cursor(&self) -> Answer<()> {
        self.batch("ROLLBACK TO walk; RELEASE walk")
    }

    fn prepared(&self, sql: &str) -> Answer<Statement> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.drive(self.client.prepare(&dialect::translated(sql)))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Waits for an answer and drives the connection meanwhile.
    fn drive<T>(
        &self,
        work: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> Answer<T> {
        let runtime = self.runtime.as_ref().expect("the runtime is there until the session is dropped");
        let mut connection = self.connection.borrow_mut();
        let answer = runtime.block_on(async {
            let mut work = pin!(work);
            let both = poll_fn(|context| {
                let done = work.as_mut().poll(context);
                // Polled after the work, which then has been sent, and once more where the work waits.
                if let Some(open) = connection.as_mut()
                    && open.as_mut().poll(context).is_ready()
                {
                    *connection = None;
                }
                if done.is_pending() { work.as_mut().poll(context) } else { done }
            });
            tokio::time::timeout(ANSWER_TIMEOUT, both).await
        });
        let Ok(answer) = answer else {
            // Whatever comes in later would be taken for the answer to something else.
            *connection = None;
            return Err(DbError::NoAnswer);
        };
        answer.map_err(DbError::from)
    }
}

impl Drop for Session {
    /// Without waiting: this may happen where nothing may block.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn bound<'a>(values: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
