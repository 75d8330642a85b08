//! The plans of a node: which version is in use, which an incident runs under, and which options of their
//! defaults the operator chose.
//!
//! A choice makes a version of its own, so an incident that runs keeps the plan it was opened under. The
//! data folder has the packs of the operator under `plans/NAME` and every version that was in use under
//! `plans/NAME@DIGEST`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::incident::{Incident, PlanVersion};
use fengsui_domain::limits::{MAX_PART_CHARS, text};
use fengsui_domain::node::{Node, NodeChange};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Plan, PlanId, RoleId, RuleId, together};
use fengsui_domain::refusal::Refusal;
use fengsui_store::{Commit, StoreError};
use fengsui_wire::plan::{Library, Origin, Pack, PackFile, Severity, digest};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::events::check_expected;
use crate::folder::{Folder, read_limited, write_new};
use crate::node::{MAX_TRIES, Service};

/// The plan a new node runs under.
const FIRST_PLAN: &str = "jincheng-internet-2008";
/// Files of packs in the data folder that are read at most.
const MAX_PLAN_FILES: usize = 4_000;
/// What begins the name of a folder that is being written; one that stayed is nobody's.
const UNFINISHED: char = '.';
/// How many versions this process began to keep, for a name of its own for each. Held while one is kept, or one
/// could set aside what another has just named.
static KEPT: Mutex<u64> = Mutex::new(0);

impl Service {
    /// The plan packs at hand.
    pub fn plans(&self) -> &Library {
        &self.inner.plans
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

    /// The node's own plan: the one new incidents run under unless another is chosen.
    pub async fn plan_in_force(&self) -> Result<PlanVersion> {
        let missing = Error::NotFound { what: "plan in force", id: FIRST_PLAN.into() };
        let node = self.node().await?.value;
        // Another process on this folder may have chosen.
        self.follow_choices(&node);
        node.plan.ok_or(missing)
    }

    /// The bodies of every plan at hand; whoever speaks for bodies may do so under all of them.
    pub fn bodies(&self) -> BTreeSet<RoleId> {
        self.inner.plans.list().flat_map(|pack| pack.plan.roles.keys().cloned()).collect()
    }

    /// Chooses among the options of a plan's defaults, in the place of what was chosen before: where
    /// `options` has none of a default, ours holds again. Incidents that run keep their version.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such plan, [`Refusal::Unknown`] for a default or an option that is
    /// not there, [`Error::Invalid`] if the plan cannot be used with these options together,
    /// [`Refusal::AlreadyDone`] if they are in use.
    pub async fn plan_choose(
        &self,
        caller: &Caller,
        id: &PlanId,
        options: BTreeMap<RuleId, RuleId>,
        reason: &str,
    ) -> Result<&Pack> {
        caller.actor.permit(Permission::NodeManage)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let pack = self.plan_choosing(id, &options)?;
        if self.earlier_answer(caller).await?.is_some() {
            return Ok(pack);
        }
        for _ in 0..MAX_TRIES {
            let node = self.node().await?;
            check_expected(caller, node.version)?;
            self.follow_choices(&node.value);
            if self.inner.plans.get(id).is_some_and(|used| used.digest == pack.digest) {
                return Err(Refusal::AlreadyDone { action: "choose" }.into());
            }
            // The version must be at hand after a restart, whatever else happens.
            self.keep_files(pack)?;
            let change = NodeChange::OptionsChosen {
                plan: version(pack),
                options: options.clone(),
                reason: reason.clone(),
            };
            let commit =
                self.commit_for(caller, id.as_str()).batch(node.version, vec![Change::Node { change }]);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => {
                    self.inner.plans.put_in_use(id, &pack.digest);
                    return Ok(pack);
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: "node".into(), expected: 0, found: 0 }.into())
    }

    /// The plan as it would be with these options chosen.
    ///
    /// # Errors
    /// As for [`Service::plan_choose`].
    pub fn plan_choosing(&self, id: &PlanId, options: &BTreeMap<RuleId, RuleId>) -> Result<&Pack> {
        let used = self.inner.plans.get(id);
        let used = used.ok_or_else(|| Error::NotFound { what: "plan", id: id.to_string() })?;
        for (default, option) in options {
            let unknown = |field, value: &RuleId| Refusal::Unknown { field, value: value.to_string() };
            let known = used.plan.default(default).ok_or_else(|| unknown("options", default))?;
            if !known.options.iter().any(|known| known.id == *option) {
                return Err(unknown("options", option).into());
            }
        }
        self.inner.plans.choosing(id, options).map_err(|findings| {
            let first = findings.first().map(ToString::to_string).unwrap_or_default();
            Error::Invalid { field: "options", problem: format!("they do not go together: {first}") }
        })
    }

    /// Makes sure that the node runs under a plan, and under the version in use of it: a newer program, or a
    /// pack that the operator changed, brings new ones.
    pub(crate) async fn adopt_plans(&self) -> Result<()> {
        let node = self.node().await?;
        self.follow_choices(&node.value);
        let own = node.value.plan.as_ref().map_or_else(|| PlanId::new(FIRST_PLAN), |plan| plan.id.clone());
        let Some(pack) = self.inner.plans.get(&own) else {
            tracing::error!(plan = %own, "the files of the node's plan are not at hand");
            return Ok(());
        };
        if let Some(used) = node.value.plan.as_ref().filter(|_| self.is_broken(&own))
            && self.inner.plans.put_in_use(&used.id, &used.digest)
        {
            tracing::error!(plan = %own, "the operator's files of the node's plan cannot be used; the version used so far stays in use: `fengsui plan check` says what is wrong");
            return Ok(());
        }
        if node.value.plan.as_ref() != Some(&version(pack)) {
            let change = NodeChange::PlanAdopted { plan: version(pack) };
            let commit = Commit::new(By::Console, self.now(), None);
            self.first_wins(commit.batch(node.version, vec![Change::Node { change }])).await?;
        }
        Ok(())
    }

    /// The operator has files for this plan that make none: a mistake in them must not put the shipped rules in
    /// their place.
    fn is_broken(&self, id: &PlanId) -> bool {
        let Some(folder) = self.inner.folder.as_ref().map(|folder| folder.plans().join(id.as_str())) else {
            return false;
        };
        let Ok(files) = yaml_files(&folder) else { return false };
        let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
        let alone = Library::default();
        alone.add(Origin::Operator, &files);
        !files.is_empty() && alone.get(id).is_none()
    }

    /// Makes a plan at hand the node's own: new incidents run under it unless another is chosen. What runs
    /// already keeps its plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such plan, [`Error::Invalid`] if it is not in force today.
    pub async fn plan_adopt(&self, caller: &Caller, id: &PlanId) -> Result<()> {
        caller.actor.permit(Permission::NodeManage)?;
        for _ in 0..MAX_TRIES {
            let node = self.node().await?;
            self.follow_choices(&node.value);
            let pack = self.inner.plans.get(id);
            let pack = pack.ok_or_else(|| Error::NotFound { what: "plan", id: id.to_string() })?;
            if !pack.plan.in_force_at(self.now()) {
                let problem = format!("`{id}` is not in force today");
                return Err(Error::Invalid { field: "plan", problem });
            }
            if node.value.plan.as_ref() == Some(&version(pack)) {
                return Ok(());
            }
            let change = NodeChange::PlanAdopted { plan: version(pack) };
            let commit =
                self.commit_for(caller, id.as_str()).batch(node.version, vec![Change::Node { change }]);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return Ok(()),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: "node".into(), expected: 0, found: 0 }.into())
    }

