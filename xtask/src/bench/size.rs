//! Size: what a release weighs and what it is made of.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::failure::Failure;
use crate::process::{cargo, read, run as run_command};
use crate::repo;

/// The system whose dependencies are counted, so that the figure is the same everywhere.
const COUNTED_FOR: &str = "x86_64-unknown-linux-gnu";

/// Prints the figures; `--clean-build` also builds everything anew in a folder of its own.
pub(crate) fn run(options: &[String]) -> Result<(), Failure> {
    let clean = match options {
        [] => false,
        [option] if option == "--clean-build" => true,
        _ => {
            return Err(Failure::Usage(format!("`size` takes `--clean-build`, not `{}`", options.join(" "))));
        }
    };
    run_command(&mut cargo(BUILD))?;
    let binary = repo::release_binary()?;
    let bytes = std::fs::metadata(&binary)
        .map_err(|error| Failure::Failed(format!("cannot look at `{}`: {error}", binary.display())))?
        .len();
    let tree = read(&mut cargo(TREE))?;
    println!("binary                 {} bytes, {} MiB (aim: at most 60 MB)", bytes, mebibytes(bytes));
    println!("crates, ours included  {} (aim: at most 350)", crates(&tree).len());
    if clean {
        println!("clean release build    {:.0} s (aim: at most 480 s on 2 cores)", clean_build()?);
    }
    Ok(())
}

const BUILD: [&str; 5] = ["build", "--locked", "--release", "--package", "fengsui"];

const TREE: [&str; 10] = [
    "tree",
    "--locked",
    "--package",
    "fengsui",
    "--target",
    COUNTED_FOR,
    "-e",
    "normal,build",
    "--prefix",
    "none",
];

/// The packages in the output of `cargo tree --prefix none`, by name and version.
fn crates(tree: &str) -> BTreeSet<(&str, &str)> {
    tree.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect()
}

/// With one decimal, rounded down.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes * 10 / (1 << 20);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Seconds that a build takes in an empty folder; the sources of the crates are there already.
fn clean_build() -> Result<f64, Failure> {
    run_command(&mut cargo(["fetch", "--locked"]))?;
    let folder = repo::target()?.join("clean-build");
    let remove = || match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::Failed(format!("cannot remove `{}`: {error}", folder.display())))
        }
        _ => Ok(()),
    };
    remove()?;
    let started = Instant::now();
    run_command(cargo(BUILD).env("CARGO_TARGET_DIR", &folder))?;
    let took = started.elapsed();
    remove()?;
    Ok(took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_counts_once_and_each_version_counts() {
        let tree = "fengsui v0.1.0 (/src/fengsui)\nsha2 v0.11.0\ndigest v0.10.7\n\nsha2 v0.11.0 (*)\ndigest v0.11.2\n";
        let expected =
            [("digest", "v0.10.7"), ("digest", "v0.11.2"), ("fengsui", "v0.1.0"), ("sha2", "v0.11.0")];
        assert!(crates(tree).into_iter().eq(expected));
    }

    #[test]
    fn sizes_are_rounded_down() {
        for (bytes, text) in [(0, "0.0"), (1_048_575, "0.9"), (1_048_576, "1.0"), (62_914_560, "60.0")] {
            assert_eq!(mebibytes(bytes), text, "{bytes}");
        }
    }
}
