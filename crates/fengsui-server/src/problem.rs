//! Errors to answers: RFC 9457 problem documents with stable codes, by one table.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fengsui_domain::refusal::Refusal;
use fengsui_service::Error;
use fengsui_service::store::StoreError;

/// Seconds after which another try makes sense where nothing better is known: a full disk is noticed, a lock
/// is given back.
pub(crate) const RETRY_AFTER_S: u64 = 5;

/// An answer that says what went wrong and what to do.
#[derive(Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// What went wrong, in a sentence.
    pub detail: String,
    /// The field it is about.
    pub field: Option<String>,
    /// Seconds to wait before trying again; every 429 and 503 says some.
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with this status, code and sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let retry_after_s = passes(status).then_some(RETRY_AFTER_S);
        Self { status, code, detail: detail.into(), field: None, retry_after_s }
    }

    /// The same, about a field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// There is nothing here.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
    }

    /// The request cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::NotPermitted { .. }
            | Refusal::NotEntitled { .. }
            | Refusal::SamePerson { .. }
            | Refusal::PersonRequired => StatusCode::FORBIDDEN,
            Refusal::WrongPhase { .. }
            | Refusal::AlreadyDone { .. }
            | Refusal::NotReady { .. }
            | Refusal::StepsOpen { .. }
            | Refusal::NotInPlan { .. }
            | Refusal::ConditionsOpen { .. }
            | Refusal::DerivedOpen { .. }
            | Refusal::NameTaken { .. }
            | Refusal::LastAdministrator => StatusCode::CONFLICT,
            Refusal::Missing { .. }
            | Refusal::TooLong { .. }
            | Refusal::ControlCharacter { .. }
            | Refusal::Unknown { .. }
            | Refusal::BadTime { .. }
            | Refusal::ReasonRequired { .. }
            | Refusal::TooMany { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let field = refusal.field().map(str::to_owned);
        Self { field, ..Self::new(status, refusal.code(), refusal.to_string()) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, "not_found", sentence),
            Error::Unauthenticated { .. } => Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", sentence),
            Error::SignIn => Self::new(StatusCode::UNAUTHORIZED, "sign_in_failed", sentence),
            Error::SlowDown { wait_s } => {
                let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "slow_down", sentence);
                Self { retry_after_s: Some(wait_s), ..problem }
            }
            Error::Invalid { field, .. } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", sentence).field(field)
            }
            Error::Changed { .. } => Self::new(StatusCode::PRECONDITION_FAILED, "changed", sentence),
            Error::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", sentence),
            Error::TooLarge { .. } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence),
            Error::Store(store) => store.into(),
            other @ (Error::PlanMissing { .. }
            | Error::File { .. }
            | Error::BadFile { .. }
            | Error::OtherDatabase { .. }
            | Error::Backup { .. }
            | Error::NoFolder) => failed(&other),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Repeated => Refusal::AlreadyDone { action: "request" }.into(),
            StoreError::Unavailable { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store cannot write now");
                let detail = "the node cannot write at the moment and kept nothing of this; try again";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
            }
            StoreError::Unknown { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "the line to the database broke");
                let detail = "the line to the database broke, and whether this was kept is not known yet; \
                              repeat it with the same request key, and it is carried out once at most";
                let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail);
                Self { retry_after_s: Some(1), ..problem }
            }
            StoreError::Conflict { .. } | StoreError::Taken { .. } => {
                let problem = Self::new(
                    StatusCode::CONFLICT,
                    "conflict",
                    "others change this at the moment; try again",
                );
                Self { retry_after_s: Some(1), ..problem }
            }
            StoreError::EntryTooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", error.to_string())
            }
            other => failed(&other),
        }
    }
}

/// Whether a status says that the same request may succeed later.
pub(crate) fn passes(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// A failure of ours: logged once, here, with its causes; the answer says nothing of the inside.
fn failed(error: &(dyn std::error::Error + 'static)) -> Problem {
    tracing::error!(error, "a request failed");
    let detail = "the node could not do this; the log says why under the request id";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "failed", detail)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = serde_json::json!({
            "type": format!("urn:fengsui:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(field) = self.field {
            body["field"] = field.into();
        }
        let mut answer = (self.status, Json(body)).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        answer
    }
}
