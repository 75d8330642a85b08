//! The stages of `test` and `check`, in the order in which they run: the quickest to fail come first.
//!
//! To add one: a `const` here, with what it needs, and a line in the table. A suite that nobody has
//! written yet has no stage.

use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::need::Need;
use crate::process::{cargo, run, succeeds};
use crate::stage::{Outcome, Stage};
use crate::{coverage, fuzz, need, repo};

/// What CI runs.
pub(crate) const TEST: &[Stage] = &[FORMAT, CLIPPY, DOCS, TESTS, COVERAGE, FUZZ, RELEASE, SCHEMA, BROWSER];

/// What a developer runs before handing work in.
pub(crate) const CHECK: &[Stage] = &[FORMAT, CLIPPY, DOCS, TESTS, COVERAGE, FUZZ, LICENCES];

const FORMAT: Stage =
    Stage { name: "format", says: "the code is formatted as rustfmt does it", needs: &[], run: format };

const CLIPPY: Stage = Stage { name: "clippy", says: "no lint has anything to say", needs: &[], run: clippy };

const DOCS: Stage =
    Stage { name: "docs", says: "every link in a doc comment leads somewhere", needs: &[], run: docs };

const TESTS: Stage = Stage {
    name: "tests",
    says: "the tests of every crate, and the rules of the repository",
    needs: &[Need::Postgres, Need::Python, Need::Age, Need::Strace],
    run: tests,
};

const COVERAGE: Stage = Stage {
    name: "coverage",
    says: "the lists of which rule of a plan which test ran are those of a run",
    needs: &[],
    run: coverage::check,
};

const FUZZ: Stage =
    Stage { name: "fuzz", says: "the fuzz targets still compile", needs: &[], run: fuzz::check };

const LICENCES: Stage = Stage {
    name: "licences",
    says: "licences, bans and sources as in deny.toml, judged by cargo-deny",
    needs: &[],
    run: licences,
};

const RELEASE: Stage =
    Stage { name: "release", says: "the product builds as it ships", needs: &[], run: release };

const SCHEMA: Stage = Stage {
    name: "schema",
    says: "the API answers as its document says, tried by Schemathesis",
    needs: &[Need::Python],
    run: schema,
};

const BROWSER: Stage = Stage {
    name: "browser",
    says: "the product as a person sees it, in a real browser",
    needs: &[Need::Node, Need::Chromium, Need::CjkFont],
    run: browser,
};

fn format() -> Result<Outcome, Failure> {
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    run(&mut cargo(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;
    Ok(Outcome::Passed)
}

fn clippy() -> Result<Outcome, Failure> {
    run(&mut cargo(["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(Outcome::Passed)
}

/// Private items too: these pages are for whoever works here.
fn docs() -> Result<Outcome, Failure> {
    let arguments = ["doc", "--locked", "--workspace", "--no-deps", "--document-private-items"];
    run(cargo(arguments).env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Outcome::Passed)
}

/// With cargo-nextest where it is installed; it leaves the examples in doc comments to cargo.
fn tests() -> Result<Outcome, Failure> {
    if succeeds(&mut cargo(["nextest", "--version"])) {
        run(&mut cargo(["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]))?;
        run(&mut cargo(["test", "--locked", "--workspace", "--doc", "--no-fail-fast"]))?;
    } else {
        run(&mut cargo(["test", "--locked", "--workspace", "--no-fail-fast"]))?;
    }
    Ok(Outcome::Passed)
}

fn licences() -> Result<Outcome, Failure> {
    if !succeeds(&mut cargo(["deny", "--version"])) {
        return Ok(Outcome::Skipped("no cargo-deny; the tests judged the licences by deny.toml"));
    }
    run(&mut cargo(["deny", "--locked", "check", "licenses", "bans", "sources"]))?;
    Ok(Outcome::Passed)
}

/// The product as it ships.
pub(crate) fn release() -> Result<Outcome, Failure> {
    run(&mut cargo(["build", "--locked", "--release", "--package", "fengsui"]))?;
    Ok(Outcome::Passed)
}

/// Builds first, or `--only schema` would test a binary of yesterday.
fn schema() -> Result<Outcome, Failure> {
    release()?;
    let folder = repo::root().join("tests/schema");
    let python = need::python_with(&folder.join("requirements.txt"))?;
    run(Command::new(python)
        .arg("-B")
        .arg(folder.join("run.py"))
        .env("FENGSUI_BIN", repo::release_binary()?))?;
    Ok(Outcome::Passed)
}

/// Builds first, for the same reason.
fn browser() -> Result<Outcome, Failure> {
    release()?;
    let folder = repo::root().join("tests/e2e");
    run(npm(&folder)?.args(["ci", "--no-audit", "--no-fund"]))?;
    run(npm(&folder)?.args(["test"]).env("FENGSUI_BIN", repo::release_binary()?))?;
    Ok(Outcome::Passed)
}

/// npm in a folder.
pub(crate) fn npm(folder: &Path) -> Result<Command, Failure> {
    node_tool("npm", folder)
}

/// Node.js in a folder.
pub(crate) fn node(folder: &Path) -> Result<Command, Failure> {
    node_tool("node", folder)
}

fn node_tool(program: &str, folder: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(program);
    command.current_dir(folder).env("PATH", need::path_with_node()?);
    Ok(command)
}

#[cfg(test)]
mod tests_of_the_tables {
    use super::*;

    #[test]
    fn every_stage_has_its_own_name_in_each_table() {
        for table in [TEST, CHECK] {
            for (at, stage) in table.iter().enumerate() {
                assert!(table[..at].iter().all(|other| other.name != stage.name), "`{}` twice", stage.name);
            }
        }
    }

    #[test]
    fn a_check_needs_no_browser() {
        let small = [Need::Postgres, Need::Python, Need::Age, Need::Strace];
        assert!(CHECK.iter().flat_map(|stage| stage.needs).all(|need| small.contains(need)));
    }
}
