//! Events: recorded in seconds, amended, judged, handed on, reopened.

use std::collections::BTreeMap;

use fengsui_domain::change::Change;
use fengsui_domain::event::{
    Event, EventChange, EvidenceLine, Intake, MAX_EVIDENCE_LINES, MAX_LINE_CHARS, Outcome, Sealed, Sightings,
    Source,
};
use fengsui_domain::expr::Answers;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::incident::{self, Incident, IncidentChange, Opening};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::limits::{
    MAX_AHEAD_S, MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, optional_text, text, together,
};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{CategoryId, Plan, PlanId, RuleId};
use fengsui_domain::refusal::Refusal;
use fengsui_store::{Cursor, EventFilter, EventRow, Page, StoreError, Versioned};
use jiff::{SignedDuration, Timestamp};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::{MAX_TRIES, Service};

/// What a person or a program says of an event.
#[derive(Clone, Debug)]
pub struct EventWords {
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
    /// When the unit became aware; now, if not said.
    pub aware_at: Option<Timestamp>,
    /// The plan's points of intake.
    pub points: BTreeMap<RuleId, String>,
    /// Name and contact of a reporting person.
    pub reporter: String,
    /// Lines of evidence.
    pub lines: Vec<EvidenceLine>,
    /// Sightings behind it.
    pub sightings: Option<Sightings>,
}

/// What triage finds.
#[derive(Clone, Debug)]
pub enum Triage {
    /// A security event: an incident is opened.
    Incident {
        /// The plan it is opened under; the node's own if nobody chose.
        plan: Option<PlanId>,
        /// Other plans that govern it too.
        beside: Vec<PlanId>,
        /// One line; the event's title if empty.
        title: String,
        /// Its class.
        category: CategoryId,
        /// The provisional level.
        level: IncidentLevel,
        /// Why this level.
        reason: String,
        /// Answers already known.
        answers: Answers,
        /// The incident it is derived from.
        parent: Option<IncidentId>,
    },
    /// A false alarm.
    FalsePositive {
        /// Why.
        reason: String,
        /// What was done.
        done: String,
    },
    /// Not ours.
    NotOurs {
        /// To which body.
        body: String,
        /// To whom there.
        person: String,
        /// What was passed on.
        passed_on: String,
    },
}

