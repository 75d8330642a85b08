//! Ingest: log lines become sightings, sightings become events on the desk.
//!
//! A flood is one row with a count: sightings are summed by rule × value × asset × window, folded into
//! one event, and the event is amended only when its count has doubled or a line of evidence is new.
//! What one batch of lines did, and how far the source was read, is one commit: a crash repeats nothing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::event::{
    EventChange, EvidenceLine, Intake, MAX_EVIDENCE_LINES, MAX_LINE_CHARS, Sightings, Source,
};
use fengsui_domain::id::EventId;
use fengsui_matcher::attention::{RULES, Watch};
pub use fengsui_matcher::record::Format;
use fengsui_matcher::record::{RecordParser, TimeContext, detect};
use fengsui_matcher::search::search_record;
use fengsui_store::{Commit, Side, SightingRow, SourceRow, StoreError};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::error::Result;
use crate::events::cut;
use crate::node::{MAX_TRIES, Service};

pub mod bulk;
pub mod follow;
mod live;
pub mod sources;
pub mod syslog;
mod title;

pub use title::Title;
use title::{ATTENTION, short};

/// Sightings of one value at one asset within this time are one row.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Sightings within this time of the last one are folded into the same event.
const SAME_EVENT: SignedDuration = SignedDuration::from_hours(24);
/// New events from one batch; further sightings are kept as rows without an event, and counted.
const MAX_NEW_EVENTS: usize = 50;
/// Lines looked at to tell the format of a source.
const SAMPLE_LINES: usize = 20;
/// Rejected lines of a batch that are logged one by one.
const MAX_LOGGED: usize = 5;
/// Evidence lines taken with the first sighting of something.
const FIRST_LINES: usize = 5;

/// One source of lines with what its reading has to remember.
pub struct Stream {
    /// Its name: a path, `syslog`, `stdin`, a token's name.
    name: String,
    parser: Option<RecordParser>,
    watch: Watch,
    zone: TimeZone,
    /// The number of the last line read.
    line: u64,
}

/// Something seen in a batch: rule, value, asset.
type Key = (String, String, String);

/// What was seen of one key in one batch.
struct Seen {
    /// Sightings in this batch, or for a rule of attention its whole count so far.
    count: u64,
    /// The count is the whole one, not to be added.
    total: bool,
    first_at: Timestamp,
    last_at: Timestamp,
    lines: Vec<EvidenceLine>,
    /// Only the address of an `ip:port` was seen: kept as a row, no event.
    weak: bool,
}

/// What a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ingested {
    /// Lines read.
    pub lines: u64,
    /// Lines that are no record of their format.
    pub rejected: u64,
    /// Lines with a hit or a rule of attention.
    pub sighted: u64,
    /// Events recorded or amended.
    pub events: u64,
}

impl Stream {
    /// A stream whose format is told from its first lines, unless given. `line` lines were read before.
    pub fn new(name: impl Into<String>, format: Option<Format>, zone: TimeZone, line: u64) -> Self {
        let parser = format.map(RecordParser::new);
        Self { name: name.into(), parser, watch: Watch::new(RULES), zone, line }
    }

    /// Begins again with line 1, in this format or in whatever comes. What it watches for goes on.
    fn restart(&mut self, format: Option<Format>) {
        self.line = 0;
        self.parser = format.map(RecordParser::new);
    }

    /// Lets the parser read header lines of a file that is taken up in the middle.
    pub fn prime(&mut self, lines: &[String]) {
        let format = detect::format(lines.iter().take(SAMPLE_LINES).map(String::as_str));
        let parser = self.parser.get_or_insert_with(|| RecordParser::new(format));
        for line in lines.iter().filter(|line| line.starts_with('#')) {
            // A header that cannot be read shows at the first row that needs it.
            let _ = parser.parse(line);
        }
    }

