//! Folding a record anew, into a scratch database of the same tables.

use std::collections::BTreeMap;

use fengsui_domain::account::{AccountChange, TokenChange};
use fengsui_domain::change::{Change, Entry, Subject};
use rusqlite::Connection;

use super::Wrong;
use crate::append::{put, put_index};
use crate::error::chain;
use crate::fold::{State, entry_kind};
use crate::link::Link;
use crate::sqlite::scratch;
use crate::tally::Tally;
use crate::{Result, StoreError};

/// Subjects being folded anew from entries.
pub(super) struct Fold {
    fresh: Connection,
    states: BTreeMap<Subject, (u64, State)>,
    secrets: BTreeMap<(String, String), String>,
}

/// Everything that follows from a record.
pub(super) struct Folded {
    /// The tables as they should be.
    pub(super) fresh: Connection,
    /// The SHA-256 of the stored form of each secret that is to be there, by subject and kind.
    pub(super) secrets: BTreeMap<(String, String), String>,
    /// Indicator lists: id to name and digest.
    pub(super) lists: BTreeMap<String, (String, String)>,
}

impl Fold {
    pub(super) fn new() -> Result<Self> {
        let fresh = scratch()?;
        // One transaction for all rows, or the scratch database would finish one for each.
        fresh.execute_batch("BEGIN").map_err(StoreError::database("begin to fold the record anew"))?;
        Ok(Self { fresh, states: BTreeMap::new(), secrets: BTreeMap::new() })
    }

    /// Folds one more entry in.
    pub(super) fn entry(&mut self, index: u64, bytes: &[u8], wrong: &mut Wrong) {
        let entry: Entry = match serde_json::from_slice(bytes) {
            Ok(entry) => entry,
            Err(error) => return wrong.push("ledger_entry", index, format!("it cannot be read: {error}")),
        };
        let subject = entry.change.subject();
        let (version, before) = self.states.remove(&subject).unzip();
        let last = version.unwrap_or(0);
        if entry.version != last + 1 {
            let problem = format!("it is version {} of `{subject}` after {last}", entry.version);
            wrong.push("ledger_entry", index, problem);
        }
        if let Err(error) =
            put_index(Link::Sqlite(&self.fresh), index, &entry, subject, &entry_kind(subject, bytes))
        {
            wrong.push("entry_index", index, chain(&error));
        }
        self.note_secret(subject, &entry.change);
        let version = entry.version;
        match State::after(before, entry) {
            Some(state) => {
                self.states.insert(subject, (version, state));
            }
            None => wrong.push("ledger_entry", index, format!("it cannot follow in `{subject}`")),
        }
    }

    /// Remembers the digest that the record gives for a secret, the latest one.
    fn note_secret(&mut self, subject: Subject, change: &Change) {
        let key = |kind: &str| (subject.to_string(), kind.to_owned());
        let (kind, digest) = match change {
            Change::Account { change: AccountChange::PasswordSet { digest }, .. } => {
                // The link that was used to set it is gone with it.
                self.secrets.remove(&key("link"));
                ("password", digest)
            }
            Change::Account { change: AccountChange::TotpSet { digest }, .. } => ("totp", digest),
            Change::Account { change: AccountChange::LinkMade { digest, .. }, .. } => ("link", digest),
            Change::Token { change: TokenChange::Created { digest, .. }, .. } => ("token", digest),
            Change::Account { change: AccountChange::TotpCleared, .. } => {
                self.secrets.remove(&key("totp"));
                return;
            }
            _ => return,
        };
        self.secrets.insert(key(kind), digest.clone());
    }

    /// Writes the folded subjects into their tables.
    pub(super) fn finish(self, wrong: &mut Wrong) -> Result<Folded> {
        let Self { fresh, states, secrets } = self;
        let (mut lists, mut tally) = (BTreeMap::new(), Tally::default());
        for (subject, (version, state)) in &states {
            if let Err(error) = put(Link::Sqlite(&fresh), *subject, *version, None, state) {
                wrong.push(
                    subject.kind(),
                    subject,
                    format!("the record says what cannot be: {}", chain(&error)),
                );
            }
            tally.count(None, state);
            if let State::List(list) = state {
                lists.insert(list.id.to_string(), (list.name.clone(), list.digest.clone()));
            }
        }
        tally.write(Link::Sqlite(&fresh))?;
        fresh.execute_batch("COMMIT").map_err(StoreError::database("fold the record anew"))?;
        Ok(Folded { fresh, secrets, lists })
    }
}
