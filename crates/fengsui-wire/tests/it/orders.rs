//! Orders, calls of experts, the aftermath, and operating permissions: `jincheng-internet-2008/5.2.2.2`,
//! `5.2.3.1.1`, `5.2.3.1.2`, `5.2.3.3`, `5.2.3.4`, `5.3.2`, `5.3.3`, `6.1.a`.

use fengsui_domain::clock::{ClockState, Met, ReplacedWhy};
use fengsui_domain::id::OrderId;
use fengsui_domain::incident::{
    Command, GrantEndWhy, IncidentChange, OrderOutcome, OrderState, OrderTo, OrderWords,
};
use fengsui_domain::level::IncidentLevel::{II, III, IV};
use uuid::Uuid;

use crate::desk::{Desk, at, minute, office, office_2, order, role, rule, speaker, told, unit, withdraw};

fn give(kind: &str, to: &str) -> Command {
    Command::GiveOrder { words: order(kind, to) }
}

fn last(desk: &Desk) -> OrderId {
    desk.incident.orders.last().unwrap().id
}

fn acknowledge(desk: &Desk, minute: i64, spoke: &str) -> Command {
    Command::AcknowledgeOrder { order: last(desk), at: at(minute), spoke: spoke.to_owned() }
}

fn answer(desk: &Desk, outcome: OrderOutcome, minute: i64) -> Command {
    Command::ReportOrder { order: last(desk), outcome, at: at(minute), text: "as asked".to_owned() }
}

fn state(desk: &Desk) -> OrderState {
    desk.incident.orders.last().unwrap().state()
}

/// The clocks of the last order: rule, minute due, how it stands.
fn clocks(desk: &Desk) -> Vec<(String, i64, &'static str)> {
    let about = Some(last(desk));
    let clocks = desk.incident.clocks.iter().filter(|clock| clock.about == about);
    let stands = |state: &ClockState| match state {
        ClockState::Running => "running",
        ClockState::Met(Met { late: false, .. }) => "met",
        ClockState::Met(_) => "late",
        ClockState::Replaced { .. } => "replaced",
    };
    clocks.map(|clock| (clock.rule.to_string(), minute(clock.due_at), stands(&clock.state))).collect()
}

/// Who may give which order to whom, at which level.
#[test]
fn the_rights_to_give_orders() {
    for (level, kind, from, to, code) in [
        (III, "assist-handling", "security-office", "linked-units", ""), // 5.2.2.2
        (IV, "assist-handling", "security-office", "local-government", ""),
        (II, "assist-handling", "security-office", "linked-units", "not_ready"),
        (III, "assist-handling", "city-government", "linked-units", "not_entitled"),
        (III, "assist-handling", "security-office", "city-government", "unknown_value"),
        (II, "early-disposal", "security-office", "working-bodies", ""), // 5.3.2
        (II, "early-disposal", "unit", "working-bodies", "not_entitled"),
        (II, "joint-disposal", "linkage-centre", "local-government", ""), // 5.3.3
        (II, "joint-disposal", "security-office", "linked-units", ""),
        (II, "secure-resources", "security-office", "liaison-team", ""), // 5.2.3.3
        (II, "aftermath", "security-office", "unit", "wrong_phase"),     // 6.1.a: once it has ended
        (II, "no-such-order", "security-office", "unit", "unknown_value"),
    ] {
        let mut desk = Desk::graded(level);
        let found = desk.tries(&speaker("somebody", &[from]), give(kind, to));
        let found = found.err().map_or("", |refusal| refusal.code());
        assert_eq!(found, code, "level {level}: {kind} from {from} to {to}");
    }
}

