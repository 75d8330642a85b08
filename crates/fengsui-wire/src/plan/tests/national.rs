//! The pack `national-2017`, clause by clause: what it says. How it runs is tested in `tests/it/national*.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fengsui_domain::expr::{Answers, Situation, Truth};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{
    CategoryId, Clause, FactId, FactKind, Intake, Named, Plan, PlanId, Right, RoleId,
};

use super::super::{Library, citations};

mod grading;

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::shipped);
static PLAN: LazyLock<&Plan> =
    LazyLock::new(|| &LIBRARY.get(&PlanId::new("national-2017")).expect("the pack is shipped").plan);

fn roles(names: &[&str]) -> Vec<RoleId> {
    names.iter().map(|name| RoleId::new(*name)).collect()
}

fn named(items: &[Named]) -> Vec<(&str, &str, &str)> {
    items.iter().map(|item| (item.id.as_str(), item.clause.number(), item.title.zh.as_str())).collect()
}

#[test]
fn notice_1_2_and_8_3_what_the_plan_is() {
    let plan = *PLAN;
    assert_eq!(
        (plan.title.zh.as_str(), plan.document.as_str()),
        ("国家网络安全事件应急预案", "中网办发文〔2017〕4号")
    );
    let notice = plan.notice.as_ref().expect("it was issued with a notice");
    assert_eq!(notice.clause.number(), "notice");
    assert_eq!(notice.issued.to_string(), "2017-01-10");
    assert_eq!(notice.published.map(|day| day.to_string()).as_deref(), Some("2017-06-27"));
    assert_eq!(notice.approved_by.as_ref().map(|by| by.zh.as_str()), Some("中央网络安全和信息化领导小组"));
    assert_eq!(plan.in_force_from.to_string(), "2017-01-10"); // 8.3
    assert_eq!(plan.basis.len(), 5); // 1.2
    for (at, in_force) in [
        ("2017-01-09T15:59:59Z", false), // The last second of 9 January in Beijing.
        ("2017-01-09T16:00:00Z", true),
        ("2026-11-23T00:00:00Z", true),
    ] {
        assert_eq!(plan.in_force_at(at.parse().expect("an instant")), in_force, "{at}");
    }
}

#[test]
fn annex_1_has_7_categories_24_subcategories_and_27_leaves() {
    let top = [
        "有害程序事件",
        "网络攻击事件",
        "信息破坏事件",
        "信息内容安全事件",
        "设备设施故障",
        "灾害性事件",
        "其他事件",
    ];
    let classes = PLAN.classes();
    let listed: Vec<&str> = classes
        .iter()
        .filter(|(_, category)| category.parent.is_none())
        .map(|(_, category)| category.title.zh.as_str())
        .collect();
    assert_eq!(listed, top, "1.3.b: in the order of the document");
    let mut children: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, category) in &classes {
        if let Some(parent) = &category.parent {
            *children.entry(PLAN.categories[parent].title.zh.as_str()).or_default() += 1;
        }
    }
    let expected = [("有害程序事件", 7), ("网络攻击事件", 7), ("信息破坏事件", 6), ("设备设施故障", 4)];
    assert_eq!(children, BTreeMap::from(expected), "annex1.1, 1.2, 1.3, 1.5");
    let leaves =
        classes.iter().filter(|(id, _)| !classes.iter().any(|(_, other)| other.parent.as_ref() == Some(*id)));
    assert_eq!((leaves.count(), classes.len()), (27, 31));
}

#[test]
fn only_content_security_is_routed_to_another_plan() {
    for (id, _) in PLAN.classes() {
        let routed = PLAN.routed(id).map(|routed| (routed.to.zh.as_str(), routed.clause.number()));
        let expected = (id.as_str() == "content-security").then_some(("信息内容安全事件专项预案", "1.3.c"));
        assert_eq!(routed, expected, "{id}");
    }
    assert!(PLAN.routed(&CategoryId::new("nowhere")).is_none());
}

