//! That the tables have everything: each clock of the pack stands in a row for each branch of its condition.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::{Answers, Expr, Situation, Truth, Value};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, FactKind, Plan};

use super::case::Case;
use super::table::Tables;
use crate::together::pack;

/// What a condition looks at.
#[derive(Default)]
struct Looks {
    level: bool,
    response: bool,
    facts: BTreeSet<FactId>,
}

impl Looks {
    fn at(&mut self, when: &Expr) {
        match when {
            Expr::Const(_) => {}
            Expr::Level(..) => self.level = true,
            Expr::Response(..) => self.response = true,
            Expr::Fact(fact) | Expr::Mark(fact) | Expr::Compare(fact, ..) | Expr::OneOf(fact, _) => {
                self.facts.insert(fact.clone());
            }
            Expr::Not(part) => self.at(part),
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| self.at(part)),
        }
    }
}

/// One way in which a condition can hold: the level, the response's level, and the answers it looks at.
type Branch = (Option<IncidentLevel>, Option<IncidentLevel>, Answers);

/// Every answer that a fact can have; of a mark that is not set, no.
fn answers(plan: &Plan, fact: &FactId) -> Vec<Value> {
    match &plan.facts[fact].kind {
        FactKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        FactKind::OneOf(choices) => choices.iter().map(|choice| Value::Choice(choice.id.clone())).collect(),
        FactKind::Count => panic!("a condition on a count needs rows around its figure: say which here"),
    }
}

/// Every way in which the condition holds.
fn branches(plan: &Plan, when: &Expr) -> Vec<Branch> {
    let mut looks = Looks::default();
    looks.at(when);
    let levels = || IncidentLevel::ALL.iter().copied().map(Some).collect();
    let scale = |asked: bool| if asked { levels() } else { vec![None] };
    let mut each: Vec<Branch> = Vec::new();
    for level in scale(looks.level) {
        each.extend(scale(looks.response).into_iter().map(|response| (level, response, Answers::new())));
    }
    for fact in &looks.facts {
        let with = |(level, response, known): &Branch, value: Value| {
            let mut known = known.clone();
            known.insert(fact.clone(), value);
            (*level, *response, known)
        };
        let values = answers(plan, fact);
        each = each
            .iter()
            .flat_map(|branch| values.iter().map(move |value| with(branch, value.clone())))
            .collect();
    }
    let holds = |(level, response, facts): &Branch| {
        when.eval(&Situation { facts, level: *level, response: *response }) == Truth::True
    };
    each.into_iter().filter(holds).collect()
}

/// Whether a case is of this branch.
fn of_branch(case: &Case, (level, response, facts): &Branch) -> bool {
    let own = |fact: &FactId| case.facts.get(fact).cloned().unwrap_or(Value::Bool(false));
    level.is_none_or(|level| level == case.level)
        && response.is_none_or(|response| case.responds() && response == case.level)
        && facts.iter().all(|(fact, value)| own(fact) == *value)
}

/// Each clock of the pack has a row in a case of each branch, and no row names what the pack does not have.
pub(super) fn every_clock_has_its_rows(text: &str) {
    let tables = Tables::read(text);
    let plan = pack(tables.plan.as_str());
    let mut cases: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for (case, rows) in &tables.cases {
        let case = Case::read(case);
        for row in &rows.all {
            let of_rule = cases.entry(row.duty.clone()).or_default();
            of_rule.push(case.clone());
        }
    }
    let known: BTreeSet<&str> = plan.clocks.iter().map(|rule| rule.id.as_str()).collect();
    let named: BTreeSet<&str> = cases.keys().map(String::as_str).collect();
    assert_eq!(named, known, "the rows of {} are of exactly its clocks", plan.id);
    for rule in &plan.clocks {
        let of_rule = &cases[rule.id.as_str()];
        for branch in branches(&plan, &rule.when) {
            let shown = of_rule.iter().any(|case| of_branch(case, &branch));
            assert!(shown, "{} {}: no row for {branch:?}", rule.clause, rule.id);
        }
    }
}