impl Service {
    /// Records an event: saved in seconds, completed later. Source: `jincheng-internet-2008/5.1.5.1`.
    pub async fn event_record(&self, caller: &Caller, words: EventWords) -> Result<Versioned<Event>> {
        caller.actor.permit(Permission::EventRecord)?;
        if let Some(earlier) = self.earlier_answer(caller).await? {
            return self.event_by_answer(&earlier).await;
        }
        let version = self.plan_in_force().await?;
        let plan = self.plan(&version)?;
        let of = EventId(self.inner.environment.new_id());
        let (lines, sightings) = (cut(words.lines.clone()), words.sightings.clone());
        let intake = self.intake(plan, of, words, None)?;
        for _ in 0..MAX_TRIES {
            let number = self.next_number("E", &plan.zone).await?;
            let (intake, lines, sightings) = (intake.clone(), lines.clone(), sightings.clone());
            let change = EventChange::Recorded { number, intake, lines, sightings };
            let commit =
                self.commit_for(caller, &of.to_string()).batch(0, vec![Change::Event { of, change }]);
            match self.inner.store.commit(commit).await {
                Ok(_) => return self.event_or_not_found(of).await,
                Err(StoreError::Taken { .. }) => {}
                Err(StoreError::Repeated) => {
                    let earlier = self.earlier_answer(caller).await?.ok_or(Error::KeyReused)?;
                    return self.event_by_answer(&earlier).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Taken { what: "number of an event".into() }.into())
    }

    async fn event_by_answer(&self, answer: &str) -> Result<Versioned<Event>> {
        let id = answer.parse().map_err(|_| Error::KeyReused)?;
        self.event_or_not_found(id).await
    }

    /// The intake record, checked; what is not said stays as it was.
    fn intake(&self, plan: &Plan, of: EventId, words: EventWords, before: Option<&Intake>) -> Result<Intake> {
        let now = self.now();
        let past = |field: &'static str, at: Timestamp| {
            let ahead = at.duration_since(now) > SignedDuration::from_secs(MAX_AHEAD_S);
            if ahead {
                Err(Refusal::BadTime { field, at, problem: "in the future" })
            } else {
                Ok(at.min(now))
            }
        };
        let mut points = before.map(|before| before.points.clone()).unwrap_or_default();
        for (id, words) in words.points {
            if !plan.intake.points.iter().any(|point| point.id == id) {
                return Err(Refusal::Unknown { field: "points", value: id.to_string() }.into());
            }
            points.insert(id, optional_text("points", &words, MAX_PART_CHARS)?);
        }
        let reporter = optional_text("reporter", &words.reporter, MAX_TITLE_CHARS)?;
        let sealed = match (reporter.is_empty(), before) {
            (true, before) => before.and_then(|before| before.reporter.clone()),
            (false, _) => {
                Some(self.inner.field_key.seal(&reporter_place(of), &reporter, &self.inner.environment))
            }
        };
        let aware_at = words.aware_at.or(before.map(|before| before.aware_at)).unwrap_or(now);
        let intake = Intake {
            title: text("title", &words.title, MAX_TITLE_CHARS)?,
            details: optional_text("details", &words.details, MAX_TEXT_CHARS)?,
            source: words.source,
            sender: text("sender", &words.sender, MAX_TITLE_CHARS)?,
            unit: text("unit", &words.unit, MAX_TITLE_CHARS)?,
            asset: optional_text("asset", &words.asset, MAX_TITLE_CHARS)?,
            occurred_at: words.occurred_at.map(|at| past("occurred_at", at)).transpose()?,
            aware_at: past("aware_at", aware_at)?,
            points,
            reporter: sealed,
        };
        together("details", intake.points.values().chain([&intake.details]))?;
        Ok(intake)
    }

    /// Events, newest first.
    pub async fn event_list(
        &self,
        caller: &Caller,
        filter: EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<EventRow>> {
        caller.actor.permit(Permission::CaseRead)?;
        Ok(self.inner.store.event_list(filter, after, limit).await?)
    }

    /// An event. Whoever may record events but not read cases may read those they recorded themselves.
    pub async fn event(&self, caller: &Caller, id: EventId) -> Result<Versioned<Event>> {
        let event = self.inner.store.event_get(id).await?;
        let may = caller.actor.may(Permission::CaseRead);
        let own = |event: &Versioned<Event>| event.value.recorded_by == caller.by();
        let hidden = || Error::NotFound { what: "event", id: id.to_string() };
        event.filter(|event| may || own(event)).ok_or_else(hidden)
    }

    /// An event by its number, such as `E-2026-000042`; hidden like [`Self::event`].
    pub async fn event_by_number(&self, caller: &Caller, number: &str) -> Result<Versioned<Event>> {
        let hidden = || Error::NotFound { what: "event", id: number.to_owned() };
        let event = self.inner.store.event_by_number(number.to_owned()).await?.ok_or_else(hidden)?;
        self.event(caller, event.value.id).await
    }

    pub(crate) async fn event_or_not_found(&self, id: EventId) -> Result<Versioned<Event>> {
        let event = self.inner.store.event_get(id).await?;
        event.ok_or(Error::NotFound { what: "event", id: id.to_string() })
    }

    /// Amends an event; each amendment is a change of its own.
    pub async fn event_amend(
        &self,
        caller: &Caller,
        id: EventId,
        words: EventWords,
    ) -> Result<Versioned<Event>> {
        caller.actor.permit(Permission::EventRecord)?;
        self.event(caller, id).await?;
        let version = self.plan_in_force().await?;
        let plan = self.plan(&version)?;
        self.event_apply(caller, id, |event| {
            let intake = self.intake(plan, id, words.clone(), Some(&event.intake))?;
            Ok(if intake == event.intake { Vec::new() } else { vec![EventChange::Amended { intake }] })
        })
        .await
    }

    /// Judges an event: exactly three outcomes. Source: `jincheng-internet-2008/5.1.5.2`.
    pub async fn event_triage(
        &self,
        caller: &Caller,
        id: EventId,
        triage: Triage,
    ) -> Result<Versioned<Event>> {
        caller.actor.permit(Permission::EventTriage)?;
        caller.actor.permit(Permission::CaseRead)?;
        match triage {
            Triage::Incident { .. } => self.triage_incident(caller, id, triage).await,
            Triage::FalsePositive { reason, done } => {
                let reason = text("reason", &reason, MAX_PART_CHARS)?;
                let done = text("done", &done, MAX_PART_CHARS)?;
                self.triage_apply(caller, id, Outcome::FalsePositive { reason, done }).await
            }
            Triage::NotOurs { body, person, passed_on } => {
                let outcome = Outcome::NotOurs {
                    body: text("body", &body, MAX_TITLE_CHARS)?,
                    person: text("person", &person, MAX_TITLE_CHARS)?,
                    passed_on: text("passed_on", &passed_on, MAX_PART_CHARS)?,
                    at: self.now(),
                    receipt: None,
                };
                self.triage_apply(caller, id, outcome).await
            }
        }
    }

    async fn triage_apply(&self, caller: &Caller, id: EventId, outcome: Outcome) -> Result<Versioned<Event>> {
        self.event_apply(caller, id, |event| {
            event.untriaged("triage")?;
            Ok(vec![EventChange::Triaged { outcome: outcome.clone() }])
        })
        .await
    }

    /// Event and incident change in one commit, so neither is without the other.
    async fn triage_incident(
        &self,
        caller: &Caller,
        id: EventId,
        triage: Triage,
    ) -> Result<Versioned<Event>> {
        if self.earlier_answer(caller).await?.is_some() {
            return self.event_or_not_found(id).await;
        }
        match self.incident_opened(caller, id, triage).await {
            Ok(event) => Ok(event),
            Err(error) => {
                self.answered_meanwhile(caller, error).await?;
                self.event_or_not_found(id).await
            }
        }
    }

    async fn incident_opened(
        &self,
        caller: &Caller,
        id: EventId,
        triage: Triage,
    ) -> Result<Versioned<Event>> {
        let Triage::Incident { plan: chosen, beside, title, category, level, reason, answers, parent } =
            triage
        else {
            unreachable!("`event_triage` hands on this outcome only")
        };
        if let Some(parent) = parent {
            self.incident(caller, parent).await?;
        }
        let version = self.plan_chosen(chosen.as_ref()).await?;
        let mut others = Vec::new();
        for id in &beside {
            others.push(self.plan_chosen(Some(id)).await?);
        }
        let plan = self.plan_together(&version, &others)?;
        let manned = self.manned().await?;
        for _ in 0..MAX_TRIES {
            let event = self.event_or_not_found(id).await?;
            check_expected(caller, event.version)?;
            event.value.untriaged("triage")?;
            let intake = &event.value.intake;
            let incident = IncidentId(self.inner.environment.new_id());
            let opening = Opening {
                id: incident,
                number: self.next_number("I", &plan.zone).await?,
                title: if title.trim().is_empty() { intake.title.clone() } else { title.clone() },
                event: id,
                plan: version.clone(),
                beside: others.clone(),
                unit: intake.unit.clone(),
                asset: intake.asset.clone(),
                category: category.clone(),
                received_at: event.value.received_at,
                occurred_at: intake.occurred_at,
                aware_at: intake.aware_at,
                answers: answers.clone(),
                level,
                reason: reason.clone(),
                parent,
            };
            let mut new_id = || self.inner.environment.new_id();
            let context = incident::Context {
                plan,
                actor: &caller.actor,
                manned: &manned,
                now: self.now(),
                new_id: &mut new_id,
            };
            let (_, changes) = incident::open(opening, context)?;
            let triaged = EventChange::Triaged { outcome: Outcome::Incident { incident } };
            let changes =
                changes.into_iter().map(|change| Change::Incident { of: incident, change: Box::new(change) });
            let mut commit = self
                .commit_for(caller, &id.to_string())
                .batch(event.version, vec![Change::Event { of: id, change: triaged }])
                .batch(0, changes.collect());
            if let Some(parent) = parent {
                let known = self.incident_or_not_found(parent).await?;
                if known.value.is_closed() {
                    let phase = known.value.phase.name();
                    return Err(Refusal::WrongPhase { action: "link-derived", phase }.into());
                }
                let change = Box::new(IncidentChange::DerivedLinked { incident });
                commit = commit.batch(known.version, vec![Change::Incident { of: parent, change }]);
            }
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return self.event_or_not_found(id).await,
                Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("event/{id}"), expected: 0, found: 0 }.into())
    }

    /// Withdraws the last judgement, so that triage can be redone.
    pub async fn event_reopen(&self, caller: &Caller, id: EventId, reason: &str) -> Result<Versioned<Event>> {
        caller.actor.permit(Permission::EventTriage)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        self.event_apply(caller, id, |event| {
            event.may_reopen()?;
            Ok(vec![EventChange::Reopened { reason: reason.clone() }])
        })
        .await
    }

    /// Records that the body an event was handed to confirmed receipt.
    pub async fn event_receipt(
        &self,
        caller: &Caller,
        id: EventId,
        receipt: &str,
    ) -> Result<Versioned<Event>> {
        caller.actor.permit(Permission::EventTriage)?;
        let receipt = text("receipt", receipt, MAX_TITLE_CHARS)?;
        self.event_apply(caller, id, |event| match event.judgement().map(|judgement| &judgement.outcome) {
            Some(Outcome::NotOurs { receipt: None, .. }) => {
                Ok(vec![EventChange::HandoverReceipted { receipt: receipt.clone() }])
            }
            Some(Outcome::NotOurs { .. }) => Err(Refusal::AlreadyDone { action: "receipt" }.into()),
            _ => Err(Refusal::WrongPhase { action: "receipt", phase: event.state().as_str() }.into()),
        })
        .await
    }

    /// Reads the reporter's name and contact; the reading itself becomes an entry.
    pub async fn event_reporter(&self, caller: &Caller, id: EventId, reason: &str) -> Result<String> {
        caller.actor.permit(Permission::PersonalRead)?;
        caller.actor.permit(Permission::CaseRead)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let event = self.event_or_not_found(id).await?;
        let missing = || Error::NotFound { what: "reporter of event", id: id.to_string() };
        let sealed: Sealed = event.value.intake.reporter.ok_or_else(missing)?;
        let open = self.inner.field_key.open(&reporter_place(id), &sealed);
        let open = open.ok_or_else(missing)?;
        self.event_apply(caller, id, |_| Ok(vec![EventChange::PersonalRead { reason: reason.clone() }]))
            .await?;
        Ok(open)
    }

    async fn event_apply<F>(&self, caller: &Caller, of: EventId, decide: F) -> Result<Versioned<Event>>
    where
        F: Fn(&Event) -> Result<Vec<EventChange>>,
    {
        if self.earlier_answer(caller).await?.is_some() {
            return self.event_or_not_found(of).await;
        }
        match self.event_decided(caller, of, decide).await {
            Ok(event) => Ok(event),
            Err(error) => {
                self.answered_meanwhile(caller, error).await?;
                self.event_or_not_found(of).await
            }
        }
    }

    async fn event_decided<F>(&self, caller: &Caller, of: EventId, decide: F) -> Result<Versioned<Event>>
    where
        F: Fn(&Event) -> Result<Vec<EventChange>>,
    {
        for _ in 0..MAX_TRIES {
            let event = self.event_or_not_found(of).await?;
            check_expected(caller, event.version)?;
            let changes: Vec<Change> =
                decide(&event.value)?.into_iter().map(|change| Change::Event { of, change }).collect();
            if changes.is_empty() {
                return Ok(event);
            }
            let commit = self.commit_for(caller, &of.to_string()).batch(event.version, changes);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return self.event_or_not_found(of).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("event/{of}"), expected: 0, found: 0 }.into())
    }