/// 5.2.3.3: acknowledged within 30 minutes, answered within 4 hours; who is told, and what meets it.
#[test]
fn the_clocks_of_an_order() {
    let row = |rule: &str, due, stands| (rule.to_owned(), due, stands);
    let mut desk = Desk::responding(III);
    desk.at(10);
    desk.does(&office(), give("secure-resources", "liaison-team"));
    assert_eq!(
        clocks(&desk),
        [row("resources-acknowledged", 40, "running"), row("resources-answered", 250, "running"),]
    );
    let mut kept = desk.clone();
    kept.at(20);
    kept.does(&office_2(), acknowledge(&kept, 20, ""));
    kept.at(200);
    kept.does(&office_2(), answer(&kept, OrderOutcome::Arrived, 190));
    assert_eq!(state(&kept), OrderState::Acknowledged);
    kept.does(&office_2(), answer(&kept, OrderOutcome::Done, 199));
    assert_eq!(state(&kept), OrderState::Done);
    assert_eq!(
        clocks(&kept),
        [row("resources-acknowledged", 40, "met"), row("resources-answered", 250, "met"),]
    );
    assert_eq!(kept.refused(&office_2(), answer(&kept, OrderOutcome::Progress, 200)), "wrong_phase");

    desk.at(300);
    let of_order: Vec<_> =
        told(&desk.tick()).into_iter().filter(|(_, _, due)| [25, 40, 250].contains(due)).collect();
    let tell = |percent, to: &str, due| (percent, to.to_owned(), due);
    assert_eq!(
        of_order,
        [tell(50, "liaison-team", 25), tell(100, "security-office", 40), tell(100, "security-office", 250),]
    );
    desk.restart();
    desk.does(&office_2(), answer(&desk, OrderOutcome::NotPossible, 300));
    assert_eq!(
        clocks(&desk),
        [row("resources-acknowledged", 40, "late"), row("resources-answered", 250, "late"),]
    );
    assert_eq!(state(&desk), OrderState::NotPossible);
}

/// By when the giver says, in place of the plan's own limit; a time that is over is none.
#[test]
fn the_giver_may_say_by_when() {
    let until = |minute| {
        let words = OrderWords { due_at: Some(at(minute)), ..order("secure-resources", "liaison-team") };
        Command::GiveOrder { words }
    };
    let mut desk = Desk::responding(III);
    desk.at(10);
    assert_eq!(desk.refused(&office(), until(10)), "bad_time");
    assert_eq!(desk.refused(&office(), until(10 + 366 * 24 * 60 + 1)), "bad_time", "more than a year ahead");
    desk.does(&office(), until(70));
    assert_eq!(clocks(&desk)[1], ("resources-answered".to_owned(), 70, "running"));
}

/// Two orders of one kind to one body are two duties, each met by its own answer.
#[test]
fn each_order_has_its_own_clocks() {
    let mut desk = Desk::responding(III);
    desk.does(&office(), give("secure-resources", "liaison-team"));
    let first = last(&desk);
    desk.does(&office(), give("secure-resources", "liaison-team"));
    desk.does(&office(), answer(&desk, OrderOutcome::Done, 0));
    assert_eq!(state(&desk), OrderState::Done);
    assert_eq!(desk.incident.order(first).unwrap().state(), OrderState::Given);
    let open = desk.incident.running().filter(|clock| clock.about == Some(first)).count();
    assert_eq!(open, 2);
}

/// A withdrawn order asks for nothing any longer; only whoever may give it withdraws it.
#[test]
fn withdrawing_ends_the_clocks() {
    let mut desk = Desk::responding(III);
    desk.does(&office(), give("early-disposal", "working-bodies"));
    let other = speaker("somebody", &["working-bodies"]);
    assert_eq!(desk.refused(&other, withdraw(last(&desk))), "not_entitled");
    desk.does(&office_2(), withdraw(last(&desk)));
    let replaced = desk.incident.clocks.iter().filter(|clock| clock.about == Some(last(&desk)));
    for clock in replaced {
        assert!(
            matches!(clock.state, ClockState::Replaced { by: None, why: ReplacedWhy::OrderWithdrawn, .. }),
            "{clock:?}"
        );
    }
    assert_eq!(desk.refused(&other, acknowledge(&desk, 0, "")), "wrong_phase");
    assert_eq!(desk.refused(&office(), withdraw(last(&desk))), "wrong_phase");
}

