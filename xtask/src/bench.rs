//! Benches: figures about the product, measured now and printed; nothing is asserted.
//!
//! To add one: a module under `bench`, and a line in the table.

use crate::failure::Failure;

mod drill;
mod plan_check;
mod serve;
mod size;

/// One bench.
struct Bench {
    /// Its name on the command line.
    name: &'static str,
    /// What it measures.
    says: &'static str,
    /// Options that it knows, for the list.
    options: &'static str,
    /// Measures and prints.
    run: fn(&[String]) -> Result<(), Failure>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "drill",
        says: "virtual time: an 8-hour drill, a year of a city with 10,000 incidents, and its memory",
        options: "",
        run: drill::run,
    },
    Bench {
        name: "plan-check",
        says: "reading all shipped plan packs, and `plan check` of them with every option, inside one process",
        options: "",
        run: plan_check::run,
    },
    Bench {
        name: "serve",
        says: "a running node: start, idle memory, weight of pages, the duty desk with many incidents",
        options: "[INCIDENTS]",
        run: serve::run,
    },
    Bench {
        name: "size",
        says: "size of the binary, crates in the default build, time of a clean build",
        options: "[--clean-build]",
        run: size::run,
    },
];

/// Runs `cargo xtask bench [NAME [OPTION]...]`.
pub(crate) fn command(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        for bench in BENCHES {
            println!("{} {}\n    {}", bench.name, bench.options, bench.says);
        }
        return Ok(());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        let known: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        return Err(Failure::Usage(format!("`{name}` is no bench; there are: {}", known.join(", "))));
    };
    (bench.run)(rest)
}
