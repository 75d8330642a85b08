//! Events: what was observed, kept from the first second, judged once enough is known.
//!
//! An event is saved in seconds and completed later; each amendment is a change of its own, timed and
//! signed by the entry that carries it. Triage has exactly three outcomes and may be redone.
//! Source: `jincheng-internet-2008/5.1.1`, `5.1.5.1`, `5.1.5.2`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::actor::By;
use crate::id::{EventId, IncidentId};
use crate::permission::named;
use crate::plan::RuleId;
use crate::refusal::Refusal;

named! {
    /// Where event information comes from. Source: `jincheng-internet-2008/5.1.1`.
    Source {
        /// The monitoring (forecasting and warning) system.
        Monitoring = "monitoring",
        /// A circular of a higher or other functional body.
        Circular = "circular",
        /// A report by the public or by a responsible unit.
        Report = "report",
    }
}

/// A text that only the holder of the node's field key can read: base64 of nonce and ciphertext.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// What is known of an event; every field can be amended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Intake {
    /// One line.
    pub title: String,
    /// What happened.
    pub details: String,
    /// Where the information came from.
    pub source: Source,
    /// Who sent it (body or system, not a private person).
    pub sender: String,
    /// The unit where it happened.
    pub unit: String,
    /// The asset (host, system, site) concerned.
    pub asset: String,
    /// When it is believed to have happened.
    pub occurred_at: Option<Timestamp>,
    /// When the unit became aware of it: clocks count from here.
    pub aware_at: Timestamp,
    /// The plan's points of intake: data traces, details, losses, impact, state of control.
    #[serde(default)]
    pub points: BTreeMap<RuleId, String>,
    /// Name and contact of a reporting person, sealed.
    #[serde(default)]
    pub reporter: Option<Sealed>,
}

/// A line of a log kept as evidence of an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EvidenceLine {
    /// The file, socket or sender it came from.
    pub origin: String,
    /// Its number there, from 1, if it has one.
    pub line: Option<u64>,
    /// The line, cut at [`MAX_LINE_CHARS`].
    pub text: String,
    /// What stood out: the indicator or the rule.
    pub because: String,
}

/// Characters kept of one evidence line.
pub const MAX_LINE_CHARS: usize = 600;
/// Evidence lines kept with one event: 20 × 600 characters < 18,000 (`limits::MAX_CHANGE_CHARS`).
pub const MAX_EVIDENCE_LINES: usize = 20;

/// Sightings folded into one event: a flood is one row with a count.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// What triage found. Source: `jincheng-internet-2008/5.1.5.2.1` to `5.1.5.2.3`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A security event: an incident was opened for it.
    Incident {
        /// The incident.
        incident: IncidentId,
    },
    /// A false alarm: recorded and dealt with by the duty officer.
    FalsePositive {
        /// Why it is one.
        reason: String,
        /// What was done, for example a rule tuned.
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

/// One judgement; earlier ones stay.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Judgement {
    /// What was found.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// An event as it stands, folded from its changes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Its number on this node, such as `E-2026-000042`.
    pub number: String,
    /// When it reached this desk.
    pub received_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: By,
    /// What is known.
    pub intake: Intake,
    /// Lines of evidence.
    pub lines: Vec<EvidenceLine>,
    /// Sightings behind it, if monitoring raised it.
    pub sightings: Option<Sightings>,
    /// Judgements, latest last.
    pub judgements: Vec<Judgement>,
    /// A redone triage withdrew the last judgement, so it waits again.
    pub reopened: bool,
}

