//! What follows the response: derived incidents, publications, review, filing, archive.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{
    Act, Choice, ClauseRef, Countdown, Gate, IncidentRef, Moment, Person, Proof,
};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, PublicationState};

/// `GET /incidents/{number}/closing`.
#[derive(Template)]
#[template(path = "incident/closing.html")]
pub struct Closing {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Closing`].
    pub tab: IncidentTab,
    /// What still keeps the incident from its archive, in sentences.
    pub blockers: Vec<String>,
    /// Incidents derived from this one.
    pub derived: Vec<Derived>,
    /// May the reader link one?
    pub link: Gate,
    /// The plan has publication chains; if not, the page says so.
    pub publishes: bool,
    /// Publication chains that apply, with what was written.
    pub publications: Vec<Publication>,
    /// May the reader draft one?
    pub publish: Gate,
    /// Chains to choose from.
    pub publication_choices: Vec<Choice>,
    /// The review.
    pub review: Review,
    /// The filings that the plans ask for; none where no plan does.
    pub filings: Vec<Filing>,
    /// May the reader archive?
    pub archive: Gate,
    /// When and who archived it.
    pub archived: Option<Act>,
    /// The zone in which times are typed: `UTC+8`.
    pub zone: String,
    /// Forms `derived` (`number`, `how`), `publication` (`rule`, `title`, `text`),
    /// `publication-ID` (`decision`), `review` (`topic.ID`, `plan_change`,
    /// `plan_change_text`, `complete`), `file` (`summary`, `to`), `file-receipt` (`at`, `by`,
    /// `reference`), `archive` (`reason`).
    pub forms: Forms,
}

/// An incident derived from this one.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The incident.
    pub incident: IncidentRef,
    /// How it follows from this one.
    pub how: String,
    /// It is closed, so it no longer stands in the way.
    pub closed: bool,
    /// When and who linked it.
    pub act: Act,
}

/// A text for an audience.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its id.
    pub id: String,
    /// The chain's name.
    pub rule: String,
    /// Where the chain comes from.
    pub clause: ClauseRef,
    /// Who is told.
    pub audience: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub state: PublicationState,
    /// Who did what so far.
    pub acts: Vec<Act>,
    /// May the reader take the next step (check, or release once checked)?
    pub next: Gate,
}

/// The review of the ended response.
#[derive(Clone, Debug)]
pub struct Review {
    /// When it is due; `None` while nothing counts.
    pub due: Option<Countdown>,
    /// The response has not ended, after which it falls due.
    pub after_end: bool,
    /// Who leads it, in words.
    pub led_by: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Mandatory contents. While it is open they are fields, then text.
    pub topics: Vec<Topic>,
    /// The clause that asks whether the plan must change; without one it is not asked.
    pub plan_change_clause: Option<ClauseRef>,
    /// The answer: needed or not, and what.
    pub plan_change: Option<(bool, String)>,
    /// May the reader write it?
    pub gate: Gate,
    /// When and who completed it.
    pub done: Option<Act>,
}

/// A point that the plan asks to be written about, in the review or the analysis.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its id: the field is called `topic.ID`.
    pub id: String,
    /// What must be said.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// What was said.
    pub text: String,
}

/// Filing of the closing package.
#[derive(Clone, Debug)]
pub struct Filing {
    /// What tells its panel from that of another filing; empty for the first.
    pub key: String,
    /// The id of a plan beside the leading one; empty for that.
    pub plan: String,
    /// The name of its plan, where several plans ask for a filing.
    pub under: Option<String>,
    /// Who files, in words.
    pub by: String,
    /// Whom it is filed with, in words.
    pub to: String,
    /// Each of them gives a receipt.
    pub to_each: bool,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// When it is due; `None` while nothing counts.
    pub due: Option<Countdown>,
    /// The response has not ended, after which it falls due.
    pub after_end: bool,
    /// When it was filed, by whom, with proof.
    pub filed: Option<(Moment, Person, Option<Proof>)>,
    /// The receipts that are needed.
    pub receipts: Vec<FilingReceipt>,
    /// May the reader file?
    pub file: Gate,
    /// May the reader record a receipt?
    pub receive: Gate,
    /// Addressees whose receipt is missing, where each gives one.
    pub of_choices: Vec<Choice>,
}

impl Filing {
    /// A receipt is missing.
    pub fn is_open(&self) -> bool {
        self.receipts.iter().any(|receipt| receipt.given.is_none())
    }

    /// The name of the form that files.
    pub fn file_form(&self) -> String {
        format!("file{}", self.key)
    }

    /// The name of the form that records a receipt.
    pub fn receipt_form(&self) -> String {
        format!("file-receipt{}", self.key)
    }
}

/// A receipt that a filing needs.
#[derive(Clone, Debug)]
pub struct FilingReceipt {
    /// Who gives it, in words; empty where any addressee may.
    pub of: String,
    /// When it was given, by whom, and its reference.
    pub given: Option<(Moment, String, String)>,
}
