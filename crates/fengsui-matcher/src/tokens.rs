//! The tokens of free text that can be indicators: URLs, addresses, names and digests, cut at word
//! boundaries.
//!
//! A name is taken whole: `notevil.example` and `evil.example.net` do not hold `evil.example`, and the
//! reversed address in `4.3.2.1.in-addr.arpa` is no address. Quotes, brackets, `key=value`, a port
//! behind a value and the punctuation of prose all end a token. Text in scripts without blanks is a
//! boundary too, so `拦截evil.example的请求` holds `evil.example`. A segment of a path (`/x/update.zip`)
//! is no name, but addresses and digests are found there, and so is a URL within a URL.

use std::net::Ipv4Addr;

use crate::host;
use crate::pattern::digits_kind;

mod scan;

pub(crate) use scan::pair_port;
use scan::{Cursor, is_word, is_wordless};

/// Bytes of a URL in a text; the rest of a longer one is left out. As for indicators.
pub(crate) const MAX_URL_BYTES: usize = crate::pattern::MAX_INDICATOR_BYTES;
/// URLs within a URL that are looked at.
const MAX_NESTED_URLS: usize = 8;
/// Bytes of the longest run with colons: a SHA-512 fingerprint, 64 pairs and 63 colons.
const MAX_COLON_BYTES: usize = 191;

/// A candidate: something that may be an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The candidate as it stands in the text.
    pub text: &'t str,
    /// The port that stands behind it (`:22`, `#53`, ` port 22`).
    pub port: Option<u16>,
    /// The key before it (`SRC=`), by which its port may be known.
    pub key: Option<&'t str>,
}

/// Hands over every candidate of `text` in order.
pub fn tokens<'t>(text: &'t str, on: &mut dyn FnMut(Token<'t>)) {
    let mut cursor = Cursor::new(text);
    while let Some(start) = cursor.next_start() {
        let end = url(&cursor, start, on)
            .or_else(|| address_v6(&cursor, start, on))
            .unwrap_or_else(|| word(&cursor, start, on));
        cursor.skip_to(end);
    }
}

/// A URL with its scheme, and the URLs within it. Answers where to go on.
fn url<'t>(cursor: &Cursor<'t>, start: usize, on: &mut dyn FnMut(Token<'t>)) -> Option<usize> {
    let text = cursor.text;
    let mut scheme = scan::scheme_end(text.as_bytes(), start)?;
    let end = scan::url_end(text, scheme + 3);
    let mut from = start;
    for _ in 0..MAX_NESTED_URLS {
        let inner = scan::inner_url(text, scheme + 3, end);
        // A list of URLs, parted by commas; else the inner one belongs to the outer one's query.
        let stop = inner.filter(|at| text.as_bytes()[at - 1] == b',').unwrap_or(end);
        let stop = scan::authority_end(text, scheme + 3, stop);
        let whole = scan::trim_url(&text[from..stop]);
        if whole.len() > scheme + 3 - from {
            give_url(cursor, from, whole, on);
        }
        let Some(at) = inner else { break };
        (from, scheme) = (at, scan::scheme_end(text.as_bytes(), at)?);
    }
    Some(end)
}

/// Hands over a URL, and its front alone if it goes on in a script without blanks.
fn give_url<'t>(cursor: &Cursor<'t>, start: usize, whole: &'t str, on: &mut dyn FnMut(Token<'t>)) {
    let key = cursor.key(start);
    on(Token { text: whole, port: None, key });
    if let Some(at) = whole.find(is_wordless) {
        // `http://evil.example/x的文件`: the path may end where the other script begins.
        on(Token { text: scan::trim_url(&whole[..at]), port: None, key });
    }
}

/// An IPv6 address or a digest written with colons.
fn address_v6<'t>(cursor: &Cursor<'t>, start: usize, on: &mut dyn FnMut(Token<'t>)) -> Option<usize> {
    let text = cursor.text;
    let bytes = text.as_bytes();
    let run = bytes[start..].iter().take(MAX_COLON_BYTES + 1);
    let run = run.take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    let run = &text[start..start + run.count()];
    if run.bytes().filter(|byte| *byte == b':').take(2).count() < 2 {
        return None;
    }
    let plain = [run, run.trim_end_matches(['.', ':'])].into_iter().find(|text| {
        let boundary = !bytes.get(start + text.len()).is_some_and(|byte| is_word(*byte));
        boundary && (host::address(text).is_some() || is_fingerprint(text))
    })?;
    let mut end = start + plain.len();
    if bytes.get(end) == Some(&b'%') {
        end += 1 + bytes[end + 1..].iter().take_while(|byte| is_word(**byte)).count(); // the zone
    }
    let bracketed = start > 0 && bytes[start - 1] == b'[' && bytes.get(end) == Some(&b']');
    let (port, behind) = cursor.port_behind(if bracketed { end + 1 } else { end }, bracketed);
    if let Some(behind) = network_behind(cursor, end) {
        if host::address(plain).is_some_and(|address| is_within(address, &text[end + 1..behind])) {
            on(Token { text: plain, port: None, key: cursor.key(start) });
        }
        return Some(behind);
    }
    on(Token { text: plain, port, key: cursor.key(start) });
    Some(if bracketed || port.is_some() { behind } else { end })
}

