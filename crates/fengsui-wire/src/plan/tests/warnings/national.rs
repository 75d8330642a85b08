//! `national-2017`, chapter 3 and 6.5.

use fengsui_domain::level::IncidentLevel::{I, II, III, IV};
use fengsui_domain::plan::{ChangedBy, ColourRules, RuleId};
use fengsui_domain::warning::{
    Act, Reach, RefusedFor, Ruling, Stage, WarningColour, may_change, owed_by_order, owed_by_warning,
    owed_in_period,
};

use super::{measures, national, owed_how, role, roles, ruling, verdict, warnings};
use Reach::{IndustriesInRegion, OwnIndustry, OwnRegion, SeveralIndustries, SeveralRegions, Whole};
use WarningColour::{Blue, Orange, Red, Yellow};

#[test]
fn colours_of_3_1() {
    let warnings = warnings(national());
    assert_eq!(warnings.clause.number(), "3.1.a");
    let colours: Vec<_> = warnings
        .colours
        .iter()
        .map(|(colour, known)| (*colour, known.title.zh.as_str(), known.level, known.clause.number()))
        .collect();
    assert_eq!(
        colours,
        [
            (Red, "红色", I, "3.1.b"),
            (Orange, "橙色", II, "3.1.b"),
            (Yellow, "黄色", III, "3.1.b"),
            (Blue, "蓝色", IV, "3.1.b"),
        ]
    );
    assert!(Red < Orange && Orange < Yellow && Yellow < Blue, "worst first");
    assert_eq!(warnings.grading.rules, ColourRules::ByLevel, "3.1.b");
    assert_eq!(warnings.grading.clause.number(), "3.3.a");
}

#[test]
fn who_issues_by_3_3_c_and_3_3_d() {
    for (body, colour, reach, expected) in [
        ("provincial-cyberspace", Orange, OwnRegion, "may [3.3.c]"),
        ("provincial-cyberspace", Yellow, OwnRegion, "may [3.3.c]"),
        ("provincial-cyberspace", Blue, OwnRegion, "may [3.3.c]"),
        ("provincial-cyberspace", Red, OwnRegion, "must not"), // 3.3.d
        ("provincial-cyberspace", Blue, SeveralRegions, "must not"), // 3.3.d
        ("provincial-cyberspace", Blue, OwnIndustry, "must not"), // 3.3.c: a department's
        ("central-departments", Orange, OwnIndustry, "may [3.3.c]"),
        ("central-departments", Red, OwnIndustry, "must not"), // 3.3.d
        ("central-departments", Blue, OwnRegion, "must not"),  // 3.3.c: a province's
        ("central-departments", Yellow, SeveralIndustries, "must not"), // 3.3.d
        ("region-or-department", Orange, OwnRegion, "may [3.3.c]"),
        ("region-or-department", Orange, OwnIndustry, "may [3.3.c]"),
        ("national-emergency-office", Red, OwnRegion, "may [3.3.d]"),
        ("national-emergency-office", Red, Whole, "may [3.3.d]"),
        ("national-emergency-office", Blue, SeveralRegions, "may [3.3.d]"),
        ("national-emergency-office", Orange, SeveralIndustries, "may [3.3.d]"),
        ("national-emergency-office", Orange, OwnRegion, "must not"), // 3.3.c: the province's own
        ("unit", Blue, OwnRegion, "must not"),                        // 3.3.c
    ] {
        let found = verdict(national(), body, colour, reach, "");
        assert_eq!(ruling(&found), expected, "{body}, {colour}, {reach}");
        assert!(!found.entitled.is_empty(), "{colour}, {reach}: somebody may");
    }
}

