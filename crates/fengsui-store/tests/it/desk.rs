//! What the desk shows: open duties, decisions that wait, numbers, counts.

use std::collections::BTreeSet;

use fengsui_domain::clock::{Clock, Met, ReplacedWhy};
use fengsui_domain::event::{EventChange, Outcome};
use fengsui_domain::id::{IncidentId, PublicationId};
use fengsui_domain::incident::{
    Decision, DisposalVerdict, Finding, IncidentChange, Proposal, Publication, Step, SummingUp, Verification,
};
use fengsui_domain::plan::{RoleId, RuleId};
use fengsui_store::Store;

use crate::home::Home;
use crate::make::{self, at, commit, commit_at, number, signed};

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    /// A number below `sides` (splitmix64).
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }
}

/// Something that may happen to the clocks of an incident.
fn happening(dice: &mut Dice, incident: IncidentId, clocks: &[Clock]) -> IncidentChange {
    let due = i64::try_from(dice.roll(5)).unwrap() * 10 + 10;
    let new = make::clock(["unit", "city"][dice.roll(2)], 0, due);
    if clocks.is_empty() {
        return IncidentChange::ClockStarted { clock: new };
    }
    let clock = &clocks[dice.roll(clocks.len())];
    let id = clock.id;
    match dice.roll(6) {
        0 | 1 => IncidentChange::ClockStarted { clock: new },
        2 => IncidentChange::ClockTold { clock: id, percent: 50, to: RoleId::new("office"), due_at: at(5) },
        3 => IncidentChange::ClockLapsed { clock: id, lapsed_at: clock.lapses_at },
        4 => {
            let met = Met { at: at(3), recorded_at: at(4), late: false, report: None };
            IncidentChange::ClockMet { clock: id, met }
        }
        _ => {
            let why = ReplacedWhy::Regraded;
            let reason = format!("{incident}");
            IncidentChange::ClockReplaced { clock: id, by: None, why, reason }
        }
    }
}

/// The open clocks of all incidents, as the incidents themselves tell.
async fn running(store: &Store, incidents: &[IncidentId]) -> Vec<(Clock, IncidentId)> {
    let mut running = Vec::new();
    for id in incidents {
        let incident = store.incident_get(*id).await.unwrap().unwrap().value;
        running.extend(incident.running().map(|clock| (clock.clone(), *id)));
    }
    running.sort_by_key(|(clock, _)| (clock.due_at, clock.id));
    running
}

