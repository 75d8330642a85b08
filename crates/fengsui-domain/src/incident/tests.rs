//! Clocks and folding by themselves; the shipped plan is run in the tests of `fengsui-wire`.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Command, Incident, IncidentChange, Phase, PlanVersion};
use crate::actor::{By, Person};
use crate::clock::{Act, Clock, ClockState, Duty, Ring, Start, rings};
use crate::expr::Expr;
use crate::id::{AccountId, ClockId, EventId, IncidentId};
use crate::level::IncidentLevel::IV;
use crate::plan::sample::text;
use crate::plan::{
    Calendar, CategoryId, Clause, ClockMeets, ClockRule, ClockStart, Escalation, Form, Holidays, PlanId,
    RoleId, RuleId, Within,
};

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_772_438_400 + minutes * 60).unwrap()
}

fn role(name: &str) -> RoleId {
    RoleId::new(name)
}

fn rule(within: Within, escalate: &[(u8, &str)]) -> ClockRule {
    ClockRule {
        id: RuleId::new("oral"),
        title: text("口头报告", "Oral report"),
        clause: Clause::new("jincheng-internet-2008/5.1.3.a"),
        when: Expr::Const(true),
        of: vec![role("unit")],
        to: vec![role("office")],
        any_addressee: false,
        form: Some(Form::Oral),
        starts: ClockStart::BodyBecameAware,
        about: None,
        step: None,
        after: Vec::new(),
        within,
        no_later_than: None,
        day_off: None,
        met_by: ClockMeets::Report,
        action: None,
        repeats: false,
        escalate: escalate
            .iter()
            .map(|(at_percent, to)| Escalation { at_percent: *at_percent, to: role(to) })
            .collect(),
        extendable_by: Vec::new(),
        is_default: false,
    }
}

fn started(rule: &ClockRule, start: Timestamp) -> Clock {
    let start = Start { at: start, counts_from: None, by: None };
    let duty = Duty { of: role("unit"), to: rule.to.clone(), about: None, step: None };
    let holidays = Holidays::default();
    Clock::start(rule, ClockId(Uuid::from_u128(1)), duty, start, &Calendar::new("Asia/Shanghai", &holidays))
}

fn minutes(minutes: i64) -> Within {
    Within::Span(SignedDuration::from_mins(minutes))
}

#[test]
fn a_step_of_escalation_falls_on_a_whole_microsecond() {
    let span = Within::Span(SignedDuration::from_micros(3_600_000_001));
    let clock = started(&rule(span, &[(33, "unit"), (50, "duty")]), at(0));
    for notice in &clock.notices {
        assert_eq!(
            notice.at.subsec_nanosecond() % 1_000,
            0,
            "it is stored to the microsecond: {}",
            notice.at
        );
    }
}

#[test]
fn steps_of_escalation_stand_in_order_of_time() {
    let at_once = Within::AtOnce { tolerance: SignedDuration::from_mins(10) };
    let unsorted = [(100, "office"), (50, "unit"), (50, "duty"), (1, "unit")];
    for (within, expected) in [
        (
            minutes(60),
            [
                (at(0) + SignedDuration::from_secs(36), "unit"),
                (at(30), "duty"),
                (at(30), "unit"),
                (at(60), "office"),
            ],
        ),
        (
            at_once,
            [
                (at(0) + SignedDuration::from_secs(6), "unit"),
                (at(5), "duty"),
                (at(5), "unit"),
                (at(10), "office"),
            ],
        ),
    ] {
        let clock = started(&rule(within, &unsorted), at(0));
        let notices: Vec<_> = clock.notices.iter().map(|notice| (notice.at, notice.to.as_str())).collect();
        assert_eq!(notices, expected, "{within:?}");
    }
}

/// `jincheng-internet-2008/5.1.3.a`: "within half an hour" includes its last instant.
#[test]
fn the_last_instant_is_in_time() {
    let clock = started(&rule(minutes(30), &[(100, "office")]), at(0));
    let nanosecond = SignedDuration::from_nanos(1);
    let tell = Ring::Tell { clock: clock.id, percent: 100, to: role("office"), at: at(30) };
    let lapse = Ring::Lapse { clock: clock.id, at: at(30) };
    for (now, rung) in [
        (at(30) - nanosecond, vec![]),
        (at(30), vec![tell.clone()]),
        (at(30) + nanosecond, vec![tell.clone(), lapse.clone()]),
        (Timestamp::MAX, vec![tell, lapse]),
        (Timestamp::MIN, vec![]),
    ] {
        assert_eq!(rings([&clock], now), rung, "{now}");
    }
    for (done, late) in [(at(30), false), (at(30) + nanosecond, true)] {
        assert_eq!(clock.met(done, at(90), None).late, late, "{done}");
    }
    assert_eq!(clock.wakes_at(), Some(at(30)));
}

