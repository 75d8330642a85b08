//! A plan as a document that a person reads: Markdown in one language, the clause beside each rule.
//!
//! Where the document leaves something open and the pack settles it, the clause is followed by the
//! number of that settlement, such as `[5.1.3.c · D6]`, and the settlements are printed at the end. What was not
//! checked against the official text is marked in the same way, such as `[23.4.c · U1]`.

use std::fmt::Write;

use fengsui_domain::expr::Expr;
use fengsui_domain::obligation::Obligations;
use fengsui_domain::plan::{Clause, ClockRule, Lang, Named, Plan, RoleId, Text, Within};
use jiff::{SignedDuration, Timestamp};

use super::values::{calendar_text, span_text, time_text};
use super::warning::{WarningAsked, WarningFound};

mod card;
mod chains;
mod clocks;
mod duties;
mod playbooks;
mod sections;
mod standing;
mod threat;
mod warnings;

pub use card::{Card, CardStep, card};

/// The plan as Markdown.
pub fn show(plan: &Plan, lang: Lang) -> String {
    let mut page = Page { plan, lang, unverified: unverified(plan), out: String::new() };
    sections::write(&mut page);
    page.out
}

/// What the document leaves open, how the plan settles it, and what may be chosen instead, as Markdown.
pub fn defaults(plan: &Plan, lang: Lang) -> String {
    let mut page = Page { plan, lang, unverified: unverified(plan), out: String::new() };
    sections::settlements(&mut page);
    page.out
}

/// What the plan asks for in some circumstances, as Markdown; with due times if everything began at `start`.
pub fn obligations(plan: &Plan, found: &Obligations, lang: Lang, start: Option<Timestamp>) -> String {
    let mut page = Page { plan, lang, unverified: unverified(plan), out: String::new() };
    duties::write(&mut page, found, start);
    page.out
}

/// What the plan makes of a threat, as Markdown; `None` if it has no warnings.
pub fn threat(plan: &Plan, asked: &WarningAsked, lang: Lang) -> Option<String> {
    let found = WarningFound::new(plan, asked)?;
    let warnings = plan.warnings.as_ref()?;
    let mut page = Page { plan, lang, unverified: unverified(plan), out: String::new() };
    threat::write(&mut page, warnings, asked, &found);
    Some(page.out)
}

/// What was not checked, as the pack lists it.
fn unverified(plan: &Plan) -> Vec<(Vec<&Clause>, &Text)> {
    let mut grouped: Vec<(Vec<&Clause>, &Text)> = Vec::new();
    for each in &plan.unverified {
        match grouped.last_mut() {
            Some((clauses, open)) if **open == each.open => clauses.push(&each.clause),
            _ => grouped.push((vec![&each.clause], &each.open)),
        }
    }
    grouped
}

/// A document being written.
struct Page<'p> {
    plan: &'p Plan,
    lang: Lang,
    unverified: Vec<(Vec<&'p Clause>, &'p Text)>,
    out: String,
}

impl<'p> Page<'p> {
    /// One of two strings, by language.
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A heading, with an empty line around it.
    fn heading(&mut self, depth: usize, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.line(&format!("{} {text}\n", "#".repeat(depth)));
    }

    /// A section's heading.
    fn section(&mut self, zh: &str, en: &str) {
        let text = self.say(zh, en).to_owned();
        self.heading(2, &text);
    }

    /// One line.
    fn line(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{text}");
    }

    /// An item of a list; `depth` 0 is the outermost.
    fn item(&mut self, depth: usize, text: &str) {
        self.line(&format!("{}- {}", "  ".repeat(depth), text.replace('\n', " ")));
    }

    /// An item with a name before its text: `name: text`.
    fn entry(&mut self, depth: usize, (zh, en): (&str, &str), text: &str) {
        let line = match self.lang {
            Lang::Zh => format!("{zh}：{text}"),
            Lang::En => format!("{en}: {text}"),
        };
        self.item(depth, &line);
    }

