//! Addresses and names of hosts in the form in which they are compared.
//!
//! Names are lower case, in IDNA's ASCII form and without a trailing dot. Addresses are values, so
//! every spelling of an IPv6 address is equal, and the v4-mapped form of an IPv4 address is that
//! address.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::unreadable::Unreadable;

/// Bytes of a domain name: 255 octets on the wire less the first length byte and the root (RFC 1035, 3.1).
pub const MAX_DOMAIN_BYTES: usize = 253;
/// Bytes of one label (RFC 1035, 2.3.4).
pub const MAX_LABEL_BYTES: usize = 63;
/// Bytes of a name before IDNA: 253 ASCII bytes come from fewer than 253 characters of at most 4 bytes.
const MAX_UNICODE_NAME_BYTES: usize = 4 * MAX_DOMAIN_BYTES;

/// The address that `text` is as a whole, with or without brackets, a zone (`%eth0`) left out.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        let short = text.len() <= 15 && text.as_bytes().first().is_some_and(u8::is_ascii_digit);
        return if short { text.parse::<Ipv4Addr>().ok().map(IpAddr::V4) } else { None };
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let plain = inner.split_once('%').map_or(inner, |(address, _zone)| address);
    plain.parse::<Ipv6Addr>().ok().map(|address| IpAddr::V6(address).to_canonical())
}

/// A port, 1 to 65535, in plain digits.
pub(crate) fn port(text: &str) -> Option<u16> {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok().filter(|port| *port != 0) } else { None }
}

/// The normal form of a domain name of at least two labels.
///
/// A leading `*.` or `.` (as in certificates and block lists) is dropped: a domain stands for all
/// names below it anyhow. A label may be longer than DNS allows, as logs hold such names.
pub(crate) fn domain(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let text = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    let name = host_name(text)?;
    if !name.contains('.') {
        return Err(Unreadable::SingleLabel);
    }
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) { Err(Unreadable::FaultyAddress) } else { Ok(name) }
}

/// The normal form of a host's name, which may be a single label.
pub(crate) fn host_name(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    let text = text.trim_end_matches('.');
    let name: Cow<'_, str> = if !text.is_ascii() {
        if text.len() > MAX_UNICODE_NAME_BYTES {
            return Err(Unreadable::LongName);
        }
        let ascii = idna::domain_to_ascii(text).map_err(|_| Unreadable::Idna)?;
        Cow::Owned(ascii.trim_end_matches('.').to_owned())
    } else if text.len() > MAX_DOMAIN_BYTES {
        return Err(Unreadable::LongName);
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    };
    check_name(name.as_bytes())?;
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unreadable::FaultyAddress);
    }
    Ok(name)
}

/// Whether every label has only letters, digits, `_` and inner hyphens.
fn check_name(name: &[u8]) -> Result<(), Unreadable> {
    if name.is_empty() {
        return Err(Unreadable::Empty);
    }
    if name.len() > MAX_DOMAIN_BYTES {
        return Err(Unreadable::LongName);
    }
    let mut before = b'.';
    for &byte in name {
        let fits = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => true,
            b'-' => before != b'.',
            b'.' => before != b'.' && before != b'-',
            _ => false,
        };
        if !fits {
            return Err(Unreadable::Name);
        }
        before = byte;
    }
    if before == b'-' || before == b'.' { Err(Unreadable::Name) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (written, meant) in [
            ("Evil.Example", Ok("evil.example")),
            ("evil.example.", Ok("evil.example")),
            ("evil.example..", Ok("evil.example")),
            ("*.evil.example", Ok("evil.example")),
            (".evil.example", Ok("evil.example")),
            ("_dmarc.evil.example", Ok("_dmarc.evil.example")),
            ("a_b.example", Ok("a_b.example")),
            ("bücher.example", Ok("xn--bcher-kva.example")),
            ("BÜCHER.example", Ok("xn--bcher-kva.example")),
            ("例子。中国", Ok("xn--fsqu00a.xn--fiqs8s")),
            ("xn--Bcher-KVA.example", Ok("xn--bcher-kva.example")),
            ("localhost", Err(Unreadable::SingleLabel)),
            (".tk", Err(Unreadable::SingleLabel)),
            ("a..example", Err(Unreadable::Name)),
            ("..example.com", Err(Unreadable::Name)),
            ("-a.example", Err(Unreadable::Name)),
            ("a-.example", Err(Unreadable::Name)),
            ("a.example-", Err(Unreadable::Name)),
            ("a b.example", Err(Unreadable::Name)),
            ("a.*.example", Err(Unreadable::Name)),
            ("300.1.2.3", Err(Unreadable::FaultyAddress)),
            ("010.1.2.3", Err(Unreadable::FaultyAddress)),
            ("", Err(Unreadable::Empty)),
            ("...", Err(Unreadable::Empty)),
        ] {
            assert_eq!(domain(written).as_deref(), meant.as_deref(), "{written}");
        }
    }

    #[test]
    fn a_name_may_have_253_bytes_and_no_more() {
        let name = format!("{}.example", "a.".repeat(122) + "a");
        assert_eq!(name.len(), MAX_DOMAIN_BYTES);
        assert!(domain(&name).is_ok());
        assert_eq!(domain(&format!("a{name}")), Err(Unreadable::LongName));
    }

    #[test]
    fn addresses() {
        for (written, meant) in [
            ("192.0.2.1", Some("192.0.2.1")),
            ("::ffff:192.0.2.1", Some("192.0.2.1")),
            ("::FFFF:c000:0201", Some("192.0.2.1")),
            ("2001:DB8:0:0::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("::192.0.2.1", Some("::192.0.2.1")), // compatible, not mapped
            ("192.0.2.01", None),
            ("192.0.2.256", None),
            ("192.0.2", None),
            ("00:00:05", None),
            ("1:2", None),
            ("", None),
        ] {
            assert_eq!(address(written), meant.map(|text| text.parse().unwrap()), "{written}");
        }
    }

    #[test]
    fn ports() {
        for (written, meant) in
            [("1", Some(1)), ("65535", Some(65535)), ("0", None), ("65536", None), ("+1", None), ("", None)]
        {
            assert_eq!(port(written), meant, "{written}");
        }
    }
}
