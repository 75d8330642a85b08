//! Duty books: what units owe outside of incidents, how it stands, and the records of it.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use fengsui_domain::duty;
use fengsui_domain::id::{BookId, RecordId};
use fengsui_service::duties::Looked;
use fengsui_service::store::{DutyBookFilter, DutyRecordFilter, Versioned};
use fengsui_wire::api::{
    AskDutyExtension, ChangeHeaders, ChangeProblems, CloseDutyBook, CorrectDutyRecord, CreateHeaders,
    CreateProblems, DecideDutyExtension, DutyBook, DutyBookSummary, DutyRecord, HistoryProblems,
    ListProblems, MAX_ID_CHARS, NameInPlan, OpenDutyBook, PageOf, ReadProblems, ReceiptDutyRecord,
    RecordDuty, SetDutyRhythm, TimelineEntry, WithdrawDutyRecord, duty_records_csv,
};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::incidents::{PageQuery, before, timeline_page};
use crate::app::App;
use crate::call::{Call, Id, Officer, Query};
use crate::etag::{Created, Tagged};
use crate::page;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(duty_book_list, duty_book_open))
        .routes(routes!(duty_book_get))
        .routes(routes!(duty_book_timeline))
        .routes(routes!(duty_book_rhythm))
        .routes(routes!(duty_book_extend))
        .routes(routes!(duty_book_decide))
        .routes(routes!(duty_book_close))
        .routes(routes!(duty_book_table))
        .routes(routes!(duty_record_list, duty_record_enter))
        .routes(routes!(duty_record_get))
        .routes(routes!(duty_record_correct))
        .routes(routes!(duty_record_receipt))
        .routes(routes!(duty_record_withdraw))
}

/// Which duty books to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BookQuery {
    /// Only books under this plan.
    #[param(value_type = Option<NameInPlan>, nullable = false)]
    plan: Option<String>,
    /// Only closed books (`true`), or only those that are kept (`false`).
    #[param(nullable = false)]
    closed: Option<bool>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Duty books, newest first, each with how much of it needs attention.
#[utoipa::path(get, path = "/api/v1/duty-books", tag = "duties", params(BookQuery),
    responses((status = 200, description = "A page of books", body = PageOf<DutyBookSummary>), ListProblems))]
async fn duty_book_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<BookQuery>,
) -> Result<Json<PageOf<DutyBookSummary>>, Problem> {
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let filter = DutyBookFilter { plan: named("plan", query.plan)?, closed: query.closed };
    let found = app.service.duty_book_list(&caller, filter, after, limit).await?;
    let now = app.service.now();
    let mut items = Vec::new();
    for looked in &found.items {
        let (_, plan) = app.service.duty_plan(&looked.book.value.plan)?;
        let standings = looked.standings(plan, now);
        items.push(DutyBookSummary::new(looked.book.version, &looked.book.value, &standings));
    }
    Ok(Json(PageOf { items, next: found.next.as_ref().map(page::write_cursor) }))
}

/// Opens the duty book of a unit under a plan. A unit has one under a plan while it is kept.
#[utoipa::path(post, path = "/api/v1/duty-books", tag = "duties", params(CreateHeaders), request_body = OpenDutyBook,
    responses((status = 201, description = "The book", body = DutyBook,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        CreateProblems))]
async fn duty_book_open(
    State(app): State<App>,
    call: Call<OpenDutyBook>,
) -> Result<Created<DutyBook>, Problem> {
    let (plan, opening) = call.body.parts()?;
    let looked = app.service.duty_book_open(&call.caller, &plan, &opening).await?;
    let Tagged(version, body) = shown(&app, &looked)?;
    Ok(Created { location: format!("/api/v1/duty-books/{}", body.id), version, body })
}

/// A duty book with every duty as it stands now.
#[utoipa::path(get, path = "/api/v1/duty-books/{id}", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id")),
    responses((status = 200, description = "The book", body = DutyBook,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn duty_book_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<BookId>,
) -> Result<Tagged<DutyBook>, Problem> {
    shown(&app, &app.service.duty_book(&caller, id).await?)
}

/// What happened to a book, newest first: opened, told, extended. Records have versions of their own.
#[utoipa::path(get, path = "/api/v1/duty-books/{id}/timeline", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), PageQuery),
    responses((status = 200, description = "A page of entries", body = PageOf<TimelineEntry>), HistoryProblems))]
