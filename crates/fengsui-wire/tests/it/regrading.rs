//! Clocks when the level, a mark or the time of awareness changes: `jincheng-internet-2008/5.1.3.c`, `5.1.4.c`, `5.4.1`.
//!
//! What asks for more starts a new duty, with a new report, never later than the old one was due. What asks
//! for less counts from awareness again, and reports already made meet it.

use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::incident::Command;
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::Form;

use crate::desk::{
    CITY_BODIES, CITY_ROOMS, DUTY_ROOM, Desk, act, at, city, minute, office, propose, role, start, unit,
};

/// How the clock of a rule, unit to duty room, was replaced, and by which rule.
fn replaced(desk: &Desk, rule: &str, of: &str, to: &str) -> (ReplacedWhy, Option<String>) {
    match &desk.clock(rule, of, to).state {
        ClockState::Replaced { why, by, .. } => {
            let heir = by.map(|id| desk.incident.clock(id).unwrap());
            if let Some(heir) = heir {
                assert_eq!(heir.replaces, Some(desk.clock(rule, of, to).id), "{rule}: both name each other");
            }
            (*why, heir.map(|heir| heir.rule.to_string()))
        }
        other => panic!("{rule} is {other:?}"),
    }
}

/// 5.1.3.c: raising the level from IV replaces the running clocks; the written report is due no later.
#[test]
fn raising_from_iv_replaces_the_clocks_of_the_unit() {
    for level in [III, II, I] {
        let mut desk = Desk::graded(IV);
        desk.at(10).grade(level);
        let why = ReplacedWhy::Regraded;
        let heir = replaced(&desk, "unit-oral-general", "unit", DUTY_ROOM);
        assert_eq!(heir, (why, Some("unit-at-once".to_owned())), "IV -> {level}");
        let heir = replaced(&desk, "unit-written-general", "unit", DUTY_ROOM);
        assert_eq!(heir, (why, Some("unit-written-default".to_owned())), "IV -> {level}");
        let at_once = desk.clock("unit-at-once", "unit", DUTY_ROOM);
        assert_eq!([at_once.started_at, at_once.due_at, at_once.lapses_at].map(minute), [10, 10, 15]);
        let written = desk.clock("unit-written-default", "unit", DUTY_ROOM);
        assert_eq!(
            [written.started_at, written.due_at, written.lapses_at].map(minute),
            [10, 60, 60],
            "not 70"
        );
        assert!(written.notices.iter().all(|notice| notice.at <= at(60)));
    }
}

/// 5.1.3.c: even "at once" does not reach beyond the deadline it takes the place of.
#[test]
fn the_tolerance_of_at_once_ends_with_the_old_deadline() {
    let mut desk = Desk::graded(IV);
    desk.at(28).grade(III);
    let clock = desk.clock("unit-at-once", "unit", DUTY_ROOM);
    assert_eq!([clock.due_at, clock.lapses_at].map(minute), [28, 30]);
}

/// 5.1.3.c, 5.1.4.c: a report made before the level was raised does not say that it was.
#[test]
fn a_raised_level_asks_for_a_new_report() {
    let mut desk = Desk::graded(IV);
    desk.at(5).report(Form::Oral, "unit", DUTY_ROOM, 5);
    let first = desk.met("unit-oral-general", "unit", DUTY_ROOM).unwrap();
    desk.at(10).grade(III);
    assert_eq!(desk.met("unit-at-once", "unit", DUTY_ROOM), None);
    desk.at(11).report(Form::Oral, "unit", DUTY_ROOM, 9);
    assert_eq!(desk.met("unit-at-once", "unit", DUTY_ROOM), None, "made before the level was raised");
    desk.at(12).report(Form::Oral, "unit", DUTY_ROOM, 11);
    assert_eq!(desk.met("unit-at-once", "unit", DUTY_ROOM).unwrap().at, at(11));
    assert_eq!(desk.met("unit-oral-general", "unit", DUTY_ROOM), Some(first), "what was met stays met");
}

