//! Disposal plans: drafted, verified, approved, carried out, by separate people.
//!
//! Several kinds of verifier look at a draft, each with a finding of its own; the body the plan names
//! sums them up and submits the result. Approval gives the orders the plan calls for: to carry it out,
//! and to secure each resource. Source: `jincheng-internet-2008/5.2.3.2.a` to `5.2.3.4`.

use jiff::Timestamp;

use super::Signed;
use crate::id::{DisposalId, GrantId, OrderId};
use crate::permission::named;
use crate::plan::RoleId;

/// What a disposal plan says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DisposalDraft {
    /// Steps in order.
    pub steps: Vec<DraftStep>,
    /// Resources called for, one a line.
    pub resources: String,
    /// What can go wrong.
    pub risks: String,
    /// How to go back.
    pub rollback: String,
}

/// A step of a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "StoredStep", into = "StoredStep")]
pub struct DraftStep {
    /// What is done.
    pub text: String,
    /// The operating permission it takes; empty if none. Such a step asks for a grant.
    pub needs: String,
}

/// A step without a permission is stored as its text alone.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum StoredStep {
    Plain(String),
    Privileged { text: String, needs: String },
}

impl From<StoredStep> for DraftStep {
    fn from(stored: StoredStep) -> Self {
        match stored {
            StoredStep::Plain(text) => Self { text, needs: String::new() },
            StoredStep::Privileged { text, needs } => Self { text, needs },
        }
    }
}

impl From<DraftStep> for StoredStep {
    fn from(DraftStep { text, needs }: DraftStep) -> Self {
        if needs.is_empty() { Self::Plain(text) } else { Self::Privileged { text, needs } }
    }
}

/// One version of a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Disposal {
    /// Its id.
    pub id: DisposalId,
    /// What it says.
    pub draft: DisposalDraft,
    /// Who drafted it.
    pub drafted: Signed,
    /// Findings, each by another verifier.
    pub verifications: Vec<Verification>,
    /// The findings summed up, where the plan asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summing_up: Option<SummingUp>,
    /// Who decided on it last.
    pub decided: Option<Signed>,
    /// The order to carry it out, where approval gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// How it stands.
    pub state: DisposalState,
    /// Steps carried out.
    pub done: Vec<StepDone>,
}

named! {
    /// How a disposal plan stands.
    DisposalState {
        /// It waits for verification.
        Drafted = "drafted",
        /// It passed verification and waits for approval.
        Verified = "verified",
        /// It did not pass verification.
        Failed = "failed",
        /// It was approved; its steps may be carried out.
        Approved = "approved",
        /// It was sent back.
        Returned = "returned",
        /// It was rejected.
        Rejected = "rejected",
        /// All its steps were carried out.
        Done = "done",
    }
}

/// What a verifier found; stored as passing, not passing, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(from = "Option<bool>", into = "Option<bool>")]
pub enum Finding {
    /// It passes.
    Pass,
    /// It does not pass.
    Fail,
    /// Remarks only, for whoever sums up.
    Remarks,
}

impl From<Option<bool>> for Finding {
    fn from(pass: Option<bool>) -> Self {
        match pass {
            Some(true) => Self::Pass,
            Some(false) => Self::Fail,
            None => Self::Remarks,
        }
    }
}

impl From<Finding> for Option<bool> {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Pass => Some(true),
            Finding::Fail => Some(false),
            Finding::Remarks => None,
        }
    }
}

impl Finding {
    /// Every value, in order.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Fail, Self::Remarks];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Remarks => "remarks",
        }
    }
}

/// A verifier's finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verification {
    /// The kind of verifier; the body that signed may be its fallback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RoleId>,
    /// What was found.
    #[serde(rename = "pass")]
    pub finding: Finding,
    /// Remarks.
    pub remarks: String,
    /// Who verified it.
    pub signed: Signed,
}

/// The findings summed up and submitted. Source: `jincheng-internet-2008/5.2.3.2.b`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SummingUp {
    /// The plan passes.
    pub pass: bool,
    /// What the findings come to, and why a kind of verifier is missing.
    pub remarks: String,
    /// Kinds of verifier that gave no finding.
    pub missing: Vec<RoleId>,
    /// Who summed up.
    pub signed: Signed,
}

/// A step carried out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepDone {
    /// Which one, from 0.
    pub step: usize,
    /// When.
    pub at: Timestamp,
    /// With what result.
    pub result: String,
    /// The operating permission used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
    /// Who carried it out.
    pub signed: Signed,
}

impl Disposal {
    /// Steps not yet carried out, from 0.
    pub fn open_steps(&self) -> impl Iterator<Item = usize> {
        (0..self.draft.steps.len()).filter(|step| !self.done.iter().any(|done| done.step == *step))
    }

    /// The kinds of verifier among `kinds` that gave no finding.
    pub fn without_finding(&self, kinds: &[RoleId]) -> Vec<RoleId> {
        let found = |kind: &RoleId| self.verifications.iter().any(|each| each.of.as_ref() == Some(kind));
        kinds.iter().filter(|kind| !found(kind)).cloned().collect()
    }
}

impl DisposalDraft {
    /// The resources called for, one each.
    pub fn wanted(&self) -> impl Iterator<Item = &str> {
        self.resources.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}
