//! Duty books by API and in the console: opened, recorded in, extended by two persons, told once, handed over.

use fengsui_domain::permission::SystemRole::{Auditor, Commander, DutyOfficer, Handler};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::node::Node;

/// A book under the national plan, kept since the year's first day, and two people of the body that owes most.
struct City {
    node: Node,
    first: String,
    second: String,
    path: String,
}

impl City {
    async fn new(plan: &str) -> Self {
        let node = Node::new().await;
        let bodies = ["cyberspace-office", "region-or-department", "technician", "unit-security-lead"];
        let (_, first) = node.person("zhang", &[DutyOfficer], &bodies).await;
        let (_, second) = node.person("wang", &[Commander], &bodies).await;
        let words = json!({"plan": plan, "unit": "市水务局", "from": "2026-01-01"});
        let book = node.post(&first, "/api/v1/duty-books", &words).wants(201).await;
        let path = book.headers["location"].to_str().unwrap().to_owned();
        Self { node, first, second, path }
    }

    async fn book(&self) -> Value {
        self.node.get(&self.first, &self.path).wants(200).await.body
    }

    async fn duty(&self, id: &str) -> Value {
        let book = self.book().await;
        let duties = book["duties"].as_array().unwrap();
        duties.iter().find(|duty| duty["duty"] == id).unwrap().clone()
    }

    fn done(&self, duty: &str, proof: &Value) -> Value {
        json!({"duty": duty, "at": self.node.now(), "said": {"kind": "done", "proof": proof,
            "document": {"title": "演练总结", "place": "档案室", "sha256": "ab".repeat(32)}}})
    }

    async fn enter(&self, words: &Value) -> Value {
        self.node.post(&self.first, format!("{}/records", self.path), words).wants(201).await.body
    }
}

/// `national-2017/6.2.b`, `6.2.c`: recorded, receipted, corrected, withdrawn; every step is in the record.
#[tokio::test]
async fn an_exercise_is_recorded_receipted_corrected_and_withdrawn() {
    let city = City::new("national-2017").await;
    let open = city.duty("plan-exercise").await;
    assert_eq!((open["stands"].as_str(), open["done"].as_u64()), (Some("open"), Some(0)));
    assert_eq!(open["due_at"], "2026-12-31T16:00:00Z");
    let proof = json!({"scenario": "勒索病毒", "participants": "12 人", "findings": "电话簿过期"});
    let missing = city.done("plan-exercise", &json!({"scenario": "勒索病毒"}));
    let records = format!("{}/records", city.path);
    let refused = city.node.post(&city.first, &records, &missing).wants(409).await;
    assert_eq!(refused.body["code"], "conditions_open");
    let record = city.enter(&city.done("plan-exercise", &proof)).await;
    assert_eq!(record["receipts_missing"], json!(["cyberspace-office"]));
    assert_eq!(record["said"]["for_day"], "2026-11-23");
    let path = format!("/api/v1/duty-records/{}", record["id"].as_str().unwrap());
    let receipt = json!({"body": "cyberspace-office", "at": city.node.now(), "reference": "收文 7"});
    let receipted = city.node.post(&city.first, format!("{path}/receipts"), &receipt).wants(200).await.body;
    assert_eq!(receipted["receipts"]["cyberspace-office"]["reference"], "收文 7");
    assert_eq!(city.duty("plan-exercise").await["stands"], "met");
    let said = city.done("plan-exercise", &proof)["said"].clone();
    let correction = json!({"at": "2026-11-20T02:00:00Z", "said": said, "reason": "日期写错"});
    let corrected = city.node.post(&city.first, format!("{path}/correct"), &correction).wants(200).await;
    assert_eq!((corrected.body["corrections"].as_u64(), corrected.etag.as_deref()), (Some(1), Some("\"3\"")));
    let stale = city.node.post(&city.first, format!("{path}/withdraw"), &json!({"reason": "重复"}));
    assert_eq!(stale.header("if-match", "\"1\"").wants(412).await.body["code"], "changed");
    let withdrawn =
        city.node.post(&city.first, format!("{path}/withdraw"), &json!({"reason": "重复"})).wants(200).await;
    assert_eq!(withdrawn.body["withdrawn"]["reason"], "重复");
    assert_eq!(city.duty("plan-exercise").await["stands"], "open");
    city.node.get(&city.first, &path).wants(200).await;
    let listed = city.node.get(&city.first, format!("{records}?duty=plan-exercise")).wants(200).await.body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "what was withdrawn stays listed");
}

