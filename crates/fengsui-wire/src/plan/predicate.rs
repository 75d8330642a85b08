//! Predicates: CEL text to a typed [`Expr`]. The only module that names the CEL crate.
//!
//! Only its parser is used. What a pack may say is a small part of CEL: facts, the levels of incident and response,
//! comparisons with literals, `in`, `&&`, `||`, `!` and brackets. Text outside of that is refused by
//! [`gate`] before the parser sees it, which also bounds what a hostile pack can make the parser do.

use std::collections::{BTreeMap, BTreeSet};

use cel::common::ast::operators as op;
use cel::common::ast::{Expr as Cel, IdedExpr, LiteralValue, SelectExpr, SourceInfo};
use cel::parser::Parser;
use elsa::sync::FrozenMap;
use fengsui_domain::expr::{Comparison, Expr, Value};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, FactKind, Text};

use super::finding::{Code, quoted, quoted_list, say};
use super::nearest::suggestion;

mod gate;
#[cfg(test)]
mod tests;

/// Bytes of one predicate; the longest shipped one has 129.
pub(super) const MAX_BYTES: usize = 1_000;

/// Problems reported of one predicate.
const MAX_PROBLEMS: usize = 20;

/// What a predicate may name.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The facts with their type and whether the answer needs a reason.
    pub(super) facts: &'a BTreeMap<FactId, (FactKind, bool)>,
    /// Facts that are declared, but not readably.
    pub(super) broken: &'a BTreeSet<String>,
    /// There is no section of facts, which has been reported.
    pub(super) no_facts: bool,
    /// The levels of the plan.
    pub(super) levels: &'a BTreeSet<IncidentLevel>,
    /// It may read `incident.level` and `response.level`; a grading rule may not.
    pub(super) graded: bool,
}

/// What is wrong with a predicate, at a byte of its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) offset: usize,
    pub(super) message: Text,
    pub(super) fix: Option<Text>,
}

/// The texts that were parsed already. Rules repeat each other's predicates, and a pack is read again with each
/// of its options; what a text means then still depends on the facts and levels, how it is parsed does not.
#[derive(Default)]
pub(super) struct Parsed(FrozenMap<String, Box<(IdedExpr, SourceInfo)>>);

impl Parsed {
    fn of(&self, text: &str) -> Result<&(IdedExpr, SourceInfo), Problem> {
        if let Some(known) = self.0.get(text) {
            return Ok(known);
        }
        gate::check(text)?;
        let parser = Parser::new().max_recursion_depth(gate::PARSER_DEPTH);
        let parsed = parser.parse_with_source_info(text);
        let parsed = parsed.map_err(|errors| syntax(text, errors.errors.first().map(|error| error.pos)))?;
        Ok(self.0.insert(text.to_owned(), Box::new(parsed)))
    }
}

/// The predicate that a text says, or everything that is wrong with it.
pub(super) fn compile(text: &str, scope: Scope<'_>, parsed: &Parsed) -> Result<Expr, Vec<Problem>> {
    let (parsed, source) = parsed.of(text).map_err(|problem| vec![problem])?;
    let mut typing = Typing { scope, source, problems: Vec::new() };
    match typing.condition(parsed) {
        Some(expr) if typing.problems.is_empty() => Ok(expr),
        _ => Err(typing.problems),
    }
}

/// The parser's own words speak of its grammar, so the place is all that is taken from them.
fn syntax(text: &str, at: Option<(isize, isize)>) -> Problem {
    let (line, column) = at.unwrap_or((1, 1));
    let before: usize =
        text.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(str::len).sum();
    let offset = before + usize::try_from(column - 1).unwrap_or(0);
    let rest = text.get(offset..).unwrap_or_default().trim();
    let message = if rest.is_empty() {
        say("条件没有写完", "the predicate breaks off")
    } else {
        let rest = quoted(rest);
        say(format!("条件在 {rest} 处不成立"), format!("the predicate does not continue like this: {rest}"))
    };
    let words = [("and", "&&"), ("or", "||"), ("not", "!")];
    let first = rest.split_whitespace().next();
    let fix = words
        .into_iter()
        .find(|(word, _)| first == Some(*word))
        .map(|(word, sign)| say(format!("{word} 应写作 {sign}"), format!("write {sign} instead of {word}")));
    Problem { code: Code::ExprSyntax, offset: offset.min(text.len()), message, fix }
}

/// What a comparison looks at.
enum Subject<'a> {
    Fact(FactId, &'a FactKind),
    Level,
    Response,
}

/// A test of the level of the incident or of its response.
fn level_test(subject: &Subject<'_>, levels: Vec<IncidentLevel>) -> Expr {
    match subject {
        Subject::Response => Expr::Response(levels),
        Subject::Level | Subject::Fact(..) => Expr::Level(levels),
    }
}

