//! What must hold of any answers, and of every body, colour and reach.

use fengsui_domain::expr::{Answers, Value};
use fengsui_domain::grading::propose;
use fengsui_domain::plan::{FactId, FactKind, Plan};
use fengsui_domain::warning::{
    Reach, Ruling, Signal, WarningColour, colour_proposed, may_issue, who_may_issue,
};
use proptest::prelude::*;

use super::{answers, jincheng, national, warnings};

fn proposed(plan: &Plan, answers: &Answers) -> (Option<Signal>, Signal) {
    let found = colour_proposed(plan, answers).expect("the plan has warnings");
    (found.level, found.highest_plausible)
}

fn fact(name: &str) -> FactId {
    FactId::new(name)
}

/// A threat with every question answered.
fn any_threat() -> impl Strategy<Value = Answers> {
    let spread = prop::sample::select(vec!["none", "further", "nationwide"]);
    (any::<bool>(), any::<bool>(), spread, 0..5_u64, 0..5_u64, 0..5_u64, 0..5_u64).prop_map(
        |(new, whole, spread, networks, systems, part_networks, part_systems)| {
            Answers::from([
                (fact("new_threat"), Value::Bool(new)),
                (fact("whole_city"), Value::Bool(whole)),
                (fact("threat_spread"), Value::Choice(spread.to_owned())),
                (fact("networks_hit"), Value::Count(networks)),
                (fact("systems_hit"), Value::Count(systems)),
                (fact("networks_partly_hit"), Value::Count(part_networks)),
                (fact("systems_partly_hit"), Value::Count(part_systems)),
            ])
        },
    )
}

/// The next worse answer, if there is one. Choices stand in the pack from mild to grave.
fn raised(plan: &Plan, id: &FactId, value: &Value) -> Option<Value> {
    match (value, &plan.fact(id)?.kind) {
        (Value::Bool(false), _) => Some(Value::Bool(true)),
        (Value::Count(count), _) => Some(Value::Count(count + 1)),
        (Value::Choice(choice), FactKind::OneOf(choices)) => {
            let at = choices.iter().position(|known| known.id == *choice)?;
            choices.get(at + 1).map(|next| Value::Choice(next.id.clone()))
        }
        (Value::Bool(true) | Value::Choice(_), _) => None,
    }
}

/// Answers to some of the national plan's questions about an incident.
fn any_incident() -> impl Strategy<Value = Answers> {
    let facts: Vec<(FactId, Vec<Value>)> = (national().questions().into_iter())
        .map(|(id, fact)| {
            let values = match &fact.kind {
                FactKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
                FactKind::OneOf(choices) => {
                    choices.iter().map(|choice| Value::Choice(choice.id.clone())).collect()
                }
                FactKind::Count => vec![Value::Count(0), Value::Count(5)],
            };
            (id.clone(), values)
        })
        .collect();
    let answers: Vec<_> = facts
        .into_iter()
        .map(|(id, values)| {
            prop::option::of(prop::sample::select(values)).prop_map(move |value| (id.clone(), value))
        })
        .collect();
    answers.prop_map(|list| list.into_iter().filter_map(|(id, value)| Some((id, value?))).collect())
}

proptest! {
    /// 4.3.1: a threat that is newer, reaches further or hits more never has a milder colour.
    #[test]
    fn a_graver_answer_never_lowers_the_colour(threat in any_threat()) {
        let (_, before) = proposed(jincheng(), &threat);
        for (id, value) in &threat {
            let Some(worse) = raised(jincheng(), id, value) else { continue };
            let mut graver = threat.clone();
            graver.insert(id.clone(), worse);
            let (_, after) = proposed(jincheng(), &graver);
            prop_assert!(after <= before, "{id}: {before:?} to {after:?}");
        }
    }

    /// With every question answered nothing stays open.
    #[test]
    fn every_threat_has_a_colour_or_none(threat in any_threat()) {
        let (level, highest) = proposed(jincheng(), &threat);
        prop_assert_eq!(level.unwrap_or(Signal::NoWarning), highest);
    }

    /// What is decided stays decided, and answers only narrow what is possible.
    #[test]
    fn a_further_answer_never_widens(threat in any_threat(), left in prop::collection::vec(any::<bool>(), 7)) {
        let kept = threat.iter().zip(left).filter(|(_, kept)| *kept);
        let some: Answers = kept.map(|((id, value), _)| (id.clone(), value.clone())).collect();
        let ((early, early_highest), (late, late_highest)) = (proposed(jincheng(), &some), proposed(jincheng(), &threat));
        prop_assert!(early.is_none() || early == late);
        prop_assert!(early_highest <= late_highest);
    }

    /// 3.1.b: the colour is the one that stands for the level which the rules of 1.4 propose.
    #[test]
    fn the_colour_stands_for_the_level(incident in any_incident()) {
        let level = propose(national(), &incident);
        let colours = &warnings(national()).colours;
        let stands = |level| colours.iter().find(|(_, colour)| colour.level == level).map(|(colour, _)| *colour);
        let (colour, highest) = proposed(national(), &incident);
        prop_assert_eq!(colour, level.level.and_then(stands).map(Signal::Colour));
        if highest != Signal::NoWarning {
            prop_assert_eq!(highest.colour(), stands(level.highest_plausible));
        }
    }
}

/// Whoever is named may, and nobody else; and what a body may not do is said by each of its rights.
#[test]
fn the_list_and_the_verdict_agree() {
    for (plan, marks) in [(national(), [""].as_slice()), (jincheng(), &["", "threat_may_derive_events=true"])]
    {
        for marks in marks {
            let answers = answers(plan, marks);
            for colour in WarningColour::ALL.iter().copied() {
                for reach in Reach::ALL.iter().copied() {
                    let list = who_may_issue(plan, colour, reach, &answers);
                    for body in plan.roles.keys() {
                        let verdict = may_issue(plan, body, colour, reach, &answers).expect("a verdict");
                        assert_eq!(verdict.entitled, list);
                        let listed = list.iter().any(|right| right.by.contains(body));
                        let own =
                            warnings(plan).rights.iter().filter(|right| right.by.contains(body)).count();
                        match &verdict.ruling {
                            Ruling::MustNot { refusals } => {
                                assert!(!listed, "{body} {colour} {reach}");
                                assert_eq!(refusals.len(), own, "{body} {colour} {reach}");
                            }
                            Ruling::May { .. } | Ruling::AfterApproval { .. } => {
                                assert!(listed, "{body} {colour} {reach}");
                            }
                        }
                    }
                }
            }
        }
    }
}
