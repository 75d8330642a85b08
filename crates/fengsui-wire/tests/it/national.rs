//! The pack `national-2017` run by the engine: who starts, ends and investigates at which level (4.2, 4.3, 5), what
//! is left to other plans (1.3.c, 4.2.3), and what the plan has no rule on.

use std::collections::BTreeMap;

use fengsui_domain::actor::Actor;
use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::incident::{Command, IncidentChange, PlanVersion, ReportKind, Step};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{CategoryId, Form, Plan, PlanId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use crate::desk::{Desk, adjust, approve, draft, holds, opening, propose, role, rule, speaker, start};

pub(crate) const EO: &str = "national-emergency-office";
pub(crate) const REGION: &str = "region-or-department";
pub(crate) const HQ: &str = "national-headquarters";
pub(crate) const OTHERS: &str = "other-regions-and-departments";
pub(crate) const TOPICS: [&str; 6] =
    ["cause", "nature", "impact", "responsibility", "handling-opinion", "improvement-measures"];

/// The province where it happened.
pub(crate) fn region() -> Actor {
    speaker("wu", &[REGION])
}

/// A second person of it.
pub(crate) fn region_2() -> Actor {
    speaker("zheng", &[REGION])
}

/// The Emergency Office.
pub(crate) fn office() -> Actor {
    speaker("feng", &[EO])
}

/// A second person of it.
pub(crate) fn office_2() -> Actor {
    speaker("chu", &[EO])
}

/// The headquarters.
pub(crate) fn headquarters() -> Actor {
    speaker("wei", &[HQ])
}

fn plan() -> Plan {
    crate::together::pack("national-2017")
}

/// An incident opened under the plan at minute 0, with every body manned.
pub(crate) fn opened(level: IncidentLevel, category: &str) -> Desk {
    let plan = plan();
    let manned = plan.roles.keys().cloned().collect();
    let version = PlanVersion { id: PlanId::new("national-2017"), digest: "0".repeat(64) };
    let opening = fengsui_domain::incident::Opening {
        plan: version,
        category: CategoryId::new(category),
        ..opening(level)
    };
    let mut desk = Desk::opened_under(plan, opening).unwrap();
    desk.manned = manned;
    desk
}

pub(crate) fn graded(level: IncidentLevel) -> Desk {
    let mut desk = opened(level, "trojan");
    confirm(&mut desk, level);
    desk
}

fn confirm(desk: &mut Desk, level: IncidentLevel) {
    desk.does(&region(), Command::Verify { basis: "seen in the access log".to_owned() });
    desk.does(&region(), Command::Grade { level, reason: "judged by the province".to_owned() });
}

/// Takes a step in the way the plan wants it at this level: by two persons at I and II.
pub(crate) fn take(desk: &mut Desk, level: IncidentLevel, step: &Step) {
    let (first, second) = match (level, step) {
        (I, Step::End) => (office(), headquarters()),
        (I, _) => (office(), office_2()),
        _ => (region(), region_2()),
    };
    if level <= II {
        desk.does(&first, propose(step.clone()));
    }
    desk.does(&second, approve(step.clone()));
}

pub(crate) fn responding(level: IncidentLevel) -> Desk {
    let mut desk = graded(level);
    take(&mut desk, level, &start(level));
    desk
}

pub(crate) fn tick_all(desk: &mut Desk) {
    for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        desk.does(&region(), holds(condition, true));
    }
}

pub(crate) fn ended(level: IncidentLevel) -> Desk {
    let mut desk = responding(level);
    tick_all(&mut desk);
    take(&mut desk, level, &Step::End);
    desk
}

pub(crate) fn review() -> Command {
    let topics: BTreeMap<RuleId, String> =
        TOPICS.iter().map(|topic| (rule(topic), format!("what we found on {topic}"))).collect();
    Command::Review { topics, plan_change: String::new() }
}

pub(crate) fn report(of: &str, to: &str, form: Form, at: Timestamp) -> Command {
    Command::Report {
        kind: ReportKind::FollowUp,
        form,
        of: role(of),
        to: role(to),
        at,
        spoke: "Wu to Feng".to_owned(),
        means: "telephone".to_owned(),
        text: "two more provinces hit, contained since noon".to_owned(),
    }
}

