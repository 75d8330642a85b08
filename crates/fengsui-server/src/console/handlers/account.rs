//! The way in: set-up, one-time links, signing in and out, the second factor, one's own account.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use fengsui_domain::account::AccountWords;
use fengsui_domain::id::AccountId;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{Plan, RoleId};
use fengsui_service::accounts::NewPerson;
use fengsui_service::password::MIN_CHARS;
use fengsui_service::sessions::{Credentials, MAX_AGE};
use fengsui_service::{Error, totp};
use jiff::Timestamp;

use super::post::{GuestPosted, Posted, done, refused};
use super::problem::PageError;
use super::session::{FLASH_COOKIE, Guest, Visitor, own_path, set_cookie};
use super::shell::{PageResult, gate, page, page_with, plan_in_force, roles_in_words, shell};
use super::words::label;
use super::{qr, show};
use crate::app::App;
use crate::call::{SESSION_COOKIE, cookie};
use crate::console::lang::Lang;
use crate::console::view::account::{Account, PasswordLink, Session, Setup, SignIn, TotpEnrolment};
use crate::console::view::form::{FieldProblem, Form, Forms};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::{Notice, Section};

/// Cookie that holds a proposed second-factor secret until its first code confirms it.
const TOTP_COOKIE: &str = "fengsui_totp";
/// How long an enrolment may take: a quarter of an hour.
const TOTP_S: i64 = 900;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/setup/{token}", get(setup).post(set_up))
        .route("/sign-in", get(sign_in).post(signing_in))
        .route("/sign-out", post(sign_out))
        .route("/link/{account}/{token}", get(link).post(link_used))
        .route("/totp", get(totp_page).post(totp_confirm))
        .route("/account", get(account))
        .route("/account/password", post(password))
        .route("/account/sessions/{id}/end", post(end_session))
}

async fn setup(State(app): State<App>, guest: Guest, Path(token): Path<String>) -> PageResult {
    if !app.service.is_set_up_token(&token) {
        return Err(ProblemKind::NotFound.into());
    }
    setup_page(&app, &guest, &token, StatusCode::OK, Form::new("setup")).await
}

async fn setup_page(app: &App, guest: &Guest, token: &str, status: StatusCode, form: Form) -> PageResult {
    let view = Setup {
        shell: gate(app, guest, "title-setup").await?,
        form,
        action: format!("/setup/{token}"),
        expires: None,
        password_min: MIN_CHARS,
    };
    Ok(guest.keep(page_with(status, &view)?))
}

async fn set_up(State(app): State<App>, Path(token): Path<String>, posted: GuestPosted) -> PageResult {
    let lang = posted.guest.look.lang;
    let mut form = posted.form("setup");
    for field in [
        "admin_name",
        "admin_display",
        "admin_password",
        "officer_name",
        "officer_display",
        "officer_password",
    ] {
        if posted.text(field).trim().is_empty() {
            form = form.fail(field, label(field, lang), FieldProblem::Required.text(lang));
        }
    }
    for field in ["admin_password", "officer_password"] {
        if !posted.text(field).is_empty() && posted.text(field).chars().count() < MIN_CHARS {
            form = form.fail(field, label(field, lang), FieldProblem::TooShort(MIN_CHARS).text(lang));
        }
    }
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if form.failed() {
        return setup_page(&app, &posted.guest, &token, status, form).await;
    }
    let (_, plan) = plan_in_force(&app).await?;
    let person = |who: &str, role, bodies| NewPerson {
        words: AccountWords {
            name: posted.text(&format!("{who}_name")).trim().to_owned(),
            display: posted.text(&format!("{who}_display")).to_owned(),
            roles: BTreeSet::from([role]),
            bodies,
        },
        password: posted.text(&format!("{who}_password")).to_owned(),
    };
    let administrator = person("admin", SystemRole::Administrator, BTreeSet::new());
    let officer = person("officer", SystemRole::DutyOfficer, first_bodies(plan));
    let about = who_is_wrong(&posted, &administrator, &officer);
    match app.service.set_up(&token, vec![administrator, officer]).await {
        Ok(()) => {}
        Err(Error::Unauthenticated { .. }) => return Err(ProblemKind::NotFound.into()),
        Err(error) => {
            let refused = refused(error, Some(plan), lang)?;
            let names =
                [("name", about.0.as_str()), ("display", about.1.as_str()), ("password", about.2.as_str())];
            return setup_page(&app, &posted.guest, &token, status, refused.put(form, &names)).await;
        }
    }
    let credentials =
        credentials(&posted, posted.text("admin_name").trim(), posted.text("admin_password"), "");
    let request = Some(posted.guest.look.request_id.clone());
    let (session, _) = app.service.sign_in(credentials, request).await?;
    Ok(signed_in(&posted.guest, &session, "/totp"))
}