/// 5.1.4.a: raised to II, the three bodies owe the city their reports from now; the unit's clocks keep running.
#[test]
fn raising_from_iii_to_ii_adds_the_city_and_leaves_the_unit_alone() {
    let mut desk = Desk::graded(III);
    let unit = desk.clock("unit-written-default", "unit", DUTY_ROOM).clone();
    desk.at(20).grade(II);
    assert_eq!(desk.clock("unit-written-default", "unit", DUTY_ROOM), &unit, "unaffected");
    for of in CITY_BODIES {
        for to in CITY_ROOMS {
            let clock = desk.clock("city-oral-major", of, to);
            assert_eq!([clock.started_at, clock.due_at].map(minute), [20, 80], "{of} {to}");
            assert_eq!(minute(desk.clock("city-written-major", of, to).due_at), 140, "{of} {to}");
        }
    }
}

/// 5.1.4.c: raised from II to I, each of the six oral clocks becomes "at once", each written one keeps its end.
#[test]
fn raising_from_ii_to_i_replaces_field_by_field() {
    let mut desk = Desk::graded(II);
    desk.at(40).report(Form::Oral, "security-office", CITY_ROOMS[0], 40);
    desk.at(50).grade(I);
    for of in CITY_BODIES {
        for to in CITY_ROOMS {
            let done = (of, to) == ("security-office", CITY_ROOMS[0]);
            let old = desk.met("city-oral-major", of, to);
            assert_eq!(old.is_some(), done, "{of} {to}");
            if !done {
                let heir = replaced(&desk, "city-oral-major", of, to);
                assert_eq!(heir, (ReplacedWhy::Regraded, Some("city-at-once".to_owned())), "{of} {to}");
            }
            let clock = desk.clock("city-at-once", of, to);
            assert_eq!([clock.due_at, clock.lapses_at].map(minute), [50, 55], "{of} {to}");
            assert!(clock.runs(), "{of} {to}: level I has not been reported yet");
            assert_eq!(minute(desk.clock("city-written-default", of, to).due_at), 120, "{of} {to}: not 170");
        }
    }
}

/// 5.1.3.a, 5.1.4.a: lowered, the clocks count from awareness, and earlier reports count for them.
#[test]
fn a_lowered_level_counts_from_awareness_and_accepts_earlier_reports() {
    let mut desk = Desk::graded(I);
    desk.at(3).report(Form::Oral, "security-office", CITY_ROOMS[1], 3);
    desk.at(20).grade(II);
    let met =
        desk.met("city-oral-major", "security-office", CITY_ROOMS[1]).expect("reported as level I already");
    assert_eq!((met.at, met.late), (at(3), false));
    let open = desk.clock("city-oral-major", "security-office", CITY_ROOMS[0]);
    assert_eq!([open.started_at, open.due_at].map(minute), [0, 60]);
    let heir = replaced(&desk, "city-at-once", "security-office", CITY_ROOMS[0]);
    assert_eq!(heir, (ReplacedWhy::Regraded, Some("city-oral-major".to_owned())));

    desk.at(25).grade(III);
    assert!(
        desk.running_rules().iter().all(|rule| !rule.starts_with("city-")),
        "the city is owed nothing at III"
    );
    assert_eq!(
        replaced(&desk, "city-oral-major", "security-office", CITY_ROOMS[0]),
        (ReplacedWhy::Regraded, None)
    );

    desk.at(26).report(Form::Oral, "unit", DUTY_ROOM, 26);
    desk.at(40).grade(IV);
    let written = desk.clock("unit-written-general", "unit", DUTY_ROOM);
    assert_eq!([written.started_at, written.due_at].map(minute), [0, 60]);
    let oral = desk.met("unit-oral-general", "unit", DUTY_ROOM).expect("the report at 26 counts");
    assert_eq!((oral.at, oral.late), (at(26), false));
}

