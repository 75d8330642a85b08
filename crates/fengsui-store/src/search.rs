//! Full-text search over events and incidents.
//!
//! The index holds words only and is made from the state, in the transaction that changes it. `verify` leaves it
//! out on purpose: whatever it says, each row that is shown is read from the state, which is verified. A database
//! whose index was made by an older rule for words is indexed anew when it is opened.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fengsui_domain::change::Subject;
use fengsui_domain::id::{EventId, IncidentId};
use jiff::Timestamp;

use crate::fold::State;
use crate::link::{Answer, Link, all, one, values};
use crate::query::{Cursor, MAX_PAGE, Page};
use crate::recent::{Recent, load};
use crate::store::Store;
use crate::{Result, StoreError};

mod texts;
mod words;

pub use texts::{SearchField, Span};

/// Subjects read at once while all are indexed.
const AT_ONCE: usize = 500;

/// An event or an incident that has all words asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which one.
    pub what: Found,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The unit where it happened.
    pub unit: String,
    /// When it arrived or was opened.
    pub at: Timestamp,
    /// The text that says most of what was asked for.
    pub field: SearchField,
    /// A passage of that text.
    pub passage: Vec<Span>,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// An event.
    Event(EventId),
    /// An incident.
    Incident(IncidentId),
}

impl Store {
    /// Events and incidents that have all these words, those recorded last first; a question
    /// without a word finds nothing.
    ///
    /// # Errors
    /// [`StoreError::Database`] and [`StoreError::Corrupt`].
    pub async fn search(&self, question: &str, after: Option<Cursor>, limit: usize) -> Result<Page<Hit>> {
        let asked = words::phrases(question);
        if asked.is_empty() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let (limit, before) = (limit.clamp(1, MAX_PAGE), after.map_or(i64::MAX, |cursor| cursor.at));
        let recent = self.recent();
        self.read(move |link| {
            let mut hits = Vec::new();
            for (index, subject) in matching(link, &asked, before, limit + 1)? {
                if let Some(hit) = hit(link, &recent, &subject, &asked)? {
                    hits.push((index, hit));
                }
            }
            let page = Page::of(hits, limit, |(index, _)| Cursor { at: *index, id: String::new() });
            Ok(page.map(|(_, hit)| hit))
        })
        .await
    }
}