    /// Everything seen in a batch of lines, in the order of the keys.
    fn read(
        &mut self,
        service: &Service,
        lines: &[String],
        now: Timestamp,
    ) -> (BTreeMap<Key, Seen>, Ingested) {
        let index = service.index();
        let format = || detect::format(lines.iter().take(SAMPLE_LINES).map(String::as_str));
        let parser = self.parser.get_or_insert_with(|| RecordParser::new(format()));
        let context = TimeContext { reference: now, zone: self.zone.clone() };
        let (mut seen, mut done) = (BTreeMap::new(), Ingested::default());
        for text in lines {
            self.line += 1;
            done.lines += 1;
            let record = match parser.parse(text) {
                Ok(Some(record)) => record,
                Ok(None) => continue,
                Err(error) => {
                    done.rejected += 1;
                    if done.rejected <= MAX_LOGGED as u64 {
                        tracing::warn!(source = %self.name, line = self.line, %error, "a log line was rejected");
                    }
                    continue;
                }
            };
            let before: u64 = seen.values().map(|seen: &Seen| seen.count).sum();
            let envelope = record.envelope(&context);
            let at = envelope.timestamp.unwrap_or(now).min(now);
            let asset = envelope.host.unwrap_or(&self.name).to_owned();
            let evidence = |because: String| EvidenceLine {
                origin: self.name.clone(),
                line: Some(self.line),
                text: text.chars().take(MAX_LINE_CHARS).collect(),
                because,
            };
            let _ = search_record(&index, &record, self.line, &mut |hit| {
                let entry = &hit.entry;
                let key = (entry.source.to_owned(), entry.value.to_owned(), asset.clone());
                let because = format!("{} {} ({})", entry.kind.name(), entry.written, hit.field);
                add(&mut seen, key, at, hit.weak, 1, false, evidence(because));
                ControlFlow::Continue(())
            });
            self.watch.observe(self.line, &record, &context, &mut |_, attention| {
                let rule = &attention.rule;
                let key = (format!("{ATTENTION}{}", rule.id), attention.key.clone(), asset.clone());
                add(
                    &mut seen,
                    key,
                    attention.first_at,
                    false,
                    attention.count,
                    true,
                    evidence(rule.id.to_owned()),
                );
                let first = attention.first_at;
                if let Some(seen) =
                    seen.get_mut(&(format!("{ATTENTION}{}", rule.id), attention.key.clone(), asset.clone()))
                {
                    seen.first_at = seen.first_at.min(first);
                    seen.last_at = seen.last_at.max(attention.last_at);
                }
            });
            let after: u64 = seen.values().map(|seen| seen.count).sum();
            done.sighted += u64::from(after > before);
        }
        (seen, done)
    }
}

fn add(
    seen: &mut BTreeMap<Key, Seen>,
    key: Key,
    at: Timestamp,
    weak: bool,
    count: u64,
    total: bool,
    line: EvidenceLine,
) {
    let lines = Vec::new();
    let row = seen.entry(key).or_insert(Seen { count: 0, total, first_at: at, last_at: at, lines, weak });
    row.count = if total { count.max(row.count) } else { row.count + count };
    row.first_at = row.first_at.min(at);
    row.last_at = row.last_at.max(at);
    row.weak &= weak;
    if row.lines.len() < FIRST_LINES {
        row.lines.push(line);
    }
}

impl Service {
    /// Reads a batch of lines of a stream and writes what it did in one commit, with how far the source
    /// was read.
    pub async fn ingest(
        &self,
        stream: &mut Stream,
        lines: &[String],
        by: By,
        source: Option<SourceRow>,
    ) -> Result<Ingested> {
        let now = self.now();
        let (seen, mut done) = stream.read(self, lines, now);
        let source = source.map(|row| SourceRow { rejected: row.rejected + done.rejected, ..row });
        for _ in 0..MAX_TRIES {
            let (commit, events) = self.fold(&seen, &by, now).await?;
            let commit =
                source.clone().into_iter().fold(commit, |commit, row| commit.side(Side::Source(row)));
            if commit.batches.is_empty() && commit.sides.is_empty() {
                return Ok(done);
            }
            match self.inner.store.commit(commit).await {
                Ok(_) => {
                    done.events = events;
                    return Ok(done);
                }
                Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: stream.name.clone(), expected: 0, found: 0 }.into())
    }

