//! Appending: entries and the state they change, commit by commit inside one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fengsui_domain::change::{Change, Entry, FORMAT, Subject};
use fengsui_domain::clock::Clock;
use fengsui_domain::id::{ClockId, EntryId};
use fengsui_domain::incident::Incident;
use fengsui_domain::invariant::newly_broken;
use fengsui_domain::resource::Resource;
use fengsui_ledger::entries::MAX_ENTRY_BYTES;
use fengsui_ledger::{Hash, leaf_hash};
use jiff::Timestamp;
use uuid::Uuid;

use crate::commit::{Batch, Side};
use crate::fold::{State, awaiting, entry_kind};
use crate::link::{Answer, DbError, Link, Value, values};
use crate::postgres::Ask;
use crate::recent::{Kept, Recent, asks_load, load};
use crate::search::reworded;
use crate::side::{ask_repeated, refuse_repeated, write_side};
use crate::tally::Tally;
use crate::{Commit, Committed, Result, StoreError};

/// Appending to the ledger inside one transaction.
pub(crate) struct Append<'a> {
    link: Link<'a>,
    size: u64,
    new_id: &'a mut (dyn FnMut() -> Uuid + Send),
    leaves: Vec<Hash>,
    recent: &'a Recent,
    /// The subjects changed, as they stand after the last commit that was kept.
    written: BTreeMap<Subject, Kept>,
    /// The subjects of which what is searched changed, also by a commit that was not kept.
    reworded: BTreeSet<Subject>,
    /// By how much counts change.
    tally: Tally,
}

/// What commits of one transaction came to.
pub(crate) struct Appended {
    /// The leaves appended.
    pub(crate) leaves: Vec<Hash>,
    /// The subjects changed, as they stand.
    pub(crate) written: BTreeMap<Subject, Kept>,
    /// Those of them of which what is searched changed.
    pub(crate) reworded: BTreeSet<Subject>,
    /// By how much counts change.
    pub(crate) tally: Tally,
}

/// What one commit changes, until it is kept.
#[derive(Default)]
struct Written {
    states: BTreeMap<Subject, Kept>,
    tally: Tally,
}

