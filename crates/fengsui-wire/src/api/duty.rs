//! Duty books, as the API shows them: what a unit owes outside of incidents, how it stands, what was recorded.

use std::collections::BTreeMap;

use fengsui_domain::duty::{self, state};
use fengsui_domain::plan::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::{By, DutyCycle, DutyOutcome, DutyStands, Receipt, Retirement, Signed, Text};

mod request;
mod table;

pub use request::{
    AskDutyExtension, CloseDutyBook, CorrectDutyRecord, DecideDutyExtension, DutyDocument, DutySaid,
    OpenDutyBook, ReceiptDutyRecord, RecordDuty, SetDutyRhythm, WithdrawDutyRecord,
};
pub use table::{DUTY_COLUMNS, duty_records_csv};

/// Whole days, in the plan's time zone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyPeriod {
    /// The first.
    #[schema(value_type = String, format = Date)]
    pub first: Date,
    /// The last.
    #[schema(value_type = String, format = Date)]
    pub last: Date,
}

impl From<duty::Period> for DutyPeriod {
    fn from(period: duty::Period) -> Self {
        Self { first: period.first, last: period.last }
    }
}

/// A period that is over.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyPast {
    /// The period.
    pub period: DutyPeriod,
    /// When it was due, with extensions.
    pub due_at: Timestamp,
    /// How often it was done.
    pub done: u32,
    /// What became of it.
    pub outcome: DutyOutcome,
}

/// A record that waits for receipts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyUnreceipted {
    /// Which one.
    pub record: Uuid,
    /// The bodies whose receipts are missing.
    pub from: Vec<String>,
}

/// A version of a plan above the book's own that the node has begun to use.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyParent {
    /// The plan above.
    pub plan: String,
    /// SHA-256 over its files, in hex: the name of the version.
    pub digest: String,
    /// Its first day in force.
    #[schema(value_type = String, format = Date)]
    pub in_force_from: Date,
    /// Since when the node has used it.
    pub since: Timestamp,
}

impl From<&duty::ParentSeen> for DutyParent {
    fn from(seen: &duty::ParentSeen) -> Self {
        Self {
            plan: seen.version.plan.to_string(),
            digest: seen.version.digest.clone(),
            in_force_from: seen.version.in_force_from,
            since: seen.at,
        }
    }
}

/// A rhythm set for a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyRhythm {
    /// The period.
    pub every: DutyCycle,
    /// The day from which it counts.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub signed: Signed,
}

/// A standing duty of a book as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyStanding {
    /// The duty, an id of the plan.
    pub duty: String,
    /// Its name.
    pub title: Text,
    /// Its clause.
    pub clause: String,
    /// How it stands.
    pub stands: DutyStands,
    /// Somebody should look at it.
    pub needs_attention: bool,
    /// The period it is about.
    pub period: Option<DutyPeriod>,
    /// When it falls due, or fell due, or stopped holding.
    pub due_at: Option<Timestamp>,
    /// The year of the period, if the duty is one of workdays and the plan does not know the days off of that year:
    /// Saturdays and Sundays alone are taken as off.
    pub holidays_unknown: Option<i16>,
    /// How often it was done in the period; of what has no rhythm, the records of the year.
    pub done: u32,
    /// How often it is to be done.
    pub times: u32,
    /// The rhythm set for this unit, if one was.
    pub rhythm: Option<DutyRhythm>,
    /// The latest record that counts.
    pub last_record: Option<Uuid>,
    /// When that was done.
    pub last_at: Option<Timestamp>,
    /// The latest due time that the bodies were told of.
    pub told_of: Option<Timestamp>,
    /// Periods that are over, the latest first: of days about a month, of years 3.
    pub past: Vec<DutyPast>,
    /// Records that wait for receipts, the latest first.
    pub unreceipted: Vec<DutyUnreceipted>,
    /// New versions of plans above that wait to be looked at, the latest first.
    pub parents: Vec<DutyParent>,
}

impl DutyStanding {
    /// A duty of a book.
    pub fn new(book: &duty::Book, standing: &state::Standing<'_>) -> Self {
        let rule = standing.duty;
        let past = standing.past.iter().map(|past| DutyPast {
            period: past.period.into(),
            due_at: past.due_at,
            done: past.done,
            outcome: past.outcome.into(),
        });
        let waits = standing.unreceipted.iter().map(|waits| DutyUnreceipted {
            record: waits.record.0,
            from: waits.from.iter().map(ToString::to_string).collect(),
        });
        let rhythm = book.rhythms.get(&rule.id).map(|rhythm| DutyRhythm {
            every: rhythm.cycle.into(),
            since: rhythm.since,
            reason: rhythm.reason.clone(),
            signed: (&rhythm.signed).into(),
        });
        Self {
            duty: rule.id.to_string(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            stands: standing.stands.into(),
            needs_attention: standing.stands.needs_attention(),
            period: standing.period.map(DutyPeriod::from),
            due_at: standing.due_at,
            holidays_unknown: standing.holidays_unknown,
            done: standing.done,
            times: standing.times,
            rhythm,
            last_record: standing.last.map(|(record, _)| record.0),
            last_at: standing.last.map(|(_, at)| at),
            told_of: book.told.get(&rule.id).copied(),
            past: past.collect(),
            unreceipted: waits.collect(),
            parents: standing.parents.iter().map(DutyParent::from).collect(),
        }
    }
}

/// A deadline that is to be extended, or was.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyExtension {
    /// The duty.
    pub duty: String,
    /// The first day of the period.
    #[schema(value_type = String, format = Date)]
    pub period: Date,
    /// The last day on which it is in time.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asked: Signed,
    /// Whether it was granted; absent while nobody decided.
    pub granted: Option<bool>,
    /// Why it was decided so.
    pub decision: Option<String>,
    /// Who decided.
    pub decided: Option<Signed>,
}

