//! The director: the next thing that happens, be it an inject, somebody's act, or the timer's wake.
//!
//! A discrete event loop. The clock jumps from one thing to the next; at one instant the timer comes
//! first, then injects, then people in the order in which they were booked. After each change to an
//! incident its tasks are read anew and whatever is new is booked with whoever does it first; when the
//! time comes the task is looked for again, and if it is gone nobody does it. On a node that runs by
//! itself (`live`) clock and timer are the node's, and only what is due is done.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::iter::Peekable;
use std::sync::Arc;

use fengsui_domain::actor::Bodies;
use fengsui_domain::change::Subject;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::incident::{Command, Incident, PlanVersion};
use fengsui_domain::plan::{Plan, PlanId};
use fengsui_service::ingest::Stream;
use fengsui_service::{Error as ServiceError, Service};
use fengsui_wire::plan::scenario::{Conduct, Found, Happening, Reported};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;

use crate::cast::{Booked, Cast, Wanted, later};
use crate::environment::{Clock, Dice};
use crate::error::{Error, Result};
use crate::outcome::{Record, Said};
use crate::policy::{Moment, Situation, Task, Wants, tasks};
use crate::words::Words;

mod events;
mod live;

/// How late the real timer is at most: it looks twice a second.
const TIMER_LAG: SignedDuration = SignedDuration::from_millis(500);
/// Things that happen in one run: a year of 10,000 incidents takes about two million.
const MAX_STEPS: u64 = 20_000_000;

/// Something that is going to happen.
#[derive(Clone, Debug)]
pub struct Planned {
    /// When.
    pub at: Timestamp,
    /// The event it is about, or the name of its own.
    pub name: String,
    /// The plans an incident is opened under.
    pub under: Under,
    /// What happens.
    pub what: Happening,
    /// What happens besides, as soon as there is an incident.
    pub then: Vec<Happening>,
}

/// The plans an incident is opened under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    /// The one that leads.
    pub plan: PlanId,
    /// Those beside it.
    pub beside: Vec<PlanId>,
}

impl Under {
    /// One plan alone.
    pub fn one(plan: PlanId) -> Self {
        Self { plan, beside: Vec::new() }
    }

    /// The plan they make together.
    ///
    /// # Errors
    /// [`Error::NoPlan`] if one is not at hand, [`Error::Service`] if they cannot run together.
    pub fn whole<'s>(&self, service: &'s Service) -> Result<&'s Plan> {
        let version = |id: &PlanId| {
            let pack = service.plans().get(id).ok_or_else(|| Error::NoPlan { plan: id.to_string() })?;
            Ok(PlanVersion { id: pack.plan.id.clone(), digest: pack.digest.clone() })
        };
        let lead = version(&self.plan)?;
        let beside: Vec<PlanVersion> = self.beside.iter().map(version).collect::<Result<_>>()?;
        Ok(service.plan_together(&lead, &beside)?)
    }
}

/// How people behave and write.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Their language, and the mark of what they write.
    pub words: Words,
    /// Choices the plan leaves to them.
    pub conduct: Conduct,
    /// Every act and every obligation is kept; else they are counted.
    pub keep: bool,
}

/// A run under way.
pub struct Director {
    service: Service,
    /// The clock that is moved; none where time goes by itself.
    clock: Option<Arc<Clock>>,
    /// Nobody did anything before.
    began: Timestamp,
    dice: Dice,
    cast: Cast,
    manner: Manner,
    changes: Receiver<Arc<[Subject]>>,
    agenda: BinaryHeap<Reverse<Entry>>,
    booked: u64,
    cases: BTreeMap<IncidentId, Case>,
    told: BTreeMap<String, Told>,
    /// Events on their way to the desk.
    reports: BTreeMap<String, Reported>,
    /// How many things are still to happen to each event.
    ahead: BTreeMap<String, usize>,
    stream: Option<Stream>,
    record: Record,
}

/// An incident that people work on.
struct Case {
    name: String,
    incident: Incident,
    wants: Wants,
    /// Keys of tasks that somebody was booked for.
    assigned: BTreeSet<String>,
}

/// An event that was told of.
struct Told {
    under: Under,
    found: Found,
    incident: Option<IncidentId>,
    /// What happened to it before there was an incident.
    waiting: Vec<Happening>,
}

/// Something in the agenda; of two at one instant the one booked first comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    at: Timestamp,
    number: u64,
    what: What,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Act { incident: IncidentId, key: String, person: usize, done_at: Timestamp },
    Record { name: String, person: usize, aware_at: Timestamp },
    Triage { name: String, event: EventId, person: usize },
}

