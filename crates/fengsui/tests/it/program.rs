//! Runs the built program, and a node of it on a port of its own.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::client::Client;

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// Its answer as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

fn command(arguments: &[&dyn AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fengsui"));
    command.args(arguments.iter().map(AsRef::as_ref)).stdin(Stdio::null());
    for name in ["FENGSUI_DATA", "FENGSUI_TOKEN", "FENGSUI_LISTEN", "FENGSUI_LOG", "FENGSUI_DATABASE"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
pub(crate) fn fengsui(arguments: &[&dyn AsRef<OsStr>]) -> Ended {
    let output = command(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs a command that must do what it is asked; returns what it printed.
pub(crate) fn done(arguments: &[&dyn AsRef<OsStr>]) -> String {
    let ended = fengsui(arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    ended.out.trim().to_owned()
}

/// A node at work; it is killed with the test, or before.
pub(crate) struct Node {
    child: Child,
    /// Kept open, or the node would write into nowhere.
    _out: BufReader<ChildStdout>,
    pub(crate) url: String,
}

impl Node {
    /// Starts a node on a data folder and waits until it says where it is.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more on its command line.
    pub(crate) fn start_with(data: &Path, more: &[&dyn AsRef<OsStr>]) -> Self {
        let mut command = command(&[&"serve", &"--data", &data, &"--listen", &"127.0.0.1:0"]);
        command.args(more.iter().map(AsRef::as_ref)).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Fengsui is at ");
        let url = url.unwrap_or_else(|| panic!("the node said `{line}`")).to_owned();
        Self { url, child, _out: out }
    }

    /// Its standard input; it ends when this is dropped.
    pub(crate) fn input(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    /// Somebody with this token.
    pub(crate) fn client(&self, token: &str) -> Client {
        Client::new(&self.url, token)
    }
}

impl Drop for Node {
    /// As a power cut does: nothing is told to stop.
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