pub(crate) async fn the_clock_table_is_the_running_clocks(home: &impl Home) {
    let store = home.open();
    let mut dice = Dice(2026);
    let mut incidents = Vec::new();
    for n in 0..3 {
        let (incident, opened) = make::incident(number("I", n), "wave", None);
        store.commit(commit().batch(0, vec![opened])).await.unwrap();
        incidents.push(incident);
    }
    for step in 0..60 {
        let of = incidents[dice.roll(incidents.len())];
        let incident = store.incident_get(of).await.unwrap().unwrap();
        let change = happening(&mut dice, of, &incident.value.clocks);
        store
            .commit(commit_at(100).batch(incident.version, vec![make::on_incident(of, change.clone())]))
            .await
            .unwrap();
        let expected = running(&store, &incidents).await;
        let page = store.clock_list_open(None, None, 200).await.unwrap();
        let listed: Vec<_> = page.items.into_iter().map(|row| (row.clock, row.incident)).collect();
        assert_eq!(listed, expected, "step {step}: {change:?}");
        for now in [0, 10, 25, 50] {
            let due = expected.iter().filter(|(clock, _)| clock.due_at <= at(now)).count() as u64;
            let counts = store.clock_counts(at(now)).await.unwrap();
            assert_eq!(counts, (expected.len() as u64, due), "step {step} at {now}");
        }
        let wake = expected.iter().filter_map(|(clock, _)| clock.wakes_at()).min();
        assert_eq!(store.clock_next_wake().await.unwrap(), wake, "step {step}");
    }
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

pub(crate) async fn clocks_wake_in_order(home: &impl Home) {
    let store = home.open();
    assert_eq!(store.clock_next_wake().await.unwrap(), None);
    let mut ids = Vec::new();
    // Halfway to these a step of escalation is due: at 20, 10, 10 and 500.
    for (n, dues) in (0..).zip([vec![40, 90], vec![20], vec![20, 30], vec![1_000]]) {
        let (incident, opened) = make::incident(number("I", n), "wave", None);
        let clocks = dues.into_iter().map(|due| make::started(incident, &make::clock("unit", 0, due)));
        let changes = std::iter::once(opened).chain(clocks).collect();
        store.commit(commit().batch(0, changes)).await.unwrap();
        ids.push(incident);
    }
    let [first, second, third, _] = ids[..] else { panic!("{ids:?}") };
    let tie = BTreeSet::from([second, third]).into_iter().collect::<Vec<_>>();
    let mut all = tie.clone();
    all.push(first);
    for (now, limit, expected) in [
        (9, 9, vec![]),
        (10, 9, tie.clone()),
        (10, 1, tie[..1].to_vec()),
        (20, 9, all.clone()),
        (499, 9, all),
    ] {
        assert_eq!(store.clock_list_waking(at(now), limit).await.unwrap(), expected, "at {now}");
    }
    assert_eq!(store.clock_next_wake().await.unwrap(), Some(at(10)));
    // Told, it wakes again when it lapses; met, never again.
    let clock = store.incident_get(second).await.unwrap().unwrap().value.clocks[0].id;
    let told = IncidentChange::ClockTold { clock, percent: 50, to: RoleId::new("office"), due_at: at(10) };
    store.commit(commit_at(10).batch(2, vec![make::on_incident(second, told)])).await.unwrap();
    assert_eq!(store.clock_list_waking(at(19), 9).await.unwrap(), [third]);
    assert_eq!(
        store.clock_list_waking(at(20), 9).await.unwrap(),
        [third, first.min(second), first.max(second)]
    );
    let lapsed = IncidentChange::ClockLapsed { clock, lapsed_at: at(20) };
    store.commit(commit().batch(3, vec![make::on_incident(second, lapsed)])).await.unwrap();
    assert_eq!(
        store.clock_list_waking(at(499), 9).await.unwrap(),
        [third, first],
        "it lapsed and stays open"
    );
    assert_eq!(store.clock_counts(at(20)).await.unwrap(), (6, 2));
}

pub(crate) async fn what_waits_for_a_decision_is_listed(home: &impl Home) {
    let store = home.open();
    let (incident, opened) = make::incident(number("I", 1), "wave", None);
    store.commit(commit().batch(0, vec![opened])).await.unwrap();
    let plan = make::disposal(20);
    let publication = Publication {
        id: PublicationId(make::id()),
        rule: RuleId::new("public"),
        text: "a notice".into(),
        drafted: signed("a", 30),
        approved: None,
        released: None,
    };
    let (disposal, text) = (plan.id, publication.id);
    let proposal = |step, second| Proposal { step, grounds: "grounds".into(), signed: signed("a", second) };
    let decision = |second| Decision { signed: signed("b", second), grounds: String::new(), persons: None };
    let start = Step::Start { level: fengsui_domain::level::IncidentLevel::III, range: "city".into() };
    let finding = Finding::Pass;
    let verification = Verification { of: None, finding, remarks: String::new(), signed: signed("b", 21) };
    let summing_up =
        SummingUp { pass: true, remarks: String::new(), missing: Vec::new(), signed: signed("d", 22) };
    let decided = |verdict| {
        let signed = signed("c", 23);
        IncidentChange::DisposalDecided { disposal, verdict, reason: String::new(), signed, order: None }
    };
    let (plan_id, text_id) = (disposal.to_string(), text.to_string());
    let plan_id = plan_id.as_str();
    let text_id = text_id.as_str();
    for (version, (change, waiting)) in (1..).zip([
        (IncidentChange::Proposed { proposal: proposal(start, 40) }, vec![("start", "proposal", 40)]),
        (IncidentChange::Declined { decision: decision(41) }, vec![]),
        (IncidentChange::DisposalDrafted { disposal: plan.clone() }, vec![("verify-disposal", plan_id, 20)]),
        (
            IncidentChange::DisposalVerified { disposal, verification, decides: false },
            vec![("sum-up-disposal", plan_id, 21)],
        ),
        (IncidentChange::DisposalSummedUp { disposal, summing_up }, vec![("decide-disposal", plan_id, 22)]),
        (
            IncidentChange::PublicationDrafted { publication },
            vec![("decide-disposal", plan_id, 22), ("publish", text_id, 30)],
        ),
        (decided(DisposalVerdict::Approve), vec![("publish", text_id, 30)]),
        (
            IncidentChange::PublicationApproved { publication: text, signed: signed("b", 33) },
            vec![("release-publication", text_id, 33)],
        ),
        (
            IncidentChange::Proposed { proposal: proposal(Step::End, 31) },
            vec![("end", "proposal", 31), ("release-publication", text_id, 33)],
        ),
        (IncidentChange::Withdrawn { reason: "none".into() }, vec![]),
    ]) {
        let name = format!("{change:?}");
        store.commit(commit().batch(version, vec![make::on_incident(incident, change)])).await.unwrap();
        let rows = store.awaiting_list(50).await.unwrap();
        assert!(rows.iter().all(|row| row.incident == incident && row.number == number("I", 1)));
        let rows: Vec<_> =
            rows.iter().map(|row| (row.what.as_str(), row.reference.as_str(), row.since)).collect();
        let waiting: Vec<_> =
            waiting.into_iter().map(|(what, which, second)| (what, which, at(second))).collect();
        assert_eq!(rows, waiting, "after {name:.40}");
    }
    assert_eq!(store.clock_list_open(None, None, 9).await.unwrap().items, []);
    let report = home.verify();
    assert!(report.good(), "{report:?}");
}

pub(crate) async fn numbers_go_on_after_the_highest(home: &impl Home) {
    let store = home.open();
    let last = async |prefix: &str| store.number_last(prefix.to_owned()).await.unwrap();
    assert_eq!(last("E-2026-").await, 0);
    for number in ["E-2026-000007", "E-2026-000041", "E-2025-000900", "E-2026-000040", "EX-2026-000050"] {
        store.commit(commit().batch(0, vec![make::event(number.into(), "wave").1])).await.unwrap();
    }
    store
        .commit(commit().batch(0, vec![make::incident("I-2026-000005".into(), "wave", None).1]))
        .await
        .unwrap();
    for (prefix, expected) in [
        ("E-2026-", 41),
        ("E-2025-", 900),
        ("E-2027-", 0),
        ("I-2026-", 5),
        ("EX-2026-", 50),
        ("E-", 0),
        ("%", 0),
    ] {
        assert_eq!(last(prefix).await, expected, "{prefix}");
    }
    // A million and one has a digit more and is still the highest.
    for (number, expected) in
        [("E-2026-999999", 999_999), ("E-2026-1000001", 1_000_001), ("E-2026-500000", 1_000_001)]
    {
        store.commit(commit().batch(0, vec![make::event(number.into(), "wave").1])).await.unwrap();
        assert_eq!(last("E-2026-").await, expected, "{number}");
    }
}

pub(crate) async fn phases_and_states_are_counted(home: &impl Home) {
    let store = home.open();
    assert_eq!(store.incident_counts().await.unwrap(), []);
    assert_eq!(store.event_counts().await.unwrap(), []);
    for n in 0..5 {
        let (event, recorded) = make::event(number("E", n), "wave");
        let outcome = Outcome::FalsePositive { reason: "tuned".into(), done: "rule".into() };
        let triaged = make::on_event(event, EventChange::Triaged { outcome });
        let changes = if n < 2 { vec![recorded, triaged] } else { vec![recorded] };
        store.commit(commit_at(1).batch(0, changes)).await.unwrap();
        let (incident, opened) = make::incident(number("I", n), "wave", None);
        let verified = make::on_incident(incident, IncidentChange::Verified { basis: "seen".into() });
        let changes = if n < 4 { vec![opened, verified] } else { vec![opened] };
        store.commit(commit_at(1).batch(0, changes)).await.unwrap();
    }
    let counted = |name: &str, count| (name.to_owned(), count);
    assert_eq!(store.event_counts().await.unwrap(), [counted("false-positive", 2), counted("new", 3)]);
    assert_eq!(store.incident_counts().await.unwrap(), [counted("analysing", 4), counted("judged", 1)]);
}