#[test]
fn roles_of_1_5_2_and_4() {
    for (id, clause, zh, fallback, temporary) in [
        ("central-leading-group", "2.1.a", "中央网络安全和信息化领导小组", None, false),
        ("cyberspace-office", "2.1.a", "中央网信办", None, false),
        ("industry-ministry", "2.1.b", "工业和信息化部", None, false),
        ("public-security-ministry", "2.1.b", "公安部", None, false),
        ("secrecy-administration", "2.1.b", "国家保密局", None, false),
        (
            "national-headquarters",
            "2.1.c",
            "国家网络安全事件应急指挥部",
            Some("national-emergency-office"),
            true,
        ),
        ("national-emergency-office", "2.2.a", "应急办", Some("cyberspace-office"), false),
        ("coordination-bureau", "2.2.a", "网络安全协调局", Some("national-emergency-office"), false),
        (
            "technical-support-teams",
            "2.2.b",
            "国家网络安全应急技术支撑队伍",
            Some("national-emergency-office"),
            false,
        ),
        ("liaison-officers", "2.2.c", "联络员", None, false),
        ("central-departments", "2.3", "中央和国家机关各部门", None, false),
        ("provincial-cyberspace", "2.4", "省（区、市）网信部门", None, false),
        ("unit", "4.1.a", "事发单位", None, false),
        ("operating-unit", "1.5.b", "运行单位", Some("unit"), false),
        ("superior-authority", "1.5.b", "上级主管部门", None, false),
        ("region-or-department", "4.1.b", "事发省（区、市）或部门", None, false),
        ("command-body", "4.2.1.c", "应急指挥机构", Some("region-or-department"), false),
        ("seconded-staff", "4.2.1.d", "派驻应急办人员", Some("national-emergency-office"), true),
        ("other-regions-and-departments", "4.2.2.3.b", "有关地区和部门", None, false),
    ] {
        let role = &PLAN.roles[&RoleId::new(id)];
        assert_eq!((role.clause.number(), role.title.zh.as_str()), (clause, zh), "{id}");
        assert_eq!(
            (role.fallback.as_ref().map(RoleId::as_str), role.temporary),
            (fallback, temporary),
            "{id}"
        );
    }
    assert_eq!(PLAN.roles.len(), 19);
}

/// Whoever speaks for a body does so under every plan, so one id must not mean two bodies.
#[test]
fn a_body_of_two_plans_is_the_same_body() {
    let mut known: BTreeMap<&RoleId, (&str, &str)> = BTreeMap::new();
    for pack in LIBRARY.list() {
        for (id, role) in &pack.plan.roles {
            let title = (role.title.zh.as_str(), role.title.en.as_str());
            assert_eq!(*known.entry(id).or_insert(title), title, "`{id}` in {}", pack.plan.id);
        }
    }
}

#[test]
fn levels_of_1_4_and_who_confirms() {
    let levels: Vec<(IncidentLevel, &str, &str)> = PLAN
        .levels
        .iter()
        .map(|(level, entry)| (*level, entry.clause.number(), entry.title.zh.as_str()))
        .collect();
    assert_eq!(
        levels,
        [(I, "1.4.1", "特别重大"), (II, "1.4.2", "重大"), (III, "1.4.3", "较大"), (IV, "1.4.4", "一般")]
    );
    assert_eq!(PLAN.grading.confirmed_by, roles(&["region-or-department", "national-emergency-office"]));
    assert_eq!(PLAN.grading.clause.number(), "4.1.c");
}

#[test]
fn facts_of_1_3_1_4_and_the_annexes() {
    let facts: Vec<(&str, &str)> =
        PLAN.questions().into_iter().map(|(id, fact)| (id.as_str(), fact.clause.number())).collect();
    assert_eq!(
        facts,
        [
            ("cause", "1.3.a"),
            ("important_system", "annex2.1"),
            ("service_loss", "annex3"),
            ("data_damage", "annex3"),
            ("recovery_cost", "annex3"),
            ("information_class", "1.4.1.2"),
            ("sensitive_consequence", "annex2.2"),
            ("information_event", "1.4.1.2"),
            ("threat", "1.4"),
            ("effect", "1.4"),
        ]
    );
    let choices = |fact: &str| match &PLAN.facts[&FactId::new(fact)].kind {
        FactKind::OneOf(choices) => choices.clone(),
        FactKind::Bool | FactKind::Count => Vec::new(),
    };
    let own = |fact: &str| -> Vec<String> {
        choices(fact).iter().filter_map(|choice| Some(choice.clause.as_ref()?.number().to_owned())).collect()
    };
    let letters: Vec<String> = ('a'..='j').map(|letter| format!("annex2.2.{letter}")).collect();
    assert_eq!(own("sensitive_consequence"), letters);
    for fact in ["service_loss", "data_damage", "recovery_cost"] {
        assert_eq!(own(fact), ["annex3.d", "annex3.c", "annex3.b", "annex3.a"], "{fact}");
    }
    assert_eq!(choices("cause").len(), 4, "1.3.a: 3 causes named, and others");
}

