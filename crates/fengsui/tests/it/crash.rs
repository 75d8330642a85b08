//! A node that dies at any of its calls to the system, and a disk that fails or is full: `strace` does both from
//! outside, to the program as it ships. Whatever was acknowledged is there afterwards, once, and the ledger is good.
//!
//! A call is told by its name and by which one of its kind it is in a thread; the run under it goes through opening
//! the node, writing from several people at once, and closing it. The short form takes every so many calls;
//! `cargo xtask crash` takes all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::program::{Node, done};

/// The calls by which something reaches the disk or leaves the process, or a name comes and goes.
const CALLS: [&str; 12] = [
    "pwrite64",
    "fdatasync",
    "fsync",
    "ftruncate",
    "openat",
    "mkdir",
    "linkat",
    "unlink",
    "write",
    "writev",
    "sendto",
    "close",
];
/// Every which call of a kind is a point of the short form.
const STRIDE: usize = 61;
/// Points at which a disk fails or fills up in the short form.
const FAILURES: usize = 4;
/// Events that each of the people sends at most.
const TURNS: usize = 6;
/// Calls that find the disk full, until there is room again.
const FULL_FOR: usize = 40;

/// A number from the environment, for the long forms.
fn told(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |number| number.parse().unwrap())
}

/// A node that is set up, and somebody who may write to it: every run begins with a copy of it.
struct Begun {
    folder: TempDir,
    token: String,
}

impl Begun {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        let token =
            done(&[&"token", &"create", &"--data", &data, &"--role", &"duty-officer", &"--name", &"t"]);
        Self { folder, token }
    }

    fn copy(&self) -> TempDir {
        let copy = TempDir::new().unwrap();
        let copied =
            Command::new("cp").arg("-a").arg(self.folder.path().join("data")).arg(copy.path()).status();
        assert!(copied.unwrap().success());
        copy
    }
}

/// What one person sent, by its key, and the event it became if that was acknowledged.
type Book = BTreeMap<String, Option<String>>;

fn event(key: &str) -> Value {
    json!({"title": format!("事件 {key}"), "source": "report", "sender": "市一中", "unit": "市一中"})
}

/// One answer to one person.
struct Answer {
    key: String,
    status: Option<u16>,
    id: Option<String>,
}

/// Sends events one after another, until all are sent or the node is gone.
fn write(client: &Client, person: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    for turn in 0..TURNS {
        let key = format!("{person}-{turn}");
        let answer = client.post("/api/v1/events", &key, &event(&key));
        let (status, id) = match &answer {
            Some((201, event)) => (Some(201), Some(event["id"].as_str().unwrap().to_owned())),
            Some((status, problem)) => {
                assert!(*status >= 500, "{status} {problem}");
                (Some(*status), None)
            }
            None => (None, None),
        };
        answers.push(Answer { key, status, id });
        if answer.is_none() {
            break;
        }
    }
    answers
}

/// Everybody at once.
fn write_all(node: &Node, token: &str, people: usize) -> Vec<Vec<Answer>> {
    std::thread::scope(|scope| {
        let start = |person| {
            let client = node.client(token);
            scope.spawn(move || write(&client, person))
        };
        let people: Vec<_> = (0..people).map(start).collect();
        people.into_iter().map(|person| person.join().unwrap()).collect()
    })
}

fn book(answers: &[Vec<Answer>]) -> Book {
    answers.iter().flatten().map(|answer| (answer.key.clone(), answer.id.clone())).collect()
}

/// Opens the node without any fault: all that was acknowledged is there, the rest can be sent again and is there
/// once, nothing else is, and the ledger is good.
fn judge(data: &Path, token: &str, mut book: Book, where_: &str) {
    let node = Node::start(data);
    let client = node.client(token);
    for (key, id) in &mut book {
        let Some(id) = id else {
            let (status, made) = client.post("/api/v1/events", key, &event(key)).unwrap();
            assert_eq!(status, 201, "{where_}: {key}: {made}");
            *id = Some(made["id"].as_str().unwrap().to_owned());
            continue;
        };
        let (status, found) = client.get(&format!("/api/v1/events/{id}")).unwrap();
        let title = event(key)["title"].clone();
        assert_eq!((status, &found["title"]), (200, &title), "{where_}: acknowledged and lost: {key}");
    }
    let (_, page) = client.get("/api/v1/events?limit=200").unwrap();
    let rows: Vec<String> =
        page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let found: BTreeSet<&String> = rows.iter().collect();
    let expected: BTreeSet<&String> = book.values().flatten().collect();
    assert_eq!((found, rows.len()), (expected, book.len()), "{where_}: every event once");
    drop(node);
    let verified = done(&[&"ledger", &"verify", &data]);
    assert!(verified.starts_with("good: "), "{where_}: {verified}");
}

