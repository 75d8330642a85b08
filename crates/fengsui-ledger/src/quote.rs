//! Quoting: how foreign text appears in the sentences of errors and findings.
//!
//! Whatever an attacker wrote into a note or a database may end on a terminal or in a log. It is
//! cut to a length and loses its control characters first.

/// Longest excerpt in characters: enough to recognise a line, short enough for one log record.
const MAX_QUOTE_CHARS: usize = 80;

/// The start of `text`, safe to print, with `…` where it was cut.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(MAX_QUOTE_CHARS).flat_map(char::escape_debug).collect();
    if text.chars().nth(MAX_QUOTE_CHARS).is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_short_and_printable() {
        for (text, quoted) in [
            ("", ""),
            ("一级 incident", "一级 incident"),
            ("a\nb\u{1b}[2J\u{202e}", "a\\nb\\u{1b}[2J\\u{202e}"),
        ] {
            assert_eq!(quote(text), quoted);
        }
        assert_eq!(quote(&"x".repeat(80)), "x".repeat(80));
        assert_eq!(quote(&"x".repeat(81)), "x".repeat(80) + "…");
    }
}
