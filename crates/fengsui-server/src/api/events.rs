//! Events: recorded in seconds, amended, judged, handed on, reopened.

use axum::Json;
use axum::extract::State;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::plan::{CategoryId, PlanId};
use fengsui_domain::refusal::Refusal;
use fengsui_service::Error;
use fengsui_service::events::{EventWords, Triage};
use fengsui_service::store::{EventFilter, Versioned};
use fengsui_wire::api::{
    self as wire, AmendEvent, ChangeHeaders, ChangeProblems, CreateHeaders, CreateProblems, Event,
    EventState, EventSummary, HistoryProblems, ListProblems, PageOf, ReadProblems, ReadReporter, RecordEvent,
    RecordHandoverReceipt, ReopenEvent, Reporter, Source, TimelineEntry, TriageEvent,
};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::incidents::{PageQuery, before, search, timeline_page};
use crate::app::App;
use crate::call::{Call, Id, Officer, Query};
use crate::etag::{Created, Tagged};
use crate::page;
use crate::problem::Problem;

/// Times an amendment is laid onto a newer version when somebody else was faster.
const MAX_TRIES: usize = 8;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(event_list, event_record))
        .routes(routes!(event_get, event_amend))
        .routes(routes!(event_timeline))
        .routes(routes!(event_triage))
        .routes(routes!(event_reopen))
        .routes(routes!(event_receipt))
        .routes(routes!(event_reporter))
}

/// Which events to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct EventQuery {
    /// Only events that stand here.
    #[param(nullable = false)]
    state: Option<EventState>,
    /// Only events from this source.
    #[param(nullable = false)]
    source: Option<Source>,
    /// Only events with this in title or number.
    #[param(max_length = 200, nullable = false)]
    text: Option<String>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Events, newest first.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventQuery),
    responses((status = 200, description = "A page of events", body = PageOf<EventSummary>), ListProblems))]
async fn event_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<EventQuery>,
) -> Result<Json<PageOf<EventSummary>>, Problem> {
    let (state, source) = (query.state.map(Into::into), query.source.map(Into::into));
    let filter = EventFilter { state, source, text: search(query.text)? };
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let found = app.service.event_list(&caller, filter, after, limit).await?;
    let (items, next) = page::parts(found, |row| EventSummary::new(row.version, &row.event));
    Ok(Json(PageOf { items, next }))
}

/// Records an event: saved at once, completed later.
#[utoipa::path(post, path = "/api/v1/events", tag = "events", params(CreateHeaders), request_body = RecordEvent,
    responses((status = 201, description = "The event", body = Event,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        CreateProblems))]
async fn event_record(State(app): State<App>, call: Call<RecordEvent>) -> Result<Created<Event>, Problem> {
    let event = app.service.event_record(&call.caller, words(call.body)?).await?;
    let location = format!("/api/v1/events/{}", event.value.id);
    Ok(Created { location, version: event.version, body: Event::new(event.version, &event.value) })
}

