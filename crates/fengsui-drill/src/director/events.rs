//! What happens from outside: events told of, log lines, facts that change; and their triage.

use fengsui_domain::actor::{Bodies, By};
use fengsui_domain::event::Source;
use fengsui_service::events::{EventWords, Triage};
use fengsui_wire::plan::scenario::{Found, Happening, Range, Reported, Work};
use jiff::tz::TimeZone;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::change::Subject;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::plan::{Plan, RoleId, RuleId};
use fengsui_service::Error as ServiceError;
use fengsui_service::ingest::Stream;
use jiff::{SignedDuration, Timestamp};

use super::{Case, Director, Entry, Planned, Told, Under, What};
use crate::cast::Wanted;
use crate::error::Result;
use crate::outcome::Said;
use crate::policy::{OrderWanted, Wants};

/// What is saved at once.
const AT_ONCE: Range = Range { from: SignedDuration::ZERO, to: SignedDuration::ZERO };

impl Director {
    /// Something happens.
    pub(super) async fn happen(&mut self, planned: Planned) -> Result<()> {
        let Planned { name, under, what, then, .. } = planned;
        match what {
            Happening::Event(reported) => self.tell(name, under, *reported, then),
            Happening::Log { lines, triage } => {
                let told = Told { under, found: *triage, incident: None, waiting: then };
                self.told.insert(name.clone(), told);
                self.log(name, &lines).await
            }
            other => {
                if let Some(left) = self.ahead.get_mut(&name) {
                    *left = left.saturating_sub(1);
                }
                self.befall(&name, other)
            }
        }
    }

    /// Something happens to an event that was told of.
    fn befall(&mut self, name: &str, what: Happening) -> Result<()> {
        let Some(told) = self.told.get_mut(name) else { return Ok(()) };
        let Some(id) = told.incident else {
            told.waiting.push(what);
            return Ok(());
        };
        if let Some(case) = self.cases.get_mut(&id) {
            case.wants.take(what);
        }
        self.plan_ahead(id)
    }

    /// Somebody tells of an event; whoever is at the desk records it.
    fn tell(&mut self, name: String, under: Under, reported: Reported, then: Vec<Happening>) -> Result<()> {
        let aware_at = self.now().saturating_sub(reported.aware).unwrap_or(Timestamp::MIN);
        let known = under.whole(&self.service)?;
        let person = self.at_the_desk(known, Some(AT_ONCE));
        let told = Told { under, found: reported.found.clone(), incident: None, waiting: then };
        self.told.insert(name.clone(), told);
        if let Some((at, person)) = person {
            self.reports.insert(name.clone(), reported);
            self.enter(at, What::Record { name, person, aware_at });
        }
        Ok(())
    }

    /// Who of the desk is free first, and when.
    fn at_the_desk(&self, plan: &Plan, takes: Option<Range>) -> Option<(Timestamp, usize)> {
        let now = self.now();
        let unit = [RoleId::new("unit")];
        let wanted = Wanted {
            work: Work::Triage,
            by: &plan.grading.confirmed_by,
            or_recorded_by: &unit,
            apart: &[],
            since: now,
            takes,
        };
        let bodies = Bodies { plan, headquarters: false, manned: self.cast.manned() };
        self.cast.book(&wanted, bodies, now, &self.dice).map(|booked| (booked.recorded_at, booked.person))
    }

    fn enter(&mut self, at: Timestamp, what: What) {
        self.agenda.push(Reverse(Entry { at, number: self.booked, what }));
        self.booked += 1;
    }

