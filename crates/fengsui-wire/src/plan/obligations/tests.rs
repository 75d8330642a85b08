//! What the shipped packs ask for, told before it happens: the same as the clocks then do.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::{Answers, Truth, Value};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::obligation::{Circumstances, Obligations, obligations};
use fengsui_domain::plan::{ClockStart, FactId, Plan, PlanId};

use super::answer_of;
use crate::plan::Library;

fn plan(id: &str) -> Plan {
    Library::shipped().get(&PlanId::new(id)).expect("the pack is shipped").plan.clone()
}

fn known(facts: &[(&str, Value)], level: Option<IncidentLevel>) -> Circumstances {
    let facts: Answers = facts.iter().map(|(fact, value)| (FactId::new(*fact), value.clone())).collect();
    Circumstances { facts, level, response: None }
}

/// The reports asked for, by rule: seconds, and whether it is certain.
fn reports(plan: &Plan, found: &Obligations) -> BTreeMap<String, bool> {
    let reports = found.duties.iter().filter(|duty| {
        plan.clock(&duty.rule)
            .is_some_and(|rule| rule.starts == ClockStart::BodyBecameAware && rule.form.is_some())
    });
    reports.map(|duty| (duty.rule.to_string(), duty.truth == Truth::True)).collect()
}

/// `jincheng-internet-2008/5.1.3`, `5.1.4`: the reports of each level, and of a mark.
#[test]
fn reports_by_level_and_mark() {
    let plan = plan("jincheng-internet-2008");
    let special = ("special_circumstances", Value::Bool(true));
    for (level, facts, expected) in [
        (IV, vec![], vec!["unit-oral-general", "unit-written-general"]),
        (III, vec![], vec!["unit-at-once", "unit-written-default"]),
        (II, vec![], vec!["unit-at-once", "unit-written-default", "city-oral-major", "city-written-major"]),
        (I, vec![], vec!["unit-at-once", "unit-written-default", "city-at-once", "city-written-default"]),
        (
            IV,
            vec![special],
            vec!["unit-at-once", "unit-written-default", "city-at-once", "city-written-default"],
        ),
    ] {
        let found = obligations(&plan, &known(&facts, Some(level)));
        assert_eq!((found.level, &found.rule), (level, &None), "a given level rests on no rule");
        let found = reports(&plan, &found);
        assert!(found.values().all(|certain| *certain), "{level}: {found:?}");
        let expected: BTreeSet<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(found.into_keys().collect::<BTreeSet<_>>(), expected, "level {level}, {facts:?}");
    }
}

/// Without a level the rules propose one; while they cannot, the worst still allowed counts.
#[test]
fn the_level_that_counts() {
    let plan = plan("jincheng-internet-2008");
    let nothing = obligations(&plan, &known(&[], None));
    assert_eq!((nothing.level, nothing.rule.is_none()), (I, true), "everything is still possible");
    let strong = known(&[("spread", Value::Choice("strong".to_owned()))], None);
    let found = obligations(&plan, &strong);
    assert_eq!(found.level, II);
    let rule = plan.grading_rule(found.rule.as_ref().expect("a rule proposed it")).expect("of this plan");
    assert_eq!(rule.level, II);
}

/// One answer that would change it is named with what it adds and drops; one that changes nothing is not.
#[test]
fn what_one_answer_would_change() {
    let plan = plan("jincheng-internet-2008");
    let found = obligations(&plan, &known(&[], Some(IV)));
    let turn = found.turns.iter().find(|turn| turn.fact.as_str() == "special_circumstances");
    let turn = turn.expect("the mark changes the reports");
    let ids = |rules: &[fengsui_domain::plan::RuleId]| -> Vec<String> {
        rules.iter().map(ToString::to_string).collect()
    };
    assert_eq!(turn.to, Value::Bool(true));
    assert_eq!(ids(&turn.dropped), ["unit-oral-general", "unit-written-general"]);
    assert_eq!(
        ids(&turn.added),
        ["unit-at-once", "unit-written-default", "city-at-once", "city-written-default"]
    );
    let graded_only = found.turns.iter().filter(|turn| turn.fact.as_str() == "spread").count();
    assert_eq!(graded_only, 0, "the level is given, so spread decides nothing");
    let open = obligations(&plan, &known(&[("spread", Value::Choice("strong".to_owned()))], None));
    assert!(open.turns.iter().any(|turn| turn.fact.as_str() == "spread" && turn.level != II));
}

/// Each turn is true: asked with that answer, exactly the duties it names come and go.
#[test]
fn every_turn_holds_when_it_is_taken() {
    for id in ["jincheng-internet-2008", "national-2017"] {
        let plan = plan(id);
        for level in [None, Some(I), Some(III)] {
            let before = known(&[], level);
            let now = certain(&obligations(&plan, &before));
            for turn in obligations(&plan, &before).turns {
                let mut then = before.clone();
                then.facts.insert(turn.fact.clone(), turn.to.clone());
                let after = certain(&obligations(&plan, &then));
                let added: BTreeSet<_> = turn.added.iter().cloned().collect();
                let dropped: BTreeSet<_> = turn.dropped.iter().cloned().collect();
                assert_eq!(after.difference(&now).cloned().collect::<BTreeSet<_>>(), added, "{id} {turn:?}");
                assert_eq!(
                    now.difference(&after).cloned().collect::<BTreeSet<_>>(),
                    dropped,
                    "{id} {turn:?}"
                );
            }
        }
    }
}

fn certain(found: &Obligations) -> BTreeSet<fengsui_domain::plan::RuleId> {
    let certain = found.duties.iter().filter(|duty| duty.truth == Truth::True);
    certain.map(|duty| duty.rule.clone()).collect()
}

#[test]
fn answers_as_typed() {
    let plan = plan("jincheng-internet-2008");
    for (fact, written, expected) in [
        ("spread", "strong", Ok(Value::Choice("strong".to_owned()))),
        ("special_circumstances", "true", Ok(Value::Bool(true))),
        ("special_circumstances", "yes", Err("`special_circumstances` is answered with true or false")),
        ("spread", "huge", Err("`spread` is answered with ")),
        ("sprad", "strong", Err("the plan jincheng-internet-2008 has no fact `sprad`; there are: ")),
    ] {
        match (answer_of(&plan, fact, written), expected) {
            (Ok((id, value)), Ok(right)) => assert_eq!((id.as_str(), value), (fact, right)),
            (Err(said), Err(right)) => assert!(said.starts_with(right), "{said}"),
            (found, expected) => panic!("{fact}={written}: {found:?}, not {expected:?}"),
        }
    }
}
