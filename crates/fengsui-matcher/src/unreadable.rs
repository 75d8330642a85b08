//! Why a text is no indicator, and what would be right.

/// Why a text names nothing that can be matched.
///
/// The message completes "`value`: …"; [`Unreadable::right`] says how it would have to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Unreadable {
    /// Nothing but blanks.
    #[error("is empty")]
    Empty,
    /// Longer than [`crate::pattern::MAX_INDICATOR_BYTES`].
    #[error("is longer than {} bytes", crate::pattern::MAX_INDICATOR_BYTES)]
    TooLong,
    /// More than one word.
    #[error("holds blanks")]
    Blanks,
    /// A regular expression or a wildcard within a name.
    #[error("looks like a pattern, not a value")]
    Expression,
    /// A path without a host.
    #[error("is a path without a host")]
    PathOnly,
    /// An e-mail address.
    #[error("is an e-mail address")]
    Mail,
    /// A name of one label, such as `localhost` or a whole top-level domain.
    #[error("is a single label")]
    SingleLabel,
    /// A label that is empty, or starts or ends with a hyphen, or has other characters.
    #[error("is not a domain name")]
    Name,
    /// A label of more than [`crate::host::MAX_LABEL_BYTES`] bytes.
    #[error("has a label of more than {} bytes", crate::host::MAX_LABEL_BYTES)]
    LongLabel,
    /// A name of more than [`crate::host::MAX_DOMAIN_BYTES`] bytes.
    #[error("is a name of more than {} bytes", crate::host::MAX_DOMAIN_BYTES)]
    LongName,
    /// A name that ends in digits only, which no domain does: a faulty address.
    #[error("ends in a number like an address, but is none")]
    FaultyAddress,
    /// A name with characters that IDNA forbids.
    #[error("holds characters that no domain name may have")]
    Idna,
    /// A domain with a port.
    #[error("is a domain with a port")]
    DomainPort,
    /// A port outside 1 to 65535.
    #[error("has a faulty port")]
    Port,
    /// A prefix length or netmask that does not fit the address.
    #[error("has a faulty prefix length")]
    PrefixLength,
    /// A prefix length of zero.
    #[error("would match every address")]
    EveryAddress,
    /// Nearly all hexadecimal digits, but no digest.
    #[error("looks like a digest, but is none")]
    Digest,
    /// A digest named as one kind and as long as another.
    #[error("is not as long as the digest it is said to be")]
    DigestName,
    /// A URL without a usable host.
    #[error("has no usable host")]
    UrlHost,
}

impl Unreadable {
    /// Every reason, in order.
    pub const ALL: [Self; 19] = [
        Self::Empty,
        Self::TooLong,
        Self::Blanks,
        Self::Expression,
        Self::PathOnly,
        Self::Mail,
        Self::SingleLabel,
        Self::Name,
        Self::LongLabel,
        Self::LongName,
        Self::FaultyAddress,
        Self::Idna,
        Self::DomainPort,
        Self::Port,
        Self::PrefixLength,
        Self::EveryAddress,
        Self::Digest,
        Self::DigestName,
        Self::UrlHost,
    ];

    /// The stable code; codes are added, never renamed.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Blanks => "blanks",
            Self::Expression => "expression",
            Self::PathOnly => "path_only",
            Self::Mail => "mail",
            Self::SingleLabel => "single_label",
            Self::Name => "faulty_name",
            Self::LongLabel => "long_label",
            Self::LongName => "long_name",
            Self::FaultyAddress => "faulty_address",
            Self::Idna => "idna",
            Self::DomainPort => "domain_port",
            Self::Port => "faulty_port",
            Self::PrefixLength => "prefix_length",
            Self::EveryAddress => "every_address",
            Self::Digest => "faulty_digest",
            Self::DigestName => "digest_name",
            Self::UrlHost => "url_host",
        }
    }

    /// What would be right, as a piece of advice.
    pub const fn right(self) -> &'static str {
        match self {
            Self::Empty => "write one value",
            Self::TooLong => "shorten it to host and path",
            Self::Blanks => "write one value a line, a remark after ` #`, blanks in a URL as `%20`",
            Self::Expression => "write the values themselves; patterns belong into a Sigma rule",
            Self::PathOnly => "put the host before it: `host.example/path`",
            Self::Mail => "write the domain after the `@` if all of it is bad",
            Self::SingleLabel => "write at least two labels: `name.example`",
            Self::Name => "labels hold letters, digits, `-` and `_`, with single dots between them",
            Self::LongLabel | Self::LongName => "check that it was copied whole and only once",
            Self::FaultyAddress => "four numbers of 0 to 255 without leading zeros, such as `192.0.2.1`",
            Self::Idna => "write the name in its `xn--` form",
            Self::DomainPort => "write the domain alone, or a URL with the port",
            Self::Port => "one port of 1 to 65535 after one address: `192.0.2.1:443`, `[2001:db8::1]:443`",
            Self::PrefixLength => "1 to 32 for IPv4, 1 to 128 for IPv6, or a netmask: `192.0.2.0/24`",
            Self::EveryAddress => "name a smaller network",
            Self::Digest | Self::DigestName => {
                "hexadecimal digits only: MD5 has 32, SHA-1 40, SHA-256 64 and SHA-512 128"
            }
            Self::UrlHost => "`host.example/path` or `http://host.example/path`",
        }
    }
}
