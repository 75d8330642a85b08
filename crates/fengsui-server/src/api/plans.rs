//! Plan packs: which there are, what they say, and how a person reads them.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Lang, PlanId, RuleId};
use fengsui_service::Error;
use fengsui_wire::api::{
    ChangeHeaders, ChangeProblems, ChooseOptions, HistoryProblems, OwnProblems, PageOf, Plan, PlanSummary,
};
use fengsui_wire::plan::{ClauseRow, Pack, coverage, own_clauses, show};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Call, Id, Officer, Query};
use crate::etag::Tagged;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(plan_list))
        .routes(routes!(plan_get))
        .routes(routes!(plan_text))
        .routes(routes!(plan_coverage))
        .routes(routes!(plan_choose))
}

/// Which version of a plan.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct VersionQuery {
    /// The digest of a version, as an incident names it; the version in use if left out.
    #[param(pattern = "^[0-9a-f]{64}$", nullable = false)]
    digest: Option<String>,
}

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Language {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Zh => Self::Zh,
            Language::En => Self::En,
        }
    }
}

/// Which version of a plan, in which language.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TextQuery {
    /// The language; Chinese if left out.
    #[serde(default)]
    #[param(inline, required = false)]
    lang: Language,
    /// The digest of a version, as an incident names it; the version in use if left out.
    #[param(pattern = "^[0-9a-f]{64}$", nullable = false)]
    digest: Option<String>,
}

/// The packs in use, by id.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    responses((status = 200, description = "The packs", body = PageOf<PlanSummary>), OwnProblems))]
async fn plan_list(
    State(app): State<App>,
    Officer(caller): Officer,
) -> Result<Json<PageOf<PlanSummary>>, Problem> {
    caller.actor.permit(Permission::PlanRead)?;
    let items = app.service.plans().list().map(PlanSummary::from).collect();
    Ok(Json(PageOf { items, next: None }))
}

/// A plan: its roles, facts, rules, clocks, rights, each with its clause.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans",
    params(("id" = String, Path, description = "The pack's id"), VersionQuery),
    responses((status = 200, description = "The plan", body = Plan,
        headers(("ETag" = String, description = "The version of what the node chose, for `choose`"))), HistoryProblems))]
async fn plan_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Tagged<Plan>, Problem> {
    caller.actor.permit(Permission::PlanRead)?;
    // Read before the plan is: what is chosen in between makes it an old version.
    let version = app.service.node().await?.version;
    let pack = pack(&app, id, query.digest.as_deref())?;
    Ok(Tagged(version, Plan::new(&pack.digest, &pack.plan)))
}

/// A plan as a document for people, with the clause beside each rule.
#[utoipa::path(get, path = "/api/v1/plans/{id}/text", tag = "plans",
    params(("id" = String, Path, description = "The pack's id"), TextQuery),
    responses((status = 200, description = "Markdown", body = String, content_type = "text/markdown"), HistoryProblems))]
async fn plan_text(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<String>,
    Query(query): Query<TextQuery>,
) -> Result<Response, Problem> {
    caller.actor.permit(Permission::PlanRead)?;
    let pack = pack(&app, id, query.digest.as_deref())?;
    let text = show(&pack.plan, query.lang.into());
    Ok(([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response())
}

/// What carries each clause that a plan lists: rules that a test ran, records that are kept, or nothing.
#[utoipa::path(get, path = "/api/v1/plans/{id}/coverage", tag = "plans",
    params(("id" = String, Path, description = "The pack's id"), TextQuery),
    responses((status = 200, description = "The clauses, in reading order", body = PageOf<ClauseRow>), HistoryProblems))]
async fn plan_coverage(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<String>,
    Query(query): Query<TextQuery>,
) -> Result<Json<PageOf<ClauseRow>>, Problem> {
    caller.actor.permit(Permission::PlanRead)?;
    let pack = pack(&app, id, query.digest.as_deref())?;
    let items = coverage([pack], &own_clauses(pack, query.lang.into()));
    Ok(Json(PageOf { items, next: None }))
}

/// Chooses among the options of a plan's defaults. Incidents opened from then on follow them; those that run
/// keep the version they name.
#[utoipa::path(post, path = "/api/v1/plans/{id}/choose", tag = "plans",
    params(("id" = String, Path, description = "The pack's id"), ChangeHeaders), request_body = ChooseOptions,
    responses((status = 200, description = "The plan as it is in use now", body = Plan), ChangeProblems))]
async fn plan_choose(
    State(app): State<App>,
    Id(id): Id<String>,
    call: Call<ChooseOptions>,
) -> Result<Json<Plan>, Problem> {
    let options = call.body.options.into_iter();
    let options = options.map(|(default, option)| (RuleId::new(default), RuleId::new(option))).collect();
    let pack = app.service.plan_choose(&call.caller, &PlanId::new(id), options, &call.body.reason).await?;
    Ok(Json(Plan::new(&pack.digest, &pack.plan)))
}

fn pack<'a>(app: &'a App, id: String, digest: Option<&str>) -> Result<&'a Pack, Problem> {
    let (plans, plan) = (app.service.plans(), PlanId::new(id.clone()));
    let found = match digest {
        Some(digest) => plans.version(&plan, digest),
        None => plans.get(&plan),
    };
    let what = if digest.is_some() { "such version of the plan" } else { "plan" };
    found.ok_or_else(|| Error::NotFound { what, id }.into())
}
