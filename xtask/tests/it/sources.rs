//! Sources: every file says what it is, is short enough to read, and leaves nothing for later.

use std::collections::BTreeSet;

use crate::repo::{self, File};

/// Lines of a source file.
const MOST_LINES: usize = 600;

/// Files over [`MOST_LINES`], each with the reason: flat tables of declarations or data, no logic.
const LONG: &[(&str, &str)] = &[];

/// Words that nobody may leave behind. In two pieces, or this file would break its own rule.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("db", "g!("),
];

/// Paths of a machine on which this was written.
const MACHINES: &[&str] = &[concat!("/wo", "rk/"), concat!("/tm", "p/t-")];

/// Lines of code outside tests for each `unwrap` that may stand there.
const LINES_FOR_AN_UNWRAP: usize = 2_000;

/// Whether a file exists for tests alone, judged by its path.
fn is_for_tests(path: &str) -> bool {
    path.starts_with("fuzz/")
        || path.ends_with("/tests.rs")
        || path.split('/').any(|part| matches!(part, "tests" | "benches" | "examples"))
}

fn is_rust(file: &File) -> bool {
    std::path::Path::new(&file.path).extension().is_some_and(|extension| extension == "rs")
}

/// Whether the file opens with what it is: its own words, or those of a README beside it.
fn has_header(text: &str) -> bool {
    text.starts_with("//! ") || text.starts_with("#![doc = include_str!(")
}

/// The modules that a file declares for tests only, as the paths where they can be.
fn test_modules(file: &File) -> Vec<String> {
    let folder = match file.path.strip_suffix(".rs") {
        Some(path) => match path.rsplit_once('/') {
            Some((folder, "lib" | "main" | "mod")) => folder.to_owned(),
            _ => path.to_owned(),
        },
        None => return Vec::new(),
    };
    let mut modules = Vec::new();
    let mut lines = file.text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]"
            && let Some(name) = lines.next().and_then(|line| line.strip_suffix(';'))
            && let Some(name) = name.split_whitespace().last()
        {
            modules.push(format!("{folder}/{name}.rs"));
        }
    }
    modules
}

/// The lines of a file that do not stand in a `#[cfg(test)]` block.
fn product_lines(text: &str) -> Vec<&str> {
    let mut product = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            // A block ends with a brace in the first column, a declaration with its own line.
            let declared = lines.next().is_some_and(|next| next.ends_with(';'));
            if !declared {
                lines.by_ref().find(|line| *line == "}");
            }
        } else {
            product.push(line);
        }
    }
    product
}

/// Where one of the words stands, as `path:line: word`.
fn words_in(file: &File, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let inside = words.iter().filter(|word| line.contains(**word));
        found.extend(inside.map(|word| format!("{}:{}: `{word}`", file.path, number + 1)));
    }
    found
}

#[test]
fn the_rules_find_what_breaks_them() {
    assert!(has_header("//! What it is.\n") && has_header("#![doc = include_str!(\"../README.md\")]\n"));
    assert!(!has_header("use std::fmt;\n") && !has_header("/// An item.\n") && !has_header("//!\n"));

    let text = format!("one\n{} later\n", UNFINISHED[0]);
    assert_eq!(words_in(&File::new("a.rs", &text), UNFINISHED), [format!("a.rs:2: `{}`", UNFINISHED[0])]);

    let text = "#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\nmod more {\n    fn b() {}\n}\nfn c() {}\n";
    assert_eq!(product_lines(text), ["fn a() {}", "fn c() {}"]);
    for (path, module) in [
        ("x/src/lib.rs", "x/src/tests.rs"),
        ("x/src/a.rs", "x/src/a/tests.rs"),
        ("x/src/a/b.rs", "x/src/a/b/tests.rs"),
    ] {
        assert_eq!(test_modules(&File::new(path, text)), [module], "{path}");
    }
    assert!(is_for_tests("crates/a/src/b/tests.rs") && is_for_tests("crates/a/tests/it/main.rs"));
    assert!(!is_for_tests("crates/a/src/tests_of_b.rs"));
}

#[test]
fn every_source_says_what_it_is() {
    let files = repo::files();
    let silent =
        files.iter().filter(|file| is_rust(file) && !is_for_tests(&file.path) && !has_header(&file.text));
    let silent: Vec<&str> = silent.map(|file| file.path.as_str()).collect();
    assert!(silent.is_empty(), "these start without `//!`:\n{}", silent.join("\n"));
}

#[test]
fn no_source_is_too_long() {
    let files = repo::files();
    for file in files.iter().filter(|file| is_rust(file)) {
        let lines = file.text.lines().count();
        let excused = LONG.iter().any(|(path, _)| *path == file.path);
        let path = &file.path;
        assert!(excused || lines <= MOST_LINES, "`{path}` has {lines} lines, at most {MOST_LINES}: split it");
        assert!(!excused || lines > MOST_LINES, "`{path}` has {lines} lines and needs no place in LONG");
    }
    for (path, _) in LONG {
        assert!(files.iter().any(|file| file.path == *path), "LONG lists `{path}`, which is not there");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let files = repo::files();
    let found: Vec<String> =
        files.iter().filter(|file| !file.is_fixture()).flat_map(|file| words_in(file, UNFINISHED)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_machine_is_named() {
    let files = repo::files();
    let found: Vec<String> =
        files.iter().filter(|file| !file.is_fixture()).flat_map(|file| words_in(file, MACHINES)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_product_hardly_unwraps() {
    let files = repo::files();
    let only_for_tests: BTreeSet<String> =
        files.iter().filter(|file| is_rust(file)).flat_map(test_modules).collect();
    let product = files
        .iter()
        .filter(|file| is_rust(file) && file.path.starts_with("crates/") && !is_for_tests(&file.path));
    let (mut lines, mut unwraps) = (0, Vec::new());
    for file in product.filter(|file| !only_for_tests.contains(&file.path)) {
        let code = product_lines(&file.text);
        lines += code.len();
        let unwrapping =
            code.iter().filter(|line| line.contains(".unwrap()") && !line.trim_start().starts_with("//"));
        unwraps.extend(unwrapping.map(|line| format!("{}: {}", file.path, line.trim())));
    }
    let most = lines / LINES_FOR_AN_UNWRAP;
    assert!(
        unwraps.len() <= most,
        "at most {most} in {lines} lines, here are {}:\n{}",
        unwraps.len(),
        unwraps.join("\n")
    );
}
