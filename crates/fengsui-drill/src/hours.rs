//! When people are at work, who is on duty through the night, and who is up already.
//!
//! In the hours of their body everybody works. At any other time some of each body are on duty in turn and
//! take a little longer, others are called at home for what cannot wait and take much longer; whoever was
//! called stays up for a while. What can wait waits for the next morning.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use fengsui_wire::plan::scenario::{Hours, Range, Work};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::cast::later;
use crate::environment::Dice;

/// How long somebody who did something stays up for the next thing.
const STAYS_UP: SignedDuration = SignedDuration::from_hours(1);
/// What waited for the morning is done in this part of it.
const MORNING: Range = Range { from: SignedDuration::ZERO, to: SignedDuration::from_hours(2) };
/// Days in which a working day must come: a week has one at least.
const MAX_DAYS: i32 = 7;

/// A piece of work as somebody would take it up.
pub(crate) struct Turn<'a> {
    /// Which of all people.
    pub(crate) person: usize,
    /// Their place among those of their body, and how many these are.
    pub(crate) place: (usize, usize),
    pub(crate) work: Work,
    /// Since when it has waited.
    pub(crate) since: Timestamp,
    /// How long it takes.
    pub(crate) takes: Range,
    pub(crate) hours: &'a Hours,
}

/// Who is up at this time besides those at work.
#[derive(Debug, Default)]
pub(crate) struct Awake(Mutex<BTreeMap<usize, (Timestamp, Timestamp)>>);

impl Awake {
    /// When somebody would be done with it.
    pub(crate) fn done(&self, turn: &Turn<'_>, zone: &TimeZone, dice: &Dice) -> Timestamp {
        let Turn { work, since, takes, hours, .. } = *turn;
        let Some(day) = hours.day else { return later(since, dice.span(takes)) };
        if !waits_for_morning(work) {
            let delay = if at_work(hours, day, &since.to_zoned(zone.clone())) || self.is_up(turn) {
                SignedDuration::ZERO
            } else if on_duty(turn, day, &since.to_zoned(zone.clone())) {
                dice.span(hours.night)
            } else {
                dice.span(hours.called)
            };
            return later(since, delay + dice.span(takes));
        }
        let done = later(since, dice.span(takes));
        let local = done.to_zoned(zone.clone());
        if at_work(hours, day, &local) {
            return done;
        }
        later(opening(hours, day, &local).timestamp(), dice.span(MORNING))
    }

    fn is_up(&self, turn: &Turn<'_>) -> bool {
        let up = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        up.get(&turn.person).is_some_and(|(from, until)| (*from..=*until).contains(&turn.since))
    }

    /// Somebody does something that cannot wait, and stays up for the next.
    pub(crate) fn stays_up(&self, person: usize, since: Timestamp, done: Timestamp) {
        let mut up = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = later(done, STAYS_UP);
        let known = up.entry(person).or_insert((since, until));
        let goes_on = known.0 <= since && since <= known.1;
        *known = if goes_on { (known.0, known.1.max(until)) } else { (since, until) };
    }
}

/// Work that nobody is woken for.
pub(crate) fn waits_for_morning(work: Work) -> bool {
    match work {
        Work::Publish | Work::Review | Work::File | Work::Archive => true,
        Work::Triage
        | Work::Judge
        | Work::Act
        | Work::Tell
        | Work::Write
        | Work::Receipt
        | Work::Decide
        | Work::Acknowledge
        | Work::CarryOut
        | Work::Step
        | Work::Gate
        | Work::Plan
        | Work::Control => false,
    }
}

fn at_work(hours: &Hours, (from, to): (Time, Time), at: &Zoned) -> bool {
    let weekday = at.date().weekday().to_monday_one_offset();
    hours.days.contains(&weekday) && (from..to).contains(&at.time())
}

/// When work begins next.
fn opening(hours: &Hours, (from, _): (Time, Time), at: &Zoned) -> Zoned {
    let days = (0..=MAX_DAYS).filter_map(|days| at.date().checked_add(jiff::Span::new().days(days)).ok());
    let working = days.filter(|day| hours.days.contains(&day.weekday().to_monday_one_offset()));
    let mut openings = working.filter_map(|day| day.to_datetime(from).to_zoned(at.time_zone().clone()).ok());
    openings.find(|opening| opening > at).unwrap_or_else(|| at.clone())
}

/// Whether it is this person's turn to be on duty: turns change when work begins.
fn on_duty(turn: &Turn<'_>, (from, _): (Time, Time), at: &Zoned) -> bool {
    let (place, count) = turn.place;
    let day = if at.time() < from { at.date().yesterday().unwrap_or(at.date()) } else { at.date() };
    let turns = day.duration_since(jiff::civil::Date::constant(1970, 1, 1)).as_hours() / 24;
    let first = usize::try_from(turns).unwrap_or(0) % count.max(1);
    let after = (place + count - first) % count.max(1);
    after < usize::from(turn.hours.on_duty)
}

#[cfg(test)]
mod tests;
