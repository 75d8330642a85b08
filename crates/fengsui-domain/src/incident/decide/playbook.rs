//! Running a playbook: start, do, answer, open and waive gates, leave out, take first, stop.
//!
//! Steps are immediate: none waits for a disposal plan, and they go on after the end of the response
//! until the last is settled. Where a body cannot sign in here, whom the plan lets record it does so and
//! says who spoke. Source: `jincheng-egov-2008/5.1` to `5.7`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::playbook::{
    PassedGate, Run, RunEnd, RunStep, RunStepState, SkippedStep, SkippedWhy, Swap, Wait,
};
use super::super::{IncidentChange, Signed};
use super::{Decided, Decider, not_before, past, spoken};
use crate::expr::Value;
use crate::id::{GrantId, RunId};
use crate::limits::{MAX_PART_CHARS, MAX_RUNS, MAX_TITLE_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::plan::{Gate, Playbook, PlaybookStep, RoleId, RuleId};
use crate::refusal::Refusal;

/// What a person says of a step.
pub(super) struct StepWords {
    pub(super) run: RunId,
    pub(super) step: RuleId,
    pub(super) at: Timestamp,
    /// The result, the grounds of an answer, or what was said at a gate.
    pub(super) text: String,
    pub(super) spoke: String,
}

impl<'c> Decider<'_, 'c, '_> {
    pub(super) fn start_playbook(&mut self, id: RuleId, what: &str, found_at: Timestamp) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("start-playbook")?;
        let plan = self.context.plan;
        let playbook = plan.playbook(&id);
        let playbook =
            playbook.ok_or_else(|| Refusal::Unknown { field: "playbook", value: id.to_string() })?;
        if !self.incident.fits(playbook) || plan.routed_under(&id, &self.incident.category).is_some() {
            let needs = "an incident this playbook fits";
            return Err(Refusal::NotReady { action: "start-playbook", needs });
        }
        let started = self.sign(&playbook.by)?;
        let open = playbook.asks.iter().filter(|fact| !self.incident.answers.contains_key(fact));
        let missing: Vec<String> = open.map(ToString::to_string).collect();
        if !missing.is_empty() {
            return Err(Refusal::ConditionsOpen { missing });
        }
        let count = self.incident.runs.len() + 1;
        if count > MAX_RUNS {
            return Err(Refusal::TooMany { field: "playbooks", count, max: MAX_RUNS });
        }
        let what = text("what", what, MAX_TITLE_CHARS)?;
        let run = Run {
            id: RunId((self.context.new_id)()),
            playbook: id,
            what,
            found_at: self.past("found_at", found_at)?,
            started,
            done: Vec::new(),
            skipped: Vec::new(),
            gates: Vec::new(),
            swaps: Vec::new(),
            ended: None,
        };
        Ok(vec![IncidentChange::PlaybookStarted { run }])
    }

    pub(super) fn do_playbook_step(&mut self, words: StepWords, grant: Option<GrantId>) -> Decided {
        const ACTION: &str = "do-step";
        self.permit(Permission::IncidentWork)?;
        let (run, playbook, step) = self.step(words.run, &words.step, ACTION)?;
        if step.ask.is_some() {
            return Err(Refusal::NotReady { action: ACTION, needs: "answer-step" });
        }
        possible(run, playbook, step, ACTION)?;
        let by = step.by.clone();
        let (signed, own) = self.sign_or_record(&by, &step.recorded_by)?;
        let at = after_what_came_before(run, playbook, step, words.at, self.context.now)?;
        match grant {
            Some(grant) => self.may_use(grant, at, &signed, ACTION)?,
            None if step.needs.is_none() => {}
            None => return Err(Refusal::NotReady { action: ACTION, needs: "give-grant" }),
        }
        let spoke = spoken(own, &words.spoke)?;
        let result = text("result", &words.text, MAX_PART_CHARS)?;
        let done = RunStep { step: words.step, at, result, branch: None, grant, spoke, signed };
        Ok(vec![IncidentChange::PlaybookStepDone { run: words.run, done }])
    }

    pub(super) fn answer_step(&mut self, words: StepWords, branch: RuleId) -> Decided {
        const ACTION: &str = "answer-step";
        self.permit(Permission::IncidentWork)?;
        let (run, playbook, step) = self.step(words.run, &words.step, ACTION)?;
        let Some(ask) = &step.ask else {
            return Err(Refusal::NotReady { action: ACTION, needs: "a step that asks" });
        };
        possible(run, playbook, step, ACTION)?;
        let (signed, own) = self.sign_or_record(&step.by, &step.recorded_by)?;
        let chosen = ask.branch(&branch);
        let chosen = chosen.ok_or_else(|| {
            let known: Vec<&str> = ask.branches.iter().map(|branch| branch.id.as_str()).collect();
            Refusal::Unknown { field: "branch", value: format!("{branch} (it takes {})", known.join(", ")) }
        })?;
        let at = after_what_came_before(run, playbook, step, words.at, self.context.now)?;
        let spoke = spoken(own, &words.spoke)?;
        let grounds = text("grounds", &words.text, MAX_PART_CHARS)?;
        let marked = chosen.raises.clone().map(|mark| {
            let answers = BTreeMap::from([(mark, (Value::Bool(true), grounds.clone()))]);
            IncidentChange::Answered { answers }
        });
        let (step, branch) = (words.step, Some(branch));
        let done = RunStep { step, at, result: grounds, branch, grant: None, spoke, signed };
        let done = IncidentChange::PlaybookStepDone { run: words.run, done };
        Ok([done].into_iter().chain(marked).collect())
    }

    /// The body says that it is so, or whoever may waive the gate records its word.
    pub(super) fn open_gate(&mut self, words: StepWords) -> Decided {
        const ACTION: &str = "open-gate";
        self.permit(Permission::IncidentWork)?;
        let (run, gate) = self.closed_gate(words.run, &words.step, ACTION)?;
        let found_at = run.found_at;
        let (signed, own) = self.sign_or_record(&gate.by, &gate.waive)?;
        not_before(words.at, found_at, "before what the playbook is about was found")?;
        let at = self.past("at", words.at)?;
        let text = optional_text("text", &words.text, MAX_PART_CHARS)?;
        let spoke = spoken(own, &words.spoke)?;
        let gate = PassedGate { step: words.step, waived: false, at, text, spoke, signed };
        Ok(vec![IncidentChange::PlaybookGatePassed { run: words.run, gate }])
    }

    pub(super) fn waive_gate(&mut self, run: RunId, step: RuleId, reason: &str) -> Decided {
        self.permit(Permission::IncidentDecide)?;
        let (_, gate) = self.closed_gate(run, &step, "waive-gate")?;
        let signed = self.sign(&gate.waive)?;
        let text = text("reason", reason, MAX_PART_CHARS)?;
        let at = self.context.now;
        let gate = PassedGate { step, waived: true, at, text, spoke: String::new(), signed };
        Ok(vec![IncidentChange::PlaybookGatePassed { run, gate }])
    }

    pub(super) fn skip_step(&mut self, id: RunId, name: RuleId, reason: &str) -> Decided {
        const ACTION: &str = "skip-step";
        self.permit(Permission::IncidentWork)?;
        let (run, playbook, step) = self.step(id, &name, ACTION)?;
        if step.optional.is_empty() {
            return Err(Refusal::NotReady { action: ACTION, needs: "a step the playbook marks optional" });
        }
        turn_come(run, playbook, step, ACTION)?;
        let signed = Some(self.sign(&step.optional)?);
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let skipped =
            SkippedStep { step: name, why: SkippedWhy::LeftOut, reason, at: self.context.now, signed };
        Ok(vec![IncidentChange::PlaybookStepSkipped { run: id, skipped }])
    }

    /// "Urgent first". Source: `jincheng-egov-2008/5.2.1.b`.
    pub(super) fn swap_steps(&mut self, id: RunId, name: RuleId, before: RuleId, reason: &str) -> Decided {
        const ACTION: &str = "swap-steps";
        self.permit(Permission::IncidentWork)?;
        let (run, _, step) = self.step(id, &name, ACTION)?;
        if !step.urgent_before.contains(&before) {
            return Err(Refusal::Unknown { field: "before", value: before.to_string() });
        }
        if run.settled(&before) || run.swaps.iter().any(|swap| swap.step == name && swap.before == before) {
            return Err(Refusal::AlreadyDone { action: ACTION });
        }
        let signed = self.sign(&step.by)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let swap = Swap { step: name, before, reason, signed };
        Ok(vec![IncidentChange::PlaybookStepSwapped { run: id, swap }])
    }

    /// A playbook started in error, or overtaken by another; never while a temporary state stands open.
    pub(super) fn stop_playbook(&mut self, id: RunId, reason: &str) -> Decided {
        const ACTION: &str = "stop-playbook";
        self.permit(Permission::IncidentDecide)?;
        let (run, playbook) = self.running(id, ACTION)?;
        let open = run.open_states(playbook);
        if !open.is_empty() {
            let missing = open.into_iter().map(|open| open.state.to_string()).collect();
            return Err(Refusal::ConditionsOpen { missing });
        }
        self.sign(&playbook.by)?;
        let stopped = text("reason", reason, MAX_PART_CHARS)?;
        let end = RunEnd { at: self.context.now, stopped, by: self.by() };
        Ok(vec![IncidentChange::PlaybookEnded { run: id, end }])
    }

    /// Every playbook has come to its end.
    pub(super) fn playbooks_done(&self) -> Result<(), Refusal> {
        if self.incident.runs.iter().any(Run::runs) {
            return Err(Refusal::NotReady { action: "archive", needs: "the end of every playbook" });
        }
        Ok(())
    }

    fn running(&self, id: RunId, action: &'static str) -> Result<(&Run, &'c Playbook), Refusal> {
        let run = self.incident.run(id);
        let run = run.ok_or_else(|| Refusal::Unknown { field: "run", value: id.to_string() })?;
        if !run.runs() {
            return Err(Refusal::AlreadyDone { action });
        }
        let playbook = self.context.plan.playbook(&run.playbook);
        Ok((run, playbook.ok_or(Refusal::NotInPlan { what: "such playbook" })?))
    }

    fn step(
        &self,
        run: RunId,
        step: &RuleId,
        action: &'static str,
    ) -> Result<(&Run, &'c Playbook, &'c PlaybookStep), Refusal> {
        let (run, playbook) = self.running(run, action)?;
        let known = playbook.step(step);
        let known = known.ok_or_else(|| Refusal::Unknown { field: "step", value: step.to_string() })?;
        if run.settled(step) {
            return Err(Refusal::AlreadyDone { action });
        }
        Ok((run, playbook, known))
    }

    fn closed_gate(
        &self,
        run: RunId,
        step: &RuleId,
        action: &'static str,
    ) -> Result<(&Run, &'c Gate), Refusal> {
        let (run, _, step) = self.step(run, step, action)?;
        let gate = step.gate.as_ref();
        let gate = gate.ok_or(Refusal::NotReady { action, needs: "a step with a gate" })?;
        if run.gate(&step.id).is_some() { Err(Refusal::AlreadyDone { action }) } else { Ok((run, gate)) }
    }

    /// The signature for a body that does it (`true`), or for one that may record it (`false`).
    fn sign_or_record(&self, by: &[RoleId], recorders: &[RoleId]) -> Result<(Signed, bool), Refusal> {
        match self.sign(by) {
            Ok(signed) => Ok((signed, true)),
            Err(refusal) if recorders.is_empty() => Err(refusal),
            Err(_) => {
                let entitled: Vec<RoleId> = by.iter().chain(recorders).cloned().collect();
                Ok((self.sign(&entitled)?, false))
            }
        }
    }
}

