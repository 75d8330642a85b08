//! A handle to the store: one writer, readers beside it, over a file of SQLite or a database of a server.
//!
//! The writer is a thread of its own that takes every waiting commit into one transaction, signs one
//! checkpoint and syncs once; each commit still succeeds or fails alone (a savepoint each). It reads the
//! head of the ledger anew in each transaction and goes on only if that is the signed one, so
//! administration from another process on the same folder is safe and a forged end is never signed over.
//!
//! A store in memory has the same schema and the same writer on one connection that vanishes with the
//! store: no thread, no file with a name, no sync. Drills run on it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use fengsui_domain::change::Subject;
use fengsui_ledger::{SigningKey, VerifierKey};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};
use uuid::Uuid;

use crate::disk::{Disk, Rows};
use crate::fold::State;
use crate::link::{Connected, Link, values};
use crate::postgres::{self, Address, Lead, Session, listen};
use crate::recent::{Recent, load};
use crate::search;
use crate::sqlite::{FILE, open};
use crate::verify::{Report, verify};
use crate::writer::Writer;
use crate::{Commit, Committed, Result, StoreError};

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
    /// In a file or on a server: a writer of its own, readers beside it.
    Lasting(Box<Lasting>),
    /// On one connection, whose database vanishes with it; reading and writing take turns.
    Memory(Box<Memory>),
}

struct Memory {
    writer: Mutex<Writer>,
    /// Whoever reads or writes lets others go first, as it is where reading and writing take their time.
    takes_turns: bool,
}

impl Memory {
    async fn turn(&self) {
        if self.takes_turns {
            tokio::task::yield_now().await;
        }
    }
}

struct Lasting {
    place: Place,
    /// Dropped before `writer`, so that the writer's connection is the last one: that one empties the log
    /// into the database, and two that close at the same time leave it to each other.
    readers: Mutex<Vec<Connected>>,
    writer: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
    lead: Arc<Mutex<Lead>>,
    /// The writer's thread.
    writing: std::thread::JoinHandle<()>,
    /// Ends the hearing of other nodes when it is dropped.
    _hearing: Option<oneshot::Sender<()>>,
}

/// Where a lasting home is.
enum Place {
    /// An SQLite database.
    File(PathBuf),
    /// A database of a PostgreSQL server, the server's number of the writer's connection, and the series of numbers
    /// that this process has drawn from.
    Server(Box<Address>, Arc<AtomicI32>, Arc<Mutex<BTreeSet<String>>>),
}

impl Place {
    /// A connection that only reads.
    fn reader(&self) -> Result<Connected> {
        Ok(match self {
            Self::File(path) => Connected::Sqlite(open::reader(path)?),
            Self::Server(address, ..) => Connected::Postgres(Box::new(Session::connect(address)?)),
        })
    }

    /// Its name, for messages.
    fn name(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Server(address, ..) => Path::new(address.name()),
        }
    }
}

/// A commit on its way to the writer.
pub(crate) struct Job {
    pub(crate) commit: Commit,
    pub(crate) answer: oneshot::Sender<Result<Committed>>,
}

