//! The API of a node as a client sees it: an answer that arrived whole, or none.

use std::time::Duration;

use serde_json::Value;

/// Longest wait for an answer; reached only by a node that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    /// Somebody with a token at the node with this address.
    pub(crate) fn new(url: &str, token: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        let base = url.trim_end_matches('/').to_owned();
        Self { agent: config.build().into(), base, token: format!("Bearer {token}") }
    }

    /// The status and body of a resource; `None` if the node is gone.
    pub(crate) fn get(&self, path: &str) -> Option<(u16, Value)> {
        let request = self.agent.get(format!("{}{path}", self.base)).header("Authorization", &self.token);
        answer(request.call())
    }

    /// The counters of a node.
    pub(crate) fn metrics(&self) -> Option<String> {
        let request = self.agent.get(format!("{}/metrics", self.base)).header("Authorization", &self.token);
        request.call().ok()?.body_mut().read_to_string().ok()
    }

    /// The same for lines of a log.
    pub(crate) fn upload(&self, lines: &str) -> Option<(u16, Value)> {
        let request = self.agent.post(format!("{}/api/v1/logs", self.base));
        answer(request.header("Authorization", &self.token).header("Content-Type", "text/plain").send(lines))
    }

    /// The same for bytes.
    pub(crate) fn bytes(&self, path: &str, bytes: &str) -> Option<(u16, Value)> {
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = request.header("Authorization", &self.token);
        answer(request.header("Content-Type", "application/octet-stream").send(bytes))
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
