//! Opening an incident from a judged event, and the way to a confirmed level.
//!
//! Source: `jincheng-internet-2008/5.1.5.2.1`, `5.1.5.3`, `5.1.5.4`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::settle::{Work, settle};
use super::super::{GradingKind, Incident, IncidentChange, Phase, PlanVersion};
use super::{Context, Decided, Decider, past};
use crate::expr::{Answers, Value};
use crate::grading::propose;
use crate::id::{EventId, IncidentId};
use crate::level::IncidentLevel;
use crate::limits::{
    MAX_BESIDE, MAX_CHANGE_CHARS, MAX_ITEMS, MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS, optional_text,
    text, together,
};
use crate::permission::Permission;
use crate::plan::{CategoryId, Fact, FactId, FactKind, Named, Plan, PlanId, RoleId, RuleId};
use crate::refusal::Refusal;

/// What a judged event hands to a new incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The incident's id.
    pub id: IncidentId,
    /// Its number on this node.
    pub number: String,
    /// One line.
    pub title: String,
    /// The event.
    pub event: EventId,
    /// The plan version; the one that leads, if there are others.
    pub plan: PlanVersion,
    /// Other plans that govern it too.
    pub beside: Vec<PlanVersion>,
    /// The unit.
    pub unit: String,
    /// The asset.
    pub asset: String,
    /// Its class.
    pub category: CategoryId,
    /// When the event reached this desk.
    pub received_at: Timestamp,
    /// When it is believed to have happened, if that is known.
    pub occurred_at: Option<Timestamp>,
    /// When the unit became aware.
    pub aware_at: Timestamp,
    /// Answers given at triage.
    pub answers: Answers,
    /// The provisional level; the higher one when unsure.
    pub level: IncidentLevel,
    /// Why this level.
    pub reason: String,
    /// The incident it is derived from.
    pub parent: Option<IncidentId>,
}

/// Opens an incident: clocks start from the provisional level, handling need not wait for grading.
///
/// # Errors
/// A [`Refusal`] if a word, a time or an answer is not what it should be.
#[expect(clippy::needless_pass_by_value, reason = "a context is made for one decision, as for `decide`")]
pub fn open(opening: Opening, context: Context<'_>) -> Result<(Incident, Vec<IncidentChange>), Refusal> {
    context.actor.permit(Permission::EventTriage)?;
    if !context.plan.categories.contains_key(&opening.category) {
        return Err(Refusal::Unknown { field: "category", value: opening.category.to_string() });
    }
    check_level(context.plan, opening.level)?;
    let mut marked = false;
    for (fact, value) in &opening.answers {
        marked |= check_answer(context.plan, fact, value)?.needs_reason && *value == Value::Bool(true);
    }
    let check = if marked { text } else { optional_text };
    let reason = check("reason", &opening.reason, MAX_PART_CHARS)?;
    let occurred_at = opening.occurred_at.map(|at| past("occurred_at", at, context.now)).transpose()?;
    let aware_at = past("aware_at", opening.aware_at, context.now)?;
    let change = IncidentChange::Opened {
        number: opening.number,
        title: text("title", &opening.title, MAX_TITLE_CHARS)?,
        event: opening.event,
        plan: opening.plan,
        unit: text("unit", &opening.unit, MAX_TITLE_CHARS)?,
        asset: optional_text("asset", &opening.asset, MAX_TITLE_CHARS)?,
        category: opening.category,
        received_at: opening.received_at,
        occurred_at,
        awareness: aware_bodies(context.plan, aware_at),
        answers: opening.answers,
        level: opening.level,
        reason,
        parent: opening.parent,
    };
    let by = context.actor.by.clone();
    let incident = Incident::first(opening.id, change.clone(), context.now, by.clone())
        .expect("an `Opened` change makes an incident");
    let mut work = Work::new(incident, context.now, &by);
    for plan in opening.beside {
        work.push(attached(&work.incident, plan, String::new())?);
    }
    settle(&mut work, None, context.plan, context.new_id);
    let incident = work.incident.clone();
    let mut changes = vec![change];
    changes.extend(work.into_changes());
    Ok((incident, changes))
}

