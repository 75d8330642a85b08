//! Telling an audience, moving soft deadlines, reviewing, filing, withdrawing.

use std::collections::BTreeMap;

use fengsui_domain::id::ClockId;
use fengsui_domain::incident::Command;
use fengsui_domain::limits::MAX_TEXT_CHARS;
use fengsui_domain::plan::{PlanId, RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use super::AboutPart;
use crate::api::bounds::{id, optional_part, part, parts, text, title};
use crate::api::{LongText, MediumText, NameInPlan, OptionalMediumText, ShortText, TextsByName};

/// Drafts a text for an audience.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPublication {
    /// The plan's chain.
    #[schema(value_type = NameInPlan)]
    pub rule: String,
    /// The text.
    #[schema(value_type = LongText)]
    pub text: String,
}

impl TryFrom<DraftPublication> for Command {
    type Error = Refusal;

    fn try_from(body: DraftPublication) -> Result<Self, Refusal> {
        let rule = RuleId::new(id("rule", body.rule)?);
        Ok(Self::DraftPublication { rule, text: text("text", body.text, MAX_TEXT_CHARS)? })
    }
}

/// Extends a soft deadline; the old clock stays in the record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendClock {
    /// Until when; later than the present deadline.
    pub until: Timestamp,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<ExtendClock>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(clock, body): AboutPart<ExtendClock>) -> Result<Self, Refusal> {
        Ok(Self::Extend { clock: ClockId(clock), until: body.until, reason: part("reason", body.reason)? })
    }
}

/// Saves drafts of review topics.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftReview {
    /// Texts by the plan's topics; each at most 2,000 characters. Topics not given stay.
    #[schema(value_type = TextsByName)]
    pub topics: BTreeMap<String, String>,
}

impl TryFrom<DraftReview> for Command {
    type Error = Refusal;

    fn try_from(body: DraftReview) -> Result<Self, Refusal> {
        Ok(Self::DraftReview { topics: parts("topics", body.topics)? })
    }
}

/// Completes the review.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteReview {
    /// The mandatory contents by the plan's topics; those not given are taken from the saved draft.
    #[schema(value_type = TextsByName)]
    pub topics: BTreeMap<String, String>,
    /// Whether the plan must change, and how; empty if it need not.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub plan_change: String,
}

impl TryFrom<CompleteReview> for Command {
    type Error = Refusal;

    fn try_from(body: CompleteReview) -> Result<Self, Refusal> {
        let plan_change = optional_part("plan_change", body.plan_change)?;
        Ok(Self::Review { topics: parts("topics", body.topics)?, plan_change })
    }
}

/// Files the closing package.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilePackage {
    /// Process and result in short.
    #[schema(value_type = LongText)]
    pub summary: String,
    /// The plan that asks for the filing, by its id. If left out, the leading plan, or the first that asks.
    #[serde(default)]
    #[schema(value_type = Option<NameInPlan>)]
    pub plan: Option<String>,
}

impl TryFrom<FilePackage> for Command {
    type Error = Refusal;

    fn try_from(body: FilePackage) -> Result<Self, Refusal> {
        let plan = body.plan.map(|plan| id("plan", plan).map(PlanId::new)).transpose()?;
        Ok(Self::File { summary: text("summary", body.summary, MAX_TEXT_CHARS)?, plan })
    }
}

/// Records the receipt of a filing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordFilingReceipt {
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    #[schema(value_type = ShortText)]
    pub reference: String,
    /// The plan that asks for the filing, by its id. If left out, the leading plan, or the first that asks.
    #[serde(default)]
    #[schema(value_type = Option<NameInPlan>)]
    pub plan: Option<String>,
    /// The addressee whose receipt it is, where each gives one and the caller speaks for several.
    #[serde(default)]
    #[schema(value_type = Option<NameInPlan>)]
    pub of: Option<String>,
}

impl TryFrom<RecordFilingReceipt> for Command {
    type Error = Refusal;

    fn try_from(body: RecordFilingReceipt) -> Result<Self, Refusal> {
        Ok(Self::ReceiptFiling {
            at: body.at,
            reference: title("reference", body.reference)?,
            plan: body.plan.map(|plan| id("plan", plan).map(PlanId::new)).transpose()?,
            of: body.of.map(|of| id("of", of).map(RoleId::new)).transpose()?,
        })
    }
}

/// Lets another plan govern the incident too: all its duties apply from now on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachPlan {
    /// The plan, by its id: one that is in force today.
    #[schema(value_type = NameInPlan)]
    pub plan: String,
    /// Why it applies.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl AttachPlan {
    /// The body with every text within its bound.
    pub fn bounded(self) -> Result<Self, Refusal> {
        Ok(Self { plan: id("plan", self.plan)?, reason: part("reason", self.reason)? })
    }
}

/// Takes off a plan that was attached and does not apply after all.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DetachPlan {
    /// The plan, by its id.
    #[schema(value_type = NameInPlan)]
    pub plan: String,
    /// Why it does not apply.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<DetachPlan> for Command {
    type Error = Refusal;

    fn try_from(body: DetachPlan) -> Result<Self, Refusal> {
        let plan = PlanId::new(id("plan", body.plan)?);
        Ok(Self::DetachPlan { plan, reason: part("reason", body.reason)? })
    }
}

/// Withdraws the incident: a redone triage found that it is none. Its event waits for triage again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawIncident {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<WithdrawIncident> for Command {
    type Error = Refusal;

    fn try_from(body: WithdrawIncident) -> Result<Self, Refusal> {
        Ok(Self::Withdraw { reason: part("reason", body.reason)? })
    }
}
