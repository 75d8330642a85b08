//! Events: what was observed, as the API shows it.

use std::collections::BTreeMap;

use fengsui_domain::event;
use jiff::Timestamp;
use uuid::Uuid;

use super::whole::whole_or_none;
use super::{By, EventState, Source};

mod request;

pub use request::{AmendEvent, ReadReporter, RecordEvent, RecordHandoverReceipt, ReopenEvent, TriageEvent};

/// A line of a log kept as evidence of an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceLine {
    /// The file, socket or sender it came from.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub origin: String,
    /// Its number there, from 1, if it has one.
    #[serde(default, deserialize_with = "whole_or_none")]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991.0)]
    pub line: Option<u64>,
    /// The line.
    #[schema(max_length = 600)]
    pub text: String,
    /// What stood out: the indicator or the rule.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub because: String,
}

impl From<&event::EvidenceLine> for EvidenceLine {
    fn from(line: &event::EvidenceLine) -> Self {
        Self {
            origin: line.origin.clone(),
            line: line.line,
            text: line.text.clone(),
            because: line.because.clone(),
        }
    }
}

/// Sightings folded into one event: a flood is one row with a count.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Sightings {
    /// What was seen: an indicator's value, or the key of a rule of attention.
    pub key: String,
    /// The indicator list or rule it comes from.
    pub rule: String,
    /// How often.
    pub count: u64,
    /// First time.
    pub first_at: Timestamp,
    /// Last time.
    pub last_at: Timestamp,
}

impl From<&event::Sightings> for Sightings {
    fn from(sightings: &event::Sightings) -> Self {
        Self {
            key: sightings.key.clone(),
            rule: sightings.rule.clone(),
            count: sightings.count,
            first_at: sightings.first_at,
            last_at: sightings.last_at,
        }
    }
}

/// What triage found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Finding {
    /// A security event: an incident was opened for it.
    Incident {
        /// The incident.
        incident: Uuid,
    },
    /// A false alarm.
    FalsePositive {
        /// Why it is one.
        reason: String,
        /// What was done.
        done: String,
    },
    /// Nothing to do with network security: handed to the competent body.
    NotOurs {
        /// To which body.
        body: String,
        /// To whom there.
        person: String,
        /// What was passed on.
        passed_on: String,
        /// When.
        at: Timestamp,
        /// Their confirmation of receipt, once it is there.
        receipt: Option<String>,
    },
}

impl From<&event::Outcome> for Finding {
    fn from(outcome: &event::Outcome) -> Self {
        match outcome {
            event::Outcome::Incident { incident } => Self::Incident { incident: incident.0 },
            event::Outcome::FalsePositive { reason, done } => {
                Self::FalsePositive { reason: reason.clone(), done: done.clone() }
            }
            event::Outcome::NotOurs { body, person, passed_on, at, receipt } => Self::NotOurs {
                body: body.clone(),
                person: person.clone(),
                passed_on: passed_on.clone(),
                at: *at,
                receipt: receipt.clone(),
            },
        }
    }
}

/// One judgement; earlier ones stay.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Judgement {
    /// What was found.
    pub finding: Finding,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// An event as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Event {
    /// Its id.
    pub id: Uuid,
    /// Its number on this node, such as `E-2026-000042`.
    pub number: String,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
    /// Where it stands.
    pub state: EventState,
    /// When it reached this desk.
    pub received_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: By,
    /// One line.
    pub title: String,
    /// What happened.
    pub details: String,
    /// Where the information came from.
    pub source: Source,
    /// Who sent it.
    pub sender: String,
    /// The unit where it happened.
    pub unit: String,
    /// The asset concerned.
    pub asset: String,
    /// When it is believed to have happened.
    pub occurred_at: Option<Timestamp>,
    /// When the unit became aware of it.
    pub aware_at: Timestamp,
    /// The plan's points of intake, by their ids.
    pub points: BTreeMap<String, String>,
    /// Name and contact of a reporting person are kept, sealed.
    pub has_reporter: bool,
    /// Lines of evidence.
    pub lines: Vec<EvidenceLine>,
    /// Sightings behind it, if monitoring raised it.
    pub sightings: Option<Sightings>,
    /// Judgements, latest last.
    pub judgements: Vec<Judgement>,
    /// The last judgement was withdrawn, so it waits again.
    pub reopened: bool,
    /// The incident it became, if it did.
    pub incident: Option<Uuid>,
}

impl Event {
    /// The event at a version.
    pub fn new(version: u64, event: &event::Event) -> Self {
        let intake = &event.intake;
        let judgements = event.judgements.iter().map(|judgement| Judgement {
            finding: (&judgement.outcome).into(),
            at: judgement.at,
            by: (&judgement.by).into(),
        });
        Self {
            id: event.id.0,
            number: event.number.clone(),
            version,
            state: event.state().into(),
            received_at: event.received_at,
            recorded_by: (&event.recorded_by).into(),
            title: intake.title.clone(),
            details: intake.details.clone(),
            source: intake.source.into(),
            sender: intake.sender.clone(),
            unit: intake.unit.clone(),
            asset: intake.asset.clone(),
            occurred_at: intake.occurred_at,
            aware_at: intake.aware_at,
            points: intake.points.iter().map(|(id, words)| (id.to_string(), words.clone())).collect(),
            has_reporter: intake.reporter.is_some(),
            lines: event.lines.iter().map(EvidenceLine::from).collect(),
            sightings: event.sightings.as_ref().map(Sightings::from),
            judgements: judgements.collect(),
            reopened: event.reopened,
            incident: event.incident().map(|incident| incident.0),
        }
    }
}

/// An event in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct EventSummary {
    /// Its id.
    pub id: Uuid,
    /// Its number on this node.
    pub number: String,
    /// How many changes it has had.
    pub version: u64,
    /// Where it stands.
    pub state: EventState,
    /// When it reached this desk.
    pub received_at: Timestamp,
    /// When the unit became aware of it.
    pub aware_at: Timestamp,
    /// One line.
    pub title: String,
    /// Where the information came from.
    pub source: Source,
    /// Who sent it.
    pub sender: String,
    /// The unit where it happened.
    pub unit: String,
    /// The asset concerned.
    pub asset: String,
    /// How many sightings are behind it, if monitoring raised it.
    pub sightings: Option<u64>,
    /// The incident it became, if it did.
    pub incident: Option<Uuid>,
}

impl EventSummary {
    /// The event at a version.
    pub fn new(version: u64, event: &event::Event) -> Self {
        let intake = &event.intake;
        Self {
            id: event.id.0,
            number: event.number.clone(),
            version,
            state: event.state().into(),
            received_at: event.received_at,
            aware_at: intake.aware_at,
            title: intake.title.clone(),
            source: intake.source.into(),
            sender: intake.sender.clone(),
            unit: intake.unit.clone(),
            asset: intake.asset.clone(),
            sightings: event.sightings.as_ref().map(|sightings| sightings.count),
            incident: event.incident().map(|incident| incident.0),
        }
    }
}

/// A reporting person's name and contact. Reading it became an entry of the ledger.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Reporter {
    /// As it was given.
    pub reporter: String,
}

impl std::fmt::Debug for Reporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reporter(…)")
    }
}