/// Bodies the first duty officer speaks for: every body of the plan, so that a small desk can walk the
/// whole path of a level IV incident; without those who decide on responses of level I or II, and those
/// who release what another body has approved.
fn first_bodies(plan: &Plan) -> BTreeSet<RoleId> {
    let grave = [IncidentLevel::I, IncidentLevel::II].into_iter().filter_map(|level| plan.response(level));
    let mut apart: BTreeSet<&RoleId> = grave.flat_map(|response| &response.start.decide).collect();
    for chain in plan.publications.iter().filter(|chain| !chain.approve.is_empty()) {
        apart.extend(chain.release.iter().filter(|body| !chain.approve.contains(body)));
    }
    plan.roles.keys().filter(|body| !apart.contains(body)).cloned().collect()
}

/// The core says `name`; which of the two people it means is told by checking each alone.
fn who_is_wrong(
    posted: &GuestPosted,
    administrator: &NewPerson,
    officer: &NewPerson,
) -> (String, String, String) {
    let admin_wrong = administrator.words.clone().check().is_err();
    let name = if admin_wrong && officer.words.clone().check().is_ok() { "admin" } else { "officer" };
    let weak = |person: &str| {
        let password = posted.text(&format!("{person}_password")).to_lowercase();
        password.chars().collect::<BTreeSet<char>>().len() < 6
    };
    let password = if weak("officer") && !weak("admin") { "officer" } else { "admin" };
    (format!("{name}_name"), format!("{name}_display"), format!("{password}_password"))
}

#[derive(serde::Deserialize)]
struct Next {
    next: Option<String>,
}

async fn sign_in(
    State(app): State<App>,
    visitor: Option<Visitor>,
    guest: Guest,
    Query(query): Query<Next>,
) -> PageResult {
    let next = query.next.unwrap_or_default();
    let next = own_path(&next).unwrap_or("/");
    if visitor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    sign_in_page(&app, &guest, StatusCode::OK, Form::new("sign-in"), next).await
}

async fn sign_in_page(app: &App, guest: &Guest, status: StatusCode, form: Form, next: &str) -> PageResult {
    let view = SignIn { shell: gate(app, guest, "sign-in").await?, form, next: next.to_owned() };
    Ok(guest.keep(page_with(status, &view)?))
}

fn credentials(posted: &GuestPosted, name: &str, password: &str, code: &str) -> Credentials {
    Credentials {
        name: name.to_owned(),
        password: password.to_owned(),
        code: code.chars().filter(char::is_ascii_digit).collect(),
        address: posted.address,
        device: posted.device.clone(),
    }
}

async fn signing_in(State(app): State<App>, posted: GuestPosted) -> PageResult {
    let look = &posted.guest.look;
    let next = own_path(posted.text("next")).unwrap_or("/").to_owned();
    let credentials =
        credentials(&posted, posted.text("name").trim(), posted.text("password"), posted.text("code"));
    match app.service.sign_in(credentials, Some(look.request_id.clone())).await {
        Ok((session, _)) => Ok(signed_in(&posted.guest, &session, &next)),
        Err(error) => {
            let wait = match &error {
                Error::SlowDown { wait_s } => Some(*wait_s),
                _ => None,
            };
            let refused = refused(error, None, look.lang)?;
            let status = refused.status;
            let mut form = refused.put(posted.form("sign-in"), &[]);
            form.values.remove("code");
            let mut answer = sign_in_page(&app, &posted.guest, status, form, &next).await?;
            if let Some(wait) = wait {
                answer.headers_mut().insert(header::RETRY_AFTER, wait.into());
            }
            Ok(answer)
        }
    }
}

fn signed_in(guest: &Guest, session: &str, next: &str) -> Response {
    let mut answer = Redirect::to(next).into_response();
    set_cookie(&mut answer, SESSION_COOKIE, session, Some(MAX_AGE.as_secs()), guest.look.secure);
    answer
}

