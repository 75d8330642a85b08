//! Duties with a deadline, as a plan has them: who owes what to whom, from which fact, by when, until which fact.

use jiff::SignedDuration;
use jiff::civil::Time;

use super::calendar::CalendarSpan;
use super::playbook::StepRef;
use super::{Clause, RoleId, RuleId, Text};
use crate::expr::Expr;

/// How a duty is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Spoken: by telephone or in person, logged with who spoke to whom.
    Oral,
    /// Written, with a receipt.
    Written,
}

/// The recorded fact that starts a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockStart {
    /// The obliged body became aware of (received the report of) the event; without a record for
    /// that body, the time the event reached this desk.
    BodyBecameAware,
    /// The level was confirmed or changed.
    LevelConfirmed,
    /// The response was ended.
    ResponseEnded,
    /// A level was judged, be it provisionally: at opening, and whenever it is judged anew.
    LevelJudged,
    /// The response was started or brought to the level the rule asks for; the duty falls away with its end.
    ResponseStarted,
    /// The review was completed.
    ReviewCompleted,
    /// A report was made that met one of the clocks the rule comes after, by or to the obliged body.
    ReportMade,
    /// An order of the rule's kind was given to the obliged body; each order has its own clock.
    OrderGiven,
    /// A playbook was started; counted from when what it is about was found.
    PlaybookStarted,
    /// A step of a playbook became possible.
    StepReady,
    /// The event happened, as far as is known; while that is not known, the obliged body became aware.
    Occurred,
    /// A playbook was started; counted from that act, whenever what it is about was found.
    PlaybookBegun,
}

impl ClockStart {
    /// It is a time that people tell of the event itself, and may correct.
    pub fn is_told(self) -> bool {
        matches!(self, Self::BodyBecameAware | Self::Occurred)
    }

    /// It is the start of a playbook, of which a step is owed from then on.
    pub fn is_of_playbook(self) -> bool {
        matches!(self, Self::PlaybookStarted | Self::PlaybookBegun)
    }
}

/// The recorded fact that meets a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockMeets {
    /// A report of the duty's form by the obliged body to an addressee; a written one once receipted.
    Report,
    /// The first immediate action.
    ImmediateAction,
    /// The response was proposed to, or decided by, whoever decides it.
    ResponseRequested,
    /// The review was completed.
    Review,
    /// The closing package was filed and receipted.
    Filing,
    /// The response runs at the incident's level or above.
    ResponseStarted,
    /// The order was acknowledged, or reported on.
    OrderAcknowledged,
    /// The order was reported done, or not possible.
    OrderAnswered,
    /// The step of the playbook was done.
    StepDone,
}

/// How long a duty may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// A fixed span of elapsed time.
    Span(SignedDuration),
    /// "At once": overdue from the first second, escalated after `tolerance` (ours, not the document's).
    AtOnce {
        /// How long the plan's owner lets "at once" take before a person is told.
        tolerance: SignedDuration,
    },
    /// Months or days of the plan's calendar: how long that is depends on when it begins.
    Calendar(CalendarSpan),
}

impl Within {
    /// From the start to the instant the duty falls due; "at once" is none. Of the calendar it is about that, good
    /// for sorting; the instant itself is [`Calendar::due`](super::Calendar::due).
    pub fn due(self) -> SignedDuration {
        match self {
            Self::AtOnce { .. } => SignedDuration::ZERO,
            Self::Span(span) => span,
            Self::Calendar(span) => span.nominal(),
        }
    }

    /// From the start to the instant an unmet duty counts as lapsed; of the calendar about that.
    pub fn lapse(self) -> SignedDuration {
        match self {
            Self::AtOnce { tolerance: span } | Self::Span(span) => span,
            Self::Calendar(span) => span.nominal(),
        }
    }

    /// "At once".
    pub fn at_once(self) -> bool {
        matches!(self, Self::AtOnce { .. })
    }
}

/// When a running clock is brought to somebody's attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Percent of the span gone (1..=100); for "at once", of the tolerance.
    pub at_percent: u8,
    /// Who is told.
    pub to: RoleId,
}

/// A duty with a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockRule {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// The incidents it applies to.
    pub when: Expr,
    /// Each obliged body has its own clock.
    pub of: Vec<RoleId>,
    /// The addressees.
    pub to: Vec<RoleId>,
    /// Any one addressee is enough; otherwise each addressee has its own clock.
    pub any_addressee: bool,
    /// The form, for reports.
    pub form: Option<Form>,
    /// What starts it.
    pub starts: ClockStart,
    /// The kind of order it is about, for clocks of orders.
    pub about: Option<RuleId>,
    /// The step of a playbook it is about, for clocks of playbooks; each run has its own clock.
    pub step: Option<StepRef>,
    /// The clocks whose report comes first: it takes a further report to meet this one.
    pub after: Vec<RuleId>,
    /// How long it may take.
    pub within: Within,
    /// It is due no later than this after the body became aware, unless it starts only after that.
    pub no_later_than: Option<SignedDuration>,
    /// A due time on a day off moves to this local time of the next working day.
    pub day_off: Option<Time>,
    /// What meets it.
    pub met_by: ClockMeets,
    /// Only this immediate action meets it, if one is named.
    pub action: Option<RuleId>,
    /// Once met it is owed again, counted from the act that met it, for as long as the rule applies.
    pub repeats: bool,
    /// Who is told, and when.
    pub escalate: Vec<Escalation>,
    /// "In principle": may be extended with reason and approver.
    pub extendable_by: Vec<RoleId>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}
