//! The service: one node at work, shared by every use case.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

use elsa::sync::FrozenMap;
use fengsui_domain::actor::By;
use fengsui_domain::change::{Change, Subject};
use fengsui_domain::incident::{Incident, PlanVersion};
use fengsui_domain::node::{Node, NodeChange};
use fengsui_domain::plan::{Plan, PlanId, RoleId, together};
use fengsui_domain::refusal::Refusal;
use fengsui_ledger::{SigningKey, VerifierKey};
use fengsui_store::{Commit, Store, StoreError, Versioned};
use fengsui_wire::plan::{Library, Origin, Pack, PackFile};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;

use crate::caller::Caller;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::folder::{Folder, write_new};
use crate::indicators::Compiled;
use crate::ingest::bulk::Senders;
use crate::seal::FieldKey;
use crate::sessions::Attempts;

/// Passwords hashed at once: each takes 64 MiB and a core.
const MAX_HASHES: usize = 2;
/// Times a decision is made anew when somebody else was faster.
pub(crate) const MAX_TRIES: usize = 8;
/// The plan a new node runs under.
const FIRST_PLAN: &str = "jincheng-internet-2008";
/// Files of operator packs read at most.
const MAX_PLAN_FILES: usize = 500;

/// How a node is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub folder: PathBuf,
    /// The node's name, the origin of its ledger; used when the node is made.
    pub name: String,
}

/// A node at work. Clones share it.
#[derive(Clone)]
pub struct Service {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    /// Where files are kept; a node in memory has none.
    folder: Option<Folder>,
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
    /// The bodies that were manned, and the accounts by which that was found.
    manned: Mutex<Option<Manned>>,
}

/// The mark of the accounts, and the bodies they man.
type Manned = ((u64, u64), Arc<BTreeSet<RoleId>>);

impl Inner {
    fn new(
        store: Store,
        folder: Option<Folder>,
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
        folder.create()?;
        let name =
            if folder.is_node() { folder.verifier_key()?.name().as_str().to_owned() } else { options.name };
        let signer = folder.ledger_key(&name, &environment)?;
        let field_key = folder.field_key(&environment)?;
        let plans = library(&folder)?;
        let ids = environment.clone();
        let verifier_key = signer.verifier_key().clone();
        let new_id = Box::new(move || ids.new_id());
        let store = if draft {
            Store::in_memory(name.clone(), signer, new_id)?
        } else {
            Store::open(folder.path(), name.clone(), signer, new_id)?
        };
        let service = Self::of(Inner::new(store, Some(folder), verifier_key, environment, field_key, plans));
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
        let origin = name.parse().map_err(|error: fengsui_ledger::note::KeyError| Error::Invalid {
            field: "name",
            problem: error.to_string(),
        })?;
        let signer = SigningKey::from_seed(origin, &environment.bytes::<32>());
        let field_key = FieldKey::new(&environment.bytes::<32>());
        let ids = environment.clone();
        let verifier_key = signer.verifier_key().clone();
        let store = Store::in_memory(name.to_owned(), signer, Box::new(move || ids.new_id()))?;
        let service = Self::of(Inner::new(store, None, verifier_key, environment, field_key, plans));
        service.begin(name.to_owned()).await?;
        Ok(service)
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
        if self.node().await?.value.plan.is_none() {
            let pack = self.inner.plans.get(&PlanId::new(FIRST_PLAN)).expect("the first plan is shipped");
            let plan = PlanVersion { id: pack.plan.id.clone(), digest: pack.digest.clone() };
            let version = self.node().await?.version;
            let adopted = Change::Node { change: NodeChange::PlanAdopted { plan } };
            self.first_wins(Commit::new(By::Console, self.now(), None).batch(version, vec![adopted])).await?;
        }
        Ok(())
    }

