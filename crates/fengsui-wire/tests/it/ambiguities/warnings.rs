//! What the plans leave open on warnings: our default and each option, run by the engine.

use fengsui_domain::expr::Answers;
use fengsui_domain::plan::{MeasureKind, Plan, RuleId};
use fengsui_domain::warning::{
    Act, Owing, Reach, Ruling, Signal, WarningColour, colour_proposed, may_change, may_end_order, may_issue,
    owed_by_warning,
};

use super::{INTERNET, NATIONAL, version};
use crate::desk::role;
use crate::warnings::answers;
use Reach::{IndustriesInRegion, OwnRegion, SeveralIndustries};
use WarningColour::{Blue, Orange, Red, Yellow};

const EO: &str = "national-emergency-office";
const PROVINCE: &str = "provincial-cyberspace";
const SO: &str = "security-office";
const PERIOD: &str = "important-event";

/// `may`, `after a decision`, `after a decision if named`, or `must not`.
fn ruling(plan: &Plan, body: &str, colour: WarningColour, reach: Reach) -> &'static str {
    match may_issue(plan, &role(body), colour, reach, &Answers::new()).unwrap().ruling {
        Ruling::May { .. } => "may",
        Ruling::AfterApproval { if_named: true, .. } => "after a decision if named",
        Ruling::AfterApproval { .. } => "after a decision",
        Ruling::MustNot { .. } => "must not",
    }
}

/// The colour proposed for these answers, `fact=answer` with spaces between, and whether a person must look.
fn proposed(choice: &str, list: &str) -> (Option<Signal>, bool) {
    let plan = version(INTERNET, choice);
    let answers = answers(&plan, &format!("new_threat=true whole_city=false {list}"));
    let proposal = colour_proposed(&plan, &answers).unwrap();
    (proposal.level, proposal.needs_judge)
}

/// Minutes a measure may take.
fn minutes_for(plan: &Plan, measure: &str) -> Option<i64> {
    let measures = &plan.warnings.as_ref().unwrap().measures;
    let found = measures.iter().find(|known| known.id.as_str() == measure).unwrap();
    let within = match found.kind {
        MeasureKind::Once(within) | MeasureKind::AsItComes(within) => within,
        MeasureKind::Standing(_) | MeasureKind::Every(_) => panic!("{measure} is kept up or comes again"),
    };
    within.map(|within| within.due().as_mins())
}

#[test]
pub(crate) fn n_3_3_c_the_province_issues_for_its_region() {
    let plan = version(NATIONAL, "");
    for (reach, province, office) in [
        (OwnRegion, "may", "must not"),
        (IndustriesInRegion, "may", "must not"),
        (SeveralIndustries, "must not", "may"),
    ] {
        let found = [PROVINCE, EO].map(|body| ruling(&plan, body, Orange, reach));
        assert_eq!(found, [province, office], "{reach}");
    }
}

#[test]
pub(crate) fn n_3_3_c_the_office_issues_for_several_industries() {
    let plan = version(NATIONAL, "several-industries=office-issues");
    for (reach, province, office) in [
        (OwnRegion, "may", "must not"),
        (IndustriesInRegion, "must not", "may"),
        (SeveralIndustries, "must not", "may"),
    ] {
        for colour in [Orange, Blue] {
            let found = [PROVINCE, EO].map(|body| ruling(&plan, body, colour, reach));
            assert_eq!(found, [province, office], "{reach}, {colour}");
        }
    }
}

/// Who of the two may change what each of them issued, and in how many minutes a lifting is told.
fn lifting(choice: &str) -> ([[bool; 2]; 2], Option<i64>) {
    let plan = version(NATIONAL, choice);
    let verdict = |act, body, issuer| may_change(&plan, act, &role(body), &role(issuer)).unwrap();
    let may = [EO, PROVINCE].map(|issuer| [EO, PROVINCE].map(|body| verdict(Act::Lift, body, issuer).may));
    for act in [Act::Update, Act::Adjust] {
        let same = [EO, PROVINCE].map(|issuer| [EO, PROVINCE].map(|body| verdict(act, body, issuer).may));
        assert_eq!(same, may, "{act:?}");
    }
    (may, verdict(Act::Lift, EO, EO).within.map(|within| within.due().as_mins()))
}

/// Whoever issued it, the Emergency Office its own, and nobody what another one issued.
const ISSUER_ALONE: [[bool; 2]; 2] = [[true, false], [false, true]];

#[test]
pub(crate) fn n_3_5_the_issuer_lifts_within_half_an_hour() {
    assert_eq!(lifting(""), (ISSUER_ALONE, Some(30)));
}

#[test]
pub(crate) fn n_3_5_within_two_hours() {
    assert_eq!(lifting("lifting-warnings=two-hours"), (ISSUER_ALONE, Some(120)));
}

/// Whether who ordered the red response may end it before its period, and whether another body may.
fn ending_order(choice: &str) -> [bool; 2] {
    let plan = version(NATIONAL, choice);
    let period = plan.warnings.as_ref().unwrap().period(&RuleId::new(PERIOD)).unwrap();
    [EO, PROVINCE].map(|body| may_end_order(period, &role(body), &role(EO)))
}

#[test]
pub(crate) fn n_6_5_b_the_orderer_lifts() {
    assert_eq!(ending_order(""), [true, false]);
}

#[test]
pub(crate) fn n_6_5_b_for_the_whole_period() {
    assert_eq!(ending_order("ordered-red-response=whole-period"), [false, false]);
}