    /// What was seen, as one commit: rows of sightings, events recorded or amended.
    async fn fold(&self, seen: &BTreeMap<Key, Seen>, by: &By, now: Timestamp) -> Result<(Commit, u64)> {
        let mut commit = Commit::new(by.clone(), now, None);
        let (mut new, mut events, mut left) = (0, 0, 0_u64);
        for ((rule, value, asset), seen) in seen {
            let window_at = window(seen.first_at);
            let store = &self.inner.store;
            let known = store.sighting_get(rule.clone(), value.clone(), asset.clone(), window_at).await?;
            let since = seen.last_at.saturating_sub(SAME_EVENT).unwrap_or(Timestamp::MIN);
            let recent = store.sighting_recent(rule.clone(), value.clone(), asset.clone(), since).await?;
            let event = known.as_ref().or(recent.as_ref()).and_then(|row| row.event.clone());
            let added = known.as_ref().map_or(0, |row| row.count);
            let mut row = SightingRow {
                rule: rule.clone(),
                value: value.clone(),
                asset: asset.clone(),
                window_at,
                count: if seen.total { seen.count.max(added) } else { seen.count + added },
                first_at: known.as_ref().map_or(seen.first_at, |row| row.first_at.min(seen.first_at)),
                last_at: known.as_ref().map_or(seen.last_at, |row| row.last_at.max(seen.last_at)),
                event: event.clone(),
            };
            let id = event.and_then(|id| id.parse::<EventId>().ok());
            if let Some(id) = id {
                if let Some((version, change)) = self.amend(id, &row, seen).await? {
                    commit = commit.batch(version, vec![Change::Event { of: id, change }]);
                    events += 1;
                }
            } else if !seen.weak && new < MAX_NEW_EVENTS {
                let (id, change) = self.new_event(&row, seen, now).await?;
                row.event = Some(id.to_string());
                commit = commit.batch(0, vec![Change::Event { of: id, change }]);
                new += 1;
                events += 1;
            } else if !seen.weak {
                left += 1;
            }
            commit = commit.side(Side::Sighting(row));
        }
        if left > 0 {
            tracing::warn!(left, "sightings were kept without an event, since one batch had too many");
        }
        Ok((commit, events))
    }

    /// The amendment of an event by more sightings, once its count has doubled or it lacks evidence.
    async fn amend(&self, id: EventId, row: &SightingRow, seen: &Seen) -> Result<Option<(u64, EventChange)>> {
        let event = self.event_or_not_found(id).await?;
        let known = event.value.sightings.as_ref();
        let before = known.map_or(0, |sightings| sightings.count);
        let earlier = known.filter(|known| known.last_at < row.window_at).map_or(0, |known| known.count);
        let count = row.count + earlier;
        let room = MAX_EVIDENCE_LINES - event.value.lines.len().min(MAX_EVIDENCE_LINES);
        if count < before.saturating_mul(2) && (room == 0 || event.value.lines.len() >= FIRST_LINES) {
            return Ok(None);
        }
        let sightings = Sightings {
            key: row.value.clone(),
            rule: row.rule.clone(),
            count: count.max(before),
            first_at: known.map_or(row.first_at, |known| known.first_at.min(row.first_at)),
            last_at: known.map_or(row.last_at, |known| known.last_at.max(row.last_at)),
        };
        let lines = cut(seen.lines.iter().take(room.min(FIRST_LINES)).cloned().collect());
        Ok(Some((event.version, EventChange::Sighted { sightings, lines })))
    }

    async fn new_event(
        &self,
        row: &SightingRow,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<(EventId, EventChange)> {
        let version = self.plan_in_force().await?;
        let number = self.next_number("E", &self.plan(&version)?.zone).await?;
        let intake = Intake {
            title: Title::of(&row.rule, &row.value, &row.asset).stored(),
            details: format!(
                "{} × {} @ {} ({})",
                row.count,
                short(&row.value),
                short(&row.asset),
                short(&row.rule)
            ),
            source: Source::Monitoring,
            sender: short(&row.rule),
            unit: short(&row.asset),
            asset: short(&row.asset),
            occurred_at: Some(row.first_at),
            // The unit becomes aware when the desk does: before that nobody had looked at the log.
            aware_at: now,
            points: BTreeMap::new(),
            reporter: None,
        };
        let sightings = Sightings {
            key: row.value.clone(),
            rule: row.rule.clone(),
            count: row.count,
            first_at: row.first_at,
            last_at: row.last_at,
        };
        let id = EventId(self.inner.environment.new_id());
        let lines = cut(seen.lines.clone());
        Ok((id, EventChange::Recorded { number, intake, lines, sightings: Some(sightings) }))
    }
}

/// The window an instant falls into.
fn window(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(WINDOW.as_secs())).unwrap_or(at)
}
