//! The level and why, the facts, regrading, derived incidents, the last entries.

use askama::Template;

use super::IncidentHead;
use super::closing::Topic;
use crate::console::view::form::Forms;
use crate::console::view::parts::{
    Act, Choice, ClauseRef, Condition, FactField, Gate, IncidentRef, LevelMark, Point,
};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Level, Truth};

/// `GET /incidents/{number}`.
#[derive(Template)]
#[template(path = "incident/overview.html")]
pub struct Overview {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Overview`].
    pub tab: IncidentTab,
    /// The other plan that governs the class, and where this plan says so.
    pub routed: Option<(String, ClauseRef)>,
    /// The level and why.
    pub why: LevelWhy,
    /// What is known, point by point.
    pub points: Vec<Point>,
    /// The event it came from: number and page.
    pub event: (String, String),
    /// The plan's questions.
    pub facts: Vec<FactField>,
    /// May the reader verify the event against the database (judged → analysing)?
    pub verify: Gate,
    /// May the reader record facts?
    pub amend: Gate,
    /// May the reader confirm or override the level?
    pub grade: Gate,
    /// Points of the analysis with what was written; none before the verification.
    pub analysis: Vec<Topic>,
    /// May the reader write them?
    pub analyse: Gate,
    /// Classes of the plan to choose from.
    pub categories: Vec<Choice>,
    /// May the reader change the class?
    pub categorise: Gate,
    /// The plans that govern beside the leading one.
    pub beside: Vec<PlanRow>,
    /// Plans that may be attached.
    pub attachable: Vec<Choice>,
    /// May the reader say which plans govern?
    pub plans: Gate,
    /// May the reader withdraw the incident? Only before the response.
    pub withdraw: Gate,
    /// Levels confirmed so far, newest first.
    pub grades: Vec<GradeRecord>,
    /// Incidents derived from this one, with whether they are closed.
    pub derived: Vec<(IncidentRef, bool)>,
    /// The last entries of the timeline, newest first.
    pub recent: Vec<Act>,
    /// Forms `verify` (`found`), `facts` (`fact.ID`, `reason.ID`), `grade` (`level`, `reason`), `analysis`
    /// (`topic.ID`), `category` (`category`), `attach` (`plan`, `reason`), `detach-ID` (`reason`) and `withdraw`
    /// (`reason`).
    pub forms: Forms,
}

/// A plan that governs an incident beside the one that leads.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Since when, by whom and why.
    pub attached: Act,
    /// The form that takes it off; none once something was begun under it.
    pub detach: Option<String>,
}

/// The level the plan proposes, and how it came to it.
#[derive(Clone, Debug)]
pub struct LevelWhy {
    /// What the first rule that holds proposes; `None` while the facts decide nothing.
    pub proposed: Option<Level>,
    /// The rules in the order they were tested, the deciding one last.
    pub rules: Vec<RuleTested>,
    /// What one changed fact would make of it.
    pub flips: Vec<Flip>,
    /// The document cannot decide this alone: what a person must look at.
    pub judge: Option<String>,
    /// Who may confirm, in words.
    pub confirmed_by: String,
    /// The clause that gives them this right.
    pub clause: ClauseRef,
}

/// A grading rule with its outcome.
#[derive(Clone, Debug)]
pub struct RuleTested {
    /// The level it proposes.
    pub level: Level,
    /// What it says, in a sentence.
    pub says: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Whether it holds.
    pub truth: Truth,
    /// Its atomic conditions with their values.
    pub conditions: Vec<Condition>,
    /// It is the rule that decided.
    pub decides: bool,
}

/// One fact that would change the level.
#[derive(Clone, Debug)]
pub struct Flip {
    /// The fact and the value it would need: `Spread: strong`.
    pub fact: String,
    /// The level that would follow.
    pub level: Level,
}

/// A level that was confirmed.
#[derive(Clone, Debug)]
pub struct GradeRecord {
    /// The level it was before.
    pub from: Option<LevelMark>,
    /// The level it became.
    pub to: LevelMark,
    /// It differs from what the plan proposed.
    pub overridden: bool,
    /// The reason given; may be empty for a plain confirmation.
    pub reason: String,
    /// When and who, with proof.
    pub act: Act,
}
