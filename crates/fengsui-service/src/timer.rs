//! The timer: tells people when a duty nears its end and records when it lapsed.
//!
//! It holds no state of its own. What is due stands in the store, so a restart, a crash or a jump of
//! the wall clock makes it late at worst, and what it does late carries both times.

use std::sync::atomic::Ordering;
use std::time::Duration;

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::id::IncidentId;
use fengsui_domain::incident;
use fengsui_domain::node::NodeChange;
use fengsui_store::{Commit, StoreError};
use jiff::SignedDuration;

use crate::error::{Error, Result};
use crate::node::Service;

/// Longest sleep. Half a second keeps what is due within a second of its time.
const MAX_SLEEP: Duration = Duration::from_millis(500);
/// Incidents looked at in one round.
const MAX_ROUND: usize = 200;
/// Incidents whose clocks ring in one commit: after a long standstill thousands may be due at once, and each commit
/// of its own would wait for a sync.
const MAX_TOGETHER: usize = 50;
/// How often duty books are looked through: what they hold falls due by the day.
const DUTY_PAUSE: Duration = Duration::from_secs(60);
/// Pause of a node that does not lead until it asks again: with what the server needs to notice that a leader is
/// gone, another leads within five seconds.
const ASK_PAUSE: Duration = Duration::from_millis(500);
/// A jump of the wall clock from here on is recorded.
const MIN_JUMP: SignedDuration = SignedDuration::from_secs(2);

impl Service {
    /// Runs until cancelled. Errors are logged and the next round tries again.
    pub async fn run_timer(&self) {
        let (mut wall, mut steady) = (self.now(), self.inner.environment.time.steady());
        let mut looked: Option<std::time::Instant> = None;
        loop {
            let leads = self.leads().await;
            if leads {
                match self.timer_round().await {
                    Ok(MAX_ROUND) => {} // There may be more that is due.
                    Ok(_) => tokio::time::sleep(MAX_SLEEP).await,
                    Err(error) => {
                        tracing::error!(
                            error = &error as &dyn std::error::Error,
                            "the timer could not finish a round"
                        );
                        tokio::time::sleep(MAX_SLEEP).await;
                    }
                }
            } else {
                tokio::time::sleep(ASK_PAUSE).await;
            }
            if leads && looked.is_none_or(|looked| steady.duration_since(looked) >= DUTY_PAUSE) {
                if let Err(error) = self.duty_round().await {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "duty books could not be looked through");
                }
                looked = Some(steady);
            }
            let (now, steady_now) = (self.now(), self.inner.environment.time.steady());
            let passed =
                SignedDuration::try_from(steady_now.duration_since(steady)).unwrap_or(SignedDuration::MAX);
            let jump = now.duration_since(wall) - passed;
            if jump.abs() >= MIN_JUMP {
                self.record_jump(jump).await;
            }
            (wall, steady) = (now, steady_now);
        }
    }

    /// Whether this node runs the timer: one of those on a database does. Nobody does while the database does not
    /// answer.
    async fn leads(&self) -> bool {
        let leads = self.inner.store.leads().await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "who runs the timer is not known");
            false
        });
        if self.inner.leads.swap(leads, Ordering::Relaxed) != leads {
            tracing::info!(leads, "who runs the timer changed");
        }
        leads
    }

    /// Whether this node ran the timer when it asked last.
    pub fn is_leading(&self) -> bool {
        self.inner.leads.load(Ordering::Relaxed)
    }

    /// What is due now, as far as one round goes. Returns how many it concerned.
    ///
    /// # Errors
    /// The last that was met; one incident that fails holds up none of the others.
    pub async fn timer_round(&self) -> Result<usize> {
        let due = self.inner.store.clock_list_waking(self.now(), MAX_ROUND).await?;
        let mut outcome = Ok(due.len());
        for together in due.chunks(MAX_TOGETHER) {
            match self.tick(together).await {
                Ok(()) => continue,
                // One that fails or was changed meanwhile must not hold up the others.
                Err(_) if together.len() > 1 => {}
                Err(error) => {
                    outcome = Err(could_not_ring(together[0], error));
                    continue;
                }
            }
            for incident in together {
                if let Err(error) = self.tick(&[*incident]).await {
                    outcome = Err(could_not_ring(*incident, error));
                }
            }
        }
        outcome
    }

    /// Says what is due of these incidents, in one commit.
    async fn tick(&self, incidents: &[IncidentId]) -> Result<()> {
        let by = By::Node { part: "timer".into() };
        let now = self.now();
        let mut commit = Commit::new(by, now, None);
        for of in incidents.iter().copied() {
            let known = self.incident_or_not_found(of).await?;
            let changes = incident::tick(&known.value, now).into_iter();
            let changes: Vec<Change> =
                changes.map(|change| Change::Incident { of, change: Box::new(change) }).collect();
            if !changes.is_empty() {
                commit = commit.batch(known.version, changes);
            }
        }
        if commit.batches.is_empty() {
            return Ok(());
        }
        match self.inner.store.commit(commit).await {
            // Somebody was faster; the next round sees what is still to say.
            Err(StoreError::Conflict { .. }) if incidents.len() == 1 => Ok(()),
            outcome => Ok(outcome.map(drop)?),
        }
    }

    async fn record_jump(&self, jump: SignedDuration) {
        tracing::warn!(seconds = jump.as_secs(), "the wall clock jumped");
        let change = Change::Node { change: NodeChange::ClockJumped { seconds: jump.as_secs() } };
        let written = async {
            let node = self.node().await?;
            let by = By::Node { part: "timer".into() };
            self.inner
                .store
                .commit(Commit::new(by, self.now(), None).batch(node.version, vec![change]))
                .await?;
            Result::<()>::Ok(())
        };
        if let Err(error) = written.await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a jump of the wall clock could not be recorded"
            );
        }
    }
}

/// Logs that the clocks of an incident could not ring, and hands the reason on.
fn could_not_ring(incident: IncidentId, error: Error) -> Error {
    tracing::error!(%incident, error = &error as &dyn std::error::Error, "a clock could not ring");
    error
}
