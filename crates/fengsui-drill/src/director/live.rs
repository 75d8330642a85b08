//! People on a node that runs by itself: they do what is due and take up what others left.

use std::collections::BTreeSet;
use std::iter::Peekable;

use fengsui_domain::expr::{Answers, Value};
use fengsui_domain::incident::{Incident, Phase};
use fengsui_domain::plan::{FactKind, Plan, Text};
use fengsui_service::store::{IncidentFilter, MAX_PAGE};
use fengsui_wire::plan::scenario::Chosen;
use jiff::Timestamp;

use super::{Case, Director, Planned};
use crate::error::Result;
use crate::policy::Wants;

/// Things done in one go: a day of a busy city.
const MAX_AT_ONCE: usize = 10_000;

impl Director {
    /// Does whatever is due by now. Returns when the next thing happens, if anything will.
    ///
    /// # Errors
    /// [`crate::Error`] if the service fails. What it was about is left; everything else can go on.
    pub async fn advance<I>(&mut self, injects: &mut Peekable<I>) -> Result<Option<Timestamp>>
    where
        I: Iterator<Item = Planned>,
    {
        self.catch_up(None).await?;
        for _ in 0..MAX_AT_ONCE {
            let inject = injects.peek().map(|planned| planned.at);
            let act = self.agenda.peek().map(|entry| entry.0.at);
            let next = [inject, act].into_iter().flatten().min();
            let Some(at) = next.filter(|at| *at <= self.now()) else { return Ok(next) };
            if inject == Some(at) {
                if let Some(planned) = injects.next() {
                    self.happen(planned).await?;
                }
            } else if let Some(entry) = self.agenda.pop() {
                self.turn(entry.0.what).await?;
            }
        }
        Ok(Some(self.now()))
    }

    /// Takes up the open incidents that were opened by people like these, told by the mark before their
    /// titles. Returns how many there are.
    ///
    /// # Errors
    /// [`crate::Error`] if the service fails.
    pub async fn take_up(&mut self) -> Result<usize> {
        let (mut after, mut ids) = (None, Vec::new());
        loop {
            let filter = IncidentFilter::default();
            let page = self.service.store().incident_list(filter, after, MAX_PAGE).await?;
            let ours = page.items.iter().filter(|row| {
                let over = matches!(row.phase.as_str(), "archived" | "withdrawn");
                !over && self.manner.words.is_marked(&row.title)
            });
            ids.extend(ours.map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        for id in &ids {
            let Some(known) = self.service.store().incident_get(*id).await? else { continue };
            let incident = known.value;
            let wants = Wants::left(&incident, self.service.plan_of(&incident)?);
            let case = Case { name: incident.number.clone(), incident, wants, assigned: BTreeSet::new() };
            self.cases.insert(*id, case);
            self.plan_ahead(*id)?;
        }
        Ok(ids.len())
    }

    /// Incidents whose response has not ended yet.
    pub fn unended(&self) -> usize {
        let unended = |case: &&Case| case.incident.phase.ended_at().is_none();
        self.cases.values().filter(unended).count()
    }
}

impl Wants {
    /// What the world wants of an incident whose story nobody remembers: what was found stands, what was not
    /// found yet is nothing bad, and playbooks go on along their first answers.
    fn left(incident: &Incident, plan: &Plan) -> Self {
        let mut facts: Answers =
            incident.answers.iter().map(|(fact, answer)| (fact.clone(), answer.value.clone())).collect();
        if matches!(incident.phase, Phase::Judged(_) | Phase::Analysing(_)) {
            for (fact, known) in plan.questions() {
                let harmless = match &known.kind {
                    _ if known.needs_reason => None,
                    FactKind::Bool => Some(Value::Bool(false)),
                    FactKind::OneOf(choices) => choices.first().map(|one| Value::Choice(one.id.clone())),
                    FactKind::Count => None,
                };
                if let Some(harmless) = harmless {
                    facts.entry(fact.clone()).or_insert(harmless);
                }
            }
        }
        let playbooks = incident.runs.iter().map(|run| Chosen {
            playbook: run.playbook.clone(),
            what: Text { zh: run.what.clone(), en: run.what.clone() },
            branches: std::collections::BTreeMap::new(),
            urgent: BTreeSet::new(),
            skip: BTreeSet::new(),
        });
        Self { facts, playbooks: playbooks.collect(), ..Self::default() }
    }
}
