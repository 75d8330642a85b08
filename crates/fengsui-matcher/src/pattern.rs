//! What a text names: an address, a network, a domain, a URL, an endpoint or a digest.
//!
//! One reader serves both sides. `Shape` is what a field of a log turns out to be; [`Pattern`] is
//! what an indicator may be, which is stricter: it refuses what would match nothing or everything.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::host::{self, MAX_LABEL_BYTES};
use crate::kind::Kind;
use crate::locator::{self, Locator};
use crate::refang::refang;
use crate::unreadable::Unreadable;

/// Bytes of one indicator: RFC 9110 (4.1) asks for URLs of 8,000 octets at least.
pub const MAX_INDICATOR_BYTES: usize = 8_192;

/// The value of an indicator in normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A domain in normal form, see `crate::host`.
    Domain(String),
    /// An address; never v4-mapped.
    Address(IpAddr),
    /// A network without host bits; never v4-mapped, never of prefix length 0.
    Network(IpNet),
    /// A URL in normal form, see `crate::locator`.
    Url(String),
    /// An address and a port.
    Endpoint(IpAddr, u16),
    /// Lower-case hexadecimal digits of a digest.
    Digest(Kind, String),
}

impl Pattern {
    /// Reads an indicator as people write it, defanged or not.
    ///
    /// # Errors
    /// [`Unreadable`] says why the text names nothing that can be matched.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim();
        if text.len() > MAX_INDICATOR_BYTES {
            return Err(Unreadable::TooLong);
        }
        if text.contains(char::is_whitespace) {
            return Err(Unreadable::Blanks);
        }
        match Shape::read(text).map_err(|why| explain(text, why))? {
            Shape::Address(address) => Ok(Self::Address(address)),
            Shape::Network(network) if network.prefix_len() == 0 => Err(Unreadable::EveryAddress),
            Shape::Network(network) => Ok(Self::Network(network)),
            Shape::Endpoint(address, port) => Ok(Self::Endpoint(address, port)),
            Shape::Digest(kind, digits) => Ok(Self::Digest(kind, digits.into_owned())),
            Shape::Url(url) => Ok(Self::Url(url.as_str().to_owned())),
            Shape::Domain(_, Some(_)) => Err(Unreadable::DomainPort),
            Shape::Domain(name, None) if name.split('.').any(|label| label.len() > MAX_LABEL_BYTES) => {
                Err(Unreadable::LongLabel)
            }
            Shape::Domain(name, None) => Ok(Self::Domain(name.into_owned())),
        }
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Domain(_) => Kind::Domain,
            Self::Address(IpAddr::V4(_)) => Kind::Ipv4,
            Self::Address(IpAddr::V6(_)) => Kind::Ipv6,
            Self::Network(_) => Kind::Cidr,
            Self::Url(_) => Kind::Url,
            Self::Endpoint(..) => Kind::IpPort,
            Self::Digest(kind, _) => *kind,
        }
    }
}

/// The normal form; reading it again gives the same pattern, for a URL with any scheme before it (without
/// one, a host of a single label makes no URL).
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(text) | Self::Url(text) | Self::Digest(_, text) => f.write_str(text),
            Self::Address(address) => address.fmt(f),
            Self::Network(network) => network.fmt(f),
            Self::Endpoint(address, port) => SocketAddr::new(*address, *port).fmt(f),
        }
    }
}

/// What one whole value turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape<'a> {
    Address(IpAddr),
    Network(IpNet),
    Endpoint(IpAddr, u16),
    Digest(Kind, Cow<'a, str>),
    Url(Locator),
    Domain(Cow<'a, str>, Option<u16>),
}

impl<'a> Shape<'a> {
    /// Reads the whole of `text`; a part of it is never enough.
    pub(crate) fn read(text: &'a str) -> Result<Self, Unreadable> {
        match refang(text) {
            Cow::Borrowed(plain) => Self::of(plain),
            Cow::Owned(plain) => Shape::of(&plain).map(Shape::into_owned),
        }
    }

    fn of(text: &'a str) -> Result<Self, Unreadable> {
        if text.is_empty() {
            return Err(Unreadable::Empty);
        }
        if let Some(address) = host::address(text) {
            return Ok(Self::Address(address));
        }
        if text.contains('/') {
            return network_or_url(text);
        }
        if let Some((kind, digits)) = digest(text)? {
            return Ok(Self::Digest(kind, digits));
        }
        if let Some((before, after)) = text.rsplit_once([':', '|']) {
            let port = host::port(after);
            return match host::address(before) {
                // Without brackets an IPv6 address would swallow the port.
                Some(address) if address.is_ipv4() || before.starts_with('[') || text.contains('|') => {
                    Ok(Self::Endpoint(address, port.ok_or(Unreadable::Port)?))
                }
                _ => host::domain(before)
                    .and_then(|name| Ok(Self::Domain(name, Some(port.ok_or(Unreadable::Port)?)))),
            };
        }
        host::domain(text).map(|name| Self::Domain(name, None))
    }

    fn into_owned<'b>(self) -> Shape<'b> {
        match self {
            Self::Address(address) => Shape::Address(address),
            Self::Network(network) => Shape::Network(network),
            Self::Endpoint(address, port) => Shape::Endpoint(address, port),
            Self::Digest(kind, digits) => Shape::Digest(kind, Cow::Owned(digits.into_owned())),
            Self::Url(url) => Shape::Url(url),
            Self::Domain(name, port) => Shape::Domain(Cow::Owned(name.into_owned()), port),
        }
    }
}

/// Reads a text that holds a slash.
fn network_or_url<'a>(text: &str) -> Result<Shape<'a>, Unreadable> {
    if locator::split_scheme(text).0.is_some() {
        return Locator::read(text).map(Shape::Url);
    }
    if let Some((before, after)) = text.split_once('/')
        && let Some(address) = host::address(before)
        && !after.is_empty()
        && after.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return network(address, before.contains(':'), after).map(Shape::Network);
    }
    if text.starts_with('/') && !text.starts_with("//") {
        return Err(Unreadable::PathOnly);
    }
    if text.contains(char::is_whitespace) {
        return Err(Unreadable::Blanks);
    }
    let url = Locator::read(text)?;
    // Without a scheme only a full name makes a URL; `text/html` and `and/or` are none.
    if let Some(name) = url.name() {
        host::domain(name)?;
    }
    Ok(Shape::Url(url))
}

