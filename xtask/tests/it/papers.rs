//! Papers: what a reader is told exists, and what exists is told.

use std::path::{Component, Path, PathBuf};

use crate::repo::{self, File};

/// Links of a Markdown text to files of the repository: neither the web's, nor places on the same page.
fn local_links(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("](") {
        let end = after.find([')', ' ']).unwrap_or(after.len());
        let link = after[..end].split('#').next().unwrap_or("");
        if !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:") {
            links.push(link);
        }
        rest = after;
    }
    links
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

fn is_markdown(file: &File) -> bool {
    Path::new(&file.path).extension().is_some_and(|extension| extension == "md")
}

#[test]
fn links_are_found() {
    let text =
        "[a](one.md) [b](two/three.md#place) [c](https://example.org/x) [d](#here) [e](four.md \"title\")";
    assert_eq!(local_links(text), ["one.md", "two/three.md", "four.md"]);
    assert_eq!(plain(Path::new("docs/src/../../LICENSE")), Path::new("LICENSE"));
}

#[test]
fn every_link_in_a_paper_leads_to_a_file() {
    let files = repo::files();
    let mut broken = Vec::new();
    for file in files.iter().filter(|file| is_markdown(file) && !file.is_fixture()) {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        for link in local_links(&file.text) {
            if !repo::root().join(plain(&folder.join(link))).exists() {
                broken.push(format!("{}: {link}", file.path));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_book_lists_every_page() {
    let listed: Vec<String> = local_links(&repo::read("docs/src/SUMMARY.md"))
        .iter()
        .map(|link| format!("docs/src/{link}"))
        .collect();
    let files = repo::files();
    let pages = files.iter().filter(|file| file.path.starts_with("docs/src/") && is_markdown(file));
    for page in pages.filter(|page| !page.path.ends_with("/SUMMARY.md")) {
        assert!(listed.contains(&page.path), "`{}` is not in docs/src/SUMMARY.md", page.path);
    }
}

#[test]
fn the_licence_is_there() {
    let text = repo::read("LICENSE");
    assert!(text.contains("Apache License") && text.contains("Version 2.0, January 2004"));
    assert!(text.contains("END OF TERMS AND CONDITIONS"), "LICENSE is cut off");
    assert_eq!(repo::toml("Cargo.toml")["workspace"]["package"]["license"].as_str(), Some("Apache-2.0"));
}

#[test]
fn architecture_has_a_line_for_every_crate() {
    let text = repo::read("ARCHITECTURE.md");
    for name in repo::crates() {
        assert!(text.contains(&format!("`{name}`")), "ARCHITECTURE.md does not speak of `{name}`");
    }
}

#[test]
fn every_code_of_a_refusal_is_explained() {
    let code = repo::read("crates/fengsui-domain/src/refusal.rs");
    let (_, table) = code.split_once("pub fn code(&self)").expect("a refusal has a code");
    let (table, _) = table.split_once("\n    }\n").expect("the function ends");
    let codes: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 10, "only {codes:?} found");
    let page = repo::read("docs/src/api.md");
    let untold: Vec<&&str> = codes.iter().filter(|code| !page.contains(&format!("| `{code}` |"))).collect();
    assert!(untold.is_empty(), "docs/src/api.md does not explain {untold:?}");
}

#[test]
fn the_changelog_is_open() {
    let text = repo::read("CHANGELOG.md");
    let releases: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(releases.first(), Some(&"## [Unreleased]"));
}

#[test]
fn ci_runs_what_a_developer_can_run() {
    let script = repo::read(".ci/run");
    let lines: Vec<&str> = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(lines, ["set -euo pipefail", "cd \"$(dirname \"$0\")/..\"", "exec cargo xtask test"]);
}
