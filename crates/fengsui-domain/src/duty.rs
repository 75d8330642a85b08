//! Duty books: what a unit did about the standing duties of a plan.
//!
//! A [`Book`] is one unit under one plan: since when it is kept, which rhythm was set where the plan only says
//! "regularly", which deadlines were extended. A [`Record`] is one thing done, vouched for or changed; it is never
//! edited: a correction is a change of its own. How a duty stands at a time is worked out by [`state`] and stored
//! nowhere, so it says what the record says: done, done late, left out, broken, out of date. It judges nobody.
//! Units have no register of their own, so a book names its unit in words.
//! Source: `national-2017/6.1.b` to `6.4`; `jincheng-internet-2008/8.3`; `jincheng-egov-2008/4.1` to `4.5`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::actor::{Actor, By};
use crate::id::{BookId, RecordId};
use crate::incident::{PlanVersion, Receipt, Signed};
use crate::plan::{Cycle, Plan, PlanId, RoleId, RuleId, StandingDuty};

mod decide;
mod parent;
mod period;
pub mod state;

pub use decide::{Command, Opening, RecordCommand, RecordWords, decide, enter, open, revise};
pub use parent::{MAX_PARENT_VERSIONS, ParentSeen, ParentVersion, renewed};
pub use period::Period;

/// Texts that prove a record, at most: 7 × 2,000 characters and a document fit one change.
pub const MAX_PROOF_FIELDS: usize = 7;
/// Standing duties of one plan: each is a line of a page.
pub const MAX_DUTIES: usize = 60;
/// Extensions of one book: a hundred a year for five years.
pub const MAX_EXTENSIONS: usize = 500;
/// Days by which a deadline may be extended at once.
pub const MAX_EXTENSION_DAYS: i32 = 366;
/// The largest number vouched for: what every reader of JSON takes exactly, 2^53 - 1 (RFC 8259, section 6).
pub const MAX_NUMBER: u64 = (1 << 53) - 1;

/// The duty book of a unit under a plan, folded from its changes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Book {
    /// Its id.
    pub id: BookId,
    /// The plan; its version in use says what is owed.
    pub plan: PlanId,
    /// The unit.
    pub unit: String,
    /// The first day it is kept, in the plan's time zone.
    pub from: Date,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: By,
    /// Rhythms set for this unit.
    pub rhythms: BTreeMap<RuleId, Rhythm>,
    /// Deadlines extended, or asked to be.
    pub extensions: Vec<Extension>,
    /// Of each duty the latest due time that somebody was told of.
    pub told: BTreeMap<RuleId, Timestamp>,
    /// Versions of plans above that it has seen, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<ParentSeen>,
    /// It is no longer kept.
    pub closed: Option<Closing>,
}

/// A rhythm set for a unit where the plan says "regularly".
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rhythm {
    /// The period.
    pub cycle: Cycle,
    /// The day from which it counts; what came before is not counted again.
    pub since: Date,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub signed: Signed,
}

/// A deadline that is to be extended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extension {
    /// The duty.
    pub duty: RuleId,
    /// The first day of the period it is about.
    pub period: Date,
    /// The last day on which it is in time.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked: Signed,
    /// What was decided, by somebody else.
    pub decided: Option<ExtensionDecided>,
}

/// What was decided on an extension.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ExtensionDecided {
    /// It is granted.
    pub granted: bool,
    /// Why.
    pub reason: String,
    /// By whom.
    pub signed: Signed,
}

