//! Predicates and values as CEL text, the form the loader reads back.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Expr, Value};
use crate::level::IncidentLevel;
use crate::plan::{FactId, JOINT};

/// How tightly the surroundings of an expression bind; a looser expression needs brackets there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_bound(self, Binding::Or, f)
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Bool(answer) => write!(f, "{answer}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Choice(choice) => write_quoted(choice, f),
        }
    }
}

/// A fact of another plan that runs beside this one has a name that CEL takes in quotes alone.
fn write_fact(fact: &FactId, f: &mut Formatter<'_>) -> Result {
    if fact.as_str().contains(JOINT) { write!(f, "facts[\"{fact}\"]") } else { write!(f, "facts.{fact}") }
}

fn write_bound(expr: &Expr, around: Binding, f: &mut Formatter<'_>) -> Result {
    match expr {
        Expr::Const(holds) => write!(f, "{holds}"),
        Expr::Fact(fact) | Expr::Mark(fact) => write_fact(fact, f),
        Expr::Compare(fact, comparison, literal) => in_brackets(around == Binding::Not, f, |f| {
            write_fact(fact, f)?;
            write!(f, " {} {literal}", comparison.as_str())
        }),
        Expr::OneOf(fact, literals) => in_brackets(around == Binding::Not, f, |f| {
            write_fact(fact, f)?;
            write!(f, " in ")?;
            write_list(literals, f)
        }),
        Expr::Level(levels) => {
            in_brackets(around == Binding::Not, f, |f| write_levels("incident", levels, f))
        }
        Expr::Response(levels) => {
            in_brackets(around == Binding::Not, f, |f| write_levels("response", levels, f))
        }
        // The form it is written in; with brackets it would nest deeper when read back.
        Expr::Not(inner)
            if let Expr::Level(levels) = &**inner
                && let [only] = levels.as_slice() =>
        {
            in_brackets(around == Binding::Not, f, |f| write!(f, "incident.level != \"{only}\""))
        }
        Expr::Not(inner)
            if let Expr::Response(levels) = &**inner
                && let [only] = levels.as_slice() =>
        {
            in_brackets(around == Binding::Not, f, |f| write!(f, "response.level != \"{only}\""))
        }
        Expr::Not(inner) => {
            f.write_char('!')?;
            write_bound(inner, Binding::Not, f)
        }
        Expr::All(parts) => write_chain(parts, (Binding::And, " && ", true), around, f),
        Expr::Any(parts) => write_chain(parts, (Binding::Or, " || ", false), around, f),
    }
}

/// Writes `a && b` or `a || b`; an empty chain is its neutral constant, a chain of one is its part.
fn write_chain(
    parts: &[Expr],
    (own, operator, neutral): (Binding, &str, bool),
    around: Binding,
    f: &mut Formatter<'_>,
) -> Result {
    match parts {
        [] => write!(f, "{neutral}"),
        [only] => write_bound(only, around, f),
        [first, rest @ ..] => in_brackets(own < around, f, |f| {
            write_bound(first, own, f)?;
            rest.iter().try_for_each(|part| {
                f.write_str(operator)?;
                write_bound(part, own, f)
            })
        }),
    }
}

fn write_levels(of: &str, levels: &[IncidentLevel], f: &mut Formatter<'_>) -> Result {
    if let [only] = levels {
        return write!(f, "{of}.level == \"{only}\"");
    }
    write!(f, "{of}.level in ")?;
    let names: Vec<Value> = levels.iter().map(|level| Value::Choice(level.to_string())).collect();
    write_list(&names, f)
}

fn write_list(literals: &[Value], f: &mut Formatter<'_>) -> Result {
    f.write_char('[')?;
    for (index, literal) in literals.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{literal}")?;
    }
    f.write_char(']')
}

fn write_quoted(text: &str, f: &mut Formatter<'_>) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        if c == '"' || c == '\\' {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

fn in_brackets(
    needed: bool,
    f: &mut Formatter<'_>,
    inner: impl FnOnce(&mut Formatter<'_>) -> Result,
) -> Result {
    if !needed {
        return inner(f);
    }
    f.write_char('(')?;
    inner(f)?;
    f.write_char(')')
}
