//! What every handler shares.

use std::sync::Arc;

use axum::extract::FromRef;
use fengsui_service::Service;
use tokio::sync::watch;

use crate::metrics::Metrics;

/// The state of the server. Clones share it.
#[derive(Clone)]
pub struct App {
    /// The node.
    pub service: Service,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Turns true when the node is to stop; what would never end by itself ends then.
    pub(crate) stopping: Arc<watch::Sender<bool>>,
}

impl App {
    /// A server of this node, with counters at zero.
    pub fn new(service: Service) -> Self {
        Self { service, metrics: Arc::default(), stopping: Arc::new(watch::Sender::new(false)) }
    }
}

impl FromRef<App> for Service {
    fn from_ref(app: &App) -> Self {
        app.service.clone()
    }
}
