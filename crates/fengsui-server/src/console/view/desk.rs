//! The duty desk 值班台: what needs somebody now, and nothing else.

use askama::Template;

use super::event::EventRow;
use super::parts::{ClockRow, IncidentRef, Moment, Person};
use super::shell::Shell;
use super::words::ApprovalKind;

/// `GET /`. The three groups come sorted by time left; the handler decides how many rows to give.
#[derive(Template)]
#[template(path = "desk.html")]
pub struct Desk {
    /// The frame.
    pub shell: Shell,
    /// Bodies the reader acts for, in words.
    pub acting_for: String,
    /// Clocks the reader's bodies owe.
    pub mine: Vec<ClockRow>,
    /// Clocks whose body has nobody signed in or assigned.
    pub nobody: Vec<ClockRow>,
    /// All the other clocks.
    pub all: Vec<ClockRow>,
    /// Clocks left out of `all`.
    pub all_more: usize,
    /// Numbers of clocks by state, over everything.
    pub tally: Tally,
    /// Events awaiting triage, newest sighting first.
    pub events: Vec<EventRow>,
    /// Events left out of `events`.
    pub events_more: usize,
    /// What waits for the reader's approval.
    pub approvals: Vec<ApprovalRow>,
}

/// How many clocks are in which state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Past due.
    pub overdue: usize,
    /// Due soon.
    pub soon: usize,
    /// Running.
    pub running: usize,
}

/// Something that waits for an approval.
#[derive(Clone, Debug)]
pub struct ApprovalRow {
    /// What it is.
    pub kind: ApprovalKind,
    /// What is asked, in a sentence.
    pub text: String,
    /// Where it is decided.
    pub href: String,
    /// The incident it belongs to.
    pub incident: IncidentRef,
    /// Who asked, if it is known.
    pub by: Option<Person>,
    /// When.
    pub since: Moment,
    /// The reader may not decide it, and why (they wrote it themselves).
    pub not_you: Option<String>,
}
