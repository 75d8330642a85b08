//! Standing duties: what a plan asks of a body outside of incidents, in a rhythm, as a condition, or after a change.
//!
//! A pack says what is owed, by whom, how often and what proves it; what a unit did about it is in
//! [`crate::duty`]. "Regularly" has no figure in any document, so such a rhythm is ours, is marked so, and may
//! be set otherwise for a unit.
//! Source: `national-2017/6.1.b` to `6.4`, `8.1.a`; `jincheng-internet-2008/8.3.a` to `8.3.c`;
//! `jincheng-egov-2008/4.1.a` to `4.5.9`.

use jiff::civil::Time;

use super::{Clause, RoleId, RuleId, Text};
use crate::permission::named;

/// A standing duty of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingDuty {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// Any of these does it, or records that it was done.
    pub by: Vec<RoleId>,
    /// When it is owed.
    pub kind: DutyKind,
    /// What a record must say, each in a text.
    pub proof: Vec<ProofField>,
    /// A record must name a document.
    pub document: bool,
    /// Who gives a receipt for a record of it.
    pub receipts: Option<Receipts>,
    /// "In principle": who may extend it, with a reason and on another person's asking.
    pub extendable_by: Vec<RoleId>,
    /// The figure is ours, not the document's.
    pub is_default: bool,
}

/// When a standing duty is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyKind {
    /// A number of times in each period.
    Every(Recurrence),
    /// All the time, as a condition that somebody vouches for anew before long.
    Holds(Condition),
    /// Once, and again after each change of what it is about.
    OnChange {
        /// Days from the change, or from the first day, until it is owed.
        within_days: u16,
    },
    /// After each new version of a plan above this one that comes into use.
    OnParent {
        /// Days from the first use of the version until it is owed.
        within_days: u16,
    },
    /// Whenever there is something to record; nothing falls due.
    AsNeeded,
}

/// How often something is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// The period.
    pub cycle: Cycle,
    /// How often in each, 1 to 50.
    pub times: u8,
    /// By which time of the period's last day, in the plan's zone; its end if not said.
    pub by_time: Option<Time>,
    /// A unit may set another period: the document says "regularly".
    pub settable: bool,
}

named! {
    /// A period of the calendar.
    Cycle {
        /// A day.
        Day = "day",
        /// A day that is not off: Monday to Friday, but for the holidays that the pack knows.
        Workday = "workday",
        /// A week from Monday to Sunday.
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter of a year.
        Quarter = "quarter",
        /// Half a year.
        HalfYear = "half-year",
        /// A year.
        Year = "year",
    }
}

/// A condition that is to hold all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is vouched for.
    pub test: Test,
    /// Months after which somebody must vouch for it anew, 1 to 120.
    pub renew_months: u8,
}

/// What is vouched for, and what makes it hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A whole number, which holds from this one on.
    AtLeast {
        /// The smallest that holds.
        number: u32,
        /// Of what, such as 人 or km.
        unit: Text,
    },
    /// A whole number, which holds above this one.
    MoreThan {
        /// The largest that does not hold.
        number: u32,
        /// Of what.
        unit: Text,
    },
    /// A day until which it holds, such as an expiry date.
    NotPassed,
    /// That it is so, yes or no.
    Stated,
}

/// A text that a record of a duty must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofField {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
}

/// Who gives a receipt for a record: it is reported up, or filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// Each of these gives one.
    pub from: Vec<RoleId>,
    /// Where it comes from.
    pub clause: Clause,
}

impl StandingDuty {
    /// The rhythm, if it has one.
    pub fn recurrence(&self) -> Option<&Recurrence> {
        match &self.kind {
            DutyKind::Every(recurrence) => Some(recurrence),
            _ => None,
        }
    }
}
