//! The ledger by the C2SP tlog-tiles layout: checkpoint and hash tiles for everybody, entries for auditors.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fengsui_ledger::TilePath;
use fengsui_ledger::tile::TILE_WIDTH;
use fengsui_wire::api::OpenProblems;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::Officer;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    // Tile paths have a varying number of parts, which OpenAPI cannot describe.
    OpenApiRouter::new().routes(routes!(checkpoint)).route("/ledger/tile/{*path}", get(tile))
}

/// The signed checkpoint (C2SP tlog-checkpoint).
#[utoipa::path(get, path = "/ledger/checkpoint", tag = "ledger", security(()),
    responses((status = 200, description = "a signed note", body = String, content_type = "text/plain"), OpenProblems))]
async fn checkpoint(State(app): State<App>) -> Result<Response, Problem> {
    let note = app.service.ledger_checkpoint().await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], note)
        .into_response())
}

/// A hash tile (open) or an entry bundle (auditors).
async fn tile(
    State(app): State<App>,
    Path(path): Path<String>,
    officer: Result<Officer, Problem>,
) -> Result<Response, Problem> {
    let parsed: TilePath = format!("tile/{path}").parse().map_err(|_| Problem::not_found())?;
    let bytes = match parsed {
        TilePath::Hashes { tile, width } => {
            let mut bytes = app.service.ledger_tile(tile).await?;
            if bytes.len() < width.bytes() {
                return Err(Problem::not_found());
            }
            bytes.truncate(width.bytes());
            bytes
        }
        TilePath::Entries { index, width } => {
            let Officer(caller) = officer?;
            let first = index.checked_mul(u64::from(TILE_WIDTH)).ok_or_else(Problem::not_found)?;
            let entries = app.service.ledger_entries(&caller, first, width.get()).await?;
            if entries.len() < usize::from(width.get()) {
                return Err(Problem::not_found());
            }
            let bundle = fengsui_ledger::entries::encode(entries.iter().map(Vec::as_slice));
            bundle.map_err(|_| Problem::not_found())?
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
