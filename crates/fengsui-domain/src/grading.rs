//! Grading: which level the plan proposes for the answers so far, why, and what would change it.
//!
//! Rules are tested from the top. A rule that holds decides only if no rule of another level above it
//! could still hold, so a proposal once made never changes by answering a further question. Nothing here
//! sets a level: a person confirms the proposal or overrides it with a reason (`incident::decide`).
//! Source: `national-2017/1.4.*`, `jincheng-internet-2008/2.2`, `5.1.5.4`.

use std::collections::BTreeSet;

use crate::expr::{Answers, Atom, Expr, Situation, Truth, Value};
use crate::level::IncidentLevel;
use crate::plan::{Clause, FactId, FactKind, GradingRule, Plan, RuleId, Text};

#[cfg(test)]
mod tests;

/// What the plan proposes, and the grounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The first rule that holds, once the level is decided.
    pub rule: Option<RuleId>,
    /// The level, once it is decided.
    pub level: Option<IncidentLevel>,
    /// The worst level that the answers still allow; equal to `level` once that is decided.
    ///
    /// Clocks run under it before grading. Source: plan differences, `jincheng-internet-2008/5.1.3.c`.
    pub highest_plausible: IncidentLevel,
    /// The document cannot decide this alone: a person must look before confirming.
    pub needs_judge: bool,
    /// What that person has to look at.
    pub judge: Option<Text>,
    /// Questions without an answer that can still decide, in the order of the rules.
    pub open: Vec<FactId>,
    /// Every rule in order, with its truth and its conditions.
    pub trail: Vec<RuleTrail>,
    /// Every single answer that would change the outcome, in the order of the rules.
    pub turning: Vec<Turn>,
}

/// One rule as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTrail {
    /// The rule.
    pub rule: RuleId,
    /// The level it proposes.
    pub level: IncidentLevel,
    /// Its clause.
    pub clause: Clause,
    /// Whether it holds.
    pub truth: Truth,
    /// Its conditions, each with the answer it saw.
    pub atoms: Vec<Atom>,
}

/// One answer that would change the outcome if everything else stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The fact.
    pub fact: FactId,
    /// Its answer now, if it has one.
    pub from: Option<Value>,
    /// The other answer; for a count the nearest one that has this outcome.
    pub to: Value,
    /// The level then; `None` if the outcome would be open.
    pub level: Option<IncidentLevel>,
    /// The worst level still allowed then.
    pub highest_plausible: IncidentLevel,
}

/// The level a plan proposes for these answers, with its grounds.
///
/// The same plan and answers give the same proposal, in the same order.
pub fn propose(plan: &Plan, answers: &Answers) -> Proposal {
    let outcome = Outcome::of(plan, answers);
    let rule = outcome.rule.map(|index| &plan.grading.rules[index]);
    let judge = rule.and_then(|rule| rule.judge.clone());
    Proposal {
        rule: rule.map(|rule| rule.id.clone()),
        level: outcome.level,
        highest_plausible: outcome.highest_plausible,
        needs_judge: judge.is_some(),
        judge,
        open: open_questions(plan, answers),
        trail: trail(plan, answers),
        turning: turning(plan, answers, &outcome),
    }
}

/// What the rules say, without the grounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outcome {
    rule: Option<usize>,
    level: Option<IncidentLevel>,
    highest_plausible: IncidentLevel,
}

impl Outcome {
    fn of(plan: &Plan, answers: &Answers) -> Self {
        let mut highest_plausible = None;
        for (index, rule) in plan.grading.rules.iter().enumerate() {
            let truth = truth(rule, answers);
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
        let highest_plausible = highest_plausible.unwrap_or_else(|| plan.mildest_level());
        Self { rule: None, level: None, highest_plausible }
    }

    fn differs(self, other: Self) -> bool {
        (self.level, self.highest_plausible) != (other.level, other.highest_plausible)
    }
}

/// What grading rules look at: the answers, and nothing of level or response.
fn ungraded(facts: &Answers) -> Situation<'_> {
    Situation { facts, level: None, response: None }
}

fn truth(rule: &GradingRule, answers: &Answers) -> Truth {
    rule.when.eval(&ungraded(answers))
}

fn trail(plan: &Plan, answers: &Answers) -> Vec<RuleTrail> {
    let situation = ungraded(answers);
    let line = |rule: &GradingRule| RuleTrail {
        rule: rule.id.clone(),
        level: rule.level,
        clause: rule.clause.clone(),
        truth: rule.when.eval(&situation),
        atoms: rule.when.explain(&situation),
    };
    plan.grading.rules.iter().map(line).collect()
}

