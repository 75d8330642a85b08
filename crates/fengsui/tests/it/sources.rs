//! Log lines from outside, counted: a followed file across SIGKILL and rotation, syslog over UDP and TCP,
//! standard input.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;
use crate::program::{Node, done};

/// What is looked for.
const INDICATOR: &str = "203.0.113.9";
/// Longest wait for a count; reached only if lines are lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A folder with an indicator list, and a token of the node in it.
struct Desk {
    folder: TempDir,
    token: String,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("list.txt"), format!("{INDICATOR}\n")).unwrap();
        let data = folder.path().join("data");
        let token =
            done(&[&"token", &"create", &"--data", &data, &"--role", &"duty-officer", &"--name", &"t"]);
        Self { folder, token }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn node(&self, more: &[&dyn AsRef<OsStr>]) -> Node {
        let list = self.path("list.txt");
        let indicators: [&dyn AsRef<OsStr>; 2] = [&"--indicators", &list];
        Node::start_with(&self.path("data"), &[&indicators, more].concat())
    }

    /// Waits until the indicator was seen so often, and fails if it was more often.
    fn wait_for(&self, node: &Node, expected: u64) {
        let client = node.client(&self.token);
        let since = Instant::now();
        while sighted(&client) != expected {
            let seen = sighted(&client);
            assert!(seen <= expected, "{seen} of {expected}: lines were counted twice");
            assert!(since.elapsed() < PATIENCE, "{seen} of {expected}: lines were lost");
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

/// How often the indicator was seen.
fn sighted(client: &Client) -> u64 {
    let (status, page) = client.get("/api/v1/sightings?limit=200").unwrap();
    assert_eq!(status, 200, "{page}");
    let rows = page["items"].as_array().unwrap().iter().filter(|row| row["value"] == INDICATOR);
    rows.map(|row| row["count"].as_u64().unwrap()).sum()
}

fn line(n: u64) -> String {
    format!("Apr  2 22:23:02 web-01 sshd[{n}]: Connection closed by {INDICATOR} port {n}")
}

fn append(path: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(path).unwrap()
}

#[test]
fn a_followed_file_is_counted_once_whatever_dies() {
    let desk = Desk::new();
    let log = desk.path("auth.log");
    let mut file = append(&log);
    let mut written = 0;
    for life in 0..6_u64 {
        let node = desk.node(&[&"--watch", &log]);
        for n in 0..500 {
            writeln!(file, "{}", line(n)).unwrap();
            written += 1;
            if n == 250 && life % 2 == 1 {
                // Killed while the second half is written, and the first may or may not have been read.
                break;
            }
        }
        if life == 3 {
            desk.wait_for(&node, written);
            std::fs::rename(&log, desk.path("auth.log.1")).unwrap();
            file = append(&log);
        }
        drop(node);
    }
    let node = desk.node(&[&"--watch", &log]);
    desk.wait_for(&node, written);
    drop(node);
    desk.wait_for(&desk.node(&[&"--watch", &log]), written);
}

#[test]
fn syslog_comes_by_udp_and_tcp_in_both_framings() {
    let desk = Desk::new();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let node = desk.node(&[&"--syslog", &address]);
    // It listens soon after it says where it is.
    let since = Instant::now();
    let mut tcp = loop {
        match TcpStream::connect(&address) {
            Ok(tcp) => break tcp,
            Err(error) => assert!(since.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let rfc_3164 = format!("<38>{}", line(1));
    let rfc_5424 = format!("<38>1 2026-04-02T22:23:02Z web-01 sshd 7 - - Connection closed by {INDICATOR}");
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    for message in [&rfc_3164, &rfc_5424] {
        udp.send_to(message.as_bytes(), &address).unwrap();
        write!(tcp, "{} {message}", message.len()).unwrap();
        writeln!(tcp, "{message}").unwrap();
    }
    desk.wait_for(&node, 6);
    tcp.write_all(b"99999999999 never\n").unwrap();
    let mut next = TcpStream::connect(&address).unwrap();
    writeln!(next, "{rfc_5424}").unwrap();
    desk.wait_for(&node, 7);
}

#[test]
fn standard_input_is_on_the_desk_before_it_ends() {
    let desk = Desk::new();
    let mut node = desk.node(&[&"--stdin"]);
    let mut input = node.input();
    writeln!(input, "{}", line(1)).unwrap();
    desk.wait_for(&node, 1);
    input.write_all(b"\xff\xfe not a text\n").unwrap();
    writeln!(input, "{}", line(2)).unwrap();
    desk.wait_for(&node, 2);
    drop(input);
    assert_eq!(
        node.client(&desk.token).get("/api/v1/me").unwrap().0,
        200,
        "the node goes on without its input"
    );
}

/// A guesser is found also where a forwarder hands in every line by itself.
#[test]
fn what_is_watched_for_is_watched_across_uploads() {
    let desk = Desk::new();
    let node = desk.node(&[]);
    let client = node.client(&desk.token);
    let failed = |n: u32| {
        format!(
            "Apr  2 22:23:{n:02} web-01 sshd[7]: Failed password for root from 198.51.100.7 port 1 ssh2\n"
        )
    };
    for n in 0..12 {
        let (status, taken) = client.upload(&failed(n)).unwrap();
        assert_eq!((status, &taken["rejected"]), (200, &json!(0)), "{taken}");
    }
    let (_, page) = client.get("/api/v1/sightings").unwrap();
    let rows = page["items"].as_array().unwrap();
    let found = rows.iter().find(|row| row["rule"] == "attention/login-failures").unwrap();
    assert_eq!((&found["value"], &found["count"]), (&json!("198.51.100.7"), &json!(12)));
}
