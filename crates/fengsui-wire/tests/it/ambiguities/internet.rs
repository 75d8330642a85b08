//! What the internet plan of the city leaves open: our default and each option, run by the engine.

use std::collections::BTreeMap;

use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::grading::propose as proposal;
use fengsui_domain::incident::{
    Command, DisposalVerdict, Finding, Opening, OrderOutcome, PublicationStep, Step,
};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::Form;
use jiff::civil::date;

use super::{
    INTERNET, code, confirmed, ended, extend, graded, of, opened, owed, proposed, responding, second, tick,
    version,
};
use crate::desk::{Desk, approve, at, draft, minute, opening, order, report, rule, start};

const SO: &str = "security-office";
const ROOM: &str = "security-office-duty-room";
const CITY: &str = "city-government";
/// A day in minutes.
const DAY: i64 = 24 * 60;

fn give(kind: &str, to: &str) -> Command {
    Command::GiveOrder { words: order(kind, to) }
}

/// In individual units, without spread, and nothing worse.
const INDIVIDUAL: [(&str, &str); 6] = [
    ("spread", "none"),
    ("vital_system", "no"),
    ("individual_units", "yes"),
    ("citywide_paralysis", "no"),
    ("social_stability_affected", "no"),
    ("major_events_derived", "no"),
];

#[test]
pub(crate) fn ji_2_2_3_level_three_if_unsure() {
    assert_eq!(proposed(INTERNET, "", &INDIVIDUAL), (Some(III), true), "and the office judges");
    let mut desk = opened(INTERNET, "", III, &INDIVIDUAL);
    desk.does(&of(SO), Command::Verify { basis: "seen".to_owned() });
    let grade = |reason: &str| Command::Grade { level: IV, reason: reason.to_owned() };
    assert_eq!(desk.refused(&of(SO), grade("")), "reason_required");
    desk.does(&of(SO), grade("one host of one office"));
}

#[test]
pub(crate) fn ji_2_2_3_level_four_if_unsure() {
    let choice = "three-or-four=general-if-unsure";
    assert_eq!(proposed(INTERNET, choice, &INDIVIDUAL), (Some(IV), true));
    let mut some = INDIVIDUAL;
    some[0] = ("spread", "practically-none");
    assert_eq!(proposed(INTERNET, choice, &some).0, Some(III), "what is clear stays clear");
}

#[test]
pub(crate) fn ji_2_2_four_factors_as_grounds() {
    let mut desk = graded(INTERNET, "", IV);
    let points = BTreeMap::from([(rule("controllability"), "contained".to_owned())]);
    assert_eq!(desk.refused(&of(SO), Command::Analyse { points }), "unknown_value");
}

#[test]
pub(crate) fn ji_2_2_four_factors_in_the_analysis() {
    let mut desk = graded(INTERNET, "grading-factors=factors-in-analysis", IV);
    let factors = ["nature", "severity", "controllability", "range"];
    let points = factors.map(|factor| (rule(factor), "as seen".to_owned()));
    desk.does(&of(SO), Command::Analyse { points: BTreeMap::from(points) });
}

/// Very strong spread, and these.
fn spreading(also: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    let mut facts = INDIVIDUAL.to_vec();
    facts[0] = ("spread", "very-strong");
    facts.extend(also.iter().map(|fact| (*fact, "yes")));
    facts
}

#[test]
pub(crate) fn ji_2_2_1_all_four_conditions() {
    let three = ["citywide_paralysis", "social_stability_affected", "major_events_derived"];
    assert_eq!(proposed(INTERNET, "", &spreading(&three)).0, Some(I));
    for missing in 0..three.len() {
        let mut two = three.to_vec();
        two.remove(missing);
        assert_eq!(proposed(INTERNET, "", &spreading(&two)).0, Some(II), "without {}", three[missing]);
    }
    let mut desk = opened(INTERNET, "", II, &spreading(&[]));
    confirmed(&mut desk, I); // The judge may decide otherwise, with a reason.
}

#[test]
pub(crate) fn ji_2_2_1_spread_with_any() {
    let choice = "level-one-conditions=spread-with-any";
    for one in ["citywide_paralysis", "social_stability_affected", "major_events_derived"] {
        assert_eq!(proposed(INTERNET, choice, &spreading(&[one])).0, Some(I), "{one}");
    }
    assert_eq!(proposed(INTERNET, choice, &spreading(&[])).0, Some(II));
}

