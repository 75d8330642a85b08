//! Incidents: the whole record, as the API shows it.

use std::collections::BTreeMap;

use fengsui_domain::grading::Proposal;
use fengsui_domain::incident;
use fengsui_domain::plan::Plan;
use jiff::Timestamp;
use uuid::Uuid;

use super::{By, IncidentLevel, Person, Phase};

mod clock;
mod command;
mod disposal;
mod grading;
mod order;
mod playbook;
mod record;
mod response;

pub use clock::{Clock, ClockMet, ClockReplaced, ClockState, ClockStep, Notice};
pub use command::*;
pub use disposal::{Disposal, DisposalStep, StepDone, SummingUp, Verification};
pub use grading::{Answer, Condition, FactValue, Grading, GradingProposal, RuleTrail, Turn, facts};
pub use order::{Acknowledgement, Grant, GrantEnd, Order, OrderReport, OrderTo, OrderWithdrawn};
pub use playbook::{
    PlaybookEnd, PlaybookGatePassed, PlaybookRun, PlaybookStep, PlaybookStepDone, PlaybookStepSkipped,
    PlaybookStepState, PlaybookSwap,
};
pub use record::{
    ActionTaken, Assignment, Custody, Derived, Evidence, Filing, Note, Pin, Pinned, Publication, Receipt,
    Report, Review,
};
pub use response::{Decision, Headquarters, Response, Step, StepProposal, Tick};

/// The exact version of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanVersion {
    /// The pack.
    pub id: String,
    /// SHA-256 over its files, in hex.
    pub digest: String,
}

impl From<&incident::PlanVersion> for PlanVersion {
    fn from(version: &incident::PlanVersion) -> Self {
        Self { id: version.id.to_string(), digest: version.digest.clone() }
    }
}

/// The verification that opened the analysis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Verified {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
    /// Against what, with what result.
    pub basis: String,
}

/// The end of the response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Who ended it, on what grounds.
    pub decision: Decision,
}

/// The sealing of the record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Archived {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
}

/// The withdrawal of what was no incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: By,
}

/// A plan that governs an incident beside the one that leads.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AttachedPlan {
    /// The exact version.
    pub plan: PlanVersion,
    /// Why it applies; empty if it was chosen at triage.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Who said so.
    pub by: By,
}

impl From<&incident::Attached> for AttachedPlan {
    fn from(attached: &incident::Attached) -> Self {
        Self {
            plan: (&attached.plan).into(),
            reason: attached.reason.clone(),
            at: attached.at,
            by: (&attached.by).into(),
        }
    }
}