/// The addressee answers; whoever gave the order may record it, naming who said so; nobody else.
#[test]
fn who_answers_an_order() {
    let mut desk = Desk::responding(III);
    desk.does(&office(), give("early-disposal", "working-bodies"));
    let body = speaker("somebody", &["working-bodies"]);
    assert_eq!(desk.refused(&unit(), acknowledge(&desk, 0, "Chen by telephone")), "not_entitled");
    assert_eq!(desk.refused(&office(), acknowledge(&desk, 0, "")), "missing", "who said so");
    desk.clone().does(&office(), acknowledge(&desk, 0, "Chen by telephone"));
    assert_eq!(desk.refused(&body, acknowledge(&desk, -3, "")), "bad_time", "before it was given");
    desk.does(&body, acknowledge(&desk, 0, ""));
    assert_eq!(desk.refused(&body, acknowledge(&desk, 0, "")), "already_done");
    assert_eq!(desk.refused(&unit(), answer(&desk, OrderOutcome::Done, 0)), "not_entitled");
    desk.does(&body, answer(&desk, OrderOutcome::Done, 0));
}

/// 5.2.3.1.1: experts are called by field; acceptance, arrival and the end of the work are recorded by the
/// office, which owes the desk their answer.
#[test]
fn experts_are_called_by_field() {
    let call = |field: &str, name: &str| Command::GiveOrder {
        words: OrderWords {
            to: OrderTo::Expert { name: name.to_owned(), field: rule(field) },
            ..order("call-experts", "unit")
        },
    };
    let mut desk = Desk::graded(II);
    assert_eq!(desk.refused(&office(), call("astrology", "Chen")), "unknown_value");
    assert_eq!(desk.refused(&office(), call("network", " ")), "missing");
    assert_eq!(desk.refused(&unit(), call("network", "Chen")), "not_entitled");
    assert_eq!(desk.refused(&office(), give("call-experts", "unit")), "unknown_value", "experts, not bodies");
    desk.does(&office(), call("network", "Chen"));
    let clock = desk.incident.running().find(|clock| clock.about == Some(last(&desk))).unwrap();
    assert_eq!(
        (clock.rule.as_str(), &clock.of, clock.to.len()),
        ("experts-answer", &role("security-office"), 0)
    );
    desk.at(5);
    desk.does(&office(), acknowledge(&desk, 5, "Chen by telephone: on the way"));
    desk.at(50);
    desk.does(&office(), answer(&desk, OrderOutcome::Arrived, 48));
    assert_eq!(clocks(&desk), [("experts-answer".to_owned(), 30, "met")]);
    desk.does(&office(), answer(&desk, OrderOutcome::Done, 50));
    assert_eq!(state(&desk), OrderState::Done);
}

/// 6.1.a: tasks of the aftermath come after the end and hold the archive until all are done.
#[test]
fn the_aftermath_holds_the_archive() {
    let mut desk = Desk::ended(III);
    assert_eq!(desk.refused(&office(), give("early-disposal", "working-bodies")), "wrong_phase");
    desk.does(&office(), give("aftermath", "unit"));
    let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), "seen".to_owned())).collect();
    desk.does(&office(), Command::Review { topics, plan_change: String::new() });
    desk.does(&unit(), Command::File { summary: "all said".to_owned(), plan: None });
    desk.does(
        &office(),
        Command::ReceiptFiling { at: at(0), reference: "F-1".to_owned(), plan: None, of: None },
    );
    assert_eq!(desk.refused(&office(), Command::Archive), "not_ready");
    desk.does(&unit(), answer(&desk, OrderOutcome::Done, 0));
    desk.does(&office(), Command::Archive);
}

