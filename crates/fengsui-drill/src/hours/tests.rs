//! Days, nights and weekends of people, in a zone that is not that of the machine.

use super::*;

const PLACE: &str = "Asia/Shanghai";

fn zone() -> TimeZone {
    TimeZone::get(PLACE).expect("in every database of zones")
}

/// `2026-03-02` is a Monday.
fn at(local: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = local.parse().expect("a time");
    civil.to_zoned(zone()).expect("there are no gaps in this zone").timestamp()
}

fn exactly(minutes: i64) -> Range {
    let span = SignedDuration::from_mins(minutes);
    Range { from: span, to: span }
}

/// Hours in which every delay has one length: 2 minutes on duty, 30 when called.
fn hours() -> Hours {
    Hours { night: exactly(2), called: exactly(30), ..Hours::default() }
}

fn turn(hours: &Hours, place: usize, work: Work, since: Timestamp) -> Turn<'_> {
    Turn { person: place, place: (place, 2), work, since, takes: exactly(10), hours }
}

#[test]
fn by_day_at_once_by_night_whoever_is_on_duty_and_the_rest_when_called() {
    let hours = hours();
    let dice = Dice::new(1, 1);
    for (since, place, done) in [
        ("2026-03-02T09:00", 0, "2026-03-02T09:10"),
        ("2026-03-02T09:00", 1, "2026-03-02T09:10"),
        ("2026-03-02T17:59", 1, "2026-03-02T18:09"), // Begun in time, and finished.
        ("2026-03-02T18:00", 0, "2026-03-02T18:12"), // On duty.
        ("2026-03-02T18:00", 1, "2026-03-02T18:40"), // Called.
        ("2026-03-03T03:00", 0, "2026-03-03T03:12"), // The same night.
        ("2026-03-03T20:00", 0, "2026-03-03T20:40"), // The next: it was the other's turn.
        ("2026-03-03T20:00", 1, "2026-03-03T20:12"),
        ("2026-03-07T12:00", 1, "2026-03-07T12:12"), // Saturday.
        ("2026-03-09T08:29", 0, "2026-03-09T08:41"), // Monday, a minute too early: still Sunday's turn.
        ("2026-03-09T08:30", 1, "2026-03-09T08:40"),
    ] {
        let found = Awake::default().done(&turn(&hours, place, Work::Tell, at(since)), &zone(), &dice);
        assert_eq!(found, at(done), "{place} since {since}");
    }
}

#[test]
fn what_can_wait_waits_for_the_next_working_morning() {
    let hours = hours();
    let dice = Dice::new(1, 1);
    for (since, opens) in [
        ("2026-03-02T09:00", None),
        ("2026-03-02T17:55", Some("2026-03-03T08:30")),
        ("2026-03-03T02:00", Some("2026-03-03T08:30")),
        ("2026-03-06T19:00", Some("2026-03-09T08:30")), // Friday evening to Monday.
    ] {
        let done = Awake::default().done(&turn(&hours, 0, Work::Review, at(since)), &zone(), &dice);
        match opens {
            None => assert_eq!(done, later(at(since), SignedDuration::from_mins(10)), "{since}"),
            Some(opens) => {
                let opens = at(opens);
                assert!((opens..=later(opens, MORNING.to)).contains(&done), "{since}: {done}");
            }
        }
    }
}

#[test]
fn whoever_was_called_stays_up_for_an_hour_after_the_last_thing() {
    let hours = hours();
    let (awake, dice) = (Awake::default(), Dice::new(1, 1));
    let done = |since: &str| awake.done(&turn(&hours, 1, Work::Step, at(since)), &zone(), &dice);
    assert_eq!(done("2026-03-02T22:00"), at("2026-03-02T22:40"), "called");
    awake.stays_up(1, at("2026-03-02T22:00"), at("2026-03-02T22:40"));
    assert_eq!(done("2026-03-02T23:30"), at("2026-03-02T23:40"), "still up");
    assert_eq!(done("2026-03-02T23:50"), at("2026-03-03T00:30"), "asleep again");
    awake.stays_up(1, at("2026-03-02T23:30"), at("2026-03-02T23:40"));
    assert_eq!(done("2026-03-03T00:35"), at("2026-03-03T00:45"), "up since the first call");
}

#[test]
fn as_many_are_on_duty_as_the_hours_say_each_in_turn() {
    for (on_duty_at_once, people) in [(0_u8, 3), (1, 3), (2, 3), (3, 3), (5, 3), (1, 1)] {
        let hours = Hours { on_duty: on_duty_at_once, ..hours() };
        let day = hours.day.expect("not day and night");
        let mut nights = vec![0; people];
        for night in 0..i64::try_from(people).expect("a few") {
            let since = later(at("2026-03-02T22:00"), SignedDuration::from_hours(24 * night));
            let there = (0..people).filter(|place| {
                let turn = Turn { place: (*place, people), ..turn(&hours, *place, Work::Tell, since) };
                on_duty(&turn, day, &since.to_zoned(zone()))
            });
            let there: Vec<usize> = there.collect();
            assert_eq!(
                there.len(),
                usize::from(on_duty_at_once).min(people),
                "{on_duty_at_once} of {people}"
            );
            there.into_iter().for_each(|place| nights[place] += 1);
        }
        assert!(
            nights.windows(2).all(|pair| pair[0] == pair[1]),
            "{on_duty_at_once} of {people}: {nights:?}"
        );
    }
}

#[test]
fn with_no_hours_nobody_sleeps() {
    let hours = Hours::always();
    let dice = Dice::new(1, 1);
    for work in [Work::Tell, Work::Review] {
        let since = at("2026-03-08T03:00");
        let done = Awake::default().done(&turn(&hours, 1, work, since), &zone(), &dice);
        assert_eq!(done, at("2026-03-08T03:10"), "{work:?}");
    }
}