/// An incident as it stands. Names of roles, facts, rules and categories are those of its plan version; with
/// others beside it, names of those have the plan's id in front: `jincheng-egov-2008~asset_kind`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Incident {
    /// Its id.
    pub id: Uuid,
    /// Its number on this node, such as `I-2026-000007`.
    pub number: String,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
    /// One line.
    pub title: String,
    /// The event it came from.
    pub event: Uuid,
    /// The plan version it runs under; with others beside it, the one that leads.
    pub plan: PlanVersion,
    /// The other plans that govern it too, in the order in which they came.
    pub beside: Vec<AttachedPlan>,
    /// The unit where it happened.
    pub unit: String,
    /// The asset concerned.
    pub asset: String,
    /// Its class in the plan's taxonomy.
    pub category: String,
    /// When the event reached this desk.
    pub received_at: Timestamp,
    /// When the incident was opened.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub phase: Phase,
    /// The level that stands.
    pub level: IncidentLevel,
    /// A person confirmed or overrode the level after analysis.
    pub level_confirmed: bool,
    /// The grading history, latest last.
    pub gradings: Vec<Grading>,
    /// What the rules propose for the answers so far, and why; absent if the plan version is not at hand.
    pub grading_proposal: Option<GradingProposal>,
    /// Answers to the plan's facts.
    pub facts: BTreeMap<String, Answer>,
    /// Points of the analysis.
    pub analysis: BTreeMap<String, String>,
    /// When it is believed to have happened, if that is known.
    pub occurred_at: Option<Timestamp>,
    /// When bodies became aware, where recorded.
    pub awareness: BTreeMap<String, Timestamp>,
    /// All clocks, also met and replaced ones, in order of start.
    pub clocks: Vec<Clock>,
    /// Reports, in order of recording.
    pub reports: Vec<Report>,
    /// Immediate actions, in order of recording.
    pub actions: Vec<ActionTaken>,
    /// The verification, until the response starts; later the timeline has it.
    pub verified: Option<Verified>,
    /// When the level was first confirmed, until the response starts; later the timeline has it.
    pub graded_at: Option<Timestamp>,
    /// A step of the response that waits for a decision.
    pub proposal: Option<StepProposal>,
    /// The response, while it runs and after.
    pub response: Option<Response>,
    /// Whether a headquarters was formed.
    pub headquarters: Option<Headquarters>,
    /// Conditions of ending that were ticked or unticked.
    pub ticks: BTreeMap<String, Tick>,
    /// The end of the response.
    pub ended: Option<Ended>,
    /// Disposal plans, in order of drafting.
    pub disposals: Vec<Disposal>,
    /// Orders, tasks and calls, in order of giving.
    pub orders: Vec<Order>,
    /// Operating permissions, in order of giving.
    pub grants: Vec<Grant>,
    /// What was pinned from the emergency database, in order of pinning.
    pub pins: Vec<Pin>,
    /// Playbooks, in order of starting.
    pub playbooks: Vec<PlaybookRun>,
    /// Evidence, in order of adding.
    pub evidence: Vec<Evidence>,
    /// Who works in it.
    pub people: Vec<Assignment>,
    /// The incident it was derived from.
    pub parent: Option<Uuid>,
    /// Incidents derived from it; open ones block ending and archiving.
    pub derived: Vec<Derived>,
    /// Texts for an audience, in order of drafting.
    pub publications: Vec<Publication>,
    /// Kept drafts of the review, by topic.
    pub review_draft: BTreeMap<String, String>,
    /// The completed review.
    pub review: Option<Review>,
    /// The filing of the closing package: the leading plan's.
    pub filing: Option<Filing>,
    /// The filings under plans beside the leading one, by plan.
    pub filed_beside: BTreeMap<String, Filing>,
    /// The sealing.
    pub archived: Option<Archived>,
    /// The withdrawal.
    pub withdrawn: Option<Withdrawn>,
    /// Remarks, in order of writing.
    pub notes: Vec<Note>,
}

impl Incident {
    /// The incident at a version, as it stands at `now`, with what the rules propose.
    pub fn new(
        version: u64,
        it: &incident::Incident,
        (plan, proposal): (Option<&Plan>, Option<&Proposal>),
        now: Timestamp,
    ) -> Self {
        let phase = PhaseFacts::of(&it.phase);
        Self {
            id: it.id.0,
            number: it.number.clone(),
            version,
            title: it.title.clone(),
            event: it.event.0,
            plan: (&it.plan).into(),
            beside: it.beside.iter().map(AttachedPlan::from).collect(),
            unit: it.unit.clone(),
            asset: it.asset.clone(),
            category: it.category.to_string(),
            received_at: it.received_at,
            opened_at: it.opened_at,
            phase: (&it.phase).into(),
            level: it.level().into(),
            level_confirmed: it.level_is_confirmed(),
            gradings: it.gradings.iter().map(Grading::from).collect(),
            grading_proposal: proposal.map(GradingProposal::from),
            facts: it.answers.iter().map(|(fact, answer)| (fact.to_string(), answer.into())).collect(),
            analysis: texts(&it.analysis),
            occurred_at: it.occurred_at,
            awareness: it.awareness.iter().map(|(body, at)| (body.to_string(), *at)).collect(),
            clocks: it.clocks.iter().map(|clock| Clock::new(clock, now)).collect(),
            reports: it.reports.iter().map(Report::from).collect(),
            actions: it.actions.iter().map(ActionTaken::from).collect(),
            verified: phase.verified,
            graded_at: phase.graded_at,
            proposal: it.proposal.as_ref().map(StepProposal::from),
            response: it.phase.response().map(Response::from),
            headquarters: it.headquarters.as_ref().map(Headquarters::from),
            ticks: it.ticks.iter().map(|(condition, tick)| (condition.to_string(), tick.into())).collect(),
            ended: phase.ended,
            disposals: it.disposals.iter().map(Disposal::from).collect(),
            orders: it.orders.iter().map(Order::from).collect(),
            grants: it.grants.iter().map(|grant| Grant::new(grant, now)).collect(),
            pins: it.pins.iter().map(Pin::from).collect(),
            playbooks: it.runs.iter().map(|run| PlaybookRun::new(run, plan)).collect(),
            evidence: it.evidence.iter().map(Evidence::from).collect(),
            people: it.people.iter().map(Assignment::from).collect(),
            parent: it.parent.map(|parent| parent.0),
            derived: it.derived.iter().map(Derived::from).collect(),
            publications: it.publications.iter().map(Publication::from).collect(),
            review_draft: texts(&it.review_draft),
            review: it.phase.review().map(Review::from),
            filing: it.phase.filing().map(Filing::from),
            filed_beside: it.phase.reviewed().map_or_else(BTreeMap::new, filed_beside),
            archived: phase.archived,
            withdrawn: phase.withdrawn,
            notes: it.notes.iter().map(Note::from).collect(),
        }
    }
}

