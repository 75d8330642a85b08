//! Playbooks running in an incident, as the API shows them.

use fengsui_domain::incident::{self, RunStepState, Wait};
use fengsui_domain::plan::{Plan, Playbook};
use jiff::Timestamp;
use uuid::Uuid;

use crate::api::{By, Signed};

/// How a step of a playbook stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaybookStepState {
    /// It was done.
    Done,
    /// It is not taken.
    Skipped,
    /// It may be done now.
    Possible,
    /// It waits for other steps, an answer or another body.
    Waiting,
}

/// One step of a running playbook: how it stands, and what was done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookStep {
    /// The plan's step.
    pub step: String,
    /// How it stands.
    pub state: PlaybookStepState,
    /// The steps it waits for, also those whose answer decides about it.
    pub waits_for: Vec<String>,
    /// It waits for another body's word, which may be waived.
    pub gate_closed: bool,
    /// Bodies of which any may do it.
    pub by: Vec<String>,
}

/// A step done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookStepDone {
    /// Which one.
    pub step: String,
    /// When.
    pub at: Timestamp,
    /// With what result; for a question the grounds of the answer.
    pub result: String,
    /// The answer, for a question.
    pub branch: Option<String>,
    /// The operating permission used.
    pub grant: Option<Uuid>,
    /// Who said so, where somebody else recorded it.
    pub spoke: String,
    /// Who recorded it.
    pub signed: Signed,
}

/// A step that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookStepSkipped {
    /// Which one.
    pub step: String,
    /// Why: `other-branch`, `condition` or `left-out`.
    pub why: String,
    /// The reason given, for a step left out.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who left it out, if somebody did.
    pub signed: Option<Signed>,
}

/// A gate opened or waived.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookGatePassed {
    /// The step it held back.
    pub step: String,
    /// It was waived, not opened.
    pub waived: bool,
    /// When.
    pub at: Timestamp,
    /// What was said, or why it was waived.
    pub text: String,
    /// Who said so, where somebody else recorded it.
    pub spoke: String,
    /// Who recorded it.
    pub signed: Signed,
}

/// A step taken before another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookSwap {
    /// The step taken first.
    pub step: String,
    /// The one it would have followed.
    pub before: String,
    /// Why.
    pub reason: String,
    /// Who decided so.
    pub signed: Signed,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookEnd {
    /// When.
    pub at: Timestamp,
    /// Why it was stopped; empty if every step is settled.
    pub stopped: String,
    /// Who took the last step, or stopped it.
    pub by: By,
}

/// A playbook running in the incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlaybookRun {
    /// Its id.
    pub id: Uuid,
    /// The plan's playbook.
    pub playbook: String,
    /// What it is about.
    pub what: String,
    /// When that was found.
    pub found_at: Timestamp,
    /// Who started it.
    pub started: Signed,
    /// Every step of the playbook as it stands, in the order of the plan; empty if the plan version is not at hand.
    pub steps: Vec<PlaybookStep>,
    /// Temporary unprotected states that stand open.
    pub open_states: Vec<String>,
    /// Steps done, in order of recording.
    pub done: Vec<PlaybookStepDone>,
    /// Steps that are not taken, in order of recording.
    pub skipped: Vec<PlaybookStepSkipped>,
    /// Gates opened and waived.
    pub gates: Vec<PlaybookGatePassed>,
    /// Steps taken before others.
    pub swaps: Vec<PlaybookSwap>,
    /// How it ended.
    pub ended: Option<PlaybookEnd>,
}

impl PlaybookRun {
    /// The run as it stands; the plan says what its steps may do next.
    pub fn new(run: &incident::Run, plan: Option<&Plan>) -> Self {
        let playbook = plan.and_then(|plan| plan.playbook(&run.playbook));
        Self {
            id: run.id.0,
            playbook: run.playbook.to_string(),
            what: run.what.clone(),
            found_at: run.found_at,
            started: (&run.started).into(),
            steps: playbook.map(|playbook| steps(run, playbook)).unwrap_or_default(),
            open_states: playbook.map(|playbook| open_states(run, playbook)).unwrap_or_default(),
            done: run.done.iter().map(PlaybookStepDone::from).collect(),
            skipped: run.skipped.iter().map(PlaybookStepSkipped::from).collect(),
            gates: run.gates.iter().map(PlaybookGatePassed::from).collect(),
            swaps: run.swaps.iter().map(PlaybookSwap::from).collect(),
            ended: run.ended.as_ref().map(PlaybookEnd::from),
        }
    }
}

fn steps(run: &incident::Run, playbook: &Playbook) -> Vec<PlaybookStep> {
    let step = |step: &fengsui_domain::plan::PlaybookStep| {
        let (state, waits) = match run.state(playbook, step) {
            RunStepState::Done => (PlaybookStepState::Done, Vec::new()),
            RunStepState::Skipped => (PlaybookStepState::Skipped, Vec::new()),
            RunStepState::Possible => (PlaybookStepState::Possible, Vec::new()),
            RunStepState::Waiting(waits) => (PlaybookStepState::Waiting, waits),
        };
        let waits_for = waits.iter().filter_map(|wait| match wait {
            Wait::Step(step) | Wait::Answer(step) => Some(step.to_string()),
            Wait::Gate => None,
        });
        PlaybookStep {
            step: step.id.to_string(),
            state,
            waits_for: waits_for.collect(),
            gate_closed: waits.contains(&Wait::Gate),
            by: step.by.iter().map(ToString::to_string).collect(),
        }
    };
    playbook.steps.iter().map(step).collect()
}

fn open_states(run: &incident::Run, playbook: &Playbook) -> Vec<String> {
    run.open_states(playbook).iter().map(|open| open.state.to_string()).collect()
}

impl From<&incident::RunStep> for PlaybookStepDone {
    fn from(done: &incident::RunStep) -> Self {
        Self {
            step: done.step.to_string(),
            at: done.at,
            result: done.result.clone(),
            branch: done.branch.as_ref().map(ToString::to_string),
            grant: done.grant.map(|grant| grant.0),
            spoke: done.spoke.clone(),
            signed: (&done.signed).into(),
        }
    }
}

impl From<&incident::SkippedStep> for PlaybookStepSkipped {
    fn from(skipped: &incident::SkippedStep) -> Self {
        Self {
            step: skipped.step.to_string(),
            why: skipped.why.to_string(),
            reason: skipped.reason.clone(),
            at: skipped.at,
            signed: skipped.signed.as_ref().map(Signed::from),
        }
    }
}

impl From<&incident::PassedGate> for PlaybookGatePassed {
    fn from(gate: &incident::PassedGate) -> Self {
        Self {
            step: gate.step.to_string(),
            waived: gate.waived,
            at: gate.at,
            text: gate.text.clone(),
            spoke: gate.spoke.clone(),
            signed: (&gate.signed).into(),
        }
    }
}

impl From<&incident::Swap> for PlaybookSwap {
    fn from(swap: &incident::Swap) -> Self {
        Self {
            step: swap.step.to_string(),
            before: swap.before.to_string(),
            reason: swap.reason.clone(),
            signed: (&swap.signed).into(),
        }
    }
}

impl From<&incident::RunEnd> for PlaybookEnd {
    fn from(end: &incident::RunEnd) -> Self {
        Self { at: end.at, stopped: end.stopped.clone(), by: (&end.by).into() }
    }
}
