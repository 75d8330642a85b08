//! What is looked at after every turn: the ledger from outside, entry by entry, and the state behind it.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::change::{Change, Entry, Subject};
use fengsui_domain::clock::Clock;
use fengsui_domain::id::{ClockId, EventId, IncidentId};
use fengsui_domain::incident::{Incident, IncidentChange};
use fengsui_domain::invariant;
use fengsui_ledger::{SignedCheckpoint, Tiles, TreeHead, VerifierKey, leaf_hash};
use fengsui_service::Service;
use fengsui_service::store::{EventFilter, Found, IncidentFilter, MAX_PAGE};

use super::acts::{Op, Told, wants};
use super::{Breach, Dice, Planned, Timestamp};
use crate::policy::Wants;

/// What is looked at besides the rules of the domain ([`invariant::ALL`]), by name.
pub const INVARIANTS: &[(&str, &str)] = &[
    ("no-fault", "Nothing ends in an error that is neither a refusal nor the disk's."),
    ("acknowledged-is-kept", "What was acknowledged stands in the ledger, now and at the end."),
    ("once-per-request", "No request is carried out twice, however often it is sent."),
    ("refused-leaves-nothing", "A request that was refused for good left no entry."),
    ("silent-after-a-failed-sync", "Nothing is acknowledged between a failed sync and the restart."),
    ("indexes-are-dense", "Entries are numbered from 0 without a gap, and are never changed."),
    ("versions-are-dense", "The entries of a subject are its changes 1, 2, 3 and so on."),
    ("signed-is-stored", "The signed checkpoint is the tree of exactly the entries there are."),
    ("ledger-only-grows", "Every checkpoint continues the one before, also after a restart."),
    ("time-is-the-clock's", "An entry carries a time that the clock showed while the request was under way."),
    ("clock-never-edited", "A clock keeps its rule, its body, its start and its times."),
    ("lapse-once", "The lapse of a clock is recorded once."),
    ("told-once", "Each step of an escalation is told once."),
    ("no-clock-missed", "After the timer's round nothing that was due is left unsaid."),
    ("closed-stays-closed", "An archived incident is not opened again by anything."),
    ("numbers-are-unique", "No two events and no two incidents have one number."),
    ("lists-are-whole", "The lists hold exactly the events and incidents of the ledger."),
    ("counts-are-right", "The counts of open duties are those of the clocks."),
    ("search-finds", "Every event is found by a word of its title."),
    ("state-is-the-fold", "The stored state is what the entries come to, column by column."),
];

/// What is known of one request.
#[derive(Default)]
struct Request {
    /// Commits that name it, by their time of discovery.
    commits: u32,
    last_index: Option<u64>,
    acknowledged: bool,
    refused: bool,
}

/// What was seen so far.
pub(super) struct Watch {
    key: VerifierKey,
    tree: Tiles,
    /// The head at each restart or moment of calm, which later ones must continue.
    heads: Vec<TreeHead>,
    hashes: Vec<fengsui_ledger::Hash>,
    versions: BTreeMap<Subject, u64>,
    requests: BTreeMap<u64, Request>,
    events: BTreeMap<EventId, Option<Box<Planned>>>,
    untriaged: BTreeSet<EventId>,
    incidents: BTreeMap<IncidentId, Wants>,
    closed: BTreeSet<IncidentId>,
    clocks: BTreeMap<ClockId, Clock>,
    lapsed: BTreeSet<ClockId>,
    told: BTreeSet<(ClockId, u8, String)>,
    seen: BTreeMap<IncidentId, (u64, Incident)>,
    /// The earliest and the latest time that each request could have seen.
    times: BTreeMap<u64, (Timestamp, Timestamp)>,
    /// What was acknowledged since the last look: whether it must have left an entry, whether the disk had failed.
    fresh: Vec<(u64, bool, bool)>,
    calms: u32,
}

fn breach<T>(name: &'static str, what: impl Into<String>) -> Result<T, Breach> {
    Err((name, what.into()))
}

fn fault(error: impl std::fmt::Display) -> Breach {
    ("no-fault", error.to_string())
}

