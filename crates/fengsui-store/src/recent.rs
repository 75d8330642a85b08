//! States as they stood last, so that what was written a moment ago is not read from its text again.
//!
//! A state is handed out only for the version that stands in the database. Versions count up by one with each
//! entry of a subject, and a ledger is never continued in two ways (`head` refuses that), so the same version
//! is the same state, whichever process wrote it. What was not synced never comes in here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fengsui_domain::change::Subject;

use crate::fold::State;
use crate::link::{Link, Value, one, values};
use crate::postgres::Ask;
use crate::read::version_and_body;
use crate::{Result, StoreError};

/// Bytes of stored text whose states are kept: 8 MiB are some 500 incidents of 16 KiB, and three times that in
/// memory.
const MAX_BYTES: usize = 8 << 20;
/// A state above this is not kept, so that one huge incident does not drive out all others.
const MAX_STATE_BYTES: usize = 1 << 20;

/// The states written or read last.
#[derive(Default)]
pub(crate) struct Recent(Mutex<States>);

#[derive(Default)]
struct States {
    kept: BTreeMap<Subject, Kept>,
    /// Of all that is kept.
    bytes: usize,
    /// Counts uses, so that what was not used for longest goes first.
    uses: u64,
}

/// A state at a version.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) version: u64,
    pub(crate) state: Arc<State>,
    /// Of its stored text.
    pub(crate) bytes: usize,
    used: u64,
}

impl Kept {
    pub(crate) fn new(version: u64, state: Arc<State>, bytes: usize) -> Self {
        Self { version, state, bytes, used: 0 }
    }
}

impl Recent {
    /// The state of a subject at exactly this version.
    fn at(&self, subject: Subject, version: u64) -> Option<Arc<State>> {
        let mut states = self.lock();
        states.uses += 1;
        let used = states.uses;
        let kept = states.kept.get_mut(&subject).filter(|kept| kept.version == version)?;
        kept.used = used;
        Some(Arc::clone(&kept.state))
    }

    /// Keeps a state, unless a later one is there: whoever reads may look at an older picture.
    pub(crate) fn keep(&self, subject: Subject, state: Kept) {
        let mut states = self.lock();
        if states.kept.get(&subject).is_some_and(|kept| kept.version > state.version) {
            return;
        }
        states.uses += 1;
        let state = Kept { used: states.uses, ..state };
        let (bytes, fits) = (state.bytes, state.bytes <= MAX_STATE_BYTES);
        let before = if fits { states.kept.insert(subject, state) } else { states.kept.remove(&subject) };
        states.bytes -= before.map_or(0, |kept| kept.bytes);
        states.bytes += if fits { bytes } else { 0 };
        while states.bytes > MAX_BYTES {
            let oldest = states.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(subject, _)| *subject);
            let gone = oldest.and_then(|oldest| states.kept.remove(&oldest));
            states.bytes -= gone.map_or(states.bytes, |kept| kept.bytes);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.lock() = States::default();
    }

    /// A holder that panicked left a whole map behind: every change of it is one assignment after another.
    fn lock(&self) -> MutexGuard<'_, States> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What [`load`] will ask about a subject at this version, 0 for one that is new.
pub(crate) fn asks_load(recent: &Recent, subject: Subject, expected: u64) -> Vec<Ask<'static>> {
    let place = Place::of(subject);
    let key = || vec![Value::Text(place.key.clone().into())];
    let mut asks = vec![(place.version, key())];
    if expected > 0 && recent.at(subject, expected).is_none() {
        asks.push((place.body, key()));
    }
    asks
}

/// The state of a subject with its version; `None` if there is no such subject.
///
/// # Errors
/// [`StoreError::Database`] and [`StoreError::Corrupt`].
pub(crate) fn load(link: Link<'_>, recent: &Recent, subject: Subject) -> Result<Option<Kept>> {
    let place = Place::of(subject);
    let doing = "read the state of a subject";
    let version = one(link, doing, place.version, values![&place.key], |row| row.get(0))?;
    let Some(version) = version else { return Ok(None) };
    if let Some(state) = recent.at(subject, version) {
        return Ok(Some(Kept::new(version, state, 0)));
    }
    // Version and text in one statement, since others may write between two.
    let row = one(link, doing, place.body, values![&place.key], version_and_body)?;
    let Some((version, body)) = row else { return Ok(None) };
    let state = State::read(subject, &body).map_err(StoreError::corrupt(subject.to_string()))?;
    let kept = Kept::new(version, Arc::new(state), body.len());
    recent.keep(subject, kept.clone());
    Ok(Some(kept))
}

/// Where the row of a subject is.
struct Place {
    version: &'static str,
    body: &'static str,
    key: String,
}

impl Place {
    fn of(subject: Subject) -> Self {
        macro_rules! place {
            ($row:literal, $key:expr) => {
                Self {
                    version: concat!("SELECT version FROM ", $row),
                    body: concat!("SELECT version, body FROM ", $row),
                    key: $key,
                }
            };
        }
        match subject {
            Subject::Node => place!("node WHERE CAST(\"only\" AS text) = ?1", "1".to_owned()),
            Subject::Account(id) => place!("account WHERE id = ?1", id.to_string()),
            Subject::Token(id) => place!("token WHERE id = ?1", id.to_string()),
            Subject::Event(id) => place!("event WHERE id = ?1", id.to_string()),
            Subject::Incident(id) => place!("incident WHERE id = ?1", id.to_string()),
            Subject::List(id) => place!("list WHERE id = ?1", id.to_string()),
            Subject::Resource(id) => place!("resource WHERE id = ?1", id.to_string()),
            Subject::DutyBook(id) => place!("duty_book WHERE id = ?1", id.to_string()),
            Subject::DutyRecord(id) => place!("duty_record WHERE id = ?1", id.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
