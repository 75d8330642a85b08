//! Incidents: events judged harmful, from judgement to archive.
//!
//! [`Incident`] is folded from [`IncidentChange`]s and never edited. What may happen next is decided in
//! `decide` from the state, the plan, the actor and the time; what a decision sets in motion (clocks
//! started, met, replaced) is worked out in `settle` and recorded as changes of its own, so the ledger
//! shows cause and effect. Each [`Phase`] holds only the facts that exist by then.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::actor::By;
use crate::clock::{Clock, ClockState};
use crate::expr::{Answers, Expr, Situation, Truth, Value};
use crate::id::{ClockId, EventId, GrantId, IncidentId, OrderId};
use crate::level::IncidentLevel;
use crate::plan::{CategoryId, ClockStart, FactId, Lead, Plan, PlanId, RoleId, RuleId, plan_of};

mod apply;
mod change;
mod command;
mod decide;
mod disposal;
mod grant;
mod order;
mod parts;
mod phase;
mod playbook;
mod settle;
#[cfg(test)]
mod tests;

pub use change::IncidentChange;
pub use command::{Command, DisposalVerdict, PublicationStep};
pub use decide::{Context, Opening, decide, open, tick};
pub use disposal::{
    Disposal, DisposalDraft, DisposalState, DraftStep, Finding, StepDone, SummingUp, Verification,
};
pub use grant::{Grant, GrantEnd, GrantEndWhy};
pub use order::{Acknowledgement, Order, OrderOutcome, OrderReport, OrderState, OrderTo, OrderWords};
pub use parts::{
    ActionTaken, Assignment, Custody, Decision, Derived, Evidence, Headquarters, Note, Pin, Pinned, Proposal,
    Publication, Receipt, Report, ReportKind, Signed, Step, Tick,
};
pub use phase::{
    Analysing, Archived, AskedFiling, Ended, Filing, Graded, Judged, Phase, Responding, Review, Reviewed,
    Withdrawn,
};
pub use playbook::{
    AboutStep, OpenState, PassedGate, Run, RunEnd, RunStep, RunStepState, SkippedStep, SkippedWhy, Swap, Wait,
};

/// The exact version of a plan an incident runs under; a running incident keeps its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct PlanVersion {
    /// The pack.
    pub id: PlanId,
    /// SHA-256 over its files, in hex.
    pub digest: String,
}

/// A plan that governs an incident beside the one that leads.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attached {
    /// The exact version.
    pub plan: PlanVersion,
    /// Why it applies.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub by: By,
}

/// An answer to one of the plan's facts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// The answer.
    pub value: Value,
    /// Grounds; required for marks.
    #[serde(default)]
    pub reason: String,
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// How a level came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GradingKind {
    /// Taken at triage, before analysis: the higher one when unsure.
    Provisional,
    /// A person confirmed what the rules propose.
    Confirmed,
    /// A person decided otherwise, or the rule asked for a judge; the reason is kept.
    Overridden,
}

/// One entry of the grading history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grading {
    /// The level.
    pub level: IncidentLevel,
    /// How it came about.
    pub kind: GradingKind,
    /// What the rules proposed at that moment.
    pub proposed: Option<IncidentLevel>,
    /// The rule that proposed it.
    pub rule: Option<RuleId>,
    /// Reason of an override or a provisional level.
    pub reason: String,
    /// The facts it was decided on.
    pub facts: Answers,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// An incident as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// Its number on this node, such as `I-2026-000007`.
    pub number: String,
    /// One line.
    pub title: String,
    /// The event it came from.
    pub event: EventId,
    /// The plan version it runs under; with others beside it, the one that leads.
    pub plan: PlanVersion,
    /// The other plans that govern it too, in the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Attached>,
    /// The unit where it happened.
    pub unit: String,
    /// The asset concerned.
    pub asset: String,
    /// Its class in the plan's taxonomy.
    pub category: CategoryId,
    /// When the event reached this desk.
    pub received_at: Timestamp,
    /// When it is believed to have happened, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
    /// When the incident was opened.
    pub opened_at: Timestamp,
    /// When bodies became aware, where recorded.
    pub awareness: BTreeMap<RoleId, Timestamp>,
    /// Answers to the plan's facts.
    pub answers: BTreeMap<FactId, Answer>,
    /// Points of the analysis, by the plan's ids.
    pub analysis: BTreeMap<RuleId, String>,
    /// The grading history, latest last; never empty.
    pub gradings: Vec<Grading>,
    /// Where it stands.
    pub phase: Phase,
    /// A step waiting for a decision.
    pub proposal: Option<Proposal>,
    /// Whether a headquarters was formed.
    pub headquarters: Option<Headquarters>,
    /// Conditions of ending, ticked.
    pub ticks: BTreeMap<RuleId, Tick>,
    /// All clocks, also met and replaced ones, in order of start.
    pub clocks: Vec<Clock>,
    /// Reports, in order of recording.
    pub reports: Vec<Report>,
    /// Immediate actions.
    pub actions: Vec<ActionTaken>,
    /// Disposal plans, in order of drafting.
    pub disposals: Vec<Disposal>,
    /// Orders, tasks and calls, in order of giving.
    #[serde(default)]
    pub orders: Vec<Order>,
    /// Operating permissions, in order of giving.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// What was pinned from the emergency database, in order of pinning.
    #[serde(default)]
    pub pins: Vec<Pin>,
    /// Playbooks, in order of starting.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Who works in it.
    pub people: Vec<Assignment>,
    /// Publications.
    pub publications: Vec<Publication>,
    /// The incident it was derived from.
    pub parent: Option<IncidentId>,
    /// Incidents derived from it.
    pub derived: Vec<Derived>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// Kept drafts of the review, by topic.
    pub review_draft: BTreeMap<RuleId, String>,
}

