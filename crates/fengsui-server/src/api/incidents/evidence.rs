//! Evidence: its bytes in and out; what is said of it stands in the query.

use std::fmt::Write as _;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fengsui_domain::id::{EvidenceId, IncidentId};
use fengsui_domain::incident::Evidence;
use fengsui_service::evidence::{EvidenceWords as Words, MAX_BYTES};
use fengsui_wire::api::{Binary, ChangeHeaders, ChangeProblems, EvidenceWords, Incident, ReadProblems};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shown;
use crate::app::App;
use crate::call::{Bytes, Id, Ids, Officer, Query, read};
use crate::etag::Tagged;
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(incident_evidence_add)).routes(routes!(incident_evidence_get))
}

/// Adds evidence: its bytes, at most 64 MiB, kept under their SHA-256.
#[utoipa::path(post, path = "/api/v1/incidents/{id}/evidence", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"), EvidenceWords, ChangeHeaders),
    request_body(content = Binary, content_type = "application/octet-stream", description = "The bytes"),
    responses((status = 200, description = "The incident as it stands now", body = Incident,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn incident_evidence_add(
    State(app): State<App>,
    // Before the query, so that strangers learn nothing of what would be right.
    _officer: Officer,
    Id(id): Id<IncidentId>,
    Query(words): Query<EvidenceWords>,
    request: Request,
) -> Result<Tagged<Incident>, Problem> {
    let EvidenceWords { name, collected_at, note } = words.bounded()?;
    let max = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let Bytes { caller, bytes } = read(request, &app, max).await?;
    let words = Words { name, collected_at, note };
    let incident = app.service.evidence_add(&caller, id, words, bytes.into()).await?;
    Ok(shown(&app, &incident))
}

/// The bytes of a piece of evidence, checked against its hash before they are sent.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/evidence/{evidence}", tag = "incidents",
    params(("id" = Uuid, Path, description = "The incident's id"),
        ("evidence" = Uuid, Path, description = "The id of the part of the incident")),
    responses((status = 200, description = "The bytes", body = Binary, content_type = "application/octet-stream",
        headers(("Repr-Digest" = String, description = "SHA-256 of the bytes (RFC 9530)"),
            ("Content-Disposition" = String, description = "The name it was added under"))), ReadProblems))]
async fn incident_evidence_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Ids(id, evidence): Ids<IncidentId, EvidenceId>,
) -> Result<Response, Problem> {
    let (evidence, bytes) = app.service.evidence_bytes(&caller, id, evidence).await?;
    Ok((headers(&evidence), bytes).into_response())
}

/// Headers that make a browser save the bytes and never show them.
fn headers(evidence: &Evidence) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, visible(&disposition(&evidence.name)));
    headers.insert(HeaderName::from_static("repr-digest"), visible(&repr_digest(&evidence.sha256)));
    headers
}

fn visible(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("percent signs, letters and digits are a header value")
}

/// `attachment` with the name as RFC 8187 writes it.
fn disposition(name: &str) -> String {
    let mut text = "attachment; filename*=UTF-8''".to_owned();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes every write");
        }
    }
    text
}

/// The digest as RFC 9530 writes it; the hex is ours, so it always reads.
fn repr_digest(sha256: &str) -> String {
    let pairs = sha256.as_bytes().chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Vec<u8> = pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    format!("sha-256=:{}:", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        for (name, written) in [
            ("auth.log", "auth.log"),
            ("日志 1.pcap", "%E6%97%A5%E5%BF%97%201.pcap"),
            ("a\"; filename=\"b\r\nX: y", "a%22%3B%20filename%3D%22b%0D%0AX%3A%20y"),
            ("100%", "100%25"),
        ] {
            assert_eq!(disposition(name), format!("attachment; filename*=UTF-8''{written}"), "{name:?}");
            assert!(HeaderValue::from_str(&disposition(name)).is_ok());
        }
    }

    /// RFC 9530, appendix B.1: the digest of `{"hello": "world"}` and a line feed.
    #[test]
    fn the_digest_is_written_as_in_the_rfc() {
        let hex = "44aff4ab2d7c3250525675a08f0cfa9591168cffe51791c5f5bbc417c15a6c38";
        assert_eq!(repr_digest(hex), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
    }
}
