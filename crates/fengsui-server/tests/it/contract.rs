//! What holds for every route: methods, addresses, bodies that cannot be read, keys of requests, waiting.

use axum::http::{StatusCode, header};
use fengsui_domain::permission::SystemRole::{Administrator, DutyOfficer};
use fengsui_server::problem::Problem;
use fengsui_service::Error;
use fengsui_service::store::StoreError;
use fengsui_wire::api::ProblemCode;
use serde_json::json;

use crate::node::Node;

#[tokio::test]
async fn another_method_is_told_which_there_are() {
    let node = Node::new().await;
    let token = node.program(DutyOfficer).await;
    let paths = node.document.operations().into_iter().map(|(_, path, _)| path.replace("{id}", "x"));
    for path in paths.filter(|path| !path.contains('{')) {
        for method in ["DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"] {
            let answer = node.ask(method, &path).token(&token).send_untold().await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem()),
                (405, "method_not_allowed"),
                "{method} {path}"
            );
            let allow = answer.headers[header::ALLOW].to_str().unwrap();
            let told = node.document.operations().into_iter();
            for (known, ..) in told.filter(|(_, known, _)| known.replace("{id}", "x") == path) {
                assert!(allow.split(',').any(|allowed| allowed == known), "{method} {path}: {allow}");
            }
        }
    }
}

