//! Reading a request: who calls, what is asked, how it is made safe to repeat.

use std::str::FromStr;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};

use fengsui_service::ingest::bulk::Packing;
use fengsui_service::store::RequestKey;
use fengsui_service::{Caller, Error};
use serde::de::value::UnitDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, IntoDeserializer as _};
use sha2::{Digest as _, Sha256};
use tokio_stream::StreamExt as _;

use crate::app::App;
use crate::problem::Problem;

/// Bytes of a JSON body: an entry holds 64 KiB, and its text may be written with six-byte escapes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// Characters of an `Idempotency-Key`.
const MAX_KEY_CHARS: usize = 200;
/// Name of the session cookie; the prefix binds it to this host over TLS where the browser sees TLS.
pub const SESSION_COOKIE: &str = "fengsui_session";

/// The request's id, put there by the outermost layer.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Who calls. In the API a session cookie is good for reading only; changes need a token.
pub struct Officer(pub Caller);

impl FromRequestParts<App> for Officer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut caller = authenticate(&parts.method, &parts.headers, app).await?;
        caller.request = parts.extensions.get::<RequestId>().map(|id| id.0.clone());
        Ok(Self(caller))
    }
}

async fn authenticate(method: &Method, headers: &HeaderMap, app: &App) -> Result<Caller, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token =
            ["Bearer ", "Token ", "bearer ", "token "].iter().find_map(|scheme| text.strip_prefix(scheme));
        let token = token.ok_or(Error::Unauthenticated { reason: "send `Authorization: Bearer TOKEN`" })?;
        let (actor, _) = app.service.token_actor(token.trim()).await?;
        return Ok(Caller::new(actor));
    }
    let session = cookie(headers, SESSION_COOKIE)
        .ok_or(Error::Unauthenticated { reason: "no token and no session" })?;
    if !method.is_safe() {
        let detail = "a session may only read the API; send a token to change something";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail));
    }
    let signed_in = app.service.session(session).await?;
    Ok(Caller::new(signed_in.account.value.actor()))
}

/// A change: who calls, the JSON body, `Idempotency-Key` and `If-Match`.
pub struct Call<T> {
    /// Who calls.
    pub caller: Caller,
    /// What is asked.
    pub body: T,
}

/// A body that has nothing to say: none at all, or an object without fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Empty;

impl<'de> serde::Deserialize<'de> for Empty {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct NoFields {}

        Option::<NoFields>::deserialize(from).map(|_| Self)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Call<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let Bytes { caller, bytes } = read(request, app, MAX_BODY_BYTES).await?;
        Ok(Self { caller, body: json(&bytes)? })
    }
}

/// A change whose body is plain bytes, such as evidence or log lines.
pub struct Bytes {
    /// Who calls.
    pub caller: Caller,
    /// The body.
    pub bytes: axum::body::Bytes,
}

/// Reads a body of at most `max` bytes after the caller is known.
pub async fn read(request: Request, app: &App, max: usize) -> Result<Bytes, Problem> {
    let (mut parts, body) = request.into_parts();
    let Officer(mut caller) = Officer::from_request_parts(&mut parts, app).await?;
    caller.expected = if_match(&parts.headers)?;
    let bytes = collect(&parts.headers, body, max).await?;
    caller.key = request_key(&caller, &parts, &bytes)?;
    Ok(Bytes { caller, bytes })
}

/// How a body is packed, as `Content-Encoding` says.
pub fn packing(headers: &HeaderMap) -> Result<Packing, Problem> {
    let coding = headers.get(header::CONTENT_ENCODING);
    match coding.map_or("identity", |coding| coding.to_str().unwrap_or("?")) {
        "identity" => Ok(Packing::None),
        "gzip" => Ok(Packing::Gzip),
        "zstd" => Ok(Packing::Zstd),
        other => {
            let detail =
                format!("`Content-Encoding: {}` is not known; send gzip, zstd or none", other.escape_debug());
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_packing", detail))
        }
    }
}

/// The whole body; one that says it is too long is not waited for.
async fn collect(headers: &HeaderMap, body: Body, max: usize) -> Result<axum::body::Bytes, Problem> {
    let too_large = || {
        let detail = format!("the body is longer than {max} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    };
    let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if said.is_some_and(|length: usize| length > max) {
        return Err(too_large());
    }
    let (mut bytes, mut chunks) = (Vec::new(), body.into_data_stream());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::bad_request("the body broke off"))?;
        if chunk.len() > max - bytes.len() {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.into())
}

/// Reads a JSON object; only [`Empty`] may be left out.
///
/// Serde would also take an array as the fields in their order, which nobody is told of.
fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        let nothing: UnitDeserializer<serde::de::value::Error> = ().into_deserializer();
        return T::deserialize(nothing).map_err(|_| Problem::bad_request("the body is missing"));
    }
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins.is_some_and(|byte| *byte != b'{') {
        serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| json_problem(&error))?;
        let detail = "the body must be a JSON object";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail));
    }
    serde_json::from_slice(bytes).map_err(|error| json_problem(&error))
}

/// The version the caller saw: `If-Match: "12"`, or `*` for any.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    let wrong = || {
        Problem::bad_request(format!(
            "`If-Match: {}` is not an ETag of ours, such as `\"12\"`",
            text.escape_debug()
        ))
    };
    number.map(Some).ok_or_else(wrong)
}

fn request_key(caller: &Caller, parts: &Parts, body: &[u8]) -> Result<Option<RequestKey>, Problem> {
    let Some(value) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if key.is_empty() || key.len() > MAX_KEY_CHARS {
        return Err(Problem::bad_request(format!(
            "`Idempotency-Key` must have 1 to {MAX_KEY_CHARS} visible characters"
        )));
    }
    let actor = caller.actor.by.identity();
    // With the query, where some requests say what their bytes are.
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let fingerprint = fingerprint(&[parts.method.as_str().as_bytes(), path.as_bytes(), body]);
    Ok(Some(RequestKey { actor, key: key.to_owned(), fingerprint }))
}

/// SHA-256 over the parts, each with its length, in hex.
pub fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json_problem(error: &serde_json::Error) -> Problem {
    use serde_json::error::Category;
    let (place, text) = (format!("line {} column {}", error.line(), error.column()), error.to_string());
    let says = text.strip_suffix(&format!(" at {place}")).unwrap_or(&text);
    let detail = format!("the body, {place}: {says}");
    match error.classify() {
        Category::Data => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail),
        Category::Io | Category::Syntax | Category::Eof => Problem::bad_request(detail),
    }
}

/// An id in the path; anything that cannot be one names nothing.
pub struct Id<T>(pub T);

impl<T: FromStr + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// Two ids in the path.
pub struct Ids<A, B>(pub A, pub B);

impl<A: FromStr + Send, B: FromStr + Send> FromRequestParts<App> for Ids<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path((a, b)) = Path::<(String, String)>::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::not_found())?;
        match (a.parse(), b.parse()) {
            (Ok(a), Ok(b)) => Ok(Self(a, b)),
            _ => Err(Problem::not_found()),
        }
    }
}

/// The query string, with a problem document when it cannot be read.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, app).await;
        let wrong = |error: QueryRejection| {
            let text = error.body_text();
            let says = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            Problem::bad_request(format!("the query: {says}"))
        };
        let axum::extract::Query(query) = read.map_err(wrong)?;
        Ok(Self(query))
    }
}

/// Cookies without a crate of their own: names and values are ours and plain.
mod cookies {
    use axum::http::{HeaderMap, header};

    /// The value of a cookie.
    pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
    }
}
pub(crate) use cookies::cookie;