/// Why a book is no longer kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Closing {
    /// The reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// What happened to a book.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BookChange {
    /// It was opened.
    Opened {
        /// The plan.
        plan: PlanId,
        /// The unit.
        unit: String,
        /// The first day it is kept.
        from: Date,
        /// The plans above in the versions then in use.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parents: Vec<ParentVersion>,
    },
    /// A rhythm was set.
    RhythmSet {
        /// The duty.
        duty: RuleId,
        /// The rhythm.
        rhythm: Rhythm,
    },
    /// An extension was asked for.
    ExtensionAsked {
        /// What is asked.
        extension: Extension,
    },
    /// An extension was granted or refused.
    ExtensionDecided {
        /// The duty.
        duty: RuleId,
        /// The first day of the period.
        period: Date,
        /// What was decided.
        decided: ExtensionDecided,
    },
    /// Somebody was told that a duty is overdue.
    Told {
        /// The duty.
        duty: RuleId,
        /// When it was due; the entry's own time says when it was told.
        due_at: Timestamp,
        /// Who was told.
        to: Vec<RoleId>,
    },
    /// The node uses a version of a plan above that this book has not seen.
    ParentRenewed {
        /// Which one.
        version: ParentVersion,
    },
    /// It is no longer kept.
    Closed {
        /// Why.
        reason: String,
    },
}

/// One thing done, vouched for or changed, folded from its changes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The book.
    pub book: BookId,
    /// The duty.
    pub duty: RuleId,
    /// The plan in the version then in use.
    pub plan: PlanVersion,
    /// What it says.
    pub said: Said,
    /// When that was done, vouched for or changed (UTC).
    pub at: Timestamp,
    /// When it was entered (UTC).
    pub entered_at: Timestamp,
    /// Who entered it, for which body.
    pub signed: Signed,
    /// Receipts by body.
    pub receipts: BTreeMap<RoleId, Receipt>,
    /// How often it was corrected.
    pub corrections: u32,
    /// It does not count any more, and why.
    pub withdrawn: Option<Closing>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    /// The duty was done.
    Done {
        /// A day of the period it is for: another than that of the deed where it comes late.
        for_day: Date,
        /// The texts the plan asks for.
        proof: BTreeMap<RuleId, String>,
        /// Where the document is.
        document: Option<Document>,
    },
    /// A condition was vouched for.
    Vouched {
        /// What is so.
        value: Vouched,
        /// How that is known.
        basis: String,
    },
    /// What the duty is about was changed.
    Changed {
        /// What.
        what: String,
    },
}

/// What somebody vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Vouched {
    /// A number.
    Number(u64),
    /// A day, such as an expiry date.
    Day(Date),
    /// Whether it is so.
    Stated(bool),
}

/// A document kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Document {
    /// Its name, with version or number.
    pub title: String,
    /// Where it is kept.
    pub place: String,
    /// SHA-256 of its bytes in hex; empty if it is on paper.
    pub sha256: String,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecordChange {
    /// It was entered.
    Entered {
        /// The book.
        book: BookId,
        /// The duty.
        duty: RuleId,
        /// The plan in the version in use.
        plan: PlanVersion,
        /// What it says.
        said: Said,
        /// When that was done.
        at: Timestamp,
        /// Who entered it.
        signed: Signed,
    },
    /// It was corrected; all of it as it now stands. What stood before stays in the ledger.
    Corrected {
        /// What it says.
        said: Said,
        /// When that was done.
        at: Timestamp,
        /// Why.
        reason: String,
        /// By whom.
        signed: Signed,
    },
    /// A body gave its receipt.
    Receipted {
        /// The body.
        body: RoleId,
        /// The receipt.
        receipt: Receipt,
    },
    /// It was entered in error and does not count.
    Withdrawn {
        /// Why.
        reason: String,
    },
}

impl Book {
    /// The book that a first change makes; `None` for any other change.
    pub fn first(id: BookId, change: BookChange, at: Timestamp, by: By) -> Option<Self> {
        let BookChange::Opened { plan, unit, from, parents: versions } = change else { return None };
        let (rhythms, extensions, told) = Default::default();
        let (opened_at, opened_by, closed) = (at, by, None);
        let parents = Vec::new();
        let mut book =
            Self { id, plan, unit, from, opened_at, opened_by, rhythms, extensions, told, parents, closed };
        versions.into_iter().for_each(|version| book.see(version, at, false));
        Some(book)
    }

