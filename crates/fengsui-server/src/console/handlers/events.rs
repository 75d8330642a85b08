//! Events: listed, reported in under a minute, completed, judged, handed on, judged again.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use fengsui_domain::event::{Event, EventState, Source};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Plan, RuleId};
use fengsui_service::Error;
use fengsui_service::events::EventWords;
use fengsui_service::store::EventFilter;
use jiff::Timestamp;

use super::post::{Posted, done, refused};
use super::session::{Visitor, encode};
use super::shell::{PageError, PageResult, page, page_with, plan_in_force, shell};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::event::{EventList, EventNew, EventRow};
use crate::console::view::form::{FieldError, FieldProblem, Form};
use crate::console::view::parts::{Choice, Pager};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{self, Notice, Section};
use crate::page::{DEFAULT_LIMIT, cursor, write_cursor};

mod judge;
mod record;

/// Events whose units are offered while typing.
const UNITS_FROM: usize = 50;
/// The plan's points of intake and the fields they are typed in.
const POINTS: [(&str, &str); 4] = [
    ("data_traces", "data-traces"),
    ("losses", "losses"),
    ("impact", "impact"),
    ("control", "scene-control"),
];
/// What the core calls a field, and what the form calls it.
const NAMES: [(&str, &str); 4] = [
    ("aware_at", "became_aware_at"),
    ("occurred_at", "occurred_at"),
    ("reporter", "reporter_name"),
    ("points", "data_traces"),
];

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/events", get(list).post(save))
        .route("/events/new", get(new))
        .route("/events/{number}", get(record::show_event))
        .route("/events/{number}/amend", post(amend))
        .route("/events/{number}/reporter", post(record::reveal))
        .route("/events/{number}/triage", post(judge::triage))
        .route("/events/{number}/reopen", post(judge::reopen))
        .route("/events/{number}/receipt", post(judge::receipt))
}

/// What the filter of the list sends.
#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    q: String,
    after: Option<String>,
}

async fn list(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    let actor = &visitor.caller.actor;
    if !actor.may(Permission::CaseRead) && actor.may(Permission::EventRecord) {
        return Ok(Redirect::to("/events/new").into_response());
    }
    let filter = EventFilter {
        state: EventState::parse(&asked.state),
        source: Source::parse(&asked.source),
        text: Some(asked.q.trim().to_owned()).filter(|text| !text.is_empty()),
    };
    let after = cursor(asked.after.as_deref()).map_err(|_| ProblemKind::NotFound)?;
    let found = app.service.event_list(&visitor.caller, filter, after, DEFAULT_LIMIT).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let now = app.service.now();
    let next = found.next.as_ref().map(|next| {
        let Asked { state, source, q, .. } = &asked;
        format!(
            "/events?state={}&source={}&q={}&after={}",
            encode(state),
            encode(source),
            encode(q),
            write_cursor(next)
        )
    });
    let rows: Vec<EventRow> =
        found.items.iter().map(|row| event_row(&row.event, plan, now, visitor.look.lang)).collect();
    let form = Form::new("filter").with("state", asked.state).with("source", asked.source).with("q", asked.q);
    let view = EventList {
        shell: shell(&app, &visitor, "nav-events", Some(Section::Events)).await?,
        form,
        sources: sources(plan, visitor.look.lang),
        pager: Pager { previous: None, next, shown: rows.len(), total: None },
        rows,
    };
    page(&view)
}

/// An event in a list.
pub(super) fn event_row(event: &Event, plan: &Plan, now: Timestamp, lang: Lang) -> EventRow {
    let zone = show::zone(plan);
    let seen = event.sightings.as_ref().map(|seen| (seen.first_at, seen.last_at));
    let (first, last) = seen.unwrap_or((event.received_at, event.received_at));
    EventRow {
        number: event.number.clone(),
        href: format!("/events/{}", event.number),
        title: show::event_title(event, lang),
        source: source(event.intake.source, plan, lang),
        state: state(event.state()),
        sightings: event
            .sightings
            .as_ref()
            .map_or(0, |seen| usize::try_from(seen.count).unwrap_or(usize::MAX)),
        evidence: event.lines.len(),
        first_seen: show::moment(first, &zone, now, lang),
        last_seen: show::moment(last, &zone, now, lang),
    }
}

/// The state as pages name it.
fn state(state: EventState) -> words::EventState {
    match state {
        EventState::New => words::EventState::New,
        EventState::Incident => words::EventState::Incident,
        EventState::FalsePositive => words::EventState::FalsePositive,
        EventState::NotOurs => words::EventState::NotOurs,
    }
}

/// A source in the plan's words; its stable name if the plan has none for it.
fn source(source: Source, plan: &Plan, lang: Lang) -> String {
    let known = plan.intake.sources.iter().find(|known| known.id.as_str() == source.as_str());
    known.map_or_else(|| source.as_str().to_owned(), |known| show::text(&known.title, lang))
}

fn sources(plan: &Plan, lang: Lang) -> Vec<Choice> {
    let choice = |of: &Source| Choice {
        value: of.as_str().to_owned(),
        text: source(*of, plan, lang),
        hint: String::new(),
    };
    Source::ALL.iter().map(choice).collect()
}

