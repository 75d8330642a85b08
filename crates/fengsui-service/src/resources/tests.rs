//! Resources against a real store: contacts, repeated requests, imports.

use std::collections::BTreeSet;
use std::path::Path;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::permission::SystemRole;
use fengsui_domain::refusal::Refusal;
use fengsui_store::RequestKey;
use fengsui_wire::api::{AddResource, RowReject};
use serde_json::{Value, json};
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

fn officer() -> Caller {
    caller(SystemRole::DutyOfficer)
}

fn keyed(key: &str, fingerprint: &str) -> Caller {
    let key = RequestKey { actor: "a".into(), key: key.into(), fingerprint: fingerprint.into() };
    Caller { key: Some(key), ..officer() }
}

async fn add(service: &Service, caller: &Caller, body: Value) -> Result<Versioned<Resource>> {
    let (words, contact, standing) = serde_json::from_value::<AddResource>(body).unwrap().parts().unwrap();
    service.resource_add(caller, words, &contact, standing).await
}

fn expert() -> Value {
    json!({"kind": "expert", "title": "病毒分析专家", "holder": "市公安局", "fields": ["information_security"],
           "categories": ["jincheng-internet-2008/attack"], "contact": "张三 13900000000"})
}

fn amend(body: Value) -> AmendResource {
    serde_json::from_value(body).unwrap()
}

fn is_denied<T>(answer: &Result<T>) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::NotPermitted { .. })))
}

#[tokio::test]
async fn a_contact_is_read_one_at_a_time_and_each_reading_is_an_entry() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let added = add(&service, &officer(), expert()).await.unwrap();
    let id = added.value.id;
    let stored = serde_json::to_string(&added.value).unwrap();
    assert!(!stored.contains("13900000000") && !stored.contains("张三"), "it is sealed");
    for role in [SystemRole::Handler, SystemRole::Analyst, SystemRole::Administrator, SystemRole::Auditor] {
        assert!(is_denied(&service.resource_contact(&caller(role), id, "好奇").await), "{role}");
    }
    let blank = service.resource_contact(&officer(), id, "  ").await.unwrap_err();
    assert!(matches!(blank, Error::Refused(Refusal::Missing { field: "reason" })), "{blank:?}");
    assert_eq!(service.resource(&officer(), id).await.unwrap().version, 1, "nothing was read so far");
    let read = service.resource_contact(&officer(), id, "召集专家").await.unwrap();
    assert_eq!(read, "张三 13900000000");
    let timeline = service.resource_timeline(&officer(), id, None, 9).await.unwrap();
    let kinds: Vec<&str> = timeline.items.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["resource.personal_read", "resource.added"]);
    service.resource_command(&officer(), id, Command::Retire { reason: "调离".into() }).await.unwrap();
    let gone = service.resource_contact(&officer(), id, "再联系").await.unwrap_err();
    assert!(matches!(&gone, Error::Refused(refusal) if refusal.code() == "not_ready"), "{gone:?}");
}

#[tokio::test]
async fn an_amendment_changes_what_it_names() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let id = add(&service, &officer(), expert()).await.unwrap().value.id;
    for (body, version, contact) in [
        (json!({"rank": "市级"}), 2, Some("张三 13900000000")),
        (json!({"rank": "市级"}), 2, Some("张三 13900000000")),
        (json!({"contact": " 张三 13900000000"}), 2, Some("张三 13900000000")),
        (json!({"contact": "李四 13800000000"}), 3, Some("李四 13800000000")),
        (json!({"contact": ""}), 4, None),
    ] {
        let found = service.resource_amend(&officer(), id, amend(body.clone())).await.unwrap();
        assert_eq!((found.version, found.value.particulars.rank.as_str()), (version, "市级"), "{body}");
        let sealed = found.value.particulars.contact;
        let open = sealed.map(|sealed| service.inner.field_key.open(&contact_place(id), &sealed).unwrap());
        assert_eq!(open.as_deref(), contact, "{body}");
    }
    let stale = Caller { expected: Some(1), ..officer() };
    let refused = service.resource_amend(&stale, id, amend(json!({"rank": "省级"}))).await.unwrap_err();
    assert!(matches!(refused, Error::Changed { expected: 1, found: 4 }), "{refused:?}");
    assert!(is_denied(&service.resource_amend(&caller(SystemRole::Handler), id, amend(json!({}))).await));
}

#[tokio::test]
async fn categories_are_those_of_the_plans_at_hand_or_of_none() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    for (category, known) in [
        ("jincheng-internet-2008/attack", true),
        ("jincheng-internet-2008/atack", false),
        ("rsit/availability", true),
        ("another-plan/attack", true),
        ("attack", false),
    ] {
        let mut body = expert();
        body["categories"] = json!([category]);
        assert_eq!(add(&service, &officer(), body).await.is_ok(), known, "{category}");
    }
}

#[tokio::test]
async fn a_resource_asked_for_twice_is_added_once() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let first = add(&service, &keyed("k", "f"), expert()).await.unwrap();
    let again = add(&service, &keyed("k", "f"), expert()).await.unwrap();
    assert_eq!(again, first);
    let other = add(&service, &keyed("k", "g"), expert()).await.unwrap_err();
    assert!(matches!(other, Error::KeyReused), "{other:?}");
    let stand = || Command::Stand { standing: Standing::InUse, note: "在市一中".into() };
    for _ in 0..2 {
        let stood = service.resource_command(&keyed("s", "f"), first.value.id, stand()).await.unwrap();
        assert_eq!(stood.version, 2);
    }
    assert!(is_denied(
        &service.resource_command(&caller(SystemRole::Handler), first.value.id, stand()).await
    ));
}

