//! Drills against their promises: what is shipped holds, the same seed gives the same bytes, every way
//! through every playbook can be walked by its people.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod branches;
mod leaks;
mod living;
mod shipped;
mod simulation;

use fengsui_domain::plan::Lang;
use fengsui_drill::run::Drill;
use fengsui_drill::{Asked, run};
use fengsui_wire::plan::Library;
use fengsui_wire::plan::scenario::{Scenario, load};

/// A shipped scenario.
pub(crate) fn scenario(name: &str, plans: &Library) -> Scenario {
    let known = fengsui_drill::shipped::get(name).unwrap_or_else(|| panic!("no scenario `{name}`"));
    loaded(known.name, known.bytes, plans)
}

/// A scenario that must be right.
pub(crate) fn loaded(name: &str, bytes: &[u8], plans: &Library) -> Scenario {
    let loaded = load(name, bytes, plans);
    assert_eq!(loaded.findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    loaded.scenario.unwrap()
}

/// Runs it to its end.
pub(crate) fn drilled(scenario: &Scenario, plans: &Library, seed: u64) -> Drill {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(run(Asked { scenario, plans, seed, lang: Lang::En })).unwrap()
}