/// The time of a step: not before the acts it follows, and not ahead.
fn after_what_came_before(
    run: &Run,
    playbook: &Playbook,
    step: &PlaybookStep,
    at: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    not_before(at, run.ready_at(playbook, step), "before the steps it follows")?;
    past("at", at, now)
}

/// Passes if the step may be done now.
fn possible(
    run: &Run,
    playbook: &Playbook,
    step: &PlaybookStep,
    action: &'static str,
) -> Result<(), Refusal> {
    turn_come(run, playbook, step, action)?;
    match run.state(playbook, step) {
        RunStepState::Waiting(_) => Err(Refusal::NotReady { action, needs: "open-gate" }),
        _ => Ok(()),
    }
}

/// Passes once nothing but the step's own gate holds it back.
fn turn_come(
    run: &Run,
    playbook: &Playbook,
    step: &PlaybookStep,
    action: &'static str,
) -> Result<(), Refusal> {
    let RunStepState::Waiting(waits) = run.state(playbook, step) else { return Ok(()) };
    let steps: Vec<String> = waits
        .iter()
        .filter_map(|wait| match wait {
            Wait::Step(step) | Wait::Answer(step) => Some(step.to_string()),
            Wait::Gate => None,
        })
        .collect();
    if steps.is_empty() { Ok(()) } else { Err(Refusal::StepsOpen { action, steps }) }
}