impl From<&duty::Extension> for DutyExtension {
    fn from(extension: &duty::Extension) -> Self {
        let decided = extension.decided.as_ref();
        Self {
            duty: extension.duty.to_string(),
            period: extension.period,
            until: extension.until,
            reason: extension.reason.clone(),
            asked: (&extension.asked).into(),
            granted: decided.map(|decided| decided.granted),
            decision: decided.map(|decided| decided.reason.clone()),
            decided: decided.map(|decided| (&decided.signed).into()),
        }
    }
}

/// A duty book in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyBookSummary {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// The unit.
    pub unit: String,
    /// The first day it is kept.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// It is no longer kept.
    pub closed: bool,
    /// Duties that somebody should look at: overdue, broken, out of date, or never vouched for.
    pub needs_attention: u32,
}

impl DutyBookSummary {
    /// A book in a list.
    pub fn new(version: u64, book: &duty::Book, standings: &[state::Standing<'_>]) -> Self {
        let attention = standings.iter().filter(|standing| standing.stands.needs_attention()).count();
        Self {
            id: book.id.0,
            version,
            plan: book.plan.to_string(),
            unit: book.unit.clone(),
            from: book.from,
            closed: book.closed.is_some(),
            needs_attention: u32::try_from(attention).unwrap_or(u32::MAX),
        }
    }
}

/// The duty book of a unit under a plan, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyBook {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had: its `ETag`. Records have versions of their own.
    pub version: u64,
    /// The plan.
    pub plan: String,
    /// The unit.
    pub unit: String,
    /// The first day it is kept.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: By,
    /// Every duty of the plan, in its order.
    pub duties: Vec<DutyStanding>,
    /// Deadlines extended, or asked to be.
    pub extensions: Vec<DutyExtension>,
    /// It is no longer kept, and why.
    pub closed: Option<Retirement>,
}

impl DutyBook {
    /// A book and how its duties stand.
    pub fn new(version: u64, book: &duty::Book, standings: &[state::Standing<'_>]) -> Self {
        Self {
            id: book.id.0,
            version,
            plan: book.plan.to_string(),
            unit: book.unit.clone(),
            from: book.from,
            opened_at: book.opened_at,
            opened_by: (&book.opened_by).into(),
            duties: standings.iter().map(|standing| DutyStanding::new(book, standing)).collect(),
            extensions: book.extensions.iter().map(DutyExtension::from).collect(),
            closed: book.closed.as_ref().map(closing),
        }
    }
}

fn closing(closing: &duty::Closing) -> Retirement {
    Retirement { reason: closing.reason.clone(), at: closing.at, by: (&closing.by).into() }
}

/// One thing done, vouched for or changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DutyRecord {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
    /// The book.
    pub book: Uuid,
    /// The duty.
    pub duty: String,
    /// SHA-256 of the plan's version under which it was entered.
    pub plan_digest: String,
    /// What it says.
    pub said: DutySaid,
    /// When that was done, vouched for or changed.
    pub at: Timestamp,
    /// When it was entered.
    pub entered_at: Timestamp,
    /// Who entered it, for which body.
    pub signed: Signed,
    /// Receipts by body.
    pub receipts: BTreeMap<String, Receipt>,
    /// The bodies whose receipt is missing.
    pub receipts_missing: Vec<String>,
    /// How often it was corrected; each correction stays in the ledger.
    pub corrections: u32,
    /// It does not count any more, and why.
    pub withdrawn: Option<Retirement>,
}

impl DutyRecord {
    /// A record of a book under this plan.
    pub fn new(version: u64, record: &duty::Record, plan: &Plan) -> Self {
        let receipts = record.receipts.iter();
        Self {
            id: record.id.0,
            version,
            book: record.book.0,
            duty: record.duty.to_string(),
            plan_digest: record.plan.digest.clone(),
            said: (&record.said).into(),
            at: record.at,
            entered_at: record.entered_at,
            signed: (&record.signed).into(),
            receipts: receipts.map(|(body, receipt)| (body.to_string(), receipt.into())).collect(),
            receipts_missing: record.unreceipted(plan).into_iter().map(ToString::to_string).collect(),
            corrections: record.corrections,
            withdrawn: record.withdrawn.as_ref().map(closing),
        }
    }
}
