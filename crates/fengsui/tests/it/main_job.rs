//! The main job by API: a line of a followed log becomes an event, an incident, reports on the clock, a
//! response, a review, an archived case, and a ledger that verifies.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::program::{Node, done};

/// Longest wait for the event; reached only if the log is not read.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

/// Somebody with these bodies: a token.
fn person(data: &Path, name: &str, role: &str, bodies: &[&str]) -> String {
    let mut account: Vec<&dyn AsRef<OsStr>> =
        vec![&"user", &"create", &"--data", &data, &name, &"--display", &name, &"--role", &role];
    account.extend(bodies.iter().flat_map(|body| [&"--body" as &dyn AsRef<OsStr>, body]));
    done(&account);
    done(&[&"token", &"create", &"--data", &data, &"--account", &name, &"--name", &"walk"])
}

/// The event of an indicator in the log, once it is on the desk.
fn event(client: &Client, value: &str) -> String {
    let since = Instant::now();
    loop {
        let (_, page) = client.get("/api/v1/events?limit=200").unwrap();
        let mut events = page["items"].as_array().unwrap().iter();
        if let Some(found) = events.find(|event| event["title"].as_str().unwrap().contains(value)) {
            return format!("/api/v1/events/{}", found["id"].as_str().unwrap());
        }
        assert!(since.elapsed() < PATIENCE, "no event of {value}");
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The only clock of a rule.
fn clock<'i>(incident: &'i Value, rule: &str) -> &'i Value {
    let mut clocks = incident["clocks"].as_array().unwrap().iter().filter(|clock| clock["rule"] == rule);
    let clock = clocks.next().unwrap_or_else(|| panic!("no clock of {rule}"));
    assert!(clocks.next().is_none(), "more than one clock of {rule}");
    clock
}

#[test]
fn from_a_line_of_a_log_to_a_proof() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let office = ["security-office", "security-office-duty-room", "unit"];
    let officer = person(&data, "wang", "duty-officer", &office);
    let chief = person(&data, "li", "commander", &["security-office", "unit"]);
    let (log, list) = (fixture("logs/auth/auth_4500.log"), fixture("indicators/mass_scanner.txt"));
    let node = Node::start_with(&data, &[&"--watch", &log, &"--indicators", &list]);
    let (wang, li) = (node.client(&officer), node.client(&chief));

    let event = event(&wang, "80.82.77.139");
    let (_, known) = wang.get(&event).unwrap();
    assert!(known["lines"][0]["text"].as_str().unwrap().contains("80.82.77.139"), "the line is its evidence");
    let finding = json!({"outcome": "incident", "category": "attack", "level": "IV", "title": "口令爆破"});
    let judged = wang.made(&format!("{event}/triage"), &finding);
    let incident = format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap());
    let does = |who: &Client, step: &str, body: Value| who.made(&format!("{incident}/{step}"), &body);

    does(&wang, "verify", json!({"basis": "与日志核对属实"}));
    let answers = json!({"spread": {"value": "practically-none"}, "vital_system": {"value": false}});
    let proposed = does(&wang, "facts", json!({"answers": answers}));
    assert_eq!(proposed["grading_proposal"]["level"], "III");
    assert_eq!(proposed["grading_proposal"]["rule"], "larger-by-spread", "{}", proposed["grading_proposal"]);
    let graded = does(&wang, "grading", json!({"level": "III"}));
    assert_eq!(
        clock(&graded, "unit-oral-general")["replaced"]["why"],
        "regraded",
        "5.1.3.a gave way to 5.1.3.c"
    );

    let at = graded["gradings"].as_array().unwrap().last().unwrap()["at"].clone();
    let report = |form: &str| {
        json!({"kind": "first", "form": form, "of": "unit", "to": "security-office-duty-room", "at": at,
            "spoke": "赵六对王五", "means": "电话", "text": "口令爆破，已封堵"})
    };
    let told = does(&wang, "reports", report("oral"));
    assert_eq!(clock(&told, "unit-at-once")["met"]["late"], false);
    let sent = does(&wang, "reports", report("written"));
    let written = sent["reports"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let receipt = json!({"at": at, "reference": "收文 12 号"});
    let receipted = does(&wang, &format!("reports/{written}/receipt"), receipt.clone());
    assert_eq!(clock(&receipted, "unit-written-default")["state"], "met");

    does(&wang, "actions", json!({"action": "block-address", "at": at, "note": "在边界封堵"}));
    let start = json!({"step": {"kind": "start", "level": "III", "range": "一台主机"}, "approve": true, "grounds": "攻击持续"});
    assert_eq!(does(&li, "response/decide", start)["phase"], "responding");
    for condition in ["back-to-normal", "derived-events-gone", "hazard-removed"] {
        does(&wang, "conditions", json!({"condition": condition, "holds": true, "basis": "现场确认"}));
    }
    let end = json!({"step": {"kind": "end"}, "approve": true, "grounds": "恢复正常"});
    assert_eq!(does(&li, "response/decide", end)["phase"], "ended");

    let topics = ["cause", "nature", "impact", "responsibility", "lessons", "reconstruction"];
    let topics: serde_json::Map<_, _> =
        topics.into_iter().map(|topic| (topic.into(), json!("弱口令"))).collect();
    does(&li, "review", json!({"topics": topics}));
    let filed = does(&li, "filing", json!({"summary": "过程与结果"}));
    let at = filed["filing"]["signed"]["at"].clone();
    does(&wang, "filing/receipt", json!({"at": at, "reference": "备案 1 号"}));
    assert_eq!(does(&wang, "archive", json!({}))["phase"], "archived");
    drop(node);
    assert!(done(&[&"ledger", &"verify", &data]).starts_with("good: "));
}
