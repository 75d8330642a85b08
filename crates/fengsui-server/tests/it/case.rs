//! The way of a case through the API: reported, judged, graded, answered for, reviewed, sealed.

use fengsui_domain::permission::SystemRole::{Commander, DutyOfficer, Handler};
use serde_json::{Value, json};

use crate::node::{Answer, Node};

const FORMAT: &str = "00000000-0000-0000-0000-000000000000";

fn event() -> Value {
    json!({"title": "SSH 暴力破解", "source": "monitoring", "sender": "预警系统", "unit": "市一中", "asset": "web-01"})
}

/// People of the security office and of the unit, and an event judged to be an incident of level IV.
struct Case {
    node: Node,
    duty: String,
    chief: String,
    hands: String,
    path: String,
    event: String,
}

impl Case {
    async fn new() -> Self {
        let node = Node::new().await;
        let office = ["security-office", "security-office-duty-room", "unit"];
        let (_, duty) = node.person("wang", &[DutyOfficer], &office).await;
        let (_, chief) = node.person("li", &[Commander], &["security-office", "unit"]).await;
        let (_, hands) = node.person("zhao", &[Handler], &["unit"]).await;
        let recorded = node.post(&duty, "/api/v1/events", &event()).wants(201).await;
        let event = recorded.headers["location"].to_str().unwrap().to_owned();
        let found = json!({"outcome": "incident", "category": "attack", "level": "IV", "answers": {"spread": "none"}});
        let judged = node.post(&duty, format!("{event}/triage"), &found).wants(200).await.body;
        assert_eq!(judged["state"], "incident");
        let path = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
        Self { node, duty, chief, hands, path, event }
    }

    async fn act(&self, who: &str, command: &str, body: Value) -> Value {
        self.node.post(who, format!("{}/{command}", self.path), &body).wants(200).await.body
    }

    async fn refused(&self, who: &str, command: &str, body: Value, status: u16) -> String {
        let answer = self.node.post(who, format!("{}/{command}", self.path), &body).wants(status).await;
        answer.body["code"].as_str().unwrap().to_owned()
    }

    /// Verified, facts answered, level IV confirmed.
    async fn grade(&self) -> Value {
        self.act(&self.duty, "verify", json!({"basis": "与威胁库比对，属实"})).await;
        let facts =
            json!({"answers": {"vital_system": {"value": false}, "individual_units": {"value": false}}});
        let known = self.act(&self.duty, "facts", facts).await;
        assert_eq!(known["grading_proposal"]["level"], "IV", "{known:#}");
        self.act(&self.duty, "grading", json!({"level": "IV"})).await
    }
}

/// The clock of a rule that is in this state.
fn clock<'i>(incident: &'i Value, rule: &str, state: &str) -> &'i Value {
    let mut clocks = incident["clocks"].as_array().unwrap().iter();
    let found = clocks.find(|clock| clock["rule"] == rule && clock["state"] == state);
    found.unwrap_or_else(|| panic!("no {state} clock of {rule} in {:#}", incident["clocks"]))
}

