//! The packs a node knows: the shipped ones and those of its operator, every version kept.

use std::collections::BTreeMap;

use fengsui_domain::plan::{Plan, PlanId};
use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use super::finding::Finding;
use super::load::{PackFile, load, load_on};

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
}

/// Packs by id; of one id the version added last is the one in use.
#[derive(Clone, Debug, Default)]
pub struct Library {
    packs: BTreeMap<PlanId, Vec<Pack>>,
}

impl Library {
    /// The packs built into the program.
    ///
    /// # Panics
    /// Never in a released build: a test loads every shipped pack and wants no finding.
    pub fn shipped() -> Self {
        let mut library = Self::default();
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
    /// before the older version, which stays for the incidents that run under it.
    pub fn add(&mut self, origin: Origin, files: &[PackFile<'_>]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for files in by_folder(files) {
            let loaded = load(&files);
            findings.extend(loaded.findings);
            if let Some(plan) = loaded.plan {
                let versions = self.packs.entry(plan.id.clone()).or_default();
                versions.retain(|known| known.digest != loaded.digest);
                versions.push(Pack { plan, digest: loaded.digest, origin });
            }
        }
        findings
    }

    /// The packs in use, by id.
    pub fn list(&self) -> impl Iterator<Item = &Pack> {
        self.packs.values().filter_map(|versions| versions.last())
    }

    /// The pack in use under this id.
    pub fn get(&self, id: &PlanId) -> Option<&Pack> {
        self.packs.get(id)?.last()
    }

    /// An exact version, in use or not: the one a running incident names.
    pub fn version(&self, id: &PlanId, digest: &str) -> Option<&Pack> {
        self.packs.get(id)?.iter().find(|pack| pack.digest == digest)
    }
}

/// What is found in packs that are to be relied on from a day on, in one or several folders.
pub fn check_on(files: &[PackFile<'_>], on: Date) -> Vec<Finding> {
    by_folder(files).into_iter().flat_map(|files| load_on(&files, Some(on)).findings).collect()
}

/// The files of each folder, in order of their folders.
fn by_folder<'f>(files: &[PackFile<'f>]) -> Vec<Vec<PackFile<'f>>> {
    let mut folders: BTreeMap<&str, Vec<PackFile<'f>>> = BTreeMap::new();
    for file in files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(*file);
    }
    folders.into_values().collect()
}

/// A file of a shipped pack, by its path inside `plans/`.
fn packed(file: &'static include_dir::File<'static>) -> Option<PackFile<'static>> {
    Some(PackFile { path: file.path().to_str()?, bytes: file.contents() })
}
