//! Plan packs from an operator's folder: nothing panics, every answer is bounded, and a plan comes
//! out exactly if there is no error.
#![no_main]

use fengsui_domain::plan::Lang;
use fengsui_wire::plan::{Library, MAX_FINDINGS, PackFile, Severity, load, show};
use libfuzzer_sys::fuzz_target;

/// Packs that are right, so that what is put into one is looked at as a whole: one with orders and a chain of
/// disposal, one with playbooks, one with leads of the review by level.
const PACKS: [&str; 3] = ["jincheng-internet-2008/", "jincheng-egov-2008/", "national-2017/"];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let (pack, place) = (usize::from(choice) % PACKS.len(), usize::from(choice) / PACKS.len());
    // The bytes stand alone, or in place of one file of a pack that is right.
    let mut files: Vec<PackFile<'_>> =
        Library::shipped_files().into_iter().filter(|file| file.path.starts_with(PACKS[pack])).collect();
    match files.get_mut(place) {
        Some(file) => file.bytes = bytes,
        None => files = vec![PackFile { path: "jincheng-internet-2008/plan.yaml", bytes }],
    }
    let loaded = load(&files);
    let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert_eq!(loaded.plan.is_some(), errors == 0);
    assert!(loaded.findings.len() <= MAX_FINDINGS);
    if let Some(plan) = loaded.plan {
        assert!(!show(&plan, Lang::Zh).is_empty() && !show(&plan, Lang::En).is_empty());
    }
});
