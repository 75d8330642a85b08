//! What stands above every tab: level, phases, the clock that runs out first.

use fengsui_domain::expr::Value;
use fengsui_domain::incident::{Incident, IncidentChange, Phase as P, Run};
use jiff::Timestamp;

use super::super::show;
use super::case::Case;
use crate::console::view::incident::{IncidentHead, PhaseStep, Standing};
use crate::console::view::words::{IncidentTab, Phase, Step};

/// The phase as pages name it.
pub(super) fn phase(of: &P) -> Phase {
    match of {
        P::Judged(_) => Phase::Judged,
        P::Analysing(_) => Phase::Analysing,
        P::Graded(_) => Phase::Graded,
        P::Responding(_) => Phase::Responding,
        P::Ended(_) => Phase::Ended,
        P::Reviewed(_) => Phase::Reviewed,
        P::Archived(_) => Phase::Archived,
        P::Withdrawn(_) => Phase::Withdrawn,
    }
}

/// The head of an incident's pages.
pub(super) fn head(case: &Case<'_>) -> IncidentHead {
    let (incident, plan) = (&case.incident, case.plan);
    let next = incident.running().min_by_key(|clock| (clock.due_at, clock.id));
    IncidentHead {
        number: incident.number.clone(),
        title: incident.title.clone(),
        level: Some(show::level_mark(incident.level(), incident.level_is_confirmed())),
        special: is_special(case),
        phase: phase(&incident.phase),
        phases: phases(case),
        unit: incident.unit.clone(),
        category: category(case),
        plan: format!("{} ({})", case.text(&plan.title), plan.in_force_from),
        plan_href: format!("/plans/{}", plan.id),
        opened_at: case.moment(incident.opened_at),
        next: next.map(|clock| {
            let duty = duty(case, clock);
            (show::countdown(clock, &case.zone, case.now, case.lang), duty)
        }),
        overdue: incident.running().filter(|clock| clock.overdue(case.now)).count(),
        tabs: tabs(case),
        standing: incident.runs.iter().flat_map(|run| standing(case, run)).collect(),
        revision: case.version,
    }
}

/// A plan without playbooks has no tab for them.
fn tabs(case: &Case<'_>) -> Vec<IncidentTab> {
    let none = case.plan.playbooks.is_empty();
    IncidentTab::ALL.iter().copied().filter(|tab| *tab != IncidentTab::Playbooks || !none).collect()
}

/// Temporary states that a run holds open. Source: `jincheng-egov-2008/5.5.b`.
fn standing(case: &Case<'_>, run: &Run) -> Vec<Standing> {
    let Some(playbook) = case.plan.playbook(&run.playbook) else { return Vec::new() };
    let open = run.open_states(playbook).into_iter();
    let open = open.filter_map(|open| Some((playbook.state(open.state)?, open.at)));
    open.map(|(state, at)| {
        let mut closers = playbook.steps.iter().filter(|step| step.closes.as_ref() == Some(&state.id));
        Standing {
            title: case.text(&state.title),
            clause: case.clause(&state.clause),
            run: format!("{} · {}", case.text(&playbook.title), run.what),
            ends: closers.next().map(|step| case.text(&step.title)).unwrap_or_default(),
            href: format!("/incidents/{}/playbooks#run-{}", case.incident.number, run.id),
            since: case.moment(at),
            lasts: show::left(at, case.now, case.lang),
        }
    })
    .collect()
}

/// A duty in short: who owes what to whom.
pub(super) fn duty(case: &Case<'_>, clock: &fengsui_domain::clock::Clock) -> String {
    let of = case.role(&clock.of);
    match (clock.to.is_empty(), clock.form) {
        (false, Some(form)) => {
            format!("{of} → {} · {}", case.roles(&clock.to), case.t(show::form(form).key()))
        }
        (false, None) => format!("{of} → {}", case.roles(&clock.to)),
        (true, _) => {
            let rule = case.plan.clock(&clock.rule);
            let rule = rule.map_or_else(|| clock.rule.to_string(), |rule| case.text(&rule.title));
            format!("{of} · {rule}")
        }
    }
}

/// A mark that needs a reason was set, such as "special circumstances".
fn is_special(case: &Case<'_>) -> bool {
    let set = case.incident.answers.iter().filter(|(_, answer)| answer.value == Value::Bool(true));
    set.into_iter().any(|(fact, _)| case.plan.facts.get(fact).is_some_and(|fact| fact.needs_reason))
}

fn category(case: &Case<'_>) -> String {
    let id = &case.incident.category;
    case.plan.categories.get(id).map_or_else(|| id.to_string(), |category| case.text(&category.title))
}

fn phases(case: &Case<'_>) -> Vec<PhaseStep> {
    let here = phase(&case.incident.phase);
    let withdrawn = here == Phase::Withdrawn;
    let all = Phase::ALL.iter().copied().filter(|each| *each != Phase::Withdrawn || withdrawn);
    let steps = all.map(|each| {
        let reached = reached(case, each);
        let step = match () {
            () if each == here => Step::Now,
            () if withdrawn && reached.is_none() => Step::Ahead,
            () if each < here => Step::Done,
            () => Step::Ahead,
        };
        let at = reached.filter(|_| step != Step::Ahead).map(|at| case.moment(at));
        PhaseStep { phase: each, step, at }
    });
    steps.filter(|step| !withdrawn || step.step != Step::Ahead).collect()
}

/// When a phase was reached.
fn reached(case: &Case<'_>, phase: Phase) -> Option<Timestamp> {
    let incident = &case.incident;
    let entered =
        |is: fn(&IncidentChange) -> bool| case.entry(|change, _| is(change)).map(|row| row.entry.at);
    match phase {
        Phase::Judged => Some(incident.opened_at),
        Phase::Analysing => entered(|change| matches!(change, IncidentChange::Verified { .. })),
        Phase::Graded => first_grading(incident),
        Phase::Responding => incident.phase.response().map(|response| response.started_at),
        Phase::Ended => incident.phase.ended_at(),
        Phase::Reviewed => incident.phase.review().map(|review| review.signed.at),
        Phase::Archived => match &incident.phase {
            P::Archived(archived) => Some(archived.at),
            _ => None,
        },
        Phase::Withdrawn => match &incident.phase {
            P::Withdrawn(withdrawn) => Some(withdrawn.at),
            _ => None,
        },
    }
}

fn first_grading(incident: &Incident) -> Option<Timestamp> {
    use fengsui_domain::incident::GradingKind;
    let confirmed = incident.gradings.iter().find(|grading| grading.kind != GradingKind::Provisional);
    confirmed.map(|grading| grading.at)
}
