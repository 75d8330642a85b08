//! The duty desk: duties by time left, events that wait, decisions that wait.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use fengsui_domain::clock::Clock;
use fengsui_domain::id::{ClockId, IncidentId};
use fengsui_domain::incident::{Incident, Signed};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::Plan;
use fengsui_service::incidents::Desk as Found;
use fengsui_service::store::{Awaiting, OpenClock};
use jiff::Timestamp;

use super::events::event_row;
use super::names::Names;
use super::session::Visitor;
use super::shell::{PageError, PageResult, page, plan_in_force, shell};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::desk::{ApprovalRow, Desk, Tally};
use crate::console::view::parts::ClockRow;
use crate::console::view::words::{ApprovalKind, Section};

/// Clocks of others that the desk shows; the rest is counted.
const OTHERS_SHOWN: usize = 25;
/// Events that the desk shows; the rest is counted.
const EVENTS_SHOWN: usize = 12;

pub(super) fn router() -> Router<App> {
    Router::new().route("/", get(desk))
}

async fn desk(State(app): State<App>, visitor: Visitor) -> PageResult {
    let actor = &visitor.caller.actor;
    if !actor.may(Permission::CaseRead) {
        return Ok(Redirect::to(first_page(&visitor)).into_response());
    }
    let found = app.service.desk(&visitor.caller).await?;
    let frame = shell(&app, &visitor, "nav-desk", Some(Section::Desk)).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let now = app.service.now();
    let lang = visitor.look.lang;
    let groups = Groups::of(&found);
    let incidents = incidents(&app, &visitor, &found.awaiting).await?;
    let names = Names::read(&app, lang).await?;
    let rows = |clocks: &[&OpenClock]| -> Vec<ClockRow> {
        clocks.iter().filter_map(|open| clock_row(&app, open, now, lang)).collect()
    };
    let events: Vec<_> = found
        .events
        .items
        .iter()
        .take(EVENTS_SHOWN)
        .map(|row| event_row(&row.event, plan, now, lang))
        .collect();
    let bodies = show::bodies(&app, actor.bodies.iter().take(3), lang);
    let more = actor.bodies.len().saturating_sub(3);
    let view = Desk {
        acting_for: if more == 0 { bodies } else { format!("{bodies} +{more}") },
        mine: rows(&groups.mine),
        nobody: rows(&groups.nobodys),
        all: rows(&groups.others),
        all_more: groups.more,
        tally: tally(&found, now),
        events_more: frame.counts.new_events.saturating_sub(events.len()),
        events,
        approvals: found
            .awaiting
            .iter()
            .map(|waiting| approval(&app, &visitor, waiting, &incidents, &names, plan))
            .collect(),
        shell: frame,
    };
    page(&view)
}

/// Where readers begin who may not read cases.
fn first_page(visitor: &Visitor) -> &'static str {
    let actor = &visitor.caller.actor;
    if actor.may(Permission::AccountManage) {
        "/users"
    } else if actor.may(Permission::EventRecord) {
        "/events/new"
    } else {
        "/ledger"
    }
}

/// Each clock in the first group it belongs to.
struct Groups<'f> {
    mine: Vec<&'f OpenClock>,
    nobodys: Vec<&'f OpenClock>,
    others: Vec<&'f OpenClock>,
    more: usize,
}

impl<'f> Groups<'f> {
    fn of(found: &'f Found) -> Self {
        let mut seen: BTreeSet<ClockId> = BTreeSet::new();
        let mut take = |clocks: &'f [OpenClock], most: usize| -> Vec<&'f OpenClock> {
            clocks.iter().filter(|open| seen.insert(open.clock.id)).take(most).collect()
        };
        let mine = take(&found.mine, usize::MAX);
        let nobodys = take(&found.nobodys, usize::MAX);
        let others = take(&found.all.items, OTHERS_SHOWN);
        let shown = mine.len() + nobodys.len() + others.len();
        let open = usize::try_from(found.counts.0).unwrap_or(usize::MAX);
        Self { mine, nobodys, others, more: open.saturating_sub(shown) }
    }
}

