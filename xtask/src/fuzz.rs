//! Fuzzing: the targets in `fuzz/`, run by cargo-fuzz, or only compiled so that they do not rot.
//!
//! The targets stand outside the workspace, because they need libFuzzer. They are built with the
//! versions of the workspace's own lock file: what is fuzzed is what ships. Targets of plans and scenarios begin
//! with the packs and scenarios of the repository, right ones and broken ones, as a fuzzer alone finds no plan.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process::{cargo, run, succeeds};
use crate::repo;
use crate::stage::Outcome;

/// Seconds for each target if the command line names none.
const DEFAULT_SECONDS: u32 = 60;
/// Seconds one input may take: a hang is a finding. The longest of a pack takes one without sanitizers.
const INPUT_SECONDS: u32 = 10;
/// Memory of a run, in MiB.
const MEMORY_MIB: u32 = 2_048;
/// Files that a target begins with: folder, the target, and the bytes in front of each by which the target takes
/// the file as it stands.
const SEEDS: [(&str, &str, &[u8]); 3] = [
    ("plans", "plan_load", &[255]),
    ("tests/fixtures/plans", "plan_load", &[255]),
    ("scenarios", "plan_scenario", &[2, 0]),
];

/// Runs `cargo xtask fuzz [SECONDS [TARGET]...]`.
pub(crate) fn command(arguments: &[String]) -> Result<(), Failure> {
    let known = targets()?;
    let (seconds, chosen) = request(arguments, &known)?;
    if !succeeds(&mut cargo(["fuzz", "--version"])) {
        let install = "cargo install cargo-fuzz --locked";
        return Err(Failure::Failed(format!("cargo-fuzz is not installed: run `{install}`")));
    }
    copy_lock()?;
    run(&mut cargo_fuzz(&["build"]))?;
    let corpus = repo::root().join("fuzz/corpus");
    for (folder, target, front) in SEEDS.iter().filter(|(_, target, _)| chosen.contains(target)) {
        let (from, to) = (repo::root().join(folder), corpus.join(target));
        seed(&from, &to, front).map_err(|error| {
            Failure::Failed(format!("cannot copy `{}` to `{}`: {error}", from.display(), to.display()))
        })?;
    }
    for target in chosen {
        let limits = [
            format!("-max_total_time={seconds}"),
            format!("-timeout={INPUT_SECONDS}"),
            format!("-rss_limit_mb={MEMORY_MIB}"),
        ];
        run(&mut cargo_fuzz(&[&["run", target, "--"], &limits.each_ref().map(String::as_str)[..]].concat()))?;
    }
    Ok(())
}

/// Copies every `.yaml` file below a folder into a corpus, each with `front` before it.
fn seed(from: &Path, corpus: &Path, front: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(corpus)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            seed(&path, corpus, front)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let parts = [path.parent().and_then(Path::file_name), path.file_name()];
            let name: Vec<_> = parts.into_iter().flatten().map(|part| part.to_string_lossy()).collect();
            fs::write(corpus.join(name.join("-")), [front, &fs::read(&path)?].concat())?;
        }
    }
    Ok(())
}

/// Compiles every target without libFuzzer, so that no C++ compiler is needed.
pub(crate) fn check() -> Result<Outcome, Failure> {
    copy_lock()?;
    let target = repo::target()?;
    let mut command =
        cargo(["clippy", "--manifest-path", "fuzz/Cargo.toml", "--no-default-features", "--bins"]);
    run(command.arg("--target-dir").arg(target).args(["--", "-D", "warnings"]))?;
    Ok(Outcome::Passed)
}

/// The sanitizers are not stable yet; the variable lets the stable compiler use them.
fn cargo_fuzz(arguments: &[&str]) -> Command {
    let mut command = cargo(["fuzz"]);
    command.args(arguments).env("RUSTC_BOOTSTRAP", "1");
    command
}

fn request<'a>(arguments: &'a [String], known: &'a [String]) -> Result<(u32, Vec<&'a str>), Failure> {
    let Some((seconds, targets)) = arguments.split_first() else {
        return Ok((DEFAULT_SECONDS, known.iter().map(String::as_str).collect()));
    };
    let seconds = seconds.parse().map_err(|_| {
        Failure::Usage(format!(
            "`{seconds}` is no number of seconds\n\nusage: cargo xtask fuzz [SECONDS [TARGET]...]"
        ))
    })?;
    if let Some(unknown) = targets.iter().find(|target| !known.contains(target)) {
        let known = known.join(", ");
        return Err(Failure::Usage(format!("`{unknown}` is no fuzz target; there are: {known}")));
    }
    let chosen = if targets.is_empty() { known } else { targets };
    Ok((seconds, chosen.iter().map(String::as_str).collect()))
}

/// The targets: one for each file, in the order of their names.
fn targets() -> Result<Vec<String>, Failure> {
    let folder = repo::root().join("fuzz/fuzz_targets");
    let unreadable = |error| Failure::Failed(format!("cannot read `{}`: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|stem| stem.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Takes over the workspace's lock file when it is newer; cargo drops and adds what differs.
fn copy_lock() -> Result<(), Failure> {
    let [from, to] = ["Cargo.lock", "fuzz/Cargo.lock"].map(|name| repo::root().join(name));
    if !is_older(&to, &from) {
        return Ok(());
    }
    fs::copy(&from, &to).map(|_| ()).map_err(|error| {
        Failure::Failed(format!("cannot copy `{}` to `{}`: {error}", from.display(), to.display()))
    })
}

/// Whether the first file is missing or was written before the second.
fn is_older(file: &Path, than: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    written(file) < written(than)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request_of(arguments: &[&str]) -> Result<(u32, Vec<String>), Failure> {
        let own = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<String>>();
        let known = own(&["ledger_note", "plan_file"]);
        let arguments = own(arguments);
        let (seconds, chosen) = request(&arguments, &known)?;
        Ok((seconds, own(&chosen)))
    }

    #[test]
    fn how_long_and_which() {
        for (arguments, seconds, chosen) in [
            (&[] as &[&str], 60, &["ledger_note", "plan_file"] as &[&str]),
            (&["5"], 5, &["ledger_note", "plan_file"]),
            (&["5", "plan_file"], 5, &["plan_file"]),
        ] {
            let expected = (seconds, chosen.iter().map(ToString::to_string).collect());
            assert_eq!(request_of(arguments), Ok(expected), "{arguments:?}");
        }
        for arguments in [&["plan_file"] as &[&str], &["-1"], &["5", "no_such_target"]] {
            assert!(matches!(request_of(arguments), Err(Failure::Usage(_))), "{arguments:?}");
        }
    }

    #[test]
    fn a_corpus_begins_with_the_files_of_the_repository() {
        let corpus = repo::root().join("target").join(format!("seeds-{}", std::process::id()));
        for (folder, _, front) in SEEDS {
            seed(&repo::root().join(folder), &corpus, front).expect("copied");
        }
        let read = |name: &str| fs::read(corpus.join(name)).expect("a seed");
        let (pack, scenario) = (read("national-2017-clocks.yaml"), read("scenarios-city-two-plans.yaml"));
        assert!(pack.starts_with(b"\xff") && scenario.starts_with(b"\x02\x00"));
        assert!(corpus.join("broken-yaml-plan.yaml").exists(), "broken ones too");
        fs::remove_dir_all(&corpus).expect("removed");
    }

    #[test]
    fn a_missing_file_is_older() {
        let here = repo::root().join("Cargo.toml");
        assert!(is_older(&repo::root().join("no-such-file"), &here) && !is_older(&here, &here));
    }
}
