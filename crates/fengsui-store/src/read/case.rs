//! Reading events, incidents and the desk.

use fengsui_domain::change::Subject;
use fengsui_domain::event::Event;
use fengsui_domain::id::{EventId, IncidentId};
use fengsui_domain::incident::{Attached, Incident, PlanVersion};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::PlanId;
use jiff::Timestamp;
use serde_json::json;

use super::{ListQuery, decode, instant, version_and_body};
use crate::fold::State;
use crate::link::{Row, Value, all, one, values};
use crate::query::{
    Awaiting, Cursor, EventFilter, EventRow, IncidentFilter, IncidentRow, MAX_PAGE, OpenClock, Page,
};
use crate::row::Versioned;
use crate::store::Store;
use crate::tally::{CLOCK_OPEN, EVENT_STATE, INCIDENT_PHASE, INCIDENT_PLAN, counts};
use crate::{Result, StoreError};

/// Characters looked for in a list. SQLite refuses patterns above 50,000 bytes: 10,000 × 4 + 2 fit, and
/// no title, number or unit is as long.
const MAX_WORDS_CHARS: usize = 10_000;
/// Digits a number can have: those of `u64::MAX`.
const MAX_DIGITS: usize = 20;

impl Store {
    /// An event.
    pub async fn event_get(&self, id: EventId) -> Result<Option<Versioned<Event>>> {
        let known = self.state(Subject::Event(id)).await?;
        Ok(known.and_then(|(version, state)| match &*state {
            State::Event(event) => Some(Versioned { version, value: (**event).clone() }),
            _ => None,
        }))
    }

