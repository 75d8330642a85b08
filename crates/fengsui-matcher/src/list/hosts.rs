//! Hosts files: an address that leads nowhere, and the names that are sent there.

use std::net::{IpAddr, Ipv4Addr};

use super::{RejectReason, Sink, is_remark};
use crate::host;

/// Names that a host has for itself (hosts(5) of common systems); they are no indicators.
const OWN_NAMES: [&str; 13] = [
    "0.0.0.0",
    "broadcasthost",
    "ip6-allhosts",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-localhost",
    "ip6-localnet",
    "ip6-loopback",
    "ip6-mcastprefix",
    "local",
    "localhost",
    "localhost.localdomain",
    "localhost6",
];

/// The address and the names of a hosts line, the remark left out.
pub(super) fn split(text: &str) -> Option<(IpAddr, impl Iterator<Item = &str>)> {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let mut words = text.split_whitespace();
    let address = host::address(words.next()?)?;
    Some((address, words))
}

/// Whether connections to `address` lead nowhere or to the host itself.
pub(super) fn is_sink(address: IpAddr) -> bool {
    address.is_unspecified() || address.is_loopback()
}

pub(super) fn line(sink: &mut Sink<'_>, number: u64, text: &str) {
    let text = text.trim();
    if text.is_empty() || is_remark(text) {
        sink.summary.remarks += 1;
        return;
    }
    let Some((address, names)) = split(text) else {
        return sink.reject(number, text, RejectReason::NoSink);
    };
    let mut names = names.peekable();
    if names.peek().is_none() {
        return sink.reject(number, text, RejectReason::NoValue);
    }
    for name in names {
        if OWN_NAMES.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            sink.summary.skipped += 1;
        } else if is_sink(address) {
            sink.value(number, name, None, None);
        } else if is_own(address) {
            sink.summary.skipped += 1;
        } else {
            sink.reject(number, name, RejectReason::NoSink);
        }
    }
}

/// Broadcast, multicast and link-local addresses, which only name the host's own surroundings.
fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address == Ipv4Addr::BROADCAST || address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local() || address.is_multicast(),
    }
}
