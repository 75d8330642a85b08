//! What the e-government plan of the city leaves open: our default and each option, run by the engine.

use std::collections::BTreeMap;

use fengsui_domain::duty::state::Stands;
use fengsui_domain::duty::{RecordWords, Said, Vouched};
use fengsui_domain::id::RunId;
use fengsui_domain::incident::{Command, PublicationStep, Run, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{Lang, StandingDuty};
use fengsui_wire::plan::card;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::{EGOV, answer, code, graded, of, opened, owed, proposed, second, taken, tick, version};
use crate::desk::{Desk, approve, at, propose, rule, start};
use crate::duties::Shelf;
use crate::playbooks;

const IO: &str = "informatisation-office";
const LEAD: &str = "unit-security-lead";
const LEADER: &str = "unit-leader";

/// An incident with this kind of asset and this playbook started for what was found at a minute.
fn running(choice: &str, kind: &str, book: &str, found: i64) -> (Desk, RunId) {
    let mut desk = opened(EGOV, choice, IV, &[("asset_kind", kind)]);
    let id = playbooks::started(&mut desk, book, found);
    (desk, id)
}

fn run(desk: &Desk) -> &Run {
    desk.incident.runs.last().unwrap()
}

#[test]
pub(crate) fn je_notice_from_the_date_of_issue() {
    let plan = version(EGOV, "");
    let noon = |day| date(2008, 1, day).at(12, 0, 0, 0).to_zoned(TimeZone::get("Asia/Shanghai").unwrap());
    let in_force = [3, 4].map(|day| plan.in_force_at(noon(day).unwrap().timestamp()));
    assert_eq!(in_force, [false, true]);
    assert_eq!(plan.evaluation_due(), Some(date(2009, 1, 4)), "reviewed yearly");
    let desk = responding("", IV); // Response and end as in the internet plan.
    assert_eq!(desk.plan.response(IV).unwrap().end_when.conditions.len(), 3);
}

#[test]
pub(crate) fn je_notice_thirty_days_after_issue() {
    let plan = version(EGOV, "silent-header=thirty-days-after-issue");
    let noon = |day| date(2008, 2, day).at(12, 0, 0, 0).to_zoned(TimeZone::get("Asia/Shanghai").unwrap());
    let in_force = [2, 3].map(|day| plan.in_force_at(noon(day).unwrap().timestamp()));
    assert_eq!(in_force, [false, true]);
}

#[test]
pub(crate) fn je_notice_every_three_years() {
    let plan = version(EGOV, "silent-header=every-three-years");
    assert_eq!(plan.evaluation_due(), Some(date(2011, 1, 4)));
}

/// An incident whose rescue of this level the unit's leader started.
fn responding(choice: &str, level: IncidentLevel) -> Desk {
    let mut desk = graded(EGOV, choice, level);
    desk.does(&of(LEADER), approve(start(level)));
    desk
}

#[test]
pub(crate) fn je_1_4_a_playbooks_at_every_level() {
    for level in IncidentLevel::ALL {
        let mut desk = opened(EGOV, "", level, &[("asset_kind", "website")]);
        playbooks::started(&mut desk, "website-tampering", 0);
        assert_eq!(desk.incident.runs.len(), 1, "{level}");
    }
    let answers = |major| [("asset_kind", "website"), ("major_event", major)];
    for (major, reports) in [("yes", 1), ("no", 0)] {
        let desk = opened(EGOV, "", IV, &answers(major));
        assert_eq!(owed(&desk, "event-report").len(), reports, "a question of its own");
    }
}

#[test]
pub(crate) fn je_1_4_a_playbooks_for_major_events() {
    let choice = "major-event-scope=playbooks-for-major-events";
    for book in ["virus-outbreak", "website-tampering", "intrusion", "denial-of-service"] {
        let mut desk = opened(EGOV, choice, I, &[("asset_kind", "website")]);
        assert_ne!(
            code(desk.tries(&of("unit-duty-officer"), playbooks::start(book, 0))),
            "",
            "{book}: not said"
        );
        desk.does(&of(LEAD), answer("major_event", "no"));
        assert_ne!(
            code(desk.tries(&of("unit-duty-officer"), playbooks::start(book, 0))),
            "",
            "{book}: not major"
        );
        desk.does(&of(LEAD), answer("major_event", "yes"));
        playbooks::started(&mut desk, book, 0);
    }
}

/// In individual units, without spread, and nothing worse.
const INDIVIDUAL: [(&str, &str); 3] =
    [("spread", "none"), ("vital_system", "no"), ("individual_units", "yes")];

#[test]
pub(crate) fn je_2_2_3_level_three_if_unsure() {
    assert_eq!(proposed(EGOV, "", &INDIVIDUAL), (Some(III), true));
}

#[test]
pub(crate) fn je_2_2_3_level_four_if_unsure() {
    let choice = "three-or-four=general-if-unsure";
    assert_eq!(proposed(EGOV, choice, &INDIVIDUAL), (Some(IV), true));
}

#[test]
pub(crate) fn je_3_1_the_leading_group_is_told() {
    for (level, due) in [(I, true), (II, true), (III, false), (IV, false)] {
        let mut desk = graded(EGOV, "", level);
        let row = format!("{IO} -> leading-group by 60");
        assert_eq!(owed(&desk, "leading-group"), if due { vec![row] } else { Vec::new() }, "{level}");
        assert_eq!(desk.refused(&of("leading-group"), approve(start(level))), "not_entitled", "{level}");
    }
}

#[test]
pub(crate) fn je_3_1_the_leading_group_decides() {
    let choice = "leading-group=decides-one-and-two";
    for level in [I, II] {
        let mut desk = graded(EGOV, choice, level);
        assert_eq!(desk.refused(&of(LEADER), approve(start(level))), "not_entitled", "{level}");
        taken(&mut desk, &start(level), &[LEADER], "leading-group");
        tick(&mut desk, LEADER);
        desk.does(&of(IO), propose(Step::End));
        assert_eq!(desk.refused(&second(IO), approve(Step::End)), "not_entitled", "{level}");
        desk.does(&of("leading-group"), approve(Step::End));
    }
    responding(choice, III);
}

#[test]
pub(crate) fn je_3_1_nothing_is_reported() {
    assert_eq!(owed(&graded(EGOV, "leading-group=no-reports", I), "leading-group"), [""; 0]);
}

/// When the virus and the police fall due for a kind of asset, found half an hour ago.
fn limits(choice: &str, kind: &str) -> [i64; 2] {
    ["virus-outbreak", "intrusion"].map(|book| {
        let (mut desk, id) = running(choice, kind, book, -30);
        if book == "intrusion" {
            desk.does(&of("unit-duty-officer"), playbooks::done(&desk, id, "report-police"));
        }
        let clocks = desk.incident.running().filter(|clock| {
            ["virus-website", "virus-system", "intrusion-police-website", "intrusion-police-system"]
                .contains(&clock.rule.as_str())
        });
        let due: Vec<i64> = clocks.map(|clock| crate::desk::minute(clock.due_at)).collect();
        assert_eq!(due.len(), 1, "{book} {kind}");
        due[0]
    })
}

#[test]
pub(crate) fn je_5_1_4_from_the_discovery() {
    for (kind, due) in [
        ("website", [90, 120]),
        ("business-system", [210, 240]),
        ("office-system", [210, 240]),
        ("other", [210, 240]),
    ] {
        assert_eq!(limits("", kind), due, "{kind}");
    }
}

#[test]
pub(crate) fn je_5_1_4_others_within_two_hours() {
    for (kind, due) in [("website", [90, 120]), ("office-system", [210, 240]), ("other", [90, 120])] {
        assert_eq!(limits("virus-limits=others-within-two-hours", kind), due, "{kind}");
    }
}

#[test]
pub(crate) fn je_5_1_4_from_the_start_of_handling() {
    for (kind, due) in [("website", [120, 120]), ("other", [240, 240])] {
        assert_eq!(limits("virus-limits=from-start-of-handling", kind), due, "{kind}");
    }
}

/// The playbooks in which something goes back before it is hardened, and the step by which it does.
const BACK: [(&str, &str); 3] =
    [("virus-outbreak", "reconnect"), ("website-tampering", "reopen"), ("intrusion", "reconnect")];

#[test]
pub(crate) fn je_5_1_6_reconnected_before_hardening() {
    for (book, back) in BACK {
        let (mut desk, id) = running("", "website", book, 0);
        playbooks::all_before(&mut desk, id, "harden");
        assert!(run(&desk).done(&rule(back)).is_some(), "{book}: back before it is hardened");
        assert!(run(&desk).done(&rule("harden")).is_none(), "{book}");
    }
    let plan = version(EGOV, "");
    let hint = plan.playbook(&rule("virus-outbreak")).unwrap().step(&rule("reconnect")).unwrap().hint.clone();
    assert!(hint.is_some_and(|hint| hint.en.contains("harden first")), "with a warning");
}

#[test]
pub(crate) fn je_5_1_6_hardened_first() {
    for (book, back) in BACK {
        let (mut desk, id) = running("reconnect-before-hardening=harden-first", "website", book, 0);
        playbooks::all_before(&mut desk, id, "harden");
        assert!(run(&desk).done(&rule(back)).is_none(), "{book}: not before it is hardened");
        let early = playbooks::done(&desk, id, back);
        assert_eq!(desk.refused(&of("technician"), early.clone()), "steps_open", "{book}");
        desk.does(&of("technician"), playbooks::done(&desk, id, "harden"));
        desk.does(&of("technician"), early);
    }
}

/// What becomes of taking a step before another for urgency.
fn swapped(choice: &str, book: &str, step: &str, before: &str) -> &'static str {
    let (mut desk, id) = running(choice, "website", book, 0);
    code(desk.tries(&of(LEAD), playbooks::urgent(id, step, before, "it deletes files")))
}