/// `national-2017/8.1.a`: asked by one, granted by another, and both stand in the book and its history.
#[tokio::test]
async fn an_extension_takes_two_persons() {
    let city = City::new("national-2017").await;
    let path = format!("{}/extensions", city.path);
    let ask =
        json!({"duty": "plan-evaluation", "day": "2026-06-01", "until": "2027-02-28", "reason": "机构调整"});
    let asked = city.node.post(&city.first, &path, &ask).wants(200).await.body;
    assert_eq!(asked["extensions"][0]["granted"], Value::Null);
    let grant = json!({"duty": "plan-evaluation", "day": "2026-06-01", "grant": true, "reason": "属实"});
    let own = city.node.post(&city.first, format!("{path}/decide"), &grant).wants(403).await;
    assert_eq!(own.body["code"], "same_person");
    let granted = city.node.post(&city.second, format!("{path}/decide"), &grant).wants(200).await.body;
    assert_eq!(granted["extensions"][0]["granted"], true);
    assert_eq!(city.duty("plan-evaluation").await["due_at"], "2027-02-28T16:00:00Z");
    let timeline = city.node.get(&city.first, format!("{}/timeline", city.path)).wants(200).await.body;
    let kinds: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["duty_book.extension_decided", "duty_book.extension_asked", "duty_book.opened"]);
}

/// What is overdue is told once by the timer, and stands in the book; a closed book tells nobody.
#[tokio::test]
async fn what_is_overdue_is_told_once() {
    let city = City::new("jincheng-egov-2008").await;
    assert_eq!(city.node.service.duty_round().await.unwrap(), 1, "the year's duties of before are overdue");
    assert_eq!(city.node.service.duty_round().await.unwrap(), 0, "each is told once");
    let daily = city.duty("daily-check").await;
    assert_eq!(daily["told_of"], "2026-11-22T16:00:00Z");
    assert_eq!(daily["past"].as_array().unwrap().len(), 31);
    city.node.pass(13 * 60);
    assert_eq!(city.node.service.duty_round().await.unwrap(), 1, "another day was left out");
    let close = json!({"reason": "单位撤销"});
    city.node.post(&city.first, format!("{}/close", city.path), &close).wants(200).await;
    let late = json!({"duty": "daily-check", "at": city.node.now(),
        "said": {"kind": "done", "proof": {"subject": "网站", "result": "正常"}}});
    city.node.post(&city.first, format!("{}/records", city.path), &late).wants(409).await;
    city.node.pass(24 * 60);
    assert_eq!(city.node.service.duty_round().await.unwrap(), 0, "a closed book tells nobody");
}