/// Unanswered questions of the rules that can still hold, down to the first that does.
fn open_questions(plan: &Plan, answers: &Answers) -> Vec<FactId> {
    let situation = ungraded(answers);
    let rules = plan.grading.rules.iter().take_while(|rule| rule.when.eval(&situation) != Truth::True);
    first_of_each(rules.flat_map(|rule| rule.when.open_facts(&situation)))
}

fn turning(plan: &Plan, answers: &Answers, now: &Outcome) -> Vec<Turn> {
    let facts = graded_by(plan);
    let mut turns = Vec::new();
    let mut changed = answers.clone();
    for fact in facts {
        let from = answers.get(&fact).cloned();
        let first = turns.len();
        for to in other_answers(plan, &fact, from.as_ref()) {
            changed.insert(fact.clone(), to.clone());
            let then = Outcome::of(plan, &changed);
            let said = matches!(to, Value::Count(_))
                && turns[first..].iter().any(|turn: &Turn| {
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
pub(crate) fn other_answers(plan: &Plan, fact: &FactId, from: Option<&Value>) -> Vec<Value> {
    let mut answers = match plan.facts.get(fact).map(|fact| &fact.kind) {
        Some(FactKind::Bool) => vec![Value::Bool(true), Value::Bool(false)],
        Some(FactKind::OneOf(choices)) => {
            choices.iter().map(|choice| Value::Choice(choice.id.clone())).collect()
        }
        Some(FactKind::Count) => counts(plan, fact, from),
        None => Vec::new(),
    };
    answers.retain(|answer| Some(answer) != from);
    answers
}

/// The figures next to those a predicate compares with; between two of them nothing changes.
fn counts(plan: &Plan, fact: &FactId, from: Option<&Value>) -> Vec<Value> {
    let mut figures = BTreeSet::from([0_u64]);
    for atom in plan.grading.rules.iter().flat_map(|rule| rule.when.atoms()) {
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

/// One answer of each set that no condition of a grading rule tells apart, in the order of the answers.
fn told_apart(plan: &Plan, fact: &FactId) -> Vec<Value> {
    let rules = plan.grading.rules.iter();
    let conditions: Vec<&Expr> =
        rules.flat_map(|rule| rule.when.atoms()).filter(|atom| atom.fact() == Some(fact)).collect();
    let mut seen = BTreeSet::new();
    let mut answers = other_answers(plan, fact, None);
    answers.retain(|answer| {
        let only = Answers::from([(fact.clone(), answer.clone())]);
        seen.insert(conditions.iter().map(|condition| condition.eval(&ungraded(&only))).collect::<Vec<_>>())
    });
    answers
}

/// The facts that grading rules read, in the order of the rules.
fn graded_by(plan: &Plan) -> Vec<FactId> {
    first_of_each(plan.grading.rules.iter().flat_map(|rule| rule.when.atoms()).filter_map(Expr::fact))
}

/// Each fact once, in order of first appearance.
fn first_of_each<'a>(facts: impl Iterator<Item = &'a FactId>) -> Vec<FactId> {
    let mut seen = BTreeSet::new();
    facts.filter(|fact| seen.insert(*fact)).cloned().collect()
}

/// The rules that can be the one that decides, over all combinations of answers.
///
/// `None` if more than `limit` steps would be needed: combinations times conditions. For the pack check.
pub fn reachable(plan: &Plan, limit: usize) -> Option<BTreeSet<RuleId>> {
    let choices: Vec<(FactId, Vec<Value>)> = graded_by(plan)
        .into_iter()
        .map(|fact| {
            let answers = told_apart(plan, &fact);
            (fact, answers)
        })
        .collect();
    let combinations =
        choices.iter().try_fold(1_usize, |product, (_, answers)| product.checked_mul(answers.len()))?;
    let conditions: usize = plan.grading.rules.iter().map(|rule| rule.when.atoms().len()).sum();
    if combinations.checked_mul(conditions)? > limit {
        return None;
    }
    let mut reached = BTreeSet::new();
    for mut number in 0..combinations {
        if reached.len() == plan.grading.rules.len() {
            break;
        }
        let mut answers = Answers::new();
        for (fact, values) in &choices {
            answers.insert(fact.clone(), values[number % values.len()].clone());
            number /= values.len();
        }
        if let Some(index) = Outcome::of(plan, &answers).rule {
            reached.insert(plan.grading.rules[index].id.clone());
        }
    }
    Some(reached)
}