impl Director {
    /// A run of this service, whose clock this is, with these people.
    pub fn new(service: Service, clock: Arc<Clock>, dice: Dice, cast: Cast, manner: Manner) -> Self {
        Self { clock: Some(clock), began: Timestamp::MIN, ..Self::live(service, dice, cast, manner) }
    }

    /// People on a node that runs by itself: its clock goes, its timer rings, others may act on it too.
    pub fn live(service: Service, dice: Dice, cast: Cast, manner: Manner) -> Self {
        let began = service.now();
        let (changes, record) = (service.changes(), Record::new(manner.keep));
        Self {
            service,
            clock: None,
            began,
            dice,
            cast,
            manner,
            changes,
            agenda: BinaryHeap::new(),
            booked: 0,
            cases: BTreeMap::new(),
            told: BTreeMap::new(),
            reports: BTreeMap::new(),
            ahead: BTreeMap::new(),
            stream: None,
            record,
        }
    }

    /// Says how much is going to happen to an event, so that nobody ends its incident before.
    pub fn expect(&mut self, name: &str) {
        *self.ahead.entry(name.to_owned()).or_default() += 1;
    }

    /// What was recorded so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Incidents that people still work on.
    pub fn open_cases(&self) -> usize {
        self.cases.len()
    }

    /// Runs until nothing more happens, or until `until`. The injects come in order of time.
    ///
    /// # Errors
    /// [`Error`] if the service fails; what it refuses is recorded and the run goes on.
    pub async fn run<I>(&mut self, injects: &mut Peekable<I>, until: Timestamp) -> Result<()>
    where
        I: Iterator<Item = Planned>,
    {
        for _ in 0..MAX_STEPS {
            let wake = self.service.store().clock_next_wake().await?.map(|wake| later(wake, TIMER_LAG));
            let inject = injects.peek().map(|planned| planned.at);
            let act = self.agenda.peek().map(|Reverse(entry)| entry.at);
            let Some(at) = [wake, inject, act].into_iter().flatten().min().filter(|at| *at <= until) else {
                return Ok(());
            };
            if let Some(clock) = &self.clock {
                clock.set(at);
            }
            if wake == Some(at) {
                self.service.timer_round().await?;
                self.catch_up(None).await?;
            } else if inject == Some(at) {
                if let Some(planned) = injects.next() {
                    self.happen(planned).await?;
                }
            } else if let Some(Reverse(entry)) = self.agenda.pop() {
                self.turn(entry.what).await?;
            }
        }
        Err(Error::TooLong { steps: MAX_STEPS })
    }

    /// Takes the incidents that are still open into the record.
    pub fn finish(mut self) -> Result<Record> {
        for case in std::mem::take(&mut self.cases).into_values() {
            let plan = self.service.plan_of(&case.incident)?;
            self.record.close(plan, self.manner.words.lang, &case.name, &case.incident);
        }
        Ok(self.record)
    }

    fn now(&self) -> Timestamp {
        self.service.now()
    }

    async fn turn(&mut self, what: What) -> Result<()> {
        match what {
            What::Act { incident, key, person, done_at } => self.act(incident, key, person, done_at).await,
            What::Record { name, person, aware_at } => self.record_event(name, person, aware_at).await,
            What::Triage { name, event, person } => self.triage(name, event, person).await,
        }
    }

    /// Somebody's turn: does the task if it still waits.
    async fn act(&mut self, id: IncidentId, key: String, person: usize, done_at: Timestamp) -> Result<()> {
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        case.assigned.remove(&key);
        let Some(command) = self.command(id, &key, person, done_at)? else {
            return self.plan_ahead(id);
        };
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        let (actor, act) = (self.cast.person(person), command.name());
        let said = Said { at: self.service.now(), person: actor.name.clone(), case: case.name.clone(), act };
        match self.service.incident_command(&actor.caller, id, command).await {
            Ok(known) => {
                self.record.acted(said);
                if let Some(place) = given(&key) {
                    case.wants.given(place);
                }
                self.record.note_met(&case.incident, &known.value, &actor.name);
                case.incident = known.value;
            }
            Err(ServiceError::Refused(refusal)) => {
                self.record.refused(said, refusal.code(), refusal.to_string());
                case.assigned.insert(key);
            }
            Err(error) => return Err(error.into()),
        }
        self.plan_ahead(id)?;
        self.catch_up(Some(id)).await
    }