    /// Events, newest first.
    pub async fn event_list(
        &self,
        filter: EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<EventRow>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new("SELECT id, version, body FROM event");
        if let Some(state) = filter.state {
            query.and("state = ?", [text(state.as_str())]);
        }
        if let Some(source) = filter.source {
            query.and("source = ?", [text(source.as_str())]);
        }
        if let Some(words) = filter.text.as_deref() {
            query.and("(title LIKE ? ESCAPE '\\' OR number LIKE ? ESCAPE '\\')", [like(words), like(words)]);
        }
        if let Some(Cursor { at, id }) = after {
            query.and("(received_at, id) < (?, ?)", [at.into(), id.into()]);
        }
        self.read(move |c| {
            let row = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get(1)?, row.get(2)?));
            let rows = query.rows(c, "list events", " ORDER BY received_at DESC, id DESC", limit, row)?;
            let rows = rows.into_iter().map(|(id, version, body)| {
                let id = id.parse().map_err(StoreError::corrupt("the id of an event"))?;
                let Versioned { version, value } = decode("an event", (version, body))?;
                Ok(EventRow { id, version, event: value })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.event.received_at.as_microsecond(),
                id: row.id.to_string(),
            }))
        })
        .await
    }

    /// An incident.
    pub async fn incident_get(&self, id: IncidentId) -> Result<Option<Versioned<Incident>>> {
        let known = self.state(Subject::Incident(id)).await?;
        Ok(known.and_then(|(version, state)| match &*state {
            State::Incident(incident) => Some(Versioned { version, value: (**incident).clone() }),
            _ => None,
        }))
    }

    /// An incident by its number.
    pub async fn incident_by_number(&self, number: String) -> Result<Option<Versioned<Incident>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM incident WHERE number = ?1";
            let row = one(c, "read an incident", sql, values![number], version_and_body)?;
            row.map(|row| decode("an incident", row)).transpose()
        })
        .await
    }

    /// An event by its number.
    pub async fn event_by_number(&self, number: String) -> Result<Option<Versioned<Event>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM event WHERE number = ?1";
            let row = one(c, "read an event", sql, values![number], version_and_body)?;
            row.map(|row| decode("an event", row)).transpose()
        })
        .await
    }

    /// Incidents, newest first.
    pub async fn incident_list(
        &self,
        filter: IncidentFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<IncidentRow>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new(
            "SELECT id, version, number, phase, level, title, unit, opened_at,
                    (SELECT min(due_at) FROM clock WHERE clock.incident = incident.id)
             FROM incident",
        );
        if let Some(phase) = filter.phase {
            query.and("phase = ?", [phase.into()]);
        }
        if let Some(level) = filter.level {
            query.and("level = ?", [text(level.as_str())]);
        }
        if let Some(words) = filter.text.as_deref() {
            let condition =
                "(title LIKE ? ESCAPE '\\' OR number LIKE ? ESCAPE '\\' OR unit LIKE ? ESCAPE '\\')";
            query.and(condition, [like(words), like(words), like(words)]);
        }
        if let Some(parent) = filter.parent {
            query.and("parent = ?", [parent.to_string().into()]);
        }
        if let Some(Cursor { at, id }) = after {
            query.and("(opened_at, id) < (?, ?)", [at.into(), id.into()]);
        }
        self.read(move |c| {
            let order = " ORDER BY opened_at DESC, id DESC";
            let rows = query.rows(c, "list incidents", order, limit, |row| Ok(incident_row(row)))?;
            let rows = rows.into_iter().collect::<Result<Vec<_>>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.opened_at.as_microsecond(),
                id: row.id.to_string(),
            }))
        })
        .await
    }

    /// How many incidents are in each phase.
    pub async fn incident_counts(&self) -> Result<Vec<(String, u64)>> {
        self.read(|c| counts(c, INCIDENT_PHASE)).await
    }

    /// How many incidents were opened under each plan, by its id.
    pub async fn incident_counts_by_plan(&self) -> Result<Vec<(PlanId, u64)>> {
        let plans = self.read(|c| counts(c, INCIDENT_PLAN)).await?;
        Ok(plans.into_iter().map(|(plan, count)| (PlanId::new(plan), count)).collect())
    }

    /// How many events are in each state.
    pub async fn event_counts(&self) -> Result<Vec<(String, u64)>> {
        self.read(|c| counts(c, EVENT_STATE)).await
    }

    /// The highest number handed out for `prefix`, such as `E-2026-`; 0 if there is none.
    pub async fn number_last(&self, prefix: String) -> Result<u64> {
        // By length first: `E-2026-1000000` is higher than `E-2026-999999`, and both are found at once.
        let sql = "SELECT max(number) FROM (
                     SELECT max(number) AS number FROM event
                     WHERE length(number) = ?1 AND number > ?2 AND number < ?2 || ':'
                     UNION ALL
                     SELECT max(number) FROM incident
                     WHERE length(number) = ?1 AND number > ?2 AND number < ?2 || ':') AS highest";
        self.read(move |c| {
            let shortest = prefix.chars().count() + 1;
            for length in (shortest..shortest + MAX_DIGITS).rev() {
                let highest = one(c, "read the last number", sql, values![length, prefix], |row| row.get(0))?;
                let highest: Option<String> = highest.flatten();
                let digits = highest.as_deref().and_then(|number| number.strip_prefix(&prefix));
                if let Some(number) = digits.and_then(|digits| digits.parse().ok()) {
                    return Ok(number);
                }
            }
            Ok(0)
        })
        .await
    }

    /// Open duties, the most urgent first; of these bodies only, if given.
    pub async fn clock_list_open(
        &self,
        bodies: Option<Vec<String>>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<OpenClock>> {
        let limit = limit.clamp(1, MAX_PAGE);
        // Which other plans govern is looked up for the duties of those plans alone.
        let mut query = ListQuery::in_both([
            "SELECT clock.body, incident.id, number, title, level, confirmed, plan, plan_digest,
                 CASE WHEN instr(clock.body ->> '$.rule', '~') > 0 THEN incident.body -> '$.beside' END
             FROM clock JOIN incident ON incident.id = clock.incident",
            "SELECT clock.body, incident.id, number, title, level, confirmed, plan, plan_digest,
                 CASE WHEN strpos(CAST(clock.body AS jsonb) ->> 'rule', '~') > 0
                     THEN CAST(CAST(incident.body AS jsonb) -> 'beside' AS text) END
             FROM clock JOIN incident ON incident.id = clock.incident",
        ]);
        let most: Value<'_> = limit.saturating_add(1).into();
        // Of each body only what can come onto the page is looked at, however much it owes.
        match (bodies.map(|bodies| Value::from(json!(bodies).to_string())), after) {
            (None, None) => {}
            (None, Some(Cursor { at, id })) => {
                query.and("(due_at, clock.id) > (?, ?)", [at.into(), id.into()]);
            }
            (Some(bodies), None) => query.and(
                "clock.id IN (SELECT urgent.id FROM json_each(?) AS body CROSS JOIN clock AS urgent
                     WHERE urgent.id IN (SELECT own.id FROM clock AS own WHERE own.of_body = body.value
                                         ORDER BY own.due_at, own.id LIMIT ?))",
                [bodies, most],
            ),
            (Some(bodies), Some(Cursor { at, id })) => query.and(
                "clock.id IN (SELECT urgent.id FROM json_each(?) AS body CROSS JOIN clock AS urgent
                     WHERE urgent.id IN (SELECT own.id FROM clock AS own WHERE own.of_body = body.value
                                         AND (own.due_at, own.id) > (?, ?)
                                         ORDER BY own.due_at, own.id LIMIT ?))",
                [bodies, at.into(), id.into(), most],
            ),
        }
        self.read(move |c| {
            let row = |row: &Row<'_>| {
                let (body, incident): (String, String) = (row.get(0)?, row.get(1)?);
                let plan = PlanVersion { id: PlanId::new(row.get::<String>(6)?), digest: row.get(7)? };
                let plans = (plan, row.get::<Option<String>>(8)?);
                Ok((body, incident, row.get(2)?, row.get(3)?, row.get::<String>(4)?, row.get(5)?, plans))
            };
            let rows = query.rows(c, "list open clocks", " ORDER BY due_at, clock.id", limit, row)?;
            let rows = rows.into_iter().map(|(body, incident, number, title, level, confirmed, plans)| {
                let (plan, beside) = plans;
                let beside: Option<Vec<Attached>> = beside
                    .map(|beside| serde_json::from_str(&beside))
                    .transpose()
                    .map_err(StoreError::corrupt("the plans of an incident"))?;
                Ok(OpenClock {
                    clock: serde_json::from_str(&body).map_err(StoreError::corrupt("a clock"))?,
                    incident: incident.parse().map_err(StoreError::corrupt("the id of an incident"))?,
                    number,
                    title,
                    level: parse_level(&level)?,
                    confirmed,
                    plan,
                    beside: beside.into_iter().flatten().map(|attached| attached.plan).collect(),
                })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.clock.due_at.as_microsecond(),
                id: row.clock.id.to_string(),
            }))
        })
        .await
    }

    /// How many duties are open, and how many of them are due before `now`.
    pub async fn clock_counts(&self, now: Timestamp) -> Result<(u64, u64)> {
        // What is overdue changes with the time alone, so it is counted; it is no more than what is open.
        let sql = "SELECT count(*) FROM clock WHERE due_at <= ?1";
        let now = now.as_microsecond();
        self.read(move |c| {
            let open = counts(c, CLOCK_OPEN)?.first().map_or(0, |(_, open)| *open);
            let overdue = one(c, "count clocks", sql, values![now], |row| row.get(0))?;
            Ok((open, overdue.unwrap_or(0)))
        })
        .await
    }

    /// Incidents with a clock that has something to say by `now`, the most urgent first.
    pub async fn clock_list_waking(&self, now: Timestamp, limit: usize) -> Result<Vec<IncidentId>> {
        let sql = "SELECT incident FROM clock WHERE wakes_at <= ?1 GROUP BY incident ORDER BY min(wakes_at), incident LIMIT ?2";
        let now = now.as_microsecond();
        self.read(move |c| {
            let ids = all(c, "list waking clocks", sql, values![now, limit], |row| row.get::<String>(0))?;
            ids.iter().map(|id| id.parse().map_err(StoreError::corrupt("the id of an incident"))).collect()
        })
        .await
    }

    /// The next instant at which a clock has something to say.
    pub async fn clock_next_wake(&self) -> Result<Option<Timestamp>> {
        let sql = "SELECT min(wakes_at) FROM clock WHERE wakes_at IS NOT NULL";
        self.read(move |c| {
            let next =
                one(c, "read the next wake", sql, values![], |row| row.get::<Option<i64>>(0))?.flatten();
            Ok(next.map(instant))
        })
        .await
    }

    /// What waits for a decision, longest first.
    pub async fn awaiting_list(&self, limit: usize) -> Result<Vec<Awaiting>> {
        let sql = "SELECT what, ref, since, incident.id, number, title, level
                   FROM awaiting JOIN incident ON incident.id = awaiting.incident
                   ORDER BY since, awaiting.incident, what, ref LIMIT ?1";
        let limit = limit.clamp(1, MAX_PAGE);
        self.read(move |c| {
            let row = |row: &Row<'_>| {
                let (what, reference, since): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok((
                    what,
                    reference,
                    since,
                    row.get::<String>(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get::<String>(6)?,
                ))
            };
            let rows = all(c, "list what waits", sql, values![limit], row)?;
            let rows = rows.into_iter().map(|(what, reference, since, incident, number, title, level)| {
                Ok(Awaiting {
                    what,
                    reference,
                    since: instant(since),
                    incident: incident.parse().map_err(StoreError::corrupt("the id of an incident"))?,
                    number,
                    title,
                    level: parse_level(&level)?,
                })
            });
            rows.collect()
        })
        .await
    }
}

