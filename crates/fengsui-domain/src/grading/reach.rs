//! Which rules can be the one that decides, over all combinations of answers.
//!
//! The combinations are gone through as a tree. Each branch answers one question more, one on which the first
//! rule that may still hold waits. Once that rule holds, it holds whatever else is answered, so nothing below
//! such a branch is looked at: a predicate that has decided stays as it is when a further question is answered.
//! A mark alone breaks that, since it stands at no until it is set, so marks are answered before anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, RuleSet, ungraded};
use crate::expr::{Answers, Expr, Truth, Value};
use crate::plan::{FactId, RuleId};

impl<L: Copy + Ord> RuleSet<'_, L> {
    /// The rules that can be the one that decides, over all combinations of answers.
    ///
    /// A step is one condition looked at in one branch. What was taken is taken from `steps`; `None` if there
    /// were not enough of them. For the pack check.
    pub fn reachable(&self, steps: &mut usize) -> Option<BTreeSet<RuleId>> {
        let told_apart = |fact: FactId| (fact.clone(), self.told_apart(&fact));
        let choices: BTreeMap<FactId, Vec<Value>> = self.graded_by().into_iter().map(told_apart).collect();
        if choices.values().any(Vec::is_empty) {
            return Some(BTreeSet::new()); // A question without an answer leaves no case at all.
        }
        let mut tree = Tree::new(self, &choices, steps);
        tree.walk();
        let enough = tree.enough;
        let reached = tree.reached.into_iter().map(|index| self.rules[index].id.clone());
        enough.then(|| reached.collect())
    }

    /// One answer of each set that no condition of a rule tells apart, in the order of the answers.
    fn told_apart(&self, fact: &FactId) -> Vec<Value> {
        let rules = self.rules.iter();
        let conditions: Vec<&Expr> =
            rules.flat_map(|rule| rule.when.atoms()).filter(|atom| atom.fact() == Some(fact)).collect();
        let mut seen = BTreeSet::new();
        let mut answers = self.other_answers(fact, None);
        answers.retain(|answer| {
            let only = Answers::from([(fact.clone(), answer.clone())]);
            seen.insert(
                conditions.iter().map(|condition| condition.eval(&ungraded(&only))).collect::<Vec<_>>(),
            )
        });
        answers
    }
}

/// All combinations of answers, gone through branch by branch.
struct Tree<'s, L: Clone> {
    set: &'s RuleSet<'s, L>,
    choices: &'s BTreeMap<FactId, Vec<Value>>,
    /// The questions that a rule reads as marks.
    marks: BTreeSet<&'s FactId>,
    /// The answers down to where the walk is. What has one answer only has it from the start, so the walk goes
    /// no deeper than the combinations can be halved.
    answers: Answers,
    /// The rules that decided somewhere, by their place.
    reached: BTreeSet<usize>,
    /// Conditions of all rules: what one branch takes.
    conditions: usize,
    /// Steps that are left.
    steps: &'s mut usize,
    /// There were enough of them so far.
    enough: bool,
}

/// Where the walk goes on.
enum Step<'s> {
    /// Nowhere: this rule decides here, or none does.
    Decided(Option<usize>),
    /// With each answer to this question.
    Ask(&'s FactId),
}

impl<'s, L: Copy + Ord> Tree<'s, L> {
    fn new(set: &'s RuleSet<'s, L>, choices: &'s BTreeMap<FactId, Vec<Value>>, steps: &'s mut usize) -> Self {
        let mark = |atom: &'s Expr| atom.fact().filter(|_| matches!(atom, Expr::Mark(_)));
        let marks = set.rules.iter().flat_map(|rule| rule.when.atoms()).filter_map(mark).collect();
        let only = |(fact, values): (&FactId, &Vec<Value>)| match values.as_slice() {
            [value] => Some((fact.clone(), value.clone())),
            _ => None,
        };
        let answers = choices.iter().filter_map(only).collect();
        let conditions = set.rules.iter().map(|rule| rule.when.atoms().len()).sum::<usize>().max(1);
        Self { set, choices, marks, answers, reached: BTreeSet::new(), conditions, steps, enough: true }
    }

    /// Goes through what can be answered from here on.
    fn walk(&mut self) {
        if !self.enough || self.reached.len() == self.set.rules.len() {
            return;
        }
        let Some(left) = self.steps.checked_sub(self.conditions) else {
            self.enough = false;
            return;
        };
        *self.steps = left;
        match self.step() {
            Step::Decided(rule) => self.reached.extend(rule),
            Step::Ask(fact) => {
                for value in &self.choices[fact] {
                    self.answers.insert(fact.clone(), value.clone());
                    self.walk();
                }
                self.answers.remove(fact);
            }
        }
    }

    fn step(&self) -> Step<'s> {
        let open = |fact: &&'s FactId| !self.answers.contains_key(*fact);
        if let Some(mark) = self.marks.iter().copied().find(open) {
            return Step::Ask(mark);
        }
        let situation = ungraded(&self.answers);
        let truths = self.set.rules.iter().map(|rule| (rule, rule.when.eval(&situation))).enumerate();
        match { truths }.find(|(_, (_, truth))| *truth != Truth::False) {
            None => Step::Decided(None),
            Some((index, (_, Truth::True))) => Step::Decided(Some(index)),
            Some((_, (rule, _))) => {
                let mut questions = rule.when.open_facts(&situation).into_iter().chain(self.choices.keys());
                let rest = || Step::Decided(Outcome::of(self.set, &self.answers).rule);
                questions.find(open).map_or_else(rest, Step::Ask)
            }
        }
    }
}
