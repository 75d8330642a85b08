//! SQLite: one file, one writer, readers beside it.
//!
//! The writer is a thread of its own that takes every waiting commit into one transaction, signs one
//! checkpoint and syncs once; each commit still succeeds or fails alone (a savepoint each). It reads the
//! head of the ledger anew in each transaction and goes on only if that is the signed one, so
//! administration from another process on the same folder is safe and a forged end is never signed over.
//!
//! A store in memory has the same schema and the same writer on one connection that vanishes with the
//! store: no thread, no file with a name, no sync. Drills run on it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fengsui_domain::change::Subject;
use fengsui_ledger::{SigningKey, VerifierKey};
use rusqlite::Connection;
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};
use uuid::Uuid;

use crate::fold::State;
use crate::verify::{Report, verify};
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
mod recent;
mod side;
mod writer;

pub(crate) use append::{put, put_index};
pub(crate) use head::SqliteTiles;
pub(crate) use inspect::Inspection;
pub(crate) use open::scratch;
use recent::Recent;
use writer::Writer;

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
    home: Home,
    changed: broadcast::Sender<Arc<[Subject]>>,
    counts: Arc<Counts>,
    recent: Arc<Recent>,
}

/// Where the rows are.
enum Home {
    /// In a file: a writer of its own, readers beside it.
    File(File),
    /// On one connection, whose database vanishes with it; reading and writing take turns.
    Memory(Box<Mutex<Writer>>),
}

struct File {
    path: PathBuf,
    /// Dropped before `writer`, so that the writer's connection is the last one: that one empties the log
    /// into the database, and two that close at the same time leave it to each other.
    readers: Mutex<Vec<Connection>>,
    writer: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
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
        refuse_other_name(&origin, &signer)?;
        let path = folder.join(FILE);
        open::refuse_old_sqlite(rusqlite::version_number(), rusqlite::version())?;
        open::create(&path)?;
        open::refuse_open_files(&path)?;
        let connection = open::connect(&path)?;
        open::refuse_settings(&connection)?;
        open::migrate(&connection, &path)?;
        let (sender, jobs) = mpsc::channel(MAX_WAITING);
        let (changed, _) = broadcast::channel(MAX_BEHIND);
        let (counts, recent) = (Arc::<Counts>::default(), Arc::<Recent>::default());
        let (told, counted, kept) = (changed.clone(), Arc::clone(&counts), Arc::clone(&recent));
        let writer = Writer::new(connection, signer, new_id, told, counted, kept);
        std::thread::Builder::new().name("store-writer".into()).spawn(move || writer.run(jobs)).map_err(
            |source| StoreError::File { doing: "start the writer of", path: path.clone(), source },
        )?;
        let (readers, places) = (Mutex::default(), Arc::new(Semaphore::new(MAX_READERS)));
        let home = Home::File(File { path, readers, writer: sender, places });
        Ok(Self { inner: Arc::new(Inner { home, changed, counts, recent }) })
    }

    /// A store of its own that vanishes with its last handle: the same schema, the same writer, no sync.
    /// What does not fit its cache of 8 MiB goes to a file without a name, so its memory stays flat.
    ///
    /// # Errors
    /// As for [`Self::open`].
    #[expect(clippy::needless_pass_by_value, reason = "as for `open`")]
    pub fn in_memory(origin: String, signer: SigningKey, new_id: NewEntryId) -> Result<Self> {
        refuse_other_name(&origin, &signer)?;
        let (changed, _) = broadcast::channel(MAX_BEHIND);
        let (counts, recent) = (Arc::<Counts>::default(), Arc::<Recent>::default());
        let (told, counted, kept) = (changed.clone(), Arc::clone(&counts), Arc::clone(&recent));
        let writer = Writer::new(open::memory()?, signer, new_id, told, counted, kept).alone();
        let home = Home::Memory(Box::new(Mutex::new(writer)));
        Ok(Self { inner: Arc::new(Inner { home, changed, counts, recent }) })
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
        match &self.inner.home {
            Home::File(file) => file.writer.send(Job { commit, answer }).await.map_err(|_| gone())?,
            Home::Memory(writer) => held(writer).work(vec![Job { commit, answer }]),
        }
        answered.await.map_err(|_| gone())?
    }

    /// Verifies what is stored against the verifier key of the ledger, as
    /// [`verify_folder`](crate::verify_folder) does from outside.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read at all; what is wrong in it is in the report.
    pub async fn verify(&self, key: VerifierKey) -> Result<Report> {
        self.read(move |connection| verify(connection, &key)).await
    }

    /// Writes everything as a database of its own into `folder`, where a store can then be opened.
    ///
    /// # Errors
    /// [`StoreError`] if there is a database with contents already, or it cannot be written.
    pub async fn copy_to(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        open::create(&path)?;
        let name = path.display().to_string();
        let doing = "copy the database into a file";
        self.read(move |c| c.execute("VACUUM INTO ?1", [name]).map(drop).map_err(StoreError::database(doing)))
            .await
    }

    /// Subjects changed by commits of this process, as they happen.
    pub fn changes(&self) -> broadcast::Receiver<Arc<[Subject]>> {
        self.inner.changed.subscribe()
    }

    /// A subject as it stands, with its version.
    async fn state(&self, subject: Subject) -> Result<Option<(u64, Arc<State>)>> {
        let recent = Arc::clone(&self.inner.recent);
        let kept = self.read(move |c| recent::load(c, &recent, subject)).await?;
        Ok(kept.map(|kept| (kept.version, kept.state)))
    }

    /// Runs a query on a reader, off the async threads.
    async fn read<T, F>(&self, query: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let file = match &self.inner.home {
            Home::File(file) => file,
            // A thread of its own would cost more than the query; nothing here waits for a disk.
            Home::Memory(writer) => return query(held(writer).connection()),
        };
        let places = Arc::clone(&file.places);
        let place = places.acquire_owned().await.expect("the semaphore is never closed");
        let inner = Arc::clone(&self.inner);
        let work = tokio::task::spawn_blocking(move || {
            // Held until the query is done, also when nobody waits for it any more.
            let _place = place;
            let Home::File(file) = &inner.home else { unreachable!("a store does not move") };
            let idle = file.readers.lock().expect("no reader panics while it holds the lock").pop();
            let connection = match idle {
                Some(connection) => connection,
                None => open::reader(&file.path)?,
            };
            let result = query(&connection);
            file.readers.lock().expect("no reader panics while it holds the lock").push(connection);
            result
        });
        work.await.map_err(StoreError::corrupt("the answer to a query"))?
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { commits, transactions } = &*self.inner.counts;
        let path = match &self.inner.home {
            Home::File(file) => file.path.as_path(),
            Home::Memory(_) => Path::new("(memory)"),
        };
        f.debug_struct("Store")
            .field("path", &path)
            .field("commits", &commits.load(Ordering::Relaxed))
            .field("transactions", &transactions.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

/// The one connection of a store in memory. A reading or a write that panicked is not over its rows: its
/// transaction was never committed.
fn held(writer: &Mutex<Writer>) -> std::sync::MutexGuard<'_, Writer> {
    writer.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Whoever verifies expects the key to carry the ledger's name.
fn refuse_other_name(origin: &str, signer: &SigningKey) -> Result<()> {
    let name = signer.verifier_key().name().as_str();
    if name == origin {
        return Ok(());
    }
    let reason = format!("its origin is `{origin}`, but the key that signs it is named `{name}`");
    Err(StoreError::Ledger { reason })
}
