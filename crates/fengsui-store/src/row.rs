//! Rows as the store hands them out.

use jiff::Timestamp;

/// A folded subject with the number of changes it has had, which is its `ETag`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    /// How many changes it has had.
    pub version: u64,
    /// The subject.
    pub value: T,
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie, in hex; the cookie itself is nowhere.
    pub hash: String,
    /// Whose.
    pub account: String,
    /// The token that forms must carry.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// What signed in, and from where; empty for a session that began before that was kept.
    pub device: String,
}

impl std::fmt::Debug for Session {
    /// Without the hash and the form token, which are as good as a signature in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Session");
        shown
            .field("account", &self.account)
            .field("seen_at", &self.seen_at)
            .field("expires_at", &self.expires_at);
        shown.finish_non_exhaustive()
    }
}

/// An earlier answer to the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// SHA-256 of method, path and body then.
    pub fingerprint: String,
    /// The answer, as JSON.
    pub answer: String,
}

/// One indicator of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorRow {
    /// Its kind.
    pub kind: String,
    /// The normalised value.
    pub value: String,
    /// As written in the list.
    pub written: String,
    /// The line it stood on.
    pub line: u64,
    /// Family or remark.
    pub note: String,
}

/// Sightings of one value at one asset in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SightingRow {
    /// The indicator list's name or the rule of attention.
    pub rule: String,
    /// The indicator's value or the rule's key.
    pub value: String,
    /// The host it was seen on.
    pub asset: String,
    /// When the window begins.
    pub window_at: Timestamp,
    /// How often.
    pub count: u64,
    /// First time.
    pub first_at: Timestamp,
    /// Last time.
    pub last_at: Timestamp,
    /// The event it was folded into.
    pub event: Option<String>,
}

/// How far a log source was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Its name: the path followed.
    pub name: String,
    /// Device of the file read.
    pub device: u64,
    /// Inode of the file read.
    pub inode: u64,
    /// Bytes of it that were read.
    pub offset: u64,
    /// Lines of it that were read.
    pub line: u64,
    /// Lines read since the source was first followed.
    pub lines: u64,
    /// Of these, rejected.
    pub rejected: u64,
    /// When it was last read.
    pub seen_at: Timestamp,
}
