use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Truth::{False, True, Unknown};
use super::{Answers, Comparison, Expr, Part, Situation, Truth, Value};
use crate::level::IncidentLevel;
use crate::plan::sample::{choice, fact, plan, text};
use crate::plan::{FactId, Text};

fn answers<const N: usize>(list: [(&str, Value); N]) -> Answers {
    list.into_iter().map(|(name, value)| (fact(name), value)).collect()
}

fn eval(expr: &Expr, facts: &Answers) -> Truth {
    expr.eval(&Situation { facts, level: None, response: None })
}

fn yes(name: &str) -> Expr {
    Expr::Fact(fact(name))
}

fn not(expr: Expr) -> Expr {
    Expr::Not(Box::new(expr))
}

fn count(comparison: Comparison, figure: u64) -> Expr {
    Expr::Compare(fact("systems"), comparison, Value::Count(figure))
}

#[test]
fn kleene_tables() {
    for (a, b, and, or) in [
        (False, False, False, False),
        (False, Unknown, False, Unknown),
        (False, True, False, True),
        (Unknown, Unknown, Unknown, Unknown),
        (Unknown, True, Unknown, True),
        (True, True, True, True),
    ] {
        assert_eq!((a.and(b), b.and(a)), (and, and), "{a:?} and {b:?}");
        assert_eq!((a.or(b), b.or(a)), (or, or), "{a:?} or {b:?}");
    }
    assert_eq!([!False, !Unknown, !True], [True, Unknown, False]);
}

#[test]
fn what_a_condition_says_of_an_answer() {
    let spread = |comparison, name| Expr::Compare(fact("spread"), comparison, choice(name));
    let strong = || Expr::OneOf(fact("spread"), vec![choice("strong"), choice("very-strong")]);
    let none = answers([]);
    let some = answers([
        ("spread", choice("strong")),
        ("vital", Value::Bool(true)),
        ("systems", Value::Count(2)),
        ("paralysis", Value::Bool(false)),
    ]);
    for (expr, unanswered, answered) in [
        (Expr::Const(true), True, True),
        (Expr::Const(false), False, False),
        (yes("vital"), Unknown, True),
        (yes("paralysis"), Unknown, False),
        (Expr::Mark(fact("vital")), False, True),
        (Expr::Mark(fact("special")), False, False),
        (spread(Comparison::Equal, "strong"), Unknown, True),
        (spread(Comparison::NotEqual, "strong"), Unknown, False),
        (strong(), Unknown, True),
        (count(Comparison::Less, 2), Unknown, False),
        (count(Comparison::AtMost, 2), Unknown, True),
        (count(Comparison::Greater, 2), Unknown, False),
        (count(Comparison::AtLeast, 2), Unknown, True),
        // An answer of another type is no answer.
        (yes("spread"), Unknown, Unknown),
        (Expr::OneOf(fact("vital"), vec![choice("strong")]), Unknown, Unknown),
        (Expr::Compare(fact("spread"), Comparison::Less, Value::Count(9)), Unknown, Unknown),
        (Expr::All(vec![]), True, True),
        (Expr::Any(vec![]), False, False),
    ] {
        assert_eq!(eval(&expr, &none), unanswered, "{expr} with nothing answered");
        assert_eq!(eval(&expr, &some), answered, "{expr}");
    }
}

#[test]
fn a_level_test_waits_for_the_level() {
    let expr = Expr::Level(vec![IncidentLevel::I, IncidentLevel::II]);
    let none = answers([]);
    for (level, truth) in [
        (None, Unknown),
        (Some(IncidentLevel::I), True),
        (Some(IncidentLevel::II), True),
        (Some(IncidentLevel::III), False),
    ] {
        assert_eq!(expr.eval(&Situation { facts: &none, level, response: None }), truth, "{level:?}");
    }
}