/// 5.1.3, 5.1.4: all the way up and down again; whatever is not concerned keeps its clock.
#[test]
fn up_and_down_again() {
    let mut desk = Desk::graded(IV);
    desk.does(&unit(), act("isolate-host", at(0)));
    let first = desk.clock("first-moment-report", "unit", DUTY_ROOM).clone();
    let action = desk.clock("immediate-action", "unit", "").clone();
    let mut last = Vec::new();
    let levels = [III, II, I, II, III, IV, I, IV, III, IV, II, IV];
    for (step, level) in (1..).zip(levels) {
        desk.at(step).grade(level);
        let expected: &[&str] = match level {
            IV => &["unit-oral-general", "unit-written-general"],
            III => &["unit-at-once", "unit-written-default"],
            II => &[
                "city-oral-major",
                "city-written-major",
                "province-at-once",
                "request-response",
                "unit-at-once",
                "unit-written-default",
            ],
            I => &[
                "city-at-once",
                "city-written-default",
                "province-at-once",
                "request-response",
                "unit-at-once",
                "unit-written-default",
            ],
        };
        let expected = expected.iter().chain(&["first-moment-report"]).copied().collect();
        assert_eq!(desk.running_rules(), expected, "step {step} to {level}");
        let written = if level == IV { "unit-written-general" } else { "unit-written-default" };
        last.push(desk.clock(written, "unit", DUTY_ROOM).lapses_at);
    }
    assert!(
        last.iter().all(|due| *due <= at(60)),
        "no regrading moved the written report beyond its hour: {last:?}"
    );
    assert_eq!(desk.clock("first-moment-report", "unit", DUTY_ROOM), &first);
    assert_eq!(desk.clock("immediate-action", "unit", ""), &action);
}

/// 5.1.3.c, 5.1.4.c: the mark "special circumstances" asks for more, at every level but I.
#[test]
fn special_circumstances_set_and_taken_back() {
    let rows: [(IncidentLevel, &[(&str, &str)]); 3] = [
        (IV, &[("unit-oral-general", "unit-at-once"), ("unit-written-general", "unit-written-default")]),
        (III, &[]),
        (II, &[("city-oral-major", "city-at-once"), ("city-written-major", "city-written-default")]),
    ];
    for (level, pairs) in rows {
        let mut desk = Desk::graded(level);
        let before = desk.runs();
        desk.at(10).special(true);
        for (plain, special) in pairs {
            let (of, to) =
                if level == IV { ("unit", DUTY_ROOM) } else { ("local-government", CITY_ROOMS[0]) };
            assert_eq!(replaced(&desk, plain, of, to).1.as_deref(), Some(*special), "{level}");
            assert_eq!(minute(desk.clock(special, of, to).started_at), 10, "{special} at {level}");
        }
        let running = desk.running_rules();
        assert!(running.contains("unit-at-once") && running.contains("city-at-once"), "{level}: {running:?}");
        desk.at(20).special(false);
        assert_eq!(desk.runs(), before, "{level}: as before the mark");
        for (plain, _) in pairs {
            let (of, to) =
                if level == IV { ("unit", DUTY_ROOM) } else { ("local-government", CITY_ROOMS[0]) };
            assert_eq!(
                minute(desk.clock(plain, of, to).started_at),
                0,
                "{plain} at {level}: no time was bought"
            );
        }
    }
    let mut desk = Desk::graded(I);
    let before = desk.runs();
    desk.at(10).special(true);
    assert_eq!(desk.runs(), before, "level I is at once anyway");
}

/// 5.1.4.c: setting and taking back the mark neither wins time nor loses a report.
#[test]
fn a_mark_taken_back_buys_no_time_and_keeps_reports() {
    let mut desk = Desk::graded(II);
    desk.at(30).special(true);
    desk.at(33).report(Form::Oral, "security-office", CITY_ROOMS[0], 33);
    desk.at(90).special(false);
    let met = desk.met("city-oral-major", "security-office", CITY_ROOMS[0]).expect("the report counts");
    assert_eq!((met.at, met.late), (at(33), false));
    let open = desk.clock("city-oral-major", "local-government", CITY_ROOMS[0]);
    assert_eq!(minute(open.due_at), 60, "an hour from awareness, not from taking back the mark");
}

