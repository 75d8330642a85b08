//! `jincheng-internet-2008`, chapter 4. Its rules on colours are run in `tests/it/warnings.rs`.

use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::{Clause, FactId, ReceiptFrom};
use fengsui_domain::warning::{
    Act, Owing, Reach, RefusedFor, Ruling, Stage, WarningColour, may_change, owed_by_warning,
};

use super::{jincheng, owed_how, role, roles, ruling, verdict, warnings};
use Reach::{IndustriesInRegion, OwnRegion, SeveralRegions, Whole};
use WarningColour::{Blue, Orange, Red, Yellow};

const MARKED: &str = "threat_may_derive_events=true";

#[test]
fn colours_of_4_3_1() {
    let colours: Vec<_> = warnings(jincheng())
        .colours
        .iter()
        .map(|(colour, known)| (*colour, known.title.zh.as_str(), known.level, known.clause.number()))
        .collect();
    assert_eq!(
        colours,
        [
            (Red, "红色（Ⅰ级，特别严重）", I, "4.3.1.1"),
            (Orange, "橙色（Ⅱ级，严重）", II, "4.3.1.2"),
            (Yellow, "黄色（Ⅲ级，较重）", III, "4.3.1.3"),
            (Blue, "蓝色（Ⅳ级，一般）", IV, "4.3.1.4"),
        ]
    );
    assert_eq!(warnings(jincheng()).clause.number(), "4.3.1");
}

#[test]
fn the_questions_are_asked_in_the_order_of_the_pack_and_are_not_those_about_incidents() {
    let asked: Vec<&str> = warnings(jincheng()).questions().into_iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        asked,
        [
            "new_threat",
            "whole_city",
            "threat_spread",
            "networks_hit",
            "systems_hit",
            "networks_partly_hit",
            "systems_partly_hit",
            "threat_may_derive_events",
        ]
    );
    assert!(asked.iter().all(|fact| !jincheng().facts.contains_key(&FactId::new(*fact))));
    let mark = jincheng().fact(&FactId::new("threat_may_derive_events")).expect("a mark");
    assert_eq!((mark.needs_reason, mark.clause.number()), (true, "4.3.2.b"));
}

#[test]
fn who_issues_by_4_3_2() {
    for (body, colour, reach, marked, expected) in [
        ("security-office", Blue, OwnRegion, false, "may [4.3.2.a]"),
        ("security-office", Yellow, OwnRegion, false, "may [4.3.2.a]"),
        ("security-office", Yellow, IndustriesInRegion, false, "may [4.3.2.a]"),
        ("security-office", Orange, OwnRegion, false, "after [4.3.2.b] if named [4.3.2.b]"),
        ("security-office", Red, OwnRegion, false, "after [4.3.2.b] if named [4.3.2.b]"),
        ("security-office", Blue, OwnRegion, true, "after [4.3.2.b] if named [4.3.2.b]"),
        ("functional-departments", Red, OwnRegion, false, "after [4.3.2.b] if named [4.3.2.b]"),
        ("functional-departments", Blue, OwnRegion, true, "after [4.3.2.b] if named [4.3.2.b]"),
        ("functional-departments", Blue, OwnRegion, false, "must not"), // 4.3.2.a
        ("unit", Red, OwnRegion, false, "must not"),
        ("city-government", Red, OwnRegion, false, "must not"), // It decides, the department issues.
        ("security-office", Blue, SeveralRegions, false, "must not"), // Beyond the city.
        ("security-office", Red, Whole, false, "must not"),
    ] {
        let list = if marked { MARKED } else { "" };
        let found = verdict(jincheng(), body, colour, reach, list);
        assert_eq!(ruling(&found), expected, "{body}, {colour}, {reach}, {marked}");
    }
}

