//! What is asked of incidents: one body for each command, with exactly its fields.
//!
//! A body becomes a [`Command`](fengsui_domain::incident::Command) here; a body about a part of the incident
//! (a report, a disposal plan, a clock) does so as [`AboutPart`], with the part's id from the path.

mod closing;
mod opening;
mod order;
mod playbook;
mod record;
mod response;

pub use closing::{
    AttachPlan, CompleteReview, DetachPlan, DraftPublication, DraftReview, ExtendClock, FilePackage,
    RecordFilingReceipt, WithdrawIncident,
};
pub use opening::{
    AnswerFacts, ChangeCategory, FactAnswer, GradeIncident, RecordAwareness, RecordOccurrence,
    VerifyIncident, WriteAnalysis,
};
pub use order::{AcknowledgeOrder, GiveGrant, GiveOrder, ReportOrder, WithdrawGrant, WithdrawOrder};
pub use playbook::{
    AnswerPlaybookStep, DoPlaybookStep, OpenPlaybookGate, SkipPlaybookStep, StartPlaybook, StopPlaybook,
    SwapPlaybookSteps, WaivePlaybookGate,
};
pub use record::{
    AssignPerson, EvidenceWords, HandOverEvidence, LinkDerived, PinThing, RecordAction, RecordReceipt,
    RecordReport, RelievePerson, UnpinThing, WriteNote,
};
pub use response::{
    CompleteStep, DecideDisposal, DecideHeadquarters, DecideStep, DraftDisposal, ProposeStep, SumUpDisposal,
    TickCondition, VerifyDisposal,
};

/// A body about one part of the incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutPart<T>(pub uuid::Uuid, pub T);