/// Digests with colons have as many characters as three times their bytes, less one.
fn is_fingerprint(text: &str) -> bool {
    matches!(text.len(), 47 | 59 | 95 | 191)
}

/// A run of letters, digits, dots, hyphens and underscores.
fn word<'t>(cursor: &Cursor<'t>, start: usize, on: &mut dyn FnMut(Token<'t>)) -> usize {
    let end = scan::word_end(cursor.text, start);
    let run = &cursor.text[start..end];
    if run.is_ascii() || !run.contains(is_wordless) {
        return part(cursor, start, end, on);
    }
    if run.contains('.') && !cursor.in_path() {
        on(Token { text: run.trim_matches(['.', '-']), port: None, key: cursor.key(start) });
    }
    let mut from = start;
    let mut behind = end;
    for piece in run.split_inclusive(is_wordless) {
        let plain = piece.trim_end_matches(is_wordless);
        let next = from + piece.len();
        if next == end && from > start && cursor.text.as_bytes().get(end) == Some(&b':') {
            return from; // `拦截http://…`: more than a word may begin here.
        }
        if !plain.is_empty() {
            behind = part(cursor, from, from + plain.len(), on).max(end);
        }
        from = next;
    }
    behind
}

/// A run without foreign scripts. Answers where to go on.
fn part<'t>(cursor: &Cursor<'t>, start: usize, end: usize, on: &mut dyn FnMut(Token<'t>)) -> usize {
    let run = &cursor.text[start..end];
    let key = cursor.key(start);
    for piece in run.split(['.', '-']).filter(|piece| digits_kind(piece).is_some()) {
        on(Token { text: piece, port: None, key });
    }
    if !run.contains('.') {
        return end;
    }
    let name = run.trim_matches(['.', '-']);
    let at_end = run.ends_with(name);
    if host::address(name).is_some() {
        return address_v4(cursor, start, end, name, on);
    }
    if let Some((address, port)) = dotted_port(name) {
        on(Token { text: address, port: Some(port), key });
        return end;
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        for piece in name.split('-').filter(|piece| host::address(piece).is_some()) {
            on(Token { text: piece, port: None, key });
        }
    }
    if cursor.in_path() || !name.contains('.') || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return end;
    }
    if at_end && let Some(behind) = url_behind(cursor, start, end, on) {
        return behind;
    }
    let (port, behind) = if at_end { cursor.port_behind(end, true) } else { (None, end) };
    on(Token { text: name, port, key });
    behind
}

/// An IPv4 address, with what may stand behind it: a port, a prefix length or a path.
fn address_v4<'t>(
    cursor: &Cursor<'t>,
    start: usize,
    end: usize,
    address: &'t str,
    on: &mut dyn FnMut(Token<'t>),
) -> usize {
    let key = cursor.key(start);
    if !cursor.text[start..end].ends_with(address) {
        on(Token { text: address, port: None, key });
        return end;
    }
    if let Some(behind) = network_behind(cursor, end) {
        if host::address(address).is_some_and(|plain| is_within(plain, &cursor.text[end + 1..behind])) {
            on(Token { text: address, port: None, key });
        }
        return behind;
    }
    if let Some(behind) = url_behind(cursor, start, end, on) {
        return behind;
    }
    let (port, behind) = cursor.port_behind(end, true);
    on(Token { text: address, port, key });
    behind
}

/// The end of a prefix length (`/24`) right behind an address.
fn network_behind(cursor: &Cursor<'_>, end: usize) -> Option<usize> {
    let bytes = cursor.text.as_bytes();
    let rest = bytes.get(end..)?.strip_prefix(b"/")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let behind = end + 1 + digits;
    let goes_on = bytes.get(behind).is_some_and(|byte| is_word(*byte) || matches!(byte, b'/' | b'-'));
    ((1..=3).contains(&digits) && !goes_on).then_some(behind)
}

/// Whether `address/prefix` names an address and its network (as of an interface), not a network.
fn is_within(address: std::net::IpAddr, prefix: &str) -> bool {
    let Some(network) = prefix.parse().ok().and_then(|length| ipnet::IpNet::new(address, length).ok()) else {
        return true; // No prefix length, so whatever it is, the address stands there.
    };
    network.network() != address || network.prefix_len() == network.max_prefix_len()
}

/// A URL without scheme: a host, perhaps a port, then a path. Answers where to go on.
fn url_behind<'t>(
    cursor: &Cursor<'t>,
    start: usize,
    end: usize,
    on: &mut dyn FnMut(Token<'t>),
) -> Option<usize> {
    let (_, behind) = cursor.port_behind(end, true);
    let slash = if cursor.text.as_bytes().get(end) == Some(&b':') { behind } else { end };
    if cursor.text.as_bytes().get(slash) != Some(&b'/') {
        return None;
    }
    let stop = scan::url_end(cursor.text, slash);
    let inner = scan::inner_url(cursor.text, slash, stop);
    give_url(cursor, start, scan::trim_url(&cursor.text[start..stop]), on);
    Some(inner.unwrap_or(stop))
}

/// `192.0.2.1.443`, as packet dumps write an address and a port.
fn dotted_port(name: &str) -> Option<(&str, u16)> {
    let (address, port) = name.rsplit_once('.')?;
    address.parse::<Ipv4Addr>().ok()?;
    Some((address, host::port(port)?))
}

#[cfg(test)]
mod tests;