/// A book is one of a unit under a plan; what it holds is read by auditors and recorded by handlers.
#[tokio::test]
async fn who_may_open_record_and_read() {
    let city = City::new("jincheng-egov-2008").await;
    let again = json!({"plan": "jincheng-egov-2008", "unit": "市水务局", "from": "2026-02-01"});
    let taken = city.node.post(&city.first, "/api/v1/duty-books", &again).wants(409).await;
    assert_eq!(taken.body["code"], "name_taken");
    let unknown = json!({"plan": "no-such-plan", "unit": "x", "from": "2026-02-01"});
    city.node.post(&city.first, "/api/v1/duty-books", &unknown).wants(422).await;
    let odd = json!({"plan": "jincheng-egov-2008", "unit": "x", "from": "2026-2-1"});
    city.node.post(&city.first, "/api/v1/duty-books", &odd).wants(422).await;
    let (_, handler) = city.node.person("li", &[Handler], &["technician"]).await;
    city.node.post(&handler, "/api/v1/duty-books", &unknown).wants(403).await;
    let vouch = json!({"duty": "line-redundancy", "at": city.node.now(),
        "said": {"kind": "vouched", "stated": false, "basis": "只有一条出口"}});
    city.node.post(&handler, format!("{}/records", city.path), &vouch).wants(201).await;
    assert_eq!(city.duty("line-redundancy").await["stands"], "broken");
    let both = json!({"duty": "line-redundancy", "at": city.node.now(),
        "said": {"kind": "vouched", "stated": false, "number": 2, "basis": "x"}});
    city.node.post(&handler, format!("{}/records", city.path), &both).wants(422).await;
    let rhythm = json!({"duty": "exercise", "every": "quarter", "reason": "新进人员"});
    let set = city.node.post(&city.first, format!("{}/rhythms", city.path), &rhythm).wants(200).await.body;
    let exercise = set["duties"].as_array().unwrap().iter().find(|duty| duty["duty"] == "exercise").unwrap();
    assert_eq!(exercise["rhythm"]["every"], "quarter");
    let auditor = city.node.program(Auditor).await;
    city.node.get(&auditor, &city.path).wants(200).await;
    city.node.post(&auditor, format!("{}/records", city.path), &vouch).wants(403).await;
    let table = city.node.get(&auditor, format!("{}/table?year=2026", city.path)).wants(200).await;
    let text = String::from_utf8(table.bytes).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("line-redundancy") && text.contains("jincheng-egov-2008/4.5.5"), "{text}");
    city.node.get(&auditor, format!("{}/table?year=0", city.path)).wants(400).await;
}

/// The console, as a browser without scripts uses it.
#[tokio::test]
async fn a_duty_is_recorded_in_the_console() {
    let node = Node::new().await;
    let bodies = ["technician", "unit-security-lead", "informatisation-office"];
    let (account, _) = node.person("zhang", &[DutyOfficer], &bodies).await;
    for lang in ["zh-CN", "en"] {
        let browser = Browser::sign_in(&node, account, lang).await;
        assert!(browser.get("/").await.html.contains("href=\"/duties\""), "it stands in the menu");
        let unit = format!("unit {lang}");
        let opening = [("plan", "jincheng-egov-2008"), ("unit", unit.as_str()), ("from", "2026-11-23")];
        let opened = browser.submit("/duties", "open", &opening).await;
        assert_eq!(opened.status, 303);
        let book = opened.location.clone();
        let shown = browser.get(&book).await.html;
        assert!(!shown.contains('⟦') && shown.contains("daily-check"), "{lang}");
        let page = format!("{book}/daily-check");
        let words = [("at", "2026-11-23T10:30"), ("proof.subject", "门户网站"), ("proof.result", "正常")];
        let recorded = browser.submit(&page, "record", &words).await;
        assert_eq!((recorded.status, recorded.location.as_str()), (303, page.as_str()));
        let shown = browser.get(&page).await.html;
        assert!(shown.contains("门户网站") && shown.contains("1/1") && !shown.contains('⟦'), "{lang}");
        let empty = browser.submit(&page, "record", &[("at", "2026-11-23T10:30")]).await;
        assert_eq!(empty.status, 422, "what is missing is said");
        for duty in ["remote-copy", "extinguisher-expiry", "line-redundancy", "post-list", "exercise"] {
            let shown = browser.get(&format!("{book}/{duty}")).await.html;
            assert!(!shown.contains('⟦'), "{lang} {duty}");
        }
        let nearer = [("at", "2026-11-23T10:30"), ("number", "60"), ("basis", "地图")];
        browser.submit(&format!("{book}/remote-copy"), "record", &nearer).await;
        let list = browser.get("/duties").await.html;
        assert!(list.contains(&unit) && !list.contains('⟦'), "{lang}");
        assert_eq!(browser.submit("/duties", "open", &opening).await.status, 409, "one book for a unit");
    }
}
