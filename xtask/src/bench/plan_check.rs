//! Plan check: how long reading and checking all shipped packs takes, inside one process.

use crate::failure::Failure;
use crate::process::{cargo, run as run_command};

/// Builds and runs the example that measures.
const RUN: [&str; 7] =
    ["run", "--locked", "--release", "--package", "fengsui-wire", "--example", "plan_check"];

/// Prints the figures.
pub(crate) fn run(options: &[String]) -> Result<(), Failure> {
    if !options.is_empty() {
        return Err(Failure::Usage(format!("`plan-check` takes no option, not `{}`", options.join(" "))));
    }
    run_command(&mut cargo(RUN))
}
