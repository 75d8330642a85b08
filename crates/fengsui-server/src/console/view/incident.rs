//! Incidents: the list, and the pages of one incident that share a head.

use askama::Template;

use super::form::Form;
use super::parts::{ClauseRef, Countdown, LevelMark, Moment, Pager};
use super::shell::Shell;
use super::words::{IncidentTab, Phase, Step};

pub mod clocks;
pub mod closing;
pub mod disposal;
pub mod evidence;
pub mod orders;
pub mod overview;
pub mod people;
pub mod playbooks;
pub mod reports;
pub mod response;
pub mod timeline;

/// `GET /incidents`.
#[derive(Template)]
#[template(path = "incident/list.html")]
pub struct IncidentList {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `phase`, `level`, `q`.
    pub form: Form,
    /// The incidents.
    pub rows: Vec<IncidentRow>,
    /// Pages.
    pub pager: Pager,
}

/// An incident in a list.
#[derive(Clone, Debug)]
pub struct IncidentRow {
    /// Its number.
    pub number: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Option<LevelMark>,
    /// Its phase.
    pub phase: Phase,
    /// The unit where it happened.
    pub unit: String,
    /// When it was judged.
    pub opened_at: Moment,
    /// The clock that runs out first.
    pub next: Option<Countdown>,
}

/// What stands above every page of an incident.
#[derive(Clone, Debug)]
pub struct IncidentHead {
    /// Its number: also its id in addresses.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Option<LevelMark>,
    /// Marked as a special circumstance.
    pub special: bool,
    /// Its phase.
    pub phase: Phase,
    /// Every phase with where it stands and when it was reached, in order.
    pub phases: Vec<PhaseStep>,
    /// The unit where it happened.
    pub unit: String,
    /// Its category, in words.
    pub category: String,
    /// The plan that governs it, with its version.
    pub plan: String,
    /// The plan's page.
    pub plan_href: String,
    /// When it was judged.
    pub opened_at: Moment,
    /// The clock that runs out first, with its duty in words.
    pub next: Option<(Countdown, String)>,
    /// Clocks past due, shown beside the tab.
    pub overdue: usize,
    /// Its tabs, in order.
    pub tabs: Vec<IncidentTab>,
    /// Temporary states without protection that stand open.
    pub standing: Vec<Standing>,
    /// Version of the record; every form of the incident sends it back.
    pub revision: u64,
}

/// A temporary state that a playbook opened and has not closed yet.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its name: `Running without the uninterruptible supply`.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// The playbook and what it is about.
    pub run: String,
    /// The step that ends it.
    pub ends: String,
    /// The run on its tab.
    pub href: String,
    /// Since when.
    pub since: Moment,
    /// How long that is: `00:28:13`.
    pub lasts: String,
}

impl IncidentHead {
    /// The address of one of its tabs.
    pub fn tab_href(&self, tab: &IncidentTab) -> String {
        match tab.code() {
            "" => format!("/incidents/{}", self.number),
            code => format!("/incidents/{}/{code}", self.number),
        }
    }
}

/// A phase of the way.
#[derive(Clone, Debug)]
pub struct PhaseStep {
    /// The phase.
    pub phase: Phase,
    /// Where it stands.
    pub step: Step,
    /// When it was reached.
    pub at: Option<Moment>,
}
