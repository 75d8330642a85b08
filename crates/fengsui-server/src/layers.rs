//! What every request goes through: an id, a log line, a count, a limit of time, safe headers.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use crate::app::App;
use crate::call::RequestId;
use crate::metrics::Route;
use crate::problem::{Problem, RETRY_AFTER_S, passes};

/// The longest an answer may take to begin; streams go on after that.
const MAX_ANSWER: Duration = Duration::from_secs(30);

/// Console pages load from this node alone and run no inline script or style.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers that keep a browser from doing more than it should.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Sets the headers that belong on every answer; nothing personal is kept in caches. Pages, too, say when
/// another try makes sense.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    if passes(answer.status()) {
        answer.headers_mut().entry(header::RETRY_AFTER).or_insert(RETRY_AFTER_S.into());
    }
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Gives the request an id, logs and counts its answer, and ends what takes too long.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.service.environment().new_id().simple().to_string();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id = %id, %method, %route);
    let began = Instant::now();
    let answer = tokio::time::timeout(MAX_ANSWER, next.run(request)).instrument(span.clone()).await;
    let mut answer = answer.unwrap_or_else(|_| {
        let detail = format!("no answer within {} seconds", MAX_ANSWER.as_secs());
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
    });
    let (status, took) = (answer.status().as_u16(), began.elapsed());
    span.in_scope(|| tracing::info!(status, took_ms = took.as_secs_f64() * 1000.0, "answered"));
    app.metrics.answered(&Route { method, route, status }, took);
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("x-request-id", value);
    }
    answer
}

/// The path exists, the method does not.
#[expect(clippy::unused_async, reason = "a handler is async whether it waits or not")]
pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this address does not take this method",
    )
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::Service as _;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_passes_says_when_to_try_again() {
        for (status, own, retry_after) in [
            (StatusCode::SERVICE_UNAVAILABLE, None, Some("5")),
            (StatusCode::TOO_MANY_REQUESTS, Some("60"), Some("60")),
            (StatusCode::OK, None, None),
            (StatusCode::CONFLICT, None, None),
        ] {
            let own = own.map(|seconds| [(header::RETRY_AFTER, seconds)]);
            let answer = move || async move {
                own.map_or_else(|| status.into_response(), |own| (status, own).into_response())
            };
            let mut router = Router::new().route("/", get(answer)).layer(middleware::from_fn(protect));
            let answer = router.call(Request::new(Body::empty())).await.unwrap();
            let found = answer.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!(found, retry_after, "{status}");
        }
    }
}
