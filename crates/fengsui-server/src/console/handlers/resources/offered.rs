//! What the emergency database offers for an incident, as rows any page can show.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use fengsui_domain::incident::Incident;
use fengsui_domain::resource;
use fengsui_domain::resource::offer::{Reason, Relation};
use fengsui_service::Error;
use fengsui_service::resources::{Asked, Offered};

use super::{category, expertise, kind, standing};
use crate::app::App;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageError, PageResult, page_with, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::form::Form;
use crate::console::view::resource::{OfferPage, OfferRow};
use crate::console::view::words::{ResourceKind, Section};

/// For which incident, and of what.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct OfferQuery {
    #[serde(default)]
    incident: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    field: String,
}

pub(super) async fn show_offers(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<OfferQuery>,
) -> PageResult {
    let lang = visitor.look.lang;
    let number = query.incident.trim();
    let asked = Asked {
        kind: resource::ResourceKind::parse(&query.kind),
        field: resource::Expertise::parse(&query.field),
        ..Asked::default()
    };
    let mut view = OfferPage {
        shell: shell(&app, &visitor, "offers-for-incident", Some(Section::Resources)).await?,
        form: Form::new("filter")
            .with("incident", number)
            .with("kind", query.kind.as_str())
            .with("field", query.field.as_str()),
        incident: None,
        offers: Vec::new(),
        complete: true,
    };
    let mut status = StatusCode::OK;
    if !number.is_empty() {
        match app.service.incident_by_number(&visitor.caller, number).await {
            Ok(incident) => {
                (view.offers, view.complete) = offers(&app, &visitor, &incident.value, asked).await?;
                view.incident = Some(show::incident(&incident.value));
            }
            Err(Error::NotFound { .. }) => {
                status = StatusCode::NOT_FOUND;
                let missing = lang.t("offers-no-incident");
                view.form = view.form.fail("incident", lang.t("incident-number"), missing);
            }
            Err(error) => return Err(error.into()),
        }
    }
    page_with(status, &view)
}

/// Rows for the fragment `resource/offers.html`, best first, and whether everything was looked at.
pub(crate) async fn offers(
    app: &App,
    visitor: &Visitor,
    incident: &Incident,
    asked: Asked,
) -> Result<(Vec<OfferRow>, bool), PageError> {
    let found = app.service.incident_offers(&visitor.caller, incident.id, asked).await?;
    let lang = visitor.look.lang;
    let row = |(offer, what): &(resource::offer::Offer, Offered)| OfferRow {
        score: offer.score,
        reasons: offer.reasons.iter().map(|reason| why(app, reason, lang)).collect(),
        ..offered(what)
    };
    Ok((found.items.iter().map(row).collect(), found.complete))
}

/// What is offered, without why.
fn offered(what: &Offered) -> OfferRow {
    let (score, reasons) = (0, Vec::new());
    match what {
        Offered::Resource(resource) => {
            let (known, stood) = (&resource.value.particulars, &resource.value.stood);
            let place = if known.place.is_empty() { String::new() } else { format!(" · {}", known.place) };
            OfferRow {
                href: format!("/resources/{}", resource.value.id),
                pin: format!("resource:{}", resource.value.id),
                kind: kind(known.kind),
                title: known.title.clone(),
                holder: format!("{}{place}", known.holder),
                standing: Some(standing(stood.standing)),
                score,
                reasons,
            }
        }
        Offered::Case(case) => OfferRow {
            href: format!("/incidents/{}", case.number),
            pin: format!("incident:{}", case.id),
            kind: ResourceKind::Case,
            title: format!("{} {}", case.number, case.title),
            holder: case.unit.clone(),
            standing: None,
            score,
            reasons,
        },
    }
}

/// Why something is offered, in a sentence.
fn why(app: &App, reason: &Reason, lang: Lang) -> String {
    let comma = lang.t("list-comma");
    let text = match reason {
        Reason::Class { class, relation } => {
            let name = category(app, class, lang);
            match relation {
                Relation::Same => lang.t_s("offer-same-category", &name),
                Relation::Matching => lang.t_s("offer-matching-category", &name),
                Relation::Wider => lang.t_s("offer-wider-category", &name),
                Relation::Narrower => lang.t_s("offer-narrower-category", &name),
            }
        }
        Reason::Field { field } => lang.t_s("offer-field", &lang.t(expertise(*field).key())),
        Reason::Keywords { words } => lang.t_s("offer-keywords", &words.join(&comma)),
        Reason::Words { words } => lang.t_s("offer-words", &words.join(&comma)),
    };
    text.into_owned()
}
