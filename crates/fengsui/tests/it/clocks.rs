//! Report clocks of `jincheng-internet-2008` across SIGKILL: they fire, escalate, lapse, are met and
//! replaced once each, however often the node dies meanwhile.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::Client;
use crate::program::{Node, done};

/// A clock: its clause, rule and level, and the minutes from awareness to its lapse.
const CLOCKS: [(&str, &str, &str, i64); 6] = [
    ("5.1.3.a", "unit-oral-general", "IV", 30),
    ("5.1.3.b", "unit-written-general", "IV", 60),
    ("5.1.3.c", "unit-at-once", "III", 5),
    ("5.1.4.a", "city-oral-major", "II", 60),
    ("5.1.4.b", "city-written-major", "II", 120),
    ("5.1.4.c", "city-at-once", "I", 5),
];
/// How long before its lapse a clock is started, so that the node is dead when it rings.
const BEFORE: SignedDuration = SignedDuration::from_millis(500);
/// Pause between two looks at what is to come.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// An incident of this level of which the unit has known since `aware_at`: its path.
fn incident(client: &Client, level: &str, aware_at: Timestamp) -> String {
    let event = json!({"title": "口令爆破", "source": "monitoring", "sender": "预警系统", "unit": "市一中",
        "aware_at": aware_at});
    let event = client.made("/api/v1/events", &event);
    let judged = json!({"outcome": "incident", "category": "attack", "level": level, "reason": "初判"});
    let path = format!("/api/v1/events/{}/triage", event["id"].as_str().unwrap());
    let judged = client.made(&path, &judged);
    format!("/api/v1/incidents/{}", judged["incident"].as_str().unwrap())
}

/// Bodies that have known since the unit has: the others became aware when the event reached them.
const AWARE: [&str; 2] = ["unit", "responsible-unit"];

/// The clocks of a rule for the bodies that have known all the time.
fn clocks(client: &Client, incident: &str, rule: &str) -> Vec<Value> {
    let mut clocks = all_clocks(client, incident, rule);
    clocks.retain(|clock| AWARE.iter().any(|body| clock["of"] == *body));
    clocks
}

/// The clocks of a rule.
fn all_clocks(client: &Client, incident: &str, rule: &str) -> Vec<Value> {
    let (status, incident) = client.get(incident).unwrap();
    assert_eq!(status, 200, "{incident}");
    incident["clocks"].as_array().unwrap().iter().filter(|clock| clock["rule"] == rule).cloned().collect()
}

/// How often each clock was told of and lapsed, by the entries of the incident: `(told, lapsed)`.
fn rung(client: &Client, incident: &str, clock: &str) -> (usize, usize) {
    let (_, page) = client.get(&format!("{incident}/timeline?limit=200")).unwrap();
    assert!(page["next"].is_null(), "one page holds them all");
    let of_kind = |kind: &str| {
        let entries = page["items"].as_array().unwrap().iter();
        entries.filter(|entry| entry["kind"] == kind && entry.to_string().contains(clock)).count()
    };
    (of_kind("incident.clock_told"), of_kind("incident.clock_lapsed"))
}

/// Waits until every clock of the rule has lapsed and everybody was told.
fn wait_for_lapse(client: &Client, incident: &str, rule: &str) -> Vec<Value> {
    loop {
        let clocks = clocks(client, incident, rule);
        let told = |clock: &Value| {
            clock["notices"].as_array().unwrap().iter().all(|notice| !notice["told_at"].is_null())
        };
        if clocks.iter().all(|clock| !clock["lapsed_at"].is_null() && told(clock)) {
            return clocks;
        }
        std::thread::sleep(LOOK_EVERY);
        std::thread::sleep(LOOK_EVERY * 20);
    }
}

fn token(data: &Path) -> String {
    let bodies =
        ["unit", "security-office", "security-office-duty-room", "local-government", "responsible-unit"];
    let mut person: Vec<&dyn AsRef<OsStr>> = vec![
        &"user",
        &"create",
        &"--data",
        &data,
        &"wang",
        &"--display",
        &"王值班",
        &"--role",
        &"duty-officer",
    ];
    person.extend(bodies.iter().flat_map(|body| [&"--body" as &dyn AsRef<OsStr>, body]));
    done(&person);
    done(&[&"token", &"create", &"--data", &data, &"--account", &"wang", &"--name", &"clocks"])
}

