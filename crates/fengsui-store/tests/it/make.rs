//! Values for tests: the shortest changes that make sense.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

use fengsui_domain::account::{AccountChange, TokenChange};
use fengsui_domain::actor::{By, Person};
use fengsui_domain::change::Change;
use fengsui_domain::clock::{Clock, ClockState, Notice};
use fengsui_domain::duty::{BookChange, RecordChange, Said};
use fengsui_domain::event::{EventChange, Intake, Sealed, Source};
use fengsui_domain::id::{
    AccountId, BookId, ClockId, EventId, IncidentId, ListId, RecordId, ResourceId, TokenId,
};
use fengsui_domain::incident::{
    Disposal, DisposalDraft, DisposalState, DraftStep, IncidentChange, PlanVersion, Signed,
};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::node::{ListChange, NodeChange};
use fengsui_domain::permission::SystemRole;
use fengsui_domain::plan::{CategoryId, Clause, ClockMeets, ClockStart, PlanId, RoleId, RuleId};
use fengsui_domain::resource::{ClassId, Expertise, Particulars, ResourceChange, ResourceKind, Standing};
use fengsui_store::{Commit, IndicatorRow, Session, SightingRow, indicators_digest};
use jiff::Timestamp;
use uuid::Uuid;

/// An id that no other value of this test process has.
pub(crate) fn id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(u128::from(std::process::id()) << 96 | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// Seconds after the morning of the tests.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

/// An empty commit.
pub(crate) fn commit() -> Commit {
    commit_at(0)
}

/// An empty commit at a second.
pub(crate) fn commit_at(second: i64) -> Commit {
    Commit::new(By::Console, at(second), None)
}

/// The number of an event.
pub(crate) fn number(series: &str, of: u64) -> String {
    format!("{series}-2026-{of:06}")
}

pub(crate) fn intake(title: &str) -> Intake {
    Intake {
        title: title.into(),
        details: String::new(),
        source: Source::Report,
        sender: "public".into(),
        unit: "hospital".into(),
        asset: "gateway".into(),
        occurred_at: None,
        aware_at: at(0),
        points: BTreeMap::new(),
        reporter: None,
    }
}

pub(crate) fn recorded(of: EventId, number: String, title: &str) -> Change {
    let change = EventChange::Recorded { number, intake: intake(title), lines: Vec::new(), sightings: None };
    Change::Event { of, change }
}

/// A new event.
pub(crate) fn event(number: String, title: &str) -> (EventId, Change) {
    let of = EventId(id());
    (of, recorded(of, number, title))
}

pub(crate) fn on_event(of: EventId, change: EventChange) -> Change {
    Change::Event { of, change }
}

/// A new incident.
pub(crate) fn incident(number: String, title: &str, parent: Option<IncidentId>) -> (IncidentId, Change) {
    let of = IncidentId(id());
    let change = IncidentChange::Opened {
        number,
        title: title.into(),
        event: EventId(id()),
        plan: plan(),
        unit: "hospital".into(),
        asset: "gateway".into(),
        category: CategoryId::new("intrusion"),
        received_at: at(0),
        occurred_at: None,
        awareness: BTreeMap::new(),
        answers: BTreeMap::new(),
        level: IncidentLevel::III,
        reason: "unsure".into(),
        parent,
    };
    (of, on_incident(of, change))
}

pub(crate) fn on_incident(of: IncidentId, change: IncidentChange) -> Change {
    Change::Incident { of, change: Box::new(change) }
}

pub(crate) fn noted(of: IncidentId, text: &str) -> Change {
    on_incident(of, IncidentChange::Noted { text: text.into() })
}

pub(crate) fn plan() -> PlanVersion {
    PlanVersion { id: PlanId::new("sample"), digest: "00".repeat(32) }
}

/// A running clock with one step of escalation halfway.
pub(crate) fn clock(body: &str, started: i64, due: i64) -> Clock {
    Clock {
        id: ClockId(id()),
        // A duty of its own: two running clocks of one would be refused.
        rule: RuleId::new(format!("report-{}", id())),
        clause: Clause::new("sample/1"),
        of: RoleId::new(body),
        to: vec![RoleId::new("office")],
        about: None,
        step: None,
        form: None,
        starts: ClockStart::BodyBecameAware,
        met_by: ClockMeets::Report,
        started_at: at(started),
        due_at: at(due),
        lapses_at: at(due),
        holidays_unknown: Vec::new(),
        counts_from: None,
        replaces: None,
        notices: vec![Notice {
            percent: 50,
            at: at(i64::midpoint(started, due)),
            to: RoleId::new("office"),
            told_at: None,
        }],
        lapsed_at: None,
        state: ClockState::Running,
    }
}

pub(crate) fn started(of: IncidentId, clock: &Clock) -> Change {
    on_incident(of, IncidentChange::ClockStarted { clock: clock.clone() })
}

pub(crate) fn signed(name: &str, second: i64) -> Signed {
    let person = Person { account: AccountId(Uuid::from_u128(1)), name: name.into() };
    Signed { person, body: RoleId::new("office"), at: at(second) }
}

/// A duty book of a unit, opened.
pub(crate) fn duty_book(unit: &str) -> (BookId, Change) {
    let (of, from) = (BookId(id()), jiff::civil::date(2026, 1, 1));
    let change = BookChange::Opened { plan: PlanId::new("p"), unit: unit.into(), from, parents: Vec::new() };
    (of, Change::DutyBook { of, change })
}

/// A record of a duty done at this second.
pub(crate) fn duty_record(book: BookId, duty: &str, second: i64) -> (RecordId, Change) {
    let (of, for_day) = (RecordId(id()), jiff::civil::date(2026, 1, 1));
    let said = Said::Done { for_day, proof: BTreeMap::new(), document: None };
    let plan = PlanVersion { id: PlanId::new("p"), digest: "0".repeat(64) };
    let (duty, at, signed) = (RuleId::new(duty), at(second), signed("wang", second));
    let change = RecordChange::Entered { book, duty, plan, said, at, signed };
    (of, Change::DutyRecord { of, change })
}

/// A drafted disposal plan of one step.
pub(crate) fn disposal(second: i64) -> Disposal {
    let draft = DisposalDraft {
        steps: vec![DraftStep { text: "cut the line".into(), needs: String::new() }],
        resources: String::new(),
        risks: String::new(),
        rollback: String::new(),
    };
    Disposal {
        id: fengsui_domain::id::DisposalId(id()),
        draft,
        drafted: signed("a", second),
        verifications: Vec::new(),
        summing_up: None,
        decided: None,
        order: None,
        state: DisposalState::Drafted,
        done: Vec::new(),
    }
}

pub(crate) fn node() -> Change {
    let change = NodeChange::Created { name: "test".into(), verifier_key: "key".into() };
    Change::Node { change }
}

pub(crate) fn account(name: &str) -> (AccountId, Change) {
    let of = AccountId(id());
    let change = AccountChange::Created {
        name: name.into(),
        display: name.to_uppercase(),
        roles: BTreeSet::from([SystemRole::DutyOfficer]),
        bodies: BTreeSet::from([RoleId::new("office")]),
    };
    (of, on_account(of, change))
}

pub(crate) fn on_account(of: AccountId, change: AccountChange) -> Change {
    Change::Account { of, change }
}

pub(crate) fn token(name: &str, account: Option<AccountId>, digest: String) -> (TokenId, Change) {
    let of = TokenId(id());
    let change = TokenChange::Created {
        name: name.into(),
        account,
        role: Some(SystemRole::Analyst),
        scopes: BTreeSet::new(),
        expires_at: at(86_400),
        digest,
    };
    (of, Change::Token { of, change })
}

/// A list of indicators by its import.
pub(crate) fn list(name: &str, rows: &[IndicatorRow]) -> (ListId, Change) {
    let of = ListId(id());
    (of, imported(of, name, rows))
}

pub(crate) fn imported(of: ListId, name: &str, rows: &[IndicatorRow]) -> Change {
    let kinds = BTreeMap::from([("domain".to_owned(), rows.len() as u64)]);
    let change =
        ListChange::Imported { name: name.into(), kinds, digest: indicators_digest(rows), rejected: 0 };
    Change::List { of, change }
}

/// A resource of the emergency database.
pub(crate) fn particulars(kind: ResourceKind, title: &str) -> Particulars {
    let fields = if kind.is_people() { BTreeSet::from([Expertise::Network]) } else { BTreeSet::new() };
    Particulars {
        kind,
        title: title.into(),
        description: String::new(),
        place: "store room".into(),
        quantity: None,
        model: String::new(),
        rank: String::new(),
        fields,
        categories: BTreeSet::from([ClassId::parse("categories", "sample/attack").unwrap()]),
        keywords: BTreeSet::new(),
        holder: "hospital".into(),
        contact: Some(Sealed("c2VhbGVk".into())),
    }
}

pub(crate) fn resource(particulars: Particulars) -> (ResourceId, Change) {
    let of = ResourceId(id());
    (of, on_resource(of, ResourceChange::Added { particulars, standing: Standing::Available }))
}

pub(crate) fn on_resource(of: ResourceId, change: ResourceChange) -> Change {
    Change::Resource { of, change }
}

pub(crate) fn indicator(value: &str, line: u64) -> IndicatorRow {
    IndicatorRow {
        kind: "domain".into(),
        value: value.into(),
        written: value.to_uppercase(),
        line,
        note: "family".into(),
    }
}

pub(crate) fn session(hash: &str, account: &str, begins: i64, ends: i64) -> Session {
    Session {
        hash: hash.into(),
        account: account.into(),
        csrf: format!("form token of {hash}"),
        created_at: at(begins),
        seen_at: at(begins),
        expires_at: at(ends),
        device: format!("browser of {account}"),
    }
}

pub(crate) fn sighting(rule: &str, value: &str, asset: &str, window: i64, last: i64) -> SightingRow {
    SightingRow {
        rule: rule.into(),
        value: value.into(),
        asset: asset.into(),
        window_at: at(window),
        count: 1,
        first_at: at(window),
        last_at: at(last),
        event: None,
    }
}
