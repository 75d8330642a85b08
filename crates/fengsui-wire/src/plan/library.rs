//! The packs a node knows: the shipped ones and those of its operator, every version kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use elsa::sync::FrozenMap;
use fengsui_domain::plan::{Plan, PlanId, RuleId};
use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use super::finding::{Finding, quoted};
use super::load::{Loaded, PackFile, load, load_with_options};
use super::options::CHOSEN_FILE;

/// The shipped packs, one folder each.
static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plans");

/// Where a pack comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Built into the program.
    Shipped,
    /// From the operator's folder.
    Operator,
}

/// A pack that can be used.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The plan.
    pub plan: Plan,
    /// SHA-256 over its files, in hex: the name of this exact version.
    pub digest: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What was found in it, warnings only.
    pub findings: Vec<Finding>,
    /// Names inside the folder, and bytes.
    files: Vec<(String, Vec<u8>)>,
}

impl Pack {
    /// Its files, by their names in the folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

/// Packs by id; of one id the version added last is the one in use. Versions come and never go, so what was
/// handed out stays.
#[derive(Debug, Default)]
pub struct Library {
    versions: FrozenMap<String, Arc<Pack>>,
    /// The digest in use of each plan.
    in_use: RwLock<BTreeMap<PlanId, String>>,
}

impl Clone for Library {
    fn clone(&self) -> Self {
        let in_use = self.in_use.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self { versions: self.versions.clone(), in_use: RwLock::new(in_use) }
    }
}

impl Library {
    /// The packs built into the program.
    ///
    /// # Panics
    /// Never in a released build: a test loads every shipped pack and wants no finding.
    pub fn shipped() -> Self {
        let library = Self::default();
        let findings = library.add(Origin::Shipped, &Self::shipped_files());
        assert!(findings.is_empty(), "a shipped pack has findings: {}", findings[0]);
        library
    }

    /// The files of the shipped packs, `NAME/FILE`, in order.
    pub fn shipped_files() -> Vec<PackFile<'static>> {
        let mut files: Vec<PackFile<'static>> =
            SHIPPED.dirs().flat_map(Dir::files).filter_map(packed).collect();
        files.sort_by_key(|file| file.path);
        files
    }

