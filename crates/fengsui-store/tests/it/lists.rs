//! Lists: every row exactly once, whatever the ties, whatever comes in between.

use std::collections::BTreeSet;

use fengsui_domain::change::Change;
use fengsui_domain::event::{EventChange, EventState, Outcome, Source};
use fengsui_domain::id::{IncidentId, ListId};
use fengsui_domain::incident::IncidentChange;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::node::ListChange;
use fengsui_store::{Cursor, EventFilter, IncidentFilter, MAX_PAGE, Page, Side, SightingFilter, Store};

use crate::home::Home;
use crate::make::{self, at, commit, commit_at, number};

/// Reads a list to its end in pages of `size`; `between` runs after each page but the last.
async fn read_all<T>(
    size: usize,
    list: impl AsyncFn(Option<Cursor>, usize) -> Page<T>,
    mut between: impl AsyncFnMut(),
) -> Vec<T> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = list(after, size).await;
        assert!(page.items.len() <= size.clamp(1, MAX_PAGE));
        rows.extend(page.items);
        after = page.next;
        if after.is_none() {
            return rows;
        }
        between().await;
    }
}

/// Twelve events in four seconds, three in each, and their order in a list.
async fn events(store: &Store) -> Vec<fengsui_domain::id::EventId> {
    let mut sorted = Vec::new();
    for n in 0..12 {
        let (event, recorded) = make::event(number("E", n), &format!("event {n}"));
        let second = i64::try_from(n % 4).unwrap();
        store.commit(commit_at(second).batch(0, vec![recorded])).await.unwrap();
        sorted.push((second, event));
    }
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.into_iter().map(|(_, event)| event).collect()
}

pub(crate) async fn events_page_through_ties(home: &impl Home) {
    let store = home.open();
    let sorted = events(&store).await;
    let list = async |after, limit| store.event_list(EventFilter::default(), after, limit).await.unwrap();
    let mut next = 100;
    for size in [0, 1, 2, 3, 5, 12, 13, usize::MAX] {
        // What comes in meanwhile is newer and stands before the page that is being read.
        let insert = async || {
            next += 1;
            let (_, recorded) = make::event(number("E", next), "meanwhile");
            store.commit(commit_at(1_000).batch(0, vec![recorded])).await.unwrap();
        };
        let rows = read_all(size, list, insert).await;
        let rows: Vec<_> = rows.iter().filter(|row| row.event.title() != "meanwhile").collect();
        assert!(rows.iter().map(|row| row.id).eq(sorted.iter().copied()), "pages of {size}");
        assert!(rows.iter().all(|row| row.version == 1 && row.event.id == row.id));
    }
}

/// The title of an event.
trait Title {
    fn title(&self) -> &str;
}

impl Title for fengsui_domain::event::Event {
    fn title(&self) -> &str {
        &self.intake.title
    }
}

pub(crate) async fn incidents_page_through_ties(home: &impl Home) {
    let store = home.open();
    let mut sorted = Vec::new();
    for n in 0..9 {
        let (incident, opened) = make::incident(number("I", n), &format!("incident {n}"), None);
        let second = i64::try_from(n / 3).unwrap();
        // Two clocks each, so that joining them may not double a row.
        let clocks =
            [second + 50, second + 40].map(|due| make::started(incident, &make::clock("unit", 0, due)));
        let changes = [vec![opened], clocks.to_vec()].concat();
        store.commit(commit_at(second).batch(0, changes)).await.unwrap();
        sorted.push((second, incident));
    }
    sorted.sort_by(|a, b| b.cmp(a));
    for size in [1, 2, 3, 4, 9, 50] {
        let list =
            async |after, limit| store.incident_list(IncidentFilter::default(), after, limit).await.unwrap();
        let rows = read_all(size, list, async || ()).await;
        let keys: Vec<_> = rows.iter().map(|row| (row.opened_at, row.id, row.next_due_at)).collect();
        let expected = sorted.iter().map(|(second, id)| (at(*second), *id, Some(at(second + 40))));
        assert!(keys.into_iter().eq(expected), "pages of {size}");
    }
}