#[tokio::test]
async fn from_report_to_archive() {
    let case = Case::new().await;
    let graded = case.grade().await;
    assert_eq!((graded["phase"].as_str(), graded["level_confirmed"].as_bool()), (Some("graded"), Some(true)));
    assert_eq!(graded["gradings"].as_array().unwrap().len(), 2);

    // Clocks of JI/5.1.3: oral within 30 minutes, written within an hour and receipted.
    case.node.pass(10);
    let at = case.node.now();
    let desk = case.node.get(&case.duty, "/api/v1/desk").wants(200).await.body;
    assert!(
        desk["overdue"].as_u64() >= Some(1),
        "an immediate action is overdue from the first second: {desk:#}"
    );
    assert!(desk["mine"][0]["clock"]["due_at"].is_string(), "{desk:#}");
    let taken = json!({"action": "block-address", "at": at, "note": "封堵 203.0.113.9"});
    let acted = case.act(&case.hands, "actions", taken).await;
    assert_eq!(clock(&acted, "immediate-action", "met")["met"]["late"], true);
    let mut report = json!({"kind": "first", "form": "oral", "of": "unit", "to": "security-office-duty-room",
        "at": at, "spoke": "赵六对王五", "means": "电话", "text": "暴力破解，已封堵"});
    let told = case.act(&case.duty, "reports", report.clone()).await;
    assert_eq!(clock(&told, "unit-oral-general", "met")["met"]["late"], false);
    report["form"] = json!("written");
    let sent = case.act(&case.duty, "reports", report).await;
    let id = sent["reports"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(clock(&sent, "unit-written-general", "running")["overdue"], false);
    let receipt = json!({"at": at, "reference": "收文〔2026〕12 号"});
    let receipted = case.act(&case.duty, &format!("reports/{id}/receipt"), receipt.clone()).await;
    assert_eq!(clock(&receipted, "unit-written-general", "met")["met"]["report"], id);

    let start = json!({"step": {"kind": "start", "level": "IV", "range": "市一中"}, "approve": true, "grounds": "攻击持续"});
    let responding = case.act(&case.chief, "response/decide", start).await;
    assert_eq!(
        (responding["phase"].as_str(), responding["response"]["level"].as_str()),
        (Some("responding"), Some("IV"))
    );
    let end = json!({"step": {"kind": "end"}, "approve": true, "grounds": "恢复正常"});
    assert_eq!(case.refused(&case.chief, "response/decide", end.clone(), 409).await, "conditions_open");
    for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        let tick = json!({"condition": condition, "holds": true, "basis": "现场确认"});
        case.act(&case.hands, "conditions", tick).await;
    }
    let ended = case.act(&case.chief, "response/decide", end).await;
    assert_eq!(ended["ended"]["decision"]["grounds"], "恢复正常");

    case.act(&case.chief, "review/draft", json!({"topics": {"cause": "弱口令"}})).await;
    let rest =
        json!({"topics": {"nature": "攻击", "impact": "无", "responsibility": "运维", "lessons": "双因素"}});
    assert_eq!(case.refused(&case.chief, "review", rest.clone(), 409).await, "conditions_open");
    let mut whole = rest;
    whole["topics"]["reconstruction"] = json!("重装");
    let reviewed = case.act(&case.chief, "review", whole).await;
    assert_eq!(reviewed["review"]["topics"]["cause"], "弱口令", "the draft counts");
    case.act(&case.chief, "filing", json!({"summary": "过程与结果"})).await;
    case.act(&case.duty, "filing/receipt", receipt).await;
    let sealed =
        case.node.ask("POST", format!("{}/archive", case.path)).token(&case.duty).wants(200).await.body;
    assert_eq!(
        (sealed["phase"].as_str(), sealed["archived"]["by"]["name"].as_str()),
        (Some("archived"), Some("wang"))
    );
    assert_eq!(case.refused(&case.duty, "notes", json!({"text": "zu spät"}), 409).await, "wrong_phase");
}

