//! Bounds of what a body may hold, checked before anything else is made of it.
//!
//! The core checks meaning: blank, control characters, known or not. Here only the size is checked, as
//! written and before ends are trimmed, so that what the schema forbids is refused before anything else is
//! looked at, and a refusal never repeats a megabyte. The figures stand as literals in the schemas; a test compares them.

use std::collections::BTreeMap;

use fengsui_domain::limits::{MAX_ITEMS, MAX_PART_CHARS, MAX_TITLE_CHARS};
use fengsui_domain::plan::RuleId;
use fengsui_domain::refusal::Refusal;

/// Characters of a name chosen by a plan pack (a role, fact, rule, choice): 64, the bound of the pack loader, and
/// where several plans govern an incident the id of the plan and `~` in front, 64 and 1.
pub const MAX_ID_CHARS: usize = 129;
/// The largest whole number that every reader of JSON takes exactly: 2^53 - 1 (RFC 8259, section 6).
pub(super) const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The number, if it is at least `least` and every reader of JSON takes it exactly.
pub(super) fn integer(field: &'static str, value: u64, least: u64) -> Result<u64, Refusal> {
    let fits = (least..=MAX_INTEGER).contains(&value);
    if fits { Ok(value) } else { Err(Refusal::Unknown { field, value: value.to_string() }) }
}

/// The text, if it has 1 to `max` characters.
pub(super) fn text(field: &'static str, value: String, max: usize) -> Result<String, Refusal> {
    if value.is_empty() { Err(Refusal::Missing { field }) } else { optional_text(field, value, max) }
}

/// The text, if it has at most `max` characters; it may be empty.
pub(super) fn optional_text(field: &'static str, value: String, max: usize) -> Result<String, Refusal> {
    let chars = value.chars().count();
    if chars > max { Err(Refusal::TooLong { field, chars, max }) } else { Ok(value) }
}

/// A title or a name of 1 to [`MAX_TITLE_CHARS`].
pub(super) fn title(field: &'static str, value: String) -> Result<String, Refusal> {
    text(field, value, MAX_TITLE_CHARS)
}

/// A title or a name of at most [`MAX_TITLE_CHARS`].
pub(super) fn optional_title(field: &'static str, value: String) -> Result<String, Refusal> {
    optional_text(field, value, MAX_TITLE_CHARS)
}

/// One text of several, of 1 to [`MAX_PART_CHARS`].
pub(super) fn part(field: &'static str, value: String) -> Result<String, Refusal> {
    text(field, value, MAX_PART_CHARS)
}

/// One text of several, of at most [`MAX_PART_CHARS`].
pub(super) fn optional_part(field: &'static str, value: String) -> Result<String, Refusal> {
    optional_text(field, value, MAX_PART_CHARS)
}

/// A name of the plan, of 1 to [`MAX_ID_CHARS`].
pub(super) fn id(field: &'static str, value: String) -> Result<String, Refusal> {
    text(field, value, MAX_ID_CHARS)
}

/// At most `max` items.
pub(super) fn count(field: &'static str, count: usize, max: usize) -> Result<(), Refusal> {
    if count > max { Err(Refusal::TooMany { field, count, max }) } else { Ok(()) }
}

/// 1 to `max` items.
pub(super) fn some(field: &'static str, items: usize, max: usize) -> Result<(), Refusal> {
    if items == 0 { Err(Refusal::Missing { field }) } else { count(field, items, max) }
}

/// Texts by the plan's ids.
pub(super) fn parts(
    field: &'static str,
    given: BTreeMap<String, String>,
) -> Result<BTreeMap<RuleId, String>, Refusal> {
    count(field, given.len(), MAX_ITEMS)?;
    let checked = given
        .into_iter()
        .map(|(key, words)| Ok((RuleId::new(id(field, key)?), optional_part(field, words)?)));
    checked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_what_is_written_not_what_is_left_after_trimming() {
        for (value, fits, fits_required) in
            [("", true, false), ("值班", true, true), ("值班员", false, false), ("a  ", false, false)]
        {
            assert_eq!(optional_text("title", value.to_owned(), 2).is_ok(), fits, "{value:?}");
            assert_eq!(text("title", value.to_owned(), 2).is_ok(), fits_required, "{value:?} required");
        }
    }

    #[test]
    fn numbers_end_where_json_is_exact() {
        for (value, fits) in
            [(0, false), (1, true), (MAX_INTEGER, true), (MAX_INTEGER + 1, false), (u64::MAX, false)]
        {
            assert_eq!(integer("answers", value, 1).is_ok(), fits, "{value}");
        }
    }

    #[test]
    fn keys_and_numbers_of_texts_are_bounded_too() {
        let one = |key: &str, words: &str| BTreeMap::from([(key.to_owned(), words.to_owned())]);
        assert!(parts("points", one("losses", "none")).is_ok());
        assert_eq!(parts("points", one(&"k".repeat(130), "")).unwrap_err().code(), "too_long");
        assert_eq!(parts("points", one("k", &"w".repeat(2_001))).unwrap_err().field(), Some("points"));
        let many = (0..61).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(parts("points", many).unwrap_err().code(), "too_many");
    }
}