/// The network of `address` with a prefix length or, for IPv4, a netmask.
fn network(address: IpAddr, written_v6: bool, prefix: &str) -> Result<IpNet, Unreadable> {
    let net = match address {
        IpAddr::V4(address) if prefix.contains('.') && !written_v6 => {
            let mask = prefix.parse().map_err(|_| Unreadable::PrefixLength)?;
            Ipv4Net::with_netmask(address, mask).map(IpNet::V4)
        }
        IpAddr::V4(address) => {
            let length: u8 = prefix.parse().map_err(|_| Unreadable::PrefixLength)?;
            // `::ffff:192.0.2.0/120` is `192.0.2.0/24`; shorter prefixes hold more than IPv4.
            let length = if written_v6 { length.checked_sub(96) } else { Some(length) };
            Ipv4Net::new(address, length.ok_or(Unreadable::PrefixLength)?).map(IpNet::V4)
        }
        IpAddr::V6(address) => {
            let length = prefix.parse().map_err(|_| Unreadable::PrefixLength)?;
            Ipv6Net::new(address, length).map(IpNet::V6)
        }
    };
    net.map(|net| net.trunc()).map_err(|_| Unreadable::PrefixLength)
}

/// The digest that `text` is: plain digits, `sha256:digits` or a fingerprint with colons.
fn digest(text: &str) -> Result<Option<(Kind, Cow<'_, str>)>, Unreadable> {
    if let Some(kind) = digits_kind(text) {
        return Ok(Some((kind, lower(text))));
    }
    let Some((before, after)) = text.split_once(':') else {
        return Ok(None);
    };
    let named = [Kind::Md5, Kind::Sha1, Kind::Sha256, Kind::Sha512]
        .into_iter()
        .find(|kind| before.eq_ignore_ascii_case(kind.name()));
    if let Some(named) = named {
        return match digits_kind(after) {
            Some(kind) if kind == named => Ok(Some((kind, lower(after)))),
            _ => Err(Unreadable::DigestName),
        };
    }
    let pairs = before.len() == 2 && text.split(':').all(|pair| pair.len() == 2);
    if !pairs {
        return Ok(None);
    }
    let digits = text.replace(':', "").to_ascii_lowercase();
    Ok(digits_kind(&digits).map(|kind| (kind, Cow::Owned(digits))))
}

/// The kind of digest that `text` is if all of it are digits of a digest's length.
pub(crate) fn digits_kind(text: &str) -> Option<Kind> {
    let kind = Kind::of_digits(text.len())?;
    text.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(kind)
}

fn lower(digits: &str) -> Cow<'_, str> {
    if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(digits.to_ascii_lowercase())
    } else {
        Cow::Borrowed(digits)
    }
}

/// A better reason than "not a name" for what people put into lists.
fn explain(text: &str, why: Unreadable) -> Unreadable {
    let foreign = text.bytes().filter(|byte| !byte.is_ascii_hexdigit()).count();
    if text.len() >= 30 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && foreign * 10 < text.len()
    {
        return Unreadable::Digest;
    }
    let why = if why == Unreadable::Empty && !text.is_empty() { Unreadable::Name } else { why };
    if !matches!(why, Unreadable::Name | Unreadable::SingleLabel | Unreadable::UrlHost | Unreadable::Port) {
        return why;
    }
    if text.contains(['\\', '^', '$', '*', '(', '[', '|', '+']) && !text.contains("://") && host_like(text) {
        return Unreadable::Expression;
    }
    match text.split_once('@') {
        Some((_, domain)) if host::domain(domain).is_ok() => Unreadable::Mail,
        _ => why,
    }
}

/// Not an address in brackets, whose faults are its port's.
fn host_like(text: &str) -> bool {
    !(text.starts_with('[') && text.contains(':'))
}

#[cfg(test)]
mod tests;
