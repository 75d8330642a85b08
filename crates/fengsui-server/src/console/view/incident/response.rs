//! The response: who may propose and decide, how it runs and ends; headquarters; immediate actions.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Act, Choice, ClauseRef, Gate, LevelMark, Moment, Person};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Level, ResponseState, ResponseStep};

/// `GET /incidents/{number}/response`.
#[derive(Template)]
#[template(path = "incident/response.html")]
pub struct Response {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Response`].
    pub tab: IncidentTab,
    /// Where the response stands.
    pub state: ResponseState,
    /// Its level, once there is one.
    pub level: Option<LevelMark>,
    /// Its range, in words; may be empty.
    pub range: String,
    /// When it was started.
    pub started_at: Option<Moment>,
    /// When it was ended.
    pub ended_at: Option<Moment>,
    /// Level the form offers first: the incident's own.
    pub suggested: Option<Level>,
    /// The plan leaves this level to other plans: what that means, and where it says so.
    pub delegated: Option<(String, ClauseRef)>,
    /// Who may do what, in words.
    pub rights: Vec<RightRow>,
    /// A proposal that waits for its decision.
    pub pending: Option<Pending>,
    /// May the reader propose to start?
    pub propose: Gate,
    /// May the reader start it without a proposal?
    pub start: Gate,
    /// May the reader adjust it (or propose to)?
    pub adjust: Gate,
    /// The test for ending it.
    pub end: EndPanel,
    /// The headquarters at this level: always there, or "when necessary".
    pub headquarters: Option<Headquarters>,
    /// Steps the unit took at once, newest first.
    pub actions: Vec<Act>,
    /// May the reader record one?
    pub act: Gate,
    /// Steps the plan allows without approval.
    pub action_choices: Vec<Choice>,
    /// What happened to the response, newest first.
    pub history: Vec<Act>,
    /// The zone in which times are typed: `UTC+8`.
    pub zone: String,
    /// Forms `propose` and `start` (`level`, `range`, `grounds`), `decide` (`decision`, `reason`),
    /// `adjust` (`level`, `range`, `grounds`), `end` (`condition`, `basis.ID`, `grounds`),
    /// `headquarters` (`decision`, `grounds`), `action` (`action`, `what`, `at`).
    pub forms: Forms,
}

/// A right about the response.
#[derive(Clone, Debug)]
pub struct RightRow {
    /// The step.
    pub step: ResponseStep,
    /// Who proposes; empty when the deciders act alone.
    pub propose: String,
    /// Who decides.
    pub decide: String,
    /// Who is told of the decision; may be empty.
    pub notify: String,
    /// Two persons are needed.
    pub two_person: bool,
    /// Where it comes from.
    pub clause: ClauseRef,
}

/// A proposal that waits for its decision.
#[derive(Clone, Debug)]
pub struct Pending {
    /// What is proposed.
    pub step: ResponseStep,
    /// The level proposed.
    pub level: Level,
    /// The range proposed; may be empty.
    pub range: String,
    /// The grounds.
    pub grounds: String,
    /// Who proposed it.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// May the reader decide it?
    pub decide: Gate,
}

/// The test for ending a response.
#[derive(Clone, Debug)]
pub struct EndPanel {
    /// All conditions must hold; otherwise any one is enough.
    pub all: bool,
    /// The conditions.
    pub conditions: Vec<EndCondition>,
    /// May the reader end it, or propose to?
    pub gate: Gate,
    /// The reader only proposes; somebody else decides.
    pub proposes: bool,
    /// The clause of ending.
    pub clause: ClauseRef,
}

/// One condition of ending.
#[derive(Clone, Debug)]
pub struct EndCondition {
    /// Its id: a value of `condition`, and `basis.ID` is its basis.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// The basis on which it was ticked: text, who, when.
    pub ticked: Option<(String, Person, Moment)>,
    /// Why it cannot hold yet (a derived incident is open).
    pub blocked: Option<String>,
}

/// The decision whether to form a headquarters.
#[derive(Clone, Debug)]
pub struct Headquarters {
    /// The decision: formed or not, grounds, when and who.
    pub decided: Option<(bool, String, Act)>,
    /// May the reader decide?
    pub gate: Gate,
    /// The response does not run at this level without one, so there is nothing to decide.
    pub always: bool,
    /// Where the step comes from.
    pub clause: ClauseRef,
}