/// 5.2.3.1.2: given by the office for a limited time; withdrawn by it; all end with the response.
#[test]
fn permissions_end_with_the_response() {
    let grant = |until| Command::GiveGrant {
        to: role("handling-team"),
        person: String::new(),
        what: "network equipment".to_owned(),
        asset: "core switch".to_owned(),
        until: at(until),
        reason: "step 1 of the plan".to_owned(),
    };
    let mut desk = Desk::responding(III);
    assert_eq!(desk.refused(&unit(), grant(60)), "not_entitled");
    for until in [0, -5, 30 * 24 * 60 + 1] {
        assert_eq!(desk.refused(&office(), grant(until)), "bad_time", "{until}");
    }
    for until in [5, 30 * 24 * 60, 600] {
        desk.does(&office(), grant(until));
    }
    let third = desk.incident.grants[2].id;
    desk.does(&office(), Command::WithdrawGrant { grant: third, reason: "no longer needed".to_owned() });
    let again = Command::WithdrawGrant { grant: third, reason: "again".to_owned() };
    assert_eq!(desk.refused(&office(), again), "already_done");
    desk.at(10);
    desk.tick_all();
    let step = crate::desk::approve(fengsui_domain::incident::Step::End);
    let changes = desk.does(&office(), step);
    let ended = changes.iter().filter(|change| matches!(change, IncidentChange::GrantEnded { .. })).count();
    assert_eq!(ended, 1, "one was over, one was withdrawn");
    let whys: Vec<_> =
        desk.incident.grants.iter().map(|grant| grant.ended.as_ref().map(|end| end.why)).collect();
    assert_eq!(whys, [None, Some(GrantEndWhy::Ended), Some(GrantEndWhy::Withdrawn)]);
    assert!(desk.incident.grants.iter().all(|grant| !grant.live(at(10))));
    assert_eq!(desk.refused(&office(), grant(60)), "wrong_phase");
}

#[test]
fn an_order_that_is_not_there() {
    let mut desk = Desk::responding(III);
    let unknown = OrderId(Uuid::nil());
    assert_eq!(desk.refused(&office(), withdraw(unknown)), "unknown_value");
}

/// 5.4.2: the local government and the security office call the members of the on-site post, and nobody else does.
#[test]
fn members_are_called_to_the_on_site_post() {
    for (from, to, code) in [
        ("local-government", "responsible-unit", ""),
        ("security-office", "superior-authority", ""),
        ("security-office", "expert-group", ""),
        ("local-government", "security-office", ""),
        ("unit", "security-office", "not_entitled"),
        ("security-office", "handling-team", "unknown_value"),
    ] {
        let mut desk = Desk::responding(II);
        let found = desk.tries(&speaker("somebody", &[from]), give("join-on-site-post", to));
        assert_eq!(found.err().map_or("", |refusal| refusal.code()), code, "{from} to {to}");
        if code.is_empty() {
            assert_eq!(clocks(&desk), [("on-site-joined".to_owned(), 30, "running")]);
            let order = Command::AcknowledgeOrder { order: last(&desk), at: at(0), spoke: String::new() };
            desk.does(&speaker("member", &[to]), order);
            assert_eq!(clocks(&desk), [("on-site-joined".to_owned(), 30, "met")]);
        }
    }
}

/// 6.3: once the response has ended the unit owes a plan to rebuild; the archive waits for it.
#[test]
fn the_plan_to_rebuild_is_owed_after_the_end() {
    let mut desk = Desk::responding(III);
    assert_eq!(desk.refused(&office(), give("rebuild", "unit")), "wrong_phase");
    let mut desk = Desk::ended(III);
    desk.does(&office(), give("rebuild", "unit"));
    assert_eq!(clocks(&desk), [("rebuild-planned".to_owned(), 7 * 24 * 60, "running")]);
    desk.does(&unit(), answer(&desk, OrderOutcome::Done, 0));
    assert_eq!(clocks(&desk), [("rebuild-planned".to_owned(), 7 * 24 * 60, "met")]);
}
