//! Log lines by HTTP: plain, gzip or zstd.

use axum::Json;
use axum::extract::{Request, State};
use fengsui_service::ingest::Format;
use fengsui_service::ingest::bulk::MAX_UPLOAD_BYTES;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Query, packing, read};
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take))
}

/// How the lines are written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct How {
    /// `eve`, `zeek`, `ndjson`, `syslog` or `text`; found from the first lines if not said.
    format: Option<String>,
}

/// What an upload came to.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
struct Taken {
    /// Lines read.
    lines: u64,
    /// Lines that are no record of their format; the log says which.
    rejected: u64,
    /// Lines with a sighting.
    sighted: u64,
    /// Events recorded or amended.
    events: u64,
}

/// Takes log lines: NDJSON, syslog or text, packed as `Content-Encoding` says (`gzip`, `zstd`).
#[utoipa::path(post, path = "/api/v1/logs", operation_id = "logs_take", tag = "logs", params(How),
    request_body(content = String, content_type = "application/x-ndjson"), responses(
    (status = 200, description = "what it came to", body = Taken),
    (status = 400, description = "the request cannot be read", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 401, description = "nobody is signed in", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 403, description = "not permitted", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 409, description = "others change this at the moment", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 413, description = "too large", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 415, description = "packed in a way that is not known", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 422, description = "the body cannot be unpacked", content_type = "application/problem+json", body = fengsui_wire::api::Problem),
    (status = 503, description = "the node cannot do this now", content_type = "application/problem+json", body = fengsui_wire::api::Problem)))]
async fn take(
    State(app): State<App>,
    Query(how): Query<How>,
    request: Request,
) -> Result<Json<Taken>, Problem> {
    let packing = packing(request.headers())?;
    let body = read(request, &app, MAX_UPLOAD_BYTES).await?;
    let format = how.format.as_deref().map(format).transpose()?;
    let done = app.service.logs_take(&body.caller, &body.bytes, packing, format).await?;
    let (lines, rejected, sighted, events) = (done.lines, done.rejected, done.sighted, done.events);
    Ok(Json(Taken { lines, rejected, sighted, events }))
}

fn format(name: &str) -> Result<Format, Problem> {
    let names = || Format::ALL.map(Format::name).join(", ");
    let unknown =
        || Problem::bad_request(format!("`format` is `{}`; there are: {}", name.escape_debug(), names()));
    Format::of_name(name).ok_or_else(|| unknown().field("format"))
}
