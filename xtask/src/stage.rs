//! Stages: what `test` and `check` are made of, run in order, the first failure ends the run.
//!
//! What the chosen stages need is installed before the first of them, so that a missing tool is not
//! found out after ten minutes of building. Times are printed and never judged.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::install;
use crate::need::Need;

/// One stage of a run.
pub(crate) struct Stage {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// What it makes sure of.
    pub(crate) says: &'static str,
    /// Programs that it needs beside the Rust toolchain.
    pub(crate) needs: &'static [Need],
    /// Does it.
    pub(crate) run: fn() -> Result<Outcome, Failure>,
}

/// How a stage that did not fail ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What it makes sure of holds.
    Passed,
    /// It could not be tried, for this reason.
    Skipped(&'static str),
}

/// How one stage of a run ended, and after how long.
struct Line {
    name: &'static str,
    took: Duration,
    result: Result<Outcome, Failure>,
}

/// What the command line asks of a table of stages.
enum Request<'a> {
    List,
    Run(Vec<&'a Stage>),
}

/// Runs `cargo xtask COMMAND` for a command that is a table of stages.
pub(crate) fn command(command: &str, table: &[Stage], arguments: &[String]) -> Result<(), Failure> {
    match request(command, table, arguments)? {
        Request::List => {
            for stage in table {
                println!("{:<10} {}", stage.name, stage.says);
            }
            Ok(())
        }
        Request::Run(stages) => {
            let needs: Vec<Need> = stages.iter().flat_map(|stage| stage.needs).copied().collect();
            install::ensure(&needs)?;
            let lines = run(&stages);
            print!("{}", summary(&lines, stages.len()));
            verdict(command, lines)
        }
    }
}

fn request<'a>(command: &str, table: &'a [Stage], arguments: &[String]) -> Result<Request<'a>, Failure> {
    let mut only: Vec<&str> = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--list" => return Ok(Request::List),
            "--only" => match rest.next() {
                Some(name) => only.push(name),
                None => return Err(Failure::Usage("`--only` needs the name of a stage".into())),
            },
            other => {
                let usage = format!("cargo xtask {command} [--only STAGE]... [--list]");
                return Err(Failure::Usage(format!("`{other}` is no option\n\nusage: {usage}")));
            }
        }
    }
    if let Some(unknown) = only.iter().find(|name| table.iter().all(|stage| stage.name != **name)) {
        let known: Vec<&str> = table.iter().map(|stage| stage.name).collect();
        return Err(Failure::Usage(format!("`{unknown}` is no stage; there are: {}", known.join(", "))));
    }
    let chosen = |stage: &&Stage| only.is_empty() || only.contains(&stage.name);
    Ok(Request::Run(table.iter().filter(chosen).collect()))
}

/// Runs stages in order, up to and including the first that fails.
fn run(stages: &[&Stage]) -> Vec<Line> {
    let mut lines = Vec::new();
    for stage in stages {
        println!("\n== {}: {}", stage.name, stage.says);
        let started = Instant::now();
        let result = (stage.run)();
        let failed = result.is_err();
        lines.push(Line { name: stage.name, took: started.elapsed(), result });
        if failed {
            break;
        }
    }
    lines
}

/// What a person reads at the end: a line for each stage, then the counts.
fn summary(lines: &[Line], planned: usize) -> String {
    let mut text = String::from("\n");
    let (mut passed, mut failed, mut skipped) = (0, 0, planned - lines.len());
    for Line { name, took, result } in lines {
        let word = match result {
            Ok(Outcome::Passed) => {
                passed += 1;
                "passed".to_owned()
            }
            Ok(Outcome::Skipped(why)) => {
                skipped += 1;
                format!("skipped: {why}")
            }
            Err(_) => {
                failed += 1;
                "failed".to_owned()
            }
        };
        writeln!(text, "{name:<10} {:>7.1} s  {word}", took.as_secs_f64())
            .expect("writing to a string cannot fail");
    }
    let total: Duration = lines.iter().map(|line| line.took).sum();
    writeln!(text, "{:<10} {:>7.1} s", "total", total.as_secs_f64())
        .expect("writing to a string cannot fail");
    writeln!(text, "stages: {passed} passed, {failed} failed, {skipped} skipped")
        .expect("writing to a string cannot fail");
    text
}

/// The failure of the run, told so that it can be repeated.
fn verdict(command: &str, lines: Vec<Line>) -> Result<(), Failure> {
    for Line { name, result, .. } in lines {
        if let Err(failure) = result {
            let again = format!("cargo xtask {command} --only {name}");
            return Err(Failure::Failed(format!("stage `{name}`: {failure}; once mended, try `{again}`")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
