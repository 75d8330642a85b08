//! Response, disposal, end and aftermath in `jincheng-internet-2008`: 5.2 to 5.5 and 6.

use fengsui_domain::expr::{Expr, Situation, Truth};
use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::{Clause, EndWhen, Right, RuleId};

use super::{NO, PLAN, YES, answers, named, roles};

#[test]
fn response_rights_of_5_2_and_5_5() {
    let right = |propose: &[&str], decide: &str, alone: bool, number: &str| Right {
        propose: roles(propose),
        decide: roles(&[decide]),
        without_proposal: alone,
        notify: Vec::new(),
        clause: PLAN.clauses.keys().find(|clause| clause.number() == number).expect(number).clone(),
    };
    let city_starts = || right(&["security-office"], "city-government", true, "5.2.2.1.a");
    let city_ends = || right(&["response-headquarters"], "city-government", false, "5.5.1");
    let office_starts = || right(&[], "security-office", true, "5.2.2.2");
    let office_ends = || right(&[], "security-office", true, "5.5.2");
    for (level, start, end, two_person, headquarters) in [
        (I, city_starts(), city_ends(), true, Some("5.2.2.1.b")),
        (II, city_starts(), city_ends(), true, Some("5.2.2.1.b")),
        (III, office_starts(), office_ends(), false, None),
        (IV, office_starts(), office_ends(), false, None),
    ] {
        let response = PLAN.response(level).expect("every level has a response");
        assert_eq!(response.clause.number(), "5.2.1");
        assert_eq!((&response.start, &response.adjust), (&start, &start), "level {level}");
        assert_eq!(response.end, end, "level {level}");
        assert_eq!(response.two_person, two_person, "level {level}");
        let known = response.headquarters.as_ref().map(|rule| (rule.clause.number(), rule.always));
        assert_eq!(known, headquarters.map(|number| (number, false)), "level {level}");
        assert_eq!(response.delegated, None, "level {level}");
    }
    assert_eq!(PLAN.responses.iter().map(|response| response.level).collect::<Vec<_>>(), [I, II, III, IV]);
}

#[test]
fn conditions_of_ending_in_5_5_1_and_5_5_2() {
    let conditions = |end: &EndWhen| -> Vec<(String, String, bool)> {
        let one = end.conditions.iter();
        one.map(|c| (c.id.to_string(), c.clause.number().to_owned(), c.needs_derived_closed)).collect()
    };
    let expect = |list: &[(&str, &str, bool)]| -> Vec<(String, String, bool)> {
        list.iter().map(|(id, clause, derived)| ((*id).to_owned(), (*clause).to_owned(), *derived)).collect()
    };
    let any = expect(&[("handling-over", "5.5.1", false), ("danger-removed", "5.5.1", false)]);
    let all = expect(&[
        ("back-to-normal", "5.5.2", false),
        ("derived-events-gone", "5.5.2", true),
        ("hazard-removed", "5.5.2", false),
    ]);
    for (level, need_all, expected) in
        [(I, false, &any), (II, false, &any), (III, true, &all), (IV, true, &all)]
    {
        let end = &PLAN.response(level).expect("every level has a response").end_when;
        assert_eq!((end.all, &conditions(end)), (need_all, expected), "level {level}");
    }
}

#[test]
fn disposal_chain_of_5_2_3() {
    let disposal = PLAN.disposal.as_ref().expect("the plan has a chain");
    for (stage, by, clause) in [
        (&disposal.draft, &["handling-team"][..], "5.2.3.2.a"),
        (&disposal.verify, &["working-bodies", "unit", "functional-departments"], "5.2.3.2.b"),
        (disposal.sum_up.as_ref().expect("the office sums up"), &["security-office"], "5.2.3.2.b"),
        (&disposal.approve, &["response-headquarters"], "5.2.3.3"),
        (&disposal.execute, &["handling-team"], "5.2.3.4"),
    ] {
        assert_eq!((&stage.by, stage.clause.number()), (&roles(by), clause));
    }
    let given = [&disposal.order, &disposal.resources].map(|rule| rule.as_ref().map(RuleId::as_str));
    assert_eq!(given, [Some("carry-out-disposal"), Some("secure-resources")], "approval gives orders");
}

#[test]
fn immediate_actions_of_5_3_1_are_ours() {
    let ids: Vec<&str> = PLAN.immediate_actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "isolate-host",
            "block-address",
            "disconnect-network",
            "preserve-evidence",
            "switch-to-backup",
            "notify-users"
        ]
    );
    for action in &PLAN.immediate_actions {
        assert_eq!(action.clause.number(), "5.3.1");
        let settled = PLAN
            .defaults_for(&action.clause)
            .any(|default| default.answer.en.contains("list of measures is ours"));
        assert!(settled, "the list is marked as ours");
    }
}

#[test]
fn review_of_6_2_and_filing_of_6_2_2() {
    let review = &PLAN.review;
    assert_eq!(review.clause.number(), "6.2");
    let [lead] = &review.leads[..] else { panic!("one body leads at every level") };
    assert_eq!((&lead.when, &lead.by), (&Expr::Const(true), &roles(&["security-office"])));
    assert_eq!(review.plan_change.as_ref().map(Clause::number), Some("6.2.3"));
    assert_eq!(
        named(&review.topics),
        [
            ("cause", "6.2", "起因"),
            ("nature", "6.2", "性质"),
            ("impact", "6.2", "影响"),
            ("responsibility", "6.2.1", "责任"),
            ("lessons", "6.2", "经验教训"),
            ("reconstruction", "6.2", "恢复重建"),
        ]
    );
    let filing = PLAN.filing.as_ref().expect("the plan asks for it");
    assert_eq!((&filing.by, &filing.to), (&roles(&["handling-team"]), &roles(&["security-office"])));
    assert_eq!(filing.clause.number(), "6.2.2");
}

#[test]
fn publication_chains_of_6_4() {
    for (id, clause, draft, approve, release) in [
        (
            "bulletin-key-units",
            "6.4.1.a",
            &["security-office", "responsible-unit"][..],
            &["security-office"][..],
            "security-office",
        ),
        ("briefing-all-units", "6.4.1.b", &["security-office"], &[], "security-office"),
        (
            "public-information",
            "6.4.2.b",
            &["security-office", "responsible-unit"],
            &["security-office"],
            "news-office",
        ),
    ] {
        let rule = PLAN.publications.iter().find(|rule| rule.id.as_str() == id).expect(id);
        assert_eq!(rule.clause.number(), clause, "{id}");
        assert_eq!((&rule.draft, &rule.approve), (&roles(draft), &roles(approve)), "{id}");
        assert_eq!(rule.release, roles(&[release]), "{id}");
    }
}

#[test]
fn who_is_told_at_which_level() {
    for (level, impact, expected) in [
        (I, NO, vec!["bulletin-key-units"]),
        (II, YES, vec!["bulletin-key-units", "public-information"]),
        (III, NO, vec!["briefing-all-units"]),
        (IV, YES, vec!["briefing-all-units", "public-information"]),
    ] {
        let facts = answers(&[("social_impact", impact)]);
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let holds = PLAN.publications.iter().filter(|rule| rule.when.eval(&situation) == Truth::True);
        assert_eq!(holds.map(|rule| rule.id.as_str()).collect::<Vec<_>>(), expected, "level {level}");
    }
}
