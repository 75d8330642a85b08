//! When each body became aware, and its correction: reports count from there, not from when somebody typed.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use fengsui_domain::incident::{Command, IncidentChange};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{ClockStart, RoleId};

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::super::show;
use super::act::{Place, act};
use super::case::{Case, only};
use crate::app::App;
use crate::console::view::form::Form;
use crate::console::view::incident::clocks::Aware;
use crate::console::view::parts::Gate;
use crate::console::view::words::{IncidentTab, Notice};

/// What the row on the event itself is called, in the page and in the path.
const OCCURRENCE: &str = "occurrence";
const PLACE: Place = Place { tab: IncidentTab::Clocks, names: &[] };

/// The bodies whose duties count from their awareness, in the order of the plan's clocks, and whoever
/// else it was recorded for.
pub(super) fn rows(case: &Case<'_>) -> Vec<Aware> {
    let clocks = case.plan.clocks.iter().filter(|rule| rule.starts == ClockStart::BodyBecameAware);
    let bodies = clocks.flat_map(|rule| &rule.of).chain(case.incident.awareness.keys());
    let mut seen = BTreeSet::new();
    let bodies = bodies.filter(|body| seen.insert(*body)).map(|body| row(case, body));
    occurrence(case).into_iter().chain(bodies).collect()
}

/// When it happened, where a duty of the plan counts from there.
fn occurrence(case: &Case<'_>) -> Option<Aware> {
    case.plan.clocks.iter().find(|rule| rule.starts == ClockStart::Occurred)?;
    let clocks = case.incident.running().filter(|clock| clock.starts == ClockStart::Occurred);
    let recorded = case.incident.occurred_at;
    Some(Aware {
        id: OCCURRENCE.to_owned(),
        path: OCCURRENCE.to_owned(),
        body: case.lang.t("occurrence").into_owned(),
        at: case.moment(recorded.unwrap_or_else(|| case.incident.aware_at(&RoleId::new("unit")).0)),
        recorded: recorded.is_some(),
        assumed: "occurrence-unknown",
        asks: "occurrence-at",
        clocks: clocks.count(),
        proof: case.proof(|change| match change {
            IncidentChange::OccurrenceRecorded { .. } => true,
            IncidentChange::Opened { occurred_at, .. } => occurred_at.is_some(),
            _ => false,
        }),
    })
}

fn row(case: &Case<'_>, body: &RoleId) -> Aware {
    let (at, recorded) = case.incident.aware_at(body);
    let clocks = case.incident.running();
    let counting = clocks.filter(|clock| clock.starts == ClockStart::BodyBecameAware && clock.of == *body);
    Aware {
        id: body.to_string(),
        path: format!("awareness/{body}"),
        body: case.role(body),
        at: case.moment(at),
        recorded,
        assumed: "awareness-assumed",
        asks: "awareness-at",
        clocks: counting.count(),
        proof: case.proof(|change| match change {
            IncidentChange::AwarenessRecorded { body: of, .. } => of == body,
            IncidentChange::Opened { awareness, .. } => awareness.contains_key(body),
            _ => false,
        }),
    }
}

/// Whether the reader may correct them.
pub(super) fn gate(case: &Case<'_>) -> Gate {
    only(case.not_ended(), case.gate(Permission::IncidentWork))
}

/// The forms with what is known.
pub(super) fn begin(case: &Case<'_>) -> Vec<Form> {
    let form = |row: Aware| {
        let (aware_at, _) = case.incident.aware_at(&RoleId::new(row.id.clone()));
        let at = if row.id == OCCURRENCE { case.incident.occurred_at } else { Some(aware_at) };
        let form = Form::new(format!("aware-{}", row.id));
        at.into_iter().fold(form, |form, at| form.with("at", show::typed(at, &case.zone)))
    };
    rows(case).into_iter().map(form).collect()
}

/// `POST /incidents/{number}/awareness/{body}`: the time, and how it is known as a remark.
pub(super) async fn correct(
    State(app): State<App>,
    Path((number, body)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let body = RoleId::new(body);
    act(&app, &number, &posted, PLACE, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        // A field holds whole seconds: sent back as it was, it must not start the clocks anew.
        let (known, recorded) = case.incident.aware_at(&body);
        let same = recorded && show::typed(known, &case.zone) == show::typed(at, &case.zone);
        let correction = Command::RecordAwareness { body: body.clone(), at };
        let mut commands = if same { Vec::new() } else { vec![correction] };
        match posted.text("reason") {
            "" => {}
            reason => {
                let about = case.lang.t_s("clock-starts-aware", &case.role(&body));
                commands.push(Command::Note { text: format!("{about}: {reason}") });
            }
        }
        Ok((commands, Notice::AwarenessCorrected))
    })
    .await
}

/// `POST /incidents/{number}/occurrence`: when it is believed to have happened, and how that is known as a remark.
pub(super) async fn correct_occurrence(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        // A field holds whole seconds: sent back as it was, it must not start the clocks anew.
        let known = case.incident.occurred_at.map(|known| show::typed(known, &case.zone));
        let same = known == Some(show::typed(at, &case.zone));
        let mut commands = if same { Vec::new() } else { vec![Command::RecordOccurrence { at }] };
        match posted.text("reason") {
            "" => {}
            reason => {
                let about = case.lang.t("clock-starts-occurred");
                commands.push(Command::Note { text: format!("{about}: {reason}") });
            }
        }
        Ok((commands, Notice::OccurrenceCorrected))
    })
    .await
}
