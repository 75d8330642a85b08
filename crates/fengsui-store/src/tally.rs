//! Roll-ups: how many rows of a list are in which part of it, kept in the transaction that changes them.
//!
//! A count is never asked of the rows themselves, which would read all of them. `verify` counts anew from the
//! record and compares.

use std::collections::BTreeMap;

use crate::fold::State;
use crate::link::{Answer, Link, all, values};
use crate::{Result, StoreError};

/// Events by state.
pub(crate) const EVENT_STATE: &str = "event.state";
/// Incidents by phase.
pub(crate) const INCIDENT_PHASE: &str = "incident.phase";
/// Incidents by the id of the plan that leads.
pub(crate) const INCIDENT_PLAN: &str = "incident.plan";
/// Open duties, in one part without a name.
pub(crate) const CLOCK_OPEN: &str = "clock.open";

/// By how much counts change, by list and part.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<(&'static str, String), i64>);

impl Tally {
    /// Counts a subject that was `before` and is `after`.
    pub(crate) fn count(&mut self, before: Option<&State>, after: &State) {
        before.into_iter().for_each(|before| self.add(before, -1));
        self.add(after, 1);
    }

    /// Adds what another counted.
    pub(crate) fn extend(&mut self, other: Self) {
        for (key, more) in other.0 {
            *self.0.entry(key).or_default() += more;
        }
    }

    fn add(&mut self, state: &State, sign: i64) {
        let mut put = |list, part: &str, count: i64| {
            *self.0.entry((list, part.to_owned())).or_default() += sign * count;
        };
        match state {
            State::Event(event) => put(EVENT_STATE, event.state().as_str(), 1),
            State::Incident(incident) => {
                put(INCIDENT_PHASE, incident.phase.name(), 1);
                put(INCIDENT_PLAN, incident.plan.id.as_str(), 1);
                put(CLOCK_OPEN, "", i64::try_from(incident.running().count()).unwrap_or(i64::MAX));
            }
            _ => {}
        }
    }

    /// Writes the changed counts; a count of none is no row.
    pub(crate) fn write(self, link: Link<'_>) -> Result<()> {
        let mut fallen = false;
        let mut put = || -> Answer<()> {
            for ((list, part), more) in self.0.iter().filter(|(_, more)| **more != 0) {
                fallen |= *more < 0;
                link.run(
                    "INSERT INTO tally (list, part, count) VALUES (?1, ?2, ?3)
                     ON CONFLICT (list, part) DO UPDATE SET count = tally.count + excluded.count",
                    values![list, part, *more],
                )?;
            }
            if fallen {
                link.run("DELETE FROM tally WHERE count = 0", values![])?;
            }
            Ok(())
        };
        put().map_err(StoreError::database("keep the counts"))
    }
}

/// The counts of a list, by part.
pub(crate) fn counts(link: Link<'_>, list: &'static str) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT part, count FROM tally WHERE list = ?1 ORDER BY part";
    all(link, "read the counts of a list", sql, values![list], |row| Ok((row.get(0)?, row.get(1)?)))
}