#[test]
fn the_gate_says_whether_colour_or_mark_asks_for_it() {
    for (colour, list, for_colour, marks) in
        [(Red, "", true, 0), (Orange, MARKED, true, 1), (Yellow, MARKED, false, 1)]
    {
        let found = verdict(jincheng(), "security-office", colour, OwnRegion, list);
        let Ruling::AfterApproval { gates, .. } = &found.ruling else { panic!("{colour}: {found:?}") };
        assert_eq!(gates.len(), 1);
        assert_eq!((gates[0].for_colour, gates[0].for_marks.len()), (for_colour, marks), "{colour}");
        assert_eq!(gates[0].by, roles(&["city-government"]), "4.3.2.b");
    }
    // With the mark the office's own right does not count; without it the department's does not exist.
    let marked = verdict(jincheng(), "unit", Yellow, OwnRegion, MARKED);
    let rights: Vec<&str> = marked.entitled.iter().map(|right| right.right.as_str()).collect();
    assert_eq!(rights, ["authorised-department"]);
    let department = verdict(jincheng(), "working-bodies", Yellow, OwnRegion, "");
    let Ruling::MustNot { refusals } = &department.ruling else { panic!("{department:?}") };
    assert_eq!(refusals[0].because, RefusedFor::NotNamed);
    let beyond = verdict(jincheng(), "security-office", Blue, SeveralRegions, "");
    assert!(beyond.entitled.is_empty(), "nobody under this plan");
}

#[test]
fn the_office_updates_adjusts_and_lifts_by_4_3_2_a() {
    for act in [Act::Update, Act::Adjust, Act::Lift] {
        for (body, may) in [("security-office", true), ("functional-departments", false)] {
            let found = may_change(jincheng(), act, &role(body), &role("functional-departments"));
            let found = found.expect("a rule");
            assert_eq!((found.may, found.clause.number()), (may, "4.3.2.a"), "{act} by {body}");
        }
    }
}

#[test]
fn fields_of_4_2_3_editions_of_4_2_1_and_channels_of_4_3_3() {
    let warnings = warnings(jincheng());
    let fields: Vec<&str> = warnings.form.fields.iter().map(|field| field.title.zh.as_str()).collect();
    assert_eq!(
        fields,
        ["事件的类别", "预警级别", "起始时间", "可能影响范围", "警示事项", "应采取的措施", "发布单位"]
    );
    assert!(warnings.form.open && !warnings.form.measures_have_limits, "4.2.3.b");
    for (edition, audience, clause, channels) in [
        (0, "信息安全重点单位", "4.3.3.a", &["电话", "电子邮件", "传真", "其他方式"][..]),
        (1, "社会公众", "4.3.3.c", &["新闻媒体", "通信", "信息网络", "组织人员"]),
    ] {
        let edition = &warnings.editions[edition];
        assert_eq!((edition.audience.zh.as_str(), edition.clause.number()), (audience, "4.2.1"));
        let ways: Vec<&str> = edition.channels.iter().map(|way| way.title.zh.as_str()).collect();
        assert_eq!(ways, channels);
        assert!(edition.channels.iter().all(|way| way.clause.number() == clause));
        assert_eq!(edition.acts, Act::ALL, "issue, adjustment and lifting alike");
    }
}

#[test]
fn units_and_people_confirm_by_4_3_3_b() {
    for (colour, minutes) in [(Red, 30), (Orange, 30), (Yellow, 120), (Blue, 120)] {
        for body in [None, Some(role("unit")), Some(role("working-bodies"))] {
            let owed = owed_by_warning(jincheng(), colour, body.as_ref());
            assert_eq!(owed.len(), 1, "{colour}: no measures by colour, one receipt for whoever was told");
            let Owing::Receipt { from, acts } = &owed[0].what else { panic!("{owed:?}") };
            assert_eq!(from, &[ReceiptFrom::Units, ReceiptFrom::People]);
            assert_eq!(acts, Act::ALL);
            assert_eq!(owed[0].due.map(|due| due.after.as_mins()), Some(minutes), "{colour}");
            assert_eq!(owed[0].clause.number(), "4.3.3.b");
        }
    }
}

#[test]
fn the_watch_of_4_1_and_4_2_and_measures_in_each_warning() {
    let rows: Vec<_> = warnings(jincheng())
        .measures
        .iter()
        .map(|measure| (measure.clause.number(), measure.stage, owed_how(measure.kind)))
        .collect();
    let row = |clause, stage, how: &str| (clause, stage, how.to_owned());
    assert_eq!(
        rows,
        [
            row("4.1.1", Stage::Always, "standing"),
            row("4.1.2", Stage::Always, "standing"),
            row("4.2.2", Stage::Information, "as it comes"),
            row("4.2.3.a", Stage::Information, "once"),
        ]
    );
    let own = warnings(jincheng()).own_measures.as_ref().map(Clause::number);
    assert_eq!(own, Some("4.2.3.b"), "the plan is silent on what a warning obliges to");
    assert!(super::plan("jincheng-egov-2008").warnings.is_none(), "that plan has no warnings at all");
}
