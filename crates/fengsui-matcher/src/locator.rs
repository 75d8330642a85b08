//! URLs without their scheme, in the form in which they are compared.
//!
//! The normal form is `host[:port]/path[?query]`:
//! - the scheme is dropped, so `http` and `https` are one;
//! - so is the user part (`user:password@`): it says who asks, not where;
//! - the host is normal as everywhere (`crate::host`), IPv6 in brackets;
//! - ports 80 and 443 are dropped, whatever the scheme: without a scheme they mean the same. Every
//!   other port belongs to the host, as another service answers there;
//! - the path has `/` at least, its `.` and `..` resolved and its percent codes in one spelling
//!   (RFC 3986, 6.2.2); letters keep their case;
//! - the fragment is dropped: it never leaves the browser.
//!
//! A URL in a log also matches an indicator of the same host and path that has no query.

use std::net::IpAddr;

use crate::host;
use crate::unreadable::Unreadable;

/// A URL in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    text: String,
    name_end: usize,
    path_end: usize,
    address: Option<IpAddr>,
    port: Option<u16>,
}

impl Locator {
    /// Reads `scheme://…`, `//…` or `host/…`.
    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        let (scheme, rest) = split_scheme(text);
        let rest = if scheme.is_none() { rest.strip_prefix("//").unwrap_or(rest) } else { rest };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (host, port) = split_port(authority.rsplit('@').next().unwrap_or_default())?;
        let address = host::address(host);
        let mut text = match address {
            Some(IpAddr::V6(address)) => format!("[{address}]"),
            Some(IpAddr::V4(address)) => address.to_string(),
            None => {
                let plain = percent_decoded(host).ok_or(Unreadable::UrlHost)?;
                let name = host::host_name(&plain).map_err(|why| match why {
                    Unreadable::FaultyAddress => why,
                    _ => Unreadable::UrlHost,
                })?;
                name.into_owned()
            }
        };
        let name_end = text.len();
        if let Some(port) = port.filter(|port| !matches!(port, 80 | 443)) {
            text.push(':');
            text.push_str(&port.to_string());
        }
        let path_end = push_tail(&mut text, tail);
        Ok(Self { text, name_end, path_end, address, port: port.or_else(|| implied_port(scheme)) })
    }

    /// The whole normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The normal form without its query, if it has one.
    pub fn without_query(&self) -> Option<&str> {
        (self.path_end < self.text.len()).then(|| &self.text[..self.path_end])
    }

    /// The host's address, if it is written as one.
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The host's name, if it is not an address.
    pub fn name(&self) -> Option<&str> {
        if self.address.is_some() { None } else { Some(&self.text[..self.name_end]) }
    }

    /// The port that is written, or the one the scheme implies.
    pub const fn port(&self) -> Option<u16> {
        self.port
    }
}

/// Splits `scheme://rest`; a text without a scheme is all rest.
pub(crate) fn split_scheme(text: &str) -> (Option<&str>, &str) {
    match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, text),
    }
}

/// RFC 3986, 3.1.
fn is_scheme(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn implied_port(scheme: Option<&str>) -> Option<u16> {
    let scheme = scheme?;
    [("http", 80), ("https", 443), ("ws", 80), ("wss", 443), ("ftp", 21)]
        .iter()
        .find(|(name, _)| scheme.eq_ignore_ascii_case(name))
        .map(|(_, port)| *port)
}

/// Splits `host:port`, `[v6]:port`; an empty port is none.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), Unreadable> {
    let (host, port) = if authority.starts_with('[') {
        let end = authority.find(']').ok_or(Unreadable::UrlHost)? + 1;
        let (host, rest) = authority.split_at(end);
        (host, if rest.is_empty() { Some("") } else { rest.strip_prefix(':') })
    } else {
        authority.split_once(':').map_or((authority, Some("")), |(host, port)| (host, Some(port)))
    };
    match port {
        Some("") => Ok((host, None)),
        Some(text) => Ok((host, Some(host::port(text).ok_or(Unreadable::Port)?))),
        None => Err(Unreadable::UrlHost),
    }
}

fn percent_decoded(host: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !host.contains('%') {
        return Some(std::borrow::Cow::Borrowed(host));
    }
    let mut out = Vec::with_capacity(host.len());
    let mut bytes = host.as_bytes();
    while let [first, rest @ ..] = bytes {
        bytes = rest;
        if let (b'%', Some(byte)) = (*first, code(rest)) {
            out.push(byte);
            bytes = &rest[2..];
        } else {
            out.push(*first);
        }
    }
    String::from_utf8(out).ok().map(std::borrow::Cow::Owned)
}

