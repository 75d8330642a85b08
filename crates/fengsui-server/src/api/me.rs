//! What callers may ask and change about themselves.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use fengsui_wire::api::{ChangePassword, ConfirmTotp, CreateProblems, Me, OwnProblems, SecretProblems, Totp};
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Call, Empty, Officer, SESSION_COOKIE, cookie};
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(password_change))
        .routes(routes!(totp_begin))
        .routes(routes!(totp_confirm))
}

/// Who this token is, what it may do, until when it works.
#[utoipa::path(get, path = "/api/v1/me", tag = "me",
    responses((status = 200, description = "The caller", body = Me), OwnProblems))]
async fn me(
    State(app): State<App>,
    Officer(caller): Officer,
    headers: HeaderMap,
) -> Result<Json<Me>, Problem> {
    let expires_at = expires_at(&app, &headers).await?;
    Ok(Json(Me::new(&caller.actor, expires_at, app.service.is_demo())))
}

/// Changes one's own password, which needs the old one; open sessions end.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "me", request_body = ChangePassword,
    responses((status = 204, description = "Changed"), SecretProblems))]
async fn password_change(State(app): State<App>, call: Call<ChangePassword>) -> Result<StatusCode, Problem> {
    let ChangePassword { old, new } = call.body;
    app.service.password_change(&call.caller, old, new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins to enrol a second factor: a secret for an authenticator program, shown once. Takes no body.
#[utoipa::path(post, path = "/api/v1/me/totp", tag = "me",
    responses((status = 200, description = "The secret; it counts once confirmed", body = Totp), CreateProblems))]
async fn totp_begin(State(app): State<App>, call: Call<Empty>) -> Result<Json<Totp>, Problem> {
    let person = call.caller.actor.person()?;
    let (secret, uri) = app.service.totp_propose(&person.name);
    Ok(Json(Totp { secret, uri }))
}

/// Enrols the second factor once a code proves that the device has the secret.
#[utoipa::path(post, path = "/api/v1/me/totp/confirm", tag = "me", request_body = ConfirmTotp,
    responses((status = 204, description = "Enrolled"), CreateProblems))]
async fn totp_confirm(State(app): State<App>, call: Call<ConfirmTotp>) -> Result<StatusCode, Problem> {
    app.service.totp_confirm(&call.caller, &call.body.secret, &call.body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Until when the token or the session of this request works; it was found good before.
async fn expires_at(app: &App, headers: &HeaderMap) -> Result<Timestamp, Problem> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((_, token)) = sent.and_then(|sent| sent.split_once(' ')) {
        let (_, token) = app.service.token_actor(token.trim()).await?;
        return Ok(token.value.expires_at);
    }
    let session = app.service.session(cookie(headers, SESSION_COOKIE).unwrap_or_default()).await?;
    Ok(session.session.expires_at)
}