/// What only the phase knows.
#[derive(Default)]
struct PhaseFacts {
    verified: Option<Verified>,
    graded_at: Option<Timestamp>,
    ended: Option<Ended>,
    archived: Option<Archived>,
    withdrawn: Option<Withdrawn>,
}

impl PhaseFacts {
    fn of(phase: &incident::Phase) -> Self {
        let none = Self::default();
        match phase {
            incident::Phase::Judged(_) | incident::Phase::Responding(_) => none,
            incident::Phase::Analysing(analysing) => Self { verified: Some(analysing.into()), ..none },
            incident::Phase::Graded(graded) => {
                Self { verified: Some((&graded.analysis).into()), graded_at: Some(graded.at), ..none }
            }
            incident::Phase::Ended(ended) => Self { ended: Some(ended.into()), ..none },
            incident::Phase::Reviewed(reviewed) => Self { ended: Some((&reviewed.ended).into()), ..none },
            incident::Phase::Archived(archived) => Self {
                ended: Some((&archived.reviewed.ended).into()),
                archived: Some(Archived { at: archived.at, by: (&archived.by).into() }),
                ..none
            },
            incident::Phase::Withdrawn(withdrawn) => Self {
                withdrawn: Some(Withdrawn {
                    at: withdrawn.at,
                    reason: withdrawn.reason.clone(),
                    by: (&withdrawn.by).into(),
                }),
                ..none
            },
        }
    }
}

impl From<&incident::Analysing> for Verified {
    fn from(analysing: &incident::Analysing) -> Self {
        Self { at: analysing.verified_at, by: (&analysing.by).into(), basis: analysing.basis.clone() }
    }
}

impl From<&incident::Ended> for Ended {
    fn from(ended: &incident::Ended) -> Self {
        Self { at: ended.ended_at, decision: (&ended.decision).into() }
    }
}

/// Texts by the plan's ids.
fn texts(texts: &BTreeMap<fengsui_domain::plan::RuleId, String>) -> BTreeMap<String, String> {
    texts.iter().map(|(id, words)| (id.to_string(), words.clone())).collect()
}

/// An incident in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct IncidentSummary {
    /// Its id.
    pub id: Uuid,
    /// Its number on this node.
    pub number: String,
    /// How many changes it has had.
    pub version: u64,
    /// Where it stands.
    pub phase: Phase,
    /// The level that stands.
    pub level: IncidentLevel,
    /// One line.
    pub title: String,
    /// The unit where it happened.
    pub unit: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its next duty falls due, if one is open.
    pub next_due_at: Option<Timestamp>,
    /// Its next duty is overdue.
    pub overdue: bool,
}

fn filed_beside(reviewed: &incident::Reviewed) -> BTreeMap<String, Filing> {
    reviewed.filed_beside.iter().map(|(plan, filing)| (plan.to_string(), filing.into())).collect()
}