pub(crate) async fn open_clocks_page_through_ties(home: &impl Home) {
    let store = home.open();
    let mut sorted = Vec::new();
    for n in 0..4_u64 {
        let (incident, opened) = make::incident(number("I", n), &format!("incident {n}"), None);
        let bodies = ["unit", "city", "unit"];
        let clocks: Vec<_> = (0..).zip(bodies).map(|(n, body)| make::clock(body, 0, 10 + n % 2)).collect();
        let started = clocks.iter().map(|clock| make::started(incident, clock));
        let changes = std::iter::once(opened).chain(started).collect();
        store.commit(commit().batch(0, changes)).await.unwrap();
        sorted.extend(clocks.into_iter().map(|clock| (clock.due_at, clock.id.to_string(), incident, clock)));
    }
    sorted.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    for (bodies, wanted) in [
        (None, vec!["unit", "city"]),
        (Some(vec!["city"]), vec!["city"]),
        (Some(vec!["city", "unit", "nobody"]), vec!["unit", "city"]),
        (Some(vec!["nobody", "city') OR ('1' = '1"]), vec![]),
        (Some(vec![]), vec![]),
    ] {
        let bodies = bodies.map(|bodies| bodies.into_iter().map(str::to_owned).collect::<Vec<_>>());
        for size in [1, 2, 5, 100] {
            let list =
                async |after, limit| store.clock_list_open(bodies.clone(), after, limit).await.unwrap();
            let rows = read_all(size, list, async || ()).await;
            let rows: Vec<_> =
                rows.iter().map(|row| (&row.clock, row.incident, row.plan.id.as_str())).collect();
            let expected = sorted.iter().filter(|(.., clock)| wanted.contains(&clock.of.as_str()));
            let expected: Vec<_> =
                expected.map(|(_, _, incident, clock)| (clock, *incident, "sample")).collect();
            assert_eq!(rows, expected, "{bodies:?} in pages of {size}");
        }
    }
}

/// Values that strangers write into logs: a separator of ours, quotes, nothing at all.
const NASTY: [&str; 6] = ["", "\u{1f}", "a\u{1f}b", "a", "\"],[\"", "',"];

pub(crate) async fn sightings_page_through_ties(home: &impl Home) {
    let store = home.open();
    let mut sorted = Vec::new();
    for rule in NASTY {
        for value in NASTY {
            for (asset, window) in [("a", 0), ("a", 60), ("b", 0)] {
                // Most of them in one second.
                let last = if rule == "a" { 90 } else { 70 };
                let row = make::sighting(rule, value, asset, window, last);
                store.commit(commit().side(Side::Sighting(row.clone()))).await.unwrap();
                sorted.push(row);
            }
        }
    }
    // Ties go by the row's own number, so the last one written comes first; the sort keeps that order.
    sorted.reverse();
    sorted.sort_by_key(|row| std::cmp::Reverse(row.last_at));
    let mut next = 0;
    for size in [1, 7, 50, 200] {
        let all = SightingFilter::default();
        let list = async |after, limit| store.sighting_list(all.clone(), after, limit).await.unwrap();
        let insert = async || {
            next += 1;
            let row = make::sighting("new", &next.to_string(), "a", 0, 1_000);
            store.commit(commit().side(Side::Sighting(row))).await.unwrap();
        };
        let rows = read_all(size, list, insert).await;
        let rows: Vec<_> = rows.into_iter().filter(|row| row.rule != "new").collect();
        assert_eq!(rows, sorted, "pages of {size}");
    }
    // One that goes on moves to the front and keeps its place among equals.
    let mut again = sorted.pop().unwrap();
    again.last_at = at(2_000);
    store.commit(commit().side(Side::Sighting(again.clone()))).await.unwrap();
    let first = store.sighting_list(SightingFilter::default(), None, 1).await.unwrap();
    assert_eq!(first.items, [again]);
    for id in ["", "x", "[]", "1.5"] {
        let cursor = Cursor { at: 0, id: id.into() };
        let error = store.sighting_list(SightingFilter::default(), Some(cursor), 10).await.unwrap_err();
        assert_eq!(error.to_string(), "a cursor of sightings in the store cannot be read");
    }
}

