//! Whatever bytes come in: an answer, never a panic, always within the limits.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::{Library, Loaded, MAX_FINDINGS, PackFile, Severity, load};
use super::{fixture, load_files};

/// What must hold of every answer.
fn check(files: &[(String, Vec<u8>)], loaded: &Loaded) -> Result<(), TestCaseError> {
    let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    prop_assert_eq!(loaded.plan.is_some(), errors == 0, "a plan exactly if there is no error");
    prop_assert!(loaded.findings.len() <= MAX_FINDINGS);
    prop_assert_eq!(loaded.digest.len(), 64);
    for finding in &loaded.findings {
        let file = files.iter().find(|(path, _)| *path == finding.file);
        let (_, bytes) = file.expect("a finding names one of the files");
        let lines = bytes.split(|byte| *byte == b'\n' || *byte == b'\r').count();
        prop_assert!((1..=lines + 1).contains(&(finding.line as usize)), "{} of {} lines", finding, lines);
        prop_assert!(finding.column >= 1);
        prop_assert!(!finding.message.zh.is_empty() && !finding.message.en.is_empty());
    }
    Ok(())
}

fn shipped(pack: &str) -> Vec<(String, Vec<u8>)> {
    let files = Library::shipped_files();
    let own = files.iter().filter(|file| file.path.split('/').next() == Some(pack));
    own.map(|file| (file.path.to_owned(), file.bytes.to_vec())).collect()
}

/// A pack as it is, without trying what else may be chosen.
fn load_plain(files: &[(String, Vec<u8>)]) -> Loaded {
    let files: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    load(&files)
}

/// One change to a file.
#[derive(Clone, Debug)]
enum Change {
    /// Bytes in place of others.
    Splice(Index, usize, Vec<u8>),
    /// A line away.
    Drop(Index),
    /// A line twice, the second time elsewhere.
    Copy(Index, Index),
    /// A line further in or out.
    Indent(Index, bool),
    /// A word in place of another of the same file.
    Word(Index, Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 0..6_usize, prop::collection::vec(any::<u8>(), 0..6))
            .prop_map(|(at, len, bytes)| Change::Splice(at, len, bytes)),
        any::<Index>().prop_map(Change::Drop),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Copy(from, to)),
        (any::<Index>(), any::<bool>()).prop_map(|(at, deeper)| Change::Indent(at, deeper)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, with)| Change::Word(at, with)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    match change {
        Change::Splice(at, len, with) => {
            let start = at.index(bytes.len() + 1);
            let end = (start + len).min(bytes.len());
            bytes.splice(start..end, with.iter().copied());
            return;
        }
        Change::Drop(at) => drop(lines.remove(at.index(lines.len()))),
        Change::Copy(from, to) => {
            let line = lines[from.index(lines.len())].clone();
            let to = to.index(lines.len());
            lines.insert(to, line);
        }
        Change::Indent(at, deeper) => {
            let at = at.index(lines.len());
            if *deeper {
                lines[at].splice(0..0, *b"  ");
            } else {
                let spaces = lines[at].iter().take(2).take_while(|byte| **byte == b' ').count();
                lines[at].drain(..spaces);
            }
        }
        Change::Word(at, with) => {
            let mut words: Vec<Vec<u8>> = bytes.split(|byte| *byte == b' ').map(<[u8]>::to_vec).collect();
            let with = words[with.index(words.len())].clone();
            let at = at.index(words.len());
            words[at] = with;
            *bytes = words.join(&b' ');
            return;
        }
    }
    *bytes = lines.join(&b'\n');
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let files = vec![("x/plan.yaml".to_owned(), bytes)];
        check(&files, &load_files(&files))?;
    }

    #[test]
    fn any_text_that_looks_like_yaml(text in "([a-z_]{0,8}|[ \n]{1,3}|: |- |[\\[\\]{},|>&*!?#'\"%~]|是|\t|[0-9]){0,200}") {
        let files = vec![("x/plan.yaml".to_owned(), text.into_bytes())];
        check(&files, &load_files(&files))?;
    }

    #[test]
    fn a_changed_pack(
        pack in 0_usize..5,
        file in any::<Index>(),
        changes in prop::collection::vec(any_change(), 1..4),
    ) {
        let mut files = match pack {
            0 => fixture("minimal"),
            1 => fixture("town"),
            2 => shipped("jincheng-internet-2008"),
            3 => shipped("jincheng-egov-2008"),
            _ => shipped("national-2017"),
        };
        let changed = file.index(files.len());
        for change in &changes {
            apply(&mut files[changed].1, change);
        }
        // The many options of a shipped pack would be tried anew each time; the town has one of its own.
        let answer = if pack < 2 { load_files } else { load_plain };
        let loaded = answer(&files);
        check(&files, &loaded)?;
        files.reverse();
        let again = answer(&files);
        prop_assert_eq!(loaded.findings, again.findings, "the order of the files does not matter");
        prop_assert_eq!(loaded.plan, again.plan);
    }
}

