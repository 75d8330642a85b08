//! What a plan asks for in some circumstances, as JSON; and answers as people type them.

use fengsui_domain::expr::{Truth, Value};
use fengsui_domain::obligation::{Obligation, Obligations, Turn};
use fengsui_domain::plan::{ColourRules, Fact, FactId, FactKind, Form, Plan, RoleId};
use jiff::Timestamp;

use super::json::TextJson;
use super::values::time_text;
use crate::api::CalendarLimit;

/// `plan obligations --json`: one row a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanObligations)]
pub struct ObligationsJson {
    /// The plan.
    pub plan: String,
    /// The level that counted: the one given, the one proposed, or the worst still allowed.
    pub level: String,
    /// The grading rule that proposed it, if one did.
    pub rule: Option<String>,
    /// Duties that apply or may apply, in the order of the plan.
    pub duties: Vec<ObligationJson>,
    /// Every single answer that would add or drop a duty.
    pub turns: Vec<TurnJson>,
}

/// A duty in the circumstances.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanObligation)]
pub struct ObligationJson {
    /// The rule's id in the pack.
    pub rule: String,
    /// Its name.
    pub title: TextJson,
    /// Where it comes from.
    pub clause: String,
    /// `true`, or `unknown` as long as an answer is missing that could decide it.
    pub applies: &'static str,
    /// Each obliged body owes it.
    pub of: Vec<String>,
    /// To each of these, or to any of them.
    pub to: Vec<String>,
    /// Any one addressee is enough.
    pub any_addressee: bool,
    /// `oral` or `written`, for reports; either will do if absent.
    pub form: Option<&'static str>,
    /// It is due at once.
    pub at_once: bool,
    /// Seconds it may take; for "at once" those after which a person is told. Where `calendar` says how long it is,
    /// only about that long.
    pub within_s: i64,
    /// How long it may take in months or days of the calendar, if it is counted so.
    pub calendar: Option<CalendarLimit>,
    /// A due time on a day off moves to this time of the next working day, as in `12:00`, in the plan's zone.
    pub day_off_moves_to: Option<String>,
    /// When it falls due, if it begins at the instant asked about.
    pub due_at: Option<Timestamp>,
    /// Years whose days off were needed for `due_at` and are not known.
    pub holidays_unknown: Vec<i16>,
    /// The figure is ours; the document gives none.
    pub is_default: bool,
    /// The condition in words.
    pub when: TextJson,
    /// What of its clause was not checked against the official text.
    pub unverified: Vec<TextJson>,
}

/// One answer that would change what is owed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = PlanTurn)]
pub struct TurnJson {
    /// The fact.
    pub fact: String,
    /// The other answer, as `--fact` takes it.
    pub to: String,
    /// The level that would count then.
    pub level: String,
    /// Rules that would apply and do not now.
    pub added: Vec<String>,
    /// Rules that would not apply any longer.
    pub dropped: Vec<String>,
}

impl ObligationsJson {
    /// What was found for a plan, with due times if everything began at `start`.
    pub fn new(plan: &Plan, found: &Obligations, start: Option<Timestamp>) -> Self {
        Self {
            plan: plan.id.to_string(),
            level: found.level.to_string(),
            rule: found.rule.as_ref().map(ToString::to_string),
            duties: found.duties.iter().filter_map(|duty| ObligationJson::new(plan, duty, start)).collect(),
            turns: found.turns.iter().map(TurnJson::from).collect(),
        }
    }
}

