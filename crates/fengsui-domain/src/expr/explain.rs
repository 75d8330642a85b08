//! Why a predicate holds or not: its atomic conditions, each with the answer it saw and its truth.

use super::{Expr, Situation, Truth, Value};
use crate::plan::FactId;

/// One atomic condition of a predicate as it stands in a situation.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// The condition: a fact, a comparison, a level test or a constant.
    pub condition: Expr,
    /// It stands under an odd number of `!`, so it counts against the predicate when it holds.
    pub negated: bool,
    /// The answer it looked at (for a level test the level), if there is one.
    pub value: Option<Value>,
    /// Whether the condition itself holds, `negated` not applied.
    pub truth: Truth,
}

impl Expr {
    /// The atomic conditions in the order of the text; one written twice is listed twice.
    pub fn atoms(&self) -> Vec<&Expr> {
        let mut found = Vec::new();
        self.walk(false, &mut |atom, _| found.push(atom));
        found
    }

    /// The atomic conditions in the order of the text, each with its value and truth.
    pub fn explain(&self, situation: &Situation<'_>) -> Vec<Atom> {
        let mut found = Vec::new();
        self.walk(false, &mut |atom, negated| {
            found.push(Atom {
                condition: atom.clone(),
                negated,
                value: atom.value_in(situation),
                truth: atom.eval(situation),
            });
        });
        found
    }

    /// The facts without an answer that can still decide the predicate, in the order of the text.
    pub fn open_facts(&self, situation: &Situation<'_>) -> Vec<&FactId> {
        let mut found = Vec::new();
        self.walk_undecided(situation, &mut found);
        found
    }

    /// The fact an atomic condition looks at; `None` for level tests, constants and compounds.
    pub fn fact(&self) -> Option<&FactId> {
        match self {
            Self::Fact(fact) | Self::Mark(fact) | Self::Compare(fact, _, _) | Self::OneOf(fact, _) => {
                Some(fact)
            }
            Self::Const(_)
            | Self::Level(_)
            | Self::Response(_)
            | Self::Not(_)
            | Self::All(_)
            | Self::Any(_) => None,
        }
    }

    /// The literals an atomic condition compares its fact with.
    pub fn literals(&self) -> &[Value] {
        match self {
            Self::Compare(_, _, literal) => std::slice::from_ref(literal),
            Self::OneOf(_, literals) => literals,
            _ => &[],
        }
    }

    /// Whether the predicate looks at the incident's level.
    pub fn reads_level(&self) -> bool {
        self.atoms().iter().any(|atom| matches!(atom, Self::Level(_)))
    }

    /// A part that is decided already takes no further answer, whatever its facts.
    fn walk_undecided<'a>(&'a self, situation: &Situation<'_>, found: &mut Vec<&'a FactId>) {
        if self.eval(situation) != Truth::Unknown {
            return;
        }
        match self {
            Self::Not(inner) => inner.walk_undecided(situation, found),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.walk_undecided(situation, found);
                }
            }
            atom => found.extend(atom.fact()),
        }
    }

    fn value_in(&self, situation: &Situation<'_>) -> Option<Value> {
        match self {
            Self::Level(_) => situation.level.map(|level| Value::Choice(level.to_string())),
            Self::Response(_) => situation.response.map(|level| Value::Choice(level.to_string())),
            _ => situation.facts.get(self.fact()?).cloned(),
        }
    }

    fn walk<'a>(&'a self, negated: bool, visit: &mut impl FnMut(&'a Self, bool)) {
        match self {
            Self::Not(inner) => inner.walk(!negated, visit),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.walk(negated, visit)),
            _ => visit(self, negated),
        }
    }
}
