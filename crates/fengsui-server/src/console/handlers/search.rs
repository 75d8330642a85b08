//! Search: the box in the menu leads here, and works without scripts.

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use fengsui_domain::plan::Plan;
use fengsui_service::store::{Found, Hit, SearchField};
use jiff::Timestamp;

use super::session::{Visitor, encode};
use super::shell::{PageResult, page as answer, plan_in_force, shell};
use super::show;
use crate::api::MAX_QUESTION_CHARS;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::form::Form;
use crate::console::view::parts::Pager;
use crate::console::view::search::{SearchPage, SearchRow};
use crate::console::view::words::SearchedField;
use crate::page::{cursor, write_cursor};

/// Results of a page: what a person looks through before asking more exactly.
const MAX_RESULTS: usize = 20;

/// The console's one page of search.
pub(super) fn router() -> Router<App> {
    Router::new().route("/search", get(page))
}

/// What is asked.
#[derive(Debug, Default, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: String,
}

/// `GET /search`.
async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> PageResult {
    // What is longer than any question is cut; the box shows what was looked for.
    let question: String = asked.q.trim().chars().take(MAX_QUESTION_CHARS).collect();
    // A cursor that cannot be read begins the list again.
    let after = cursor(Some(&asked.cursor)).ok().flatten();
    let again = after.is_some();
    let found = app.service.search(&visitor.caller, &question, after, MAX_RESULTS).await?;
    let (_, plan) = plan_in_force(&app).await?;
    let now = app.service.now();
    let rows: Vec<SearchRow> =
        found.items.into_iter().map(|hit| row(hit, plan, now, visitor.look.lang)).collect();
    let asks = format!("/search?q={}", encode(&question));
    let pager = Pager {
        previous: again.then(|| asks.clone()),
        next: found.next.as_ref().map(|next| format!("{asks}&cursor={}", write_cursor(next))),
        shown: rows.len(),
        total: None,
    };
    let shell = shell(&app, &visitor, "search", None).await?;
    let form = Form::new("search").with("q", question.clone());
    answer(&SearchPage { shell, form, asked: !question.is_empty(), rows, pager })
}

fn row(hit: Hit, plan: &Plan, now: Timestamp, lang: Lang) -> SearchRow {
    let (kind, list) = match hit.what {
        Found::Event(_) => ("event", "events"),
        Found::Incident(_) => ("incident", "incidents"),
    };
    SearchRow {
        kind,
        href: format!("/{list}/{}", hit.number),
        number: hit.number,
        title: hit.title,
        unit: hit.unit,
        at: show::moment(hit.at, &show::zone(plan), now, lang),
        field: field(hit.field),
        passage: hit.passage.into_iter().map(|span| (span.text, span.found)).collect(),
    }
}

fn field(field: SearchField) -> SearchedField {
    match field {
        SearchField::Number => SearchedField::Number,
        SearchField::Title => SearchedField::Title,
        SearchField::Unit => SearchedField::Unit,
        SearchField::Asset => SearchedField::Asset,
        SearchField::Sender => SearchedField::Sender,
        SearchField::Details => SearchedField::Details,
        SearchField::Point => SearchedField::Point,
        SearchField::Analysis => SearchedField::Analysis,
        SearchField::Report => SearchedField::Report,
        SearchField::Note => SearchedField::Note,
    }
}
