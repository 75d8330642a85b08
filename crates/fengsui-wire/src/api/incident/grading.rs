//! Answers, the levels they led to, and what the rules propose with their grounds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fengsui_domain::expr::{self, Answers};
use fengsui_domain::grading;
use fengsui_domain::incident;
use fengsui_domain::limits::MAX_ITEMS;
use fengsui_domain::plan::FactId;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::api::bounds::{MAX_ID_CHARS, MAX_INTEGER, count, id, integer};
use crate::api::whole::whole;
use crate::api::{By, GradingKind, IncidentLevel, Text, Truth};

/// An answer: yes or no, a count, or the name of one of the fact's choices.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    /// Yes or no.
    Bool(bool),
    /// A count.
    Count(#[serde(deserialize_with = "whole")] u64),
    /// The name of a choice.
    Choice(String),
}

/// Written out, since the derived schema of an untagged enum has no place for bounds.
impl PartialSchema for FactValue {
    fn schema() -> RefOr<Schema> {
        let object = || ObjectBuilder::new();
        let count = object().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(MAX_INTEGER));
        OneOfBuilder::new()
            .item(object().schema_type(Type::Boolean))
            .item(count)
            .item(object().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_ID_CHARS)))
            .description(Some("An answer: yes or no, a count, or the name of one of the fact's choices."))
            .into()
    }
}

impl ToSchema for FactValue {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("FactValue")
    }
}

impl From<&expr::Value> for FactValue {
    fn from(value: &expr::Value) -> Self {
        match value {
            expr::Value::Bool(answer) => Self::Bool(*answer),
            expr::Value::Count(count) => Self::Count(*count),
            expr::Value::Choice(choice) => Self::Choice(choice.clone()),
        }
    }
}

impl TryFrom<FactValue> for expr::Value {
    type Error = Refusal;

    fn try_from(value: FactValue) -> Result<Self, Refusal> {
        Ok(match value {
            FactValue::Bool(answer) => Self::Bool(answer),
            FactValue::Count(count) => Self::Count(integer("answers", count, 0)?),
            FactValue::Choice(choice) => Self::Choice(id("answers", choice)?),
        })
    }
}

/// Answers by the plan's facts.
pub fn facts(given: BTreeMap<String, FactValue>) -> Result<Answers, Refusal> {
    count("answers", given.len(), MAX_ITEMS)?;
    let answers = given.into_iter();
    answers.map(|(fact, value)| Ok((FactId::new(id("answers", fact)?), value.try_into()?))).collect()
}

/// An answer to one of the plan's facts, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Answer {
    /// The answer.
    pub value: FactValue,
    /// Grounds; empty if none were needed.
    pub reason: String,
    /// When it was given.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

impl From<&incident::Answer> for Answer {
    fn from(answer: &incident::Answer) -> Self {
        Self {
            value: (&answer.value).into(),
            reason: answer.reason.clone(),
            at: answer.at,
            by: (&answer.by).into(),
        }
    }
}

/// One entry of the grading history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Grading {
    /// The level.
    pub level: IncidentLevel,
    /// How it came about.
    pub kind: GradingKind,
    /// What the rules proposed at that moment.
    pub proposed: Option<IncidentLevel>,
    /// The rule that proposed it.
    pub rule: Option<String>,
    /// Reason of an override or a provisional level.
    pub reason: String,
    /// The answers it was decided on.
    pub facts: BTreeMap<String, FactValue>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

impl From<&incident::Grading> for Grading {
    fn from(grading: &incident::Grading) -> Self {
        Self {
            level: grading.level.into(),
            kind: grading.kind.into(),
            proposed: grading.proposed.map(IncidentLevel::from),
            rule: grading.rule.as_ref().map(ToString::to_string),
            reason: grading.reason.clone(),
            facts: grading.facts.iter().map(|(fact, value)| (fact.to_string(), value.into())).collect(),
            at: grading.at,
            by: (&grading.by).into(),
        }
    }
}