#[test]
pub(crate) fn ji_2_2_1_any_of_four() {
    let choice = "level-one-conditions=any-of-four";
    assert_eq!(proposed(INTERNET, choice, &spreading(&[])).0, Some(I));
    for one in ["citywide_paralysis", "social_stability_affected", "major_events_derived"] {
        let mut facts = INDIVIDUAL.to_vec();
        facts.push((one, "yes"));
        assert_eq!(proposed(INTERNET, choice, &facts).0, Some(I), "{one}");
        assert_eq!(proposed(INTERNET, "", &facts).0, Some(III), "{one}");
    }
}

/// Who of these may order a resource.
fn order_resources(choice: &str) -> [&'static str; 2] {
    [SO, "linkage-centre"].map(|body| {
        let mut desk = graded(INTERNET, choice, III);
        code(desk.tries(&of(body), give("secure-resources", "functional-departments")))
    })
}

#[test]
pub(crate) fn ji_3_3_3_b_the_security_office_orders_resources() {
    assert_eq!(order_resources(""), ["", "not_entitled"]);
}

#[test]
pub(crate) fn ji_3_3_3_b_the_linkage_centre_orders_resources() {
    // The office still acts for a headquarters that is not formed.
    let mut desk = responding(INTERNET, "resources-subject=linkage-centre", I, &[SO], CITY);
    desk.does(&of("linkage-centre"), give("secure-resources", "functional-departments"));
    assert_eq!(order_resources("resources-subject=linkage-centre")[1], "");
}

#[test]
pub(crate) fn ji_3_3_4_one_office_opens_the_post() {
    let mut desk = graded(INTERNET, "", II);
    desk.does(&of(SO), give("join-on-site-post", "expert-group"));
    let other = code(desk.tries(&of("informatisation-office"), give("join-on-site-post", "expert-group")));
    assert_eq!(other, "not_entitled", "the plan knows no such body");
}

#[test]
pub(crate) fn ji_3_3_4_two_offices() {
    let mut desk = graded(INTERNET, "on-site-post=separate-offices", II);
    assert_eq!(desk.refused(&of(SO), give("join-on-site-post", "expert-group")), "not_entitled");
    desk.does(&of("informatisation-office"), give("join-on-site-post", SO));
    assert_eq!(owed(&desk, "on-site-joined"), [format!("{SO} -> informatisation-office by 30")]);
}

/// What becomes of a start at levels III and IV by the two.
fn start_by(choice: &str) -> Vec<[&'static str; 2]> {
    let by = |level: IncidentLevel| {
        [SO, "linkage-centre"].map(|body| {
            let mut desk = graded(INTERNET, choice, level);
            let started = code(desk.tries(&of(body), approve(start(level))));
            if started.is_empty() {
                tick(&mut desk, SO);
                desk.does(&of(body), approve(Step::End));
            }
            started
        })
    };
    vec![by(III), by(IV)]
}

#[test]
pub(crate) fn ji_3_2_a_the_security_office_owns() {
    assert_eq!(start_by(""), [["", "not_entitled"]; 2]);
    let mut desk = graded(INTERNET, "", III);
    desk.does(&of("linkage-centre"), give("joint-disposal", "linked-units")); // It co-handles.
}

#[test]
pub(crate) fn ji_3_2_a_the_linkage_centre_owns() {
    assert_eq!(start_by("co-handling=linkage-centre-owns"), [["not_entitled", ""]; 2]);
}

#[test]
pub(crate) fn ji_3_2_a_either() {
    assert_eq!(start_by("co-handling=either"), [["", ""]; 2]);
}

/// Happened at minute -60 if that is known, the unit aware since -20, here at 0.
fn happened(choice: &str, level: IncidentLevel, known: bool) -> Desk {
    let (occurred_at, aware_at) = (known.then(|| at(-60)), at(-20));
    let opening = Opening { occurred_at, aware_at, ..opening(level) };
    Desk::opened_under(version(INTERNET, choice), opening).unwrap()
}

#[test]
pub(crate) fn ji_5_1_3_a_from_awareness() {
    let mut desk = happened("", IV, true);
    assert_eq!(owed(&desk, "unit-oral-general"), [format!("unit -> {ROOM} by 10")]);
    assert_eq!(desk.incident.occurred_at, Some(at(-60)), "both times are kept");
    desk.does(&of(SO), Command::RecordOccurrence { at: at(-90) });
    assert_eq!(owed(&desk, "unit-oral-general"), [format!("unit -> {ROOM} by 10")], "it moves no clock");
    // 5.1.4: the responsible unit from its awareness, the office from receipt.
    let rows = owed(&happened("", II, true), "city-oral-major");
    assert!(rows.contains(&format!("{SO} -> party-committee-duty-room by 60")), "{rows:?}");
    assert!(rows.contains(&"responsible-unit -> party-committee-duty-room by 40".to_owned()), "{rows:?}");
}

