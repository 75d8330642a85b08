//! What in a log deserves a person's attention although no indicator names it: repeated failed logins,
//! scanning, a login that succeeds after many failures.
//!
//! The rules are a table ([`RULES`]) that an operator may change. Time is the records' own, so a file of
//! last week gives the same answer as the live stream did. A flood gives one [`Attention`] for each rule,
//! host and key, updated as it goes on; a pause longer than the rule's window ends it. Everything that is
//! remembered has a limit, and what falls out is counted ([`WatchStats`]).

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::record::{Record, TimeContext};

pub mod signal;
mod watch;

pub use signal::{Sample, Signal};
pub use watch::Watch;

/// Keys that are remembered at once, over all rules. With [`MAX_RECENT`] samples of at most 400 bytes each
/// that is 256 MB at the very worst, all names at their longest; a few MB in practice.
pub const MAX_TRACKED_KEYS: usize = 10_000;
/// Samples of one key that are remembered one by one until its rule is met; older ones become one.
pub const MAX_RECENT: usize = 64;
/// Line numbers that an attention keeps: the first ones.
pub const MAX_LINES: usize = 10;
/// User names that an attention keeps.
pub const MAX_USERS: usize = 20;
/// Bytes of a key, a user name or a path.
pub const MAX_NAME_BYTES: usize = 128;

/// What must differ for two samples to count as two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distinct {
    /// Nothing: every sample counts.
    Any,
    /// The user name.
    User,
    /// The path that was asked for.
    Path,
}

/// A rule of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttentionRule {
    /// Its stable name.
    pub id: &'static str,
    /// Its title in Chinese.
    pub zh: &'static str,
    /// Its title in English.
    pub en: &'static str,
    /// What is counted, for each host and key (source address, client or account) by itself.
    pub counts: Signal,
    /// What must differ between counted samples.
    pub distinct: Distinct,
    /// What must follow the count before anyone is told; nothing if the count is enough.
    pub followed_by: Option<Signal>,
    /// How many within the window; at most [`MAX_RECENT`] where they must differ.
    pub threshold: u32,
    /// The window, and the pause that ends an attention.
    pub window: SignedDuration,
}

/// The rules that ship. The figures are ours: a person who mistypes stays below them, a tool does not.
pub const RULES: [AttentionRule; 6] = [
    AttentionRule {
        id: "login-failures",
        zh: "同一来源多次登录失败",
        en: "Repeated failed logins from one source",
        counts: Signal::LoginFailed,
        distinct: Distinct::Any,
        followed_by: None,
        threshold: 10,
        window: SignedDuration::from_mins(10),
    },
    AttentionRule {
        id: "unknown-users",
        zh: "同一来源尝试多个不存在的用户名",
        en: "Many unknown user names from one source",
        counts: Signal::UnknownUser,
        distinct: Distinct::User,
        followed_by: None,
        threshold: 5,
        window: SignedDuration::from_mins(10),
    },
    AttentionRule {
        id: "login-after-failures",
        zh: "多次失败后登录成功",
        en: "A login that succeeded after repeated failures",
        counts: Signal::LoginFailed,
        distinct: Distinct::Any,
        followed_by: Some(Signal::LoginAccepted),
        threshold: 5,
        window: SignedDuration::from_mins(10),
    },
    AttentionRule {
        id: "privilege-failures",
        zh: "同一账号多次提权失败",
        en: "Repeated failures of one account to gain privileges",
        counts: Signal::PrivilegeRefused,
        distinct: Distinct::Any,
        followed_by: None,
        threshold: 5,
        window: SignedDuration::from_mins(10),
    },
    AttentionRule {
        id: "web-refusals",
        zh: "同一客户端多次被拒绝访问",
        en: "Repeated refusals (401, 403) to one web client",
        counts: Signal::WebRefused,
        distinct: Distinct::Any,
        followed_by: None,
        threshold: 20,
        window: SignedDuration::from_mins(5),
    },
    AttentionRule {
        id: "web-scan",
        zh: "同一客户端扫描不存在的路径",
        en: "One web client asking for many paths that do not exist",
        counts: Signal::WebMissing,
        distinct: Distinct::Path,
        followed_by: None,
        threshold: 20,
        window: SignedDuration::from_mins(5),
    },
];

/// Something that deserves a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// The rule.
    pub rule: AttentionRule,
    /// The source address, the client, or the account.
    pub key: String,
    /// The host that wrote the records, if they name it.
    pub host: Option<String>,
    /// The time of the first counted sample.
    pub first_at: Timestamp,
    /// The time of the last one, or of what followed.
    pub last_at: Timestamp,
    /// Counted samples; a line that says "repeated 5 times" counts five times.
    pub count: u64,
    /// The lines of the first samples, at most [`MAX_LINES`].
    pub lines: Vec<u64>,
    /// User names that were seen, at most [`MAX_USERS`].
    pub users: BTreeSet<String>,
    /// Whether there were more user names than are kept.
    pub more_users: bool,
}

/// What an observation did to an attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The rule was met for the first time.
    Opened,
    /// It went on.
    Updated,
}

/// What became of the observed records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WatchStats {
    /// Records observed.
    pub records: u64,
    /// Samples that a rule counted.
    pub counted: u64,
    /// Samples left out because no record so far had a time.
    pub untimed: u64,
    /// Samples left out because they came later than the rule's window.
    pub late: u64,
    /// Keys forgotten because there were too many.
    pub forgotten: u64,
}

impl Watch {
    /// Observes one record; hands over each attention that it opens or updates, in the rules' order.
    ///
    /// A record without a time counts at the latest time seen so far.
    pub fn observe(
        &mut self,
        line: u64,
        record: &Record<'_>,
        context: &TimeContext,
        on: &mut dyn FnMut(Change, &Attention),
    ) {
        let envelope = record.envelope(context);
        self.count_record(envelope.timestamp);
        if let Some(sample) = signal::sample(record, &envelope) {
            self.take(line, envelope.host, &sample, on);
        }
    }
}

/// A name cut to [`MAX_NAME_BYTES`].
fn short(name: &str) -> &str {
    &name[..name.floor_char_boundary(MAX_NAME_BYTES)]
}

#[cfg(test)]
mod tests;
