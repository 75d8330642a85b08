//! What officers do: record, judge, and whatever an incident waits for, seen a while ago.

use std::collections::BTreeMap;

use fengsui_domain::actor::Bodies;
use fengsui_domain::event::Source;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::incident::{Command, Incident};
use fengsui_domain::plan::Lang;
use fengsui_service::events::{EventWords, Triage};
use fengsui_service::store::{RequestKey, StoreError};
use fengsui_service::{Caller, Error};
use fengsui_wire::plan::scenario::{Conduct, Found, Happening};

use super::{
    BTreeSet, Cast, Context, Dice, Future, Pin, Planned, Poll, Service, SignedDuration, Timestamp, Waker,
    Watch,
};
use crate::policy::{Moment, Situation, Wants, tasks};
use crate::words::{Mark, Words};

const WORDS: Words = Words { lang: Lang::Zh, mark: Mark::Drill };

/// Something somebody does.
#[derive(Clone)]
pub(super) enum Act {
    Record(Box<Planned>),
    Triage(EventId, Box<Planned>),
    Command { incident: IncidentId, command: Box<Command>, expected: Option<u64> },
    Timer,
    Duties,
}

/// What an act led to.
pub(super) enum Told {
    Event(EventId, Box<Planned>),
    Incident(Option<IncidentId>, Option<Box<Planned>>),
    Nothing,
}

/// How an act ended.
pub(super) enum Answer {
    Done(Told),
    /// For good: nothing of it may be there.
    Refused,
    /// It may be there or not; the same request is sent again.
    Unknown,
    /// What must not happen.
    Fault(String),
}

/// An act under way, or one that waits to be sent again.
pub(super) struct Op {
    pub(super) number: u64,
    attempt: u32,
    act: Act,
    caller: Option<Caller>,
    /// The earliest and the latest time it could have seen.
    pub(super) times: (Timestamp, Timestamp),
    /// It is gone once nobody waits for it any more.
    work: Option<Pin<Box<dyn Future<Output = Answer>>>>,
}

impl Op {
    pub(super) fn begin(
        number: u64,
        act: Act,
        caller: Option<Caller>,
        service: &Service,
        now: Timestamp,
    ) -> Self {
        Self { number, attempt: 0, act, caller, times: (now, now), work: None }.again(service, now)
    }

    /// The same request once more.
    pub(super) fn again(mut self, service: &Service, now: Timestamp) -> Self {
        self.attempt += 1;
        self.times = (now, now);
        let caller = self.caller.clone().map(|caller| Caller {
            request: Some(self.request()),
            key: Some(RequestKey {
                actor: caller.actor.by.identity(),
                key: format!("op-{}", self.number),
                fingerprint: format!("{:064x}", self.number),
            }),
            ..caller
        });
        let (service, act) = (service.clone(), self.act.clone());
        self.work = Some(Box::pin(async move { carried_out(&service, caller, act).await }));
        self
    }