    /// Folds one more change in. Total: whatever the ledger holds was decided before.
    pub fn apply(&mut self, change: BookChange, at: Timestamp, by: By) {
        match change {
            BookChange::Opened { .. } => {}
            BookChange::RhythmSet { duty, rhythm } => drop(self.rhythms.insert(duty, rhythm)),
            BookChange::ExtensionAsked { extension } => self.extensions.push(extension),
            BookChange::ExtensionDecided { duty, period, decided } => {
                let open = self.extensions.iter_mut().rev().find(|extension| {
                    extension.duty == duty && extension.period == period && extension.decided.is_none()
                });
                open.into_iter().for_each(|extension| extension.decided = Some(decided.clone()));
            }
            BookChange::Told { duty, due_at, .. } => drop(self.told.insert(duty, due_at)),
            BookChange::ParentRenewed { version } => self.see(version, at, true),
            BookChange::Closed { reason } => self.closed = Some(Closing { reason, at, by }),
        }
    }

    /// The rhythm of a duty for this unit; none if it has no periods.
    pub fn cycle(&self, rule: &StandingDuty) -> Option<Cycle> {
        let set = self.rhythms.get(&rule.id).map(|rhythm| rhythm.cycle);
        set.or(rule.recurrence().map(|recurrence| recurrence.cycle))
    }

    /// The extension of a period that waits for a decision.
    pub fn open_extension(&self, duty: &RuleId, period: Date) -> Option<&Extension> {
        let about = |extension: &&Extension| extension.duty == *duty && extension.period == period;
        self.extensions.iter().filter(about).find(|extension| extension.decided.is_none())
    }

    /// The day until which a period was extended, as it was last granted.
    pub fn extended_until(&self, duty: &RuleId, period: Date) -> Option<Date> {
        let granted = |extension: &&Extension| {
            let decided = extension.decided.as_ref().is_some_and(|decided| decided.granted);
            decided && extension.duty == *duty && extension.period == period
        };
        self.extensions.iter().filter(granted).map(|extension| extension.until).max()
    }
}

impl Record {
    /// The record that a first change makes; `None` for any other change.
    pub fn first(id: RecordId, change: RecordChange, entered_at: Timestamp) -> Option<Self> {
        let RecordChange::Entered { book, duty, plan, said, at, signed } = change else { return None };
        let (receipts, corrections, withdrawn) = (BTreeMap::new(), 0, None);
        Some(Self { id, book, duty, plan, said, at, entered_at, signed, receipts, corrections, withdrawn })
    }

    /// Folds one more change in. Total: whatever the ledger holds was decided before.
    pub fn apply(&mut self, change: RecordChange, changed_at: Timestamp, by: By) {
        match change {
            RecordChange::Entered { .. } => {}
            RecordChange::Corrected { said, at, .. } => {
                (self.said, self.at) = (said, at);
                self.corrections += 1;
            }
            RecordChange::Receipted { body, receipt } => drop(self.receipts.insert(body, receipt)),
            RecordChange::Withdrawn { reason } => {
                self.withdrawn = Some(Closing { reason, at: changed_at, by });
            }
        }
    }

    /// It was not withdrawn.
    pub fn counts(&self) -> bool {
        self.withdrawn.is_none()
    }

    /// The bodies whose receipt is missing.
    pub fn unreceipted<'p>(&self, plan: &'p Plan) -> Vec<&'p RoleId> {
        let asked = plan.standing_duty(&self.duty).and_then(|duty| duty.receipts.as_ref());
        let from = asked.into_iter().flat_map(|receipts| &receipts.from);
        let done = matches!(self.said, Said::Done { .. }) && self.counts();
        from.filter(|body| done && !self.receipts.contains_key(*body)).collect()
    }
}

/// What a decision needs beside state and command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The plan of the book, in the version in use.
    pub plan: &'a Plan,
    /// Which version that is.
    pub version: &'a PlanVersion,
    /// Who asks.
    pub actor: &'a Actor,
    /// Bodies that at least one active account speaks for.
    pub manned: &'a std::collections::BTreeSet<RoleId>,
    /// The time.
    pub now: Timestamp,
}

impl Context<'_> {
    fn zone(&self) -> TimeZone {
        zone(self.plan)
    }

    fn today(&self) -> Date {
        self.now.to_zoned(self.zone()).date()
    }
}

/// The time zone in which a plan's days are counted.
pub fn zone(plan: &Plan) -> TimeZone {
    TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC)
}
