//! A small plan with warnings: what the functions make of each of its rules.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    Act, Owing, Reach, RefusedFor, Ruling, Signal, Stage, WarningColour, colour_proposed, ends_at,
    may_change, may_end_order, may_issue, owed_by_order, owed_by_warning, owed_in_period, who_may_issue,
};
use crate::expr::{Answers, Comparison, Expr, Value};
use crate::level::IncidentLevel;
use crate::plan::sample::{choice, fact, plan as sample, text};
use crate::plan::{
    Approval, Change, ChangedBy, Changes, Clause, Colour, ColourGrading, ColourRules, Fact, FactKind,
    GradingRule, IssuingRight, Measure, MeasureKind, Period, PeriodOrder, Plan, ReceiptFrom, ReceiptRule,
    RoleId, RuleId, WarningForm, Warnings, Within,
};
use WarningColour::{Blue, Orange, Red, Yellow};

fn clause(number: &str) -> Clause {
    Clause::new(format!("sample/{number}"))
}

fn role(name: &str) -> RoleId {
    RoleId::new(name)
}

fn id(name: &str) -> RuleId {
    RuleId::new(name)
}

/// The sample plan with warnings: red at 3 systems, yellow at 1.
fn plan() -> Plan {
    Plan { warnings: Some(warnings()), ..sample() }
}

fn warnings() -> Warnings {
    let colours = WarningColour::ALL
        .iter()
        .zip(IncidentLevel::ALL)
        .map(|(colour, level)| (*colour, Colour { title: colour.title(), level, clause: clause("4.1") }));
    let change = |by| Change { by, within: None, clause: clause("4.5"), is_default: false };
    Warnings {
        clause: clause("4.1"),
        colours: colours.collect(),
        facts: facts(),
        grading: ColourGrading {
            confirmed_by: vec![role("office")],
            clause: clause("4.2"),
            rules: ColourRules::Own(vec![rule("many", Red, 3), rule("some", Yellow, 1)]),
        },
        rights: vec![
            right("office", &["office"], Yellow, &[Reach::OwnRegion], None),
            right("named", &["office", "bureau"], Red, &[Reach::OwnRegion], Some("decision")),
            right("ministry", &["ministry"], Red, &[Reach::Whole], None),
        ],
        approvals: vec![Approval {
            id: id("decision"),
            title: text("决定", "decision"),
            by: vec![role("government")],
            colours: vec![Red, Orange],
            marks: vec![fact("rumours")],
            clause: clause("4.4"),
        }],
        two_person: None,
        changes: Changes {
            update: change(ChangedBy::Bodies(vec![role("office")])),
            adjust: change(ChangedBy::Bodies(vec![role("office")])),
            lift: change(ChangedBy::Issuer),
        },
        form: WarningForm {
            clause: clause("4.6"),
            fields: Vec::new(),
            open: true,
            measures_have_limits: false,
        },
        editions: Vec::new(),
        receipts: vec![receipt()],
        measures: measures(),
        own_measures: None,
        periods: vec![period("fair", Some(Red)), period("night", None)],
    }
}

fn facts() -> BTreeMap<crate::plan::FactId, Fact> {
    let question = |place, kind, needs_reason| Fact {
        place,
        title: text("问", "question"),
        hint: text("据实", "as it is"),
        kind,
        judged_by: role("office"),
        clause: clause("4.2"),
        needs_reason,
    };
    BTreeMap::from([
        (fact("systems_threatened"), question(0, FactKind::Count, false)),
        (fact("rumours"), question(1, FactKind::Bool, true)),
    ])
}

fn rule(name: &str, level: WarningColour, at_least: u64) -> GradingRule<WarningColour> {
    let figure = Value::Count(at_least);
    GradingRule {
        id: id(name),
        level,
        when: Expr::Compare(fact("systems_threatened"), Comparison::AtLeast, figure),
        clause: clause("4.2"),
        says: text("如条款", "as the clause says"),
        judge: None,
    }
}

