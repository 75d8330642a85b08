//! One playbook as a card for offline use, and as plain text no wider than a sheet of A4.

use std::collections::BTreeSet;
use std::fmt::Write;

use fengsui_domain::plan::{Clause, Lang, Plan, Playbook, RuleId};

use super::{Page, playbooks};

/// Columns of a line: 72 in a typewriter face of 12 points (2.54 mm a column) are 183 mm, and A4 has 210.
const COLUMNS: usize = 72;

/// One playbook for offline use: what is printed as text and what the console prints as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The playbook.
    pub playbook: RuleId,
    /// The language of its words.
    pub lang: Lang,
    /// The playbook's name.
    pub title: String,
    /// Where it comes from: `[5.2]`.
    pub clause: String,
    /// The plan's name.
    pub plan: String,
    /// What comes before everything else.
    pub first: Option<String>,
    /// Its steps, in the order of the document.
    pub steps: Vec<CardStep>,
    /// Bodies that do, record or decide something on it, in the order in which it names them. A plan knows
    /// neither persons nor numbers, so paper leaves room for them.
    pub bodies: Vec<String>,
}

/// A step on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardStep {
    /// Its place, from 1.
    pub number: usize,
    /// What is done.
    pub title: String,
    /// Where it comes from.
    pub clause: String,
    /// By whom, after what, within what time, and so on; a line each.
    pub lines: Vec<String>,
}

/// The card of a playbook; `None` if the plan has none of this id.
pub fn card(plan: &Plan, playbook: &RuleId, lang: Lang) -> Option<Card> {
    let playbook = plan.playbook(playbook)?;
    let page = Page { plan, lang, unverified: Vec::new(), out: String::new() };
    // A card stands alone, so it says itself what plans explain under a number.
    let cited = |clause: &Clause| {
        let checked = plan.unverified_of(clause).next().is_none();
        let mark = if checked { "" } else { page.say("（未经核对）", " (not checked)") };
        format!("{}{mark}", page.clause(clause))
    };
    let steps = playbook.steps.iter().enumerate().map(|(at, step)| CardStep {
        number: at + 1,
        title: page.text(&step.title).to_owned(),
        clause: cited(&step.clause),
        lines: playbooks::lines(&page, playbook, step),
    });
    Some(Card {
        playbook: playbook.id.clone(),
        lang,
        title: page.text(&playbook.title).to_owned(),
        clause: cited(&playbook.clause),
        plan: page.text(&plan.title).to_owned(),
        first: playbook.first.as_ref().map(|first| page.text(first).to_owned()),
        steps: steps.collect(),
        bodies: bodies(&page, playbook),
    })
}

fn bodies(page: &Page<'_>, playbook: &Playbook) -> Vec<String> {
    let of_steps = playbook.steps.iter().flat_map(|step| {
        let gate = step.gate.iter().flat_map(|gate| gate.by.iter().chain(&gate.waive));
        step.by.iter().chain(&step.recorded_by).chain(&step.optional).chain(gate)
    });
    let mut seen = BTreeSet::new();
    let once = playbook.by.iter().chain(of_steps).filter(|role| seen.insert(*role));
    once.map(|role| page.role(role).to_owned()).collect()
}

impl Card {
    /// The card as plain text. Every step has a box to tick and a line for the time, since on paper nothing
    /// else keeps it.
    pub fn text(&self) -> String {
        let say = |zh, en| match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let mut card = String::new();
        let rule = "=".repeat(COLUMNS);
        put(&mut card, &rule, 0);
        put(&mut card, &format!("{}  {}", self.title, self.clause), 0);
        put(&mut card, &self.plan, 0);
        put(&mut card, &rule, 0);
        if let Some(first) = &self.first {
            put(&mut card, &format!("!! {first}"), 0);
            put(&mut card, &rule, 0);
        }
        let about = say(
            "对象：________________________  发现时间：______________",
            "About: ________________________  Found at: ______________",
        );
        put(&mut card, about, 0);
        for step in &self.steps {
            let _ = writeln!(card); // Writing to a string cannot fail.
            put(&mut card, &format!("[ ] {:>2}. {}  {}", step.number, step.title, step.clause), 8);
            for line in &step.lines {
                put(&mut card, &format!("        {line}"), 10);
            }
            let when = say(
                "        时间：__________  姓名：______________",
                "        Time: __________  Name: ______________",
            );
            put(&mut card, when, 8);
        }
        card
    }
}

/// A line, broken where it grows too wide; what follows is set in by `hang` columns.
fn put(card: &mut String, line: &str, hang: usize) {
    let mut width = 0;
    let mut word = String::new();
    for c in line.chars().chain([' ']) {
        let wide = is_wide(c);
        if c != ' ' && !wide {
            word.push(c);
            continue;
        }
        place(card, &mut width, &std::mem::take(&mut word), hang);
        if wide {
            place(card, &mut width, &c.to_string(), hang);
        } else if width < COLUMNS {
            card.push(' ');
            width += 1;
        }
    }
    card.truncate(card.trim_end_matches(' ').len());
    card.push('\n');
}

/// Puts a piece on the line, or on the next if it does not fit.
fn place(card: &mut String, width: &mut usize, piece: &str, hang: usize) {
    let columns: usize = piece.chars().map(|c| 1 + usize::from(is_wide(c))).sum();
    if *width + columns > COLUMNS && *width > hang {
        card.truncate(card.trim_end_matches(' ').len());
        card.push('\n');
        card.push_str(&" ".repeat(hang));
        *width = hang;
    }
    card.push_str(piece);
    *width += columns;
}

/// Chinese characters and their punctuation take two columns.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}' | '“' | '”' | '→')
}