/// 4.2.1.a, 4.2.2, 4.2.3: who starts; at I and II two persons, which is ours.
#[test]
fn who_starts_a_response() {
    let unit = speaker("wang", &["unit"]);
    for (level, proposer, decider, ok) in [
        (I, Some(region()), office(), Ok(())),
        (I, Some(office()), office_2(), Ok(())),
        (I, Some(office()), office(), Err("same_person")),
        (I, Some(region()), region_2(), Err("not_entitled")),
        (I, None, office(), Err("not_ready")),
        (II, Some(region()), region_2(), Ok(())),
        (II, Some(region()), region(), Err("same_person")),
        (II, Some(region()), office(), Err("not_entitled")),
        (II, None, region(), Err("not_ready")),
        (III, None, region(), Ok(())),
        (III, None, office(), Err("not_entitled")),
        (IV, None, region(), Ok(())),
        (IV, None, unit, Err("not_entitled")),
    ] {
        let mut desk = graded(level);
        if let Some(proposer) = &proposer {
            desk.does(proposer, propose(start(level)));
        }
        let found = desk.tries(&decider, approve(start(level))).map(drop).map_err(|refusal| refusal.code());
        assert_eq!(found, ok, "level {level} by {}", decider.by.name());
    }
    assert_eq!(graded(I).refused(&speaker("x", &["unit"]), propose(start(I))), "not_entitled");
    assert_eq!(graded(II).refused(&office(), propose(start(II))), "not_entitled");
}

/// 2.1.c, 4.2.1.a: level I does not run without a headquarters, and no other level has one.
#[test]
fn level_one_forms_the_headquarters() {
    let mut desk = graded(I);
    desk.does(&office(), propose(start(I)));
    let changes = desk.does(&office_2(), approve(start(I)));
    assert!(matches!(changes[0], IncidentChange::ResponseStarted { .. }), "{changes:?}");
    let IncidentChange::HeadquartersDecided { headquarters } = &changes[1] else { panic!("{changes:?}") };
    assert!(headquarters.formed && desk.incident.has_headquarters());
    assert_eq!(headquarters.signed.person.name, "chu", "whoever started level I formed it");
    let refused = Command::DecideHeadquarters { form: false, grounds: "over".to_owned() };
    assert_eq!(desk.refused(&office(), refused), "not_in_plan");
    for level in [II, III, IV] {
        let mut desk = responding(level);
        assert!(!desk.incident.has_headquarters(), "{level}");
        let form = Command::DecideHeadquarters { form: true, grounds: "useful".to_owned() };
        assert_eq!(desk.refused(&region(), form), "unknown_value", "{level}");
    }
    // Raised to level I, it is formed too; formed before, it is not formed twice.
    let mut desk = responding(II);
    desk.does(&office(), propose(adjust(I)));
    let changes = desk.does(&office_2(), approve(adjust(I)));
    let formed = |changes: &[IncidentChange]| {
        changes.iter().filter(|change| matches!(change, IncidentChange::HeadquartersDecided { .. })).count()
    };
    assert_eq!(formed(&changes), 1);
    let mut desk = graded(I);
    desk.does(&office(), Command::DecideHeadquarters { form: true, grounds: "at once".to_owned() });
    desk.does(&office(), propose(start(I)));
    assert_eq!(formed(&desk.does(&office_2(), approve(start(I)))), 0);
}

/// 4.3.1.a, 4.3.2.a, 4.2.3: who ends, and only once all three conditions hold (ours).
#[test]
fn who_ends_a_response() {
    for (level, proposer, decider, ok) in [
        (I, Some(office()), headquarters(), Ok(())),
        (I, Some(office()), office_2(), Err("not_entitled")),
        (I, None, headquarters(), Err("not_ready")),
        (II, Some(region()), region_2(), Ok(())),
        (II, Some(region()), office(), Err("not_entitled")),
        (II, Some(region()), region(), Err("same_person")),
        (III, None, region(), Ok(())),
        (IV, None, region_2(), Ok(())),
        (IV, None, office(), Err("not_entitled")),
    ] {
        let mut desk = responding(level);
        tick_all(&mut desk);
        if let Some(proposer) = &proposer {
            desk.does(proposer, propose(Step::End));
        }
        let found = desk.tries(&decider, approve(Step::End)).map(drop).map_err(|refusal| refusal.code());
        assert_eq!(found, ok, "level {level} by {}", decider.by.name());
    }
    assert_eq!(responding(I).refused(&headquarters(), propose(Step::End)), "not_entitled", "4.3.1.a");
    for missing in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        let mut desk = responding(IV);
        tick_all(&mut desk);
        desk.does(&region(), holds(missing, false));
        let refusal = desk.tries(&region(), approve(Step::End)).unwrap_err();
        assert_eq!(refusal, Refusal::ConditionsOpen { missing: vec![missing.to_owned()] });
    }
}

