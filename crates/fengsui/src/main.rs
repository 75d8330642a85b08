//! The one binary: command line, wiring, nothing that decides.
//!
//! Exit codes: 0 good, 1 findings or a negative answer, 2 usage or unreadable input, 3 the operation
//! failed. With `--json` the answer is on stdout alone; words for people go to stderr.

use std::process::ExitCode;

use clap::Parser as _;

mod backup;
mod cli;
mod coverage;
mod demo;
mod drill;
mod exit;
mod import;
mod ledger;
mod logging;
mod matching;
mod migrate;
mod node;
mod plan;
mod progress;
mod serve;
mod token;
mod user;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(&cli);
    let outcome = match cli.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Plan(command) => plan::run(command),
        Command::Match(arguments) => matching::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Ledger(command) => ledger::run(command),
        Command::Migrate(data) => migrate::run(&data),
        Command::Backup(command) => backup::make(command),
        Command::Restore(command) => backup::restore(command),
        Command::Token(command) => token::run(command),
        Command::User(command) => user::run(command),
        Command::Drill(command) => drill::run(command),
        Command::Demo(arguments) => demo::run(arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
