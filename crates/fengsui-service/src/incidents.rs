//! Incidents: read, decided, written; and what the desk shows of them.

use fengsui_domain::change::Change;
use fengsui_domain::grading::{Proposal, propose};
use fengsui_domain::id::IncidentId;
use fengsui_domain::incident::{self, Command, Incident, IncidentChange, Pinned};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::Plan;
use fengsui_store::{
    Awaiting, Commit, Cursor, EventFilter, EventRow, IncidentFilter, IncidentRow, OpenClock, Page,
    StoreError, TimelineRow, Versioned,
};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::events::check_expected;
use crate::node::{MAX_TRIES, Service};

/// Clocks of each group that the desk shows.
pub const DESK_CLOCKS: usize = 50;
/// Events and waiting decisions that the desk shows.
pub const DESK_ITEMS: usize = 50;

/// The duty desk: what needs somebody now.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Open duties of the bodies the caller speaks for, most urgent first.
    pub mine: Vec<OpenClock>,
    /// Open duties of bodies that nobody speaks for.
    pub nobodys: Vec<OpenClock>,
    /// All open duties.
    pub all: Page<OpenClock>,
    /// How many duties are open, and how many of them overdue.
    pub counts: (u64, u64),
    /// Events that wait for triage, newest first.
    pub events: Page<EventRow>,
    /// Decisions that wait, longest first.
    pub awaiting: Vec<Awaiting>,
}

impl Service {
    /// What needs somebody now.
    pub async fn desk(&self, caller: &Caller) -> Result<Desk> {
        caller.actor.permit(Permission::CaseRead)?;
        let store = &self.inner.store;
        let names = |bodies: &std::collections::BTreeSet<fengsui_domain::plan::RoleId>| -> Vec<String> {
            bodies.iter().map(|body| body.as_str().to_owned()).collect()
        };
        let mine = store.clock_list_open(Some(names(&caller.actor.bodies)), None, DESK_CLOCKS).await?.items;
        let all = store.clock_list_open(None, None, DESK_CLOCKS).await?;
        let manned = self.manned().await?;
        let unmanned = self.bodies().into_iter().filter(|role| !manned.contains(role)).collect();
        let nobodys = store.clock_list_open(Some(names(&unmanned)), None, DESK_CLOCKS).await?.items;
        let waiting =
            EventFilter { state: Some(fengsui_domain::event::EventState::New), ..EventFilter::default() };
        Ok(Desk {
            mine,
            nobodys,
            all,
            counts: store.clock_counts(self.now()).await?,
            events: store.event_list(waiting, None, DESK_ITEMS).await?,
            awaiting: store.awaiting_list(DESK_ITEMS).await?,
        })
    }

