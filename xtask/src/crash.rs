//! `cargo xtask crash`: the tests that kill a node and fail its disk, in their long form.
//!
//! Each is a test that `cargo xtask test` runs too, with a smaller number. Every one prints what it counted; what
//! was seen last stands in `docs/src/reliability.md`.

use crate::failure::Failure;
use crate::process::{cargo, run};

/// A long form: the test, and how it is told how much.
struct Long {
    name: &'static str,
    package: &'static str,
    test: &'static str,
    number: &'static str,
    usual: u32,
    /// What else it is told.
    with: &'static [(&'static str, &'static str)],
}

const LONG: &[Long] = &[
    Long {
        name: "kills",
        package: "fengsui",
        test: "kill::nothing_acknowledged_is_lost_when_the_node_is_killed",
        number: "FENGSUI_KILLS",
        usual: 5_000,
        with: &[],
    },
    Long {
        name: "kills-on-a-server",
        package: "fengsui",
        test: "kill::nor_when_its_rows_are_on_a_server",
        number: "FENGSUI_KILLS",
        usual: 5_000,
        with: &[],
    },
    Long {
        name: "points",
        package: "fengsui",
        test: "crash::a_kill_at_any_call_loses_nothing",
        number: "FENGSUI_CRASH_POINTS",
        usual: 5_000,
        with: &[("FENGSUI_CRASH_STRIDE", "1")],
    },
    Long {
        name: "syncs",
        package: "fengsui",
        test: "crash::nothing_is_acknowledged_after_a_sync_failed",
        number: "FENGSUI_CRASH_FAILURES",
        usual: 100,
        with: &[],
    },
    Long {
        name: "full",
        package: "fengsui",
        test: "crash::a_full_disk_is_said_and_passes_without_a_restart",
        number: "FENGSUI_CRASH_FAILURES",
        usual: 100,
        with: &[],
    },
    Long {
        name: "simulation",
        package: "fengsui-drill",
        test: "simulation::whatever_goes_wrong_the_invariants_hold",
        number: "FENGSUI_SEEDS",
        usual: 2_000,
        with: &[],
    },
    Long {
        name: "restores",
        package: "fengsui",
        test: "backup::no_index_is_ever_signed_twice",
        number: "FENGSUI_RESTORES",
        usual: 100,
        with: &[],
    },
];

/// Runs one of them, with a number other than the usual one if it is given; without a name says which there are.
pub(crate) fn command(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        for long in LONG {
            println!("{:18} {:5}  {}", long.name, long.usual, long.test);
        }
        return Ok(());
    };
    let long = LONG.iter().find(|long| long.name == name.as_str());
    let long =
        long.ok_or_else(|| Failure::Usage(format!("`{name}` is none; `cargo xtask crash` names them")))?;
    let number = match rest {
        [] => long.usual,
        [number] => number
            .parse()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| Failure::Usage(format!("`{number}` is no number above 0")))?,
        [_, more, ..] => return Err(Failure::Usage(format!("`{more}` is one word too many"))),
    };
    let mut test =
        cargo(["test", "--locked", "--release", "--package", long.package, "--test", "it", long.test]);
    test.args(["--", "--exact", "--nocapture"]);
    run(test.env(long.number, number.to_string()).envs(long.with.iter().copied()))
}
