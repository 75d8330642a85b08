use proptest::prelude::*;

use super::{Outcome, Proposal, RuleSet, Turn, propose};
use crate::expr::tests::any_expr;
use crate::expr::{Answers, Comparison, Expr, Truth, Value};
use crate::level::IncidentLevel::{self, I, II, III, IV};
use crate::plan::sample::{choice, fact, plan, text};
use crate::plan::{GradingRule, Plan, RuleId};

fn answers(list: &[(&str, Value)]) -> Answers {
    list.iter().map(|(name, value)| (fact(name), value.clone())).collect()
}

fn proposal(list: &[(&str, Value)]) -> Proposal {
    propose(&plan(), &answers(list))
}

const YES: Value = Value::Bool(true);
const NO: Value = Value::Bool(false);

#[test]
fn the_level_of_each_clause() {
    let all_four = |missing: &str| {
        let others = ["paralysis", "stability", "derived"].map(|name| (name, Value::Bool(name != missing)));
        [&[("spread", choice("very-strong"))][..], &others[..]].concat()
    };
    for (clause, given, rule, level) in [
        ("2.2.1", all_four(""), Some("i"), Some(I)),
        ("2.2.1, paralysis missing", all_four("paralysis"), Some("ii"), Some(II)),
        ("2.2.1, stability missing", all_four("stability"), Some("ii"), Some(II)),
        ("2.2.1, derived events missing", all_four("derived"), Some("ii"), Some(II)),
        ("2.2.2, spread", vec![("spread", choice("strong"))], Some("ii"), Some(II)),
        ("2.2.2, vital system", vec![("spread", choice("none")), ("vital", YES)], Some("ii"), Some(II)),
        (
            "2.2.3, spread",
            vec![("spread", choice("practically-none")), ("vital", NO)],
            Some("iii-spread"),
            Some(III),
        ),
        (
            "2.2.3, units",
            vec![("spread", choice("none")), ("vital", NO), ("individual", YES)],
            Some("iii-units"),
            Some(III),
        ),
        ("2.2.4", vec![("spread", choice("none")), ("vital", NO), ("individual", NO)], Some("iv"), Some(IV)),
        ("2.2, nothing answered", vec![], None, None),
    ] {
        let found = proposal(&given);
        assert_eq!(found.rule, rule.map(RuleId::new), "{clause}");
        assert_eq!(found.level, level, "{clause}");
    }
}

#[test]
fn individual_units_ask_the_judge_and_mean_iii_if_unsure() {
    // 2.2.3 and 2.2.4 share these words.
    let found = proposal(&[("spread", choice("none")), ("vital", NO), ("individual", YES)]);
    assert!(found.needs_judge);
    assert_eq!(found.judge, Some(text("三、四级用语相同", "III and IV share these words")));
    assert_eq!(found.level, Some(III));
    let clear = proposal(&[("spread", choice("practically-none")), ("vital", NO), ("individual", YES)]);
    assert!(!clear.needs_judge, "the other half of 2.2.3 holds, so there is nothing to judge");
}

#[test]
fn the_highest_plausible_level_falls_as_questions_are_answered() {
    for (given, highest, open) in [
        (vec![], I, vec!["spread", "paralysis", "stability", "derived", "vital", "individual"]),
        (vec![("paralysis", NO)], II, vec!["spread", "vital", "individual"]),
        (vec![("spread", choice("none"))], II, vec!["vital", "individual"]),
        (vec![("spread", choice("none")), ("vital", NO)], III, vec!["individual"]),
        (vec![("spread", choice("none")), ("vital", NO), ("individual", NO)], IV, vec![]),
        (vec![("spread", choice("very-strong"))], I, vec!["paralysis", "stability", "derived"]),
    ] {
        let found = proposal(&given);
        assert_eq!(found.highest_plausible, highest, "{given:?}");
        assert_eq!(found.open, open.into_iter().map(fact).collect::<Vec<_>>(), "{given:?}");
    }
}

#[test]
fn an_open_rule_of_the_same_level_does_not_hold_up_the_level() {
    // `iii-spread` is open, `iii-units` holds: III either way.
    let mut plan = plan();
    plan.grading.rules.retain(|rule| rule.level >= III);
    let found = propose(&plan, &answers(&[("individual", YES)]));
    assert_eq!((found.rule, found.level), (Some(RuleId::new("iii-units")), Some(III)));
}

