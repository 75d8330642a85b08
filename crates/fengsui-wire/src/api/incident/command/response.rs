//! Responding: steps, headquarters, conditions of ending, disposal plans.

use fengsui_domain::id::{DisposalId, GrantId};
use fengsui_domain::incident::{Command, DisposalDraft, DraftStep};
use fengsui_domain::limits::MAX_ITEMS;
use fengsui_domain::plan::{RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::AboutPart;
use crate::api::bounds::{id, optional_part, part, some};
use crate::api::object::{object, objects};
use crate::api::whole::whole;
use crate::api::{
    DisposalFinding, DisposalStep, DisposalVerdict, MediumText, NameInPlan, OptionalMediumText, Step,
};

/// Proposes a step of the response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeStep {
    /// The step.
    #[serde(deserialize_with = "object")]
    pub step: Step,
    /// Grounds.
    #[schema(value_type = MediumText)]
    pub grounds: String,
}

impl TryFrom<ProposeStep> for Command {
    type Error = Refusal;

    fn try_from(body: ProposeStep) -> Result<Self, Refusal> {
        Ok(Self::Propose { step: body.step.try_into()?, grounds: part("grounds", body.grounds)? })
    }
}

/// Decides a step of the response, proposed or not.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideStep {
    /// The step.
    #[serde(deserialize_with = "object")]
    pub step: Step,
    /// Take it, or decline what was proposed.
    pub approve: bool,
    /// Grounds.
    #[schema(value_type = MediumText)]
    pub grounds: String,
}

impl TryFrom<DecideStep> for Command {
    type Error = Refusal;

    fn try_from(body: DecideStep) -> Result<Self, Refusal> {
        let grounds = part("grounds", body.grounds)?;
        Ok(Self::Decide { step: body.step.try_into()?, approve: body.approve, grounds })
    }
}

/// Decides whether a headquarters is necessary.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideHeadquarters {
    /// Form one.
    pub form: bool,
    /// Grounds of the necessity, or of its absence.
    #[schema(value_type = MediumText)]
    pub grounds: String,
}

impl TryFrom<DecideHeadquarters> for Command {
    type Error = Refusal;

    fn try_from(body: DecideHeadquarters) -> Result<Self, Refusal> {
        Ok(Self::DecideHeadquarters { form: body.form, grounds: part("grounds", body.grounds)? })
    }
}

/// Ticks or unticks a condition of ending.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TickCondition {
    /// Which one of the plan's.
    #[schema(value_type = NameInPlan)]
    pub condition: String,
    /// It holds.
    pub holds: bool,
    /// On what basis.
    #[schema(value_type = MediumText)]
    pub basis: String,
}

impl TryFrom<TickCondition> for Command {
    type Error = Refusal;

    fn try_from(body: TickCondition) -> Result<Self, Refusal> {
        let condition = RuleId::new(id("condition", body.condition)?);
        Ok(Self::TickCondition { condition, holds: body.holds, basis: part("basis", body.basis)? })
    }
}

/// Drafts a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftDisposal {
    /// Steps in order.
    #[serde(deserialize_with = "objects")]
    #[schema(min_items = 1, max_items = 60)]
    pub steps: Vec<DisposalStep>,
    /// Resources called for, one a line, at most 60.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub resources: String,
    /// What can go wrong.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub risks: String,
    /// How to go back.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub rollback: String,
}

impl TryFrom<DraftDisposal> for Command {
    type Error = Refusal;

    fn try_from(body: DraftDisposal) -> Result<Self, Refusal> {
        some("steps", body.steps.len(), MAX_ITEMS)?;
        let steps = body.steps.into_iter().map(DraftStep::try_from).collect::<Result<_, _>>()?;
        let draft = DisposalDraft {
            steps,
            resources: optional_part("resources", body.resources)?,
            risks: optional_part("risks", body.risks)?,
            rollback: optional_part("rollback", body.rollback)?,
        };
        Ok(Self::DraftDisposal { draft })
    }
}

/// Gives a finding on a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyDisposal {
    /// For which kind of verifier; the first one the caller speaks for if absent.
    #[serde(default)]
    #[schema(value_type = Option<NameInPlan>)]
    pub of: Option<String>,
    /// What was found.
    pub finding: DisposalFinding,
    /// Remarks; required unless it passes.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub remarks: String,
}

impl TryFrom<AboutPart<VerifyDisposal>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(disposal, body): AboutPart<VerifyDisposal>) -> Result<Self, Refusal> {
        let remarks = optional_part("remarks", body.remarks)?;
        let of = body.of.map(|of| id("of", of)).transpose()?.map(RoleId::new);
        let finding = body.finding.into();
        Ok(Self::VerifyDisposal { disposal: DisposalId(disposal), of, finding, remarks })
    }
}

/// Sums the findings on a disposal plan up and submits them to whoever approves.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SumUpDisposal {
    /// The plan passes.
    pub pass: bool,
    /// Remarks; required if it does not pass, a finding did not, or a kind of verifier is missing.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub remarks: String,
}

impl TryFrom<AboutPart<SumUpDisposal>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(disposal, body): AboutPart<SumUpDisposal>) -> Result<Self, Refusal> {
        let remarks = optional_part("remarks", body.remarks)?;
        Ok(Self::SumUpDisposal { disposal: DisposalId(disposal), pass: body.pass, remarks })
    }
}

/// Approves, returns or rejects a disposal plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDisposal {
    /// What is decided.
    pub verdict: DisposalVerdict,
    /// Why; required unless it is approved.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<DecideDisposal>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(disposal, body): AboutPart<DecideDisposal>) -> Result<Self, Refusal> {
        let (verdict, reason) = (body.verdict.into(), optional_part("reason", body.reason)?);
        Ok(Self::DecideDisposal { disposal: DisposalId(disposal), verdict, reason })
    }
}

/// Records that a step of an approved plan was carried out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteStep {
    /// Which one, from 0.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 59)]
    pub step: u32,
    /// When; not in the future.
    pub at: Timestamp,
    /// With what result.
    #[schema(value_type = MediumText)]
    pub result: String,
    /// The operating permission used; required if the step takes one.
    #[serde(default)]
    pub grant: Option<Uuid>,
}

impl TryFrom<AboutPart<CompleteStep>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(disposal, body): AboutPart<CompleteStep>) -> Result<Self, Refusal> {
        let unknown = || Refusal::Unknown { field: "step", value: body.step.to_string() };
        let step = usize::try_from(body.step).ok().filter(|step| *step < MAX_ITEMS).ok_or_else(unknown)?;
        let result = part("result", body.result)?;
        let grant = body.grant.map(GrantId);
        Ok(Self::DoDisposalStep { disposal: DisposalId(disposal), step, at: body.at, result, grant })
    }
}
