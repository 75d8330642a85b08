//! Due times of the calendar: tables for the cases a lawyer would ask about, properties for all the others.

use jiff::civil::{DateTime, date, time};
use proptest::prelude::*;

use super::*;
use crate::expr::Expr;
use crate::plan::sample::text;
use crate::plan::{Clause, ClockMeets, ClockStart, RuleId};

const SHANGHAI: &str = "Asia/Shanghai";
const BRUSSELS: &str = "Europe/Brussels";

fn rule(within: Within, day_off: Option<Time>) -> ClockRule {
    ClockRule {
        id: RuleId::new("final"),
        title: text("最终报告", "Final report"),
        clause: Clause::new("eu-nis2/23.4.d"),
        when: Expr::Const(true),
        of: Vec::new(),
        to: Vec::new(),
        any_addressee: false,
        form: None,
        starts: ClockStart::BodyBecameAware,
        about: None,
        step: None,
        after: Vec::new(),
        within,
        no_later_than: None,
        day_off,
        met_by: ClockMeets::Report,
        action: None,
        repeats: false,
        escalate: Vec::new(),
        extendable_by: Vec::new(),
        is_default: false,
    }
}

fn span(count: u16, unit: CalendarUnit, due: DueTime) -> Within {
    Within::Calendar(CalendarSpan { count, unit, due })
}

fn months(count: u16) -> Within {
    span(count, CalendarUnit::Month, DueTime::AsStarted)
}

fn working(count: u16) -> Within {
    span(count, CalendarUnit::WorkingDay, DueTime::EndOfDay)
}

/// The days off of China in 2026, by 国办发明电〔2025〕7号.
fn china() -> Holidays {
    let days = |month, from: i8, until: i8| (from..=until).map(move |day| date(2026, month, day));
    let off = days(1, 1, 3).chain(days(2, 15, 23)).chain(days(4, 4, 6)).chain(days(5, 1, 5));
    let off = off.chain(days(6, 19, 21)).chain(days(9, 25, 27)).chain(days(10, 1, 7));
    let worked = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];
    let year = HolidayYear {
        off: off.collect(),
        worked: worked.into_iter().map(|(month, day)| date(2026, month, day)).collect(),
        source: text("国办发明电〔2025〕7号", "General Office of the State Council, notice 7 of 2025"),
    };
    Holidays { years: [(2026, year)].into() }
}

fn local(text: &str, zone: &str) -> Timestamp {
    let local: DateTime = text.parse().expect("a local time");
    local.to_zoned(TimeZone::get(zone).expect("a zone")).expect("an instant").timestamp()
}

#[test]
fn months_end_on_the_same_day_at_the_same_local_time() {
    let holidays = Holidays::default();
    for (zone, start, count, due) in [
        (SHANGHAI, "2026-01-15T10:00", 1, "2026-02-15T10:00"),
        // The last day, where there is no such day; 2028 is a leap year.
        (SHANGHAI, "2026-01-31T10:00", 1, "2026-02-28T10:00"),
        (SHANGHAI, "2028-01-31T10:00", 1, "2028-02-29T10:00"),
        (SHANGHAI, "2028-02-29T23:59", 12, "2029-02-28T23:59"),
        (SHANGHAI, "2026-12-31T00:00", 2, "2027-02-28T00:00"),
        // Summer time begins and ends: the local time stays, the elapsed time does not.
        (BRUSSELS, "2026-03-15T09:30", 1, "2026-04-15T09:30"),
        (BRUSSELS, "2026-10-15T09:30", 1, "2026-11-15T09:30"),
        // A time that the change leaves out is the one after the gap; a repeated one is the first.
        (BRUSSELS, "2026-02-28T02:30", 1, "2026-03-28T02:30"),
        (BRUSSELS, "2027-02-28T02:30", 1, "2027-03-28T03:30"),
    ] {
        let due = Due { at: local(due, zone), unknown: Vec::new() };
        let found = Calendar::new(zone, &holidays).due(&rule(months(count), None), local(start, zone), None);
        assert_eq!(found, due, "{count} months from {start} in {zone}");
    }
}

