//! Orders and operating permissions as the API shows them.

use fengsui_domain::incident;
use fengsui_domain::plan::{RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use crate::api::bounds::{id, title};
use crate::api::{By, GrantEndWhy, NameInPlan, OrderOutcome, OrderState, ShortText, Signed};

/// To whom an order is given.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OrderTo {
    /// A body of the plan.
    Body {
        /// Which one.
        #[schema(value_type = NameInPlan)]
        body: String,
    },
    /// An expert, called by field.
    Expert {
        /// The name as known here.
        #[schema(value_type = ShortText)]
        name: String,
        /// The plan's field of expertise.
        #[schema(value_type = NameInPlan)]
        field: String,
    },
}

impl From<&incident::OrderTo> for OrderTo {
    fn from(to: &incident::OrderTo) -> Self {
        match to {
            incident::OrderTo::Body { body } => Self::Body { body: body.to_string() },
            incident::OrderTo::Expert { name, field } => {
                Self::Expert { name: name.clone(), field: field.to_string() }
            }
        }
    }
}

impl TryFrom<OrderTo> for incident::OrderTo {
    type Error = Refusal;

    fn try_from(to: OrderTo) -> Result<Self, Refusal> {
        Ok(match to {
            OrderTo::Body { body } => Self::Body { body: RoleId::new(id("body", body)?) },
            OrderTo::Expert { name, field } => {
                Self::Expert { name: title("name", name)?, field: RuleId::new(id("field", field)?) }
            }
        })
    }
}

/// That an order was understood and taken on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Acknowledgement {
    /// When.
    pub at: Timestamp,
    /// Who said so, where somebody else recorded it.
    pub spoke: String,
    /// Who recorded it.
    pub by: By,
}

/// What was reported back on an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OrderReport {
    /// What it comes to.
    pub outcome: OrderOutcome,
    /// When that was.
    pub at: Timestamp,
    /// What was reported.
    pub text: String,
    /// Who recorded it.
    pub by: By,
}

/// The withdrawal of an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OrderWithdrawn {
    /// Why.
    pub reason: String,
    /// By whom.
    pub signed: Signed,
}

/// An order, task or call: given, acknowledged, reported on, done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// The plan's kind of order.
    pub rule: String,
    /// How it stands.
    pub state: OrderState,
    /// To whom it was given.
    pub to: OrderTo,
    /// What is ordered; empty for the order to carry out a disposal plan, which says it.
    pub what: String,
    /// By when, if the giver said so.
    pub due_at: Option<Timestamp>,
    /// Who gave it.
    pub given: Signed,
    /// The disposal plan whose approval gave it.
    pub disposal: Option<Uuid>,
    /// The acknowledgement, once given.
    pub acknowledged: Option<Acknowledgement>,
    /// What was reported back, in order of recording.
    pub reports: Vec<OrderReport>,
    /// Its withdrawal.
    pub withdrawn: Option<OrderWithdrawn>,
}

impl From<&incident::Order> for Order {
    fn from(order: &incident::Order) -> Self {
        Self {
            id: order.id.0,
            rule: order.rule.to_string(),
            state: order.state().into(),
            to: (&order.to).into(),
            what: order.what.clone(),
            due_at: order.due_at,
            given: (&order.given).into(),
            disposal: order.disposal.map(|disposal| disposal.0),
            acknowledged: order.acknowledged.as_ref().map(Acknowledgement::from),
            reports: order.reports.iter().map(OrderReport::from).collect(),
            withdrawn: order
                .withdrawn
                .as_ref()
                .map(|(signed, reason)| OrderWithdrawn { reason: reason.clone(), signed: signed.into() }),
        }
    }
}

impl From<&incident::Acknowledgement> for Acknowledgement {
    fn from(given: &incident::Acknowledgement) -> Self {
        Self { at: given.at, spoke: given.spoke.clone(), by: (&given.by).into() }
    }
}

impl From<&incident::OrderReport> for OrderReport {
    fn from(report: &incident::OrderReport) -> Self {
        Self {
            outcome: report.outcome.into(),
            at: report.at,
            text: report.text.clone(),
            by: (&report.by).into(),
        }
    }
}

/// How an operating permission ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct GrantEnd {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: GrantEndWhy,
    /// The reason given, for one withdrawn.
    pub reason: String,
    /// By whom.
    pub by: By,
}

/// An operating permission, given for this incident and one asset, for a limited time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// It can be used now.
    pub live: bool,
    /// The body that may use it.
    pub to: String,
    /// The sign-in name of the one person who may; empty for the whole body.
    pub person: String,
    /// What may be done.
    pub what: String,
    /// On which asset.
    pub asset: String,
    /// Until when.
    pub until: Timestamp,
    /// Why it is needed.
    pub reason: String,
    /// Who gave it.
    pub given: Signed,
    /// How it ended before its time.
    pub ended: Option<GrantEnd>,
}

impl Grant {
    /// The permission as it stands at `now`.
    pub fn new(grant: &incident::Grant, now: Timestamp) -> Self {
        Self {
            id: grant.id.0,
            live: grant.live(now),
            to: grant.to.to_string(),
            person: grant.person.clone(),
            what: grant.what.clone(),
            asset: grant.asset.clone(),
            until: grant.until,
            reason: grant.reason.clone(),
            given: (&grant.given).into(),
            ended: grant.ended.as_ref().map(GrantEnd::from),
        }
    }
}

impl From<&incident::GrantEnd> for GrantEnd {
    fn from(end: &incident::GrantEnd) -> Self {
        Self { at: end.at, why: end.why.into(), reason: end.reason.clone(), by: (&end.by).into() }
    }
}
