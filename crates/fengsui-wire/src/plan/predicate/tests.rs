use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::{Comparison, Expr, Value};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Choice, FactId, FactKind, Text};
use proptest::prelude::*;

use super::{MAX_BYTES, Parsed, Problem, Scope, compile};

fn facts() -> BTreeMap<FactId, (FactKind, bool)> {
    let choices = ["none", "strong", "very-strong"];
    let choices = choices.map(|id| Choice {
        id: id.to_owned(),
        title: Text { zh: id.to_owned(), en: id.to_owned() },
        clause: None,
    });
    BTreeMap::from([
        (FactId::new("spread"), (FactKind::OneOf(choices.into()), false)),
        (FactId::new("vital_system"), (FactKind::Bool, false)),
        (FactId::new("special"), (FactKind::Bool, true)),
        (FactId::new("systems_hit"), (FactKind::Count, false)),
    ])
}

fn try_compile(text: &str, graded: bool) -> Result<Expr, Vec<Problem>> {
    let broken = BTreeSet::from(["half_read".to_owned()]);
    let levels = BTreeSet::from(IncidentLevel::ALL);
    let scope = Scope { facts: &facts(), broken: &broken, no_facts: false, levels: &levels, graded };
    compile(text, scope, &Parsed::default())
}

fn fact(name: &str) -> FactId {
    FactId::new(name)
}

fn choice(name: &str) -> Value {
    Value::Choice(name.to_owned())
}