fn right(
    name: &str,
    by: &[&str],
    highest: WarningColour,
    reach: &[Reach],
    named_by: Option<&str>,
) -> IssuingRight {
    IssuingRight {
        id: id(name),
        title: text("权限", "right"),
        by: by.iter().copied().map(role).collect(),
        highest,
        lowest: Blue,
        reach: reach.to_vec(),
        named_by: named_by.map(id),
        clause: clause("4.3"),
        is_default: false,
    }
}

fn receipt() -> ReceiptRule {
    let within = [(Red, 30), (Orange, 30), (Yellow, 120)];
    ReceiptRule {
        id: id("heard"),
        title: text("确认", "confirmed"),
        edition: id("all"),
        from: vec![ReceiptFrom::Units],
        acts: vec![Act::Issue],
        within: within.map(|(colour, min)| (colour, SignedDuration::from_mins(min))).into(),
        clause: clause("4.7"),
        is_default: true,
    }
}

fn measures() -> Vec<Measure> {
    let measure = |name: &str, stage, colours: &[WarningColour], of: &str, kind| Measure {
        id: id(name),
        title: text("措施", "measure"),
        clause: clause("4.8"),
        stage,
        colours: colours.to_vec(),
        periods: if colours.is_empty() { vec![id("fair")] } else { Vec::new() },
        of: vec![role(of)],
        to: Vec::new(),
        kind,
        after: Vec::new(),
        is_default: false,
    };
    let at_once = Within::AtOnce { tolerance: SignedDuration::from_mins(5) };
    let hour = SignedDuration::from_hours(1);
    vec![
        measure("tell", Stage::Judged, &[Red], "office", MeasureKind::Once(Some(at_once))),
        measure("start", Stage::Issued, &[Red], "unit", MeasureKind::Once(Some(at_once))),
        measure("watch", Stage::Issued, &[Red, Yellow], "unit", MeasureKind::Standing(None)),
        measure("report", Stage::Issued, &[Red], "office", MeasureKind::Every(hour)),
        measure("matters", Stage::Issued, &[Yellow], "office", MeasureKind::AsItComes(Some(at_once))),
        measure("guard", Stage::Issued, &[], "unit", MeasureKind::Standing(None)),
    ]
}

fn period(name: &str, colour: Option<WarningColour>) -> Period {
    let order = colour.map(|colour| PeriodOrder {
        by: vec![role("office")],
        to: vec![role("unit")],
        colour,
        clause: clause("6.5"),
        lifted_by_orderer: true,
        is_default: true,
    });
    Period { id: id(name), title: text("时期", "period"), clause: clause("6.5"), order }
}

fn systems(count: u64) -> Answers {
    Answers::from([(fact("systems_threatened"), Value::Count(count))])
}

fn marked() -> Answers {
    Answers::from([(fact("rumours"), Value::Bool(true))])
}

#[test]
fn a_colour_is_proposed_by_the_rules_on_the_threat() {
    for (answers, level, highest) in [
        (systems(5), Some(Signal::Colour(Red)), Signal::Colour(Red)),
        (systems(3), Some(Signal::Colour(Red)), Signal::Colour(Red)),
        (systems(2), Some(Signal::Colour(Yellow)), Signal::Colour(Yellow)),
        (systems(0), None, Signal::NoWarning),
        (Answers::new(), None, Signal::Colour(Red)),
    ] {
        let found = colour_proposed(&plan(), &answers).expect("the plan has warnings");
        assert_eq!((found.level, found.highest_plausible), (level, highest), "{answers:?}");
    }
    let found = colour_proposed(&plan(), &systems(2)).expect("the plan has warnings");
    let turns: Vec<_> = found.turning.iter().map(|turn| (turn.to.clone(), turn.highest_plausible)).collect();
    assert_eq!(
        turns,
        [(Value::Count(3), Signal::Colour(Red)), (Value::Count(0), Signal::NoWarning)],
        "one more system, or none"
    );
    assert_eq!(found.trail.len(), 2);
    assert_eq!(colour_proposed(&sample(), &systems(5)), None);
}