struct Typing<'a> {
    scope: Scope<'a>,
    source: &'a SourceInfo,
    problems: Vec<Problem>,
}

impl<'a> Typing<'a> {
    /// A part that must be yes or no.
    fn condition(&mut self, node: &IdedExpr) -> Option<Expr> {
        if self.problems.len() >= MAX_PROBLEMS {
            return None;
        }
        match &node.expr {
            Cel::Literal(LiteralValue::Boolean(holds)) => Some(Expr::Const(*holds.inner())),
            Cel::Select(select) => self.yes_or_no(node, select),
            Cel::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                (op::LOGICAL_AND, [left, right]) => self.chain(left, right, true),
                (op::LOGICAL_OR, [left, right]) => self.chain(left, right, false),
                (op::LOGICAL_NOT, [inner]) => Some(Expr::Not(Box::new(self.condition(inner)?))),
                (op::IN, [left, right]) => self.one_of(left, right),
                (name, [left, right]) if comparison(name).is_some() => {
                    comparison(name).and_then(|comparison| self.compare(left, comparison, right))
                }
                _ => self.not_allowed(node),
            },
            _ => self.not_yes_or_no(node),
        }
    }

    /// `a && b && c` in one list, however the parser nested it. Both sides are always read.
    fn chain(&mut self, left: &IdedExpr, right: &IdedExpr, all: bool) -> Option<Expr> {
        let (left, right) = (self.condition(left), self.condition(right));
        let mut parts = Vec::new();
        for part in [left?, right?] {
            match part {
                Expr::All(inner) if all => parts.extend(inner),
                Expr::Any(inner) if !all => parts.extend(inner),
                other => parts.push(other),
            }
        }
        Some(if all { Expr::All(parts) } else { Expr::Any(parts) })
    }

    fn yes_or_no(&mut self, node: &IdedExpr, select: &SelectExpr) -> Option<Expr> {
        let Subject::Fact(fact, kind) = self.subject(node)? else {
            let says = (
                "incident.level 要与等级比较".to_owned(),
                "incident.level has to be compared with a level".to_owned(),
            );
            let fix = say(r#"如 incident.level == "IV""#, r#"as in incident.level == "IV""#);
            return self.wrong(Code::ExprType, node, says, Some(fix));
        };
        let marked = self.scope.facts.get(&fact).is_some_and(|(_, needs_reason)| *needs_reason);
        let name = &select.field;
        let as_in = match kind {
            FactKind::Bool if marked => return Some(Expr::Mark(fact)),
            FactKind::Bool => return Some(Expr::Fact(fact)),
            FactKind::OneOf(choices) => {
                let first = choices.first().map_or("", |choice| choice.id.as_str());
                format!("facts.{name} == {}", quoted(first))
            }
            FactKind::Count => format!("facts.{name} >= 1"),
        };
        let says = (format!("facts.{name} 不是“是或否”"), format!("facts.{name} is not a yes-or-no fact"));
        self.wrong(
            Code::ExprType,
            node,
            says,
            Some(say(format!("如 {as_in}"), format!("compare it, as in {as_in}"))),
        )
    }

    fn compare(&mut self, left: &IdedExpr, comparison: Comparison, right: &IdedExpr) -> Option<Expr> {
        if matches!(left.expr, Cel::Literal(_)) && matches!(right.expr, Cel::Select(_)) {
            let says = ("比较的左边应为事实".to_owned(), "the fact belongs on the left".to_owned());
            let fix = say(r#"如 facts.spread == "strong""#, r#"as in facts.spread == "strong""#);
            return self.wrong(Code::ExprNotAllowed, left, says, Some(fix));
        }
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match self.subject(left)? {
            subject @ (Subject::Level | Subject::Response) if equality => {
                let level = level_test(&subject, vec![self.level(right)?]);
                Some(if comparison == Comparison::Equal { level } else { Expr::Not(Box::new(level)) })
            }
            Subject::Level | Subject::Response => {
                let says = ("等级不能比较大小".to_owned(), "levels are not compared by size".to_owned());
                let fix = say(
                    r#"列出等级，如 incident.level in ["I", "II"]"#,
                    r#"list them, as in incident.level in ["I", "II"]"#,
                );
                self.wrong(Code::ExprType, left, says, Some(fix))
            }
            Subject::Fact(fact, kind) => {
                if !equality && !matches!(kind, FactKind::Count) {
                    let name = quoted(fact.as_str());
                    let says = (
                        format!("{name} 不是数量，不能比较大小"),
                        format!("{name} is not a count and has no order"),
                    );
                    return self.wrong(Code::ExprType, left, says, Some(say("用 == 或 in", "use == or in")));
                }
                let literal = self.literal(&fact, kind, right)?;
                Some(Expr::Compare(fact, comparison, literal))
            }
        }
    }

    fn one_of(&mut self, left: &IdedExpr, right: &IdedExpr) -> Option<Expr> {
        let subject = self.subject(left);
        let Cel::List(list) = &right.expr else {
            let says = ("in 的右边应为列表".to_owned(), "a list belongs on the right of in".to_owned());
            let fix = say(r#"如 in ["I", "II"]"#, r#"as in in ["I", "II"]"#);
            return self.wrong(Code::ExprNotAllowed, right, says, Some(fix));
        };
        if list.elements.is_empty() {
            let says = ("列表为空".to_owned(), "the list is empty".to_owned());
            return self.wrong(Code::ExprType, right, says, None);
        }
        match subject? {
            subject @ (Subject::Level | Subject::Response) => {
                let levels: Vec<_> = list.elements.iter().map(|item| self.level(item)).collect();
                levels.into_iter().collect::<Option<_>>().map(|levels| level_test(&subject, levels))
            }
            Subject::Fact(fact, kind) => {
                let literals: Vec<_> =
                    list.elements.iter().map(|item| self.literal(&fact, kind, item)).collect();
                literals.into_iter().collect::<Option<_>>().map(|literals| Expr::OneOf(fact, literals))
            }
        }
    }

    /// `facts.name`, `incident.level` or `response.level`.
    fn subject(&mut self, node: &IdedExpr) -> Option<Subject<'a>> {
        let Cel::Select(SelectExpr { operand, field, test: false }) = &node.expr else {
            return self.not_allowed(node);
        };
        match &operand.expr {
            Cel::Ident(name) if name == "facts" => self.fact(operand, field),
            Cel::Ident(name) if (name == "incident" || name == "response") && field == "level" => {
                if self.scope.graded {
                    return Some(if name == "incident" { Subject::Level } else { Subject::Response });
                }
                let says = (
                    "定级规则不能以等级为条件".to_owned(),
                    "a grading rule cannot read the level it decides".to_owned(),
                );
                self.wrong(Code::LevelInGrading, operand, says, Some(say("只用事实", "use facts only")))
            }
            Cel::Ident(name) => self.not_known(operand, &format!("{name}.{field}"), None),
            _ => self.not_allowed(operand),
        }
    }

    fn fact(&mut self, operand: &IdedExpr, field: &str) -> Option<Subject<'a>> {
        let id = FactId::new(field);
        if let Some((kind, _)) = self.scope.facts.get(&id) {
            return Some(Subject::Fact(id, kind));
        }
        if !self.scope.no_facts && !self.scope.broken.contains(field) {
            let (_, fix) = suggestion(field, self.scope.facts.keys().map(FactId::as_str));
            let name = quoted(field);
            let says = (format!("未知的事实 {name}"), format!("unknown fact {name}"));
            self.wrong::<()>(Code::UnknownFact, operand, says, fix);
        }
        None
    }

    fn literal(&mut self, fact: &FactId, kind: &FactKind, node: &IdedExpr) -> Option<Value> {
        match (kind, &node.expr) {
            (FactKind::OneOf(choices), Cel::Literal(LiteralValue::String(text))) => {
                let wrong = text.inner();
                if choices.iter().any(|choice| choice.id == wrong) {
                    return Some(Value::Choice(wrong.to_owned()));
                }
                let (_, fix) = suggestion(wrong, choices.iter().map(|choice| choice.id.as_str()));
                let (wrong, fact) = (quoted(wrong), quoted(fact.as_str()));
                let says =
                    (format!("{wrong} 不是 {fact} 的选项"), format!("{wrong} is not a choice of {fact}"));
                self.wrong(Code::UnknownChoice, node, says, fix)
            }
            (FactKind::Count, Cel::Literal(LiteralValue::Int(count))) if *count.inner() >= 0 => {
                Some(Value::Count(count.inner().unsigned_abs()))
            }
            (FactKind::Count, Cel::Literal(LiteralValue::UInt(count))) => Some(Value::Count(*count.inner())),
            (FactKind::Bool, _) => {
                let name = fact.as_str();
                let says = (
                    format!("facts.{name} 是“是或否”，不作比较"),
                    format!("facts.{name} is yes or no and not compared"),
                );
                let fix = say(
                    format!("写 facts.{name} 或 !facts.{name}"),
                    format!("write facts.{name} or !facts.{name}"),
                );
                self.wrong(Code::ExprType, node, says, Some(fix))
            }
            (FactKind::OneOf(choices), _) => {
                let known = quoted_list(choices.iter().map(|choice| choice.id.as_str()));
                let fix = say(format!("选项：{known}"), format!("its choices are {known}"));
                let fact = quoted(fact.as_str());
                let says =
                    (format!("{fact} 只与它的选项比较"), format!("{fact} is compared with its choices only"));
                self.wrong(Code::ExprType, node, says, Some(fix))
            }
            (FactKind::Count, _) => {
                let fact = quoted(fact.as_str());
                let says = (
                    format!("{fact} 只与非负整数比较"),
                    format!("{fact} is compared with whole numbers from 0 only"),
                );
                self.wrong(Code::ExprType, node, says, None)
            }
        }
    }

    fn level(&mut self, node: &IdedExpr) -> Option<IncidentLevel> {
        let known = quoted_list(self.scope.levels.iter().map(|level| level.as_str()));
        let fix = say(format!("可用：{known}"), format!("known are {known}"));
        let Cel::Literal(LiteralValue::String(text)) = &node.expr else {
            let says = ("等级只与等级比较".to_owned(), "the level is compared with levels only".to_owned());
            return self.wrong(Code::ExprType, node, says, Some(fix));
        };
        let found = IncidentLevel::parse(text.inner()).filter(|level| self.scope.levels.contains(level));
        if found.is_none() {
            let wrong = quoted(text.inner());
            let says = (format!("未知的等级 {wrong}"), format!("unknown level {wrong}"));
            return self.wrong(Code::UnknownLevel, node, says, Some(fix));
        }
        found
    }

    fn not_yes_or_no<T>(&mut self, node: &IdedExpr) -> Option<T> {
        match &node.expr {
            Cel::Literal(_) | Cel::List(_) => {
                let says =
                    ("此处应为“是或否”".to_owned(), "something that is yes or no belongs here".to_owned());
                self.wrong(Code::ExprType, node, says, None)
            }
            _ => self.not_allowed(node),
        }
    }

    fn not_allowed<T>(&mut self, node: &IdedExpr) -> Option<T> {
        if let Cel::Ident(name) = &node.expr {
            let fact = self.scope.facts.contains_key(&FactId::new(name));
            let fix = fact
                .then(|| say(format!("事实写作 facts.{name}"), format!("a fact is written facts.{name}")));
            return self.not_known(node, name, fix);
        }
        let says = ("条件不允许这样写".to_owned(), "this is not allowed in a predicate".to_owned());
        self.wrong(Code::ExprNotAllowed, node, says, Some(allowed()))
    }

    /// A name that no predicate has.
    fn not_known<T>(&mut self, node: &IdedExpr, name: &str, fix: Option<Text>) -> Option<T> {
        let name = quoted(name);
        let says =
            (format!("条件不允许这样写：{name}"), format!("this is not allowed in a predicate: {name}"));
        self.wrong(Code::ExprNotAllowed, node, says, Some(fix.unwrap_or_else(allowed)))
    }

    fn wrong<T>(
        &mut self,
        code: Code,
        node: &IdedExpr,
        (zh, en): (String, String),
        fix: Option<Text>,
    ) -> Option<T> {
        let offset = self.start(node);
        self.problems.push(Problem { code, offset, message: say(zh, en), fix });
        None
    }

    /// The first byte of a part. The parser notes a call at its operator, so its operands are asked too.
    fn start(&self, node: &IdedExpr) -> usize {
        let own = self.source.offset_for(node.id).map_or(usize::MAX, |(start, _)| start as usize);
        let inner = match &node.expr {
            Cel::Call(call) => call.args.iter().map(|arg| self.start(arg)).min(),
            Cel::Select(select) => Some(self.start(&select.operand)),
            _ => None,
        };
        own.min(inner.unwrap_or(usize::MAX)).min(self.source.source.len())
    }
}

fn comparison(operator: &str) -> Option<Comparison> {
    match operator {
        op::EQUALS => Some(Comparison::Equal),
        op::NOT_EQUALS => Some(Comparison::NotEqual),
        op::LESS => Some(Comparison::Less),
        op::LESS_EQUALS => Some(Comparison::AtMost),
        op::GREATER => Some(Comparison::Greater),
        op::GREATER_EQUALS => Some(Comparison::AtLeast),
        _ => None,
    }
}

/// What a predicate may say.
pub(super) fn allowed() -> Text {
    say(
        "可用：facts.名称、incident.level、response.level、== != < <= > >=、in [ ]、&&、||、!、括号、\"文字\"、整数、true、false",
        "allowed are facts.name, incident.level, response.level, == != < <= > >=, in [ ], &&, ||, !, brackets, \"text\", whole numbers, true, false",
    )
}
