//! Fuzzing: the targets in `fuzz/`, run by cargo-fuzz, or only compiled so that they do not rot.
//!
//! The targets stand outside the workspace, because they need libFuzzer. They are built with the
//! versions of the workspace's own lock file: what is fuzzed is what ships.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::process::{cargo, run, succeeds};
use crate::repo;
use crate::stage::Outcome;

/// Seconds for each target if the command line names none.
const DEFAULT_SECONDS: u32 = 60;

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
    for target in chosen {
        let limit = format!("-max_total_time={seconds}");
        run(&mut cargo_fuzz(&["run", target, "--", &limit]))?;
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
    fn a_missing_file_is_older() {
        let here = repo::root().join("Cargo.toml");
        assert!(is_older(&repo::root().join("no-such-file"), &here) && !is_older(&here, &here));
    }
}