/// What the writer did since the store was opened: how many commits share a sync.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Commits acknowledged.
    pub(crate) commits: AtomicU64,
    /// Transactions synced.
    pub(crate) transactions: AtomicU64,
    /// Commits refused since they would break a rule that must always hold.
    pub(crate) broken: AtomicU64,
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
        search::catch_up(Link::Sqlite(&connection))?;
        Self::lasting(Place::File(path), connection.into(), signer, new_id)
    }

    /// Opens the store in the PostgreSQL database at `url` (`postgres://…`), and brings its schema up to date.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub fn open_postgres(url: &str, origin: &str, signer: SigningKey, new_id: NewEntryId) -> Result<Self> {
        refuse_other_name(origin, &signer)?;
        let (address, process) = (Box::new(Address::parse(url)?), Arc::<AtomicI32>::default());
        let own = || {
            postgres::migrate(&address)?;
            let writer = postgres::writer(&address, &process)?;
            search::catch_up(writer.link())?;
            Ok::<_, StoreError>(writer)
        };
        // On a thread of its own, since whoever opens a store may be where nothing may wait.
        let opened = std::thread::scope(|scope| scope.spawn(own).join());
        let own = opened.expect("opening does not panic")?;
        Self::lasting(Place::Server(address, process, Arc::default()), own, signer, new_id)
    }

    /// Whether this process leads among those on the same database, so that it runs the timer; asked for in every
    /// round. Whoever has a file for itself always does.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the server does not answer.
    pub async fn leads(&self) -> Result<bool> {
        let Home::Lasting(home) = &self.inner.home else { return Ok(true) };
        let Place::Server(address, ..) = &home.place else { return Ok(true) };
        let (address, lead) = (address.clone(), Arc::clone(&home.lead));
        let asking = tokio::task::spawn_blocking(move || {
            lead.lock().unwrap_or_else(std::sync::PoisonError::into_inner).ask(&address)
        });
        asking.await.map_err(StoreError::corrupt("the answer to who leads"))?
    }

    /// The next number of a series whose numbers all begin with `prefix`, where several processes draw from it; none
    /// where one process numbers by itself.
    ///
    /// # Errors
    /// [`StoreError`] if the server does not answer.
    pub async fn number_next(&self, prefix: String) -> Result<Option<u64>> {
        let Home::Lasting(home) = &self.inner.home else { return Ok(None) };
        let Place::Server(_, _, drawn) = &home.place else { return Ok(None) };
        let drawn = Arc::clone(drawn);
        let known = held(&drawn).contains(&prefix);
        let above = if known { None } else { Some(self.number_last(prefix.clone()).await?) };
        let draw = move |link: Link<'_>| {
            let Link::Postgres(session) = link else { return Ok(None) };
            let number = session.draw(&prefix, above).map_err(StoreError::database("draw a number"))?;
            held(&drawn).insert(prefix.clone());
            Ok(Some(number))
        };
        self.read(draw).await
    }

    /// The store behind a connection whose schema is this program's.
    fn lasting(place: Place, own: Connected, signer: SigningKey, new_id: NewEntryId) -> Result<Self> {
        let (sender, jobs) = mpsc::channel(MAX_WAITING);
        let (changed, _) = broadcast::channel(MAX_BEHIND);
        let (counts, recent) = (Arc::<Counts>::default(), Arc::<Recent>::default());
        let (told, counted, kept) = (changed.clone(), Arc::clone(&counts), Arc::clone(&recent));
        let mut writer = Writer::new(own, signer, new_id, told, counted, kept);
        let begun =
            |source| StoreError::File { doing: "start a thread for", path: place.name().to_owned(), source };
        let mut heard = None;
        if let Place::Server(address, process, _) = &place {
            let (line, number) = (address.clone(), Arc::clone(process));
            writer = writer.connecting(Box::new(move || postgres::writer(&line, &number)));
            let (line, number, told) = (address.clone(), Arc::clone(process), changed.clone());
            let (end, ended) = oneshot::channel();
            heard = Some(end);
            thread("store-listener", move || listen(&line, &number, &told, ended))
                .map(drop)
                .map_err(begun)?;
        }
        let writing = thread("store-writer", move || writer.run(jobs)).map_err(begun)?;
        let (readers, places) = (Mutex::default(), Arc::new(Semaphore::new(MAX_READERS)));
        let (writer, lead) = (sender, Arc::default());
        let home = Home::Lasting(Box::new(Lasting {
            place,
            readers,
            writer,
            places,
            lead,
            writing,
            _hearing: heard,
        }));
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
        Self::over(open::memory()?.into(), signer, new_id, None)
    }

    /// The same on a simulated disk, over the rows of a store that ended, if there was one: whoever reads or writes
    /// lets others go first.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub fn simulated(
        rows: Option<Rows>,
        signer: SigningKey,
        new_id: NewEntryId,
        disk: Box<dyn Disk>,
    ) -> Result<Self> {
        let rows = match rows {
            Some(Rows(rows)) => rows,
            None => open::memory()?.into(),
        };
        Self::over(rows, signer, new_id, Some(disk))
    }

    fn over(
        rows: Connected,
        signer: SigningKey,
        new_id: NewEntryId,
        disk: Option<Box<dyn Disk>>,
    ) -> Result<Self> {
        let (changed, _) = broadcast::channel(MAX_BEHIND);
        let (counts, recent) = (Arc::<Counts>::default(), Arc::<Recent>::default());
        let (told, counted, kept) = (changed.clone(), Arc::clone(&counts), Arc::clone(&recent));
        search::catch_up(rows.link())?;
        let mut writer = Writer::new(rows, signer, new_id, told, counted, kept).alone();
        let takes_turns = disk.is_some();
        if let Some(disk) = disk {
            writer = writer.on(disk);
        }
        let home = Home::Memory(Box::new(Memory { writer: Mutex::new(writer), takes_turns }));
        Ok(Self { inner: Arc::new(Inner { home, changed, counts, recent }) })
    }

    /// The rows of a store in memory, for another that goes on with them; none if this is not the last handle.
    pub fn into_rows(self) -> Option<Rows> {
        match Arc::into_inner(self.inner)?.home {
            Home::Lasting(_) => None,
            Home::Memory(memory) => {
                let writer = memory.writer.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
                Some(Rows(writer.into_connection()))
            }
        }
    }

    /// Waits until what is under way is written and the database closed, if this is the last handle.
    pub async fn close(self) {
        let Some(inner) = Arc::into_inner(self.inner) else { return };
        if let Home::Lasting(home) = inner.home {
            let Lasting { writing, readers, writer, .. } = *home;
            // In this order: the writer's connection is the last one.
            drop((readers, writer));
            let ended = tokio::task::spawn_blocking(move || writing.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the writer's thread did not end as it should");
            }
        }
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
            Home::Lasting(home) => home.writer.send(Job { commit, answer }).await.map_err(|_| gone())?,
            Home::Memory(memory) => {
                memory.turn().await;
                held(&memory.writer).work(vec![Job { commit, answer }]);
            }
        }
        answered.await.map_err(|_| gone())?
    }

    /// Verifies what is stored against the verifier key of the ledger, as
    /// [`verify_folder`](crate::verify_folder) does from outside.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read at all; what is wrong in it is in the report.
    pub async fn verify(&self, key: VerifierKey) -> Result<Report> {
        self.read(move |link| verify(link, &key, &[])).await
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
        self.read(move |c| {
            c.run("VACUUM INTO ?1", values![&name]).map(drop).map_err(StoreError::database(doing))
        })
        .await
    }

    /// Subjects changed by commits of this process, as they happen.
    pub fn changes(&self) -> broadcast::Receiver<Arc<[Subject]>> {
        self.inner.changed.subscribe()
    }

    /// Commits of this process that were refused since they would break a rule that must always hold.
    pub fn broken(&self) -> u64 {
        self.inner.counts.broken.load(Ordering::Relaxed)
    }

    /// The states as they stood last.
    pub(crate) fn recent(&self) -> Arc<Recent> {
        Arc::clone(&self.inner.recent)
    }

    /// A subject as it stands, with its version.
    pub(crate) async fn state(&self, subject: Subject) -> Result<Option<(u64, Arc<State>)>> {
        let recent = Arc::clone(&self.inner.recent);
        let kept = self.read(move |c| load(c, &recent, subject)).await?;
        Ok(kept.map(|kept| (kept.version, kept.state)))
    }

    /// Runs a query on a reader, off the async threads.
    pub(crate) async fn read<T, F>(&self, query: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(Link<'_>) -> Result<T> + Send + 'static,
    {
        let home = match &self.inner.home {
            Home::Lasting(home) => home,
            // A thread of its own would cost more than the query; nothing here waits for a disk.
            Home::Memory(memory) => {
                memory.turn().await;
                return query(held(&memory.writer).link());
            }
        };
        let places = Arc::clone(&home.places);
        let place = places.acquire_owned().await.expect("the semaphore is never closed");
        let inner = Arc::clone(&self.inner);
        let work = tokio::task::spawn_blocking(move || {
            // Held until the query is done, also when nobody waits for it any more.
            let _place = place;
            let Home::Lasting(home) = &inner.home else { unreachable!("a store does not move") };
            let readers = || home.readers.lock().expect("no reader panics while it holds the lock");
            let idle = std::iter::from_fn(|| readers().pop()).find(Connected::alive);
            let kept = idle.is_some();
            let mut connection = match idle {
                Some(connection) => connection,
                None => home.place.reader()?,
            };
            let mut result = query(connection.link());
            if kept && result.as_ref().is_err_and(StoreError::lost_the_line) {
                // Broken since it was used last: the others are as well.
                readers().clear();
                connection = home.place.reader()?;
                result = query(connection.link());
            }
            readers().push(connection);
            result
        });
        work.await.map_err(StoreError::corrupt("the answer to a query"))?
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { commits, transactions, .. } = &*self.inner.counts;
        let path = match &self.inner.home {
            Home::Lasting(home) => home.place.name(),
            Home::Memory(_) => Path::new("(memory)"),
        };
        f.debug_struct("Store")
            .field("path", &path)
            .field("commits", &commits.load(Ordering::Relaxed))
            .field("transactions", &transactions.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(work)
}

/// What a mutex holds. Whoever panicked over it left nothing half done: a transaction of a store in memory was never
/// committed, and a set has its element or not.
fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
