//! Many commits in one transaction, and several handles on one place.

use std::collections::BTreeSet;

use fengsui_domain::event::EventChange;
use fengsui_store::{Commit, Committed, Result, Side, Store, StoreError};
use tokio::task::JoinSet;

use crate::home::Home;
use crate::make::{self, commit, number};
use crate::search;

/// Sends all commits while writers are kept waiting, so that they gather, and returns the answers in
/// order. The first may go ahead alone; the others share one transaction.
async fn gather(home: &impl Home, store: &Store, commits: Vec<Commit>) -> Vec<Result<Committed>> {
    let waiting = home.keep_writers_waiting();
    let mut tasks = JoinSet::new();
    for (place, commit) in commits.into_iter().enumerate() {
        let store = store.clone();
        tasks.spawn(async move { (place, store.commit(commit).await) });
    }
    // On the one thread of a test every task runs up to its answer before this one comes back.
    tokio::task::yield_now().await;
    drop(waiting);
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// A number that the store shows of itself.
fn count(store: &Store, name: &str) -> u64 {
    let shown = format!("{store:?}");
    let (_, rest) = shown.split_once(&format!("{name}: ")).unwrap();
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

pub(crate) async fn many_at_once_share_syncs_and_lose_nothing(home: &impl Home) {
    const COMMITTERS: u64 = 64;
    const ROUNDS: u64 = 3;
    let store = home.open();
    let mut size = 0;
    for round in 0..ROUNDS {
        let before = count(&store, "transactions");
        let events: Vec<_> = (0..COMMITTERS)
            .map(|n| make::event(number("E", round * COMMITTERS + n), &format!("event {n}")))
            .collect();
        // Every third commit has two entries, so that places in the ledger differ.
        let commits = events.iter().zip(0..).map(|((event, recorded), n)| {
            let mut changes = vec![recorded.clone()];
            let reopened = make::on_event(*event, EventChange::Reopened { reason: "again".into() });
            changes.extend((n % 3 == 0).then_some(reopened));
            commit().batch(0, changes)
        });
        let answers = gather(home, &store, commits.collect()).await;

        let mut places = BTreeSet::new();
        for ((n, (event, _)), answer) in (0_u64..).zip(&events).zip(answers) {
            let done = answer.unwrap();
            let entries = done.size - done.first_index;
            assert_eq!(entries, if n % 3 == 0 { 2 } else { 1 });
            places.extend(done.first_index..done.size);
            let stored = store.ledger_entries(done.first_index, 1).await.unwrap();
            assert!(String::from_utf8_lossy(&stored[0]).contains(&event.to_string()), "event {n}");
            assert_eq!(store.event_get(*event).await.unwrap().unwrap().version, entries);
        }
        let grown = COMMITTERS + COMMITTERS.div_ceil(3);
        assert!(places.into_iter().eq(size..size + grown), "places follow one another");
        size += grown;
        let transactions = count(&store, "transactions") - before;
        assert!(transactions <= 2, "{COMMITTERS} commits took {transactions} transactions");
    }
    assert_eq!(count(&store, "commits"), COMMITTERS * ROUNDS);
    let report = home.verify();
    assert!(report.good(), "{report:?}");
    assert_eq!(report.entries, size);
}

pub(crate) async fn one_that_fails_takes_nobody_along(home: &impl Home) {
    let store = home.open();
    let (known, recorded) = make::event(number("E", 1), "known");
    store.commit(commit().batch(0, vec![recorded])).await.unwrap();
    let new = |n| commit().batch(0, vec![make::event(number("E", n), "new").1]);
    let on_known = |version, text: &str| {
        let change = make::on_event(known, EventChange::Reopened { reason: text.into() });
        commit().batch(version, vec![change])
    };
    let (_, far) = make::event(number("E", 90), "taken later in the commit");
    let taken_at_the_end = commit().batch(0, vec![far]).batch(0, vec![make::event(number("E", 1), "x").1]);
    let code = || Side::TotpUsed { account: "a".into(), step: 1 };
    let answers = gather(
        home,
        &store,
        vec![
            new(2),                                                // 1: may go ahead alone
            on_known(1, "first"),                                  // 2
            on_known(1, "second"), // conflict with the one before, in the group
            new(3).side(code()),   // 3
            new(4).side(code()),   // repeated
            taken_at_the_end,      // taken, after its first entry
            on_known(2, &"x".repeat(70_000)), // too large
            commit().side(Side::SessionDrop { hash: "h".into() }), // nothing in the ledger
            on_known(2, "last"),   // 4
        ],
    )
    .await;
    let outcomes: Vec<String> = answers
        .iter()
        .map(|answer| match answer {
            Ok(done) => format!("{}..{}", done.first_index, done.size),
            Err(StoreError::Conflict { .. }) => "conflict".into(),
            Err(StoreError::Repeated) => "repeated".into(),
            Err(StoreError::Taken { .. }) => "taken".into(),
            Err(StoreError::EntryTooLarge { .. }) => "too large".into(),
            Err(other) => format!("{other:?}"),
        })
        .collect();
    let expected = ["1..2", "2..3", "conflict", "3..4", "repeated", "taken", "too large", "4..4", "4..5"];
    assert_eq!(outcomes, expected);
    let transactions = count(&store, "transactions");
    assert!(transactions <= 3, "one before, one that may go ahead, one for the group: {transactions}");
    assert_eq!(count(&store, "commits"), 6);
    assert_eq!(store.ledger_size().await.unwrap(), 5);
    assert_eq!(store.event_get(known).await.unwrap().unwrap().version, 3);
    assert_eq!(store.number_last("E-2026-".into()).await.unwrap(), 3);
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

pub(crate) async fn two_handles_continue_one_ledger(home: &impl Home) {
    let (one, two) = (home.open(), home.open());
    let (event, recorded) = make::event(number("E", 1), "wave");
    one.commit(commit().batch(0, vec![recorded])).await.unwrap();
    for version in (1..20).step_by(2) {
        let reopened =
            |reason: &str| vec![make::on_event(event, EventChange::Reopened { reason: reason.into() })];
        let done = two.commit(commit().batch(version, reopened("two"))).await.unwrap();
        assert_eq!(done.size, version + 1);
        // What one wrote the other sees: its version is taken, the next one is not.
        let late = one.commit(commit().batch(version, reopened("one"))).await.unwrap_err();
        assert!(matches!(late, StoreError::Conflict { found, .. } if found == version + 1), "{late:?}");
        one.commit(commit().batch(version + 1, reopened("one"))).await.unwrap();
    }
    // And at the same time.
    let mut tasks = JoinSet::new();
    for n in 0..40 {
        let store = if n % 2 == 0 { one.clone() } else { two.clone() };
        tasks.spawn(async move {
            store.commit(commit().batch(0, vec![make::event(number("E", 100 + n), "both").1])).await.unwrap()
        });
    }
    let places: BTreeSet<u64> = tasks.join_all().await.into_iter().map(|done| done.first_index).collect();
    assert!(places.into_iter().eq(21..61));
    assert_eq!(one.ledger_checkpoint().await.unwrap(), two.ledger_checkpoint().await.unwrap());
    assert!(home.verify().good());
}

pub(crate) async fn a_dropped_store_opens_again_as_it_was(home: &impl Home) {
    let (event, recorded) = make::event(number("E", 1), "wave");
    let mut checkpoint = None;
    for version in 0..4 {
        let store = home.open();
        assert_eq!(store.ledger_checkpoint().await.unwrap(), checkpoint);
        let change = match version {
            0 => recorded.clone(),
            _ => make::on_event(event, EventChange::Reopened { reason: format!("time {version}") }),
        };
        let done = store.commit(commit().batch(version, vec![change])).await.unwrap();
        assert_eq!(done.size, version + 1);
        checkpoint = store.ledger_checkpoint().await.unwrap();
        assert!(checkpoint.is_some());
        drop(store);
        assert!(home.verify().good());
    }
}

pub(crate) async fn an_index_of_words_by_another_rule_is_made_anew(home: &impl Home) {
    let store = home.open();
    for n in 1..4 {
        store.commit(commit().batch(0, vec![search::event(n, make::intake("断网")).1])).await.unwrap();
    }
    let (incident, opened) = make::incident(number("I", 1), "断网", None);
    store.commit(commit().batch(0, vec![opened, make::noted(incident, "恢复")])).await.unwrap();
    let expected = [number("I", 1), number("E", 3), number("E", 2), number("E", 1)];
    assert_eq!(search::found(&store, "断网").await, expected);
    drop(store);
    // As after a change of the rule, and as after the migration of a database from before there was a search.
    for sql in ["UPDATE search_rule SET rule = 0", "DELETE FROM search_rule"] {
        home.change(sql);
        let store = home.open();
        assert_eq!(search::found(&store, "断网").await, expected, "{sql}");
        assert_eq!(search::found(&store, "恢复").await, [number("I", 1)], "{sql}");
        drop(store);
        assert!(home.verify().good());
    }
}
