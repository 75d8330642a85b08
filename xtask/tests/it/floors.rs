//! Floors: arrows between our crates point down only (`ARCHITECTURE.md`, "Floors").

use std::collections::BTreeMap;

use toml::Table;

use crate::repo;

/// A crate, its floor, and which of ours its code may use.
struct Place {
    name: &'static str,
    floor: u8,
    may_use: &'static [&'static str],
}

/// From the ground up. A crate that is not listed has no floor and fails the test.
const FLOORS: &[Place] = &[
    Place { name: "fengsui-age", floor: 0, may_use: &[] },
    Place { name: "fengsui-domain", floor: 0, may_use: &[] },
    Place { name: "fengsui-ledger", floor: 0, may_use: &[] },
    Place { name: "fengsui-matcher", floor: 0, may_use: &[] },
    Place { name: "fengsui-wire", floor: 1, may_use: &["fengsui-domain", "fengsui-ledger"] },
    Place { name: "fengsui-store", floor: 1, may_use: &["fengsui-domain", "fengsui-ledger"] },
    Place {
        name: "fengsui-service",
        floor: 2,
        may_use: &[
            "fengsui-age",
            "fengsui-domain",
            "fengsui-ledger",
            "fengsui-matcher",
            "fengsui-wire",
            "fengsui-store",
        ],
    },
    Place {
        name: "fengsui-drill",
        floor: 3,
        // The ledger for the key that verifies it; never the store.
        may_use: &["fengsui-domain", "fengsui-ledger", "fengsui-wire", "fengsui-service"],
    },
    Place {
        name: "fengsui-server",
        floor: 3,
        // The ledger for its paths and bundles, which are a form on the wire; never the store.
        may_use: &["fengsui-domain", "fengsui-ledger", "fengsui-wire", "fengsui-service"],
    },
    Place {
        name: "fengsui",
        floor: 4,
        may_use: &[
            "fengsui-domain",
            "fengsui-ledger",
            "fengsui-matcher",
            "fengsui-wire",
            "fengsui-store",
            "fengsui-service",
            "fengsui-drill",
            "fengsui-server",
        ],
    },
];

/// Crates of others that give a job to one crate of ours, and that crate.
const ONE_HOME: &[(&str, &str)] = &[
    ("rusqlite", "fengsui-store"), // All SQL.
    ("askama", "fengsui-server"),  // All pages.
    ("cel", "fengsui-wire"),       // All reading of predicates.
];

/// What the ground floor must not even be able to call: waiting, files, sockets, chance.
const NOT_ON_THE_GROUND: &[&str] =
    &["axum", "fastrand", "getrandom", "rand", "reqwest", "rusqlite", "tokio", "tower", "tracing", "ureq"];

/// Crates of ours that tests may use besides what they may use anyway, from the first floor up.
const FOR_TESTS: &str = "fengsui-wire";

/// The dependencies of a manifest in the tables of this kind, those for one system included.
fn dependencies<'a>(manifest: &'a Table, kind: &str) -> Vec<&'a str> {
    let systems = manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(Table::values);
    let tables = systems.filter_map(toml::Value::as_table).chain([manifest]);
    let tables = tables.filter_map(|table| table.get(kind)?.as_table());
    tables.flat_map(Table::keys).map(String::as_str).collect()
}

fn is_ours(name: &str) -> bool {
    name == "xtask" || name == "fengsui" || name.starts_with("fengsui-")
}