/// The change that lets another plan govern the incident too.
fn attached(incident: &Incident, plan: PlanVersion, reason: String) -> Result<IncidentChange, Refusal> {
    if incident.plans().any(|known| known.id == plan.id) {
        return Err(Refusal::AlreadyDone { action: "attach-plan" });
    }
    if incident.beside.len() >= MAX_BESIDE {
        let count = incident.beside.len() + 1;
        return Err(Refusal::TooMany { field: "beside", count, max: MAX_BESIDE });
    }
    Ok(IncidentChange::PlanAttached { plan, reason })
}

/// The bodies whose awareness the intake records: the unit where it happened, also as responsible unit.
fn aware_bodies(plan: &Plan, at: Timestamp) -> BTreeMap<RoleId, Timestamp> {
    plan.units().map(|role| (role.clone(), at)).collect()
}

/// Passes if the plan uses `level`.
fn check_level(plan: &Plan, level: IncidentLevel) -> Result<(), Refusal> {
    let known = plan.levels.contains_key(&level);
    if known { Ok(()) } else { Err(Refusal::Unknown { field: "level", value: level.to_string() }) }
}

/// Passes if `value` is a possible answer to `fact`.
fn check_answer<'p>(plan: &'p Plan, fact: &FactId, value: &Value) -> Result<&'p Fact, Refusal> {
    let unknown = |value: String| Refusal::Unknown { field: "answers", value };
    let definition = plan.facts.get(fact).ok_or_else(|| unknown(fact.to_string()))?;
    let fits = match (&definition.kind, value) {
        (FactKind::Bool, Value::Bool(_)) | (FactKind::Count, Value::Count(_)) => true,
        (FactKind::OneOf(choices), Value::Choice(chosen)) => {
            choices.iter().any(|choice| choice.id == *chosen)
        }
        _ => false,
    };
    if fits {
        Ok(definition)
    } else {
        Err(unknown(format!("{fact} = {} ({})", said(value), takes(definition))))
    }
}

/// An answer as it was given.
fn said(value: &Value) -> String {
    match value {
        Value::Bool(answer) => answer.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Choice(chosen) => chosen.clone(),
    }
}

/// What a question takes for an answer.
fn takes(fact: &Fact) -> String {
    match &fact.kind {
        FactKind::Bool => "it takes true or false".to_owned(),
        FactKind::Count => "it takes a whole number".to_owned(),
        FactKind::OneOf(choices) => {
            let choices: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            format!("it takes {}", choices.join(", "))
        }
    }
}

