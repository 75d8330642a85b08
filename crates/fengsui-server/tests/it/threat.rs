//! The threat library through the API: lists in and out of use, what they see, what is read.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;

use fengsui_domain::actor::By;
use fengsui_domain::permission::SystemRole::{Administrator, Analyst, DutyOfficer};
use fengsui_service::store::{Commit, Side, SourceRow};
use serde_json::{Value, json};

use crate::node::{Ask, Node};

const LISTS: &str = "/api/v1/indicator-lists";

fn import<'n>(node: &'n Node, token: &str, query: &str, text: impl Into<Vec<u8>>) -> Ask<'n> {
    let ask = node.ask("POST", format!("{LISTS}?{query}")).token(token).bytes(text);
    ask.header("content-type", "application/octet-stream")
}

fn counts(done: &Value) -> [u64; 4] {
    ["new", "updated", "unchanged", "rejected"].map(|key| done[key].as_u64().unwrap())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_list_goes_in_with_each_reject_named() {
    let node = Node::new().await;
    let analyst = node.program(Analyst).await;
    let text = "evil.example # c2\n203.0.113.9\nlocalhost\nhxxp://evil[.]example/a\na@b.example\n";
    let done = import(&node, &analyst, "name=feed", text).wants(200).await.body;
    assert_eq!(counts(&done), [3, 0, 0, 2]);
    assert_eq!(done["list"]["kinds"], json!({"domain": 1, "ipv4": 1, "url": 1}));
    assert_eq!((done["list"]["indicators"].as_u64(), done["list"]["version"].as_u64()), (Some(3), Some(1)));
    assert_eq!(
        done["rejects"],
        json!([
            {"line": 3, "value": "localhost", "code": "single_label",
             "detail": "it is a single label; write at least two labels: `name.example`"},
            {"line": 5, "value": "a@b.example", "code": "mail",
             "detail": "it is an e-mail address; write the domain after the `@` if all of it is bad"},
        ])
    );
    let packed = import(&node, &analyst, "name=feed", gzip(text)).header("content-encoding", "gzip");
    assert_eq!(counts(&packed.wants(200).await.body), [0, 0, 3, 2], "the same, packed");
    let packed = zstd::encode_all(text.as_bytes(), 0).unwrap();
    let packed = import(&node, &analyst, "name=feed", packed).header("content-encoding", "zstd");
    assert_eq!(counts(&packed.wants(200).await.body), [0, 0, 3, 2], "the same, packed otherwise");
    let hosts = "0.0.0.0 a.example b.example\n192.0.2.7 printer.example\n";
    let hosts = import(&node, &analyst, "name=hosts&format=hosts", hosts).wants(200).await.body;
    assert_eq!((counts(&hosts), hosts["rejects"][0]["code"].as_str()), ([2, 0, 0, 1], Some("no_sink")));
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_the_reason() {
    let node = Node::new().await;
    let analyst = node.program(Analyst).await;
    let duty = node.program(DutyOfficer).await;
    let long = "n".repeat(201);
    import(&node, &analyst, "name=feed", "evil.example\n").wants(200).await;
    for (status, code, field, ask) in [
        (400, "bad_request", None, import(&node, &analyst, "", "evil.example")),
        (400, "bad_request", None, import(&node, &analyst, "name=feed&format=stix", "evil.example")),
        (422, "missing", Some("name"), import(&node, &analyst, "name=", "evil.example")),
        (422, "too_long", Some("name"), import(&node, &analyst, &format!("name={long}"), "evil.example")),
        (422, "invalid", Some("list"), import(&node, &analyst, "name=feed", "<html>\n")),
        (422, "invalid", Some("list"), import(&node, &analyst, "name=feed", "")),
        (
            422,
            "invalid",
            Some("body"),
            import(&node, &analyst, "name=feed", "plain").header("content-encoding", "gzip"),
        ),
        (
            415,
            "unsupported_packing",
            None,
            import(&node, &analyst, "name=feed", "plain").header("content-encoding", "br"),
        ),
        (400, "bad_request", Some("cursor"), node.get(&analyst, format!("{LISTS}?cursor=WzAsIngiXQ"))),
        (400, "bad_request", Some("cursor"), node.get(&analyst, "/api/v1/sightings?cursor=WzAsIngiXQ")),
        (
            400,
            "bad_request",
            Some("asset"),
            node.get(&analyst, format!("/api/v1/sightings?asset={}", "a".repeat(2_001))),
        ),
        (403, "not_permitted", None, node.get(&analyst, "/api/v1/sources")),
        (404, "not_found", None, node.get(&duty, format!("{LISTS}/00000000-0000-0000-0000-000000000000"))),
    ] {
        let answer = ask.wants(status).await.body;
        assert_eq!((answer["code"].as_str(), answer["field"].as_str()), (Some(code), field), "{answer:#}");
    }
    let kept = node.get(&duty, LISTS).wants(200).await.body;
    assert_eq!(kept["items"][0]["indicators"], 1, "what was refused replaced nothing: {kept:#}");
}

#[tokio::test]
async fn an_import_sent_twice_is_carried_out_once() {
    let node = Node::new().await;
    let analyst = node.program(Analyst).await;
    let send =
        |query, text: &'static str| import(&node, &analyst, query, text).header("idempotency-key", "k");
    let first = send("name=feed", "a.example\nlocalhost\n").wants(200).await.body;
    import(&node, &analyst, "name=feed", "b.example\n").wants(200).await;
    let again = send("name=feed", "a.example\nlocalhost\n").wants(200).await.body;
    assert_eq!((counts(&again), &again["rejects"]), (counts(&first), &first["rejects"]));
    assert_eq!(again["list"]["version"], 2, "the later import stands");
    assert_eq!(send("name=feed", "c.example\n").wants(422).await.body["code"], "key_reused");
    let other_name = send("name=other", "a.example\nlocalhost\n").wants(422).await;
    assert_eq!(other_name.body["code"], "key_reused", "the name is part of the request");
}

#[tokio::test]
async fn lists_are_paged_read_and_retired() {
    let node = Node::new().await;
    let analyst = node.program(Analyst).await;
    for name in ["c", "a", "d", "b", "e"] {
        import(&node, &analyst, &format!("name={name}"), "evil.example\n").wants(200).await;
    }
    let names = async |query: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = node.get(&analyst, format!("{LISTS}?limit=2{query}{cursor}")).wants(200).await.body;
            let names = page["items"].as_array().unwrap().iter().map(|list| list["name"].clone());
            seen.extend(names.map(|name| name.as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return seen.concat() };
            cursor = format!("&cursor={next}");
        }
    };
    assert_eq!(names("").await, "abcde");
    let list = node.get(&analyst, format!("{LISTS}?limit=1")).wants(200).await.body["items"][0].clone();
    let path = format!("{LISTS}/{}", list["id"].as_str().unwrap());
    let read = node.get(&analyst, &path).wants(200).await;
    assert_eq!((read.body, read.etag.as_deref()), (list, Some("\"1\"")));
    let retire = |tag: &'static str| {
        let reason = json!({"reason": "the feed is gone"});
        node.post(&analyst, format!("{path}/retire"), &reason).header("if-match", tag)
    };
    assert_eq!(retire("\"2\"").wants(412).await.body["code"], "changed");
    let retired = retire("\"1\"").wants(200).await;
    assert_eq!((retired.body["active"].as_bool(), retired.etag.as_deref()), (Some(false), Some("\"2\"")));
    assert_eq!((names("&active=true").await, names("&active=false").await), ("bcde".into(), "a".into()));
    let back = import(&node, &analyst, "name=a", "evil.example\n").wants(200).await.body;
    assert_eq!((back["list"]["active"].as_bool(), counts(&back)), (Some(true), [0, 0, 1, 0]));
    assert_eq!(names("&active=true").await, "abcde");
}

