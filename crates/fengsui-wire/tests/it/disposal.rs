//! The disposal chain: `jincheng-internet-2008/5.2.3.2.a`, `5.2.3.2.b`, `5.2.3.3`, `5.2.3.4`.
//!
//! Without a headquarters the unit acts for the handling team and the security office approves.

use fengsui_domain::actor::Actor;
use fengsui_domain::id::DisposalId;
use fengsui_domain::incident::{Command, DisposalState, DisposalVerdict};
use fengsui_domain::level::IncidentLevel::{I, III};
use uuid::Uuid;

use crate::desk::{Desk, act, at, city, draft, office, office_2, role, speaker, unit, unit_2};

fn verifier() -> Actor {
    speaker("feng", &["functional-departments"])
}

fn verify(desk: &Desk, pass: bool) -> Command {
    Command::VerifyDisposal {
        disposal: desk.disposal(),
        pass,
        remarks: "tried on the test system".to_owned(),
    }
}

fn decide(desk: &Desk, verdict: DisposalVerdict) -> Command {
    Command::DecideDisposal { disposal: desk.disposal(), verdict, reason: "resources are there".to_owned() }
}

fn step(desk: &Desk, step: usize) -> Command {
    let result = "done, permission P-3".to_owned();
    Command::DoDisposalStep { disposal: desk.disposal(), step, at: desk.now, result }
}

/// A plan of the unit's, drafted.
fn drafted() -> Desk {
    let mut desk = Desk::responding(III);
    desk.does(&unit(), Command::DraftDisposal { draft: draft() });
    desk
}

/// Drafted and verified by a department.
fn verified() -> Desk {
    let mut desk = drafted();
    desk.does(&verifier(), verify(&desk, true));
    desk
}

/// Drafted, verified, and approved by the office.
fn approved() -> Desk {
    let mut desk = verified();
    desk.does(&office(), decide(&desk, DisposalVerdict::Approve));
    desk
}

fn state(desk: &Desk) -> DisposalState {
    desk.incident.disposals[0].state
}

#[test]
fn the_whole_chain_by_separate_people() {
    let mut desk = approved();
    desk.does(&unit(), step(&desk, 1));
    assert_eq!(desk.refused(&unit(), step(&desk, 1)), "already_done");
    assert_eq!(state(&desk), DisposalState::Approved);
    desk.does(&unit_2(), step(&desk, 0));
    assert_eq!(state(&desk), DisposalState::Done);
    assert_eq!(desk.refused(&unit(), step(&desk, 0)), "wrong_phase");
    let plan = &desk.incident.disposals[0];
    let bodies = [&plan.drafted, &plan.verifications[0].signed, plan.decided.as_ref().unwrap()];
    let bodies = bodies.map(|signed| signed.body.as_str().to_owned());
    assert_eq!(bodies, ["unit", "functional-departments", "security-office"]);
}

/// 5.2.3.4: no step before the approval, none in any state but approved, none dated before it.
#[test]
fn no_step_before_the_approval() {
    let mut desk = drafted();
    assert_eq!(desk.refused(&unit(), step(&desk, 0)), "wrong_phase");
    assert_eq!(
        desk.refused(&office(), decide(&desk, DisposalVerdict::Approve)),
        "wrong_phase",
        "not verified"
    );
    let mut desk = verified();
    assert_eq!(desk.refused(&unit(), step(&desk, 0)), "wrong_phase");
    for verdict in [DisposalVerdict::Return, DisposalVerdict::Reject] {
        let mut desk = verified();
        desk.does(&office(), decide(&desk, verdict));
        assert_eq!(desk.refused(&unit(), step(&desk, 0)), "wrong_phase", "{verdict}");
        assert_eq!(
            desk.refused(&office(), decide(&desk, DisposalVerdict::Approve)),
            "wrong_phase",
            "{verdict}"
        );
    }
    let mut desk = drafted();
    desk.does(&verifier(), verify(&desk, false));
    assert_eq!(state(&desk), DisposalState::Failed);
    assert_eq!(desk.refused(&office(), decide(&desk, DisposalVerdict::Approve)), "wrong_phase");
    let mut desk = verified();
    desk.at(60);
    desk.does(&office(), decide(&desk, DisposalVerdict::Approve));
    let early =
        Command::DoDisposalStep { disposal: desk.disposal(), step: 0, at: at(50), result: "done".to_owned() };
    assert_eq!(desk.refused(&unit(), early), "bad_time");
}

/// 5.2.3.2.b: drafter, verifier and approver are three persons, whoever they speak for; the executor is neither of the last two.
#[test]
fn every_refused_combination_of_persons() {
    let bodies = ["unit", "security-office", "functional-departments"];
    let [a, b, c] = ["ann", "bo", "cai"].map(|name| speaker(name, &bodies));
    let mut desk = Desk::responding(III);
    desk.does(&a, Command::DraftDisposal { draft: draft() });
    assert_eq!(desk.refused(&a, verify(&desk, true)), "same_person", "drafter verifies");
    desk.does(&b, verify(&desk, true));
    assert_eq!(desk.refused(&b, verify(&desk, true)), "already_done", "one finding each");
    assert_eq!(desk.refused(&a, decide(&desk, DisposalVerdict::Approve)), "same_person", "drafter approves");
    assert_eq!(desk.refused(&b, decide(&desk, DisposalVerdict::Approve)), "same_person", "verifier approves");
    desk.does(&c, decide(&desk, DisposalVerdict::Approve));
    assert_eq!(desk.refused(&b, step(&desk, 0)), "same_person", "verifier executes");
    assert_eq!(desk.refused(&c, step(&desk, 0)), "same_person", "approver executes");
    desk.does(&a, step(&desk, 0));
}

