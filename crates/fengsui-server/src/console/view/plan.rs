//! Plans, readable: what each rule says, and the clause it comes from.

use askama::Template;
use fengsui_wire::plan::SectionChanges;

use super::form::Form;
use super::parts::{ClauseRef, FactField, Gate, Moment};
use super::shell::Shell;
use super::words::{FindingWeight, Level};

/// `GET /plans`.
#[derive(Template)]
#[template(path = "plan/list.html")]
pub struct PlanList {
    /// The frame.
    pub shell: Shell,
    /// The plans.
    pub rows: Vec<PlanRow>,
}

/// A plan in the list.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Number of the issuing document.
    pub document: String,
    /// Since when it is in force: `2008-01-04`.
    pub in_force: String,
    /// It can be chosen for a new incident today.
    pub in_force_now: bool,
    /// It is the node's own: it governs new incidents unless another is chosen.
    pub active: bool,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Incidents it governs.
    pub incidents: usize,
}

/// `GET /plans/{id}`.
#[derive(Template)]
#[template(path = "plan/page.html")]
pub struct PlanPage {
    /// The frame.
    pub shell: Shell,
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Number of the issuing document.
    pub document: String,
    /// In force since and until, in words.
    pub in_force: String,
    /// Fingerprint of the pack's files.
    pub fingerprint: String,
    /// The zone its times are counted in.
    pub zone: String,
    /// What a check found.
    pub findings: Vec<Finding>,
    /// Its sections, in the order of the document.
    pub sections: Vec<PlanSection>,
    /// Its playbooks.
    pub playbooks: Vec<PlaybookRow>,
    /// What the document leaves open and how we settled it.
    pub defaults: Vec<PlanDefault>,
    /// Who chose otherwise last, if somebody did.
    pub chosen: Option<ChoiceMade>,
    /// What was not checked against the official text, by clause.
    pub unverified: Vec<(ClauseRef, String)>,
}

/// A playbook of a plan.
#[derive(Clone, Debug)]
pub struct PlaybookRow {
    /// Its name.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// What comes before everything else.
    pub first: Option<String>,
    /// The classes of incident it fits, in words; empty for any.
    pub categories: String,
    /// Who may start it.
    pub by: String,
    /// Steps it has.
    pub steps: usize,
    /// Its card.
    pub card: String,
}

/// A section of a plan: roles, levels, clocks, responses …
#[derive(Clone, Debug)]
pub struct PlanSection {
    /// Its id on the page: `clocks`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What to know before one reads it; mostly empty.
    pub note: String,
    /// Its rules by subject; a section without subjects has one group.
    pub groups: Vec<PlanGroup>,
}

impl PlanSection {
    /// How many rules it has.
    pub fn count(&self) -> usize {
        self.groups.iter().map(|group| group.rules.len()).sum()
    }
}

/// Rules of a section that belong together.
#[derive(Clone, Debug)]
pub struct PlanGroup {
    /// Its subject; empty where the section has only one.
    pub title: String,
    /// The colour of warning it is about.
    pub colour: Option<&'static str>,
    /// Its rules.
    pub rules: Vec<PlanRule>,
}

/// A rule of a plan, in words.
#[derive(Clone, Debug)]
pub struct PlanRule {
    /// Its id on the page, so that clauses can be linked: `rule-oral-report`.
    pub anchor: String,
    /// Its name.
    pub title: String,
    /// What it says.
    pub says: String,
    /// Its parts: `Who owes it`: `the unit`.
    pub parts: Vec<(String, String)>,
    /// The predicate as the pack writes it; may be empty.
    pub when: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// The level it belongs to, for its badge.
    pub level: Option<super::words::Level>,
    /// The colour of warning it is about: `red`, `orange`, `yellow` or `blue`.
    pub colour: Option<&'static str>,
    /// What of its clause was not checked against the official text; empty if all of it was.
    pub unverified: String,
    /// It is ours, not the document's.
    pub is_default: bool,
}

/// Something a check of a plan found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its weight.
    pub weight: FindingWeight,
    /// Where: rule or file and line.
    pub place: String,
    /// What is wrong.
    pub text: String,
    /// What would be right; may be empty.
    pub advice: String,
}

/// Our settlement of what a document leaves open.
#[derive(Clone, Debug)]
pub struct PlanDefault {
    /// Its id in the pack.
    pub id: String,
    /// The clauses that are silent or ambiguous.
    pub clauses: Vec<ClauseRef>,
    /// The open question.
    pub question: String,
    /// What holds.
    pub answer: String,
    /// It was chosen by the operator and is not ours.
    pub chosen: bool,
    /// What may be chosen instead.
    pub others: Vec<PlanOption>,
}

/// What may be chosen in the place of what holds.
#[derive(Clone, Debug)]
pub struct PlanOption {
    /// It is ours, and something else holds.
    pub ours: bool,
    /// What the plan does then.
    pub answer: String,
    /// Where one sees what it would change, and chooses it.
    pub href: String,
}

/// A choice among the options of the defaults that is in force.
#[derive(Clone, Debug)]
pub struct ChoiceMade {
    /// By whom.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// `GET /plans/{id}/defaults/{default}?option=`: what an option would change, and the form to choose it.
#[derive(Template)]
#[template(path = "plan/option.html")]
pub struct OptionPage {
    /// The frame.
    pub shell: Shell,
    /// The plan's id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The settlement's id.
    pub default: String,
    /// The option's id; empty for our answer.
    pub option: String,
    /// The clauses that are silent or ambiguous.
    pub clauses: Vec<ClauseRef>,
    /// The open question.
    pub question: String,
    /// What holds now.
    pub now: String,
    /// What would hold.
    pub then: String,
    /// What it would change, section by section.
    pub changes: Vec<SectionChanges>,
    /// Whether the reader may choose it.
    pub gate: Gate,
    /// The form.
    pub form: Form,
}

/// `GET /plans/{id}/obligations`: what the plan asks for in a situation.
#[derive(Template)]
#[template(path = "plan/obligations.html")]
pub struct Obligations {
    /// The frame.
    pub shell: Shell,
    /// The plan's id.
    pub id: String,
    /// The plan's name.
    pub title: String,
    /// Its questions.
    pub facts: Vec<FactField>,
    /// Id `filter`, sent by GET: `level`, `fact.ID`.
    pub form: Form,
    /// The level that counted.
    pub level: Level,
    /// The clause of the rule that proposed it, if one did.
    pub because: Option<ClauseRef>,
    /// Duties that apply, the most urgent first.
    pub owed: Vec<PlanRule>,
    /// Duties that may apply: an answer is missing.
    pub open: Vec<PlanRule>,
    /// What one other answer would change.
    pub turns: Vec<TurnRow>,
}

/// One answer that would change what is owed.
#[derive(Clone, Debug)]
pub struct TurnRow {
    /// The question.
    pub fact: String,
    /// The other answer.
    pub to: String,
    /// The level that would count then.
    pub level: Level,
    /// Duties that would come.
    pub added: Vec<String>,
    /// Duties that would go.
    pub dropped: Vec<String>,
    /// This page with that answer.
    pub href: String,
}
