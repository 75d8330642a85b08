//! Which rules can be the one that decides, over all combinations of answers.
//!
//! The combinations are gone through as a tree, one answer more at each branch. Once the first rule that does
//! not fail holds, it holds whatever else is answered, so nothing below that branch is looked at: a predicate
//! that has decided stays as it is when a further question is answered. A mark alone breaks that, since it
//! stands at no until it is set, so marks are answered before anything else.

use std::collections::BTreeSet;

use super::{Outcome, RuleSet, ungraded};
use crate::expr::{Answers, Expr, Truth, Value};
use crate::plan::{FactId, RuleId};

impl<L: Copy + Ord> RuleSet<'_, L> {
    /// The rules that can be the one that decides, over all combinations of answers.
    ///
    /// `None` if more than `limit` steps would be needed: combinations times conditions. For the pack check.
    pub fn reachable(&self, limit: usize) -> Option<BTreeSet<RuleId>> {
        let told_apart = |fact: FactId| (self.told_apart(&fact), fact);
        let choices: Vec<(Vec<Value>, FactId)> = self.graded_by().into_iter().map(told_apart).collect();
        let combinations =
            choices.iter().try_fold(1_usize, |product, (answers, _)| product.checked_mul(answers.len()))?;
        let conditions: usize = self.rules.iter().map(|rule| rule.when.atoms().len()).sum();
        if combinations.checked_mul(conditions)? > limit {
            return None;
        }
        if combinations == 0 {
            return Some(BTreeSet::new()); // A question without an answer leaves no case at all.
        }
        let mut tree = Tree::new(self, choices);
        tree.walk(0);
        Some(tree.reached.into_iter().map(|index| self.rules[index].id.clone()).collect())
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

    /// Whether some rule reads this fact as a mark.
    fn marks(&self, fact: &FactId) -> bool {
        let mut atoms = self.rules.iter().flat_map(|rule| rule.when.atoms());
        atoms.any(|atom| matches!(atom, Expr::Mark(mark) if mark == fact))
    }
}

/// All combinations of answers, gone through branch by branch.
struct Tree<'s, L: Clone> {
    set: &'s RuleSet<'s, L>,
    /// The questions with more than one answer, marks first: as many as double the combinations, so few.
    branches: Vec<(Vec<Value>, FactId)>,
    /// How many of them are marks.
    marks: usize,
    /// The answers down to where the walk is.
    answers: Answers,
    /// The rules that decided somewhere, by their place.
    reached: BTreeSet<usize>,
}

impl<'s, L: Copy + Ord> Tree<'s, L> {
    fn new(set: &'s RuleSet<'s, L>, mut choices: Vec<(Vec<Value>, FactId)>) -> Self {
        let mut answers = Answers::new();
        choices.retain_mut(|(values, fact)| {
            if values.len() == 1 {
                answers.extend(values.pop().map(|value| (fact.clone(), value)));
            }
            !values.is_empty()
        });
        choices.sort_by_key(|(_, fact)| !set.marks(fact));
        let marks = choices.partition_point(|(_, fact)| set.marks(fact));
        Self { set, branches: choices, marks, answers, reached: BTreeSet::new() }
    }

    /// Goes through what can be answered from the branch at `depth` on.
    fn walk(&mut self, depth: usize) {
        if self.reached.len() == self.set.rules.len() {
            return;
        }
        if depth == self.branches.len() {
            self.reached.extend(Outcome::of(self.set, &self.answers).rule);
            return;
        }
        if depth >= self.marks {
            match self.first_standing() {
                Some((_, Truth::Unknown)) => {}
                decided => return self.reached.extend(decided.map(|(index, _)| index)),
            }
        }
        let fact = self.branches[depth].1.clone();
        for at in 0..self.branches[depth].0.len() {
            self.answers.insert(fact.clone(), self.branches[depth].0[at].clone());
            self.walk(depth + 1);
        }
        self.answers.remove(&fact);
    }

    /// The first rule that does not fail by the answers so far.
    fn first_standing(&self) -> Option<(usize, Truth)> {
        let situation = ungraded(&self.answers);
        let truths = self.set.rules.iter().map(|rule| rule.when.eval(&situation)).enumerate();
        { truths }.find(|(_, truth)| *truth != Truth::False)
    }
}
