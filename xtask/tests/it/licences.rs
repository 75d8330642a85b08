//! Licences: what we build on may be used as we use it. `deny.toml` is the one list; cargo-deny judges
//! by it where it is installed, and these tests everywhere.

use std::process::Command;

use toml::{Table, Value};

use crate::repo;

/// Whether an SPDX expression can be kept with the allowed licences alone.
///
/// `AND` binds closer than `OR`; an exception (`WITH`) is a licence of its own; `/` is the old `OR`.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let verdict = any_of(&mut words, allowed);
    verdict && words.peek().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut verdict = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        verdict |= all_of(words, allowed);
    }
    verdict
}

fn all_of(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut verdict = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        verdict &= one(words, allowed);
    }
    verdict
}

fn one(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    match words.next() {
        Some("(") => {
            let verdict = any_of(words, allowed);
            verdict && words.next() == Some(")")
        }
        Some(licence) => {
            let licence = match words.next_if_eq(&"WITH") {
                Some(_) => format!("{licence} WITH {}", words.next().unwrap_or("")),
                None => licence.to_owned(),
            };
            allowed.contains(&licence.as_str())
        }
        None => false,
    }
}

fn strings<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    let items = value.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().or_else(|| item.get("crate")?.as_str())).collect()
}

/// Lines `NAME VERSION<tab>LICENCE`, one for each package that any of our packages is built from here.
fn packages() -> Vec<(String, String)> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--workspace", "-e", "normal,build,dev", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}\t{l}"])
        .current_dir(repo::root())
        .output()
        .expect("cargo runs this test, so it can be started");
    assert!(tree.status.success(), "`cargo tree` failed: {}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("cargo prints UTF-8");
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let mut packages: Vec<_> = lines.map(|(name, licence)| (name.to_owned(), licence.to_owned())).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

#[test]
fn expressions() {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
    for (expression, expected) in [
        ("MIT", true),
        ("MIT OR GPL-3.0-only", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND NCSA", false),
        ("GPL-3.0-only OR MIT AND NCSA", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH LLVM-exception", false),
        ("GPL-2.0-only", false),
        ("(MIT", false),
        ("MIT)", false),
        ("MIT Apache-2.0", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression:?}");
    }
}

#[test]
fn everything_we_build_on_may_be_used() {
    let deny = repo::toml("deny.toml");
    let allowed = strings(&deny["licenses"], "allow");
    let packages = packages();
    assert!(packages.len() > 20, "only {} packages found", packages.len());
    let refused: Vec<_> = packages
        .iter()
        .filter(|(_, licence)| !is_allowed(licence, &allowed))
        .map(|(name, licence)| format!("{name}: `{licence}`"))
        .collect();
    assert!(refused.is_empty(), "not allowed by deny.toml:\n{}", refused.join("\n"));
}

#[test]
fn what_is_banned_is_not_even_in_the_lock_file() {
    let deny = repo::toml("deny.toml");
    let banned = strings(&deny["bans"], "deny");
    assert!(banned.contains(&"openssl-sys"));
    let lock: Table = repo::toml("Cargo.lock");
    let names =
        lock["package"].as_array().into_iter().flatten().filter_map(|package| package.get("name")?.as_str());
    let found: Vec<&str> = names.filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "banned by deny.toml and in Cargo.lock: {}", found.join(", "));
}