impl Watch {
    pub(super) fn new(key: VerifierKey) -> Self {
        Self {
            key,
            tree: Tiles::new(),
            heads: Vec::new(),
            hashes: Vec::new(),
            versions: BTreeMap::new(),
            requests: BTreeMap::new(),
            events: BTreeMap::new(),
            untriaged: BTreeSet::new(),
            incidents: BTreeMap::new(),
            closed: BTreeSet::new(),
            clocks: BTreeMap::new(),
            lapsed: BTreeSet::new(),
            told: BTreeSet::new(),
            seen: BTreeMap::new(),
            times: BTreeMap::new(),
            fresh: Vec::new(),
            calms: 0,
        }
    }

    /// Somebody was told that it is done.
    pub(super) fn acknowledged(&mut self, op: &Op, told: Told, failed: bool) {
        if !op.is_somebodys() {
            return;
        }
        let request = self.requests.entry(op.number).or_default();
        request.acknowledged = true;
        if request.commits == 0 {
            self.fresh.push((op.number, op.writes_always(), failed));
        }
        match told {
            Told::Event(event, planned) => {
                // Its entry may not have been looked at yet; that it is there is asked at the next look.
                self.events.entry(event).or_default().get_or_insert(planned);
                self.untriaged.insert(event);
            }
            Told::Incident(Some(incident), planned) => {
                let wants = planned.as_deref().map(wants);
                let known = self.incidents.entry(incident).or_default();
                if let Some(wants) = wants {
                    *known = wants;
                }
            }
            Told::Incident(None, _) | Told::Nothing => {}
        }
    }

    /// Somebody's request went on, between these times.
    pub(super) fn went_on(&mut self, op: &Op) {
        self.times.insert(op.number, op.times);
    }

    /// Somebody was told that it will not be done.
    pub(super) fn refused(&mut self, op: &Op) {
        if op.is_somebodys() {
            self.requests.entry(op.number).or_default().refused = true;
        }
    }

    pub(super) fn pick_event(&mut self, dice: &Dice) -> Option<(EventId, Box<Planned>)> {
        let waiting: Vec<EventId> = self.untriaged.iter().copied().collect();
        let event = if waiting.is_empty() { return None } else { *dice.pick(&waiting) };
        // Now and then two judge the same.
        if dice.below(3) > 0 {
            self.untriaged.remove(&event);
        }
        Some((event, self.events.get(&event)?.clone()?))
    }

    pub(super) fn pick_incident(&self, dice: &Dice) -> Option<IncidentId> {
        let known: Vec<IncidentId> = self.incidents.keys().copied().collect();
        if known.is_empty() { None } else { Some(*dice.pick(&known)) }
    }

    pub(super) fn wants(&self, id: IncidentId) -> Wants {
        self.incidents.get(&id).cloned().unwrap_or_default()
    }

    pub(super) fn saw(&mut self, id: IncidentId, version: u64, incident: Incident) {
        self.seen.insert(id, (version, incident));
    }

    pub(super) fn seen(&self, id: IncidentId) -> Option<(u64, Incident)> {
        self.seen.get(&id).cloned()
    }

    /// Looks at every entry that is new, and at every subject that it concerns.
    pub(super) async fn look(&mut self, service: &Service) -> Result<(), Breach> {
        let mut concerned = BTreeSet::new();
        loop {
            let first = self.tree.size();
            let entries = service.store().ledger_entries(first, 256).await.map_err(fault)?;
            if entries.is_empty() {
                break;
            }
            for (index, bytes) in (first..).zip(entries) {
                concerned.insert(self.entry(index, &bytes)?);
            }
        }
        for (number, must, failed) in std::mem::take(&mut self.fresh) {
            let wrote = self.requests.get(&number).is_some_and(|request| request.commits > 0);
            if wrote && failed {
                return breach("silent-after-a-failed-sync", format!("op-{number} was acknowledged"));
            }
            if must && !wrote {
                return breach("acknowledged-is-kept", format!("op-{number} left no entry"));
            }
        }
        let note = service.ledger_checkpoint().await.map_err(fault)?;
        let name = self.key.name().as_str();
        let signed =
            SignedCheckpoint::open(note.as_bytes(), name, std::slice::from_ref(&self.key)).map_err(fault)?;
        let head = TreeHead { size: self.tree.size(), root: self.tree.root() };
        if signed.checkpoint.head() != head {
            let size = signed.checkpoint.size;
            return breach("signed-is-stored", format!("{size} entries signed, {} there", head.size));
        }
        for subject in concerned {
            if let Subject::Incident(id) = subject {
                let known = service.store().incident_get(id).await.map_err(fault)?;
                let Some(known) = known else {
                    return breach("lists-are-whole", format!("no incident {id}"));
                };
                self.incident(&known.value)?;
            }
        }
        Ok(())
    }

