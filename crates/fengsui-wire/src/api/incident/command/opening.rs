//! On the way to a confirmed level.

use std::collections::BTreeMap;

use fengsui_domain::incident::Command;
use fengsui_domain::limits::{MAX_ITEMS, MAX_TEXT_CHARS};
use fengsui_domain::plan::{CategoryId, FactId, RoleId};
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use crate::api::bounds::{count, id, optional_part, parts, text};
use crate::api::object::objects_by_name;
use crate::api::{
    FactAnswersByName, FactValue, IncidentLevel, LongText, NameInPlan, OptionalMediumText, TextsByName,
};

/// Confirms the incident against what is known; opens the analysis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyIncident {
    /// What it was checked against, with what result.
    #[schema(value_type = LongText)]
    pub basis: String,
}

impl TryFrom<VerifyIncident> for Command {
    type Error = Refusal;

    fn try_from(body: VerifyIncident) -> Result<Self, Refusal> {
        Ok(Self::Verify { basis: text("basis", body.basis, MAX_TEXT_CHARS)? })
    }
}

/// An answer with its grounds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactAnswer {
    /// The answer.
    pub value: FactValue,
    /// Grounds; required when a mark is set.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub reason: String,
}

/// Answers facts of the plan, or changes answers.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFacts {
    /// The answers by the plan's facts; at most 60.
    #[serde(deserialize_with = "objects_by_name")]
    #[schema(value_type = FactAnswersByName)]
    pub answers: BTreeMap<String, FactAnswer>,
}

impl TryFrom<AnswerFacts> for Command {
    type Error = Refusal;

    fn try_from(body: AnswerFacts) -> Result<Self, Refusal> {
        count("answers", body.answers.len(), MAX_ITEMS)?;
        let answers = body.answers.into_iter().map(|(fact, answer)| {
            let fact = FactId::new(id("answers", fact)?);
            Ok((fact, (answer.value.try_into()?, optional_part("reason", answer.reason)?)))
        });
        Ok(Self::Answer { answers: answers.collect::<Result<_, Refusal>>()? })
    }
}

/// Changes the class of the incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategory {
    /// The new class in the plan's taxonomy.
    #[schema(value_type = NameInPlan)]
    pub category: String,
}

impl TryFrom<ChangeCategory> for Command {
    type Error = Refusal;

    fn try_from(body: ChangeCategory) -> Result<Self, Refusal> {
        Ok(Self::Categorise { category: CategoryId::new(id("category", body.category)?) })
    }
}

/// Writes points of the analysis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteAnalysis {
    /// Texts by the plan's points; each at most 2,000 characters. Points not given stay.
    #[schema(value_type = TextsByName)]
    pub points: BTreeMap<String, String>,
}

impl TryFrom<WriteAnalysis> for Command {
    type Error = Refusal;

    fn try_from(body: WriteAnalysis) -> Result<Self, Refusal> {
        Ok(Self::Analyse { points: parts("points", body.points)? })
    }
}

/// Confirms the proposed level, or overrides it with a reason.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeIncident {
    /// The level.
    pub level: IncidentLevel,
    /// Why, if it differs from the proposal or the rule asks for a judge.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub reason: String,
}

impl TryFrom<GradeIncident> for Command {
    type Error = Refusal;

    fn try_from(body: GradeIncident) -> Result<Self, Refusal> {
        Ok(Self::Grade { level: body.level.into(), reason: optional_part("reason", body.reason)? })
    }
}

/// Records when a body became aware; clocks that count from there start anew.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordAwareness {
    /// The body.
    #[schema(value_type = NameInPlan)]
    pub body: String,
    /// When.
    pub at: Timestamp,
}

impl TryFrom<RecordAwareness> for Command {
    type Error = Refusal;

    fn try_from(body: RecordAwareness) -> Result<Self, Refusal> {
        Ok(Self::RecordAwareness { body: RoleId::new(id("body", body.body)?), at: body.at })
    }
}

/// Records when the event is believed to have happened; clocks that count from there start anew.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordOccurrence {
    /// When.
    pub at: Timestamp,
}

impl TryFrom<RecordOccurrence> for Command {
    type Error = Refusal;

    fn try_from(body: RecordOccurrence) -> Result<Self, Refusal> {
        Ok(Self::RecordOccurrence { at: body.at })
    }
}
