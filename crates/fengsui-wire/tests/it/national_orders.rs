//! What is ordered and asked for under `national-2017` while a response runs: 4.2.1.b, 4.2.1.f, 4.2.2.1, 4.2.2.3,
//! 4.2.2.4, and the advice of experts (7.3).

use fengsui_domain::clock::ClockState;
use fengsui_domain::id::OrderId;
use fengsui_domain::incident::{Command, OrderOutcome, OrderState, OrderTo, OrderWords};
use fengsui_domain::level::IncidentLevel::{I, II, III};

use crate::desk::{Desk, act, at, minute, order, role, rule, speaker};
use crate::national::{EO, OTHERS, REGION, office, region, responding};

/// What is ordered in words.
fn give(kind: &str, to: &str) -> Command {
    Command::GiveOrder { words: order(kind, to) }
}

fn last(desk: &Desk) -> OrderId {
    desk.incident.orders.last().unwrap().id
}

/// The clocks of the last order: rule, minute due, whether it is met.
fn clocks(desk: &Desk) -> Vec<(String, i64, bool)> {
    let clocks = desk.incident.clocks.iter().filter(|clock| clock.about == Some(last(desk)));
    let row = |clock: &fengsui_domain::clock::Clock| {
        (clock.rule.to_string(), minute(clock.due_at), matches!(clock.state, ClockState::Met(_)))
    };
    clocks.map(row).collect()
}

/// Who may give which order to whom, at which level.
#[test]
fn the_rights_to_order_and_to_ask() {
    let hq = "national-headquarters";
    for (level, kind, from, to, code) in [
        (I, "carry-out-decision", hq, REGION, ""), // 4.2.1.f
        (I, "carry-out-decision", hq, "technical-support-teams", ""),
        (I, "carry-out-decision", REGION, OTHERS, "not_entitled"),
        (II, "carry-out-decision", hq, REGION, "not_ready"), // Level II has no headquarters.
        (II, "request-support", REGION, EO, ""),             // 4.2.2.3.a
        (II, "request-support", REGION, OTHERS, "unknown_value"),
        (III, "request-support", REGION, EO, "not_ready"),
        (II, "give-support", EO, OTHERS, ""), // 4.2.2.3.b
        (II, "give-support", EO, "technical-support-teams", ""),
        (II, "give-support", REGION, OTHERS, "not_entitled"),
        (II, "strengthen-prevention", EO, OTHERS, ""), // 4.2.2.4
        (II, "strengthen-prevention", "unit", OTHERS, "not_entitled"),
        (III, "strengthen-prevention", EO, OTHERS, "not_ready"),
    ] {
        let mut desk = responding(level);
        let found = desk.tries(&speaker("somebody", &[from]), give(kind, to));
        let found = found.err().map_or("", |refusal| refusal.code());
        assert_eq!(found, code, "level {level}: {kind} from {from} to {to}");
    }
}

/// By when each is acknowledged or answered, and that the answer meets it.
#[test]
fn the_clocks_of_what_is_ordered() {
    for (level, kind, from, to, due) in [
        (
            I,
            "carry-out-decision",
            "national-headquarters",
            REGION,
            vec![("decision-acknowledged", 40), ("decision-carried-out", 250)],
        ),
        (II, "request-support", REGION, EO, vec![("support-coordinated", 130)]),
        (II, "give-support", EO, "technical-support-teams", vec![("support-accepted", 70)]),
        (II, "strengthen-prevention", EO, OTHERS, vec![("prevention-reported", 24 * 60 + 10)]),
    ] {
        let mut desk = responding(level);
        desk.at(10).does(&speaker("giver", &[from]), give(kind, to));
        let row = |met| due.iter().map(|(rule, due)| ((*rule).to_owned(), *due, met)).collect::<Vec<_>>();
        assert_eq!(clocks(&desk), row(false), "{kind}");
        let body = speaker("addressee", &[to]);
        let order = last(&desk);
        desk.at(20).does(&body, Command::AcknowledgeOrder { order, at: at(20), spoke: String::new() });
        let text = "three firewalls changed, two provinces told".to_owned();
        let outcome = OrderOutcome::Done;
        desk.does(&body, Command::ReportOrder { order, outcome, at: at(20), text });
        assert_eq!(clocks(&desk), row(true), "{kind}");
        assert_eq!(desk.incident.order(order).unwrap().state(), OrderState::Done, "{kind}");
    }
}

/// 4.2.2.3.b: whoever cannot help says why, and that is an answer too.
#[test]
fn support_may_be_refused_with_a_reason() {
    let mut desk = responding(II);
    desk.does(&office(), give("give-support", OTHERS));
    let order = last(&desk);
    let refuse = |text: &str| Command::ReportOrder {
        order,
        outcome: OrderOutcome::NotPossible,
        at: at(0),
        text: text.to_owned(),
    };
    let other = speaker("other", &[OTHERS]);
    assert_eq!(desk.refused(&other, refuse(" ")), "missing");
    desk.does(&other, refuse("our own networks are hit"));
    assert_eq!(desk.incident.order(order).unwrap().state(), OrderState::NotPossible);
    assert_eq!(clocks(&desk), [("support-accepted".to_owned(), 60, true)]);
}

/// 4.2.1.b, 4.2.2.1: owed from the start of the response, met by the act itself and by no other.
#[test]
fn the_state_of_emergency_and_the_duty_day_and_night() {
    for (level, clock, of, action) in [
        (I, "duty-level-one", EO, "keep-duty-day-and-night"),
        (II, "emergency-state-level-two", "command-body", "enter-emergency-state"),
    ] {
        let mut desk = responding(level);
        assert_eq!(minute(desk.clock(clock, of, "").due_at), 0, "at once");
        desk.at(3).does(&region(), act("control-situation", at(3)));
        assert_eq!(desk.met(clock, of, ""), None);
        desk.does(&region(), act(action, at(3)));
        assert!(desk.met(clock, of, "").is_some(), "{clock}");
    }
    for level in [II, III] {
        assert!(!responding(level).running_rules().contains("duty-level-one"), "{level}");
    }
}

/// 7.3.a, 7.3.b: experts of the national group and of one's own are asked by name; the advice is kept.
#[test]
fn experts_are_asked_for_advice() {
    let ask = |field: &str| Command::GiveOrder {
        words: OrderWords {
            to: OrderTo::Expert { name: "Professor Chen".to_owned(), field: rule(field) },
            ..order("consult-experts", "unit")
        },
    };
    for (asker, field) in [(office(), "national-group"), (region(), "own-experts")] {
        let mut desk = responding(II);
        desk.does(&asker, ask(field));
        let order = last(&desk);
        let text = "shut the exchange points down for an hour".to_owned();
        let outcome = OrderOutcome::Done;
        desk.does(&asker, Command::ReportOrder { order, outcome, at: at(0), text: text.clone() });
        assert_eq!(desk.incident.order(order).unwrap().reports[0].text, text, "{field}");
        assert_eq!(
            desk.incident.order(order).unwrap().given.body,
            role(asker.bodies.first().unwrap().as_str())
        );
    }
    assert_eq!(responding(II).refused(&region(), ask("astrology")), "unknown_value");
    assert_eq!(responding(II).refused(&speaker("wang", &["unit"]), ask("own-experts")), "not_entitled");
}