    pub(super) fn poll(&mut self) -> Poll<Answer> {
        let work = self.work.as_mut().expect("an act under way");
        work.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Nobody waits for it any more.
    pub(super) fn silent(self) -> Self {
        Self { work: None, ..self }
    }

    pub(super) fn hears(&mut self, now: Timestamp) {
        self.times = (self.times.0.min(now), self.times.1.max(now));
    }

    /// The id of the request as it stands in entries.
    pub(super) fn request(&self) -> String {
        format!("op-{}/{}", self.number, self.attempt)
    }

    pub(super) fn name(&self) -> String {
        let what = match &self.act {
            Act::Record(_) => "record",
            Act::Triage(..) => "triage",
            Act::Command { command, .. } => command.name(),
            Act::Timer => "timer",
            Act::Duties => "duties",
        };
        format!("{} ({what})", self.request())
    }

    /// Whether it cannot be done without an entry.
    pub(super) fn writes_always(&self) -> bool {
        match &self.act {
            Act::Record(_) | Act::Triage(..) => true,
            Act::Command { command, .. } => matches!(**command, Command::Note { .. }),
            Act::Timer | Act::Duties => false,
        }
    }

    /// The node's own work is not repeated under a key.
    pub(super) fn is_somebodys(&self) -> bool {
        self.caller.is_some()
    }
}

async fn carried_out(service: &Service, caller: Option<Caller>, act: Act) -> Answer {
    let done = match (act, caller) {
        (Act::Record(planned), Some(caller)) => {
            let Some(words) = words(&planned, service.now()) else { return Answer::Refused };
            let known = service.event_record(&caller, words).await;
            known.map(|known| Told::Event(known.value.id, planned))
        }
        (Act::Triage(event, planned), Some(caller)) => {
            let known = service.event_triage(&caller, event, judged(&planned)).await;
            known.map(|known| Told::Incident(known.value.incident(), Some(planned)))
        }
        (Act::Command { incident, command, expected }, Some(caller)) => {
            let caller = Caller { expected, ..caller };
            let known = service.incident_command(&caller, incident, *command).await;
            known.map(|known| Told::Incident(Some(known.value.id), None))
        }
        (Act::Duties, _) => service.duty_round().await.map(|_| Told::Nothing),
        _ => service.timer_round().await.map(|_| Told::Nothing),
    };
    match done {
        Ok(told) => Answer::Done(told),
        Err(Error::Store(StoreError::Unavailable { .. } | StoreError::Stopped { .. })) => Answer::Unknown,
        Err(
            Error::Refused(_)
            | Error::Changed { .. }
            | Error::Store(StoreError::Conflict { .. } | StoreError::Taken { .. }),
        ) => Answer::Refused,
        Err(error) => Answer::Fault(error.to_string()),
    }
}

/// What whoever is at the desk writes down.
fn words(planned: &Planned, now: Timestamp) -> Option<EventWords> {
    let Happening::Event(reported) = &planned.what else { return None };
    let aware = now.saturating_sub(reported.aware).ok()?;
    Some(EventWords {
        // The number makes it findable.
        title: format!("{} no{}x", WORDS.marked(&reported.title), planned.name),
        details: WORDS.marked(&reported.details),
        source: Source::Report,
        sender: reported.unit.get(Lang::Zh).to_owned(),
        unit: reported.unit.get(Lang::Zh).to_owned(),
        asset: reported.asset.clone(),
        occurred_at: Some(aware),
        aware_at: Some(aware),
        points: BTreeMap::new(),
        reporter: String::new(),
        lines: Vec::new(),
        sightings: None,
    })
}

fn judged(planned: &Planned) -> Triage {
    let found = match &planned.what {
        Happening::Event(reported) => &reported.found,
        _ => &Found::FalsePositive,
    };
    match found {
        Found::FalsePositive => Triage::FalsePositive {
            reason: WORDS.say("误报", "false"),
            done: WORDS.say("白名单", "listed"),
        },
        Found::NotOurs => Triage::NotOurs {
            body: WORDS.say("主管单位", "the competent body"),
            person: WORDS.say("值班员", "its duty officer"),
            passed_on: WORDS.say("全部记录", "the whole record"),
        },
        Found::Incident { category, level, .. } => Triage::Incident {
            plan: Some(planned.under.plan.clone()),
            beside: planned.under.beside.clone(),
            title: String::new(),
            category: category.clone(),
            level: *level,
            reason: WORDS.say("初步判断", "first judgement"),
            answers: BTreeMap::new(),
            parent: None,
        },
    }
}

/// What the world wants of an incident.
pub(super) fn wants(planned: &Planned) -> Wants {
    let mut wants = Wants::default();
    if let Happening::Event(reported) = &planned.what
        && let Found::Incident { facts, .. } = &reported.found
    {
        wants.facts = facts.clone();
    }
    planned.then.iter().cloned().for_each(|what| wants.take(what));
    wants
}

impl Act {
    /// Something that somebody would do now, and who; none if nothing waits.
    pub(super) async fn choose(
        service: &Service,
        cast: &Cast,
        dice: &Dice,
        ahead: &mut Vec<Planned>,
        watch: &mut Watch,
    ) -> Option<(Self, usize)> {
        let anybody = || usize::try_from(dice.below(cast.len() as u64)).unwrap_or(0);
        let roll = dice.below(100);
        if !ahead.is_empty() && roll < 15 {
            return Some((Self::Record(Box::new(ahead.remove(0))), anybody()));
        }
        if roll < 35
            && let Some((event, planned)) = watch.pick_event(dice)
        {
            return Some((Self::Triage(event, planned), anybody()));
        }
        let id = watch.pick_incident(dice)?;
        // Half of them look anew; the others act on what they saw.
        let seen = watch.seen(id).filter(|_| dice.below(2) == 0);
        let (version, incident) = if let Some(seen) = seen {
            seen
        } else {
            let known = service.store().incident_get(id).await.ok().flatten()?;
            watch.saw(id, known.version, known.value.clone());
            (known.version, known.value)
        };
        if dice.below(12) == 0 {
            let command = Command::Note { text: WORDS.say("备注", "a remark") };
            return Some((
                Self::Command { incident: id, command: Box::new(command), expected: None },
                anybody(),
            ));
        }
        let expected = (dice.below(4) == 0).then_some(version);
        let (command, person) = command(service, cast, dice, &incident, &watch.wants(id))?;
        Some((Self::Command { incident: id, command: Box::new(command), expected }, person))
    }
}

/// One of the tasks of an incident, by somebody who may do it, or, now and then, by anybody.
fn command(
    service: &Service,
    cast: &Cast,
    dice: &Dice,
    incident: &Incident,
    wants: &Wants,
) -> Option<(Command, usize)> {
    let plan = service.plan_of(incident).ok()?;
    let conduct = Conduct::default();
    let situation = Situation { plan, incident, wants, conduct: &conduct, cast, words: WORDS };
    let tasks = tasks(&situation);
    if tasks.is_empty() {
        return None;
    }
    let task = dice.pick(&tasks);
    let manned: &BTreeSet<_> = cast.manned();
    let bodies = Bodies { plan, headquarters: incident.has_headquarters(), manned };
    let strict = dice.below(10) > 0;
    let fits = |person: &usize| {
        let may = cast.may(*person, (&task.by, &task.or_recorded_by), bodies);
        may && !task.apart.contains(&cast.person(*person).account)
    };
    let people: Vec<usize> = (0..cast.len()).filter(|person| !strict || fits(person)).collect();
    let person = if people.is_empty() { return None } else { *dice.pick(&people) };
    let now = service.now();
    let ago = SignedDuration::from_secs(i64::try_from(dice.below(600)).unwrap_or(0));
    let since = task.since.unwrap_or(incident.opened_at);
    let done_at = now.saturating_sub(ago).unwrap_or(now).max(since).min(now);
    let bodies = Bodies { plan, headquarters: incident.has_headquarters(), manned };
    let own = cast.may(person, (&task.by, &[]), bodies);
    let moment = Moment { done_at, now, own, name: &cast.person(person).name };
    Some(((task.make)(&moment), person))
}
