//! Finding where tokens begin and end.

use memchr::memmem;

use super::MAX_URL_BYTES;
use crate::host;

/// Where the reader of a text stands.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    at: usize,
    in_path: bool,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0, in_path: false }
    }

    /// The next place where a token may begin.
    pub(super) fn next_start(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let begins = match byte {
                b':' => {
                    bytes.get(self.at + 1) == Some(&b':') && !(self.at > 0 && is_word(bytes[self.at - 1]))
                }
                b'.' | b'-' => false,
                0x80.. => true,
                byte => is_word(byte),
            };
            if begins {
                return Some(self.at);
            }
            self.pass(byte);
            self.at += 1;
        }
        None
    }

    pub(super) fn skip_to(&mut self, end: usize) {
        // Every token has a byte at least; a character that is none is passed as a whole.
        self.at = if end > self.at { end } else { self.at + char_len(self.text, self.at) };
        self.in_path &= !self.text[..self.at].ends_with(is_separator);
    }

    /// Whether the reader stands in a path, whose segments are no host names.
    pub(super) const fn in_path(&self) -> bool {
        self.in_path
    }

    fn pass(&mut self, byte: u8) {
        match byte {
            b'/' | b'\\' => self.in_path = self.path_begins(byte),
            b'.' | b'-' | b':' | b'%' | b'~' | b'+' | b'@' | b'$' | b'!' | b'*' => {}
            _ => self.in_path = false,
        }
    }

    /// Whether the slash here starts or goes on with a path: `/x`, `C:\x`, but not `//host`, `\\host`
    /// or `word/x`.
    fn path_begins(&self, slash: u8) -> bool {
        let before = &self.text.as_bytes()[..self.at];
        let same = before.iter().rev().take(2).take_while(|byte| **byte == slash).count();
        let last = before[..before.len() - same].last().copied();
        let behind_word = last.is_some_and(is_word);
        match same {
            0 => self.in_path || !behind_word,
            1 => behind_word || !last.is_none_or(|byte| is_opening(byte) || byte == b':'),
            _ => true,
        }
    }

    /// The key of `key=` right before `start`, with or without a quote between.
    pub(super) fn key(&self, start: usize) -> Option<&'t str> {
        let before = self.text[..start].trim_end_matches(['"', '\'', '[']);
        let before = before.strip_suffix('=')?;
        let letters =
            before.bytes().rev().take_while(|byte| is_word(*byte) || matches!(byte, b'.' | b'-')).count();
        let key = &before[before.len() - letters..];
        if key.is_empty() { None } else { Some(key) }
    }

    /// The port behind a host that ends at `end`, and the place behind it.
    ///
    /// ` port 22` is read, but not passed.
    pub(super) fn port_behind(&self, end: usize, colon: bool) -> (Option<u16>, usize) {
        let bytes = self.text.as_bytes();
        match bytes.get(end) {
            Some(b':') if colon => {}
            Some(b'#') => {}
            Some(b' ') => return (port_word(&self.text[end..]), end),
            _ => return (None, end),
        }
        let digits = bytes[end + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let behind = end + 1 + digits;
        let goes_on = bytes.get(behind).is_some_and(|byte| is_word(*byte));
        let port = if goes_on { None } else { host::port(&self.text[end + 1..behind]) };
        port.map_or((None, end), |port| (Some(port), behind))
    }
}

/// The number in ` port 22` at the front of `text`.
fn port_word(text: &str) -> Option<u16> {
    let rest = text.strip_prefix(" port ").or_else(|| text.strip_prefix(" port="))?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if rest.as_bytes().get(digits).is_some_and(|byte| is_word(*byte)) {
        None
    } else {
        host::port(&rest[..digits])
    }
}

/// Where the run of letters, digits, dots, hyphens and underscores from `start` ends.
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let goes_on = |c: char| match c {
        '.' | '-' | '_' => true,
        c => c.is_alphanumeric(),
    };
    text[start..].find(|c| !goes_on(c)).map_or(text.len(), |length| start + length)
}

/// Where `scheme` of `scheme://` from `start` on ends.
pub(super) fn scheme_end(bytes: &[u8], start: usize) -> Option<usize> {
    if !bytes[start].is_ascii_alphabetic() {
        return None;
    }
    let length = bytes[start..].iter().take_while(|byte| is_scheme(**byte)).count();
    bytes[start + length..].starts_with(b"://").then_some(start + length)
}

/// Where the next URL with a scheme begins, if that is behind `from` and before `end`.
pub(super) fn inner_url(text: &str, from: usize, end: usize) -> Option<usize> {
    let colon = from + text.get(from..end)?.find("://")?;
    let scheme =
        text.as_bytes()[from..colon].iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    (scheme > 0 && colon - scheme > from).then(|| colon - scheme)
}

/// Where a URL ends that goes on at `from`.
pub(super) fn url_end(text: &str, from: usize) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '<' | '>' | '`' | '|' | '{' | '}' | '^' | '\\')
            || is_punctuation(c)
    };
    let most = text.floor_char_boundary(from + MAX_URL_BYTES);
    text[from..most].find(ends).map_or(most, |length| from + length)
}

/// Where a URL ends whose host begins at `from`: behind a host that no path, query or fragment follows.
pub(super) fn authority_end(text: &str, from: usize, end: usize) -> usize {
    let authority = text[from..end].split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rfind('@').map_or(0, |at| at + 1);
    let in_host = |c: char| matches!(c, '.' | '-' | '_' | ':' | '%' | '[' | ']') || c.is_alphanumeric();
    authority[host..].find(|c| !in_host(c)).map_or(end, |at| from + host + at)
}

/// A URL without the punctuation of prose behind it, and without brackets that it does not open.
pub(super) fn trim_url(url: &str) -> &str {
    let surplus = |open, close| url.matches(close).count().saturating_sub(url.matches(open).count());
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    let mut url = url;
    loop {
        url = url.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        url = match url.as_bytes().last() {
            Some(b')') if round > 0 => {
                round -= 1;
                &url[..url.len() - 1]
            }
            Some(b']') if square > 0 => {
                square -= 1;
                &url[..url.len() - 1]
            }
            _ => return url,
        };
    }
}

/// Letters, digits and underscore, as in the boundaries of `grep -w`.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A letter of a script that is written without blanks: from the CJK radicals on.
pub(super) fn is_wordless(c: char) -> bool {
    c >= '\u{2e80}' && c.is_alphanumeric()
}

/// Punctuation outside ASCII: general punctuation and that of CJK text.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
        && !c.is_alphanumeric()
}

const fn is_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

const fn is_opening(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b'"' | b'\'' | b'=' | b'(' | b'[' | b'{' | b'<' | b',' | b';')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_punctuation(c)
}

fn char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// The port under `key` in a line of `key=value` pairs; case does not matter.
pub(crate) fn pair_port(text: &str, key: &str) -> Option<u16> {
    let wanted = key.to_ascii_lowercase() + "=";
    let lower = text.to_ascii_lowercase();
    memmem::find_iter(lower.as_bytes(), wanted.as_bytes())
        .filter(|at| *at == 0 || !is_word(lower.as_bytes()[at - 1]))
        .find_map(|at| {
            let rest = lower[at + wanted.len()..].trim_start_matches(['"', '\'']);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            host::port(&rest[..digits])
        })
}
