//! Report clocks of the unit: `jincheng-internet-2008/5.1.3.a` to `5.1.3.c`, and acting at once, `5.3.1`.

use fengsui_domain::clock::ClockState;
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{ClockStart, Form};
use jiff::SignedDuration;

use crate::desk::{CITY_ROOMS, DUTY_ROOM, Desk, act, at, minute, office, opening, report, role, told, unit};

#[test]
fn which_clocks_of_the_unit_start_at_which_level() {
    let general: [(&str, &str, Option<Form>, i64, i64); 2] = [
        ("unit-oral-general", "5.1.3.a", Some(Form::Oral), 30, 30),
        ("unit-written-general", "5.1.3.b", Some(Form::Written), 60, 60),
    ];
    let larger = [
        ("unit-at-once", "5.1.3.c", Some(Form::Oral), 0, 5),
        ("unit-written-default", "5.1.3.c", Some(Form::Written), 60, 60),
    ];
    for (level, expected, absent) in
        [(IV, general, larger), (III, larger, general), (II, larger, general), (I, larger, general)]
    {
        let desk = Desk::open(level);
        for (rule, clause, form, due, lapses) in expected {
            let clock = desk.clock(rule, "unit", DUTY_ROOM);
            assert_eq!(clock.clause.number(), clause, "{rule} at {level}");
            assert_eq!((clock.form, clock.starts), (form, ClockStart::BodyBecameAware), "{rule} at {level}");
            assert_eq!(clock.to, [role(DUTY_ROOM)], "{rule} at {level}");
            let times = [clock.started_at, clock.due_at, clock.lapses_at].map(minute);
            assert_eq!(times, [0, due, lapses], "{rule} at {level}");
        }
        let running = desk.running_rules();
        for (rule, ..) in absent {
            assert!(!running.contains(rule), "{rule} must not run at {level}");
        }
        let action = desk.clock("immediate-action", "unit", "");
        assert_eq!(
            (action.clause.number(), minute(action.due_at), minute(action.lapses_at)),
            ("5.3.1", 0, 5)
        );
    }
}

/// 5.1.3: from the time the unit became aware, not from the arrival here.
#[test]
fn clocks_count_from_the_time_the_unit_became_aware() {
    let mut early = opening(IV);
    early.aware_at = at(-20);
    let desk = Desk::opened(early).unwrap();
    let oral = desk.clock("unit-oral-general", "unit", DUTY_ROOM);
    assert_eq!([oral.started_at, oral.due_at].map(minute), [-20, 10]);
}

/// A minute, what is told then (percent, to whom, due when), and the rules that lapse.
type Minute = (i64, &'static [(u8, &'static str, i64)], &'static [&'static str]);

/// 5.1.3.a, 5.1.3.b: the unit is told at half time, the security office when the time is up.
#[test]
fn unit_clocks_escalate_and_lapse() {
    let mut desk = Desk::open(IV);
    desk.does(&unit(), act("isolate-host", at(0)));
    let expected: [Minute; 7] = [
        (14, &[], &[]),
        (15, &[(50, "unit", 15), (50, "unit", 15)], &[]),
        (29, &[], &[]),
        (30, &[(50, "unit", 30), (100, "security-office", 30), (100, "security-office", 30)], &[]),
        (31, &[], &["first-moment-report", "unit-oral-general"]),
        (60, &[(100, "security-office", 60)], &[]),
        (61, &[], &["unit-written-general"]),
    ];
    for (now, notices, lapses) in expected {
        let said = desk.at(now).tick();
        let notices: Vec<_> =
            notices.iter().map(|(percent, to, due)| (*percent, (*to).to_owned(), *due)).collect();
        assert_eq!(told(&said), notices, "minute {now}");
        assert_eq!(said.len() - notices.len(), lapses.len(), "minute {now}: {said:?}");
        for rule in lapses {
            let clock = desk.incident.clocks.iter().find(|clock| clock.rule.as_str() == *rule).unwrap();
            assert_eq!(clock.lapsed_at, Some(clock.lapses_at), "{rule}");
            assert!(clock.runs(), "{rule}: a lapsed duty is still owed");
        }
        assert_eq!(desk.tick(), [], "minute {now}: nothing is said twice");
    }
}

/// 5.1.3.c: overdue from the first second; after the tolerance the security office is told.
#[test]
fn at_once_is_overdue_from_the_first_second() {
    for level in [I, II, III] {
        let mut desk = Desk::open(level);
        let clock = desk.clock("unit-at-once", "unit", DUTY_ROOM);
        assert!(clock.overdue(at(0)), "level {level}");
        assert_eq!(clock.lapsed_at, None);
        assert_eq!(desk.at(4).tick(), [], "level {level}");
        let said = desk.at(5).tick();
        assert!(told(&said).contains(&(100, "security-office".to_owned(), 5)), "level {level}: {said:?}");
        assert_eq!(
            desk.clock("unit-at-once", "unit", DUTY_ROOM).lapsed_at,
            None,
            "not before the tolerance is over"
        );
        desk.now = at(5) + SignedDuration::from_secs(1);
        desk.tick();
        assert_eq!(desk.clock("unit-at-once", "unit", DUTY_ROOM).lapsed_at, Some(at(5)), "level {level}");
    }
}

