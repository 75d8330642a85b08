//! The clocks under bad weather: many ticks or one, a wall clock that jumps, a process that is killed.

use std::collections::BTreeSet;

use fengsui_domain::clock::Clock;
use fengsui_domain::incident::IncidentChange;
use fengsui_domain::level::IncidentLevel::{self, II, III, IV};
use fengsui_domain::plan::Form;

use crate::desk::{CITY_ROOMS, DUTY_ROOM, Desk, at, minute};

const DAY: i64 = 24 * 60;

/// What was said, without the instant at which it was recorded.
pub(crate) fn said(changes: &[IncidentChange]) -> BTreeSet<String> {
    let count = changes.len();
    let said: BTreeSet<String> =
        changes.iter().map(|change| serde_json::to_string(change).unwrap()).collect();
    assert_eq!(said.len(), count, "nothing is said twice");
    said
}

/// The clocks without the instants at which somebody was told.
pub(crate) fn untold(desk: &Desk) -> Vec<Clock> {
    let mut clocks = desk.incident.clocks.clone();
    clocks.iter_mut().flat_map(|clock| &mut clock.notices).for_each(|notice| {
        notice.told_at = notice.told_at.map(|_| at(0));
    });
    clocks
}

/// 5.1.3, 5.1.4: a wall clock set a day back or forth repeats nothing and loses nothing.
#[test]
fn jumps_of_the_wall_clock() {
    for jump in [-DAY, DAY] {
        let mut steady = Desk::open(II);
        let mut jumpy = steady.clone();
        let (mut expected, mut heard) = (Vec::new(), Vec::new());
        for now in 0..=150 {
            expected.extend(steady.at(now).tick());
            heard.extend(jumpy.at(now).tick());
            if now == 40 {
                heard.extend(jumpy.at(now + jump).tick());
            }
        }
        assert_eq!(said(&heard), said(&expected), "a jump of {jump} minutes");
        assert_eq!(untold(&jumpy), untold(&steady), "a jump of {jump} minutes");
    }
}

/// A report recorded while the wall clock was a day behind still meets its clock, and is not late.
#[test]
fn a_report_under_a_clock_set_back() {
    let mut desk = Desk::open(IV);
    desk.at(10).tick();
    desk.at(10 - DAY).report(Form::Oral, "unit", DUTY_ROOM, 10 - DAY);
    let met = desk.met("unit-oral-general", "unit", DUTY_ROOM).unwrap();
    assert!(!met.late);
    assert_eq!(desk.at(11).tick(), []);
}

/// A clock says by itself when it next wants to be asked; asked only then, it says all it has to say.
#[test]
fn waking_when_asked_misses_nothing() {
    for level in IncidentLevel::ALL {
        let mut every_minute = Desk::open(level);
        let mut woken = every_minute.clone();
        let mut expected = Vec::new();
        for now in 0..=200 {
            expected.extend(every_minute.at(now).tick());
        }
        let mut heard = Vec::new();
        while let Some(wake) = woken.incident.running().filter_map(Clock::wakes_at).min() {
            // The last instant of a duty is still in time: the lapse is said just after it.
            woken.now = wake + jiff::SignedDuration::from_micros(1);
            let said = woken.tick();
            assert!(!said.is_empty(), "{level}: woken at minute {} for nothing", minute(wake));
            heard.extend(said);
        }
        assert_eq!(said(&heard), said(&expected), "{level}");
    }
}

/// kill -9 between any two steps: what is read back from storage goes on as if nothing had happened.
#[test]
fn clocks_survive_a_kill() {
    let mut lived = Desk::graded(IV);
    let mut killed = lived.clone();
    for now in 0..=130 {
        for desk in [&mut lived, &mut killed] {
            desk.at(now).tick();
            match now {
                12 => drop(desk.report(Form::Oral, "unit", DUTY_ROOM, 11)),
                20 => drop(desk.grade(III)),
                25 => drop(desk.grade(II)),
                40 => desk.special(true),
                41 => drop(desk.report(Form::Oral, "security-office", CITY_ROOMS[1], 41)),
                _ => {}
            }
        }
        killed.restart();
        assert_eq!(killed.incident, lived.incident, "minute {now}");
    }
    assert!(lived.incident.clocks.iter().any(|clock| clock.lapsed_at.is_some()));
}