#[tokio::test]
async fn a_disposal_plan_needs_separate_people() {
    let case = Case::new().await;
    case.grade().await;
    let draft = json!({
        "steps": [{"text": "断网"}, {"text": "重装", "needs": "系统管理员权限"}],
        "resources": "取证盘 2 块",
        "rollback": "恢复快照",
    });
    let drafted = case.act(&case.hands, "disposals", draft).await;
    let plan = format!("disposals/{}", drafted["disposals"][0]["id"].as_str().unwrap());
    let waits = case.node.get(&case.duty, "/api/v1/desk").wants(200).await.body;
    assert_eq!(waits["awaiting"][0]["step"], "verify_disposal", "{waits:#}");
    case.act(&case.duty, &format!("{plan}/verify"), json!({"finding": "pass"})).await;
    let waits = case.node.get(&case.duty, "/api/v1/desk").wants(200).await.body;
    assert_eq!(waits["awaiting"][0]["step"], "sum_up_disposal", "{waits:#}");
    let summed = format!("{plan}/summing-up");
    assert_eq!(case.refused(&case.duty, &summed, json!({"pass": true}), 422).await, "missing");
    case.act(&case.duty, &summed, json!({"pass": true, "remarks": "另两类检验方无人值守"})).await;
    let approve = json!({"verdict": "approve"});
    assert_eq!(
        case.refused(&case.duty, &format!("{plan}/decide"), approve.clone(), 403).await,
        "same_person"
    );
    let approved = case.act(&case.chief, &format!("{plan}/decide"), approve).await;
    let rules: Vec<&str> =
        approved["orders"].as_array().unwrap().iter().map(|order| order["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["carry-out-disposal", "secure-resources"]);
    assert_eq!(approved["disposals"][0]["order"], approved["orders"][0]["id"]);
    let done = |step: u32| json!({"step": step, "at": case.node.now(), "result": "完成"});
    case.act(&case.hands, &format!("{plan}/steps"), done(0)).await;
    let steps = format!("{plan}/steps");
    assert_eq!(case.refused(&case.hands, &steps, done(1), 409).await, "not_ready", "without a permission");
    let now: jiff::Timestamp = case.node.now().parse().unwrap();
    let until = (now + jiff::SignedDuration::from_hours(1)).to_string();
    let grant =
        json!({"to": "unit", "what": "系统管理员权限", "asset": "web01", "until": until, "reason": "重装"});
    let granted = case.act(&case.chief, "grants", grant).await;
    let grant = &granted["grants"][0];
    assert_eq!((&grant["live"], &grant["given"]["body"]), (&json!(true), &json!("security-office")));
    let mut with = done(1);
    with["grant"] = grant["id"].clone();
    let last = case.act(&case.hands, &steps, with).await;
    assert_eq!(last["disposals"][0]["state"], "done");
    assert_eq!(last["disposals"][0]["done"][1]["grant"], grant["id"]);
    assert_eq!(last["orders"][0]["state"], "done", "the last step answers the order");
    let unknown = format!("disposals/{FORMAT}/verify");
    let finding = json!({"finding": "pass"});
    assert_eq!(case.refused(&case.hands, &unknown, finding.clone(), 403).await, "not_permitted");
    assert_eq!(case.refused(&case.duty, &unknown, finding, 404).await, "not_found");
}

#[tokio::test]
async fn an_order_is_acknowledged_answered_and_withdrawn() {
    let case = Case::new().await;
    case.grade().await;
    let order =
        |to: &str| json!({"rule": "early-disposal", "to": {"kind": "body", "body": to}, "what": "封堵"});
    assert_eq!(case.refused(&case.duty, "orders", order("unit"), 422).await, "unknown_value");
    let given = case.act(&case.duty, "orders", order("working-bodies")).await;
    let id = given["orders"][0]["id"].as_str().unwrap();
    let about = |clock: &&Value| clock["about"] == id;
    let clocks: Vec<&Value> = given["clocks"].as_array().unwrap().iter().filter(about).collect();
    assert_eq!((clocks.len(), &clocks[0]["met_by"]), (1, &json!("order_acknowledged")));
    let path = format!("orders/{id}/acknowledge");
    let at = case.node.now();
    assert_eq!(case.refused(&case.duty, &path, json!({"at": at}), 422).await, "missing", "who said so");
    let taken = case.act(&case.duty, &path, json!({"at": at, "spoke": "陈工，电话"})).await;
    assert_eq!(taken["orders"][0]["state"], "acknowledged");
    let reply = json!({"outcome": "not_possible", "at": at, "text": "无此设备"});
    let answered = case.act(&case.duty, &format!("orders/{id}/reports"), reply).await;
    assert_eq!(answered["orders"][0]["state"], "not_possible");
    let expert = json!({"rule": "call-experts", "to": {"kind": "expert", "name": "陈工", "field": "network"}, "what": "到场"});
    let called = case.act(&case.duty, "orders", expert).await;
    let call = called["orders"][1]["id"].as_str().unwrap();
    let path = format!("orders/{call}/withdraw");
    let withdrawn = case.act(&case.duty, &path, json!({"reason": "不再需要"})).await;
    assert_eq!(withdrawn["orders"][1]["withdrawn"]["reason"], "不再需要");
    assert_eq!(case.refused(&case.duty, &path, json!({"reason": "again"}), 409).await, "wrong_phase");
    let unknown = format!("orders/{FORMAT}/withdraw");
    assert_eq!(case.refused(&case.duty, &unknown, json!({"reason": "x"}), 404).await, "not_found");
}

#[tokio::test]
async fn what_fits_is_offered_and_pinned() {
    let case = Case::new().await;
    let words = json!({
        "kind": "software", "title": "SSH 口令爆破处置工具", "holder": "市网安办", "keywords": ["SSH"],
        "categories": ["jincheng-internet-2008/attack"],
    });
    let kept = case.node.post(&case.duty, "/api/v1/resources", &words).wants(201).await.body;
    let id = kept["id"].as_str().unwrap();
    let offers = case.node.get(&case.duty, format!("{}/offers", case.path)).wants(200).await.body;
    assert_eq!(offers["items"][0]["resource"]["id"], id, "{offers:#}");
    let what = json!({"kind": "resource", "resource": id});
    let pinned = case.act(&case.hands, "pins", json!({"what": what, "note": "封堵前核对"})).await;
    assert_eq!(pinned["pins"][0]["title"], "SSH 口令爆破处置工具");
    assert_eq!(case.refused(&case.hands, "pins", json!({"what": what}), 409).await, "already_done");
    let gone = json!({"what": {"kind": "resource", "resource": FORMAT}});
    assert_eq!(case.refused(&case.hands, "pins", gone, 404).await, "not_found");
    let left = case.act(&case.hands, "pins/remove", json!({"what": what})).await;
    assert_eq!(left["pins"], json!([]));
    assert_eq!(case.refused(&case.hands, "pins/remove", json!({"what": what}), 409).await, "already_done");
}

#[tokio::test]
async fn evidence_goes_in_and_comes_out_byte_for_byte() {
    let case = Case::new().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let path = format!("{}/evidence", case.path);
    let add =
        case.node.ask("POST", format!("{path}?name=%E6%97%A5%E5%BF%97.bin&note=web-01")).token(&case.hands);
    let added =
        add.header("content-type", "application/octet-stream").bytes(bytes.clone()).wants(200).await.body;
    let evidence = &added["evidence"][0];
    assert_eq!(
        (evidence["name"].as_str(), evidence["size_bytes"].as_u64()),
        (Some("日志.bin"), Some(70_000))
    );
    let id = evidence["id"].as_str().unwrap();
    let read = case.node.get(&case.duty, format!("{path}/{id}")).wants(200).await;
    assert_eq!(read.bytes, bytes);
    assert_eq!(read.headers["content-disposition"], "attachment; filename*=UTF-8''%E6%97%A5%E5%BF%97.bin");
    assert!(read.headers["repr-digest"].to_str().unwrap().starts_with("sha-256=:"));
    let handed = case
        .act(&case.hands, &format!("evidence/{id}/handover"), json!({"holder": "市局", "why": "鉴定"}))
        .await;
    assert_eq!(handed["evidence"][0]["custody"].as_array().unwrap().len(), 2);
    case.node.get(&case.duty, format!("{path}/{FORMAT}")).wants(404).await;
    case.node.ask("POST", &path).token(&case.hands).bytes("x").wants(400).await;
    let nothing = case.node.ask("POST", format!("{path}?name=x")).token(&case.hands);
    assert_eq!(nothing.wants(422).await.body["code"], "missing");
}

#[tokio::test]
async fn the_other_commands_answer_with_the_incident() {
    let case = Case::new().await;
    let at = case.node.now();
    case.act(&case.duty, "category", json!({"category": "fault"})).await;
    case.act(&case.duty, "awareness", json!({"body": "local-government", "at": at})).await;
    let happened = case.act(&case.duty, "occurrence", json!({"at": at})).await;
    assert_eq!(happened["occurred_at"], at);
    case.act(&case.duty, "people", json!({"role": "expert-group", "person": "钱教授"})).await;
    let relieved =
        case.act(&case.duty, "people/relieve", json!({"role": "expert-group", "person": "钱教授"})).await;
    assert_eq!(relieved["people"][0]["until"], at);
    let noted = case.act(&case.hands, "notes", json!({"text": "机房 3 号柜"})).await;
    assert_eq!(noted["notes"][0]["by"]["name"], "zhao");
    case.grade().await;
    case.act(&case.duty, "analysis", json!({"points": {"severity": "低"}})).await;
    let propose = json!({"step": {"kind": "start", "level": "IV", "range": "市一中"}, "grounds": "攻击持续"});
    let proposed = case.act(&case.duty, "response/propose", propose).await;
    assert_eq!(proposed["proposal"]["step"], json!({"kind": "start", "level": "IV", "range": "市一中"}));
    assert_eq!(
        case.refused(&case.chief, "headquarters", json!({"form": true, "grounds": "x"}), 422).await,
        "unknown_value"
    );
    let text = json!({"rule": "briefing-all-units", "text": "简报"});
    let drafted = case.act(&case.duty, "publications", text).await;
    let id = drafted["publications"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        case.refused(&case.chief, &format!("publications/{id}/approve"), json!({}), 409).await,
        "already_done"
    );
    let released = case.act(&case.chief, &format!("publications/{id}/release"), json!({})).await;
    assert_eq!(released["publications"][0]["released"]["person"]["name"], "li");
    let soft = clock(&released, "unit-written-general", "running")["id"].as_str().unwrap().to_owned();
    let extend = json!({"until": "2026-11-24T03:00:00Z", "reason": "x"});
    assert_eq!(
        case.refused(&case.chief, &format!("clocks/{soft}/extend"), extend, 403).await,
        "not_entitled"
    );
    let withdrawn = case.act(&case.duty, "withdraw", json!({"reason": "演练误入"})).await;
    assert_eq!(
        (withdrawn["phase"].as_str(), withdrawn["withdrawn"]["reason"].as_str()),
        (Some("withdrawn"), Some("演练误入"))
    );
    let event = case.node.get(&case.duty, &case.event).wants(200).await.body;
    assert_eq!((event["state"].as_str(), event["reopened"].as_bool()), (Some("new"), Some(true)));
}

#[tokio::test]
async fn a_derived_incident_is_linked_both_ways() {
    let case = Case::new().await;
    let id = case.path.rsplit('/').next().unwrap();
    let second = case.node.post(&case.duty, "/api/v1/events", &event()).wants(201).await;
    let second = second.headers["location"].to_str().unwrap().to_owned();
    let found = json!({"outcome": "incident", "category": "attack", "level": "IV", "parent": id});
    let child = case.node.post(&case.duty, format!("{second}/triage"), &found).wants(200).await.body;
    let parent = case.node.get(&case.duty, &case.path).wants(200).await.body;
    assert_eq!(parent["derived"], json!([{"incident": child["incident"], "closed": false}]));
    let children = case.node.get(&case.duty, format!("/api/v1/incidents?parent={id}")).wants(200).await.body;
    assert_eq!(children["items"].as_array().unwrap().len(), 1, "{children}");
    let twice = json!({"incident": child["incident"]});
    assert_eq!(case.refused(&case.duty, "derived", twice, 409).await, "already_done");
}

#[tokio::test]
async fn an_event_is_amended_handed_on_and_its_reporter_read() {
    let node = Node::new().await;
    let (_, duty) = node.person("wang", &[DutyOfficer], &[]).await;
    let mut words = event();
    words["reporter"] = json!("张三 139");
    words["points"] = json!({"losses": "无"});
    words["lines"] = json!([{"text": "Failed password for root", "origin": "auth.log", "line": 7}]);
    let recorded = node.post(&duty, "/api/v1/events", &words).wants(201).await;
    assert_eq!(
        (recorded.body["has_reporter"].as_bool(), recorded.etag.as_deref()),
        (Some(true), Some("\"1\""))
    );
    let path = recorded.headers["location"].to_str().unwrap().to_owned();

    let patch = |body: Value| node.ask("PATCH", &path).token(&duty).json(&body);
    let amended = patch(json!({"asset": "web-02", "points": {"impact": "小"}})).wants(200).await;
    assert_eq!(
        (amended.body["asset"].as_str(), amended.body["title"].as_str()),
        (Some("web-02"), Some("SSH 暴力破解"))
    );
    assert_eq!(amended.body["points"], json!({"losses": "无", "impact": "小"}));
    assert_eq!(amended.body["has_reporter"], true, "what is sealed stays");
    assert_eq!(patch(json!({})).wants(200).await.etag, amended.etag, "nothing said, nothing changed");
    let stale = patch(json!({"asset": "x"})).header("if-match", "\"1\"").wants(412).await;
    assert_eq!(stale.body["code"], "changed");

    let reporter = node.post(&duty, format!("{path}/reporter"), &json!({"reason": "回访"})).wants(200).await;
    assert_eq!(reporter.body, json!({"reporter": "张三 139"}));
    let timeline = node.get(&duty, format!("{path}/timeline?limit=2")).wants(200).await.body;
    assert_eq!(timeline["items"][0]["kind"], "event.personal_read");
    let next = timeline["next"].as_str().unwrap();
    let rest = node.get(&duty, format!("{path}/timeline?limit=2&cursor={next}")).wants(200).await.body;
    assert_eq!((rest["items"][0]["kind"].as_str(), rest["next"].is_null()), (Some("event.recorded"), true));
    assert_eq!(rest["items"][0]["change"]["intake"]["has_reporter"], true);
    assert!(rest["items"][0]["change"]["intake"].get("reporter").is_none());

    let handed =
        json!({"outcome": "not_ours", "body": "市公安局", "person": "孙七", "passed_on": "全部日志"});
    node.post(&duty, format!("{path}/triage"), &handed).wants(200).await;
    let receipted =
        node.post(&duty, format!("{path}/receipt"), &json!({"receipt": "孙七 11:20"})).wants(200).await.body;
    assert_eq!(receipted["judgements"][0]["finding"]["receipt"], "孙七 11:20");
    node.post(&duty, format!("{path}/reopen"), &json!({"reason": "退回"})).wants(200).await;
    let false_alarm = json!({"outcome": "false_positive", "reason": "扫描器", "done": "加白名单"});
    let judged = node.post(&duty, format!("{path}/triage"), &false_alarm).wants(200).await.body;
    assert_eq!(
        (judged["state"].as_str(), judged["judgements"].as_array().unwrap().len()),
        (Some("false_positive"), 2)
    );
}

#[tokio::test]
async fn a_request_sent_twice_is_carried_out_once() {
    let node = Node::new().await;
    let (_, duty) = node.person("wang", &[DutyOfficer], &[]).await;
    let send = |body: Value| node.post(&duty, "/api/v1/events", &body).header("idempotency-key", "k-1");
    let first = send(event()).wants(201).await.body;
    let again = send(event()).wants(201).await.body;
    assert_eq!(first, again);
    let mut other = event();
    other["unit"] = json!("市二中");
    assert_eq!(send(other).wants(422).await.body["code"], "key_reused");
    let all = node.get(&duty, "/api/v1/events").wants(200).await.body;
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_are_paged_and_filtered() {
    let node = Node::new().await;
    let (_, duty) = node.person("wang", &[DutyOfficer], &[]).await;
    for number in 0..5 {
        let mut words = event();
        words["title"] = json!(format!("第 {number} 件"));
        node.post(&duty, "/api/v1/events", &words).wants(201).await;
        node.pass(1);
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/events?state=new&source=monitoring&limit=2".to_owned();
    loop {
        let page = node.get(&duty, &path).wants(200).await.body;
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|event| event["title"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/events?state=new&source=monitoring&limit=2&cursor={next}");
    }
    assert_eq!(seen, ["第 4 件", "第 3 件", "第 2 件", "第 1 件", "第 0 件"], "newest first");
    let found = node.get(&duty, "/api/v1/events?text=%E7%AC%AC%203").wants(200).await.body;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_the_reason() {
    let case = Case::new().await;
    let (node, duty) = (&case.node, case.duty.as_str());
    let long = "长".repeat(201);
    for (status, code, ask) in [
        (400, "bad_request", node.get(duty, "/api/v1/events?limit=0")),
        (400, "bad_request", node.get(duty, "/api/v1/events?limit=201")),
        (400, "bad_request", node.get(duty, "/api/v1/events?state=gone")),
        (400, "bad_request", node.get(duty, "/api/v1/events?cursor=made-up")),
        (400, "bad_request", node.get(duty, "/api/v1/events?colour=red")),
        (400, "bad_request", node.get(duty, format!("/api/v1/events?text={}", "a".repeat(201)))),
        (400, "bad_request", node.get(duty, "/api/v1/incidents?level=V")),
        (400, "bad_request", node.get(duty, "/api/v1/incidents?phase=lost")),
        (400, "bad_request", node.ask("POST", "/api/v1/events").token(duty).bytes("{\"title\": ")),
        (400, "bad_request", node.post(duty, "/api/v1/events", &event()).header("if-match", "12")),
        (422, "invalid", node.post(duty, "/api/v1/events", &json!({"title": "t"}))),
        (
            422,
            "too_long",
            node.post(
                duty,
                "/api/v1/events",
                &json!({"title": long, "source": "report", "sender": "s", "unit": "u"}),
            ),
        ),
        (
            422,
            "missing",
            node.post(
                duty,
                "/api/v1/events",
                &json!({"title": " ", "source": "report", "sender": "s", "unit": "u"}),
            ),
        ),
        (413, "too_large", node.ask("POST", "/api/v1/events").token(duty).bytes(vec![b' '; (1 << 20) + 1])),
        (404, "not_found", node.get(duty, "/api/v1/events/not-an-id")),
        (404, "not_found", node.get(duty, format!("/api/v1/incidents/{FORMAT}"))),
        (404, "not_found", node.get(duty, "/api/v1/plans/none")),
        (400, "bad_request", node.get(duty, "/api/v1/plans/jincheng-internet-2008/text?lang=fr")),
        (
            422,
            "unknown_value",
            node.post(duty, format!("{}/category", case.path), &json!({"category": "none"})),
        ),
        (
            422,
            "bad_time",
            node.post(
                duty,
                format!("{}/awareness", case.path),
                &json!({"body": "unit", "at": "2030-01-01T00:00:00Z"}),
            ),
        ),
    ] {
        let Answer { status: found, body, .. } = ask.send().await;
        assert_eq!((found.as_u16(), body["code"].as_str()), (status, Some(code)), "{body:#}");
        assert_eq!(body["type"], format!("urn:fengsui:problem:{code}"));
    }
}

#[tokio::test]
async fn plans_are_there_to_read() {
    let case = Case::new().await;
    let list = case.node.get(&case.duty, "/api/v1/plans").wants(200).await.body;
    let ids = list["items"].as_array().unwrap().iter().map(|plan| &plan["id"]);
    assert!(ids.into_iter().any(|id| id == "jincheng-internet-2008"));
    let incident = case.node.get(&case.duty, &case.path).wants(200).await.body;
    let digest = incident["plan"]["digest"].as_str().unwrap();
    let plan = format!("/api/v1/plans/jincheng-internet-2008?digest={digest}");
    let plan = case.node.get(&case.duty, plan).wants(200).await.body;
    assert_eq!(plan["digest"], digest);
    let oral =
        plan["clocks"].as_array().unwrap().iter().find(|clock| clock["id"] == "unit-oral-general").unwrap();
    assert_eq!((oral["within_s"].as_i64(), oral["at_once"].as_bool()), (Some(1_800), Some(false)));
    for (lang, word) in [("zh", "事发单位"), ("en", "Unit where it happened")] {
        let text = case
            .node
            .get(&case.duty, format!("/api/v1/plans/jincheng-internet-2008/text?lang={lang}"))
            .wants(200)
            .await;
        assert!(String::from_utf8(text.bytes).unwrap().contains(word), "{lang}");
    }
}
