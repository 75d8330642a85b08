//! A playbook by API under `jincheng-egov-2008`: started, urgent first, waited for, answered, completed.

use fengsui_domain::permission::SystemRole::{Commander, DutyOfficer};
use serde_json::{Value, json};

use crate::node::Node;

const BODIES: [&str; 5] =
    ["unit-duty-officer", "technician", "unit-security-lead", "informatisation-office", "unit-leader"];

struct City {
    node: Node,
    unit: String,
    police: String,
    path: String,
}

impl City {
    /// An attack on a website under the e-government plan.
    async fn new() -> Self {
        let node = Node::new().await;
        let (_, unit) = node.person("zhang", &[DutyOfficer, Commander], &BODIES).await;
        let (_, police) = node.person("wang", &[DutyOfficer, Commander], &["cyber-police"]).await;
        let words =
            json!({"title": "门户网站被篡改", "source": "report", "sender": "网民", "unit": "市某局"});
        let event = node.post(&unit, "/api/v1/events", &words).wants(201).await;
        let event = event.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "plan": "jincheng-egov-2008", "category": "attack",
            "level": "IV"});
        let judged = node.post(&unit, format!("{event}/triage"), &found).wants(200).await.body;
        let path = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        Self { node, unit, police, path }
    }

    async fn act(&self, who: &str, command: &str, body: Value) -> Value {
        self.node.post(who, format!("{}/{command}", self.path), &body).wants(200).await.body
    }

    async fn refused(&self, command: &str, body: Value) -> String {
        let answer = self.node.post(&self.unit, format!("{}/{command}", self.path), &body).wants(409).await;
        answer.body["code"].as_str().unwrap().to_owned()
    }

    fn done(&self, step: &str) -> Value {
        json!({"step": step, "at": self.node.now(), "result": "已办理"})
    }
}

fn step<'v>(incident: &'v Value, id: &str) -> &'v Value {
    let steps = incident["playbooks"][0]["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == id).unwrap()
}

/// 5.2: disconnected before the reports, cleaned only after the samples, filed, hardened, over.
#[tokio::test]
async fn a_playbook_is_run_by_api() {
    let city = City::new().await;
    let start = json!({"playbook": "website-tampering", "what": "门户网站", "found_at": city.node.now()});
    let incident = city.act(&city.unit, "playbooks", start).await;
    let run = format!("playbooks/{}", incident["playbooks"][0]["id"].as_str().unwrap());
    assert_eq!(step(&incident, "tell-lead")["state"], "possible");
    assert_eq!(step(&incident, "clean")["gate_closed"], true);

    let steps = format!("{run}/steps");
    assert_eq!(city.refused(&steps, city.done("disconnect")).await, "steps_open");
    for before in ["tell-lead", "report-police", "report-office"] {
        let swap = json!({"step": "disconnect", "before": before, "reason": "正在扩散"});
        city.act(&city.unit, &format!("{run}/swaps"), swap).await;
    }
    for id in ["disconnect", "tell-lead", "report-police", "report-office", "lead-on-scene"] {
        city.act(&city.unit, &steps, city.done(id)).await;
    }
    city.act(&city.police, &steps, city.done("police-on-scene")).await;
    assert_eq!(city.refused(&steps, city.done("clean")).await, "not_ready");
    let gate = json!({"step": "clean", "at": city.node.now(), "text": "样本已提取"});
    city.act(&city.police, &format!("{run}/gates"), gate).await;
    for id in ["clean", "strengthen", "reopen"] {
        city.act(&city.unit, &steps, city.done(id)).await;
    }
    city.act(&city.police, &steps, city.done("trace")).await;
    let answer =
        json!({"step": "serious", "branch": "no-crime", "at": city.node.now(), "grounds": "情节轻微"});
    let incident = city.act(&city.police, &format!("{run}/answers"), answer).await;
    assert_eq!(step(&incident, "open-case")["state"], "skipped");
    let skip = json!({"step": "support", "reason": "不需要"});
    city.act(&city.unit, &format!("{run}/skips"), skip).await;
    for id in ["summarise", "file"] {
        city.act(&city.unit, &steps, city.done(id)).await;
    }
    let incident = city.act(&city.unit, &steps, city.done("harden")).await;
    let over = &incident["playbooks"][0];
    assert_eq!(over["ended"]["stopped"], "");
    assert_eq!(
        (over["swaps"].as_array().unwrap().len(), over["gates"][0]["waived"].clone()),
        (3, json!(false))
    );
    let late =
        incident["clocks"].as_array().unwrap().iter().filter(|clock| clock["step"]["run"] == over["id"]);
    assert!(late.clone().all(|clock| clock["state"] == "met"), "every step's clock is met");
    assert_eq!(late.count(), 5);
}

/// A waiver needs the body entitled; a playbook started in error is stopped, and both are in the record.
#[tokio::test]
async fn a_gate_is_waived_and_a_run_is_stopped() {
    let city = City::new().await;
    let start = json!({"playbook": "website-tampering", "what": "门户网站", "found_at": city.node.now()});
    let incident = city.act(&city.unit, "playbooks", start).await;
    let run = format!("playbooks/{}", incident["playbooks"][0]["id"].as_str().unwrap());
    let waiver = json!({"step": "clean", "reason": "网监处答复不到场"});
    let refused =
        city.node.post(&city.police, format!("{}/{run}/waivers", city.path), &waiver).wants(403).await;
    assert_eq!(refused.body["code"], "not_entitled");
    let incident = city.act(&city.unit, &format!("{run}/waivers"), waiver).await;
    assert_eq!(incident["playbooks"][0]["gates"][0]["waived"], true);
    let incident = city.act(&city.unit, &format!("{run}/stop"), json!({"reason": "误判"})).await;
    assert_eq!(incident["playbooks"][0]["ended"]["stopped"], "误判");
    let unknown = format!("{}/playbooks/01935f00-0000-7000-8000-000000000001/stop", city.path);
    city.node.post(&city.unit, unknown, &json!({"reason": "x"})).wants(404).await;
}
