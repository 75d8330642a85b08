//! The threat library: indicator lists in and out of use, what they saw, and the sources of logs.

use axum::Json;
use axum::extract::{Request, State};
use fengsui_domain::id::ListId;
use fengsui_service::indicators::{Import, ListFormat, ListWords, told};
use fengsui_service::ingest::bulk::MAX_UPLOAD_BYTES;
use fengsui_service::ingest::sources::LogSource as Source;
use fengsui_service::store::{Cursor, SightingFilter, SightingRow, Versioned};
use fengsui_wire::api::{
    self as wire, Binary, ChangeHeaders, ChangeProblems, CreateHeaders, CreateProblems, ImportIndicators,
    Imported, IndicatorList, ListProblems, LogSource, OwnProblems, PageOf, ReadProblems, RetireIndicators,
    Sighting,
};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Bytes, Call, Id, Officer, Query, packing, read};
use crate::etag::Tagged;
use crate::page;
use crate::problem::Problem;

/// Characters of a value or an asset that is looked for: the longest indicator has 8 KiB, and a request
/// line of more than that is refused by many a proxy.
const MAX_SOUGHT_CHARS: usize = 2_000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(indicator_list_list, indicator_list_import))
        .routes(routes!(indicator_list_get))
        .routes(routes!(indicator_list_retire))
        .routes(routes!(sighting_list))
        .routes(routes!(source_list))
}

/// Which lists to show.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only lists in use (`true`), or only retired ones (`false`).
    #[param(nullable = false)]
    active: Option<bool>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Indicator lists, by name.
#[utoipa::path(get, path = "/api/v1/indicator-lists", tag = "indicators", params(ListQuery),
    responses((status = 200, description = "A page of lists", body = PageOf<IndicatorList>), ListProblems))]
async fn indicator_list_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<ListQuery>,
) -> Result<Json<PageOf<IndicatorList>>, Problem> {
    let after = own_cursor(query.cursor.as_deref(), |id| id.parse::<ListId>().is_ok())?;
    let found = app.service.list_page(&caller, query.active, after, page::limit(query.limit)?).await?;
    let (items, next) = page::parts(found, |list| IndicatorList::new(list.version, &list.value));
    Ok(Json(PageOf { items, next }))
}

/// Imports a list, packed as `Content-Encoding` says (`gzip`, `zstd`); it replaces the one of its name.
///
/// A line that cannot be used is left out with its reason, and the rest goes in. A list of which nothing
/// can be used is refused.
#[utoipa::path(post, path = "/api/v1/indicator-lists", tag = "indicators", params(ImportIndicators, CreateHeaders),
    request_body(content = Binary, content_type = "application/octet-stream", description = "The file's bytes, at most 32 MiB as sent and 256 MiB unpacked"),
    responses((status = 200, description = "What it came to", body = Imported),
    (status = 415, description = "It is packed in a way that is not known.", content_type = "application/problem+json", body = wire::Problem),
    CreateProblems))]
async fn indicator_list_import(
    State(app): State<App>,
    // Before the query, so that strangers learn nothing of what would be right.
    _officer: Officer,
    Query(words): Query<ImportIndicators>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let ImportIndicators { name, format } = words.bounded()?;
    let packing = packing(request.headers())?;
    let Bytes { caller, bytes } = read(request, &app, MAX_UPLOAD_BYTES).await?;
    let words = ListWords { name, format: format.map(list_format) };
    let import = app.service.list_upload(&caller, words, bytes.into(), packing).await?;
    Ok(Json(imported(&import)))
}

/// An indicator list.
#[utoipa::path(get, path = "/api/v1/indicator-lists/{id}", tag = "indicators",
    params(("id" = Uuid, Path, description = "The list's id")),
    responses((status = 200, description = "The list", body = IndicatorList,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn indicator_list_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<ListId>,
) -> Result<Tagged<IndicatorList>, Problem> {
    Ok(shown(&app.service.list(&caller, id).await?))
}

/// Retires a list at once; retiring it again changes nothing. Importing it again puts it back in use.
#[utoipa::path(post, path = "/api/v1/indicator-lists/{id}/retire", tag = "indicators",
    params(("id" = Uuid, Path, description = "The list's id"), ChangeHeaders), request_body = RetireIndicators,
    responses((status = 200, description = "The list as it stands now", body = IndicatorList,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn indicator_list_retire(
    State(app): State<App>,
    Id(id): Id<ListId>,
    call: Call<RetireIndicators>,
) -> Result<Tagged<IndicatorList>, Problem> {
    let reason = String::try_from(call.body)?;
    Ok(shown(&app.service.list_retire(&call.caller, id, &reason).await?))
}

/// Which sightings to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SightingQuery {
    /// Only sightings of this indicator, however it is written (`hxxp`, `[.]`, capitals).
    #[param(max_length = 2000, nullable = false)]
    indicator: Option<String>,
    /// Only sightings at this asset.
    #[param(max_length = 2000, nullable = false)]
    asset: Option<String>,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Sightings, latest first. One that goes on while pages are read moves to the front.
#[utoipa::path(get, path = "/api/v1/sightings", tag = "indicators", params(SightingQuery),
    responses((status = 200, description = "A page of sightings", body = PageOf<Sighting>), ListProblems))]
async fn sighting_list(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<SightingQuery>,
) -> Result<Json<PageOf<Sighting>>, Problem> {
    let value = sought("indicator", query.indicator)?;
    let filter = SightingFilter { value, asset: sought("asset", query.asset)? };
    let after = own_cursor(query.cursor.as_deref(), |id| id.parse::<i64>().is_ok())?;
    let found = app.service.sighting_list(&caller, filter, after, page::limit(query.limit)?).await?;
    let (items, next) = page::parts(found, sighting);
    Ok(Json(PageOf { items, next }))
}

/// Followed log files by name, with what was read and what waits. `next` is never set.
#[utoipa::path(get, path = "/api/v1/sources", tag = "logs",
    responses((status = 200, description = "The sources", body = PageOf<LogSource>), OwnProblems))]