/// 5.1.3.a, 5.1.3.c: met on time, late, or done in time and recorded late.
#[test]
fn oral_reports_meet_their_clock() {
    let rows: [(IncidentLevel, &str, i64, i64, bool, bool); 7] = [
        // level, rule, made at, recorded at, late, lapsed on record
        (IV, "unit-oral-general", 10, 10, false, false),
        (IV, "unit-oral-general", 30, 30, false, false),
        (IV, "unit-oral-general", 31, 31, true, true),
        (IV, "unit-oral-general", 20, 45, false, true),
        (III, "unit-at-once", 5, 5, false, false),
        (III, "unit-at-once", 6, 6, true, true),
        (III, "unit-at-once", 1, 50, false, true),
    ];
    for ticked in [false, true] {
        for (level, rule, made, recorded, late, lapsed) in rows {
            let name = format!("{rule} made {made} recorded {recorded}, ticked {ticked}");
            let mut desk = Desk::open(level);
            for now in (0..recorded).filter(|_| ticked) {
                desk.at(now).tick();
            }
            let id = desk.at(recorded).report(Form::Oral, "unit", DUTY_ROOM, made);
            let met = desk.met(rule, "unit", DUTY_ROOM).expect(&name);
            assert_eq!((met.at, met.recorded_at), (at(made), at(recorded)), "{name}");
            assert_eq!((met.late, met.report), (late, Some(id)), "{name}");
            assert_eq!(desk.clock(rule, "unit", DUTY_ROOM).lapsed_at.is_some(), lapsed, "{name}");
        }
    }
}

/// 5.1.3.b: a written report counts once receipted, and then from the time it was made.
#[test]
fn a_written_report_needs_its_receipt() {
    for (level, rule) in [(IV, "unit-written-general"), (III, "unit-written-default")] {
        let mut desk = Desk::open(level);
        let id = desk.at(50).report(Form::Written, "unit", DUTY_ROOM, 50);
        assert_eq!(desk.met(rule, "unit", DUTY_ROOM), None, "{rule} without receipt");
        desk.at(70).receipt(id);
        let met = desk.met(rule, "unit", DUTY_ROOM).unwrap();
        assert_eq!((met.at, met.recorded_at, met.late), (at(50), at(70), false), "{rule}");
    }
}

/// 5.1.3: only the obliged body's report of the asked form to the named addressee counts.
#[test]
fn other_reports_do_not_meet_the_clock() {
    for (form, of, to) in [
        (Form::Written, "unit", DUTY_ROOM),
        (Form::Oral, "linkage-centre", DUTY_ROOM),
        (Form::Oral, "unit", "linkage-centre"),
        (Form::Oral, "unit", CITY_ROOMS[0]),
    ] {
        let mut desk = Desk::open(IV);
        let id = desk.at(3).report(form, of, to, 3);
        desk.receipt(id);
        assert_eq!(desk.met("unit-oral-general", "unit", DUTY_ROOM), None, "{form:?} {of} -> {to}");
    }
}

/// 5.3.1: security office, linkage centre or local government, whichever is told first, orally or in writing.
#[test]
fn any_of_three_addressees_is_enough() {
    for (to, form, meets) in [
        (DUTY_ROOM, Form::Oral, true),
        ("linkage-centre", Form::Oral, true),
        ("local-government", Form::Written, true),
        ("news-office", Form::Oral, false),
    ] {
        let mut desk = Desk::open(IV);
        assert_eq!(desk.clock("first-moment-report", "unit", to_of(to)).to.len(), 3);
        let id = desk.at(9).report(form, "unit", to, 9);
        if form == Form::Written {
            desk.receipt(id);
        }
        let state = &desk.clock("first-moment-report", "unit", DUTY_ROOM).state;
        assert_eq!(matches!(state, ClockState::Met(_)), meets, "{to}");
    }
}

/// The addressee to look a clock up by; the news office is none of the three.
fn to_of(to: &str) -> &str {
    if to == "news-office" { DUTY_ROOM } else { to }
}

/// 5.3.1: acting at once needs no approval and no level, and every listed action meets the clock.
#[test]
fn immediate_actions_need_no_approval_and_meet_the_clock() {
    for (minute, late) in [(0, false), (5, false), (6, true)] {
        let actions: Vec<String> =
            crate::desk::plan().immediate_actions.iter().map(|action| action.id.to_string()).collect();
        assert_eq!(actions.len(), 6);
        for action in actions {
            let mut desk = Desk::open(IV);
            desk.at(minute).does(&unit(), act(&action, at(minute)));
            let met = desk.met("immediate-action", "unit", "").expect(&action);
            assert_eq!((met.at, met.late), (at(minute), late), "{action} at {minute}");
            assert_eq!(desk.incident.phase.name(), "judged", "{action} waits for nothing");
        }
    }
}

/// 5.3.1: actions are taken before, during and after grading, but not once the response has ended.
#[test]
fn immediate_actions_in_every_phase_before_the_end() {
    for mut desk in [Desk::open(IV), Desk::graded(II), Desk::responding(III)] {
        let now = desk.now;
        desk.does(&unit(), act("block-address", now));
    }
    let mut ended = Desk::ended(IV);
    assert_eq!(ended.refused(&unit(), act("block-address", at(0))), "wrong_phase");
    let mut desk = Desk::open(IV);
    assert_eq!(desk.refused(&unit(), act("switch-off-the-city", at(0))), "unknown_value");
}

/// 5.1.3: the second oral report changes nothing about the first.
#[test]
fn a_met_clock_stays_met_by_the_first_report() {
    let mut desk = Desk::open(IV);
    desk.at(10).report(Form::Oral, "unit", DUTY_ROOM, 10);
    let first = desk.met("unit-oral-general", "unit", DUTY_ROOM);
    desk.at(40).does(&office(), report(Form::Oral, "unit", DUTY_ROOM, at(5)));
    assert_eq!(desk.met("unit-oral-general", "unit", DUTY_ROOM), first);
}