    pub(super) async fn record_event(
        &mut self,
        name: String,
        person: usize,
        aware_at: Timestamp,
    ) -> Result<()> {
        let Some(reported) = self.reports.remove(&name) else { return Ok(()) };
        let words = self.manner.words;
        let unit = reported.unit.get(words.lang).to_owned();
        let event = EventWords {
            title: words.marked(&reported.title),
            details: words.marked(&reported.details),
            source: reported.source,
            sender: match reported.source {
                Source::Monitoring => words.say("监测平台", "monitoring platform"),
                Source::Circular => words.say("上级通报", "circular from above"),
                Source::Report => unit.clone(),
            },
            unit,
            asset: reported.asset,
            occurred_at: Some(aware_at),
            aware_at: Some(aware_at),
            points: BTreeMap::new(),
            reporter: String::new(),
            lines: Vec::new(),
            sightings: None,
        };
        let actor = self.cast.person(person);
        let said = self.said(person, &name, "record");
        match self.service.event_record(&actor.caller, event).await {
            Ok(known) => {
                self.record.acted(said);
                self.record.counts.events += 1;
                self.look_at(name, known.value.id)
            }
            Err(ServiceError::Refused(refusal)) => {
                self.record.refused(said, refusal.code(), refusal.to_string());
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn said(&self, person: usize, name: &str, act: &'static str) -> Said {
        let person = self.cast.person(person).name.clone();
        Said { at: self.now(), person, case: name.to_owned(), act }
    }

    /// Lines arrive; the first event they make is the one that was meant, others are false alarms.
    async fn log(&mut self, name: String, lines: &[String]) -> Result<()> {
        let (source, part) = self.manner.words.mark.source();
        let mut stream = self.stream.take().unwrap_or_else(|| Stream::new(source, None, TimeZone::UTC, 0));
        // What changed before is looked at first: below, an event that changed is one these lines made.
        self.catch_up(None).await?;
        let by = By::Node { part: part.into() };
        let done = self.service.ingest(&mut stream, lines, by, None).await;
        self.stream = Some(stream);
        done?;
        let events: BTreeSet<EventId> = self
            .changed()
            .into_iter()
            .filter_map(|subject| match subject {
                Subject::Event(id) => Some(id),
                _ => None,
            })
            .collect();
        if events.is_empty() && !self.manner.keep {
            self.told.remove(&name);
        }
        for (place, event) in events.into_iter().enumerate() {
            self.record.counts.events += 1;
            let own = if place == 0 { name.clone() } else { format!("{name}/{place}") };
            if place > 0 {
                let under = self.told[&name].under.clone();
                let told = Told { under, found: Found::FalsePositive, incident: None, waiting: Vec::new() };
                self.told.insert(own.clone(), told);
            }
            self.look_at(own, event)?;
        }
        Ok(())
    }

    /// Somebody is going to judge an event.
    fn look_at(&mut self, name: String, event: EventId) -> Result<()> {
        let plan = self.told[&name].under.whole(&self.service)?;
        if let Some((at, person)) = self.at_the_desk(plan, None) {
            self.enter(at, What::Triage { name, event, person });
        }
        Ok(())
    }

    pub(super) async fn triage(&mut self, name: String, event: EventId, person: usize) -> Result<()> {
        let words = self.manner.words;
        let told = &self.told[&name];
        let triage = match &told.found {
            Found::FalsePositive => Triage::FalsePositive {
                reason: words.say("核查为误报", "looked into: a false alarm"),
                done: words.say("已加入白名单", "added to the list of known good"),
            },
            Found::NotOurs => Triage::NotOurs {
                body: words.say("主管单位", "the competent body"),
                person: words.say("值班员", "its duty officer"),
                passed_on: words.say("全部记录", "the whole record"),
            },
            Found::Incident { category, level, parent, .. } => Triage::Incident {
                plan: Some(told.under.plan.clone()),
                beside: told.under.beside.clone(),
                title: String::new(),
                category: category.clone(),
                level: *level,
                reason: words.say("初步判断", "first judgement"),
                answers: BTreeMap::new(),
                parent: parent.as_ref().and_then(|parent| self.told.get(parent)?.incident),
            },
        };
        let actor = self.cast.person(person);
        let said = self.said(person, &name, "triage");
        match self.service.event_triage(&actor.caller, event, triage).await {
            Ok(known) => {
                self.record.acted(said);
                self.opened(name, known.value.incident()).await
            }
            Err(ServiceError::Refused(refusal)) => {
                self.record.refused(said, refusal.code(), refusal.to_string());
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// People take up an incident; an event that is none is done with.
    async fn opened(&mut self, name: String, incident: Option<IncidentId>) -> Result<()> {
        let Some(id) = incident else {
            if !self.manner.keep {
                self.told.remove(&name);
            }
            return Ok(());
        };
        let Some(known) = self.service.store().incident_get(id).await? else { return Ok(()) };
        let Some(told) = self.told.get_mut(&name) else { return Ok(()) };
        told.incident = Some(id);
        let mut wants = Wants::default();
        if let Found::Incident { facts, parent, .. } = &told.found {
            wants.facts = facts.clone();
            if let Some(left) = parent.as_ref().and_then(|parent| self.ahead.get_mut(parent)) {
                *left = left.saturating_sub(1);
            }
        }
        for rule in &self.manner.conduct.orders {
            wants.order(told.under.whole(&self.service)?, rule);
        }
        for what in std::mem::take(&mut told.waiting) {
            wants.take(what);
        }
        let case = Case { name, incident: known.value, wants, assigned: BTreeSet::new() };
        self.record.counts.incidents += 1;
        self.cases.insert(id, case);
        self.plan_ahead(id)?;
        self.catch_up(Some(id)).await
    }
}

impl Wants {
    /// Something changes what the world wants.
    pub(crate) fn take(&mut self, what: Happening) {
        match what {
            Happening::Facts(facts) => self.facts.extend(facts),
            Happening::Grade(level) => self.level = Some(level),
            Happening::Playbook(chosen) => self.playbooks.push(*chosen),
            Happening::Order { rule, to, what } => self.orders.push((OrderWanted { rule, to, what }, false)),
            Happening::Event(_) | Happening::Log { .. } => {}
        }
    }

    /// An order of this kind, to the first addressee it has.
    fn order(&mut self, plan: &Plan, rule: &RuleId) {
        let Some(known) = plan.order(rule) else { return };
        let body = known.to.first().map(ToString::to_string);
        let to = body.or_else(|| known.experts.first().map(|field| field.id.to_string()));
        if let Some(to) = to {
            let what = known.title.clone();
            self.orders.push((OrderWanted { rule: rule.clone(), to, what }, false));
        }
    }
}