#[test]
fn clocks_of_5_1_3_and_5_1_4_ring_once_whatever_dies() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = token(&data);
    let mut node = Node::start(&data);
    let mut cases = Vec::new();
    for (clause, rule, level, minutes) in CLOCKS {
        let client = node.client(&token);
        let now: Timestamp =
            client.made("/api/v1/events", &probe())["received_at"].as_str().unwrap().parse().unwrap();
        let path = incident(&client, level, now - SignedDuration::from_mins(minutes) + BEFORE);
        let started = clocks(&client, &path, rule);
        assert!(!started.is_empty(), "{clause} at level {level}");
        drop(node);
        node = Node::start(&data);
        cases.push((clause, rule, path, started.len()));
    }
    let client = node.client(&token);
    for (clause, rule, path, started) in &cases {
        let lapsed = wait_for_lapse(&client, path, rule);
        assert_eq!(lapsed.len(), *started, "{clause}");
        for clock in lapsed {
            assert_eq!(clock["lapsed_at"], clock["lapses_at"], "{clause}: late, and it says when it was due");
            assert_eq!(clock["clause"], format!("jincheng-internet-2008/{clause}"));
        }
    }
    drop(node);

    // Nothing rings twice, and what was owed is met late, with both times.
    let node = Node::start(&data);
    let client = node.client(&token);
    for (clause, rule, path, _) in &cases {
        for clock in clocks(&client, path, rule) {
            let notices = clock["notices"].as_array().unwrap().len();
            assert_eq!(rung(&client, path, clock["id"].as_str().unwrap()), (notices, 1), "{clause}");
            let met = meet(&client, path, &clock);
            assert_eq!(
                (&met["state"], &met["met"]["late"]),
                (&json!("met"), &json!(true)),
                "{clause}: {met}"
            );
            assert_eq!(met["lapsed_at"], clock["lapsed_at"], "{clause}: the lapse stays");
        }
    }

    // Replaced by a regrading, and still so after the next death.
    let now: Timestamp =
        client.made("/api/v1/events", &probe())["received_at"].as_str().unwrap().parse().unwrap();
    let path = incident(&client, "IV", now);
    client.made(&format!("{path}/verify"), &json!({"basis": "属实"}));
    client.made(&format!("{path}/facts"), &json!({"answers": {"spread": {"value": "strong"}}}));
    client.made(&format!("{path}/grading"), &json!({"level": "II"}));
    drop(node);
    let node = Node::start(&data);
    let client = node.client(&token);
    for (old, new, owed) in
        [("unit-oral-general", "unit-at-once", 1), ("unit-written-general", "unit-written-default", 1)]
    {
        let replaced = clocks(&client, &path, old);
        let heirs = clocks(&client, &path, new);
        assert_eq!(replaced[0]["replaced"]["why"], "regraded", "{old}");
        assert_eq!(
            (heirs.len(), &heirs[0]["replaces"]),
            (owed, &replaced[0]["id"]),
            "{new} in place of {old}"
        );
    }
    assert_eq!(
        all_clocks(&client, &path, "city-oral-major").len(),
        6,
        "5.1.4.a: three bodies to two addressees"
    );
    drop(node);
    assert!(done(&[&"ledger", &"verify", &data]).starts_with("good: "));
}

/// An event that tells the node's time.
fn probe() -> Value {
    json!({"title": "对时", "source": "report", "sender": "测试", "unit": "测试"})
}

/// Makes the report a clock waits for, with its receipt if it is a written one; returns the clock then.
fn meet(client: &Client, incident: &str, clock: &Value) -> Value {
    let (_, now) = client.get(incident).unwrap();
    let at = client.made("/api/v1/events", &probe())["received_at"].clone();
    let report = json!({"kind": "first", "form": clock["form"], "of": clock["of"], "to": clock["to"][0], "at": at,
        "spoke": "赵六对王五", "means": "电话", "text": "口令爆破，已封堵"});
    let told = client.made(&format!("{incident}/reports"), &report);
    if clock["form"] == "written" {
        let known = now["reports"].as_array().unwrap();
        let report =
            told["reports"].as_array().unwrap().iter().find(|report| !known.contains(report)).unwrap();
        let receipt = format!("{incident}/reports/{}/receipt", report["id"].as_str().unwrap());
        client.made(&receipt, &json!({"at": at, "reference": "收文 12 号"}));
    }
    let (_, now) = client.get(incident).unwrap();
    now["clocks"].as_array().unwrap().iter().find(|known| known["id"] == clock["id"]).unwrap().clone()
}