#[test]
pub(crate) fn ji_5_1_3_a_from_occurrence() {
    let choice = "clock-start=from-occurrence";
    for (level, rule, due) in [
        (IV, "unit-oral-general", -30),
        (IV, "unit-written-general", 0),
        (III, "unit-at-once", -60),
        (III, "unit-written-default", 40), // Ours, so it stays as it is.
    ] {
        let rows = owed(&happened(choice, level, true), rule);
        assert_eq!(rows, [format!("unit -> {ROOM} by {due}")], "{rule}");
    }
    let rows = owed(&happened(choice, II, true), "city-oral-major");
    assert!(rows.contains(&format!("{SO} -> party-committee-duty-room by 60")), "5.1.4 stays: {rows:?}");
    // Not known yet: from awareness, and anew once it is told and again once corrected.
    let mut desk = happened(choice, IV, false);
    assert_eq!(owed(&desk, "unit-oral-general"), [format!("unit -> {ROOM} by 10")]);
    for (told, due) in [(-40, -10), (-30, 0)] {
        let before = desk.clock("unit-oral-general", "unit", ROOM).id;
        desk.does(&of(SO), Command::RecordOccurrence { at: at(told) });
        assert_eq!(owed(&desk, "unit-oral-general"), [format!("unit -> {ROOM} by {due}")]);
        let (old, heir) =
            (desk.incident.clock(before).unwrap(), desk.clock("unit-oral-general", "unit", ROOM));
        let why = ReplacedWhy::StartCorrected;
        assert!(matches!(old.state, ClockState::Replaced { why: found, .. } if found == why), "{old:?}");
        assert_eq!((heir.replaces, minute(heir.started_at)), (Some(before), told));
    }
    assert_eq!(desk.refused(&of(SO), Command::RecordOccurrence { at: at(9) }), "bad_time");
}

#[test]
pub(crate) fn ji_5_1_3_c_at_once_and_in_writing() {
    let desk = opened(INTERNET, "", I, &[]);
    assert_eq!(owed(&desk, "unit-at-once"), [format!("unit -> {ROOM} by 0")]);
    assert_eq!(owed(&desk, "unit-written-default"), [format!("unit -> {ROOM} by 60")]);
    assert!(owed(&desk, "city-written-default").iter().all(|row| row.ends_with("by 120")));
    let mark = super::answer("special_circumstances", "yes");
    let silent = Command::Answer {
        answers: BTreeMap::from([(
            super::fact("special_circumstances"),
            (super::value("yes"), String::new()),
        )]),
    };
    let mut desk = opened(INTERNET, "", IV, &[]);
    assert_eq!(owed(&desk, "unit-at-once"), [""; 0]);
    assert_eq!(desk.refused(&of(SO), silent), "missing", "a mark takes a reason");
    desk.does(&of(SO), mark);
    assert_eq!(owed(&desk, "unit-at-once"), [format!("unit -> {ROOM} by 0")]);
    let open = proposal(&desk.plan, &BTreeMap::new());
    assert_eq!((open.level, open.highest_plausible), (None, I), "the highest plausible level counts");
}

#[test]
pub(crate) fn ji_5_1_3_c_oral_is_enough() {
    let desk = opened(INTERNET, "special-circumstances=oral-is-enough", I, &[]);
    for rule in ["unit-written-default", "city-written-default"] {
        assert_eq!(owed(&desk, rule), [""; 0], "{rule}");
    }
    assert_eq!(owed(&desk, "unit-at-once"), [format!("unit -> {ROOM} by 0")]);
}

#[test]
pub(crate) fn ji_5_1_3_c_written_sooner() {
    let desk = opened(INTERNET, "special-circumstances=written-sooner", I, &[]);
    assert_eq!(owed(&desk, "unit-written-default"), [format!("unit -> {ROOM} by 30")]);
    assert!(owed(&desk, "city-written-default").iter().all(|row| row.ends_with("by 60")));
}

