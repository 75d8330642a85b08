//! A node in a folder of its own under a clock set by hand; every answer is held against the document.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use fengsui_domain::account::AccountWords;
use fengsui_domain::actor::{Actor, By};
use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{PlanId, RoleId};
use fengsui_server::{App, openapi, router};
use fengsui_service::tokens::TokenWords;
use fengsui_service::{Caller, Environment, Options, Service, Time};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tower::Service as _;

use crate::ran;
use crate::schema::Document;

/// Bytes of an answer that a test reads at most.
const MAX_ANSWER: usize = 1 << 22;
/// When every test begins.
pub(crate) const BEGIN: &str = "2026-11-23T03:00:00Z";

/// A clock that moves when told to.
pub(crate) struct Hand(Mutex<Timestamp>);

impl Time for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn steady(&self) -> Instant {
        Instant::now()
    }
}

/// A node with its router.
pub(crate) struct Node {
    pub(crate) service: Service,
    pub(crate) document: Document,
    time: Arc<Hand>,
    router: Router,
    folder: tempfile::TempDir,
}

/// An answer that fits the document.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) etag: Option<String>,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
    pub(crate) headers: axum::http::HeaderMap,
}

/// A request in the making.
pub(crate) struct Ask<'n> {
    node: &'n Node,
    method: &'static str,
    path: String,
    builder: axum::http::request::Builder,
    body: Vec<u8>,
}

impl Node {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::start(folder, Arc::new(Hand(Mutex::new(BEGIN.parse().unwrap())))).await
    }

    /// The same node stopped, given these packs (each a folder and the text of its one file), and started again.
    pub(crate) async fn again(self, packs: &[(&str, String)]) -> Self {
        let Self { service, time, router, folder, .. } = self;
        drop((service, router));
        for (name, text) in packs {
            let pack = folder.path().join("plans").join(name);
            std::fs::create_dir_all(&pack).unwrap();
            std::fs::write(pack.join("plan.yaml"), text).unwrap();
        }
        Self::start(folder, time).await
    }

    async fn start(folder: tempfile::TempDir, time: Arc<Hand>) -> Self {
        let environment = Environment { time: time.clone(), ..Environment::system() };
        let options =
            Options { folder: folder.path().to_owned(), name: "test.example/node".into(), database: None };
        let service = Service::open(options, environment).await.unwrap();
        let app = App::new(service.clone());
        let document = Document::new(serde_json::to_value(openapi()).unwrap());
        Self { service, document, time, router: router(app), folder }
    }

    /// Every route, as a browser reaches them.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// The clock goes on.
    pub(crate) fn pass(&self, minutes: i64) {
        let mut now = self.time.0.lock().unwrap();
        *now = now.checked_add(SignedDuration::from_mins(minutes)).unwrap();
    }

    pub(crate) fn now(&self) -> String {
        self.time.now().to_string()
    }

    /// A person with these roles and bodies; returns the account and the text of a personal token.
    pub(crate) async fn person(
        &self,
        name: &str,
        roles: &[SystemRole],
        bodies: &[&str],
    ) -> (AccountId, String) {
        let words = AccountWords {
            name: name.into(),
            display: name.into(),
            roles: roles.iter().copied().collect(),
            bodies: bodies.iter().map(|body| RoleId::new(*body)).collect(),
        };
        let (account, _) = self.service.account_create(&console(), words).await.unwrap();
        let account = account.value.id;
        (account, self.token_of(account).await)
    }

    /// The text of a new token of somebody, good for a day.
    pub(crate) async fn token_of(&self, account: AccountId) -> String {
        self.service.token_create(&console(), token_words(Some(account), None)).await.unwrap().1
    }

    /// The text of a service token with this role.
    pub(crate) async fn program(&self, role: SystemRole) -> String {
        self.service.token_create(&console(), token_words(None, Some(role))).await.unwrap().1
    }

    pub(crate) fn ask(&self, method: &'static str, path: impl Into<String>) -> Ask<'_> {
        let path = path.into();
        let builder = Request::builder().method(method).uri(&path);
        Ask { node: self, method, path, builder, body: Vec::new() }
    }

    pub(crate) fn get(&self, token: &str, path: impl Into<String>) -> Ask<'_> {
        self.ask("GET", path).token(token)
    }

    pub(crate) fn post(&self, token: &str, path: impl Into<String>, body: &Value) -> Ask<'_> {
        self.ask("POST", path).token(token).json(body)
    }
}

impl Answer {
    /// The media type; empty if there is none.
    pub(crate) fn kind(&self) -> &str {
        self.headers.get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap())
    }

    /// The code of a problem document, which every answer of 400 and more must be.
    pub(crate) fn problem(&self) -> &str {
        assert_eq!(self.kind(), "application/problem+json", "{}", self.status);
        assert_eq!(self.body["status"], self.status.as_u16(), "{:#}", self.body);
        self.body["code"].as_str().unwrap()
    }
}

impl Ask<'_> {
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes(serde_json::to_vec(body).unwrap()).header("content-type", "application/json")
    }

    pub(crate) fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and holds the answer against the document.
    pub(crate) async fn send(self) -> Answer {
        let (node, method, target) = (self.node, self.method, self.path.clone());
        let answer = self.send_untold().await;
        let (path, body) = (target.split('?').next().unwrap(), &answer.body);
        let fits = node.document.answer_fits(method, path, answer.status.as_u16(), answer.kind(), body);
        fits.unwrap_or_else(|wrong| {
            panic!("{method} {target} answered {}: {wrong}\n{body:#}", answer.status)
        });
        answer
    }

    /// Sends what the document does not tell of, such as another method.
    pub(crate) async fn send_untold(self) -> Answer {
        let posted = ran::wanted() && self.method == "POST";
        let sent: Value =
            if posted { serde_json::from_slice(&self.body).unwrap_or_default() } else { Value::Null };
        let request = self.builder.body(Body::from(self.body)).unwrap();
        let response = self.node.router.clone().call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, MAX_ANSWER).await.unwrap().to_vec();
        let etag = parts.headers.get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
        let mut answer =
            Answer { status: parts.status, etag, body: Value::Null, bytes, headers: parts.headers };
        if answer.kind().contains("json") && !answer.bytes.is_empty() {
            answer.body = serde_json::from_slice(&answer.bytes).unwrap();
        }
        if posted && answer.status.is_success() {
            let service = &self.node.service;
            let own = service.plan_in_force().await.unwrap().id;
            let plan = |id: Option<&str>| {
                let id = id.map_or(own.clone(), PlanId::new);
                service.plans().get(&id).map(|pack| pack.plan.clone())
            };
            ran::note(&self.path, &sent, plan);
        }
        answer
    }

    /// Sends it and wants this status.
    pub(crate) async fn wants(self, status: u16) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let answer = self.send().await;
        assert_eq!(answer.status.as_u16(), status, "{what}: {:#}", answer.body);
        answer
    }
}

/// The command line, which may make accounts and tokens.
pub(crate) fn console() -> Caller {
    Caller::new(Actor {
        by: By::Console,
        roles: BTreeSet::from([SystemRole::Administrator]),
        bodies: BTreeSet::new(),
        scopes: BTreeSet::new(),
    })
}

fn token_words(account: Option<AccountId>, role: Option<SystemRole>) -> TokenWords {
    TokenWords { name: "test".into(), account, role, scopes: BTreeSet::new(), days: 1 }
}
