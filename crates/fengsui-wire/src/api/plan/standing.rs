//! Standing duties, as a plan has them.

use fengsui_domain::plan::{self, DutyKind, Test};

use super::{Text, roles};
use crate::api::{DutyCycle, DutyKindName, DutyTest};

/// A text that a record of a duty must have.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ProofField {
    /// Its id in the duty.
    pub id: String,
    /// Its name.
    pub title: Text,
}

/// A standing duty: what a plan asks for outside of incidents.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct StandingDuty {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// Any of these does it, or records that it was done.
    pub by: Vec<String>,
    /// When it is owed.
    pub kind: DutyKindName,
    /// The period, for a rhythm.
    pub every: Option<DutyCycle>,
    /// How often in each period, for a rhythm.
    pub times: u8,
    /// By which time of the period's last day, `HH:MM` in the plan's zone; its end if not said.
    pub by_time: Option<String>,
    /// A unit may set another period.
    pub settable: bool,
    /// What is vouched for, for a condition.
    pub test: Option<DutyTest>,
    /// The number of the test, if it has one.
    pub number: Option<u32>,
    /// Of what the number is.
    pub unit: Option<Text>,
    /// Months after which a condition is vouched for anew.
    pub renew_months: Option<u8>,
    /// Days until it is owed: from a change, or from the first use of a new version of a plan above.
    pub within_days: Option<u16>,
    /// The texts that a record must have.
    pub proof: Vec<ProofField>,
    /// A record must name a document.
    pub document: bool,
    /// Who gives a receipt for a record.
    pub receipts_from: Vec<String>,
    /// The clause of the receipts.
    pub receipts_clause: Option<String>,
    /// Who may extend it with a reason, on another person's asking; empty if nobody may.
    pub extendable_by: Vec<String>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}

impl From<&plan::StandingDuty> for StandingDuty {
    fn from(duty: &plan::StandingDuty) -> Self {
        let recurrence = duty.recurrence();
        let condition = match &duty.kind {
            DutyKind::Holds(condition) => Some(condition),
            _ => None,
        };
        let (number, unit) = match condition.map(|condition| &condition.test) {
            Some(Test::AtLeast { number, unit } | Test::MoreThan { number, unit }) => {
                (Some(*number), Some(Text::from(unit)))
            }
            _ => (None, None),
        };
        let within_days = match duty.kind {
            DutyKind::OnChange { within_days } | DutyKind::OnParent { within_days } => Some(within_days),
            _ => None,
        };
        let receipts = duty.receipts.as_ref();
        let field =
            |field: &plan::ProofField| ProofField { id: field.id.to_string(), title: (&field.title).into() };
        Self {
            id: duty.id.to_string(),
            title: (&duty.title).into(),
            clause: duty.clause.to_string(),
            by: roles(&duty.by),
            kind: (&duty.kind).into(),
            every: recurrence.map(|recurrence| recurrence.cycle.into()),
            times: recurrence.map_or(1, |recurrence| recurrence.times),
            by_time: recurrence.and_then(|recurrence| recurrence.by_time).map(clock),
            settable: recurrence.is_some_and(|recurrence| recurrence.settable),
            test: condition.map(|condition| (&condition.test).into()),
            number,
            unit,
            renew_months: condition.map(|condition| condition.renew_months),
            within_days,
            proof: duty.proof.iter().map(field).collect(),
            document: duty.document,
            receipts_from: receipts.map(|receipts| roles(&receipts.from)).unwrap_or_default(),
            receipts_clause: receipts.map(|receipts| receipts.clause.to_string()),
            extendable_by: roles(&duty.extendable_by),
            is_default: duty.is_default,
        }
    }
}

/// `17:30`
fn clock(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
