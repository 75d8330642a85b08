//! A living city on a node whose clock the test moves: what happens in days takes a second.

use std::collections::BTreeMap;
use std::sync::Arc;

use fengsui_domain::event::Source;
use fengsui_domain::id::IncidentId;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::CategoryId;
use fengsui_drill::environment::{Clock, virtual_environment};
use fengsui_drill::living::{Living, MAX_STORE_BYTES, MAX_UNENDED};
use fengsui_service::events::{EventWords, Triage};
use fengsui_service::store::{EventFilter, IncidentFilter, IncidentRow, MAX_PAGE};
use fengsui_service::{Caller, Service};
use fengsui_wire::plan::Library;
use jiff::SignedDuration;

/// A node whose clock is moved by hand.
struct Node {
    service: Service,
    clock: Arc<Clock>,
}

impl Node {
    async fn new() -> Self {
        let clock = Clock::at("2026-03-02T01:00:00Z".parse().unwrap());
        let environment = virtual_environment(&clock, 9);
        let service = Service::in_memory("demo.test", Library::shipped(), environment).await.unwrap();
        Self { service, clock }
    }

    /// Lets the city live for so long, with the node's own timer beside it.
    async fn live(&self, city: &mut Living, hours: i64, store_bytes: u64) {
        let until = self.service.now() + SignedDuration::from_hours(hours);
        while self.service.now() < until {
            let next = city.turn(store_bytes).await.unwrap();
            let wake = self.service.store().clock_next_wake().await.unwrap();
            let next = wake.map_or(next, |wake| next.min(wake)).max(self.service.now());
            self.clock.set(next.min(until));
            self.service.timer_round().await.unwrap();
            if next <= self.service.now() {
                // Nothing stands still for ever: what is due is done in the next turn.
                self.clock.set(self.service.now() + SignedDuration::from_millis(500));
            }
        }
    }

    async fn incidents(&self) -> Vec<IncidentRow> {
        let page = self.service.store().incident_list(IncidentFilter::default(), None, MAX_PAGE).await;
        page.unwrap().items
    }

    /// Somebody who looks at the demonstration records an event and judges it an incident.
    async fn visitor_opens(&self) -> IncidentId {
        let name = "security-office-1".to_owned();
        let account = self.service.store().account_by_name(name).await.unwrap().unwrap().value;
        let visitor = Caller::new(account.actor());
        let event = EventWords {
            title: "a visitor's event".into(),
            details: String::new(),
            source: Source::Report,
            sender: "a visitor".into(),
            unit: "a unit".into(),
            asset: String::new(),
            occurred_at: None,
            aware_at: None,
            points: BTreeMap::new(),
            reporter: String::new(),
            lines: Vec::new(),
            sightings: None,
        };
        let event = self.service.event_record(&visitor, event).await.unwrap().value.id;
        let triage = Triage::Incident {
            plan: None,
            beside: Vec::new(),
            title: String::new(),
            category: CategoryId::new("attack"),
            level: IncidentLevel::IV,
            reason: "to see what comes".into(),
            answers: BTreeMap::new(),
            parent: None,
        };
        self.service.event_triage(&visitor, event, triage).await.unwrap().value.incident().unwrap()
    }

    async fn events(&self) -> usize {
        let page = self.service.store().event_list(EventFilter::default(), None, MAX_PAGE).await;
        page.unwrap().items.len()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

#[test]
fn events_come_some_become_incidents_and_people_bring_them_to_an_end() {
    runtime().block_on(async {
        let node = Node::new().await;
        let mut city = Living::begin(&node.service, 7).await.unwrap();
        node.live(&mut city, 24, 0).await;
        let incidents = node.incidents().await;
        assert!((15..=60).contains(&incidents.len()), "in a day: {}", incidents.len());
        assert!(incidents.iter().all(|row| row.title.starts_with("【演示】")), "all of it is marked");
        let ended = incidents.iter().filter(|row| matches!(row.phase.as_str(), "ended" | "reviewed"));
        assert!(ended.count() > 5, "people bring responses to their end");
        assert!(city.director().unended() <= MAX_UNENDED);
        let counts = city.director().record().counts;
        assert_eq!(counts.refused, 0);
        let report = node.service.store().verify(node.service.verifier_key().clone()).await.unwrap();
        assert!(report.good(), "{report:?}");
    });
}

#[test]
fn once_the_store_is_full_nothing_new_comes_and_what_is_open_goes_on() {
    runtime().block_on(async {
        let node = Node::new().await;
        let mut city = Living::begin(&node.service, 7).await.unwrap();
        node.live(&mut city, 6, 0).await;
        let (events, incidents) = (node.events().await, node.incidents().await.len());
        let acts = city.director().record().counts.acts;
        node.live(&mut city, 12, MAX_STORE_BYTES).await;
        assert_eq!(node.events().await, events);
        let after = node.incidents().await.len();
        assert!(after >= incidents && after <= events, "only what was reported before is judged");
        assert!(city.director().record().counts.acts > acts);
    });
}

#[test]
fn after_a_restart_the_same_people_go_on_and_date_nothing_back() {
    runtime().block_on(async {
        let node = Node::new().await;
        let mut city = Living::begin(&node.service, 7).await.unwrap();
        node.live(&mut city, 6, 0).await;
        let people = node.service.store().account_list().await.unwrap().len();
        let open: Vec<_> = node.incidents().await.into_iter().filter(|row| row.phase != "archived").collect();
        assert!(!open.is_empty());
        drop(city);
        // A night passes in which the node was off.
        node.clock.set(node.service.now() + SignedDuration::from_hours(12));
        let again = node.service.now();
        let mut city = Living::begin(&node.service, 8).await.unwrap();
        assert_eq!(node.service.store().account_list().await.unwrap().len(), people);
        assert_eq!(city.director().open_cases(), open.len());
        node.live(&mut city, 24, MAX_STORE_BYTES).await;
        for row in open {
            let incident = node.service.store().incident_get(row.id).await.unwrap().unwrap().value;
            assert!(incident.phase.ended_at().is_some(), "{} is brought to its end", row.number);
            let late = incident.reports.iter().filter(|report| report.recorded_at >= again);
            assert!(late.clone().all(|report| report.at >= again), "{}: {late:?}", row.number);
        }
    });
}

#[test]
fn what_visitors_open_is_theirs() {
    runtime().block_on(async {
        let node = Node::new().await;
        let mut city = Living::begin(&node.service, 7).await.unwrap();
        node.live(&mut city, 3, 0).await;
        let theirs = node.visitor_opens().await;
        node.live(&mut city, 3, 0).await;
        drop(city);
        let mut again = Living::begin(&node.service, 8).await.unwrap();
        node.live(&mut again, 6, 0).await;
        let incident = node.service.store().incident_get(theirs).await.unwrap().unwrap().value;
        assert_eq!(incident.phase.name(), "judged", "nobody of the city touches it");
        assert!(incident.reports.is_empty() && incident.answers.is_empty());
    });
}
