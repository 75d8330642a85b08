//! Starting, adjusting, commanding and ending a response: `jincheng-internet-2008/5.2.1` to `5.2.2.2`, `5.5.1`, `5.5.2`.

use fengsui_domain::id::IncidentId;
use fengsui_domain::incident::{Command, Phase, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::refusal::Refusal;
use uuid::Uuid;

use crate::desk::{
    Desk, adjust, approve, at, city, city_2, decline, holds, office, office_2, propose, role, speaker, start,
    unit,
};

fn headquarters(form: bool) -> Command {
    Command::DecideHeadquarters { form, grounds: "several districts hit".to_owned() }
}

fn response(desk: &Desk) -> Option<IncidentLevel> {
    desk.incident.phase.response().map(|response| response.level)
}

/// 5.2.2.1.a, 5.2.2.2: who may propose and who decides, level by level.
#[test]
fn start_rights_by_level() {
    let bodies = [
        "city-government",
        "security-office",
        "linkage-centre",
        "unit",
        "local-government",
        "coordination-group",
        "emergency-committee",
        "response-headquarters",
        "superior-authority",
        "news-office",
    ];
    for level in IncidentLevel::ALL {
        for body in bodies {
            let major = level <= II;
            let actor = speaker("somebody", &[body]);
            let may_decide = if major { body == "city-government" } else { body == "security-office" };
            let may_propose = may_decide || body == "security-office";
            let mut desk = Desk::graded(level);
            let proposed = desk.tries(&actor, propose(start(level)));
            assert_eq!(proposed.is_ok(), may_propose, "{body} proposes {level}: {proposed:?}");
            let mut desk = Desk::graded(level);
            if major {
                desk.does(&office(), propose(start(level)));
            }
            let decided = desk.tries(&actor, approve(start(level)));
            assert_eq!(decided.is_ok(), may_decide, "{body} decides {level}: {decided:?}");
            if !may_decide {
                assert!(matches!(decided, Err(Refusal::NotEntitled { .. })), "{body} {level}");
            }
        }
    }
}

/// 5.2.2.1.a: two persons for I and II, however many bodies one of them speaks for.
#[test]
fn levels_i_and_ii_take_two_persons() {
    for level in [I, II] {
        let both = speaker("li", &["security-office", "city-government"]);
        let mut desk = Desk::graded(level);
        assert_eq!(desk.refused(&city(), approve(start(level))), "not_ready", "{level}: nothing proposed");
        desk.does(&both, propose(start(level)));
        assert_eq!(desk.refused(&both, propose(start(level))), "already_done");
        assert_eq!(desk.refused(&both, approve(start(level))), "same_person", "{level}");
        desk.does(&city(), approve(start(level)));
        let response = desk.incident.phase.response().unwrap();
        let persons = response.decision.persons.as_ref().unwrap();
        assert_eq!((persons.first().name.as_str(), persons.second().name.as_str()), ("li", "zhao"));
        assert_eq!(response.decision.signed.body, role("city-government"));
    }
}

/// 5.2.2.1.a: "or the city government itself": it needs nobody's request, but still two persons.
#[test]
fn the_city_government_may_act_by_itself() {
    let mut desk = Desk::graded(I);
    desk.does(&city(), propose(start(I)));
    assert_eq!(desk.refused(&city(), approve(start(I))), "same_person");
    desk.does(&city_2(), approve(start(I)));
    assert_eq!(response(&desk), Some(I));
    assert!(desk.met("request-response", "security-office", "city-government").is_some());
}

/// 5.2.2.2: the security office starts III and IV by itself, with one person.
#[test]
fn levels_iii_and_iv_take_one_person() {
    for level in [III, IV] {
        let mut desk = Desk::graded(level);
        desk.does(&office(), approve(start(level)));
        assert_eq!(response(&desk), Some(level));
        assert_eq!(desk.refused(&office(), approve(start(level))), "wrong_phase");
    }
}

/// 5.2.1: the response has a level of its own; 5.1.5.4: only a graded incident gets one.
#[test]
fn the_response_level_may_differ_but_the_incident_must_be_graded() {
    let mut desk = Desk::graded(III);
    desk.does(&office(), propose(start(II)));
    assert_eq!(desk.refused(&office_2(), approve(start(II))), "not_entitled");
    desk.does(&city(), approve(start(II)));
    assert_eq!((desk.incident.level(), response(&desk)), (III, Some(II)));
    let mut desk = Desk::open(IV);
    assert_eq!(desk.refused(&office(), approve(start(IV))), "wrong_phase");
    assert_eq!(desk.refused(&office(), propose(start(IV))), "wrong_phase");
}

#[test]
fn a_declined_proposal_may_be_made_again() {
    let mut desk = Desk::graded(II);
    assert_eq!(desk.refused(&city(), decline(start(II))), "not_ready", "nothing to decline");
    desk.does(&office(), propose(start(II)));
    assert_eq!(desk.refused(&office(), decline(start(II))), "not_entitled");
    desk.does(&city(), decline(start(II)));
    assert_eq!((&desk.incident.proposal, desk.incident.phase.name()), (&None, "graded"));
    assert_eq!(desk.refused(&city(), approve(start(II))), "not_ready");
    desk.does(&office(), propose(start(II)));
    desk.does(&city(), approve(start(II)));
    assert_eq!(response(&desk), Some(II));
}

/// 5.2.2.1.b, 5.4.1: "when necessary" is recorded either way, with grounds, by who starts the response.
#[test]
fn a_headquarters_is_decided_either_way() {
    for level in [I, II] {
        let mut desk = Desk::graded(level);
        assert_eq!(desk.refused(&office(), headquarters(true)), "not_entitled");
        desk.does(&city(), headquarters(false));
        assert!(!desk.incident.has_headquarters() && desk.incident.headquarters.is_some());
        assert_eq!(desk.refused(&city(), headquarters(false)), "already_done");
        desk.does(&city(), headquarters(true));
        assert!(desk.incident.has_headquarters());
    }
    for level in [III, IV] {
        let mut desk = Desk::responding(level);
        assert_eq!(
            desk.refused(&city(), headquarters(true)),
            "unknown_value",
            "the plan has none at {level}"
        );
    }
    assert_eq!(Desk::open(I).refused(&city(), headquarters(true)), "wrong_phase");
    assert_eq!(Desk::ended(I).refused(&city(), headquarters(true)), "wrong_phase");
}

/// 5.2.2.1.a: the stricter of both levels governs a change of level.
#[test]
fn adjusting_follows_the_stricter_level() {
    for (from, to, major) in
        [(IV, III, false), (III, IV, false), (III, II, true), (II, III, true), (I, IV, true)]
    {
        let mut desk = Desk::responding(from);
        if major {
            assert_eq!(desk.refused(&office(), approve(adjust(to))), "not_entitled", "{from} -> {to}");
            desk.does(&office(), propose(adjust(to)));
            desk.does(&city(), approve(adjust(to)));
        } else {
            desk.does(&office(), approve(adjust(to)));
        }
        let running = desk.incident.phase.response().unwrap();
        assert_eq!((running.level, running.range.as_str()), (to, "two more units"), "{from} -> {to}");
        assert_eq!(running.adjusted.as_ref().map(|decision| decision.persons.is_some()), Some(major));
    }
    assert_eq!(Desk::graded(III).refused(&office(), approve(adjust(III))), "wrong_phase");
}

/// 5.2.2.1.a, 5.4.1: a response the office runs at III does not stand for the request that level II asks for.
#[test]
fn raising_a_running_response_asks_the_city_government() {
    let mut desk = Desk::responding(III);
    desk.at(60).grade(II);
    let clock = desk.clock("request-response", "security-office", "city-government");
    assert!(clock.runs(), "started by the office, not by the city government");
    desk.at(62).does(&office(), propose(adjust(II)));
    let met = desk.met("request-response", "security-office", "city-government").unwrap();
    assert_eq!((met.at, met.late), (at(62), false));
}

/// 5.5.1: for I and II any one condition, suggested by the headquarters, decided by the city government.
#[test]
fn ending_i_and_ii_takes_one_condition_a_suggestion_and_a_decision() {
    for level in [I, II] {
        for condition in ["handling-over", "danger-removed"] {
            let mut desk = Desk::responding(level);
            assert_eq!(desk.refused(&office(), propose(Step::End)), "conditions_open");
            desk.does(&office(), holds(condition, true));
            assert_eq!(desk.refused(&city(), approve(Step::End)), "not_ready", "nobody suggested it");
            assert_eq!(
                desk.refused(&city(), propose(Step::End)),
                "not_entitled",
                "the headquarters suggests"
            );
            desk.does(&office(), propose(Step::End));
            assert_eq!(desk.refused(&office(), approve(Step::End)), "not_entitled");
            desk.does(&office(), holds(condition, false));
            assert_eq!(desk.refused(&city(), approve(Step::End)), "conditions_open", "unticked meanwhile");
            desk.does(&office(), holds(condition, true));
            desk.does(&city(), approve(Step::End));
            assert_eq!(desk.incident.phase.name(), "ended", "{level} by {condition}");
        }
        let mut desk = Desk::responding(level);
        let both = speaker("li", &["security-office", "city-government"]);
        desk.does(&both, holds("danger-removed", true));
        desk.does(&both, propose(Step::End));
        assert_eq!(desk.refused(&both, approve(Step::End)), "same_person");
    }
}

/// 5.5.1, 5.2.2.1.b: once formed, the headquarters suggests the end, and the office no longer does.
#[test]
fn a_formed_headquarters_suggests_the_end() {
    let general = speaker("gao", &["response-headquarters"]);
    let mut desk = Desk::responding(I);
    desk.manned.insert(role("response-headquarters"));
    desk.does(&office(), holds("danger-removed", true));
    assert_eq!(desk.refused(&general, propose(Step::End)), "not_entitled", "not formed");
    desk.does(&city(), headquarters(true));
    assert_eq!(desk.refused(&office(), propose(Step::End)), "not_entitled");
    desk.does(&general, propose(Step::End));
    desk.does(&city(), approve(Step::End));
    assert!(matches!(desk.incident.phase, Phase::Ended(_)));
}

/// 5.5.2: for III and IV all three conditions, declared by the security office.
#[test]
fn ending_iii_and_iv_takes_all_three_conditions() {
    let all = ["back-to-normal", "derived-events-gone", "hazard-removed"];
    for level in [III, IV] {
        for missing in all {
            let mut desk = Desk::responding(level);
            for condition in all.iter().filter(|condition| **condition != missing) {
                desk.does(&office(), holds(condition, true));
            }
            let refusal = desk.tries(&office(), approve(Step::End)).unwrap_err();
            assert_eq!(refusal, Refusal::ConditionsOpen { missing: vec![missing.to_owned()] }, "{level}");
            desk.does(&office(), holds(missing, true));
            assert_eq!(desk.refused(&city(), approve(Step::End)), "not_entitled", "{level}");
            assert_eq!(desk.refused(&unit(), approve(Step::End)), "not_entitled", "{level}");
            desk.does(&office(), approve(Step::End));
            assert_eq!(desk.incident.phase.ended_at(), Some(desk.now));
        }
    }
}

/// 5.5.2: an open derived incident prevents the second condition, whenever it was ticked.
#[test]
fn derived_incidents_block_the_end() {
    let link = |n| Command::LinkDerived { incident: IncidentId(Uuid::from_u128(n)) };
    let close = |n| Command::CloseDerived { incident: IncidentId(Uuid::from_u128(n)) };
    let mut desk = Desk::responding(III);
    desk.tick_all();
    desk.does(&office(), link(77));
    assert_eq!(desk.refused(&office(), approve(Step::End)), "conditions_open");
    assert_eq!(desk.refused(&office(), holds("derived-events-gone", true)), "derived_open");
    assert_eq!(desk.refused(&office(), link(77)), "already_done");
    assert_eq!(desk.refused(&office(), link(1)), "unknown_value", "not its own");
    desk.does(&office(), link(78));
    desk.does(&office(), close(77));
    assert_eq!(desk.refused(&office(), approve(Step::End)), "conditions_open", "one is still open");
    desk.does(&office(), close(78));
    desk.does(&office(), approve(Step::End));
}

/// 5.5.1: for I and II derived incidents do not prevent the end (the clause does not name them).
#[test]
fn derived_incidents_do_not_block_the_end_of_i_and_ii() {
    let mut desk = Desk::responding(II);
    desk.does(&office(), Command::LinkDerived { incident: IncidentId(Uuid::from_u128(77)) });
    desk.does(&office(), holds("danger-removed", true));
    desk.does(&office(), propose(Step::End));
    desk.does(&city(), approve(Step::End));
}

#[test]
fn conditions_of_another_level_are_not_known() {
    assert_eq!(Desk::responding(III).refused(&office(), holds("danger-removed", true)), "unknown_value");
    assert_eq!(Desk::responding(I).refused(&office(), holds("hazard-removed", true)), "unknown_value");
    assert_eq!(Desk::graded(III).refused(&office(), holds("hazard-removed", true)), "wrong_phase");
}