pub(crate) async fn sightings_are_filtered_by_what_and_where(home: &impl Home) {
    let store = home.open();
    let mut all = Vec::new();
    for (n, (value, asset)) in
        (0..).zip([("evil.example", "a"), ("evil.example", "b"), ("evil.exampl", "a"), ("EVIL.example", "a")])
    {
        let row = make::sighting("list", value, asset, 0, n);
        store.commit(commit().side(Side::Sighting(row.clone()))).await.unwrap();
        all.insert(0, row);
    }
    let some = |text: &str| Some(text.to_owned());
    for (value, asset, found) in [
        (None, None, vec![0, 1, 2, 3]),
        (some("evil.example"), None, vec![2, 3]),
        (None, some("a"), vec![0, 1, 3]),
        (some("evil.example"), some("a"), vec![3]),
        (some("evil"), None, vec![]),
        (some("%"), None, vec![]),
        (None, some(""), vec![]),
    ] {
        let filter = SightingFilter { value, asset };
        let list = async |after, limit| store.sighting_list(filter.clone(), after, limit).await.unwrap();
        let rows = read_all(1, list, async || {}).await;
        let expected: Vec<_> = found.into_iter().map(|n: usize| all[n].clone()).collect();
        assert_eq!(rows, expected, "{filter:?}");
    }
}

pub(crate) async fn indicator_lists_page_by_name(home: &impl Home) {
    let store = home.open();
    let long = "名".repeat(200);
    let mut ids = std::collections::BTreeMap::new();
    for name in ["b", "a", "c", long.as_str(), "d"] {
        let (list, imported) = make::list(name, &[]);
        store.commit(commit().batch(0, vec![imported])).await.unwrap();
        ids.insert(name.to_owned(), list);
    }
    let retired = Change::List { of: ids["b"], change: ListChange::Retired { reason: "old".into() } };
    store.commit(commit().batch(1, vec![retired])).await.unwrap();
    for (active, names) in [
        (None, vec!["a", "b", "c", "d", long.as_str()]),
        (Some(true), vec!["a", "c", "d", long.as_str()]),
        (Some(false), vec!["b"]),
    ] {
        for size in [1, 2, 200] {
            let list = async |after, limit| store.list_page(active, after, limit).await.unwrap();
            let rows = read_all(size, list, async || {}).await;
            assert!(rows.iter().map(|row| &row.value.name).eq(&names), "{active:?} in pages of {size}");
        }
    }
    let cursor = Cursor { at: 0, id: "of another list".into() };
    assert_eq!(store.list_page(None, Some(cursor), 10).await.unwrap().items, []);
    for (name, id) in &ids {
        let (by_id, by_name) = (store.list_get(*id).await.unwrap(), store.list_by_name(name.clone()).await);
        assert_eq!(by_id.as_ref().map(|list| &list.value.name), Some(name));
        assert_eq!(by_id, by_name.unwrap());
    }
    assert_eq!(store.list_get(ListId(make::id())).await.unwrap(), None);
    assert_eq!(store.list_by_name("A".into()).await.unwrap(), None);
}

pub(crate) async fn entries_page_newest_first(home: &impl Home) {
    let store = home.open();
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    let mut changes = vec![opened];
    changes.extend((0..10).map(|n| make::noted(incident, &n.to_string())));
    store.commit(commit().batch(0, vec![make::node()])).await.unwrap();
    store.commit(commit().batch(0, changes)).await.unwrap();
    store.commit(commit().batch(0, vec![make::account("zhang").1])).await.unwrap();
    let subject = format!("incident/{incident}");
    for (subject, indices) in [
        (None, (0..13).rev().collect::<Vec<u64>>()),
        (Some(subject), (1..12).rev().collect()),
        (Some("node".to_owned()), vec![0]),
        (Some("node' OR '1' = '1".to_owned()), vec![]),
    ] {
        for size in [1, 3, 13, 50] {
            let list = async |after: Option<Cursor>, limit| {
                let before = after.map(|cursor| cursor.at.cast_unsigned());
                store.entry_list(subject.clone(), before, limit).await.unwrap()
            };
            let rows = read_all(size, list, async || ()).await;
            assert!(rows.iter().map(|row| row.index).eq(indices.iter().copied()), "{subject:?} by {size}");
        }
    }
}

