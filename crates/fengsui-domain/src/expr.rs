//! Predicates of a plan: typed, total, three-valued.
//!
//! The text is CEL and `fengsui_wire::plan` parses and types it; what arrives here cannot fail.
//! A fact nobody has answered yet is [`Truth::Unknown`], never `false`, so "not yet known" is told
//! apart from "does not hold". Expressions always terminate: there are no loops and no functions.

use std::collections::BTreeMap;

use crate::level::IncidentLevel;
use crate::plan::FactId;

mod display;
mod explain;
#[cfg(test)]
pub(crate) mod tests;
mod words;

pub use explain::Atom;
pub use words::Part;

/// A recorded answer, or a literal of a predicate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A count.
    Count(u64),
    /// One of the fact's choices.
    Choice(String),
}

/// Answers to a plan's facts.
pub type Answers = BTreeMap<FactId, Value>;

/// A predicate.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `true` or `false`.
    Const(bool),
    /// A yes-or-no fact: `facts.citywide_paralysis`.
    Fact(FactId),
    /// A mark: `facts.special_circumstances`. It stands at no until a person sets it with a reason, so
    /// it is never [`Truth::Unknown`]; written like any other fact, told apart by the fact's type.
    Mark(FactId),
    /// A fact compared with a literal: `facts.spread == "strong"`, `facts.systems_hit >= 2`.
    Compare(FactId, Comparison, Value),
    /// A fact among literals: `facts.spread in ["strong", "very-strong"]`.
    OneOf(FactId, Vec<Value>),
    /// The incident's level among these: `incident.level == "IV"`, `incident.level in ["I", "II"]`.
    Level(Vec<IncidentLevel>),
    /// The level of the response, running or ended, among these: `response.level == "II"`. Before a
    /// response starts this is [`Truth::Unknown`].
    Response(Vec<IncidentLevel>),
    /// `!a`
    Not(Box<Expr>),
    /// `a && b && …`
    All(Vec<Expr>),
    /// `a || b || …`
    Any(Vec<Expr>),
}

/// How a fact is compared. Order comparisons are only for counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Kleene's three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// It does not hold.
    False,
    /// An answer is missing and could decide it.
    Unknown,
    /// It holds.
    True,
}

/// What a predicate looks at.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The answers so far.
    pub facts: &'a Answers,
    /// The incident's level, once it has one.
    pub level: Option<IncidentLevel>,
    /// The level of its response, once one was started.
    pub response: Option<IncidentLevel>,
}

impl Truth {
    /// Both: the lesser of the two, so one `False` decides and `Unknown` waits.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either: the greater of the two, so one `True` decides and `Unknown` waits.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Expr {
    /// Whether the predicate holds in a situation. Total: an answer of another type than the plan
    /// asks for (left by an older version of it) counts as no answer.
    pub fn eval(&self, situation: &Situation<'_>) -> Truth {
        match self {
            Self::Const(holds) => Truth::from(*holds),
            Self::Fact(fact) => match situation.facts.get(fact) {
                Some(Value::Bool(answer)) => Truth::from(*answer),
                _ => Truth::Unknown,
            },
            Self::Mark(fact) => Truth::from(situation.facts.get(fact) == Some(&Value::Bool(true))),
            Self::Compare(fact, comparison, literal) => match situation.facts.get(fact) {
                Some(answer) => comparison.eval(answer, literal),
                None => Truth::Unknown,
            },
            Self::OneOf(fact, literals) => match situation.facts.get(fact) {
                Some(answer) if literals.iter().any(|literal| answer.same_type(literal)) => {
                    Truth::from(literals.contains(answer))
                }
                _ => Truth::Unknown,
            },
            Self::Level(levels) => {
                situation.level.map_or(Truth::Unknown, |level| Truth::from(levels.contains(&level)))
            }
            Self::Response(levels) => {
                situation.response.map_or(Truth::Unknown, |level| Truth::from(levels.contains(&level)))
            }
            Self::Not(inner) => !inner.eval(situation),
            Self::All(parts) => Self::joined(parts, situation, Truth::True, Truth::and),
            Self::Any(parts) => Self::joined(parts, situation, Truth::False, Truth::or),
        }
    }

    /// What `join` makes of all parts, where `none` is what it makes of no part. Once a part says the opposite of
    /// that, no other can change it.
    fn joined(
        parts: &[Self],
        situation: &Situation<'_>,
        none: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Truth {
        let mut so_far = none;
        for part in parts {
            so_far = join(so_far, part.eval(situation));
            if so_far == !none {
                break;
            }
        }
        so_far
    }
}

impl Comparison {
    /// How CEL writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    fn eval(self, answer: &Value, literal: &Value) -> Truth {
        if !answer.same_type(literal) {
            return Truth::Unknown;
        }
        Truth::from(match self {
            Self::Equal => answer == literal,
            Self::NotEqual => answer != literal,
            Self::Less => answer < literal,
            Self::AtMost => answer <= literal,
            Self::Greater => answer > literal,
            Self::AtLeast => answer >= literal,
        })
    }
}

impl Value {
    fn same_type(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
