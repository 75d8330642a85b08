//! Bodies of requests about duty books.

use std::collections::BTreeMap;

use fengsui_domain::duty;
use fengsui_domain::plan::{PlanId, RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use super::super::bounds::{id, integer, optional_text, part, parts, title};
use super::super::object::{object, object_or_none};
use super::super::whole::whole_or_none;
use crate::api::{DutyCycle, MediumText, NameInPlan, OptionalSha256, ShortText, TextsByName};

/// Characters of a SHA-256 in hex.
const SHA256_CHARS: usize = 64;

/// Reads a day, written `2026-11-23` and no other way.
fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    let read = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    read.ok_or_else(|| D::Error::custom("a day is written as in 2026-11-23"))
}

fn day_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)? else { return Ok(None) };
    day(serde::de::value::StringDeserializer::new(text)).map(Some)
}

/// Opens the duty book of a unit under a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDutyBook {
    /// The plan.
    #[schema(value_type = NameInPlan)]
    pub plan: String,
    /// The unit, in words: there is no register of units.
    #[schema(value_type = ShortText)]
    pub unit: String,
    /// The first day it is kept, in the plan's time zone. What began before is not counted.
    #[serde(deserialize_with = "day")]
    #[schema(value_type = String, format = Date)]
    pub from: Date,
}

impl OpenDutyBook {
    /// The plan and the words, each within its bound.
    pub fn parts(self) -> Result<(PlanId, duty::Opening), Refusal> {
        let unit = title("unit", self.unit)?;
        Ok((PlanId::new(id("plan", self.plan)?), duty::Opening { unit, from: self.from }))
    }
}

/// Sets the rhythm of a duty that the plan asks for "regularly".
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDutyRhythm {
    /// The duty.
    #[schema(value_type = NameInPlan)]
    pub duty: String,
    /// The period.
    pub every: DutyCycle,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<SetDutyRhythm> for duty::Command {
    type Error = Refusal;

    fn try_from(body: SetDutyRhythm) -> Result<Self, Refusal> {
        let (duty, reason) = (RuleId::new(id("duty", body.duty)?), part("reason", body.reason)?);
        Ok(Self::SetRhythm { duty, cycle: body.every.into(), reason })
    }
}

/// Asks for more time for a duty that may be extended "in principle". Another person grants it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskDutyExtension {
    /// The duty.
    #[schema(value_type = NameInPlan)]
    pub duty: String,
    /// A day of the period.
    #[serde(deserialize_with = "day")]
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// The last day on which it is to be in time: after the period's last, at most 366 days later.
    #[serde(deserialize_with = "day")]
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<AskDutyExtension> for duty::Command {
    type Error = Refusal;

    fn try_from(body: AskDutyExtension) -> Result<Self, Refusal> {
        let (duty, reason) = (RuleId::new(id("duty", body.duty)?), part("reason", body.reason)?);
        Ok(Self::AskExtension { duty, day: body.day, until: body.until, reason })
    }
}

/// Grants or refuses what another person asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDutyExtension {
    /// The duty.
    #[schema(value_type = NameInPlan)]
    pub duty: String,
    /// A day of the period.
    #[serde(deserialize_with = "day")]
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// Grant it.
    pub grant: bool,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<DecideDutyExtension> for duty::Command {
    type Error = Refusal;

    fn try_from(body: DecideDutyExtension) -> Result<Self, Refusal> {
        let (duty, reason) = (RuleId::new(id("duty", body.duty)?), part("reason", body.reason)?);
        Ok(Self::DecideExtension { duty, day: body.day, grant: body.grant, reason })
    }
}

/// Keeps a book no longer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseDutyBook {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<CloseDutyBook> for duty::Command {
    type Error = Refusal;

    fn try_from(body: CloseDutyBook) -> Result<Self, Refusal> {
        Ok(Self::Close { reason: part("reason", body.reason)? })
    }
}

/// A document kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyDocument {
    /// Its name, with version or number.
    #[schema(value_type = ShortText)]
    pub title: String,
    /// Where it is kept.
    #[schema(value_type = ShortText)]
    pub place: String,
    /// SHA-256 of its bytes in hex; empty if it is on paper.
    #[serde(default)]
    #[schema(value_type = OptionalSha256)]
    pub sha256: String,
}

/// What a record says: that a duty was done, what is so, or what was changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DutySaid {
    /// The duty was done.
    Done {
        /// A day of the period it is for; the day of the deed if not said. Another one where it comes late.
        #[serde(default, deserialize_with = "day_or_none")]
        #[schema(value_type = Option<String>, format = Date)]
        for_day: Option<Date>,
        /// The texts the plan asks for, by their ids.
        #[serde(default)]
        #[schema(value_type = TextsByName)]
        proof: BTreeMap<String, String>,
        /// Where the document is, if the plan asks for one or there is one.
        #[serde(default, deserialize_with = "object_or_none")]
        document: Option<DutyDocument>,
    },
    /// A condition was vouched for: one of number, day and stated, as the plan's test asks.
    Vouched {
        /// The number that was found.
        #[serde(default, deserialize_with = "whole_or_none")]
        #[schema(minimum = 0, maximum = 9_007_199_254_740_991.0)]
        number: Option<u64>,
        /// The day until which it holds, such as an expiry date.
        #[serde(default, deserialize_with = "day_or_none")]
        #[schema(value_type = Option<String>, format = Date)]
        day: Option<Date>,
        /// Whether it is so.
        #[serde(default)]
        stated: Option<bool>,
        /// How that is known.
        #[schema(value_type = MediumText)]
        basis: String,
    },
    /// What the duty is about was changed; from here on it is owed anew.
    Changed {
        /// What.
        #[schema(value_type = MediumText)]
        what: String,
    },
}