    /// Puts the versions in use that the node chose.
    fn follow_choices(&self, node: &Node) {
        for (id, chosen) in &node.chosen {
            let Some(used) = self.inner.plans.get(id) else { continue };
            if used.digest == chosen.digest || used.plan.chosen() == chosen.options {
                continue;
            }
            let found = match self.inner.plans.choosing(id, &chosen.options) {
                Ok(pack) => {
                    // Incidents opened from now on name it, whatever becomes of the files it was made from.
                    if let Err(error) = self.keep_files(pack) {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(plan = %id, error, "the files of the version in use could not be kept");
                    }
                    self.inner.plans.put_in_use(id, &pack.digest)
                }
                Err(findings) => {
                    let finding = findings.first().map(ToString::to_string).unwrap_or_default();
                    tracing::error!(plan = %id, finding, "the options chosen do not fit this plan any more; the version they were chosen for stays in use");
                    self.inner.plans.put_in_use(id, &chosen.digest)
                }
            };
            if !found {
                tracing::error!(plan = %id, digest = chosen.digest, "the version that was chosen is not at hand");
            }
        }
    }

    /// Keeps the files of the packs in use in the data folder, so that whatever program comes next has the
    /// version that a running incident names.
    pub(crate) fn keep_plan_files(&self) -> Result<()> {
        if let Some(folder) = &self.inner.folder {
            sweep(&folder.plans())?;
        }
        self.inner.plans.list().try_for_each(|pack| self.keep_files(pack))
    }

