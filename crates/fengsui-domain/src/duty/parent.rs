//! Plans above: whoever keeps a plan looks at it anew when the plan it rests on has a new version in force.
//!
//! A plan says in `beside` which plan stands above it. A book remembers which version of that plan its node used
//! when it was opened; each later one is a change that is recorded once, with its day, and from it the plan's own
//! duty counts ([`DutyKind::OnParent`](crate::plan::DutyKind::OnParent)). A plan above that is not at hand is no
//! error: it may be on another node; when it comes, it is new here and is looked at.
//! Source: `national-2017/8.1.b`, `jincheng-internet-2008/8.5.1.b`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Book, BookChange};
use crate::plan::{Plan, PlanId};

/// Versions of plans above that a book keeps in sight; older ones are in the ledger. A plan changes once a year
/// or so, a program that ships it more often.
pub const MAX_PARENT_VERSIONS: usize = 50;

/// A version of a plan above, as the node uses it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ParentVersion {
    /// The plan.
    pub plan: PlanId,
    /// SHA-256 over its files, in hex.
    pub digest: String,
    /// Its first day in force, in its own time zone.
    pub in_force_from: Date,
}

/// A version of a plan above that a book has seen.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ParentSeen {
    /// Which one.
    pub version: ParentVersion,
    /// When the node first used it while the book was kept, or when the book was opened.
    pub at: Timestamp,
    /// It came while the book was kept, so the plan below is to be looked at anew.
    pub new: bool,
}

/// Versions of plans above that are in use and that the book has not seen: one change for each.
pub fn renewed(book: &Book, plan: &Plan, in_use: &[ParentVersion]) -> Vec<BookChange> {
    if book.closed.is_some() {
        return Vec::new();
    }
    let above = in_use.iter().filter(|version| plan.parents().any(|parent| *parent == version.plan));
    let last = |id: &PlanId| book.parents.iter().rev().find(|seen| seen.version.plan == *id);
    let new = above.filter(|version| last(&version.plan).is_none_or(|seen| seen.version != **version));
    new.map(|version| BookChange::ParentRenewed { version: version.clone() }).collect()
}

impl Book {
    /// Keeps a version in sight, and lets go of the oldest beyond [`MAX_PARENT_VERSIONS`].
    pub(super) fn see(&mut self, version: ParentVersion, at: Timestamp, new: bool) {
        self.parents.push(ParentSeen { version, at, new });
        let surplus = self.parents.len().saturating_sub(MAX_PARENT_VERSIONS);
        self.parents.drain(..surplus);
    }

    /// New versions of plans above since `reviewed`, the latest first.
    pub(super) fn unreviewed(&self, reviewed: Option<Timestamp>) -> impl Iterator<Item = &ParentSeen> {
        let open = move |seen: &&ParentSeen| seen.new && reviewed.is_none_or(|at| at < seen.at);
        self.parents.iter().rev().filter(open)
    }
}
