//! Several nodes on one database of a server: one timer, one series of numbers, one ledger; and how a node gets there
//! from its file.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::cluster;
use crate::program::{Node, done, fengsui};

/// How long something that another node does is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A new and empty database; it goes with the server, at the end of the run.
pub(crate) fn database() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = cluster::of_this_run();
    let name = format!("n{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(cluster::programs().join("createdb"))
        .args(["--host", &folder.display().to_string(), "--username", cluster::USER])
        .args(["--encoding", "UTF8", "--template", "template0", &name])
        .status();
    assert!(made.unwrap().success());
    cluster::url(&folder, &name)
}

/// A token of somebody with this role.
pub(crate) fn token(data: &Path, database: &str, role: &str) -> String {
    let token: [&dyn AsRef<std::ffi::OsStr>; 10] = [
        &"token",
        &"create",
        &"--data",
        &data,
        &"--database",
        &database,
        &"--role",
        &role,
        &"--name",
        &"test",
    ];
    done(&token)
}

fn event(n: usize) -> Value {
    json!({"title": format!("事件 {n}"), "source": "report", "sender": "市一中", "unit": "市一中"})
}

/// The verdict of `ledger verify` on a database.
pub(crate) fn verified(data: &Path, database: &str) -> Value {
    let key = std::fs::read_to_string(data.join("ledger.vkey")).unwrap();
    let ended = fengsui(&[&"ledger", &"verify", &database, &"--key", &key.trim(), &"--json"]);
    let found = ended.json();
    assert!(ended.code == 0 && found["good"] == true, "{found}");
    found
}

#[test]
fn nodes_on_one_database_number_their_events_once() {
    const EACH: usize = 60;
    const WRITERS: usize = 8;
    let (data, database) = (TempDir::new().unwrap(), database());
    let on: [&dyn AsRef<std::ffi::OsStr>; 2] = [&"--database", &database];
    let nodes = [Node::start_with(data.path(), &on), Node::start_with(data.path(), &on)];
    let token = token(data.path(), &database, "duty-officer");
    let mut numbers: Vec<String> = std::thread::scope(|scope| {
        let write = |client: Client| {
            scope.spawn(move || {
                let number =
                    |n| client.made("/api/v1/events", &event(n))["number"].as_str().unwrap().to_owned();
                (0..EACH).map(number).collect::<Vec<_>>()
            })
        };
        let writers: Vec<_> =
            (0..WRITERS).flat_map(|_| nodes.each_ref().map(|node| write(node.client(&token)))).collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let all = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!((numbers.len(), all), (EACH * WRITERS * 2, EACH * WRITERS * 2));
    // Both show what either wrote.
    let first =
        |node: &Node| node.client(&token).get("/api/v1/events?limit=1").unwrap().1["items"][0]["id"].clone();
    assert_eq!(first(&nodes[0]), first(&nodes[1]));
    drop(nodes);
    verified(data.path(), &database);
}

#[test]
fn a_node_moves_into_a_database_and_goes_on_there() {
    let (data, database) = (TempDir::new().unwrap(), database());
    let id = {
        let node = Node::start(data.path());
        let token = done(&[
            &"token",
            &"create",
            &"--data",
            &data.path(),
            &"--role",
            &"duty-officer",
            &"--name",
            &"before",
        ]);
        node.client(&token).made("/api/v1/events", &event(1))["id"].as_str().unwrap().to_owned()
    };
    // A folder whose rows are in its file is not started on a database.
    let refused = fengsui(&[&"user", &"list", &"--data", &data.path(), &"--database", &database]);
    assert!(refused.code != 0 && refused.err.contains("fengsui migrate"), "{refused:?}");

    let said = done(&[&"migrate", &"--data", &data.path(), &"--database", &database]);
    assert!(said.contains("verified in the database"), "{said}");
    let refused = fengsui(&[&"user", &"list", &"--data", &data.path()]);
    assert!(refused.code != 0 && refused.err.contains("--database"), "{refused:?}");
    let refused = fengsui(&[&"migrate", &"--data", &data.path(), &"--database", &database]);
    assert!(refused.code != 0 && refused.err.contains("has its rows in the database"), "{refused:?}");

    let node = Node::start_with(data.path(), &[&"--database", &database]);
    let client = node.client(&token(data.path(), &database, "duty-officer"));
    let (status, found) = client.get(&format!("/api/v1/events/{id}")).unwrap();
    assert!(status == 200 && found["title"] == "事件 1", "{found}");
    assert_eq!(
        client.made("/api/v1/events", &event(2))["number"].as_str().unwrap().split('-').next_back(),
        Some("000002")
    );
    drop(node);
    verified(data.path(), &database);
}

#[test]
fn a_folder_goes_with_its_database_alone() {
    let (data, database, other) = (TempDir::new().unwrap(), database(), database());
    drop(Node::start_with(data.path(), &[&"--database", &database]));
    let refused = |data: &Path, database: &str, words: &str| {
        let ended = fengsui(&[&"user", &"list", &"--data", &data, &"--database", &database]);
        assert!(ended.code != 0 && ended.err.contains(words), "{ended:?}");
    };
    refused(data.path(), &other, "is empty, and the node in this folder has a history");
    refused(TempDir::new().unwrap().path(), &database, "the key in this folder does not sign");
    // Nothing of that was written.
    done(&[&"user", &"list", &"--data", &data.path(), &"--database", &database]);
    let mark = std::fs::read_to_string(data.path().join("DATABASE")).unwrap();
    assert_eq!(mark.trim(), database.split('?').next().unwrap());
}

/// Whether a node runs the timer, as its counters say.
fn leads(auditor: &Client) -> bool {
    let counters = auditor.metrics().unwrap();
    assert!(counters.contains("fengsui_timer_leads"), "{counters}");
    counters.contains("fengsui_timer_leads 1")
}

#[test]
fn when_the_leader_is_gone_another_node_leads() {
    let (data, database) = (TempDir::new().unwrap(), database());
    let on: [&dyn AsRef<std::ffi::OsStr>; 2] = [&"--database", &database];
    let mut nodes = vec![Node::start_with(data.path(), &on), Node::start_with(data.path(), &on)];
    let token = token(data.path(), &database, "auditor");
    let clients: Vec<Client> = nodes.iter().map(|node| node.client(&token)).collect();
    let leading = || -> Vec<usize> { (0..2).filter(|n| leads(&clients[*n])).collect() };
    let until = Instant::now() + PATIENCE;
    let leader = loop {
        match leading()[..] {
            [one] => break one,
            [] => assert!(Instant::now() < until, "nobody leads"),
            _ => panic!("two lead"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    drop(nodes.remove(leader));
    let other = &clients[1 - leader];
    while !leads(other) {
        assert!(Instant::now() < until, "nobody took over");
        std::thread::sleep(Duration::from_millis(20));
    }
}
