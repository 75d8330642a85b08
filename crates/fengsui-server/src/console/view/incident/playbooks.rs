//! Playbooks: those that fit the incident, and those that run, step by step.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Act, Choice, ClauseRef, Condition, Countdown, FactField, Gate, Moment};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, StepMark};

/// `GET /incidents/{number}/playbooks`.
#[derive(Template)]
#[template(path = "incident/playbooks.html")]
pub struct Playbooks {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Playbooks`].
    pub tab: IncidentTab,
    /// Why none can be started any more, once that is so.
    pub closed: Gate,
    /// Those that run, newest first.
    pub running: Vec<RunPanel>,
    /// Those that were completed or stopped, newest first.
    pub ended: Vec<RunPanel>,
    /// The plan's playbooks that fit.
    pub fitting: Vec<BookRow>,
    /// Those that do not.
    pub others: Vec<BookRow>,
    /// All cards of the plan, if it has any.
    pub cards: Option<String>,
    /// The zone in which times are typed.
    pub zone: String,
    /// Forms for each playbook `start` (`what`, `found_at`, `fact.ID`); for each step `do` (`result`, `at`,
    /// `spoke`, `grant`), `answer` (`branch`, `grounds`, `at`, `spoke`), `gate` (`text`, `at`, `spoke`), `waive`
    /// (`reason`), `skip` (`reason`), `swap` (`before`, `reason`); for each run `stop` (`reason`).
    pub forms: Forms,
}

/// A playbook of the plan.
#[derive(Clone, Debug)]
pub struct BookRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// What comes before everything else.
    pub first: Option<String>,
    /// Steps it has.
    pub steps: usize,
    /// Its card.
    pub card: String,
    /// Why it fits, or why not; what is not known yet stands in the words of its question.
    pub why: Vec<Condition>,
    /// Questions to be answered before it starts.
    pub asks: Vec<FactField>,
    /// May the reader start it?
    pub start: Gate,
}

/// A playbook running in the incident.
#[derive(Clone, Debug)]
pub struct RunPanel {
    /// Its id.
    pub id: String,
    /// The playbook's name.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// What it is about.
    pub what: String,
    /// When that was found.
    pub found: Moment,
    /// Who started it.
    pub started: Act,
    /// What comes before everything else.
    pub first: Option<String>,
    /// Its card.
    pub card: String,
    /// Steps with which nothing more happens.
    pub settled: usize,
    /// Steps in all.
    pub count: usize,
    /// Steps whose turn has come: possible, then held by a gate.
    pub now: Vec<StepRow>,
    /// Steps that wait for others.
    pub ahead: Vec<StepRow>,
    /// Steps done or not taken.
    pub over: Vec<StepRow>,
    /// May the reader stop it?
    pub stop: Gate,
    /// How it ended, with the reason if it was stopped.
    pub ended: Option<Act>,
    /// It was stopped before its last step.
    pub stopped: bool,
}

/// A step.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// Its place in the document, from 1.
    pub number: usize,
    /// Run and step: what its forms are called by.
    pub key: String,
    /// Where its forms go: `…/steps/clean`.
    pub action: String,
    /// What is done.
    pub title: String,
    /// What to note or to watch out for; may be empty.
    pub hint: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// How it stands.
    pub mark: StepMark,
    /// Who does it.
    pub bodies: String,
    /// The reader speaks for one of them.
    pub mine: bool,
    /// The reader may record it on their word.
    pub records: bool,
    /// Its clocks that run, with the clause of each and its card.
    pub clocks: Vec<StepClock>,
    /// What it waits for, in words.
    pub waits: Vec<String>,
    /// What it waits for besides other steps.
    pub gate: Option<StepGate>,
    /// Its question.
    pub ask: Option<StepAsk>,
    /// The operating permission it takes.
    pub needs: Option<StepNeeds>,
    /// May the reader do it, or answer it, now?
    pub act: Gate,
    /// Whom the plan lets leave it out, and whether the reader may now.
    pub skip: Option<Right>,
    /// Steps it may be taken before when urgent, and whether the reader may say so now.
    pub swap: Option<Swap>,
    /// What it does to a temporary state: `Ends: running without …`.
    pub states: Vec<String>,
    /// What happened with it, in order.
    pub acts: Vec<Act>,
}

/// A clock of a step.
#[derive(Clone, Debug)]
pub struct StepClock {
    /// The time left.
    pub countdown: Countdown,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Its card on the clocks tab.
    pub href: String,
}

/// A gate that is closed.
#[derive(Clone, Debug)]
pub struct StepGate {
    /// What has to be so.
    pub title: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Who says so.
    pub bodies: String,
    /// Since when the step waits for nothing else.
    pub since: Option<Moment>,
    /// May the reader say so, or record that they did?
    pub open: Gate,
    /// The reader speaks for one of them and need not say who spoke.
    pub own: bool,
    /// Whom the plan lets waive it, and whether the reader may now.
    pub waive: Right,
}

/// Something the plan lets some bodies do.
#[derive(Clone, Debug)]
pub struct Right {
    /// Who may; empty if nobody.
    pub bodies: String,
    /// May the reader now?
    pub gate: Gate,
}

/// The question of a step.
#[derive(Clone, Debug)]
pub struct StepAsk {
    /// What is asked.
    pub question: String,
    /// The answers, each with what follows from it.
    pub answers: Vec<Choice>,
}

/// The operating permission a step takes.
#[derive(Clone, Debug)]
pub struct StepNeeds {
    /// To do what.
    pub what: String,
    /// Permissions the reader may use for it.
    pub grants: Vec<Choice>,
    /// Where they are given.
    pub href: String,
}

/// A step that may be taken first.
#[derive(Clone, Debug)]
pub struct Swap {
    /// The steps it would otherwise follow.
    pub before: Vec<Choice>,
    /// May the reader say so?
    pub gate: Gate,
}
