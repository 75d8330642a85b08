//! API tokens of programs: made with one role and an end, shown once, revoked at once.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use fengsui_domain::account::Token;
use fengsui_domain::id::TokenId;
use fengsui_domain::permission::{Permission, SystemRole};
use fengsui_service::tokens::TokenWords;
use jiff::Timestamp;

use super::role_choices;
use crate::app::App;
use crate::console::handlers::names::name_of;
use crate::console::handlers::post::{Posted, done, refused};
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page, page_with, plan_in_force, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::admin::{TokenList, TokenRow, TokenShown};
use crate::console::view::form::{FieldError, FieldProblem, Forms};
use crate::console::view::parts::Choice;
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{AccessState, AccountRole, Notice, Section};

/// Lives of a token to choose from, in days (`account::MAX_TOKEN_DAYS` is the longest).
const SPANS: [usize; 3] = [30, 90, 365];

pub(super) async fn list(State(app): State<App>, visitor: Visitor) -> PageResult {
    tokens_page(&app, &visitor, StatusCode::OK, Forms::default()).await
}

async fn tokens_page(app: &App, visitor: &Visitor, status: StatusCode, forms: Forms) -> PageResult {
    visitor.caller.actor.permit(Permission::TokenManage)?;
    let tokens = app.service.token_list(&visitor.caller).await?;
    let (_, plan) = plan_in_force(app).await?;
    let (zone, now, lang) = (show::zone(plan), app.service.now(), visitor.look.lang);
    let row = |token: Token| TokenRow {
        id: token.id.to_string(),
        role: role(&token, lang),
        state: state(&token, now),
        by: name_of(&token.created_by, lang),
        created_at: show::moment(token.created_at, &zone, now, lang),
        expires_at: show::moment(token.expires_at, &zone, now, lang),
        name: token.name,
    };
    let span = |days: usize| Choice {
        value: days.to_string(),
        text: lang.t_n("span-days", days).into_owned(),
        hint: String::new(),
    };
    let view = TokenList {
        shell: shell(app, visitor, "nav-tokens", Some(Section::Tokens)).await?,
        rows: tokens.into_iter().map(|token| row(token.value)).collect(),
        roles: role_choices(lang),
        spans: SPANS.map(span).to_vec(),
        forms,
    };
    page_with(status, &view)
}

/// The role a token carries; a personal one has those of its owner.
fn role(token: &Token, lang: Lang) -> String {
    let known = token.role.and_then(|role| AccountRole::parse(role.as_str()));
    known.map_or_else(|| name_of(&token.created_by, lang), |role| lang.t(role.key()).into_owned())
}

fn state(token: &Token, now: Timestamp) -> AccessState {
    if token.revoked {
        AccessState::Revoked
    } else if token.works(now) {
        AccessState::Active
    } else {
        AccessState::Expired
    }
}

fn words(posted: &Posted) -> Result<TokenWords, Vec<FieldError>> {
    let role = SystemRole::parse(posted.text("role"));
    let days = posted.parse::<i64>("days").ok().flatten();
    let mut errors = Vec::new();
    if role.is_none() {
        errors.push(posted.wrong("role", FieldProblem::ChooseOne));
    }
    if days.is_none() {
        errors.push(posted.wrong("days", FieldProblem::ChooseOne));
    }
    match (role, days) {
        (Some(role), Some(days)) => Ok(TokenWords {
            name: posted.text("name").to_owned(),
            account: None,
            role: Some(role),
            scopes: BTreeSet::new(),
            days,
        }),
        _ => Err(errors),
    }
}

pub(super) async fn create(State(app): State<App>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let words = match words(&posted) {
        Ok(words) => words,
        Err(errors) => {
            let form = posted.failed(errors);
            return tokens_page(&app, visitor, StatusCode::UNPROCESSABLE_ENTITY, Forms::default().with(form))
                .await;
        }
    };
    match app.service.token_create(&visitor.caller, words).await {
        Ok((token, text)) => shown(&app, visitor, &token.value, text).await,
        Err(error) => {
            let refused = refused(error, None, visitor.look.lang)?;
            let status = refused.status;
            tokens_page(&app, visitor, status, Forms::default().with(refused.put(posted.form(), &[]))).await
        }
    }
}

/// A token, shown once.
async fn shown(app: &App, visitor: &Visitor, token: &Token, text: String) -> PageResult {
    let (_, plan) = plan_in_force(app).await?;
    let view = TokenShown {
        shell: shell(app, visitor, "token-new", Some(Section::Tokens)).await?,
        name: token.name.clone(),
        token: text,
        expires: show::moment(token.expires_at, &show::zone(plan), app.service.now(), visitor.look.lang),
    };
    page(&view)
}

pub(super) async fn revoke(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    let id: TokenId = id.parse().map_err(|_| PageError::Kind(ProblemKind::NotFound))?;
    match app.service.token_revoke(&posted.visitor.caller, id, posted.text("reason")).await {
        Ok(_) => Ok(done(&posted.visitor, "/tokens", Notice::TokenRevoked)),
        Err(error) => {
            let refused = refused(error, None, posted.visitor.look.lang)?;
            let status = refused.status;
            let mut form = refused.put(posted.form(), &[]);
            form.id = format!("revoke-{id}");
            tokens_page(&app, &posted.visitor, status, Forms::default().with(form)).await
        }
    }
}
