//! What the columns of a CSV list mean, told from their names.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The indicator, of any kind.
    Value,
    /// An indicator of the kind that names the column; may be empty.
    Typed,
    /// What kind the indicator is said to be.
    Type,
    /// How sure the list is.
    Confidence,
    /// Family, campaign or remark; the lower the number, the better a note it makes.
    Note(u8),
}

const VALUES: [&str; 9] = [
    "indicator",
    "indicator_value",
    "indicators",
    "ioc",
    "ioc_value",
    "iocs",
    "observable",
    "trail",
    "value",
];

const TYPED: [&str; 30] = [
    "address",
    "cidr",
    "domain",
    "domain_name",
    "domains",
    "dst_ip",
    "fqdn",
    "hash",
    "host",
    "hostname",
    "ip",
    "ip_address",
    "ip_port",
    "ips",
    "ipv4",
    "ipv6",
    "md5",
    "md5_hash",
    "netblock",
    "network",
    "sha1",
    "sha1_hash",
    "sha256",
    "sha256_hash",
    "sha512",
    "sha512_hash",
    "src_ip",
    "uri",
    "url",
    "urls",
];

const NOTES: [&str; 17] = [
    "family",
    "malware_printable",
    "malware",
    "malware_family",
    "info",
    "app",
    "campaign",
    "threat",
    "threat_name",
    "threat_type",
    "note",
    "notes",
    "comment",
    "comments",
    "description",
    "title",
    "tags",
];

/// Type words of common lists (of MISP, STIX, OTX, `ThreatFox` and plain ones) for what is matched here.
const TYPES: [&str; 47] = [
    "address",
    "cidr",
    "domain",
    "domain-name",
    "domain_name",
    "filehash-md5",
    "filehash-sha1",
    "filehash-sha256",
    "filehash-sha512",
    "fqdn",
    "hash",
    "host",
    "hostname",
    "ip",
    "ip-dst",
    "ip-dst|port",
    "ip-src",
    "ip-src|port",
    "ip:port",
    "ip_address",
    "ip_port",
    "ipaddress",
    "ipport",
    "ipv4",
    "ipv4-addr",
    "ipv4addr",
    "ipv4_addr",
    "ipv6",
    "ipv6-addr",
    "ipv6addr",
    "ipv6_addr",
    "link",
    "md5",
    "md5_hash",
    "netblock",
    "network",
    "sha-1",
    "sha-256",
    "sha-512",
    "sha1",
    "sha1_hash",
    "sha256",
    "sha256_hash",
    "sha512",
    "sha512_hash",
    "uri",
    "url",
];

/// The role of a column of this name; case, blanks and hyphens do not matter.
pub(super) fn role(name: &str) -> Option<Role> {
    let name = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    if VALUES.contains(&name.as_str()) {
        return Some(Role::Value);
    }
    if TYPED.contains(&name.as_str()) {
        return Some(Role::Typed);
    }
    match name.as_str() {
        "type" | "kind" | "ioc_type" | "indicator_type" | "attribute_type" => Some(Role::Type),
        "confidence" | "confidence_level" => Some(Role::Confidence),
        _ => (0_u8..).zip(NOTES).find(|(_, note)| *note == name).map(|(rank, _)| Role::Note(rank)),
    }
}

/// Whether the type column's word stands for something that is matched.
pub(super) fn is_matched_type(word: &str) -> bool {
    let word = word.trim().to_ascii_lowercase();
    TYPES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        for (name, wanted) in [
            ("trail", Some(Role::Value)),
            ("IOC Value", Some(Role::Value)),
            ("SHA256", Some(Role::Typed)),
            ("dst-ip", Some(Role::Typed)),
            ("type", Some(Role::Type)),
            ("Confidence Level", Some(Role::Confidence)),
            ("family", Some(Role::Note(0))),
            ("tags", Some(Role::Note(16))),
            ("reference", None),
            ("Certificate", None),
        ] {
            assert_eq!(role(name), wanted, "{name}");
        }
    }

    #[test]
    fn types() {
        for word in ["domain", "IPv4", "ip-dst|port", "FileHash-SHA256", "url"] {
            assert!(is_matched_type(word), "{word}");
        }
        for word in ["filename", "email-src", "mutex", "yara", ""] {
            assert!(!is_matched_type(word), "{word}");
        }
    }
}
