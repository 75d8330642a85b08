//! What is committed is what is read back.

use fengsui_domain::account::{AccountChange, TokenChange};
use fengsui_domain::change::{Change, Entry, FORMAT, Subject};
use fengsui_domain::event::{EventChange, EventState, Outcome};
use fengsui_domain::incident::IncidentChange;
use fengsui_domain::node::{ListChange, NodeChange};
use fengsui_domain::resource::{ResourceChange, ResourceKind, Standing};
use fengsui_ledger::entries::MAX_ENTRY_BYTES;
use fengsui_store::{Side, StoreError};

use crate::home::Home;
use crate::make::{self, at, commit, commit_at, number};

pub(crate) async fn entries_are_what_was_committed(home: &impl Home) {
    let store = home.open();
    assert_eq!(store.ledger_size().await.unwrap(), 0);
    assert_eq!(store.ledger_checkpoint().await.unwrap(), None);
    let (event, recorded) = make::event(number("E", 1), "wave");
    let amended = make::on_event(event, EventChange::Amended { intake: make::intake("wave, grown") });
    let mut asked =
        commit_at(5).batch(0, vec![make::node()]).batch(0, vec![recorded.clone(), amended.clone()]);
    asked.request = Some("request 7".into());
    let done = store.commit(asked.clone()).await.unwrap();
    assert_eq!((done.first_index, done.size), (0, 3));

    let stored = store.ledger_entries(0, 10).await.unwrap();
    let entries: Vec<Entry> = stored.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect();
    for (entry, (version, change)) in entries.iter().zip([(1, make::node()), (1, recorded), (2, amended)]) {
        assert_eq!(entry.format, FORMAT);
        assert_eq!((entry.at, &entry.by, &entry.request), (at(5), &asked.by, &asked.request));
        assert_eq!((entry.version, &entry.change), (version, &change));
    }
    let ids: std::collections::BTreeSet<_> = entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 3, "each entry has an id of its own");

    let rows = store.entry_list(Some(Subject::Event(event).to_string()), None, 10).await.unwrap().items;
    let rows: Vec<_> = rows.iter().map(|row| (row.index, row.kind.as_str(), &row.entry)).collect();
    assert_eq!(rows, [(2, "event.amended", &entries[2]), (1, "event.recorded", &entries[1])]);
    assert!(home.verify().good());
}