pub(crate) async fn numbers_lead_to_their_bearers(home: &impl Home) {
    let store = home.open();
    let (event, recorded) = make::event(number("E", 1), "wave");
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    store.commit(commit().batch(0, vec![recorded]).batch(0, vec![opened])).await.unwrap();
    let found = store.event_by_number(number("E", 1)).await.unwrap();
    assert_eq!(found, store.event_get(event).await.unwrap());
    let found = store.incident_by_number(number("I", 1)).await.unwrap();
    assert_eq!(found, store.incident_get(incident).await.unwrap());
    for other in [number("E", 2), number("I", 1), String::new(), "%".into()] {
        assert_eq!(store.event_by_number(other.clone()).await.unwrap(), None, "{other}");
    }
    assert_eq!(store.incident_by_number(number("E", 1)).await.unwrap(), None);
}

pub(crate) async fn filters_hold_on_every_page(home: &impl Home) {
    let store = home.open();
    let sorted = events(&store).await;
    let judged: BTreeSet<_> = sorted.iter().copied().step_by(3).collect();
    for event in &judged {
        let outcome = Outcome::FalsePositive { reason: "tuned".into(), done: "rule".into() };
        let triaged = make::on_event(*event, EventChange::Triaged { outcome });
        let mut intake = make::intake("judged");
        intake.source = Source::Monitoring;
        let amended = make::on_event(*event, EventChange::Amended { intake });
        store.commit(commit_at(99).batch(1, vec![triaged, amended])).await.unwrap();
    }
    let all = EventFilter::default();
    let state = |state| EventFilter { state: Some(state), ..EventFilter::default() };
    let source = |source| EventFilter { source: Some(source), ..EventFilter::default() };
    let text = |text: &str| EventFilter { text: Some(text.into()), ..EventFilter::default() };
    let both = EventFilter { text: Some("judged".into()), ..state(EventState::New) };
    for (filter, expected) in [
        (all, 12),
        (state(EventState::FalsePositive), 4),
        (state(EventState::New), 8),
        (state(EventState::Incident), 0),
        (source(Source::Monitoring), 4),
        (source(Source::Circular), 0),
        (text("JUDGED"), 4),
        (text("E-2026-00000"), 10),
        (text("event 5"), 1),
        (both, 0),
    ] {
        let list = async |after, limit| store.event_list(filter.clone(), after, limit).await.unwrap();
        let rows = read_all(2, list, async || ()).await;
        let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!((rows.len(), ids.len()), (expected, expected), "{filter:?}");
        let order = rows.iter().map(|row| sorted.iter().position(|id| *id == row.id));
        assert!(order.is_sorted(), "{filter:?}");
    }

    let (parent, opened) = make::incident(number("I", 1), "parent", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    for n in 2..6 {
        let (child, opened) = make::incident(number("I", n), "child", Some(parent));
        let verified = make::on_incident(child, IncidentChange::Verified { basis: "seen".into() });
        let changes = if n % 2 == 0 { vec![opened, verified] } else { vec![opened] };
        store.commit(commit().batch(0, changes)).await.unwrap();
    }
    let all = IncidentFilter::default;
    for (filter, expected) in [
        (all(), 5),
        (IncidentFilter { parent: Some(parent), ..all() }, 4),
        (IncidentFilter { parent: Some(IncidentId(make::id())), ..all() }, 0),
        (IncidentFilter { phase: Some("analysing".into()), ..all() }, 2),
        (IncidentFilter { phase: Some("analysing' --".into()), ..all() }, 0),
        (IncidentFilter { level: Some(IncidentLevel::III), ..all() }, 5),
        (IncidentFilter { level: Some(IncidentLevel::I), ..all() }, 0),
        (IncidentFilter { text: Some("hospital".into()), ..all() }, 5),
        (IncidentFilter { text: Some("I-2026-000003".into()), ..all() }, 1),
        (IncidentFilter { text: Some("child".into()), phase: Some("judged".into()), ..all() }, 2),
    ] {
        let list = async |after, limit| store.incident_list(filter.clone(), after, limit).await.unwrap();
        assert_eq!(read_all(1, list, async || ()).await.len(), expected, "{filter:?}");
    }
}

pub(crate) async fn words_are_taken_literally(home: &impl Home) {
    let store = home.open();
    let titles = ["100% lost", "100 lost", "a_b", "a1b", "back\\slash", "it's", "高危漏洞", "x' OR 1=1 --"];
    for (n, title) in (0..).zip(titles) {
        store.commit(commit().batch(0, vec![make::event(number("E", n), title).1])).await.unwrap();
    }
    let longest = "x".repeat(200_000);
    for (words, found) in [
        ("%", vec!["100% lost"]),
        ("_", vec!["a_b"]),
        ("\\", vec!["back\\slash"]),
        ("'", vec!["it's", "x' OR 1=1 --"]),
        ("' OR 1=1 --", vec!["x' OR 1=1 --"]),
        ("漏洞", vec!["高危漏洞"]),
        ("A1B", vec!["a1b"]),
        ("0 l", vec!["100 lost"]),
        (&longest, vec![]),
    ] {
        let filter = EventFilter { text: Some(words.into()), ..EventFilter::default() };
        let rows = store.event_list(filter, None, 50).await.unwrap().items;
        let mut rows: Vec<&str> = rows.iter().map(|row| row.event.title()).collect();
        rows.sort_unstable();
        assert_eq!(rows, found, "{words:.20}");
    }
}

pub(crate) async fn small_lists_come_sorted(home: &impl Home) {
    let store = home.open();
    for name in ["wei", "an", "zhao"] {
        store.commit(commit().batch(0, vec![make::account(name).1])).await.unwrap();
        let (_, imported) = make::list(name, &[]);
        store.commit(commit().batch(0, vec![imported])).await.unwrap();
    }
    let accounts = store.account_list().await.unwrap();
    assert!(accounts.iter().map(|account| account.value.name.as_str()).eq(["an", "wei", "zhao"]));
    let lists = store.list_list().await.unwrap();
    assert!(lists.iter().map(|list| list.value.name.as_str()).eq(["an", "wei", "zhao"]));
    let unknown = ListId(make::id()).to_string();
    assert_eq!(store.indicator_list(unknown).await.unwrap(), []);

    let owner = accounts[0].value.id;
    let mut sorted = Vec::new();
    for (n, account) in [(5, None), (5, Some(owner)), (9, None), (5, Some(owner))] {
        let (token, made) = make::token("feed", account, String::new());
        store.commit(commit_at(n).batch(0, vec![made])).await.unwrap();
        sorted.push((n, token, account));
    }
    sorted.sort_by_key(|(second, token, _)| std::cmp::Reverse((*second, *token)));
    let ids = |rows: Vec<fengsui_store::Versioned<fengsui_domain::account::Token>>| {
        rows.into_iter().map(|row| row.value.id).collect::<Vec<_>>()
    };
    let expected: Vec<_> = sorted.iter().map(|(_, token, _)| *token).collect();
    assert_eq!(ids(store.token_list(None).await.unwrap()), expected);
    let own = sorted.iter().filter(|(_, _, account)| account.is_some()).map(|(_, token, _)| *token);
    assert_eq!(ids(store.token_list(Some(owner)).await.unwrap()), own.collect::<Vec<_>>());
}
