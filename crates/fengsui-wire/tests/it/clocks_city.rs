//! Reports to Party committee and city government: `jincheng-internet-2008/5.1.4.a` to `5.1.4.c`.

use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::Form;

use crate::desk::{CITY_BODIES, CITY_ROOMS, Desk, at, minute, office, opening, role, told};

#[test]
fn three_bodies_owe_each_report_to_two_duty_rooms() {
    let rows = [
        (II, "city-oral-major", "5.1.4.a", Form::Oral, 60, 60),
        (II, "city-written-major", "5.1.4.b", Form::Written, 120, 120),
        (I, "city-at-once", "5.1.4.c", Form::Oral, 0, 5),
        (I, "city-written-default", "5.1.4.c", Form::Written, 120, 120),
    ];
    for (level, rule, clause, form, due, lapses) in rows {
        let desk = Desk::open(level);
        let count = desk.incident.running().filter(|clock| clock.rule.as_str() == rule).count();
        assert_eq!(count, 6, "{rule}: three bodies times two addressees");
        for of in CITY_BODIES {
            for to in CITY_ROOMS {
                let clock = desk.clock(rule, of, to);
                assert_eq!((clock.clause.number(), clock.form), (clause, Some(form)), "{rule} {of} {to}");
                assert_eq!(clock.to, [role(to)], "{rule} {of}");
                let times = [clock.started_at, clock.due_at, clock.lapses_at].map(minute);
                assert_eq!(times, [0, due, lapses], "{rule} {of} {to}");
            }
        }
    }
}

#[test]
fn lesser_events_are_not_reported_to_the_city_unless_special() {
    for level in [III, IV] {
        let mut desk = Desk::open(level);
        assert!(desk.running_rules().iter().all(|rule| !rule.starts_with("city-")), "level {level}");
        desk.at(10).special(true);
        let running = desk.running_rules();
        assert!(
            running.contains("city-at-once") && running.contains("city-written-default"),
            "5.1.4.c at {level}"
        );
        assert!(!running.contains("city-oral-major"), "level {level}");
    }
}

/// 5.1.4: each body from when it received the report; what was not recorded counts from the arrival here.
#[test]
fn each_body_has_its_own_start() {
    let mut early = opening(II);
    early.aware_at = at(-15);
    let mut desk = Desk::opened(early).unwrap();
    let starts = |desk: &Desk| {
        CITY_BODIES.map(|of| minute(desk.clock("city-oral-major", of, CITY_ROOMS[0]).started_at))
    };
    assert_eq!(starts(&desk), [0, 0, -15], "the responsible unit is the unit, aware before us");
    let command =
        fengsui_domain::incident::Command::RecordAwareness { body: role("local-government"), at: at(25) };
    desk.at(30).does(&office(), command);
    assert_eq!(starts(&desk), [0, 25, -15]);
    assert_eq!(minute(desk.clock("city-oral-major", "local-government", CITY_ROOMS[1]).due_at), 85);
}

/// 5.1.4.a, 5.1.4.b: the security office is told at half time, the coordination group when it is up.
#[test]
fn city_clocks_escalate_and_lapse() {
    for (level, rule, steps) in [
        (II, "city-oral-major", vec![(50, "security-office", 30), (100, "coordination-group", 60)]),
        (II, "city-written-major", vec![(50, "security-office", 60), (100, "coordination-group", 120)]),
        (I, "city-at-once", vec![(100, "coordination-group", 5)]),
        (I, "city-written-default", vec![(50, "security-office", 60), (100, "coordination-group", 120)]),
    ] {
        let mut desk = Desk::open(level);
        let ids: Vec<_> = desk.incident.running().filter(|c| c.rule.as_str() == rule).map(|c| c.id).collect();
        let mut heard = Vec::new();
        for now in 0..=121 {
            let said = desk.at(now).tick();
            heard.extend(said.into_iter().filter(|change| match change {
                fengsui_domain::incident::IncidentChange::ClockTold { clock, due_at, .. } => {
                    assert_eq!(*due_at, at(now), "told in the minute it is due");
                    ids.contains(clock)
                }
                _ => false,
            }));
        }
        let expected: Vec<_> =
            steps.iter().flat_map(|(percent, to, due)| vec![(*percent, (*to).to_owned(), *due); 6]).collect();
        assert_eq!(told(&heard), expected, "{rule}");
        let lapsed =
            desk.incident.clocks.iter().filter(|clock| ids.contains(&clock.id) && clock.lapsed_at.is_some());
        assert_eq!(lapsed.count(), 6, "{rule}");
    }
}

/// 5.1.4: body by body and room by room; nobody's report counts for somebody else.
#[test]
fn each_report_meets_one_field_of_the_grid() {
    for (level, rule, form) in [
        (II, "city-oral-major", Form::Oral),
        (II, "city-written-major", Form::Written),
        (I, "city-at-once", Form::Oral),
        (I, "city-written-default", Form::Written),
    ] {
        let mut desk = Desk::open(level);
        let mut open = 6;
        for of in CITY_BODIES {
            for to in CITY_ROOMS {
                let id = desk.at(3).report(form, of, to, 3);
                if form == Form::Written {
                    assert_eq!(desk.met(rule, of, to), None, "{rule} {of} {to} before the receipt");
                    desk.receipt(id);
                }
                open -= 1;
                let met = desk.met(rule, of, to).expect("met");
                assert_eq!((met.at, met.late, met.report), (at(3), false, Some(id)), "{rule} {of} {to}");
                let left = desk.incident.running().filter(|clock| clock.rule.as_str() == rule).count();
                assert_eq!(left, open, "{rule} after {of} -> {to}");
            }
        }
    }
}

#[test]
fn late_and_late_recorded_reports_to_the_city() {
    for (level, rule, form, made, recorded, late) in [
        (II, "city-oral-major", Form::Oral, 60, 60, false),
        (II, "city-oral-major", Form::Oral, 61, 61, true),
        (II, "city-oral-major", Form::Oral, 40, 300, false),
        (II, "city-written-major", Form::Written, 121, 130, true),
        (I, "city-at-once", Form::Oral, 4, 4, false),
        (I, "city-at-once", Form::Oral, 6, 6, true),
        (I, "city-written-default", Form::Written, 119, 500, false),
    ] {
        let mut desk = Desk::open(level);
        let id = desk.at(recorded).report(form, "security-office", CITY_ROOMS[0], made);
        if form == Form::Written {
            desk.receipt(id);
        }
        let met = desk.met(rule, "security-office", CITY_ROOMS[0]).unwrap();
        assert_eq!((met.at, met.recorded_at, met.late), (at(made), at(recorded), late), "{rule} made {made}");
    }
}