async fn source_list(
    State(app): State<App>,
    Officer(caller): Officer,
) -> Result<Json<PageOf<LogSource>>, Problem> {
    let items = app.service.source_list(&caller).await?.into_iter().map(source).collect();
    Ok(Json(PageOf { items, next: None }))
}

fn shown(list: &Versioned<fengsui_domain::node::IndicatorList>) -> Tagged<IndicatorList> {
    Tagged(list.version, IndicatorList::new(list.version, &list.value))
}

fn list_format(format: wire::ListFormat) -> ListFormat {
    match format {
        wire::ListFormat::List => ListFormat::Plain,
        wire::ListFormat::Csv => ListFormat::Csv,
        wire::ListFormat::Hosts => ListFormat::Hosts,
    }
}

fn imported(import: &Import) -> Imported {
    Imported {
        list: IndicatorList::new(import.list.version, &import.list.value),
        new: import.new,
        updated: import.updated,
        unchanged: import.unchanged,
        rejected: import.rejected,
        rejects: import.rejects.iter().map(told).collect(),
    }
}

fn sighting(row: SightingRow) -> Sighting {
    Sighting {
        event: row.event.and_then(|id| id.parse().ok()),
        rule: row.rule,
        value: row.value,
        asset: row.asset,
        window_at: row.window_at,
        count: row.count,
        first_at: row.first_at,
        last_at: row.last_at,
    }
}

fn source(source: Source) -> LogSource {
    let (lag, trouble) = match source.now {
        Ok(lag) => (Some(lag), None),
        Err(trouble) => (None, Some(trouble)),
    };
    LogSource {
        last_line_at: (source.row.lines > 0).then_some(source.row.seen_at),
        name: source.row.name,
        lines: source.row.lines,
        rejected: source.row.rejected,
        read_bytes: source.row.offset,
        size_bytes: lag.map(|lag| lag.size_bytes),
        lag_bytes: lag.map(|lag| lag.lag_bytes),
        trouble,
    }
}

/// The place a cursor names, if it is one of this list.
fn own_cursor(text: Option<&str>, is_own: impl Fn(&str) -> bool) -> Result<Option<Cursor>, Problem> {
    match page::cursor(text)? {
        Some(cursor) if !is_own(&cursor.id) => {
            let detail = "`cursor` is not one of this list; begin again without it";
            Err(Problem::bad_request(detail).field("cursor"))
        }
        cursor => Ok(cursor),
    }
}

/// A text that is looked for, within its bound.
fn sought(field: &'static str, text: Option<String>) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if text.chars().count() > MAX_SOUGHT_CHARS => {
            let detail = format!("`{field}` has more than {MAX_SOUGHT_CHARS} characters");
            Err(Problem::bad_request(detail).field(field))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    use fengsui_service::indicators::MAX_REJECTS;

    use super::*;

    #[test]
    fn formats_on_the_wire_are_those_of_the_matcher() {
        for format in wire::ListFormat::ALL {
            assert_eq!(list_format(*format).name(), format.as_str());
        }
        assert_eq!(wire::ListFormat::ALL.len(), ListFormat::ALL.len());
    }

    #[test]
    fn bounds_in_the_document_are_those_of_the_code() {
        let document = serde_json::to_value(crate::openapi()).expect("the document is JSON");
        let parameters = document["paths"]["/api/v1/sightings"]["get"]["parameters"].as_array().cloned();
        for name in ["indicator", "asset"] {
            let told = parameters.iter().flatten().find(|told| told["name"] == name);
            assert_eq!(
                told.map(|told| &told["schema"]["maxLength"]),
                Some(&MAX_SOUGHT_CHARS.into()),
                "{name}"
            );
        }
        let rejects = document.pointer("/components/schemas/Imported/properties/rejects/maxItems");
        assert_eq!(rejects, Some(&MAX_REJECTS.into()));
        let body = &document["paths"]["/api/v1/indicator-lists"]["post"]["requestBody"];
        let told = body["description"].as_str().unwrap_or_default();
        assert!(told.contains(&format!("{} MiB as sent", MAX_UPLOAD_BYTES >> 20)), "{told}");
        let unpacked = fengsui_service::ingest::bulk::MAX_UNPACKED_BYTES >> 20;
        assert!(told.contains(&format!("{unpacked} MiB unpacked")), "{told}");
    }
}
