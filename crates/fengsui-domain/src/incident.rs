//! Incidents: events judged harmful, from judgement to archive.
//!
//! [`Incident`] is folded from [`IncidentChange`]s and never edited. What may happen next is decided in
//! `decide` from the state, the plan, the actor and the time; what a decision sets in motion (clocks
//! started, met, replaced) is worked out in `settle` and recorded as changes of its own, so the ledger
//! shows cause and effect. Each [`Phase`] holds only the facts that exist by then.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::actor::{By, Person, TwoPersons};
use crate::clock::{Clock, ClockState, Met, ReplacedWhy};
use crate::expr::{Answers, Situation, Value};
use crate::id::{ClockId, DisposalId, EventId, EvidenceId, IncidentId, PublicationId, ReportId};
use crate::level::IncidentLevel;
use crate::permission::named;
use crate::plan::{CategoryId, ClockStart, FactId, Form, Lead, Plan, PlanId, RoleId, RuleId};

mod apply;
mod command;
mod decide;
mod disposal;
mod phase;
mod settle;
#[cfg(test)]
mod tests;

pub use command::{Command, DisposalVerdict, PublicationStep};
pub use decide::{Context, Opening, decide, open, tick};
pub use disposal::{Disposal, DisposalDraft, DisposalState, StepDone, Verification};
pub use phase::{
    Analysing, Archived, Ended, Filing, Graded, Judged, Phase, Responding, Review, Reviewed, Withdrawn,
};

/// The exact version of a plan an incident runs under; a running incident keeps its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct PlanVersion {
    /// The pack.
    pub id: PlanId,
    /// SHA-256 over its files, in hex.
    pub digest: String,
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

named! {
    /// First, follow-up or final report.
    ReportKind {
        /// First report (首报).
        First = "first",
        /// Follow-up report (续报).
        FollowUp = "follow-up",
        /// Final report (终报).
        Final = "final",
    }
}

/// A report from one body to another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// First, follow-up or final.
    pub kind: ReportKind,
    /// Oral or written.
    pub form: Form,
    /// Who reports.
    pub of: RoleId,
    /// To whom.
    pub to: RoleId,
    /// When it was made.
    pub at: Timestamp,
    /// Who spoke to whom, or who sent it.
    pub spoke: String,
    /// By what means: telephone, fax, courier, e-mail.
    pub means: String,
    /// What was reported.
    pub text: String,
    /// When and by whom it was recorded here.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub by: By,
    /// The addressee's receipt; oral reports need none.
    pub receipt: Option<Receipt>,
}

/// A receipt given by an addressee.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    pub reference: String,
    /// Who recorded it.
    pub by: By,
}

/// An immediate action, taken without waiting for approval.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ActionTaken {
    /// Which of the plan's list.
    pub action: RuleId,
    /// When.
    pub at: Timestamp,
    /// What exactly was done, with what result.
    pub note: String,
    /// Who recorded it.
    pub by: By,
}

/// A piece of evidence and who has held it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// File name or description.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// When it was collected.
    pub collected_at: Timestamp,
    /// Where and how.
    pub note: String,
    /// Chain of custody: the collector first.
    pub custody: Vec<Custody>,
}

/// A step in a chain of custody.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Custody {
    /// Who holds it from now on.
    pub holder: String,
    /// Since when.
    pub at: Timestamp,
    /// Why it changed hands.
    pub why: String,
    /// Who recorded it.
    pub by: By,
}

/// A person working in the incident under a role of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Assignment {
    /// The role.
    pub role: RoleId,
    /// The person's name as known here.
    pub person: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when, once relieved.
    pub until: Option<Timestamp>,
}

/// A text on its way through a publication chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The plan's chain.
    pub rule: RuleId,
    /// The text, as drafted and as released.
    pub text: String,
    /// Who drafted it, when.
    pub drafted: Signed,
    /// Who approved it, when.
    pub approved: Option<Signed>,
    /// Who released it, when.
    pub released: Option<Signed>,
}

/// A person's act at an instant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// For which body.
    pub body: RoleId,
    /// When.
    pub at: Timestamp,
}

/// Something proposed that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proposal {
    /// What is proposed.
    #[serde(flatten)]
    pub step: Step,
    /// Grounds.
    pub grounds: String,
    /// Who proposed it.
    pub signed: Signed,
}

/// A step of the response that is proposed, decided, or both at once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Start the response.
    Start {
        /// At this level.
        level: IncidentLevel,
        /// Over this range.
        range: String,
    },
    /// Change its level or range.
    Adjust {
        /// To this level.
        level: IncidentLevel,
        /// To this range.
        range: String,
    },
    /// End it.
    End,
}

impl Step {
    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Adjust { .. } => "adjust",
            Self::End => "end",
        }
    }
}

