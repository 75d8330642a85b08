//! One playbook as a card for offline use: plain text, no wider than a sheet of A4.

use std::fmt::Write;

use fengsui_domain::plan::{Lang, Plan, RuleId};

use super::{Page, playbooks};

/// Columns of a line: 72 in a typewriter face of 12 points (2.54 mm a column) are 183 mm, and A4 has 210.
const COLUMNS: usize = 72;

/// The card of a playbook; `None` if the plan has none of this id. Every step has a box to tick and a line
/// for the time, since on paper nothing else keeps it.
pub fn card(plan: &Plan, playbook: &RuleId, lang: Lang) -> Option<String> {
    let playbook = plan.playbook(playbook)?;
    let page = Page { plan, lang, settlements: Vec::new(), out: String::new() };
    let mut card = String::new();
    let rule = "=".repeat(COLUMNS);
    let title = format!("{}  {}", page.text(&playbook.title), page.clause(&playbook.clause));
    put(&mut card, &rule, 0);
    put(&mut card, &title, 0);
    put(&mut card, page.text(&plan.title), 0);
    put(&mut card, &rule, 0);
    if let Some(first) = &playbook.first {
        put(&mut card, &format!("!! {}", page.text(first)), 0);
        put(&mut card, &rule, 0);
    }
    put(
        &mut card,
        page.say(
            "对象：________________________  发现时间：______________",
            "About: ________________________  Found at: ______________",
        ),
        0,
    );
    for (at, step) in playbook.steps.iter().enumerate() {
        let _ = writeln!(card); // Writing to a string cannot fail.
        let line = format!("[ ] {:>2}. {}  {}", at + 1, page.text(&step.title), page.clause(&step.clause));
        put(&mut card, &line, 8);
        for line in playbooks::lines(&page, playbook, step) {
            put(&mut card, &format!("        {line}"), 10);
        }
        put(
            &mut card,
            page.say(
                "        时间：__________  姓名：______________",
                "        Time: __________  Name: ______________",
            ),
            8,
        );
    }
    Some(card)
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
