//! The page of findings for people: written from the table of codes and the first case of each.

use std::fmt::Write;

use super::super::super::finding::{Code, Severity};
use super::{Case, Edit, cases, same_as_written};

/// Lines and characters of an example that are shown.
const MAX_SHOWN: usize = 160;

const HEAD: &str = include_str!("page.md");

#[test]
fn the_page_says_what_is_found() {
    let mut page = HEAD.to_owned();
    for code in Code::ALL {
        let info = code.info();
        let case = cases().into_iter().find(|case| case.code == info.code).expect("a case for every code");
        let level = if info.severity == Severity::Error { "error" } else { "warning" };
        let [zh, en] = info.title;
        let (says, fix) = (info.says[1], info.fix[1]);
        write!(page, "\n### {}: {en}\n{level}, {zh}. {says} {fix}\n\n{}", info.code, example(case))
            .expect("a string");
    }
    same_as_written("docs/src/plan-findings.md", &page);
}

#[test]
fn the_page_on_packs_names_every_section() {
    let page = include_str!("../../../../../../docs/src/plan-packs.md");
    let unnamed: Vec<&str> = super::super::super::load::SECTIONS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(unnamed, [""; 0]);
}

/// What triggers it, what is said, and what stands there in the pack that is right.
fn example(case: &Case) -> String {
    let mut text = String::new();
    let mut right = String::new();
    for edit in case.edits {
        match edit {
            Edit::Swap(from, to) => {
                write!(text, "```yaml\n{}```\n", shown(if to.is_empty() { "# nothing\n" } else { to }))
                    .expect("a string");
                write!(right, "```yaml\n{}```\n", shown(from)).expect("a string");
            }
            Edit::Made(_, to) => write!(text, "```yaml\n{}```\n", shown(&to())).expect("a string"),
            Edit::File(name, bytes) => {
                let bytes =
                    String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.escape_ascii().to_string());
                write!(text, "```yaml\n# in {name}\n{}```\n", shown(&bytes)).expect("a string");
            }
            Edit::On(day) => {
                write!(text, "```sh\nfengsui plan check --on {day} town\n```\n").expect("a string");
            }
            Edit::Role(from, to) => {
                let roles = |name: &str| format!("```yaml\nroles:\n  {name}:\n```\n");
                text.push_str(&roles(to));
                right.push_str(&roles(from));
            }
            Edit::Folder(name) => {
                write!(text, "```yaml\n# in the folder {name}\nplan: town\n```\n").expect("a string");
            }
        }
    }
    let first = case.findings().into_iter().next().expect("a finding");
    writeln!(text, "\n> {first}").expect("a string");
    if !right.is_empty() {
        write!(text, "\nRight:\n\n{right}").expect("a string");
    }
    text
}

/// The lines of an example, without the indentation they share, and cut where they are long.
fn shown(text: &str) -> String {
    let indent =
        text.lines().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let mut lines = String::new();
    for line in text.lines() {
        let line: Vec<char> = line.chars().skip(indent.unwrap_or(0)).collect();
        let cut = if line.len() > MAX_SHOWN { "…" } else { "" };
        writeln!(lines, "{}{cut}", line.iter().take(MAX_SHOWN).collect::<String>()).expect("a string");
    }
    lines
}