#[test]
pub(crate) fn je_5_3_2_urgent_first_everywhere() {
    for (book, step, before) in
        [("website-tampering", "disconnect", "report-police"), ("intrusion", "intruded", "report-police")]
    {
        assert_eq!(swapped("", book, step, before), "", "{book}");
        let (mut desk, id) = running("", "website", book, 0);
        let clocks = desk.incident.running().count();
        desk.does(&of(LEAD), playbooks::urgent(id, step, before, "it deletes files"));
        assert_eq!(desk.incident.running().count(), clocks, "the clocks of the reports keep running");
    }
    assert_eq!(mitigated_first(""), "", "before the police are on the scene");
}

/// What becomes of mitigating a denial of service before the police are there.
fn mitigated_first(choice: &str) -> &'static str {
    let (mut desk, id) = running(choice, "website", "denial-of-service", 0);
    desk.does(&of("unit-duty-officer"), playbooks::done(&desk, id, "report-police"));
    let early = playbooks::urgent(id, "mitigate", "police-on-scene", "the line is full");
    code(desk.tries(&of("technician"), early))
}

#[test]
pub(crate) fn je_5_3_2_urgent_first_for_defacement_only() {
    let choice = "urgent-first=defacement-only";
    assert_eq!(swapped(choice, "website-tampering", "disconnect", "report-police"), "");
    assert_ne!(swapped(choice, "intrusion", "intruded", "report-police"), "");
    assert_ne!(mitigated_first(choice), "");
}

