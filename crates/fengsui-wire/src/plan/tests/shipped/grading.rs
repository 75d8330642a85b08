//! Chapter 2 of `jincheng-internet-2008`: classes, levels, grading, and the questions asked for it.

use fengsui_domain::expr::{Answers, Value};
use fengsui_domain::grading::propose;
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{CategoryId, FactId, FactKind};

use super::{NO, PLAN, YES, answers, choice, roles};

#[test]
fn categories_of_2_1() {
    for (id, clause, zh) in [
        ("attack", "2.1.1", "攻击类事件"),
        ("fault", "2.1.2", "故障类事件"),
        ("disaster", "2.1.3", "灾害类事件"),
    ] {
        let category = &PLAN.categories[&CategoryId::new(id)];
        assert_eq!((category.clause.number(), category.title.zh.as_str()), (clause, zh), "{id}");
        assert!(category.maps_to.iter().any(|to| to.starts_with("national-2017/annex1.")), "{id}");
    }
    assert_eq!(PLAN.categories.len(), 3);
}

#[test]
fn levels_of_2_2() {
    let levels: Vec<(IncidentLevel, &str, &str)> = PLAN
        .levels
        .iter()
        .map(|(level, entry)| (*level, entry.clause.number(), entry.title.zh.as_str()))
        .collect();
    assert_eq!(
        levels,
        [(I, "2.2.1", "特别重大"), (II, "2.2.2", "重大"), (III, "2.2.3", "较大"), (IV, "2.2.4", "一般")]
    );
}

#[test]
fn grading_by_2_2_1_to_2_2_4() {
    let very_strong = |missing: &str| {
        let all = ["citywide_paralysis", "social_stability_affected", "major_events_derived"];
        let others = all.map(|name| (name, Value::Bool(name != missing)));
        [&[("spread", choice("very-strong"))][..], &others[..]].concat()
    };
    let rest = |spread: &str, vital: Value, units: Value| {
        vec![("spread", choice(spread)), ("vital_system", vital), ("individual_units", units)]
    };
    for (clause, given, level, judged) in [
        ("2.2.1", very_strong(""), I, false),
        ("2.2.1", very_strong("citywide_paralysis"), II, false),
        ("2.2.1", very_strong("social_stability_affected"), II, false),
        ("2.2.1", very_strong("major_events_derived"), II, false),
        ("2.2.2", rest("strong", NO, NO), II, false),
        ("2.2.2", rest("none", YES, YES), II, false),
        ("2.2.3", rest("practically-none", NO, NO), III, false),
        ("2.2.3", rest("none", NO, YES), III, true), // The half that 2.2.4 shares: the judge, III if unsure.
        ("2.2.4", rest("none", NO, NO), IV, false),
    ] {
        let found = propose(&PLAN, &answers(&given));
        assert_eq!((found.level, found.needs_judge), (Some(level), judged), "{clause}: {given:?}");
    }
}

#[test]
fn before_anything_is_answered_the_worst_is_plausible() {
    let found = propose(&PLAN, &Answers::new()); // 5.1.3.c: "level unknown at first".
    assert_eq!((found.level, found.highest_plausible), (None, I));
    assert_eq!(found.open[0], FactId::new("spread"));
}

#[test]
fn the_level_is_confirmed_by_the_security_office() {
    assert_eq!(PLAN.grading.confirmed_by, roles(&["security-office"]));
    assert_eq!(PLAN.grading.clause.number(), "5.1.5.4");
}

#[test]
fn marks_need_a_reason_and_questions_do_not() {
    for (fact, clause, mark) in [
        ("spread", "2.2", false),
        ("citywide_paralysis", "2.2.1", false),
        ("social_stability_affected", "2.2.1", false),
        ("major_events_derived", "2.2.1", false),
        ("vital_system", "2.2.2", false),
        ("individual_units", "2.2.3", false),
        ("may_derive_events", "4.3.2.b", true),
        ("special_circumstances", "5.1.3.c", true),
        ("not_under_control", "5.4.1", true),
        ("social_impact", "6.4.2.a", true),
    ] {
        let found = &PLAN.facts[&FactId::new(fact)];
        assert_eq!((found.clause.number(), found.needs_reason), (clause, mark), "{fact}");
        assert_eq!(found.kind == FactKind::Bool, fact != "spread", "{fact}");
    }
    assert_eq!(PLAN.facts.len(), 10);
}

#[test]
fn questions_are_asked_in_the_order_of_the_document() {
    let order = [
        "spread",
        "citywide_paralysis",
        "social_stability_affected",
        "major_events_derived",
        "vital_system",
        "individual_units",
        "special_circumstances",
        "not_under_control",
        "may_derive_events",
        "social_impact",
    ];
    let asked: Vec<&str> = PLAN.questions().into_iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(asked, order);
    let told = crate::api::Plan::new("", &PLAN).facts;
    assert_eq!(told.iter().map(|fact| fact.id.as_str()).collect::<Vec<_>>(), order);
    let page = super::super::super::show(&PLAN, fengsui_domain::plan::Lang::En);
    let places = order.map(|id| page.find(&format!("- **{}**", PLAN.facts[&FactId::new(id)].title.en)));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
}
