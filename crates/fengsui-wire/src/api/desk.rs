//! The duty desk.

use fengsui_domain::clock;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Clock, EventSummary, IncidentLevel};

/// An open duty with the incident it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OpenClock {
    /// The clock.
    pub clock: Clock,
    /// The incident.
    pub incident: Uuid,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: IncidentLevel,
    /// The plan it runs under.
    pub plan: String,
}

impl OpenClock {
    /// The duty as it stands at `now`.
    pub fn new(
        clock: &clock::Clock,
        now: Timestamp,
        of: (Uuid, String, String, IncidentLevel, String),
    ) -> Self {
        let (incident, number, title, level, plan) = of;
        Self { clock: Clock::new(clock, now), incident, number, title, level, plan }
    }
}

/// What waits for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwaitedStep {
    /// The start of a response.
    Start,
    /// The change of a response.
    Adjust,
    /// The end of a response.
    End,
    /// The verification of a disposal plan.
    VerifyDisposal,
    /// The summing-up of the findings on a disposal plan.
    SumUpDisposal,
    /// The approval of a disposal plan.
    DecideDisposal,
    /// The approval of a publication.
    ApprovePublication,
    /// The release of a publication.
    ReleasePublication,
}

impl AwaitedStep {
    /// The step by its name in the core.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "start" => Self::Start,
            "adjust" => Self::Adjust,
            "end" => Self::End,
            "verify-disposal" => Self::VerifyDisposal,
            "sum-up-disposal" => Self::SumUpDisposal,
            "decide-disposal" => Self::DecideDisposal,
            "publish" => Self::ApprovePublication,
            "release-publication" => Self::ReleasePublication,
            _ => return None,
        })
    }
}

/// Something that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Awaited {
    /// What waits.
    pub step: AwaitedStep,
    /// The disposal plan or the publication; absent for a step of the response.
    pub part: Option<Uuid>,
    /// Since when.
    pub since: Timestamp,
    /// The incident.
    pub incident: Uuid,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: IncidentLevel,
}

/// What needs somebody now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Desk {
    /// When it was read; "overdue" is relative to this instant.
    pub at: Timestamp,
    /// How many duties are open.
    pub open: u64,
    /// How many of them are overdue.
    pub overdue: u64,
    /// The most urgent duties of the bodies the caller speaks for; at most 50.
    pub mine: Vec<OpenClock>,
    /// The most urgent duties of bodies that nobody speaks for; at most 50.
    pub nobodys: Vec<OpenClock>,
    /// The most urgent of all duties; at most 50, the rest is at `/api/v1/clocks`.
    pub all: Vec<OpenClock>,
    /// Events that wait for triage, newest first; at most 50.
    pub events: Vec<EventSummary>,
    /// Decisions that wait, longest first; at most 50.
    pub awaiting: Vec<Awaited>,
}
