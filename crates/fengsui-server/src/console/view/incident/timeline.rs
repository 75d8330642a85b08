//! Everything that happened, with the entry that proves it.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::{Form, Forms};
use crate::console::view::parts::{Choice, Gate, Moment, Pager, Person, Proof};
use crate::console::view::shell::Shell;
use crate::console::view::words::IncidentTab;

/// `GET /incidents/{number}/timeline`.
#[derive(Template)]
#[template(path = "incident/timeline.html")]
pub struct Timeline {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Timeline`].
    pub tab: IncidentTab,
    /// Id `filter`, sent by GET: `kind`, `q`.
    pub form: Form,
    /// May the reader write a note?
    pub note: Gate,
    /// Form `note` (`text`).
    pub forms: Forms,
    /// Kinds of entries to choose from.
    pub kinds: Vec<Choice>,
    /// Entries by day, newest first.
    pub days: Vec<Day>,
    /// Pages.
    pub pager: Pager,
}

/// The entries of one day.
#[derive(Clone, Debug)]
pub struct Day {
    /// The day, written out: `2026-11-22`.
    pub date: String,
    /// Its entries, newest first.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it happened.
    pub at: Moment,
    /// The time of day in the reader's zone: `14:05:09`.
    pub time: String,
    /// Who; the node itself for clocks.
    pub by: Person,
    /// What, in a sentence.
    pub what: String,
    /// More, shown on request; may be empty.
    pub detail: String,
    /// The kind, in words: `Clock`, `Report`.
    pub kind: String,
    /// It is something to look at (a lapse, an override, a refusal).
    pub abnormal: bool,
    /// The entry of the ledger.
    pub proof: Proof,
}
