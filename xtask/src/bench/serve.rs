//! A running node: start, memory, pages, the duty desk with many incidents. The figures are taken by
//! `tests/e2e/serve.bench.mjs`, which knows how to drive a node and a browser.

use crate::failure::Failure;
use crate::install;
use crate::need::Need;
use crate::process::run as run_command;
use crate::{repo, stages};

/// Prints the figures; `[INCIDENTS]` is how many the desk is tried with.
pub(crate) fn run(options: &[String]) -> Result<(), Failure> {
    let wanted = match options {
        [] => None,
        [count] if count.parse::<u32>().is_ok() => Some(count),
        _ => return Err(Failure::Usage(format!("`serve` takes a count, not `{}`", options.join(" ")))),
    };
    install::ensure(&[Need::Node, Need::Chromium, Need::CjkFont])?;
    stages::release()?;
    let folder = repo::root().join("tests/e2e");
    run_command(stages::npm(&folder)?.args(["ci", "--no-audit", "--no-fund"]))?;
    let mut bench = stages::node(&folder)?;
    run_command(bench.arg("serve.bench.mjs").args(wanted).env("FENGSUI_BIN", repo::release_binary()?))
}
