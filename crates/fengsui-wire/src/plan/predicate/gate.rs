//! The gate before the CEL parser: only the tokens of our part of CEL, only so many, only so deep.

use fengsui_domain::plan::Text;

use super::super::finding::{Code, quoted, say};
use super::{MAX_BYTES, Problem, allowed};

/// Brackets and `!` inside one another.
pub(super) const MAX_DEPTH: usize = 16;
/// The parser counts every rule it enters for one level of brackets; 96 is its own default.
pub(super) const PARSER_DEPTH: u16 = 96;

/// Operators, longer ones first.
const OPERATORS: [&str; 16] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", " "];

/// Signs of other languages and of full width, and what they stand for here.
const MISTAKEN: [(&str, &str); 14] = [
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("＞＝", ">="),
    ("＞=", ">="),
    ("＜＝", "<="),
    ("＜=", "<="),
    ("＞", ">"),
    ("＜", "<"),
    ("＝", "=="),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("“", "\""),
];

/// Refuses whatever is not made of facts, level, literals and our operators.
pub(super) fn check(text: &str) -> Result<(), Problem> {
    if text.len() > MAX_BYTES {
        let message = say(
            format!("条件有 {} 字节，上限为 {MAX_BYTES}", text.len()),
            format!("the predicate has {} bytes, at most {MAX_BYTES} fit", text.len()),
        );
        return Err(Problem { code: Code::Limit, offset: 0, message, fix: None });
    }
    let mut depth = Depth::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let token = token(rest).ok_or_else(|| refused(text, at))?;
        let called = is_word(token) && token != "in" && rest[token.len()..].trim_start().starts_with('(');
        if called {
            return Err(refused(text, at));
        }
        depth.pass(token).map_err(|()| too_deep(at))?;
        at += token.len();
    }
    Ok(())
}

/// The next token, if it is one of ours.
fn token(rest: &str) -> Option<&str> {
    let first = rest.bytes().next()?;
    let len = match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => run(rest, |b| b.is_ascii_alphanumeric() || b == b'_'),
        b'0'..=b'9' => {
            let len = run(rest, |b| b.is_ascii_alphanumeric() || b == b'_');
            rest[..len].bytes().all(|b| b.is_ascii_digit()).then_some(len)?
        }
        b'"' | b'\'' => quoted_len(rest, first)?,
        b' ' | b'\t' | b'\n' | b'\r' => 1,
        _ => OPERATORS.iter().find(|operator| rest.starts_with(**operator))?.len(),
    };
    Some(&rest[..len])
}

fn run(rest: &str, of: impl Fn(u8) -> bool) -> usize {
    rest.bytes().take_while(|b| of(*b)).count()
}

/// The length of a quoted text without escapes, which no name needs; `None` if it is not closed or is empty.
fn quoted_len(rest: &str, quote: u8) -> Option<usize> {
    let inner = run(&rest[1..], |b| b.is_ascii_graphic() && b != quote && b != b'\\' || b == b' ');
    (inner > 0 && rest.as_bytes().get(1 + inner) == Some(&quote)).then_some(inner + 2)
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// How deep brackets and a run of `!` stand.
#[derive(Default)]
struct Depth {
    open: usize,
    nots: usize,
}

impl Depth {
    fn pass(&mut self, token: &str) -> Result<(), ()> {
        match token {
            "(" | "[" => self.open += 1,
            ")" | "]" => self.open = self.open.saturating_sub(1),
            "!" => self.nots += 1,
            _ if token.trim().is_empty() => {}
            _ => self.nots = 0,
        }
        if self.open + self.nots > MAX_DEPTH { Err(()) } else { Ok(()) }
    }
}

fn refused(text: &str, at: usize) -> Problem {
    let rest = &text[at..];
    let end = rest.char_indices().skip(1).find(|(_, c)| c.is_whitespace()).map_or(rest.len(), |(end, _)| end);
    let found = quoted(&rest[..end]);
    let message =
        say(format!("条件不允许这样写：{found}"), format!("this is not allowed in a predicate: {found}"));
    Problem {
        code: Code::ExprNotAllowed,
        offset: at,
        message,
        fix: Some(meant(rest).unwrap_or_else(allowed)),
    }
}

/// What was probably meant by a sign that no predicate has.
fn meant(rest: &str) -> Option<Text> {
    let (wrong, right) = MISTAKEN
        .into_iter()
        .find(|(wrong, _)| rest.starts_with(wrong))
        .filter(|_| !rest.starts_with("=="))?;
    Some(say(format!("{wrong} 应写作 {right}"), format!("write {right} instead of {wrong}")))
}

fn too_deep(at: usize) -> Problem {
    let message = say(
        format!("条件的括号和 ! 超过 {MAX_DEPTH} 层"),
        format!("the predicate has more than {MAX_DEPTH} levels of brackets and !"),
    );
    Problem { code: Code::Limit, offset: at, message, fix: None }
}