    /// Keeps the files of one version; a node in memory keeps none. What stands there and is not that version, as
    /// after a fault of the disk, is set aside.
    fn keep_files(&self, pack: &Pack) -> Result<()> {
        let Some(folder) = &self.inner.folder else { return Ok(()) };
        let plans = folder.plans();
        let name = format!("{}@{}", pack.plan.id, &pack.digest[..12]);
        let shelf = plans.join(&name);
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if holds(&shelf, pack) {
            return Ok(());
        }
        // Under another name until it is whole, and each writer under its own: two processes may keep one version.
        *kept += 1;
        let number = *kept;
        let aside = |what: &str| plans.join(format!("{UNFINISHED}{name}.{what}-{}-{number}", process::id()));
        let unfinished = aside("unfinished");
        std::fs::create_dir_all(&unfinished).map_err(Error::file("make the folder", &unfinished))?;
        for (name, bytes) in pack.files() {
            write_new(&unfinished.join(name), bytes, 0o600)?;
        }
        if shelf.exists() && !holds(&shelf, pack) {
            let damaged = aside("damaged");
            tracing::error!(folder = %shelf.display(), aside = %damaged.display(), "a version of a plan was not kept as it was; it is set aside and kept anew");
            match std::fs::rename(&shelf, &damaged) {
                // Another process was faster; what it names is looked at below.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                named => named.map_err(Error::file("set aside the folder", &shelf))?,
            }
        }
        match std::fs::rename(&unfinished, &shelf) {
            Err(_) if holds(&shelf, pack) => {
                std::fs::remove_dir_all(&unfinished)
                    .map_err(Error::file("remove the folder", &unfinished))?;
            }
            named => named.map_err(Error::file("name the folder", &shelf))?,
        }
        // The name is durable once its folder is.
        let durable = std::fs::File::open(&plans).and_then(|folder| folder.sync_all());
        durable.map_err(Error::file("write", plans))
    }
}

/// Removes the folders that a process began to write and is not there any more to finish.
fn sweep(plans: &Path) -> Result<()> {
    for path in read_folder(plans)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let writer = name.rsplit_once(".unfinished-").and_then(|(_, mark)| mark.split_once('-'));
        let at_work = writer.is_some_and(|(process, _)| Path::new("/proc").join(process).exists());
        if name.starts_with(UNFINISHED) && name.contains('@') && !name.contains(".damaged-") && !at_work {
            std::fs::remove_dir_all(&path).map_err(Error::file("remove the folder", &path))?;
        }
    }
    Ok(())
}

/// Whether a folder has the files of exactly this version.
fn holds(shelf: &Path, pack: &Pack) -> bool {
    let Ok(files) = yaml_files(shelf) else { return false };
    let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    digest(&files) == pack.digest
}

fn version(pack: &Pack) -> PlanVersion {
    PlanVersion { id: pack.plan.id.clone(), digest: pack.digest.clone() }
}

/// The shipped packs, those of the operator, and the versions that were kept. An operator's pack takes the
/// place of a shipped one of its name.
pub(crate) fn library(folder: &Folder) -> Result<Library> {
    let library = Library::default();
    for finding in library.add(Origin::Shipped, &Library::shipped_files()) {
        tracing::error!(%finding, "a shipped plan pack has a finding");
    }
    let mut room = MAX_PLAN_FILES;
    for shelf in read_folder(&folder.plans())?.into_iter().filter(|path| path.is_dir()) {
        let name = shelf.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(UNFINISHED) {
            continue;
        }
        let files = yaml_files(&shelf)?;
        let Some(left) = room.checked_sub(files.len()) else {
            tracing::error!(folder = %shelf.display(), limit = MAX_PLAN_FILES, "too many plan files; this pack is not read");
            continue;
        };
        room = left;
        let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
        let kept = name.contains('@');
        let findings = if kept { library.add_kept(&files) } else { library.add(Origin::Operator, &files) };
        // What is only worth a look was told when the version came; it stays what it is.
        for finding in findings.iter().filter(|found| !kept || found.severity == Severity::Error) {
            tracing::warn!(%finding, "a plan pack in the data folder has a finding");
        }
    }
    Ok(library)
}

/// The files of a pack by their paths as the loader wants them.
fn yaml_files(shelf: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for path in read_folder(shelf)? {
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let bytes = read_limited(&path).map_err(Error::file("read the plan file", &path))?;
            files.push((shown(&path), bytes));
        }
    }
    Ok(files)
}

/// The path of a kept file as the loader wants it: the folder named like the plan, without `@VERSION`.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    let Some((folder, file)) = text.rsplit_once('/') else { return text };
    let plain = folder.rsplit_once('@').map_or(folder, |(plain, _)| plain);
    format!("{plain}/{file}")
}

fn read_folder(path: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(path).map_err(Error::file("list the folder", path))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