#[test]
fn a_deadline_never_leaves_the_calendar() {
    let clock = started(&rule(minutes(60), &[(50, "office"), (100, "office")]), Timestamp::MAX);
    assert_eq!((clock.due_at, clock.lapses_at), (Timestamp::MAX, Timestamp::MAX));
    assert!(clock.notices.iter().all(|notice| notice.at == Timestamp::MAX));
    let clock = started(&rule(minutes(60), &[(100, "office")]), Timestamp::MIN);
    assert!(clock.overdue(at(0)));
}

#[test]
fn what_a_clock_waits_for() {
    let (unit, office, city) = (role("unit"), role("office"), role("city"));
    let report = Act::new(ClockMeets::Report, at(5));
    let act = Act { of: Some(&unit), to: Some(&office), form: Some(Form::Oral), ..report };
    let clock = started(&rule(minutes(30), &[]), at(0));
    for (name, act, waits) in [
        ("the report asked for", act, true),
        ("in another form", Act { form: Some(Form::Written), ..act }, false),
        ("by another body", Act { of: Some(&city), ..act }, false),
        ("to another body", Act { to: Some(&city), ..act }, false),
        ("another kind of act", Act { kind: ClockMeets::Review, ..act }, false),
        ("by whomever", Act { of: None, ..act }, true),
    ] {
        assert_eq!(clock.waits_for(&act), waits, "{name}");
    }
    let raised = Clock { counts_from: Some(at(6)), ..clock.clone() };
    assert!(!raised.waits_for(&act) && raised.waits_for(&Act { at: at(6), ..act }));
    let within_the_second =
        Clock { counts_from: Some(at(5) + SignedDuration::from_millis(400)), ..clock.clone() };
    assert!(within_the_second.waits_for(&act), "people tell times to the second");
    let to_nobody = Clock { to: Vec::new(), ..clock.clone() };
    assert!(to_nobody.waits_for(&act), "a duty without addressee takes any");
    let met = Clock { state: ClockState::Met(clock.met(at(5), at(5), None)), ..clock };
    assert!(!met.waits_for(&act) && met.wakes_at().is_none() && !met.overdue(at(900)));
    assert_eq!(rings([&met], at(900)), []);
}

fn incident() -> Incident {
    let opened = IncidentChange::Opened {
        number: "I-2026-000001".to_owned(),
        title: "Foreign pages".to_owned(),
        event: EventId(Uuid::from_u128(2)),
        plan: PlanVersion { id: PlanId::new("sample"), digest: String::new() },
        unit: "Water company".to_owned(),
        asset: String::new(),
        category: CategoryId::new("attack"),
        occurred_at: None,
        received_at: at(0),
        awareness: [(role("unit"), at(-5))].into(),
        answers: [].into(),
        level: IV,
        reason: String::new(),
        parent: None,
    };
    Incident::first(IncidentId(Uuid::from_u128(1)), opened, at(1), By::Console).unwrap()
}

#[test]
fn an_incident_begins_with_its_opening() {
    let note = IncidentChange::Noted { text: "first".to_owned() };
    assert_eq!(Incident::first(IncidentId(Uuid::nil()), note, at(0), By::Console), None);
    let incident = incident();
    assert_eq!((incident.phase.name(), incident.level(), incident.opened_at), ("judged", IV, at(1)));
    assert!(!incident.level_is_confirmed());
    assert_eq!(incident.aware_at(&role("unit")), (at(-5), true));
    assert_eq!(incident.aware_at(&role("office")), (at(0), false), "assumed from the arrival here");
}

/// Folding is total: what cannot follow from the phase is never written, and changes nothing if it were.
#[test]
fn a_change_out_of_order_moves_no_phase() {
    let by = Person { account: AccountId(Uuid::nil()), name: "liu".to_owned() };
    let mut incident = incident();
    incident.apply(IncidentChange::Archived { by: by.clone() }, at(2), By::Console);
    assert!(matches!(incident.phase, Phase::Judged(ref judged) if judged.at == at(1)));
    incident.apply(IncidentChange::Verified { basis: "log".to_owned() }, at(3), By::Console);
    let analysing = incident.phase.clone();
    incident.apply(IncidentChange::Verified { basis: "again".to_owned() }, at(4), By::Console);
    incident.apply(IncidentChange::Archived { by }, at(4), By::Console);
    assert_eq!(incident.phase, analysing);
    incident.apply(IncidentChange::Withdrawn { reason: "none".to_owned() }, at(5), By::Console);
    assert!(incident.is_closed());
}

/// In a closed incident nothing is owed, even what was never done.
#[test]
fn a_closed_incident_runs_no_clock() {
    let mut incident = incident();
    let clock = started(&rule(minutes(30), &[(100, "office")]), at(0));
    incident.apply(IncidentChange::ClockStarted { clock }, at(1), By::Console);
    assert_eq!((incident.running().count(), super::tick(&incident, at(90)).len()), (1, 2));
    incident.apply(IncidentChange::Withdrawn { reason: "none".to_owned() }, at(5), By::Console);
    assert_eq!((incident.running().count(), super::tick(&incident, at(90)).len()), (0, 0));
}

#[test]
fn names_of_phases_and_commands_are_stable() {
    assert_eq!(Phase::NAMES[0], incident().phase.name());
    assert_eq!(Command::Archive.name(), "archive");
}