    /// One new entry; says whom it concerns.
    fn entry(&mut self, index: u64, bytes: &[u8]) -> Result<Subject, Breach> {
        let entry: Entry = serde_json::from_slice(bytes).map_err(fault)?;
        let subject = entry.change.subject();
        let version = self.versions.entry(subject).or_default();
        *version += 1;
        if entry.version != *version {
            return breach(
                "versions-are-dense",
                format!("entry {index} is change {} of {subject}", entry.version),
            );
        }
        if let Some(number) = entry.request.as_deref().and_then(number_of) {
            let (from, to) = self.times.get(&number).copied().unwrap_or((entry.at, entry.at));
            if !(from..=to).contains(&entry.at) {
                return breach(
                    "time-is-the-clock's",
                    format!("entry {index} at {}, not {from} to {to}", entry.at),
                );
            }
            let request = self.requests.entry(number).or_default();
            // The entries of a commit stand one behind another.
            if request.last_index.is_none_or(|last| last + 1 != index) {
                request.commits += 1;
            }
            request.last_index = Some(index);
            if request.commits > 1 {
                return breach("once-per-request", format!("op-{number} wrote again at entry {index}"));
            }
        }
        match &entry.change {
            Change::Event { of, .. } => {
                self.events.entry(*of).or_default();
            }
            Change::Incident { of, change } => {
                self.incidents.entry(*of).or_default();
                self.rung(change)?;
            }
            _ => {}
        }
        let hash = leaf_hash(bytes);
        self.hashes.push(hash);
        self.tree.append(hash).map_err(fault)?;
        Ok(subject)
    }

    fn rung(&mut self, change: &IncidentChange) -> Result<(), Breach> {
        match change {
            IncidentChange::ClockLapsed { clock, .. } if !self.lapsed.insert(*clock) => {
                breach("lapse-once", format!("clock {clock}"))
            }
            IncidentChange::ClockTold { clock, percent, to, .. }
                if !self.told.insert((*clock, *percent, to.to_string())) =>
            {
                breach("told-once", format!("clock {clock} at {percent} % to {to}"))
            }
            _ => Ok(()),
        }
    }

    fn incident(&mut self, incident: &Incident) -> Result<(), Breach> {
        if let Some(broken) = invariant::broken(incident) {
            return breach(broken.name, incident.number.clone());
        }
        if incident.is_closed() {
            self.closed.insert(incident.id);
        } else if self.closed.contains(&incident.id) {
            return breach("closed-stays-closed", incident.number.clone());
        }
        for clock in &incident.clocks {
            let known = self.clocks.entry(clock.id).or_insert_with(|| clock.clone());
            let fixed = |clock: &Clock| {
                let times = (clock.started_at, clock.due_at, clock.lapses_at);
                (clock.rule.clone(), clock.of.clone(), clock.to.clone(), times, clock.replaces)
            };
            if fixed(known) != fixed(clock) {
                return breach("clock-never-edited", format!("{} of {}", clock.id, incident.number));
            }
            if known.lapsed_at.is_some() && clock.lapsed_at.is_none() {
                return breach("clock-never-edited", format!("{} is no longer lapsed", clock.id));
            }
            *known = clock.clone();
        }
        Ok(())
    }

