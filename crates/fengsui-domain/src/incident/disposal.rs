//! Disposal plans: drafted, verified, approved, carried out, by separate people.
//!
//! Source: `jincheng-internet-2008/5.2.3.2.a` to `5.2.3.4`.

use jiff::Timestamp;

use super::Signed;
use crate::id::DisposalId;
use crate::permission::named;

/// What a disposal plan says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DisposalDraft {
    /// Steps in order.
    pub steps: Vec<String>,
    /// Resources called for.
    pub resources: String,
    /// What can go wrong.
    pub risks: String,
    /// How to go back.
    pub rollback: String,
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
    /// Verifications, by different verifiers.
    pub verifications: Vec<Verification>,
    /// Who decided on it last.
    pub decided: Option<Signed>,
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

/// A verifier's finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Verification {
    /// It passes.
    pub pass: bool,
    /// Remarks.
    pub remarks: String,
    /// Who verified it.
    pub signed: Signed,
}

/// A step carried out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StepDone {
    /// Which one, from 0.
    pub step: usize,
    /// When.
    pub at: Timestamp,
    /// With what result, under which permission.
    pub result: String,
    /// Who carried it out.
    pub signed: Signed,
}

impl Disposal {
    /// Steps not yet carried out, from 0.
    pub fn open_steps(&self) -> impl Iterator<Item = usize> {
        (0..self.draft.steps.len()).filter(|step| !self.done.iter().any(|done| done.step == *step))
    }
}