/// 5.a, 5.b: who leads the investigation, by the final level.
#[test]
fn who_leads_the_investigation() {
    for (level, leader, other) in [
        (I, office(), region()),
        (II, region(), office()),
        (III, region(), office()),
        (IV, region(), office()),
    ] {
        let mut desk = ended(level);
        assert_eq!(desk.refused(&other, review()), "not_entitled", "{level}");
        desk.does(&leader, review());
        assert!(desk.incident.phase.review().is_some(), "{level}");
    }
    for missing in TOPICS {
        let mut desk = ended(IV);
        let rest = TOPICS.iter().filter(|topic| **topic != missing);
        let topics = rest.map(|topic| (rule(topic), "found".to_owned())).collect();
        let refusal =
            desk.tries(&region(), Command::Review { topics, plan_change: String::new() }).unwrap_err();
        assert_eq!(refusal, Refusal::ConditionsOpen { missing: vec![missing.to_owned()] }, "5.d");
    }
}

/// 5: no filing; the archive waits only for the report of the investigation, where one is owed.
#[test]
fn the_archive_waits_for_the_report_of_the_investigation() {
    for (level, leader, of, to) in [
        (I, office(), EO, Some("central-leading-group")), // 5.a
        (II, region(), REGION, Some(EO)),                 // 5.c
        (III, region(), REGION, None),
        (IV, region(), REGION, None),
    ] {
        let mut desk = ended(level);
        desk.at(60).does(&leader, review());
        assert_eq!(
            desk.refused(&leader, Command::File { summary: "done".to_owned(), plan: None }),
            "not_in_plan"
        );
        if let Some(to) = to {
            let refusal = desk.tries(&leader, Command::Archive).unwrap_err();
            assert_eq!(refusal, Refusal::NotReady { action: "archive", needs: "report" }, "{level}");
            let now = desk.now;
            desk.does(&leader, report(of, to, Form::Written, now));
            assert_eq!(desk.refused(&leader, Command::Archive), "not_ready", "{level}: no receipt yet");
            let report = desk.incident.reports.last().unwrap().id;
            desk.receipt(report);
        }
        desk.does(&leader, Command::Archive);
        assert_eq!(desk.incident.phase.name(), "archived", "{level}");
    }
}

/// The plan has no disposal chain and no publication chain; asking for them says so.
#[test]
fn what_the_plan_does_not_know_is_refused_by_name() {
    let mut desk = responding(IV);
    for (command, what) in [
        (Command::DraftDisposal { draft: draft() }, "disposal chain"),
        (Command::DraftPublication { rule: rule("bulletin"), text: "told".to_owned() }, "publication chain"),
    ] {
        let refusal = desk.tries(&region(), command).unwrap_err();
        assert_eq!(refusal, Refusal::NotInPlan { what });
        assert_eq!(refusal.to_string(), format!("the plan of this incident knows no {what}"));
    }
}

/// 1.3.c: recorded and handed over; nothing runs and no response starts.
#[test]
fn content_security_belongs_to_another_plan() {
    let mut desk = opened(I, "content-security");
    assert_eq!(desk.runs(), [""; 0]);
    confirm(&mut desk, I);
    assert_eq!(desk.runs(), [""; 0]);
    for command in [propose(start(I)), approve(start(I))] {
        let refusal = desk.tries(&office(), command).unwrap_err();
        assert_eq!(refusal, Refusal::NotInPlan { what: "response to this category" });
    }
    desk.does(&region(), Command::Withdraw { reason: "handed to the special plan".to_owned() });
    // Found out later: what ran falls away and says why; taken back, it runs again.
    let mut desk = opened(II, "phishing");
    let before = desk.running_rules().len();
    assert_eq!(before, 4);
    desk.does(&region(), Command::Categorise { category: CategoryId::new("content-security") });
    assert_eq!(desk.runs(), [""; 0]);
    let routed = desk.incident.clocks.iter().filter(|clock| {
        matches!(clock.state, ClockState::Replaced { why: ReplacedWhy::Routed, by: None, .. })
    });
    assert_eq!(routed.count(), desk.incident.clocks.len());
    desk.does(&region(), Command::Categorise { category: CategoryId::new("phishing") });
    assert_eq!(desk.running_rules().len(), before);
}
