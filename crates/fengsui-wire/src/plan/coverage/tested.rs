//! Which rules of the shipped packs which tests ran: the lists that `cargo xtask coverage` writes.
//!
//! `plans/NAME/tested.txt` has a line for each rule: its place, a tab, the tests with `, ` between them. It
//! is no part of the pack and does not count for its digest. A test of this module holds every line to a
//! rule and a test that exist; the stage `coverage` of `cargo xtask test` runs the tests and compares.

use std::collections::BTreeMap;

use fengsui_domain::plan::PlanId;

use crate::plan::library::Library;

/// The list of a shipped pack, beside its files.
pub(super) const LIST: &str = "tested.txt";

/// For each rule of a shipped pack that tests ran, the tests; nothing for a pack that is not shipped.
pub fn tested(plan: &PlanId) -> BTreeMap<&'static str, Vec<&'static str>> {
    let path = format!("{plan}/{LIST}");
    let files = Library::shipped_files();
    let text = files.iter().find(|file| file.path == path).map_or(&b""[..], |file| file.bytes);
    // The list is ours and a test reads it; what is not UTF-8 would be no line of it.
    let lines = std::str::from_utf8(text).unwrap_or("").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('\t'))
        .map(|(at, tests)| (at, tests.split(", ").collect()))
        .collect()
}
