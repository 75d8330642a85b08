//! A node as a child process, on a free port, and its API.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_fengsui");
/// Longest wait for an answer; reached only by a node that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a command of the program to its end; fails if it fails.
pub(crate) fn run(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "fengsui {}: {said}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// A running node.
pub(crate) struct Node {
    process: Child,
    base: String,
    /// Kept open: a program that cannot print any more ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Node {
    /// Starts `fengsui serve` on a free port and waits until it answers.
    pub(crate) fn start(data: &Path) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().expect("it says where it is").unwrap();
        let base = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        Self { base: base.trim_end_matches('/').to_owned(), process, _output: lines }
    }

    /// A client of this node.
    pub(crate) fn client(&self, token: &str) -> Client {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        Client { agent: config.build().into(), base: self.base.clone(), token: format!("Bearer {token}") }
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    /// The status and body of a resource; `None` if the node is gone.
    pub(crate) fn get(&self, path: &str) -> Option<(u16, Value)> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Authorization", &self.token);
        answer(request.call())
    }

    /// What came of a body that is accepted.
    pub(crate) fn made(&self, path: &str, body: &Value) -> Value {
        let (status, made) = self.post(path, "", body).unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {made}");
        made
    }

    /// The same for a body sent under a key that makes it happen once, or under none.
    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, Value)> {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("Authorization", &self.token)
            .header("Content-Type", "application/json");
        if !key.is_empty() {
            request = request.header("Idempotency-Key", key);
        }
        answer(request.send(body.to_string()))
    }
}

/// An answer that arrived whole; anything else is as if there was none.
fn answer(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<(u16, Value)> {
    let mut answer = answer.ok()?;
    let body = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&body).ok()?))
}
