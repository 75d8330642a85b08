//! What the documents leave open on warnings: each settlement has a test named after its row.

use fengsui_domain::plan::{ChangedBy, Plan, RuleId};
use fengsui_domain::warning::{
    Act, Reach, Signal, Stage, WarningColour, colour_proposed, ends_at, may_change, may_end_order,
};
use jiff::Timestamp;

use super::{answers, clause, jincheng, measure, national, owed_how, role, roles, ruling, verdict, warnings};
use Reach::{IndustriesInRegion, OwnRegion, SeveralIndustries, SeveralRegions};
use WarningColour::{Blue, Orange, Red, Yellow};

/// Marked as ours and explained.
fn ours(plan: &Plan, number: &str, is_default: bool) {
    assert!(is_default, "{number} is marked as ours");
    assert!(plan.defaults_for(&clause(plan, number)).next().is_some(), "{number} is explained");
}

#[test]
fn n_3_3_c_a_province_issues_for_its_own_region() {
    for (reach, province, office) in [
        (OwnRegion, "may [3.3.c]", "must not"),
        (IndustriesInRegion, "may [3.3.c]", "must not"),
        (SeveralIndustries, "must not", "may [3.3.d]"),
        (SeveralRegions, "must not", "may [3.3.d]"),
    ] {
        let by = |body| ruling(&verdict(national(), body, Orange, reach, ""));
        assert_eq!(by("provincial-cyberspace"), province, "{reach}");
        assert_eq!(by("national-emergency-office"), office, "{reach}");
    }
    let covers = |reach| warnings(national()).rights.iter().filter(move |it| it.reach.contains(&reach));
    let choice: Vec<_> = covers(IndustriesInRegion).filter(|right| right.covers(Orange)).collect();
    assert_eq!(choice.len(), 1, "the choice stands in one place");
    ours(national(), "3.3.c", choice[0].is_default);
    assert!(covers(OwnRegion).all(|right| !right.is_default), "the rest is the document's");
}

#[test]
fn n_3_5_and_n_6_5_b_issuer_or_orderer_lifts_else_the_period_ends() {
    let office = role("national-emergency-office");
    let lift = may_change(national(), Act::Lift, &office, &office).expect("3.5");
    assert!(lift.may, "the Emergency Office, neither department nor region, lifts its own");
    assert_eq!(warnings(national()).changes.lift.by, ChangedBy::Issuer);
    ours(national(), "3.5", lift.is_default);
    let period = warnings(national()).period(&RuleId::new("important-event")).expect("6.5");
    for (body, may) in [("national-emergency-office", true), ("provincial-cyberspace", false)] {
        assert_eq!(may_end_order(period, &role(body), &office), may, "{body}");
    }
    ours(national(), "6.5.b", period.order.as_ref().is_some_and(|order| order.is_default));
    let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
    let (early, until, late) =
        (at("2026-10-04T00:00:00Z"), at("2026-10-08T00:00:00Z"), at("2026-10-09T00:00:00Z"));
    for (lifted, ends) in [(None, until), (Some(early), early), (Some(late), until)] {
        assert_eq!(ends_at(until, lifted), ends);
    }
}

#[test]
fn n_3_3_b_promptly_is_a_local_target() {
    let report = measure(national(), "report-major");
    assert_eq!((report.clause.number(), report.stage), ("3.3.b", Stage::Judged));
    assert_eq!((report.colours.clone(), owed_how(report.kind)), (vec![Red, Orange], "once 30".to_owned()));
    assert_eq!(report.to, roles(&["national-emergency-office"]));
    ours(national(), "3.3.b", report.is_default);
    // 3.2.d: no figure at all, the time taken is recorded.
    let information = measure(national(), "report-information");
    assert_eq!((owed_how(information.kind), information.is_default), ("as it comes".to_owned(), false));
    // 4.1.a: the unit's report goes to the authority above it and to the department of the region.
    let unit = national().clock(&RuleId::new("unit-report")).expect("4.1.a");
    assert_eq!(unit.to, roles(&["superior-authority", "provincial-cyberspace"]));
    ours(national(), "4.1.a", unit.is_default);
}

