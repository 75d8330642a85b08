//! `fengsui demo`: history in a folder of its own, never mixed with real data.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::program::{Node, done, fengsui};

#[test]
fn a_demonstration_is_made_marked_and_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let mut child = Command::new(env!("CARGO_BIN_EXE_fengsui"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .env_remove("FENGSUI_LISTEN")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Fengsui is at ").unwrap().trim_end_matches('/').to_owned();
    let token = done(&[&"token", &"create", &"--data", &data, &"--role", &"duty-officer", &"--name", &"t"]);
    let get = |path: &str| -> serde_json::Value {
        let answer =
            ureq::get(format!("{url}{path}")).header("authorization", format!("Bearer {token}")).call();
        serde_json::from_str(&answer.unwrap().body_mut().read_to_string().unwrap()).unwrap()
    };
    assert_eq!(get("/api/v1/me")["demo"], true);
    let incidents = get("/api/v1/incidents?limit=200");
    let items = incidents["items"].as_array().unwrap();
    let phases: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|one| one["phase"].as_str()).collect();
    assert!(items.len() >= 40 && phases.contains("archived") && phases.len() > 1, "{phases:?}");
    assert!(items.iter().all(|one| one["title"].as_str().is_some_and(|title| title.starts_with("【演示】"))));
    let page = ureq::get(format!("{url}/sign-in")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(page.contains("class=\"drill-band\""), "{page}");
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    for role in ["administrator", "duty-officer", "commander", "handler", "liaison", "analyst", "auditor"] {
        assert_eq!(said.matches(&format!("({role})")).count(), 1, "{said}");
    }
    done(&[&"ledger", &"verify", &data]);
    let refused = fengsui(&[&"serve", &"--data", &data, &"--listen", &"127.0.0.1:0"]);
    assert!(refused.code == 2 && refused.err.contains("is a demonstration"), "{refused:?}");
}

#[test]
fn real_data_is_no_place_for_a_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path());
    let refused = fengsui(&[&"demo", &"--data", &folder.path(), &"--listen", &"127.0.0.1:0"]);
    assert!(refused.code == 2 && refused.err.contains("never mixed"), "{refused:?}");
    drop(node);
}