#[test]
fn a_colour_that_stands_for_a_level_is_proposed_by_the_rules_on_levels() {
    let mut plan = plan();
    let warnings = plan.warnings.as_mut().expect("the plan has warnings");
    warnings.grading.rules = ColourRules::ByLevel;
    warnings.colours.remove(&Blue);
    let no = |name: &str| (fact(name), Value::Bool(false));
    let spread = |name: &str| Answers::from([(fact("spread"), choice(name)), no("vital"), no("individual")]);
    for (answers, level, highest) in [
        (spread("strong"), Some(Signal::Colour(Orange)), Signal::Colour(Orange)),
        (spread("practically-none"), Some(Signal::Colour(Yellow)), Signal::Colour(Yellow)),
        // No colour stands for level IV any longer.
        (spread("none"), Some(Signal::NoWarning), Signal::NoWarning),
        (Answers::new(), None, Signal::Colour(Red)),
    ] {
        let found = colour_proposed(&plan, &answers).expect("the plan has warnings");
        assert_eq!((found.level, found.highest_plausible), (level, highest), "{answers:?}");
    }
}

/// `may`, `after` or `must not`.
fn ruling(body: &str, colour: WarningColour, reach: Reach, answers: &Answers) -> &'static str {
    match may_issue(&plan(), &role(body), colour, reach, answers).expect("the plan has warnings").ruling {
        Ruling::May { .. } => "may",
        Ruling::AfterApproval { if_named: true, .. } => "after, if named",
        Ruling::AfterApproval { .. } => "after",
        Ruling::MustNot { .. } => "must not",
    }
}

#[test]
fn who_may_issue_which_colour_how_far() {
    let plain = Answers::new();
    for (body, colour, reach, answers, expected) in [
        ("office", Yellow, Reach::OwnRegion, &plain, "may"),
        ("office", Red, Reach::OwnRegion, &plain, "after, if named"),
        ("office", Yellow, Reach::OwnRegion, &marked(), "after, if named"),
        ("bureau", Red, Reach::OwnRegion, &plain, "after, if named"),
        ("bureau", Yellow, Reach::OwnRegion, &plain, "must not"),
        ("office", Yellow, Reach::Whole, &plain, "must not"),
        ("ministry", Blue, Reach::Whole, &plain, "may"),
        // A decision that names who issues leaves no room for a right without that name.
        ("ministry", Red, Reach::Whole, &plain, "must not"),
        ("unit", Blue, Reach::OwnRegion, &plain, "must not"),
    ] {
        assert_eq!(ruling(body, colour, reach, answers), expected, "{body}, {colour}, {reach}");
    }
    assert_eq!(may_issue(&sample(), &role("office"), Blue, Reach::Whole, &plain), None);
    assert!(who_may_issue(&sample(), Blue, Reach::Whole, &plain).is_empty());
}

#[test]
fn a_refusal_names_what_each_right_does_not_cover() {
    for (body, colour, reach, because) in [
        ("office", Orange, Reach::Whole, vec![RefusedFor::TooHigh(Yellow), RefusedFor::Reach]),
        ("bureau", Blue, Reach::OwnRegion, vec![RefusedFor::NotNamed]),
        ("ministry", Orange, Reach::Whole, vec![RefusedFor::OthersNamed]),
        ("unit", Blue, Reach::OwnRegion, vec![]),
    ] {
        let found = may_issue(&plan(), &role(body), colour, reach, &Answers::new()).expect("a verdict");
        let Ruling::MustNot { refusals } = found.ruling else { panic!("{body}: {found:?}") };
        assert_eq!(refusals.iter().map(|why| why.because).collect::<Vec<_>>(), because, "{body}");
    }
}

#[test]
fn who_changes_a_warning() {
    for (act, body, issuer, expected) in [
        (Act::Update, "office", "bureau", Some(true)),
        (Act::Adjust, "bureau", "bureau", Some(false)),
        (Act::Lift, "bureau", "bureau", Some(true)),
        (Act::Lift, "office", "bureau", Some(false)),
        (Act::Issue, "office", "office", None),
    ] {
        let found = may_change(&plan(), act, &role(body), &role(issuer));
        assert_eq!(found.map(|verdict| verdict.may), expected, "{act} by {body}");
    }
}