    /// Commits unless another process was faster with the same.
    async fn first_wins(&self, commit: Commit) -> Result<()> {
        match self.inner.store.commit(commit).await {
            Ok(_) | Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps the files of the shipped packs in the data folder, so that a newer program still has the
    /// version a running incident names.
    fn keep_plan_files(&self) -> Result<()> {
        for pack in self.inner.plans.list().filter(|pack| pack.origin == Origin::Shipped) {
            let id = pack.plan.id.as_str();
            let shelf = self.folder()?.plans().join(format!("{id}@{}", &pack.digest[..12]));
            if shelf.exists() {
                continue;
            }
            std::fs::create_dir_all(&shelf).map_err(Error::file("make the folder", &shelf))?;
            let files = Library::shipped_files();
            let own = files.iter().filter(|file| file.path.split('/').nth_back_folder() == Some(id));
            for file in own {
                let name = file.path.rsplit('/').next().unwrap_or(file.path);
                write_new(&shelf.join(name), file.bytes, 0o600)?;
            }
        }
        Ok(())
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

    /// The plan packs at hand.
    pub fn plans(&self) -> &Library {
        &self.inner.plans
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

    /// The plan in exactly this version.
    pub fn plan(&self, version: &PlanVersion) -> Result<&Plan> {
        let pack = self.inner.plans.version(&version.id, &version.digest);
        let missing = || Error::PlanMissing { id: version.id.to_string(), digest: version.digest.clone() };
        pack.map(|pack| &pack.plan).ok_or_else(missing)
    }

    /// The plan an incident runs under: its own, or what several make together.
    ///
    /// # Errors
    /// [`Error::PlanMissing`] if a version is not at hand, [`Error::Invalid`] if they cannot run together.
    pub fn plan_of(&self, incident: &Incident) -> Result<&Plan> {
        self.plan_together(&incident.plan, incident.beside.iter().map(|attached| &attached.plan))
    }

    /// The plan that `lead` makes together with others.
    ///
    /// # Errors
    /// As [`Service::plan_of`].
    pub fn plan_together<'v>(
        &self,
        lead: &PlanVersion,
        others: impl IntoIterator<Item = &'v PlanVersion>,
    ) -> Result<&Plan> {
        let others: Vec<&PlanVersion> = others.into_iter().collect();
        let own = self.plan(lead)?;
        if others.is_empty() {
            return Ok(own);
        }
        let name = |version: &PlanVersion| format!("{}@{}", version.id, version.digest);
        let key = [lead].into_iter().chain(others.iter().copied()).map(name).collect::<Vec<_>>().join("+");
        if let Some(known) = self.inner.together.get(&key) {
            return Ok(known);
        }
        let others: Vec<&Plan> =
            others.into_iter().map(|version| self.plan(version)).collect::<Result<_>>()?;
        let whole = together(own, &others)
            .map_err(|clash| Error::Invalid { field: "beside", problem: clash.to_string() })?;
        Ok(self.inner.together.insert(key, Box::new(whole)))
    }

    /// The plans a new incident can be opened under now: the node's own first, then every other plan that
    /// is in force today (each by the days of its own time zone), by id.
    pub async fn plans_to_choose(&self) -> Result<Vec<PlanVersion>> {
        let own = self.plan_in_force().await?;
        let now = self.now();
        let others =
            self.inner.plans.list().filter(|pack| pack.plan.id != own.id && pack.plan.in_force_at(now));
        let version = |pack: &Pack| PlanVersion { id: pack.plan.id.clone(), digest: pack.digest.clone() };
        let others: Vec<PlanVersion> = others.map(version).collect();
        Ok([own].into_iter().chain(others).collect())
    }

    /// The plan version that somebody chose for a new incident; the node's own where nobody chose.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] if there is no such plan, or it is not in force today.
    pub async fn plan_chosen(&self, id: Option<&PlanId>) -> Result<PlanVersion> {
        let choices = self.plans_to_choose().await?;
        let Some(id) = id else { return self.plan_in_force().await };
        let chosen = choices.into_iter().find(|version| version.id == *id);
        chosen.ok_or_else(|| Refusal::Unknown { field: "plan", value: id.to_string() }.into())
    }

    /// The bodies of every plan at hand; whoever speaks for bodies may do so under all of them.
    pub fn bodies(&self) -> BTreeSet<RoleId> {
        self.inner.plans.list().flat_map(|pack| pack.plan.roles.keys().cloned()).collect()
    }

    /// The node's own plan: the one new incidents run under unless another is chosen.
    pub async fn plan_in_force(&self) -> Result<PlanVersion> {
        let missing = Error::NotFound { what: "plan in force", id: FIRST_PLAN.into() };
        self.node().await?.value.plan.ok_or(missing)
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

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service")
            .field("folder", &self.inner.folder)
            .field("ledger", &self.inner.verifier_key.name().as_str())
            .finish_non_exhaustive()
    }
}

/// The folder part right above a file name.
trait NthBackFolder<'a> {
    fn nth_back_folder(self) -> Option<&'a str>;
}

impl<'a> NthBackFolder<'a> for std::str::Split<'a, char> {
    fn nth_back_folder(mut self) -> Option<&'a str> {
        self.next_back()?;
        self.next_back()
    }
}

/// Kept versions and the operator's packs first, shipped ones last, so that those are in use.
fn library(folder: &Folder) -> Result<Library> {
    let mut library = Library::default();
    let mut room = MAX_PLAN_FILES;
    let mut shelves = read_folder(&folder.plans())?;
    shelves.retain(|path| path.is_dir());
    for shelf in shelves {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for path in read_folder(&shelf)? {
            if room > 0 && path.extension().is_some_and(|ending| ending == "yaml") {
                room -= 1;
                let bytes = std::fs::read(&path).map_err(Error::file("read the plan file", &path))?;
                files.push((shown(&path), bytes));
            }
        }
        let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
        for finding in library.add(Origin::Operator, &files) {
            tracing::warn!(%finding, "a plan pack in the data folder has a finding");
        }
    }
    for finding in library.add(Origin::Shipped, &Library::shipped_files()) {
        tracing::error!(%finding, "a shipped plan pack has a finding");
    }
    Ok(library)
}

/// The path of a kept file as the loader wants it: the folder named like the plan, without `@VERSION`.
fn shown(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    let Some((folder, file)) = text.rsplit_once('/') else { return text };
    let plain = folder.rsplit_once('@').map_or(folder, |(plain, _)| plain);
    format!("{plain}/{file}")
}

fn read_folder(path: &std::path::Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(path).map_err(Error::file("list the folder", path))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}
