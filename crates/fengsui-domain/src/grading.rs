//! Grading: which level the plan proposes for the answers so far, why, and what would change it.
//!
//! The same is asked of incidents, whose levels are I to IV, and of warnings, whose levels are colours
//! ([`crate::warning`]): a [`RuleSet`] is what both have in common, generic over the level.
//!
//! Rules are tested from the top. A rule that holds decides only if no rule of another level above it
//! could still hold, so a proposal once made never changes by answering a further question. Nothing here
//! sets a level: a person confirms the proposal or overrides it with a reason (`incident::decide`).
//! Source: `national-2017/1.4.*`, `jincheng-internet-2008/2.2`, `5.1.5.4`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::expr::{Answers, Atom, Expr, Situation, Truth, Value};
use crate::level::IncidentLevel;
use crate::plan::{Clause, FactId, FactKind, GradingRule, Plan, RuleId, Text};

mod reach;
#[cfg(test)]
mod tests;

/// What the plan proposes, and the grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal<L = IncidentLevel> {
    /// The first rule that holds, once the level is decided.
    pub rule: Option<RuleId>,
    /// The level, once it is decided.
    pub level: Option<L>,
    /// The worst level that the answers still allow; equal to `level` once that is decided.
    ///
    /// Clocks run under it before grading. Source: plan differences, `jincheng-internet-2008/5.1.3.c`.
    pub highest_plausible: L,
    /// The document cannot decide this alone: a person must look before confirming.
    pub needs_judge: bool,
    /// What that person has to look at.
    pub judge: Option<Text>,
    /// Questions without an answer that can still decide, in the order of the rules.
    pub open: Vec<FactId>,
    /// Every rule in order, with its truth and its conditions.
    pub trail: Vec<RuleTrail<L>>,
    /// Every single answer that would change the outcome, in the order of the rules.
    pub turning: Vec<Turn<L>>,
}

/// One rule as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTrail<L = IncidentLevel> {
    /// The rule.
    pub rule: RuleId,
    /// The level it proposes.
    pub level: L,
    /// Its clause.
    pub clause: Clause,
    /// Whether it holds.
    pub truth: Truth,
    /// Its conditions, each with the answer it saw.
    pub atoms: Vec<Atom>,
}

/// One answer that would change the outcome if everything else stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<L = IncidentLevel> {
    /// The fact.
    pub fact: FactId,
    /// Its answer now, if it has one.
    pub from: Option<Value>,
    /// The other answer; for a count the nearest one that has this outcome.
    pub to: Value,
    /// The level then; `None` if the outcome would be open.
    pub level: Option<L>,
    /// The worst level still allowed then.
    pub highest_plausible: L,
}

/// The level a plan proposes for these answers, with its grounds.
///
/// The same plan and answers give the same proposal, in the same order.
pub fn propose(plan: &Plan, answers: &Answers) -> Proposal {
    RuleSet::levels(plan).propose(answers)
}

/// Every other answer a fact can have, as the rules on levels tell them apart.
pub(crate) fn other_answers(plan: &Plan, fact: &FactId, from: Option<&Value>) -> Vec<Value> {
    RuleSet::levels(plan).other_answers(fact, from)
}

/// Rules tested from the top, worst level first, with the plan whose questions they read.
#[derive(Clone, Debug)]
pub struct RuleSet<'p, L: Clone = IncidentLevel> {
    plan: &'p Plan,
    rules: Cow<'p, [GradingRule<L>]>,
    mildest: L,
}

impl<'p> RuleSet<'p> {
    /// The rules on the levels of incidents.
    pub fn levels(plan: &'p Plan) -> Self {
        Self::new(plan, Cow::Borrowed(&plan.grading.rules), plan.mildest_level())
    }
}

impl<'p, L: Copy + Ord> RuleSet<'p, L> {
    /// Rules of a plan; `mildest` is what is still allowed when no rule can hold.
    pub fn new(plan: &'p Plan, rules: Cow<'p, [GradingRule<L>]>, mildest: L) -> Self {
        Self { plan, rules, mildest }
    }

    /// The rules, in the order in which they are tested.
    pub fn rules(&self) -> &[GradingRule<L>] {
        &self.rules
    }

    /// What the rules propose for these answers, with the grounds.
    pub fn propose(&self, answers: &Answers) -> Proposal<L> {
        let outcome = Outcome::of(self, answers);
        let rule = outcome.rule.map(|index| &self.rules[index]);
        let judge = rule.and_then(|rule| rule.judge.clone());
        Proposal {
            rule: rule.map(|rule| rule.id.clone()),
            level: outcome.level,
            highest_plausible: outcome.highest_plausible,
            needs_judge: judge.is_some(),
            judge,
            open: self.open_questions(answers),
            trail: self.trail(answers),
            turning: self.turning(answers, &outcome),
        }
    }

