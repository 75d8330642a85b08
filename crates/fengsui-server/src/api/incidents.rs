//! Incidents and the desk: read here; one command each in `commands`, evidence in `evidence`.

use axum::Json;
use axum::extract::State;
use fengsui_domain::id::IncidentId;
use fengsui_domain::plan::plan_of;
use fengsui_service::store::{
    Awaiting, EventRow, IncidentFilter, IncidentRow, OpenClock as ClockRow, Page, StoreError, TimelineRow,
    Versioned,
};
use fengsui_wire::api::{
    Awaited, AwaitedStep, Desk, EventSummary, HistoryProblems, Incident, IncidentLevel, IncidentSummary,
    ListProblems, OpenClock, PageOf, Phase, Plan, ReadProblems, TimelineEntry,
};
use jiff::Timestamp;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::call::{Id, Officer, Query};
use crate::etag::Tagged;
use crate::page;
use crate::problem::Problem;

mod commands;
mod evidence;

/// Characters of a search text: those of a title.
const MAX_SEARCH_CHARS: usize = fengsui_domain::limits::MAX_TITLE_CHARS;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(desk))
        .routes(routes!(clock_list))
        .routes(routes!(incident_list))
        .routes(routes!(incident_get))
        .routes(routes!(incident_timeline))
        .routes(routes!(incident_plan))
        .merge(commands::router())
        .merge(evidence::router())
}

/// Which page of a list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    pub(super) limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    pub(super) cursor: Option<String>,
}

/// Which incidents to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct IncidentQuery {
    /// Only incidents in this phase.
    #[param(nullable = false)]
    phase: Option<Phase>,
    /// Only incidents of this level.
    #[param(nullable = false)]
    level: Option<IncidentLevel>,
    /// Only incidents with this in title, number or unit.
    #[param(max_length = 200, nullable = false)]
    text: Option<String>,
    /// Only incidents derived from this one.
    #[param(nullable = false)]
    parent: Option<Uuid>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// What needs somebody now: duties most urgent first, new events, decisions that wait.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk",
    responses((status = 200, description = "The desk", body = Desk), ReadProblems))]
async fn desk(State(app): State<App>, Officer(caller): Officer) -> Result<Json<Desk>, Problem> {
    let (now, found) = (app.service.now(), app.service.desk(&caller).await?);
    let clocks = |rows: &[ClockRow]| rows.iter().map(|row| open_clock(row, now)).collect();
    let (open, overdue) = found.counts;
    Ok(Json(Desk {
        at: now,
        open,
        overdue,
        mine: clocks(&found.mine),
        nobodys: clocks(&found.nobodys),
        all: clocks(&found.all.items),
        events: found.events.items.iter().map(event_summary).collect(),
        awaiting: found.awaiting.iter().filter_map(awaited).collect(),
    }))
}

/// Open duties of all incidents, most urgent first.
#[utoipa::path(get, path = "/api/v1/clocks", tag = "desk", params(PageQuery),
    responses((status = 200, description = "A page of duties", body = PageOf<OpenClock>), ListProblems))]
async fn clock_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageOf<OpenClock>>, Problem> {
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let (now, found) = (app.service.now(), app.service.clock_list(&caller, after, limit).await?);
    let (items, next) = page::parts(found, |row| open_clock(&row, now));
    Ok(Json(PageOf { items, next }))
}

/// Incidents, newest first.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents", params(IncidentQuery),
    responses((status = 200, description = "A page of incidents", body = PageOf<IncidentSummary>), ListProblems))]
async fn incident_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<IncidentQuery>,
) -> Result<Json<PageOf<IncidentSummary>>, Problem> {
    let filter = IncidentFilter {
        phase: query.phase.map(|phase| phase.as_str().to_owned()),
        level: query.level.map(Into::into),
        text: search(query.text)?,
        parent: query.parent.map(IncidentId),
    };
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let (now, found) = (app.service.now(), app.service.incident_list(&caller, filter, after, limit).await?);
    let (rows, next) = page::parts(found, |row| incident_summary(row, now));
    Ok(Json(PageOf { items: rows.into_iter().collect::<Result<_, _>>()?, next }))
}

