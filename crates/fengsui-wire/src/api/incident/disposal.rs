//! Disposal plans as the API shows them.

use fengsui_domain::incident;
use jiff::Timestamp;
use uuid::Uuid;

use crate::api::{DisposalState, Signed};

/// A verifier's finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Verification {
    /// It passes.
    pub pass: bool,
    /// Remarks.
    pub remarks: String,
    /// Who verified it.
    pub signed: Signed,
}

/// A step carried out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
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

/// One version of a disposal plan: drafted, verified, approved, carried out, by separate people.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Disposal {
    /// Its id.
    pub id: Uuid,
    /// How it stands.
    pub state: DisposalState,
    /// Steps in order.
    pub steps: Vec<String>,
    /// Resources called for.
    pub resources: String,
    /// What can go wrong.
    pub risks: String,
    /// How to go back.
    pub rollback: String,
    /// Who drafted it.
    pub drafted: Signed,
    /// Verifications, by different verifiers.
    pub verifications: Vec<Verification>,
    /// Who decided on it last.
    pub decided: Option<Signed>,
    /// Steps carried out.
    pub done: Vec<StepDone>,
}

impl From<&incident::Disposal> for Disposal {
    fn from(disposal: &incident::Disposal) -> Self {
        let draft = &disposal.draft;
        Self {
            id: disposal.id.0,
            state: disposal.state.into(),
            steps: draft.steps.clone(),
            resources: draft.resources.clone(),
            risks: draft.risks.clone(),
            rollback: draft.rollback.clone(),
            drafted: (&disposal.drafted).into(),
            verifications: disposal.verifications.iter().map(Verification::from).collect(),
            decided: disposal.decided.as_ref().map(Signed::from),
            done: disposal.done.iter().map(StepDone::from).collect(),
        }
    }
}

impl From<&incident::Verification> for Verification {
    fn from(verification: &incident::Verification) -> Self {
        Self {
            pass: verification.pass,
            remarks: verification.remarks.clone(),
            signed: (&verification.signed).into(),
        }
    }
}

impl From<&incident::StepDone> for StepDone {
    fn from(done: &incident::StepDone) -> Self {
        Self { step: done.step, at: done.at, result: done.result.clone(), signed: (&done.signed).into() }
    }
}
