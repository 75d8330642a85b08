//! Grading by 1.4 with annexes 2 and 3: every branch, its near misses, and what is not known.

use fengsui_domain::expr::{Answers, Value};
use fengsui_domain::grading::propose;
use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::{FactId, FactKind};

use super::PLAN;

/// Answers written as `fact=choice`; `yes` and `no` for yes-or-no facts.
fn answers(list: &str) -> Answers {
    let answer = |pair: &str| {
        let (fact, value) = pair.split_once('=').expect("fact=value");
        let known = PLAN.facts.get(&FactId::new(fact)).expect(fact);
        let value = match &known.kind {
            FactKind::Bool => Value::Bool(value == "yes"),
            FactKind::OneOf(choices) => {
                assert!(choices.iter().any(|choice| choice.id == value), "{pair}");
                Value::Choice(value.to_owned())
            }
            FactKind::Count => unreachable!("the plan counts nothing"),
        };
        (FactId::new(fact), value)
    };
    list.split_whitespace().map(answer).collect()
}

const NO_LOSS: &str = "service_loss=none data_damage=none recovery_cost=small";
const NO_INFORMATION: &str = "information_class=none sensitive_consequence=none information_event=none";
const NO_THREAT: &str = "threat=none effect=none";

/// Rows: clause, what is answered beside "nothing of the rest", level, whether a person must judge.
#[test]
#[expect(clippy::too_many_lines, reason = "one flat table")]
fn grading_by_1_4_and_annexes_2_and_3() {
    for (clause, loss, information, threat, level, judged) in [
        // 1.4.1.1: important, paralysed over a large area, a price that cannot be borne.
        (
            "1.4.1.1",
            "important_system=yes service_loss=large-area recovery_cost=enormous",
            "",
            "",
            Some(I),
            false,
        ),
        (
            "annex3.a: the price can be borne",
            "important_system=yes service_loss=large-area recovery_cost=huge",
            "",
            "",
            Some(II),
            false,
        ),
        (
            "annex3.b at most: price as of degree c",
            "important_system=yes service_loss=large-area recovery_cost=fairly-large",
            "",
            "",
            Some(III),
            false,
        ),
        (
            "annex3.d: price fairly small",
            "important_system=yes service_loss=large-area recovery_cost=small",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "1.4.1.1: not an important system",
            "important_system=no service_loss=large-area recovery_cost=enormous",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "1.4.1.1: no paralysis, critical data alone",
            "important_system=yes data_damage=critical-severely-damaged recovery_cost=enormous",
            "",
            "",
            Some(II),
            true,
        ),
        // 1.4.2.1, annex3.b.
        (
            "1.4.2.1",
            "important_system=yes service_loss=long-or-partial recovery_cost=huge",
            "",
            "",
            Some(II),
            false,
        ),
        (
            "1.4.2.1: unbearable, but no large area",
            "important_system=yes service_loss=long-or-partial recovery_cost=enormous",
            "",
            "",
            Some(II),
            false,
        ),
        (
            "annex3.b: critical data",
            "important_system=yes data_damage=critical-damaged recovery_cost=huge",
            "",
            "",
            Some(II),
            true,
        ),
        (
            "annex3.b: price only fairly large",
            "important_system=yes service_loss=long-or-partial recovery_cost=fairly-large",
            "",
            "",
            Some(III),
            false,
        ),
        (
            "annex3.b: not an important system",
            "important_system=no data_damage=critical-damaged recovery_cost=huge",
            "",
            "",
            Some(IV),
            true,
        ),
        // 1.4.3.1, annex3.c.
        (
            "1.4.3.1",
            "important_system=yes service_loss=interrupted recovery_cost=fairly-large",
            "",
            "",
            Some(III),
            false,
        ),
        (
            "annex3.c: important data",
            "important_system=yes data_damage=important-damaged recovery_cost=fairly-large",
            "",
            "",
            Some(III),
            true,
        ),
        (
            "annex3.c: price fairly small",
            "important_system=yes service_loss=interrupted recovery_cost=small",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "annex3.c: a general system",
            "important_system=no service_loss=interrupted recovery_cost=fairly-large",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "annex3.c: interrupted at a huge price",
            "important_system=yes service_loss=interrupted recovery_cost=huge",
            "",
            "",
            Some(III),
            false,
        ),
        // annex3.d.
        (
            "annex3.d: brief",
            "important_system=yes service_loss=brief recovery_cost=small",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "annex3.d: brief, at a large price",
            "important_system=yes service_loss=brief recovery_cost=enormous",
            "",
            "",
            Some(IV),
            true,
        ),
        (
            "annex3.d: important data affected",
            "important_system=no data_damage=important-affected recovery_cost=small",
            "",
            "",
            Some(IV),
            true,
        ),
        // 1.4.x.2: class of information, what happened to it, degree of threat.
        (
            "1.4.1.2: state secret",
            "",
            "information_class=state-secret information_event=stolen",
            "threat=especially-serious",
            Some(I),
            true,
        ),
        (
            "1.4.1.2: key data",
            "",
            "information_class=key-data information_event=tampered",
            "threat=especially-serious",
            Some(I),
            true,
        ),
        (
            "1.4.1.2, annex2.2.a",
            "",
            "sensitive_consequence=defence information_event=lost",
            "threat=especially-serious",
            Some(I),
            true,
        ),
        (
            "1.4.2.2",
            "",
            "information_class=state-secret information_event=counterfeited",
            "threat=serious",
            Some(II),
            true,
        ),
        (
            "1.4.2.2, annex2.2.f",
            "",
            "sensitive_consequence=infrastructure information_event=leaked",
            "threat=serious",
            Some(II),
            true,
        ),
        (
            "1.4.3.2",
            "",
            "information_class=key-data information_event=destroyed",
            "threat=fairly-serious",
            Some(III),
            true,
        ),
        (
            "1.4.3.2, annex2.2.j",
            "",
            "sensitive_consequence=reputation information_event=stolen",
            "threat=fairly-serious",
            Some(III),
            true,
        ),
        (
            "1.4.x.2: nothing happened to it",
            "",
            "information_class=state-secret",
            "threat=especially-serious effect=certain",
            Some(IV),
            false,
        ),
        (
            "1.4.x.2: no such information",
            "",
            "information_event=stolen",
            "threat=especially-serious effect=certain",
            Some(IV),
            false,
        ),
        (
            "1.4.4: a certain threat only",
            "",
            "information_class=key-data information_event=lost",
            "threat=certain effect=certain",
            Some(IV),
            false,
        ),
        (
            "1.4.4: below the floor",
            "",
            "information_class=key-data information_event=lost",
            "threat=none effect=none",
            None,
            false,
        ),
        // 1.4.x.3: threat and effect, the lesser of the two.
        ("1.4.1.3", "", "", "threat=especially-serious effect=especially-serious", Some(I), true),
        (
            "1.4.1.3: effect one degree less",
            "",
            "",
            "threat=especially-serious effect=serious",
            Some(II),
            true,
        ),
        (
            "1.4.1.3: threat one degree less",
            "",
            "",
            "threat=serious effect=especially-serious",
            Some(II),
            true,
        ),
        ("1.4.2.3", "", "", "threat=serious effect=serious", Some(II), true),
        ("1.4.2.3: effect one degree less", "", "", "threat=serious effect=fairly-serious", Some(III), true),
        ("1.4.3.3", "", "", "threat=fairly-serious effect=fairly-serious", Some(III), true),
        ("1.4.3.3: effect one degree less", "", "", "threat=fairly-serious effect=certain", Some(IV), false),
        (
            "1.4.3.3: threat one degree less",
            "",
            "",
            "threat=certain effect=especially-serious",
            Some(IV),
            false,
        ),
        // 1.4.4 and its floor.
        ("1.4.4", "", "", "threat=certain effect=certain", Some(IV), false),
        ("1.4.4: a threat without effect", "", "", "threat=certain effect=none", None, false),
        ("1.4.4: an effect without threat", "", "", "threat=none effect=certain", None, false),
        ("1.4.4: nothing at all", "important_system=yes", "", "", None, false),
        // 1.4.1: any one condition; the worst counts.
        (
            "1.4.1: by threat, though the loss is of level III",
            "important_system=yes service_loss=interrupted recovery_cost=fairly-large",
            "",
            "threat=especially-serious effect=especially-serious",
            Some(I),
            true,
        ),
        (
            "1.4.2: by information, though the threat is not I",
            "important_system=yes service_loss=brief recovery_cost=small",
            "information_class=key-data information_event=stolen",
            "threat=serious effect=certain",
            Some(II),
            true,
        ),
    ] {
        let rest = format!("important_system=no {NO_LOSS} {NO_INFORMATION} {NO_THREAT}");
        let mut given = answers(&rest);
        given.extend(answers(&format!("{loss} {information} {threat}")));
        let found = propose(*PLAN, &given);
        assert_eq!((found.level, found.needs_judge), (level, judged), "{clause}");
    }
}