    /// Withdraws an incident and reopens its event, in one commit.
    pub(crate) async fn reopen_with(&self, incident: &Incident) -> Result<Option<(u64, Change)>> {
        let event = self.event_or_not_found(incident.event).await?;
        let change = EventChange::Reopened { reason: "the incident was withdrawn".into() };
        let stands = event.value.incident() == Some(incident.id);
        Ok(stands.then_some((event.version, Change::Event { of: incident.event, change })))
    }
}

/// Refuses if the caller saw another version.
pub(crate) fn check_expected(caller: &Caller, found: u64) -> Result<()> {
    match caller.expected {
        Some(expected) if expected != found => Err(Error::Changed { expected, found }),
        _ => Ok(()),
    }
}

/// Where the sealed reporter of an event stands.
fn reporter_place(of: EventId) -> String {
    format!("event/{of}/reporter")
}

/// Evidence lines within their limits: control characters made visible, long lines cut.
pub(crate) fn cut(lines: Vec<EvidenceLine>) -> Vec<EvidenceLine> {
    let visible = |text: &str, max: usize| -> String {
        text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(max).collect()
    };
    let kept = lines.into_iter().take(MAX_EVIDENCE_LINES);
    kept.map(|line| EvidenceLine {
        origin: visible(&line.origin, MAX_TITLE_CHARS),
        line: line.line,
        text: visible(&line.text, MAX_LINE_CHARS),
        because: visible(&line.because, MAX_TITLE_CHARS),
    })
    .collect()
}
