//! Scenarios of drills from somebody's file: nothing panics, every answer is bounded, a scenario comes out
//! exactly if there is no error, and what comes out keeps the limits that the runner relies on.
#![no_main]

use std::sync::LazyLock;

use fengsui_wire::plan::scenario::{
    LoadedScenario, MAX_BESIDE, MAX_DAYS, MAX_INDICATORS, MAX_INJECTS, MAX_PEOPLE, Scenario, load,
};
use fengsui_wire::plan::{Library, MAX_FINDINGS, Severity};
use libfuzzer_sys::fuzz_target;

/// Read once: that takes longer than all else here.
static PLANS: LazyLock<Library> = LazyLock::new(Library::shipped);

/// Scenarios that are right: one under two plans, one with log lines and a derived event.
const RIGHT: [(&str, &str); 2] = [
    ("city-two-plans.yaml", include_str!("../../scenarios/city-two-plans.yaml")),
    ("internet-level-three.yaml", include_str!("../../scenarios/internet-level-three.yaml")),
];

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (choice, line, bytes) = input;
    // The bytes stand alone, or in place of one line of a scenario that is right.
    let loaded = match RIGHT.get(usize::from(choice) % (RIGHT.len() + 1)) {
        None => load("scenario.yaml", bytes, &PLANS),
        Some((name, text)) => {
            let lines: Vec<&[u8]> = text.lines().map(str::as_bytes).collect();
            let place = usize::from(line) % lines.len();
            let (before, after) = (lines[..place].join(&b'\n'), lines[place + 1..].join(&b'\n'));
            load(name, &[before.as_slice(), bytes, after.as_slice()].join(&b'\n'), &PLANS)
        }
    };
    let LoadedScenario { scenario, findings } = loaded;
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert_eq!(scenario.is_some(), errors == 0);
    assert!(findings.len() <= MAX_FINDINGS);
    if let Some(scenario) = scenario {
        keeps_its_limits(&scenario);
    }
});

fn keeps_its_limits(scenario: &Scenario) {
    assert!((1..=MAX_INJECTS).contains(&scenario.injects.len()));
    assert!(scenario.injects.is_sorted_by_key(|inject| inject.at));
    assert!(scenario.lasts.as_hours() <= MAX_DAYS * 24);
    assert!(scenario.beside.len() <= MAX_BESIDE && scenario.indicators.len() <= MAX_INDICATORS);
    for staff in scenario.people.values() {
        assert!((1..=MAX_PEOPLE).contains(&staff.count));
        assert!(staff.absent.iter().all(|(from, to)| from < to));
    }
    let own = scenario.people.values().filter_map(|staff| staff.hours.as_ref());
    for hours in own.chain([&scenario.hours]) {
        assert!(hours.day.is_none_or(|(from, to)| from < to));
        assert!(!hours.days.is_empty() && hours.on_duty <= MAX_PEOPLE);
        assert!(hours.night.from <= hours.night.to && hours.called.from <= hours.called.to);
    }
}
