//! What is asked of events.

use std::collections::BTreeMap;

use fengsui_domain::event::{self, MAX_EVIDENCE_LINES, MAX_LINE_CHARS};
use fengsui_domain::limits::{MAX_BESIDE, MAX_ITEMS, MAX_TEXT_CHARS};
use fengsui_domain::plan::RuleId;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::EvidenceLine;
use crate::api::bounds::{
    count, id, integer, optional_part, optional_text, optional_title, part, parts, title,
};
use crate::api::object::objects;
use crate::api::{
    FactValue, FactValuesByName, IncidentLevel, MediumText, NameInPlan, OptionalLongText, OptionalMediumText,
    OptionalShortText, ShortText, Source, TextsByName,
};

/// An event as somebody reports it: four fields are enough, the rest can follow.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordEvent {
    /// One line.
    #[schema(value_type = ShortText)]
    pub title: String,
    /// What happened.
    #[serde(default)]
    #[schema(value_type = OptionalLongText)]
    pub details: String,
    /// Where the information came from.
    pub source: Source,
    /// Who sent it: a body or a system, not a private person.
    #[schema(value_type = ShortText)]
    pub sender: String,
    /// The unit where it happened.
    #[schema(value_type = ShortText)]
    pub unit: String,
    /// The host, system or site concerned.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub asset: String,
    /// When it is believed to have happened.
    #[serde(default)]
    pub occurred_at: Option<Timestamp>,
    /// When the unit became aware of it; now, if not said. Clocks count from here.
    #[serde(default)]
    pub aware_at: Option<Timestamp>,
    /// The plan's points of intake, by their ids; each at most 2,000 characters.
    #[serde(default)]
    #[schema(value_type = TextsByName)]
    pub points: BTreeMap<String, String>,
    /// Name and contact of a reporting person; kept sealed.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub reporter: String,
    /// Lines of a log kept as evidence.
    #[serde(default, deserialize_with = "objects")]
    #[schema(max_items = 20)]
    pub lines: Vec<EvidenceLine>,
}

impl RecordEvent {
    /// The body with every text within its bound.
    pub fn bounded(self) -> Result<Self, Refusal> {
        count("lines", self.lines.len(), MAX_EVIDENCE_LINES)?;
        let lines = self.lines.into_iter().map(EvidenceLine::bounded);
        Ok(Self {
            title: title("title", self.title)?,
            details: optional_text("details", self.details, MAX_TEXT_CHARS)?,
            sender: title("sender", self.sender)?,
            unit: title("unit", self.unit)?,
            asset: optional_title("asset", self.asset)?,
            reporter: optional_title("reporter", self.reporter)?,
            lines: lines.collect::<Result<_, Refusal>>()?,
            ..self
        })
    }

    /// The points by the plan's ids.
    pub fn points(&self) -> Result<BTreeMap<RuleId, String>, Refusal> {
        parts("points", self.points.clone())
    }
}

impl EvidenceLine {
    /// The line with its number and every text within its bound.
    fn bounded(self) -> Result<Self, Refusal> {
        Ok(Self {
            origin: optional_title("lines.origin", self.origin)?,
            line: self.line.map(|number| integer("lines.line", number, 1)).transpose()?,
            text: optional_text("lines.text", self.text, MAX_LINE_CHARS)?,
            because: optional_title("lines.because", self.because)?,
        })
    }
}

impl From<EvidenceLine> for event::EvidenceLine {
    fn from(line: EvidenceLine) -> Self {
        let EvidenceLine { origin, line, text, because } = line;
        Self { origin, line, text, because }
    }
}

/// What is known better now; a field left out or `null` stays as it is.
#[derive(Clone, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmendEvent {
    /// One line.
    #[schema(value_type = Option<ShortText>)]
    pub title: Option<String>,
    /// What happened.
    #[schema(value_type = Option<OptionalLongText>)]
    pub details: Option<String>,
    /// Where the information came from.
    pub source: Option<Source>,
    /// Who sent it.
    #[schema(value_type = Option<ShortText>)]
    pub sender: Option<String>,
    /// The unit where it happened.
    #[schema(value_type = Option<ShortText>)]
    pub unit: Option<String>,
    /// The host, system or site concerned.
    #[schema(value_type = Option<OptionalShortText>)]
    pub asset: Option<String>,
    /// When it is believed to have happened.
    pub occurred_at: Option<Timestamp>,
    /// When the unit became aware of it.
    pub aware_at: Option<Timestamp>,
    /// Points of intake to write or replace, by their ids; the others stay.
    #[schema(value_type = TextsByName)]
    pub points: BTreeMap<String, String>,
    /// Name and contact of a reporting person; kept sealed.
    #[schema(value_type = Option<OptionalShortText>)]
    pub reporter: Option<String>,
}

