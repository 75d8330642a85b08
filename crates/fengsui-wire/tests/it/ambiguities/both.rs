//! What no plan says of running beside another: our default and each option, run by the engine.

use fengsui_domain::incident::{Opening, PlanVersion};
use fengsui_domain::level::IncidentLevel::{self, I, II, III};
use fengsui_domain::plan::{Form, PlanId, together};

use super::{EGOV, INTERNET, NATIONAL, fact, of, opened, owed, version};
use crate::desk::{Desk, at, opening, report};

const SO: &str = "security-office";

/// An incident under the internet plan with another version beside it.
fn beside(internet: &str, (other, choice): (&str, &str), level: IncidentLevel) -> Desk {
    let plan = together(&version(INTERNET, internet), &[&version(other, choice)]).unwrap();
    let named = |id: &str| PlanVersion { id: PlanId::new(id), digest: "0".repeat(64) };
    let opening = Opening { plan: named(INTERNET), beside: vec![named(other)], ..opening(level) };
    Desk::opened_under(plan, opening).unwrap()
}

#[test]
pub(crate) fn n_2_4_each_tier_at_once() {
    for level in [I, II] {
        let mut desk = opened(INTERNET, "", level, &[]);
        assert_eq!(owed(&desk, "province-at-once"), [format!("{SO} -> provincial-cyberspace by 0")]);
        desk.does(&of(SO), report(Form::Oral, SO, "provincial-cyberspace", at(0)));
        assert_eq!(owed(&desk, "province-at-once"), [""; 0], "{level}: told");
        let desk = beside("", (NATIONAL, ""), level);
        let up = ["region-or-department -> national-emergency-office by 0"];
        assert_eq!(owed(&desk, "national-2017~judged-major"), up, "the parent plan takes it from there");
    }
    assert_eq!(owed(&opened(INTERNET, "", III, &[]), "province-at-once"), [""; 0]);
}

#[test]
pub(crate) fn n_2_4_the_government_passes_it_on() {
    let desk = opened(INTERNET, "upward-path=government-passes-it-on", I, &[]);
    assert_eq!(owed(&desk, "province-at-once"), [""; 0]);
    assert!(!owed(&desk, "city-at-once").is_empty(), "as printed");
}

#[test]
pub(crate) fn n_2_4_within_an_hour() {
    let desk = opened(INTERNET, "upward-path=within-an-hour", I, &[]);
    assert_eq!(owed(&desk, "province-at-once"), [format!("{SO} -> provincial-cyberspace by 60")]);
}

#[test]
pub(crate) fn ji_1_3_both_plans_attach() {
    let mut desk = beside("", (EGOV, ""), I);
    let mut due: Vec<_> =
        desk.incident.running().map(|clock| (clock.lapses_at, clock.clause.document())).collect();
    due.sort();
    assert!(due.iter().any(|(_, document)| *document == EGOV), "all duties apply");
    assert_eq!(due[0], (at(5), INTERNET), "the shortest clock comes first");
    assert!(!desk.plan.facts.contains_key(&fact("jincheng-egov-2008~spread")), "one answer serves both");
    desk.does(&of(SO), report(Form::Oral, SO, "leading-group", at(0)));
    assert_eq!(owed(&desk, "jincheng-egov-2008~leading-group"), [""; 0], "one office");
}

#[test]
pub(crate) fn ji_1_3_separate_records() {
    let mut desk = beside("", (EGOV, "both-plans=separate-records"), I);
    assert!(desk.plan.facts.contains_key(&fact("jincheng-egov-2008~spread")), "each plan asks for itself");
    desk.does(&of(SO), report(Form::Oral, SO, "leading-group", at(0)));
    let owes = ["informatisation-office -> leading-group by 60"];
    assert_eq!(owed(&desk, "jincheng-egov-2008~leading-group"), owes, "one report does not do for the other");
}
