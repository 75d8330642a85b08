//! Running other programs: each is printed before it starts, and its failure names it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::repo;

/// A command of cargo, run in the root of the repository.
///
/// The cargo that started this program is used, so that the toolchain is the same.
pub(crate) fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(repo::root());
    command
}

/// Runs a command with its output on ours.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let line = line(command);
    println!("$ {line}");
    let status =
        command.status().map_err(|error| Failure::Failed(format!("cannot start `{line}`: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("`{line}` ended with {status}"))) }
}

/// Runs a command and returns what it printed on stdout, which must be UTF-8.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let line = line(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::Failed(format!("cannot start `{line}`: {error}")))?;
    if !output.status.success() {
        return Err(Failure::Failed(format!("`{line}` ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::Failed(format!("`{line}` printed no UTF-8")))
}

/// Whether a command can be started and succeeds; its output is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The command as a person would type it: variables set for it, the program's name, its arguments.
fn line(command: &Command) -> String {
    let mut line = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            write!(line, "{}={} ", name.display(), quoted(value)).expect("writing to a string cannot fail");
        }
    }
    let program = std::path::Path::new(command.get_program());
    line.push_str(&program.file_name().unwrap_or(command.get_program()).to_string_lossy());
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&quoted(argument));
    }
    line
}

fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    if text.contains(' ') { format!("\"{text}\"") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").env_remove("HOME");
        assert_eq!(line(&command), "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps");
    }

    #[test]
    fn failures_name_the_command() {
        let failed = run(&mut Command::new("false")).expect_err("`false` fails");
        assert_eq!(failed, Failure::Failed("`false` ended with exit status: 1".into()));
        let missing = run(&mut Command::new("no-such-program")).expect_err("there is no such program");
        assert!(missing.to_string().starts_with("cannot start `no-such-program`: "), "{missing}");
        assert!(!succeeds(&mut Command::new("false")) && succeeds(&mut Command::new("true")));
        assert_eq!(read(Command::new("echo").arg("hello")), Ok("hello\n".into()));
    }
}