async fn import(service: &Service, caller: &Caller, text: &str) -> Result<Import> {
    service.resource_import(caller, text.as_bytes().to_vec()).await
}

fn counts(import: &Import) -> [u64; 4] {
    [import.new, import.updated, import.unchanged, import.rejected]
}

#[tokio::test]
async fn a_file_can_be_handed_in_again_when_it_has_grown() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let header = "kind,title,holder,place,contact,standing\n";
    for (rows, expected, entries) in [
        ("computer,备用服务器,市局,1号柜,张三 139,\nsoftware,杀毒软件,市局,,,可用\n", [2, 0, 0, 0], 2),
        ("computer,备用服务器,市局,1号柜,张三 139,\nsoftware,杀毒软件,市局,,,可用\n", [0, 0, 2, 0], 0),
        // An empty contact drops none, an empty standing changes none.
        ("computer,备用服务器,市局,1号柜,,\nsoftware,杀毒软件,市局,,,\n", [0, 0, 2, 0], 0),
        ("computer,备用服务器,市局,2号柜,,停用\n", [0, 1, 0, 0], 2),
        ("computer,备用服务器,县局,,,\n", [1, 0, 0, 0], 1),
    ] {
        let before = service.store().ledger_size().await.unwrap();
        let done = import(&service, &officer(), &format!("{header}{rows}")).await.unwrap();
        assert_eq!(counts(&done), expected, "{rows}");
        assert_eq!(service.store().ledger_size().await.unwrap() - before, entries, "{rows}");
    }
    let known = service.store().resource_by_title(
        fengsui_domain::resource::ResourceKind::Computer,
        "备用服务器".into(),
        "市局".into(),
    );
    let known = known.await.unwrap().unwrap().value;
    assert_eq!((known.particulars.place.as_str(), known.stood.standing), ("2号柜", Standing::OutOfService));
    assert_eq!(service.resource_contact(&officer(), known.id, "取用").await.unwrap(), "张三 139");
}

#[tokio::test]
async fn a_broken_row_is_told_and_the_rest_goes_in() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let text = "kind,title,holder,fields,categories\n\
                car,a,h,,\n\
                expert,b,h,,\n\
                expert,b,h,network,\n\
                team,c,,network,\n\
                material,d,h,,jincheng-internet-2008/atack\n\
                material,e,h,network,\n\
                material,f,h,,\n\
                material,f,h,,\n\
                material,\"g,h,,\n";
    let done = import(&service, &officer(), text).await.unwrap();
    let told: Vec<(u64, &str, Option<&str>)> = done
        .rejects
        .iter()
        .map(|RowReject { line, code, field, .. }| (*line, code.as_str(), field.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "unknown_value", Some("kind")),
            (3, "missing", Some("fields")),
            (5, "missing", Some("holder")),
            (6, "unknown_value", Some("categories")),
            (7, "unknown_value", Some("fields")),
            (9, "invalid", Some("title")),
            (10, "invalid", None),
        ]
    );
    assert_eq!(counts(&done), [2, 0, 0, 7]);
    assert!(done.rejects[5].detail.contains("line 8"), "{}", done.rejects[5].detail);
}

#[tokio::test]
async fn what_no_file_may_be() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    for (bytes, said) in [
        (b"\xff\xfek\x00".to_vec(), "it is not UTF-8; save it as “CSV UTF-8”"),
        (b"title,holder\n".to_vec(), "it has no column `kind`"),
        (Vec::new(), "it is empty"),
        (vec![b'a'; MAX_IMPORT_BYTES + 1], "at most 8000000 fit"),
    ] {
        let error = service.resource_import(&officer(), bytes).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    let denied = import(&service, &caller(SystemRole::Analyst), "kind,title,holder\n").await;
    assert!(is_denied(&denied));
    let rows: String = (0..=MAX_ROWS).map(|n| format!("material,件 {n},h\n")).collect();
    let done = import(&service, &officer(), &format!("kind,title,holder\n{rows}")).await.unwrap();
    assert_eq!(counts(&done), [MAX_ROWS as u64, 0, 0, 1]);
    assert_eq!(done.rejects[0].line, MAX_ROWS as u64 + 2);
}

#[tokio::test]
async fn an_import_sent_again_gets_its_first_answer() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let text = "kind,title,holder\nmaterial,a,h\nnonsense,b,h\n";
    let first = import(&service, &keyed("k", "f"), text).await.unwrap();
    assert_eq!(counts(&first), [1, 0, 0, 1]);
    assert_eq!(import(&service, &keyed("k", "f"), text).await.unwrap(), first);
    let other = import(&service, &keyed("k", "g"), text).await.unwrap_err();
    assert!(matches!(other, Error::KeyReused), "{other:?}");
}

#[tokio::test]
async fn two_files_at_once_add_a_resource_once() {
    let folder = TempDir::new().unwrap();
    let service = open(folder.path()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let service = service.clone();
        tasks.spawn(async move {
            import(&service, &officer(), "kind,title,holder\nmaterial,a,h\n").await.unwrap().new
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<u64>(), 1);
}
