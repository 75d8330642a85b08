//! What people ask of an incident. Each command is one decision of [`super::decide()`].

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{DisposalDraft, Finding, OrderOutcome, OrderWords, Pinned, PlanVersion, ReportKind, Step};
use crate::expr::Value;
use crate::id::{
    ClockId, DisposalId, EvidenceId, GrantId, IncidentId, OrderId, PublicationId, ReportId, RunId,
};
use crate::level::IncidentLevel;
use crate::permission::named;
use crate::plan::{CategoryId, FactId, Form, PlanId, RoleId, RuleId};

named! {
    /// What is decided on a disposal plan.
    DisposalVerdict {
        /// Carry it out.
        Approve = "approve",
        /// Send it back to be mended.
        Return = "return",
        /// Do not carry it out.
        Reject = "reject",
    }
}

named! {
    /// A step of a publication chain after the draft.
    PublicationStep {
        /// Check and approve.
        Approve = "approve",
        /// Release to the audience.
        Release = "release",
    }
}

/// A command to an incident. Times that say when something was done may lie in the past, never ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Confirm against what is known; opens the analysis.
    Verify {
        /// What it was checked against, with what result.
        basis: String,
    },
    /// Answer facts of the plan.
    Answer {
        /// The answers with their grounds.
        answers: BTreeMap<FactId, (Value, String)>,
    },
    /// Change the class.
    Categorise {
        /// The new class.
        category: CategoryId,
    },
    /// Write points of the analysis.
    Analyse {
        /// By point.
        points: BTreeMap<RuleId, String>,
    },
    /// Confirm the proposed level, or override it with a reason.
    Grade {
        /// The level.
        level: IncidentLevel,
        /// Why, if it differs from the proposal or the rule asks for a judge.
        reason: String,
    },
    /// Record when a body became aware.
    RecordAwareness {
        /// The body.
        body: RoleId,
        /// When.
        at: Timestamp,
    },
    /// Record when it is believed to have happened.
    RecordOccurrence {
        /// When.
        at: Timestamp,
    },
    /// Record a report.
    Report {
        /// First, follow-up or final.
        kind: ReportKind,
        /// Oral or written.
        form: Form,
        /// Who reports.
        of: RoleId,
        /// To whom.
        to: RoleId,
        /// When it was made.
        at: Timestamp,
        /// Who spoke to whom.
        spoke: String,
        /// By what means.
        means: String,
        /// What was reported.
        text: String,
    },
    /// Record the addressee's receipt of a report.
    ReceiptReport {
        /// Which one.
        report: ReportId,
        /// When it was given.
        at: Timestamp,
        /// Number, name or post.
        reference: String,
    },
    /// Record an immediate action.
    TakeAction {
        /// Which of the plan's list.
        action: RuleId,
        /// When.
        at: Timestamp,
        /// What exactly, with what result.
        note: String,
    },
    /// Propose a step of the response.
    Propose {
        /// The step.
        step: Step,
        /// Grounds.
        grounds: String,
    },
    /// Decide a step of the response, proposed or not.
    Decide {
        /// The step.
        step: Step,
        /// Yes or no.
        approve: bool,
        /// Grounds.
        grounds: String,
    },
    /// Decide whether a headquarters is necessary.
    DecideHeadquarters {
        /// Form one.
        form: bool,
        /// Grounds.
        grounds: String,
    },
    /// Tick or untick a condition of ending.
    TickCondition {
        /// Which one.
        condition: RuleId,
        /// It holds.
        holds: bool,
        /// On what basis.
        basis: String,
    },
    /// Draft a disposal plan.
    DraftDisposal {
        /// What it says.
        draft: DisposalDraft,
    },
    /// Give a finding on a disposal plan.
    VerifyDisposal {
        /// Which one.
        disposal: DisposalId,
        /// For which kind of verifier; the first one the actor speaks for if not said.
        of: Option<RoleId>,
        /// What was found.
        finding: Finding,
        /// Remarks.
        remarks: String,
    },
    /// Sum the findings up and submit them.
    SumUpDisposal {
        /// Which one.
        disposal: DisposalId,
        /// The plan passes.
        pass: bool,
        /// What the findings come to.
        remarks: String,
    },
    /// Approve, return or reject a disposal plan.
    DecideDisposal {
        /// Which one.
        disposal: DisposalId,
        /// What is decided.
        verdict: DisposalVerdict,
        /// Why.
        reason: String,
    },
    /// Record that a step of an approved plan was carried out.
    DoDisposalStep {
        /// Which plan.
        disposal: DisposalId,
        /// Which step, from 0.
        step: usize,
        /// When.
        at: Timestamp,
        /// With what result.
        result: String,
        /// The operating permission used.
        grant: Option<GrantId>,
    },
    /// Give an order.
    GiveOrder {
        /// What it says.
        words: OrderWords,
    },
    /// Acknowledge an order.
    AcknowledgeOrder {
        /// Which one.
        order: OrderId,
        /// When.
        at: Timestamp,
        /// Who said so, where somebody else records it.
        spoke: String,
    },
    /// Report back on an order.
    ReportOrder {
        /// Which one.
        order: OrderId,
        /// What it comes to.
        outcome: OrderOutcome,
        /// When that was.
        at: Timestamp,
        /// What is reported.
        text: String,
    },
    /// Withdraw an order.
    WithdrawOrder {
        /// Which one.
        order: OrderId,
        /// Why.
        reason: String,
    },
    /// Give an operating permission.
    GiveGrant {
        /// The body that may use it.
        to: RoleId,
        /// The one person who may, by sign-in name; empty for the whole body.
        person: String,
        /// What may be done.
        what: String,
        /// On which asset.
        asset: String,
        /// Until when.
        until: Timestamp,
        /// Why it is needed.
        reason: String,
    },
    /// Withdraw an operating permission.
    WithdrawGrant {
        /// Which one.
        grant: GrantId,
        /// Why.
        reason: String,
    },
    /// Pin something of the emergency database.
    Pin {
        /// What.
        what: Pinned,
        /// Its title; whoever knows the database fills it in.
        title: String,
        /// What it is good for here.
        note: String,
    },
    /// Take a pin away.
    Unpin {
        /// Which one.
        what: Pinned,
    },
    /// Start a playbook.
    StartPlaybook {
        /// Which one of the plan.
        playbook: RuleId,
        /// What it is about: the machine, the website, the line.
        what: String,
        /// When that was found.
        found_at: Timestamp,
    },
    /// Record that a step of a playbook was done.
    DoStep {
        /// Which run.
        run: RunId,
        /// Which step.
        step: RuleId,
        /// When.
        at: Timestamp,
        /// With what result.
        result: String,
        /// Who said so, where somebody else records it.
        spoke: String,
        /// The operating permission used.
        grant: Option<GrantId>,
    },
    /// Answer the question of a step.
    AnswerStep {
        /// Which run.
        run: RunId,
        /// Which step.
        step: RuleId,
        /// The answer.
        branch: RuleId,
        /// When.
        at: Timestamp,
        /// Its grounds.
        grounds: String,
        /// Who said so, where somebody else records it.
        spoke: String,
    },
    /// Say that what a step waits for is so.
    OpenGate {
        /// Which run.
        run: RunId,
        /// The step that waits.
        step: RuleId,
        /// Since when it is so.
        at: Timestamp,
        /// What is said.
        text: String,
        /// Who said so, where somebody else records it.
        spoke: String,
    },
    /// Let a step go on though what it waits for is not so.
    WaiveGate {
        /// Which run.
        run: RunId,
        /// The step that waits.
        step: RuleId,
        /// Why.
        reason: String,
    },
    /// Leave out a step that the playbook marks optional.
    SkipStep {
        /// Which run.
        run: RunId,
        /// Which step.
        step: RuleId,
        /// Why.
        reason: String,
    },
    /// Take a step before another: "urgent first".
    SwapSteps {
        /// Which run.
        run: RunId,
        /// The step to take first.
        step: RuleId,
        /// The one it would follow.
        before: RuleId,
        /// Why.
        reason: String,
    },
    /// Stop a playbook that was started in error or overtaken.
    StopPlaybook {
        /// Which run.
        run: RunId,
        /// Why.
        reason: String,
    },
    /// Add evidence whose bytes are stored.
    AddEvidence {
        /// File name or description.
        name: String,
        /// SHA-256 of the bytes, in hex.
        sha256: String,
        /// Size in bytes.
        size_bytes: u64,
        /// When it was collected.
        collected_at: Timestamp,
        /// Where and how.
        note: String,
    },
    /// Hand evidence over.
    HandOverEvidence {
        /// Which one.
        evidence: EvidenceId,
        /// To whom.
        holder: String,
        /// Why.
        why: String,
    },
    /// Put a person into a role.
    Assign {
        /// The role.
        role: RoleId,
        /// The person.
        person: String,
    },
    /// Relieve a person of a role.
    Relieve {
        /// The role.
        role: RoleId,
        /// The person.
        person: String,
    },
    /// Note that another incident was derived from this one.
    LinkDerived {
        /// Which one.
        incident: IncidentId,
    },
    /// Note that a derived incident is over; the service sends this when it happens.
    CloseDerived {
        /// Which one.
        incident: IncidentId,
    },
    /// Draft a text for an audience.
    DraftPublication {
        /// The plan's chain.
        rule: RuleId,
        /// The text.
        text: String,
    },
    /// Approve or release a text.
    Publish {
        /// Which one.
        publication: PublicationId,
        /// The step.
        step: PublicationStep,
    },
    /// Extend a soft deadline.
    Extend {
        /// Which clock.
        clock: ClockId,
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// Save drafts of review topics.
    DraftReview {
        /// By topic.
        topics: BTreeMap<RuleId, String>,
    },
    /// Complete the review.
    Review {
        /// The mandatory contents, by topic; those not given are taken from the saved draft.
        topics: BTreeMap<RuleId, String>,
        /// Whether the plan must change, and how.
        plan_change: String,
    },
    /// File the closing package.
    File {
        /// Process and result in short.
        summary: String,
        /// The plan that asks for it; the leading one, or the first that does, if not said.
        plan: Option<PlanId>,
    },
    /// Record the receipt of the filing.
    ReceiptFiling {
        /// When it was given.
        at: Timestamp,
        /// Number, name or post.
        reference: String,
        /// The plan that asks for the filing; as for [`Self::File`] if not said.
        plan: Option<PlanId>,
        /// Who gave it; needed where each addressee gives one and the actor speaks for several.
        of: Option<RoleId>,
    },
    /// Seal it.
    Archive,
    /// Withdraw it: a redone triage found that it is none.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Let another plan govern it too.
    AttachPlan {
        /// The exact version.
        plan: PlanVersion,
        /// Why it applies.
        reason: String,
    },
    /// Take off a plan that was attached.
    DetachPlan {
        /// Which one.
        plan: PlanId,
        /// Why it does not apply.
        reason: String,
    },
    /// Write a remark.
    Note {
        /// What.
        text: String,
    },
}

