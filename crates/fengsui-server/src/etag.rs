//! Answers that carry the version of what they show.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A body with `ETag: "VERSION"`.
pub struct Tagged<T>(pub u64, pub T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut answer = Json(self.1).into_response();
        answer.headers_mut().insert(header::ETAG, tag(self.0));
        answer
    }
}

/// A new thing: 201 with `Location` and `ETag`.
pub struct Created<T> {
    /// Where it is.
    pub location: String,
    /// Its version.
    pub version: u64,
    /// The body.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut answer = (StatusCode::CREATED, Json(self.body)).into_response();
        answer.headers_mut().insert(header::ETAG, tag(self.version));
        if let Ok(location) = HeaderValue::from_str(&self.location) {
            answer.headers_mut().insert(header::LOCATION, location);
        }
        answer
    }
}

fn tag(version: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits in quotes are a header value")
}
