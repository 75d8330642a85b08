//! Rules that must always hold: a change that would break one is refused, and nothing else is.

use fengsui_domain::incident::IncidentChange;
use fengsui_store::{Store, StoreError};

use crate::home::{Home, Sqlite};
use crate::make::{self, commit, number};

#[tokio::test]
async fn a_change_that_breaks_a_rule_is_refused_alone() {
    let home = Sqlite::new();
    let store: Store = home.open();
    let (of, opened) = make::incident(number("I", 1), "one", None);
    let clock = make::clock("unit", 1, 60);
    store.commit(commit().batch(0, vec![opened, make::started(of, &clock)])).await.unwrap();

    let mut twin = make::clock("unit", 1, 60);
    twin.rule = clock.rule.clone();
    let refused = store.commit(commit().batch(2, vec![make::started(of, &twin)])).await;
    assert!(
        matches!(refused, Err(StoreError::Broken { invariant: "one-clock-per-duty", .. })),
        "{refused:?}"
    );
    let lapsed = IncidentChange::ClockLapsed { clock: clock.id, lapsed_at: make::at(59) };
    let refused = store.commit(commit().batch(2, vec![make::on_incident(of, lapsed)])).await;
    assert!(matches!(refused, Err(StoreError::Broken { invariant: "lapse-not-early", .. })), "{refused:?}");
    assert_eq!(store.broken(), 2);

    store.commit(commit().batch(2, vec![make::noted(of, "it goes on")])).await.unwrap();
    assert_eq!(store.incident_get(of).await.unwrap().unwrap().version, 3);
    store.close().await;
    assert!(home.verify().good());
}
