//! Each shipped plan as a whole: every class, question, body, point of analysis and immediate action is taken by the
//! engine, and what no plan knows is refused; every grading rule of the national plan decides once.

use std::collections::BTreeMap;

use fengsui_domain::expr::Value;
use fengsui_domain::incident::{Command, GradingKind, IncidentChange, PlanVersion};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{CategoryId, FactId, FactKind, Plan};
use fengsui_wire::plan::Library;

use crate::desk::{Desk, act, opening, role, rule, speaker};
use crate::national::{opened, region};
use crate::ran;

/// Every shipped plan.
fn plans() -> Vec<Plan> {
    Library::shipped().list().map(|pack| pack.plan.clone()).collect()
}

/// An incident of this class under a plan, of the mildest level.
fn open(plan: &Plan, category: &CategoryId) -> Desk {
    open_at(plan, category, plan.mildest_level())
}

/// One of this level: under some plans the mildest asks for nothing.
fn open_at(plan: &Plan, category: &CategoryId, level: IncidentLevel) -> Desk {
    let version = PlanVersion { id: plan.id.clone(), digest: "0".repeat(64) };
    let words =
        fengsui_domain::incident::Opening { plan: version, category: category.clone(), ..opening(level) };
    Desk::opened_under(plan.clone(), words).unwrap()
}

/// One that the plan itself governs.
fn own(plan: &Plan) -> Desk {
    let own = plan.categories.keys().find(|category| plan.routed(category).is_none()).unwrap();
    open(plan, own)
}

#[test]
fn every_class_opens_an_incident() {
    for plan in plans() {
        let worst = *plan.levels.keys().next().unwrap();
        for category in plan.categories.keys() {
            let desk = open_at(&plan, category, worst);
            assert_eq!(desk.incident.category, *category);
            let owes = desk.incident.running().next().is_some();
            assert_eq!(owes, plan.routed(category).is_none(), "{category}: what is routed away owes nothing");
        }
        let unknown = fengsui_domain::incident::Opening {
            category: CategoryId::new("no-such-class"),
            ..opening(plan.mildest_level())
        };
        assert_eq!(Desk::opened_under(plan, unknown).err().unwrap().code(), "unknown_value");
    }
}

#[test]
fn every_question_takes_each_of_its_answers() {
    for plan in plans() {
        let mut desk = own(&plan);
        for (id, fact) in &plan.facts {
            let values = match &fact.kind {
                FactKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
                FactKind::OneOf(choices) => {
                    choices.iter().map(|choice| Value::Choice(choice.id.clone())).collect()
                }
                FactKind::Count => vec![Value::Count(3)],
            };
            let judge = speaker("judge", &[fact.judged_by.as_str()]);
            let answer = |value| Command::Answer {
                answers: BTreeMap::from([(id.clone(), (value, "seen in the log".to_owned()))]),
            };
            for value in values {
                desk.does(&judge, answer(value.clone()));
                assert_eq!(desk.incident.facts().get(id), Some(&value), "{id}");
            }
            let wrong = Value::Choice("no-such-answer".to_owned());
            assert!(desk.tries(&judge, answer(wrong)).is_err(), "{id}");
        }
    }
}

#[test]
fn every_body_can_be_manned() {
    for plan in plans() {
        let mut desk = own(&plan);
        let chief = speaker("chief", &[plan.grading.confirmed_by[0].as_str()]);
        let assign = |role| Command::Assign { role, person: "Chen".to_owned() };
        for id in plan.roles.keys() {
            desk.does(&chief, assign(id.clone()));
            assert!(desk.incident.people.iter().any(|person| person.role == *id), "{id}");
        }
        assert_eq!(desk.refused(&chief, assign(role("nobody"))), "unknown_value");
    }
}

#[test]
fn every_point_of_analysis_and_every_action_is_recorded() {
    for plan in plans() {
        let mut desk = own(&plan);
        let chief = speaker("chief", &[plan.grading.confirmed_by[0].as_str()]);
        desk.does(&chief, Command::Verify { basis: "seen in the log".to_owned() });
        let analyse = |point| Command::Analyse { points: BTreeMap::from([(point, "two hosts".to_owned())]) };
        for point in &plan.triage.analysis {
            desk.does(&chief, analyse(point.id.clone()));
        }
        assert_eq!(desk.refused(&chief, analyse(rule("astrology"))), "unknown_value");
        for action in &plan.immediate_actions {
            let now = desk.now;
            desk.does(&chief, act(action.id.as_str(), now));
        }
        assert_eq!(desk.incident.actions.len(), plan.immediate_actions.len());
        let now = desk.now;
        assert_eq!(desk.refused(&chief, act("pray", now)), "unknown_value");
    }
}

