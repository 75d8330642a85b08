//! What `plan list --json`, `plan check --json` and the API say of packs.

use fengsui_domain::plan::{Plan, Text};

use super::finding::Finding;
use super::library::Pack;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Text)]
pub struct TextJson {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Text> for TextJson {
    fn from(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// The days a plan is in force, in its own time zone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = InForce)]
pub struct InForceJson {
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day, if there is one.
    pub until: Option<String>,
}

/// A row of `plan list --json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanSummary)]
pub struct SummaryJson {
    /// The pack's id.
    pub id: String,
    /// The plan's name.
    pub title: TextJson,
    /// When it is in force.
    pub in_force: InForceJson,
    /// How many rules it has: grading rules, clocks, response levels and their conditions of ending,
    /// immediate actions, stages of disposal, orders, review, filing, publication chains.
    pub rules: usize,
    /// SHA-256 over its files, in hex.
    pub digest: String,
}

impl From<&Pack> for SummaryJson {
    fn from(pack: &Pack) -> Self {
        let plan = &pack.plan;
        Self {
            id: plan.id.to_string(),
            title: TextJson::from(&plan.title),
            in_force: InForceJson {
                from: plan.in_force_from.to_string(),
                until: plan.in_force_until.map(|day| day.to_string()),
            },
            rules: rule_count(plan),
            digest: pack.digest.clone(),
        }
    }
}

/// Rules that decide or oblige: grading rules, clocks, response levels with their conditions of ending,
/// immediate actions, stages of disposal, orders, operating permissions, review, filing, publication
/// chains; those it has.
pub(super) fn rule_count(plan: &Plan) -> usize {
    let conditions: usize = plan.responses.iter().map(|response| response.end_when.conditions.len()).sum();
    let disposal = plan.disposal.as_ref().map_or(0, |chain| 4 + usize::from(chain.sum_up.is_some()));
    let grants = usize::from(plan.grants.is_some());
    let filing = usize::from(plan.filing.is_some());
    let review = 1;
    plan.grading.rules.len()
        + plan.clocks.len()
        + plan.responses.len()
        + conditions
        + plan.immediate_actions.len()
        + plan.publications.len()
        + plan.orders.len()
        + plan.playbooks.iter().map(|playbook| 1 + playbook.steps.len()).sum::<usize>()
        + disposal
        + grants
        + review
        + filing
}

/// A row of `plan check --json`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanFinding)]
pub struct FindingJson {
    /// The stable code, such as `FP020`.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The place inside the plan.
    pub place: String,
    /// What is wrong.
    pub message: TextJson,
    /// What would be right.
    pub fix: Option<TextJson>,
}

impl From<&Finding> for FindingJson {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.info().code,
            severity: finding.severity.as_str(),
            file: finding.file.clone(),
            line: finding.line,
            column: finding.column,
            place: finding.place.clone(),
            message: TextJson::from(&finding.message),
            fix: finding.fix.as_ref().map(TextJson::from),
        }
    }
}
