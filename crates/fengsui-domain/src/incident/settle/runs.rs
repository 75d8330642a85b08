//! What follows in a running playbook by itself: steps that fall away, its end, and the clocks of its steps.

use jiff::Timestamp;

use super::super::playbook::{AboutStep, Run, RunEnd, RunStepState, SkippedStep};
use super::super::{Incident, IncidentChange};
use super::Work;
use crate::actor::By;
use crate::clock::Duty;
use crate::plan::{ClockRule, ClockStart, Plan, RoleId};

/// Steps that fall away do so one by one, each with its reason; a run with nothing left ends.
pub(super) fn settle_runs(work: &mut Work<'_>, plan: &Plan) {
    for at in 0..work.incident.runs.len() {
        // Each pass settles a step for good, so there are no more passes than steps.
        while let Some(change) = next_of_run(&work.incident, at, plan, work.now, work.by) {
            work.push(change);
        }
    }
}

fn next_of_run(
    incident: &Incident,
    at: usize,
    plan: &Plan,
    now: Timestamp,
    by: &By,
) -> Option<IncidentChange> {
    let run = incident.runs.get(at).filter(|run| run.runs())?;
    let playbook = plan.playbook(&run.playbook)?;
    if let Some((step, why)) = run.falls_away(playbook, incident) {
        let skipped = SkippedStep { step: step.clone(), why, reason: String::new(), at: now, signed: None };
        return Some(IncidentChange::PlaybookStepSkipped { run: run.id, skipped });
    }
    let end = RunEnd { at: now, stopped: String::new(), by: by.clone() };
    run.complete(playbook).then_some(IncidentChange::PlaybookEnded { run: run.id, end })
}

/// The step is not taken, or its run was stopped before it was done.
pub(super) fn fell_away(incident: &Incident, about: &AboutStep) -> bool {
    incident.run(about.run).is_some_and(|run| {
        run.skipped(&about.step).is_some() || !run.runs() && run.done(&about.step).is_none()
    })
}

/// A step is owed while it is ahead; a clock of the step itself begins once it is possible. Who may do it
/// owes it together, so the first of them stands for all unless the rule names others.
pub(super) fn step_duties(rule: &ClockRule, run: &Run, plan: &Plan) -> Vec<Duty> {
    let duties = || {
        let about = rule.step.as_ref().filter(|about| run.runs() && about.playbook == run.playbook)?;
        let playbook = plan.playbook(&run.playbook)?;
        let step = playbook.step(&about.step)?;
        let owed = match run.state(playbook, step) {
            RunStepState::Possible => true,
            RunStepState::Waiting(_) => rule.starts.is_of_playbook(),
            RunStepState::Done | RunStepState::Skipped => false,
        };
        let of: Vec<RoleId> =
            if rule.of.is_empty() { step.by.iter().take(1).cloned().collect() } else { rule.of.clone() };
        let about = AboutStep { run: run.id, step: about.step.clone() };
        let duty = move |of| Duty { of, to: Vec::new(), about: None, step: Some(about.clone()) };
        owed.then(|| of.into_iter().map(duty).collect::<Vec<_>>())
    };
    duties().unwrap_or_default()
}

/// Since when the step of a running playbook is owed.
pub(super) fn step_start(
    rule: &ClockRule,
    duty: &Duty,
    incident: &Incident,
    plan: &Plan,
) -> Option<Timestamp> {
    let about = duty.step.as_ref()?;
    let run = incident.run(about.run)?;
    match rule.starts {
        ClockStart::PlaybookStarted => return Some(run.found_at),
        ClockStart::PlaybookBegun => return Some(run.started.at),
        _ => {}
    }
    let playbook = plan.playbook(&run.playbook)?;
    Some(run.ready_at(playbook, playbook.step(&about.step)?))
}
