//! Disposal plans as the API shows them.

use fengsui_domain::incident;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use crate::api::bounds::{optional_title, part};
use crate::api::{DisposalFinding, DisposalState, MediumText, OptionalShortText, Signed};

/// A step of a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisposalStep {
    /// What is done.
    #[schema(value_type = MediumText)]
    pub text: String,
    /// The operating permission it takes; empty if none.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub needs: String,
}

impl From<&incident::DraftStep> for DisposalStep {
    fn from(step: &incident::DraftStep) -> Self {
        Self { text: step.text.clone(), needs: step.needs.clone() }
    }
}

impl TryFrom<DisposalStep> for incident::DraftStep {
    type Error = Refusal;

    fn try_from(step: DisposalStep) -> Result<Self, Refusal> {
        Ok(Self { text: part("steps", step.text)?, needs: optional_title("needs", step.needs)? })
    }
}

/// A verifier's finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Verification {
    /// The kind of verifier; the body that signed may be its fallback.
    pub of: Option<String>,
    /// What was found.
    pub finding: DisposalFinding,
    /// Remarks.
    pub remarks: String,
    /// Who verified it.
    pub signed: Signed,
}

/// The findings summed up and submitted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct SummingUp {
    /// The plan passes.
    pub pass: bool,
    /// What the findings come to.
    pub remarks: String,
    /// Kinds of verifier that gave no finding.
    pub missing: Vec<String>,
    /// Who summed up.
    pub signed: Signed,
}

/// A step carried out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct StepDone {
    /// Which one, from 0.
    pub step: usize,
    /// When.
    pub at: Timestamp,
    /// With what result.
    pub result: String,
    /// The operating permission used.
    pub grant: Option<Uuid>,
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
    pub steps: Vec<DisposalStep>,
    /// Resources called for, one a line; approval gives an order for each.
    pub resources: String,
    /// What can go wrong.
    pub risks: String,
    /// How to go back.
    pub rollback: String,
    /// Who drafted it.
    pub drafted: Signed,
    /// Findings, each by another verifier.
    pub verifications: Vec<Verification>,
    /// The findings summed up, where the plan asks for it.
    pub summing_up: Option<SummingUp>,
    /// Who decided on it last.
    pub decided: Option<Signed>,
    /// The order to carry it out, where approval gave one; withdrawing it stops the work.
    pub order: Option<Uuid>,
    /// Steps carried out.
    pub done: Vec<StepDone>,
}

impl From<&incident::Disposal> for Disposal {
    fn from(disposal: &incident::Disposal) -> Self {
        let draft = &disposal.draft;
        Self {
            id: disposal.id.0,
            state: disposal.state.into(),
            steps: draft.steps.iter().map(DisposalStep::from).collect(),
            resources: draft.resources.clone(),
            risks: draft.risks.clone(),
            rollback: draft.rollback.clone(),
            drafted: (&disposal.drafted).into(),
            verifications: disposal.verifications.iter().map(Verification::from).collect(),
            summing_up: disposal.summing_up.as_ref().map(SummingUp::from),
            decided: disposal.decided.as_ref().map(Signed::from),
            order: disposal.order.map(|order| order.0),
            done: disposal.done.iter().map(StepDone::from).collect(),
        }
    }
}

impl From<&incident::Verification> for Verification {
    fn from(verification: &incident::Verification) -> Self {
        Self {
            of: verification.of.as_ref().map(ToString::to_string),
            finding: verification.finding.into(),
            remarks: verification.remarks.clone(),
            signed: (&verification.signed).into(),
        }
    }
}

impl From<&incident::StepDone> for StepDone {
    fn from(done: &incident::StepDone) -> Self {
        Self {
            step: done.step,
            at: done.at,
            result: done.result.clone(),
            grant: done.grant.map(|grant| grant.0),
            signed: (&done.signed).into(),
        }
    }
}

impl From<&incident::SummingUp> for SummingUp {
    fn from(summed: &incident::SummingUp) -> Self {
        Self {
            pass: summed.pass,
            remarks: summed.remarks.clone(),
            missing: summed.missing.iter().map(ToString::to_string).collect(),
            signed: (&summed.signed).into(),
        }
    }
}