    fn trail(&self, answers: &Answers) -> Vec<RuleTrail<L>> {
        let situation = ungraded(answers);
        let line = |rule: &GradingRule<L>| RuleTrail {
            rule: rule.id.clone(),
            level: rule.level,
            clause: rule.clause.clone(),
            truth: rule.when.eval(&situation),
            atoms: rule.when.explain(&situation),
        };
        self.rules.iter().map(line).collect()
    }

    /// Unanswered questions of the rules that can still hold, down to the first that does.
    fn open_questions(&self, answers: &Answers) -> Vec<FactId> {
        let situation = ungraded(answers);
        let rules = self.rules.iter().take_while(|rule| rule.when.eval(&situation) != Truth::True);
        first_of_each(rules.flat_map(|rule| rule.when.open_facts(&situation)))
    }

    fn turning(&self, answers: &Answers, now: &Outcome<L>) -> Vec<Turn<L>> {
        let mut turns = Vec::new();
        let mut changed = answers.clone();
        for fact in self.graded_by() {
            let from = answers.get(&fact).cloned();
            let first = turns.len();
            for to in self.other_answers(&fact, from.as_ref()) {
                changed.insert(fact.clone(), to.clone());
                let then = Outcome::of(self, &changed);
                let said = matches!(to, Value::Count(_))
                    && turns[first..].iter().any(|turn: &Turn<L>| {
                        (turn.level, turn.highest_plausible) == (then.level, then.highest_plausible)
                    });
                if then.differs(*now) && !said {
                    let Outcome { level, highest_plausible, .. } = then;
                    turns.push(Turn { fact: fact.clone(), from: from.clone(), to, level, highest_plausible });
                }
            }
            match &from {
                Some(answer) => changed.insert(fact, answer.clone()),
                None => changed.remove(&fact),
            };
        }
        turns
    }

    /// Every other answer a fact can have; for counts one from each stretch in which no predicate changes,
    /// nearest to the present answer first.
    pub fn other_answers(&self, fact: &FactId, from: Option<&Value>) -> Vec<Value> {
        let mut answers = match self.plan.fact(fact).map(|fact| &fact.kind) {
            Some(FactKind::Bool) => vec![Value::Bool(true), Value::Bool(false)],
            Some(FactKind::OneOf(choices)) => {
                choices.iter().map(|choice| Value::Choice(choice.id.clone())).collect()
            }
            Some(FactKind::Count) => self.counts(fact, from),
            None => Vec::new(),
        };
        answers.retain(|answer| Some(answer) != from);
        answers
    }

    /// The figures next to those a predicate compares with; between two of them nothing changes.
    fn counts(&self, fact: &FactId, from: Option<&Value>) -> Vec<Value> {
        let mut figures = BTreeSet::from([0_u64]);
        for atom in self.rules.iter().flat_map(|rule| rule.when.atoms()) {
            let literals = if atom.fact() == Some(fact) { atom.literals() } else { &[] };
            for literal in literals {
                if let Value::Count(figure) = literal {
                    figures.extend([figure.saturating_sub(1), *figure, figure.saturating_add(1)]);
                }
            }
        }
        let near = match from {
            Some(Value::Count(figure)) => *figure,
            _ => 0,
        };
        let mut figures: Vec<u64> = figures.into_iter().collect();
        figures.sort_by_key(|figure| (figure.abs_diff(near), *figure));
        figures.into_iter().map(Value::Count).collect()
    }

    /// The facts that the rules read, in the order of the rules.
    fn graded_by(&self) -> Vec<FactId> {
        first_of_each(self.rules.iter().flat_map(|rule| rule.when.atoms()).filter_map(Expr::fact))
    }
}

/// What the rules say, without the grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome<L> {
    rule: Option<usize>,
    level: Option<L>,
    highest_plausible: L,
}

impl<L: Copy + Ord> Outcome<L> {
    fn of(set: &RuleSet<'_, L>, answers: &Answers) -> Self {
        let mut highest_plausible = None;
        for (index, rule) in set.rules.iter().enumerate() {
            let truth = rule.when.eval(&ungraded(answers));
            if truth == Truth::False {
                continue;
            }
            let highest = *highest_plausible.get_or_insert(rule.level);
            if rule.level != highest {
                break; // A rule of another level above may still hold.
            }
            if truth == Truth::True {
                return Self { rule: Some(index), level: Some(rule.level), highest_plausible: rule.level };
            }
        }
        Self { rule: None, level: None, highest_plausible: highest_plausible.unwrap_or(set.mildest) }
    }

    fn differs(self, other: Self) -> bool {
        (self.level, self.highest_plausible) != (other.level, other.highest_plausible)
    }
}

/// What grading rules look at: the answers, and nothing of level or response.
fn ungraded(facts: &Answers) -> Situation<'_> {
    Situation { facts, level: None, response: None }
}

/// Each fact once, in order of first appearance.
fn first_of_each<'a>(facts: impl Iterator<Item = &'a FactId>) -> Vec<FactId> {
    let mut seen = BTreeSet::new();
    facts.filter(|fact| seen.insert(*fact)).cloned().collect()
}