impl Incident {
    /// The level that stands.
    pub fn level(&self) -> IncidentLevel {
        self.grading().level
    }

    /// The grading that stands.
    pub fn grading(&self) -> &Grading {
        self.gradings.last().expect("`open` grades every incident provisionally")
    }

    /// The plans that govern it, the leading one first.
    pub fn plans(&self) -> impl Iterator<Item = &PlanVersion> {
        [&self.plan].into_iter().chain(self.beside.iter().map(|attached| &attached.plan))
    }

    /// The level was confirmed or overridden by a person after analysis.
    pub fn level_is_confirmed(&self) -> bool {
        self.grading().kind != GradingKind::Provisional
    }

    /// The answers alone.
    pub fn facts(&self) -> Answers {
        self.answers.iter().map(|(fact, answer)| (fact.clone(), answer.value.clone())).collect()
    }

    /// Whether `when` certainly holds for this incident as it stands.
    pub fn holds(&self, when: &Expr) -> bool {
        self.truth(when) == Truth::True
    }

    /// What a predicate comes to for this incident as it stands.
    pub fn truth(&self, when: &Expr) -> Truth {
        let facts = self.facts();
        let response = self.phase.response().map(|response| response.level);
        let situation = Situation { facts: &facts, level: Some(self.level()), response };
        when.eval(&situation)
    }

    /// Who leads the review of this incident under the plan.
    pub fn review_lead<'p>(&self, plan: &'p Plan) -> Option<&'p Lead> {
        plan.review.leads.iter().find(|lead| self.holds(&lead.when))
    }

    /// A playbook, an order, a publication or an immediate action of an attached plan was begun or taken.
    pub fn has_begun_under(&self, plan: &PlanId) -> bool {
        let of = |rule: &RuleId| plan_of(rule) == Some(plan.as_str());
        self.runs.iter().any(|run| of(&run.playbook))
            || self.orders.iter().any(|order| of(&order.rule))
            || self.publications.iter().any(|publication| of(&publication.rule))
            || self.actions.iter().any(|taken| of(&taken.action))
    }

    /// A headquarters was formed.
    pub fn has_headquarters(&self) -> bool {
        self.headquarters.as_ref().is_some_and(|headquarters| headquarters.formed)
    }

    /// When a body became aware, and whether that was recorded or is assumed from the arrival here.
    pub fn aware_at(&self, body: &RoleId) -> (Timestamp, bool) {
        self.awareness.get(body).map_or((self.received_at, false), |at| (*at, true))
    }

    /// Since when a duty of a body counts whose start people tell; `None` for any other start.
    pub fn told_start(&self, starts: ClockStart, body: &RoleId) -> Option<Timestamp> {
        let aware_at = self.aware_at(body).0;
        match starts {
            ClockStart::BodyBecameAware => Some(aware_at),
            ClockStart::Occurred => Some(self.occurred_at.unwrap_or(aware_at)),
            _ => None,
        }
    }

    /// The clock with this id.
    pub fn clock(&self, id: ClockId) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.id == id)
    }

    /// Clocks whose duty is open; in a closed incident nothing is open, even what was never done.
    pub fn running(&self) -> impl Iterator<Item = &Clock> {
        let open = !self.is_closed();
        self.clocks.iter().filter(move |clock| open && matches!(clock.state, ClockState::Running))
    }

    /// The order with this id.
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }

    /// The operating permission with this id.
    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.id == id)
    }

    /// The report of the review is still owed to somebody.
    pub fn review_report_owed(&self) -> bool {
        self.running().any(|clock| clock.starts == ClockStart::ReviewCompleted)
    }

    /// Derived incidents that are not over.
    pub fn derived_open(&self) -> usize {
        self.derived.iter().filter(|derived| !derived.closed).count()
    }

    /// Nothing more can happen to it.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Archived(_) | Phase::Withdrawn(_))
    }
}