/// `national-2017/8.1.a`, `8.3`; `jincheng-internet-2008/8.5.2`, `8.5.3`.
#[test]
fn in_force_and_evaluated() {
    for mut plan in plans() {
        let first = plan.in_force_from;
        let midnight = first.to_zoned(jiff::tz::TimeZone::get(&plan.zone).unwrap()).unwrap().timestamp();
        assert!(ran::in_force_at(&plan, midnight), "{}", plan.id);
        let before = midnight - jiff::SignedDuration::from_secs(1);
        assert!(!ran::in_force_at(&plan, before), "{}", plan.id);
        let Some(cycle) = plan.evaluation.clone() else { continue };
        assert_eq!(cycle.every_months, 12, "{}", plan.id);
        let year = |date: jiff::civil::Date| Some(date.with().year(date.year() + 1).build().unwrap());
        assert_eq!(ran::evaluation_due(&plan), year(first), "never evaluated: from the first day in force");
        let last = jiff::civil::date(2026, 3, 2);
        plan.evaluation = Some(fengsui_domain::plan::Evaluation { last: Some(last), ..cycle });
        assert_eq!(ran::evaluation_due(&plan), year(last));
    }
}

/// Answers written as `fact=choice`; `yes` and `no` for yes-or-no questions.
fn answers(plan: &Plan, list: &str) -> BTreeMap<FactId, (Value, String)> {
    let answer = |pair: &str| {
        let (fact, value) = pair.split_once('=').unwrap();
        let fact = FactId::new(fact);
        let value = match plan.facts[&fact].kind {
            FactKind::Bool => Value::Bool(value == "yes"),
            _ => Value::Choice(value.to_owned()),
        };
        (fact, (value, "judged by the province".to_owned()))
    };
    list.split_whitespace().map(answer).collect()
}

/// 1.4 with annexes 2 and 3: each rule proposes its level, and confirming it names the rule.
#[test]
fn every_grading_rule_of_the_national_plan_decides() {
    let nothing = "important_system=no service_loss=none data_damage=none recovery_cost=small \
                   information_class=none sensitive_consequence=none information_event=none threat=none effect=none";
    let mut seen = Vec::new();
    for (name, level, given) in [
        (
            "especially-major-by-system",
            I,
            "important_system=yes service_loss=large-area recovery_cost=enormous",
        ),
        (
            "especially-major-by-information",
            I,
            "information_class=state-secret information_event=stolen threat=especially-serious",
        ),
        ("especially-major-by-threat", I, "threat=especially-serious effect=especially-serious"),
        ("major-by-system", II, "important_system=yes service_loss=long-or-partial recovery_cost=huge"),
        ("major-by-data", II, "important_system=yes data_damage=critical-damaged recovery_cost=huge"),
        ("major-by-information", II, "sensitive_consequence=privacy information_event=lost threat=serious"),
        ("major-by-threat", II, "threat=serious effect=serious"),
        ("larger-by-system", III, "important_system=yes service_loss=interrupted recovery_cost=fairly-large"),
        (
            "larger-by-data",
            III,
            "important_system=yes data_damage=important-damaged recovery_cost=fairly-large",
        ),
        (
            "larger-by-information",
            III,
            "information_class=key-data information_event=tampered threat=fairly-serious",
        ),
        ("larger-by-threat", III, "threat=fairly-serious effect=fairly-serious"),
        ("general", IV, "threat=certain effect=certain"),
        ("general-by-loss", IV, "service_loss=brief"),
    ] {
        assert_eq!(decided(nothing, given), (level, Some(name.to_owned())), "{given}");
        seen.push(name);
    }
    let plan = opened(IV, "worm").plan;
    assert_eq!(seen, plan.grading.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>());
}

/// The level confirmed after these answers, and the rule it was confirmed by.
fn decided(nothing: &str, given: &str) -> (IncidentLevel, Option<String>) {
    let mut desk = opened(IV, "worm");
    desk.does(&region(), Command::Verify { basis: "seen in the log".to_owned() });
    let mut all = answers(&desk.plan, nothing);
    all.extend(answers(&desk.plan, given));
    desk.does(&region(), Command::Answer { answers: all });
    let proposed = fengsui_domain::grading::propose(&desk.plan, &desk.incident.facts());
    let level = proposed.level.unwrap();
    let changes = desk.does(&region(), Command::Grade { level, reason: "as the rule says".to_owned() });
    let graded = changes.iter().find_map(|change| match change {
        IncidentChange::Graded { kind, rule, .. } => {
            assert_eq!(*kind, GradingKind::Confirmed);
            Some(rule.as_ref().map(ToString::to_string))
        }
        _ => None,
    });
    (level, graded.unwrap())
}
