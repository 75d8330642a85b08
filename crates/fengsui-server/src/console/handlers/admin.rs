//! Administration: accounts with their one-time links, API tokens shown once.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use fengsui_domain::account::{Account, AccountChange, AccountWords};
use fengsui_domain::change::Change;
use fengsui_domain::id::AccountId;
use fengsui_domain::permission::{Permission, SystemRole};
use fengsui_domain::plan::{Plan, RoleId};
use fengsui_service::Error;
use fengsui_service::store::MAX_PAGE;
use jiff::Timestamp;

use super::account::link_expires;
use super::post::{Posted, done, refused};
use super::session::Visitor;
use super::shell::{PageError, PageResult, page, page_with, plan_in_force, shell};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::admin::{LinkShown, UserList, UserPage, UserRow};
use crate::console::view::form::{FieldError, FieldProblem, Form, Forms};
use crate::console::view::parts::{Choice, Moment};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{AccessState, AccountRole, Notice, Section};

mod tokens;

/// What the core calls a field, and what the form calls it.
const NAMES: [(&str, &str); 4] =
    [("display", "display_name"), ("name", "name"), ("roles", "role"), ("bodies", "body")];

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/users", get(users).post(create))
        .route("/users/{id}", get(user).post(change))
        .route("/users/{id}/reset", post(reset))
        .route("/users/{id}/disable", post(disable))
        .route("/users/{id}/enable", post(enable))
        .route("/tokens", get(tokens::list).post(tokens::create))
        .route("/tokens/{id}/revoke", post(tokens::revoke))
}

/// System roles to choose from.
fn role_choices(lang: Lang) -> Vec<Choice> {
    let choice = |role: &AccountRole| Choice {
        value: role.code().to_owned(),
        text: lang.t(role.key()).into_owned(),
        hint: String::new(),
    };
    AccountRole::ALL.iter().map(choice).collect()
}

async fn users(State(app): State<App>, visitor: Visitor) -> PageResult {
    users_page(&app, &visitor, StatusCode::OK, Form::new("user")).await
}

async fn users_page(app: &App, visitor: &Visitor, status: StatusCode, form: Form) -> PageResult {
    let accounts = app.service.account_list(&visitor.caller).await?;
    let (_, plan) = plan_in_force(app).await?;
    let mut rows = Vec::with_capacity(accounts.len());
    for account in &accounts {
        rows.push(user_row(app, &account.value, plan, visitor.look.lang).await?);
    }
    let view = UserList {
        shell: shell(app, visitor, "nav-users", Some(Section::Users)).await?,
        rows,
        roles: role_choices(visitor.look.lang),
        bodies: show::body_choices(app, plan, visitor.look.lang),
        form,
    };
    page_with(status, &view)
}

async fn user_row(app: &App, account: &Account, plan: &Plan, lang: Lang) -> Result<UserRow, PageError> {
    let roles = account.roles.iter().filter_map(|role| AccountRole::parse(role.as_str()));
    let roles: Vec<String> = roles.map(|role| lang.t(role.key()).into_owned()).collect();
    Ok(UserRow {
        id: account.id.to_string(),
        href: format!("/users/{}", account.id),
        name: account.name.clone(),
        display_name: account.display.clone(),
        roles: roles.join(&lang.t("list-comma")),
        bodies: show::bodies(app, &account.bodies, lang),
        state: match (account.active, account.has_password) {
            (false, _) => AccessState::Disabled,
            (true, false) => AccessState::Invited,
            (true, true) => AccessState::Active,
        },
        totp_on: account.has_totp,
        last_used: last_sign_in(app, account.id, plan, lang).await?,
    })
}

/// When an account signed in last, from its latest entries.
async fn last_sign_in(
    app: &App,
    id: AccountId,
    plan: &Plan,
    lang: Lang,
) -> Result<Option<Moment>, PageError> {
    let entries = app.service.store().entry_list(Some(format!("account/{id}")), None, MAX_PAGE).await?.items;
    let signed_in =
        |change: &Change| matches!(change, Change::Account { change: AccountChange::SignedIn, .. });
    let latest: Option<Timestamp> =
        entries.iter().find(|row| signed_in(&row.entry.change)).map(|row| row.entry.at);
    Ok(latest.map(|at| show::moment(at, &show::zone(plan), app.service.now(), lang)))
}

/// Roles and bodies that were ticked; a value that is neither is an error of its field.
fn ticked(
    posted: &Posted,
    known: &BTreeSet<RoleId>,
) -> Result<(BTreeSet<SystemRole>, BTreeSet<RoleId>), FieldError> {
    let roles: Option<BTreeSet<SystemRole>> = posted.all("role").into_iter().map(SystemRole::parse).collect();
    let bodies: BTreeSet<RoleId> = posted.all("body").into_iter().map(RoleId::new).collect();
    if !bodies.is_subset(known) {
        return Err(posted.wrong("body", FieldProblem::NotAChoice));
    }
    Ok((roles.ok_or_else(|| posted.wrong("role", FieldProblem::NotAChoice))?, bodies))
}

