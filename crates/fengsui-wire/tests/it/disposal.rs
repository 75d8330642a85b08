//! The disposal chain: `jincheng-internet-2008/5.2.3.1.2`, `5.2.3.2.a`, `5.2.3.2.b`, `5.2.3.3`, `5.2.3.4`.
//!
//! Without a headquarters the unit acts for the handling team and the security office approves.

use fengsui_domain::actor::Actor;
use fengsui_domain::id::{DisposalId, GrantId};
use fengsui_domain::incident::{Command, DisposalDraft, DisposalState, DisposalVerdict, Finding, OrderState};
use fengsui_domain::level::IncidentLevel::{I, III};
use uuid::Uuid;

use crate::desk::{Desk, act, at, city, draft, office, office_2, role, speaker, unit, unit_2};

fn verifier() -> Actor {
    speaker("feng", &["functional-departments"])
}

fn verify(desk: &Desk, finding: Finding) -> Command {
    let remarks = "tried on the test system".to_owned();
    Command::VerifyDisposal { disposal: desk.disposal(), of: None, finding, remarks }
}

fn sum_up(desk: &Desk, pass: bool) -> Command {
    let remarks = "the other two had nobody at hand".to_owned();
    Command::SumUpDisposal { disposal: desk.disposal(), pass, remarks }
}

fn decide(desk: &Desk, verdict: DisposalVerdict) -> Command {
    Command::DecideDisposal { disposal: desk.disposal(), verdict, reason: "resources are there".to_owned() }
}

fn step(desk: &Desk, step: usize) -> Command {
    let result = "done".to_owned();
    Command::DoDisposalStep { disposal: desk.disposal(), step, at: desk.now, result, grant: None }
}

/// A plan of the unit's, drafted.
fn drafted() -> Desk {
    let mut desk = Desk::responding(III);
    desk.does(&unit(), Command::DraftDisposal { draft: draft() });
    desk
}

/// Drafted, verified by a department, summed up by the office.
fn verified() -> Desk {
    let mut desk = drafted();
    desk.does(&verifier(), verify(&desk, Finding::Pass));
    desk.does(&office_2(), sum_up(&desk, true));
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
    desk.does(&verifier(), verify(&desk, Finding::Fail));
    assert_eq!(state(&desk), DisposalState::Drafted, "until it is summed up");
    desk.does(&office_2(), sum_up(&desk, false));
    assert_eq!(state(&desk), DisposalState::Failed);
    assert_eq!(desk.refused(&office(), decide(&desk, DisposalVerdict::Approve)), "wrong_phase");
    let mut desk = verified();
    desk.at(60);
    desk.does(&office(), decide(&desk, DisposalVerdict::Approve));
    let Command::DoDisposalStep { disposal, step, result, grant, .. } = step(&desk, 0) else {
        unreachable!()
    };
    let early = Command::DoDisposalStep { disposal, step, at: at(50), result, grant };
    assert_eq!(desk.refused(&unit(), early), "bad_time");
}