/// The byte that the two hexadecimal digits at the front of `digits` stand for.
fn code(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| digits.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

/// Appends path and query in normal form; answers where the path ends.
fn push_tail(text: &mut String, tail: &str) -> usize {
    let tail = tail.split_once('#').map_or(tail, |(before, _fragment)| before);
    let (path, query) = tail.split_once('?').map_or((tail, None), |(path, query)| (path, Some(query)));
    let start = text.len();
    if !path.starts_with(['/', '\\']) {
        text.push('/');
    }
    push_encoded(text, path, true);
    if text[start..].contains("/.") {
        let resolved = without_dots(&text[start..]);
        text.truncate(start);
        text.push_str(&resolved);
    }
    let path_end = text.len();
    if let Some(query) = query {
        text.push('?');
        push_encoded(text, query, false);
    }
    path_end
}

/// Appends `part` with one spelling of every byte: unreserved ones plain, unsafe ones as `%XX`.
///
/// A `%` that starts no code is itself encoded, so that a second pass changes nothing.
fn push_encoded(out: &mut String, part: &str, is_path: bool) {
    let mut bytes = part.as_bytes();
    while let [first, rest @ ..] = bytes {
        bytes = rest;
        match *first {
            b'%' => match code(rest) {
                Some(byte) if is_unreserved(byte) => {
                    out.push(char::from(byte));
                    bytes = &rest[2..];
                }
                Some(byte) => {
                    push_code(out, byte);
                    bytes = &rest[2..];
                }
                None => push_code(out, b'%'),
            },
            b'\\' if is_path => out.push('/'),
            byte if is_unsafe(byte) => push_code(out, byte),
            byte => out.push(char::from(byte)),
        }
    }
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

const fn is_unsafe(byte: u8) -> bool {
    !matches!(byte, 0x21..=0x7e)
        || matches!(byte, b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | b'\\')
}

fn push_code(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// RFC 3986, 5.2.4, for a path that starts with `/`.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms() {
        for (written, meant) in [
            ("http://evil.example/a/b.exe", "evil.example/a/b.exe"),
            ("https://EVIL.example/A/b.exe", "evil.example/A/b.exe"),
            ("evil.example/a", "evil.example/a"),
            ("//evil.example/a", "evil.example/a"),
            ("http://evil.example", "evil.example/"),
            ("http://evil.example/", "evil.example/"),
            ("http://evil.example.:80/", "evil.example/"),
            ("https://evil.example:443/", "evil.example/"),
            ("http://evil.example:/", "evil.example/"),
            ("http://evil.example:8080/x", "evil.example:8080/x"),
            ("http://user:pass@evil.example/x", "evil.example/x"),
            ("http://user@host@evil.example/x", "evil.example/x"),
            ("http://192.0.2.1/x", "192.0.2.1/x"),
            ("http://[2001:DB8::0:1]:8080/x", "[2001:db8::1]:8080/x"),
            ("http://[::ffff:192.0.2.1]/x", "192.0.2.1/x"),
            ("http://bücher.example/ü", "xn--bcher-kva.example/%C3%BC"),
            ("http://%65vil.example/", "evil.example/"),
            ("http://evil.example?a=1", "evil.example/?a=1"),
            ("http://evil.example/a?b=/../c", "evil.example/a?b=/../c"),
            ("http://evil.example/a#top", "evil.example/a"),
            ("http://evil.example/%7euser/%2fx", "evil.example/~user/%2Fx"),
            ("http://evil.example/a b", "evil.example/a%20b"),
            ("http://evil.example/100%", "evil.example/100%25"),
            ("http://evil.example/%%341", "evil.example/%2541"),
            ("http://evil.example/a/./b/../c", "evil.example/a/c"),
            ("http://evil.example/a/%2e%2E/c", "evil.example/c"),
            ("http://evil.example/../../c", "evil.example/c"),
            ("http://evil.example/a/..", "evil.example/"),
            ("http://evil.example/a/.b", "evil.example/a/.b"),
            ("http://evil.example\\a", "evil.example/a"),
            ("http://intranet/x", "intranet/x"),
            ("ldap://evil.example:1389/a", "evil.example:1389/a"),
        ] {
            let read = Locator::read(written).map(|url| url.as_str().to_owned());
            assert_eq!(read.as_deref(), Ok(meant), "{written}");
            assert_eq!(Locator::read(meant).unwrap().as_str(), meant, "a second pass over {written}");
        }
    }

    #[test]
    fn refusals() {
        for (written, why) in [
            ("http:///x", Unreadable::UrlHost),
            ("http://", Unreadable::UrlHost),
            ("http://{host}/x", Unreadable::UrlHost),
            ("http://[2001:db8::1/x", Unreadable::UrlHost),
            ("http://[2001:db8::1]x/", Unreadable::UrlHost),
            ("http://evil.example:99999/", Unreadable::Port),
            ("http://evil.example:x/", Unreadable::Port),
            ("http://%ff.example/", Unreadable::UrlHost),
            ("http://192.0.2.300/", Unreadable::FaultyAddress),
            ("http://5.44/", Unreadable::FaultyAddress),
        ] {
            assert_eq!(Locator::read(written), Err(why), "{written}");
        }
    }

    #[test]
    fn parts() {
        let url = Locator::read("https://evil.example:8443/a?b").unwrap();
        assert_eq!((url.name(), url.address(), url.port()), (Some("evil.example"), None, Some(8443)));
        assert_eq!(url.without_query(), Some("evil.example:8443/a"));
        let url = Locator::read("http://192.0.2.1/").unwrap();
        assert_eq!((url.name(), url.address(), url.port()), (None, "192.0.2.1".parse().ok(), Some(80)));
        assert_eq!(url.without_query(), None);
        assert_eq!(Locator::read("192.0.2.1/").unwrap().port(), None);
    }
}