    /// Looks at everything, when nothing is under way and the timer has rung.
    pub(super) async fn look_at_all(&mut self, service: &Service, now: Timestamp) -> Result<(), Breach> {
        self.calms += 1;
        for (number, request) in &self.requests {
            if request.refused && request.commits > 0 {
                return breach("refused-leaves-nothing", format!("op-{number}"));
            }
        }
        let mut running = 0;
        let (mut listed, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let mut after = None;
        loop {
            let page = service
                .store()
                .incident_list(IncidentFilter::default(), after, MAX_PAGE)
                .await
                .map_err(fault)?;
            for row in page.items {
                listed.insert(row.id);
                if !numbers.insert(row.number.clone()) {
                    return breach("numbers-are-unique", row.number);
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if !listed.iter().eq(self.incidents.keys()) {
            return breach(
                "lists-are-whole",
                format!("{} incidents listed, {} known", listed.len(), self.incidents.len()),
            );
        }
        for id in listed {
            let Some(known) = service.store().incident_get(id).await.map_err(fault)? else {
                return breach("lists-are-whole", format!("no incident {id}"));
            };
            for clock in known.value.running() {
                running += 1;
                if let Some(at) = clock.wakes_at().filter(|at| *at < now) {
                    let number = &known.value.number;
                    return breach(
                        "no-clock-missed",
                        format!("{} of {number}, due to ring at {at}, now {now}", clock.rule),
                    );
                }
            }
        }
        let (open, _) = service.store().clock_counts(now).await.map_err(fault)?;
        if open != running {
            return breach("counts-are-right", format!("{open} clocks counted, {running} run"));
        }
        self.events_are_there(service).await?;
        self.heads.push(TreeHead { size: self.tree.size(), root: self.tree.root() });
        if self.calms.is_multiple_of(3) { self.verify(service).await } else { Ok(()) }
    }

    async fn events_are_there(&self, service: &Service) -> Result<(), Breach> {
        let page = service.store().event_list(EventFilter::default(), None, MAX_PAGE).await.map_err(fault)?;
        let numbers: BTreeSet<&str> = page.items.iter().map(|row| row.event.number.as_str()).collect();
        if numbers.len() != page.items.len() {
            return breach("numbers-are-unique", "of events");
        }
        let listed: BTreeSet<EventId> = page.items.iter().map(|row| row.id).collect();
        if !listed.iter().eq(self.events.keys()) {
            return breach(
                "lists-are-whole",
                format!("{} events listed, {} known", listed.len(), self.events.len()),
            );
        }
        for row in &page.items {
            let word = row.event.intake.title.rsplit(' ').next().unwrap_or_default();
            let found = service.store().search(word, None, 10).await.map_err(fault)?;
            if !found.items.iter().any(|hit| hit.what == Found::Event(row.id)) {
                return breach("search-finds", format!("`{word}`"));
            }
        }
        Ok(())
    }

    /// The ledger from its first entry, and the state folded anew.
    async fn verify(&self, service: &Service) -> Result<(), Breach> {
        let mut tree = Tiles::new();
        let mut heads = self.heads.iter().peekable();
        let mut first = 0;
        while first < self.tree.size() {
            let entries = service.store().ledger_entries(first, 256).await.map_err(fault)?;
            for (index, bytes) in (first..).zip(&entries) {
                let at = usize::try_from(index).unwrap_or(usize::MAX);
                if self.hashes.get(at) != Some(&leaf_hash(bytes)) {
                    return breach("indexes-are-dense", format!("entry {index} is another than it was"));
                }
                tree.append(leaf_hash(bytes)).map_err(fault)?;
                while let Some(head) = heads.next_if(|head| head.size <= tree.size()) {
                    if head.size == tree.size() && head.root != tree.root() {
                        return breach(
                            "ledger-only-grows",
                            format!("not the first {} entries any more", head.size),
                        );
                    }
                }
            }
            if entries.is_empty() {
                return breach("indexes-are-dense", format!("no entry {first}"));
            }
            first += entries.len() as u64;
        }
        let report = service.store().verify(self.key.clone()).await.map_err(fault)?;
        if report.good() { Ok(()) } else { breach("state-is-the-fold", format!("{report:?}")) }
    }

    /// How many incidents there were, how many of them ended, and how many duties lapsed.
    pub(super) fn depth(&self) -> ((u64, u64), u64) {
        ((self.incidents.len() as u64, self.closed.len() as u64), self.lapsed.len() as u64)
    }

    /// The last look; returns the size and the root of the ledger.
    pub(super) async fn end(&self, service: &Service) -> Result<(u64, String), Breach> {
        self.verify(service).await?;
        Ok((self.tree.size(), self.tree.root().to_string()))
    }
}

/// The number of an act from the id of its request: `op-12/3`.
fn number_of(request: &str) -> Option<u64> {
    request.strip_prefix("op-")?.split_once('/')?.0.parse().ok()
}
