//! The people of a drill: who speaks for which body, how fast they react, when they cannot be reached.
//!
//! Each body of a plan has two people unless the scenario says otherwise, each with an account of their
//! own, so that the two-person rules hold among them as among real ones. Whoever is free first acts; if a
//! body is not manned its fallback acts, as the service itself would have it. They sleep: see `hours`.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::account::AccountWords;
use fengsui_domain::actor::{Actor, Bodies, By};
use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{Plan, RoleId};
use fengsui_service::{Caller, Service};
use fengsui_wire::plan::scenario::{Hours, Range, Scenario, Staff, Work};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::environment::Dice;
use crate::error::Result;
use crate::hours::{Awake, Turn, waits_for_morning};

/// From hearing of a thing to having it typed in, at the least.
const TYPING: SignedDuration = SignedDuration::from_secs(20);

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    /// The sign-in name.
    pub name: String,
    /// Who it is to the service.
    pub caller: Caller,
    /// The account.
    pub account: AccountId,
}

/// Everybody.
#[derive(Debug)]
pub struct Cast {
    people: Vec<Person>,
    of_body: BTreeMap<RoleId, Vec<usize>>,
    staff: BTreeMap<RoleId, Staff>,
    pace: BTreeMap<Work, Range>,
    hours: Hours,
    zone: TimeZone,
    awake: Awake,
    manned: BTreeSet<RoleId>,
    began: Timestamp,
}

/// A piece of work that waits for somebody.
pub(crate) struct Wanted<'a> {
    /// What kind.
    pub(crate) work: Work,
    /// The bodies that may do it.
    pub(crate) by: &'a [RoleId],
    /// The bodies that may record it on the word of those.
    pub(crate) or_recorded_by: &'a [RoleId],
    /// Who may not.
    pub(crate) apart: &'a [AccountId],
    /// Since when it has waited.
    pub(crate) since: Timestamp,
    /// How long it takes, where that is not up to the people.
    pub(crate) takes: Option<Range>,
}

/// Who does a piece of work, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Booked {
    /// Which of the people.
    pub(crate) person: usize,
    /// When it is done.
    pub(crate) done_at: Timestamp,
    /// When it is recorded, which is not before that.
    pub(crate) recorded_at: Timestamp,
}

impl Cast {
    fn empty(zone: TimeZone, began: Timestamp) -> Self {
        Self {
            people: Vec::new(),
            of_body: BTreeMap::new(),
            staff: BTreeMap::new(),
            pace: BTreeMap::new(),
            hours: Hours::default(),
            zone,
            awake: Awake::default(),
            manned: BTreeSet::new(),
            began,
        }
    }

    /// The people of a scenario under its plan, or what its plans make together, with accounts made by the service.
    ///
    /// # Errors
    /// [`crate::Error::Service`] if an account is refused.
    pub async fn of_scenario(
        service: &Service,
        plan: &Plan,
        scenario: &Scenario,
        began: Timestamp,
    ) -> Result<Self> {
        let (pace, hours) = (scenario.pace.clone(), scenario.hours.clone());
        let mut cast = Self { pace, hours, ..Self::empty(zone_of(plan), began) };
        let manned = plan.roles.keys().filter(|body| !scenario.unmanned.contains(*body));
        for body in manned {
            let staff = scenario.people.get(body).cloned().unwrap_or_default();
            cast.hire(service, plan, body, staff).await?;
        }
        Ok(cast)
    }

    /// Two people for each body of these plans; bodies of one name in several plans are one. Accounts made
    /// for them earlier are theirs still.
    ///
    /// # Errors
    /// [`crate::Error::Service`] if an account is refused.
    pub async fn of_plans(service: &Service, plans: &[&Plan], began: Timestamp) -> Result<Self> {
        let zone = plans.first().map_or(TimeZone::UTC, |plan| zone_of(plan));
        let mut cast = Self::empty(zone, began);
        for plan in plans {
            for body in plan.roles.keys() {
                if !cast.manned.contains(body) {
                    cast.hire(service, plan, body, Staff::default()).await?;
                }
            }
        }
        Ok(cast)
    }

    async fn hire(&mut self, service: &Service, plan: &Plan, body: &RoleId, staff: Staff) -> Result<()> {
        let administrator = Caller::new(Actor {
            by: By::Console,
            roles: BTreeSet::from([SystemRole::Administrator]),
            bodies: BTreeSet::new(),
            scopes: BTreeSet::new(),
        });
        for number in 1..=staff.count {
            let words = AccountWords {
                name: account_name(body, number),
                display: format!("{} {number}", plan.roles[body].title.zh),
                roles: BTreeSet::from([SystemRole::DutyOfficer, SystemRole::Commander]),
                bodies: BTreeSet::from([body.clone()]),
            };
            // Whoever is there from before goes on.
            let account = match service.store().account_by_name(words.name.clone()).await? {
                Some(known) => known.value,
                None => service.account_create(&administrator, words).await?.0.value,
            };
            let (name, id) = (account.name.clone(), account.id);
            self.of_body.entry(body.clone()).or_default().push(self.people.len());
            self.people.push(Person { name, caller: Caller::new(account.actor()), account: id });
        }
        self.manned.insert(body.clone());
        self.staff.insert(body.clone(), staff);
        Ok(())
    }

