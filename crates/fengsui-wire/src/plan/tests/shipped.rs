//! The pack `jincheng-internet-2008`, clause by clause.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fengsui_domain::expr::{Answers, Value};
use fengsui_domain::plan::{Clause, FactId, Named, Plan, PlanId, RoleId};

use super::super::{Library, citations};

mod clocks;
mod grading;
mod response;

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let id = PlanId::new("jincheng-internet-2008");
    Library::shipped().get(&id).expect("the pack is shipped").plan.clone()
});

fn roles(names: &[&str]) -> Vec<RoleId> {
    names.iter().map(|name| RoleId::new(*name)).collect()
}

fn answers(list: &[(&str, Value)]) -> Answers {
    list.iter().map(|(name, value)| (FactId::new(*name), value.clone())).collect()
}

fn choice(name: &str) -> Value {
    Value::Choice(name.to_owned())
}

const YES: Value = Value::Bool(true);
const NO: Value = Value::Bool(false);

/// `(id, clause, Chinese name)` of each item.
fn named(items: &[Named]) -> Vec<(&str, &str, &str)> {
    items.iter().map(|item| (item.id.as_str(), item.clause.number(), item.title.zh.as_str())).collect()
}

#[test]
fn notice_what_the_plan_is() {
    let plan = &*PLAN;
    assert_eq!(plan.title.zh, "晋城市互联网网络安全应急预案");
    assert_eq!(plan.document, "晋市政办[2008]2号");
    assert_eq!(plan.in_force_from.to_string(), "2008-01-04"); // 8.5.3
    assert_eq!((plan.in_force_until, plan.zone.as_str()), (None, "Asia/Shanghai"));
}

#[test]
fn roles_of_3() {
    for (id, clause, zh, fallback, temporary) in [
        ("city-government", "3.1", "市政府", None, false),
        ("emergency-committee", "3.1", "市应急委", Some("emergency-office"), false),
        ("emergency-office", "3.1", "市应急办", None, false),
        ("linkage-centre", "3.2.a", "市应急联动中心", None, false),
        ("linked-units", "3.2.b", "联动单位", Some("linkage-centre"), false),
        ("coordination-group", "3.3.1", "市网安协调小组", Some("emergency-office"), false),
        ("security-office", "3.3.2", "市网安办", Some("linkage-centre"), false),
        ("response-headquarters", "3.3.3.a", "市应急处置指挥部", Some("security-office"), true),
        ("superior-authority", "3.3.3.c", "上级主管部门", None, false),
        ("on-site-post", "3.3.4", "现场指挥部", Some("response-headquarters"), true),
        ("expert-group", "3.4", "专家咨询组", Some("security-office"), false),
        ("unit", "5.1.2", "事发单位", None, false),
        ("responsible-unit", "5.1.2", "责任单位", Some("unit"), false),
        ("security-office-duty-room", "5.1.3.a", "市网安办值班室", Some("security-office"), false),
        ("party-committee-duty-room", "5.1.4.a", "市委值班室", None, false),
        ("city-government-duty-room", "5.1.4.a", "市政府值班室", None, false),
        ("local-government", "5.1.4.a", "区县政府", None, false),
        ("duty-officer", "5.1.5.2.2", "值班人员", Some("security-office-duty-room"), false),
        ("working-bodies", "5.2.3.2.b", "工作机构", None, false),
        ("functional-departments", "5.2.3.2.b", "有关职能部门", None, false),
        ("handling-team", "5.4.1", "处置小组", Some("unit"), true),
        ("liaison-team", "5.4.1", "联络小组", Some("security-office"), true),
        ("news-office", "6.4.2.b", "市政府新闻办", None, false),
        ("provincial-cyberspace", "5.1.4.a", "省（区、市）网信部门", None, false),
    ] {
        let role = &PLAN.roles[&RoleId::new(id)];
        assert_eq!((role.clause.number(), role.title.zh.as_str()), (clause, zh), "{id}");
        assert_eq!(
            (role.fallback.as_ref().map(RoleId::as_str), role.temporary),
            (fallback, temporary),
            "{id}"
        );
    }
    assert_eq!(PLAN.roles.len(), 24);
}

