//! Accounts of people: made by an administrator, opened by their owner through a one-time link.

use axum::Json;
use axum::extract::State;
use fengsui_domain::account::AccountWords;
use fengsui_domain::id::AccountId;
use fengsui_service::store::Versioned;
use fengsui_wire::api::{
    Account, AccountCreated, AccountLink, ChangeAccount, ChangeProblems, CreateAccount, CreateHeaders,
    CreateProblems, DisableAccount, OwnProblems, PageOf, ReadProblems, ResetAccount, VersionHeaders,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::call::{Call, Empty, Id, Officer};
use crate::etag::{Created, Tagged};
use crate::problem::Problem;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(account_list, account_create))
        .routes(routes!(account_get, account_change))
        .routes(routes!(account_disable))
        .routes(routes!(account_enable))
        .routes(routes!(account_reset))
}

/// All accounts, by name. They are the people of one team, so `next` is never set.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    responses((status = 200, description = "The accounts", body = PageOf<Account>), OwnProblems))]
async fn account_list(
    State(app): State<App>,
    Officer(caller): Officer,
) -> Result<Json<PageOf<Account>>, Problem> {
    let accounts = app.service.account_list(&caller).await?;
    let items = accounts.iter().map(|account| Account::new(account.version, &account.value)).collect();
    Ok(Json(PageOf { items, next: None }))
}

/// Makes an account. The link in the answer lets its owner choose a password; it is shown once.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", params(CreateHeaders), request_body = CreateAccount,
    responses((status = 201, description = "The account and its link", body = AccountCreated,
        headers(("ETag" = String, description = "Its version"), ("Location" = String, description = "Where it is"))),
        CreateProblems))]
async fn account_create(
    State(app): State<App>,
    call: Call<CreateAccount>,
) -> Result<Created<AccountCreated>, Problem> {
    let words = AccountWords::try_from(call.body)?;
    let (account, token) = app.service.account_create(&call.caller, words).await?;
    let (location, version) = (format!("/api/v1/accounts/{}", account.value.id), account.version);
    let link = link(account.value.id, &token);
    Ok(Created {
        location,
        version,
        body: AccountCreated { account: Account::new(version, &account.value), link },
    })
}

/// An account; everybody may read their own.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id")),
    responses((status = 200, description = "The account", body = Account,
        headers(("ETag" = String, description = "Its version"))), ReadProblems))]
async fn account_get(
    State(app): State<App>,
    Officer(caller): Officer,
    Id(id): Id<AccountId>,
) -> Result<Tagged<Account>, Problem> {
    Ok(shown(&app.service.account(&caller, id).await?))
}

/// Sets display name, roles and bodies; open sessions of the account end.
#[utoipa::path(put, path = "/api/v1/accounts/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id"), VersionHeaders), request_body = ChangeAccount,
    responses((status = 200, description = "The account as it stands now", body = Account,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn account_change(
    State(app): State<App>,
    Id(id): Id<AccountId>,
    call: Call<ChangeAccount>,
) -> Result<Tagged<Account>, Problem> {
    // Read first, so that the words are complete and an unknown account is told before a wrong word.
    let known = app.service.account(&call.caller, id).await?;
    let words = call.body.named(known.value.name)?;
    Ok(shown(&app.service.account_change(&call.caller, id, words).await?))
}

/// Disables an account at once; its sessions and tokens end.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/disable", tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id"), VersionHeaders), request_body = DisableAccount,
    responses((status = 200, description = "The account as it stands now", body = Account,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn account_disable(
    State(app): State<App>,
    Id(id): Id<AccountId>,
    call: Call<DisableAccount>,
) -> Result<Tagged<Account>, Problem> {
    let reason = String::try_from(call.body)?;
    Ok(shown(&app.service.account_enable(&call.caller, id, false, &reason).await?))
}

/// Enables an account again. Takes no body.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/enable", tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id"), VersionHeaders),
    responses((status = 200, description = "The account as it stands now", body = Account,
        headers(("ETag" = String, description = "Its version"))), ChangeProblems))]
async fn account_enable(
    State(app): State<App>,
    Id(id): Id<AccountId>,
    call: Call<Empty>,
) -> Result<Tagged<Account>, Problem> {
    Ok(shown(&app.service.account_enable(&call.caller, id, true, "").await?))
}

/// Makes a new one-time link, for a forgotten password or a lost device.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset", tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id"), VersionHeaders), request_body = ResetAccount,
    responses((status = 200, description = "The link", body = AccountLink), ChangeProblems))]
async fn account_reset(
    State(app): State<App>,
    Id(id): Id<AccountId>,
    call: Call<ResetAccount>,
) -> Result<Json<AccountLink>, Problem> {
    let token = app.service.account_reset(&call.caller, id, call.body.with_totp).await?;
    Ok(Json(AccountLink { link: link(id, &token) }))
}

fn shown(account: &Versioned<fengsui_domain::account::Account>) -> Tagged<Account> {
    Tagged(account.version, Account::new(account.version, &account.value))
}

/// The path of a one-time link on the console.
fn link(id: AccountId, token: &str) -> String {
    format!("/link/{id}/{token}")
}
