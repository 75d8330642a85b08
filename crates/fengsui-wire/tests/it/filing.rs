//! Filing with several addressees who each give a receipt, and under several plans at once.
//!
//! Source: `jincheng-egov-2008/5.2.5` (informatisation office and cyber police), `jincheng-internet-2008/6.2.2`.

use std::collections::BTreeMap;

use fengsui_domain::actor::Actor;
use fengsui_domain::incident::{Command, Incident, Phase, Step};
use fengsui_domain::level::IncidentLevel::{self, III};
use fengsui_domain::plan::{PlanId, RoleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use crate::desk::{Desk, approve, days, office, role, speaker};
use crate::together::{EGOV, INTERNET, of, opened, pack};

const NATIONAL: &str = "national-2017";

/// Reviewed under these plans at minute 0, by people who speak for every body.
fn reviewed(ids: &[&str]) -> Desk {
    let level = III;
    let mut desk = if ids.len() > 1 {
        opened(ids, level)
    } else {
        Desk::opened_under(pack(ids[0]), of(ids[0], level)).unwrap()
    };
    let (everybody, second) = (everybody(&desk, "li"), everybody(&desk, "zhang"));
    desk.does(&everybody, Command::Verify { basis: "seen in the log".to_owned() });
    desk.does(&everybody, Command::Grade { level, reason: "by what is known".to_owned() });
    let start = Step::Start { level, range: "the portal".to_owned() };
    take(&mut desk, &everybody, &second, start);
    tick(&mut desk, &everybody, level);
    take(&mut desk, &everybody, &second, Step::End);
    let topics = desk.plan.review.topics.clone();
    let topics: BTreeMap<_, _> = topics.into_iter().map(|topic| (topic.id, "as found".to_owned())).collect();
    desk.does(&everybody, Command::Review { topics, plan_change: "none".to_owned() });
    desk
}

/// Somebody who speaks for every body of the plan.
fn everybody(desk: &Desk, name: &str) -> Actor {
    let bodies: Vec<&str> = desk.plan.roles.keys().map(RoleId::as_str).collect();
    speaker(name, &bodies)
}

fn take(desk: &mut Desk, first: &Actor, second: &Actor, step: Step) {
    // At some levels a proposal must come first.
    if desk.tries(second, approve(step.clone())).is_err() {
        desk.does(first, crate::desk::propose(step.clone()));
        desk.does(second, approve(step));
    }
}

fn tick(desk: &mut Desk, by: &Actor, level: IncidentLevel) {
    for condition in desk.plan.response(level).unwrap().end_when.conditions.clone() {
        desk.does(by, crate::desk::holds(condition.id.as_str(), true));
    }
}

fn file(plan: Option<&str>) -> Command {
    Command::File { summary: "cleaned and hardened".to_owned(), plan: plan.map(PlanId::new) }
}

fn receipt(at: Timestamp, plan: Option<&str>, of: Option<&str>) -> Command {
    let (plan, of) = (plan.map(PlanId::new), of.map(RoleId::new));
    Command::ReceiptFiling { at, reference: "B-2026-9".to_owned(), plan, of }
}

fn filing_met(desk: &Desk, rule: &str) -> bool {
    let clocks = desk.incident.clocks.iter().filter(|clock| clock.rule.as_str() == rule);
    let clocks: Vec<_> = clocks.collect();
    assert!(!clocks.is_empty(), "{rule} is owed");
    clocks.iter().all(|clock| !clock.runs())
}

/// 5.2.5: two authorities; the clock is met and the archive opens with the second receipt.
#[test]
fn each_addressee_gives_a_receipt() {
    for first in [["informatisation-office", "cyber-police"], ["cyber-police", "informatisation-office"]] {
        let mut desk = reviewed(&[EGOV]);
        let lead = speaker("lead", &["unit-security-lead"]);
        desk.does(&lead, file(None));
        let one = speaker("one", &[first[0]]);
        desk.at(5);
        desk.does(&one, receipt(desk.now, None, None));
        assert!(!filing_met(&desk, "filing"), "one receipt of two");
        let waits = Refusal::NotReady { action: "archive", needs: "receipt-filing" };
        assert_eq!(desk.tries(&lead, Command::Archive), Err(waits));
        assert_eq!(desk.refused(&one, receipt(desk.now, None, None)), "already_done", "its receipt is there");
        desk.at(9);
        let command = receipt(desk.now, None, Some(first[1]));
        assert_eq!(desk.refused(&one, command.clone()), "not_entitled", "that is another's to give");
        desk.does(&speaker("two", &[first[1]]), command);
        assert!(filing_met(&desk, "filing"));
        desk.does(&lead, Command::Archive);
    }
}

/// Whoever speaks for both says whose receipt it is.
#[test]
fn whoever_speaks_for_several_says_whose_receipt_it_is() {
    let mut desk = reviewed(&[EGOV]);
    let both = everybody(&desk, "li");
    desk.does(&both, file(None));
    let command = receipt(desk.now, None, None);
    assert_eq!(desk.tries(&both, command.clone()), Err(Refusal::Missing { field: "of" }));
    let unknown = Refusal::Unknown { field: "of", value: "unit".to_owned() };
    assert_eq!(desk.tries(&both, receipt(desk.now, None, Some("unit"))), Err(unknown));
    desk.does(&both, receipt(desk.now, None, Some("cyber-police")));
    assert_eq!(desk.refused(&both, receipt(desk.now, None, Some("cyber-police"))), "already_done");
    desk.does(&both, command);
    let Phase::Reviewed(reviewed) = &desk.incident.phase else { panic!("not archived yet") };
    let of: Vec<&RoleId> = reviewed.filing.as_ref().unwrap().receipts.keys().collect();
    assert_eq!(of, [&role("cyber-police"), &role("informatisation-office")]);
}

/// Each plan asks for its own filing: its clock waits for it alone, the archive for both.
#[test]
fn several_plans_ask_for_a_filing_each() {
    let mut desk = reviewed(&[INTERNET, EGOV]);
    let all = everybody(&desk, "li");
    let theirs = format!("{EGOV}~filing");
    for rule in ["filing", theirs.as_str()] {
        let due = desk.incident.running().find(|clock| clock.rule.as_str() == rule).unwrap().due_at;
        assert_eq!(due, desk.now + days(30), "{rule}");
    }
    let unknown = Refusal::Unknown { field: "plan", value: NATIONAL.to_owned() };
    assert_eq!(desk.tries(&all, file(Some(NATIONAL))), Err(unknown));
    desk.does(&all, file(None));
    assert_eq!(desk.refused(&all, file(Some(INTERNET))), "already_done", "the leading plan's is the first");
    desk.does(&all, receipt(desk.now, Some(INTERNET), None));
    assert!(filing_met(&desk, "filing") && !filing_met(&desk, &theirs));
    assert_eq!(desk.refused(&all, Command::Archive), "not_ready");
    assert_eq!(desk.refused(&all, receipt(desk.now, Some(EGOV), None)), "not_ready", "not filed there yet");
    desk.does(&all, file(Some(EGOV)));
    // Its informatisation office is the security office of the leading plan.
    desk.does(&all, receipt(desk.now, Some(EGOV), Some("security-office")));
    assert!(!filing_met(&desk, &theirs));
    assert_eq!(desk.refused(&all, Command::Archive), "not_ready");
    desk.does(&all, receipt(desk.now, Some(EGOV), Some("cyber-police")));
    assert!(filing_met(&desk, &theirs));
    desk.does(&all, Command::Archive);
}

/// A leading plan without a filing leaves it to the plan beside it.
#[test]
fn a_plan_beside_asks_where_the_leading_one_does_not() {
    let mut desk = reviewed(&[NATIONAL, INTERNET]);
    let all = everybody(&desk, "li");
    assert!(desk.plan.filing.is_none());
    assert_eq!(desk.refused(&all, Command::Archive), "not_ready");
    desk.does(&all, file(None));
    desk.does(&all, receipt(desk.now, None, None));
    assert!(filing_met(&desk, &format!("{INTERNET}~filing")));
    let Phase::Reviewed(reviewed) = &desk.incident.phase else { panic!("not archived yet") };
    assert!(reviewed.filing.is_none() && reviewed.filed_beside.contains_key(&PlanId::new(INTERNET)));
}

/// Incidents filed before keep their form: what is stored of one filing with one receipt has nothing new in it,
/// and a filing made under a leading plan that asks for none stands for that of the plan beside it.
#[test]
fn what_was_filed_before_reads_and_counts() {
    let mut desk = reviewed(&[INTERNET]);
    let all = everybody(&desk, "li");
    desk.does(&all, file(None));
    desk.does(&office(), receipt(desk.now, None, None));
    let stored = serde_json::to_string(&desk.incident).unwrap();
    assert!(!stored.contains("receipts") && !stored.contains("filed_beside"), "{stored}");
    assert_eq!(serde_json::from_str::<Incident>(&stored).unwrap(), desk.incident);

    let mut desk = reviewed(&[NATIONAL, INTERNET]);
    let all = everybody(&desk, "li");
    desk.does(&all, file(None));
    let Phase::Reviewed(reviewed) = &mut desk.incident.phase else { panic!("not archived yet") };
    // As it was stored when one filing was enough.
    reviewed.filing = reviewed.filed_beside.remove(&PlanId::new(INTERNET));
    let asked = reviewed.filings(&desk.plan);
    assert_eq!(asked.len(), 1);
    assert!(asked[0].made.is_some() && !asked[0].is_complete());
}

/// The police do not sign in here: whoever filed records their receipt on their word, and no other.
#[test]
fn an_authority_that_nobody_speaks_for_gives_its_receipt_by_whoever_filed() {
    let mut desk = reviewed(&[EGOV]);
    let lead = speaker("lead", &["unit-security-lead"]);
    desk.does(&lead, file(None));
    let police = receipt(desk.now, None, Some("cyber-police"));
    assert_eq!(desk.refused(&lead, police.clone()), "not_entitled", "somebody speaks for them");
    for body in ["cyber-police", "police-branch"] {
        desk.manned.remove(&role(body));
    }
    let of_office = receipt(desk.now, None, Some("informatisation-office"));
    assert_eq!(desk.refused(&lead, of_office), "not_entitled", "the office has people of its own");
    desk.does(&lead, police);
    assert!(!filing_met(&desk, "filing"), "one of two");
}
