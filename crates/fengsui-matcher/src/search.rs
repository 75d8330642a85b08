//! Comparing one record with the compiled set.
//!
//! A value is compared as its record says: as a whole, or by its tokens where it is free text. Three
//! things are put together first, because logs take them apart: an address and the port beside it, a
//! host and the path beside it, and the digests in one field (`MD5=…,SHA256=…`).

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::index::{Entry, Found, Index};
use crate::kind::Kind;
use crate::pattern::digits_kind;
use crate::record::envelope::port_keys;
use crate::record::{Compare, Field, Record};
use crate::refang::{is_defanged, refang_line};
use crate::tokens::{Token, pair_port, tokens};

/// Hits of one record that are handed over; a line made of nothing but indicators has no more to say.
pub const MAX_HITS_PER_RECORD: usize = 1_000;

/// A path of a URL, and the field beside it that holds the host.
const URL_PARTS: [(&str, &str); 7] = [
    ("url", "hostname"), // Suricata
    ("uri", "host"),     // Zeek
    ("url", "host"),
    ("uri", "hostname"),
    ("path", "domain"), // ECS: url.path, url.domain
    ("request_uri", "http_host"),
    ("request_uri", "host"), // nginx
];

/// An indicator seen in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The line of the log, from 1.
    pub line: u64,
    /// The field: `dns.answers[0].rdata`.
    pub field: &'a str,
    /// The value that matched, as the log has it.
    pub value: &'a str,
    /// The indicator.
    pub entry: Entry<'a>,
    /// Whether only the address of an `ip:port` was seen.
    pub weak: bool,
}

/// How often a record matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Hits handed over that are not weak.
    pub strong: u64,
    /// Weak hits handed over.
    pub weak: u64,
    /// Hits beyond [`MAX_HITS_PER_RECORD`].
    pub left_out: u64,
}

/// Hands over each hit of a record, once for each field and entry, until `on_hit` breaks off.
pub fn search_record(
    index: &Index,
    record: &Record<'_>,
    line: u64,
    on_hit: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
) -> (Tally, ControlFlow<()>) {
    let mut search = Search {
        index,
        record,
        line,
        on_hit,
        at: 0,
        seen: Vec::new(),
        tally: Tally::default(),
        flow: ControlFlow::Continue(()),
    };
    for (at, field) in record.fields().enumerate() {
        search.at = at;
        if search.flow.is_break() {
            break;
        }
        let Some(text) = field.text() else { continue };
        match field.compare {
            Compare::Not => {}
            Compare::Whole => search.whole(&field, text),
            Compare::Text => search.text(&field, text),
        }
    }
    (search.tally, search.flow)
}

struct Search<'s, 'i> {
    index: &'i Index,
    record: &'s Record<'s>,
    line: u64,
    on_hit: &'s mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
    /// The number of the field at hand.
    at: usize,
    /// What was handed over: field, entry (told apart by the place of its value) and whether weak.
    seen: Vec<(usize, *const u8, bool)>,
    tally: Tally,
    flow: ControlFlow<()>,
}

impl<'i> Search<'_, 'i> {
    fn whole(&mut self, field: &Field<'_>, text: &str) {
        let record = self.record;
        self.ask(field.path, text, &|| record.port_beside(field.path));
        for digits in named_digests(text) {
            self.ask(field.path, digits, &|| None);
        }
        if text.starts_with('/') && self.index.stats().by_kind[Kind::Url as usize] > 0 {
            self.url_parts(field, text);
        }
    }

    /// A path whose host stands beside it.
    fn url_parts(&mut self, field: &Field<'_>, path: &str) {
        let beside = URL_PARTS.iter().find_map(|(key, host)| {
            let prefix =
                field.path.strip_suffix(key).filter(|rest| rest.is_empty() || rest.ends_with('.'))?;
            let path = format!("{prefix}{host}");
            self.record.text(&path)
        });
        let Some(host) = beside.filter(|host| !host.contains(['/', ' '])) else {
            return;
        };
        let mut found = Vec::new();
        let mut urls = vec![format!("{host}{path}")];
        let port = self.record.destination_port().filter(|port| !matches!(port, 80 | 443));
        if let Some(port) = port.filter(|_| !host.contains(':')) {
            urls.push(format!("{host}:{port}{path}"));
        }
        for url in &urls {
            self.index.search_whole_url(url, &mut |hit| found.push(hit));
            for hit in found.drain(..) {
                self.give(field.path, url, hit);
            }
        }
    }

    fn text(&mut self, field: &Field<'_>, text: &str) {
        let plain = if is_defanged(text) { refang_line(text) } else { Cow::Borrowed(text) };
        tokens(&plain, &mut |token| {
            if self.flow.is_continue() {
                self.token(field, &plain, token);
            }
        });
    }

    fn token(&mut self, field: &Field<'_>, line: &str, token: Token<'_>) {
        self.ask(field.path, token.text, &|| {
            let beside = || port_keys(token.key?).find_map(|key| pair_port(line, key));
            token.port.or_else(beside)
        });
    }

    fn ask(&mut self, path: &str, value: &str, port: &dyn Fn() -> Option<u16>) {
        let index = self.index;
        index.search(value, port, &mut |found| self.give(path, value, found));
    }

    fn give(&mut self, path: &str, value: &str, found: Found<'i>) {
        let Found { entry, weak } = found;
        let mark = (self.at, entry.value.as_ptr(), weak);
        if self.seen.contains(&mark) || self.flow.is_break() {
            return;
        }
        if self.seen.len() >= MAX_HITS_PER_RECORD {
            self.tally.left_out += 1;
            return;
        }
        self.seen.push(mark);
        self.tally.weak += u64::from(weak);
        self.tally.strong += u64::from(!weak);
        self.flow = (self.on_hit)(&Hit { line: self.line, field: path, value, entry, weak });
    }
}

/// The digests in a value made of nothing but `NAME=DIGITS` parts, as Sysmon writes them.
fn named_digests(text: &str) -> impl Iterator<Item = &str> {
    const NAMES: [&str; 4] = ["MD5", "SHA1", "SHA256", "SHA512"];
    let parts = || text.split(',').map(|part| part.trim().split_once('='));
    let all = text.contains('=')
        && parts().all(|part| {
            part.is_some_and(|(name, digits)| {
                !name.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        });
    parts()
        .flatten()
        .filter(move |(name, digits)| {
            all && NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) && digits_kind(digits).is_some()
        })
        .map(|(_, digits)| digits)
}

#[cfg(test)]
mod tests;
