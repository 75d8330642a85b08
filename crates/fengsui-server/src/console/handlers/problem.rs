//! What a reader sees when something does not work: a page in their language, never a JSON document.
//!
//! A handler fails with a [`PageError`]. The answer carries it as an extension, and [`dress`], which
//! every answer goes through, writes the page with the reader's own frame around it.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fengsui_domain::refusal::Refusal;
use fengsui_service::Error;
use fengsui_service::store::StoreError;

use super::post::sentence;
use super::session::{FLASH_COOKIE, Guest, set_cookie, visitor};
use super::shell;
use crate::app::App;
use crate::call::cookie;
use crate::console::view::problem::{Problem as ProblemPage, ProblemKind};

/// Paths that programs read; everything else is for people.
const PROGRAM_PATHS: [&str; 8] =
    ["/api/", "/ledger/checkpoint", "/ledger/tile/", "/taxii2/", "/cap/", "/metrics", "/healthz", "/readyz"];

/// Why a page cannot be shown.
#[derive(Debug)]
pub(crate) enum PageError {
    /// One of the common problems.
    Kind(ProblemKind),
    /// What a use case said.
    Service(Error),
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl From<Refusal> for PageError {
    fn from(refusal: Refusal) -> Self {
        Self::Service(refusal.into())
    }
}

impl From<ProblemKind> for PageError {
    fn from(kind: ProblemKind) -> Self {
        Self::Kind(kind)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a page could not be written");
        Self::Kind(ProblemKind::Internal)
    }
}

/// What [`dress`] makes a page of.
#[derive(Clone, Debug)]
struct Fault {
    kind: ProblemKind,
    code: &'static str,
    /// The refusal, to be said in the reader's language.
    refusal: Option<Refusal>,
}

impl PageError {
    fn parts(self) -> (StatusCode, Fault) {
        let error = match self {
            Self::Kind(kind) => return (status(kind), Fault { kind, code: kind.code(), refusal: None }),
            Self::Service(error) => error,
        };
        let refusal = match &error {
            Error::Refused(refusal) => Some(refusal.clone()),
            _ => None,
        };
        // The one table of statuses and codes, with its logging, is that of the API.
        let problem = crate::problem::Problem::from(error);
        let kind = match problem.status {
            StatusCode::NOT_FOUND => ProblemKind::NotFound,
            StatusCode::FORBIDDEN => ProblemKind::Forbidden,
            StatusCode::TOO_MANY_REQUESTS => ProblemKind::TooManyTries,
            StatusCode::SERVICE_UNAVAILABLE => ProblemKind::Unavailable,
            StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => ProblemKind::Conflict,
            // Unauthenticated, unreadable, too large: the page is to be opened again.
            _ => ProblemKind::FormExpired,
        };
        (problem.status, Fault { kind, code: problem.code, refusal })
    }
}

fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::Forbidden | ProblemKind::FormExpired => StatusCode::FORBIDDEN,
        ProblemKind::Conflict => StatusCode::CONFLICT,
        ProblemKind::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, fault) = self.parts();
        let mut answer = status.into_response();
        answer.extensions_mut().insert(fault);
        answer
    }
}

/// Writes the page of an answer that failed, and drops the message that was said.
pub(crate) async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let before = parts.clone();
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    if let Some(fault) = answer.extensions_mut().remove::<Fault>() {
        let status = answer.status();
        let page = fault_page(&app, &before, fault).await;
        return (status, page).into_response();
    }
    let page = answer.status().is_success()
        && before.method.is_safe()
        && answer.headers().contains_key(super::shell::PAGE);
    answer.headers_mut().remove(super::shell::PAGE);
    if page && cookie(&before.headers, FLASH_COOKIE).is_some_and(|code| !code.is_empty()) {
        set_cookie(&mut answer, FLASH_COOKIE, "", Some(0), false);
    }
    answer
}

async fn fault_page(app: &App, parts: &axum::http::request::Parts, fault: Fault) -> Response {
    let Fault { kind, code, refusal } = fault;
    let visitor = visitor(parts, app).await.ok().flatten();
    let framed = match &visitor {
        Some(visitor) => shell::shell(app, visitor, "problem-not-found", None).await.ok(),
        None => None,
    };
    let guest = Guest::of(parts, app);
    let frame = framed.unwrap_or_else(|| shell::bare(app, &guest, "problem-not-found"));
    let lang = frame.lang;
    let way = match kind {
        ProblemKind::NotFound => "/",
        ProblemKind::Forbidden if parts.method.is_safe() => "/",
        ProblemKind::TooManyTries => "/sign-in",
        _ => super::session::own_path(&guest.look.path).unwrap_or("/"),
    }
    .to_owned();
    let mut page: ProblemPage = kind.page(frame, &way);
    page.shell.live = false;
    code.clone_into(&mut page.code);
    if let Some(refusal) = refusal {
        page.why = sentence(&refusal, None, lang);
    }
    match crate::console::view::render(&page) {
        Ok(html) => axum::response::Html(html).into_response(),
        Err(_) => page.what.into_response(),
    }
}

/// The address takes another method: nobody comes here by following a link.
pub(crate) async fn wrong_method(request: Request) -> Response {
    if for_programs(request.uri().path()) {
        crate::layers::method_not_allowed().await.into_response()
    } else {
        let mut answer = PageError::Kind(ProblemKind::NotFound).into_response();
        *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        answer
    }
}

fn for_programs(path: &str) -> bool {
    PROGRAM_PATHS.iter().any(|start| path.starts_with(start))
}

/// Nothing is at this address: a page for people, a problem document for programs.
pub(crate) async fn nothing_here(request: Request) -> Response {
    if for_programs(request.uri().path()) {
        crate::problem::Problem::not_found().into_response()
    } else {
        PageError::Kind(ProblemKind::NotFound).into_response()
    }
}
