//! The pack `jincheng-internet-2008`, clause by clause.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fengsui_domain::expr::{Answers, Expr, Situation, Truth, Value};
use fengsui_domain::grading::propose;
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::ClockMeets::{OrderAcknowledged, OrderAnswered};
use fengsui_domain::plan::ClockStart::{
    BodyBecameAware, LevelConfirmed, LevelJudged, OrderGiven, ResponseEnded,
};
use fengsui_domain::plan::{
    CategoryId, Clause, ClockMeets, EndWhen, FactId, FactKind, Form, Named, Plan, PlanId, Right, RoleId,
    RuleId, Within,
};

use super::super::{Library, citations};

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
    let page = super::super::show(&PLAN, fengsui_domain::plan::Lang::En);
    let places = order.map(|id| page.find(&format!("- **{}**", PLAN.facts[&FactId::new(id)].title.en)));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
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
fn which_clocks_run_at_which_level() {
    const UNIT_GENERAL: [&str; 2] = ["unit-oral-general", "unit-written-general"]; // 5.1.3.a, 5.1.3.b
    const UNIT_AT_ONCE: [&str; 2] = ["unit-at-once", "unit-written-default"]; // 5.1.3.c
    const CITY_MAJOR: [&str; 2] = ["city-oral-major", "city-written-major"]; // 5.1.4.a, 5.1.4.b
    const CITY_AT_ONCE: [&str; 2] = ["city-at-once", "city-written-default"]; // 5.1.4.c
    const REQUEST: [&str; 2] = ["request-response", "province-at-once"]; // 5.2.2.1.a, 5.1.4.a
    const ALWAYS: [&str; 4] = ["immediate-action", "first-moment-report", "review", "filing"]; // 5.3.1, 6.2, 6.2.2
    for (level, special, expected) in [
        (IV, None, UNIT_GENERAL.to_vec()),
        (IV, Some(false), UNIT_GENERAL.to_vec()),
        (IV, Some(true), [UNIT_AT_ONCE, CITY_AT_ONCE].concat()),
        (III, None, UNIT_AT_ONCE.to_vec()),
        (III, Some(true), [UNIT_AT_ONCE, CITY_AT_ONCE].concat()),
        (II, None, [&UNIT_AT_ONCE[..], &CITY_MAJOR, &REQUEST].concat()),
        (II, Some(true), [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
        (I, None, [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
        (I, Some(true), [&UNIT_AT_ONCE[..], &CITY_AT_ONCE, &REQUEST].concat()),
    ] {
        let facts: Answers =
            special.map(|set| (FactId::new("special_circumstances"), Value::Bool(set))).into_iter().collect();
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let truths: Vec<(&str, Truth)> = PLAN
            .clocks
            .iter()
            .filter(|clock| clock.starts != OrderGiven)
            .map(|clock| (clock.id.as_str(), clock.when.eval(&situation)))
            .collect();
        assert!(truths.iter().all(|(_, truth)| *truth != Truth::Unknown), "{level}: every clock is decided");
        let running: BTreeSet<&str> =
            truths.into_iter().filter(|(_, truth)| *truth == Truth::True).map(|(id, _)| id).collect();
        assert_eq!(
            running,
            expected.into_iter().chain(ALWAYS).collect(),
            "level {level}, special {special:?}"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one flat table")]
fn clocks_of_5_1_3_5_1_4_5_2_2_1_5_3_1_and_6_2() {
    use ClockMeets::{Filing, ImmediateAction, Report, ResponseRequested, Review};
    let duty_room = &["security-office-duty-room"][..];
    let both_rooms = &["party-committee-duty-room", "city-government-duty-room"][..];
    let three_bodies = &["security-office", "local-government", "responsible-unit"][..];
    let any_of_three = &["security-office-duty-room", "linkage-centre", "local-government"][..];
    let oral = Some(Form::Oral);
    let written = Some(Form::Written);
    // Minutes; `None` is "at once" with a tolerance of five minutes.
    for (id, clause, of, to, form, starts, minutes, met_by, ours) in [
        (
            "unit-oral-general",
            "5.1.3.a",
            &["unit"][..],
            duty_room,
            oral,
            BodyBecameAware,
            Some(30),
            Report,
            false,
        ),
        (
            "unit-written-general",
            "5.1.3.b",
            &["unit"],
            duty_room,
            written,
            BodyBecameAware,
            Some(60),
            Report,
            false,
        ),
        ("unit-at-once", "5.1.3.c", &["unit"], duty_room, oral, BodyBecameAware, None, Report, false),
        (
            "unit-written-default",
            "5.1.3.c",
            &["unit"],
            duty_room,
            written,
            BodyBecameAware,
            Some(60),
            Report,
            true,
        ),
        (
            "city-oral-major",
            "5.1.4.a",
            three_bodies,
            both_rooms,
            oral,
            BodyBecameAware,
            Some(60),
            Report,
            false,
        ),
        (
            "city-written-major",
            "5.1.4.b",
            three_bodies,
            both_rooms,
            written,
            BodyBecameAware,
            Some(120),
            Report,
            false,
        ),
        ("city-at-once", "5.1.4.c", three_bodies, both_rooms, oral, BodyBecameAware, None, Report, false),
        (
            "city-written-default",
            "5.1.4.c",
            three_bodies,
            both_rooms,
            written,
            BodyBecameAware,
            Some(120),
            Report,
            true,
        ),
        (
            "province-at-once",
            "5.1.4.a",
            &["security-office"],
            &["provincial-cyberspace"],
            None,
            LevelJudged,
            None,
            Report,
            true,
        ),
        (
            "request-response",
            "5.2.2.1.a",
            &["security-office"],
            &["city-government"],
            None,
            LevelConfirmed,
            None,
            ResponseRequested,
            false,
        ),
        ("immediate-action", "5.3.1", &["unit"], &[], None, BodyBecameAware, None, ImmediateAction, false),
        (
            "first-moment-report",
            "5.3.1",
            &["unit"],
            any_of_three,
            None,
            BodyBecameAware,
            Some(30),
            Report,
            true,
        ),
        ("review", "6.2", &["security-office"], &[], None, ResponseEnded, Some(30 * 24 * 60), Review, true),
        (
            "filing",
            "6.2.2",
            &["handling-team"],
            &["security-office"],
            None,
            ResponseEnded,
            Some(30 * 24 * 60),
            Filing,
            true,
        ),
    ] {
        let clock = PLAN.clocks.iter().find(|clock| clock.id.as_str() == id).expect(id);
        assert_eq!(clock.clause.number(), clause, "{id}");
        assert_eq!((&clock.of, &clock.to), (&roles(of), &roles(to)), "{id}");
        assert_eq!(clock.any_addressee, id == "first-moment-report", "{id}");
        assert_eq!((clock.form, clock.starts, clock.met_by), (form, starts, met_by), "{id}");
        assert_eq!(clock.is_default, ours, "{id}");
        match clock.within {
            Within::Span(span) => assert_eq!(Some(span.as_mins()), minutes, "{id}"),
            Within::AtOnce { tolerance } => assert_eq!((tolerance.as_mins(), minutes), (5, None), "{id}"),
            Within::Calendar(_) => panic!("{id} is no span"),
        }
        let last = clock.escalate.last().expect("somebody is told");
        assert_eq!(last.at_percent, 100, "{id}: somebody is told when the time is up");
        let extendable = if id == "review" { roles(&["security-office"]) } else { Vec::new() };
        assert_eq!(clock.extendable_by, extendable, "{id}");
    }
    let about_orders = PLAN.clocks.iter().filter(|clock| clock.starts == OrderGiven);
    assert_eq!(PLAN.clocks.len() - about_orders.count(), 14);
}

/// The clocks of orders are ours throughout; the plan gives no figures.
#[test]
fn orders_and_their_clocks_of_5_2_3_and_5_3() {
    for (id, clause, from, to) in [
        ("assist-handling", "5.2.2.2", &["security-office"][..], 5),
        ("call-experts", "5.2.3.1.1", &["security-office"], 0),
        ("secure-resources", "5.2.3.3", &["response-headquarters", "security-office"], 2),
        ("carry-out-disposal", "5.2.3.4", &["response-headquarters"], 1),
        ("early-disposal", "5.3.2", &["security-office"], 2),
        ("joint-disposal", "5.3.3", &["security-office", "linkage-centre"], 3),
        ("join-on-site-post", "5.4.2", &["local-government", "security-office"], 4),
        ("rebuild", "6.3", &["security-office", "local-government"], 2),
        ("aftermath", "6.1.a", &["security-office"], 5),
    ] {
        let order = PLAN.order(&RuleId::new(id)).expect(id);
        assert_eq!((order.clause.number(), &order.from, order.to.len()), (clause, &roles(from), to), "{id}");
        assert_eq!(order.aftermath, ["aftermath", "rebuild"].contains(&id), "{id}");
        assert_eq!(order.experts.len(), if id == "call-experts" { 4 } else { 0 }, "{id}");
    }
    assert_eq!(PLAN.orders.len(), 9);
    let grants = PLAN.grants.as_ref().expect("the plan knows operating permissions");
    assert_eq!((&grants.by, grants.clause.number()), (&roles(&["security-office"]), "5.2.3.1.2"));
    let mut clocks = 0;
    for (id, about, minutes, met_by) in [
        ("resources-acknowledged", "secure-resources", 30, OrderAcknowledged),
        ("resources-answered", "secure-resources", 240, OrderAnswered),
        ("execution-acknowledged", "carry-out-disposal", 30, OrderAcknowledged),
        ("on-site-joined", "join-on-site-post", 30, OrderAcknowledged),
        ("rebuild-planned", "rebuild", 7 * 24 * 60, OrderAnswered),
        ("experts-answer", "call-experts", 30, OrderAcknowledged),
        ("early-disposal-acknowledged", "early-disposal", 30, OrderAcknowledged),
    ] {
        let clock = PLAN.clock(&RuleId::new(id)).expect(id);
        let Within::Span(span) = clock.within else { panic!("{id} is a span") };
        assert_eq!((clock.starts, clock.met_by, span.as_mins()), (OrderGiven, met_by, minutes), "{id}");
        assert_eq!((clock.about.as_ref(), clock.is_default), (Some(&RuleId::new(about)), true), "{id}");
        clocks += 1;
    }
    assert_eq!(PLAN.clocks.iter().filter(|clock| clock.starts == OrderGiven).count(), clocks);
}

#[test]
fn response_rights_of_5_2_and_5_5() {
    let right = |propose: &[&str], decide: &str, alone: bool, number: &str| Right {
        propose: roles(propose),
        decide: roles(&[decide]),
        without_proposal: alone,
        notify: Vec::new(),
        clause: PLAN.clauses.keys().find(|clause| clause.number() == number).expect(number).clone(),
    };
    let city_starts = || right(&["security-office"], "city-government", true, "5.2.2.1.a");
    let city_ends = || right(&["response-headquarters"], "city-government", false, "5.5.1");
    let office_starts = || right(&[], "security-office", true, "5.2.2.2");
    let office_ends = || right(&[], "security-office", true, "5.5.2");
    for (level, start, end, two_person, headquarters) in [
        (I, city_starts(), city_ends(), true, Some("5.2.2.1.b")),
        (II, city_starts(), city_ends(), true, Some("5.2.2.1.b")),
        (III, office_starts(), office_ends(), false, None),
        (IV, office_starts(), office_ends(), false, None),
    ] {
        let response = PLAN.response(level).expect("every level has a response");
        assert_eq!(response.clause.number(), "5.2.1");
        assert_eq!((&response.start, &response.adjust), (&start, &start), "level {level}");
        assert_eq!(response.end, end, "level {level}");
        assert_eq!(response.two_person, two_person, "level {level}");
        let known = response.headquarters.as_ref().map(|rule| (rule.clause.number(), rule.always));
        assert_eq!(known, headquarters.map(|number| (number, false)), "level {level}");
        assert_eq!(response.delegated, None, "level {level}");
    }
    assert_eq!(PLAN.responses.iter().map(|response| response.level).collect::<Vec<_>>(), [I, II, III, IV]);
}

#[test]
fn conditions_of_ending_in_5_5_1_and_5_5_2() {
    let conditions = |end: &EndWhen| -> Vec<(String, String, bool)> {
        let one = end.conditions.iter();
        one.map(|c| (c.id.to_string(), c.clause.number().to_owned(), c.needs_derived_closed)).collect()
    };
    let expect = |list: &[(&str, &str, bool)]| -> Vec<(String, String, bool)> {
        list.iter().map(|(id, clause, derived)| ((*id).to_owned(), (*clause).to_owned(), *derived)).collect()
    };
    let any = expect(&[("handling-over", "5.5.1", false), ("danger-removed", "5.5.1", false)]);
    let all = expect(&[
        ("back-to-normal", "5.5.2", false),
        ("derived-events-gone", "5.5.2", true),
        ("hazard-removed", "5.5.2", false),
    ]);
    for (level, need_all, expected) in
        [(I, false, &any), (II, false, &any), (III, true, &all), (IV, true, &all)]
    {
        let end = &PLAN.response(level).expect("every level has a response").end_when;
        assert_eq!((end.all, &conditions(end)), (need_all, expected), "level {level}");
    }
}

#[test]
fn disposal_chain_of_5_2_3() {
    let disposal = PLAN.disposal.as_ref().expect("the plan has a chain");
    for (stage, by, clause) in [
        (&disposal.draft, &["handling-team"][..], "5.2.3.2.a"),
        (&disposal.verify, &["working-bodies", "unit", "functional-departments"], "5.2.3.2.b"),
        (disposal.sum_up.as_ref().expect("the office sums up"), &["security-office"], "5.2.3.2.b"),
        (&disposal.approve, &["response-headquarters"], "5.2.3.3"),
        (&disposal.execute, &["handling-team"], "5.2.3.4"),
    ] {
        assert_eq!((&stage.by, stage.clause.number()), (&roles(by), clause));
    }
    let given = [&disposal.order, &disposal.resources].map(|rule| rule.as_ref().map(RuleId::as_str));
    assert_eq!(given, [Some("carry-out-disposal"), Some("secure-resources")], "approval gives orders");
}

#[test]
fn immediate_actions_of_5_3_1_are_ours() {
    let ids: Vec<&str> = PLAN.immediate_actions.iter().map(|action| action.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "isolate-host",
            "block-address",
            "disconnect-network",
            "preserve-evidence",
            "switch-to-backup",
            "notify-users"
        ]
    );
    for action in &PLAN.immediate_actions {
        assert_eq!(action.clause.number(), "5.3.1");
        let settled = PLAN
            .defaults_for(&action.clause)
            .any(|default| default.answer.en.contains("list of measures is ours"));
        assert!(settled, "the list is marked as ours");
    }
}

#[test]
fn review_of_6_2_and_filing_of_6_2_2() {
    let review = &PLAN.review;
    assert_eq!(review.clause.number(), "6.2");
    let [lead] = &review.leads[..] else { panic!("one body leads at every level") };
    assert_eq!((&lead.when, &lead.by), (&Expr::Const(true), &roles(&["security-office"])));
    assert_eq!(review.plan_change.as_ref().map(Clause::number), Some("6.2.3"));
    assert_eq!(
        named(&review.topics),
        [
            ("cause", "6.2", "起因"),
            ("nature", "6.2", "性质"),
            ("impact", "6.2", "影响"),
            ("responsibility", "6.2.1", "责任"),
            ("lessons", "6.2", "经验教训"),
            ("reconstruction", "6.2", "恢复重建"),
        ]
    );
    let filing = PLAN.filing.as_ref().expect("the plan asks for it");
    assert_eq!((&filing.by, &filing.to), (&roles(&["handling-team"]), &roles(&["security-office"])));
    assert_eq!(filing.clause.number(), "6.2.2");
}

#[test]
fn publication_chains_of_6_4() {
    for (id, clause, draft, approve, release) in [
        (
            "bulletin-key-units",
            "6.4.1.a",
            &["security-office", "responsible-unit"][..],
            &["security-office"][..],
            "security-office",
        ),
        ("briefing-all-units", "6.4.1.b", &["security-office"], &[], "security-office"),
        (
            "public-information",
            "6.4.2.b",
            &["security-office", "responsible-unit"],
            &["security-office"],
            "news-office",
        ),
    ] {
        let rule = PLAN.publications.iter().find(|rule| rule.id.as_str() == id).expect(id);
        assert_eq!(rule.clause.number(), clause, "{id}");
        assert_eq!((&rule.draft, &rule.approve), (&roles(draft), &roles(approve)), "{id}");
        assert_eq!(rule.release, roles(&[release]), "{id}");
    }
}

#[test]
fn who_is_told_at_which_level() {
    for (level, impact, expected) in [
        (I, NO, vec!["bulletin-key-units"]),
        (II, YES, vec!["bulletin-key-units", "public-information"]),
        (III, NO, vec!["briefing-all-units"]),
        (IV, YES, vec!["briefing-all-units", "public-information"]),
    ] {
        let facts = answers(&[("social_impact", impact)]);
        let situation = Situation { facts: &facts, level: Some(level), response: None };
        let holds = PLAN.publications.iter().filter(|rule| rule.when.eval(&situation) == Truth::True);
        assert_eq!(holds.map(|rule| rule.id.as_str()).collect::<Vec<_>>(), expected, "level {level}");
    }
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