async fn create(State(app): State<App>, headers: HeaderMap, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let (_, plan) = plan_in_force(&app).await?;
    let (roles, bodies) = match ticked(&posted, &app.service.bodies()) {
        Ok(ticked) => ticked,
        Err(error) => {
            let form = posted.failed(vec![error]);
            return users_page(&app, visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let words = AccountWords {
        name: posted.text("name").to_owned(),
        display: posted.text("display_name").to_owned(),
        roles,
        bodies,
    };
    match app.service.account_create(&visitor.caller, words).await {
        Ok((account, token)) => link_shown(&app, visitor, &headers, &account.value, &token).await,
        Err(error) => {
            let refused = refused(error, Some(plan), visitor.look.lang)?;
            users_page(&app, visitor, refused.status, refused.put(posted.form(), &NAMES)).await
        }
    }
}

/// A one-time link, shown once.
async fn link_shown(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    account: &Account,
    token: &str,
) -> PageResult {
    let (_, plan) = plan_in_force(app).await?;
    let expires = link_expires(app, account.id).await?;
    let view = LinkShown {
        shell: shell(app, visitor, "title-once", Some(Section::Users)).await?,
        name: account.display.clone(),
        link: format!("{}/link/{}/{token}", base(visitor, headers), account.id),
        expires: show::moment(expires, &show::zone(plan), app.service.now(), visitor.look.lang),
    };
    page(&view)
}

/// Where this node is for the browser that asks; empty if it does not say, which leaves a plain path.
fn base(visitor: &Visitor, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match (host, visitor.look.secure) {
        ("", _) => String::new(),
        (host, true) => format!("https://{host}"),
        (host, false) => format!("http://{host}"),
    }
}

fn account_id(id: &str) -> Result<AccountId, PageError> {
    id.parse().map_err(|_| PageError::Kind(ProblemKind::NotFound))
}

async fn user(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> PageResult {
    user_page(&app, &visitor, account_id(&id)?, StatusCode::OK, None).await
}

async fn user_page(
    app: &App,
    visitor: &Visitor,
    id: AccountId,
    status: StatusCode,
    failed: Option<Form>,
) -> PageResult {
    visitor.caller.actor.permit(Permission::AccountManage)?;
    let account = app.service.account(&visitor.caller, id).await?.value;
    let (_, plan) = plan_in_force(app).await?;
    let values = |name: &str, values: Vec<String>| (name.to_owned(), values);
    let known = Form {
        values: [
            values("display_name", vec![account.display.clone()]),
            values("role", account.roles.iter().map(|role| role.as_str().to_owned()).collect()),
            values("body", account.bodies.iter().map(|body| body.as_str().to_owned()).collect()),
        ]
        .into(),
        ..Form::new("user")
    };
    let forms = failed.into_iter().fold(Forms::default().with(known), Forms::with);
    let view = UserPage {
        shell: shell(app, visitor, &account.display, Some(Section::Users)).await?,
        user: user_row(app, &account, plan, visitor.look.lang).await?,
        roles: role_choices(visitor.look.lang),
        bodies: show::body_choices(app, plan, visitor.look.lang),
        own: visitor.signed_in.account.value.id == id,
        forms,
    };
    page_with(status, &view)
}

async fn change(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id = account_id(&id)?;
    let visitor = &posted.visitor;
    visitor.caller.actor.permit(Permission::AccountManage)?;
    let account = app.service.account(&visitor.caller, id).await?.value;
    let own = visitor.signed_in.account.value.id == id;
    let ticked = if own {
        Ok((account.roles.clone(), account.bodies.clone()))
    } else {
        ticked(&posted, &app.service.bodies())
    };
    let (roles, bodies) = match ticked {
        Ok(ticked) => ticked,
        Err(error) => {
            let form = posted.failed(vec![error]);
            return user_page(&app, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, Some(form)).await;
        }
    };
    let words =
        AccountWords { name: account.name, display: posted.text("display_name").to_owned(), roles, bodies };
    match app.service.account_change(&visitor.caller, id, words).await {
        Ok(_) => Ok(done(visitor, &format!("/users/{id}"), Notice::UserSaved)),
        Err(error) => user_again(&app, &posted, id, error, &NAMES).await,
    }
}

/// The user's page again, with the form that was refused.
async fn user_again(
    app: &App,
    posted: &Posted,
    id: AccountId,
    error: Error,
    names: &[(&str, &str)],
) -> PageResult {
    let (_, plan) = plan_in_force(app).await?;
    let refused = refused(error, Some(plan), posted.visitor.look.lang)?;
    let status = refused.status;
    user_page(app, &posted.visitor, id, status, Some(refused.put(posted.form(), names))).await
}

async fn reset(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> PageResult {
    let id = account_id(&id)?;
    let visitor = &posted.visitor;
    let with_totp = app.service.account(&visitor.caller, id).await?.value.has_totp;
    match app.service.account_reset(&visitor.caller, id, with_totp).await {
        Ok(token) => {
            let account = app.service.account(&visitor.caller, id).await?;
            link_shown(&app, visitor, &headers, &account.value, &token).await
        }
        Err(error) => user_again(&app, &posted, id, error, &[]).await,
    }
}

async fn disable(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    enabled(&app, &posted, account_id(&id)?, false).await
}

async fn enable(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    enabled(&app, &posted, account_id(&id)?, true).await
}

async fn enabled(app: &App, posted: &Posted, id: AccountId, on: bool) -> PageResult {
    if posted.visitor.signed_in.account.value.id == id {
        return Err(ProblemKind::Forbidden.into());
    }
    match app.service.account_enable(&posted.visitor.caller, id, on, posted.text("reason")).await {
        Ok(_) => Ok(done(&posted.visitor, &format!("/users/{id}"), Notice::UserSaved)),
        Err(error) => user_again(app, posted, id, error, &[]).await,
    }
}