    /// Adds packs from files of one or several folders and says what was found in them.
    ///
    /// A folder with an error adds nothing; the others are added. A pack of a known id is put in use
    /// before the older version, which stays for the incidents that run under it. A plan above that is neither here
    /// nor shipped is a warning: it may be on another node.
    pub fn add(&self, origin: Origin, files: &[PackFile<'_>]) -> Vec<Finding> {
        self.add_each(origin, files, true)
    }

    /// Adds versions that were in use once, for the incidents that run under them; none is put in use.
    pub fn add_kept(&self, files: &[PackFile<'_>]) -> Vec<Finding> {
        self.add_each(Origin::Operator, files, false)
    }

    fn add_each(&self, origin: Origin, files: &[PackFile<'_>], use_them: bool) -> Vec<Finding> {
        let (mut findings, mut parents) = (Vec::new(), Vec::new());
        for files in folders(files).into_values() {
            let loaded = load(&files);
            findings.extend(loaded.findings.iter().cloned());
            parents.extend(loaded.parents.iter().cloned());
            let Some(pack) = pack(origin, &files, loaded) else { continue };
            let pack = self.keep(pack);
            if use_them {
                self.put_in_use(&pack.plan.id, &pack.digest);
            }
        }
        findings.extend(elsewhere(parents, |id| self.get(id).is_some()));
        findings
    }

    /// Everything that is wrong with packs of one or several folders, with each of their options as well, for
    /// somebody who is to rely on them from a day on: their days off must be known for then.
    pub fn check(files: &[PackFile<'_>], on: Option<Date>) -> Vec<Finding> {
        let (mut findings, mut parents, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
        for files in folders(files).into_values() {
            let loaded = load_with_options(&files, on);
            findings.extend(loaded.findings);
            parents.extend(loaded.parents);
            known.extend(loaded.plan.map(|plan| plan.id));
        }
        findings.extend(elsewhere(parents, |id| known.contains(id)));
        findings
    }

    /// The version of a plan in which these options are chosen, each by its settlement, and no others: neither
    /// those in use nor what the pack itself chooses. It is kept, and not in use yet.
    ///
    /// # Errors
    /// What was found, if an option is not there or the plan cannot be used with it; nothing if there is no
    /// such plan.
    pub fn choosing(&self, id: &PlanId, options: &BTreeMap<RuleId, RuleId>) -> Result<&Pack, Vec<Finding>> {
        let pack = self.get(id).ok_or_else(Vec::new)?;
        let mut files: Vec<(&str, &[u8])> = pack.files().filter(|(name, _)| *name != CHOSEN_FILE).collect();
        // What the pack chooses already needs no file.
        if let Ok(own) = of_files(pack, &files)
            && own.plan.chosen() == *options
        {
            return Ok(self.keep(own));
        }
        let chosen = chosen_file(options);
        files.push((CHOSEN_FILE, chosen.as_bytes()));
        of_files(pack, &files).map(|version| self.keep(version))
    }

    /// Puts a version that is kept in use; `false` if there is no such version.
    pub fn put_in_use(&self, id: &PlanId, digest: &str) -> bool {
        let known = self.version(id, digest).is_some();
        if known {
            let mut in_use = self.in_use.write().unwrap_or_else(PoisonError::into_inner);
            in_use.insert(id.clone(), digest.to_owned());
        }
        known
    }

    /// Keeps a version; one that is known stays what it is.
    fn keep(&self, pack: Pack) -> &Pack {
        self.versions.insert(key(&pack.plan.id, &pack.digest), Arc::new(pack))
    }

    /// The packs in use, by id.
    pub fn list(&self) -> impl Iterator<Item = &Pack> {
        let in_use = self.in_use.read().unwrap_or_else(PoisonError::into_inner).clone();
        in_use.into_iter().filter_map(|(id, digest)| self.version(&id, &digest))
    }

    /// The pack in use under this id.
    pub fn get(&self, id: &PlanId) -> Option<&Pack> {
        let digest = self.in_use.read().unwrap_or_else(PoisonError::into_inner).get(id)?.clone();
        self.version(id, &digest)
    }

    /// An exact version, in use or not: the one a running incident names.
    pub fn version(&self, id: &PlanId, digest: &str) -> Option<&Pack> {
        self.versions.get(&key(id, digest))
    }
}

fn key(id: &PlanId, digest: &str) -> String {
    format!("{id}@{digest}")
}

/// The file by which an operator chooses these options.
fn chosen_file(options: &BTreeMap<RuleId, RuleId>) -> String {
    let mut text = "# Chosen by the operator among the options of the defaults.\nchosen:".to_owned();
    text.push_str(if options.is_empty() { " {}\n" } else { "\n" });
    for (default, option) in options {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}: {}", quoted(default.as_str()), quoted(option.as_str()));
    }
    text
}

/// The version of a pack that these files make, or what is wrong with them.
fn of_files(version_of: &Pack, files: &[(&str, &[u8])]) -> Result<Pack, Vec<Finding>> {
    let paths: Vec<String> = files.iter().map(|(name, _)| format!("{}/{name}", version_of.plan.id)).collect();
    let files = paths.iter().zip(files).map(|(path, (_, bytes))| PackFile { path, bytes });
    let files: Vec<PackFile<'_>> = files.collect();
    let loaded = load(&files);
    let findings = loaded.findings.clone();
    pack(version_of.origin, &files, loaded).ok_or(findings)
}

/// The pack that was loaded from these files, if it can be used.
fn pack(origin: Origin, files: &[PackFile<'_>], loaded: Loaded) -> Option<Pack> {
    let files = files.iter().map(|file| (file.name().to_owned(), file.bytes.to_vec())).collect();
    let Loaded { plan, digest, findings, .. } = loaded;
    plan.map(|plan| Pack { plan, digest, origin, findings, files })
}

/// What is to be said of plans above that are neither known nor shipped.
fn elsewhere(
    parents: Vec<(PlanId, Finding)>,
    known: impl Fn(&PlanId) -> bool,
) -> impl Iterator<Item = Finding> {
    let shipped = |id: &PlanId| SHIPPED.get_dir(id.as_str()).is_some();
    parents.into_iter().filter(move |(id, _)| !known(id) && !shipped(id)).map(|(_, finding)| finding)
}

/// The files by their folder.
fn folders<'f>(files: &[PackFile<'f>]) -> BTreeMap<&'f str, Vec<PackFile<'f>>> {
    let mut folders: BTreeMap<&str, Vec<PackFile<'_>>> = BTreeMap::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(*file);
    }
    folders
}

/// A file of a shipped pack, by its path inside `plans/`.
fn packed(file: &'static include_dir::File<'static>) -> Option<PackFile<'static>> {
    Some(PackFile { path: file.path().to_str()?, bytes: file.contents() })
}
