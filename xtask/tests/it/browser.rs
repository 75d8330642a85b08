//! The browser tests' own dependencies: exact versions, and a lock file that names no host.

use serde_json::Value;

use crate::repo;

fn json(path: &str) -> Value {
    serde_json::from_str(&repo::read(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

/// Whether a version is one version: three numbers, nothing that stands for others.
fn is_exact(version: &str) -> bool {
    version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok())
}

#[test]
fn versions_are_exact() {
    for (version, exact) in [
        ("1.65.1", true),
        ("^1.65.1", false),
        ("~1.2.3", false),
        ("1.2", false),
        ("latest", false),
        ("*", false),
    ] {
        assert_eq!(is_exact(version), exact, "{version}");
    }
    let package = json("tests/e2e/package.json");
    let dependencies = package["dependencies"].as_object().expect("the browser tests have dependencies");
    for (name, version) in dependencies {
        assert!(
            version.as_str().is_some_and(is_exact),
            "`{name}` has the version {version}; give it an exact one"
        );
    }
}

#[test]
fn the_lock_file_names_no_host_and_a_hash_for_everything() {
    let lock = json("tests/e2e/package-lock.json");
    let packages = lock["packages"].as_object().expect("a lock file of version 3 lists packages");
    assert!(packages.len() > 1);
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        assert_eq!(
            package.get("resolved"),
            None,
            "`{path}` names a host; tests/e2e/.npmrc keeps npm from it"
        );
        assert!(package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")), "`{path}`");
    }
}
