//! A defaced government website under both plans of the city: chosen at triage, attached and taken off later.

use fengsui_domain::id::AccountId;
use fengsui_domain::permission::SystemRole::{Auditor, Commander, DutyOfficer};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

const INTERNET: &str = "jincheng-internet-2008";
const EGOV: &str = "jincheng-egov-2008";

struct City {
    node: Node,
    account: AccountId,
    office: String,
    path: String,
    incident: Value,
}

impl City {
    /// An incident under the internet plan with these plans beside it.
    async fn opened(beside: &[&str]) -> Self {
        let node = Node::new().await;
        let bodies = ["security-office", "unit", "unit-duty-officer", "unit-security-lead"];
        let (account, office) = node.person("liu", &[DutyOfficer, Commander], &bodies).await;
        let words =
            json!({"title": "门户网站被篡改", "source": "report", "sender": "网民", "unit": "市某局"});
        let event = node.post(&office, "/api/v1/events", &words).wants(201).await;
        let event = event.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "category": "attack", "level": "I", "beside": beside});
        let judged = node.post(&office, format!("{event}/triage"), &found).wants(200).await.body;
        let path = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        let incident = node.get(&office, &path).wants(200).await.body;
        Self { node, account, office, path, incident }
    }

    async fn act(&self, command: &str, body: Value) -> Value {
        self.node.post(&self.office, format!("{}/{command}", self.path), &body).wants(200).await.body
    }

    async fn refused(&self, command: &str, body: Value, status: u16) -> Value {
        self.node.post(&self.office, format!("{}/{command}", self.path), &body).wants(status).await.body
    }
}

/// Running clocks of a document, by rule.
fn running(incident: &Value, document: &str) -> Vec<String> {
    let clocks = incident["clocks"].as_array().unwrap().iter();
    let own = clocks.filter(|clock| {
        clock["state"] == "running" && clock["clause"].as_str().unwrap().starts_with(document)
    });
    own.map(|clock| clock["rule"].as_str().unwrap().to_owned()).collect()
}

/// Both plans from the start: duties of both, the names of the second with its id in front.
#[tokio::test]
async fn chosen_at_triage() {
    let city = City::opened(&[EGOV]).await;
    assert_eq!(city.incident["plan"]["id"], INTERNET);
    assert_eq!(city.incident["beside"][0]["plan"]["id"], EGOV);
    assert!(running(&city.incident, INTERNET).contains(&"unit-at-once".to_owned()));
    assert!(running(&city.incident, EGOV).contains(&format!("{EGOV}~leading-group")));

    let plan = city.node.get(&city.office, format!("{}/plan", city.path)).wants(200).await.body;
    let facts: Vec<&str> =
        plan["facts"].as_array().unwrap().iter().map(|fact| fact["id"].as_str().unwrap()).collect();
    assert!(facts.contains(&"spread") && facts.contains(&"jincheng-egov-2008~asset_kind"));
    assert!(!facts.contains(&"jincheng-egov-2008~spread"), "one question for both");

    let clocks = city.node.get(&city.office, "/api/v1/clocks").wants(200).await.body;
    let plans: Vec<&str> =
        clocks["items"].as_array().unwrap().iter().map(|clock| clock["plan"].as_str().unwrap()).collect();
    assert!(plans.contains(&INTERNET) && plans.contains(&EGOV), "each duty names its plan: {plans:?}");

    let answers = json!({"answers": {"jincheng-egov-2008~asset_kind": {"value": "website"}}});
    let incident = city.act("facts", answers).await;
    assert_eq!(incident["facts"]["jincheng-egov-2008~asset_kind"]["value"], "website");
    let start = json!({"playbook": "jincheng-egov-2008~website-tampering", "what": "门户网站",
        "found_at": city.node.now()});
    let incident = city.act("playbooks", start).await;
    let taken = json!({"plan": EGOV, "reason": "并非政务网站"});
    assert_eq!(city.refused("plans/remove", taken, 409).await["code"], "not_ready");
    assert_eq!(incident["playbooks"][0]["playbook"], "jincheng-egov-2008~website-tampering");
}

