//! Reports as a grid of obliged body and addressee, and the forms that fill it.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Choice, Countdown, Gate, Moment, Person, Proof};
use crate::console::view::shell::Shell;
use crate::console::view::words::{DutyMark, IncidentTab, Means, ReportForm, ReportKind};

/// `GET /incidents/{number}/reports`.
#[derive(Template)]
#[template(path = "incident/reports.html")]
pub struct Reports {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Reports`].
    pub tab: IncidentTab,
    /// Columns of the grid.
    pub addressees: Vec<String>,
    /// Rows of the grid.
    pub grid: Vec<GridRow>,
    /// Reports made, newest first.
    pub reports: Vec<ReportEntry>,
    /// May the reader record a report?
    pub record: Gate,
    /// Bodies that report.
    pub bodies: Vec<Choice>,
    /// Addressees to choose from.
    pub to: Vec<Choice>,
    /// The zone in which times are typed: `UTC+8`.
    pub zone: String,
    /// Forms `report` (`kind`, `form`, `from`, `to`, `at`, `spoke_to`, `means`, `text`) and
    /// `receipt-ID` (`at`, `by`, `reference`).
    pub forms: Forms,
}

/// The duties of one body.
#[derive(Clone, Debug)]
pub struct GridRow {
    /// The body.
    pub body: String,
    /// One cell for each addressee.
    pub cells: Vec<GridCell>,
}

/// The duties of one body to one addressee.
#[derive(Clone, Debug)]
pub struct GridCell {
    /// The oral report.
    pub oral: DutyCell,
    /// The written report.
    pub written: DutyCell,
}

/// The state of one duty.
#[derive(Clone, Debug)]
pub struct DutyCell {
    /// Its state.
    pub mark: DutyMark,
    /// The time left, while it runs.
    pub countdown: Option<Countdown>,
    /// When it was done.
    pub at: Option<Moment>,
    /// The clock or report; empty when there is no duty.
    pub href: String,
}

/// A report that was made.
#[derive(Clone, Debug)]
pub struct ReportEntry {
    /// Its id.
    pub id: String,
    /// Its place in the series.
    pub kind: ReportKind,
    /// How it was made.
    pub form: ReportForm,
    /// Who reported.
    pub from: String,
    /// To whom.
    pub to: String,
    /// When it was made.
    pub at: Moment,
    /// Whom they spoke to; for oral reports.
    pub spoke_to: String,
    /// By what means.
    pub means: Means,
    /// What was said or written.
    pub text: String,
    /// Who recorded it.
    pub by: Person,
    /// The receipt, for written reports: when, by whom, reference.
    pub receipt: Option<(Moment, String, String)>,
    /// May the reader record the receipt?
    pub receive: Gate,
    /// The clocks it met, in words; empty when none.
    pub met: String,
    /// The entry, if it is among those the page has read.
    pub proof: Option<Proof>,
}
