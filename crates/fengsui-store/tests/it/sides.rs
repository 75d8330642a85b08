//! Working data: sessions, codes, request keys, secrets, indicators, sightings, sources.

use fengsui_domain::id::AccountId;
use fengsui_store::{RequestKey, Side, SightingFilter, SourceRow, Store, StoreError};
use jiff::Timestamp;

use crate::home::Home;
use crate::make::{self, at, commit, commit_at};

/// Commits one piece of working data at a second.
async fn put(store: &Store, second: i64, side: Side) {
    store.commit(commit_at(second).side(side)).await.unwrap();
}

/// Which of the sessions are there.
async fn signed_in(store: &Store, hashes: &[&'static str]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for hash in hashes {
        found.extend(store.session_get((*hash).into()).await.unwrap().map(|_| *hash));
    }
    found
}

pub(crate) async fn sessions_begin_are_seen_and_end(home: &impl Home) {
    let store = home.open();
    let all = ["one", "two", "three"];
    for (hash, account) in [("one", "zhang"), ("two", "zhang"), ("three", "li")] {
        put(&store, 0, Side::SessionPut(make::session(hash, account, 0, 100))).await;
    }
    assert_eq!(signed_in(&store, &all).await, all);
    let mut expected = make::session("one", "zhang", 0, 100);
    assert_eq!(store.session_get("one".into()).await.unwrap().as_ref(), Some(&expected));
    put(&store, 60, Side::SessionSeen { hash: "one".into() }).await;
    expected.seen_at = at(60);
    assert_eq!(store.session_get("one".into()).await.unwrap(), Some(expected));
    put(&store, 61, Side::SessionSeen { hash: "unknown".into() }).await;
    put(&store, 62, Side::SessionDrop { hash: "one".into() }).await;
    assert_eq!(signed_in(&store, &all).await, ["two", "three"]);
    put(&store, 63, Side::SessionDropAll { account: "zhang".into() }).await;
    assert_eq!(signed_in(&store, &all).await, ["three"]);
}