#[test]
fn what_a_warning_obliges_to() {
    let owed = |colour, role: Option<&str>| {
        let role = role.map(RoleId::new);
        let owed = owed_by_warning(&plan(), colour, role.as_ref());
        let row = |owed: &super::Owed| {
            (owed.rule.to_string(), owed.due.map(|due| (due.after.as_mins(), due.lapses_after.as_mins())))
        };
        owed.iter().map(row).collect::<Vec<_>>()
    };
    let row = |name: &str, due| (name.to_owned(), due);
    for (colour, role, expected) in [
        (
            Red,
            None,
            vec![
                row("heard", Some((30, 30))),
                row("start", Some((0, 5))),
                row("watch", None),
                row("report", Some((60, 60))),
            ],
        ),
        (Red, Some("office"), vec![row("heard", Some((30, 30))), row("report", Some((60, 60)))]),
        (Yellow, None, vec![row("heard", Some((120, 120))), row("watch", None), row("matters", None)]),
        // Without a figure for blue the receipt is owed all the same.
        (Blue, None, vec![row("heard", None)]),
    ] {
        assert_eq!(owed(colour, role), expected, "{colour}, {role:?}");
    }
    assert!(owed_by_warning(&sample(), Red, None).is_empty());
    let issued: Timestamp = "2026-11-23T00:00:00Z".parse().expect("an instant");
    let all = owed_by_warning(&plan(), Red, None);
    assert!(matches!(&all[0].what, Owing::Receipt { acts, .. } if acts == &[Act::Issue]));
    let due: Vec<_> = all.iter().map(|owed| owed.due_at(issued).map(|at| at.to_string())).collect();
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(
        due,
        [at("2026-11-23T00:30:00Z"), at("2026-11-23T00:00:00Z"), None, at("2026-11-23T01:00:00Z")]
    );
    assert_eq!(all[3].due_at(Timestamp::MAX), None, "beyond the calendar");
}

#[test]
fn an_order_in_a_period_takes_the_place_of_a_warning() {
    let names = |owed: Vec<super::Owed>| owed.iter().map(|owed| owed.rule.to_string()).collect::<Vec<_>>();
    assert_eq!(names(owed_by_order(&plan(), &id("fair"), None)), ["start", "watch", "report"]);
    assert_eq!(names(owed_by_order(&plan(), &id("fair"), Some(&role("unit")))), ["start", "watch"]);
    assert_eq!(names(owed_in_period(&plan(), &id("fair"), None)), ["guard"]);
    assert!(owed_by_order(&plan(), &id("night"), None).is_empty(), "nobody may order anything in it");
    assert!(owed_by_order(&plan(), &id("day"), None).is_empty());
    let (fair, night) = (period("fair", Some(Red)), period("night", None));
    for (period, body, orderer, may) in [
        (&fair, "office", "office", true),
        (&fair, "unit", "office", false),
        (&night, "office", "office", false),
    ] {
        assert_eq!(may_end_order(period, &role(body), &role(orderer)), may, "{} by {body}", period.id);
    }
    let (early, until): (Timestamp, Timestamp) = (
        "2026-10-01T00:00:00Z".parse().expect("an instant"),
        "2026-10-08T00:00:00Z".parse().expect("an instant"),
    );
    assert_eq!(
        [ends_at(until, None), ends_at(until, Some(early)), ends_at(early, Some(until))],
        [until, early, early]
    );
}

#[test]
fn names_of_colours_and_reaches_come_back() {
    for colour in WarningColour::ALL.iter().copied() {
        assert_eq!(WarningColour::parse(colour.as_str()), Some(colour));
        assert_eq!(Signal::Colour(colour).as_str(), colour.as_str());
    }
    for reach in Reach::ALL.iter().copied() {
        assert_eq!(Reach::parse(reach.as_str()), Some(reach));
        assert_ne!(reach.title().zh, reach.title().en);
    }
    assert_eq!(Signal::NoWarning.as_str(), "none");
    assert!(WarningColour::ALL.iter().all(|colour| Signal::Colour(*colour) < Signal::NoWarning));
}