/// A disposal plan drafted by one body, verified, summed up: who may then approve, by refusal codes.
fn approvals(choice: &str, drafts: &str, approve_by: &[&str]) -> Vec<&'static str> {
    let mut desk = responding(INTERNET, choice, III, &[], SO);
    desk.does(&of(drafts), Command::DraftDisposal { draft: draft() });
    let (disposal, remarks) = (desk.disposal(), "tried".to_owned());
    let finding = Finding::Pass;
    desk.does(
        &of("functional-departments"),
        Command::VerifyDisposal { disposal, of: None, finding, remarks: remarks.clone() },
    );
    desk.does(&second(SO), Command::SumUpDisposal { disposal, pass: true, remarks: remarks.clone() });
    let verdict = DisposalVerdict::Approve;
    let verdict = Command::DecideDisposal { disposal, verdict, reason: remarks };
    approve_by.iter().map(|body| code(desk.tries(&of(body), verdict.clone()))).collect()
}

#[test]
pub(crate) fn ji_5_2_3_2_a_the_office_approves_and_the_unit_acts() {
    assert_eq!(approvals("", "unit", &["coordination-group", SO]), ["not_entitled", ""]);
    let mut desk = responding(INTERNET, "", III, &[], SO);
    let drafted = Command::DraftDisposal { draft: draft() };
    assert_eq!(desk.refused(&of("linked-units"), drafted), "not_entitled");
}

#[test]
pub(crate) fn ji_5_2_3_2_a_the_coordination_group_approves() {
    let choice = "disposal-chain=coordination-group-approves";
    assert_eq!(approvals(choice, "unit", &[SO, "coordination-group"]), ["not_entitled", ""]);
}

#[test]
pub(crate) fn ji_5_2_3_2_a_linked_units_act() {
    let choice = "disposal-chain=linked-units-act";
    assert_eq!(approvals(choice, "linked-units", &[SO]), [""]);
    let mut desk = responding(INTERNET, choice, III, &[], SO);
    assert_eq!(desk.refused(&of("unit"), Command::DraftDisposal { draft: draft() }), "not_entitled");
}

/// When the order for a resource is to be acknowledged and answered, in minutes.
fn resource_limits(choice: &str) -> [Vec<String>; 2] {
    let mut desk = graded(INTERNET, choice, III);
    desk.does(&of(SO), give("secure-resources", "functional-departments"));
    ["resources-acknowledged", "resources-answered"].map(|rule| owed(&desk, rule))
}

#[test]
pub(crate) fn ji_5_2_3_3_half_an_hour_and_four_hours() {
    let row = |due: i64| vec![format!("functional-departments -> {SO} by {due}")];
    assert_eq!(resource_limits(""), [row(30), row(240)]);
}

#[test]
pub(crate) fn ji_5_2_3_3_shorter() {
    let row = |due: i64| vec![format!("functional-departments -> {SO} by {due}")];
    assert_eq!(resource_limits("disposal-limits=shorter"), [row(15), row(120)]);
    let mut desk = graded(INTERNET, "disposal-limits=shorter", III);
    desk.does(&of(SO), give("secure-resources", "functional-departments"));
    let order = desk.incident.orders[0].id;
    let (outcome, text) = (OrderOutcome::Done, "two engineers".to_owned());
    desk.at(16)
        .does(&of("functional-departments"), Command::ReportOrder { order, outcome, at: at(16), text });
    assert!(desk.met("resources-acknowledged", "functional-departments", SO).unwrap().late, "a minute late");
}

#[test]
pub(crate) fn ji_5_3_1_a_report_to_any_of_three() {
    for to in [ROOM, "linkage-centre", "local-government"] {
        let mut desk = opened(INTERNET, "", IV, &[]);
        assert_eq!(owed(&desk, "first-moment-report").len(), 1);
        desk.does(&of(SO), report(Form::Oral, "unit", to, at(0)));
        assert_eq!(owed(&desk, "first-moment-report"), [""; 0], "{to}");
        let told = owed(&desk, "unit-oral-general").is_empty();
        assert_eq!(told, to == ROOM, "the office is told under 5.1.3 in any case");
    }
}

#[test]
pub(crate) fn ji_5_3_1_a_report_to_each_of_three() {
    let mut desk = opened(INTERNET, "immediate-measures=each-of-three", IV, &[]);
    for (left, to) in [(2, "linkage-centre"), (1, "local-government"), (0, ROOM)] {
        desk.does(&of(SO), report(Form::Oral, "unit", to, at(0)));
        assert_eq!(owed(&desk, "first-moment-report").len(), left, "{to}");
    }
}

#[test]
pub(crate) fn ji_5_3_1_a_report_to_the_office_alone() {
    let mut desk = opened(INTERNET, "immediate-measures=security-office-only", IV, &[]);
    desk.does(&of(SO), report(Form::Oral, "unit", "linkage-centre", at(0)));
    assert_eq!(owed(&desk, "first-moment-report"), [format!("unit -> {ROOM} by 30")]);
    desk.does(&of(SO), report(Form::Oral, "unit", ROOM, at(0)));
    assert_eq!(owed(&desk, "first-moment-report"), [""; 0]);
}