/// An event. Whoever may not read cases may read the events they recorded themselves.
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id")),
    responses((status = 200, description = "The event", body = Event,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn event_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<EventId>,
) -> Result<Tagged<Event>, Problem> {
    Ok(shown(&app.service.event(&caller, id).await?))
}

/// Amends an event; each amendment stays in its timeline.
#[utoipa::path(patch, path = "/api/v1/events/{id}", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), ChangeHeaders), request_body = AmendEvent,
    responses((status = 200, description = "The event as it stands now", body = Event,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn event_amend(
    State(app): State<App>,
    Id(id): Id<EventId>,
    call: Call<AmendEvent>,
) -> Result<Tagged<Event>, Problem> {
    let Call { caller, body } = call;
    for attempt in 1.. {
        // What the body does not name is taken from this version, so it must not change in between.
        let known = app.service.event(&caller, id).await?;
        let mut seen = caller.clone();
        seen.expected.get_or_insert(known.version);
        let amended = words(body.clone().onto(&known.value)?)?;
        match app.service.event_amend(&seen, id, amended).await {
            Err(Error::Changed { .. }) if caller.expected.is_none() && attempt < MAX_TRIES => {}
            answer => return Ok(shown(&answer?)),
        }
    }
    unreachable!("the last attempt answers")
}

/// What happened to an event, newest first.
#[utoipa::path(get, path = "/api/v1/events/{id}/timeline", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), PageQuery),
    responses((status = 200, description = "A page of entries", body = PageOf<TimelineEntry>), HistoryProblems))]
async fn event_timeline(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<EventId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageOf<TimelineEntry>>, Problem> {
    app.service.event(&caller, id).await?;
    let (before, limit) = (before(query.cursor.as_deref())?, page::limit(query.limit)?);
    let found = app.service.store().entry_list(Some(format!("event/{id}")), before, limit).await?;
    Ok(timeline_page(found))
}

/// Judges an event: an incident, a false alarm, or not ours. An incident is opened with it, and its clocks start.
#[utoipa::path(post, path = "/api/v1/events/{id}/triage", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), ChangeHeaders), request_body = TriageEvent,
    responses((status = 200, description = "The event; `incident` names what it became", body = Event,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn event_triage(
    State(app): State<App>,
    Id(id): Id<EventId>,
    call: Call<TriageEvent>,
) -> Result<Tagged<Event>, Problem> {
    let triage = triage(call.body)?;
    Ok(shown(&app.service.event_triage(&call.caller, id, triage).await?))
}

/// Withdraws the last judgement, so that triage can be redone. An incident is withdrawn by its own command.
#[utoipa::path(post, path = "/api/v1/events/{id}/reopen", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), ChangeHeaders), request_body = ReopenEvent,
    responses((status = 200, description = "The event as it stands now", body = Event,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn event_reopen(
    State(app): State<App>,
    Id(id): Id<EventId>,
    call: Call<ReopenEvent>,
) -> Result<Tagged<Event>, Problem> {
    let reason = String::try_from(call.body)?;
    Ok(shown(&app.service.event_reopen(&call.caller, id, &reason).await?))
}

/// Records that the body an event was handed to confirmed receipt.
#[utoipa::path(post, path = "/api/v1/events/{id}/receipt", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), ChangeHeaders), request_body = RecordHandoverReceipt,
    responses((status = 200, description = "The event as it stands now", body = Event,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn event_receipt(
    State(app): State<App>,
    Id(id): Id<EventId>,
    call: Call<RecordHandoverReceipt>,
) -> Result<Tagged<Event>, Problem> {
    let receipt = String::try_from(call.body)?;
    Ok(shown(&app.service.event_receipt(&call.caller, id, &receipt).await?))
}

/// Reads a reporting person's name and contact; the reading becomes an entry of the ledger.
#[utoipa::path(post, path = "/api/v1/events/{id}/reporter", tag = "events",
    params(("id" = Uuid, Path, description = "The event's id"), ChangeHeaders), request_body = ReadReporter,
    responses((status = 200, description = "Name and contact", body = Reporter), ChangeProblems))]
async fn event_reporter(
    State(app): State<App>,
    Id(id): Id<EventId>,
    call: Call<ReadReporter>,
) -> Result<Json<Reporter>, Problem> {
    let reason = String::try_from(call.body)?;
    let reporter = app.service.event_reporter(&call.caller, id, &reason).await?;
    Ok(Json(Reporter { reporter }))
}

fn shown(event: &Versioned<fengsui_domain::event::Event>) -> Tagged<Event> {
    Tagged(event.version, Event::new(event.version, &event.value))
}

fn words(body: RecordEvent) -> Result<EventWords, Refusal> {
    let points = body.points()?;
    let body = body.bounded()?;
    Ok(EventWords {
        title: body.title,
        details: body.details,
        source: body.source.into(),
        sender: body.sender,
        unit: body.unit,
        asset: body.asset,
        occurred_at: body.occurred_at,
        aware_at: body.aware_at,
        points,
        reporter: body.reporter,
        lines: body.lines.into_iter().map(Into::into).collect(),
        sightings: None,
    })
}

fn triage(body: TriageEvent) -> Result<Triage, Refusal> {
    Ok(match body.bounded()? {
        TriageEvent::Incident { plan, beside, title, category, level, reason, answers, parent } => {
            Triage::Incident {
                plan: plan.map(PlanId::new),
                beside: beside.into_iter().map(PlanId::new).collect(),
                title,
                category: CategoryId::new(category),
                level: level.into(),
                reason,
                answers: wire::facts(answers)?,
                parent: parent.map(IncidentId),
            }
        }
        TriageEvent::FalsePositive { reason, done } => Triage::FalsePositive { reason, done },
        TriageEvent::NotOurs { body, person, passed_on } => Triage::NotOurs { body, person, passed_on },
    })
}