impl DutySaid {
    /// The words, each within its bound; `day` is that of the deed.
    fn words(self, day: Date) -> Result<duty::Said, Refusal> {
        Ok(match self {
            Self::Done { for_day, proof, document } => duty::Said::Done {
                for_day: for_day.unwrap_or(day),
                proof: parts("proof", proof)?,
                document: document.map(DutyDocument::bounded).transpose()?,
            },
            Self::Vouched { number, day, stated, basis } => {
                let value = match (number, day, stated) {
                    (Some(number), None, None) => duty::Vouched::Number(integer("number", number, 0)?),
                    (None, Some(day), None) => duty::Vouched::Day(day),
                    (None, None, Some(stated)) => duty::Vouched::Stated(stated),
                    (None, None, None) => return Err(Refusal::Missing { field: "value" }),
                    _ => {
                        let value = "more than one of number, day and stated".to_owned();
                        return Err(Refusal::Unknown { field: "value", value });
                    }
                };
                duty::Said::Vouched { value, basis: part("basis", basis)? }
            }
            Self::Changed { what } => duty::Said::Changed { what: part("what", what)? },
        })
    }
}

impl DutyDocument {
    fn bounded(self) -> Result<duty::Document, Refusal> {
        Ok(duty::Document {
            title: title("document", self.title)?,
            place: title("place", self.place)?,
            sha256: optional_text("sha256", self.sha256, SHA256_CHARS)?,
        })
    }
}

impl From<&duty::Said> for DutySaid {
    fn from(said: &duty::Said) -> Self {
        match said {
            duty::Said::Done { for_day, proof, document } => Self::Done {
                for_day: Some(*for_day),
                proof: proof.iter().map(|(id, text)| (id.to_string(), text.clone())).collect(),
                document: document.as_ref().map(|document| DutyDocument {
                    title: document.title.clone(),
                    place: document.place.clone(),
                    sha256: document.sha256.clone(),
                }),
            },
            duty::Said::Vouched { value, basis } => {
                let (mut number, mut day, mut stated) = (None, None, None);
                match value {
                    duty::Vouched::Number(found) => number = Some(*found),
                    duty::Vouched::Day(found) => day = Some(*found),
                    duty::Vouched::Stated(found) => stated = Some(*found),
                }
                Self::Vouched { number, day, stated, basis: basis.clone() }
            }
            duty::Said::Changed { what } => Self::Changed { what: what.clone() },
        }
    }
}

/// Records what was done about a duty, or vouches for a condition.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordDuty {
    /// The duty.
    #[schema(value_type = NameInPlan)]
    pub duty: String,
    /// When it was done, vouched for or changed.
    pub at: Timestamp,
    /// What it says.
    #[serde(deserialize_with = "object")]
    pub said: DutySaid,
}

impl RecordDuty {
    /// The duty and the words; days are counted in `zone`.
    pub fn parts(self, zone: &TimeZone) -> Result<(RuleId, duty::RecordWords), Refusal> {
        let said = self.said.words(self.at.to_zoned(zone.clone()).date())?;
        Ok((RuleId::new(id("duty", self.duty)?), duty::RecordWords { said, at: self.at }))
    }
}

/// Corrects a record: other words in the place of all it said. What stood before stays in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectDutyRecord {
    /// When it was done, vouched for or changed.
    pub at: Timestamp,
    /// What it says, all of it.
    #[serde(deserialize_with = "object")]
    pub said: DutySaid,
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl CorrectDutyRecord {
    /// The command; days are counted in `zone`.
    pub fn command(self, zone: &TimeZone) -> Result<duty::RecordCommand, Refusal> {
        let said = self.said.words(self.at.to_zoned(zone.clone()).date())?;
        let words = duty::RecordWords { said, at: self.at };
        Ok(duty::RecordCommand::Correct { words, reason: part("reason", self.reason)? })
    }
}

/// Records a body's receipt for a record that is reported or filed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptDutyRecord {
    /// The body that gave it.
    #[schema(value_type = NameInPlan)]
    pub body: String,
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    #[schema(value_type = ShortText)]
    pub reference: String,
}

impl TryFrom<ReceiptDutyRecord> for duty::RecordCommand {
    type Error = Refusal;

    fn try_from(body: ReceiptDutyRecord) -> Result<Self, Refusal> {
        let reference = title("reference", body.reference)?;
        Ok(Self::Receipt { body: RoleId::new(id("body", body.body)?), at: body.at, reference })
    }
}

/// Takes a record out of account that was entered in error. It stays in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawDutyRecord {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<WithdrawDutyRecord> for duty::RecordCommand {
    type Error = Refusal;

    fn try_from(body: WithdrawDutyRecord) -> Result<Self, Refusal> {
        Ok(Self::Withdraw { reason: part("reason", body.reason)? })
    }
}