async fn duty_book_timeline(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<BookId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PageOf<TimelineEntry>>, Problem> {
    let (before, limit) = (before(query.cursor.as_deref())?, page::limit(query.limit)?);
    Ok(timeline_page(app.service.duty_book_timeline(&caller, id, before, limit).await?))
}

/// Sets the rhythm of a duty for this unit, where the plan only says "regularly".
#[utoipa::path(post, path = "/api/v1/duty-books/{id}/rhythms", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), ChangeHeaders), request_body = SetDutyRhythm,
    responses((status = 200, description = "The book as it stands now", body = DutyBook,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_book_rhythm(
    State(app): State<App>,
    Id(id): Id<BookId>,
    call: Call<SetDutyRhythm>,
) -> Result<Tagged<DutyBook>, Problem> {
    let command = call.body.try_into()?;
    shown(&app, &app.service.duty_book_command(&call.caller, id, command).await?)
}

/// Asks for more time for a duty that may be extended "in principle".
#[utoipa::path(post, path = "/api/v1/duty-books/{id}/extensions", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), ChangeHeaders), request_body = AskDutyExtension,
    responses((status = 200, description = "The book as it stands now", body = DutyBook,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_book_extend(
    State(app): State<App>,
    Id(id): Id<BookId>,
    call: Call<AskDutyExtension>,
) -> Result<Tagged<DutyBook>, Problem> {
    let command = call.body.try_into()?;
    shown(&app, &app.service.duty_book_command(&call.caller, id, command).await?)
}

/// Grants or refuses more time. Whoever asked cannot decide.
#[utoipa::path(post, path = "/api/v1/duty-books/{id}/extensions/decide", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), ChangeHeaders), request_body = DecideDutyExtension,
    responses((status = 200, description = "The book as it stands now", body = DutyBook,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_book_decide(
    State(app): State<App>,
    Id(id): Id<BookId>,
    call: Call<DecideDutyExtension>,
) -> Result<Tagged<DutyBook>, Problem> {
    let command = call.body.try_into()?;
    shown(&app, &app.service.duty_book_command(&call.caller, id, command).await?)
}

/// Keeps a book no longer, with a reason.
#[utoipa::path(post, path = "/api/v1/duty-books/{id}/close", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), ChangeHeaders), request_body = CloseDutyBook,
    responses((status = 200, description = "The book as it stands now", body = DutyBook,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_book_close(
    State(app): State<App>,
    Id(id): Id<BookId>,
    call: Call<CloseDutyBook>,
) -> Result<Tagged<DutyBook>, Problem> {
    let command = call.body.try_into()?;
    shown(&app, &app.service.duty_book_command(&call.caller, id, command).await?)
}

/// Which year to hand over.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct YearQuery {
    /// The year, in the plan's time zone.
    #[param(minimum = 1, maximum = 9998)]
    year: i16,
}

/// The records of a year as a table (CSV, UTF-8), oldest first, for a regulator. Withdrawn ones are in it and say so.
#[utoipa::path(get, path = "/api/v1/duty-books/{id}/table", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), YearQuery),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv"), HistoryProblems))]
async fn duty_book_table(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<BookId>,
    Query(query): Query<YearQuery>,
) -> Result<Response, Problem> {
    if !(1..=9_998).contains(&query.year) {
        let detail = format!("`year` is {}, it must be between 1 and 9998", query.year);
        return Err(Problem::bad_request(detail).field("year"));
    }
    let (book, records) = app.service.duty_record_year(&caller, id, query.year).await?;
    let (_, plan) = app.service.duty_plan(&book.value.plan)?;
    let table = duty_records_csv(&book.value, &records, plan);
    let name = format!("attachment; filename=\"duties-{}-{}.csv\"", query.year, book.value.plan);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &name)];
    Ok((headers, table).into_response())
}

/// Which records to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RecordQuery {
    /// Only records of this duty.
    #[param(value_type = Option<NameInPlan>, nullable = false)]
    duty: Option<String>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Records of a book, the latest deed first; withdrawn ones say so.
#[utoipa::path(get, path = "/api/v1/duty-books/{id}/records", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), RecordQuery),
    responses((status = 200, description = "A page of records", body = PageOf<DutyRecord>), HistoryProblems))]
async fn duty_record_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<BookId>,
    Query(query): Query<RecordQuery>,
) -> Result<Json<PageOf<DutyRecord>>, Problem> {
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let filter = DutyRecordFilter { duty: named("duty", query.duty)?, ..DutyRecordFilter::default() };
    let (book, found) = app.service.duty_record_list(&caller, id, filter, after, limit).await?;
    let (_, plan) = app.service.duty_plan(&book.value.plan)?;
    let (items, next) = page::parts(found, |row| DutyRecord::new(row.version, &row.value, plan));
    Ok(Json(PageOf { items, next }))
}

/// Records what was done about a duty, vouches for a condition, or says what was changed.
#[utoipa::path(post, path = "/api/v1/duty-books/{id}/records", tag = "duties",
    params(("id" = Uuid, Path, description = "The book's id"), CreateHeaders), request_body = RecordDuty,
    responses((status = 201, description = "The record", body = DutyRecord,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        ChangeProblems))]
async fn duty_record_enter(
    State(app): State<App>,
    Id(id): Id<BookId>,
    call: Call<RecordDuty>,
) -> Result<Created<DutyRecord>, Problem> {
    let Call { caller, body } = call;
    let record = app.service.duty_record_enter(&caller, id, |zone| body.parts(zone)).await?;
    let Tagged(version, body) = record_shown(&app, &record)?;
    Ok(Created { location: format!("/api/v1/duty-records/{}", body.id), version, body })
}

/// A record.
#[utoipa::path(get, path = "/api/v1/duty-records/{id}", tag = "duties",
    params(("id" = Uuid, Path, description = "The record's id")),
    responses((status = 200, description = "The record", body = DutyRecord,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn duty_record_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<RecordId>,
) -> Result<Tagged<DutyRecord>, Problem> {
    let (_, record) = app.service.duty_record(&caller, id).await?;
    record_shown(&app, &record)
}

/// Corrects a record; what stood before stays in the ledger.
#[utoipa::path(post, path = "/api/v1/duty-records/{id}/correct", tag = "duties",
    params(("id" = Uuid, Path, description = "The record's id"), ChangeHeaders), request_body = CorrectDutyRecord,
    responses((status = 200, description = "The record as it stands now", body = DutyRecord,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_record_correct(
    State(app): State<App>,
    Id(id): Id<RecordId>,
    call: Call<CorrectDutyRecord>,
) -> Result<Tagged<DutyRecord>, Problem> {
    let Call { caller, body } = call;
    let record = app.service.duty_record_revise(&caller, id, |zone| body.clone().command(zone)).await?;
    record_shown(&app, &record)
}

/// Records a body's receipt.
#[utoipa::path(post, path = "/api/v1/duty-records/{id}/receipts", tag = "duties",
    params(("id" = Uuid, Path, description = "The record's id"), ChangeHeaders), request_body = ReceiptDutyRecord,
    responses((status = 200, description = "The record as it stands now", body = DutyRecord,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_record_receipt(
    State(app): State<App>,
    Id(id): Id<RecordId>,
    call: Call<ReceiptDutyRecord>,
) -> Result<Tagged<DutyRecord>, Problem> {
    let command = duty::RecordCommand::try_from(call.body)?;
    let record = app.service.duty_record_revise(&call.caller, id, |_| Ok(command.clone())).await?;
    record_shown(&app, &record)
}

/// Takes a record out of account that was entered in error.
#[utoipa::path(post, path = "/api/v1/duty-records/{id}/withdraw", tag = "duties",
    params(("id" = Uuid, Path, description = "The record's id"), ChangeHeaders), request_body = WithdrawDutyRecord,
    responses((status = 200, description = "The record as it stands now", body = DutyRecord,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn duty_record_withdraw(
    State(app): State<App>,
    Id(id): Id<RecordId>,
    call: Call<WithdrawDutyRecord>,
) -> Result<Tagged<DutyRecord>, Problem> {
    let command = duty::RecordCommand::try_from(call.body)?;
    let record = app.service.duty_record_revise(&call.caller, id, |_| Ok(command.clone())).await?;
    record_shown(&app, &record)
}

/// A book as it stands now.
fn shown(app: &App, looked: &Looked) -> Result<Tagged<DutyBook>, Problem> {
    let Versioned { version, value: book } = &looked.book;
    let (_, plan) = app.service.duty_plan(&book.plan)?;
    let standings = looked.standings(plan, app.service.now());
    Ok(Tagged(*version, DutyBook::new(*version, book, &standings)))
}

/// A name to look for, within its bounds.
fn named(field: &'static str, name: Option<String>) -> Result<Option<String>, Problem> {
    match name {
        Some(name) if !(1..=MAX_ID_CHARS).contains(&name.chars().count()) => {
            let detail =
                format!("`{field}` is a name of 1 to {MAX_ID_CHARS} characters; leave it out for all");
            Err(Problem::bad_request(detail).field(field))
        }
        name => Ok(name),
    }
}

fn record_shown(app: &App, record: &Versioned<duty::Record>) -> Result<Tagged<DutyRecord>, Problem> {
    let (_, plan) = app.service.duty_plan(&record.value.plan.id)?;
    Ok(Tagged(record.version, DutyRecord::new(record.version, &record.value, plan)))
}
