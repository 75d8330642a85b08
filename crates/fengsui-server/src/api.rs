//! The HTTP API: one file for each area, one list from which routes and OpenAPI document come.

use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

mod accounts;
mod changes;
mod duties;
mod events;
mod incidents;
mod indicators;
mod ledger;
mod logs;
mod me;
mod plans;
mod resources;
mod search;
mod system;
mod tokens;

pub(crate) use search::MAX_QUESTION_CHARS;

/// What the document says of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Fengsui", description = "Incident emergency management: events, incidents, clocks, ledger.",
         license(name = "Apache-2.0", identifier = "Apache-2.0")),
    components(schemas(fengsui_wire::api::Problem)),
    modifiers(&Token),
    security(("token" = []))
)]
struct Document;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("`fengsui token create`"))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Every route of the API with its part of the document.
pub fn router() -> OpenApiRouter<App> {
    let mut router = OpenApiRouter::with_openapi(Document::openapi())
        .merge(system::router())
        .merge(ledger::router())
        .merge(changes::router())
        .merge(me::router())
        .merge(events::router())
        .merge(incidents::router())
        .merge(search::router())
        .merge(plans::router())
        .merge(logs::router())
        .merge(indicators::router())
        .merge(resources::router())
        .merge(duties::router())
        .merge(accounts::router())
        .merge(tokens::router());
    // Here, since a schema that two of them have is kept as it came first.
    fengsui_wire::api::close_tagged(
        router.get_openapi_mut(),
        &["DutySaid", "OrderTo", "Pinned", "Step", "TriageEvent"],
    );
    router
}