#[test]
fn cel_text_and_sentences() {
    let plan = plan();
    let spread = Expr::Compare(fact("spread"), Comparison::Equal, choice("very-strong"));
    let strong = Expr::OneOf(fact("spread"), vec![choice("strong"), choice("very-strong")]);
    let level = Expr::Level(vec![IncidentLevel::IV]);
    let levels = Expr::Level(vec![IncidentLevel::I, IncidentLevel::II, IncidentLevel::III]);
    for (expr, cel, en, zh) in [
        (yes("vital"), "facts.vital", "vital system", "涉及国计民生"),
        (
            spread.clone(),
            r#"facts.spread == "very-strong""#,
            "Spread is “very strong”",
            "扩散性为“扩散性很强”",
        ),
        (
            Expr::Any(vec![strong, yes("vital")]),
            r#"facts.spread in ["strong", "very-strong"] || facts.vital"#,
            "Spread is “strong” or “very strong”, or vital system",
            "扩散性为“扩散性强”或“扩散性很强”，或涉及国计民生",
        ),
        (
            Expr::All(vec![level, not(Expr::Mark(fact("special")))]),
            r#"incident.level == "IV" && !facts.special"#,
            "the incident is level IV, and not “special circumstances”",
            "事件等级为Ⅳ级，且非“特殊情况”",
        ),
        (
            Expr::All(vec![Expr::Any(vec![yes("vital"), yes("derived")]), levels]),
            r#"(facts.vital || facts.derived) && incident.level in ["I", "II", "III"]"#,
            "(vital system, or other major events derived), and the incident is level I, II or III",
            "（涉及国计民生，或衍生其他重大安全事件），且事件等级为Ⅰ级、Ⅱ级或Ⅲ级",
        ),
        (
            not(Expr::All(vec![yes("vital"), count(Comparison::AtLeast, 2)])),
            "!(facts.vital && facts.systems >= 2)",
            "not (vital system, and Systems hit is at least 2)",
            "并非（涉及国计民生，且受影响系统数不少于 2）",
        ),
        (
            not(spread),
            r#"!(facts.spread == "very-strong")"#,
            "not (Spread is “very strong”)",
            "并非（扩散性为“扩散性很强”）",
        ),
        (
            not(Expr::Level(vec![IncidentLevel::I])),
            r#"incident.level != "I""#,
            "not (the incident is level I)",
            "并非（事件等级为Ⅰ级）",
        ),
        (Expr::Const(true), "true", "in every case", "任何情形"),
        (Expr::Const(false), "false", "never", "从不"),
        (Expr::Any(vec![yes("gone")]), "facts.gone", "gone", "gone"),
        (
            Expr::Compare(fact("spread"), Comparison::NotEqual, choice(r#"a"\"#)),
            r#"facts.spread != "a\"\\""#,
            r#"Spread is not “a"\”"#,
            r#"扩散性不为“a"\”"#,
        ),
    ] {
        assert_eq!(expr.to_string(), cel);
        assert_eq!(plan.words(&expr), text(zh, en), "{cel}");
    }
}

#[test]
fn a_sentence_keeps_its_conditions_apart() {
    let expr = Expr::Any(vec![yes("vital"), Expr::Level(vec![IncidentLevel::I])]);
    let glue = |zh, en| Part::Glue(text(zh, en));
    let condition = |text: Text, fact: Option<FactId>| Part::Condition { text, fact };
    assert_eq!(
        plan().sentence(&expr),
        [
            condition(text("涉及国计民生", "vital system"), Some(fact("vital"))),
            glue("，或", ", or "),
            condition(text("事件等级为Ⅰ级", "the incident is level I"), None),
        ]
    );
}

#[test]
fn an_explanation_names_each_condition_with_its_answer() {
    let expr = Expr::Any(vec![
        Expr::All(vec![count(Comparison::AtLeast, 2), yes("stability")]),
        not(Expr::Any(vec![yes("vital"), not(Expr::Mark(fact("special")))])),
    ]);
    let facts = answers([("systems", Value::Count(3)), ("vital", Value::Bool(false))]);
    let found: Vec<(String, bool, Option<Value>, Truth)> = expr
        .explain(&Situation { facts: &facts, level: None, response: None })
        .into_iter()
        .map(|atom| (atom.condition.to_string(), atom.negated, atom.value, atom.truth))
        .collect();
    assert_eq!(
        found,
        [
            ("facts.systems >= 2".to_owned(), false, Some(Value::Count(3)), True),
            ("facts.stability".to_owned(), false, None, Unknown),
            ("facts.vital".to_owned(), true, Some(Value::Bool(false)), False),
            ("facts.special".to_owned(), false, None, False),
        ]
    );
}

#[test]
fn only_facts_that_can_still_decide_are_open() {
    let expr = Expr::Any(vec![
        Expr::All(vec![yes("paralysis"), yes("stability")]),
        Expr::All(vec![not(yes("vital")), count(Comparison::Less, 2), Expr::Level(vec![IncidentLevel::I])]),
    ]);
    for (given, open) in [
        (answers([]), vec!["paralysis", "stability", "vital", "systems"]),
        (answers([("paralysis", Value::Bool(false))]), vec!["vital", "systems"]),
        (answers([("vital", Value::Bool(true))]), vec!["paralysis", "stability"]),
        (answers([("paralysis", Value::Bool(true)), ("stability", Value::Bool(true))]), vec![]),
    ] {
        let found = expr.open_facts(&Situation { facts: &given, level: None, response: None });
        assert_eq!(found.into_iter().map(FactId::as_str).collect::<Vec<_>>(), open, "{given:?}");
    }
}

const FACTS: [&str; 4] = ["vital", "stability", "spread", "systems"];
const SPREAD: [&str; 4] = ["none", "practically-none", "strong", "very-strong"];

fn any_comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    prop::sample::select(vec![Equal, NotEqual, Less, AtMost, Greater, AtLeast])
}

fn any_atom() -> impl Strategy<Value = Expr> {
    let spread = || prop::sample::select(SPREAD.to_vec()).prop_map(choice);
    prop_oneof![
        any::<bool>().prop_map(Expr::Const),
        prop::sample::select(vec!["vital", "stability"]).prop_map(yes),
        Just(Expr::Mark(fact("stability"))),
        spread().prop_map(|value| Expr::Compare(fact("spread"), Comparison::Equal, value)),
        prop::collection::vec(spread(), 1..3).prop_map(|values| Expr::OneOf(fact("spread"), values)),
        (any_comparison(), 0..4_u64).prop_map(|(comparison, figure)| count(comparison, figure)),
        prop::collection::vec(prop::sample::select(IncidentLevel::ALL.to_vec()), 1..3).prop_map(Expr::Level),
    ]
}

pub(crate) fn any_expr() -> impl Strategy<Value = Expr> {
    any_atom().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(not),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::All),
            prop::collection::vec(inner, 0..4).prop_map(Expr::Any),
        ]
    })
}

