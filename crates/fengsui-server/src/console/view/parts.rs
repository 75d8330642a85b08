//! Small parts that many pages show: an instant, a countdown, a clause, a person, a proof.

use super::words::{ClockState, Level, Truth};

/// An instant, written out by the server in the reader's zone and language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339, for machines: `2026-11-22T14:05:09+08:00`.
    pub iso: String,
    /// For people, to the second: `2026-11-22 14:05:09`.
    pub local: String,
    /// The zone of `local`, short: `UTC+8`.
    pub zone: String,
    /// How long ago or until: `3 minutes ago`. The script keeps it fresh.
    pub relative: String,
}

/// The time left on a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countdown {
    /// When it is due.
    pub due: Moment,
    /// Its state when the page was made.
    pub state: ClockState,
    /// The time left or over, without sign: `00:28:13`, beyond a day `2 d 03:10:00`.
    pub left: String,
}

impl Countdown {
    /// Whether the due time has passed.
    pub fn is_over(&self) -> bool {
        matches!(self.state, ClockState::Overdue | ClockState::Lapsed)
    }
}

/// A clause of a source document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseRef {
    /// Its full id: `jincheng-internet-2008/5.1.3.a`.
    pub id: String,
    /// What is shown: `5.1.3.a`, or with the plan's short name where several plans apply.
    pub short: String,
    /// The place on the plan's page that shows it.
    pub href: String,
    /// Something of it was not checked against the official text.
    pub unverified: bool,
}

impl ClauseRef {
    /// The clause as a line of text names it; `mark` tells that it was not checked.
    pub fn cited(&self, mark: &str) -> String {
        if self.unverified { format!("§ {} · {mark}", self.short) } else { format!("§ {}", self.short) }
    }
}

/// A level as it stands on an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelMark {
    /// The level.
    pub level: Level,
    /// A person has confirmed it; otherwise it is provisional.
    pub confirmed: bool,
}

/// An incident, named wherever something belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRef {
    /// Its number: `JC-2026-0012`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Its level, once it has one.
    pub level: Option<LevelMark>,
}

/// A person acting for a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name shown.
    pub name: String,
    /// The body or post acted for; empty when there is none.
    pub acting_for: String,
}

/// The entry of the ledger that holds a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Index of the entry.
    pub index: u64,
    /// The page with its inclusion proof.
    pub href: String,
}

/// Whether the reader may do something now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The form is shown.
    Open,
    /// It is not, and this is why (for example: whoever drafted it may not approve it).
    Closed(String),
    /// It does not concern this reader: nothing is shown.
    Hidden,
}

impl Gate {
    /// Whether the form is shown.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Why the form is not shown, if that is to be said.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Closed(why) => Some(why),
            Self::Open | Self::Hidden => None,
        }
    }
}

/// One entry of a list to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub text: String,
    /// A sentence more; may be empty.
    pub hint: String,
}

/// A named text with its source, as a definition list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is.
    pub title: String,
    /// What is known; empty when nothing is recorded yet.
    pub text: String,
    /// The clause that asks for it.
    pub clause: Option<ClauseRef>,
}

/// Where a list begins and goes on. Cursors are opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// Address of the page before, if any.
    pub previous: Option<String>,
    /// Address of the next page, if any.
    pub next: Option<String>,
    /// How many rows this page shows.
    pub shown: usize,
    /// How many rows there are in all, when that is known cheaply.
    pub total: Option<usize>,
}

/// A duty with a deadline, as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockRow {
    /// Its id, unique on the page.
    pub id: String,
    /// Its card on the incident's page, or the step it is about.
    pub href: String,
    /// The rule's name: `Oral first report`.
    pub rule: String,
    /// The rule in the plan.
    pub rule_href: String,
    /// Where the rule comes from.
    pub clause: ClauseRef,
    /// Who owes it.
    pub obliged: String,
    /// To whom; empty for a duty without an addressee.
    pub addressee: String,
    /// Oral, written; `None` for a duty that is not a report.
    pub form: Option<super::words::ReportForm>,
    /// The incident it belongs to.
    pub incident: IncidentRef,
    /// The time left.
    pub countdown: Countdown,
    /// What is not known of the days on the way; empty if all is.
    pub caution: String,
    /// Who acts or is told next, and when: `14:20 → leader on duty`.
    pub next: String,
}

/// A question of a plan about an incident, as a form field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactField {
    /// The fact's id; the field is called `fact.ID`, its reason `reason.ID`.
    pub id: String,
    /// The question.
    pub title: String,
    /// How to answer it.
    pub hint: String,
    /// What an answer looks like.
    pub kind: FactKind,
    /// Whose judgement it is.
    pub judged_by: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// The answer needs a reason.
    pub needs_reason: bool,
}

/// The type of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// `true`, `false`, or empty for "not known".
    YesNo,
    /// One of these, or empty.
    OneOf(Vec<Choice>),
    /// A whole number, or empty.
    Count,
}

/// A condition of a rule with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it asks.
    pub text: String,
    /// What is recorded.
    pub value: String,
    /// Whether it holds.
    pub truth: Truth,
}

/// A record of who did what, with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: Person,
    /// What, in a sentence; may be empty where the place says it.
    pub what: String,
    /// The entry that proves it.
    pub proof: Option<Proof>,
}
