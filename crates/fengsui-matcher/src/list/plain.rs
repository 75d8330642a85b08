//! Plain lists: one value a line.
//!
//! A remark after the value is its note. Without one, the heading is: a remark on a line of its own
//! right above the values, such as `# campaign`. A blank line ends what a heading stands for.

use super::{Sink, is_remark};
use crate::pattern::Pattern;

/// Characters of a heading; a longer remark is prose.
const MAX_HEADING_CHARS: usize = 64;

/// What is remembered between lines.
#[derive(Debug, Default)]
pub(super) struct Plain {
    heading: Option<String>,
}

impl Plain {
    pub(super) fn line(&mut self, sink: &mut Sink<'_>, number: u64, text: &str) {
        let text = text.trim();
        if text.is_empty() || is_remark(text) {
            sink.summary.remarks += 1;
            self.heading = heading(text);
            return;
        }
        let (value, note) = split_remark(text);
        sink.value(number, value, note.or(self.heading.as_deref()), None);
    }
}

/// The heading that a remark is, if it is short and names something.
fn heading(remark: &str) -> Option<String> {
    let text = remark.trim_start_matches(['#', '/', ';']).trim_end_matches('#').trim();
    let named = text.chars().any(char::is_alphanumeric) && text.chars().count() <= MAX_HEADING_CHARS;
    let prose = text.contains(':') || text.ends_with('.');
    if named && !prose { Some(text.to_owned()) } else { None }
}

/// Splits a line into its value and the remark behind it.
///
/// A `#`, `//` or `;` after a blank always starts a remark. Right behind the value, `;`, `,` and `#` do
/// so only if it is an indicator other than a URL, in which all of them may stand.
pub(super) fn split_remark(text: &str) -> (&str, Option<&str>) {
    let blank =
        text.match_indices([' ', '\t']).find(|(at, _)| is_remark(text[*at..].trim_start())).map(|(at, _)| at);
    let (value, remark) = blank.map_or((text, None), |at| (&text[..at], Some(&text[at..])));
    let value = unquoted(value.trim());
    let (value, remark) = match value.find([';', ',', '#']) {
        Some(at) if is_whole(&value[..at]) => (&value[..at], Some(&value[at..])),
        _ => (value, remark),
    };
    let remark = remark.map(|text| text.trim_start().trim_start_matches(['#', '/', ';', ',']).trim());
    (value.trim_end(), remark.filter(|text| !text.is_empty()))
}

/// Whether `value` is an indicator that cannot go on behind `;`, `,` or `#`.
fn is_whole(value: &str) -> bool {
    !matches!(Pattern::read(value), Err(_) | Ok(Pattern::Url(_)))
}

/// The value without a comma behind and quotes around it, as in a pasted array.
fn unquoted(value: &str) -> &str {
    let value = value.strip_suffix(',').unwrap_or(value);
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks() {
        for (line, value, note) in [
            ("evil.example", "evil.example", None),
            ("evil.example # seen in March", "evil.example", Some("seen in March")),
            ("evil.example\t// x", "evil.example", Some("x")),
            ("evil.example ; x", "evil.example", Some("x")),
            ("evil.example;x; y", "evil.example", Some("x; y")),
            ("evil.example#x", "evil.example", Some("x")),
            ("evil.example #", "evil.example", None),
            ("http://evil.example/#/a;b", "http://evil.example/#/a;b", None),
            ("http://evil.example/#/a # x", "http://evil.example/#/a", Some("x")),
            ("\"evil.example\",", "evil.example", None),
            ("192.0.2.0/24;x", "192.0.2.0/24", Some("x")),
            ("192.0.2.0/24,provider", "192.0.2.0/24", Some("provider")),
            ("^[a-z]{2,3};x", "^[a-z]{2,3};x", None),
            ("evil.example;x # y", "evil.example", Some("x")),
        ] {
            assert_eq!(split_remark(line), (value, note), "{line}");
        }
    }

    #[test]
    fn headings() {
        for (remark, wanted) in [
            ("# aceCryptor", Some("aceCryptor")),
            ("// Lazarus", Some("Lazarus")),
            ("### Group 5 ###", Some("Group 5")),
            ("# Reference: https://a.example", None),
            ("# This is a sentence.", None),
            ("#####", None),
            ("", None),
        ] {
            assert_eq!(heading(remark).as_deref(), wanted, "{remark}");
        }
    }
}
