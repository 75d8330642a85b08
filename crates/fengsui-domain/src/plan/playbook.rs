//! Playbooks: what is done about one kind of incident, step by step, by several organisations.
//!
//! A step refers only to steps above it and a branch only to steps below the question, so a walk has an
//! end; the loader refuses anything else, and a predicate that could wait for an answer for ever. What
//! happens in an incident is a [`crate::incident::Run`].
//! Source: `jincheng-egov-2008/5.1` to `5.7`.

use super::{CategoryId, Clause, FactId, RoleId, RuleId, Text};
use crate::expr::Expr;

/// A playbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Playbook {
    /// Its id.
    pub id: RuleId,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// The incidents it fits.
    pub when: Expr,
    /// The categories it fits; empty for any.
    pub categories: Vec<CategoryId>,
    /// Who may start it.
    pub by: Vec<RoleId>,
    /// Facts that must have an answer before it starts.
    pub asks: Vec<FactId>,
    /// What comes before everything else on its card, whatever the order of the steps.
    pub first: Option<Text>,
    /// Its temporary unprotected states.
    pub states: Vec<TemporaryState>,
    /// Its steps, in the order of the document.
    pub steps: Vec<PlaybookStep>,
}

/// A state without protection that a playbook may open and has to close. Source: `jincheng-egov-2008/5.5.b`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemporaryState {
    /// Its id.
    pub id: RuleId,
    /// Its name, such as 无防雷保护运行.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaybookStep {
    /// Its id inside the playbook.
    pub id: RuleId,
    /// What is done.
    pub title: Text,
    /// What is to be noted with the result, or watched out for.
    pub hint: Option<Text>,
    /// Where it comes from.
    pub clause: Clause,
    /// Any of these may do it.
    pub by: Vec<RoleId>,
    /// Any of these may record it on the word of whoever did it, for bodies that do not sign in here.
    pub recorded_by: Vec<RoleId>,
    /// Steps that must be settled first; all of them stand above.
    pub after: Vec<RuleId>,
    /// Otherwise the step is skipped when its turn comes.
    pub when: Expr,
    /// The question whose answer decides which steps follow.
    pub ask: Option<Ask>,
    /// What it waits for besides other steps.
    pub gate: Option<Gate>,
    /// With a reason it may be taken before these; all of them are among `after`.
    pub urgent_before: Vec<RuleId>,
    /// The operating permission it takes.
    pub needs: Option<Text>,
    /// The temporary state it opens.
    pub opens: Option<RuleId>,
    /// The temporary state it closes.
    pub closes: Option<RuleId>,
    /// Who may leave it out, with a reason; empty if nobody.
    pub optional: Vec<RoleId>,
}

/// A question with named answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is asked.
    pub question: Text,
    /// The answers.
    pub branches: Vec<Branch>,
}

/// One answer, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its id inside the question.
    pub id: RuleId,
    /// The answer.
    pub title: Text,
    /// Where it comes from, if it has a clause of its own.
    pub clause: Option<Clause>,
    /// The steps below that this answer calls for.
    pub steps: Vec<RuleId>,
    /// The mark it sets in the incident, with the grounds of the answer; duties follow from the mark.
    pub raises: Option<FactId>,
}

/// A step waits until another body says so. Source: `jincheng-egov-2008/5.2.4.a`, `5.3.6.a`, `5.4.4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What has to be so.
    pub title: Text,
    /// Where it comes from.
    pub clause: Clause,
    /// Any of these may say that it is so.
    pub by: Vec<RoleId>,
    /// Any of these may record what the body said, or waive the gate with a reason.
    pub waive: Vec<RoleId>,
}

/// A step of a playbook, named in a clock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepRef {
    /// The playbook.
    pub playbook: RuleId,
    /// Its step.
    pub step: RuleId,
}

impl Playbook {
    /// The step of this id.
    pub fn step(&self, id: &RuleId) -> Option<&PlaybookStep> {
        self.steps.iter().find(|step| step.id == *id)
    }

    /// The state of this id.
    pub fn state(&self, id: &RuleId) -> Option<&TemporaryState> {
        self.states.iter().find(|state| state.id == *id)
    }

    /// The answers that call for a step, each with the step that asks; none for a step that is always taken.
    pub fn called_by<'p>(&'p self, id: &'p RuleId) -> impl Iterator<Item = (&'p PlaybookStep, &'p Branch)> {
        let asked = self.steps.iter().filter_map(|step| Some((step, step.ask.as_ref()?)));
        asked
            .flat_map(|(step, ask)| ask.branches.iter().map(move |branch| (step, branch)))
            .filter(move |(_, branch)| branch.steps.contains(id))
    }
}

impl Ask {
    /// The answer of this id.
    pub fn branch(&self, id: &RuleId) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == *id)
    }
}