#[test]
fn days_are_counted_to_their_end_or_to_a_time() {
    let (unknown, china) = (Holidays::default(), china());
    let at = |hour| DueTime::At(time(hour, 0, 0, 0));
    let (day, working) = (CalendarUnit::Day, CalendarUnit::WorkingDay);
    for (holidays, start, count, unit, due, expected, years) in [
        (&unknown, "2026-11-23T16:00", 1, day, DueTime::EndOfDay, "2026-11-25T00:00", vec![]),
        (&unknown, "2026-11-23T16:00", 30, day, DueTime::EndOfDay, "2026-12-24T00:00", vec![]),
        (&unknown, "2026-11-23T16:00", 2, day, at(9), "2026-11-25T09:00", vec![]),
        (&unknown, "2026-11-23T16:00", 2, day, DueTime::AsStarted, "2026-11-25T16:00", vec![]),
        // From a Friday on; nothing but weekends is known.
        (&unknown, "2026-11-27T16:00", 1, working, DueTime::EndOfDay, "2026-12-01T00:00", vec![2026]),
        (&unknown, "2026-11-27T16:00", 5, working, at(17), "2026-12-04T17:00", vec![2026]),
        // Over the Spring Festival: the 14th and the 28th of February are Saturdays that are worked.
        (&china, "2026-02-13T10:00", 1, working, DueTime::EndOfDay, "2026-02-15T00:00", vec![]),
        (&china, "2026-02-13T10:00", 2, working, DueTime::EndOfDay, "2026-02-25T00:00", vec![]),
        (&china, "2026-02-27T10:00", 1, working, DueTime::EndOfDay, "2026-03-01T00:00", vec![]),
        // Into a year that is not known.
        (&china, "2026-12-31T10:00", 1, working, DueTime::EndOfDay, "2027-01-02T00:00", vec![2027]),
        (&china, "2026-12-30T10:00", 1, working, DueTime::EndOfDay, "2027-01-01T00:00", vec![]),
    ] {
        let calendar = Calendar::new(SHANGHAI, holidays);
        let found = calendar.due(&rule(span(count, unit, due), None), local(start, SHANGHAI), None);
        let expected = Due { at: local(expected, SHANGHAI), unknown: years };
        assert_eq!(found, expected, "{count} {unit:?} {due:?} from {start}");
    }
}

/// Delegated Regulation (EU) 2025/301, article 5: noon of the next working day.
#[test]
fn a_due_time_on_a_day_off_moves_to_the_next_working_day() {
    let (unknown, china) = (Holidays::default(), china());
    let hours = |hours| Within::Span(SignedDuration::from_hours(hours));
    for (holidays, start, within, due, years) in [
        // Friday evening and 24 hours: a Saturday.
        (&unknown, "2026-11-27T18:00", hours(24), "2026-11-30T12:00", vec![2026]),
        (&unknown, "2026-11-26T18:00", hours(24), "2026-11-27T18:00", vec![2026]),
        (&china, "2026-09-30T18:00", hours(72), "2026-10-08T12:00", vec![]),
        // A Saturday that is worked stays.
        (&china, "2026-10-09T18:00", hours(24), "2026-10-10T18:00", vec![]),
        (&china, "2026-09-01T18:00", months(1), "2026-10-08T12:00", vec![]),
        (&china, "2026-12-30T18:00", hours(72), "2027-01-04T12:00", vec![2027]),
        // The end of a Friday is still Friday, though the instant is Saturday's first.
        (
            &china,
            "2026-11-26T18:00",
            span(1, CalendarUnit::Day, DueTime::EndOfDay),
            "2026-11-28T00:00",
            vec![],
        ),
    ] {
        let noon = rule(within, Some(time(12, 0, 0, 0)));
        let found = Calendar::new(SHANGHAI, holidays).due(&noon, local(start, SHANGHAI), None);
        assert_eq!(found, Due { at: local(due, SHANGHAI), unknown: years }, "{within:?} from {start}");
    }
}

