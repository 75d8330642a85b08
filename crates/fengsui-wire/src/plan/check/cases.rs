//! The cases that conditions tell apart: answers, marks, level and response level, tried one by one.
//!
//! An answer that nobody has given yet is a case too, and so is an incident without a response. The level is
//! taken as free of the answers, since a person may confirm another than the one proposed.

use std::collections::BTreeSet;

use fengsui_domain::expr::{Answers, Expr, Situation, Truth, Value};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, FactKind, Plan};

/// Conditions looked at in all cases of one pack. The shipped packs need fewer than 10,000 each.
pub(super) const MAX_STEPS: usize = 1_000_000;
/// Steps that setting up one question takes besides its cases.
const SET_UP: usize = 20;

/// Tries conditions against each other, up to a number of steps for the whole pack.
pub(super) struct Cases<'p> {
    plan: &'p Plan,
    left: usize,
    untried: bool,
}

/// What one fact can be answered; `None` is no answer yet.
type Axis = (FactId, Vec<Option<Value>>);

impl<'p> Cases<'p> {
    /// With so many steps left.
    pub(super) fn new(plan: &'p Plan, left: usize) -> Self {
        Self { plan, left, untried: false }
    }

    /// Steps that are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Some question had more cases than are tried, and no answer.
    pub(super) fn untried(&self) -> bool {
        self.untried
    }

    /// No question has an answer any longer.
    pub(super) fn spent(&self) -> bool {
        self.left < SET_UP
    }

    /// Whether a condition can hold. What was not tried counts as possible.
    pub(super) fn possible(&mut self, condition: &Expr) -> bool {
        self.any(&[condition], |situation| holds(condition, situation)) != Some(false)
    }

    /// Whether `right` says yes in some case that the conditions tell apart; `None` if there are too many.
    pub(super) fn any(
        &mut self,
        conditions: &[&Expr],
        right: impl FnMut(&Situation<'_>) -> bool,
    ) -> Option<bool> {
        self.any_of_weight(1, conditions, right)
    }

    /// Like [`Self::any`], where `right` takes `weight` steps besides those of the conditions.
    pub(super) fn any_of_weight(
        &mut self,
        weight: usize,
        conditions: &[&Expr],
        mut right: impl FnMut(&Situation<'_>) -> bool,
    ) -> Option<bool> {
        let atoms: BTreeSet<String> =
            conditions.iter().flat_map(|condition| condition.atoms()).map(ToString::to_string).collect();
        let axes = self.axes(conditions);
        let (levels, responses) = self.levels(conditions);
        let combinations = axes.iter().try_fold(levels.len() * responses.len(), |product, (_, values)| {
            product.checked_mul(values.len())
        });
        let steps = combinations.and_then(|number| number.checked_mul(atoms.len() + weight));
        let Some(left) = steps.and_then(|steps| self.left.checked_sub(steps)?.checked_sub(SET_UP)) else {
            self.untried = true;
            self.left = self.left.saturating_sub(SET_UP);
            return None;
        };
        self.left = left;
        Some((0..combinations?).any(|mut number| {
            let mut facts = Answers::new();
            for (fact, values) in &axes {
                if let Some(value) = &values[number % values.len()] {
                    facts.insert(fact.clone(), value.clone());
                }
                number /= values.len();
            }
            let level = levels[number % levels.len()];
            let response = responses[number / levels.len()];
            right(&Situation { facts: &facts, level, response })
        }))
    }

    /// The facts that conditions read, each with one answer of every set that no condition tells apart.
    fn axes(&self, conditions: &[&Expr]) -> Vec<Axis> {
        let atoms: Vec<&Expr> = conditions.iter().flat_map(|condition| condition.atoms()).collect();
        let facts: BTreeSet<&FactId> = atoms.iter().filter_map(|atom| atom.fact()).collect();
        let axis = |fact: &FactId| {
            let own: Vec<&Expr> = atoms.iter().copied().filter(|atom| atom.fact() == Some(fact)).collect();
            let mut seen = BTreeSet::new();
            let mut values = self.answers(fact, &own);
            values.retain(|value| {
                let only: Answers = value.iter().map(|value| (fact.clone(), value.clone())).collect();
                let case = Situation { facts: &only, level: None, response: None };
                seen.insert(own.iter().map(|atom| atom.eval(&case)).collect::<Vec<_>>())
            });
            (fact.clone(), values)
        };
        facts.into_iter().map(axis).collect()
    }

    /// No answer, and every answer; of counts those next to a figure that a condition names.
    fn answers(&self, fact: &FactId, atoms: &[&Expr]) -> Vec<Option<Value>> {
        let mut answers = vec![None];
        match self.plan.facts.get(fact).map(|fact| &fact.kind) {
            Some(FactKind::Bool) => answers.extend([true, false].map(|answer| Some(Value::Bool(answer)))),
            Some(FactKind::OneOf(choices)) => {
                answers.extend(choices.iter().map(|choice| Some(Value::Choice(choice.id.clone()))));
            }
            Some(FactKind::Count) => {
                let mut figures = BTreeSet::from([0_u64]);
                for literal in atoms.iter().flat_map(|atom| atom.literals()) {
                    if let Value::Count(figure) = literal {
                        figures.extend([figure.saturating_sub(1), *figure, figure.saturating_add(1)]);
                    }
                }
                answers.extend(figures.into_iter().map(|figure| Some(Value::Count(figure))));
            }
            None => {}
        }
        answers
    }

    /// The levels of the incident and of the response, as far as a condition reads them.
    fn levels(&self, conditions: &[&Expr]) -> (Vec<Option<IncidentLevel>>, Vec<Option<IncidentLevel>>) {
        let all = || self.plan.levels.keys().copied().map(Some);
        let reads =
            |wanted: fn(&Expr) -> bool| conditions.iter().flat_map(|condition| condition.atoms()).any(wanted);
        let levels = if reads(|atom| matches!(atom, Expr::Level(_))) { all().collect() } else { vec![None] };
        let responses = if reads(|atom| matches!(atom, Expr::Response(_))) {
            std::iter::once(None).chain(all()).collect()
        } else {
            vec![None]
        };
        (levels, responses)
    }
}

/// The condition holds; an answer that is still missing does not make it hold.
pub(super) fn holds(condition: &Expr, situation: &Situation<'_>) -> bool {
    condition.eval(situation) == Truth::True
}