/// The steps that wait for the samples of the police.
const GATES: [(&str, &str); 3] =
    [("website-tampering", "clean"), ("intrusion", "rebuild"), ("denial-of-service", "restore")];

/// What becomes of a waiver of the gate by this body, and of an operating permission given by it.
fn waived(choice: &str, by: &str) -> [&'static str; 4] {
    let waivers = GATES.map(|(book, step)| {
        let (mut desk, id) = running(choice, "website", book, 0);
        playbooks::all_before(&mut desk, id, step);
        code(desk.tries(&of(by), playbooks::waive(id, step, "they will not come")))
    });
    let mut desk = opened(EGOV, choice, IV, &[("asset_kind", "website")]);
    let grant = code(desk.tries(&of(by), playbooks::grant("technician", at(60))));
    [waivers[0], waivers[1], waivers[2], grant]
}

#[test]
pub(crate) fn je_5_2_4_a_the_security_lead_waives() {
    assert_eq!(waived("", LEAD), [""; 4]);
    assert_eq!(waived("", LEADER), ["not_entitled"; 4]);
    let (mut desk, id) = running("", "website", "website-tampering", 0);
    playbooks::all_before(&mut desk, id, "clean");
    assert_eq!(desk.refused(&of(LEAD), playbooks::waive(id, "clean", " ")), "missing", "a reason is kept");
    for body in ["cyber-police", "police-branch"] {
        let (mut desk, id) = running("", "website", "denial-of-service", 0);
        playbooks::all_before(&mut desk, id, "restore");
        desk.does(&of(body), playbooks::gate(&desk, id, "restore", "")); // Both names are one body.
    }
}

