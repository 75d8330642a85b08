//! Commits that are refused: who was first, what is unique, what was done before.

use fengsui_domain::event::EventChange;
use fengsui_store::{Commit, RequestKey, Side, SightingFilter, Store, StoreError};

use crate::home::Home;
use crate::make::{self, commit, number};

pub(crate) async fn versions_decide_who_was_first(home: &impl Home) {
    let store = home.open();
    let (event, recorded) = make::event(number("E", 1), "wave");
    let reopened = || vec![make::on_event(event, EventChange::Reopened { reason: "again".into() })];
    for (expected, changes, outcome) in [
        (1, vec![recorded.clone()], Err(0)),
        (0, vec![recorded.clone()], Ok(1)),
        (0, vec![recorded], Err(1)),
        (1, reopened(), Ok(2)),
        (1, reopened(), Err(2)),
        (3, reopened(), Err(2)),
        (u64::MAX, reopened(), Err(2)),
        (2, [reopened(), reopened()].concat(), Ok(4)),
    ] {
        match (store.commit(commit().batch(expected, changes)).await, outcome) {
            (Ok(done), Ok(size)) => assert_eq!(done.size, size),
            (Err(StoreError::Conflict { subject, expected: asked, found }), Err(version)) => {
                assert_eq!((subject, asked, found), (format!("event/{event}"), expected, version));
            }
            (outcome, _) => panic!("version {expected}: {outcome:?}"),
        }
    }
    // Two batches of one subject in one commit follow one another.
    store.commit(commit().batch(4, reopened()).batch(5, reopened())).await.unwrap();
    store.commit(commit().batch(6, reopened()).batch(6, reopened())).await.unwrap_err();
    assert_eq!(store.event_get(event).await.unwrap().unwrap().version, 6);
    assert_eq!(store.ledger_size().await.unwrap(), 6);
    assert!(home.verify().good());
}

pub(crate) async fn names_and_numbers_are_given_once(home: &impl Home) {
    let store = home.open();
    let rows = [make::indicator("a.example", 1)];
    let secret =
        |subject: &str| Side::SecretPut { subject: subject.into(), kind: "token", value: "same".into() };
    let event = || commit().batch(0, vec![make::event(number("E", 1), "wave").1]);
    let incident = || commit().batch(0, vec![make::incident(number("I", 1), "wave", None).1]);
    let account = || commit().batch(0, vec![make::account("zhang").1]);
    let list = || {
        let (list, imported) = make::list("bad names", &rows);
        commit()
            .batch(0, vec![imported])
            .side(Side::Indicators { list: list.to_string(), rows: rows.clone().into() })
    };
    let (first, second) = (commit().side(secret("token/1")), commit().side(secret("token/2")));
    for (first, second, what) in [
        (event(), event(), "name or number of `event`"),
        (incident(), incident(), "name or number of `incident`"),
        (account(), account(), "name or number of `account`"),
        (list(), list(), "name or number of `list`"),
        (first, second, "token secret"),
    ] {
        store.commit(first).await.unwrap();
        let before = store.ledger_size().await.unwrap();
        match store.commit(second).await.unwrap_err() {
            StoreError::Taken { what: found } => assert_eq!(found, what),
            other => panic!("{what}: {other:?}"),
        }
        assert_eq!(store.ledger_size().await.unwrap(), before, "{what}");
    }
}

fn with_key(commit: Commit, fingerprint: &str, answer: &str) -> Commit {
    let key = RequestKey { actor: "account/1".into(), key: "k".into(), fingerprint: fingerprint.into() };
    commit.side(Side::RequestKey { key, answer: answer.into() })
}

pub(crate) async fn a_repeated_request_gets_its_first_answer(home: &impl Home) {
    let store = home.open();
    let answer = |store: Store| async move {
        let found = store.request_key_get("account/1".into(), "k".into()).await.unwrap();
        found.map(|answered| (answered.fingerprint, answered.answer))
    };
    let (event, recorded) = make::event(number("E", 1), "wave");
    assert_eq!(answer(store.clone()).await, None);
    store.commit(with_key(commit().batch(0, vec![recorded.clone()]), "f", "first")).await.unwrap();
    let reopened = make::on_event(event, EventChange::Reopened { reason: "again".into() });
    for (again, said) in [
        // A repetition is told so, even where its version or number would be refused by now.
        (commit().batch(0, vec![recorded]), "version"),
        (commit().batch(0, vec![make::event(number("E", 1), "wave").1]), "number"),
        (commit().batch(1, vec![reopened]), "nothing else wrong"),
        (commit(), "nothing to do"),
    ] {
        let error = store.commit(with_key(again, "other", "second")).await.unwrap_err();
        assert!(matches!(error, StoreError::Repeated), "{said}: {error:?}");
    }
    assert_eq!(answer(store.clone()).await, Some(("f".into(), "first".into())));
    assert_eq!(store.ledger_size().await.unwrap(), 1);
    // The same key of another actor is another key.
    let key = RequestKey { actor: "account/2".into(), key: "k".into(), fingerprint: "f".into() };
    store.commit(commit().side(Side::RequestKey { key, answer: "theirs".into() })).await.unwrap();
}

pub(crate) async fn a_refused_commit_leaves_nothing(home: &impl Home) {
    let store = home.open();
    let used = Side::TotpUsed { account: "a".into(), step: 7 };
    store.commit(commit().batch(0, vec![make::node()]).side(used.clone())).await.unwrap();
    let checkpoint = store.ledger_checkpoint().await.unwrap();
    let (event, recorded) = make::event(number("E", 1), "wave");
    // Everything before the last side is carried out and must be taken back.
    let whole = commit()
        .batch(0, vec![recorded])
        .side(Side::SessionPut(make::session("h", "a", 0, 100)))
        .side(Side::SecretPut { subject: "a".into(), kind: "password", value: "v".into() })
        .side(Side::Indicators { list: "l".into(), rows: [make::indicator("a.example", 1)].into() })
        .side(Side::Sighting(make::sighting("r", "v", "a", 0, 1)))
        .side(used);
    let error = store.commit(whole).await.unwrap_err();
    assert!(matches!(error, StoreError::Repeated), "{error:?}");
    assert_eq!(store.event_get(event).await.unwrap(), None);
    assert_eq!(store.session_get("h".into()).await.unwrap(), None);
    assert_eq!(store.secret_get("a".into(), "password").await.unwrap(), None);
    assert_eq!(store.indicator_list("l".into()).await.unwrap(), []);
    assert_eq!(store.sighting_list(SightingFilter::default(), None, 10).await.unwrap().items, []);
    assert_eq!(store.ledger_size().await.unwrap(), 1);
    assert_eq!(store.ledger_checkpoint().await.unwrap(), checkpoint);
    assert!(home.verify().good());
}

/// A regression: one number that no column holds stopped the writer for everybody.
pub(crate) async fn values_out_of_range_harm_nobody_else(home: &impl Home) {
    let store = home.open();
    let mut row = make::sighting("r", "v", "a", 0, 1);
    row.count = u64::MAX;
    let error = store.commit(commit().side(Side::Sighting(row))).await.unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
    // The same from the reading side: what cannot be there is not there.
    assert_eq!(store.ledger_entries(u64::MAX, 1).await.unwrap(), Vec::<Vec<u8>>::new());
    assert_eq!(store.entry_list(None, Some(u64::MAX), 5).await.unwrap().items.len(), 1);
}