    /// A list of named items, each with its clause.
    fn named(&mut self, depth: usize, items: &'p [Named]) {
        for item in items {
            let text = format!("{} {}", self.text(&item.title), self.clause(&item.clause));
            self.item(depth, &text);
        }
    }

    fn text(&self, text: &'p Text) -> &'p str {
        text.get(self.lang)
    }

    /// `[5.1.3.a]`, or `[5.1.3.c · D6]` where a settlement of ours concerns it.
    fn clause(&self, clause: &Clause) -> String {
        let settled: Vec<String> = self
            .plan
            .defaults
            .iter()
            .enumerate()
            .filter(|(_, settlement)| settlement.clauses.contains(clause))
            .map(|(at, _)| format!(" · D{}", at + 1))
            .collect();
        format!("[{}{}{}]", self.number(clause), settled.concat(), self.open(clause))
    }

    /// ` · U1` where something of the clause was not checked.
    fn open(&self, clause: &Clause) -> String {
        let open = self.unverified.iter().enumerate().filter(|(_, (clauses, _))| clauses.contains(&clause));
        open.map(|(at, _)| format!(" · U{}", at + 1)).collect()
    }

    /// The clause's number; with its document if that is another one.
    fn number(&self, clause: &Clause) -> String {
        if clause.document() == self.plan.id.as_str() { clause.number() } else { clause.as_str() }.to_owned()
    }

    fn role(&self, role: &RoleId) -> &'p str {
        self.plan.roles.get(role).map_or("", |known| known.title.get(self.lang))
    }

    /// Roles joined by `、` or commas.
    fn roles(&self, roles: &[RoleId]) -> String {
        self.joined(roles.iter().map(|role| self.role(role)))
    }

    /// Roles of which any may act or receive: `A, B or C`.
    fn any_role(&self, roles: &[RoleId]) -> String {
        match roles {
            [] => String::new(),
            [only] => self.role(only).to_owned(),
            [first @ .., last] => {
                format!("{}{}{}", self.roles(first), self.say("或", " or "), self.role(last))
            }
        }
    }

    fn joined<'s>(&self, parts: impl Iterator<Item = &'s str>) -> String {
        parts.collect::<Vec<_>>().join(self.say("、", ", "))
    }

    fn words(&self, expr: &Expr) -> String {
        self.plan.words(expr).get(self.lang).to_owned()
    }

    fn span(&self, span: SignedDuration) -> String {
        let (figure, unit) = span_text(span);
        let plural = if figure == 1 { "" } else { "s" };
        match (self.lang, unit) {
            (Lang::Zh, "d") => format!("{figure} 日"),
            (Lang::Zh, "h") => format!("{figure} 小时"),
            (Lang::Zh, _) => format!("{figure} 分钟"),
            (Lang::En, "d") => format!("{figure} day{plural}"),
            (Lang::En, "h") => format!("{figure} hour{plural}"),
            (Lang::En, _) => format!("{figure} minute{plural}"),
        }
    }

    /// By when a clock's duty is owed.
    fn within(&self, clock: &ClockRule) -> String {
        let within = self.limit(clock.within);
        let Some(time) = clock.day_off.map(time_text) else { return within };
        match self.lang {
            Lang::Zh => format!("{within}（逢休息日顺延至下一工作日 {time}）"),
            Lang::En => format!("{within} (on a day off: {time} of the next working day)"),
        }
    }

    fn limit(&self, within: Within) -> String {
        match (within, self.lang) {
            (Within::Calendar(span), Lang::Zh) => format!("{}内", calendar_text(span).0),
            (Within::Calendar(span), Lang::En) => format!("within {}", calendar_text(span).1),
            (Within::Span(span), Lang::Zh) => format!("{}内", self.span(span)),
            (Within::Span(span), Lang::En) => format!("within {}", self.span(span)),
            (Within::AtOnce { tolerance }, Lang::Zh) => format!("立即（逾 {}即提醒）", self.span(tolerance)),
            (Within::AtOnce { tolerance }, Lang::En) => {
                format!("at once (a person is told after {})", self.span(tolerance))
            }
        }
    }
}