fn incident_row(row: &Row<'_>) -> Result<IncidentRow> {
    let get = |place: usize| row.get::<String>(place).map_err(StoreError::database("read an incident"));
    let number = |place: usize| row.get::<i64>(place).map_err(StoreError::database("read an incident"));
    let due: Option<i64> = row.get(8).map_err(StoreError::database("read an incident"))?;
    Ok(IncidentRow {
        id: get(0)?.parse().map_err(StoreError::corrupt("the id of an incident"))?,
        version: number(1)?.cast_unsigned(),
        number: get(2)?,
        phase: get(3)?,
        level: parse_level(&get(4)?)?,
        title: get(5)?,
        unit: get(6)?,
        opened_at: instant(number(7)?),
        next_due_at: due.map(instant),
    })
}

fn parse_level(text: &str) -> Result<IncidentLevel> {
    let unknown = || StoreError::Ledger { reason: format!("`{text}` is not a level") };
    IncidentLevel::parse(text).ok_or_else(unknown)
}

pub(crate) fn text(value: &str) -> Value<'static> {
    value.to_owned().into()
}

/// A pattern for text that stands anywhere, its own wildcards taken literally; cut where it is longer
/// than anything it could stand in.
pub(crate) fn like(text: &str) -> Value<'static> {
    let kept: String = text.chars().take(MAX_WORDS_CHARS).collect();
    let escaped = kept.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%").into()
}