/// One run with a fault; `true` if the program ended as it was told to, so that the fault came too late to be met.
fn run(begun: &Begun, people: usize, calls: &str, fault: &str) -> (bool, Vec<Vec<Answer>>) {
    let copy = begun.copy();
    let data = copy.path().join("data");
    let (survived, answers) = match Node::start_under_fault(&data, calls, fault) {
        None => (false, Vec::new()),
        Some(node) => {
            let answers = write_all(&node, &begun.token, people);
            (node.stop(), answers)
        }
    };
    judge(&data, &begun.token, book(&answers), &format!("{calls}:{fault}, {people} people"));
    (survived, answers)
}

#[test]
fn a_kill_at_any_call_loses_nothing() {
    let begun = Begun::new();
    let stride = told("FENGSUI_CRASH_STRIDE", STRIDE);
    let most = told("FENGSUI_CRASH_POINTS", usize::MAX);
    let crowds: &[usize] = if stride < STRIDE { &[1, 2, 4, 8] } else { &[4] };
    let (mut points, mut acknowledged) = (0, 0);
    for &people in crowds {
        for call in CALLS {
            // Which one is first differs from call to call, so that the short form is no row of first calls.
            for which in (1 + points % stride..).step_by(stride) {
                if points >= most {
                    break;
                }
                let (survived, answers) = run(&begun, people, call, &format!("signal=KILL:when={which}"));
                if survived {
                    break;
                }
                points += 1;
                acknowledged += book(&answers).values().flatten().count();
            }
        }
    }
    assert!(points > 0, "no call was met: does `strace` work here?");
    println!("killed at {points} calls, {acknowledged} events acknowledged before, none lost, none twice");
}

#[test]
fn nothing_is_acknowledged_after_a_sync_failed() {
    let begun = Begun::new();
    let failures = told("FENGSUI_CRASH_FAILURES", FAILURES);
    let (mut met, mut acknowledged) = (0, 0);
    for turn in 0..failures {
        // From the call that is met on, every sync of that thread fails.
        let which = 3 + turn * 2 % 29;
        let (_, answers) = run(&begun, 4, "fdatasync,fsync", &format!("error=EIO:when={which}+"));
        for answers in &answers {
            let mut after = answers.iter().skip_while(|answer| answer.status == Some(201));
            assert!(after.all(|answer| answer.status != Some(201)), "acknowledged after a failed sync");
            acknowledged += answers.iter().filter(|answer| answer.id.is_some()).count();
        }
        met += usize::from(answers.iter().flatten().any(|answer| answer.status != Some(201)));
    }
    assert!(met > 0, "no sync failed: does `strace` work here?");
    println!(
        "{failures} runs with failing syncs, {met} of them while people wrote, {acknowledged} acknowledged"
    );
}

#[test]
fn a_full_disk_is_said_and_passes_without_a_restart() {
    let begun = Begun::new();
    let failures = told("FENGSUI_CRASH_FAILURES", FAILURES);
    let (mut met, mut back) = (0, 0);
    for turn in 0..failures {
        let which = 40 + turn * 13 % 200;
        let fault = format!("error=ENOSPC:when={which}..{}", which + FULL_FOR);
        let copy = begun.copy();
        let data = copy.path().join("data");
        let Some(node) = Node::start_under_fault(&data, "pwrite64", &fault) else { continue };
        let answers = write_all(&node, &begun.token, 4);
        let mut book = book(&answers);
        let refused: Vec<_> = answers.iter().flatten().filter(|answer| answer.id.is_none()).collect();
        if !refused.is_empty() {
            met += 1;
            let said = refused.iter().map(|answer| answer.status).collect::<BTreeSet<_>>();
            assert_eq!(said, [Some(503)].into(), "the node stays, and says that it kept nothing");
        }
        // Room again: what was refused is taken by the same process.
        let client = node.client(&begun.token);
        for answer in refused {
            let sent = (0..=FULL_FOR).find_map(|_| {
                let (status, made) = client.post("/api/v1/events", &answer.key, &event(&answer.key)).unwrap();
                (status == 201).then(|| made["id"].as_str().unwrap().to_owned())
            });
            back += usize::from(sent.is_some());
            assert!(sent.is_some(), "still refused once there is room");
            book.insert(answer.key.clone(), sent);
        }
        node.stop();
        judge(&data, &begun.token, book, &fault);
    }
    assert!(met > 0, "the disk was never full: does `strace` work here?");
    println!(
        "{failures} runs with a full disk, {met} of them while people wrote, {back} events taken afterwards"
    );
}