async fn new(State(app): State<App>, visitor: Visitor) -> PageResult {
    visitor.caller.actor.permit(Permission::EventRecord)?;
    let (_, plan) = plan_in_force(&app).await?;
    let now = show::typed(app.service.now(), &show::zone(plan));
    let form = Form::new("event").with("source", Source::Report.as_str()).with("became_aware_at", now);
    new_page(&app, &visitor, StatusCode::OK, form).await
}

async fn new_page(app: &App, visitor: &Visitor, status: StatusCode, form: Form) -> PageResult {
    let (_, plan) = plan_in_force(app).await?;
    let now = app.service.now();
    let view = EventNew {
        shell: shell(app, visitor, "report-event", Some(Section::Events)).await?,
        form,
        sources: sources(plan, visitor.look.lang),
        units: units(app, visitor).await?,
        zone: show::zone_name(&show::zone(plan), now),
    };
    page_with(status, &view)
}

/// Units of the latest events, for those who may read them.
async fn units(app: &App, visitor: &Visitor) -> Result<Vec<String>, PageError> {
    if !visitor.caller.actor.may(Permission::CaseRead) {
        return Ok(Vec::new());
    }
    let latest = app.service.event_list(&visitor.caller, EventFilter::default(), None, UNITS_FROM).await?;
    let units: BTreeSet<String> = latest.items.into_iter().map(|row| row.event.intake.unit).collect();
    Ok(units.into_iter().collect())
}

async fn save(State(app): State<App>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let (_, plan) = plan_in_force(&app).await?;
    let refused = match reported(&posted, plan) {
        Ok(words) => match app.service.event_record(&visitor.caller, words).await {
            Ok(event) => {
                return Ok(done(visitor, &format!("/events/{}", event.value.number), Notice::EventSaved));
            }
            Err(error) => refused(error, Some(plan), visitor.look.lang)?,
        },
        Err(errors) => {
            let form = posted.failed(errors);
            return new_page(&app, visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    new_page(&app, visitor, refused.status, refused.put(posted.form(), &NAMES)).await
}

/// What was typed, or every field that is missing or wrong.
fn reported(posted: &Posted, plan: &Plan) -> Result<EventWords, Vec<FieldError>> {
    let zone = show::zone(plan);
    let mut errors: Vec<FieldError> = Vec::new();
    for field in ["title", "unit"] {
        if posted.text(field).is_empty() {
            errors.push(posted.wrong(field, FieldProblem::Required));
        }
    }
    let source = Source::parse(posted.text("source"));
    if source.is_none() {
        errors.push(posted.wrong("source", FieldProblem::ChooseOne));
    }
    let mut at = |name| {
        posted.at(name, &zone).unwrap_or_else(|error| {
            errors.push(error);
            None
        })
    };
    let (aware_at, occurred_at) = (at("became_aware_at"), at("occurred_at"));
    let Some(source) = source.filter(|_| errors.is_empty()) else { return Err(errors) };
    let reporter = [posted.text("reporter_name"), posted.text("reporter_phone")];
    Ok(EventWords {
        title: posted.text("title").to_owned(),
        details: posted.text("details").to_owned(),
        source,
        sender: posted.visitor.signed_in.account.value.display.clone(),
        unit: posted.text("unit").to_owned(),
        asset: posted.text("asset").to_owned(),
        occurred_at,
        aware_at,
        points: points(posted, plan),
        reporter: reporter.join("\n").trim().to_owned(),
        lines: Vec::new(),
        sightings: None,
    })
}

/// The plan's points of intake that were typed; points the plan does not have are left out.
fn points(posted: &Posted, plan: &Plan) -> BTreeMap<RuleId, String> {
    let known =
        POINTS.iter().filter(|(_, id)| plan.intake.points.iter().any(|point| point.id.as_str() == *id));
    let typed = known.filter(|(field, _)| posted.fields.contains_key(*field));
    typed.map(|(field, id)| (RuleId::new(*id), posted.text(field).to_owned())).collect()
}

async fn amend(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let event = app.service.event_by_number(&visitor.caller, &number).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let intake = event.value.intake;
    let words = EventWords {
        title: intake.title,
        details: posted.text("details").to_owned(),
        source: intake.source,
        sender: intake.sender,
        unit: intake.unit,
        asset: intake.asset,
        occurred_at: intake.occurred_at,
        aware_at: Some(intake.aware_at),
        points: points(&posted, plan),
        reporter: String::new(),
        lines: Vec::new(),
        sightings: None,
    };
    match app.service.event_amend(&visitor.caller, event.value.id, words).await {
        Ok(_) => Ok(done(visitor, &format!("/events/{number}"), Notice::EventAmended)),
        Err(error) => again(&app, &posted, &number, error, &NAMES).await,
    }
}

/// The event's page again, with the form that was refused.
async fn again(app: &App, posted: &Posted, number: &str, error: Error, names: &[(&str, &str)]) -> PageResult {
    let (_, plan) = plan_in_force(app).await?;
    let refused = refused(error, Some(plan), posted.visitor.look.lang)?;
    let status = refused.status;
    record::event_page(app, &posted.visitor, number, status, refused.put(posted.form(), names)).await
}
