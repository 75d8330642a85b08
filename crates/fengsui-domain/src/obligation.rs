//! Obligations: which duties a plan asks for in a situation, why, and which one answer would change that.
//!
//! What is told here is what the clocks of an incident will do, since both read the same rules: for a
//! level that nobody has confirmed, the worst one that the answers still allow counts.

use std::collections::BTreeSet;

use crate::expr::{Answers, Situation, Truth, Value};
use crate::grading::{other_answers, propose};
use crate::level::IncidentLevel;
use crate::plan::{ClockRule, FactId, Plan, RuleId};

/// What is known of a case, or supposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Answers to the plan's facts.
    pub facts: Answers,
    /// The level, if it is given; otherwise the rules propose one.
    pub level: Option<IncidentLevel>,
    /// The level of the response, if one runs.
    pub response: Option<IncidentLevel>,
}

/// What a plan asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligations {
    /// The level that counted.
    pub level: IncidentLevel,
    /// The grading rule that proposed it; none if it was given, or is only the worst still allowed.
    pub rule: Option<RuleId>,
    /// Duties that apply or may apply, in the order of the plan.
    pub duties: Vec<Obligation>,
    /// Every single answer that would add or drop a duty, in the order of the plan's questions.
    pub turns: Vec<Turn>,
}

/// A duty of the plan in the circumstances.
#[derive(Clone, Debug, PartialEq)]
pub struct Obligation {
    /// The rule.
    pub rule: RuleId,
    /// It applies, or an answer is missing that could decide it; never [`Truth::False`].
    pub truth: Truth,
}

/// One answer that would change what is owed if everything else stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The fact.
    pub fact: FactId,
    /// The other answer.
    pub to: Value,
    /// The level that would count then.
    pub level: IncidentLevel,
    /// Duties that would apply and do not now.
    pub added: Vec<RuleId>,
    /// Duties that would not apply any longer.
    pub dropped: Vec<RuleId>,
}

/// What a plan asks for in these circumstances.
pub fn obligations(plan: &Plan, known: &Circumstances) -> Obligations {
    let (level, rule) = level(plan, known);
    let duties = plan.clocks.iter().filter_map(|rule| obligation(rule, known, level)).collect();
    Obligations { level, rule, duties, turns: turns(plan, known, level) }
}

/// The level that counts, and the rule behind it.
fn level(plan: &Plan, known: &Circumstances) -> (IncidentLevel, Option<RuleId>) {
    known.level.map_or_else(
        || {
            let proposal = propose(plan, &known.facts);
            (proposal.highest_plausible, proposal.rule)
        },
        |level| (level, None),
    )
}

fn situation(known: &Circumstances, level: IncidentLevel) -> Situation<'_> {
    Situation { facts: &known.facts, level: Some(level), response: known.response }
}

fn obligation(rule: &ClockRule, known: &Circumstances, level: IncidentLevel) -> Option<Obligation> {
    let truth = rule.when.eval(&situation(known, level));
    (truth != Truth::False).then(|| Obligation { rule: rule.id.clone(), truth })
}

/// The rules of duties that certainly apply.
fn owed<'p>(plan: &'p Plan, known: &Circumstances, level: IncidentLevel) -> BTreeSet<&'p RuleId> {
    let situation = situation(known, level);
    let holds = |rule: &&ClockRule| rule.when.eval(&situation) == Truth::True;
    plan.clocks.iter().filter(holds).map(|rule| &rule.id).collect()
}

fn turns(plan: &Plan, known: &Circumstances, now: IncidentLevel) -> Vec<Turn> {
    let before = owed(plan, known, now);
    let mut turns = Vec::new();
    for (fact, _) in plan.questions() {
        for to in other_answers(plan, fact, known.facts.get(fact)) {
            let mut then = known.clone();
            then.facts.insert(fact.clone(), to.clone());
            let (level, _) = level(plan, &then);
            let after = owed(plan, &then, level);
            let in_order = |of: &BTreeSet<&RuleId>, without: &BTreeSet<&RuleId>| -> Vec<RuleId> {
                let ids = plan.clocks.iter().map(|rule| &rule.id);
                ids.filter(|id| of.contains(id) && !without.contains(id)).cloned().collect()
            };
            let (added, dropped) = (in_order(&after, &before), in_order(&before, &after));
            if !added.is_empty() || !dropped.is_empty() {
                turns.push(Turn { fact: fact.clone(), to, level, added, dropped });
            }
        }
    }
    turns
}