#[test]
fn the_trail_says_why() {
    let found = proposal(&[("spread", choice("strong"))]);
    let truths: Vec<(&str, IncidentLevel, &str, Truth)> = found
        .trail
        .iter()
        .map(|line| (line.rule.as_str(), line.level, line.clause.number(), line.truth))
        .collect();
    assert_eq!(
        truths,
        [
            ("i", I, "2.2.1", Truth::False),
            ("ii", II, "2.2.2", Truth::True),
            ("iii-spread", III, "2.2.3", Truth::False),
            ("iii-units", III, "2.2.3", Truth::Unknown),
            ("iv", IV, "2.2.4", Truth::True),
        ]
    );
    let first = &found.trail[0].atoms[0];
    assert_eq!(first.condition.to_string(), r#"facts.spread == "very-strong""#);
    assert_eq!((&first.value, first.truth), (&Some(choice("strong")), Truth::False));
}

#[test]
fn which_one_fact_would_change_it() {
    let found = proposal(&[("spread", choice("none")), ("vital", NO), ("individual", NO), ("paralysis", NO)]);
    let turn = |name: &str, from: Value, to: Value, level| Turn {
        fact: fact(name),
        from: Some(from),
        to,
        level: Some(level),
        highest_plausible: level,
    };
    assert_eq!(
        found.turning,
        [
            turn("spread", choice("none"), choice("practically-none"), III),
            turn("spread", choice("none"), choice("strong"), II),
            turn("spread", choice("none"), choice("very-strong"), II),
            turn("vital", NO, YES, II),
            turn("individual", NO, YES, III),
        ]
    );
}

#[test]
fn a_turn_may_leave_the_level_open() {
    let found = proposal(&[("spread", choice("strong"))]);
    let open: Vec<(&Value, Option<IncidentLevel>, IncidentLevel)> =
        found.turning.iter().map(|turn| (&turn.to, turn.level, turn.highest_plausible)).collect();
    assert_eq!(
        open,
        [
            (&choice("none"), None, II),
            (&choice("practically-none"), None, II),
            (&choice("very-strong"), None, I),
        ]
    );
}

#[test]
fn a_count_turns_at_the_nearest_figure() {
    let plan = counting();
    for (systems, expected) in
        [(0, vec![(3, III), (6, II)]), (4, vec![(5, IV), (6, II)]), (1000, vec![(5, IV), (4, III)])]
    {
        let found = propose(&plan, &answers(&[("systems", Value::Count(systems))]));
        let turns: Vec<(u64, IncidentLevel)> = found
            .turning
            .iter()
            .map(|turn| match turn.to {
                Value::Count(figure) => (figure, turn.level.expect("every figure decides")),
                _ => panic!("a count turns to a count"),
            })
            .collect();
        assert_eq!(turns, expected, "from {systems}");
    }
}

#[test]
fn a_rule_behind_a_catch_all_is_never_reached() {
    let mut plan = plan();
    let ids = |plan: &Plan| plan.grading.rules.iter().map(|rule| rule.id.clone()).collect();
    let reachable = |plan: &Plan, mut steps: usize| (RuleSet::levels(plan).reachable(&mut steps), steps);
    let all = 128 * 9;
    let (reached, left) = reachable(&plan, all);
    assert_eq!(reached, Some(ids(&plan)));
    // Once every rule was reached there is nothing more to try, and a branch takes the 9 conditions of all rules.
    let taken = all - left;
    assert!(taken > 0 && left > 0 && taken.is_multiple_of(9), "{taken}");
    assert_eq!(reachable(&plan, taken), (Some(ids(&plan)), 0), "exactly enough");
    assert_eq!(reachable(&plan, taken - 1).0, None, "a step too few");
    plan.grading.rules.swap(3, 4);
    let (reached, left) = reachable(&plan, all);
    assert!(all - left > taken, "a rule that is never reached is looked for everywhere");
    let reached = reached.expect("128 combinations");
    assert!(!reached.contains(&RuleId::new("iii-units")));
    assert_eq!(reached.len(), 4);
}

/// Grading by a count alone: more than 5 is II, 3 to 4 is III, the rest IV.
fn counting() -> Plan {
    let mut plan = plan();
    let systems = |comparison, figure| Expr::Compare(fact("systems"), comparison, Value::Count(figure));
    plan.grading.rules[1].when = systems(Comparison::Greater, 5);
    plan.grading.rules[2].when =
        Expr::All(vec![systems(Comparison::AtLeast, 3), systems(Comparison::Less, 5)]);
    plan.grading.rules.remove(3);
    plan.grading.rules.remove(0);
    plan
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let yes_or_no = || prop::option::of(any::<bool>().prop_map(Value::Bool));
    let spread = vec!["none", "practically-none", "strong", "very-strong"];
    let spread = prop::option::of(prop::sample::select(spread).prop_map(choice));
    (spread, yes_or_no(), yes_or_no(), yes_or_no(), yes_or_no(), yes_or_no()).prop_map(
        |(spread, paralysis, stability, derived, vital, individual)| {
            [
                ("spread", spread),
                ("paralysis", paralysis),
                ("stability", stability),
                ("derived", derived),
                ("vital", vital),
                ("individual", individual),
            ]
            .into_iter()
            .filter_map(|(name, value)| Some((fact(name), value?)))
            .collect()
        },
    )
}

/// Rules on the questions that [`any_expr`] reads, a few of them of one level.
fn any_rules() -> impl Strategy<Value = Plan> {
    let level = prop::sample::select(IncidentLevel::ALL.to_vec());
    prop::collection::vec((level, any_expr()), 1..6).prop_map(|rules| {
        let mut plan = plan();
        let any = plan.grading.rules.remove(0);
        let rules = rules.into_iter().enumerate();
        let rules = rules.map(|(at, (level, when))| GradingRule {
            id: RuleId::new(format!("rule-{at}")),
            level,
            when,
            ..any.clone()
        });
        plan.grading.rules = rules.collect();
        plan
    })
}

/// All answers to the questions that [`any_expr`] reads; it compares counts with figures below 4.
fn every_case() -> Vec<Answers> {
    let mut cases = vec![Answers::new()];
    for (name, values) in [
        ("vital", vec![YES, NO]),
        ("stability", vec![YES, NO]),
        ("spread", ["none", "practically-none", "strong", "very-strong"].map(choice).to_vec()),
        ("systems", (0..=4).map(Value::Count).collect()),
    ] {
        let with = |case: &Answers, value: &Value| {
            case.clone().into_iter().chain([(fact(name), value.clone())]).collect::<Answers>()
        };
        cases = cases.iter().flat_map(|case| values.iter().map(move |value| with(case, value))).collect();
    }
    cases
}

/// Every answer the sample plan knows.
fn every_answer() -> Vec<(&'static str, Value)> {
    let spread = ["none", "practically-none", "strong", "very-strong"].map(|name| ("spread", choice(name)));
    let others = ["paralysis", "stability", "derived", "vital", "individual", "special"];
    let others = others.into_iter().flat_map(|name| [(name, YES), (name, NO)]);
    spread.into_iter().chain(others).collect()
}

proptest! {
    #[test]
    fn a_decided_level_stays_when_more_is_answered(given in any_answers(), more in any_answers()) {
        let plan = plan();
        let before = propose(&plan, &given);
        let mut later = more;
        later.extend(given);
        let after = propose(&plan, &later);
        prop_assert!(before.level.is_none() || before.level == after.level);
        prop_assert!(before.highest_plausible <= after.highest_plausible, "answers only narrow what is plausible");
        if let Some(level) = before.level {
            prop_assert_eq!(level, before.highest_plausible);
        }
    }

    #[test]
    fn reached_is_what_decides_in_some_case(plan in any_rules()) {
        let set = RuleSet::levels(&plan);
        let decides = |case: &Answers| Outcome::of(&set, case).rule.map(|at| set.rules[at].id.clone());
        let expected = every_case().iter().filter_map(decides).collect();
        let conditions: Vec<String> = set.rules.iter().map(|rule| rule.when.to_string()).collect();
        prop_assert_eq!(set.reachable(&mut usize::MAX.clone()), Some(expected), "{:?}", conditions);
    }

    #[test]
    fn exactly_the_listed_answers_change_the_outcome(given in any_answers()) {
        let plan = plan();
        let now = propose(&plan, &given);
        for (name, value) in every_answer() {
            let mut changed = given.clone();
            changed.insert(fact(name), value.clone());
            let then = propose(&plan, &changed);
            let differs = (then.level, then.highest_plausible) != (now.level, now.highest_plausible);
            let listed = now.turning.iter().find(|turn| turn.fact == fact(name) && turn.to == value);
            prop_assert_eq!(listed.is_some(), differs, "{} to {}", name, value);
            if let Some(turn) = listed {
                prop_assert_eq!(&turn.from, &given.get(&fact(name)).cloned());
                prop_assert_eq!((turn.level, turn.highest_plausible), (then.level, then.highest_plausible));
            }
        }
    }

    #[test]
    fn every_count_has_its_outcome_listed(now in 0..12_u64, then in 0..12_u64) {
        let plan = counting();
        let at = |figure| propose(&plan, &answers(&[("systems", Value::Count(figure))]));
        let (before, after) = (at(now), at(then));
        let listed = before.turning.iter().any(|turn| turn.level == after.level);
        prop_assert_eq!(listed, before.level != after.level);
    }

    #[test]
    fn an_undecided_outcome_names_the_open_questions(given in any_answers()) {
        let now = propose(&plan(), &given);
        if now.level.is_none() {
            prop_assert!(!now.open.is_empty());
        }
        for open in &now.open {
            prop_assert!(!given.contains_key(open));
        }
    }
}
