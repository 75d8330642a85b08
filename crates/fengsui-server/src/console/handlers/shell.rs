//! The frame of a page: menu by permissions, counts, who reads, what just happened.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use fengsui_domain::account::Account;
use fengsui_domain::actor::Actor;
use fengsui_domain::event::EventState;
use fengsui_domain::incident::PlanVersion;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Plan, PlanId};

pub(crate) use super::problem::PageError;
use super::session::{Guest, Visitor};
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::parts::Choice;
use crate::console::view::render;
use crate::console::view::shell::{Counts, Flash, Shell, User};
use crate::console::view::words::{AccountRole, Section};

/// Marks an answer as a page, from the handler to the outermost layer; it never leaves the node.
pub(crate) const PAGE: HeaderName = HeaderName::from_static("x-fengsui-page");

/// What a handler of a page answers.
pub(crate) type PageResult = Result<Response, PageError>;

/// The frame of a page for a visitor. `title` is a Fluent key, or a text where no key is called so.
pub(crate) async fn shell(
    app: &App,
    visitor: &Visitor,
    title: &str,
    here: Option<Section>,
) -> Result<Shell, PageError> {
    let lang = visitor.look.lang;
    let actor = &visitor.caller.actor;
    let node = app.service.node().await?.value;
    let (_, plan) = plan_in_force(app).await?;
    let now = app.service.now();
    let live = here.is_some_and(is_live) && actor.may(Permission::CaseRead);
    Ok(Shell {
        lang,
        theme: visitor.look.theme,
        title: lang_or_text(lang, title),
        user: Some(user(app, &visitor.signed_in.account.value, lang)),
        nav: Section::ALL.iter().copied().filter(|section| may_open(actor, *section)).collect(),
        here,
        counts: counts(app, actor).await?,
        csrf: visitor.signed_in.session.csrf.clone(),
        flash: visitor.look.notice.map(|notice| Flash::done(lang, notice)),
        drill: false,
        demo: app.service.is_demo(),
        node_name: node.name,
        request_id: visitor.look.request_id.clone(),
        path: visitor.look.path.clone(),
        made_at: show::moment(now, &show::zone(plan), now, lang),
        live,
        shortcuts: visitor.look.shortcuts,
    })
}

/// The frame of a page for a guest.
pub(crate) async fn gate(app: &App, guest: &Guest, title: &str) -> Result<Shell, PageError> {
    let node = app.service.node().await?.value;
    let (_, plan) = plan_in_force(app).await?;
    let now = app.service.now();
    let made_at = show::moment(now, &show::zone(plan), now, guest.look.lang);
    Ok(Shell { node_name: node.name, made_at, ..bare(app, guest, title) })
}

/// A frame that asks nothing of the store, for when it cannot answer.
pub(crate) fn bare(app: &App, guest: &Guest, title: &str) -> Shell {
    let lang = guest.look.lang;
    let now = app.service.now();
    Shell {
        lang,
        theme: guest.look.theme,
        title: lang_or_text(lang, title),
        user: None,
        nav: Vec::new(),
        here: None,
        counts: Counts::default(),
        csrf: guest.csrf.clone(),
        flash: guest.look.notice.map(|notice| Flash::done(lang, notice)),
        drill: false,
        demo: app.service.is_demo(),
        node_name: String::new(),
        request_id: guest.look.request_id.clone(),
        path: guest.look.path.clone(),
        made_at: show::moment(now, &jiff::tz::TimeZone::UTC, now, lang),
        live: false,
        shortcuts: false,
    }
}

/// The text of a key; a title that is no key stays as it is.
fn lang_or_text(lang: Lang, title: &str) -> String {
    let known = title.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let text = if known { lang.t(title) } else { title.into() };
    if text.starts_with('⟦') { title.to_owned() } else { text.into_owned() }
}

/// The plan that new incidents run under.
pub(crate) async fn plan_in_force(app: &App) -> Result<(PlanVersion, &Plan), PageError> {
    let version = app.service.plan_in_force().await?;
    let plan = app.service.plan(&version)?;
    Ok((version, plan))
}