/// 5.2.3.2.b: whoever drafts, checks and approves are different persons, whoever they speak for; a checker
/// does not carry out either. Summing up belongs to the checkers' stage.
#[test]
fn every_refused_combination_of_persons() {
    let bodies = ["unit", "security-office", "functional-departments"];
    let [a, b, c, d] = ["ann", "bo", "cai", "dai"].map(|name| speaker(name, &bodies));
    let mut desk = Desk::responding(III);
    desk.does(&a, Command::DraftDisposal { draft: draft() });
    assert_eq!(desk.refused(&a, verify(&desk, Finding::Pass)), "same_person", "drafter verifies");
    assert_eq!(desk.refused(&b, sum_up(&desk, true)), "not_ready", "nothing to sum up");
    desk.does(&b, verify(&desk, Finding::Pass));
    assert_eq!(desk.refused(&b, verify(&desk, Finding::Pass)), "already_done", "one finding each");
    assert_eq!(desk.refused(&c, decide(&desk, DisposalVerdict::Approve)), "wrong_phase", "not summed up");
    assert_eq!(desk.refused(&a, sum_up(&desk, true)), "same_person", "drafter sums up");
    desk.clone().does(&b, sum_up(&desk, true));
    desk.does(&d, sum_up(&desk, true));
    assert_eq!(desk.refused(&c, verify(&desk, Finding::Pass)), "wrong_phase", "too late for a finding");
    for (who, what) in [(&a, "drafter"), (&b, "verifier"), (&d, "summer-up")] {
        assert_eq!(
            desk.refused(who, decide(&desk, DisposalVerdict::Approve)),
            "same_person",
            "{what} approves"
        );
    }
    desk.does(&c, decide(&desk, DisposalVerdict::Approve));
    for (who, what) in [(&b, "verifier"), (&d, "summer-up"), (&c, "approver")] {
        assert_eq!(desk.refused(who, step(&desk, 0)), "same_person", "{what} executes");
    }
    desk.does(&a, step(&desk, 0));
}

/// 5.2.3.2.b: three kinds of verifier, each with a finding; a fault or a missing kind is explained.
#[test]
fn findings_are_summed_up() {
    let (bodies, department) = (speaker("he", &["working-bodies"]), verifier());
    let quiet = |desk: &Desk, pass| Command::SumUpDisposal {
        disposal: desk.disposal(),
        pass,
        remarks: String::new(),
    };
    let mut desk = drafted();
    desk.does(&department, verify(&desk, Finding::Pass));
    desk.does(&bodies, verify(&desk, Finding::Pass));
    assert_eq!(desk.refused(&office(), quiet(&desk, true)), "missing", "why the unit said nothing");
    desk.does(&unit_2(), verify(&desk, Finding::Remarks));
    assert_eq!(desk.refused(&office(), quiet(&desk, false)), "missing", "why it does not pass");
    let kinds: Vec<_> =
        desk.incident.disposals[0].verifications.iter().map(|each| each.of.clone().unwrap()).collect();
    assert_eq!(kinds, ["functional-departments", "working-bodies", "unit"].map(role));
    let mut passed = desk.clone();
    passed.does(&office(), quiet(&desk, true));
    assert_eq!(state(&passed), DisposalState::Verified);
    assert_eq!(passed.incident.disposals[0].summing_up.as_ref().unwrap().missing, []);

    let mut desk = drafted();
    desk.does(&department, verify(&desk, Finding::Pass));
    desk.does(&bodies, verify(&desk, Finding::Pass));
    desk.does(&unit_2(), verify(&desk, Finding::Fail));
    assert_eq!(desk.refused(&office(), quiet(&desk, true)), "missing", "why a fault does not count");
    desk.does(&office(), sum_up(&desk, true));
    assert_eq!(state(&desk), DisposalState::Verified, "the office weighs the findings");

    let mut desk = drafted();
    desk.does(&department, verify(&desk, Finding::Pass));
    desk.does(&office(), sum_up(&desk, true));
    let missing = desk.incident.disposals[0].summing_up.as_ref().unwrap().missing.clone();
    assert_eq!(missing, ["working-bodies", "unit"].map(role));
}

/// Somebody of two kinds says for which one; a kind that is none is refused, and one of others too.
#[test]
fn a_finding_is_of_one_kind() {
    let both = speaker("he", &["working-bodies", "functional-departments"]);
    let of = |desk: &Desk, kind: &str| Command::VerifyDisposal {
        disposal: desk.disposal(),
        of: Some(role(kind)),
        finding: Finding::Pass,
        remarks: String::new(),
    };
    let mut desk = drafted();
    assert_eq!(desk.refused(&both, of(&desk, "security-office")), "unknown_value");
    assert_eq!(desk.refused(&both, of(&desk, "unit")), "not_entitled");
    desk.does(&both, of(&desk, "functional-departments"));
    let found = &desk.incident.disposals[0].verifications[0];
    assert_eq!(
        (found.of.clone(), found.signed.body.clone()),
        (Some(role("functional-departments")), role("functional-departments"))
    );
}

