//! Imports against a real store: what is replaced, refused, repeated, and seen by another process.

use std::io::Cursor;
use std::path::Path;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::permission::SystemRole;
use fengsui_domain::refusal::Refusal;
use fengsui_store::RequestKey;
use tempfile::TempDir;

use super::*;
use crate::environment::Environment;
use crate::node::Options;

async fn open(folder: &Path) -> Service {
    let options = Options { folder: folder.to_owned(), name: "test.example/node".into(), database: None };
    Service::open(options, Environment::system()).await.unwrap()
}

fn caller(role: SystemRole) -> Caller {
    Caller::new(Actor {
        by: By::Console,
        roles: BTreeSet::from([role]),
        bodies: BTreeSet::new(),
        scopes: BTreeSet::new(),
    })
}

fn analyst() -> Caller {
    caller(SystemRole::Analyst)
}

async fn import(service: &Service, caller: &Caller, name: &str, text: &'static str) -> Result<Import> {
    let words = ListWords { name: name.into(), format: None };
    service.list_import(caller, words, Cursor::new(text)).await
}

fn counts(import: &Import) -> [u64; 4] {
    [import.new, import.updated, import.unchanged, import.rejected]
}

fn is_known(service: &Service, value: &str) -> bool {
    !service.index().find(value, None).is_empty()
}

#[tokio::test]
async fn an_import_takes_the_place_of_the_one_before() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    for (text, expected, version) in [
        ("a.example\nb.example # old\nnonsense\n", [2, 0, 0, 1], 1),
        ("a.example\nb.example # old\nnonsense\n", [0, 0, 2, 1], 1),
        ("b.example # new\nc.example\nc.example\n", [1, 1, 0, 0], 2),
        ("hxxp://c[.]example/x\n", [1, 0, 0, 0], 3),
    ] {
        let done = import(&service, &analyst(), " feed ", text).await.unwrap();
        assert_eq!((counts(&done), done.list.version), (expected, version), "{text}");
        assert_eq!(done.list.value.name, "feed");
    }
    assert!(!is_known(&service, "a.example") && !is_known(&service, "b.example"));
    let lists = service.list_list(&analyst()).await.unwrap();
    assert_eq!(lists.len(), 1);
    assert_eq!(service.list(&analyst(), lists[0].value.id).await.unwrap(), lists[0]);
}

#[tokio::test]
async fn a_list_of_nothing_never_takes_the_place_of_one_that_works() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    import(&service, &analyst(), "feed", "a.example\n").await.unwrap();
    for (text, said) in [
        ("", "it holds no indicator at all"),
        ("# empty today\n", "it holds no indicator at all"),
        (
            "localhost\nprinter\n",
            "none of its 2 values can be matched; the first: \
             line 1: `localhost` is a single label; write at least two labels: `name.example`",
        ),
    ] {
        let error = import(&service, &analyst(), "feed", text).await.unwrap_err();
        assert_eq!(error.to_string(), format!("`list` is not right: {said}"));
        assert!(is_known(&service, "a.example"));
    }
    let wrong = ListWords { name: "feed".into(), format: Some(ListFormat::Hosts) };
    let refused = service.list_import(&analyst(), wrong, Cursor::new("a.example\n")).await;
    assert!(refused.is_err(), "read as a hosts file it has no name: {refused:?}");
}

#[tokio::test]
async fn only_who_keeps_indicators_imports_and_retires() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let list = import(&service, &analyst(), "feed", "a.example\n").await.unwrap().list.value.id;
    for role in [SystemRole::Administrator, SystemRole::Commander, SystemRole::Auditor] {
        let denied = |error: Error| matches!(error, Error::Refused(Refusal::NotPermitted { .. }));
        assert!(denied(import(&service, &caller(role), "feed", "b.example\n").await.unwrap_err()), "{role}");
        assert!(denied(service.list_retire(&caller(role), list, "x").await.unwrap_err()), "{role}");
    }
    assert!(is_known(&service, "a.example"));
}

