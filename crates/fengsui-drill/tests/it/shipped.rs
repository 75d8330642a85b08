//! The thirteen scenarios of ours.

use std::collections::BTreeSet;

use fengsui_domain::plan::own_name;
use fengsui_wire::plan::Library;
use fengsui_wire::plan::scenario::Happening;

use crate::{drilled, scenario};

/// Seeds under which everything expected has to be so: what a scenario states must not hang on luck.
const SEEDS: [u64; 3] = [1, 2, 77];

fn names() -> Vec<&'static str> {
    fengsui_drill::shipped::all().into_iter().map(|known| known.name).collect()
}

#[test]
fn every_expectation_holds_and_the_rules_refuse_nothing() {
    let plans = Library::shipped();
    for name in names() {
        let scenario = scenario(name, &plans);
        assert!(!scenario.expect.clocks.is_empty(), "{name} expects something of its obligations");
        for seed in SEEDS {
            let drill = drilled(&scenario, &plans, seed);
            let wrong: Vec<_> = drill.expected.iter().filter(|expected| !expected.holds).collect();
            assert!(wrong.is_empty(), "{name} with seed {seed}: {wrong:#?}");
            let refused: Vec<_> = drill.timeline.iter().filter(|act| act.refused.is_some()).collect();
            assert!(refused.is_empty(), "{name} with seed {seed}: {refused:#?}");
            assert!(drill.ledger.verified && drill.holds(), "{name} with seed {seed}");
        }
    }
}

#[test]
fn there_is_one_for_each_playbook_and_each_level() {
    let plans = Library::shipped();
    let (mut playbooks, mut levels) = (BTreeSet::new(), BTreeSet::new());
    for name in names() {
        let scenario = scenario(name, &plans);
        levels.insert((scenario.plan.to_string(), scenario.expect.level));
        for inject in &scenario.injects {
            if let Happening::Playbook(chosen) = &inject.what {
                playbooks.insert(own_name(&chosen.playbook).1.to_owned());
            }
        }
    }
    assert_eq!(names().len(), 13);
    let egov = plans.list().find(|pack| pack.plan.id.as_str() == "jincheng-egov-2008").unwrap();
    assert_eq!(playbooks, egov.plan.playbooks.iter().map(|book| book.id.to_string()).collect());
    let of = |plan: &str| levels.iter().filter(|(id, _)| id == plan).count();
    assert_eq!((of("jincheng-internet-2008"), of("national-2017")), (4, 1), "two plans lead at level II");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let plans = Library::shipped();
    for name in ["internet-level-three", "egov-intrusion", "national-three-to-one"] {
        let scenario = scenario(name, &plans);
        let bytes = |seed| serde_json::to_vec(&drilled(&scenario, &plans, seed)).unwrap();
        let first = bytes(5);
        assert!(first == bytes(5), "{name} with the same seed");
        assert!(first != bytes(6), "{name} with another seed");
    }
}

#[test]
fn what_a_scenario_expects_wrongly_is_found() {
    let plans = Library::shipped();
    let known = fengsui_drill::shipped::get("internet-level-four").unwrap();
    let text = std::str::from_utf8(known.bytes).unwrap();
    for (right, wrong, what) in [
        ("filing: met", "filing: lapsed", "filing"),
        ("phase: archived", "phase: ended", "phase"),
        ("  level: IV\n  clocks", "  level: II\n  clocks", "level"),
        ("city-oral-major: none", "city-oral-major: met", "city-oral-major"),
    ] {
        let changed = text.replace(right, wrong);
        assert_ne!(changed, text, "{right}");
        let drill = drilled(&crate::loaded(known.name, changed.as_bytes(), &plans), &plans, 1);
        let wrong: Vec<_> =
            drill.expected.iter().filter(|one| !one.holds).map(|one| one.what.as_str()).collect();
        assert_eq!((wrong.as_slice(), drill.holds()), (&[what][..], false));
    }
}

#[test]
fn under_two_plans_every_duty_of_both_is_done_and_the_shortest_comes_first() {
    let plans = Library::shipped();
    let two = scenario("city-two-plans", &plans);
    let drill = drilled(&two, &plans, 1);
    assert_eq!(drill.beside.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["jincheng-egov-2008"]);
    let [incident] = drill.incidents.as_slice() else { panic!("one incident under both") };
    let owed = |front: &str| incident.obligations.iter().filter(|one| one.clause.starts_with(front)).count();
    let (internet, egov) = (owed("jincheng-internet-2008/"), owed("jincheng-egov-2008/"));
    assert!(internet > 10 && egov > 5, "{internet} and {egov}");
    assert_eq!(internet + egov, incident.obligations.len(), "nothing is owed under any other plan");
    for plan in ["jincheng-internet-2008", "jincheng-egov-2008"] {
        let first = |clause: &str| {
            let due = incident.obligations.iter().filter(|one| one.clause.starts_with(clause));
            due.map(|one| one.due_at).min()
        };
        assert_eq!(first(&format!("{plan}/")), Some(drill.began_at), "{plan} owes something at once");
    }
    let met: Vec<_> = incident.obligations.iter().filter(|one| one.met_at.is_some()).collect();
    assert_eq!(met.len(), incident.obligations.len(), "all of it is done");
}

#[test]
fn without_the_second_plan_its_duties_are_not_there() {
    let plans = Library::shipped();
    let mut one = scenario("city-two-plans", &plans);
    one.beside.clear();
    one.injects.retain(|inject| !matches!(inject.what, Happening::Playbook(_)));
    let drill = drilled(&one, &plans, 1);
    let incident = &drill.incidents[0];
    assert!(incident.obligations.iter().all(|one| one.clause.starts_with("jincheng-internet-2008/")));
    assert_eq!(incident.level, "III", "the graver level was the other plan's");
    assert!(serde_json::to_value(&drill).unwrap().get("beside").is_none());
}
