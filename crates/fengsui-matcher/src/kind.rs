//! The kinds of indicator, with the names that people and machines read.

use std::fmt;

/// What an indicator is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A domain name; also stands for every name below it.
    Domain,
    /// One IPv4 address (or its v4-mapped IPv6 form).
    Ipv4,
    /// One IPv6 address.
    Ipv6,
    /// A network, v4 or v6; stands for every address in it.
    Cidr,
    /// A scheme-less URL: host, path and, where written, query.
    Url,
    /// An address together with a port.
    IpPort,
    /// An MD5 digest, 32 hexadecimal digits.
    Md5,
    /// A SHA-1 digest, 40 hexadecimal digits.
    Sha1,
    /// A SHA-256 digest, 64 hexadecimal digits.
    Sha256,
    /// A SHA-512 digest, 128 hexadecimal digits.
    Sha512,
}

impl Kind {
    /// Every kind, in the order in which they are listed to people.
    pub const ALL: [Self; 10] = [
        Self::Domain,
        Self::Ipv4,
        Self::Ipv6,
        Self::Cidr,
        Self::Url,
        Self::IpPort,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
    ];

    /// The stable name: part of the `--json` output, so add and never rename.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Cidr => "cidr",
            Self::Url => "url",
            Self::IpPort => "ip_port",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The kind of digest written with `digits` hexadecimal digits.
    pub const fn of_digits(digits: usize) -> Option<Self> {
        match digits {
            32 => Some(Self::Md5),
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            128 => Some(Self::Sha512),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable_and_distinct() {
        let names = Kind::ALL.map(|kind| kind.to_string()).join(" ");
        assert_eq!(names, "domain ipv4 ipv6 cidr url ip_port md5 sha1 sha256 sha512");
    }
}
