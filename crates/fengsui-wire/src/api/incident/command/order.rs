//! Orders, calls of experts and operating permissions.

use fengsui_domain::id::{GrantId, OrderId};
use fengsui_domain::incident::{Command, OrderWords};
use fengsui_domain::plan::{RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use super::AboutPart;
use crate::api::bounds::{id, optional_title, part, title};
use crate::api::object::object;
use crate::api::{MediumText, NameInPlan, OptionalShortText, OrderOutcome, OrderTo, ShortText};

/// Gives an order to a body, or calls an expert by field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveOrder {
    /// The plan's kind of order.
    #[schema(value_type = NameInPlan)]
    pub rule: String,
    /// To whom.
    #[serde(deserialize_with = "object")]
    pub to: OrderTo,
    /// What is ordered.
    #[schema(value_type = MediumText)]
    pub what: String,
    /// By when; in the future.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

impl TryFrom<GiveOrder> for Command {
    type Error = Refusal;

    fn try_from(body: GiveOrder) -> Result<Self, Refusal> {
        let rule = RuleId::new(id("rule", body.rule)?);
        let words =
            OrderWords { rule, to: body.to.try_into()?, what: part("what", body.what)?, due_at: body.due_at };
        Ok(Self::GiveOrder { words })
    }
}

/// Acknowledges an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeOrder {
    /// When; not in the future.
    pub at: Timestamp,
    /// Who said so; required where the caller does not speak for the addressee.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub spoke: String,
}

impl TryFrom<AboutPart<AcknowledgeOrder>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(order, body): AboutPart<AcknowledgeOrder>) -> Result<Self, Refusal> {
        let spoke = optional_title("spoke", body.spoke)?;
        Ok(Self::AcknowledgeOrder { order: OrderId(order), at: body.at, spoke })
    }
}

/// Reports back on an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportOrder {
    /// What it comes to.
    pub outcome: OrderOutcome,
    /// When that was; not in the future.
    pub at: Timestamp,
    /// What is reported.
    #[schema(value_type = MediumText)]
    pub text: String,
}

impl TryFrom<AboutPart<ReportOrder>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(order, body): AboutPart<ReportOrder>) -> Result<Self, Refusal> {
        let (outcome, text) = (body.outcome.into(), part("text", body.text)?);
        Ok(Self::ReportOrder { order: OrderId(order), outcome, at: body.at, text })
    }
}

/// Withdraws an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawOrder {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<WithdrawOrder>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(order, body): AboutPart<WithdrawOrder>) -> Result<Self, Refusal> {
        Ok(Self::WithdrawOrder { order: OrderId(order), reason: part("reason", body.reason)? })
    }
}

/// Gives an operating permission for this incident, for at most 30 days.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveGrant {
    /// The body that may use it.
    #[schema(value_type = NameInPlan)]
    pub to: String,
    /// The sign-in name of the one person who may; empty for the whole body.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub person: String,
    /// What may be done.
    #[schema(value_type = ShortText)]
    pub what: String,
    /// On which asset.
    #[schema(value_type = ShortText)]
    pub asset: String,
    /// Until when; in the future.
    pub until: Timestamp,
    /// Why it is needed.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<GiveGrant> for Command {
    type Error = Refusal;

    fn try_from(body: GiveGrant) -> Result<Self, Refusal> {
        Ok(Self::GiveGrant {
            to: RoleId::new(id("to", body.to)?),
            person: optional_title("person", body.person)?,
            what: title("what", body.what)?,
            asset: title("asset", body.asset)?,
            until: body.until,
            reason: part("reason", body.reason)?,
        })
    }
}

/// Withdraws an operating permission.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawGrant {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AboutPart<WithdrawGrant>> for Command {
    type Error = Refusal;

    fn try_from(AboutPart(grant, body): AboutPart<WithdrawGrant>) -> Result<Self, Refusal> {
        Ok(Self::WithdrawGrant { grant: GrantId(grant), reason: part("reason", body.reason)? })
    }
}
