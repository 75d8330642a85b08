//! Incidents: the list, the tabs of one incident, and the forms on them.
//!
//! A tab is drawn from one [`Case`]: the incident, its plan and its entries, read once. A
//! form becomes commands of the core ([`act`]); refused, its tab is drawn again with what was typed.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use super::session::Visitor;
use super::shell::{PageResult, page_with, shell};
use crate::app::App;
use crate::console::view::form::Form;
use crate::console::view::words::{IncidentTab, Section};

mod act;
mod awareness;
mod case;
mod clocks;
mod closing;
mod disposal;
mod evidence;
mod head;
mod list;
mod orders;
mod overview;
mod people;
mod pins;
mod playbooks;
mod reports;
mod response;
mod said;
mod timeline;

use case::Case;

/// Routes of incidents.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/incidents", get(list::page))
        .route("/incidents/{number}", get(overview_page))
        .route("/incidents/{number}/verify", post(overview::verify))
        .route("/incidents/{number}/facts", post(overview::answer))
        .route("/incidents/{number}/grade", post(overview::grade))
        .route("/incidents/{number}/analysis", post(overview::analyse))
        .route("/incidents/{number}/category", post(overview::categorise))
        .route("/incidents/{number}/plans", post(overview::attach_plan))
        .route("/incidents/{number}/plans/{plan}/detach", post(overview::detach_plan))
        .route("/incidents/{number}/withdraw", post(overview::withdraw))
        .route("/incidents/{number}/clocks", get(clocks_page))
        .route("/incidents/{number}/awareness/{body}", post(awareness::correct))
        .route("/incidents/{number}/occurrence", post(awareness::correct_occurrence))
        .route("/incidents/{number}/clocks/{clock}/extend", post(clocks::extend))
        .route("/incidents/{number}/reports", get(reports_page).post(reports::record))
        .route("/incidents/{number}/reports/{report}/receipt", post(reports::receipt))
        .route("/incidents/{number}/response", get(response_page))
        .route("/incidents/{number}/response/propose", post(response::propose))
        .route("/incidents/{number}/response/start", post(response::start))
        .route("/incidents/{number}/response/adjust", post(response::adjust))
        .route("/incidents/{number}/response/decide", post(response::decide))
        .route("/incidents/{number}/response/end", post(response::end))
        .route("/incidents/{number}/response/headquarters", post(response::headquarters))
        .route("/incidents/{number}/actions", post(response::action))
        .route("/incidents/{number}/disposal", get(disposal_page).post(disposal::draft))
        .route("/incidents/{number}/disposal/{version}/verify", post(disposal::verify))
        .route("/incidents/{number}/disposal/{version}/sum-up", post(disposal::sum_up))
        .route("/incidents/{number}/disposal/{version}/approve", post(disposal::approve))
        .route("/incidents/{number}/disposal/{version}/execute", post(disposal::execute))
        .route("/incidents/{number}/orders", get(orders_page))
        .merge(orders::router())
        .route("/incidents/{number}/playbooks", get(playbooks_page))
        .merge(playbooks::router())
        .merge(pins::router())
        .merge(evidence::router())
        .route("/incidents/{number}/people", get(people_page).post(people::assign))
        .route("/incidents/{number}/people/release", post(people::release))
        .route("/incidents/{number}/closing", get(closing_page))
        .route("/incidents/{number}/derived", post(closing::derived))
        .route("/incidents/{number}/publications", post(closing::publication))
        .route("/incidents/{number}/publications/{publication}", post(closing::publish))
        .route("/incidents/{number}/review", post(closing::review))
        .route("/incidents/{number}/filing", post(closing::file))
        .route("/incidents/{number}/filing/receipt", post(closing::file_receipt))
        .route("/incidents/{number}/archive", post(closing::archive))
        .route("/incidents/{number}/timeline", get(timeline::page))
        .route("/incidents/{number}/notes", post(timeline::note))
}

/// The tabs that are drawn without anything but the incident.
macro_rules! tab_pages {
    ($($name:ident: $tab:ident,)+) => {
        $(async fn $name(State(app): State<App>, Path(number): Path<String>, visitor: Visitor) -> PageResult {
            let case = Case::load(&app, &visitor, &number).await?;
            draw(&case, IncidentTab::$tab, None, StatusCode::OK).await
        })+
    };
}

tab_pages! {
    overview_page: Overview,
    clocks_page: Clocks,
    reports_page: Reports,
    response_page: Response,
    disposal_page: Disposal,
    orders_page: Orders,
    playbooks_page: Playbooks,
    evidence_page: Evidence,
    people_page: People,
    closing_page: Closing,
}

/// Draws a tab; with a form that was refused, in place of the one the page would begin with.
async fn draw(case: &Case<'_>, tab: IncidentTab, failed: Option<Form>, status: StatusCode) -> PageResult {
    let title = format!("{} {}", case.incident.number, case.incident.title);
    let shell = shell(case.app, case.visitor, &title, Some(Section::Incidents)).await?;
    match tab {
        IncidentTab::Overview => page_with(status, &overview::view(case, shell, failed).await?),
        IncidentTab::Clocks => page_with(status, &clocks::view(case, shell, failed)),
        IncidentTab::Reports => page_with(status, &reports::view(case, shell, failed)),
        IncidentTab::Response => page_with(status, &response::view(case, shell, failed)),
        IncidentTab::Disposal => page_with(status, &disposal::view(case, shell, failed).await?),
        IncidentTab::Orders => page_with(status, &orders::view(case, shell, failed)),
        IncidentTab::Playbooks => page_with(status, &playbooks::view(case, shell, failed)),
        IncidentTab::Evidence => page_with(status, &evidence::view(case, shell, failed)),
        IncidentTab::People => page_with(status, &people::view(case, shell, failed).await?),
        IncidentTab::Closing => page_with(status, &closing::view(case, shell, failed).await?),
        IncidentTab::Timeline => {
            page_with(status, &timeline::view(case, shell, &timeline::Asked::default(), failed))
        }
    }
}
