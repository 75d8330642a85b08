//! Log lines by HTTP: plain, gzip or zstd.

use axum::Json;
use axum::extract::{Request, State};
use fengsui_service::ingest::Format;
use fengsui_service::ingest::bulk::MAX_UPLOAD_BYTES;
use fengsui_wire::api::UploadProblems;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Officer, Query, packing, read};
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take))
}

/// A format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LogFormat {
    /// Suricata EVE.
    Eve,
    /// One JSON object a line.
    Ndjson,
    /// RFC 5424 or RFC 3164.
    Syslog,
    /// Plain lines.
    Text,
    /// Zeek, JSON or tab-separated.
    Zeek,
}

impl From<LogFormat> for Format {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Eve => Self::Eve,
            LogFormat::Ndjson => Self::Ndjson,
            LogFormat::Syslog => Self::Syslog,
            LogFormat::Text => Self::Text,
            LogFormat::Zeek => Self::Zeek,
        }
    }
}

/// How the lines are written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct How {
    /// The format; found from the first lines if not said.
    #[param(inline, nullable = false)]
    format: Option<LogFormat>,
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
    request_body(content((String = "application/x-ndjson"), (String = "text/plain")), description = "The lines"),
    responses((status = 200, description = "what it came to", body = Taken), UploadProblems))]
async fn take(
    State(app): State<App>,
    // Before the query, so that strangers learn nothing of what would be right.
    _officer: Officer,
    Query(how): Query<How>,
    request: Request,
) -> Result<Json<Taken>, Problem> {
    let packing = packing(request.headers())?;
    let body = read(request, &app, MAX_UPLOAD_BYTES).await?;
    let format = how.format.map(Format::from);
    let done = app.service.logs_take(&body.caller, &body.bytes, packing, format).await?;
    let (lines, rejected, sighted, events) = (done.lines, done.rejected, done.sighted, done.events);
    Ok(Json(Taken { lines, rejected, sighted, events }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_the_names_of_the_command_line() {
        for format in Format::ALL {
            let read: LogFormat = serde_json::from_value(format.name().into()).unwrap();
            assert_eq!(Format::from(read), format);
        }
    }
}