#[test]
fn the_plan_has_no_intake_disposal_filing_or_publication() {
    assert_eq!(PLAN.intake, Intake::default());
    let triage = &PLAN.triage;
    let clauses = [&triage.clause, &triage.incident, &triage.false_positive, &triage.not_ours];
    let numbers = clauses.map(|clause| clause.as_ref().map(Clause::number));
    assert_eq!(numbers, [Some("4.1.c"), Some("1.3.a"), None, None]);
    assert_eq!((&PLAN.disposal, &PLAN.filing), (&None, &None));
    assert!(PLAN.publications.is_empty());
}

#[test]
fn which_clocks_belong_to_which_level_and_response() {
    const ALWAYS: [&str; 3] = ["unit-plan-started", "unit-report", "early-disposal"]; // 4.1.a, 4.1.b
    for (level, response, expected) in [
        (
            I,
            None,
            vec!["judged-major", "start-level-one", "investigation-level-one", "investigation-reported-up"],
        ),
        (II, None, vec!["judged-major", "investigation", "investigation-of-major-reported"]),
        (III, None, vec!["investigation"]),
        (IV, None, vec!["investigation"]),
        (
            I,
            Some(I),
            vec![
                "judged-major",
                "start-level-one",
                "duty-level-one",
                "developments-level-one",
                "end-told-level-one",
                "investigation-level-one",
                "investigation-reported-up",
            ],
        ),
        (
            II,
            Some(II),
            vec![
                "judged-major",
                "emergency-state-level-two",
                "developments-level-two",
                "bulletin-level-two",
                "end-reported-level-two",
                "end-told-level-two",
                "investigation",
                "investigation-of-major-reported",
            ],
        ),
        (
            III,
            Some(II),
            vec![
                "emergency-state-level-two",
                "developments-level-two",
                "bulletin-level-two",
                "end-reported-level-two",
                "end-told-level-two",
                "investigation",
            ],
        ),
        (IV, Some(IV), vec!["investigation"]),
    ] {
        let facts = Answers::new();
        let situation = Situation { facts: &facts, level: Some(level), response };
        let by_state =
            PLAN.clocks.iter().filter(|clock| clock.starts != fengsui_domain::plan::ClockStart::OrderGiven);
        let holding = by_state.filter(|clock| clock.when.eval(&situation) == Truth::True);
        let found: BTreeSet<&str> = holding.map(|clock| clock.id.as_str()).collect();
        assert_eq!(found, expected.into_iter().chain(ALWAYS).collect(), "{level}, response {response:?}");
    }
    let of_orders =
        PLAN.clocks.iter().filter(|clock| clock.starts == fengsui_domain::plan::ClockStart::OrderGiven);
    assert_eq!((PLAN.clocks.len(), of_orders.count()), (22, 5));
}

/// 4.1: "immediately" is the document's; every other figure but the 30 days of 5.e is ours and says so.
#[test]
fn whose_figures_the_limits_are() {
    for clock in &PLAN.clocks {
        let printed = [
            "unit-plan-started",
            "early-disposal",
            "judged-major",
            "investigation-level-one",
            "investigation",
        ];
        let id = clock.id.as_str();
        assert_eq!(clock.is_default, !printed.contains(&id), "{id}");
        assert!(PLAN.defaults_for(&clock.clause).next().is_some(), "{id}: what is ours in it is told");
        assert_eq!(clock.escalate.last().map(|step| step.at_percent), Some(100), "{id}");
    }
}