    /// The same people, who take this long for a kind of work.
    #[must_use]
    pub fn with_pace(mut self, work: Work, takes: Range) -> Self {
        self.pace.insert(work, takes);
        self
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// There is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The bodies somebody speaks for.
    pub fn manned(&self) -> &BTreeSet<RoleId> {
        &self.manned
    }

    pub(crate) fn person(&self, at: usize) -> &Person {
        &self.people[at]
    }

    /// Who does it first; `None` if nobody will.
    pub(crate) fn book(
        &self,
        wanted: &Wanted<'_>,
        bodies: Bodies<'_>,
        now: Timestamp,
        dice: &Dice,
    ) -> Option<Booked> {
        let own = self.first(wanted, wanted.by, bodies, dice);
        let (done_at, person) = own.or_else(|| self.first(wanted, wanted.or_recorded_by, bodies, dice))?;
        if wanted.takes.is_none() && !waits_for_morning(wanted.work) {
            self.awake.stays_up(person, wanted.since, done_at);
        }
        Some(Booked { person, done_at, recorded_at: done_at.max(later(now, TYPING)) })
    }

    fn first(
        &self,
        wanted: &Wanted<'_>,
        by: &[RoleId],
        bodies: Bodies<'_>,
        dice: &Dice,
    ) -> Option<(Timestamp, usize)> {
        let mut first: Option<(Timestamp, usize)> = None;
        for body in bodies.acting(by) {
            let Some(staff) = self.staff.get(&body).filter(|staff| !staff.never.contains(&wanted.work))
            else {
                continue;
            };
            let people = &self.of_body[&body];
            for (place, person) in people.iter().enumerate() {
                if wanted.apart.contains(&self.people[*person].account) {
                    continue;
                }
                let range = wanted.takes.unwrap_or_else(|| self.range(staff, wanted.work));
                let turn = Turn {
                    person: *person,
                    place: (place, people.len()),
                    work: wanted.work,
                    since: wanted.since,
                    takes: range,
                    hours: staff.hours.as_ref().unwrap_or(&self.hours),
                };
                let mut done = self.awake.done(&turn, &self.zone, dice);
                for (from, to) in &staff.absent {
                    if later(self.began, *from) <= done && done < later(self.began, *to) {
                        done = later(later(self.began, *to), dice.span(range));
                    }
                }
                if first.is_none_or(|(earliest, _)| done < earliest) {
                    first = Some((done, *person));
                }
            }
        }
        first
    }

    /// Whether somebody speaks for one of these bodies, or may record their word.
    pub(crate) fn may(&self, person: usize, task: (&[RoleId], &[RoleId]), bodies: Bodies<'_>) -> bool {
        let own = &self.people[person].caller.actor.bodies;
        [task.0, task.1].into_iter().any(|by| bodies.acting(by).iter().any(|body| own.contains(body)))
    }

    /// How long the people of a body take for a kind of work.
    fn range(&self, staff: &Staff, work: Work) -> Range {
        let quick = staff.reacts.filter(|_| takes_minutes(work));
        let said = staff.takes.get(&work).copied().or(quick).or_else(|| self.pace.get(&work).copied());
        said.unwrap_or_else(|| usual(work))
    }
}

/// The zone of a plan; a plan with another would not have been read.
fn zone_of(plan: &Plan) -> TimeZone {
    TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC)
}

/// The name with which the people of a body sign in.
pub fn account_name(body: &RoleId, number: u8) -> String {
    format!("{body}-{number}")
}

/// `at` plus `span`, held inside the calendar.
pub(crate) fn later(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.saturating_add(span).unwrap_or(Timestamp::MAX)
}

/// Work for which a body's own speed counts.
fn takes_minutes(work: Work) -> bool {
    match work {
        Work::Triage
        | Work::Judge
        | Work::Act
        | Work::Tell
        | Work::Receipt
        | Work::Decide
        | Work::Acknowledge
        | Work::Step => true,
        Work::Write
        | Work::CarryOut
        | Work::Gate
        | Work::Plan
        | Work::Control
        | Work::Publish
        | Work::Review
        | Work::File
        | Work::Archive => false,
    }
}

/// How long people take who are at their desks and know the plan; ours, not a document's.
fn usual(work: Work) -> Range {
    let minutes = |from: i64, to: i64| (SignedDuration::from_mins(from), SignedDuration::from_mins(to));
    let days =
        |from: i64, to: i64| (SignedDuration::from_hours(24 * from), SignedDuration::from_hours(24 * to));
    let (from, to) = match work {
        Work::Triage | Work::Act | Work::Tell | Work::Decide => minutes(1, 4),
        Work::Judge | Work::Receipt | Work::Acknowledge => minutes(2, 8),
        Work::Step => minutes(3, 12),
        Work::Write => minutes(10, 40),
        Work::Plan | Work::Gate | Work::Publish => minutes(20, 60),
        Work::CarryOut => minutes(30, 90),
        Work::Control => minutes(60, 180),
        Work::Review => days(3, 12),
        Work::File => days(1, 3),
        Work::Archive => days(1, 2),
    };
    Range { from, to }
}
