//! Fuzzing: each target is built, and each that is built is there.

use std::collections::BTreeSet;

use crate::repo;

/// What differs between the files in `fuzz_targets` and the `[[bin]]`s of a manifest.
fn differences(files: &BTreeSet<String>, manifest: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut built = BTreeSet::new();
    for bin in manifest.get("bin").and_then(toml::Value::as_array).into_iter().flatten() {
        let [name, path] =
            ["name", "path"].map(|key| bin.get(key).and_then(toml::Value::as_str).unwrap_or(""));
        if path != format!("fuzz_targets/{name}.rs") {
            found.push(format!(
                "`{name}` in fuzz/Cargo.toml has the path `{path}`, not `fuzz_targets/{name}.rs`"
            ));
        }
        if !files.contains(name) {
            found.push(format!("`{name}` in fuzz/Cargo.toml has no file"));
        }
        built.insert(name.to_owned());
    }
    for name in files.difference(&built) {
        found.push(format!("`fuzz/fuzz_targets/{name}.rs` has no [[bin]] in fuzz/Cargo.toml"));
    }
    found
}

#[test]
fn the_rule_finds_what_breaks_it() {
    let manifest = "[[bin]]\nname = 'a'\npath = 'fuzz_targets/a.rs'\n[[bin]]\nname = 'b'\npath = 'b.rs'";
    let manifest = manifest.parse().expect("the test writes good TOML");
    let files = ["a", "c"].map(String::from).into();
    let expected = [
        "`b` in fuzz/Cargo.toml has the path `b.rs`, not `fuzz_targets/b.rs`",
        "`b` in fuzz/Cargo.toml has no file",
        "`fuzz/fuzz_targets/c.rs` has no [[bin]] in fuzz/Cargo.toml",
    ];
    assert_eq!(differences(&files, &manifest), expected);
}

#[test]
fn every_fuzz_target_is_built() {
    let files: BTreeSet<String> = repo::entries(&repo::root().join("fuzz/fuzz_targets"))
        .into_iter()
        .filter_map(|path| Some(path.file_name()?.to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    assert!(!files.is_empty());
    let differences = differences(&files, &repo::toml("fuzz/Cargo.toml"));
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}
