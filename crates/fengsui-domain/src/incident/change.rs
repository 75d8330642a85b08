//! What can happen to an incident: the stored changes it is folded from.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Acknowledgement, ActionTaken, Custody, Decision, Disposal, DisposalVerdict, Evidence, Filing,
    GradingKind, Grant, GrantEndWhy, Headquarters, Order, OrderReport, PassedGate, Pin, Pinned, PlanVersion,
    Proposal, Publication, Receipt, Report, Review, Run, RunEnd, RunStep, Signed, SkippedStep, StepDone,
    SummingUp, Swap, Tick, Verification,
};
use crate::actor::Person;
use crate::clock::{Clock, Met, ReplacedWhy};
use crate::expr::Value;
use crate::id::{
    ClockId, DisposalId, EventId, EvidenceId, GrantId, IncidentId, OrderId, PublicationId, ReportId, RunId,
};
use crate::level::IncidentLevel;
use crate::plan::{CategoryId, FactId, PlanId, RoleId, RuleId};

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
        /// When it is believed to have happened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        occurred_at: Option<Timestamp>,
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
    /// It was recorded when the event is believed to have happened.
    OccurrenceRecorded {
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
    /// A verifier gave a finding on a disposal plan.
    DisposalVerified {
        /// Which one.
        disposal: DisposalId,
        /// The finding.
        verification: Verification,
        /// The finding alone decides whether the plan passes; no summing-up follows.
        #[serde(default = "yes", skip_serializing_if = "is_yes")]
        decides: bool,
    },
    /// The findings were summed up and submitted (`jincheng-internet-2008/5.2.3.2.b`).
    DisposalSummedUp {
        /// Which one.
        disposal: DisposalId,
        /// The summing-up.
        summing_up: SummingUp,
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
        /// The order to carry it out that the approval gives.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order: Option<OrderId>,
    },
    /// A step of an approved plan was carried out.
    DisposalStepDone {
        /// Which plan.
        disposal: DisposalId,
        /// The step and its result.
        done: StepDone,
    },
    /// An order was given.
    OrderGiven {
        /// The order.
        order: Order,
    },
    /// An order was acknowledged.
    OrderAcknowledged {
        /// Which one.
        order: OrderId,
        /// The acknowledgement.
        acknowledgement: Acknowledgement,
    },
    /// Something was reported back on an order.
    OrderReported {
        /// Which one.
        order: OrderId,
        /// The report.
        report: OrderReport,
    },
    /// An order was withdrawn.
    OrderWithdrawn {
        /// Which one.
        order: OrderId,
        /// Why.
        reason: String,
        /// By whom.
        signed: Signed,
    },
    /// An operating permission was given (`jincheng-internet-2008/5.2.3.1.2`).
    GrantGiven {
        /// The permission.
        grant: Grant,
    },
    /// An operating permission ended before its time.
    GrantEnded {
        /// Which one.
        grant: GrantId,
        /// Why.
        why: GrantEndWhy,
        /// The reason given, for one withdrawn.
        reason: String,
    },
    /// Something of the emergency database was pinned (`jincheng-internet-2008/5.2.3.1.3`).
    Pinned {
        /// What, and why.
        pin: Pin,
    },
    /// A pin was taken away.
    Unpinned {
        /// Which one.
        what: Pinned,
    },
    /// A playbook was started.
    PlaybookStarted {
        /// The run.
        run: Run,
    },
    /// A step of a playbook was done, or its question answered.
    PlaybookStepDone {
        /// Which run.
        run: RunId,
        /// The step and its result.
        done: RunStep,
    },
    /// A step of a playbook is not taken.
    PlaybookStepSkipped {
        /// Which run.
        run: RunId,
        /// The step and why.
        skipped: SkippedStep,
    },
    /// A gate was opened or waived.
    PlaybookGatePassed {
        /// Which run.
        run: RunId,
        /// The gate and what was said.
        gate: PassedGate,
    },
    /// A step may be taken before another: "urgent first" (`jincheng-egov-2008/5.2.1.b`).
    PlaybookStepSwapped {
        /// Which run.
        run: RunId,
        /// The steps and the reason.
        swap: Swap,
    },
    /// A playbook came to its end, or was stopped.
    PlaybookEnded {
        /// Which run.
        run: RunId,
        /// How.
        end: RunEnd,
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
        /// The plan that asks for it, if not the leading one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<PlanId>,
    },
    /// The filing was receipted.
    FilingReceipted {
        /// The receipt.
        receipt: Receipt,
        /// The plan that asks for the filing, if not the leading one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan: Option<PlanId>,
        /// Who gave it, where each addressee gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<RoleId>,
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
    /// Another plan governs the incident too: all its duties apply from now on.
    PlanAttached {
        /// The exact version.
        plan: PlanVersion,
        /// Why it applies.
        reason: String,
    },
    /// A plan that had been attached does not govern the incident after all.
    PlanDetached {
        /// Which one.
        plan: PlanId,
        /// Why not.
        reason: String,
    },
    /// A remark.
    Noted {
        /// What was written.
        text: String,
    },
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