    /// The command of a task, if it still waits and this person may still do it.
    fn command(
        &self,
        id: IncidentId,
        key: &str,
        person: usize,
        done_at: Timestamp,
    ) -> Result<Option<Command>> {
        let case = &self.cases[&id];
        let plan = self.service.plan_of(&case.incident)?;
        let (actor, now) = (self.cast.person(person), self.now());
        let waits = tasks(&situation(case, plan, &self.manner, &self.cast));
        let bodies =
            Bodies { plan, headquarters: case.incident.has_headquarters(), manned: self.cast.manned() };
        // Since they were booked a headquarters may have been formed, or somebody may have acted before.
        let task = waits.iter().find(|task| {
            let may = self.cast.may(person, (&task.by, &task.or_recorded_by), bodies);
            task.key == key && may && !task.apart.contains(&actor.account)
        });
        Ok(task.map(|task| {
            let since = task.since.unwrap_or(Timestamp::MIN).max(self.began);
            // Whoever was booked to stand in for a body may have to record its word now.
            let own = self.cast.may(person, (&task.by, &[]), bodies);
            let moment = Moment { done_at: done_at.max(since).min(now), now, own, name: &actor.name };
            (task.make)(&moment)
        }))
    }

    /// Reads anew what others than the people changed: the timer, a derived incident that came to its end.
    async fn catch_up(&mut self, but: Option<IncidentId>) -> Result<()> {
        for subject in self.changed() {
            if let Subject::Incident(id) = subject
                && Some(id) != but
                && let Some(case) = self.cases.get_mut(&id)
                && let Some(known) = self.service.store().incident_get(id).await?
            {
                case.incident = known.value;
                self.plan_ahead(id)?;
            }
        }
        Ok(())
    }

    /// The subjects changed since the last look.
    fn changed(&mut self) -> BTreeSet<Subject> {
        let mut changed = BTreeSet::new();
        loop {
            match self.changes.try_recv() {
                Ok(subjects) => changed.extend(subjects.iter().copied()),
                Err(TryRecvError::Lagged(_)) => {
                    changed.extend(self.cases.keys().map(|id| Subject::Incident(*id)));
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => return changed,
            }
        }
    }

    /// Books somebody for every task that is new; a closed incident is taken into the record.
    fn plan_ahead(&mut self, id: IncidentId) -> Result<()> {
        let Some(case) = self.cases.get_mut(&id) else { return Ok(()) };
        let plan = self.service.plan_of(&case.incident)?;
        if case.incident.is_closed() {
            let case = self.cases.remove(&id).expect("it was there a line ago");
            self.record.close(plan, self.manner.words.lang, &case.name, &case.incident);
            if !self.manner.keep {
                self.told.remove(&case.name);
            }
            return Ok(());
        }
        case.wants.ahead = self.ahead.get(&case.name).is_some_and(|left| *left > 0);
        let now = self.service.now();
        let mut booked: Vec<(String, Booked)> = Vec::new();
        for task in tasks(&situation(case, plan, &self.manner, &self.cast)) {
            if !case.assigned.contains(&task.key)
                && let Some(found) =
                    book(&task, &case.incident, plan, &self.cast, (self.began, now), &self.dice)
            {
                booked.push((task.key, found));
            }
        }
        for (key, Booked { person, done_at, recorded_at }) in booked {
            case.assigned.insert(key.clone());
            let what = What::Act { incident: id, key, person, done_at };
            self.agenda.push(Reverse(Entry { at: recorded_at, number: self.booked, what }));
            self.booked += 1;
        }
        Ok(())
    }
}

/// The place of an order among those wanted, from the key of the task that gives it.
fn given(key: &str) -> Option<usize> {
    key.strip_prefix("give ")?.parse().ok()
}

fn situation<'a>(case: &'a Case, plan: &'a Plan, manner: &'a Manner, cast: &'a Cast) -> Situation<'a> {
    let (incident, wants) = (&case.incident, &case.wants);
    Situation { plan, incident, wants, conduct: &manner.conduct, cast, words: manner.words }
}

fn book(
    task: &Task<'_>,
    incident: &Incident,
    plan: &Plan,
    cast: &Cast,
    (began, now): (Timestamp, Timestamp),
    dice: &Dice,
) -> Option<Booked> {
    let bodies = Bodies { plan, headquarters: incident.has_headquarters(), manned: cast.manned() };
    let wanted = Wanted {
        work: task.work,
        by: &task.by,
        or_recorded_by: &task.or_recorded_by,
        apart: &task.apart,
        since: task.since.unwrap_or(now).max(began),
        takes: task.takes,
    };
    cast.book(&wanted, bodies, now, dice)
}