#[test]
fn intake_of_5_1_1_and_5_1_5_1() {
    let sources: Vec<&str> = PLAN.intake.sources.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(sources, ["monitoring", "circular", "report"]);
    assert!(PLAN.intake.sources.iter().all(|source| source.clause.number() == "5.1.1"));
    assert_eq!(
        named(&PLAN.intake.points),
        [
            ("data-traces", "5.1.5.1", "数据痕迹"),
            ("details", "5.1.5.1", "细节信息"),
            ("losses", "5.1.5.1", "损失情况"),
            ("impact", "5.1.5.1", "影响情况"),
            ("scene-control", "5.1.5.1", "现场控制情况"),
            ("other-findings", "5.1.5.1", "其他情况"),
        ]
    );
}

#[test]
fn triage_of_5_1_5_2_and_analysis_of_5_1_5_3() {
    let triage = &PLAN.triage;
    let clauses = [&triage.clause, &triage.incident, &triage.false_positive, &triage.not_ours];
    assert_eq!(
        clauses.map(|clause| clause.as_ref().map_or("", Clause::number)),
        ["5.1.5.2", "5.1.5.2.1", "5.1.5.2.2", "5.1.5.2.3"]
    );
    assert_eq!(
        named(&triage.analysis),
        [
            ("actual-loss", "5.1.5.3", "已造成的损失"),
            ("expected-loss", "5.1.5.3", "预计损失"),
            ("severity", "5.1.5.3", "严重程度"),
            ("spread", "5.1.5.3", "扩散性"),
        ]
    );
}

#[test]
fn every_clause_of_this_part_is_carried_by_a_rule() {
    let carried: BTreeSet<&str> = citations(&PLAN)
        .into_iter()
        .filter(|(_, place)| !place.starts_with("defaults/"))
        .map(|(clause, _)| clause.number())
        .collect();
    for number in [
        "2.1.1",
        "2.1.2",
        "2.1.3",
        "2.2",
        "2.2.1",
        "2.2.2",
        "2.2.3",
        "2.2.4",
        "3.1",
        "3.2.a",
        "3.2.b",
        "3.3.1",
        "3.3.2",
        "3.3.3.a",
        "3.3.3.c",
        "3.3.4",
        "3.4",
        "5.1.1",
        "5.1.2",
        "5.1.3.a",
        "5.1.3.b",
        "5.1.3.c",
        "5.1.4.a",
        "5.1.4.b",
        "5.1.4.c",
        "5.1.5.1",
        "5.1.5.2",
        "5.1.5.2.1",
        "5.1.5.2.2",
        "5.1.5.2.3",
        "5.1.5.3",
        "5.1.5.4",
        "5.2.1",
        "5.2.2.1.a",
        "5.2.2.1.b",
        "5.2.2.2",
        "5.2.3.2.a",
        "5.2.3.2.b",
        "5.2.3.3",
        "5.2.3.4",
        "5.3.1",
        "5.4.1",
        "5.5.1",
        "5.5.2",
        "6.2",
        "6.2.1",
        "6.2.2",
        "6.2.3",
        "6.4.1.a",
        "6.4.1.b",
        "6.4.2.a",
        "6.4.2.b",
    ] {
        assert!(carried.contains(number), "{number}");
    }
}

#[test]
fn what_the_document_leaves_open_is_settled() {
    for number in [
        "2.2",
        "2.2.1",
        "2.2.3",
        "2.2.4",
        "3.2.a",
        "3.3.3.b",
        "3.3.4",
        "5.1.3.a",
        "5.1.3.c",
        "5.1.4.a",
        "5.1.4.c",
        "5.2.2.1.a",
        "5.2.2.1.b",
        "5.2.2.2",
        "5.2.3.2.a",
        "5.2.3.2.b",
        "5.2.3.3",
        "5.2.3.4",
        "5.3.1",
        "5.3.3",
        "5.4.1",
        "5.4.2",
        "5.5.1",
        "6.2",
        "6.2.2",
        "6.4.1.a",
        "6.4.1.b",
    ] {
        assert!(
            PLAN.defaults
                .iter()
                .any(|default| default.clauses.iter().any(|clause| clause.number() == number)),
            "{number}"
        );
    }
}
