//! Every finding there is: each case breaks one thing in the pack `town` and gives findings of one code only.
//!
//! What is found stands in `tests/golden/findings.txt`, the page for people in `docs/src/plan-findings.md`.
//! After a change that is meant, write both again and read what changed:
//!
//! ```text
//! FENGSUI_WRITE=1 cargo nextest run -p fengsui-wire plan::tests::findings
//! ```

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use fengsui_domain::plan::Lang;

use super::super::finding::Code;
use super::super::load::load_with_options;
use super::super::{Finding, PackFile, Severity};
use super::{fixture, load_files, said};

mod calendar;
mod clocks;
mod names;
mod options;
mod page;
mod playbooks;
mod reading;
mod sense;
mod stages;
mod standing;
mod warnings;

/// One broken pack.
pub(super) struct Case {
    /// The code of all its findings.
    code: &'static str,
    /// What is wrong, in a few words.
    pub(super) what: &'static str,
    /// What is changed in the pack that is right.
    edits: &'static [Edit],
}

/// One change to the pack.
enum Edit {
    /// A text of `plan.yaml`, which must stand there, and what takes its place.
    Swap(&'static str, &'static str),
    /// The same with a text too long to be written out.
    Made(&'static str, fn() -> String),
    /// A role is called otherwise, wherever it is named.
    Role(&'static str, &'static str),
    /// A further file.
    File(&'static str, &'static [u8]),
    /// The folder has another name.
    Folder(&'static str),
    /// The day from which it is to be relied on.
    On(&'static str),
}

use Edit::{File, Folder, Made, On, Role, Swap};

/// Every case, by code.
pub(super) fn cases() -> Vec<&'static Case> {
    let all = [
        reading::CASES,
        names::CASES,
        sense::CASES,
        playbooks::CASES,
        clocks::CASES,
        stages::CASES,
        standing::CASES,
        options::CASES,
        warnings::CASES,
        calendar::CASES,
    ];
    let mut cases: Vec<&Case> = all.into_iter().flatten().collect();
    cases.sort_by_key(|case| case.code);
    cases
}

impl Case {
    pub(super) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let [(_, bytes)] = <[_; 1]>::try_from(fixture("town")).expect("one file");
        let mut text = String::from_utf8(bytes).expect("text");
        let (mut folder, mut more) = ("town", Vec::new());
        let swap = |text: &mut String, from: &str, to: &str, times: usize| {
            assert!(text.contains(from), "{}: `{from}` is not in the pack", self.what);
            *text = text.replacen(from, to, times);
        };
        for edit in self.edits {
            match edit {
                Swap(from, to) => swap(&mut text, from, to, 1),
                Made(from, to) => swap(&mut text, from, &to(), 1),
                Role(from, to) => swap(&mut text, &format!(" {from}"), &format!(" {to}"), usize::MAX),
                File(name, bytes) => more.push((*name, bytes.to_vec())),
                Folder(name) => folder = name,
                On(_) => {}
            }
        }
        more.push(("plan.yaml", text.into_bytes()));
        more.into_iter().map(|(name, bytes)| (format!("{folder}/{name}"), bytes)).collect()
    }

    fn findings(&self) -> Vec<Finding> {
        let on = self.edits.iter().find_map(|edit| match edit {
            On(day) => Some(day.parse().expect("a day")),
            _ => None,
        });
        let files = self.files();
        let files: Vec<_> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
        let loaded = load_with_options(&files, on);
        let elsewhere = loaded.parents.into_iter().map(|(_, finding)| finding);
        loaded.findings.into_iter().chain(elsewhere).collect()
    }
}

/// A file of the repository; with `FENGSUI_WRITE` set it is written, else it must say the same.
fn same_as_written(path: &str, now: &str) {
    let file = PathBuf::from(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR")));
    if std::env::var_os("FENGSUI_WRITE").is_some() {
        std::fs::write(&file, now).expect("a file that can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = written.lines().zip(now.lines()).find(|(was, is)| was != is);
    assert!(written == now, "{path} is not what is found now; first difference: {differs:?}");
}

#[test]
fn the_pack_they_break_is_right() {
    assert_eq!(said(&load_files(&fixture("town"))), [""; 0]);
}

#[test]
fn each_case_gives_findings_of_its_own_code_only() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = case.findings();
        if found.is_empty() || found.iter().any(|finding| finding.code.info().code != case.code) {
            let lines: Vec<String> =
                found.iter().map(|finding| format!("{} {finding}", finding.code.info().code)).collect();
            wrong.push(format!("{} {}: {lines:#?}", case.code, case.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case() {
    let codes: Vec<&str> = cases().iter().map(|case| case.code).collect();
    for code in Code::ALL.iter().map(|code| code.info().code) {
        assert!(codes.contains(&code), "no case triggers {code}");
    }
    assert!(codes.len() >= 60, "{} cases", codes.len());
    let names: BTreeSet<&str> = cases().iter().map(|case| case.what).collect();
    assert_eq!(names.len(), codes.len(), "each case has a name of its own");
}

#[test]
fn what_is_found_is_what_was_written_down() {
    let mut text = String::new();
    for case in cases() {
        writeln!(text, "# {}: {}", case.code, case.what).expect("a string");
        for finding in case.findings() {
            let code = finding.code.info().code;
            let Finding { line, column, place, .. } = &finding;
            let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
            writeln!(text, "{code} {severity} {place} {line}:{column}").expect("a string");
            for lang in [Lang::En, Lang::Zh] {
                writeln!(text, "  {}", finding.in_words(lang)).expect("a string");
            }
        }
        text.push('\n');
    }
    same_as_written("crates/fengsui-wire/tests/golden/findings.txt", &text);
}