impl<'a> Append<'a> {
    pub(crate) fn new(
        link: Link<'a>,
        size: u64,
        new_id: &'a mut (dyn FnMut() -> Uuid + Send),
        recent: &'a Recent,
    ) -> Self {
        Self {
            link,
            size,
            new_id,
            leaves: Vec::new(),
            recent,
            written: BTreeMap::new(),
            reworded: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    /// What was appended.
    pub(crate) fn done(self) -> Appended {
        let Self { leaves, written, reworded, tally, .. } = self;
        let reworded = reworded.into_iter().filter(|subject| written.contains_key(subject)).collect();
        Appended { leaves, written, reworded, tally }
    }

    /// Writes one commit, or nothing of it. The outer error means that the transaction is lost.
    pub(crate) fn commit(&mut self, commit: &Commit) -> Result<Result<Committed>> {
        let place = self.link.mark().map_err(StoreError::database("mark a place"))?;
        let before = self.leaves.len();
        match self.try_commit(commit) {
            Ok(written) => {
                self.link.keep(place).map_err(StoreError::database("keep a commit"))?;
                self.written.extend(written.states);
                self.tally.extend(written.tally);
                let first_index = self.size + before as u64;
                Ok(Ok(Committed { first_index, size: self.size + self.leaves.len() as u64 }))
            }
            Err(error) if error.blames_the_commit() => {
                let back = self.link.back_to(place).map_err(StoreError::database("take back a commit"))?;
                self.leaves.truncate(before);
                if back { Ok(Err(error)) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    fn try_commit(&mut self, commit: &Commit) -> Result<Written> {
        // First of all, so that a repetition is told so and not that the versions have moved on.
        for side in &commit.sides {
            if let Side::RequestKey { key, .. } = side {
                refuse_repeated(self.link, key)?;
            }
        }
        let mut written = Written::default();
        for batch in &commit.batches {
            self.batch(commit, batch, &mut written)?;
        }
        for side in &commit.sides {
            write_side(self.link, side, commit.at)?;
        }
        Ok(written)
    }

    /// Appends the changes of one subject and writes its state after them.
    fn batch(&mut self, commit: &Commit, batch: &Batch, written: &mut Written) -> Result<()> {
        let Some(subject) = batch.changes.first().map(Change::subject) else { return Ok(()) };
        let known = written.states.get(&subject).or_else(|| self.written.get(&subject)).cloned();
        let known = match known {
            Some(known) => Some(known),
            None => load(self.link, self.recent, subject)?,
        };
        let before = known.as_ref().map(|known| Arc::clone(&known.state));
        let mut version = known.map_or(0, |known| known.version);
        if version != batch.expected {
            let (subject, expected) = (subject.to_string(), batch.expected);
            return Err(StoreError::Conflict { subject, expected, found: version });
        }
        let mut state = before.as_deref().cloned();
        for change in &batch.changes {
            version += 1;
            let entry = Entry {
                format: FORMAT,
                id: EntryId((self.new_id)()),
                at: commit.at,
                by: commit.by.clone(),
                request: commit.request.clone(),
                version,
                change: change.clone(),
            };
            let kind = self.append(&entry, subject)?;
            let same = change.subject() == subject;
            state = Some(State::after(state, entry).filter(|_| same).ok_or_else(|| StoreError::Ledger {
                reason: format!("`{kind}` cannot be change {version} of `{subject}`"),
            })?);
        }
        let state = state.expect("at least one change was folded in");
        refuse_broken(before.as_deref(), &state)?;
        let bytes = put(self.link, subject, version, before.as_deref(), &state)?;
        written.tally.count(before.as_deref(), &state);
        if reworded(before.as_deref(), &state) {
            self.reworded.insert(subject);
        }
        written.states.insert(subject, Kept::new(version, Arc::new(state), bytes));
        Ok(())
    }

    /// Appends one entry. Returns the stable name of what it says.
    fn append(&mut self, entry: &Entry, subject: Subject) -> Result<String> {
        let bytes = serde_json::to_vec(entry).map_err(StoreError::corrupt("an entry to be written"))?;
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(StoreError::EntryTooLarge { bytes: bytes.len(), max: MAX_ENTRY_BYTES });
        }
        let index = self.size + self.leaves.len() as u64;
        self.leaves.push(leaf_hash(&bytes));
        let sql = "INSERT INTO ledger_entry (idx, bytes) VALUES (?1, ?2)";
        run(self.link, sql, values![index, &bytes]).map_err(StoreError::database("append an entry"))?;
        let kind = entry_kind(subject, &bytes);
        put_index(self.link, index, entry, subject, &kind)?;
        Ok(kind)
    }
}

/// Refuses a state that must not be.
fn refuse_broken(before: Option<&State>, after: &State) -> Result<()> {
    let State::Incident(after) = after else { return Ok(()) };
    let before = before.and_then(|before| match before {
        State::Incident(before) => Some(&**before),
        _ => None,
    });
    let Some(invariant) = newly_broken(before, after) else { return Ok(()) };
    Err(StoreError::Broken { subject: after.number.clone(), invariant: invariant.name })
}

/// What carrying out these commits will ask.
pub(crate) fn asks<'a>(commits: impl Iterator<Item = &'a Commit>, recent: &Recent) -> Vec<Ask<'a>> {
    let mut asks = Vec::new();
    for commit in commits {
        for side in &commit.sides {
            if let Side::RequestKey { key, .. } = side {
                asks.push(ask_repeated(key));
            }
        }
        for batch in &commit.batches {
            let subject = batch.changes.first().map(Change::subject);
            asks.extend(subject.into_iter().flat_map(|subject| asks_load(recent, subject, batch.expected)));
        }
    }
    asks
}

/// One row of the index over entries.
pub(crate) fn put_index(
    link: Link<'_>,
    index: u64,
    entry: &Entry,
    subject: Subject,
    kind: &str,
) -> Result<()> {
    let at = entry.at.as_microsecond();
    run(
        link,
        "INSERT INTO entry_index (idx, subject, version, at, kind, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        values![index, subject.to_string(), entry.version, at, kind, entry.by.name()],
    )
    .map_err(StoreError::database("index an entry"))
}

/// Writes the rows of a subject, as far as they differ from those of `before`. Returns the bytes of its text.
pub(crate) fn put(
    link: Link<'_>,
    subject: Subject,
    version: u64,
    before: Option<&State>,
    state: &State,
) -> Result<usize> {
    let body = state.body();
    let written = match state {
        State::Node(_) => run(
            link,
            "INSERT INTO node (\"only\", version, body) VALUES (1, ?1, ?2)
             ON CONFLICT (\"only\") DO UPDATE SET version = excluded.version, body = excluded.body",
            values![version, body],
        ),
        State::Account(account) => run(
            link,
            "INSERT INTO account (id, version, name, active, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, active = excluded.active, body = excluded.body",
            values![account.id.to_string(), version, account.name, account.active, body],
        ),
        State::Token(token) => run(
            link,
            "INSERT INTO token (id, version, account, created_at, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body",
            values![
                token.id.to_string(),
                version,
                token.account.map(|id| id.to_string()),
                token.created_at.as_microsecond(),
                body
            ],
        ),
        State::List(list) => run(
            link,
            "INSERT INTO list (id, version, name, active, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, active = excluded.active, body = excluded.body",
            values![list.id.to_string(), version, list.name, list.active, body],
        ),
        State::Event(event) => run(
            link,
            "INSERT INTO event (id, version, number, state, source, received_at, title, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state,
                 source = excluded.source, title = excluded.title, body = excluded.body",
            values![
                event.id.to_string(),
                version,
                event.number,
                event.state().as_str(),
                event.intake.source.as_str(),
                event.received_at.as_microsecond(),
                event.intake.title,
                body
            ],
        ),
        State::Incident(incident) => {
            let before = match before {
                Some(State::Incident(before)) => Some(&**before),
                _ => None,
            };
            put_incident(link, before, incident, version, &body)
        }
        State::Resource(resource) => put_resource(link, resource, version, &body),
        State::DutyBook(book) => run(
            link,
            "INSERT INTO duty_book (id, version, plan, unit, closed, opened_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, closed = excluded.closed,
                 body = excluded.body",
            values![
                book.id.to_string(),
                version,
                book.plan.as_str(),
                book.unit,
                book.closed.is_some(),
                book.opened_at.as_microsecond(),
                body
            ],
        ),
        State::DutyRecord(record) => run(
            link,
            "INSERT INTO duty_record (id, version, book, duty, done_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, done_at = excluded.done_at,
                 body = excluded.body",
            values![
                record.id.to_string(),
                version,
                record.book.to_string(),
                record.duty.as_str(),
                record.at.as_microsecond(),
                body
            ],
        ),
    };
    written.map_err(|source| taken(source, subject))?;
    Ok(body.len())
}

fn put_incident(
    link: Link<'_>,
    before: Option<&Incident>,
    incident: &Incident,
    version: u64,
    body: &str,
) -> Answer<()> {
    let id = incident.id.to_string();
    run(
        link,
        "INSERT INTO incident (id, version, number, phase, level, confirmed, title, unit, opened_at, parent,
             plan, plan_digest, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, phase = excluded.phase,
             level = excluded.level, confirmed = excluded.confirmed, title = excluded.title,
             body = excluded.body",
        values![
            id,
            version,
            incident.number,
            incident.phase.name(),
            incident.level().as_str(),
            incident.level_is_confirmed(),
            incident.title,
            incident.unit,
            incident.opened_at.as_microsecond(),
            incident.parent.map(|parent| parent.to_string()),
            incident.plan.id.as_str(),
            incident.plan.digest,
            body
        ],
    )?;
    put_clocks(link, before, incident, &id)?;
    let waits = awaiting(incident);
    if before.map_or_else(Vec::new, awaiting) == waits {
        return Ok(());
    }
    run(link, "DELETE FROM awaiting WHERE incident = ?1", values![id])?;
    for (what, reference, since) in waits {
        run(
            link,
            "INSERT INTO awaiting (incident, what, ref, since) VALUES (?1, ?2, ?3, ?4)",
            values![id, what, reference, since.as_microsecond()],
        )?;
    }
    Ok(())
}

/// Most acts leave most clocks as they are, so only what became of the others is written.
fn put_clocks(link: Link<'_>, before: Option<&Incident>, incident: &Incident, id: &str) -> Answer<()> {
    let known: BTreeMap<ClockId, &Clock> =
        before.into_iter().flat_map(Incident::running).map(|clock| (clock.id, clock)).collect();
    let mut running = BTreeSet::new();
    for clock in incident.running() {
        running.insert(clock.id);
        if known.get(&clock.id).is_some_and(|known| *known == clock) {
            continue;
        }
        let body = serde_json::to_string(clock).expect("clocks always write as JSON");
        run(
            link,
            "INSERT INTO clock (id, incident, of_body, due_at, wakes_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET incident = excluded.incident, of_body = excluded.of_body,
                 due_at = excluded.due_at, wakes_at = excluded.wakes_at, body = excluded.body",
            values![
                clock.id.to_string(),
                id,
                clock.of.as_str(),
                clock.due_at.as_microsecond(),
                clock.wakes_at().map(Timestamp::as_microsecond),
                body
            ],
        )?;
    }
    for gone in known.into_keys().filter(|clock| !running.contains(clock)) {
        run(link, "DELETE FROM clock WHERE id = ?1", values![gone.to_string()])?;
    }
    Ok(())
}

fn put_resource(link: Link<'_>, resource: &Resource, version: u64, body: &str) -> Answer<()> {
    let (id, known) = (resource.id.to_string(), &resource.particulars);
    run(
        link,
        "INSERT INTO resource (id, version, kind, title, holder, standing, retired, added_at, searched, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind,
             title = excluded.title, holder = excluded.holder, standing = excluded.standing,
             retired = excluded.retired, searched = excluded.searched, body = excluded.body",
        values![
            id,
            version,
            known.kind.as_str(),
            known.title,
            known.holder,
            resource.stood.standing.as_str(),
            resource.retired.is_some(),
            resource.added_at.as_microsecond(),
            resource.searched(),
            body
        ],
    )?;
    run(link, "DELETE FROM resource_category WHERE resource = ?1", values![id])?;
    for category in &known.categories {
        let sql = "INSERT INTO resource_category (resource, category) VALUES (?1, ?2)";
        run(link, sql, values![id, category.as_str()])?;
    }
    run(link, "DELETE FROM resource_field WHERE resource = ?1", values![id])?;
    for field in &known.fields {
        let sql = "INSERT INTO resource_field (resource, field) VALUES (?1, ?2)";
        run(link, sql, values![id, field.as_str()])?;
    }
    Ok(())
}

pub(crate) fn run(link: Link<'_>, sql: &str, values: &[Value<'_>]) -> Answer<()> {
    link.run(sql, values).map(drop)
}

fn taken(source: DbError, subject: Subject) -> StoreError {
    if source.is_taken() {
        StoreError::Taken { what: format!("name or number of `{}`", subject.kind()) }
    } else {
        StoreError::database("write the state of a subject")(source)
    }
}