impl Command {
    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Verify { .. } => "verify",
            Self::Answer { .. } => "answer",
            Self::Categorise { .. } => "categorise",
            Self::Analyse { .. } => "analyse",
            Self::Grade { .. } => "grade",
            Self::RecordAwareness { .. } => "record-awareness",
            Self::RecordOccurrence { .. } => "record-occurrence",
            Self::Report { .. } => "report",
            Self::ReceiptReport { .. } => "receipt-report",
            Self::TakeAction { .. } => "take-action",
            Self::Propose { .. } => "propose",
            Self::Decide { .. } => "decide",
            Self::DecideHeadquarters { .. } => "decide-headquarters",
            Self::TickCondition { .. } => "tick-condition",
            Self::DraftDisposal { .. } => "draft-disposal",
            Self::VerifyDisposal { .. } => "verify-disposal",
            Self::SumUpDisposal { .. } => "sum-up-disposal",
            Self::DecideDisposal { .. } => "decide-disposal",
            Self::DoDisposalStep { .. } => "do-disposal-step",
            Self::GiveOrder { .. } => "give-order",
            Self::AcknowledgeOrder { .. } => "acknowledge-order",
            Self::ReportOrder { .. } => "report-order",
            Self::WithdrawOrder { .. } => "withdraw-order",
            Self::GiveGrant { .. } => "give-grant",
            Self::WithdrawGrant { .. } => "withdraw-grant",
            Self::Pin { .. } => "pin",
            Self::Unpin { .. } => "unpin",
            Self::StartPlaybook { .. } => "start-playbook",
            Self::DoStep { .. } => "do-step",
            Self::AnswerStep { .. } => "answer-step",
            Self::OpenGate { .. } => "open-gate",
            Self::WaiveGate { .. } => "waive-gate",
            Self::SkipStep { .. } => "skip-step",
            Self::SwapSteps { .. } => "swap-steps",
            Self::StopPlaybook { .. } => "stop-playbook",
            Self::AddEvidence { .. } => "add-evidence",
            Self::HandOverEvidence { .. } => "hand-over-evidence",
            Self::Assign { .. } => "assign",
            Self::Relieve { .. } => "relieve",
            Self::LinkDerived { .. } => "link-derived",
            Self::CloseDerived { .. } => "close-derived",
            Self::DraftPublication { .. } => "draft-publication",
            Self::Publish { .. } => "publish",
            Self::Extend { .. } => "extend",
            Self::DraftReview { .. } => "draft-review",
            Self::Review { .. } => "review",
            Self::File { .. } => "file",
            Self::ReceiptFiling { .. } => "receipt-filing",
            Self::Archive => "archive",
            Self::Withdraw { .. } => "withdraw",
            Self::AttachPlan { .. } => "attach-plan",
            Self::DetachPlan { .. } => "detach-plan",
            Self::Note { .. } => "note",
        }
    }
}
