//! Standing duties: books of units, one book, one duty of it.

use askama::Template;

use super::form::Forms;
use super::parts::{Act, Choice, ClauseRef, Gate, Moment, Pager, Person};
use super::shell::Shell;
use super::words::{DutyOutcome, DutyStands};

/// `GET /duties`.
#[derive(Template)]
#[template(path = "duty/list.html")]
pub struct DutyBooks {
    /// The frame.
    pub shell: Shell,
    /// The books, newest first.
    pub rows: Vec<BookRow>,
    /// Pages.
    pub pager: Pager,
    /// May the reader open one?
    pub manage: Gate,
    /// Plans with standing duties.
    pub plans: Vec<Choice>,
    /// Form `open`: `plan`, `unit`, `from`.
    pub forms: Forms,
}

/// A book in a list.
#[derive(Clone, Debug)]
pub struct BookRow {
    /// Its page.
    pub href: String,
    /// The unit.
    pub unit: String,
    /// The plan's name.
    pub plan: String,
    /// The first day it is kept.
    pub from: String,
    /// Duties that somebody should look at.
    pub attention: usize,
    /// It is no longer kept.
    pub closed: bool,
}

/// `GET /duties/{id}`.
#[derive(Template)]
#[template(path = "duty/book.html")]
pub struct DutyBookPage {
    /// The frame.
    pub shell: Shell,
    /// Its id.
    pub id: String,
    /// What lists show of it.
    pub row: BookRow,
    /// Overdue, broken, out of date, never vouched for.
    pub attention: Vec<DutyRow>,
    /// Due today.
    pub today: Vec<DutyRow>,
    /// Due in the six days after.
    pub week: Vec<DutyRow>,
    /// Everything else.
    pub rest: Vec<DutyRow>,
    /// Extensions that wait for a decision.
    pub waiting: Vec<ExtensionRow>,
    /// Why it is no longer kept.
    pub closed: Option<String>,
    /// What happened, newest first.
    pub history: Vec<Act>,
    /// The table of this year.
    pub table_href: String,
    /// May the reader close it and decide on extensions?
    pub manage: Gate,
    /// The version seen.
    pub revision: u64,
    /// Forms `close` (`reason`) and `decide-DUTY` (`reason`, `grant`).
    pub forms: Forms,
}

/// A duty in a list.
#[derive(Clone, Debug)]
pub struct DutyRow {
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Its clause.
    pub clause: ClauseRef,
    /// Who does it.
    pub by: String,
    /// How often, or until when: in words.
    pub rhythm: String,
    /// How it stands.
    pub stands: DutyStands,
    /// When it falls due, or fell due.
    pub due: Option<Moment>,
    /// `1/2`; empty where nothing is counted.
    pub progress: String,
    /// When it was last done.
    pub last: Option<Moment>,
    /// Receipts are missing.
    pub unreceipted: usize,
}

/// An extension that waits.
#[derive(Clone, Debug)]
pub struct ExtensionRow {
    /// The duty.
    pub duty: String,
    /// Its name.
    pub title: String,
    /// A day of the period.
    pub day: String,
    /// Until when.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked: Person,
}

/// `GET /duties/{id}/{duty}`.
#[derive(Template)]
#[template(path = "duty/page.html")]
pub struct DutyPage {
    /// The frame.
    pub shell: Shell,
    /// The book's id.
    pub id: String,
    /// The duty's id.
    pub duty: String,
    /// The unit.
    pub unit: String,
    /// What lists show of it.
    pub row: DutyRow,
    /// Our settlements of what its clause leaves open.
    pub settled: Vec<String>,
    /// New versions of plans above that wait to be looked at, the latest first, in words.
    pub parents: Vec<String>,
    /// The period it is about; empty without one.
    pub period: String,
    /// Periods that are over, the latest first.
    pub past: Vec<PastRow>,
    /// Records, the latest first.
    pub records: Vec<RecordRow>,
    /// There are more records than are shown.
    pub more: bool,
    /// What is recorded.
    pub asks: Asks,
    /// A change of what it is about can be recorded as well.
    pub changes: bool,
    /// May the reader record?
    pub record: Gate,
    /// May the reader ask for more time?
    pub extend: Gate,
    /// May the reader set the rhythm?
    pub rhythm: Gate,
    /// Forms `record`, `changed`, `extend`, `rhythm`, `receipt-ID`, `withdraw-ID`.
    pub forms: Forms,
}

/// What is recorded of a duty.
#[derive(Clone, Debug)]
pub enum Asks {
    /// That it was done: a day it is for, texts, a document.
    Done {
        /// It has periods, so the day it is for counts.
        period: bool,
        /// The texts the plan asks for.
        proof: Vec<Choice>,
        /// A document must be named.
        document: bool,
    },
    /// A number.
    Number(String),
    /// A day.
    Day,
    /// Yes or no.
    Stated,
}

/// A period that is over.
#[derive(Clone, Debug)]
pub struct PastRow {
    /// `2026-11-23`, or the first and the last day.
    pub period: String,
    /// When it was due.
    pub due: Moment,
    /// `1/2`
    pub progress: String,
    /// What became of it.
    pub outcome: DutyOutcome,
}

/// A record.
#[derive(Clone, Debug)]
pub struct RecordRow {
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Moment,
    /// When it was entered.
    pub entered: Moment,
    /// Who entered it.
    pub by: Person,
    /// What it says, line by line.
    pub lines: Vec<String>,
    /// How often it was corrected.
    pub corrections: usize,
    /// Why it does not count.
    pub withdrawn: Option<String>,
    /// Bodies whose receipt is missing.
    pub waits: Vec<Choice>,
    /// Its version.
    pub revision: u64,
}