#[test]
fn files_full_of_openings_are_answered() {
    for opening in [
        "[", "{", "- ", "? ", "a: {", "\"", "'", "|", ">", "&a ", "*a ", "!a ", "a:\n ", "%", "---\n",
        "\u{feff}",
    ] {
        let text = opening.repeat(20_000 / opening.len());
        let loaded = load(&[PackFile { path: "x/plan.yaml", bytes: text.as_bytes() }]);
        assert!(loaded.plan.is_none(), "{opening:?}");
        assert!(!loaded.findings.is_empty(), "{opening:?}");
    }
}

#[test]
fn a_pack_full_of_mistakes_is_answered() {
    let long = |at: usize| format!("{at:08}{}", "x".repeat(56));
    let roles: Vec<String> =
        (0..2_000).map(|at| format!("  a{}:\n    fallback: b{}\n", long(at), long(at))).collect();
    let wrong: Vec<String> = (0..50).map(|at| format!("facts.q{at}")).collect();
    let rule = format!("    - {{ level: IV, when: '{}' }}\n", wrong.join(" || "));
    let facts: Vec<String> =
        (0..2_000).map(|at| format!("  q{}:\n    answer: yes-or-no\n", long(at))).collect();
    let texts = [
        ("x/roles.yaml", format!("roles:\n{}", roles.concat())),
        ("x/facts.yaml", format!("facts:\n{}", facts.concat())),
        ("x/grading.yaml", format!("grading:\n  rules:\n{}", rule.repeat(200))),
    ];
    let files: Vec<(String, Vec<u8>)> =
        texts.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    let loaded = load_files(&files);
    assert!(loaded.plan.is_none());
    assert_eq!((loaded.findings.len(), loaded.cut_short), (MAX_FINDINGS, true));
}

/// Hundreds of clocks for one duty, each with another limit and condition: an answer comes, and says that not
/// everything was tried.
#[test]
fn a_pack_full_of_clocks_is_answered() {
    let [(path, bytes)] = <[_; 1]>::try_from(fixture("town")).expect("one file");
    let clock = |at: usize| {
        format!(
            "  - {{ id: c{at}, title: {{ zh: 报告, en: Report }}, clause: town/2, when: facts.machines == {at}, duty: {{ of: unit, to: office }}, starts: body_became_aware, within: {} min, met_by: report }}\n",
            at + 1
        )
    };
    let clocks: String = (0..700).map(clock).collect();
    let text =
        String::from_utf8(bytes).expect("text").replace("\nclocks:\n", &format!("\nclocks:\n{clocks}"));
    let loaded = load_files(&[(path, text.into_bytes())]);
    let codes: Vec<&str> = loaded.findings.iter().map(|finding| finding.code.info().code).collect();
    assert_eq!(codes, ["FP052"], "{:?}", loaded.findings);
    assert!(loaded.plan.is_some(), "what was not tried counts as right");
}