#[tokio::test]
async fn a_request_sent_again_gets_its_first_answer_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let key = |fingerprint: &str| RequestKey {
        actor: "a".into(),
        key: "k".into(),
        fingerprint: fingerprint.into(),
    };
    let keyed = |fingerprint: &str| Caller { key: Some(key(fingerprint)), ..analyst() };
    let text = "a.example\nnonsense\n";
    let first = import(&service, &keyed("f"), "feed", text).await.unwrap();
    import(&service, &analyst(), "feed", "b.example\n").await.unwrap();
    let again = import(&service, &keyed("f"), "feed", text).await.unwrap();
    assert_eq!((counts(&again), again.rejects), (counts(&first), first.rejects));
    assert_eq!(again.list.version, 2, "the list as it stands now");
    assert!(is_known(&service, "b.example") && !is_known(&service, "a.example"));
    let other = import(&service, &keyed("g"), "feed", text).await.unwrap_err();
    assert!(matches!(other, Error::KeyReused), "{other:?}");
}

#[tokio::test]
async fn a_key_holds_also_where_nothing_changed() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    import(&service, &analyst(), "feed", "a.example\n").await.unwrap();
    let key = RequestKey { actor: "a".into(), key: "k".into(), fingerprint: "f".into() };
    let keyed = Caller { key: Some(key), ..analyst() };
    assert_eq!(counts(&import(&service, &keyed, "feed", "a.example\n").await.unwrap()), [0, 0, 1, 0]);
    import(&service, &analyst(), "feed", "b.example\n").await.unwrap();
    assert_eq!(counts(&import(&service, &keyed, "feed", "a.example\n").await.unwrap()), [0, 0, 1, 0]);
    assert!(is_known(&service, "b.example"), "the retry did not put the old list back");
}

#[tokio::test]
async fn a_retired_list_matches_nothing_until_it_is_imported_again() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let list = import(&service, &analyst(), "feed", "a.example\n").await.unwrap().list;
    let stale = Caller { expected: Some(list.version + 1), ..analyst() };
    let refused = service.list_retire(&stale, list.value.id, "old").await.unwrap_err();
    assert!(matches!(refused, Error::Changed { .. }), "{refused:?}");
    let retired = service.list_retire(&analyst(), list.value.id, "old").await.unwrap();
    assert!(!retired.value.active && !is_known(&service, "a.example"));
    let twice = service.list_retire(&analyst(), list.value.id, "old").await.unwrap();
    assert_eq!(twice.version, retired.version, "nothing is written");
    let back = import(&service, &analyst(), "feed", "a.example\n").await.unwrap();
    assert!(back.list.value.active && is_known(&service, "a.example"));
    assert_eq!(counts(&back), [0, 0, 1, 0]);
    let unknown = ListId(service.environment().new_id());
    let missing = service.list_retire(&analyst(), unknown, "old").await.unwrap_err();
    assert!(matches!(missing, Error::NotFound { .. }), "{missing:?}");
}

#[tokio::test]
async fn a_node_sees_what_another_process_did_to_its_lists() {
    let folder = TempDir::new().unwrap();
    let (node, other) = (open(folder.path()).await, open(folder.path()).await);
    let list = import(&other, &analyst(), "feed", "a.example\n").await.unwrap().list.value.id;
    assert!(!is_known(&node, "a.example"));
    assert!(node.index_refresh().await.unwrap() && is_known(&node, "a.example"));
    assert!(!node.index_refresh().await.unwrap(), "the same lists are not compiled twice");
    other.list_retire(&analyst(), list, "old").await.unwrap();
    assert!(node.index_refresh().await.unwrap() && !is_known(&node, "a.example"));
}

#[tokio::test]
async fn many_at_once_leave_one_list() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let texts = ["a.example\n", "b.example\n", "c.example\n", "d.example\n"];
    let mut tasks = tokio::task::JoinSet::new();
    for text in texts {
        let service = service.clone();
        tasks.spawn(async move { import(&service, &analyst(), "feed", text).await.unwrap().list.value.id });
    }
    let ids: BTreeSet<ListId> = tasks.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    let rows = service.store().indicator_list(ids.first().unwrap().to_string()).await.unwrap();
    assert_eq!(rows.len(), 1, "the last one stands whole: {rows:?}");
    assert_eq!(texts.iter().filter(|text| is_known(&service, text.trim())).count(), 1);
}

#[test]
fn codes_on_the_wire_are_those_of_the_matcher() {
    let codes: Vec<&str> = RejectReason::all().map(RejectReason::code).collect();
    assert_eq!(codes, RejectCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
    for why in RejectReason::all() {
        let reject = told(&ListReject { line: 3, value: "x".into(), why });
        assert_eq!((reject.line, reject.code.as_str()), (3, why.code()));
        assert!(reject.detail.starts_with("it ") && reject.detail.contains("; "), "{}", reject.detail);
    }
}
