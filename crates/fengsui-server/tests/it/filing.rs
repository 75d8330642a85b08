//! Filing under two plans at once: one panel each on the console, one receipt of each authority.

use fengsui_domain::permission::SystemRole::{Commander, DutyOfficer, Handler};
use serde_json::{Map, Value, json};

use crate::browser::Browser;
use crate::node::Node;

const INTERNET: &str = "jincheng-internet-2008";
const EGOV: &str = "jincheng-egov-2008";

/// An incident under both plans of the city, reviewed by one person who speaks for all bodies concerned.
struct Case {
    node: Node,
    token: String,
    path: String,
}

impl Case {
    async fn act(&self, command: &str, body: Value) -> Value {
        self.node.post(&self.token, format!("{}/{command}", self.path), &body).wants(200).await.body
    }

    async fn refused(&self, command: &str, body: Value) -> Value {
        self.node.post(&self.token, format!("{}/{command}", self.path), &body).wants(409).await.body
    }

    async fn decide(&self, step: Value) {
        self.act("response/decide", json!({"step": step, "approve": true, "grounds": "按预案"})).await;
    }

    async fn review(&self) -> Value {
        self.act("verify", json!({"basis": "属实"})).await;
        self.act("grading", json!({"level": "IV", "reason": "影响很小"})).await;
        self.decide(json!({"kind": "start", "level": "IV", "range": "门户网站"})).await;
        for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
            self.act("conditions", json!({"condition": condition, "holds": true, "basis": "现场确认"})).await;
        }
        self.decide(json!({"kind": "end"})).await;
        let plan = self.node.get(&self.token, format!("{}/plan", self.path)).wants(200).await.body;
        assert_eq!(plan["filings_beside"][EGOV]["to_each"], true, "{:#}", plan["filings_beside"]);
        let topics = plan["review"]["topics"].as_array().unwrap();
        let topics: Map<String, Value> =
            topics.iter().map(|topic| (topic["id"].as_str().unwrap().to_owned(), json!("如实"))).collect();
        self.act("review", json!({"topics": topics})).await
    }
}

#[tokio::test]
async fn each_plan_gets_its_filing_and_each_authority_gives_a_receipt() {
    let node = Node::new().await;
    let bodies = ["security-office", "unit", "unit-security-lead", "cyber-police"];
    let (account, token) = node.person("liu", &[DutyOfficer, Commander, Handler], &bodies).await;
    let words = json!({"title": "门户网站被篡改", "source": "report", "sender": "网民", "unit": "市某局"});
    let event = node.post(&token, "/api/v1/events", &words).wants(201).await;
    let event = event.headers["location"].to_str().unwrap().to_owned();
    let found = json!({"outcome": "incident", "category": "attack", "level": "IV", "beside": [EGOV]});
    let judged = node.post(&token, format!("{event}/triage"), &found).wants(200).await.body;
    let path = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
    let case = Case { node, token, path };
    let incident = case.review().await;

    let receipt = json!({"at": case.node.now(), "reference": "收文 1"});
    case.act("filing", json!({"summary": "过程与结果"})).await;
    let first = case.act("filing/receipt", receipt.clone()).await;
    assert_eq!(first["filing"]["receipt"]["reference"], "收文 1");
    let waits = case.refused("archive", json!({})).await;
    assert_eq!(waits["code"], "not_ready", "{waits:#}");

    let browser = Browser::sign_in(&case.node, account, "zh-CN").await;
    let page = format!("/incidents/{}/closing", incident["number"].as_str().unwrap());
    let shown = browser.get(&page).await.html;
    assert!(shown.contains("id=\"filing\"") && shown.contains("id=\"filing-2\""), "a panel for each");
    for (plan, missing) in [(INTERNET, ""), (EGOV, "：须先提交备案。")] {
        let told = case.node.get(&case.token, format!("/api/v1/plans/{plan}")).wants(200).await.body;
        let title = told["title"]["zh"].as_str().unwrap();
        assert!(shown.contains(&format!("备案：{title}")), "its panel names its plan");
        assert_eq!(shown.contains(&format!("<li>{title}：")), !missing.is_empty(), "{title}");
        assert!(shown.contains(&format!("{title}{missing}")), "what is missing names its plan: {title}");
        let clause = told["filing"]["clause"].as_str().unwrap();
        assert!(shown.contains(&format!("title=\"{clause}\"")), "its clause: {clause}");
    }
    assert!(shown.contains("每一方都须出具回执") && shown.contains("晋城市电子政务网络安全应急预案"));
    let filed = browser.submit(&page, "file-2", &[("summary", "总结")]).await;
    assert_eq!(filed.location, page, "{}", filed.html);
    let whose = [("of", ""), ("at", "2026-01-01T00:00"), ("by", "网监支队")];
    assert_eq!(browser.submit(&page, "file-receipt-2", &whose).await.status, 422, "it must say whose it is");

    let body = |of: &str| json!({"at": case.node.now(), "reference": "备 2", "plan": EGOV, "of": of});
    let one = case.act("filing/receipt", body("cyber-police")).await;
    assert_eq!(one["filed_beside"][EGOV]["receipts"]["cyber-police"]["reference"], "备 2");
    assert_eq!(case.refused("archive", json!({})).await["code"], "not_ready");
    assert_eq!(case.refused("filing/receipt", body("cyber-police")).await["code"], "already_done");
    case.act("filing/receipt", body("security-office")).await;
    let sealed = case.node.ask("POST", format!("{}/archive", case.path)).token(&case.token).wants(200).await;
    assert_eq!(sealed.body["phase"], "archived");
    let shown = browser.get(&page).await.html;
    assert_eq!(shown.matches("备 2").count(), 2, "both receipts are shown");
}
