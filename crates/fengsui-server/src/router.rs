//! All routes under one roof, with the layers every answer goes through.

use axum::routing::get;
use axum::{Json, Router, middleware};
use tower_http::compression::CompressionLayer;
use utoipa::openapi::OpenApi;

use crate::app::App;
use crate::{api, console, layers};

/// The OpenAPI 3.1 document of the API.
pub fn openapi() -> OpenApi {
    api::router().into_openapi()
}

/// Every route of the server.
pub fn router(app: App) -> Router {
    let (routes, document) = api::router().split_for_parts();
    let document = serde_json::to_value(&document).expect("the document has string keys only");
    let openapi = get(move || async move { Json(document) });
    routes
        .route("/api/v1/openapi.json", openapi)
        .merge(console::router())
        .fallback(console::handlers::problem::nothing_here)
        .method_not_allowed_fallback(console::handlers::problem::wrong_method)
        .layer(middleware::from_fn_with_state(app.clone(), console::handlers::problem::dress))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(app.clone(), layers::observe))
        .layer(middleware::from_fn(layers::protect))
        .with_state(app)
}
