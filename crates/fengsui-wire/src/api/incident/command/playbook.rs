//! Playbooks: start, do, answer, gates, leave out, take first, stop.

use fengsui_domain::id::{GrantId, RunId};
use fengsui_domain::incident::Command;
use fengsui_domain::plan::RuleId;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::AboutPart;
use crate::api::bounds::{id, optional_part, optional_title, part, title};
use crate::api::{MediumText, NameInPlan, OptionalMediumText, OptionalShortText, ShortText};

/// Starts a playbook of the plan; several runs of the same one are several machines.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPlaybook {
    /// Which one.
    #[schema(value_type = NameInPlan)]
    pub playbook: String,
    /// What it is about: the machine, the website, the line.
    #[schema(value_type = ShortText)]
    pub what: String,
    /// When that was found; not in the future. Clocks of the run count from here.
    pub found_at: Timestamp,
}

impl TryFrom<StartPlaybook> for Command {
    type Error = Refusal;

    fn try_from(body: StartPlaybook) -> Result<Self, Refusal> {
        let playbook = RuleId::new(id("playbook", body.playbook)?);
        Ok(Self::StartPlaybook { playbook, what: title("what", body.what)?, found_at: body.found_at })
    }
}

/// Records that a step of a playbook was done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoPlaybookStep {
    /// Which step.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// When; not in the future.
    pub at: Timestamp,
    /// With what result.
    #[schema(value_type = MediumText)]
    pub result: String,
    /// Who said so; required where the caller only records it.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub spoke: String,
    /// The operating permission used, for a step that takes one.
    #[serde(default)]
    pub grant: Option<Uuid>,
}

impl TryFrom<AboutPart<DoPlaybookStep>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<DoPlaybookStep>) -> Result<Self, Refusal> {
        Ok(Self::DoStep {
            run: RunId(run),
            step: RuleId::new(id("step", body.step)?),
            at: body.at,
            result: part("result", body.result)?,
            spoke: optional_title("spoke", body.spoke)?,
            grant: body.grant.map(GrantId),
        })
    }
}

/// Answers the question of a step; the answer decides which steps follow.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerPlaybookStep {
    /// Which step.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// The answer.
    #[schema(value_type = NameInPlan)]
    pub branch: String,
    /// When; not in the future.
    pub at: Timestamp,
    /// Its grounds.
    #[schema(value_type = MediumText)]
    pub grounds: String,
    /// Who said so; required where the caller only records it.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub spoke: String,
}

impl TryFrom<AboutPart<AnswerPlaybookStep>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<AnswerPlaybookStep>) -> Result<Self, Refusal> {
        Ok(Self::AnswerStep {
            run: RunId(run),
            step: RuleId::new(id("step", body.step)?),
            branch: RuleId::new(id("branch", body.branch)?),
            at: body.at,
            grounds: part("grounds", body.grounds)?,
            spoke: optional_title("spoke", body.spoke)?,
        })
    }
}

/// Says that what a step waits for is so.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPlaybookGate {
    /// The step that waits.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// Since when it is so; not in the future.
    pub at: Timestamp,
    /// What is said.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub text: String,
    /// Who said so; required where the caller only records it.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub spoke: String,
}

impl TryFrom<AboutPart<OpenPlaybookGate>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<OpenPlaybookGate>) -> Result<Self, Refusal> {
        Ok(Self::OpenGate {
            run: RunId(run),
            step: RuleId::new(id("step", body.step)?),
            at: body.at,
            text: optional_part("text", body.text)?,
            spoke: optional_title("spoke", body.spoke)?,
        })
    }
}

/// Waives the gate of a step.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WaivePlaybookGate {
    /// Which step.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<WaivePlaybookGate>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<WaivePlaybookGate>) -> Result<Self, Refusal> {
        let step = RuleId::new(id("step", body.step)?);
        Ok(Self::WaiveGate { run: RunId(run), step, reason: part("reason", body.reason)? })
    }
}

/// Leaves out a step that the playbook marks optional.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipPlaybookStep {
    /// Which step.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<SkipPlaybookStep>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<SkipPlaybookStep>) -> Result<Self, Refusal> {
        let step = RuleId::new(id("step", body.step)?);
        Ok(Self::SkipStep { run: RunId(run), step, reason: part("reason", body.reason)? })
    }
}

/// Takes a step before another: "urgent first".
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapPlaybookSteps {
    /// The step to take first.
    #[schema(value_type = NameInPlan)]
    pub step: String,
    /// The one it would follow.
    #[schema(value_type = NameInPlan)]
    pub before: String,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<SwapPlaybookSteps>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<SwapPlaybookSteps>) -> Result<Self, Refusal> {
        let (step, before) = (RuleId::new(id("step", body.step)?), RuleId::new(id("before", body.before)?));
        Ok(Self::SwapSteps { run: RunId(run), step, before, reason: part("reason", body.reason)? })
    }
}

/// Stops a playbook that was started in error or overtaken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopPlaybook {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<StopPlaybook>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(run, body): AboutPart<StopPlaybook>) -> Result<Self, Refusal> {
        Ok(Self::StopPlaybook { run: RunId(run), reason: part("reason", body.reason)? })
    }
}