/// An atomic condition of a rule, with the answer it saw.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Condition {
    /// The condition as the plan pack writes it (CEL).
    pub condition: String,
    /// It stands under a `!`, so it counts against the rule when it holds.
    pub negated: bool,
    /// The fact it looks at, if it looks at one.
    pub fact: Option<String>,
    /// The answer it saw.
    pub value: Option<FactValue>,
    /// Whether the condition itself holds.
    pub truth: Truth,
}

/// A grading rule as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct RuleTrail {
    /// The rule.
    pub rule: String,
    /// The level it proposes.
    pub level: IncidentLevel,
    /// Its clause.
    pub clause: String,
    /// Whether it holds.
    pub truth: Truth,
    /// Its conditions, in the order of the text.
    pub conditions: Vec<Condition>,
}

/// One answer that would change the outcome if everything else stayed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Turn {
    /// The fact.
    pub fact: String,
    /// Its answer now, if it has one.
    pub from: Option<FactValue>,
    /// The other answer; for a count the nearest one with this outcome.
    pub to: FactValue,
    /// The level then; absent if the outcome would be open.
    pub level: Option<IncidentLevel>,
    /// The worst level still allowed then.
    pub highest_plausible: IncidentLevel,
}

/// What the plan's rules propose for the answers so far, and why. A person confirms or overrides it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct GradingProposal {
    /// The level, once it is decided.
    pub level: Option<IncidentLevel>,
    /// The rule that decides, once it does.
    pub rule: Option<String>,
    /// The worst level that the answers still allow.
    pub highest_plausible: IncidentLevel,
    /// The document cannot decide this alone: whoever confirms gives a reason.
    pub needs_judge: bool,
    /// What that person has to look at.
    pub judge: Option<Text>,
    /// Facts without an answer that can still decide, in the order of the rules.
    pub open: Vec<String>,
    /// Every rule in order, with its truth and its conditions.
    pub trail: Vec<RuleTrail>,
    /// Every single answer that would change the outcome.
    pub turning: Vec<Turn>,
}

impl From<&grading::Proposal> for GradingProposal {
    fn from(proposal: &grading::Proposal) -> Self {
        Self {
            level: proposal.level.map(IncidentLevel::from),
            rule: proposal.rule.as_ref().map(ToString::to_string),
            highest_plausible: proposal.highest_plausible.into(),
            needs_judge: proposal.needs_judge,
            judge: proposal.judge.as_ref().map(Text::from),
            open: proposal.open.iter().map(ToString::to_string).collect(),
            trail: proposal.trail.iter().map(RuleTrail::from).collect(),
            turning: proposal.turning.iter().map(Turn::from).collect(),
        }
    }
}

impl From<&grading::RuleTrail> for RuleTrail {
    fn from(trail: &grading::RuleTrail) -> Self {
        Self {
            rule: trail.rule.to_string(),
            level: trail.level.into(),
            clause: trail.clause.to_string(),
            truth: trail.truth.into(),
            conditions: trail.atoms.iter().map(Condition::from).collect(),
        }
    }
}

impl From<&expr::Atom> for Condition {
    fn from(atom: &expr::Atom) -> Self {
        Self {
            condition: atom.condition.to_string(),
            negated: atom.negated,
            fact: atom.condition.fact().map(ToString::to_string),
            value: atom.value.as_ref().map(FactValue::from),
            truth: atom.truth.into(),
        }
    }
}

impl From<&grading::Turn> for Turn {
    fn from(turn: &grading::Turn) -> Self {
        Self {
            fact: turn.fact.to_string(),
            from: turn.from.as_ref().map(FactValue::from),
            to: (&turn.to).into(),
            level: turn.level.map(IncidentLevel::from),
            highest_plausible: turn.highest_plausible.into(),
        }
    }
}
