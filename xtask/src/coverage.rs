//! Which rule of a shipped plan which test ran: the lists `plans/NAME/tested.txt`, written by a run.
//!
//! The tests themselves note it (`FENGSUI_RULES_RAN` names the folder), read off what the engine did. Here
//! their notes become sorted lists, of each rule the tests that ran the fewest rules: those are about it.
//! `fengsui plan coverage` joins the lists with the clauses that the rules cite. Nobody edits them; the
//! stage `coverage` runs the tests again and fails if a list is not what it would write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::process::{cargo, run};
use crate::repo;
use crate::stage::Outcome;

/// The variable that the tests look for.
const FOLDER: &str = "FENGSUI_RULES_RAN";
/// Tests named for each rule: enough to look at, few enough that a list stays readable.
const MOST_TESTS: usize = 3;
/// The packages whose integration tests run the plans.
const PACKAGES: [&str; 2] = ["fengsui-wire", "fengsui-server"];
/// First lines of each list.
const HEAD: &str = "\
# Which test ran which rule of this plan through the engine. Written by `cargo xtask coverage`; not edited by hand.
# A rule without a line was run by no test.
";

/// What one run noted: for each plan and place, the tests.
type Notes = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Runs `cargo xtask coverage`: writes the lists anew.
pub(crate) fn command(arguments: &[String]) -> Result<(), Failure> {
    if let Some(first) = arguments.first() {
        return Err(Failure::Usage(format!("`{first}` is no option\n\nusage: cargo xtask coverage")));
    }
    for (path, text) in lists()? {
        fs::write(&path, text).map_err(|error| unusable("write", &path, &error))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// The stage: the lists that stand in the repository are those of a run.
pub(crate) fn check() -> Result<Outcome, Failure> {
    for (path, text) in lists()? {
        if fs::read_to_string(&path).unwrap_or_default() != text {
            let path = path.display();
            return Err(Failure::Failed(format!("`{path}` is out of date: run `cargo xtask coverage`")));
        }
    }
    Ok(Outcome::Passed)
}

/// Runs the tests; returns each list with its path, one for each plan that ships.
fn lists() -> Result<Vec<(PathBuf, String)>, Failure> {
    let folder = repo::target()?.join("rules-ran");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| unusable("remove", &folder, &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| unusable("make", &folder, &error))?;
    let packages = PACKAGES.iter().flat_map(|name| ["--package", name]);
    let arguments = ["test", "--locked", "--quiet", "--test", "it"].into_iter().chain(packages);
    run(cargo(arguments).env(FOLDER, &folder))?;
    let mut text = String::new();
    for path in files(&folder)? {
        text.push_str(&fs::read_to_string(&path).map_err(|error| unusable("read", &path, &error))?);
    }
    let notes = notes(&text)?;
    let plans = files(&repo::root().join("plans"))?.into_iter().filter(|path| path.is_dir());
    let list = |folder: PathBuf| {
        let plan = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (folder.join("tested.txt"), list(notes.get(&plan).unwrap_or(&BTreeMap::new()), &notes))
    };
    Ok(plans.map(list).collect())
}

/// The notes of all tests together: lines of plan, place and test with tabs between them.
fn notes(text: &str) -> Result<Notes, Failure> {
    let mut notes = Notes::new();
    for line in text.lines() {
        let [plan, place, test] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(Failure::Failed(format!("a test noted `{line}`: not plan, place and test")));
        };
        let places = notes.entry(plan.to_owned()).or_default();
        places.entry(place.to_owned()).or_default().insert(test.to_owned());
    }
    Ok(notes)
}

/// The list of one plan; `all` says of each test how much it ran.
fn list(places: &BTreeMap<String, BTreeSet<String>>, all: &Notes) -> String {
    let mut ran: BTreeMap<&str, usize> = BTreeMap::new();
    for test in all.values().flat_map(BTreeMap::values).flatten() {
        *ran.entry(test).or_default() += 1;
    }
    let mut text = HEAD.to_owned();
    for (place, tests) in places {
        let mut tests: Vec<&str> = tests.iter().map(String::as_str).collect();
        tests.sort_by_key(|test| (ran[test], *test));
        tests.truncate(MOST_TESTS);
        writeln!(text, "{place}\t{}", tests.join(", ")).expect("writing to a string cannot fail");
    }
    text
}

/// What stands in a folder, in the order of names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| unusable("read", folder, &error))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| unusable("read", folder, &error))?;
    paths.sort();
    Ok(paths)
}

fn unusable(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::Failed(format!("cannot {what} `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_particular_tests_are_named() {
        let text = "p\tclocks/a\tx broad\np\tclocks/b\tx broad\nq\tc\tx broad\n\
                    p\tclocks/a\tx one\np\tclocks/a\tx two\np\tclocks/a\tx three\np\tclocks/a\tx one\n";
        let notes = notes(text).expect("each line has three parts");
        let lines = "clocks/a\tx one, x three, x two\nclocks/b\tx broad\n";
        assert_eq!(list(&notes["p"], &notes), format!("{HEAD}{lines}"));
        assert_eq!(list(&BTreeMap::new(), &notes), HEAD);
    }

    #[test]
    fn a_note_has_three_parts() {
        for text in ["p\tclocks/a", "p\ta\tb\tc", "words"] {
            assert!(notes(text).is_err(), "{text}");
        }
    }
}
