//! The deadlines of `jincheng-internet-2008`, and its orders with theirs: 5.1 to 5.3 and 6.

use std::collections::BTreeSet;

use fengsui_domain::expr::{Answers, Situation, Truth, Value};
use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::ClockMeets::{OrderAcknowledged, OrderAnswered};
use fengsui_domain::plan::ClockStart::{
    BodyBecameAware, LevelConfirmed, LevelJudged, OrderGiven, ResponseEnded,
};
use fengsui_domain::plan::{ClockMeets, FactId, Form, RuleId, Within};

use super::{PLAN, roles};

#[test]
fn which_clocks_run_at_which_level() {
    const UNIT_GENERAL: [&str; 2] = ["unit-oral-general", "unit-written-general"]; // 5.1.3.a, 5.1.3.b
    const UNIT_AT_ONCE: [&str; 2] = ["unit-at-once", "unit-written-default"]; // 5.1.3.c
    const CITY_MAJOR: [&str; 2] = ["city-oral-major", "city-written-major"]; // 5.1.4.a, 5.1.4.b
    const CITY_AT_ONCE: [&str; 2] = ["city-at-once", "city-written-default"]; // 5.1.4.c
    const REQUEST: [&str; 2] = ["request-response", "province-at-once"]; // 5.2.2.1.a, 5.1.4.a
    const ALWAYS: [&str; 4] = ["immediate-action", "first-moment-report", "review", "filing"]; // 5.3.1, 6.2, 6.2.2
    for (level, special, expected) in [
        (IV, None, UNIT_GENERAL.to_vec()),
        (IV, Some(false), UNIT_GENERAL.to_vec()),
        (IV, Some(true), [UNIT_AT_ONCE, CITY_AT_ONCE].concat()),
        (III, None, UNIT_AT_ONCE.to_vec()),
        (III, Some(true), [UNIT_AT_ONCE, CITY_AT_ONCE].concat()),
        (II, None, [&UNIT_AT_ONCE[..], &CITY_MAJOR, &REQUEST].concat()),
        (II, Some(true), [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
        (I, None, [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
        (I, Some(true), [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
    ] {
        let facts: Answers =
            special.map(|set| (FactId::new("special_circumstances"), Value::Bool(set))).into_iter().collect();
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let truths: Vec<(&str, Truth)> = PLAN
            .clocks
            .iter()
            .filter(|clock| clock.starts != OrderGiven)
            .map(|clock| (clock.id.as_str(), clock.when.eval(&situation)))
            .collect();
        assert!(truths.iter().all(|(_, truth)| *truth != Truth::Unknown), "{level}: every clock is decided");
        let running: BTreeSet<&str> =
            truths.into_iter().filter(|(_, truth)| *truth == Truth::True).map(|(id, _)| id).collect();
        assert_eq!(
            running,
            expected.into_iter().chain(ALWAYS).collect(),
            "level {level}, special {special:?}"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one flat table")]
fn clocks_of_5_1_3_5_1_4_5_2_2_1_5_3_1_and_6_2() {
    use ClockMeets::{Filing, ImmediateAction, Report, ResponseRequested, Review};
    let duty_room = &["security-office-duty-room"][..];
    let both_rooms = &["party-committee-duty-room", "city-government-duty-room"][..];
    let three_bodies = &["security-office", "local-government", "responsible-unit"][..];
    let any_of_three = &["security-office-duty-room", "linkage-centre", "local-government"][..];
    let oral = Some(Form::Oral);
    let written = Some(Form::Written);
    // Minutes; `None` is "at once" with a tolerance of five minutes.
    for (id, clause, of, to, form, starts, minutes, met_by, ours) in [
        (
            "unit-oral-general",
            "5.1.3.a",
            &["unit"][..],
            duty_room,
            oral,
            BodyBecameAware,
            Some(30),
            Report,
            false,
        ),
        (
            "unit-written-general",
            "5.1.3.b",
            &["unit"],
            duty_room,
            written,
            BodyBecameAware,
            Some(60),
            Report,
            false,
        ),
        ("unit-at-once", "5.1.3.c", &["unit"], duty_room, oral, BodyBecameAware, None, Report, false),
        (
            "unit-written-default",
            "5.1.3.c",
            &["unit"],
            duty_room,
            written,
            BodyBecameAware,
            Some(60),
            Report,
            true,
        ),
        (
            "city-oral-major",
            "5.1.4.a",
            three_bodies,
            both_rooms,
            oral,
            BodyBecameAware,
            Some(60),
            Report,
            false,
        ),
        (
            "city-written-major",
            "5.1.4.b",
            three_bodies,
            both_rooms,
            written,
            BodyBecameAware,
            Some(120),
            Report,
            false,
        ),
        ("city-at-once", "5.1.4.c", three_bodies, both_rooms, oral, BodyBecameAware, None, Report, false),
        (
            "city-written-default",
            "5.1.4.c",
            three_bodies,
            both_rooms,
            written,
            BodyBecameAware,
            Some(120),
            Report,
            true,
        ),
        (
            "province-at-once",
            "5.1.4.a",
            &["security-office"],
            &["provincial-cyberspace"],
            None,
            LevelJudged,
            None,
            Report,
            true,
        ),
        (
            "request-response",
            "5.2.2.1.a",
            &["security-office"],
            &["city-government"],
            None,
            LevelConfirmed,
            None,
            ResponseRequested,
            false,
        ),
        ("immediate-action", "5.3.1", &["unit"], &[], None, BodyBecameAware, None, ImmediateAction, false),
        (
            "first-moment-report",
            "5.3.1",
            &["unit"],
            any_of_three,
            None,
            BodyBecameAware,
            Some(30),
            Report,
            true,
        ),
        ("review", "6.2", &["security-office"], &[], None, ResponseEnded, Some(30 * 24 * 60), Review, true),
        (
            "filing",
            "6.2.2",
            &["handling-team"],
            &["security-office"],
            None,
            ResponseEnded,
            Some(30 * 24 * 60),
            Filing,
            true,
        ),
    ] {
        let clock = PLAN.clocks.iter().find(|clock| clock.id.as_str() == id).expect(id);
        assert_eq!(clock.clause.number(), clause, "{id}");
        assert_eq!((&clock.of, &clock.to), (&roles(of), &roles(to)), "{id}");
        assert_eq!(clock.any_addressee, id == "first-moment-report", "{id}");
        assert_eq!((clock.form, clock.starts, clock.met_by), (form, starts, met_by), "{id}");
        assert_eq!(clock.is_default, ours, "{id}");
        match clock.within {
            Within::Span(span) => assert_eq!(Some(span.as_mins()), minutes, "{id}"),
            Within::AtOnce { tolerance } => assert_eq!((tolerance.as_mins(), minutes), (5, None), "{id}"),
            Within::Calendar(_) => panic!("{id} is no span"),
        }
        let last = clock.escalate.last().expect("somebody is told");
        assert_eq!(last.at_percent, 100, "{id}: somebody is told when the time is up");
        let extendable = if id == "review" { roles(&["security-office"]) } else { Vec::new() };
        assert_eq!(clock.extendable_by, extendable, "{id}");
    }
    let about_orders = PLAN.clocks.iter().filter(|clock| clock.starts == OrderGiven);
    assert_eq!(PLAN.clocks.len() - about_orders.count(), 14);
}

/// The clocks of orders are ours throughout; the plan gives no figures.
#[test]
fn orders_and_their_clocks_of_5_2_3_and_5_3() {
    for (id, clause, from, to) in [
        ("assist-handling", "5.2.2.2", &["security-office"][..], 5),
        ("call-experts", "5.2.3.1.1", &["security-office"], 0),
        ("secure-resources", "5.2.3.3", &["response-headquarters", "security-office"], 2),
        ("carry-out-disposal", "5.2.3.4", &["response-headquarters"], 1),
        ("early-disposal", "5.3.2", &["security-office"], 2),
        ("joint-disposal", "5.3.3", &["security-office", "linkage-centre"], 3),
        ("join-on-site-post", "5.4.2", &["local-government", "security-office"], 4),
        ("rebuild", "6.3", &["security-office", "local-government"], 2),
        ("aftermath", "6.1.a", &["security-office"], 5),
    ] {
        let order = PLAN.order(&RuleId::new(id)).expect(id);
        assert_eq!((order.clause.number(), &order.from, order.to.len()), (clause, &roles(from), to), "{id}");
        assert_eq!(order.aftermath, ["aftermath", "rebuild"].contains(&id), "{id}");
        assert_eq!(order.experts.len(), if id == "call-experts" { 4 } else { 0 }, "{id}");
    }
    assert_eq!(PLAN.orders.len(), 9);
    let grants = PLAN.grants.as_ref().expect("the plan knows operating permissions");
    assert_eq!((&grants.by, grants.clause.number()), (&roles(&["security-office"]), "5.2.3.1.2"));
    let mut clocks = 0;
    for (id, about, minutes, met_by) in [
        ("resources-acknowledged", "secure-resources", 30, OrderAcknowledged),
        ("resources-answered", "secure-resources", 240, OrderAnswered),
        ("execution-acknowledged", "carry-out-disposal", 30, OrderAcknowledged),
        ("on-site-joined", "join-on-site-post", 30, OrderAcknowledged),
        ("rebuild-planned", "rebuild", 7 * 24 * 60, OrderAnswered),
        ("experts-answer", "call-experts", 30, OrderAcknowledged),
        ("early-disposal-acknowledged", "early-disposal", 30, OrderAcknowledged),
    ] {
        let clock = PLAN.clock(&RuleId::new(id)).expect(id);
        let Within::Span(span) = clock.within else { panic!("{id} is a span") };
        assert_eq!((clock.starts, clock.met_by, span.as_mins()), (OrderGiven, met_by, minutes), "{id}");
        assert_eq!((clock.about.as_ref(), clock.is_default), (Some(&RuleId::new(about)), true), "{id}");
        clocks += 1;
    }
    assert_eq!(PLAN.clocks.iter().filter(|clock| clock.starts == OrderGiven).count(), clocks);
}