async fn sign_out(State(app): State<App>, posted: Posted) -> PageResult {
    app.service.sign_out(&posted.visitor.signed_in).await?;
    let mut answer = done(&posted.visitor, "/sign-in", Notice::SignedOut);
    set_cookie(&mut answer, SESSION_COOKIE, "", Some(0), posted.visitor.look.secure);
    Ok(answer)
}

/// The account of a one-time link; whatever is wrong with the link, there is nothing here.
async fn link_account(
    app: &App,
    id: &str,
    token: &str,
) -> Result<fengsui_domain::account::Account, PageError> {
    let id: AccountId = id.parse().map_err(|_| ProblemKind::NotFound)?;
    match app.service.link_account(token, id).await {
        Ok(account) => Ok(account.value),
        Err(Error::Unauthenticated { .. } | Error::NotFound { .. }) => Err(ProblemKind::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

/// Until when an account's one-time link works.
pub(super) async fn link_expires(app: &App, id: AccountId) -> Result<Timestamp, PageError> {
    let stored = app.service.store().secret_get(format!("account/{id}"), "link").await?;
    let expires = stored
        .as_deref()
        .and_then(|value| value.split_once(' '))
        .and_then(|(_, expires)| expires.parse().ok());
    expires.ok_or(PageError::Kind(ProblemKind::NotFound))
}

async fn link(State(app): State<App>, guest: Guest, Path((id, token)): Path<(String, String)>) -> PageResult {
    link_page(&app, &guest, (&id, &token), StatusCode::OK, Form::new("link")).await
}

async fn link_page(
    app: &App,
    guest: &Guest,
    (id, token): (&str, &str),
    status: StatusCode,
    form: Form,
) -> PageResult {
    let account = link_account(app, id, token).await?;
    let (_, plan) = plan_in_force(app).await?;
    let expires = link_expires(app, account.id).await?;
    let view = PasswordLink {
        shell: gate(app, guest, "title-link").await?,
        form,
        action: format!("/link/{id}/{token}"),
        name: account.name,
        expires: show::moment(expires, &show::zone(plan), app.service.now(), guest.look.lang),
        password_min: MIN_CHARS,
    };
    Ok(guest.keep(page_with(status, &view)?))
}

async fn link_used(
    State(app): State<App>,
    Path((id, token)): Path<(String, String)>,
    posted: GuestPosted,
) -> PageResult {
    let look = &posted.guest.look;
    let account = link_account(&app, &id, &token).await?;
    let mut form = Form::new("link");
    if posted.text("password") == posted.text("password_again") {
        match app.service.password_by_link(&token, account.id, posted.text("password").to_owned()).await {
            Ok(()) => {
                let mut answer = Redirect::to("/sign-in").into_response();
                set_cookie(&mut answer, FLASH_COOKIE, Notice::SettingsSaved.code(), Some(60), look.secure);
                return Ok(answer);
            }
            Err(error) => form = refused(error, None, look.lang)?.put(form, &[("password", "password")]),
        }
    } else {
        form = form.fail(
            "password_again",
            label("password_again", look.lang),
            FieldProblem::Mismatch.text(look.lang),
        );
    }
    link_page(&app, &posted.guest, (&id, &token), StatusCode::UNPROCESSABLE_ENTITY, form).await
}

async fn totp_page(State(app): State<App>, visitor: Visitor) -> PageResult {
    let (secret, _) = app.service.totp_propose(&visitor.signed_in.account.value.name);
    let mut answer = enrolment(&app, &visitor, &secret, StatusCode::OK, Form::new("totp")).await?;
    set_cookie(&mut answer, TOTP_COOKIE, &secret, Some(TOTP_S), visitor.look.secure);
    Ok(answer)
}

async fn enrolment(app: &App, visitor: &Visitor, secret: &str, status: StatusCode, form: Form) -> PageResult {
    let name = visitor.signed_in.account.value.name.clone();
    let bytes = STANDARD_NO_PAD.decode(secret).map_err(|_| ProblemKind::FormExpired)?;
    let letters: Vec<char> = totp::base32(&bytes).chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    let uri = totp::uri(&bytes, &name);
    let view = TotpEnrolment {
        shell: shell(app, visitor, "title-totp", Some(Section::Account)).await?,
        form,
        action: "/totp".to_owned(),
        name,
        secret: groups.join(" "),
        qr_svg: qr::svg(&uri),
        uri,
        later: Some("/".to_owned()),
    };
    page_with(status, &view)
}

async fn totp_confirm(State(app): State<App>, headers: HeaderMap, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let secret =
        cookie(&headers, TOTP_COOKIE).filter(|secret| !secret.is_empty()).ok_or(ProblemKind::FormExpired)?;
    let code: String = posted.text("code").chars().filter(char::is_ascii_digit).collect();
    match app.service.totp_confirm(&visitor.caller, secret, &code).await {
        Ok(()) => {
            let mut answer = done(visitor, "/", Notice::SettingsSaved);
            set_cookie(&mut answer, TOTP_COOKIE, "", Some(0), visitor.look.secure);
            Ok(answer)
        }
        Err(error) => {
            let form = refused(error, None, visitor.look.lang)?
                .put(Form::new("totp"), &[("code", "code"), ("secret", "code")]);
            enrolment(&app, visitor, secret, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

async fn account(State(app): State<App>, visitor: Visitor) -> PageResult {
    page(&account_view(&app, &visitor, Forms::default()).await?)
}

async fn account_view(app: &App, visitor: &Visitor, forms: Forms) -> Result<Account, PageError> {
    let (_, plan) = plan_in_force(app).await?;
    let zone = show::zone(plan);
    let now = app.service.now();
    let account = &visitor.signed_in.account.value;
    let at = |instant| show::moment(instant, &zone, now, visitor.look.lang);
    let sessions = app.service.session_list(&visitor.signed_in).await?.into_iter().map(|session| Session {
        id: session.id,
        device: if session.device.is_empty() {
            visitor.look.lang.t("session-unknown").into_owned()
        } else {
            session.device
        },
        since: at(session.created_at),
        last_used: at(session.seen_at),
        current: session.current,
    });
    Ok(Account {
        shell: shell(app, visitor, "nav-account", Some(Section::Account)).await?,
        name: account.name.clone(),
        display_name: account.display.clone(),
        roles: roles_in_words(app, account, visitor.look.lang),
        totp_on: account.has_totp,
        password_min: MIN_CHARS,
        forms,
        sessions: sessions.collect(),
    })
}

async fn end_session(State(app): State<App>, Path(id): Path<String>, posted: Posted) -> PageResult {
    match app.service.session_end(&posted.visitor.signed_in, &id).await {
        // It may have ended meanwhile; then it is as it was asked to be.
        Ok(()) | Err(Error::NotFound { .. }) => Ok(done(&posted.visitor, "/account", Notice::SessionEnded)),
        Err(error) => Err(error.into()),
    }
}

async fn password(State(app): State<App>, posted: Posted) -> PageResult {
    let visitor = &posted.visitor;
    let field =
        |name: &str| posted.fields.get(name).and_then(|values| values.first()).cloned().unwrap_or_default();
    let mut form = Form::new("password");
    if field("password") == field("password_again") {
        match app.service.password_change(&visitor.caller, field("current"), field("password")).await {
            Ok(()) => {
                let mut answer = done(visitor, "/sign-in", Notice::SettingsSaved);
                set_cookie(&mut answer, SESSION_COOKIE, "", Some(0), visitor.look.secure);
                return Ok(answer);
            }
            Err(Error::SignIn) => {
                form = form.fail(
                    "current",
                    label("current", visitor.look.lang),
                    wrong_password(visitor.look.lang),
                );
            }
            Err(error) => {
                form = refused(error, None, visitor.look.lang)?.put(form, &[("password", "password")]);
            }
        }
    } else {
        form = form.fail(
            "password_again",
            label("password_again", visitor.look.lang),
            FieldProblem::Mismatch.text(visitor.look.lang),
        );
    }
    let view = account_view(&app, visitor, Forms::default().with(form)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

fn wrong_password(lang: Lang) -> String {
    lang.t("refusal-sign-in").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_officer_decides_no_grave_response_and_informs_no_public() {
        let library = fengsui_wire::plan::Library::shipped();
        let pack = library.get(&fengsui_domain::plan::PlanId::new("jincheng-internet-2008")).unwrap();
        let bodies = first_bodies(&pack.plan);
        for (body, spoken_for) in [
            ("security-office", true),
            ("security-office-duty-room", true),
            ("unit", true),
            ("handling-team", true),
            ("city-government", false),
            ("news-office", false),
        ] {
            assert_eq!(bodies.contains(&RoleId::new(body)), spoken_for, "{body}");
        }
    }
}