/// 5.1.4.b: a lapse that no tick has seen yet is recorded before its clock is replaced or met.
#[test]
fn a_regrading_does_not_hide_a_lapse() {
    let mut desk = Desk::graded(IV);
    desk.at(45).grade(III);
    assert_eq!(desk.clock("unit-oral-general", "unit", DUTY_ROOM).lapsed_at, Some(at(30)));
    assert_eq!(desk.clock("unit-written-general", "unit", DUTY_ROOM).lapsed_at, None);
    let at_once = desk.clock("unit-at-once", "unit", DUTY_ROOM);
    assert_eq!(minute(at_once.lapses_at), 50, "a lapsed deadline binds no more; it stands in the record");
}

/// 5.1.3.a, 5.1.4.a: a corrected time of awareness moves the clocks of that body and no other.
#[test]
fn corrected_awareness_replaces_the_clocks_of_that_body() {
    let mut desk = Desk::open(II);
    let unit = desk.clock("unit-written-default", "unit", DUTY_ROOM).clone();
    for (aware, due) in [(-30, 30), (12, 72)] {
        let command = Command::RecordAwareness { body: role("security-office"), at: at(aware) };
        let old = desk.clock("city-oral-major", "security-office", CITY_ROOMS[0]).id;
        desk.at(15).does(&office(), command.clone());
        let clock = desk.clock("city-oral-major", "security-office", CITY_ROOMS[0]);
        assert_eq!([clock.started_at, clock.due_at].map(minute), [aware, due]);
        assert_eq!(clock.replaces, Some(old));
        let ClockState::Replaced { why, by, .. } = desk.incident.clock(old).unwrap().state else {
            panic!("not replaced")
        };
        assert_eq!((why, by), (ReplacedWhy::StartCorrected, Some(clock.id)));
        let count = desk.incident.clocks.len();
        desk.does(&office(), command);
        assert_eq!(desk.incident.clocks.len(), count, "the same correction again moves nothing");
    }
    assert_eq!(minute(desk.clock("city-oral-major", "local-government", CITY_ROOMS[0]).started_at), 0);
    assert_eq!(desk.clock("unit-written-default", "unit", DUTY_ROOM), &unit);
}

/// 5.1.3.c: a clock that counts from the regrading does not follow a corrected awareness.
#[test]
fn corrected_awareness_leaves_raised_duties_alone() {
    let mut desk = Desk::graded(IV);
    desk.at(10).grade(III);
    desk.at(11).does(&office(), Command::RecordAwareness { body: role("unit"), at: at(-10) });
    assert_eq!(minute(desk.clock("unit-at-once", "unit", DUTY_ROOM).started_at), 10);
    assert_eq!(minute(desk.clock("first-moment-report", "unit", DUTY_ROOM).due_at), 20);
}

/// 5.2.2.1.a: the request to the city government is due at once when level I or II is confirmed.
#[test]
fn the_request_to_the_city_government_is_due_once_confirmed() {
    for level in [I, II] {
        let mut desk = Desk::open(level);
        assert!(!desk.running_rules().contains("request-response"), "{level} is only provisional");
        desk.at(30).does(&office(), Command::Verify { basis: "seen".to_owned() });
        desk.grade(level);
        let clock = desk.clock("request-response", "security-office", "city-government");
        assert_eq!([clock.started_at, clock.due_at, clock.lapses_at].map(minute), [30, 30, 35], "{level}");
        desk.at(33).does(&office(), propose(start(level)));
        let met = desk.met("request-response", "security-office", "city-government").unwrap();
        assert_eq!((met.at, met.late), (at(33), false), "{level}");
        desk.does(&city(), crate::desk::decline(start(level)));
        assert!(
            desk.met("request-response", "security-office", "city-government").is_some(),
            "asked is asked"
        );
    }
    let mut desk = Desk::graded(III);
    assert!(!desk.running_rules().contains("request-response"));
    desk.at(5).does(&office(), propose(start(III)));
    desk.at(9).grade(II);
    let clock = desk.clock("request-response", "security-office", "city-government");
    assert!(clock.runs(), "what the office proposed to itself is no request to the city government");
}