/// 5.2.3.2.b: several verifiers; none of them approves, and one who finds a fault stops the plan.
#[test]
fn several_verifiers() {
    let second = speaker("he", &["working-bodies", "security-office"]);
    let mut desk = verified();
    desk.does(&second, verify(&desk, true));
    assert_eq!(desk.refused(&second, decide(&desk, DisposalVerdict::Approve)), "same_person");
    desk.does(&unit_2(), verify(&desk, false));
    assert_eq!(state(&desk), DisposalState::Failed);
}

/// Which body may take which stage, without and with a headquarters.
#[test]
fn stages_belong_to_their_bodies() {
    let mut desk = Desk::responding(III);
    for body in ["city-government", "linkage-centre", "security-office", "handling-team"] {
        let actor = speaker("somebody", &[body]);
        assert_eq!(
            desk.refused(&actor, Command::DraftDisposal { draft: draft() }),
            "not_entitled",
            "{body} drafts"
        );
    }
    let mut desk = drafted();
    for body in ["city-government", "linkage-centre", "news-office"] {
        let actor = speaker("somebody", &[body]);
        assert_eq!(desk.refused(&actor, verify(&desk, true)), "not_entitled", "{body} verifies");
    }
    let mut desk = verified();
    for body in ["city-government", "unit", "linkage-centre", "response-headquarters"] {
        let actor = speaker("somebody", &[body]);
        let command = decide(&desk, DisposalVerdict::Approve);
        assert_eq!(desk.refused(&actor, command), "not_entitled", "{body} approves");
    }
    let mut desk = approved();
    for body in ["city-government", "security-office", "linkage-centre"] {
        let actor = speaker("somebody", &[body]);
        assert_eq!(desk.refused(&actor, step(&desk, 0)), "not_entitled", "{body} executes");
    }

    let (team, head) = (speaker("tang", &["handling-team"]), speaker("gao", &["response-headquarters"]));
    let mut desk = Desk::responding(I);
    desk.manned.extend(["handling-team", "response-headquarters"].map(role));
    desk.does(&city(), Command::DecideHeadquarters { form: true, grounds: "spreads".to_owned() });
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: draft() }), "not_entitled");
    desk.does(&team, Command::DraftDisposal { draft: draft() });
    desk.does(&verifier(), verify(&desk, true));
    assert_eq!(desk.refused(&office(), decide(&desk, DisposalVerdict::Approve)), "not_entitled");
    desk.does(&head, decide(&desk, DisposalVerdict::Approve));
    desk.does(&team, step(&desk, 0));
}

/// 5.3.1, 5.2.3.4: acting at once stays free while a plan waits for its approval.
#[test]
fn immediate_actions_wait_for_no_plan() {
    let mut desk = drafted();
    desk.does(&unit(), act("disconnect-network", at(0)));
}

#[test]
fn words_and_numbers_of_a_plan() {
    let mut desk = Desk::responding(III);
    let mut none = draft();
    none.steps.clear();
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: none }), "missing");
    let mut blank = draft();
    blank.steps[1] = " ".to_owned();
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: blank }), "missing");
    let mut many = draft();
    many.steps = vec!["step".to_owned(); 61];
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: many }), "too_many");
    let mut long = draft();
    long.steps = vec!["字".repeat(2_000); 9];
    assert_eq!(
        desk.refused(&unit(), Command::DraftDisposal { draft: long }),
        "too_long",
        "more than one entry holds"
    );
    let mut desk = approved();
    assert_eq!(desk.refused(&unit(), step(&desk, 2)), "unknown_value");
    let disposal = DisposalId(Uuid::nil());
    let unknown = Command::VerifyDisposal { disposal, pass: true, remarks: String::new() };
    assert_eq!(desk.refused(&verifier(), unknown), "unknown_value");
    let mut desk = drafted();
    let silent = Command::VerifyDisposal { disposal: desk.disposal(), pass: false, remarks: String::new() };
    assert_eq!(desk.refused(&verifier(), silent), "missing", "a fault is named");
    let mut desk = verified();
    let disposal = desk.disposal();
    for verdict in [DisposalVerdict::Return, DisposalVerdict::Reject] {
        let silent = Command::DecideDisposal { disposal, verdict, reason: String::new() };
        assert_eq!(desk.refused(&office_2(), silent), "missing", "{verdict} has a reason");
    }
    assert_eq!(Desk::ended(III).refused(&unit(), Command::DraftDisposal { draft: draft() }), "wrong_phase");
}
