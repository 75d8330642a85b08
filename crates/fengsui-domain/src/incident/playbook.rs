//! Playbooks running in an incident: what was done, answered, waited for, skipped and swapped.
//!
//! A run holds the facts; what each step may do next is worked out from them and the plan by
//! [`Run::state`] and stored nowhere. Nothing in a run waits for a disposal plan.
//! Source: `jincheng-egov-2008/5.1` to `5.7`.

use jiff::Timestamp;

use super::{Incident, Signed};
use crate::actor::By;
use crate::expr::Truth;
use crate::id::{GrantId, RunId};
use crate::permission::named;
use crate::plan::{Plan, Playbook, PlaybookStep, RuleId};

/// A playbook running in an incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The plan's playbook.
    pub playbook: RuleId,
    /// What it is about: the machine, the website, the line.
    pub what: String,
    /// When that was found (UTC); clocks of the run count from here.
    pub found_at: Timestamp,
    /// Who started it.
    pub started: Signed,
    /// Steps done, in order of recording.
    pub done: Vec<RunStep>,
    /// Steps that are not taken, in order of recording.
    pub skipped: Vec<SkippedStep>,
    /// Gates opened and waived.
    pub gates: Vec<PassedGate>,
    /// Steps taken before others, with the reason.
    pub swaps: Vec<Swap>,
    /// How it ended.
    pub ended: Option<RunEnd>,
}

/// A step of a run: what a clock is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AboutStep {
    /// The run.
    pub run: RunId,
    /// The step.
    pub step: RuleId,
}

/// A step done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RunStep {
    /// Which one.
    pub step: RuleId,
    /// When.
    pub at: Timestamp,
    /// With what result; for a question the grounds of the answer.
    pub result: String,
    /// The answer, for a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<RuleId>,
    /// The operating permission used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
    /// Who said so, where somebody else recorded it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spoke: String,
    /// Who recorded it, for which body.
    pub signed: Signed,
}

/// A step that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SkippedStep {
    /// Which one.
    pub step: RuleId,
    /// Why.
    pub why: SkippedWhy,
    /// The reason given, for a step left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who left it out, if somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

named! {
    /// Why a step is not taken.
    SkippedWhy {
        /// The questions above were answered otherwise.
        OtherBranch = "other-branch",
        /// Its condition did not hold when its turn came.
        Condition = "condition",
        /// Somebody entitled left it out.
        LeftOut = "left-out",
    }
}

/// A gate that no longer holds its step back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PassedGate {
    /// The step it held back.
    pub step: RuleId,
    /// It was waived, not opened.
    pub waived: bool,
    /// When.
    pub at: Timestamp,
    /// What was said, or why it was waived.
    pub text: String,
    /// Who said so, where somebody else recorded it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub spoke: String,
    /// Who recorded it, for which body.
    pub signed: Signed,
}

/// A step taken before another: "urgent first".
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Swap {
    /// The step taken first.
    pub step: RuleId,
    /// The one it would have followed.
    pub before: RuleId,
    /// Why.
    pub reason: String,
    /// Who decided so.
    pub signed: Signed,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RunEnd {
    /// When.
    pub at: Timestamp,
    /// Why it was stopped; empty if every step is settled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stopped: String,
    /// Who took the last step, or stopped it.
    pub by: By,
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunStepState {
    /// It was done.
    Done,
    /// It is not taken.
    Skipped,
    /// It may be done now.
    Possible,
    /// It waits for all of these.
    Waiting(Vec<Wait>),
}

/// What a step waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Another step.
    Step(RuleId),
    /// The answer to a question.
    Answer(RuleId),
    /// Another body's word: the step's own gate.
    Gate,
}

/// A temporary state that stands open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenState<'p> {
    /// Which one.
    pub state: &'p RuleId,
    /// The step that opened it.
    pub step: &'p RuleId,
    /// When.
    pub at: Timestamp,
}

impl Run {
    /// It has not ended.
    pub fn runs(&self) -> bool {
        self.ended.is_none()
    }

    /// The step as it was done, if it was.
    pub fn done(&self, step: &RuleId) -> Option<&RunStep> {
        self.done.iter().find(|done| done.step == *step)
    }

    /// The step as it was skipped, if it was.
    pub fn skipped(&self, step: &RuleId) -> Option<&SkippedStep> {
        self.skipped.iter().find(|skipped| skipped.step == *step)
    }

    /// Nothing more happens with the step.
    pub fn settled(&self, step: &RuleId) -> bool {
        self.done(step).is_some() || self.skipped(step).is_some()
    }

    /// How the gate of a step was passed, if it was.
    pub fn gate(&self, step: &RuleId) -> Option<&PassedGate> {
        self.gates.iter().find(|gate| gate.step == *step)
    }

    /// How a step stands.
    pub fn state(&self, playbook: &Playbook, step: &PlaybookStep) -> RunStepState {
        if self.done(&step.id).is_some() {
            return RunStepState::Done;
        }
        if self.skipped(&step.id).is_some() {
            return RunStepState::Skipped;
        }
        let mut waits = self.turn(playbook, step);
        if step.gate.is_some() && self.gate(&step.id).is_none() {
            waits.push(Wait::Gate);
        }
        if waits.is_empty() { RunStepState::Possible } else { RunStepState::Waiting(waits) }
    }

