//! A node killed again and again while people write: what it acknowledged is there afterwards, once, and
//! the ledger proves it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

use serde_json::{Value, json};

use crate::client::Client;
use crate::nodes;
use crate::program::{Node, done};

/// How often the node is killed, unless the variable `FENGSUI_KILLS` says otherwise.
const KILLS: usize = 20;
/// People who write at the same time.
const WRITERS: usize = 8;
/// Acknowledgements in one life of the node: the least, and how many more there can be.
const ACKNOWLEDGED: (usize, usize) = (5, 150);

/// An event that was sent: under which key, and what came back.
#[derive(Clone)]
struct Sent {
    body: Value,
    /// The event as it was acknowledged; `None` if the node was gone before it said so.
    id: Option<String>,
}

type Book = Mutex<BTreeMap<String, Sent>>;

fn body(key: &str) -> Value {
    json!({"title": format!("事件 {key}"), "source": "report", "sender": "市一中", "unit": "市一中"})
}

/// Sends events until the node is gone, and keeps book of what was acknowledged.
fn write(client: &Client, life: usize, writer: usize, acknowledged: &AtomicUsize, book: &Book) {
    for turn in 0.. {
        let key = format!("{life}-{writer}-{turn}");
        let body = body(&key);
        let answer = client.post("/api/v1/events", &key, &body);
        let gone = answer.is_none();
        let id = answer.map(|(status, event)| {
            assert_eq!(status, 201, "{event}");
            event["id"].as_str().unwrap().to_owned()
        });
        book.lock().unwrap().insert(key, Sent { body, id });
        if gone {
            return;
        }
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
}

/// Lets people write until `enough` was acknowledged, and kills the node in the middle of the next.
fn live(node: Node, token: &str, life: usize, enough: usize, book: &Book) {
    let acknowledged = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let start = |writer| {
            let client = node.client(token);
            let (acknowledged, book) = (&acknowledged, book);
            scope.spawn(move || write(&client, life, writer, acknowledged, book))
        };
        let writers: Vec<_> = (0..WRITERS).map(start).collect();
        while acknowledged.load(Ordering::SeqCst) < enough {
            assert!(
                !writers.iter().all(ScopedJoinHandle::is_finished),
                "the node ended before it was killed"
            );
            std::thread::yield_now();
        }
        drop(node);
    });
}

/// Everything acknowledged is there as it was sent; what was not can be sent again and is there once.
fn settle(client: &Client, life: usize, book: &Book) {
    let of_this_life = format!("{life}-");
    let mut book = book.lock().unwrap();
    for (key, sent) in book.iter_mut().filter(|(key, _)| key.starts_with(&of_this_life)) {
        let Some(id) = &sent.id else {
            let (status, event) = client.post("/api/v1/events", key, &sent.body).unwrap();
            assert_eq!(status, 201, "{event}");
            sent.id = Some(event["id"].as_str().unwrap().to_owned());
            continue;
        };
        let (status, event) = client.get(&format!("/api/v1/events/{id}")).unwrap();
        assert_eq!((status, &event["title"]), (200, &sent.body["title"]), "acknowledged and lost: {key}");
    }
}

/// The titles of all events, by id, and how many entries of the list there were.
fn events(client: &Client) -> (BTreeMap<String, String>, usize) {
    let (mut found, mut rows, mut after) = (BTreeMap::new(), 0, String::new());
    loop {
        let (_, page) = client.get(&format!("/api/v1/events?limit=200{after}")).unwrap();
        for event in page["items"].as_array().unwrap() {
            rows += 1;
            let text = |field: &str| event[field].as_str().unwrap().to_owned();
            found.insert(text("id"), text("title"));
        }
        let Some(next) = page["next"].as_str() else { return (found, rows) };
        after = format!("&cursor={next}");
    }
}

/// Kills a node again and again, each time somewhere else in its life; how many events there are at the end.
fn killed_again_and_again(start: impl Fn() -> Node, token: &str) -> (usize, usize) {
    let kills = std::env::var("FENGSUI_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let book = Book::default();
    let mut node = start();
    for life in 0..kills {
        let enough = ACKNOWLEDGED.0 + (life * 37) % ACKNOWLEDGED.1;
        live(node, token, life, enough, &book);
        node = start();
        settle(&node.client(token), life, &book);
    }
    let (found, rows) = events(&node.client(token));
    let book = book.into_inner().unwrap();
    let expected: BTreeMap<String, String> = book
        .values()
        .map(|sent| (sent.id.clone().unwrap(), sent.body["title"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(expected.len(), book.len(), "two keys, one event");
    assert_eq!((found, rows), (expected, book.len()), "every event once");
    (kills, rows)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_node_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token =
        done(&[&"token", &"create", &"--data", &data, &"--role", &"duty-officer", &"--name", &"kill"]);
    let (kills, rows) = killed_again_and_again(|| Node::start(&data), &token);
    let verified = done(&[&"ledger", &"verify", &data]);
    assert!(verified.starts_with("good: "), "{verified}");
    println!("{kills} kills, {rows} events, {verified}");
}

#[test]
fn nor_when_its_rows_are_on_a_server() {
    let (folder, database) = (tempfile::tempdir().unwrap(), nodes::database());
    let data = folder.path();
    drop(Node::start_with(data, &[&"--database", &database]));
    let token = nodes::token(data, &database, "duty-officer");
    let start = || Node::start_with(data, &[&"--database", &database]);
    let (kills, rows) = killed_again_and_again(start, &token);
    let verified = nodes::verified(data, &database);
    println!("{kills} kills, {rows} events, {verified}");
}
