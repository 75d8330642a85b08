//! Appending: entries and the state they change, commit by commit inside one transaction.

use std::collections::BTreeSet;

use fengsui_domain::change::{Change, Entry, FORMAT, Subject};
use fengsui_domain::id::EntryId;
use fengsui_domain::incident::Incident;
use fengsui_domain::resource::Resource;
use fengsui_ledger::entries::MAX_ENTRY_BYTES;
use fengsui_ledger::{Hash, leaf_hash};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::side::{refuse_repeated, write_side};
use crate::commit::{Batch, Side};
use crate::error::is_taken;
use crate::fold::{State, awaiting, entry_kind};
use crate::{Commit, Committed, Result, StoreError};

/// Appending to the ledger inside one transaction.
pub(super) struct Append<'a> {
    connection: &'a Connection,
    size: u64,
    new_id: &'a mut (dyn FnMut() -> Uuid + Send),
    leaves: Vec<Hash>,
    subjects: BTreeSet<Subject>,
}

impl<'a> Append<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        size: u64,
        new_id: &'a mut (dyn FnMut() -> Uuid + Send),
    ) -> Self {
        Self { connection, size, new_id, leaves: Vec::new(), subjects: BTreeSet::new() }
    }

    /// The leaves appended and the subjects changed.
    pub(super) fn into_parts(self) -> (Vec<Hash>, BTreeSet<Subject>) {
        (self.leaves, self.subjects)
    }

    /// Writes one commit, or nothing of it. The outer error means that the transaction is lost.
    pub(super) fn commit(&mut self, commit: &Commit) -> Result<Result<Committed>> {
        let set = |sql: &str| run(self.connection, sql, []).map_err(StoreError::database("set a savepoint"));
        set("SAVEPOINT one")?;
        let before = self.leaves.len();
        let outcome = self.try_commit(commit);
        let set =
            |sql: &str| run(self.connection, sql, []).map_err(StoreError::database("release a savepoint"));
        match outcome {
            Ok(subjects) => {
                set("RELEASE one")?;
                self.subjects.extend(subjects);
                let first_index = self.size + before as u64;
                Ok(Ok(Committed { first_index, size: self.size + self.leaves.len() as u64 }))
            }
            // After some errors SQLite has rolled back by itself, and there is no savepoint any more.
            Err(error) if error.blames_the_commit() && !self.connection.is_autocommit() => {
                set("ROLLBACK TO one")?;
                set("RELEASE one")?;
                self.leaves.truncate(before);
                Ok(Err(error))
            }
            Err(error) => Err(error),
        }
    }

    fn try_commit(&mut self, commit: &Commit) -> Result<BTreeSet<Subject>> {
        // First of all, so that a repetition is told so and not that the versions have moved on.
        for side in &commit.sides {
            if let Side::RequestKey { key, .. } = side {
                refuse_repeated(self.connection, key)?;
            }
        }
        let mut subjects = BTreeSet::new();
        for batch in &commit.batches {
            subjects.extend(self.batch(commit, batch)?);
        }
        for side in &commit.sides {
            write_side(self.connection, side, commit.at)?;
        }
        Ok(subjects)
    }

    /// Appends the changes of one subject and writes its state after them.
    fn batch(&mut self, commit: &Commit, batch: &Batch) -> Result<Option<Subject>> {
        let Some(subject) = batch.changes.first().map(Change::subject) else { return Ok(None) };
        let (mut version, mut state) = load(self.connection, subject)?;
        if version != batch.expected {
            let (subject, expected) = (subject.to_string(), batch.expected);
            return Err(StoreError::Conflict { subject, expected, found: version });
        }
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
            self.append(&entry, subject)?;
            let kind = entry_kind(&entry.change);
            state = Some(State::after(state, entry).filter(|_| change.subject() == subject).ok_or_else(
                || StoreError::Ledger {
                    reason: format!("`{kind}` cannot be change {version} of `{subject}`"),
                },
            )?);
        }
        let state = state.expect("at least one change was folded in");
        put(self.connection, subject, version, &state)?;
        Ok(Some(subject))
    }

    fn append(&mut self, entry: &Entry, subject: Subject) -> Result<()> {
        let bytes = serde_json::to_vec(entry).map_err(StoreError::corrupt("an entry to be written"))?;
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(StoreError::EntryTooLarge { bytes: bytes.len(), max: MAX_ENTRY_BYTES });
        }
        let index = self.size + self.leaves.len() as u64;
        self.leaves.push(leaf_hash(&bytes));
        let sql = "INSERT INTO ledger_entry (idx, bytes) VALUES (?1, ?2)";
        run(self.connection, sql, params![index, bytes]).map_err(StoreError::database("append an entry"))?;
        put_index(self.connection, index, entry, subject)
    }
}

/// One row of the index over entries.
pub(crate) fn put_index(connection: &Connection, index: u64, entry: &Entry, subject: Subject) -> Result<()> {
    let (at, kind) = (entry.at.as_microsecond(), entry_kind(&entry.change));
    run(
        connection,
        "INSERT INTO entry_index (idx, subject, version, at, kind, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![index, subject.to_string(), entry.version, at, kind, entry.by.name()],
    )
    .map_err(StoreError::database("index an entry"))
}

