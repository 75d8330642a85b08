//! The clocks of an incident: what runs, why, who is told when, and what became of the others.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{ClauseRef, ClockRow, Gate, Moment, Proof};
use crate::console::view::shell::Shell;
use crate::console::view::words::{ClockEnd, IncidentTab};

/// `GET /incidents/{number}/clocks`.
#[derive(Template)]
#[template(path = "incident/clocks.html")]
pub struct Clocks {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Clocks`].
    pub tab: IncidentTab,
    /// Clocks that run or are past due, by time left.
    pub open: Vec<ClockCard>,
    /// Clocks that came to an end, newest first.
    pub past: Vec<ClockPast>,
    /// When each body became aware.
    pub aware: Vec<Aware>,
    /// May the reader correct it?
    pub correct: Gate,
    /// Forms `extend-ID` (`until`, `reason`) and `aware-ID` (`at`, `reason`).
    pub forms: Forms,
}

/// When a body became aware of the event.
#[derive(Clone, Debug)]
pub struct Aware {
    /// The body's id; of the event itself, `occurrence`.
    pub id: String,
    /// Where its correction goes, below the incident's page.
    pub path: String,
    /// Its name.
    pub body: String,
    /// When it became aware, or when it happened.
    pub at: Moment,
    /// That was recorded; otherwise it is assumed from the arrival at this desk.
    pub recorded: bool,
    /// What the page says while it is not recorded.
    pub assumed: &'static str,
    /// The name of the field that asks for it.
    pub asks: &'static str,
    /// Running clocks that count from it.
    pub clocks: usize,
    /// The entry that records it, if there is one among those the page has read.
    pub proof: Option<Proof>,
}

/// A running clock, explained.
#[derive(Clone, Debug)]
pub struct ClockCard {
    /// The row as lists show it.
    pub row: ClockRow,
    /// What of its clause was not checked against the official text; empty if all of it was.
    pub unverified: String,
    /// The fact that started it, in words.
    pub started_by: String,
    /// When.
    pub started_at: Moment,
    /// The span, in words: `30 minutes`, `at once (tolerance 10 minutes)`.
    pub within: String,
    /// The figure is ours, not the document's.
    pub is_default: bool,
    /// What the clause says.
    pub says: String,
    /// What meets it, in words.
    pub met_by: String,
    /// Who is told when.
    pub escalations: Vec<Escalation>,
    /// May the reader extend it? Hidden where the plan allows no extension.
    pub extend: Gate,
}

/// A step of an escalation.
#[derive(Clone, Debug)]
pub struct Escalation {
    /// When.
    pub at: Moment,
    /// Who is told.
    pub to: String,
    /// Percent of the span.
    pub percent: u8,
    /// It has happened.
    pub done: bool,
}

/// A clock that came to its end.
#[derive(Clone, Debug)]
pub struct ClockPast {
    /// The rule's name.
    pub rule: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Who owed it.
    pub obliged: String,
    /// To whom; may be empty.
    pub addressee: String,
    /// How it ended.
    pub end: ClockEnd,
    /// When it started.
    pub started_at: Moment,
    /// When it was due.
    pub due_at: Moment,
    /// When it ended.
    pub ended_at: Moment,
    /// What met or replaced it, in words.
    pub how: String,
    /// The entry, if it is among those the page has read.
    pub proof: Option<Proof>,
}
