//! Headers that make a request safe to send again, as the document tells them. The server reads them.

use utoipa::IntoParams;

/// Headers of a request that makes something.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct CreateHeaders {
    /// Choose a new key for each request; the same key and body again are carried out once.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 200, nullable = false)]
    pub idempotency_key: Option<String>,
}

/// Headers of a request that changes something.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct ChangeHeaders {
    /// Choose a new key for each request; the same key and body again are carried out once.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 200, nullable = false)]
    pub idempotency_key: Option<String>,
    /// The `ETag` that was read: the change is refused if the thing was changed since.
    #[param(rename = "If-Match", pattern = r#"^("[0-9]{1,19}"|\*)$"#, nullable = false)]
    pub if_match: Option<String>,
}

/// Headers of a change that is the same when it is made twice.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct VersionHeaders {
    /// The `ETag` that was read: the change is refused if the thing was changed since.
    #[param(rename = "If-Match", pattern = r#"^("[0-9]{1,19}"|\*)$"#, nullable = false)]
    pub if_match: Option<String>,
}
