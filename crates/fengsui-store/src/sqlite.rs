//! SQLite: one file, one writer, readers beside it.
//!
//! The writer is a thread of its own that takes every waiting commit into one transaction, signs one
//! checkpoint and syncs once; each commit still succeeds or fails alone (a savepoint each). It reads the
//! head of the ledger anew in each transaction and goes on only if that is the signed one, so
//! administration from another process on the same folder is safe and a forged end is never signed over.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fengsui_domain::change::Subject;
use fengsui_ledger::SigningKey;
use rusqlite::Connection;
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};
use uuid::Uuid;

use crate::{Commit, Committed, Result, StoreError};

mod append;
mod head;
mod inspect;
mod open;
mod read;
mod read_case;
mod read_duty;
mod read_ledger;
mod read_resource;
mod side;
mod writer;

pub(crate) use append::{put, put_index};
pub(crate) use head::SqliteTiles;
pub(crate) use inspect::Inspection;
pub(crate) use open::scratch;

/// Name of the database file in a data folder.
pub(crate) const FILE: &str = "fengsui.db";
/// Readers at work at once. Two cores serve four with room for one that waits on the disk.
const MAX_READERS: usize = 4;
/// Commits waiting for the writer; one more waits for a place.
const MAX_WAITING: usize = 1_024;
/// Announcements a slow listener may fall behind before it is told to read anew.
const MAX_BEHIND: usize = 256;

/// Source of ids for entries.
pub type NewEntryId = Box<dyn FnMut() -> Uuid + Send>;

/// A handle to the store; clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    /// Dropped before `writer`, so that the writer's connection is the last one: that one empties the log
    /// into the database, and two that close at the same time leave it to each other.
    readers: Mutex<Vec<Connection>>,
    writer: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
    changed: broadcast::Sender<Arc<[Subject]>>,
    counts: Arc<Counts>,
}

/// A commit on its way to the writer.
struct Job {
    commit: Commit,
    answer: oneshot::Sender<Result<Committed>>,
}

/// What the writer did since the store was opened: how many commits share a sync.
#[derive(Debug, Default)]
struct Counts {
    /// Commits acknowledged.
    commits: AtomicU64,
    /// Transactions synced.
    transactions: AtomicU64,
}

impl Store {
    /// Opens the store in `folder`, made if need be, and brings its schema up to date.
    ///
    /// `signer` signs the ledger's checkpoints and `origin` is its name; `new_id` gives entries their ids.
    ///
    /// # Errors
    /// [`StoreError::Unsafe`] if a setting could lose what was acknowledged or let others in;
    /// [`StoreError::Newer`], [`StoreError::MigrationChanged`] for a schema that is not this program's;
    /// [`StoreError::Ledger`] if `origin` is not the signer's name, as whoever verifies expects.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "settled interface: the store owns what it is opened with"
    )]
    pub fn open(folder: &Path, origin: String, signer: SigningKey, new_id: NewEntryId) -> Result<Self> {
        let name = signer.verifier_key().name().as_str();
        if name != origin {
            let reason = format!("its origin is `{origin}`, but the key that signs it is named `{name}`");
            return Err(StoreError::Ledger { reason });
        }
        let path = folder.join(FILE);
        open::refuse_old_sqlite(rusqlite::version_number(), rusqlite::version())?;
        open::create(&path)?;
        open::refuse_open_files(&path)?;
        let connection = open::connect(&path)?;
        open::refuse_settings(&connection)?;
        open::migrate(&connection, &path)?;
        let (sender, jobs) = mpsc::channel(MAX_WAITING);
        let (changed, _) = broadcast::channel(MAX_BEHIND);
        let counts = Arc::<Counts>::default();
        let writer = writer::Writer::new(connection, signer, new_id, changed.clone(), Arc::clone(&counts));
        std::thread::Builder::new().name("store-writer".into()).spawn(move || writer.run(jobs)).map_err(
            |source| StoreError::File { doing: "start the writer of", path: path.clone(), source },
        )?;
        let (readers, places) = (Mutex::default(), Arc::new(Semaphore::new(MAX_READERS)));
        Ok(Self { inner: Arc::new(Inner { path, readers, writer: sender, places, changed, counts }) })
    }

    /// Writes a commit; returns after its sync. A caller that stops waiting does not stop the commit.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], [`StoreError::Taken`], [`StoreError::Repeated`],
    /// [`StoreError::EntryTooLarge`] and [`StoreError::Unavailable`] leave everything as it was;
    /// [`StoreError::Stopped`] once the disk failed.
    pub async fn commit(&self, commit: Commit) -> Result<Committed> {
        let gone = || StoreError::Stopped { reason: "the writer has ended".into() };
        let (answer, answered) = oneshot::channel();
        self.inner.writer.send(Job { commit, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Subjects changed by commits of this process, as they happen.
    pub fn changes(&self) -> broadcast::Receiver<Arc<[Subject]>> {
        self.inner.changed.subscribe()
    }

    /// Runs a query on a reader, off the async threads.
    async fn read<T, F>(&self, query: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let places = Arc::clone(&self.inner.places);
        let place = places.acquire_owned().await.expect("the semaphore is never closed");
        let inner = Arc::clone(&self.inner);
        let work = tokio::task::spawn_blocking(move || {
            // Held until the query is done, also when nobody waits for it any more.
            let _place = place;
            let idle = inner.readers.lock().expect("no reader panics while it holds the lock").pop();
            let connection = match idle {
                Some(connection) => connection,
                None => open::reader(&inner.path)?,
            };
            let result = query(&connection);
            inner.readers.lock().expect("no reader panics while it holds the lock").push(connection);
            result
        });
        work.await.map_err(StoreError::corrupt("the answer to a query"))?
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { commits, transactions } = &*self.inner.counts;
        f.debug_struct("Store")
            .field("path", &self.inner.path)
            .field("commits", &commits.load(Ordering::Relaxed))
            .field("transactions", &transactions.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}