    /// What must happen before a step's turn comes, gates aside.
    fn turn(&self, playbook: &Playbook, step: &PlaybookStep) -> Vec<Wait> {
        let mut waits: Vec<Wait> = Vec::new();
        if self.called(playbook, step).is_none() {
            let open = playbook.called_by(&step.id).map(|(asks, _)| &asks.id).filter(|id| !self.settled(id));
            open.for_each(|id| push_once(&mut waits, Wait::Answer(id.clone())));
        }
        for before in self.prerequisites(playbook, step) {
            if !self.settled(before) && !waits.contains(&Wait::Answer(before.clone())) {
                push_once(&mut waits, Wait::Step(before.clone()));
            }
        }
        waits
    }

    /// The steps that must be settled first. One taken "urgent first" inherits what the other waits for.
    fn prerequisites<'p>(&self, playbook: &'p Playbook, step: &'p PlaybookStep) -> Vec<&'p RuleId> {
        let swapped =
            |before: &RuleId| self.swaps.iter().any(|swap| swap.step == step.id && swap.before == *before);
        let mut found = Vec::new();
        for before in &step.after {
            match playbook.step(before) {
                // Every step stands below those it comes after, so this ends.
                Some(other) if swapped(before) => found.extend(self.prerequisites(playbook, other)),
                _ => found.push(before),
            }
        }
        found
    }

    /// Whether the answers so far call for a step; `None` while they may still come to either.
    fn called(&self, playbook: &Playbook, step: &PlaybookStep) -> Option<bool> {
        let (mut calls, mut open) = (false, false);
        let mut always = true;
        for (asks, branch) in playbook.called_by(&step.id) {
            always = false;
            match self.done(&asks.id) {
                Some(done) => calls |= done.branch.as_ref() == Some(&branch.id),
                None => open |= self.skipped(&asks.id).is_none(),
            }
        }
        if always || calls {
            Some(true)
        } else if open {
            None
        } else {
            Some(false)
        }
    }

    /// Since when a step has been possible, as the acts before it tell (UTC).
    pub fn ready_at(&self, playbook: &Playbook, step: &PlaybookStep) -> Timestamp {
        let before = self.prerequisites(playbook, step);
        let asked = playbook.called_by(&step.id).map(|(asks, _)| &asks.id);
        let acts = before.into_iter().chain(asked).filter_map(|id| self.done(id)).map(|done| done.at);
        let gate = self.gate(&step.id).map(|gate| gate.at);
        acts.chain(gate).chain([self.found_at]).max().unwrap_or(self.found_at)
    }

    /// The temporary states that stand open.
    pub fn open_states<'p>(&self, playbook: &'p Playbook) -> Vec<OpenState<'p>> {
        let opened = playbook.steps.iter().filter_map(|step| {
            let at = self.done(&step.id)?.at;
            Some(OpenState { state: step.opens.as_ref()?, step: &step.id, at })
        });
        let closed = |state: &RuleId| {
            let mut closers = playbook.steps.iter().filter(|step| step.closes.as_ref() == Some(state));
            closers.any(|step| self.done(&step.id).is_some())
        };
        opened.filter(|open| !closed(open.state)).collect()
    }

    /// Every step is settled and no temporary state stands open.
    pub fn complete(&self, playbook: &Playbook) -> bool {
        playbook.steps.iter().all(|step| self.settled(&step.id)) && self.open_states(playbook).is_empty()
    }

    /// The next step that falls away by itself, and why.
    pub(super) fn falls_away<'p>(
        &self,
        playbook: &'p Playbook,
        incident: &Incident,
    ) -> Option<(&'p RuleId, SkippedWhy)> {
        let mut open = playbook.steps.iter().filter(|step| !self.settled(&step.id));
        open.find_map(|step| {
            if self.called(playbook, step) == Some(false) {
                return Some((&step.id, SkippedWhy::OtherBranch));
            }
            let turn = self.turn(playbook, step).is_empty();
            let not = turn && incident.truth(&step.when) == Truth::False;
            not.then_some((&step.id, SkippedWhy::Condition))
        })
    }
}

impl Incident {
    /// The run with this id.
    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// Whether a playbook fits the incident as it stands; a condition that waits for an answer does not speak against it.
    pub fn fits(&self, playbook: &Playbook) -> bool {
        let category = playbook.categories.is_empty() || playbook.categories.contains(&self.category);
        category && self.truth(&playbook.when) != Truth::False
    }

    /// A run has a step ahead that takes an operating permission.
    pub fn needs_grants(&self, plan: &Plan) -> bool {
        let open = |run: &Run, playbook: &Playbook| {
            playbook.steps.iter().any(|step| step.needs.is_some() && !run.settled(&step.id))
        };
        let mut running = self.runs.iter().filter(|run| run.runs());
        running.any(|run| plan.playbook(&run.playbook).is_some_and(|playbook| open(run, playbook)))
    }
}

fn push_once(waits: &mut Vec<Wait>, wait: Wait) {
    if !waits.contains(&wait) {
        waits.push(wait);
    }
}