#[test]
fn response_rights_of_4_2_and_4_3() {
    let right = |propose: &[&str], decide: &str, notify: &[&str], number: &str| Right {
        propose: roles(propose),
        decide: roles(&[decide]),
        without_proposal: propose.is_empty(),
        notify: roles(notify),
        clause: PLAN.clauses.keys().find(|clause| clause.number() == number).expect(number).clone(),
    };
    let (office, region) = ("national-emergency-office", "region-or-department");
    let told = ["region-or-department", "other-regions-and-departments"];
    let local = || right(&[], region, &[], "4.2.3");
    for (level, clause, start, end, two_person) in [
        (
            I,
            "4.2",
            right(&[office, region], office, &[], "4.2.1.a"),
            right(&[office], "national-headquarters", &told, "4.3.1.a"),
            true,
        ),
        (
            II,
            "4.2",
            right(&[region], region, &[], "4.2.2"),
            right(&[region], region, &[office], "4.3.2.a"),
            true,
        ),
        (III, "4.2.3", local(), local(), false),
        (IV, "4.2.3", local(), local(), false),
    ] {
        let response = PLAN.response(level).expect("every level has a response");
        assert_eq!(response.clause.number(), clause, "{level}");
        assert_eq!((&response.start, &response.adjust), (&start, &start), "{level}");
        assert_eq!((&response.end, response.two_person), (&end, two_person), "{level}");
        assert_eq!(response.delegated.is_some(), level >= III, "4.2.3: {level}");
        let conditions: Vec<(&str, bool)> =
            response.end_when.conditions.iter().map(|c| (c.id.as_str(), c.needs_derived_closed)).collect();
        assert!(response.end_when.all);
        assert_eq!(
            conditions,
            [("back-to-normal", false), ("derived-events-gone", true), ("hazard-removed", false)]
        );
        let headquarters = response.headquarters.as_ref().map(|rule| (rule.clause.number(), rule.always));
        assert_eq!(headquarters, (level == I).then_some(("2.1.c", true)), "2.1.c, 4.2.1.a: {level}");
    }
}

#[test]
fn investigation_of_5() {
    let facts = Answers::new();
    for (level, by, clause) in [
        (I, "national-emergency-office", "5.a"),
        (II, "region-or-department", "5.b"),
        (III, "region-or-department", "5.b"),
        (IV, "region-or-department", "5.b"),
    ] {
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let lead = PLAN.review.leads.iter().find(|lead| lead.when.eval(&situation) == Truth::True);
        let lead = lead.expect("somebody leads");
        assert_eq!((&lead.by, lead.clause.number()), (&roles(&[by]), clause), "{level}");
    }
    assert_eq!(
        named(&PLAN.review.topics),
        [
            ("cause", "5.d", "起因"),
            ("nature", "5.d", "性质"),
            ("impact", "5.d", "影响"),
            ("responsibility", "5.d", "责任"),
            ("handling-opinion", "5.d", "处理意见"),
            ("improvement-measures", "5.d", "改进措施"),
        ]
    );
    assert_eq!(PLAN.review.plan_change, None);
}

#[test]
fn actions_of_4_1() {
    let actions: Vec<(&str, &str)> =
        PLAN.immediate_actions.iter().map(|action| (action.id.as_str(), action.clause.number())).collect();
    assert_eq!(
        actions,
        [
            ("start-own-plan", "4.1.a"),
            ("carry-out-disposal", "4.1.a"),
            ("organise-early-disposal", "4.1.b"),
            ("control-situation", "4.1.b"),
            ("remove-hidden-danger", "4.1.b"),
            ("preserve-evidence", "4.1.c"),
            ("keep-duty-day-and-night", "4.2.1.b"),
            ("enter-emergency-state", "4.2.2.1"),
            ("inform-others", "4.1.d"),
        ]
    );
}

#[test]
fn every_clause_listed_is_carried_by_a_rule() {
    let carried: BTreeSet<&str> = citations(*PLAN)
        .into_iter()
        .filter(|(_, place)| !place.starts_with("defaults/"))
        .map(|(clause, _)| clause.number())
        .collect();
    for clause in PLAN.clauses.keys() {
        assert!(carried.contains(clause.number()), "{clause}");
    }
}