#[test]
pub(crate) fn je_5_2_4_a_the_leader_waives() {
    let choice = "police=leader-waives";
    assert_eq!(waived(choice, LEADER), [""; 4]);
    assert_eq!(waived(choice, LEAD), ["not_entitled"; 4]);
}

#[test]
pub(crate) fn je_5_4_4_the_branch_is_a_body_of_its_own() {
    let (mut desk, id) = running("police=branch-apart", "website", "denial-of-service", 0);
    playbooks::all_before(&mut desk, id, "restore");
    assert_eq!(desk.refused(&of("cyber-police"), playbooks::gate(&desk, id, "restore", "")), "not_entitled");
    desk.does(&of("police-branch"), playbooks::gate(&desk, id, "restore", ""));
}

/// The machine room with this cause, its answer given at minute 0.
fn machine_room(choice: &str, cause: &str) -> (Desk, RunId) {
    let mut desk = opened(EGOV, choice, IV, &[]);
    desk.does(&of(LEAD), Command::Categorise { category: fengsui_domain::plan::CategoryId::new("fault") });
    let id = playbooks::started(&mut desk, "machine-room", 0);
    desk.does(&of("technician"), playbooks::answered(&desk, id, "cause", cause));
    (desk, id)
}

/// By when the device and the UPS are to be back, in minutes.
fn unprotected(choice: &str) -> [Vec<String>; 2] {
    let (mut desk, id) = machine_room(choice, "protection-device");
    for step in ["device-cut", "device-bypass"] {
        desk.does(&of("technician"), playbooks::done(&desk, id, step));
    }
    let known = playbooks::playbook(&desk, id);
    assert_eq!(run(&desk).open_states(&known).len(), 1, "listed while it lasts");
    let device = owed(&desk, "machine-room-device-replace");
    let (mut desk, id) = machine_room(choice, "ups");
    desk.does(&of("technician"), playbooks::done(&desk, id, "ups-bypass"));
    [device, owed(&desk, "machine-room-ups-replace")]
}

#[test]
pub(crate) fn je_5_5_b_a_day_without_protection() {
    assert_eq!(unprotected(""), [["technician ->  by 1440"]; 2]);
}

#[test]
pub(crate) fn je_5_5_b_four_hours_without_protection() {
    assert_eq!(unprotected("machine-room=within-four-hours"), [["technician ->  by 240"]; 2]);
}

#[test]
pub(crate) fn je_5_5_b_never_without_protection() {
    let (mut desk, id) = machine_room("machine-room=no-bypass", "protection-device");
    desk.does(&of("technician"), playbooks::done(&desk, id, "device-cut"));
    assert_eq!(desk.refused(&of("technician"), playbooks::done(&desk, id, "device-bypass")), "unknown_value");
    desk.does(&of("technician"), playbooks::done(&desk, id, "device-replace"));
    assert!(!run(&desk).runs(), "replaced, and over");
    machine_room("machine-room=no-bypass", "ups");
}

#[test]
pub(crate) fn je_5_5_c_people_first() {
    let plan = version(EGOV, "");
    let text = card(&plan, &rule("machine-room"), Lang::En).unwrap().text();
    let place = |words: &str| text.find(words).unwrap();
    assert!(place("People before things") < place("What is it"), "before every step:\n{text}");
    let (mut desk, id) = machine_room("", "fire");
    assert_eq!(desk.refused(&of("technician"), playbooks::done(&desk, id, "fire-power")), "steps_open");
    desk.does(&of("technician"), playbooks::done(&desk, id, "fire-people"));
    desk.does(&of("technician"), playbooks::done(&desk, id, "fire-power"));
}