impl Decider<'_, '_, '_> {
    pub(super) fn verify(&mut self, basis: &str) -> Decided {
        self.permit(Permission::EventTriage)?;
        if !matches!(self.incident.phase, Phase::Judged(_)) {
            return Err(self.wrong_phase("verify"));
        }
        Ok(vec![IncidentChange::Verified { basis: text("basis", basis, MAX_TEXT_CHARS)? }])
    }

    /// The context's plan is what the plans make together with the new one.
    pub(super) fn attach_plan(&mut self, plan: PlanVersion, reason: &str) -> Decided {
        self.may_say_which_plans_govern("attach-plan")?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        Ok(vec![attached(self.incident, plan, reason)?])
    }

    /// The context's plan is what the plans make together without it. What was begun under a plan keeps it
    /// on the incident.
    pub(super) fn detach_plan(&mut self, plan: PlanId, reason: &str) -> Decided {
        self.may_say_which_plans_govern("detach-plan")?;
        if !self.incident.beside.iter().any(|attached| attached.plan.id == plan) {
            return Err(Refusal::Unknown { field: "plan", value: plan.to_string() });
        }
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        if self.incident.has_begun_under(&plan) {
            return Err(Refusal::NotReady {
                action: "detach-plan",
                needs: "a plan of which no playbook, order or publication was begun",
            });
        }
        Ok(vec![IncidentChange::PlanDetached { plan, reason }])
    }

    /// Whoever confirms levels says which plans govern, as long as the response has not ended.
    fn may_say_which_plans_govern(&self, action: &'static str) -> Result<(), Refusal> {
        self.permit(Permission::IncidentGrade)?;
        self.sign(&self.context.plan.grading.confirmed_by)?;
        self.not_ended(action)
    }

    pub(super) fn answer(&mut self, answers: BTreeMap<FactId, (Value, String)>) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("answer")?;
        if answers.len() > MAX_ITEMS {
            return Err(Refusal::TooMany { field: "answers", count: answers.len(), max: MAX_ITEMS });
        }
        let mut checked = BTreeMap::new();
        for (fact, (value, reason)) in answers {
            let definition = check_answer(self.context.plan, &fact, &value)?;
            let marked = definition.needs_reason && value == Value::Bool(true);
            let check = if marked { text } else { optional_text };
            let reason = check("reason", &reason, MAX_PART_CHARS)?;
            let known = self.incident.answers.get(&fact);
            if known.is_none_or(|known| known.value != value || known.reason != reason) {
                checked.insert(fact, (value, reason));
            }
        }
        together("answers", checked.values().map(|(_, reason)| reason))?;
        if checked.is_empty() {
            Ok(Vec::new())
        } else {
            Ok(vec![IncidentChange::Answered { answers: checked }])
        }
    }

    pub(super) fn categorise(&mut self, category: CategoryId) -> Decided {
        self.permit(Permission::IncidentWork)?;
        self.not_ended("categorise")?;
        if !self.context.plan.categories.contains_key(&category) {
            return Err(Refusal::Unknown { field: "category", value: category.to_string() });
        }
        Ok(vec![IncidentChange::Categorised { category }])
    }

    pub(super) fn analyse(&mut self, points: BTreeMap<RuleId, String>) -> Decided {
        self.permit(Permission::IncidentWork)?;
        if !matches!(self.incident.phase, Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_)) {
            return Err(self.wrong_phase("analyse"));
        }
        let points = topics("points", &self.context.plan.triage.analysis, points)?;
        Ok(vec![IncidentChange::Analysed { points }])
    }

    /// Source: `jincheng-internet-2008/5.1.5.4` (the engine only proposes).
    pub(super) fn grade(&mut self, level: IncidentLevel, reason: &str) -> Decided {
        self.permit(Permission::IncidentGrade)?;
        self.sign(&self.context.plan.grading.confirmed_by)?;
        if !matches!(self.incident.phase, Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_)) {
            return Err(self.wrong_phase("grade"));
        }
        check_level(self.context.plan, level)?;
        let proposal = propose(self.context.plan, &self.incident.facts());
        let reason = optional_text("reason", reason, MAX_PART_CHARS)?;
        let agrees = proposal.level == Some(level) && !proposal.needs_judge;
        if !agrees && reason.is_empty() {
            return Err(Refusal::ReasonRequired { proposed: proposal.level });
        }
        let kind =
            if proposal.level == Some(level) { GradingKind::Confirmed } else { GradingKind::Overridden };
        Ok(vec![IncidentChange::Graded {
            level,
            kind,
            proposed: proposal.level,
            rule: proposal.rule,
            reason,
        }])
    }
}

/// Texts by the plan's ids: every id known, every text within its limit, all together within a change.
pub(super) fn topics(
    field: &'static str,
    known: &[Named],
    given: BTreeMap<RuleId, String>,
) -> Result<BTreeMap<RuleId, String>, Refusal> {
    let mut checked = BTreeMap::new();
    for (id, words) in given {
        if !known.iter().any(|named| named.id == id) {
            return Err(Refusal::Unknown { field, value: id.to_string() });
        }
        checked.insert(id, optional_text(field, &words, MAX_PART_CHARS)?);
    }
    together(field, checked.values())?;
    debug_assert!(checked.values().map(|words| words.chars().count()).sum::<usize>() <= MAX_CHANGE_CHARS);
    Ok(checked)
}