#[test]
fn a_refusal_says_by_which_clause_and_who_may() {
    let found = verdict(national(), "provincial-cyberspace", Red, OwnRegion, "");
    let Ruling::MustNot { refusals } = &found.ruling else { panic!("{found:?}") };
    let because: Vec<_> =
        refusals.iter().map(|why| (why.right.as_str(), why.clause.number(), why.because)).collect();
    assert_eq!(
        because,
        [
            ("own-region", "3.3.c", RefusedFor::TooHigh(Orange)),
            ("industries-in-region", "3.3.c", RefusedFor::TooHigh(Orange)),
        ]
    );
    let who: Vec<_> = found.entitled.iter().map(|right| (right.by.clone(), right.clause.number())).collect();
    assert_eq!(who, [(roles(&["national-emergency-office"]), "3.3.d")]);
    let further = verdict(national(), "provincial-cyberspace", Blue, SeveralRegions, "");
    let Ruling::MustNot { refusals } = &further.ruling else { panic!("{further:?}") };
    assert!(refusals.iter().all(|why| why.because == RefusedFor::Reach), "{refusals:?}");
    let office = verdict(national(), "national-emergency-office", Blue, OwnRegion, "");
    let Ruling::MustNot { refusals } = &office.ruling else { panic!("{office:?}") };
    assert_eq!(refusals[0].because, RefusedFor::TooLow(Red), "3.3.d names red and what crosses boundaries");
}

#[test]
fn red_and_orange_take_two_persons() {
    for (colour, expected) in [(Red, true), (Orange, true), (Yellow, false), (Blue, false)] {
        let found = verdict(national(), "national-emergency-office", colour, Whole, "");
        assert_eq!(found.two_person.is_some(), expected, "{colour}");
    }
    assert!(warnings(national()).two_person.as_ref().is_some_and(|rule| rule.is_default));
}

#[test]
fn changes_of_3_5() {
    let province = role("provincial-cyberspace");
    let office = role("national-emergency-office");
    for (act, body, issuer, may) in [
        (Act::Lift, &province, &province, true),
        (Act::Lift, &office, &province, false), // 3.5: the department or region that issued it
        (Act::Lift, &province, &office, false),
        (Act::Adjust, &province, &province, true),
        (Act::Update, &office, &province, false),
    ] {
        let found = may_change(national(), act, body, issuer).expect("a rule");
        assert_eq!((found.may, found.who), (may, vec![issuer.clone()]), "{act} by {body}");
    }
    assert_eq!(may_change(national(), Act::Issue, &office, &office), None);
    assert_eq!(warnings(national()).changes.lift.by, ChangedBy::Issuer);
}

#[test]
fn fields_and_audience_of_3_3() {
    let warnings = warnings(national());
    let fields: Vec<&str> = warnings.form.fields.iter().map(|field| field.title.zh.as_str()).collect();
    assert_eq!(
        fields,
        [
            "事件的类别",
            "预警级别",
            "起始时间",
            "可能影响范围",
            "警示事项",
            "应采取的措施和时限要求",
            "发布机关"
        ]
    );
    assert!(warnings.form.fields.iter().all(|field| !field.optional && field.clause.number() == "3.3.e"));
    assert!(warnings.form.open && warnings.form.measures_have_limits, "3.3.e");
    let editions: Vec<_> =
        warnings.editions.iter().map(|one| (one.audience.zh.as_str(), one.clause.number())).collect();
    assert_eq!(editions, [("有关部门和单位", "3.3.a")]);
    assert!(warnings.receipts.is_empty(), "the plan is silent on receipts");
}

#[test]
fn what_comes_before_a_warning() {
    let before: Vec<_> = warnings(national())
        .measures
        .iter()
        .filter(|measure| measure.stage != Stage::Issued)
        .map(|measure| (measure.clause.number(), measure.stage, owed_how(measure.kind)))
        .collect();
    let row = |clause, stage, how: &str| (clause, stage, how.to_owned());
    assert_eq!(
        before,
        [
            row("3.2.a", Stage::Always, "standing"),
            row("3.2.b", Stage::Always, "standing"),
            row("3.2.c", Stage::Always, "standing"),
            row("3.2.d", Stage::Information, "as it comes"),
            row("3.2.e", Stage::Information, "as it comes"),
            row("3.3.a", Stage::Judged, "once 30"),
            row("3.3.b", Stage::Judged, "once 30"),
        ]
    );
}