impl ObligationJson {
    fn new(plan: &Plan, duty: &Obligation, start: Option<Timestamp>) -> Option<Self> {
        let rule = plan.clock(&duty.rule)?;
        let due = start.map(|start| plan.calendar(&rule.id).due(rule, start, None));
        let ids = |roles: &[RoleId]| roles.iter().map(ToString::to_string).collect();
        Some(Self {
            rule: rule.id.to_string(),
            title: TextJson::from(&rule.title),
            clause: rule.clause.to_string(),
            applies: if duty.truth == Truth::True { "true" } else { "unknown" },
            of: ids(&rule.of),
            to: ids(&rule.to),
            any_addressee: rule.any_addressee,
            form: rule.form.map(|form| match form {
                Form::Oral => "oral",
                Form::Written => "written",
            }),
            at_once: rule.within.at_once(),
            within_s: rule.within.lapse().as_secs(),
            calendar: CalendarLimit::of(rule.within),
            day_off_moves_to: rule.day_off.map(time_text),
            due_at: due.as_ref().map(|due| due.at),
            holidays_unknown: due.map(|due| due.unknown).unwrap_or_default(),
            is_default: rule.is_default,
            when: TextJson::from(&plan.words(&rule.when)),
            unverified: plan.unverified_of(&rule.clause).map(|each| TextJson::from(&each.open)).collect(),
        })
    }
}

impl From<&Turn> for TurnJson {
    fn from(turn: &Turn) -> Self {
        let ids = |rules: &[fengsui_domain::plan::RuleId]| rules.iter().map(ToString::to_string).collect();
        Self {
            fact: turn.fact.to_string(),
            to: typed(&turn.to),
            level: turn.level.to_string(),
            added: ids(&turn.added),
            dropped: ids(&turn.dropped),
        }
    }
}

/// An answer as it is typed; [`answer_of`] reads it.
pub fn typed(value: &Value) -> String {
    match value {
        Value::Bool(answer) => answer.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Choice(choice) => choice.clone(),
    }
}

/// An answer to a fact of the plan, as people type it: `true`, `3`, or the name of a choice.
///
/// # Errors
/// A sentence that says what would be right: the plan's facts, or the answers this one has.
pub fn answer_of(plan: &Plan, fact: &str, written: &str) -> Result<(FactId, Value), String> {
    let id = FactId::new(fact);
    let Some(known) = plan.facts.get(&id) else {
        return Err(no_fact(plan, fact, &plan.questions()));
    };
    answer_to(known, id, written)
}

/// An answer to a question that decides on colours: about a threat, or where the colour stands for the level
/// of an incident, about that.
///
/// # Errors
/// As [`answer_of`].
pub fn answer_on_threat(plan: &Plan, fact: &str, written: &str) -> Result<(FactId, Value), String> {
    let asked: Vec<(&FactId, &Fact)> = match &plan.warnings {
        Some(warnings) => {
            let by_level = warnings.grading.rules == ColourRules::ByLevel;
            let levels = if by_level { plan.questions() } else { Vec::new() };
            levels.into_iter().chain(warnings.questions()).collect()
        }
        None => Vec::new(),
    };
    let id = FactId::new(fact);
    match asked.iter().find(|(known, _)| **known == id) {
        Some((_, known)) => answer_to(known, id, written),
        None => Err(no_fact(plan, fact, &asked)),
    }
}

fn no_fact(plan: &Plan, fact: &str, known: &[(&FactId, &Fact)]) -> String {
    let facts: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
    format!("the plan {} has no fact `{fact}`; there are: {}", plan.id, facts.join(", "))
}

fn answer_to(known: &Fact, id: FactId, written: &str) -> Result<(FactId, Value), String> {
    let value = match &known.kind {
        FactKind::Bool => written.parse().ok().map(Value::Bool),
        FactKind::Count => written.parse().ok().map(Value::Count),
        FactKind::OneOf(choices) => {
            choices.iter().find(|choice| choice.id == written).map(|choice| Value::Choice(choice.id.clone()))
        }
    };
    let right = || match &known.kind {
        FactKind::Bool => "true or false".to_owned(),
        FactKind::Count => "a whole number".to_owned(),
        FactKind::OneOf(choices) => {
            choices.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    match value {
        Some(value) => Ok((id, value)),
        None => Err(format!("`{id}` is answered with {}", right())),
    }
}

#[cfg(test)]
mod tests;
