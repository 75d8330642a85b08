//! The twelve scenarios of ours.

use std::collections::BTreeSet;

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
                playbooks.insert(chosen.playbook.to_string());
            }
        }
    }
    assert_eq!(names().len(), 12);
    let egov = plans.list().find(|pack| pack.plan.id.as_str() == "jincheng-egov-2008").unwrap();
    assert_eq!(playbooks, egov.plan.playbooks.iter().map(|book| book.id.to_string()).collect());
    let of = |plan: &str| levels.iter().filter(|(id, _)| id == plan).count();
    assert_eq!((of("jincheng-internet-2008"), of("national-2017")), (4, 1));
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
