//! What the emergency database offers for an incident, and what of it was pinned to it.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use fengsui_domain::incident::{Command, IncidentChange, Pin, Pinned};
use fengsui_domain::permission::Permission;
use fengsui_service::resources::Asked;

use super::super::post::Posted;
use super::super::resources::offered::offers;
use super::super::shell::{PageError, PageResult};
use super::act::{Place, act, one};
use super::case::{Case, only};
use crate::app::App;
use crate::console::view::form::{FieldError, FieldProblem};
use crate::console::view::incident::disposal::PinRow;
use crate::console::view::parts::{Act, Gate};
use crate::console::view::resource::OfferRow;
use crate::console::view::words::{IncidentTab, Notice};

const PLACE: Place = Place { tab: IncidentTab::Disposal, names: &[] };
/// Offers shown beside the work; the page of offers has more.
const SHOWN: usize = 6;

/// Routes of pins.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/incidents/{number}/pins", post(pin))
        .route("/incidents/{number}/pins/remove", post(unpin))
}

/// May the reader pin?
pub(super) fn gate(case: &Case<'_>) -> Gate {
    only(!case.incident.is_closed(), case.gate(Permission::IncidentWork))
}

/// What was pinned.
pub(super) fn pinned(case: &Case<'_>) -> Vec<PinRow> {
    case.incident.pins.iter().map(|pin| row(case, pin)).collect()
}

fn row(case: &Case<'_>, pin: &Pin) -> PinRow {
    let (href, code) = match pin.what {
        Pinned::Resource { resource } => (format!("/resources/{resource}"), format!("resource:{resource}")),
        // A past case is shown with its number in front of its title.
        Pinned::Incident { incident } => {
            let number = pin.title.split(' ').next().unwrap_or_default();
            (format!("/incidents/{number}"), format!("incident:{incident}"))
        }
    };
    let proof = case
        .proof(|change| matches!(change, IncidentChange::Pinned { pin: known } if known.what == pin.what));
    PinRow {
        href,
        pin: code,
        title: pin.title.clone(),
        note: pin.note.clone(),
        act: Act { at: case.moment(pin.at), by: case.by(&pin.by), what: String::new(), proof },
    }
}

/// What fits and is not pinned yet; nothing for a closed incident or a reader without the database.
pub(super) async fn offered(case: &Case<'_>) -> Result<Vec<OfferRow>, PageError> {
    if case.incident.is_closed() || !case.may(Permission::ResourceRead) {
        return Ok(Vec::new());
    }
    let known: Vec<String> = pinned(case).into_iter().map(|row| row.pin).collect();
    let (rows, _) = offers(case.app, case.visitor, &case.incident, Asked::default()).await?;
    Ok(rows.into_iter().filter(|row| !known.contains(&row.pin)).take(SHOWN).collect())
}

/// What a form names.
fn named(posted: &Posted) -> Result<Pinned, Vec<FieldError>> {
    let found = match posted.text("pin").split_once(':') {
        Some(("resource", id)) => id.parse().ok().map(|resource| Pinned::Resource { resource }),
        Some(("incident", id)) => id.parse().ok().map(|incident| Pinned::Incident { incident }),
        _ => None,
    };
    found.ok_or_else(|| vec![posted.wrong("pin", FieldProblem::NotAChoice)])
}

/// `POST …/pins`.
async fn pin(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let note = posted.text("note").to_owned();
        one(Command::Pin { what: named(&posted)?, title: String::new(), note }, Notice::Pinned)
    })
    .await
}

/// `POST …/pins/remove`.
async fn unpin(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| one(Command::Unpin { what: named(&posted)? }, Notice::Pinned))
        .await
}