/// 5.2.3.3, 5.2.3.4: approval gives an order for each resource and one to carry the plan out, which its last
/// step answers; return and reject give none.
#[test]
fn approval_gives_the_orders() {
    let given = |desk: &Desk| -> Vec<(String, String, String)> {
        let words = |order: &fengsui_domain::incident::Order| {
            let to = order.body().unwrap().to_string();
            (order.rule.to_string(), to, order.what.clone())
        };
        desk.incident.orders.iter().map(words).collect()
    };
    let mut desk = Desk::responding(III);
    let resources = "two engineers\n\n  a spare disk \n".to_owned();
    desk.does(&unit(), Command::DraftDisposal { draft: DisposalDraft { resources, ..draft() } });
    desk.does(&verifier(), verify(&desk, Finding::Pass));
    desk.does(&office_2(), sum_up(&desk, true));
    for verdict in [DisposalVerdict::Return, DisposalVerdict::Reject] {
        let mut desk = desk.clone();
        desk.does(&office(), decide(&desk, verdict));
        assert_eq!(given(&desk), []);
    }
    desk.does(&office(), decide(&desk, DisposalVerdict::Approve));
    let row = |rule: &str, to: &str, what: &str| (rule.to_owned(), to.to_owned(), what.to_owned());
    assert_eq!(
        given(&desk),
        [
            row("carry-out-disposal", "handling-team", ""),
            row("secure-resources", "liaison-team", "two engineers"),
            row("secure-resources", "liaison-team", "a spare disk"),
        ]
    );
    desk.does(&unit(), step(&desk, 0));
    assert_eq!(desk.incident.orders[0].state(), OrderState::Given);
    desk.does(&unit(), step(&desk, 1));
    assert_eq!(desk.incident.orders[0].state(), OrderState::Done, "the last step answers the order");
    assert_eq!(desk.incident.orders[1].state(), OrderState::Given, "resources are answered by themselves");
}

/// 5.2.3.4: without an order that stands no step is carried out.
#[test]
fn a_withdrawn_order_stops_the_work() {
    let mut desk = approved();
    desk.does(&unit(), step(&desk, 0));
    let order = desk.incident.disposals[0].order.unwrap();
    let withdraw = Command::WithdrawOrder { order, reason: "the backup turned out bad".to_owned() };
    assert_eq!(desk.refused(&unit(), withdraw.clone()), "not_entitled", "only whoever may give it");
    desk.does(&office(), withdraw);
    assert_eq!(desk.refused(&unit(), step(&desk, 1)), "not_ready");
}

