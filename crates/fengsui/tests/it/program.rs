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

pub(crate) fn command(arguments: &[&dyn AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fengsui"));
    command.args(arguments.iter().map(AsRef::as_ref)).stdin(Stdio::null());
    forget(&mut command);
    command
}

/// What whoever runs the tests has set is not for the program under test.
fn forget(command: &mut Command) {
    for name in ["FENGSUI_DATA", "FENGSUI_TOKEN", "FENGSUI_LISTEN", "FENGSUI_LOG", "FENGSUI_DATABASE"] {
        command.env_remove(name);
    }
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
        command.args(more.iter().map(AsRef::as_ref));
        Self::spawn(command).unwrap_or_else(|line| panic!("the node said `{line}`"))
    }

    /// The same while `strace` does something to one of these calls (`fault` in its words); `None` if the node ended
    /// before it said where it is.
    pub(crate) fn start_under_fault(data: &Path, calls: &str, fault: &str) -> Option<Self> {
        let mut command = Command::new("strace");
        // The tracer stands aside, so that the node itself is our child. (With `--seccomp-bpf` strace 6.1 counts no
        // further than the first call.)
        command.args(["-D", "-f", "-qqq", "-o", "/dev/null"]);
        command.args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:{fault}")]);
        command
            .arg(env!("CARGO_BIN_EXE_fengsui"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data);
        forget(&mut command);
        Self::spawn(command).ok()
    }

    /// A node with this command, or what it said instead of where it is.
    fn spawn(mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        if let Some(url) = line.trim().strip_prefix("Fengsui is at ") {
            return Ok(Self { url: url.to_owned(), child, _out: out });
        }
        let _ = child.kill();
        child.wait().unwrap();
        Err(line)
    }

    /// Asks it to stop, as the service manager does; whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        // It may be gone already, which its exit says.
        let id = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).stderr(Stdio::null()).status();
        self.child.wait().unwrap().success()
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
        // One that was killed or told to stop has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
