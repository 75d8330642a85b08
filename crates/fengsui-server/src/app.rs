//! What every handler shares.

use std::sync::Arc;

use axum::extract::FromRef;
use fengsui_service::Service;

use crate::metrics::Metrics;

/// The state of the server. Clones share it.
#[derive(Clone)]
pub struct App {
    /// The node.
    pub service: Service,
    /// Counters.
    pub metrics: Arc<Metrics>,
}

impl FromRef<App> for Service {
    fn from_ref(app: &App) -> Self {
        app.service.clone()
    }
}