/// 5.2.3.1.2, 5.2.3.4: a step that takes a permission names one that was live, given to whoever did it by
/// somebody else.
#[test]
fn a_privileged_step_takes_a_permission() {
    let mut desk = Desk::responding(III);
    let steps = vec![
        crate::desk::step("restart the core switch", "network equipment"),
        crate::desk::step("watch", ""),
    ];
    desk.does(&unit(), Command::DraftDisposal { draft: DisposalDraft { steps, ..draft() } });
    desk.does(&verifier(), verify(&desk, Finding::Pass));
    desk.does(&office_2(), sum_up(&desk, true));
    desk.does(&office(), decide(&desk, DisposalVerdict::Approve));
    let with = |desk: &Desk, grant: Option<GrantId>, minute| {
        let Command::DoDisposalStep { disposal, step, result, .. } = step(desk, 0) else { unreachable!() };
        Command::DoDisposalStep { disposal, step, at: at(minute), result, grant }
    };
    assert_eq!(desk.refused(&unit(), with(&desk, None, 0)), "not_ready");
    assert_eq!(desk.refused(&unit(), with(&desk, Some(GrantId(Uuid::nil())), 0)), "unknown_value");
    let give = |to: &str, name: &str| Command::GiveGrant {
        to: role(to),
        person: name.to_owned(),
        what: "network equipment".to_owned(),
        asset: "core switch".to_owned(),
        until: at(60),
        reason: "step 1 of the plan".to_owned(),
    };
    desk.at(10);
    let last = |desk: &Desk| Some(desk.incident.grants.last().unwrap().id);
    for (to, name, code) in [
        ("linked-units", "", "not_entitled"),
        ("handling-team", "zhou", "not_entitled"),
        ("handling-team", "wang", ""),
        ("handling-team", "", ""),
        ("unit", "", ""),
    ] {
        let mut desk = desk.clone();
        desk.does(&office(), give(to, name));
        let command = with(&desk, last(&desk), 10);
        let found = desk.tries(&unit(), command).err().map_or("", |refusal| refusal.code());
        assert_eq!(found, code, "{to} {name}");
    }
    desk.does(&office(), give("unit", ""));
    for (now, done, code) in [(20, 9, "bad_time"), (60, 60, "bad_time"), (60, 59, "")] {
        let mut desk = desk.clone();
        desk.at(now);
        let command = with(&desk, last(&desk), done);
        let found = desk.tries(&unit(), command).err().map_or("", |refusal| refusal.code());
        assert_eq!(found, code, "done at {done}");
    }
    let both = speaker("liu", &["security-office", "unit"]);
    let command = with(&desk, last(&desk), 10);
    assert_eq!(desk.refused(&both, command.clone()), "same_person", "whoever gives it does not use it");
    let grant = last(&desk).unwrap();
    desk.does(&office_2(), Command::WithdrawGrant { grant, reason: "done otherwise".to_owned() });
    desk.at(11);
    assert_eq!(desk.refused(&unit(), with(&desk, Some(grant), 11)), "bad_time", "withdrawn");
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
    for body in ["city-government", "linkage-centre", "news-office", "security-office"] {
        let actor = speaker("somebody", &[body]);
        assert_eq!(desk.refused(&actor, verify(&desk, Finding::Pass)), "not_entitled", "{body} verifies");
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
    desk.does(&verifier(), verify(&desk, Finding::Pass));
    desk.does(&office_2(), sum_up(&desk, true));
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
    blank.steps[1].text = " ".to_owned();
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: blank }), "missing");
    let mut many = draft();
    many.steps = vec![crate::desk::step("step", ""); 61];
    assert_eq!(desk.refused(&unit(), Command::DraftDisposal { draft: many }), "too_many");
    let mut long = draft();
    long.steps = vec![crate::desk::step(&"字".repeat(2_000), ""); 9];
    assert_eq!(
        desk.refused(&unit(), Command::DraftDisposal { draft: long }),
        "too_long",
        "more than one entry holds"
    );
    let mut desk = approved();
    assert_eq!(desk.refused(&unit(), step(&desk, 2)), "unknown_value");
    let disposal = DisposalId(Uuid::nil());
    let unknown =
        Command::VerifyDisposal { disposal, of: None, finding: Finding::Pass, remarks: String::new() };
    assert_eq!(desk.refused(&verifier(), unknown), "unknown_value");
    let mut desk = drafted();
    for finding in [Finding::Fail, Finding::Remarks] {
        let silent =
            Command::VerifyDisposal { disposal: desk.disposal(), of: None, finding, remarks: String::new() };
        assert_eq!(desk.refused(&verifier(), silent), "missing", "{finding:?} says why");
    }
    let mut desk = verified();
    let disposal = desk.disposal();
    for verdict in [DisposalVerdict::Return, DisposalVerdict::Reject] {
        let silent = Command::DecideDisposal { disposal, verdict, reason: String::new() };
        assert_eq!(desk.refused(&office(), silent), "missing", "{verdict} has a reason");
    }
    assert_eq!(Desk::ended(III).refused(&unit(), Command::DraftDisposal { draft: draft() }), "wrong_phase");
}
