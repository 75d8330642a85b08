//! The node itself: when it came to be, what it runs, what it imported.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::actor::By;
use crate::id::ListId;
use crate::incident::PlanVersion;
use crate::plan::{PlanId, RuleId};

/// The node as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Node {
    /// Its name, the first part of its ledger's origin.
    pub name: String,
    /// The key that signs its checkpoints, as a C2SP verifier key.
    pub verifier_key: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// The first administrator exists, so the set-up link no longer works.
    pub set_up: bool,
    /// The plan version new incidents run under.
    pub plan: Option<PlanVersion>,
    /// What was chosen among the options of the plans' defaults. A plan that is not here is as it was written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub chosen: BTreeMap<PlanId, Chosen>,
    /// The epochs of its ledger that ended with a restore, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epochs: Vec<Epoch>,
    /// The last backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Backup>,
    /// The last trial of restoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
}

/// An epoch of a ledger that ended: another key signs what came after.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Epoch {
    /// The key that signed it, as a C2SP verifier key.
    pub verifier_key: String,
    /// Entries of the ledger when the copy was made with which the next epoch began.
    pub entries: u64,
    /// When the next epoch began.
    pub ended_at: Timestamp,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Backup {
    /// The file.
    pub file: String,
    /// Entries of the ledger in it.
    pub entries: u64,
    /// Its bytes.
    pub bytes: u64,
    /// When it was finished.
    pub at: Timestamp,
}

/// A trial of restoring a backup: into a scratch folder, verified, and removed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trial {
    /// The file.
    pub file: String,
    /// Entries that were verified.
    pub entries: u64,
    /// What was wrong; nothing if it would restore.
    pub problem: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What was chosen among the options of a plan's defaults.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Chosen {
    /// The option chosen of each default; where there is none, ours holds.
    pub options: BTreeMap<RuleId, RuleId>,
    /// The version that came of it.
    pub digest: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// What happened to the node.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NodeChange {
    /// It came to be: entry 0 of its ledger.
    Created {
        /// Its name.
        name: String,
        /// Its verifier key.
        verifier_key: String,
    },
    /// A plan version was put in force for new incidents.
    PlanAdopted {
        /// The version.
        plan: PlanVersion,
    },
    /// Options of a plan's defaults were chosen, in the place of those chosen before; new incidents and the
    /// duties outside of incidents follow them.
    OptionsChosen {
        /// The version that came of it.
        plan: PlanVersion,
        /// The option chosen of each default; where there is none, ours holds.
        options: BTreeMap<RuleId, RuleId>,
        /// Why.
        reason: String,
    },
    /// It was set up: the first accounts exist.
    SetUp,
    /// A server started.
    Started {
        /// Its version.
        version: String,
    },
    /// A server stopped as asked.
    Stopped,
    /// The wall clock jumped against the monotonic one.
    ClockJumped {
        /// By how many seconds; negative means backwards.
        seconds: i64,
    },
    /// A log source was followed from here.
    SourceFollowed {
        /// Its name.
        source: String,
    },
    /// A backup was made.
    BackedUp {
        /// The file.
        file: String,
        /// Entries of the ledger in it.
        entries: u64,
        /// Its bytes.
        bytes: u64,
    },
    /// A backup was restored into a scratch folder, as a trial.
    RestoreTried {
        /// The file.
        file: String,
        /// Entries that were verified.
        entries: u64,
        /// What was wrong; nothing if it would restore.
        problem: Option<String>,
    },
    /// It was restored from a backup: the first entry under a key of its own.
    Restored {
        /// The key that signs from here on.
        verifier_key: String,
        /// The checkpoint under which the backup was made, signed by the key before.
        checkpoint: String,
        /// How many entries that one covers.
        entries: u64,
        /// When the backup was made.
        made_at: Timestamp,
    },
}

impl Node {
    /// The node that a first change makes; `None` for any other change.
    pub fn first(change: NodeChange, at: Timestamp) -> Option<Self> {
        let NodeChange::Created { name, verifier_key } = change else { return None };
        Some(Self {
            name,
            verifier_key,
            created_at: at,
            set_up: false,
            plan: None,
            chosen: BTreeMap::new(),
            epochs: Vec::new(),
            backup: None,
            trial: None,
        })
    }

    /// Folds one more change in.
    pub fn apply(&mut self, change: NodeChange, at: Timestamp, by: By) {
        match change {
            NodeChange::PlanAdopted { plan } => self.plan = Some(plan),
            NodeChange::OptionsChosen { plan, options, reason } => {
                let chosen = Chosen { options, digest: plan.digest.clone(), reason, at, by };
                self.chosen.insert(plan.id.clone(), chosen);
                if self.plan.as_ref().is_some_and(|own| own.id == plan.id) {
                    self.plan = Some(plan);
                }
            }
            NodeChange::SetUp => self.set_up = true,
            NodeChange::BackedUp { file, entries, bytes } => {
                self.backup = Some(Backup { file, entries, bytes, at });
            }
            NodeChange::RestoreTried { file, entries, problem } => {
                self.trial = Some(Trial { file, entries, problem, at });
            }
            NodeChange::Restored { verifier_key, entries, .. } => {
                let verifier_key = std::mem::replace(&mut self.verifier_key, verifier_key);
                self.epochs.push(Epoch { verifier_key, entries, ended_at: at });
            }
            _ => {}
        }
    }
}

/// An imported list of indicators as it stands. The indicators themselves are in a table of their own;
/// the ledger binds them by digest.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndicatorList {
    /// Its id.
    pub id: ListId,
    /// Its name, unique.
    pub name: String,
    /// Indicators by kind.
    pub kinds: BTreeMap<String, u64>,
    /// SHA-256 over the normalised indicators, in order.
    pub digest: String,
    /// When it was last imported.
    pub imported_at: Timestamp,
    /// By whom.
    pub imported_by: By,
    /// It is matched against.
    pub active: bool,
}

/// What happened to a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ListChange {
    /// It was imported, or imported again with other contents.
    Imported {
        /// Its name.
        name: String,
        /// Indicators by kind.
        kinds: BTreeMap<String, u64>,
        /// SHA-256 over the normalised indicators, in order.
        digest: String,
        /// Lines that were refused.
        rejected: u64,
    },
    /// It is no longer matched against.
    Retired {
        /// Why.
        reason: String,
    },
}

impl IndicatorList {
    /// The list that a first change makes; `None` for any other change.
    pub fn first(id: ListId, change: ListChange, at: Timestamp, by: By) -> Option<Self> {
        let ListChange::Imported { name, kinds, digest, .. } = change else { return None };
        Some(Self { id, name, kinds, digest, imported_at: at, imported_by: by, active: true })
    }

    /// Folds one more change in.
    pub fn apply(&mut self, change: ListChange, at: Timestamp, by: By) {
        match change {
            ListChange::Imported { kinds, digest, .. } => {
                self.kinds = kinds;
                self.digest = digest;
                self.imported_at = at;
                self.imported_by = by;
                self.active = true;
            }
            ListChange::Retired { .. } => self.active = false,
        }
    }
}
