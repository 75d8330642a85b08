//! Named limits of what people may write, so that every change fits one ledger entry.
//!
//! An entry holds at most 65,535 bytes (C2SP tlog-tiles, a `uint16` length). A CJK character takes 3
//! bytes in UTF-8 and an escaped quote 2, so 18,000 characters (54,000 bytes) in one change leave over
//! 10 kB for names, ids and braces.

use crate::refusal::Refusal;

/// Characters in one change, over all its texts.
pub const MAX_CHANGE_CHARS: usize = 18_000;
/// Characters of a title or a name.
pub const MAX_TITLE_CHARS: usize = 200;
/// Characters of one free text.
pub const MAX_TEXT_CHARS: usize = 6_000;
/// Characters of one of several texts in the same change (review topics, disposal steps): 8 × 2,000 < 18,000.
pub const MAX_PART_CHARS: usize = 2_000;
/// Items of a list inside one change (steps, answers, lines).
pub const MAX_ITEMS: usize = 60;
/// How long an operating permission for an incident may be given: 30 days.
pub const MAX_GRANT_S: i64 = 30 * 24 * 60 * 60;
/// How far ahead of now a deadline can be put that a person names, of an order or of an extended duty: a year of
/// 366 days. What lies beyond is a slip of the pen.
pub const MAX_DEADLINE_S: i64 = 366 * 24 * 60 * 60;
/// Playbooks started in one incident: every machine of an outbreak may have one of its own, and 200 runs of
/// 12 steps, each shown in a line, are what a page still bears.
pub const MAX_RUNS: usize = 200;
/// Plans that govern one incident beside the leading one: a city's, its province's, the country's and those
/// of a few sectors.
pub const MAX_BESIDE: usize = 8;
/// How far a person's recorded time may lie ahead of ours, for clocks that differ: 2 minutes.
pub const MAX_AHEAD_S: i64 = 120;

/// A text of at most `max` characters that says something and holds no control characters.
///
/// Line ends of any system become line feeds, ends are trimmed; line feeds and tabs stay.
///
/// # Errors
/// [`Refusal::Missing`] if nothing is left, [`Refusal::TooLong`], [`Refusal::ControlCharacter`].
pub fn text(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    let value = optional_text(field, value, max)?;
    if value.is_empty() { Err(Refusal::Missing { field }) } else { Ok(value) }
}

/// Like [`text`], but may be empty.
pub fn optional_text(field: &'static str, value: &str, max: usize) -> Result<String, Refusal> {
    let lines = value.replace("\r\n", "\n").replace('\r', "\n");
    let value = lines.trim();
    let chars = value.chars().count();
    if chars > max {
        return Err(Refusal::TooLong { field, chars, max });
    }
    // Of the whole, also of what is trimmed: so the rule is one class of characters, as the API tells it.
    if lines.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Refusal::ControlCharacter { field });
    }
    Ok(value.to_owned())
}

/// Refuses a change whose texts together would not fit one entry.
pub fn together<'a>(field: &'static str, texts: impl IntoIterator<Item = &'a String>) -> Result<(), Refusal> {
    let chars: usize = texts.into_iter().map(|text| text.chars().count()).sum();
    if chars > MAX_CHANGE_CHARS {
        Err(Refusal::TooLong { field, chars, max: MAX_CHANGE_CHARS })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_may_hold() {
        let control = || Err(Refusal::ControlCharacter { field: "note" });
        for (written, kept) in [
            ("", Ok("")),
            (" \t\n\u{3000}", Ok("")),
            ("  值班 日志\n", Ok("值班 日志")),
            ("a\r\nb\rc\nd\te", Ok("a\nb\nc\nd\te")),
            ("a\u{0}b", control()),
            ("\u{1b}[31m", control()),
            ("a\u{7f}", control()),
            ("a\u{85}b", control()),
            ("a\u{c}", control()), // A form feed is white space too, and would be trimmed.
        ] {
            let found = optional_text("note", written, 10);
            assert_eq!(found.as_deref().map_err(Clone::clone), kept, "{written:?}");
            let said = if kept == Ok("") { Err(Refusal::Missing { field: "note" }) } else { found };
            assert_eq!(text("note", written, 10), said, "{written:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_trimming() {
        assert_eq!(text("note", " 值班员 ", 3).as_deref(), Ok("值班员"));
        assert_eq!(text("note", "值班员们", 3), Err(Refusal::TooLong { field: "note", chars: 4, max: 3 }));
    }
}