fn filing(choice: &str, days: i64) {
    let mut desk = ended(INTERNET, choice, III);
    assert_eq!(owed(&desk, "review"), [format!("{SO} ->  by {}", days * DAY)]);
    assert_eq!(owed(&desk, "filing"), [format!("handling-team -> {SO} by {}", days * DAY)]);
    let longer = extend(&desk, "review", (days + 5) * DAY);
    assert_eq!(desk.refused(&of("unit"), longer.clone()), "not_entitled");
    desk.does(&of(SO), longer);
}

#[test]
pub(crate) fn ji_6_2_thirty_days() {
    filing("", 30);
}

#[test]
pub(crate) fn ji_6_2_sixty_days() {
    filing("review-and-filing-days=sixty-days", 60);
}

#[test]
pub(crate) fn ji_6_2_2_filing_after_the_review() {
    let mut desk = ended(INTERNET, "review-and-filing-days=filing-after-review", III);
    assert_eq!(owed(&desk, "review"), [format!("{SO} ->  by {}", 30 * DAY)]);
    assert_eq!(owed(&desk, "filing"), [""; 0], "not before the review is done");
    let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), "found".to_owned())).collect();
    let plan_change = "none needed".to_owned();
    desk.at(100).does(&of(SO), Command::Review { topics, plan_change });
    assert_eq!(owed(&desk, "filing"), [format!("handling-team -> {SO} by {}", 100 + 7 * DAY)]);
}

/// What becomes of a draft of this chain at a level, by this body.
fn drafted(choice: &str, level: IncidentLevel, chain: &str, by: &str) -> &'static str {
    let mut desk = opened(INTERNET, choice, level, &[]);
    let text = "What happened, what to do.".to_owned();
    code(desk.tries(&of(by), Command::DraftPublication { rule: rule(chain), text }))
}

#[test]
pub(crate) fn ji_6_4_1_a_told_as_written() {
    for (level, bulletin, briefing) in
        [(I, "", "not_ready"), (II, "", "not_ready"), (III, "not_ready", ""), (IV, "not_ready", "")]
    {
        for by in [SO, "responsible-unit"] {
            assert_eq!(drafted("", level, "bulletin-key-units", by), bulletin, "{level} {by}");
        }
        assert_eq!(drafted("", level, "briefing-all-units", SO), briefing, "{level}");
    }
}

#[test]
pub(crate) fn ji_6_4_1_a_everybody_at_every_level() {
    for level in IncidentLevel::ALL {
        let choice = "bulletin-audience=everybody-at-every-level";
        assert_eq!(drafted(choice, level, "briefing-all-units", SO), "", "{level}");
    }
}

#[test]
pub(crate) fn ji_6_4_1_a_the_office_drafts() {
    let choice = "bulletin-audience=office-drafts";
    assert_eq!(drafted(choice, II, "bulletin-key-units", "responsible-unit"), "not_entitled");
    let mut desk = opened(INTERNET, choice, II, &[]);
    let text = "What happened, what to do.".to_owned();
    desk.does(&of(SO), Command::DraftPublication { rule: rule("bulletin-key-units"), text });
    let approve = Command::Publish { publication: desk.publication(), step: PublicationStep::Approve };
    assert_eq!(desk.refused(&of(SO), approve.clone()), "same_person");
    desk.does(&second(SO), approve);
}

#[test]
pub(crate) fn ji_8_5_1_a_yearly() {
    assert_eq!(version(INTERNET, "").evaluation_due(), Some(date(2009, 1, 4)));
}

#[test]
pub(crate) fn ji_8_5_1_a_every_three_years() {
    let plan = version(INTERNET, "revision-cycle=every-three-years");
    assert_eq!(plan.evaluation_due(), Some(date(2011, 1, 4)));
}

#[test]
pub(crate) fn ji_8_5_1_a_after_events_only() {
    assert_eq!(version(INTERNET, "revision-cycle=after-events-only").evaluation_due(), None);
    // Each event still asks whether the plan must change (6.2.3).
    let mut desk = ended(INTERNET, "revision-cycle=after-events-only", IV);
    let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), "found".to_owned())).collect();
    desk.does(&of(SO), Command::Review { topics, plan_change: "name a deputy".to_owned() });
    assert_eq!(desk.incident.phase.review().unwrap().plan_change, "name a deputy");
}
