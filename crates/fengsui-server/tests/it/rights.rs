//! Who gets in: nobody without a token, and everybody only through their own doors.

use fengsui_domain::permission::SystemRole::{
    Administrator, Analyst, Auditor, Commander, DutyOfficer, Handler, Liaison,
};
use serde_json::json;

use crate::node::Node;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn without_a_token_every_route_but_three_answers_401() {
    let node = Node::new().await;
    let mut open = Vec::new();
    for (method, path, _) in node.document.operations() {
        let method: &'static str = match method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            other => panic!("no route had the method {other} before"),
        };
        let parts: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { NIL } else { part }).collect();
        let answer = node.ask(method, parts.join("/")).send().await;
        match answer.status.as_u16() {
            401 => assert_eq!(answer.headers["www-authenticate"], "Bearer", "{method} {path}"),
            _ => open.push(path),
        }
    }
    assert_eq!(open, ["/healthz", "/ledger/checkpoint", "/readyz"]);
}

#[tokio::test]
async fn every_role_reads_what_is_its_own_and_nothing_else() {
    let node = Node::new().await;
    let roles = [Administrator, DutyOfficer, Commander, Handler, Liaison, Analyst, Auditor];
    let mut tokens = Vec::new();
    for role in roles {
        tokens.push((role, node.program(role).await));
    }
    let case = [DutyOfficer, Commander, Handler, Analyst];
    for (path, readers) in [
        ("/api/v1/me", &roles[..]),
        ("/api/v1/plans", &roles),
        ("/api/v1/plans/jincheng-internet-2008", &roles),
        ("/api/v1/desk", &case),
        ("/api/v1/clocks", &case),
        ("/api/v1/events", &case),
        ("/api/v1/incidents", &case),
        ("/api/v1/indicator-lists", &case),
        ("/api/v1/sightings", &case),
        ("/api/v1/resources", &case),
        ("/api/v1/duty-books", &[DutyOfficer, Commander, Handler, Auditor]),
        ("/api/v1/sources", &[Administrator, DutyOfficer, Auditor]),
        ("/api/v1/accounts", &[Administrator]),
        ("/api/v1/tokens", &[Administrator]),
    ] {
        for (role, token) in &tokens {
            let expected = if readers.contains(role) { 200 } else { 403 };
            let answer = node.get(token, path).send().await;
            assert_eq!(answer.status, expected, "{role} and {path}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_liaison_reads_only_what_it_handed_in() {
    let node = Node::new().await;
    let (_, liaison) = node.person("school", &[Liaison], &[]).await;
    let (_, duty) = node.person("wang", &[DutyOfficer], &[]).await;
    let words = json!({"title": "网页被改", "source": "report", "sender": "一中", "unit": "一中"});
    let own = node.post(&liaison, "/api/v1/events", &words).wants(201).await.body;
    let other = node.post(&duty, "/api/v1/events", &words).wants(201).await.body;
    let path = |event: &serde_json::Value| format!("/api/v1/events/{}", event["id"].as_str().unwrap());
    node.get(&liaison, path(&own)).wants(200).await;
    node.get(&liaison, path(&own) + "/timeline").wants(200).await;
    node.get(&liaison, path(&other)).wants(404).await;
    node.get(&liaison, path(&other) + "/timeline").wants(404).await;
}

#[tokio::test]
async fn me_says_who_the_token_is_and_how_it_is_narrowed() {
    let node = Node::new().await;
    let (account, token) = node.person("wang", &[DutyOfficer], &["security-office"]).await;
    let me = node.get(&token, "/api/v1/me").wants(200).await.body;
    assert_eq!((me["kind"].as_str(), me["name"].as_str()), (Some("person"), Some("wang")));
    assert_eq!(me["id"], account.to_string());
    assert_eq!(me["bodies"], json!(["security-office"]));
    assert_eq!(me["expires_at"], "2026-11-24T03:00:00Z");
    let narrow = json!({"name": "read only", "scopes": ["case.read"], "days": 2});
    let made = node.post(&token, "/api/v1/tokens", &narrow).wants(201).await.body;
    let text = made["token"].as_str().unwrap();
    let me =
        node.ask("GET", "/api/v1/me").header("authorization", format!("Token {text}")).wants(200).await.body;
    assert_eq!(me["permissions"], json!(["case.read"]));
    node.post(text, "/api/v1/events", &json!({"title": "t", "source": "report", "sender": "s", "unit": "u"}))
        .wants(403)
        .await;
    let revoke = format!("/api/v1/tokens/{}/revoke", made["about"]["id"].as_str().unwrap());
    node.post(&token, revoke, &json!({"reason": "no longer needed"})).wants(200).await;
    node.get(text, "/api/v1/me").wants(401).await;
}

#[tokio::test]
async fn accounts_are_made_changed_disabled_and_reset() {
    let node = Node::new().await;
    let (_, admin) = node.person("root", &[Administrator], &[]).await;
    let zhao = json!({"name": "zhao", "display": "赵六", "roles": ["handler"], "bodies": ["unit"]});
    let made = node.post(&admin, "/api/v1/accounts", &zhao).wants(201).await;
    assert_eq!(
        made.headers["location"],
        format!("/api/v1/accounts/{}", made.body["account"]["id"].as_str().unwrap())
    );
    let path = made.headers["location"].to_str().unwrap().to_owned();
    assert!(made.body["link"].as_str().unwrap().starts_with("/link/"), "{}", made.body);
    let taken = node.post(&admin, "/api/v1/accounts", &zhao).wants(409).await;
    assert_eq!(
        (taken.body["code"].as_str(), taken.body["field"].as_str()),
        (Some("name_taken"), Some("name"))
    );

    let words = json!({"display": "赵六", "roles": ["handler", "analyst"], "bodies": []});
    let changed =
        node.ask("PUT", &path).token(&admin).header("if-match", made.etag.as_deref().unwrap()).json(&words);
    let changed = changed.wants(200).await;
    assert_eq!(changed.body["roles"], json!(["handler", "analyst"]));
    let stale =
        node.ask("PUT", &path).token(&admin).header("if-match", made.etag.as_deref().unwrap()).json(&words);
    assert_eq!(stale.wants(412).await.body["code"], "changed");

    let disabled = node.post(&admin, format!("{path}/disable"), &json!({"reason": "left"})).wants(200).await;
    assert_eq!(disabled.body["active"], false);
    let enabled = node.ask("POST", format!("{path}/enable")).token(&admin).wants(200).await;
    assert_eq!(enabled.body["active"], true);
    let reset = node.post(&admin, format!("{path}/reset"), &json!({"with_totp": true})).wants(200).await;
    assert_ne!(reset.body["link"], made.body["link"]);
    let admin_path = node.get(&admin, "/api/v1/me").wants(200).await.body["id"].as_str().unwrap().to_owned();
    let last = node
        .post(&admin, format!("/api/v1/accounts/{admin_path}/disable"), &json!({"reason": "x"}))
        .wants(409)
        .await;
    assert_eq!(last.body["code"], "last_administrator");
}

#[tokio::test]
async fn a_program_has_no_second_factor_and_a_wrong_code_enrols_nothing() {
    let node = Node::new().await;
    let program = node.program(DutyOfficer).await;
    assert_eq!(
        node.ask("POST", "/api/v1/me/totp").token(&program).wants(403).await.body["code"],
        "person_required"
    );
    let (_, person) = node.person("wang", &[DutyOfficer], &[]).await;
    let begun = node.ask("POST", "/api/v1/me/totp").token(&person).wants(200).await.body;
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Fengsui:wang?"), "{begun}");
    let wrong = json!({"secret": begun["secret"], "code": "abcdef"});
    assert_eq!(node.post(&person, "/api/v1/me/totp/confirm", &wrong).wants(422).await.body["field"], "code");
    let no_password = json!({"old": "none was set", "new": "correct horse battery staple"});
    assert_eq!(
        node.post(&person, "/api/v1/me/password", &no_password).wants(401).await.body["code"],
        "sign_in_failed"
    );
    for _ in 0..5 {
        node.post(&person, "/api/v1/me/password", &no_password).wants(401).await;
    }
    let guessed = node.post(&person, "/api/v1/me/password", &no_password).wants(429).await;
    assert_eq!(
        (guessed.body["code"].as_str(), guessed.headers["retry-after"].to_str().unwrap()),
        (Some("slow_down"), "2")
    );
    node.pass(3);
    node.post(&person, "/api/v1/me/password", &no_password).wants(401).await;
}