#[test]
pub(crate) fn je_5_5_c_in_the_order_printed() {
    let choice = "machine-room=fire-as-printed";
    let (mut desk, id) = machine_room(choice, "fire");
    desk.does(&of("technician"), playbooks::done(&desk, id, "fire-power"));
    desk.does(&of("technician"), playbooks::done(&desk, id, "fire-call"));
    let after = playbooks::done(&desk, id, "fire-after");
    assert_eq!(
        desk.refused(&of("technician"), after.clone()),
        "steps_open",
        "the rescue is settled all the same"
    );
    desk.does(&of("technician"), playbooks::done(&desk, id, "fire-people"));
    desk.does(&of("technician"), after);
    assert!(!run(&desk).runs());
    let text = card(&version(EGOV, choice), &rule("machine-room"), Lang::En).unwrap().text();
    let place = |words: &str| text.find(words).unwrap();
    assert!(place("People before things") < place("What is it"), "still on top of the card");
}

/// What becomes of approval and release of information for the public by these bodies.
fn published(choice: &str, approves: &[&str], releases: &[&str]) -> [Vec<&'static str>; 2] {
    let mut desk = opened(EGOV, choice, IV, &[("publication_needed", "yes")]);
    let text = "Service is back.".to_owned();
    desk.does(&of(LEAD), Command::DraftPublication { rule: rule("public-information"), text });
    let mut step = |step: PublicationStep, bodies: &[&str]| -> Vec<&'static str> {
        let publish = Command::Publish { publication: desk.publication(), step };
        bodies.iter().map(|body| code(desk.tries(&second(body), publish.clone()))).collect()
    };
    [step(PublicationStep::Approve, approves), step(PublicationStep::Release, releases)]
}

#[test]
pub(crate) fn je_5_7_b_the_office_approves() {
    assert_eq!(published("", &[LEADER, IO], &["technician", LEADER]), [["not_entitled", ""]; 2]);
}

#[test]
pub(crate) fn je_5_7_b_the_news_office_releases() {
    let choice = "publication=news-office-releases";
    let found = published(choice, &[LEADER, IO], &[LEADER, "news-office"]);
    assert_eq!(found, [["not_entitled", ""]; 2]);
}

#[test]
pub(crate) fn je_5_7_b_the_leader_approves() {
    let found = published("publication=leader-approves", &[IO, LEADER], &[IO, LEADER]);
    assert_eq!(found, [["not_entitled", ""]; 2]);
}

/// What becomes of disconnecting an infected computer by this body.
fn disconnected(choice: &str, by: &str) -> &'static str {
    let (mut desk, id) = running(choice, "website", "virus-outbreak", 0);
    code(desk.tries(&of(by), playbooks::done(&desk, id, "disconnect")))
}

#[test]
pub(crate) fn je_5_1_the_technician_acts() {
    assert_eq!(disconnected("", "technician"), "");
    assert_eq!(disconnected("", "unit-duty-officer"), "not_entitled");
}

#[test]
pub(crate) fn je_5_1_the_duty_officer_too() {
    for by in ["technician", "unit-duty-officer"] {
        assert_eq!(disconnected("steps-without-actor=duty-officer-too", by), "", "{by}");
    }
}

/// What becomes of a review with these topics.
fn reviewed(choice: &str, topics: &[&str]) -> &'static str {
    let mut desk = responding(choice, IV);
    tick(&mut desk, LEADER);
    desk.does(&of(LEADER), approve(Step::End));
    let topics: BTreeMap<_, _> =
        topics.iter().map(|topic| (rule(topic), "what we found".to_owned())).collect();
    code(desk.tries(&of(LEAD), Command::Review { topics, plan_change: "no".to_owned() }))
}

