//! Duty books: one of a unit under a plan, records in the order of their deeds, everything folded again in `verify`.

use fengsui_domain::change::Change;
use fengsui_domain::duty::{BookChange, RecordChange};
use fengsui_domain::id::{BookId, RecordId};
use fengsui_domain::plan::RuleId;
use fengsui_store::{DutyBookFilter, DutyRecordFilter, Store, StoreError};

use crate::home::Home;
use crate::make::{self, at, commit, commit_at, id};

async fn open(store: &Store, second: i64, unit: &str) -> BookId {
    let (of, change) = make::duty_book(unit);
    store.commit(commit_at(second).batch(0, vec![change])).await.unwrap();
    of
}

async fn enter(store: &Store, book: BookId, duty: &str, second: i64) -> RecordId {
    let (of, change) = make::duty_record(book, duty, second);
    store.commit(commit().batch(0, vec![change])).await.unwrap();
    of
}

pub(crate) async fn a_unit_has_one_book_while_it_is_kept(home: &impl Home) {
    let store = home.open();
    let first = open(&store, 0, "water").await;
    let (_, again) = make::duty_book("water");
    let taken = store.commit(commit().batch(0, vec![again.clone()])).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    let closed = BookChange::Closed { reason: "dissolved".into() };
    store.commit(commit().batch(1, vec![Change::DutyBook { of: first, change: closed }])).await.unwrap();
    store.commit(commit().batch(0, vec![again])).await.unwrap();
    for (closed, count) in [(Some(true), 1), (Some(false), 1), (None, 2)] {
        let filter = DutyBookFilter { plan: Some("p".into()), closed };
        assert_eq!(store.duty_book_list(filter, None, 10).await.unwrap().items.len(), count, "{closed:?}");
    }
}

pub(crate) async fn records_come_in_the_order_of_their_deeds(home: &impl Home) {
    let store = home.open();
    let (book, other) = (open(&store, 0, "water").await, open(&store, 1, "power").await);
    enter(&store, other, "check", 5).await;
    for second in [30, 10, 20, 20] {
        enter(&store, book, "check", second).await;
    }
    enter(&store, book, "filing", 1).await;
    let (mut seen, mut after) = (Vec::new(), None);
    let filter = DutyRecordFilter { duty: Some("check".into()), ..DutyRecordFilter::default() };
    loop {
        let page = store.duty_record_list(book, filter.clone(), after, 2).await.unwrap();
        seen.extend(page.items.into_iter().map(|row| row.value.at));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [30, 20, 20, 10].map(at));
    let bounded = DutyRecordFilter { duty: None, from: Some(at(10)), before: Some(at(30)) };
    assert_eq!(store.duty_record_list(book, bounded, None, 10).await.unwrap().items.len(), 3);
    let standing = store.duty_record_list_standing(book, vec![RuleId::new("check")], at(20)).await.unwrap();
    let times: Vec<_> = standing.iter().map(|record| record.at).collect();
    assert_eq!(times, [30, 20, 20, 1].map(at), "of daily duties the latest, of others all");
}

pub(crate) async fn a_record_follows_its_changes(home: &impl Home) {
    let store = home.open();
    let book = open(&store, 0, "water").await;
    let of = enter(&store, book, "check", 30).await;
    let withdrawn = RecordChange::Withdrawn { reason: "twice".into() };
    store.commit(commit().batch(1, vec![Change::DutyRecord { of, change: withdrawn }])).await.unwrap();
    let record = store.duty_record_get(of).await.unwrap().unwrap();
    assert_eq!((record.version, record.value.counts()), (2, false));
    assert!(store.duty_book_get(book).await.unwrap().is_some());
    assert!(store.duty_record_get(RecordId(id())).await.unwrap().is_none());
}