    /// Open duties, most urgent first.
    pub async fn clock_list(
        &self,
        caller: &Caller,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<OpenClock>> {
        caller.actor.permit(Permission::CaseRead)?;
        Ok(self.inner.store.clock_list_open(None, after, limit).await?)
    }

    /// Incidents, newest first.
    pub async fn incident_list(
        &self,
        caller: &Caller,
        filter: IncidentFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<IncidentRow>> {
        caller.actor.permit(Permission::CaseRead)?;
        Ok(self.inner.store.incident_list(filter, after, limit).await?)
    }

    /// An incident.
    pub async fn incident(&self, caller: &Caller, id: IncidentId) -> Result<Versioned<Incident>> {
        caller.actor.permit(Permission::CaseRead)?;
        self.incident_or_not_found(id).await
    }

    /// An incident by its number, such as `I-2026-000007`.
    pub async fn incident_by_number(&self, caller: &Caller, number: &str) -> Result<Versioned<Incident>> {
        caller.actor.permit(Permission::CaseRead)?;
        let incident = self.inner.store.incident_by_number(number.to_owned()).await?;
        incident.ok_or(Error::NotFound { what: "incident", id: number.to_owned() })
    }

    pub(crate) async fn incident_or_not_found(&self, id: IncidentId) -> Result<Versioned<Incident>> {
        let incident = self.inner.store.incident_get(id).await?;
        incident.ok_or(Error::NotFound { what: "incident", id: id.to_string() })
    }

    /// What the plan proposes for an incident as it stands, and why.
    pub fn proposal(&self, incident: &Incident) -> Result<Proposal> {
        Ok(propose(self.plan_of(incident)?, &incident.facts()))
    }

    /// Everything that happened to an incident, newest first.
    pub async fn incident_timeline(
        &self,
        caller: &Caller,
        id: IncidentId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<TimelineRow>> {
        caller.actor.permit(Permission::CaseRead)?;
        self.incident_or_not_found(id).await?;
        Ok(self.inner.store.entry_list(Some(format!("incident/{id}")), before, limit).await?)
    }

    /// Decides a command and writes what it became.
    ///
    /// # Errors
    /// [`Error::Refused`] by the rules, [`Error::Changed`] if the caller saw another version.
    pub async fn incident_command(
        &self,
        caller: &Caller,
        id: IncidentId,
        command: Command,
    ) -> Result<Versioned<Incident>> {
        caller.actor.permit(Permission::CaseRead)?;
        if self.earlier_answer(caller).await?.is_some() {
            return self.incident_or_not_found(id).await;
        }
        match self.command_decided(caller, id, command).await {
            Ok(known) => Ok(known),
            Err(error) => {
                self.answered_meanwhile(caller, error).await?;
                self.incident_or_not_found(id).await
            }
        }
    }

    async fn command_decided(
        &self,
        caller: &Caller,
        id: IncidentId,
        command: Command,
    ) -> Result<Versioned<Incident>> {
        for _ in 0..MAX_TRIES {
            let known = self.incident_or_not_found(id).await?;
            check_expected(caller, known.version)?;
            let plan = self.plan_after(&known.value, &command)?;
            let changes = self.decide(caller, &known.value, command.clone(), plan).await?;
            if changes.is_empty() {
                return Ok(known);
            }
            let commit = self.commit_for(caller, &id.to_string());
            let commit = self.with_consequences(commit, &known, changes).await?;
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return self.incident_or_not_found(id).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("incident/{id}"), expected: 0, found: 0 }.into())
    }

    /// The plan that governs once `command` was accepted.
    fn plan_after(&self, incident: &Incident, command: &Command) -> Result<&Plan> {
        let beside = incident.beside.iter().map(|attached| &attached.plan);
        match command {
            Command::AttachPlan { plan, .. } if incident.plans().all(|known| known.id != plan.id) => {
                self.plan_together(&incident.plan, beside.chain([plan]))
            }
            Command::DetachPlan { plan, .. } => {
                self.plan_together(&incident.plan, beside.filter(|known| known.id != *plan))
            }
            _ => self.plan_of(incident),
        }
    }

    async fn decide(
        &self,
        caller: &Caller,
        known: &Incident,
        command: Command,
        plan: &Plan,
    ) -> Result<Vec<IncidentChange>> {
        if let Command::LinkDerived { incident } = &command {
            self.incident_or_not_found(*incident).await?;
        }
        let command = match command {
            Command::Pin { what, note, .. } => {
                Command::Pin { what, title: self.title_of(caller, what).await?, note }
            }
            other => other,
        };
        let manned = self.manned().await?;
        let mut new_id = || self.inner.environment.new_id();
        let (actor, now) = (&caller.actor, self.now());
        let context = incident::Context { plan, actor, manned: &manned, now, new_id: &mut new_id };
        Ok(incident::decide(known, command, context)?)
    }

    /// The title of what is to be pinned, which must be there.
    async fn title_of(&self, caller: &Caller, what: Pinned) -> Result<String> {
        Ok(match what {
            Pinned::Resource { resource } => self.resource(caller, resource).await?.value.particulars.title,
            Pinned::Incident { incident } => {
                let known = self.incident_or_not_found(incident).await?.value;
                format!("{} {}", known.number, known.title)
            }
        })
    }

    /// The changes with what they mean for others: a parent whose derived incident is over, an event
    /// whose incident was withdrawn. All in one commit.
    async fn with_consequences(
        &self,
        commit: Commit,
        known: &Versioned<Incident>,
        changes: Vec<IncidentChange>,
    ) -> Result<Commit> {
        let of = known.value.id;
        let over = changes.iter().any(|change| {
            matches!(change, IncidentChange::ResponseEnded { .. } | IncidentChange::Withdrawn { .. })
        });
        let withdrawn = changes.iter().any(|change| matches!(change, IncidentChange::Withdrawn { .. }));
        let changes = changes.into_iter().map(|change| Change::Incident { of, change: Box::new(change) });
        let mut commit = commit.batch(known.version, changes.collect());
        if withdrawn && let Some((version, change)) = self.reopen_with(&known.value).await? {
            commit = commit.batch(version, vec![change]);
        }
        if over {
            for (parent, version) in self.parents(&known.value).await? {
                let change = Box::new(IncidentChange::DerivedClosed { incident: of });
                commit = commit.batch(version, vec![Change::Incident { of: parent, change }]);
            }
        }
        Ok(commit)
    }

    /// Open incidents that this one was derived from and that still wait for it.
    async fn parents(&self, incident: &Incident) -> Result<Vec<(IncidentId, u64)>> {
        let Some(parent) = incident.parent else { return Ok(Vec::new()) };
        let known = self.incident_or_not_found(parent).await?;
        // What is closed waits for nothing and is not changed any more.
        let listed =
            known.value.derived.iter().any(|derived| derived.incident == incident.id && !derived.closed);
        let waits = listed && !known.value.is_closed();
        Ok(if waits { vec![(parent, known.version)] } else { Vec::new() })
    }
}