#[tokio::test]
async fn head_is_get_without_a_body_and_nothing_else_takes_it() {
    let node = Node::new().await;
    let token = node.program(DutyOfficer).await;
    let (head, get) = (node.ask("HEAD", "/api/v1/me").token(&token), node.get(&token, "/api/v1/me"));
    let (head, get) = (head.send_untold().await, get.wants(200).await);
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.headers[header::CONTENT_TYPE], get.headers[header::CONTENT_TYPE]);
    let answer = node.ask("HEAD", "/api/v1/logs").token(&token).send_untold().await;
    assert_eq!((answer.status.as_u16(), &answer.headers[header::ALLOW]), (405, &"POST".parse().unwrap()));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_found() {
    let node = Node::new().await;
    let token = node.program(DutyOfficer).await;
    for path in
        ["/api/v1", "/api/v1/", "/api/v1/none", "/api/v1/events/", "/api/v1//events", "/api/v1/events/%ff"]
    {
        for method in ["GET", "POST", "BREW"] {
            let answer = node.ask(method, path).token(&token).send_untold().await;
            let not_here = matches!((answer.status.as_u16(), answer.problem()), (404, "not_found"));
            let other_method = method != "GET" && path.ends_with("%ff") && answer.status.as_u16() == 405;
            assert!(not_here || other_method, "{method} {path}: {} {:#}", answer.status, answer.body);
        }
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_so() {
    let node = Node::new().await;
    let token = node.program(DutyOfficer).await;
    let deep = |open: &str| open.repeat(100_000);
    let with = |field: &str, value: &str| format!("{{\"{field}\": {value}");
    for (status, code, body) in [
        (400, "bad_request", Vec::new()),
        (400, "bad_request", b"{".to_vec()),
        (400, "bad_request", b"\xff\xfe".to_vec()),
        (400, "bad_request", b"{\"title\": \"\xff\"}".to_vec()),
        (400, "bad_request", br#"{"title": "\ud800"}"#.to_vec()),
        (400, "bad_request", br#"{"title": 1e999}"#.to_vec()),
        (400, "bad_request", deep("[").into()),
        (422, "invalid", with("unknown", &deep("[")).into()),
        (422, "invalid", with("points", &deep("{\"a\": ")).into()),
        (422, "invalid", with("lines", &deep("[")).into()),
        (422, "invalid", b"null".to_vec()),
        (422, "invalid", br#"["t", "d", "report", "s", "u"]"#.to_vec()),
        (422, "invalid", br#"{"title": "t", "title": "t"}"#.to_vec()),
        (413, "too_large", vec![b' '; (1 << 20) + 1]),
    ] {
        let begins = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let answer = node.ask("POST", "/api/v1/events").token(&token).bytes(body).wants(status).await;
        assert_eq!(answer.problem(), code, "{begins}: {:#}", answer.body);
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(!detail.contains("struct"), "{begins}: {detail}");
    }
    // Where fields are read ahead of their type, what they hold is read to a depth of 128 (`serde_json`).
    let step = format!("{{\"step\": {{\"kind\": {}", deep("["));
    let path = "/api/v1/incidents/00000000-0000-0000-0000-000000000000/response/propose";
    let answer = node.ask("POST", path).token(&token).bytes(step).wants(400).await;
    assert_eq!(answer.problem(), "bad_request");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_not_waited_for() {
    let node = Node::new().await;
    let token = node.program(DutyOfficer).await;
    let ask =
        node.ask("POST", "/api/v1/events").token(&token).header("content-length", "1048577").bytes("{}");
    assert_eq!(ask.wants(413).await.problem(), "too_large");
}

#[tokio::test]
async fn a_route_without_a_body_takes_none_or_an_empty_one() {
    let node = Node::new().await;
    let (_, token) = node.person("wang", &[DutyOfficer], &[]).await;
    for (status, body) in
        [(200, ""), (200, "{}"), (422, "[]"), (422, "null"), (422, "{\"a\": 1}"), (400, "{")]
    {
        node.ask("POST", "/api/v1/me/totp").token(&token).bytes(body).wants(status).await;
    }
}

#[tokio::test]
async fn a_secret_is_shown_for_the_first_of_equal_requests_only() {
    let node = Node::new().await;
    let (_, admin) = node.person("root", &[Administrator], &[]).await;
    let token = |days: u64| json!({"name": "probe", "role": "analyst", "days": days});
    let account = |name: &str| json!({"name": name, "display": "d", "roles": ["handler"]});
    for (path, first, other) in
        [("tokens", token(1), token(2)), ("accounts", account("sun"), account("qian"))]
    {
        let send = |body| node.post(&admin, format!("/api/v1/{path}"), body).header("idempotency-key", path);
        send(&first).wants(201).await;
        assert_eq!(send(&first).wants(409).await.problem(), "already_done");
        assert_eq!(send(&other).wants(422).await.problem(), "key_reused");
    }
}

#[test]
fn whoever_is_to_wait_is_told_how_long() {
    let unavailable = || StoreError::Unavailable { reason: "the disk is full".into() };
    let stopped = StoreError::Stopped { reason: "the disk failed".into() };
    for (problem, status, code, wait_s) in [
        (Problem::from(unavailable()), 503, "unavailable", 5),
        (Problem::from(Error::from(unavailable())), 503, "unavailable", 5),
        (Problem::from(stopped), 503, "failed", 5),
        (Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "x"), 503, "not_ready", 5),
        (Problem::from(Error::SlowDown { wait_s: 30 }), 429, "slow_down", 30),
    ] {
        assert_eq!((problem.status.as_u16(), problem.code), (status, code));
        assert_eq!(problem.retry_after_s, Some(wait_s), "{code}");
        assert!(ProblemCode::parse(problem.code).is_some(), "{code}");
    }
    assert_eq!(Problem::not_found().retry_after_s, None);
    let repeated = Problem::from(StoreError::Repeated);
    assert_eq!(
        (repeated.status.as_u16(), repeated.code, repeated.retry_after_s),
        (409, "already_done", None)
    );
}

/// Two who choose at once: whoever read the plan before the other chose is told so.
#[tokio::test]
async fn a_choice_can_be_bound_to_what_was_read() {
    let node = Node::new().await;
    let (_, token) = node.person("root", &[Administrator], &[]).await;
    let plan = "/api/v1/plans/jincheng-internet-2008";
    let read = node.get(&token, plan).wants(200).await.etag.expect("the version");
    let choice = |option: &str| json!({"options": {"review-and-filing-days": option}, "reason": "市政府函"});
    let choose = |option: &str| {
        let asked = node.post(&token, format!("{plan}/choose"), &choice(option));
        asked.header("If-Match", &read).send()
    };
    assert_eq!(choose("sixty-days").await.status.as_u16(), 200);
    let late = choose("filing-after-review").await;
    assert_eq!((late.status.as_u16(), late.problem()), (412, "changed"));
    let version = format!("{plan}?digest={}", "0".repeat(64));
    let none = node.get(&token, version).send().await;
    assert_eq!(none.body["detail"], "there is no such version of the plan `jincheng-internet-2008`");
}