#[test]
fn what_can_be_said() {
    use IncidentLevel::{I, II, IV};
    let vital = || Expr::Fact(fact("vital_system"));
    let spread = |name| Expr::Compare(fact("spread"), Comparison::Equal, choice(name));
    let not = |expr| Expr::Not(Box::new(expr));
    let hit = |comparison, figure| Expr::Compare(fact("systems_hit"), comparison, Value::Count(figure));
    for (text, expected) in [
        ("true", Expr::Const(true)),
        ("facts.vital_system", vital()),
        ("facts.special", Expr::Mark(fact("special"))),
        ("!facts.vital_system", not(vital())),
        (r#"facts.spread == "strong""#, spread("strong")),
        ("facts.spread == 'strong'", spread("strong")),
        (r#"facts.spread != "none""#, Expr::Compare(fact("spread"), Comparison::NotEqual, choice("none"))),
        (
            r#"facts.spread in ["strong", "very-strong"]"#,
            Expr::OneOf(fact("spread"), vec![choice("strong"), choice("very-strong")]),
        ),
        ("facts.systems_hit >= 2", hit(Comparison::AtLeast, 2)),
        ("facts.systems_hit < 5", hit(Comparison::Less, 5)),
        (
            "facts.systems_hit in [1, 2]",
            Expr::OneOf(fact("systems_hit"), vec![Value::Count(1), Value::Count(2)]),
        ),
        (r#"incident.level == "IV""#, Expr::Level(vec![IV])),
        (r#"incident.level != "IV""#, not(Expr::Level(vec![IV]))),
        (r#"incident.level in ["I", "II"]"#, Expr::Level(vec![I, II])),
        (r#"response.level == "II""#, Expr::Response(vec![II])),
        (r#"response.level != "IV""#, not(Expr::Response(vec![IV]))),
        (r#"response.level in ["I", "II"]"#, Expr::Response(vec![I, II])),
        (
            r#"facts.vital_system || facts.spread == "strong" || facts.special"#,
            Expr::Any(vec![vital(), spread("strong"), Expr::Mark(fact("special"))]),
        ),
        (
            "(facts.vital_system && facts.special) && !(facts.special || facts.vital_system)",
            Expr::All(vec![
                vital(),
                Expr::Mark(fact("special")),
                not(Expr::Any(vec![Expr::Mark(fact("special")), vital()])),
            ]),
        ),
        // `&&` binds tighter than `||`.
        (
            "facts.special || facts.vital_system && facts.systems_hit == 0",
            Expr::Any(vec![Expr::Mark(fact("special")), Expr::All(vec![vital(), hit(Comparison::Equal, 0)])]),
        ),
    ] {
        assert_eq!(try_compile(text, true), Ok(expected), "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one flat table")]
fn what_cannot_be_said_and_why() {
    let allowed = "allowed are facts.name, incident.level, response.level, == != < <= > >=, in [ ], &&, ||, !, brackets, \"text\", \
                   whole numbers, true, false";
    for (text, expected) in [
        // Names.
        ("facts.vital_sytem", vec![r#"0 FP022 unknown fact "vital_sytem"; did you mean "vital_system"?"#]),
        (
            "facts.weather",
            vec![
                r#"0 FP022 unknown fact "weather"; known are "special", "spread", "systems_hit", "vital_system""#,
            ],
        ),
        ("facts.special && facts.half_read", vec![]),
        (
            r#"facts.special && facts.spread == "stron""#,
            vec![r#"33 FP023 "stron" is not a choice of "spread"; did you mean "strong"?"#],
        ),
        (
            r#"facts.spread == "5""#,
            vec![r#"16 FP023 "5" is not a choice of "spread"; known are "none", "strong", "very-strong""#],
        ),
        (r#"incident.level == "V""#, vec![r#"18 FP024 unknown level "V"; known are "I", "II", "III", "IV""#]),
        (
            r#"incident.level in ["I", "5"]"#,
            vec![r#"24 FP024 unknown level "5"; known are "I", "II", "III", "IV""#],
        ),
        // Several at once.
        (
            r#"facts.spead == "strong" || facts.spread == "weak" && facts.vital"#,
            vec![
                r#"0 FP022 unknown fact "spead"; did you mean "spread"?"#,
                r#"43 FP023 "weak" is not a choice of "spread"; known are "none", "strong", "very-strong""#,
                r#"53 FP022 unknown fact "vital"; known are "special", "spread", "systems_hit", "vital_system""#,
            ],
        ),
        // Types.
        (
            "facts.spread",
            vec![r#"0 FP032 facts.spread is not a yes-or-no fact; compare it, as in facts.spread == "none""#],
        ),
        (
            "!facts.systems_hit",
            vec![
                "1 FP032 facts.systems_hit is not a yes-or-no fact; compare it, as in facts.systems_hit >= 1",
            ],
        ),
        (
            "facts.vital_system == true",
            vec![
                "22 FP032 facts.vital_system is yes or no and not compared; write facts.vital_system or !facts.vital_system",
            ],
        ),
        (
            r#"facts.spread < "strong""#,
            vec![r#"0 FP032 "spread" is not a count and has no order; use == or in"#],
        ),
        (
            "facts.spread == 2",
            vec![
                r#"16 FP032 "spread" is compared with its choices only; its choices are "none", "strong", "very-strong""#,
            ],
        ),
        (
            r#"facts.systems_hit == "two""#,
            vec![r#"21 FP032 "systems_hit" is compared with whole numbers from 0 only"#],
        ),
        (
            r#"incident.level < "III""#,
            vec![
                r#"0 FP032 levels are not compared by size; list them, as in incident.level in ["I", "II"]"#,
            ],
        ),
        (
            "incident.level",
            vec![r#"0 FP032 incident.level has to be compared with a level; as in incident.level == "IV""#],
        ),
        ("facts.special && 3", vec!["17 FP032 something that is yes or no belongs here"]),
        (r#""strong""#, vec!["0 FP032 something that is yes or no belongs here"]),
        ("facts.systems_hit in []", vec!["21 FP032 the list is empty"]),
        // Shapes.
        (
            r#""strong" == facts.spread"#,
            vec![r#"0 FP031 the fact belongs on the left; as in facts.spread == "strong""#],
        ),
        (
            r#"facts.spread in "strong""#,
            vec![r#"16 FP031 a list belongs on the right of in; as in in ["I", "II"]"#],
        ),
        (
            "special",
            vec![r#"0 FP031 this is not allowed in a predicate: "special"; a fact is written facts.special"#],
        ),
        ("weather", vec![&format!(r#"0 FP031 this is not allowed in a predicate: "weather"; {allowed}"#)]),
        (
            "incident.category == \"attack\"",
            vec![&format!(r#"0 FP031 this is not allowed in a predicate: "incident.category"; {allowed}"#)],
        ),
        // What other languages and keyboards write instead.
        (
            "facts.special and facts.vital_system",
            vec![
                r#"14 FP030 the predicate does not continue like this: "and facts.vital_system"; write && instead of and"#,
            ],
        ),
        (
            "facts.systems_hit = 3",
            vec![r#"18 FP031 this is not allowed in a predicate: "="; write == instead of ="#],
        ),
        (
            "facts.systems_hit ≥ 3",
            vec![r#"18 FP031 this is not allowed in a predicate: "≥"; write >= instead of ≥"#],
        ),
        (
            "facts.systems_hit ＞＝ 3",
            vec![r#"18 FP031 this is not allowed in a predicate: "＞＝"; write >= instead of ＞＝"#],
        ),
        ("facts.a.b", vec![&format!("0 FP031 this is not allowed in a predicate; {allowed}")]),
        ("facts[0]", vec![&format!("0 FP031 this is not allowed in a predicate; {allowed}")]),
        (
            "facts.special == facts.vital_system",
            vec![
                "17 FP032 facts.special is yes or no and not compared; write facts.special or !facts.special",
            ],
        ),
        (
            "size(facts.spread) > 2",
            vec![&format!(r#"0 FP031 this is not allowed in a predicate: "size(facts.spread)"; {allowed}"#)],
        ),
        (
            "facts.special ? true : false",
            vec![&format!(r#"14 FP031 this is not allowed in a predicate: "?"; {allowed}"#)],
        ),
        (
            "facts.systems_hit + 1 > 2",
            vec![&format!(r#"18 FP031 this is not allowed in a predicate: "+"; {allowed}"#)],
        ),
        (
            "facts.systems_hit > 1u",
            vec![&format!(r#"20 FP031 this is not allowed in a predicate: "1u"; {allowed}"#)],
        ),
        (
            "facts.special & facts.vital_system",
            vec![r#"14 FP031 this is not allowed in a predicate: "&"; write && instead of &"#],
        ),
        (
            "facts.spread = 'strong'",
            vec![r#"13 FP031 this is not allowed in a predicate: "="; write == instead of ="#],
        ),
        (
            "facts.扩散性",
            vec![&format!(r#"6 FP031 this is not allowed in a predicate: "扩散性"; {allowed}"#)],
        ),
        (
            "facts.spread == 'st",
            vec![&format!(r#"16 FP031 this is not allowed in a predicate: "'st"; {allowed}"#)],
        ),
        // Syntax.
        ("facts.special &&", vec!["16 FP030 the predicate breaks off"]),
        ("", vec!["0 FP030 the predicate breaks off"]),
        ("(facts.special", vec!["14 FP030 the predicate breaks off"]),
        ("facts.special)", vec![r#"13 FP030 the predicate does not continue like this: ")""#]),
        (
            "facts.special facts.vital_system",
            vec![r#"14 FP030 the predicate does not continue like this: "facts.vital_system""#],
        ),
        (
            "facts.special\n&& || facts.special",
            vec![r#"17 FP030 the predicate does not continue like this: "|| facts.special""#],
        ),
        (
            "facts.systems_hit > 99999999999999999999",
            vec!["20 FP030 the predicate does not continue like this: \"99999999999999999999\""],
        ),
    ] {
        let problems = try_compile(text, true).expect_err(text);
        let problems: Vec<String> = problems
            .iter()
            .map(|problem| {
                let fix = problem.fix.as_ref().map_or_else(String::new, |fix| format!("; {}", fix.en));
                format!("{} {} {}{fix}", problem.offset, problem.code.info().code, problem.message.en)
            })
            .collect();
        assert_eq!(problems, expected, "{text}");
    }
}

#[test]
fn a_grading_rule_does_not_read_the_level() {
    let problems = try_compile(r#"facts.special || incident.level == "I""#, false).expect_err("circular");
    let [Problem { offset, code, message, .. }] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(
        (*offset, code.info().code, message.en.as_str()),
        (17, "FP033", "a grading rule cannot read the level it decides")
    );
}

#[test]
fn length_and_depth_are_limited() {
    let long = format!("{}true", "true || ".repeat(MAX_BYTES / 8));
    let deep = format!("{}true{}", "(".repeat(17), ")".repeat(17));
    let nots = format!("{}facts.special", "! ".repeat(17));
    for (text, expected) in [
        (long, "the predicate has 1004 bytes, at most 1000 fit"),
        (deep, "the predicate has more than 16 levels of brackets and !"),
        (nots, "the predicate has more than 16 levels of brackets and !"),
    ] {
        let problems = try_compile(&text, true).expect_err("over the limit");
        assert_eq!(problems[0].message.en, expected);
    }
    let deep = format!("{}true{}", "(".repeat(16), ")".repeat(16));
    assert_eq!(try_compile(&deep, true), Ok(Expr::Const(true)));
    let wide = vec!["facts.special"; 50].join(" || ");
    assert!(matches!(try_compile(&wide, true), Ok(Expr::Any(parts)) if parts.len() == 50));
}

#[test]
fn long_chains_of_every_kind_are_answered() {
    for (start, link) in [
        ("facts", ".a"),
        ("facts.a", "[0]"),
        ("1", "==1"),
        ("1", " in a"),
        ("1", "<a"),
        ("a", ",a"),
        ("true", "||true"),
        ("true", "&&(true)"),
        ("[1", ",1"),
        ("", "()"),
        ("", "!(a)"),
        ("", "a "),
    ] {
        let links = (MAX_BYTES - start.len()) / link.len();
        let text = format!("{start}{}", link.repeat(links));
        drop(try_compile(&text, true));
    }
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let spread = || prop::sample::select(vec!["none", "strong", "very-strong"]).prop_map(choice);
    let level = || prop::sample::select(IncidentLevel::ALL.to_vec());
    let comparison = || {
        use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
        prop::sample::select(vec![Equal, NotEqual, Less, AtMost, Greater, AtLeast])
    };
    let atom = prop_oneof![
        any::<bool>().prop_map(Expr::Const),
        Just(Expr::Fact(fact("vital_system"))),
        Just(Expr::Mark(fact("special"))),
        spread().prop_map(|value| Expr::Compare(fact("spread"), Comparison::Equal, value)),
        prop::collection::vec(spread(), 1..3).prop_map(|values| Expr::OneOf(fact("spread"), values)),
        (comparison(), 0..1_000_u64).prop_map(|(comparison, count)| Expr::Compare(
            fact("systems_hit"),
            comparison,
            Value::Count(count)
        )),
        prop::collection::vec(level(), 1..3).prop_map(Expr::Level),
    ];
    atom.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(negated),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| flat(parts, true)),
            prop::collection::vec(inner, 2..4).prop_map(|parts| flat(parts, false)),
        ]
    })
}

/// `!a`; the parser takes `!!a` for `a`.
fn negated(expr: Expr) -> Expr {
    match expr {
        Expr::Not(inner) => *inner,
        other => Expr::Not(Box::new(other)),
    }
}

/// A chain without a chain of its own kind directly inside, as the compiler makes them.
fn flat(parts: Vec<Expr>, all: bool) -> Expr {
    let parts = parts.into_iter().flat_map(|part| match part {
        Expr::All(inner) if all => inner,
        Expr::Any(inner) if !all => inner,
        other => vec![other],
    });
    if all { Expr::All(parts.collect()) } else { Expr::Any(parts.collect()) }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(expr in any_expr()) {
        let text = expr.to_string();
        prop_assume!(text.len() <= MAX_BYTES);
        prop_assert_eq!(try_compile(&text, true), Ok(expr), "{}", text);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,80}") {
        drop(try_compile(&text, true));
    }

    #[test]
    fn any_tokens_are_answered(tokens in prop::collection::vec(prop::sample::select(vec![
        "facts", "incident", ".", "level", "spread", "vital_system", "==", "!=", "<", ">=", "in", "[", "]", "(", ")",
        ",", "&&", "||", "!", "\"strong\"", "'I'", "1", "0", "true", "false", "null", " ", "\n", "as", "9999999999",
    ]), 0..40)) {
        drop(try_compile(&tokens.join(" "), true));
        drop(try_compile(&tokens.concat(), false));
    }
}
