//! `fengsui import`: on a data folder, beside a running node, and by a node's address.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ended, Node, fengsui};

/// How long a node may take to notice what another process did; it looks every second.
const PATIENCE: Duration = Duration::from_secs(60);
const LIST: &str = "evil.example # c2\n203.0.113.9\nlocalhost\n";

/// A data folder and files to import.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, format: &str, file: &Path) -> Ended {
        fengsui(&[&"import", &format, &file, &"--data", &self.data(), &"--json"])
    }

    fn token(&self, role: &str) -> String {
        let made =
            fengsui(&[&"token", &"create", &"--data", &self.data(), &"--role", &role, &"--name", &"test"]);
        assert_eq!(made.code, 0, "{made:?}");
        made.out.trim().to_owned()
    }
}

fn counts(document: &Value) -> [u64; 4] {
    ["new", "updated", "unchanged", "rejected"].map(|key| document[key].as_u64().unwrap())
}

#[test]
fn a_file_goes_in_once_and_its_rejects_are_named() {
    let desk = Desk::new();
    let file = desk.file("feed.txt", LIST);
    let first = desk.import("list", &file);
    assert_eq!((first.code, counts(&first.json())), (0, [2, 0, 0, 1]), "{first:?}");
    let list = &first.json()["lists"][0];
    assert_eq!((list["name"].as_str(), list["file"].as_str()), (Some("feed.txt"), file.to_str()));
    assert_eq!(
        list["rejects"],
        json!([{"line": 3, "value": "localhost", "code": "single_label",
            "detail": "it is a single label; write at least two labels: `name.example`"}])
    );
    let said = format!(
        "{}:3: `localhost`: it is a single label; write at least two labels: `name.example` [single_label]\n",
        file.display()
    );
    assert_eq!(first.err, said);
    assert_eq!(counts(&desk.import("list", &file).json()), [0, 0, 2, 1], "a second time changes nothing");
    let plain = fengsui(&[&"import", &"list", &file, &"--data", &desk.data(), &"--name", &"C2"]);
    assert_eq!(plain.out, "C2: 2 new, 0 updated, 0 unchanged, 1 rejected\n");
}

#[test]
fn csv_hosts_and_packed_files_go_in_together() {
    let desk = Desk::new();
    let csv = desk.file("feed.csv", "type,value\ndomain,a.example\nfilename,evil.exe\n");
    let done = desk.import("csv", &csv);
    assert_eq!(counts(&done.json()), [1, 0, 0, 1]);
    assert_eq!(done.json()["lists"][0]["rejects"][0]["code"], "other_type");
    let packed = zstd::encode_all("0.0.0.0 b.example c.example\n".as_bytes(), 0).unwrap();
    let packed = desk.file("hosts.zst", packed);
    let hosts = desk.file("hosts", "0.0.0.0 d.example\n");
    let both = fengsui(&[&"import", &"hosts", &packed, &hosts, &"--data", &desk.data(), &"--json"]);
    assert_eq!((both.code, counts(&both.json())), (0, [3, 0, 0, 0]), "{both:?}");
}

#[test]
fn what_cannot_go_in_is_said_and_keeps_out_nothing_else() {
    let desk = Desk::new();
    let (good, bad) = (desk.file("good", "a.example\n"), desk.file("bad", "<html>\n"));
    let gone = desk.folder.path().join("gone");
    let done = fengsui(&[&"import", &"list", &bad, &gone, &good, &"--data", &desk.data(), &"--json"]);
    assert_eq!((done.code, counts(&done.json())), (2, [1, 0, 0, 0]), "{done:?}");
    assert!(done.err.contains("bad: `list` is not right: none of its 1 values can be matched"), "{done:?}");
    assert!(done.err.contains("gone` cannot be read"), "{done:?}");
    let twice = desk.folder.path().join("again");
    std::fs::create_dir(&twice).unwrap();
    std::fs::write(twice.join("good"), "b.example\n").unwrap();
    for (arguments, said) in [
        (
            vec!["list", good.to_str().unwrap(), twice.join("good").to_str().unwrap()],
            "would become the list `good`",
        ),
        (
            vec!["list", "--name", "x", good.to_str().unwrap(), bad.to_str().unwrap()],
            "`--name` is for one file",
        ),
        (vec!["list", "-"], "standard input has no name"),
        (vec!["stix", good.to_str().unwrap()], "possible values: list, csv, hosts"),
        (vec!["list", good.to_str().unwrap(), "--url", "http://127.0.0.1:9"], "FENGSUI_TOKEN"),
    ] {
        let mut all: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"import"];
        all.extend(arguments.iter().map(|argument| argument as &dyn AsRef<std::ffi::OsStr>));
        let ended = fengsui(&all);
        assert!(ended.code == 2 && ended.err.contains(said), "{arguments:?}: {ended:?}");
    }
    let nobody = fengsui(&[&"import", &"list", &good, &"--url", &"http://127.0.0.1:9", &"--token", &"x"]);
    assert!(nobody.code == 3 && nobody.err.contains("cannot be reached"), "{nobody:?}");
}

