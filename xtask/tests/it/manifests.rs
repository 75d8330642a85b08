//! Manifests: one version of each dependency, in one place, and nothing listed that nobody uses.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::repo;

const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Crates that one default build may have, ours included, on Linux. Each addition is a decision: before
/// raising this figure, look at what else could be dropped.
const MOST_CRATES: usize = 350;

/// Every dependency of a manifest as (kind, name, value), those for one system included.
fn dependencies(manifest: &Table) -> Vec<(&'static str, &str, &Value)> {
    let systems = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let mut found = Vec::new();
    for table in systems.filter_map(Value::as_table).chain([manifest]) {
        for kind in KINDS {
            for (name, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
                found.push((kind, name.as_str(), value));
            }
        }
    }
    found
}

/// Dependencies of a package that do not take their version from the workspace.
fn own_versions(package: &str, manifest: &Table) -> Vec<String> {
    let inherits = |value: &Value| value.get("workspace").and_then(Value::as_bool) == Some(true);
    let own = dependencies(manifest).into_iter().filter(|(_, _, value)| !inherits(value));
    own.map(|(kind, name, _)| format!("`{package}` gives `{name}` a version of its own in [{kind}]"))
        .collect()
}

/// Entries of `[workspace.dependencies]` that no package uses.
fn unused(workspace: &Table, packages: &[(String, Table)]) -> Vec<String> {
    let used: BTreeSet<&str> =
        packages.iter().flat_map(|(_, manifest)| dependencies(manifest)).map(|(_, name, _)| name).collect();
    let listed = workspace["workspace"]["dependencies"].as_table().expect("the workspace lists dependencies");
    listed.keys().filter(|name| !used.contains(name.as_str())).cloned().collect()
}

fn packages() -> Vec<(String, Table)> {
    let folders = repo::crates().into_iter().map(|name| format!("crates/{name}")).chain(["xtask".into()]);
    folders.map(|folder| (folder.clone(), repo::toml(&format!("{folder}/Cargo.toml")))).collect()
}

#[test]
fn the_rules_find_what_breaks_them() {
    let table = |text: &str| text.parse::<Table>().expect("the test writes good TOML");
    let package = table(
        "[dependencies]\na.workspace = true\n[dev-dependencies]\nb = '1'\n\
         [target.'cfg(unix)'.dependencies]\nc = { workspace = true, features = [] }",
    );
    assert_eq!(own_versions("p", &package), ["`p` gives `b` a version of its own in [dev-dependencies]"]);
    let workspace = table("[workspace.dependencies]\na = '1'\nb = '1'\nc = '1'\nd = '1'");
    assert_eq!(unused(&workspace, &[("p".into(), package)]), ["d"]);
}

#[test]
fn every_version_stands_in_the_workspace() {
    let broken: Vec<String> =
        packages().iter().flat_map(|(package, manifest)| own_versions(package, manifest)).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_dependency_of_the_workspace_is_used() {
    let unused = unused(&repo::toml("Cargo.toml"), &packages());
    assert!(unused.is_empty(), "in [workspace.dependencies] and used by no package: {}", unused.join(", "));
}

#[test]
fn dependencies_of_the_workspace_are_sorted() {
    let text = repo::read("Cargo.toml");
    let names: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|name| !name.starts_with("fengsui-")) // Ours come first, from the ground floor up.
        .collect();
    assert!(!names.is_empty());
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
}

#[test]
fn every_package_keeps_the_rules_of_the_workspace() {
    for (package, manifest) in packages() {
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            let inherited = manifest["package"].get(key).and_then(|value| value.get("workspace")?.as_bool());
            assert_eq!(inherited, Some(true), "`{package}` must have `{key}.workspace = true`");
        }
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        assert_eq!(lints, Some(true), "`{package}` must have `[lints] workspace = true`");
    }
}

#[test]
fn the_lock_file_is_committed() {
    let lock = repo::toml("Cargo.lock");
    assert!(lock["package"].as_array().is_some_and(|packages| packages.len() > 1));
    let ignored = repo::read(".gitignore");
    assert!(!ignored.lines().any(|line| line.contains("Cargo.lock")), ".gitignore must not name Cargo.lock");
}

#[test]
fn the_default_build_stays_small() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "fengsui", "--target", "x86_64-unknown-linux-gnu"])
        .args(["-e", "normal,build", "--prefix", "none"])
        .current_dir(repo::root())
        .output()
        .expect("cargo runs this test, so it can be started");
    assert!(tree.status.success(), "`cargo tree` failed: {}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout);
    let crates: BTreeSet<Vec<&str>> =
        tree.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    assert!(
        crates.len() <= MOST_CRATES,
        "{} crates in the default build, at most {MOST_CRATES}",
        crates.len()
    );
}
