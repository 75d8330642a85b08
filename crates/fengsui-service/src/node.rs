//! The service: one node at work, shared by every use case.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use elsa::sync::FrozenMap;
use fengsui_domain::actor::By;
use fengsui_domain::change::{Change, Subject};
use fengsui_domain::node::{Node, NodeChange};
use fengsui_domain::plan::{Plan, RoleId};
use fengsui_domain::refusal::Refusal;
use fengsui_ledger::{SigningKey, VerifierKey};
use fengsui_store::{Commit, Disk, NewEntryId, Rows, Store, StoreError, Versioned};
use fengsui_wire::plan::Library;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use crate::caller::Caller;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::indicators::Compiled;
use crate::ingest::bulk::Senders;
use crate::plans;
use crate::seal::FieldKey;
use crate::sessions::Attempts;

/// Passwords hashed at once: each takes 64 MiB and a core.
const MAX_HASHES: usize = 2;
/// Times a decision is made anew when somebody else was faster.
pub(crate) const MAX_TRIES: usize = 8;

/// How a node is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub folder: PathBuf,
    /// The node's name, the origin of its ledger; used when the node is made.
    pub name: String,
    /// Where the rows are (`postgres://…`); in a file of the folder if left out.
    pub database: Option<String>,
}

/// A node at work. Clones share it.
#[derive(Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    /// Where files are kept; a node in memory has none.
    pub(crate) folder: Option<Folder>,
    /// The address of the database, if the rows are on a server.
    pub(crate) database: Option<String>,
    demo: bool,
    pub(crate) verifier_key: VerifierKey,
    pub(crate) environment: Environment,
    pub(crate) field_key: FieldKey,
    pub(crate) plans: Library,
    /// What several plans make together, made when first asked for, by their versions.
    pub(crate) together: FrozenMap<String, Box<Plan>>,
    pub(crate) hashes: Semaphore,
    pub(crate) attempts: Mutex<Attempts>,
    pub(crate) set_up_link: RwLock<Option<String>>,
    pub(crate) index: RwLock<Compiled>,
    /// Held while an index is compiled.
    pub(crate) compiling: tokio::sync::Mutex<()>,
    /// Held while resources are imported, so that two files at once do not add one resource twice.
    pub(crate) importing: tokio::sync::Mutex<()>,
    pub(crate) senders: tokio::sync::Mutex<Senders>,
    numbers: tokio::sync::Mutex<BTreeMap<String, u64>>,
    /// Whether this node ran the timer when it asked last.
    pub(crate) leads: AtomicBool,
    /// The bodies that were manned, and the accounts by which that was found.
    manned: Mutex<Option<Manned>>,
}

/// The mark of the accounts, and the bodies they man.
type Manned = ((u64, u64), Arc<BTreeSet<RoleId>>);

impl Inner {
    fn new(
        store: Store,
        folder: Option<Folder>,
        database: Option<String>,
        verifier_key: VerifierKey,
        environment: Environment,
        field_key: FieldKey,
        plans: Library,
    ) -> Self {
        Self {
            store,
            plans,
            together: FrozenMap::new(),
            demo: folder.as_ref().is_some_and(Folder::is_demo),
            folder,
            database,
            verifier_key,
            environment,
            field_key,
            hashes: Semaphore::new(MAX_HASHES),
            attempts: Mutex::default(),
            set_up_link: RwLock::new(None),
            index: RwLock::new(Compiled::empty()),
            compiling: tokio::sync::Mutex::default(),
            importing: tokio::sync::Mutex::default(),
            senders: tokio::sync::Mutex::default(),
            numbers: tokio::sync::Mutex::default(),
            leads: AtomicBool::new(false),
            manned: Mutex::default(),
        }
    }
}

impl Service {
    /// Opens the node in a data folder, made if need be.
    ///
    /// # Errors
    /// [`Error`] if the folder, a key, a plan pack or the store is not as it must be.
    pub async fn open(options: Options, environment: Environment) -> Result<Self> {
        Self::in_folder(options, environment, false).await
    }