#[tokio::test]
async fn sightings_are_found_by_indicator_and_asset() {
    let node = Node::new().await;
    let duty = node.program(DutyOfficer).await;
    let list = "Evil.Example\n203.0.113.9\n";
    import(&node, &duty, "name=feed", list).wants(200).await;
    for (host, value) in [
        ("web-01", "evil.example"),
        ("web-02", "evil.example"),
        ("web-01", "203.0.113.9"),
        ("web-01", "good.example"),
    ] {
        let line = json!({"host": host, "dest": value}).to_string();
        let taken = node.ask("POST", "/api/v1/logs?format=ndjson").token(&duty).bytes(line).wants(200).await;
        assert_eq!(taken.body["lines"], 1);
        node.pass(1);
    }
    let found = async |query: &str| {
        let page = node.get(&duty, format!("/api/v1/sightings{query}")).wants(200).await.body;
        let rows = page["items"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| format!("{} {}", row["value"].as_str().unwrap(), row["asset"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let all = ["203.0.113.9 web-01", "evil.example web-02", "evil.example web-01"];
    assert_eq!(found("").await, all, "latest first");
    assert_eq!(found("?indicator=EVIL%5B.%5Dexample.").await, all[1..]);
    assert_eq!(found("?asset=web-01").await, [all[0], all[2]]);
    assert_eq!(found("?indicator=evil.example&asset=web-02").await, [all[1]]);
    assert!(found("?indicator=good.example").await.is_empty());
    let first = node.get(&duty, "/api/v1/sightings?limit=1").wants(200).await.body;
    let next = first["next"].as_str().unwrap();
    assert_eq!(found(&format!("?limit=1&cursor={next}")).await, [all[1]]);
    let row = &first["items"][0];
    assert_eq!((row["rule"].as_str(), row["count"].as_u64()), (Some("feed"), Some(1)));
    let event =
        node.get(&duty, format!("/api/v1/events/{}", row["event"].as_str().unwrap())).wants(200).await;
    assert_eq!(event.body["sightings"]["key"], "203.0.113.9");

    let (_, person) = node.person("wang", &[DutyOfficer], &[]).await;
    let narrow = json!({"name": "library only", "scopes": ["indicator.read"], "days": 1});
    let narrow = node.post(&person, "/api/v1/tokens", &narrow).wants(201).await.body;
    let hidden = node.get(narrow["token"].as_str().unwrap(), "/api/v1/sightings").wants(200).await.body;
    assert!(hidden["items"].as_array().unwrap().iter().all(|row| row["event"].is_null()), "{hidden:#}");
}

#[tokio::test]
async fn sources_say_how_far_they_were_read() {
    let node = Node::new().await;
    let admin = node.program(Administrator).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.log");
    std::fs::write(&path, "one line\nand one that waits\n").unwrap();
    let file = std::fs::metadata(&path).unwrap();
    let row = |name: &std::path::Path, offset, lines| SourceRow {
        name: name.display().to_string(),
        device: file.dev(),
        inode: file.ino(),
        offset,
        line: lines,
        lines,
        rejected: lines / 2,
        seen_at: node.service.now(),
    };
    let gone = folder.path().join("gone.log");
    let commit = Commit::new(By::Console, node.service.now(), None)
        .side(Side::Source(row(&path, 9, 2)))
        .side(Side::Source(row(&gone, 0, 0)));
    node.service.store().commit(commit).await.unwrap();
    let found = node.get(&admin, "/api/v1/sources").wants(200).await.body;
    assert_eq!(
        found["items"][0],
        json!({"name": path, "lines": 2, "rejected": 1, "last_line_at": node.now(), "read_bytes": 9,
            "size_bytes": 28, "lag_bytes": 19, "trouble": null})
    );
    let lost = &found["items"][1];
    assert_eq!((lost["lag_bytes"].is_null(), lost["last_line_at"].is_null()), (true, true));
    assert!(lost["trouble"].as_str().unwrap().starts_with("No such file"), "{lost}");
}
