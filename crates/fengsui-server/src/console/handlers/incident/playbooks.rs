//! Playbooks: which of the plan's fit the incident and why, and those that run.

use axum::Router;
use axum::routing::post;
use fengsui_domain::expr::{Expr, Truth as T};
use fengsui_domain::incident::Run;
use fengsui_domain::limits::MAX_RUNS;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{FactId, Playbook, own_name};
use fengsui_domain::refusal::Refusal;

use super::act::Place;
use super::case::{Case, forms};
use super::head::head;
use super::overview::truth;
use crate::app::App;
use crate::console::handlers::show;
use crate::console::view::form::Form;
use crate::console::view::incident::playbooks::{BookRow, Playbooks, RunPanel};
use crate::console::view::parts::{Condition, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Truth};

mod commands;
mod panel;
mod step;

const PLACE: Place = Place { tab: IncidentTab::Playbooks, names: &[] };

/// Routes of playbooks; the tab itself is drawn with the others.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/incidents/{number}/playbooks", post(commands::start))
        .route("/incidents/{number}/playbooks/{run}/stop", post(commands::stop))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/do", post(commands::do_step))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/answer", post(commands::answer))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/gate", post(commands::open_gate))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/waive", post(commands::waive))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/skip", post(commands::skip))
        .route("/incidents/{number}/playbooks/{run}/steps/{step}/swap", post(commands::swap))
}

/// `GET /incidents/{number}/playbooks`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Playbooks {
    let newest = || case.incident.runs.iter().rev();
    let known = |run: &Run| Some(panel::panel(case, run, case.plan.playbook(&run.playbook)?));
    let running: Vec<RunPanel> = newest().filter(|run| run.runs()).filter_map(known).collect();
    let (fitting, others): (Vec<&Playbook>, Vec<&Playbook>) =
        case.plan.playbooks.iter().partition(|playbook| case.incident.fits(playbook));
    let begun = fitting
        .iter()
        .map(|playbook| Form::new(format!("start-{}", playbook.id)).with("found_at", case.typed_now()));
    let swaps = running.iter().flat_map(panel::swap_forms);
    Playbooks {
        forms: forms(begun.chain(swaps).collect::<Vec<_>>(), failed),
        ended: newest().filter(|run| !run.runs()).filter_map(known).collect(),
        fitting: fitting.into_iter().map(|playbook| book(case, playbook)).collect(),
        others: others.into_iter().map(|playbook| book(case, playbook)).collect(),
        cards: case.plan.playbooks.first().map(|first| cards(case, first, "")),
        closed: if case.not_ended() { Gate::Hidden } else { Gate::Closed(case.t("playbooks-over")) },
        zone: case.zone_name(),
        head: head(case),
        tab: IncidentTab::Playbooks,
        running,
        shell,
    }
}

fn book(case: &Case<'_>, playbook: &Playbook) -> BookRow {
    let mut asks = show::fact_fields(case.plan, case.lang);
    asks.retain(|field| unanswered(case, playbook).any(|fact| fact.as_str() == field.id));
    BookRow {
        id: playbook.id.to_string(),
        title: case.text(&playbook.title),
        clause: case.clause(&playbook.clause),
        first: playbook.first.as_ref().map(|first| case.text(first)),
        steps: playbook.steps.len(),
        card: card(case, playbook),
        why: why(case, playbook),
        asks,
        start: may_start(case, playbook),
    }
}

/// The address of a playbook's card, in the version of its plan that the incident runs under.
fn card(case: &Case<'_>, playbook: &Playbook) -> String {
    let (_, name) = own_name(&playbook.id);
    cards(case, playbook, &format!("/{name}"))
}

/// The address of cards of the plan that has this playbook.
fn cards(case: &Case<'_>, playbook: &Playbook, which: &str) -> String {
    let (plan, _) = own_name(&playbook.id);
    let mut versions = case.incident.plans();
    let version = plan.and_then(|plan| versions.find(|version| version.id.as_str() == plan));
    let version = version.unwrap_or(&case.incident.plan);
    format!("/plans/{}/playbooks{which}?version={}", version.id, version.digest)
}

/// Questions that must have an answer before a playbook starts, and have none.
fn unanswered<'c>(case: &'c Case<'_>, playbook: &'c Playbook) -> impl Iterator<Item = &'c FactId> {
    playbook.asks.iter().filter(|fact| !case.incident.answers.contains_key(fact))
}

/// What speaks for a playbook, what against it, and what is not known yet.
fn why(case: &Case<'_>, playbook: &Playbook) -> Vec<Condition> {
    let category =
        |id| case.plan.categories.get(id).map_or_else(String::new, |known| case.text(&known.title));
    let mut why = Vec::new();
    if !playbook.categories.is_empty() {
        let names: Vec<String> = playbook.categories.iter().map(category).collect();
        let fits = playbook.categories.contains(&case.incident.category);
        why.push(Condition {
            text: case.lang.t_s("playbook-category", &names.join(&case.t("list-or"))).into_owned(),
            value: if fits { String::new() } else { category(&case.incident.category) },
            truth: if fits { Truth::True } else { Truth::False },
        });
    }
    if playbook.when != Expr::Const(true) {
        let holds = case.incident.truth(&playbook.when);
        let value = if holds == T::Unknown { case.t("not-known") } else { String::new() };
        why.push(Condition { text: case.text(&case.plan.words(&playbook.when)), value, truth: truth(holds) });
    }
    why.extend(playbook.asks.iter().map(|fact| answer(case, fact)));
    why
}

/// A question that is asked before the start, with its answer.
fn answer(case: &Case<'_>, fact: &FactId) -> Condition {
    let known = case.incident.answers.get(fact);
    Condition {
        text: case.text(&case.plan.fact_title(fact)),
        value: known.map_or_else(
            || case.t("not-known"),
            |answer| case.text(&case.plan.value_title(fact, &answer.value)),
        ),
        truth: if known.is_some() { Truth::True } else { Truth::Unknown },
    }
}

/// Whether the reader may start a playbook now; its questions can be answered with the start.
fn may_start(case: &Case<'_>, playbook: &Playbook) -> Gate {
    let refused = match case.incident.runs.len() {
        // That it is over stands once above all of them.
        _ if !case.may(Permission::IncidentWork) || !case.not_ended() => return Gate::Hidden,
        _ if case.plan.routed_under(&playbook.id, &case.incident.category).is_some() => {
            return Gate::Closed(case.t("playbook-routed"));
        }
        _ if !case.incident.fits(playbook) => return Gate::Closed(case.t("playbook-not-fitting")),
        count @ MAX_RUNS.. => Refusal::TooMany { field: "playbooks", count, max: MAX_RUNS },
        _ => return case.gate_for(Permission::IncidentWork, &playbook.by),
    };
    case.closed(&refused)
}
