//! Search: events and incidents by words of both languages.

use axum::Json;
use axum::extract::State;
use fengsui_service::store::{self, Found, Hit};
use fengsui_wire::api::{ListProblems, PageOf, SearchField, SearchHit, SearchKind, SearchSpan};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Officer, Query};
use crate::page;
use crate::problem::Problem;

/// Characters of a question: those of a title.
pub(crate) const MAX_QUESTION_CHARS: usize = fengsui_domain::limits::MAX_TITLE_CHARS;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What to search for.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words, parted by blanks; all of them must be found. `*` at the end of a word of three letters or more
    /// stands for its rest. Chinese needs no blanks: what is written together must stand together.
    #[param(max_length = 200)]
    q: String,
    /// Items of a page; 50 if not said.
    #[param(minimum = 1, maximum = 200, nullable = false)]
    limit: Option<usize>,
    /// Where to go on: `next` of the page before.
    #[param(max_length = 500, nullable = false)]
    cursor: Option<String>,
}

/// Events and incidents with all these words in number, title, unit, asset, details, analysis, reports or remarks,
/// those recorded last first. Reporters' names and contacts are not searched.
#[utoipa::path(get, path = "/api/v1/search", tag = "desk", params(SearchQuery),
    responses((status = 200, description = "A page of what was found", body = PageOf<SearchHit>), ListProblems))]
async fn search(
    State(app): State<App>,
    Officer(caller): Officer,
    Query(query): Query<SearchQuery>,
) -> Result<Json<PageOf<SearchHit>>, Problem> {
    if query.q.chars().count() > MAX_QUESTION_CHARS {
        let detail = format!("`q` has more than {MAX_QUESTION_CHARS} characters");
        return Err(Problem::bad_request(detail).field("q"));
    }
    let (after, limit) = (page::cursor(query.cursor.as_deref())?, page::limit(query.limit)?);
    let found = app.service.search(&caller, &query.q, after, limit).await?;
    let (items, next) = page::parts(found, shown);
    Ok(Json(PageOf { items, next }))
}

fn shown(hit: Hit) -> SearchHit {
    let (kind, id) = match hit.what {
        Found::Event(id) => (SearchKind::Event, id.0),
        Found::Incident(id) => (SearchKind::Incident, id.0),
    };
    let passage = hit.passage.into_iter().map(|span| SearchSpan { text: span.text, found: span.found });
    let Hit { number, title, unit, at, field, .. } = hit;
    SearchHit { kind, id, number, title, unit, at, field: field_name(field), passage: passage.collect() }
}

fn field_name(field: store::SearchField) -> SearchField {
    use store::SearchField as F;
    match field {
        F::Number => SearchField::Number,
        F::Title => SearchField::Title,
        F::Unit => SearchField::Unit,
        F::Asset => SearchField::Asset,
        F::Sender => SearchField::Sender,
        F::Details => SearchField::Details,
        F::Point => SearchField::Point,
        F::Analysis => SearchField::Analysis,
        F::Report => SearchField::Report,
        F::Note => SearchField::Note,
    }
}