pub(crate) async fn every_subject_is_folded_and_read_back(home: &impl Home) {
    let store = home.open();
    let rows = [make::indicator("a.example", 1), make::indicator("b.example", 3)];
    let (account, created) = make::account("zhang");
    let (token, made) = make::token("feed", Some(account), fengsui_store::digest("hash"));
    let (list, imported) = make::list("bad names", &rows);
    let (event, recorded) = make::event(number("E", 1), "wave");
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    let disabled = make::on_account(account, AccountChange::Disabled { reason: "left".into() });
    let revoked = Change::Token { of: token, change: TokenChange::Revoked { reason: "lost".into() } };
    let retired = Change::List { of: list, change: ListChange::Retired { reason: "old".into() } };
    let set_up = Change::Node { change: NodeChange::SetUp };
    let (resource, added) = make::resource(make::particulars(ResourceKind::Team, "night shift"));
    let stood = ResourceChange::Stood { standing: Standing::InUse, note: "at the hospital".into() };
    let stood = make::on_resource(resource, stood);
    let all = commit()
        .batch(0, vec![make::node(), set_up])
        .batch(0, vec![created, disabled])
        .batch(0, vec![made, revoked])
        .batch(0, vec![imported, retired])
        .batch(0, vec![recorded])
        .batch(0, vec![opened, make::noted(incident, "seen")])
        .batch(0, vec![added, stood])
        .side(Side::SecretPut { subject: format!("token/{token}"), kind: "token", value: "hash".into() })
        .side(Side::Indicators { list: list.to_string(), rows: rows.clone().into() });
    store.commit(all).await.unwrap();

    let node = store.node_get().await.unwrap().unwrap();
    assert_eq!((node.version, node.value.name.as_str(), node.value.set_up), (2, "test", true));
    let by_id = store.account_get(account).await.unwrap().unwrap();
    assert_eq!(store.account_by_name("zhang".into()).await.unwrap().as_ref(), Some(&by_id));
    assert_eq!((by_id.version, by_id.value.display.as_str(), by_id.value.active), (2, "ZHANG", false));
    let token = store.token_get(token).await.unwrap().unwrap();
    assert_eq!((token.version, token.value.account, token.value.revoked), (2, Some(account), true));
    let lists = store.list_list().await.unwrap();
    assert_eq!((lists.len(), lists[0].version, lists[0].value.active), (1, 2, false));
    assert_eq!(store.indicator_list(list.to_string()).await.unwrap(), rows);
    let event = store.event_get(event).await.unwrap().unwrap();
    assert_eq!((event.version, event.value.received_at), (1, at(0)));
    let incident = store.incident_get(incident).await.unwrap().unwrap();
    assert_eq!((incident.version, incident.value.notes[0].text.as_str()), (2, "seen"));
    let resource = store.resource_get(resource).await.unwrap().unwrap();
    assert_eq!((resource.version, resource.value.stood.note.as_str()), (2, "at the hospital"));
    assert_eq!(store.account_by_name("ZHANG".into()).await.unwrap(), None);
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

pub(crate) async fn a_change_that_cannot_come_next_is_refused(home: &impl Home) {
    let store = home.open();
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    let (account, _) = make::account("zhang");
    for (changes, message) in [
        (
            vec![make::noted(incident, "early"), opened],
            format!(
                "cannot append to the ledger: `incident.noted` cannot be change 1 of `incident/{incident}`"
            ),
        ),
        (
            vec![make::on_account(account, AccountChange::Enabled)],
            format!(
                "cannot append to the ledger: `account.enabled` cannot be change 1 of `account/{account}`"
            ),
        ),
    ] {
        let error = store.commit(commit().batch(0, changes)).await.unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    assert_eq!(store.ledger_size().await.unwrap(), 0);
}

pub(crate) async fn a_batch_has_one_subject(home: &impl Home) {
    let store = home.open();
    let (first, opened) = make::incident(number("I", 1), "one", None);
    let (second, other) = make::incident(number("I", 2), "two", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    store.commit(commit().batch(0, vec![other])).await.unwrap();
    let mixed = vec![make::noted(first, "here"), make::noted(second, "and there")];
    let error = store.commit(commit().batch(1, mixed)).await.unwrap_err();
    assert!(matches!(error, StoreError::Ledger { .. }), "{error}");
    assert_eq!(store.ledger_size().await.unwrap(), 2);
    assert_eq!(store.incident_get(first).await.unwrap().unwrap().version, 1);
}

pub(crate) async fn an_entry_fills_its_limit_to_the_byte(home: &impl Home) {
    let store = home.open();
    let noted = |bytes: usize| IncidentChange::Noted { text: "x".repeat(bytes) };
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    let probe = make::on_incident(incident, noted(1_000));
    store.commit(commit().batch(0, vec![opened, probe])).await.unwrap();
    let around = store.ledger_entries(1, 1).await.unwrap()[0].len() - 1_000;
    let longest = MAX_ENTRY_BYTES - around;
    for (version, bytes, expected) in [(2, longest, Ok(3)), (3, longest + 1, Err(MAX_ENTRY_BYTES + 1))] {
        let change = make::on_incident(incident, noted(bytes));
        let outcome = store.commit(commit().batch(version, vec![change])).await;
        match expected {
            Ok(size) => assert_eq!(outcome.unwrap().size, size),
            Err(found) => {
                let error = outcome.unwrap_err();
                let message = format!("an entry of {found} bytes does not fit, at most 65535 do");
                assert_eq!(error.to_string(), message);
            }
        }
    }
    assert_eq!(store.ledger_entries(2, 1).await.unwrap()[0].len(), MAX_ENTRY_BYTES);
    assert!(home.verify().good());
}

/// A regression: the instant of the handover and that of the judgement were written under one name.
pub(crate) async fn a_judgement_that_hands_on_reads_back(home: &impl Home) {
    let store = home.open();
    let (event, recorded) = make::event(number("E", 1), "lost phone");
    let outcome = Outcome::NotOurs {
        body: "police".into(),
        person: "desk".into(),
        passed_on: "everything".into(),
        at: at(3),
        receipt: None,
    };
    let triaged = make::on_event(event, EventChange::Triaged { outcome });
    store.commit(commit_at(7).batch(0, vec![recorded, triaged])).await.unwrap();
    let receipted = make::on_event(event, EventChange::HandoverReceipted { receipt: "no. 4".into() });
    store.commit(commit_at(9).batch(2, vec![receipted])).await.unwrap();
    let event = store.event_get(event).await.unwrap().unwrap().value;
    assert_eq!(event.state(), EventState::NotOurs);
    let Outcome::NotOurs { at: handed_at, receipt, .. } = &event.judgements[0].outcome else {
        panic!("{event:?}")
    };
    assert_eq!((*handed_at, receipt.as_deref(), event.judgements[0].at), (at(3), Some("no. 4"), at(7)));
}

pub(crate) async fn subjects_are_announced(home: &impl Home) {
    let store = home.open();
    let mut changes = store.changes();
    let (event, recorded) = make::event(number("E", 1), "wave");
    store.commit(commit().batch(0, vec![recorded]).batch(0, vec![make::node()])).await.unwrap();
    let (_, twice) = make::event(number("E", 1), "wave");
    store.commit(commit().batch(0, vec![twice])).await.unwrap_err();
    store.commit(commit().side(Side::SessionDrop { hash: "none".into() })).await.unwrap();
    let amended = make::on_event(event, EventChange::Reopened { reason: "new facts".into() });
    store.commit(commit().batch(1, vec![amended])).await.unwrap();
    assert_eq!(*changes.recv().await.unwrap(), [Subject::Node, Subject::Event(event)]);
    assert_eq!(*changes.recv().await.unwrap(), [Subject::Event(event)], "nothing is told in between");
}