/// Plans that may govern beside one that leads, but those that do already. What either of two says of the other
/// comes as a hint.
pub(crate) async fn plans_beside(
    app: &App,
    lead: &Plan,
    governing: &[&PlanId],
    lang: Lang,
) -> Result<Vec<Choice>, PageError> {
    let mut choices = Vec::new();
    for version in app.service.plans_to_choose().await? {
        if !governing.contains(&&version.id) {
            choices.push(show::plan_beside(app.service.plan(&version)?, lead, lang));
        }
    }
    Ok(choices)
}

fn user(app: &App, account: &Account, lang: Lang) -> User {
    User { display_name: account.display.clone(), roles: roles_in_words(app, account, lang) }
}

/// System roles, then the bodies spoken for; many bodies are counted, not named.
pub(crate) fn roles_in_words(app: &App, account: &Account, lang: Lang) -> String {
    let mut words: Vec<String> = account
        .roles
        .iter()
        .filter_map(|role| AccountRole::parse(role.as_str()))
        .map(|role| lang.t(role.key()).into_owned())
        .collect();
    match account.bodies.len() {
        0 => {}
        1 | 2 => words.extend(account.bodies.iter().map(|body| show::body(app, body, lang))),
        many => words.push(lang.t_n("bodies-many", many).into_owned()),
    }
    words.join(&lang.t("list-comma"))
}

/// Sections whose pages refresh themselves.
fn is_live(section: Section) -> bool {
    use Section::{Desk, Events, Incidents, Ledger, Node, Sightings, Sources};
    matches!(section, Desk | Events | Incidents | Sightings | Ledger | Sources | Node)
}

/// Whether the menu shows a section to this reader.
fn may_open(actor: &Actor, section: Section) -> bool {
    match section {
        Section::Desk | Section::Incidents => actor.may(Permission::CaseRead),
        Section::Events => actor.may(Permission::CaseRead) || actor.may(Permission::EventRecord),
        Section::Sightings | Section::Indicators => actor.may(Permission::IndicatorRead),
        Section::Resources => actor.may(Permission::ResourceRead),
        Section::Duties => actor.may(Permission::DutyRead),
        Section::Plans => actor.may(Permission::PlanRead),
        Section::Ledger => true,
        Section::Sources | Section::Node => actor.may(Permission::NodeRead),
        Section::Users => actor.may(Permission::AccountManage),
        Section::Tokens => actor.may(Permission::TokenManage),
        Section::Account => false,
    }
}

/// Numbers beside the menu, for those who may read cases.
async fn counts(app: &App, actor: &Actor) -> Result<Counts, PageError> {
    if !actor.may(Permission::CaseRead) {
        return Ok(Counts::default());
    }
    let store = app.service.store();
    let (_, overdue) = store.clock_counts(app.service.now()).await?;
    let events = store.event_counts().await?;
    let incidents = store.incident_counts().await?;
    let closed = |phase: &str| matches!(phase, "archived" | "withdrawn");
    let sum = |rows: &mut dyn Iterator<Item = u64>| usize::try_from(rows.sum::<u64>()).unwrap_or(usize::MAX);
    let new = EventState::New.as_str();
    Ok(Counts {
        overdue: usize::try_from(overdue).unwrap_or(usize::MAX),
        new_events: sum(&mut events.iter().filter(|(state, _)| state == new).map(|(_, count)| *count)),
        open_incidents: sum(&mut incidents
            .iter()
            .filter(|(phase, _)| !closed(phase))
            .map(|(_, count)| *count)),
    })
}

/// A page.
pub(crate) fn page(view: &impl Template) -> PageResult {
    page_with(StatusCode::OK, view)
}

/// A page with another status than 200: a form that was refused.
pub(crate) fn page_with(status: StatusCode, view: &impl Template) -> PageResult {
    let mut answer = (status, Html(render(view)?)).into_response();
    answer.headers_mut().insert(PAGE, HeaderValue::from_static("1"));
    Ok(answer)
}
