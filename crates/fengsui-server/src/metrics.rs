//! Counters for Prometheus, with units in their names and few series.

use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Bounds of request times, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Labels of a request: the route, not the path, so that the series stay few.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The route's pattern.
    pub route: String,
    /// The status.
    pub status: u16,
}

/// All counters.
pub struct Metrics {
    registry: Registry,
    requests: Family<Route, Counter>,
    seconds: Histogram,
    /// Entries in the ledger.
    pub ledger_entries: Gauge<u64, AtomicU64>,
    /// Open duties.
    pub clocks_open: Gauge<u64, AtomicU64>,
    /// Overdue duties.
    pub clocks_overdue: Gauge<u64, AtomicU64>,
    /// 1 if this node runs the timer, 0 if another one on the same database does.
    pub timer_leads: Gauge<u64, AtomicU64>,
    /// Changes refused since they would break a rule that must always hold.
    pub invariants_broken: Gauge<u64, AtomicU64>,
    /// When the last backup was finished, in seconds since 1970; 0 before the first.
    pub backup_seconds: Gauge<i64, AtomicI64>,
    /// When a backup was last restored as a trial, in seconds since 1970; 0 before the first.
    pub trial_seconds: Gauge<i64, AtomicI64>,
    /// 1 if the last trial found nothing wrong.
    pub trial_good: Gauge<u64, AtomicU64>,
}

impl Metrics {
    /// All counters at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("fengsui");
        let requests = Family::<Route, Counter>::default();
        let seconds = Histogram::new(SECONDS);
        let (ledger_entries, clocks_open, clocks_overdue) =
            (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to answer a request", seconds.clone());
        registry.register("ledger_entries", "Entries in the ledger", ledger_entries.clone());
        registry.register("clocks_open", "Open duties", clocks_open.clone());
        registry.register("clocks_overdue", "Overdue duties", clocks_overdue.clone());
        let timer_leads = Gauge::default();
        registry.register("timer_leads", "Whether this node runs the timer", timer_leads.clone());
        let invariants_broken = Gauge::default();
        registry.register(
            "invariants_broken",
            "Changes refused since they would break a rule that must always hold: a fault of the program",
            invariants_broken.clone(),
        );
        let (backup_seconds, trial_seconds) = (Gauge::default(), Gauge::default());
        let trial_good = Gauge::default();
        registry.register(
            "backup_last_timestamp_seconds",
            "When the last backup was finished, 0 before the first",
            backup_seconds.clone(),
        );
        registry.register(
            "restore_trial_last_timestamp_seconds",
            "When a backup was last restored as a trial, 0 before the first",
            trial_seconds.clone(),
        );
        registry.register(
            "restore_trial_good",
            "Whether the last trial found nothing wrong",
            trial_good.clone(),
        );
        Self {
            registry,
            requests,
            seconds,
            ledger_entries,
            clocks_open,
            clocks_overdue,
            timer_leads,
            invariants_broken,
            backup_seconds,
            trial_seconds,
            trial_good,
        }
    }

    /// Counts an answered request.
    pub fn answered(&self, route: &Route, took: Duration) {
        self.requests.get_or_create(route).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Everything in the `OpenMetrics` text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .expect("a string takes every write");
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