/// What in the manifest of a crate breaks the floors.
fn broken_by(name: &str, manifest: &Table) -> Vec<String> {
    let Some(Place { floor, may_use, .. }) = FLOORS.iter().find(|place| place.name == name) else {
        return vec![format!("`{name}` has no floor: give it one in FLOORS and in ARCHITECTURE.md")];
    };
    let mut broken = Vec::new();
    let lower =
        |other: &str| FLOORS.iter().any(|candidate| candidate.name == other && candidate.floor < *floor);
    for kind in ["dependencies", "build-dependencies"] {
        for used in dependencies(manifest, kind) {
            if is_ours(used) && !may_use.contains(&used) {
                broken.push(format!("`{name}` (floor {floor}) uses `{used}`, which FLOORS does not allow"));
            }
            if *floor == 0 && NOT_ON_THE_GROUND.contains(&used) {
                broken.push(format!("`{name}` uses `{used}`; the ground floor has no I/O and no chance"));
            }
            if let Some((_, home)) = ONE_HOME.iter().find(|(other, home)| *other == used && *home != name) {
                broken.push(format!("`{name}` uses `{used}`; that is the work of `{home}` alone"));
            }
        }
    }
    for used in dependencies(manifest, "dev-dependencies") {
        if is_ours(used) && !lower(used) && !(*floor >= 1 && used == FOR_TESTS) {
            broken.push(format!("the tests of `{name}` (floor {floor}) use `{used}`, which is not below it"));
        }
    }
    broken
}

fn manifest(text: &str) -> Table {
    text.parse().expect("the test writes good TOML")
}

#[test]
fn the_rule_finds_what_breaks_it() {
    for (name, text, expected) in [
        ("fengsui-service", "[dependencies]\nfengsui-store.workspace = true\ntokio = '1'", None),
        (
            "fengsui-store",
            "[dependencies]\nfengsui-service = { workspace = true }",
            Some("uses `fengsui-service`"),
        ),
        ("fengsui-wire", "[dependencies]\nfengsui-store = '1'", Some("uses `fengsui-store`")),
        (
            "fengsui-server",
            "[target.'cfg(unix)'.dependencies]\nfengsui-store = '1'",
            Some("uses `fengsui-store`"),
        ),
        ("fengsui-domain", "[build-dependencies]\nxtask = '1'", Some("uses `xtask`")),
        ("fengsui-matcher", "[dependencies]\ntokio = '1'", Some("no I/O and no chance")),
        ("fengsui-service", "[dependencies]\nrusqlite = '1'", Some("work of `fengsui-store` alone")),
        ("fengsui-store", "[dev-dependencies]\nfengsui-wire = '1'", None),
        ("fengsui-server", "[dev-dependencies]\nfengsui-store = '1'", None),
        ("fengsui-domain", "[dev-dependencies]\nfengsui-wire = '1'", Some("not below it")),
        ("fengsui-store", "[dev-dependencies]\nfengsui-server = '1'", Some("not below it")),
        ("fengsui-attic", "", Some("has no floor")),
    ] {
        let broken = broken_by(name, &manifest(text));
        match expected {
            None => assert_eq!(broken, Vec::<String>::new(), "{name}: {text}"),
            Some(says) => {
                assert!(broken.len() == 1 && broken[0].contains(says), "{name}: {text}: {broken:?}");
            }
        }
    }
}

#[test]
fn the_table_itself_points_down() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().map(|place| (place.name, place.floor)).collect();
    for Place { name, floor, may_use } in FLOORS {
        for used in *may_use {
            assert!(floors[used] < *floor, "FLOORS lets `{name}` use `{used}`, which is not below it");
        }
    }
}

#[test]
fn arrows_point_down_only() {
    let mut broken = Vec::new();
    let crates = repo::crates();
    for name in &crates {
        broken.extend(broken_by(name, &repo::toml(&format!("crates/{name}/Cargo.toml"))));
    }
    for Place { name, .. } in FLOORS {
        if !crates.iter().any(|there| there == name) {
            broken.push(format!("FLOORS lists `{name}`, which is not in crates/"));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_tool_uses_nothing_of_the_product() {
    let manifest = repo::toml("xtask/Cargo.toml");
    assert_eq!(
        dependencies(&manifest, "dependencies"),
        Vec::<&str>::new(),
        "xtask must build within seconds"
    );
    assert!(!dependencies(&manifest, "dev-dependencies").into_iter().any(is_ours));
}