#[test]
fn measures_of_3_4_by_colour_and_role() {
    let office = &["national-emergency-office"][..];
    let (command, teams) = (&["command-body"][..], &["technical-support-teams"][..]);
    let red = [
        ("red-lead", "3.4.1.1.a", "once", office),
        ("red-track", "3.4.1.1.a", "standing", office),
        ("red-work-plan", "3.4.1.1.b", "once", office),
        ("red-prepare-resources", "3.4.1.1.b", "once", office),
        ("red-duty", "3.4.1.2.a", "standing 15", command),
        ("red-monitor", "3.4.1.2.b", "standing", command),
        ("red-guide", "3.4.1.2.b", "once", command),
        ("red-report", "3.4.1.2.c", "as it comes", command),
        ("red-standby", "3.4.1.3.a", "standing", teams),
        ("red-equipment", "3.4.1.3.b", "once", teams),
    ];
    let orange = [
        ("orange-start-plans", "3.4.2.1", "once", command),
        ("orange-report", "3.4.2.2.a", "every 240", &["region-or-department"][..]),
        ("orange-watch", "3.4.2.2.b", "standing", office),
        ("orange-inform", "3.4.2.2.b", "as it comes 120", office),
        ("orange-reachable", "3.4.2.3", "standing", teams),
        ("orange-equipment", "3.4.2.3", "once", teams),
    ];
    let milder = [("start-plans", "3.4.3", "once", command)];
    for (colour, expected) in
        [(Red, &red[..]), (Orange, &orange[..]), (Yellow, &milder[..]), (Blue, &milder[..])]
    {
        let owed = owed_by_warning(national(), colour, None);
        let rows: Vec<_> = expected.iter().map(|row| (row.0, row.1, row.2.to_owned())).collect();
        assert_eq!(measures(&owed), rows, "{colour}");
        for (found, row) in owed.iter().zip(expected) {
            assert_eq!(found.of, roles(row.3), "{}", row.0);
        }
        for body in [office, command, teams] {
            let own = owed_by_warning(national(), colour, Some(&role(body[0])));
            let rows: Vec<&str> = expected.iter().filter(|row| row.3 == body).map(|row| row.0).collect();
            assert_eq!(own.iter().map(|owed| owed.rule.as_str()).collect::<Vec<_>>(), rows, "{body:?}");
        }
    }
}

#[test]
fn limits_count_from_the_issue() {
    let issued = "2026-11-23T18:30:00Z".parse().expect("an instant");
    let due: Vec<_> = owed_by_warning(national(), Red, None)
        .iter()
        .filter_map(|owed| Some((owed.rule.to_string(), owed.due_at(issued)?.to_string())))
        .collect();
    assert_eq!(due, [("red-duty".to_owned(), "2026-11-23T18:45:00Z".to_owned())]);
    let report = owed_by_warning(national(), Orange, Some(&role("region-or-department")));
    assert_eq!(report[0].due_at(issued).map(|at| at.to_string()).as_deref(), Some("2026-11-23T22:30:00Z"));
}

#[test]
fn the_period_of_6_5() {
    let event = RuleId::new("important-event");
    let own = owed_in_period(national(), &event, None);
    let clauses: Vec<&str> = own.iter().map(|owed| owed.clause.number()).collect();
    assert_eq!(clauses, ["6.5.a", "6.5.b", "6.5.c", "6.5.c", "6.5.d"]);
    // 6.5.b: the measures of 3.4.1, without a warning.
    let ordered = owed_by_order(national(), &event, None);
    assert_eq!(measures(&ordered), measures(&owed_by_warning(national(), Red, None)));
    let period = warnings(national()).period(&event).expect("6.5.a");
    let order = period.order.as_ref().expect("6.5.b");
    assert_eq!((order.by.clone(), order.colour), (roles(&["national-emergency-office"]), Red));
    assert_eq!(order.to, roles(&["provincial-cyberspace", "central-departments", "region-or-department"]));
    assert!(owed_by_order(national(), &RuleId::new("no-such"), None).is_empty());
    assert!(owed_by_order(super::jincheng(), &event, None).is_empty());
    assert_eq!(IndustriesInRegion.as_str(), "industries-in-region");
}