/// A question nobody answered is unknown, never "no": nothing is proposed while a worse level may hold.
#[test]
fn what_is_not_known_keeps_the_worse_level_open() {
    for (given, level, highest) in [
        (String::new(), None, I),
        ("important_system=yes service_loss=large-area".to_owned(), None, I), // The price is open.
        ("important_system=yes service_loss=large-area recovery_cost=enormous".to_owned(), Some(I), I),
        (format!("service_loss=large-area recovery_cost=enormous {NO_INFORMATION} {NO_THREAT}"), None, I),
        (format!("important_system=yes {NO_LOSS} {NO_INFORMATION}"), None, I), // Threat and effect are open.
        (format!("important_system=yes {NO_LOSS} {NO_INFORMATION} threat=serious"), None, II),
        (format!("important_system=yes {NO_LOSS} {NO_INFORMATION} effect=certain"), None, IV),
        (
            format!(
                "important_system=yes {NO_LOSS} information_class=key-data information_event=lost effect=none"
            ),
            None,
            I,
        ),
        (
            format!("important_system=no {NO_LOSS} {NO_INFORMATION} threat=serious effect=serious"),
            Some(II),
            II,
        ),
        (format!("important_system=no {NO_INFORMATION} {NO_THREAT}"), None, IV),
    ] {
        let found = propose(*PLAN, &answers(&given));
        assert_eq!((found.level, found.highest_plausible), (level, highest), "{given}");
    }
}
