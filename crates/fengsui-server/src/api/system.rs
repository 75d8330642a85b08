//! Health, readiness, metrics.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fengsui_domain::permission::Permission;
use fengsui_wire::api::{OpenProblems, OwnProblems};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::Officer;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

/// The process is alive.
#[utoipa::path(get, path = "/healthz", tag = "system", security(()), responses((status = 200, description = "alive", body = String)))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// The node can do its work: the store answers.
#[utoipa::path(get, path = "/readyz", tag = "system", security(()),
    responses((status = 200, description = "ready", body = String), OpenProblems))]
async fn readyz(State(app): State<App>) -> Result<&'static str, Problem> {
    match app.service.node().await {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the node is not ready");
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "the store does not answer"))
        }
    }
}

/// Counters in the `OpenMetrics` text format.
#[utoipa::path(get, path = "/metrics", tag = "system",
    responses((status = 200, description = "counters", body = String, content_type = "application/openmetrics-text"), OwnProblems))]
async fn metrics(State(app): State<App>, Officer(caller): Officer) -> Result<Response, Problem> {
    caller.actor.permit(Permission::NodeRead)?;
    app.metrics.ledger_entries.set(app.service.store().ledger_size().await?);
    let (open, overdue) = app.service.store().clock_counts(app.service.now()).await?;
    app.metrics.clocks_open.set(open);
    app.metrics.clocks_overdue.set(overdue);
    app.metrics.timer_leads.set(app.service.is_leading().into());
    app.metrics.invariants_broken.set(app.service.store().broken());
    let node = app.service.node().await?.value;
    app.metrics.backup_seconds.set(node.backup.map_or(0, |backup| backup.at.as_second()));
    app.metrics.trial_seconds.set(node.trial.as_ref().map_or(0, |trial| trial.at.as_second()));
    app.metrics.trial_good.set(node.trial.is_some_and(|trial| trial.problem.is_none()).into());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.metrics.text()).into_response())
}