/// Subjects that have all words asked for, before an index, the newest first.
fn matching(link: Link<'_>, asked: &[words::Phrase], before: i64, most: usize) -> Result<Vec<(i64, String)>> {
    let question = match link {
        Link::Sqlite(_) => words::for_sqlite(asked),
        Link::Postgres(_) => words::for_postgres(asked),
    };
    let sql = link.dialect(
        "SELECT entry_index.idx, entry_index.subject
         FROM search CROSS JOIN entry_index ON entry_index.idx = search.rowid
         WHERE search MATCH ?1 AND search.rowid < ?2 ORDER BY search.rowid DESC LIMIT ?3",
        "SELECT entry_index.idx, entry_index.subject
         FROM search JOIN entry_index ON entry_index.idx = search.idx
         WHERE words @@ CAST(CAST(?1 AS text) AS tsquery) AND search.idx < ?2 ORDER BY search.idx DESC LIMIT ?3",
    );
    all(link, "search", sql, values![question, before, most], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn hit(link: Link<'_>, recent: &Recent, subject: &str, asked: &[words::Phrase]) -> Result<Option<Hit>> {
    let (kind, id) = subject.split_once('/').unwrap_or_default();
    let id: uuid::Uuid = id.parse().map_err(StoreError::corrupt("the index of entries"))?;
    let (subject, what) = match kind {
        "event" => (Subject::Event(EventId(id)), Found::Event(EventId(id))),
        "incident" => (Subject::Incident(IncidentId(id)), Found::Incident(IncidentId(id))),
        _ => return Ok(None),
    };
    let Some(known) = load(link, recent, subject)? else { return Ok(None) };
    let Some((field, passage)) = texts::passage(&known.state, asked) else { return Ok(None) };
    let (number, title, unit, at) = match &*known.state {
        State::Event(event) => (&event.number, &event.intake.title, &event.intake.unit, event.received_at),
        State::Incident(incident) => (&incident.number, &incident.title, &incident.unit, incident.opened_at),
        _ => return Ok(None),
    };
    Ok(Some(Hit {
        what,
        number: number.clone(),
        title: title.clone(),
        unit: unit.clone(),
        at,
        field,
        passage,
    }))
}

/// Whether a change of a subject changes what is searched.
pub(crate) fn reworded(before: Option<&State>, after: &State) -> bool {
    match before {
        Some(before) => texts::texts(before) != texts::texts(after),
        None => !texts::texts(after).is_empty(),
    }
}

/// Writes the words of these subjects, as they stand.
pub(crate) fn write<'s>(link: Link<'_>, subjects: impl Iterator<Item = (Subject, &'s State)>) -> Result<()> {
    for (subject, state) in subjects {
        put(link, &subject.to_string(), state)
            .map_err(StoreError::database("index the words of a subject"))?;
    }
    Ok(())
}

/// In one statement each, since on a server a question would wait for an answer.
fn put(link: Link<'_>, subject: &str, state: &State) -> Answer<()> {
    let texts = texts::all_words(state);
    let (sql, document) = match link {
        Link::Sqlite(_) => (
            "INSERT OR REPLACE INTO search (rowid, words)
             SELECT idx, ?2 FROM entry_index WHERE subject = ?1 AND version = 1",
            plain(&texts),
        ),
        Link::Postgres(_) => (
            "INSERT INTO search (idx, words)
             SELECT idx, CAST(CAST(?2 AS text) AS tsvector) FROM entry_index WHERE subject = ?1 AND version = 1
             ON CONFLICT (idx) DO UPDATE SET words = excluded.words",
            numbered(&texts),
        ),
    };
    link.run(sql, values![subject, document]).map(drop)
}

/// Words as FTS5 takes them apart again; a word of two dots, which no text has, keeps texts apart.
fn plain(texts: &[Vec<words::Word>]) -> String {
    let mut document = String::new();
    for text in texts {
        for word in text {
            document.push_str(&word.form);
            document.push(' ');
        }
        document.push_str(APART);
    }
    document
}

/// A word that no question can have, since it is not of letters: FTS5 takes whatever is not ASCII for a letter.
const APART: &str = "… ";

/// Words with their places, as a `tsvector` is written.
fn numbered(texts: &[Vec<words::Word>]) -> String {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut place = 0;
    for text in texts {
        for word in text {
            place += 1;
            places.entry(&word.form).or_default().push(place);
        }
        // A place that no word has keeps texts apart.
        place += 1;
    }
    let mut document = String::new();
    for (word, places) in places {
        let places: Vec<String> = places.iter().take(MAX_PLACES).map(usize::to_string).collect();
        write!(document, "'{word}':{} ", places.join(",")).expect("a string takes everything");
    }
    document
}

/// Places of one word that PostgreSQL keeps.
const MAX_PLACES: usize = 255;

/// Indexes everything anew unless the index was made by today's rule.
///
/// # Errors
/// [`StoreError::Database`] and [`StoreError::Corrupt`]; then nothing was changed.
pub(crate) fn catch_up(link: Link<'_>) -> Result<()> {
    let doing = "index all words";
    if rule(link)? == Some(words::RULE) {
        return Ok(());
    }
    let transaction = link.write().map_err(StoreError::database(doing))?;
    // Looked at again under the lock: another process may have been faster.
    if rule(link)? == Some(words::RULE) {
        return Ok(());
    }
    let clear = link.dialect("INSERT INTO search (search) VALUES ('delete-all')", "DELETE FROM search");
    link.run(clear, values![]).map_err(StoreError::database(doing))?;
    let mut count = 0;
    for (kind, sql) in [
        ("event", "SELECT id, version, body FROM event WHERE id > ?1 ORDER BY id LIMIT ?2"),
        ("incident", "SELECT id, version, body FROM incident WHERE id > ?1 ORDER BY id LIMIT ?2"),
    ] {
        let mut last = String::new();
        loop {
            let row = |row: &crate::link::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(2)?));
            let rows = all(link, doing, sql, values![last, AT_ONCE], row)?;
            for (id, body) in &rows {
                let subject: uuid::Uuid = id.parse().map_err(StoreError::corrupt("the id of a subject"))?;
                let subject = match kind {
                    "event" => Subject::Event(EventId(subject)),
                    _ => Subject::Incident(IncidentId(subject)),
                };
                let state = State::read(subject, body).map_err(StoreError::corrupt(subject.to_string()))?;
                write(link, std::iter::once((subject, &state)))?;
            }
            count += rows.len();
            match rows.last() {
                Some((id, _)) => last.clone_from(id),
                None => break,
            }
        }
    }
    let keep = "INSERT INTO search_rule (\"only\", rule) VALUES (1, ?1)
                ON CONFLICT (\"only\") DO UPDATE SET rule = excluded.rule";
    link.run(keep, values![words::RULE]).map_err(StoreError::database(doing))?;
    transaction.commit().map_err(StoreError::database(doing))?;
    if count > 0 {
        tracing::info!(subjects = count, "the words of all events and incidents were indexed");
    }
    Ok(())
}

fn rule(link: Link<'_>) -> Result<Option<i64>> {
    one(link, "read the rule of the index", "SELECT rule FROM search_rule", values![], |row| row.get(0))
}
