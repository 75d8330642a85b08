//! The join of rules, tests and clauses; the lists of tests hold; registers good and bad.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Kept, Lang};

use super::*;
use crate::plan::{Library, Origin, PackFile};

const REGISTER: &str = r#"# A register.
[[clause]]
id = "national-2017/4.1.a"
title = "Unit acts at once (立即启动)"
kind = "clock"
gist = "not read"
figures = ["not read"]

[[clause]]
id = "national-2017/7.8"
title = "Reserves"
kind = "record"

[[clause]]
id = "national-2017/9.9"
title = "Funds"
kind = "organisational"
"#;

fn states(rows: &[ClauseRow]) -> Vec<(&str, State)> {
    rows.iter().map(|row| (row.id.as_str(), row.state)).collect()
}

#[test]
fn a_clause_is_carried_by_a_rule_that_was_run_or_by_a_record_or_not() {
    let register = Register::read(REGISTER.as_bytes()).expect("the register is right");
    let library = Library::shipped();
    let rows = library.coverage(&register);
    assert_eq!(
        states(&rows),
        [
            ("national-2017/4.1.a", State::Executable),
            ("national-2017/7.8", State::Evidence),
            ("national-2017/9.9", State::Missing),
        ]
    );
    let rule = |carried: &Carried| match carried {
        Carried::Rule { rule, tests, .. } => Some((rule.clone(), tests.len())),
        Carried::Record { .. } => None,
    };
    let ran: BTreeMap<_, _> = rows[0].carried.iter().filter_map(rule).collect();
    assert!(ran["clocks/unit-report"] >= 1, "{ran:?}");
    let resources = Carried::Record {
        plan: "national-2017".to_owned(),
        keeps: "resources".to_owned(),
        route: "GET /api/v1/resources".to_owned(),
    };
    assert_eq!(rows[1].carried, [resources]);
    assert_eq!((rows[2].carried.len(), rows[2].reason.as_str()), (0, "no rule and no record names it"));
    assert_eq!((rows[2].title.as_str(), rows[2].kind.as_str()), ("Funds", "organisational"));
}

/// The tests ran the shipped pack; of a pack of the operator's own they say nothing, whatever its id.
#[test]
fn an_operators_pack_is_covered_by_no_test() {
    let files = Library::shipped_files();
    let own: Vec<PackFile<'_>> =
        files.into_iter().filter(|file| file.path.starts_with("national-2017/")).collect();
    let library = Library::default();
    assert_eq!(library.add(Origin::Operator, &own), []);
    let register = Register::read(REGISTER.as_bytes()).expect("the register is right");
    let rows = library.coverage(&register);
    assert_eq!((rows[0].state, rows[1].state), (State::Missing, State::Evidence));
    assert!(rows[0].reason.starts_with("no test ran ") && rows[0].reason.contains("clocks/unit-report"));
}

#[test]
fn what_is_missing_has_no_place_and_what_is_carried_has_one() {
    for pack in Library::shipped().list() {
        let rows = coverage([pack], &own_clauses(pack, Lang::En));
        assert_eq!(rows.len(), pack.plan.clauses.len());
        for row in rows {
            assert_eq!(row.carried.is_empty(), row.state == State::Missing, "{row:?}");
            assert!(row.state != State::Missing || !row.reason.is_empty(), "{row:?}");
        }
    }
}

/// Every line of a list names a place of the pack and tests that exist: `crate::it module::name`.
#[test]
fn the_lists_name_rules_and_tests_that_there_are() {
    for pack in Library::shipped().list() {
        let cited: BTreeSet<String> = citations(&pack.plan).into_iter().map(|(_, place)| place).collect();
        let tested = tested(&pack.plan.id);
        assert!(!tested.is_empty(), "{}: run `cargo xtask coverage`", pack.plan.id);
        for (place, tests) in tested {
            assert!(cited.contains(place), "{}: nothing stands at {place}", pack.plan.id);
            assert!(!tests.is_empty(), "{place}");
            tests.iter().for_each(|test| exists(test));
        }
    }
}

fn exists(test: &str) {
    let (binary, path) = test.split_once(' ').expect("binary and path");
    let (name, target) = binary.split_once("::").expect("crate and target");
    let (module, function) = path.rsplit_once("::").expect("module and name");
    let file = format!("{name}/tests/{target}/{}.rs", module.replace("::", "/"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join(&file)).expect(&file);
    // A function of its own, or a row of a table that a macro makes tests of.
    let there = [format!("fn {function}("), format!("\n    {function}: ")];
    assert!(there.iter().any(|name| text.contains(name)), "{file} has no test `{function}`");
}

#[test]
fn a_register_is_read_as_a_whole_or_not_at_all() {
    let clause = |id: &str, title: &str, kind: &str| {
        format!("[[clause]]\nid = \"{id}\"\ntitle = \"{title}\"\nkind = \"{kind}\"\n")
    };
    let good = clause("p/1", "t", "rule");
    let many: String = (0..=MAX_REGISTER_CLAUSES).map(|n| clause(&format!("p/{n}"), "t", "k")).collect();
    for (text, expected) in [
        (
            String::new(),
            "the register has no [[clause]]; write one table for each clause, with id, title and kind",
        ),
        (
            "[[clause]]\nid = 4\n".to_owned(),
            "line 2, column 6: invalid type: integer `4`, expected a string; \
             a register has [[clause]] tables with id, title and kind",
        ),
        (
            "# words\n[[clause]\n".to_owned(),
            "line 2, column 10: unclosed array table, expected `]`; \
             a register has [[clause]] tables with id, title and kind",
        ),
        (format!("{good}{good}"), "line 5: the clause `p/1` stands in the register twice; keep one of them"),
        (
            clause("p-1", "t", "rule"),
            "line 1: `p-1` is no clause; write it as DOCUMENT/NUMBER, such as `national-2017/4.1.a`",
        ),
        (
            clause("p/1", " ", "rule"),
            "line 1: `title` must have 1 to 400 characters and no control characters",
        ),
        (
            clause("p/1", "t", &"k".repeat(41)),
            "line 1: `kind` must have 1 to 40 characters and no control characters",
        ),
        (many, "the register has 5001 clauses, at most 5000 are read"),
        (" ".repeat(MAX_REGISTER_BYTES + 1), "the register has 4000001 bytes, at most 4000000 are read"),
    ] {
        let error = Register::read(text.as_bytes()).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    }
    let mut bytes = good.clone().into_bytes();
    bytes.push(0xff);
    assert_eq!(Register::read(&bytes), Err(RegisterError::NotUtf8 { line: 5 }));
    assert_eq!(Register::read(good.as_bytes()).map(|register| register.clauses.len()), Ok(1));
}

#[test]
fn each_kind_of_record_has_a_name_and_a_route_of_its_own() {
    let titles: BTreeSet<&str> = Kept::ALL.iter().map(|kept| kept.title().en.as_str()).collect();
    let routes: BTreeSet<&str> = Kept::ALL.iter().map(|kept| kept.route()).collect();
    assert_eq!((titles.len(), routes.len()), (Kept::ALL.len(), Kept::ALL.len()));
    for kept in Kept::ALL {
        assert_eq!(Kept::parse(kept.as_str()), Some(*kept));
    }
}