#[test]
fn a_check_shows_each_reject_and_imports_nothing() {
    let desk = Desk::new();
    let many: String = (0..25).map(|n| format!("label{n}\n")).collect();
    let file = desk.file("feed.txt", format!("a.example\n{many}"));
    let done = fengsui(&[&"import", &"list", &file, &"--data", &desk.data()]);
    assert_eq!(done.code, 0, "{done:?}");
    let hint = format!("15 more; `fengsui import --check list {}` shows each\n", file.display());
    assert!(done.err.ends_with(&hint) && done.err.lines().count() == 11, "{done:?}");
    let data = desk.folder.path().join("no-node");
    let checked = fengsui(&[&"import", &"--check", &"list", &file, &"--data", &data]);
    assert_eq!((checked.code, checked.out.lines().count()), (1, 25), "{checked:?}");
    assert!(checked.out.lines().all(|line| line.ends_with("[single_label]")), "{checked:?}");
    assert!(!data.exists(), "no node is made for a check");
    let json = fengsui(&[&"import", &"--check", &"--json", &"list", &file, &"--data", &data]).json();
    assert_eq!(json["lists"][0]["rejects"].as_array().unwrap().len(), 25);
    let good = desk.file("good.txt", "a.example\n");
    assert_eq!(fengsui(&[&"import", &"--check", &"list", &good]).code, 0);
}

#[test]
fn a_running_node_takes_lists_by_its_address_and_notices_those_of_its_folder() {
    let desk = Desk::new();
    let node = Node::start(&desk.data());
    let (analyst, duty) = (desk.token("analyst"), desk.token("duty-officer"));
    let file = desk.file("feed.txt", LIST);
    let by_address = |token: &str| {
        let named = "名单 & 1";
        fengsui(&[
            &"import", &"list", &file, &"--url", &node.url, &"--token", &token, &"--name", &named, &"--json",
        ])
    };
    let first = by_address(&analyst);
    assert_eq!((first.code, counts(&first.json())), (0, [2, 0, 0, 1]), "{first:?}");
    assert_eq!(first.json()["lists"][0]["rejects"][0]["code"], "single_label");
    assert_eq!(counts(&by_address(&analyst).json()), [0, 0, 2, 1]);
    let denied = by_address(&desk.token("auditor"));
    assert!(denied.code == 3 && denied.err.contains("answered 403"), "{denied:?}");

    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let post = |line: &str| -> Value {
        let url = format!("{}/api/v1/logs?format=text", node.url.trim_end_matches('/'));
        let sent = agent.post(&url).header("Authorization", format!("Bearer {duty}")).send(line);
        serde_json::from_str(&sent.unwrap().body_mut().read_to_string().unwrap()).unwrap()
    };
    assert_eq!(post("connect to evil.example")["sighted"], 1);
    assert_eq!(post("connect to other.example")["sighted"], 0);
    let other = desk.file("other.txt", "other.example\n");
    assert_eq!(desk.import("list", &other).code, 0);
    let since = Instant::now();
    while post("connect to other.example")["sighted"] == 0 {
        assert!(since.elapsed() < PATIENCE, "the node never noticed the list that its folder got");
        std::thread::sleep(Duration::from_millis(50));
    }
}