impl AmendEvent {
    /// The whole event as it would be recorded with these amendments.
    ///
    /// A reporter not given stays sealed as it was: the service keeps it, since nobody can read it here.
    pub fn onto(self, event: &event::Event) -> Result<RecordEvent, Refusal> {
        let before = &event.intake;
        let amended = RecordEvent {
            title: self.title.unwrap_or_else(|| before.title.clone()),
            details: self.details.unwrap_or_else(|| before.details.clone()),
            source: self.source.unwrap_or_else(|| before.source.into()),
            sender: self.sender.unwrap_or_else(|| before.sender.clone()),
            unit: self.unit.unwrap_or_else(|| before.unit.clone()),
            asset: self.asset.unwrap_or_else(|| before.asset.clone()),
            occurred_at: self.occurred_at.or(before.occurred_at),
            aware_at: self.aware_at.or(Some(before.aware_at)),
            points: self.points,
            reporter: self.reporter.unwrap_or_default(),
            lines: Vec::new(),
        };
        amended.bounded()
    }
}

/// What triage finds: exactly one of three.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum TriageEvent {
    /// A security event: an incident is opened, and its clocks start.
    Incident {
        /// The plan it is opened under, by its id: one that is in force today. If left out, the node's own.
        #[serde(default)]
        #[schema(value_type = Option<NameInPlan>)]
        plan: Option<String>,
        /// Other plans that govern it too, by their ids; all duties of all plans apply.
        #[serde(default)]
        #[schema(value_type = Vec<NameInPlan>, max_items = 8)]
        beside: Vec<String>,
        /// One line; the event's title if left out.
        #[serde(default)]
        #[schema(value_type = OptionalShortText)]
        title: String,
        /// Its class in the plan's taxonomy.
        #[schema(value_type = NameInPlan)]
        category: String,
        /// The provisional level: the higher one when unsure.
        level: IncidentLevel,
        /// Why this level.
        #[serde(default)]
        #[schema(value_type = OptionalMediumText)]
        reason: String,
        /// Answers to the plan's facts that are already known, by the facts' ids.
        #[serde(default)]
        #[schema(value_type = FactValuesByName)]
        answers: BTreeMap<String, FactValue>,
        /// The incident it is derived from.
        #[serde(default)]
        parent: Option<Uuid>,
    },
    /// A false alarm: dealt with by the duty officer.
    FalsePositive {
        /// Why it is one.
        #[schema(value_type = MediumText)]
        reason: String,
        /// What was done, for example a rule tuned.
        #[schema(value_type = MediumText)]
        done: String,
    },
    /// Nothing to do with network security: handed to the competent body.
    NotOurs {
        /// To which body.
        #[schema(value_type = ShortText)]
        body: String,
        /// To whom there.
        #[schema(value_type = ShortText)]
        person: String,
        /// What was passed on.
        #[schema(value_type = MediumText)]
        passed_on: String,
    },
}

impl TriageEvent {
    /// The body with every text within its bound.
    pub fn bounded(self) -> Result<Self, Refusal> {
        Ok(match self {
            Self::Incident { plan, beside, title: one_line, category, level, reason, answers, parent } => {
                count("beside", beside.len(), MAX_BESIDE)?;
                let beside = beside.into_iter().map(|plan| id("beside", plan)).collect::<Result<_, _>>()?;
                let plan = plan.map(|plan| id("plan", plan)).transpose()?;
                count("answers", answers.len(), MAX_ITEMS)?;
                let (title, category) = (optional_title("title", one_line)?, id("category", category)?);
                Self::Incident {
                    plan,
                    beside,
                    title,
                    category,
                    level,
                    reason: optional_part("reason", reason)?,
                    answers,
                    parent,
                }
            }
            Self::FalsePositive { reason, done } => {
                Self::FalsePositive { reason: part("reason", reason)?, done: part("done", done)? }
            }
            Self::NotOurs { body, person, passed_on } => Self::NotOurs {
                body: title("body", body)?,
                person: title("person", person)?,
                passed_on: part("passed_on", passed_on)?,
            },
        })
    }
}

/// Why the last judgement is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenEvent {
    /// The reason.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

/// The confirmation by the body an event was handed to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordHandoverReceipt {
    /// Number, name or post by which it can be found again.
    #[schema(value_type = ShortText)]
    pub receipt: String,
}

/// Why a reporting person's name and contact are read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadReporter {
    /// The reason; it stands in the ledger.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

/// Declares that a body is one text, handed on within its bound.
macro_rules! one_text {
    ($($name:ident.$field:ident by $bound:ident;)*) => {$(
        impl TryFrom<$name> for String {
            type Error = Refusal;

            fn try_from(body: $name) -> Result<Self, Refusal> {
                $bound(stringify!($field), body.$field)
            }
        }
    )*};
}

one_text! {
    ReopenEvent.reason by part;
    RecordHandoverReceipt.receipt by title;
    ReadReporter.reason by part;
}
