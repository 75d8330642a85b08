//! Playbooks, as a plan has them: what is done about one kind of incident, step by step.

use fengsui_domain::plan;

use super::{Text, roles};

/// A playbook of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanPlaybook {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// The incidents it fits (CEL).
    pub when: String,
    /// The categories it fits; empty for any.
    pub categories: Vec<String>,
    /// Who may start it.
    pub by: Vec<String>,
    /// Facts that must have an answer before it starts.
    pub asks: Vec<String>,
    /// What comes before everything else on its card, whatever the order of the steps.
    pub first: Option<Text>,
    /// Temporary states without protection that it may open and has to close.
    pub states: Vec<PlanState>,
    /// Its steps, in the order of the document.
    pub steps: Vec<PlanStep>,
}

/// A state without protection that a playbook may open and has to close.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanState {
    /// Its id in the playbook.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
}

/// One step of a playbook.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanStep {
    /// Its id in the playbook.
    pub id: String,
    /// What is done.
    pub title: Text,
    /// What is to be noted with the result, or watched out for.
    pub hint: Option<Text>,
    /// Where it comes from.
    pub clause: String,
    /// Any of these may do it.
    pub by: Vec<String>,
    /// Any of these may record it on the word of whoever did it.
    pub recorded_by: Vec<String>,
    /// Steps that must be settled first.
    pub after: Vec<String>,
    /// Otherwise it is skipped when its turn comes (CEL).
    pub when: String,
    /// The question whose answer decides which steps follow.
    pub ask: Option<PlanAsk>,
    /// What it waits for besides other steps.
    pub gate: Option<PlanGate>,
    /// With a reason it may be taken before these.
    pub urgent_before: Vec<String>,
    /// The operating permission it takes.
    pub needs: Option<Text>,
    /// The temporary state it opens.
    pub opens: Option<String>,
    /// The temporary state it closes.
    pub closes: Option<String>,
    /// Who may leave it out, with a reason; empty if nobody.
    pub optional: Vec<String>,
}

/// A question with named answers.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanAsk {
    /// What is asked.
    pub question: Text,
    /// The answers.
    pub branches: Vec<PlanBranch>,
}

/// One answer, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanBranch {
    /// Its id in the question.
    pub id: String,
    /// The answer.
    pub title: Text,
    /// Where it comes from, if it has a clause of its own.
    pub clause: Option<String>,
    /// The steps that this answer calls for.
    pub steps: Vec<String>,
    /// The mark it sets in the incident.
    pub raises: Option<String>,
}

/// What a step waits for until another body says so.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanGate {
    /// What has to be so.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// Any of these may say that it is so.
    pub by: Vec<String>,
    /// Any of these may record what the body said, or waive the gate with a reason.
    pub waive: Vec<String>,
}

/// A step of a playbook, named by a clock.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PlanStepRef {
    /// The playbook.
    pub playbook: String,
    /// Its step.
    pub step: String,
}

impl From<&plan::Playbook> for PlanPlaybook {
    fn from(playbook: &plan::Playbook) -> Self {
        let state = |state: &plan::TemporaryState| PlanState {
            id: state.id.to_string(),
            title: (&state.title).into(),
            clause: state.clause.to_string(),
        };
        Self {
            id: playbook.id.to_string(),
            title: (&playbook.title).into(),
            clause: playbook.clause.to_string(),
            when: playbook.when.to_string(),
            categories: playbook.categories.iter().map(ToString::to_string).collect(),
            by: roles(&playbook.by),
            asks: playbook.asks.iter().map(ToString::to_string).collect(),
            first: playbook.first.as_ref().map(Text::from),
            states: playbook.states.iter().map(state).collect(),
            steps: playbook.steps.iter().map(PlanStep::from).collect(),
        }
    }
}

impl From<&plan::PlaybookStep> for PlanStep {
    fn from(step: &plan::PlaybookStep) -> Self {
        Self {
            id: step.id.to_string(),
            title: (&step.title).into(),
            hint: step.hint.as_ref().map(Text::from),
            clause: step.clause.to_string(),
            by: roles(&step.by),
            recorded_by: roles(&step.recorded_by),
            after: rules(&step.after),
            when: step.when.to_string(),
            ask: step.ask.as_ref().map(PlanAsk::from),
            gate: step.gate.as_ref().map(PlanGate::from),
            urgent_before: rules(&step.urgent_before),
            needs: step.needs.as_ref().map(Text::from),
            opens: step.opens.as_ref().map(ToString::to_string),
            closes: step.closes.as_ref().map(ToString::to_string),
            optional: roles(&step.optional),
        }
    }
}

impl From<&plan::Ask> for PlanAsk {
    fn from(ask: &plan::Ask) -> Self {
        let branch = |branch: &plan::Branch| PlanBranch {
            id: branch.id.to_string(),
            title: (&branch.title).into(),
            clause: branch.clause.as_ref().map(ToString::to_string),
            steps: rules(&branch.steps),
            raises: branch.raises.as_ref().map(ToString::to_string),
        };
        Self { question: (&ask.question).into(), branches: ask.branches.iter().map(branch).collect() }
    }
}

impl From<&plan::Gate> for PlanGate {
    fn from(gate: &plan::Gate) -> Self {
        Self {
            title: (&gate.title).into(),
            clause: gate.clause.to_string(),
            by: roles(&gate.by),
            waive: roles(&gate.waive),
        }
    }
}

impl From<&plan::StepRef> for PlanStepRef {
    fn from(step: &plan::StepRef) -> Self {
        Self { playbook: step.playbook.to_string(), step: step.step.to_string() }
    }
}

/// The ids of rules.
fn rules(rules: &[plan::RuleId]) -> Vec<String> {
    rules.iter().map(ToString::to_string).collect()
}
