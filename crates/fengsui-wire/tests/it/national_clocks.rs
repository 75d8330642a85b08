//! Every clock of `national-2017`: what starts it, for whom, when it is due, what meets it.

use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::incident::{Command, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{ClockStart, Form};

use crate::desk::{Desk, act, adjust, at, minute, office as city_office};
use crate::national::{
    EO, OTHERS, REGION, ended, graded, office, opened, region, report, responding, review, take, tick_all,
};

/// How far an incident has come.
#[derive(Clone, Copy, Debug)]
enum Stage {
    Opened,
    Graded,
    Responding,
    Ended,
    Reviewed,
}

fn desk(stage: Stage, level: IncidentLevel) -> Desk {
    match stage {
        Stage::Opened => opened(level, "worm"),
        Stage::Graded => graded(level),
        Stage::Responding => responding(level),
        Stage::Ended => ended(level),
        Stage::Reviewed => {
            let mut desk = ended(level);
            let leader = if level == I { office() } else { region() };
            desk.does(&leader, review());
            desk
        }
    }
}

const DAY: i64 = 24 * 60;

/// Rows: clause, rule, level, the stage that starts it, body, addressee, minutes until it is due.
#[test]
fn who_owes_what_to_whom_by_when() {
    let mut seen = std::collections::BTreeSet::new();
    for (clause, rule, level, stage, of, to, due) in [
        ("4.1.a", "unit-plan-started", IV, Stage::Opened, "unit", "", 0),
        ("4.1.a", "unit-report", IV, Stage::Opened, "unit", "superior-authority", 30),
        ("4.1.a", "unit-report", I, Stage::Opened, "unit", "provincial-cyberspace", 30),
        ("4.1.b", "early-disposal", III, Stage::Opened, REGION, "", 0),
        ("4.1.e", "judged-major", I, Stage::Opened, REGION, EO, 0),
        ("4.1.e", "judged-major", II, Stage::Opened, REGION, EO, 0),
        ("4.2.1.a", "start-level-one", I, Stage::Graded, EO, "", 30),
        ("4.2.1.b", "duty-level-one", I, Stage::Responding, EO, "", 0),
        ("4.2.2.1", "emergency-state-level-two", II, Stage::Responding, "command-body", "", 0),
        ("4.2.1.e", "developments-level-one", I, Stage::Responding, REGION, EO, 120),
        ("4.2.1.e", "developments-level-one", I, Stage::Responding, OTHERS, EO, 120),
        ("4.2.2.2.a", "developments-level-two", II, Stage::Responding, REGION, EO, 240),
        ("4.2.2.2.b", "bulletin-level-two", II, Stage::Responding, EO, OTHERS, 120),
        ("4.3.1.b", "end-told-level-one", I, Stage::Ended, EO, REGION, 120),
        ("4.3.1.b", "end-told-level-one", I, Stage::Ended, EO, OTHERS, 120),
        ("4.3.2.a", "end-reported-level-two", II, Stage::Ended, REGION, EO, 60),
        ("4.3.2.b", "end-told-level-two", II, Stage::Ended, EO, OTHERS, 120),
        ("5.e", "investigation-level-one", I, Stage::Ended, EO, "", 30 * DAY),
        ("5.e", "investigation", II, Stage::Ended, REGION, "", 30 * DAY),
        ("5.e", "investigation", IV, Stage::Ended, REGION, "", 30 * DAY),
        ("5.a", "investigation-reported-up", I, Stage::Reviewed, EO, "central-leading-group", 3 * DAY),
        ("5.c", "investigation-of-major-reported", II, Stage::Reviewed, REGION, EO, 3 * DAY),
    ] {
        let desk = desk(stage, level);
        let clock = desk.clock(rule, of, to);
        assert_eq!(clock.clause.number(), clause, "{rule}");
        assert!(clock.runs() || rule == "start-level-one", "{rule} at {level}");
        assert_eq!(minute(clock.due_at), due, "{rule} at {level}");
        seen.insert(rule);
    }
    let plan = desk(Stage::Opened, IV).plan;
    // Those of orders are in `national_orders`.
    let by_state = plan.clocks.iter().filter(|rule| rule.starts != ClockStart::OrderGiven);
    assert_eq!(seen, by_state.map(|rule| rule.id.as_str()).collect(), "every rule has a row");
}

/// What runs at each level and stage, and nothing else.
#[test]
fn what_runs_when() {
    let start = ["early-disposal", "unit-plan-started", "unit-report"];
    for (level, stage, more) in [
        (I, Stage::Opened, vec!["judged-major"]),
        (II, Stage::Opened, vec!["judged-major"]),
        (III, Stage::Opened, vec![]),
        (IV, Stage::Opened, vec![]),
        (I, Stage::Graded, vec!["judged-major", "start-level-one"]),
        (II, Stage::Graded, vec!["judged-major"]),
        (I, Stage::Responding, vec!["developments-level-one", "duty-level-one", "judged-major"]),
        (
            II,
            Stage::Responding,
            vec!["bulletin-level-two", "developments-level-two", "emergency-state-level-two", "judged-major"],
        ),
        (III, Stage::Responding, vec![]), // 4.2.3: left to local plans.
        (I, Stage::Ended, vec!["end-told-level-one", "investigation-level-one", "judged-major"]),
        (
            II,
            Stage::Ended,
            vec!["end-reported-level-two", "end-told-level-two", "investigation", "judged-major"],
        ),
        (IV, Stage::Ended, vec!["investigation"]),
        (I, Stage::Reviewed, vec!["end-told-level-one", "investigation-reported-up", "judged-major"]),
        (IV, Stage::Reviewed, vec![]),
    ] {
        let desk = desk(stage, level);
        let found = desk.running_rules();
        assert_eq!(found, start.into_iter().chain(more).collect(), "{level}, {stage:?}");
    }
}

/// 4.1.a, 4.1.b: each duty is met by its own action and by no other.
#[test]
fn an_action_meets_the_clock_that_names_it() {
    let mut desk = opened(IV, "own-failure");
    for (action, met) in [
        ("control-situation", [false, false]),
        ("start-own-plan", [true, false]),
        ("preserve-evidence", [true, false]),
        ("organise-early-disposal", [true, true]),
    ] {
        desk.at(3).does(&region(), act(action, at(3)));
        let clocks = [("unit-plan-started", "unit"), ("early-disposal", REGION)];
        assert_eq!(clocks.map(|(rule, of)| desk.met(rule, of, "").is_some()), met, "{action}");
    }
    assert!(!desk.met("unit-plan-started", "unit", "").unwrap().late, "within the tolerance of 5 minutes");
    let mut desk = opened(IV, "own-failure");
    desk.at(6).does(&region(), act("start-own-plan", at(6)));
    assert!(desk.met("unit-plan-started", "unit", "").unwrap().late);
}

/// 4.1.e: measured from the judgement; one made before it counts at opening, a raised level asks anew.
#[test]
fn a_judgement_of_major_or_above_is_reported() {
    let mut desk = opened(II, "worm");
    desk.at(3).does(&region(), report(REGION, EO, Form::Oral, at(3)));
    assert!(!desk.met("judged-major", REGION, EO).unwrap().late);
    // Lowered and raised again: the report of the first judgement does not answer for the second.
    let mut desk = opened(III, "worm");
    desk.does(&region(), report(REGION, EO, Form::Oral, at(0)));
    desk.at(90).does(&region(), Command::Verify { basis: "logs".to_owned() });
    desk.does(&region(), Command::Grade { level: II, reason: "spreads".to_owned() });
    let clock = desk.clock("judged-major", REGION, EO);
    assert_eq!((minute(clock.started_at), clock.runs()), (90, true));
    desk.at(94).does(&region(), report(REGION, EO, Form::Oral, at(94)));
    let met = desk.met("judged-major", REGION, EO).unwrap();
    assert_eq!((minute(met.at), met.late), (94, false));
    // From II to I the duty is the same and was done.
    desk.at(100).does(&region(), Command::Grade { level: I, reason: "worse".to_owned() });
    assert!(!desk.running_rules().contains("judged-major"));
    // Reports to others, and of others, do not count.
    let mut desk = opened(I, "worm");
    desk.does(&region(), report("unit", EO, Form::Oral, at(0)));
    desk.does(&region(), report(REGION, "cyberspace-office", Form::Oral, at(0)));
    assert!(desk.met("judged-major", REGION, EO).is_none());
}

/// 4.2.1.a: met by a response of the incident's level, not by a lesser one.
#[test]
fn a_level_one_incident_wants_a_level_one_response() {
    let mut desk = responding(II);
    desk.at(30).does(&region(), Command::Grade { level: I, reason: "worse".to_owned() });
    let clock = desk.clock("start-level-one", EO, "");
    assert_eq!((minute(clock.due_at), clock.runs()), (60, true));
    take(desk.at(50), I, &adjust(I));
    let met = desk.met("start-level-one", EO, "").unwrap();
    assert_eq!((minute(met.at), met.late), (50, false));
    let desk = responding(I);
    assert!(desk.met("start-level-one", EO, "").is_some());
}

/// 4.2.1.e, 4.2.2.2.a: owed again from each report until the response ends; one report does for one turn.
#[test]
fn reports_of_development_are_owed_again_and_again() {
    let mut desk = responding(II);
    let rule = "developments-level-two";
    let turns = |desk: &Desk| desk.incident.clocks.iter().filter(|clock| clock.rule.as_str() == rule).count();
    assert_eq!(turns(&desk), 1);
    for (turn, made, due) in [(2, 100, 340), (3, 300, 540), (4, 700, 940)] {
        desk.at(made).does(&region(), report(REGION, EO, Form::Oral, at(made)));
        assert_eq!(turns(&desk), turn);
        let clock = desk.clock(rule, REGION, EO);
        assert_eq!((minute(clock.started_at), minute(clock.due_at), clock.runs()), (made, due, true));
    }
    let late: Vec<bool> = desk
        .incident
        .clocks
        .iter()
        .filter_map(|clock| match &clock.state {
            ClockState::Met(met) if clock.rule.as_str() == rule => Some(met.late),
            _ => None,
        })
        .collect();
    assert_eq!(late, [false, false, true], "700 is after 540");
    // Something else happens: no turn is added, and none is met twice.
    desk.at(710).does(&region(), act("control-situation", at(710)));
    assert_eq!(turns(&desk), 4);
    desk.restart();
    tick_all(desk.at(720));
    take(&mut desk, II, &Step::End);
    let last = &desk.clock(rule, REGION, EO).state;
    let fell_away = ClockState::Replaced { at: at(720), by: None, why: ReplacedWhy::ResponseEnded };
    assert_eq!(*last, fell_away, "4.3: with the end of the response");
    assert_eq!(turns(&desk), 4);
}

/// What happens at which minute: the response goes to this level, or a report is made.
type Steps = &'static [(i64, Option<IncidentLevel>)];

/// 4.2.1.e, 4.2.2.2.a: both say "promptly", and the spans of 2 h and 4 h are ours. Whichever way the response is
/// regraded, the report that is already awaited keeps its deadline where the new span would give it longer: a
/// regrading is itself a change in the situation. From the next report on the span of the new level counts alone.
#[test]
fn a_regraded_response_gives_no_report_of_development_more_time() {
    // Level at minute 0; reports and changes of the response by minute; what is awaited of the region then.
    let rows: &[(IncidentLevel, Steps, i64)] = &[
        (II, &[(30, Some(I))], 150),  // Two hours from the raising.
        (II, &[(180, Some(I))], 240), // Four hours from the start, not five.
        (II, &[(241, Some(I))], 361), // What is over binds no more; it stands in the record as lapsed.
        (II, &[(100, None), (120, Some(I))], 240),
        (II, &[(100, None), (300, Some(I))], 340),
        (II, &[(180, Some(I)), (200, None)], 320),
        (I, &[(30, Some(II))], 120), // Two hours from the start, not four from the lowering.
        (I, &[(121, Some(II))], 361),
        (I, &[(100, None), (110, Some(II))], 220),
        (I, &[(100, None), (110, Some(II)), (200, None)], 440),
        (II, &[(60, Some(I)), (70, Some(II)), (80, Some(I))], 180), // To and fro wins no time.
        (I, &[(60, Some(II)), (119, Some(I)), (119, Some(II))], 120),
    ];
    for (level, steps, due) in rows {
        let mut desk = responding(*level);
        for (at_minute, to) in *steps {
            desk.at(*at_minute);
            match to {
                Some(to) => take(&mut desk, I, &adjust(*to)),
                None => drop(desk.does(&region(), report(REGION, EO, Form::Oral, at(*at_minute)))),
            }
            desk.restart();
        }
        let of_region =
            |clock: &&Clock| clock.rule.as_str().starts_with("developments") && clock.of.as_str() == REGION;
        let running: Vec<&Clock> = desk.incident.running().filter(of_region).collect();
        let [clock] = running.as_slice() else { panic!("{level} {steps:?}: {running:?}") };
        assert_eq!([clock.due_at, clock.lapses_at].map(minute), [*due; 2], "{level} {steps:?}");
        let over = desk.incident.clocks.iter().filter(of_region).filter(|clock| clock.lapsed_at.is_some());
        assert_eq!(over.count(), usize::from(matches!(due, 361)), "{level} {steps:?}");
        let told_in_time = clock.notices.iter().all(|notice| notice.at <= clock.lapses_at);
        assert!(told_in_time, "{level} {steps:?}: {:?}", clock.notices);
    }
    // At level I the other regions report as well: a duty of their own, from the raising.
    let mut desk = responding(II);
    take(desk.at(180), I, &adjust(I));
    assert_eq!(minute(desk.clock("developments-level-one", OTHERS, EO).due_at), 300);
    take(desk.at(190), I, &adjust(II));
    let over = &desk.clock("developments-level-one", OTHERS, EO).state;
    assert_eq!(*over, ClockState::Replaced { at: at(190), by: None, why: ReplacedWhy::Regraded });
}

/// 4.3.1.b to 4.3.2.b: what was reported during the response says nothing of its end.
#[test]
fn the_end_is_told_after_the_end() {
    let mut desk = responding(II);
    desk.at(10).does(&region(), report(REGION, EO, Form::Oral, at(10)));
    desk.does(&office(), report(EO, OTHERS, Form::Oral, at(10)));
    tick_all(desk.at(60));
    take(&mut desk, II, &Step::End);
    for (rule, of, to) in [("end-reported-level-two", REGION, EO), ("end-told-level-two", EO, OTHERS)] {
        let clock = desk.clock(rule, of, to);
        assert_eq!((minute(clock.started_at), clock.runs(), clock.replaces), (60, true, None), "{rule}");
        desk.at(90).does(&region(), report(of, to, Form::Oral, at(90)));
        assert!(!desk.met(rule, of, to).unwrap().late, "{rule}");
    }
}

/// 5.e: 30 days "in principle": extended by the body that leads, with a reason; the report of it needs a receipt.
#[test]
fn the_investigation_may_be_extended_by_its_lead() {
    for (level, rule, of, leader, other) in [
        (I, "investigation-level-one", EO, office(), region()),
        (II, "investigation", REGION, region(), office()),
        (IV, "investigation", REGION, region(), office()),
    ] {
        let mut desk = ended(level);
        let clock = desk.clock(rule, of, "").id;
        let extend = |reason: &str| Command::Extend { clock, until: at(45 * DAY), reason: reason.to_owned() };
        desk.at(20 * DAY);
        assert_eq!(desk.refused(&other, extend("the laboratory")), "not_entitled", "{level}");
        assert_eq!(desk.refused(&city_office(), extend("the laboratory")), "not_entitled", "{level}");
        assert_eq!(desk.refused(&leader, extend(" ")), "missing", "{level}");
        desk.does(&leader, extend("the laboratory needs longer"));
        assert_eq!(minute(desk.clock(rule, of, "").due_at), 45 * DAY, "{level}");
        desk.at(40 * DAY).does(&leader, review());
        assert!(!desk.met(rule, of, "").unwrap().late, "{level}");
    }
    let mut desk = desk(Stage::Reviewed, II);
    desk.at(DAY).does(&region(), report(REGION, EO, Form::Oral, at(DAY)));
    assert!(desk.met("investigation-of-major-reported", REGION, EO).is_none(), "5.c: in writing");
    desk.does(&region(), report(REGION, EO, Form::Written, at(DAY)));
    assert!(desk.met("investigation-of-major-reported", REGION, EO).is_none(), "with a receipt");
    let report = desk.incident.reports.last().unwrap().id;
    desk.receipt(report);
    assert!(desk.met("investigation-of-major-reported", REGION, EO).is_some());
}