/// Delegated Regulation (EU) 2025/301, article 5(1)(a) and (2): four hours, and at most 24 from awareness.
#[test]
fn a_cap_that_is_still_ahead_is_a_limit() {
    let none = Holidays::default();
    let calendar = Calendar::new(BRUSSELS, &none);
    let rule = rule(Within::Span(SignedDuration::from_hours(4)), None);
    let at = |text| local(text, BRUSSELS);
    for (start, by, due) in [
        ("2026-11-23T10:00", "2026-11-24T08:00", "2026-11-23T14:00"),
        ("2026-11-24T06:00", "2026-11-24T08:00", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00", "2026-11-24T12:00"),
        ("2026-11-25T10:00", "2026-11-24T08:00", "2026-11-25T14:00"),
    ] {
        assert_eq!(calendar.due(&rule, at(start), Some(at(by))).at, at(due), "from {start}");
    }
    // What is capped on a Saturday moves like any other due time.
    let noon = ClockRule { day_off: Some(time(12, 0, 0, 0)), ..rule };
    let due = calendar.due(&noon, at("2026-11-27T23:00"), Some(at("2026-11-28T01:00"))).at;
    assert_eq!(due, at("2026-11-30T12:00"));
}

#[test]
fn what_lies_beyond_the_calendar_is_held_at_its_end() {
    let china = china();
    for within in [months(1), working(3), span(9, CalendarUnit::Day, DueTime::EndOfDay)] {
        let found = Calendar::new(SHANGHAI, &china).due(&rule(within, None), Timestamp::MAX, None);
        assert_eq!(found.at, Timestamp::MAX, "{within:?}");
    }
    // A machine without this zone counts in UTC.
    let at = Calendar::new("Mars/Olympus", &china)
        .due(&rule(months(1), None), local("2026-01-31T10:00", "UTC"), None)
        .at;
    assert_eq!(at, local("2026-02-28T10:00", "UTC"));
}

/// A container often has no time zones of its own; counted in UTC, a due time would be hours off and nobody told.
#[test]
fn the_program_brings_its_time_zones_along() {
    let own = jiff::tz::TimeZoneDatabase::bundled();
    for zone in [SHANGHAI, BRUSSELS] {
        assert!(own.get(zone).is_ok(), "{zone}");
    }
}

#[test]
fn a_year_between_two_that_are_known_is_a_gap() {
    let mut holidays = china();
    assert_eq!(holidays.gaps(), []);
    let year = holidays.years[&2026].clone();
    holidays.years.insert(2023, year);
    assert_eq!(holidays.gaps(), [2024, 2025]);
    assert_eq!(Holidays::default().gaps(), []);
}

const ZONES: [&str; 5] = [SHANGHAI, BRUSSELS, "America/New_York", "Australia/Lord_Howe", "UTC"];

fn limits() -> impl Strategy<Value = Within> {
    let units = prop::sample::select(vec![CalendarUnit::Month, CalendarUnit::Day, CalendarUnit::WorkingDay]);
    let due = prop_oneof![
        Just(DueTime::AsStarted),
        Just(DueTime::EndOfDay),
        (0_i8..24, 0_i8..60).prop_map(|(hour, minute)| DueTime::At(time(hour, minute, 0, 0))),
    ];
    prop_oneof![
        (1_u16..40, units, due).prop_map(|(count, unit, due)| span(count, unit, due)),
        (1_i64..3_000).prop_map(|hours| Within::Span(SignedDuration::from_hours(hours))),
    ]
}

/// Seconds from 1990 to 2060, so that leap years, changes of the clocks and years not known are all in it.
fn starts() -> impl Strategy<Value = Timestamp> {
    (631_152_000_i64..2_840_140_800).prop_map(|second| Timestamp::from_second(second).expect("a time"))
}

proptest! {
    /// Never before the start, never outside the bounds by which rules are compared, and always the same instant,
    /// so that a restart, which works it out from nothing, cannot differ.
    #[test]
    fn due_is_after_the_start_and_always_the_same(
        start in starts(), within in limits(), zone in prop::sample::select(ZONES.to_vec()),
        noon in any::<bool>(), known in any::<bool>(),
    ) {
        let holidays = if known { china() } else { Holidays::default() };
        let rule = rule(within, noon.then(|| time(12, 0, 0, 0)));
        let due = Calendar::new(zone, &holidays).due(&rule, start, None);
        prop_assert!(due.at > start);
        prop_assert!(due.at >= start + rule.soonest());
        prop_assert!(rule.latest().is_none_or(|latest| due.at <= start + latest));
        prop_assert_eq!(&Calendar::new(zone, &holidays.clone()).due(&rule, start, None), &due);
        let needed = rule.needs_working_days();
        prop_assert!(needed || due.unknown.is_empty());
        prop_assert!(due.unknown.iter().all(|year| !holidays.knows(*year)));
        prop_assert!(!needed || known || !due.unknown.is_empty());
    }

    /// A later day, or the same time of a later day, is never due earlier; and more of the same is never due earlier.
    #[test]
    fn later_and_longer_is_never_sooner(
        start in starts(), days in 0_i64..400, count in 1_u16..30, more in 0_u16..12,
        unit in prop::sample::select(vec![CalendarUnit::Month, CalendarUnit::Day, CalendarUnit::WorkingDay]),
        zone in prop::sample::select(ZONES.to_vec()), end in any::<bool>(),
    ) {
        let holidays = china();
        let calendar = Calendar::new(zone, &holidays);
        let due = if end { DueTime::EndOfDay } else { DueTime::AsStarted };
        let at = |start, count| calendar.due(&rule(span(count, unit, due), None), start, None).at;
        let began = start.to_zoned(TimeZone::get(zone).expect("a zone"));
        let later = began.checked_add(Span::new().days(days)).expect("before the year 9999").timestamp();
        // A start moved out of a gap of the clocks has lost its time of day, by the length of the gap.
        let slack = SignedDuration::from_hours(1);
        prop_assert!(at(start, count) <= at(later, count) + slack);
        prop_assert!(at(start, count) <= at(start, count + more) + slack);
        if end {
            prop_assert!(at(start, count) <= at(later, count));
            prop_assert!(at(start, count) < at(start, count + 1));
        }
    }

    /// Moving leaves nothing on a day off, changes no working day, and is never sooner.
    #[test]
    fn moving_ends_on_a_working_day(start in starts(), within in limits(), zone in prop::sample::select(ZONES.to_vec())) {
        let holidays = china();
        let calendar = Calendar::new(zone, &holidays);
        let noon = time(12, 0, 0, 0);
        let (plain, moved) = (calendar.due(&rule(within, None), start, None), calendar.due(&rule(within, Some(noon)), start, None));
        prop_assert!(plain.at <= moved.at);
        if plain.at != moved.at {
            let local = moved.at.to_zoned(TimeZone::get(zone).expect("a zone"));
            prop_assert_eq!(local.time(), noon);
            prop_assert!(!holidays.is_off(local.date()));
            // There is no working day between.
            let day = plain.at.to_zoned(TimeZone::get(zone).expect("a zone")).date();
            let between = std::iter::successors(Some(day), |day| day.tomorrow().ok()).take_while(|day| *day < local.date());
            prop_assert!(between.skip(1).all(|day| holidays.is_off(day)));
        }
    }

    /// Working days are counted one by one: as many as asked lie between.
    #[test]
    fn as_many_working_days_as_asked_lie_between(start in starts(), count in 1_u16..40) {
        let holidays = china();
        let due = Calendar::new(SHANGHAI, &holidays).due(&rule(working(count), None), start, None).at;
        let zone = TimeZone::get(SHANGHAI).expect("a zone");
        let (from, until) = (start.to_zoned(zone.clone()).date(), due.to_zoned(zone).date());
        let days = std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok());
        let worked = days.take_while(|day| *day < until).filter(|day| !holidays.is_off(*day)).count();
        prop_assert_eq!(worked, usize::from(count));
    }
}
