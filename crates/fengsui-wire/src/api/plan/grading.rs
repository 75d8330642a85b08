//! Taxonomy, questions, levels and grading rules, as a plan has them.

use fengsui_domain::level;
use fengsui_domain::plan;

use super::{IncidentLevel, Text, roles};

/// A class of incident.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Category {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What belongs to it.
    pub describes: Text,
    /// Where it comes from.
    pub clause: String,
    /// The wider category, if any.
    pub parent: Option<String>,
    /// Ids of the matching classes in other taxonomies.
    pub maps_to: Vec<String>,
    /// The other plan that governs this class, if one does: no duty and no response of this plan applies.
    pub routed_to: Option<Routed>,
}

/// Another plan that governs a category.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Routed {
    /// Which plan, in the document's words.
    pub to: Text,
    /// The clause that says so.
    pub clause: String,
}

impl From<&plan::Routed> for Routed {
    fn from(routed: &plan::Routed) -> Self {
        Self { to: (&routed.to).into(), clause: routed.clause.to_string() }
    }
}

impl From<(&plan::CategoryId, &plan::Category)> for Category {
    fn from((id, category): (&plan::CategoryId, &plan::Category)) -> Self {
        Self {
            id: id.to_string(),
            title: (&category.title).into(),
            describes: (&category.describes).into(),
            clause: category.clause.to_string(),
            parent: category.parent.as_ref().map(ToString::to_string),
            maps_to: category.maps_to.clone(),
            routed_to: category.routed_to.as_ref().map(Routed::from),
        }
    }
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Yes or no.
    Bool,
    /// The name of one of the choices.
    OneOf,
    /// A whole number, zero or more.
    Count,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Choice {
    /// The value as answers and predicates write it.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The clause that describes this answer, if it has one of its own.
    pub clause: Option<String>,
}

/// A question about an incident whose answer decides levels, duties or chains.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Fact {
    /// Its id in the pack.
    pub id: String,
    /// The question's short name.
    pub title: Text,
    /// How to answer it.
    pub hint: Text,
    /// What an answer looks like.
    pub kind: FactKind,
    /// The possible answers, in the order of the document; empty unless `kind` is `one_of`.
    pub choices: Vec<Choice>,
    /// The role whose judgement it is.
    pub judged_by: String,
    /// Where it comes from.
    pub clause: String,
    /// A mark: setting it needs a reason.
    pub needs_reason: bool,
}

impl From<(&plan::FactId, &plan::Fact)> for Fact {
    fn from((id, fact): (&plan::FactId, &plan::Fact)) -> Self {
        let (kind, choices) = match &fact.kind {
            plan::FactKind::Bool => (FactKind::Bool, Vec::new()),
            plan::FactKind::Count => (FactKind::Count, Vec::new()),
            plan::FactKind::OneOf(choices) => (FactKind::OneOf, choices.iter().map(Choice::from).collect()),
        };
        Self {
            id: id.to_string(),
            title: (&fact.title).into(),
            hint: (&fact.hint).into(),
            kind,
            choices,
            judged_by: fact.judged_by.to_string(),
            clause: fact.clause.to_string(),
            needs_reason: fact.needs_reason,
        }
    }
}

impl From<&plan::Choice> for Choice {
    fn from(choice: &plan::Choice) -> Self {
        let clause = choice.clause.as_ref().map(ToString::to_string);
        Self { id: choice.id.clone(), title: (&choice.title).into(), clause }
    }
}

/// An incident level of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Level {
    /// The level.
    pub level: IncidentLevel,
    /// Its name in the plan.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
}

impl From<(&level::IncidentLevel, &plan::Level)> for Level {
    fn from((level, known): (&level::IncidentLevel, &plan::Level)) -> Self {
        Self { level: (*level).into(), title: (&known.title).into(), clause: known.clause.to_string() }
    }
}

/// One grading rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct GradingRule {
    /// Its id in the pack.
    pub id: String,
    /// The level it proposes.
    pub level: IncidentLevel,
    /// When it holds (CEL).
    pub when: String,
    /// Where it comes from.
    pub clause: String,
    /// What the rule says, in a sentence.
    pub says: Text,
    /// What a person must look at before confirming, if the document cannot decide this alone.
    pub judge: Option<Text>,
}

/// How a level is proposed and confirmed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct GradingRules {
    /// Roles that may confirm or override the proposal.
    pub confirmed_by: Vec<String>,
    /// The clause that gives them this right.
    pub clause: String,
    /// Tested from the top; the first that holds is proposed.
    pub rules: Vec<GradingRule>,
}

impl From<&plan::Grading> for GradingRules {
    fn from(grading: &plan::Grading) -> Self {
        Self {
            confirmed_by: roles(&grading.confirmed_by),
            clause: grading.clause.to_string(),
            rules: grading.rules.iter().map(GradingRule::from).collect(),
        }
    }
}

impl From<&plan::GradingRule> for GradingRule {
    fn from(rule: &plan::GradingRule) -> Self {
        Self {
            id: rule.id.to_string(),
            level: rule.level.into(),
            when: rule.when.to_string(),
            clause: rule.clause.to_string(),
            says: (&rule.says).into(),
            judge: rule.judge.as_ref().map(Text::from),
        }
    }
}