/// The state of a subject with its version; 0 and `None` if there is no such subject.
fn load(connection: &Connection, subject: Subject) -> Result<(u64, Option<State>)> {
    let (sql, id) = match subject {
        Subject::Node => ("SELECT version, body FROM node WHERE only = ?1", "1".to_owned()),
        Subject::Account(id) => ("SELECT version, body FROM account WHERE id = ?1", id.to_string()),
        Subject::Token(id) => ("SELECT version, body FROM token WHERE id = ?1", id.to_string()),
        Subject::Event(id) => ("SELECT version, body FROM event WHERE id = ?1", id.to_string()),
        Subject::Incident(id) => ("SELECT version, body FROM incident WHERE id = ?1", id.to_string()),
        Subject::List(id) => ("SELECT version, body FROM list WHERE id = ?1", id.to_string()),
        Subject::Resource(id) => ("SELECT version, body FROM resource WHERE id = ?1", id.to_string()),
        Subject::DutyBook(id) => ("SELECT version, body FROM duty_book WHERE id = ?1", id.to_string()),
        Subject::DutyRecord(id) => ("SELECT version, body FROM duty_record WHERE id = ?1", id.to_string()),
    };
    let row: Option<(u64, String)> = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .map_err(StoreError::database("read the state of a subject"))?;
    let Some((version, body)) = row else { return Ok((0, None)) };
    let state = State::read(subject, &body).map_err(StoreError::corrupt(subject.to_string()))?;
    Ok((version, Some(state)))
}

/// Writes the rows of a subject.
pub(crate) fn put(connection: &Connection, subject: Subject, version: u64, state: &State) -> Result<()> {
    let body = state.body();
    let written = match state {
        State::Node(_) => run(
            connection,
            "INSERT INTO node (only, version, body) VALUES (1, ?1, ?2)
             ON CONFLICT (only) DO UPDATE SET version = excluded.version, body = excluded.body",
            params![version, body],
        ),
        State::Account(account) => run(
            connection,
            "INSERT INTO account (id, version, name, active, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, active = excluded.active, body = excluded.body",
            params![account.id.to_string(), version, account.name, account.active, body],
        ),
        State::Token(token) => run(
            connection,
            "INSERT INTO token (id, version, account, created_at, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body",
            params![
                token.id.to_string(),
                version,
                token.account.map(|id| id.to_string()),
                token.created_at.as_microsecond(),
                body
            ],
        ),
        State::List(list) => run(
            connection,
            "INSERT INTO list (id, version, name, active, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, active = excluded.active, body = excluded.body",
            params![list.id.to_string(), version, list.name, list.active, body],
        ),
        State::Event(event) => run(
            connection,
            "INSERT INTO event (id, version, number, state, source, received_at, title, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state,
                 source = excluded.source, title = excluded.title, body = excluded.body",
            params![
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
        State::Incident(incident) => put_incident(connection, incident, version, &body),
        State::Resource(resource) => put_resource(connection, resource, version, &body),
        State::DutyBook(book) => run(
            connection,
            "INSERT INTO duty_book (id, version, plan, unit, closed, opened_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, closed = excluded.closed,
                 body = excluded.body",
            params![
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
            connection,
            "INSERT INTO duty_record (id, version, book, duty, done_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, done_at = excluded.done_at,
                 body = excluded.body",
            params![
                record.id.to_string(),
                version,
                record.book.to_string(),
                record.duty.as_str(),
                record.at.as_microsecond(),
                body
            ],
        ),
    };
    written.map_err(|source| taken(source, subject))
}

fn put_incident(
    connection: &Connection,
    incident: &Incident,
    version: u64,
    body: &str,
) -> rusqlite::Result<()> {
    let id = incident.id.to_string();
    run(
        connection,
        "INSERT INTO incident (id, version, number, phase, level, confirmed, title, unit, opened_at, parent,
             plan, plan_digest, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, phase = excluded.phase,
             level = excluded.level, confirmed = excluded.confirmed, title = excluded.title,
             body = excluded.body",
        params![
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
    run(connection, "DELETE FROM clock WHERE incident = ?1", params![id])?;
    for clock in incident.running() {
        let body = serde_json::to_string(clock).expect("clocks always write as JSON");
        run(
            connection,
            "INSERT INTO clock (id, incident, of_body, due_at, wakes_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                clock.id.to_string(),
                id,
                clock.of.as_str(),
                clock.due_at.as_microsecond(),
                clock.wakes_at().map(Timestamp::as_microsecond),
                body
            ],
        )?;
    }
    run(connection, "DELETE FROM awaiting WHERE incident = ?1", params![id])?;
    for (what, reference, since) in awaiting(incident) {
        run(
            connection,
            "INSERT INTO awaiting (incident, what, ref, since) VALUES (?1, ?2, ?3, ?4)",
            params![id, what, reference, since.as_microsecond()],
        )?;
    }
    Ok(())
}

fn put_resource(
    connection: &Connection,
    resource: &Resource,
    version: u64,
    body: &str,
) -> rusqlite::Result<()> {
    let (id, known) = (resource.id.to_string(), &resource.particulars);
    run(
        connection,
        "INSERT INTO resource (id, version, kind, title, holder, standing, retired, added_at, searched, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind,
             title = excluded.title, holder = excluded.holder, standing = excluded.standing,
             retired = excluded.retired, searched = excluded.searched, body = excluded.body",
        params![
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
    run(connection, "DELETE FROM resource_category WHERE resource = ?1", params![id])?;
    for category in &known.categories {
        let sql = "INSERT INTO resource_category (resource, category) VALUES (?1, ?2)";
        run(connection, sql, params![id, category.as_str()])?;
    }
    run(connection, "DELETE FROM resource_field WHERE resource = ?1", params![id])?;
    for field in &known.fields {
        let sql = "INSERT INTO resource_field (resource, field) VALUES (?1, ?2)";
        run(connection, sql, params![id, field.as_str()])?;
    }
    Ok(())
}

pub(super) fn run(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

fn taken(source: rusqlite::Error, subject: Subject) -> StoreError {
    if is_taken(&source) {
        StoreError::Taken { what: format!("name or number of `{}`", subject.kind()) }
    } else {
        StoreError::database("write the state of a subject")(source)
    }
}
