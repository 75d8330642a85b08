//! What is written together: entries of one decision and everything that belongs to the same answer.

use std::sync::Arc;

use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use jiff::Timestamp;

use crate::row::{IndicatorRow, Session, SightingRow, SourceRow};

/// One decision, written whole or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Who decided.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// The request's id, as it stands in the logs.
    pub request: Option<String>,
    /// Changes, by subject.
    pub batches: Vec<Batch>,
    /// Working data that belongs to the same answer.
    pub sides: Vec<Side>,
}

/// Changes to one subject.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The version the decision was made on; 0 for a new subject.
    pub expected: u64,
    /// The changes, in order, all of the same subject.
    pub changes: Vec<Change>,
}

/// A repeatable request: the same key and actor is carried out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Whose key it is.
    pub actor: String,
    /// The key.
    pub key: String,
    /// SHA-256 of method, path and body, in hex.
    pub fingerprint: String,
}

/// Working data written with a commit.
#[derive(Clone)]
pub enum Side {
    /// A secret, put in place of the one of the same kind.
    SecretPut {
        /// Whose.
        subject: String,
        /// Its kind.
        kind: &'static str,
        /// Its stored form.
        value: String,
    },
    /// A secret is gone.
    SecretDrop {
        /// Whose.
        subject: String,
        /// Its kind.
        kind: &'static str,
    },
    /// A session begins.
    SessionPut(Session),
    /// A session was used.
    SessionSeen {
        /// Its hash.
        hash: String,
    },
    /// A session ends.
    SessionDrop {
        /// Its hash.
        hash: String,
    },
    /// All sessions of an account end.
    SessionDropAll {
        /// The account.
        account: String,
    },
    /// A one-time code was used.
    TotpUsed {
        /// Whose.
        account: String,
        /// Its time step.
        step: i64,
    },
    /// A request key was used; refused as [`crate::StoreError::Repeated`] if it was before.
    RequestKey {
        /// The key.
        key: RequestKey,
        /// The answer to repeat, as JSON.
        answer: String,
    },
    /// The indicators of a list, all of them; the record names their [digest](crate::indicators_digest).
    Indicators {
        /// The list's id.
        list: String,
        /// Its indicators; shared, since there may be millions of them.
        rows: Arc<[IndicatorRow]>,
    },
    /// A sighting, counts already summed.
    Sighting(SightingRow),
    /// How far a log source was read.
    Source(SourceRow),
}

/// What a commit became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The index of its first entry.
    pub first_index: u64,
    /// The size of the ledger after it.
    pub size: u64,
}

impl Commit {
    /// A commit without entries yet.
    pub fn new(by: By, at: Timestamp, request: Option<String>) -> Self {
        Self { by, at, request, batches: Vec::new(), sides: Vec::new() }
    }

    /// Adds changes to one subject; an empty list adds nothing.
    #[must_use]
    pub fn batch(mut self, expected: u64, changes: Vec<Change>) -> Self {
        if !changes.is_empty() {
            self.batches.push(Batch { expected, changes });
        }
        self
    }

    /// Adds working data.
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.sides.push(side);
        self
    }
}

impl std::fmt::Debug for Side {
    /// Names what is written; secrets, cookies and answers stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SecretPut { subject, kind, .. } => write!(f, "SecretPut({subject} {kind})"),
            Self::SecretDrop { subject, kind } => write!(f, "SecretDrop({subject} {kind})"),
            Self::SessionPut(session) => write!(f, "SessionPut({})", session.account),
            Self::SessionSeen { .. } => f.write_str("SessionSeen"),
            Self::SessionDrop { .. } => f.write_str("SessionDrop"),
            Self::SessionDropAll { account } => write!(f, "SessionDropAll({account})"),
            Self::TotpUsed { account, step } => write!(f, "TotpUsed({account} {step})"),
            Self::RequestKey { key, .. } => write!(f, "RequestKey({} {})", key.actor, key.key),
            Self::Indicators { list, rows } => write!(f, "Indicators({list}, {} rows)", rows.len()),
            Self::Sighting(row) => f.debug_tuple("Sighting").field(row).finish(),
            Self::Source(row) => f.debug_tuple("Source").field(row).finish(),
        }
    }
}
