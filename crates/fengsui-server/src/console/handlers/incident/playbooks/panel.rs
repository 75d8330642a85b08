//! A playbook that runs: its steps sorted into what is now, what waits, and what is over.

use fengsui_domain::incident::{IncidentChange as I, Run};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::Playbook;

use super::super::case::{Case, only};
use super::step::Steps;
use crate::console::view::form::Form;
use crate::console::view::incident::playbooks::{RunPanel, StepRow};
use crate::console::view::parts::{Act, Gate};
use crate::console::view::words::StepMark;

/// A run with its steps.
pub(super) fn panel(case: &Case<'_>, run: &Run, playbook: &Playbook) -> RunPanel {
    let steps = Steps { case, run, playbook, open: run.runs() && !case.incident.is_closed() };
    let rows = playbook.steps.iter().enumerate().map(|(at, step)| steps.row(at, step));
    let (mut now, mut ahead, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row.mark {
            StepMark::Possible | StepMark::Held => now.push(row),
            StepMark::Ahead => ahead.push(row),
            StepMark::Done | StepMark::Skipped => over.push(row),
        }
    }
    // What the reader can do stands first, what waits for another body last; else the document's order.
    now.sort_by_key(|row: &StepRow| (row.mark == StepMark::Held, !row.act.is_open(), !row.mine, row.number));
    RunPanel {
        id: run.id.to_string(),
        title: case.text(&playbook.title),
        clause: case.clause(&playbook.clause),
        what: run.what.clone(),
        found: case.moment(run.found_at),
        started: case.act(
            &run.started,
            "",
            |change| matches!(change, I::PlaybookStarted { run: known } if known.id == run.id),
        ),
        first: playbook.first.as_ref().map(|first| case.text(first)),
        card: super::card(case, playbook),
        settled: over.len(),
        count: playbook.steps.len(),
        now,
        ahead,
        over,
        stop: only(steps.open, stop(case, run, playbook)),
        ended: ended(case, run),
        stopped: run.ended.as_ref().is_some_and(|end| !end.stopped.is_empty()),
    }
}

/// Never while a temporary state stands open.
fn stop(case: &Case<'_>, run: &Run, playbook: &Playbook) -> Gate {
    let open = run.open_states(playbook).into_iter();
    let open: Vec<String> =
        open.filter_map(|open| Some(case.text(&playbook.state(open.state)?.title))).collect();
    match case.gate_for(Permission::IncidentDecide, &playbook.by) {
        Gate::Open if !open.is_empty() => {
            Gate::Closed(case.lang.t_s("playbook-stop-held", &open.join(&case.t("list-comma"))).into_owned())
        }
        gate => gate,
    }
}

fn ended(case: &Case<'_>, run: &Run) -> Option<Act> {
    let end = run.ended.as_ref()?;
    Some(Act {
        at: case.moment(end.at),
        by: case.by(&end.by),
        what: end.stopped.clone(),
        proof: case.proof(|change| matches!(change, I::PlaybookEnded { run: known, .. } if *known == run.id)),
    })
}

/// A step taken first is taken before all it could be, unless the reader says otherwise.
pub(super) fn swap_forms(run: &RunPanel) -> impl Iterator<Item = Form> {
    let swaps = run.ahead.iter().filter_map(|row| Some((row, row.swap.as_ref()?)));
    swaps.map(|(row, swap)| {
        let before = swap.before.iter().map(|choice| ("before".to_owned(), choice.value.clone()));
        Form::from_pairs(format!("swap-{}", row.key), before)
    })
}