const NEW: &str =
    "new_threat=true whole_city=false networks_partly_hit=0 systems_partly_hit=0 threat_spread=";

fn colour(list: &str) -> (Option<Signal>, bool) {
    let found = colour_proposed(jincheng(), &answers(jincheng(), list)).expect("rules");
    (found.level, found.needs_judge)
}

#[test]
fn ji_4_3_1_2_spread_decides_and_1_network_is_enough() {
    for (hit, spread, expected) in [
        ("networks_hit=0 systems_hit=2", "further", Orange),
        ("networks_hit=0 systems_hit=2", "nationwide", Orange),
        ("networks_hit=0 systems_hit=2", "none", Yellow),
        ("networks_hit=1 systems_hit=0", "further", Orange),
        ("networks_hit=1 systems_hit=0", "none", Yellow),
    ] {
        let found = colour(&format!("{NEW}{spread} {hit}"));
        assert_eq!(found, (Some(Signal::Colour(expected)), false), "{hit}, {spread}");
    }
    ours(jincheng(), "4.3.1.2", true);
    ours(jincheng(), "4.3.1.3", true);
}

#[test]
fn ji_4_3_1_gaps_propose_the_higher_neighbour_and_ask_the_judge() {
    let known = "new_threat=true whole_city=false";
    for (gap, list, expected) in [
        ("1 system with spread", "threat_spread=further networks_hit=0 systems_hit=1", Orange),
        ("3 systems without", "threat_spread=none networks_hit=0 systems_hit=3", Orange),
        ("3 networks without", "threat_spread=none networks_hit=3 systems_hit=0", Orange),
        (
            "2 networks in part",
            "threat_spread=none networks_hit=0 systems_hit=0 networks_partly_hit=2 systems_partly_hit=0",
            Yellow,
        ),
        (
            "3 systems in part",
            "threat_spread=none networks_hit=0 systems_hit=0 networks_partly_hit=0 systems_partly_hit=3",
            Yellow,
        ),
        (
            "1 network in part, with spread",
            "threat_spread=further networks_hit=0 systems_hit=0 networks_partly_hit=1 systems_partly_hit=0",
            Yellow,
        ),
    ] {
        let found = colour(&format!("{known} {list}"));
        assert_eq!(found, (Some(Signal::Colour(expected)), true), "{gap}");
    }
    // Only what is new is spoken of; a known threat with a new effect is answered as new (the hint says so).
    let old = colour_proposed(jincheng(), &answers(jincheng(), "new_threat=false")).expect("rules");
    assert_eq!((old.level, old.highest_plausible), (None, Signal::NoWarning));
    let hint = &warnings(jincheng()).questions()[0].1.hint;
    assert_eq!(hint.zh, "已知威胁出现新的影响的，视为新的威胁。");
    for number in ["4.3.1.1", "4.3.1.2", "4.3.1.3", "4.3.1.4"] {
        ours(jincheng(), number, true);
    }
}

#[test]
fn ji_4_3_2_b_the_decision_names_the_department() {
    let named: Vec<_> = warnings(jincheng()).rights.iter().filter(|right| right.named_by.is_some()).collect();
    assert_eq!(named.len(), 1, "the choice stands in one place");
    assert_eq!(named[0].by, roles(&["security-office", "working-bodies", "functional-departments"]));
    ours(jincheng(), "4.3.2.b", named[0].is_default);
    for colour in [Red, Orange] {
        let found = verdict(jincheng(), "working-bodies", colour, OwnRegion, "");
        assert_eq!(ruling(&found), "after [4.3.2.b] if named [4.3.2.b]", "{colour}");
    }
}

#[test]
fn ji_4_3_3_b_receipts_within_30_minutes_or_2_hours() {
    let receipts = &warnings(jincheng()).receipts;
    assert_eq!(receipts.len(), 1, "the choice stands in one place");
    let minutes: Vec<_> = receipts[0].within.iter().map(|(colour, span)| (*colour, span.as_mins())).collect();
    assert_eq!(minutes, [(Red, 30), (Orange, 30), (Yellow, 120), (Blue, 120)]);
    ours(jincheng(), "4.3.3.b", receipts[0].is_default);
}
