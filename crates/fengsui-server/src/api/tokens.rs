//! Tokens of programs: narrow, expiring, revocable, shown once.

use axum::Json;
use axum::extract::State;
use fengsui_domain::id::TokenId;
use fengsui_service::Caller;
use fengsui_service::tokens::TokenWords;
use fengsui_wire::api::{
    ChangeProblems, CreateHeaders, CreateProblems, CreateToken, OwnProblems, PageOf, RevokeToken, Token,
    TokenCreated,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Call, Id, Officer};
use crate::etag::{Created, Tagged};
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(token_list, token_create)).routes(routes!(token_revoke))
}

/// All tokens, or the caller's own; newest first. `next` is never set.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens",
    responses((status = 200, description = "The tokens", body = PageOf<Token>), OwnProblems))]
async fn token_list(
    State(app): State<App>,
    Officer(caller): Officer,
) -> Result<Json<PageOf<Token>>, Problem> {
    let (now, tokens) = (app.service.now(), app.service.token_list(&caller).await?);
    let items = tokens.iter().map(|token| Token::new(&token.value, now)).collect();
    Ok(Json(PageOf { items, next: None }))
}

/// Makes a token: a personal one of the caller's, or with `role` a service token. Its text is shown once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", params(CreateHeaders), request_body = CreateToken,
    responses((status = 201, description = "The token with its text", body = TokenCreated,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is listed"))),
        CreateProblems))]
async fn token_create(
    State(app): State<App>,
    call: Call<CreateToken>,
) -> Result<Created<TokenCreated>, Problem> {
    let words = words(&call.caller, call.body.bounded()?);
    let (token, text) = app.service.token_create(&call.caller, words).await?;
    let body = TokenCreated { token: text, about: Token::new(&token.value, app.service.now()) };
    Ok(Created { location: "/api/v1/tokens".to_owned(), version: token.version, body })
}

/// Revokes a token at once; revoking it again changes nothing.
#[utoipa::path(post, path = "/api/v1/tokens/{id}/revoke", tag = "tokens",
    params(("id" = Uuid, Path, description = "The token's id")), request_body = RevokeToken,
    responses((status = 200, description = "The token as it stands now", body = Token,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn token_revoke(
    State(app): State<App>,
    Id(id): Id<TokenId>,
    call: Call<RevokeToken>,
) -> Result<Tagged<Token>, Problem> {
    let reason = String::try_from(call.body)?;
    let token = app.service.token_revoke(&call.caller, id, &reason).await?;
    Ok(Tagged(token.version, Token::new(&token.value, app.service.now())))
}

/// Without a role the token is the caller's own; the service refuses a program that asks for one.
fn words(caller: &Caller, body: CreateToken) -> TokenWords {
    TokenWords {
        name: body.name,
        account: if body.role.is_none() { caller.actor.by.account() } else { None },
        role: body.role.map(Into::into),
        scopes: body.scopes.into_iter().map(Into::into).collect(),
        days: body.days,
    }
}
