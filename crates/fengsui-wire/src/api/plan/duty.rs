//! Duties with a deadline, as a plan has them.

use fengsui_domain::plan;

use super::{Form, PlanStepRef, Text, roles};
use crate::api::{ClockMeets, ClockStart};

/// When a running clock is brought to somebody's attention.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Escalation {
    /// Percent of the span gone; for "at once", of the tolerance.
    pub at_percent: u8,
    /// Who is told.
    pub to: String,
}

/// A duty with a deadline.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent yes-or-no answers of a rule, as strangers read them"
)]
pub struct ClockRule {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// The incidents it applies to (CEL).
    pub when: String,
    /// Each obliged body has its own clock.
    pub of: Vec<String>,
    /// The addressees.
    pub to: Vec<String>,
    /// Any one addressee is enough; otherwise each has its own clock.
    pub any_addressee: bool,
    /// The form, for reports.
    pub form: Option<Form>,
    /// What starts it.
    pub starts: ClockStart,
    /// The kind of order it is about, for clocks of orders.
    pub about: Option<String>,
    /// The step of a playbook it is about, for clocks of playbooks; each run has its own clock.
    pub step: Option<PlanStepRef>,
    /// The duty is due at once.
    pub at_once: bool,
    /// Seconds it may take; for "at once" the tolerance after which a person is told, which is ours.
    pub within_s: i64,
    /// What meets it.
    pub met_by: ClockMeets,
    /// Only this immediate action meets it, if one is named.
    pub action: Option<String>,
    /// Once met it is owed again, counted from the act that met it, for as long as the rule applies.
    pub repeats: bool,
    /// Who is told, and when.
    pub escalate: Vec<Escalation>,
    /// Who may extend it with a reason; empty if nobody may.
    pub extendable_by: Vec<String>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}

impl From<&plan::ClockRule> for ClockRule {
    fn from(rule: &plan::ClockRule) -> Self {
        let escalate = rule.escalate.iter();
        Self {
            id: rule.id.to_string(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            when: rule.when.to_string(),
            of: roles(&rule.of),
            to: roles(&rule.to),
            any_addressee: rule.any_addressee,
            form: rule.form.map(Form::from),
            starts: rule.starts.into(),
            about: rule.about.as_ref().map(ToString::to_string),
            step: rule.step.as_ref().map(PlanStepRef::from),
            at_once: rule.within.at_once(),
            within_s: rule.within.lapse().as_secs(),
            met_by: rule.met_by.into(),
            action: rule.action.as_ref().map(ToString::to_string),
            repeats: rule.repeats,
            escalate: escalate
                .map(|step| Escalation { at_percent: step.at_percent, to: step.to.to_string() })
                .collect(),
            extendable_by: roles(&rule.extendable_by),
            is_default: rule.is_default,
        }
    }
}