/// What happened to an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventChange {
    /// It was recorded.
    Recorded {
        /// Its number on this node.
        number: String,
        /// What was known.
        intake: Intake,
        /// First lines of evidence.
        lines: Vec<EvidenceLine>,
        /// Sightings behind it.
        sightings: Option<Sightings>,
    },
    /// What is known was amended; the whole intake as it now stands.
    Amended {
        /// The intake record.
        intake: Intake,
    },
    /// More sightings were folded in.
    Sighted {
        /// The sightings as they now stand.
        sightings: Sightings,
        /// Lines not kept before.
        lines: Vec<EvidenceLine>,
    },
    /// It was judged.
    Triaged {
        /// What was found.
        outcome: Outcome,
    },
    /// The last judgement was withdrawn; it waits for another.
    Reopened {
        /// Why.
        reason: String,
    },
    /// The body it was handed to confirmed receipt.
    HandoverReceipted {
        /// Their confirmation.
        receipt: String,
    },
    /// A person read the reporter's personal data.
    PersonalRead {
        /// Why.
        reason: String,
    },
}

named! {
    /// Where an event stands, for lists.
    EventState {
        /// It waits for triage.
        New = "new",
        /// It became an incident.
        Incident = "incident",
        /// It was a false alarm.
        FalsePositive = "false-positive",
        /// It was handed on.
        NotOurs = "not-ours",
    }
}

impl Event {
    /// The event that a first change makes; `None` for any other change.
    pub fn first(id: EventId, change: EventChange, at: Timestamp, by: By) -> Option<Self> {
        let EventChange::Recorded { number, intake, lines, sightings } = change else { return None };
        Some(Self {
            id,
            number,
            received_at: at,
            recorded_by: by,
            intake,
            lines,
            sightings,
            judgements: Vec::new(),
            reopened: false,
        })
    }

    /// Folds one more change in. Total: whatever the ledger holds was decided before.
    pub fn apply(&mut self, change: EventChange, at: Timestamp, by: By) {
        match change {
            EventChange::Recorded { .. } | EventChange::PersonalRead { .. } => {}
            EventChange::Amended { intake } => self.intake = intake,
            EventChange::Sighted { sightings, lines } => {
                self.sightings = Some(sightings);
                self.lines.extend(lines);
                self.lines.truncate(MAX_EVIDENCE_LINES);
            }
            EventChange::Triaged { outcome } => {
                self.judgements.push(Judgement { outcome, at, by });
                self.reopened = false;
            }
            EventChange::Reopened { .. } => self.reopened = true,
            EventChange::HandoverReceipted { receipt: text } => {
                if let Some(Judgement { outcome: Outcome::NotOurs { receipt, .. }, .. }) =
                    self.judgements.last_mut()
                {
                    *receipt = Some(text);
                }
            }
        }
    }

    /// The judgement that stands.
    pub fn judgement(&self) -> Option<&Judgement> {
        self.judgements.last().filter(|_| !self.reopened)
    }

    /// Where it stands.
    pub fn state(&self) -> EventState {
        match self.judgement().map(|judgement| &judgement.outcome) {
            None => EventState::New,
            Some(Outcome::Incident { .. }) => EventState::Incident,
            Some(Outcome::FalsePositive { .. }) => EventState::FalsePositive,
            Some(Outcome::NotOurs { .. }) => EventState::NotOurs,
        }
    }

    /// The incident it became, if it did.
    pub fn incident(&self) -> Option<IncidentId> {
        match &self.judgement()?.outcome {
            Outcome::Incident { incident } => Some(*incident),
            _ => None,
        }
    }

    /// Passes if the event waits for a judgement.
    pub fn untriaged(&self, action: &'static str) -> Result<(), Refusal> {
        match self.judgement() {
            None => Ok(()),
            Some(_) => Err(Refusal::WrongPhase { action, phase: self.state().as_str() }),
        }
    }

    /// Whether the last judgement may be withdrawn so that triage can be redone.
    ///
    /// An event that became an incident is reopened by withdrawing the incident.
    /// Source: `jincheng-internet-2008/5.1.5.2` ("a triage may be redone").
    pub fn may_reopen(&self) -> Result<(), Refusal> {
        match self.state() {
            EventState::FalsePositive | EventState::NotOurs => Ok(()),
            state => Err(Refusal::WrongPhase { action: "reopen", phase: state.as_str() }),
        }
    }
}