/// A decision on a step, made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Decision {
    /// Who decided.
    pub signed: Signed,
    /// Grounds.
    pub grounds: String,
    /// The proposer and the decider, where the plan asks for two persons.
    pub persons: Option<TwoPersons>,
}

/// A condition of ending, ticked with its basis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tick {
    /// It holds.
    pub holds: bool,
    /// On what basis.
    pub basis: String,
    /// When it was ticked.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// The "when necessary" decision on a headquarters, recorded either way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Headquarters {
    /// Formed or not.
    pub formed: bool,
    /// Grounds of the necessity, or of its absence.
    pub grounds: String,
    /// Who decided.
    pub signed: Signed,
}

/// A remark in the record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// What was written.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// An incident derived from another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Derived {
    /// The derived incident.
    pub incident: IncidentId,
    /// It is over (ended, archived or withdrawn).
    pub closed: bool,
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
    /// The plan version it runs under.
    pub plan: PlanVersion,
    /// The unit where it happened.
    pub unit: String,
    /// The asset concerned.
    pub asset: String,
    /// Its class in the plan's taxonomy.
    pub category: CategoryId,
    /// When the event reached this desk.
    pub received_at: Timestamp,
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

/// What happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IncidentChange {
    /// It was opened from a judged event.
    Opened {
        /// Its number on this node.
        number: String,
        /// One line.
        title: String,
        /// The event.
        event: EventId,
        /// The plan version.
        plan: PlanVersion,
        /// The unit.
        unit: String,
        /// The asset.
        asset: String,
        /// Its class.
        category: CategoryId,
        /// When the event reached this desk.
        received_at: Timestamp,
        /// Who became aware when.
        awareness: BTreeMap<RoleId, Timestamp>,
        /// Answers given at triage.
        answers: BTreeMap<FactId, Value>,
        /// The provisional level.
        level: IncidentLevel,
        /// Why this level.
        reason: String,
        /// The incident it is derived from.
        parent: Option<IncidentId>,
    },
    /// It was verified against what is known (`jincheng-internet-2008/5.1.5.2.1`).
    Verified {
        /// What it was checked against, with what result.
        basis: String,
    },
    /// Facts were answered or changed.
    Answered {
        /// The answers with their grounds.
        answers: BTreeMap<FactId, (Value, String)>,
    },
    /// The class was changed.
    Categorised {
        /// The new class.
        category: CategoryId,
    },
    /// Points of the analysis were written (`jincheng-internet-2008/5.1.5.3`).
    Analysed {
        /// By point.
        points: BTreeMap<RuleId, String>,
    },
    /// A level was confirmed or overridden (`jincheng-internet-2008/5.1.5.4`).
    Graded {
        /// The level.
        level: IncidentLevel,
        /// How it came about.
        kind: GradingKind,
        /// What the rules proposed.
        proposed: Option<IncidentLevel>,
        /// The rule.
        rule: Option<RuleId>,
        /// The reason.
        reason: String,
    },
    /// It was recorded when a body became aware.
    AwarenessRecorded {
        /// The body.
        body: RoleId,
        /// When.
        at: Timestamp,
    },
    /// A clock started.
    ClockStarted {
        /// The clock.
        clock: Clock,
    },
    /// A step of escalation was told.
    ClockTold {
        /// The clock.
        clock: ClockId,
        /// Percent of the span gone.
        percent: u8,
        /// Who was told.
        to: RoleId,
        /// When it was due; the entry's own time says when it was done.
        due_at: Timestamp,
    },
    /// A clock lapsed.
    ClockLapsed {
        /// The clock.
        clock: ClockId,
        /// When it lapsed; the entry's own time says when that was recorded.
        lapsed_at: Timestamp,
    },
    /// A clock was met.
    ClockMet {
        /// The clock.
        clock: ClockId,
        /// How.
        met: Met,
    },
    /// A clock was replaced.
    ClockReplaced {
        /// The clock.
        clock: ClockId,
        /// The clock in its place.
        by: Option<ClockId>,
        /// Why.
        why: ReplacedWhy,
        /// Reason of an extension.
        #[serde(default)]
        reason: String,
    },
    /// A report was made.
    Reported {
        /// The report.
        report: Report,
    },
    /// A report was receipted.
    ReportReceipted {
        /// Which one.
        report: ReportId,
        /// The receipt.
        receipt: Receipt,
    },
    /// An immediate action was taken.
    ActionTaken {
        /// The action.
        action: ActionTaken,
    },
    /// A step of the response was proposed.
    Proposed {
        /// The proposal.
        proposal: Proposal,
    },
    /// A proposal was declined.
    Declined {
        /// The decision.
        decision: Decision,
    },
    /// The response started.
    ResponseStarted {
        /// At this level.
        level: IncidentLevel,
        /// Over this range.
        range: String,
        /// The decision.
        decision: Decision,
    },
    /// Its level or range changed.
    ResponseAdjusted {
        /// To this level.
        level: IncidentLevel,
        /// To this range.
        range: String,
        /// The decision.
        decision: Decision,
    },
    /// A headquarters was formed, or found not necessary.
    HeadquartersDecided {
        /// The decision.
        headquarters: Headquarters,
    },
    /// A condition of ending was ticked or unticked.
    ConditionTicked {
        /// Which one.
        condition: RuleId,
        /// The tick.
        tick: Tick,
    },
    /// The response ended.
    ResponseEnded {
        /// The decision.
        decision: Decision,
    },
    /// A disposal plan was drafted.
    DisposalDrafted {
        /// The plan.
        disposal: Disposal,
    },
    /// A disposal plan was verified.
    DisposalVerified {
        /// Which one.
        disposal: DisposalId,
        /// The verification.
        verification: Verification,
    },
    /// A disposal plan was approved, returned or rejected.
    DisposalDecided {
        /// Which one.
        disposal: DisposalId,
        /// What was decided.
        verdict: DisposalVerdict,
        /// Why.
        reason: String,
        /// By whom.
        signed: Signed,
    },
    /// A step of an approved plan was carried out.
    DisposalStepDone {
        /// Which plan.
        disposal: DisposalId,
        /// The step and its result.
        done: StepDone,
    },
    /// Evidence was added.
    EvidenceAdded {
        /// The evidence.
        evidence: Evidence,
    },
    /// Evidence changed hands.
    EvidenceHandedOver {
        /// Which one.
        evidence: EvidenceId,
        /// To whom.
        custody: Custody,
    },
    /// A person took a role.
    Assigned {
        /// The role.
        role: RoleId,
        /// The person.
        person: String,
    },
    /// A person was relieved of a role.
    Relieved {
        /// The role.
        role: RoleId,
        /// The person.
        person: String,
    },
    /// Another incident was derived from this one.
    DerivedLinked {
        /// Which one.
        incident: IncidentId,
    },
    /// A derived incident is over.
    DerivedClosed {
        /// Which one.
        incident: IncidentId,
    },
    /// A text was drafted for an audience.
    PublicationDrafted {
        /// The publication.
        publication: Publication,
    },
    /// It was approved.
    PublicationApproved {
        /// Which one.
        publication: PublicationId,
        /// By whom.
        signed: Signed,
    },
    /// It was released.
    PublicationReleased {
        /// Which one.
        publication: PublicationId,
        /// By whom.
        signed: Signed,
    },
    /// A draft of the review was saved.
    ReviewDrafted {
        /// By topic; only those that changed.
        topics: BTreeMap<RuleId, String>,
    },
    /// The review was completed.
    ReviewCompleted {
        /// The review.
        review: Review,
    },
    /// The closing package was filed.
    Filed {
        /// The filing.
        filing: Filing,
    },
    /// The filing was receipted.
    FilingReceipted {
        /// The receipt.
        receipt: Receipt,
    },
    /// It was archived.
    Archived {
        /// By whom.
        by: Person,
    },
    /// It was withdrawn: a redone triage found that it is none.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// A remark.
    Noted {
        /// What was written.
        text: String,
    },
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

    /// The level was confirmed or overridden by a person after analysis.
    pub fn level_is_confirmed(&self) -> bool {
        self.grading().kind != GradingKind::Provisional
    }

    /// The answers alone.
    pub fn facts(&self) -> Answers {
        self.answers.iter().map(|(fact, answer)| (fact.clone(), answer.value.clone())).collect()
    }

    /// Whether `when` certainly holds for this incident as it stands.
    pub fn holds(&self, when: &crate::expr::Expr) -> bool {
        let facts = self.facts();
        let response = self.phase.response().map(|response| response.level);
        let situation = Situation { facts: &facts, level: Some(self.level()), response };
        when.eval(&situation) == crate::expr::Truth::True
    }

    /// Who leads the review of this incident under the plan.
    pub fn review_lead<'p>(&self, plan: &'p Plan) -> Option<&'p Lead> {
        plan.review.leads.iter().find(|lead| self.holds(&lead.when))
    }

    /// A headquarters was formed.
    pub fn has_headquarters(&self) -> bool {
        self.headquarters.as_ref().is_some_and(|headquarters| headquarters.formed)
    }

    /// When a body became aware, and whether that was recorded or is assumed from the arrival here.
    pub fn aware_at(&self, body: &RoleId) -> (Timestamp, bool) {
        self.awareness.get(body).map_or((self.received_at, false), |at| (*at, true))
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