/// Attached and taken off, each with its reason in the record; the record verifies.
#[tokio::test]
async fn attached_and_taken_off() {
    let city = City::opened(&[]).await;
    assert!(running(&city.incident, EGOV).is_empty());
    let attach = json!({"plan": EGOV, "reason": "政务网站同属两个预案"});
    let incident = city.act("plans", attach.clone()).await;
    assert_eq!(incident["beside"][0]["reason"], "政务网站同属两个预案");
    assert!(!running(&incident, EGOV).is_empty());
    assert_eq!(city.refused("plans", attach, 409).await["code"], "already_done");
    let before = running(&incident, INTERNET);

    let off = json!({"plan": EGOV, "reason": "核实后并非政务网站"});
    let incident = city.act("plans/remove", off.clone()).await;
    assert_eq!(incident["beside"], json!([]));
    assert_eq!(running(&incident, INTERNET), before);
    assert!(running(&incident, EGOV).is_empty());
    assert_eq!(city.refused("plans/remove", off, 422).await["field"], "plan");
    let none = json!({"plan": "no-such-plan", "reason": "?"});
    assert_eq!(city.refused("plans", none, 422).await["field"], "plan");

    let timeline = city.node.get(&city.office, format!("{}/timeline", city.path)).wants(200).await.body;
    let said = timeline.to_string();
    assert!(said.contains("plan_attached") && said.contains("plan_detached"), "{said}");
}

/// Nobody without the right says which plans govern.
#[tokio::test]
async fn who_may() {
    let city = City::opened(&[]).await;
    let (_, unit) = city.node.person("wang", &[DutyOfficer, Commander], &["unit"]).await;
    let (_, auditor) = city.node.person("chu", &[Auditor], &[]).await;
    let body = json!({"plan": EGOV, "reason": "政务网站"});
    for who in [unit, auditor] {
        city.node.post(&who, format!("{}/plans", city.path), &body).wants(403).await;
    }
}

/// The console: the boxes at triage, the clocks with the clauses of both, attaching, and taking off again.
#[tokio::test]
async fn on_the_console() {
    let city = City::opened(&[]).await;
    let browser = Browser::sign_in(&city.node, city.account, "zh-CN").await;
    let number = city.incident["number"].as_str().unwrap();
    let (page, clocks) = (format!("/incidents/{number}"), format!("/incidents/{number}/clocks"));
    assert!(!browser.get(&clocks).await.html.contains("jincheng-egov-2008/3.1"));

    let chosen = [("plan", EGOV), ("reason", "政务网站")];
    assert_eq!(browser.submit(&page, "attach", &chosen).await.location, page);
    let shown = browser.get(&page).await.html;
    assert!(shown.contains("晋城市电子政务网络安全应急预案") && shown.contains("政务网站"));
    let due = browser.get(&clocks).await.html;
    assert!(due.contains("jincheng-egov-2008/3.1") && due.contains("/plans/jincheng-egov-2008#clause-3.1"));
    assert!(browser.get("/").await.html.contains("向领导组报告"), "the desk knows the other plan's duties");

    let playbooks = browser.get(&format!("{page}/playbooks")).await.html;
    assert!(
        playbooks.contains("/plans/jincheng-egov-2008/playbooks/website-tampering?version="),
        "its own card"
    );

    let off = browser.submit(&page, &format!("detach-{EGOV}"), &[("reason", "")]).await;
    assert_eq!(off.status, 422, "a reason is needed");
    let off = browser.submit(&page, &format!("detach-{EGOV}"), &[("reason", "并非政务网站")]).await;
    assert_eq!(off.location, page);
    assert!(browser.get(&clocks).await.html.contains("该预案不再适用于本事件"));
    assert!(browser.get(&format!("{page}/timeline")).await.html.contains("另一预案不再适用"));
}

/// Triage on the console: a plan is ticked beside the one that leads.
#[tokio::test]
async fn ticked_at_triage() {
    let city = City::opened(&[]).await;
    let words = json!({"title": "又一次", "source": "report", "sender": "网民", "unit": "市某局"});
    let event = city.node.post(&city.office, "/api/v1/events", &words).wants(201).await.body;
    let page = format!("/events/{}", event["number"].as_str().unwrap());
    let browser = Browser::sign_in(&city.node, city.account, "en").await;
    let fields = [("category", "attack"), ("level", "III"), ("beside", EGOV)];
    let opened = browser.submit(&page, "triage-incident", &fields).await;
    assert!(opened.location.starts_with("/incidents/"), "{opened:?}");
    let shown = browser.get(&opened.location).await.html;
    assert!(shown.contains("Jincheng e-government network security emergency plan"), "{shown}");
}
