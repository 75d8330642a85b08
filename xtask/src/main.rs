//! `cargo xtask`: everything that is done to this repository by a command.
//!
//! `test` is what CI runs on a new machine, `check` what a developer runs before handing work in; both
//! are tables of stages (`stages`). `bench` prints figures, `fuzz` looks for crashes. The rules that the
//! repository itself keeps (floors, sizes, licences) are tests of this package, in `tests/it`.
//! Nothing here has a dependency, and nothing asserts how long a thing takes.

use std::process::ExitCode;

mod bench;
mod coverage;
mod crash;
mod failure;
mod fuzz;
mod install;
mod need;
mod process;
mod repo;
mod stage;
mod stages;

use failure::Failure;

const HELP: &str = "\
usage: cargo xtask COMMAND

  test  [--only STAGE]... [--list]   what CI runs; as root on Debian it installs what is missing
  check [--only STAGE]... [--list]   the part of it without a browser: before handing work in
  bench [NAME [OPTION]...]           prints figures; without a name, which there are
  crash [NAME [COUNT]]               kills a node and fails its disk that often; without a name, the ways
  coverage                           runs the tests of the plans, writes down which rule which test ran
  fuzz  [SECONDS [TARGET]...]        runs each fuzz target (default: 60 seconds each)
  help                               this text

exit codes: 0 good, 1 something failed, 2 usage";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let Some((command, rest)) = arguments.split_first() else {
        return Err(Failure::Usage(format!("a command is missing\n\n{HELP}")));
    };
    match command.as_str() {
        "test" => stage::command("test", stages::TEST, rest),
        "check" => stage::command("check", stages::CHECK, rest),
        "coverage" => coverage::command(rest),
        "crash" => crash::command(rest),
        "bench" => bench::command(rest),
        "fuzz" => fuzz::command(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::Usage(format!("`{other}` is no command\n\n{HELP}"))),
    }
}