fn full_answers() -> impl Strategy<Value = Answers> {
    (any::<bool>(), any::<bool>(), prop::sample::select(SPREAD.to_vec()), 0..5_u64).prop_map(
        |(vital, stability, spread, systems)| {
            answers([
                ("vital", Value::Bool(vital)),
                ("stability", Value::Bool(stability)),
                ("spread", choice(spread)),
                ("systems", Value::Count(systems)),
            ])
        },
    )
}

fn any_level() -> impl Strategy<Value = IncidentLevel> {
    prop::sample::select(IncidentLevel::ALL.to_vec())
}

/// The plain reading with everything known, written without looking at the code under test.
fn holds(expr: &Expr, facts: &Answers, level: IncidentLevel) -> bool {
    match expr {
        Expr::Const(value) => *value,
        Expr::Fact(fact) | Expr::Mark(fact) => facts[fact] == Value::Bool(true),
        Expr::Compare(fact, comparison, literal) => match comparison {
            Comparison::Equal => facts[fact] == *literal,
            Comparison::NotEqual => facts[fact] != *literal,
            Comparison::Less => facts[fact] < *literal,
            Comparison::AtMost => facts[fact] <= *literal,
            Comparison::Greater => facts[fact] > *literal,
            Comparison::AtLeast => facts[fact] >= *literal,
        },
        Expr::OneOf(fact, literals) => literals.contains(&facts[fact]),
        Expr::Level(levels) => levels.contains(&level),
        Expr::Response(_) => unreachable!("`any_expr` makes none: without a response it is unknown"),
        Expr::Not(inner) => !holds(inner, facts, level),
        Expr::All(parts) => parts.iter().all(|part| holds(part, facts, level)),
        Expr::Any(parts) => parts.iter().any(|part| holds(part, facts, level)),
    }
}

/// The expression without marks, which are not monotonic by design: setting one turns `!mark` round.
fn without_marks(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(without_marks).collect();
    match expr {
        Expr::Mark(fact) => Expr::Fact(fact.clone()),
        Expr::Not(inner) => not(without_marks(inner)),
        Expr::All(parts) => Expr::All(all(parts)),
        Expr::Any(parts) => Expr::Any(all(parts)),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn with_all_facts_known_it_is_plain_logic(expr in any_expr(), facts in full_answers(), level in any_level()) {
        let truth = expr.eval(&Situation { facts: &facts, level: Some(level), response: None });
        prop_assert_eq!(truth, Truth::from(holds(&expr, &facts, level)), "{}", expr);
    }

    #[test]
    fn a_decided_predicate_stays_when_more_is_answered(
        expr in any_expr(),
        facts in full_answers(),
        known in prop::collection::vec(any::<bool>(), FACTS.len()),
        level in any_level(),
    ) {
        let expr = without_marks(&expr);
        let kept = |name: &str| FACTS.iter().position(|fact| *fact == name).is_some_and(|at| known[at]);
        let some: BTreeMap<_, _> = facts.clone().into_iter().filter(|(fact, _)| kept(fact.as_str())).collect();
        let before = expr.eval(&Situation { facts: &some, level: None, response: None });
        let after = expr.eval(&Situation { facts: &facts, level: Some(level), response: None });
        prop_assert!(before == Unknown || before == after, "{} was {:?}, then {:?}", expr, before, after);
    }

    #[test]
    fn explanations_agree_with_the_predicate(expr in any_expr(), facts in full_answers(), level in any_level()) {
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let atoms = expr.explain(&situation);
        prop_assert_eq!(atoms.len(), expr.atoms().len());
        for atom in atoms {
            prop_assert_eq!(atom.truth, atom.condition.eval(&situation));
        }
    }
}