pub(crate) async fn sessions_of_an_account_come_last_used_first(home: &impl Home) {
    let store = home.open();
    let (zhang, li) = (AccountId(make::id()), AccountId(make::id()));
    for (hash, account) in [("b", zhang), ("a", zhang), ("c", zhang), ("d", li)] {
        put(&store, 0, Side::SessionPut(make::session(hash, &account.to_string(), 0, 100))).await;
    }
    put(&store, 60, Side::SessionSeen { hash: "c".into() }).await;
    let hashes = async |account| {
        let sessions = store.session_list(account).await.unwrap();
        sessions.into_iter().map(|session| session.hash).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((hashes(zhang).await, hashes(li).await), ("c a b".into(), "d".into()));
    assert_eq!(hashes(AccountId(make::id())).await, "");
    let mut expected = make::session("d", &li.to_string(), 0, 100);
    assert_eq!(store.session_list(li).await.unwrap(), [expected.clone()]);
    expected.device = "another".into();
    put(&store, 0, Side::SessionDrop { hash: "d".into() }).await;
    put(&store, 0, Side::SessionPut(expected.clone())).await;
    assert_eq!(store.session_get("d".into()).await.unwrap(), Some(expected));
}

pub(crate) async fn expired_sessions_are_forgotten(home: &impl Home) {
    let store = home.open();
    for (hash, ends) in [("one", 50), ("two", 60)] {
        put(&store, 0, Side::SessionPut(make::session(hash, "zhang", 0, ends))).await;
    }
    put(&store, 50, Side::SessionPut(make::session("three", "zhang", 50, 150))).await;
    assert_eq!(signed_in(&store, &["one", "two", "three"]).await, ["two", "three"]);
}

pub(crate) async fn a_code_works_once(home: &impl Home) {
    let store = home.open();
    let used = |account: &str, step| Side::TotpUsed { account: account.into(), step };
    for (account, step, fresh) in [
        ("a", 100, true),
        ("a", 100, false),
        ("a", 101, true),
        ("b", 100, true),
        ("a", 99, true),
        ("a", 99, false),
        ("a", 119, true),
        ("a", 100, false),
        ("a", i64::MIN, true),
    ] {
        match store.commit(commit().side(used(account, step))).await {
            Ok(_) => assert!(fresh, "{account} {step}"),
            Err(error) => {
                assert!(matches!(error, StoreError::Repeated) && !fresh, "{account} {step}: {error:?}");
            }
        }
    }
}

pub(crate) async fn old_request_keys_are_forgotten(home: &impl Home) {
    const DAY: i64 = 86_400;
    let store = home.open();
    let key = |name: &str| Side::RequestKey {
        key: RequestKey { actor: "a".into(), key: name.into(), fingerprint: "f".into() },
        answer: name.into(),
    };
    put(&store, 0, key("first")).await;
    put(&store, DAY, key("second")).await;
    put(&store, 40 * DAY, key("third")).await;
    put(&store, 40 * DAY + 1, key("fourth")).await;
    let mut kept = Vec::new();
    for name in ["first", "second", "third", "fourth"] {
        kept.extend(store.request_key_get("a".into(), name.into()).await.unwrap().map(|found| found.answer));
    }
    assert_eq!(kept, ["second", "third", "fourth"]);
}

pub(crate) async fn secrets_are_put_found_and_dropped(home: &impl Home) {
    let store = home.open();
    let secret = |subject: &str, kind, value: &str| Side::SecretPut {
        subject: subject.into(),
        kind,
        value: value.into(),
    };
    put(&store, 0, secret("account/1", "password", "old")).await;
    put(&store, 0, secret("account/1", "totp", "seed")).await;
    put(&store, 0, secret("account/2", "password", "theirs")).await;
    put(&store, 0, secret("account/1", "password", "new")).await;
    for (subject, kind, value) in [
        ("account/1", "password", Some("new")),
        ("account/1", "totp", Some("seed")),
        ("account/2", "password", Some("theirs")),
        ("account/2", "totp", None),
    ] {
        assert_eq!(
            store.secret_get(subject.into(), kind).await.unwrap().as_deref(),
            value,
            "{subject} {kind}"
        );
    }
    for (kind, value, subject) in [
        ("password", "new", Some("account/1")),
        ("password", "old", None),
        ("totp", "new", None),
        ("totp", "seed", Some("account/1")),
    ] {
        let found = store.secret_subject(kind, value.into()).await.unwrap();
        assert_eq!(found.as_deref(), subject, "{kind} {value}");
    }
    put(&store, 0, Side::SecretDrop { subject: "account/1".into(), kind: "totp" }).await;
    assert_eq!(store.secret_get("account/1".into(), "totp").await.unwrap(), None);
    assert!(store.secret_get("account/1".into(), "password").await.unwrap().is_some());
}

pub(crate) async fn indicators_are_replaced_whole(home: &impl Home) {
    let store = home.open();
    let first: Vec<_> = (0..300).map(|n| make::indicator(&format!("{n}.example"), n + 1)).collect();
    let second = [make::indicator("only.example", 9)];
    let (list, imported) = make::list("names", &first);
    let (other, theirs) = make::list("others", &second);
    let rows = |list: fengsui_domain::id::ListId, rows: &[_]| Side::Indicators {
        list: list.to_string(),
        rows: rows.into(),
    };
    let both = commit().batch(0, vec![imported]).batch(0, vec![theirs]);
    store.commit(both.side(rows(list, &first)).side(rows(other, &second))).await.unwrap();
    assert_eq!(store.indicator_list(list.to_string()).await.unwrap(), first);
    assert!(home.verify().good());
    let again = make::imported(list, "names", &second);
    store.commit(commit().batch(1, vec![again]).side(rows(list, &second))).await.unwrap();
    assert_eq!(store.indicator_list(list.to_string()).await.unwrap(), second);
    assert_eq!(store.indicator_list(other.to_string()).await.unwrap(), second);
    assert!(home.verify().good());
}

pub(crate) async fn a_sighting_is_one_row(home: &impl Home) {
    let store = home.open();
    let get =
        async |window| store.sighting_get("r".into(), "v".into(), "a".into(), at(window)).await.unwrap();
    let mut row = make::sighting("r", "v", "a", 0, 10);
    put(&store, 10, Side::Sighting(row.clone())).await;
    assert_eq!(get(0).await, Some(row.clone()));
    (row.count, row.last_at, row.event) = (7, at(50), Some("event/1".into()));
    put(&store, 50, Side::Sighting(row.clone())).await;
    assert_eq!(get(0).await, Some(row.clone()));
    assert_eq!(get(60).await, None);
    // The next window has no event of its own yet: the earlier one is what a new sighting joins.
    let next = make::sighting("r", "v", "a", 60, 70);
    put(&store, 70, Side::Sighting(next.clone())).await;
    let recent =
        async |since| store.sighting_recent("r".into(), "v".into(), "a".into(), at(since)).await.unwrap();
    assert_eq!(recent(50).await, Some(row.clone()));
    assert_eq!(recent(51).await, None);
    assert_eq!(store.sighting_list(SightingFilter::default(), None, 10).await.unwrap().items, [next, row]);
}

pub(crate) async fn a_source_is_one_row(home: &impl Home) {
    let store = home.open();
    let source = |name: &str, offset, seen_at| SourceRow {
        name: name.into(),
        device: u64::MAX,
        inode: u64::MAX - 1,
        offset,
        line: 2,
        lines: 3,
        rejected: 1,
        seen_at,
    };
    put(&store, 0, Side::Source(source("b.log", 10, at(0)))).await;
    put(&store, 0, Side::Source(source("a.log", 5, Timestamp::MIN))).await;
    put(&store, 9, Side::Source(source("b.log", 20, at(9)))).await;
    let expected = [source("a.log", 5, Timestamp::MIN), source("b.log", 20, at(9))];
    assert_eq!(store.source_list().await.unwrap(), expected);
}

pub(crate) async fn debug_output_keeps_secrets(home: &impl Home) {
    let store = home.open();
    let canary = "canary-4711";
    let key = RequestKey { actor: "a".into(), key: "k".into(), fingerprint: "f".into() };
    let session = make::session(canary, "a", 0, 9);
    let all = commit()
        .side(Side::SecretPut { subject: "account/1".into(), kind: "password", value: canary.into() })
        .side(Side::RequestKey { key, answer: canary.into() })
        .side(Side::SessionPut(session))
        .side(Side::SessionSeen { hash: canary.into() })
        .side(Side::SessionDrop { hash: canary.into() });
    let shown = format!("{all:?}");
    assert!(shown.contains("SecretPut(account/1 password)") && !shown.contains(canary), "{shown}");
    store.commit(all).await.unwrap();
    assert!(!format!("{store:?}").contains(canary));
}
