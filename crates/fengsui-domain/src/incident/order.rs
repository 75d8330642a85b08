//! Orders, tasks, requests for aid and calls of experts: given, acknowledged, reported on, done.
//!
//! What may be ordered by whom of whom stands in the plan ([`crate::plan::OrderRule`]); each order
//! starts the clocks the plan has for its kind. An order is never edited: it is withdrawn, and another
//! given. Source: `jincheng-internet-2008/5.2.2.2`, `5.2.3.1.1`, `5.2.3.3`, `5.2.3.4`, `5.3.2`, `6.1.a`.

use jiff::Timestamp;

use super::Signed;
use crate::actor::By;
use crate::id::{DisposalId, OrderId};
use crate::permission::named;
use crate::plan::{Plan, RoleId, RuleId};

/// An order as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The plan's kind of order.
    pub rule: RuleId,
    /// To whom it is given.
    pub to: OrderTo,
    /// What is ordered; empty for the order to carry out a disposal plan, which says it.
    pub what: String,
    /// By when, if the giver said so (UTC).
    pub due_at: Option<Timestamp>,
    /// Who gave it.
    pub given: Signed,
    /// The disposal plan whose approval gave it.
    pub disposal: Option<DisposalId>,
    /// That it was understood and taken on.
    pub acknowledged: Option<Acknowledgement>,
    /// What was reported back, in order of recording.
    pub reports: Vec<OrderReport>,
    /// Who withdrew it, and why.
    pub withdrawn: Option<(Signed, String)>,
}

/// To whom an order is given.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrderTo {
    /// A body of the plan.
    Body {
        /// Which one.
        body: RoleId,
    },
    /// An expert, called by field. Source: `jincheng-internet-2008/5.2.3.1.1`.
    Expert {
        /// The name as known here.
        name: String,
        /// The plan's field of expertise.
        field: RuleId,
    },
}

/// That an order was understood and taken on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Acknowledgement {
    /// When.
    pub at: Timestamp,
    /// Who said so, where somebody else recorded it.
    pub spoke: String,
    /// Who recorded it.
    pub by: By,
}

/// What was reported back on an order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

named! {
    /// What a report on an order comes to.
    OrderOutcome {
        /// It goes on.
        Progress = "progress",
        /// The expert, the team or the goods arrived.
        Arrived = "arrived",
        /// It was carried out.
        Done = "done",
        /// It cannot be carried out.
        NotPossible = "not-possible",
    }
}

named! {
    /// How an order stands.
    OrderState {
        /// It was given and nobody has answered.
        Given = "given",
        /// It was acknowledged, or work on it was reported.
        Acknowledged = "acknowledged",
        /// It was carried out.
        Done = "done",
        /// It cannot be carried out.
        NotPossible = "not-possible",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
    }
}

/// What a new order says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderWords {
    /// The plan's kind of order.
    pub rule: RuleId,
    /// To whom.
    pub to: OrderTo,
    /// What is ordered.
    pub what: String,
    /// By when, if at all.
    pub due_at: Option<Timestamp>,
}

impl Order {
    /// How it stands.
    pub fn state(&self) -> OrderState {
        if self.withdrawn.is_some() {
            return OrderState::Withdrawn;
        }
        match self.reports.last().map(|report| report.outcome) {
            Some(OrderOutcome::Done) => OrderState::Done,
            Some(OrderOutcome::NotPossible) => OrderState::NotPossible,
            Some(OrderOutcome::Progress | OrderOutcome::Arrived) => OrderState::Acknowledged,
            None if self.acknowledged.is_some() => OrderState::Acknowledged,
            None => OrderState::Given,
        }
    }

    /// Somebody still has to do something about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), OrderState::Given | OrderState::Acknowledged)
    }

    /// The body it was given to; experts are none.
    pub fn body(&self) -> Option<&RoleId> {
        match &self.to {
            OrderTo::Body { body } => Some(body),
            OrderTo::Expert { .. } => None,
        }
    }

    /// Whoever gave it, and whoever else the plan lets give orders of its kind.
    pub fn givers(&self, plan: &Plan) -> Vec<RoleId> {
        let rule = plan.order(&self.rule).into_iter().flat_map(|rule| &rule.from);
        [&self.given.body].into_iter().chain(rule).cloned().collect()
    }

    /// When it was first answered in any way, and when that it was done or cannot be.
    pub fn answers(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let first =
            self.acknowledged.iter().map(|each| each.at).chain(self.reports.iter().map(|each| each.at));
        let closed = |outcome| matches!(outcome, OrderOutcome::Done | OrderOutcome::NotPossible);
        let last = self.reports.iter().find(|report| closed(report.outcome)).map(|report| report.at);
        (first.min(), last)
    }
}