#[test]
pub(crate) fn je_6_c_facts_are_recorded() {
    assert_eq!(reviewed("", &["handling", "prevention"]), "conditions_open");
    assert_eq!(reviewed("", &["handling", "prevention", "deviations"]), "");
}

#[test]
pub(crate) fn je_6_c_left_to_supervision() {
    let choice = "liability=left-to-supervision";
    assert_eq!(reviewed(choice, &["handling", "prevention"]), "");
    assert_eq!(reviewed(choice, &["handling", "prevention", "deviations"]), "unknown_value");
}

/// A book kept from 23 November 2026 on.
fn shelf(choice: &str) -> Shelf {
    Shelf::under(version(EGOV, choice), date(2026, 11, 23))
}

#[test]
pub(crate) fn je_4_4_e_a_yearly_exercise() {
    let mut shelf = shelf("");
    shelf.at("2027-02-02T03:00:00Z");
    assert_eq!(shelf.stands("exercise").due_at.unwrap().to_string(), "2027-12-31T16:00:00Z");
}

#[test]
pub(crate) fn je_4_4_e_an_exercise_each_half_year() {
    let mut shelf = shelf("exercise-rhythm=half-yearly");
    shelf.at("2027-02-02T03:00:00Z");
    assert_eq!(shelf.stands("exercise").due_at.unwrap().to_string(), "2027-06-30T16:00:00Z");
}

/// When a changed list of post holders is to be filed anew.
fn refiled(choice: &str) -> String {
    let mut shelf = shelf(choice);
    shelf.meets("post-list");
    shelf.at("2026-12-01T02:00:00Z");
    let owner = shelf.owner("post-list");
    let words = RecordWords { said: Said::Changed { what: "new technician".to_owned() }, at: shelf.now() };
    shelf.enters(&owner, "post-list", words).unwrap();
    shelf.stands("post-list").due_at.unwrap().to_string()
}

#[test]
pub(crate) fn je_4_1_a_filed_within_thirty_days() {
    assert_eq!(refiled(""), "2026-12-31T16:00:00Z");
}

#[test]
pub(crate) fn je_4_1_a_filed_within_ten_days() {
    assert_eq!(refiled("refiling=ten-days"), "2026-12-11T16:00:00Z");
}

/// Which conditions on the remote copy stand, once a distance from the main site was vouched for.
fn remote_copy(choice: &str, km: u64) -> Vec<(String, Stands)> {
    let mut shelf = shelf(choice);
    let owner = shelf.owner("remote-copy");
    let said = Said::Vouched { value: Vouched::Number(km), basis: "measured on the map".to_owned() };
    shelf.enters(&owner, "remote-copy", RecordWords { said, at: shelf.now() }).unwrap();
    let of_clause = |duty: &&StandingDuty| duty.id.as_str().starts_with("remote-copy");
    let plan = version(EGOV, choice);
    let conditions = plan.duties.iter().filter(of_clause).map(|duty| duty.id.to_string());
    conditions.map(|id| (id.clone(), shelf.stands(&id).stands)).collect()
}

#[test]
pub(crate) fn je_4_5_8_from_the_main_site() {
    for (km, stands) in [(100, Stands::Broken), (101, Stands::Holds)] {
        assert_eq!(remote_copy("", km), [("remote-copy".to_owned(), stands)], "{km} km");
    }
    assert!(shelf("").stands("remote-copy").duty.title.zh.contains("距主机房"), "what is vouched for");
}

#[test]
pub(crate) fn je_4_5_8_from_every_site() {
    let choice = "remote-distance=from-every-site";
    let [(main, holds), (others, open)] = remote_copy(choice, 101).try_into().unwrap();
    assert_eq!((main.as_str(), holds), ("remote-copy", Stands::Holds));
    assert_eq!(
        (others.as_str(), open),
        ("remote-copy-other-sites", Stands::NeverVouched),
        "far from the main site alone"
    );
    let mut shelf = shelf(choice);
    shelf.meets("remote-copy-other-sites");
    assert_eq!(shelf.stands("remote-copy-other-sites").stands, Stands::Holds);
    assert!(shelf.stands("remote-copy-other-sites").duty.title.zh.contains("距其余最近的机房"));
}