/// An incident, whole: levels and why, clocks, reports, response, people, evidence.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id")),
    responses((status = 200, description = "The incident", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn incident_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<IncidentId>,
) -> Result<Tagged<Incident>, Problem> {
    let incident = app.service.incident(&caller, id).await?;
    Ok(shown(&app, &incident))
}

/// What happened in an incident, newest first; every entry can be proved against the ledger.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/timeline", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"), PageQuery),
    responses((status = 200, description = "A page of entries", body = PageOf<TimelineEntry>), HistoryProblems))]
async fn incident_timeline(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<IncidentId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageOf<TimelineEntry>>, Problem> {
    let (before, limit) = (before(query.cursor.as_deref())?, page::limit(query.limit)?);
    Ok(timeline_page(app.service.incident_timeline(&caller, id, before, limit).await?))
}

/// The plan an incident runs under: the version it names, or what several plans make together. Names of
/// another plan than the leading one have its id in front, with `~` between.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/plan", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id")),
    responses((status = 200, description = "The plan", body = Plan), HistoryProblems))]
async fn incident_plan(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<IncidentId>,
) -> Result<Json<Plan>, Problem> {
    let incident = app.service.incident(&caller, id).await?.value;
    let plan = app.service.plan_of(&incident)?;
    Ok(Json(Plan::new(&incident.plan.digest, plan)))
}

/// The incident as it stands, with what the rules propose. A plan version that is not at hand leaves the
/// proposal out: reading must work all the same.
fn shown(app: &App, incident: &Versioned<fengsui_domain::incident::Incident>) -> Tagged<Incident> {
    let proposal = app.service.proposal(&incident.value).ok();
    let plan = app.service.plan_of(&incident.value).ok();
    let (version, now) = (incident.version, app.service.now());
    Tagged(version, Incident::new(version, &incident.value, (plan, proposal.as_ref()), now))
}

/// A search text within its bound.
pub(super) fn search(text: Option<String>) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if text.chars().count() > MAX_SEARCH_CHARS => {
            let detail = format!("`text` has more than {MAX_SEARCH_CHARS} characters");
            Err(Problem::bad_request(detail).field("text"))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

/// The index before which a timeline goes on.
pub(super) fn before(cursor: Option<&str>) -> Result<Option<u64>, Problem> {
    let Some(cursor) = page::cursor(cursor)? else { return Ok(None) };
    let wrong =
        |_| Problem::bad_request("`cursor` is not one of this list; begin again without it").field("cursor");
    u64::try_from(cursor.at).map(Some).map_err(wrong)
}

/// A page of a timeline.
pub(super) fn timeline_page(found: Page<TimelineRow>) -> Json<PageOf<TimelineEntry>> {
    let (items, next) = page::parts(found, |row| TimelineEntry::new(row.index, row.kind, &row.entry));
    Json(PageOf { items, next })
}

fn open_clock(row: &ClockRow, now: Timestamp) -> OpenClock {
    let plan = plan_of(&row.clock.rule).unwrap_or(row.plan.id.as_str()).to_owned();
    let (number, title) = (row.number.clone(), row.title.clone());
    OpenClock::new(&row.clock, now, (row.incident.0, number, title, row.level.into(), plan))
}

fn event_summary(row: &EventRow) -> EventSummary {
    EventSummary::new(row.version, &row.event)
}

/// `None` for a kind of waiting that this version of the API does not know.
fn awaited(row: &Awaiting) -> Option<Awaited> {
    Some(Awaited {
        step: AwaitedStep::parse(&row.what)?,
        part: row.reference.parse().ok(),
        since: row.since,
        incident: row.incident.0,
        number: row.number.clone(),
        title: row.title.clone(),
        level: row.level.into(),
    })
}

fn incident_summary(row: IncidentRow, now: Timestamp) -> Result<IncidentSummary, Problem> {
    let unknown = || {
        let (what, source) =
            (format!("the phase of incident {}", row.id), format!("`{}` is none", row.phase));
        StoreError::Corrupt { what, source: source.into() }
    };
    Ok(IncidentSummary {
        id: row.id.0,
        phase: Phase::parse(&row.phase).ok_or_else(unknown)?,
        number: row.number,
        version: row.version,
        level: row.level.into(),
        title: row.title,
        unit: row.unit,
        opened_at: row.opened_at,
        next_due_at: row.next_due_at,
        overdue: row.next_due_at.is_some_and(|due| due <= now),
    })
}