    /// A node whose keys are in its folder and whose rows are in memory until [`Self::keep`] writes them:
    /// a long history is made in seconds, without a sync for each of its commits.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub async fn draft(options: Options, environment: Environment) -> Result<Self> {
        Self::in_folder(options, environment, true).await
    }

    /// Writes the rows of a draft into its folder, where the node can then be opened.
    ///
    /// # Errors
    /// [`Error`] if there is no folder, a node is in it already, or it cannot be written.
    pub async fn keep(&self) -> Result<()> {
        Ok(self.inner.store.copy_to(self.folder()?.path()).await?)
    }

    async fn in_folder(options: Options, environment: Environment, draft: bool) -> Result<Self> {
        let folder = Folder::new(options.folder);
        folder.refuse_other_home(options.database.is_some())?;
        folder.create()?;
        let begun = folder.database()?.is_some();
        let name =
            if folder.is_node() { folder.verifier_key()?.name().as_str().to_owned() } else { options.name };
        let signer = folder.ledger_key(&name, &environment)?;
        let field_key = folder.field_key(&environment)?;
        let plans = plans::library(&folder)?;
        let ids = environment.clone();
        let verifier_key = signer.verifier_key().clone();
        let new_id = Box::new(move || ids.new_id());
        let store = match &options.database {
            _ if draft => Store::in_memory(name.clone(), signer, new_id)?,
            Some(url) => Store::open_postgres(url, &name, signer, new_id)?,
            None => Store::open(folder.path(), name.clone(), signer, new_id)?,
        };
        if let Some(url) = &options.database {
            refuse_other_ledger(&store, begun, &verifier_key).await?;
            folder.mark_database(&database_name(url))?;
        }
        let service = Self::of(Inner::new(
            store,
            Some(folder),
            options.database,
            verifier_key,
            environment,
            field_key,
            plans,
        ));
        service.begin(name).await?;
        service.keep_plan_files()?;
        service.index_refresh().await?;
        Ok(service)
    }

    /// A node of its own that vanishes with its last handle: the same use cases over a store in memory, and
    /// no files, so evidence has nowhere to go. Drills run on it.
    ///
    /// # Errors
    /// [`Error`] if `name` cannot be the name of a ledger, or the store fails.
    pub async fn in_memory(name: &str, plans: Library, environment: Environment) -> Result<Self> {
        let seeds = [environment.bytes::<32>(), environment.bytes::<32>()];
        let store = |signer, new_id| Store::in_memory(name.to_owned(), signer, new_id);
        Self::without_folder(name, seeds, plans, environment, store).await
    }

    /// The same on a simulated disk, over the rows of a node that ended, if there was one. Its keys come from `seed`,
    /// so that they are the same again.
    ///
    /// # Errors
    /// As for [`Self::in_memory`].
    pub async fn simulated(
        name: &str,
        seed: &[u8; 32],
        plans: Library,
        environment: Environment,
        rows: Option<Rows>,
        disk: Box<dyn Disk>,
    ) -> Result<Self> {
        let store = |signer, new_id| Store::simulated(rows, signer, new_id, disk);
        let seeds = [*seed, Sha256::digest(seed).into()];
        Self::without_folder(name, seeds, plans, environment, store).await
    }

    async fn without_folder(
        name: &str,
        [ledger_seed, field_seed]: [[u8; 32]; 2],
        plans: Library,
        environment: Environment,
        store: impl FnOnce(SigningKey, NewEntryId) -> fengsui_store::Result<Store>,
    ) -> Result<Self> {
        let origin = name.parse().map_err(|error: fengsui_ledger::note::KeyError| Error::Invalid {
            field: "name",
            problem: error.to_string(),
        })?;
        let signer = SigningKey::from_seed(origin, &ledger_seed);
        let field_key = FieldKey::new(&field_seed);
        let ids = environment.clone();
        let verifier_key = signer.verifier_key().clone();
        let store = store(signer, Box::new(move || ids.new_id()))?;
        let service = Self::of(Inner::new(store, None, None, verifier_key, environment, field_key, plans));
        service.begin(name.to_owned()).await?;
        Ok(service)
    }

    /// The rows of a node in memory that ends here, for one that goes on with them; none if this is not the last
    /// handle.
    pub fn into_rows(self) -> Option<Rows> {
        Arc::into_inner(self.inner)?.store.into_rows()
    }

    fn of(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// Makes sure the node exists and runs under a plan.
    async fn begin(&self, name: String) -> Result<()> {
        let verifier_key = self.inner.verifier_key.to_string();
        if self.inner.store.node_get().await?.is_none() {
            let created = NodeChange::Created { name, verifier_key };
            let commit =
                Commit::new(By::Console, self.now(), None).batch(0, vec![Change::Node { change: created }]);
            self.first_wins(commit).await?;
        }
        self.adopt_plans().await?;
        Ok(())
    }

    /// Commits unless another process was faster with the same.
    pub(crate) async fn first_wins(&self, commit: Commit) -> Result<()> {
        match self.inner.store.commit(commit).await {
            Ok(_) | Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.inner.environment.now()
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The data folder.
    ///
    /// # Errors
    /// [`Error::NoFolder`] for a node in memory.
    pub fn folder(&self) -> Result<&Folder> {
        self.inner.folder.as_ref().ok_or(Error::NoFolder)
    }

    /// Nothing on this node is real: its folder was made for a demonstration.
    pub fn is_demo(&self) -> bool {
        self.inner.demo
    }

    /// The key by which others verify this node's ledger.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.inner.verifier_key
    }

    /// What the outside gives.
    pub fn environment(&self) -> &Environment {
        &self.inner.environment
    }

    /// The node as it stands.
    pub async fn node(&self) -> Result<Versioned<Node>> {
        let node = self.inner.store.node_get().await?;
        node.ok_or_else(|| Error::NotFound { what: "node", id: self.inner.verifier_key.name().to_string() })
    }

    /// Bodies of plans that at least one active account speaks for.
    pub async fn manned(&self) -> Result<Arc<BTreeSet<RoleId>>> {
        // Every decision asks this, and reading all accounts anew would cost more than the decision.
        let mark = self.inner.store.account_mark().await?;
        let known = self.inner.manned.lock().expect("no holder panics").clone();
        if let Some((_, manned)) = known.filter(|(known, _)| *known == mark) {
            return Ok(manned);
        }
        let accounts = self.inner.store.account_list().await?;
        let active = accounts.into_iter().filter(|account| account.value.active);
        let manned: Arc<BTreeSet<RoleId>> =
            Arc::new(active.flat_map(|account| account.value.bodies).collect());
        // Read before the accounts: if one changed meanwhile, the next call finds another mark.
        *self.inner.manned.lock().expect("no holder panics") = Some((mark, Arc::clone(&manned)));
        Ok(manned)
    }

    /// The next number of a series in the present year of the plan's zone, such as `E-2026-000042`.
    pub(crate) async fn next_number(&self, series: &str, zone: &str) -> Result<String> {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let prefix = format!("{series}-{}-", self.now().to_zoned(zone).year());
        if let Some(number) = self.inner.store.number_next(prefix.clone()).await? {
            return Ok(format!("{prefix}{number:06}"));
        }
        let mut numbers = self.inner.numbers.lock().await;
        let stored = self.inner.store.number_last(prefix.clone()).await?;
        let last = numbers.entry(prefix.clone()).or_insert(stored);
        *last = (*last).max(stored) + 1;
        Ok(format!("{prefix}{:06}", *last))
    }

    /// A commit by a caller, its request key included; `answer` is what a repetition is told.
    pub(crate) fn commit_for(&self, caller: &Caller, answer: &str) -> Commit {
        let commit = Commit::new(caller.by(), self.now(), caller.request.clone());
        match &caller.key {
            Some(key) => {
                commit.side(fengsui_store::Side::RequestKey { key: key.clone(), answer: answer.to_owned() })
            }
            None => commit,
        }
    }

    /// The answer a repeated request got the first time.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the key was used for another request.
    pub(crate) async fn earlier_answer(&self, caller: &Caller) -> Result<Option<String>> {
        let Some(key) = &caller.key else { return Ok(None) };
        match self.inner.store.request_key_get(key.actor.clone(), key.key.clone()).await? {
            Some(earlier) if earlier.fingerprint == key.fingerprint => Ok(Some(earlier.answer)),
            Some(_) => Err(Error::KeyReused),
            None => Ok(None),
        }
    }

    /// What to tell a request that was refused: the answer of the same request, if that was carried out meanwhile. It
    /// was sent twice at once then, and what refuses the second is what the first did.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) async fn answered_meanwhile(&self, caller: &Caller, error: Error) -> Result<String> {
        match (&error, &caller.key) {
            (Error::Refused(_) | Error::Changed { .. }, Some(_)) => {
                self.earlier_answer(caller).await?.ok_or(error)
            }
            _ => Err(error),
        }
    }

    /// Refuses a request that was carried out before where its answer held a secret: that is shown once.
    ///
    /// # Errors
    /// [`Refusal::AlreadyDone`], or [`Error::KeyReused`] if the key was used for another request.
    pub(crate) async fn first_time(&self, caller: &Caller, action: &'static str) -> Result<()> {
        match self.earlier_answer(caller).await? {
            Some(_) => Err(Refusal::AlreadyDone { action }.into()),
            None => Ok(()),
        }
    }

    /// Subjects as they change.
    pub fn changes(&self) -> tokio::sync::broadcast::Receiver<Arc<[Subject]>> {
        self.inner.store.changes()
    }
}

/// A database whose ledger another key signs belongs to another node; one that is empty, where this folder's was
/// not, is another database. Either way two ledgers would have one key, or one ledger two.
async fn refuse_other_ledger(store: &Store, begun: bool, key: &VerifierKey) -> Result<()> {
    let node = store.node_get().await?;
    match node {
        None if begun => Err(Error::OtherDatabase {
            problem: "is empty, and the node in this folder has a history".into(),
        }),
        Some(node) if node.value.verifier_key != key.to_string() => Err(Error::OtherDatabase {
            problem: format!(
                "holds the ledger of `{}`, which the key in this folder does not sign: all nodes on a database \
                 share one data folder, or have copies of its `keys/` and `ledger.vkey`",
                node.value.name
            ),
        }),
        _ => Ok(()),
    }
}

/// An address without what only the one who connects needs to know: no password, no options.
pub(crate) fn database_name(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or_default();
    match plain.split_once("://") {
        Some((scheme, rest)) => {
            format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, place)| place))
        }
        None => "postgres".into(),
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("folder", &self.inner.folder)
            .field("ledger", &self.inner.verifier_key.name().as_str())
            .finish_non_exhaustive()
    }
}