/// Minutes for the notice, the report of what may become major, and monitoring information.
fn prompt(choice: &str) -> [Option<i64>; 3] {
    let plan = version(NATIONAL, choice);
    ["notify-concerned", "report-major", "report-information"].map(|measure| minutes_for(&plan, measure))
}

#[test]
pub(crate) fn n_3_3_b_promptly_is_half_an_hour() {
    assert_eq!(prompt(""), [Some(30), Some(30), None]);
}

#[test]
pub(crate) fn n_3_3_b_promptly_is_two_hours() {
    assert_eq!(prompt("prompt-notice-of-warnings=two-hours"), [Some(120), Some(120), None]);
}

#[test]
pub(crate) fn n_3_2_d_information_within_two_hours() {
    let choice = "prompt-notice-of-warnings=information-within-two-hours";
    assert_eq!(prompt(choice), [Some(30), Some(30), Some(120)]);
}

const TWO_SYSTEMS: &str = "networks_hit=0 systems_hit=2";
const ONE_NETWORK: &str = "networks_hit=1 systems_hit=0";

#[test]
pub(crate) fn ji_4_3_1_2_spread_decides() {
    for hit in [TWO_SYSTEMS, ONE_NETWORK] {
        for (spread, colour) in [("further", Orange), ("none", Yellow)] {
            let found = proposed("", &format!("{hit} threat_spread={spread}"));
            assert_eq!(found, (Some(Signal::Colour(colour)), false), "{hit}, {spread}");
        }
    }
}

#[test]
pub(crate) fn ji_4_3_1_2_two_systems_are_orange() {
    for (list, colour) in [
        (format!("{TWO_SYSTEMS} threat_spread=none"), Orange),
        (format!("{TWO_SYSTEMS} threat_spread=further"), Orange),
        (format!("{ONE_NETWORK} threat_spread=none"), Yellow),
        ("networks_hit=0 systems_hit=1 threat_spread=none".to_owned(), Yellow),
    ] {
        let found = proposed("two-systems=orange-for-two", &list);
        assert_eq!(found, (Some(Signal::Colour(colour)), false), "{list}");
    }
}

/// What the criteria leave open: between orange and yellow, then between yellow and blue.
const GAPS: [[&str; 3]; 2] = [
    [
        "threat_spread=further networks_hit=0 systems_hit=1",
        "threat_spread=none networks_hit=0 systems_hit=3",
        "threat_spread=none networks_hit=3 systems_hit=0",
    ],
    [
        "threat_spread=none networks_hit=0 systems_hit=0 networks_partly_hit=2 systems_partly_hit=0",
        "threat_spread=none networks_hit=0 systems_hit=0 networks_partly_hit=0 systems_partly_hit=3",
        "threat_spread=further networks_hit=0 systems_hit=0 networks_partly_hit=1 systems_partly_hit=0",
    ],
];

/// In every gap this colour; and none for a threat that is known and has no new effect.
fn gaps_are(choice: &str, colours: [WarningColour; 2]) {
    for (gaps, colour) in GAPS.iter().zip(colours) {
        for gap in gaps {
            assert_eq!(proposed(choice, gap), (Some(Signal::Colour(colour)), true), "{gap}");
            let known = proposed(choice, &format!("new_threat=false {gap}")).0;
            assert!(!matches!(known, Some(Signal::Colour(_))), "{gap}: {known:?}");
        }
    }
}

#[test]
pub(crate) fn ji_4_3_1_1_the_higher_neighbour() {
    gaps_are("", [Orange, Yellow]);
}

#[test]
pub(crate) fn ji_4_3_1_1_the_lower_neighbour() {
    gaps_are("gaps-between-colours=lower-neighbour", [Yellow, Blue]);
}

const BODIES: [&str; 3] = [SO, "working-bodies", "functional-departments"];

#[test]
pub(crate) fn ji_4_3_2_b_the_decision_names_the_department() {
    let plan = version(INTERNET, "");
    for colour in [Red, Orange] {
        let found = BODIES.map(|body| ruling(&plan, body, colour, OwnRegion));
        assert_eq!(found, ["after a decision if named"; 3], "{colour}");
    }
}

#[test]
pub(crate) fn ji_4_3_2_b_the_security_office_is_the_department() {
    let plan = version(INTERNET, "authorised-department=security-office");
    for colour in [Red, Orange] {
        let found = BODIES.map(|body| ruling(&plan, body, colour, OwnRegion));
        assert_eq!(found, ["after a decision", "must not", "must not"], "{colour}");
    }
    assert_eq!(ruling(&plan, SO, Yellow, OwnRegion), "may");
}

/// Minutes in which a warning of each colour is confirmed, red first.
fn confirmed_within(choice: &str) -> [i64; 4] {
    let plan = version(INTERNET, choice);
    [Red, Orange, Yellow, Blue].map(|colour| {
        let owed = owed_by_warning(&plan, colour, None);
        let receipt = owed.iter().find(|owed| matches!(owed.what, Owing::Receipt { .. })).unwrap();
        receipt.due.unwrap().after.as_mins()
    })
}

#[test]
pub(crate) fn ji_4_3_3_b_half_an_hour_or_two() {
    assert_eq!(confirmed_within(""), [30, 30, 120, 120]);
}

#[test]
pub(crate) fn ji_4_3_3_b_shorter() {
    assert_eq!(confirmed_within("receipt-time=shorter"), [15, 15, 60, 60]);
}