/// The incidents in which something awaits a decision, each read once: they say who took the step before.
async fn incidents(
    app: &App,
    visitor: &Visitor,
    awaiting: &[Awaiting],
) -> Result<BTreeMap<IncidentId, Incident>, PageError> {
    let ids: BTreeSet<IncidentId> = awaiting.iter().map(|waiting| waiting.incident).collect();
    let mut found = BTreeMap::new();
    for id in ids {
        found.insert(id, app.service.incident(&visitor.caller, id).await?.value);
    }
    Ok(found)
}

/// How many clocks are in which state. Overdue ones are counted by the store over all clocks; "soon" is
/// counted among the most urgent ones the desk has read, and the rest runs.
fn tally(found: &Found, now: Timestamp) -> Tally {
    let is_soon =
        |clock: &Clock| show::clock_state(clock, now) == crate::console::view::words::ClockState::DueSoon;
    let overdue = usize::try_from(found.counts.1).unwrap_or(usize::MAX);
    let open = usize::try_from(found.counts.0).unwrap_or(usize::MAX);
    let soon = found.all.items.iter().filter(|open| is_soon(&open.clock)).count();
    Tally { overdue, soon, running: open.saturating_sub(overdue + soon) }
}

fn clock_row(app: &App, open: &OpenClock, now: Timestamp, lang: Lang) -> Option<ClockRow> {
    let plan = app.service.plan_together(&open.plan, &open.beside).ok()?;
    let level = show::level_mark(open.level, open.confirmed);
    let incident = show::incident_ref(&open.number, &open.title, Some(level));
    Some(show::clock_row(&open.clock, incident, plan, now, lang))
}

/// A decision that waits, with the page where it is made.
fn approval(
    app: &App,
    visitor: &Visitor,
    waiting: &Awaiting,
    incidents: &BTreeMap<IncidentId, Incident>,
    names: &Names,
    in_force: &Plan,
) -> ApprovalRow {
    let lang = visitor.look.lang;
    let incident = incidents.get(&waiting.incident);
    let plan = incident.and_then(|incident| app.service.plan_of(incident).ok()).unwrap_or(in_force);
    let (kind, tab, key) = match waiting.what.as_str() {
        "verify-disposal" => (ApprovalKind::Disposal, "disposal", "act-verify-disposal"),
        "sum-up-disposal" => (ApprovalKind::Disposal, "disposal", "act-sum-up-disposal"),
        "decide-disposal" => (ApprovalKind::Disposal, "disposal", "act-decide-disposal"),
        "publish" => (ApprovalKind::Publication, "closing", "act-approve-publication"),
        "release-publication" => (ApprovalKind::Publication, "closing", "act-release-publication"),
        "adjust" => (ApprovalKind::Response, "response", "response-step-adjust"),
        "end" => (ApprovalKind::Response, "response", "response-step-end"),
        _ => (ApprovalKind::Response, "response", "response-step-start"),
    };
    let named = || show::incident_ref(&waiting.number, &waiting.title, None);
    let before = incident.and_then(|incident| step_before(incident, waiting));
    let own = before.is_some_and(|signed| signed.person.account == visitor.signed_in.account.value.id);
    ApprovalRow {
        kind,
        text: lang.t(key).into_owned(),
        href: format!("/incidents/{}/{tab}", waiting.number),
        incident: incident.map_or_else(named, show::incident),
        by: before.map(|signed| names.signed(signed, plan, lang)),
        since: show::moment(waiting.since, &show::zone(plan), app.service.now(), lang),
        not_you: own.then(|| lang.t("approval-own").into_owned()),
    }
}

/// The step before the one that waits.
fn step_before<'i>(incident: &'i Incident, waiting: &Awaiting) -> Option<&'i Signed> {
    let is_meant = |id: String| id == waiting.reference;
    match waiting.what.as_str() {
        "start" | "adjust" | "end" => incident.proposal.as_ref().map(|proposal| &proposal.signed),
        "verify-disposal" | "sum-up-disposal" | "decide-disposal" => {
            let mut plans = incident.disposals.iter();
            plans.find(|plan| is_meant(plan.id.to_string())).map(|plan| &plan.drafted)
        }
        _ => {
            let mut texts = incident.publications.iter();
            texts.find(|text| is_meant(text.id.to_string())).map(|text| &text.drafted)
        }
    }
}
