//! Excerpts of published indicator lists, with what is right and wrong in them.

use std::collections::BTreeMap;

use fengsui_matcher::list::{ListFormat, ListOptions, read_list};

use crate::open;

/// Reads a list: its format, the kinds of its indicators with their counts, and its rejects.
fn read(name: &str) -> (ListFormat, BTreeMap<&'static str, u64>, Vec<String>) {
    let (mut kinds, mut rejects) = (BTreeMap::new(), Vec::new());
    let summary = read_list(open(name), &ListOptions::new(name), &mut |row| match row {
        Ok(indicator) => *kinds.entry(indicator.pattern.kind().name()).or_default() += 1,
        Err(reject) => rejects.push(format!("{}: {} {}", reject.line, reject.value, reject.why)),
    })
    .unwrap();
    assert_eq!(summary.accepted, kinds.values().sum::<u64>());
    assert_eq!(summary.rejected, rejects.len() as u64);
    (summary.format, kinds, rejects)
}

fn check(name: &str, format: ListFormat, kinds: &[(&'static str, u64)], rejects: &[&str]) {
    let (got_format, got_kinds, got_rejects) = read(name);
    assert_eq!(got_format, format, "{name}");
    assert_eq!(got_kinds.into_iter().collect::<Vec<_>>(), kinds, "{name}");
    assert_eq!(got_rejects, rejects, "{name}");
}

#[test]
fn maltrail() {
    check(
        "matcher/maltrail/trails.csv",
        ListFormat::Csv,
        &[("cidr", 3), ("domain", 8), ("ip_port", 8), ("ipv4", 5), ("ipv6", 2), ("url", 8)],
        &[
            "9: /w00tw00t.at.ISC.SANS.DFind:) is a path without a host",
            "10: /w00tw00t.at.blackhats.romanian.anti-sec:) is a path without a host",
            "11: C91.196.152.28 ends in a number like an address, but is none",
            "27: /pay_or_leak is a path without a host",
            "28: /pay_or_leak/ is a path without a host",
            "39: 213.165.60.118:22:443 is not a domain name",
            "40: 74.119.194.180:0 has a faulty port",
            "43: lockbitapt280e8defa5377018b093b5b90de0f2957f7062144c83a09a56bba1fe4eda932ce.onion \
             has a label of more than 63 bytes",
            "44: .tk is a single label",
        ],
    );
    check(
        "matcher/maltrail/mass_scanner.txt",
        ListFormat::Plain,
        &[("ipv4", 9), ("ipv6", 3)],
        &[
            "29: /w00tw00t.at.ISC.SANS.DFind:) is a path without a host",
            "30: /w00tw00t.at.blackhats.romanian.anti-sec:) is a path without a host",
            "31: C91.196.152.28 ends in a number like an address, but is none",
            "32: C91.196.152.38 ends in a number like an address, but is none",
            "33: C91.230.168.27 ends in a number like an address, but is none",
        ],
    );
    check("matcher/maltrail/worst_asns.txt", ListFormat::Plain, &[("cidr", 11)], &[]);
}

#[test]
fn hosts_and_tables() {
    check("matcher/hosts/digitalside-malware.hosts", ListFormat::Hosts, &[("domain", 20)], &[]);
    check("matcher/stalkerware/network.csv", ListFormat::Csv, &[("domain", 23)], &[]);
    check("matcher/stalkerware/samples.csv", ListFormat::Csv, &[("sha256", 7)], &[]);
    check("matcher/signature-base/hash-iocs.txt", ListFormat::Csv, &[("sha256", 5)], &[]);
    check("matcher/signature-base/c2-iocs.txt", ListFormat::Plain, &[("domain", 8), ("ipv4", 9)], &[]);
    check(
        "matcher/eset/sha1.txt",
        ListFormat::Plain,
        &[("sha1", 7)],
        &["11: f0295f2e46cebffaf7892a5b33ba54122781c20bs looks like a digest, but is none"],
    );
}

#[test]
fn notes_come_with_the_values() {
    for (name, value, note) in [
        ("matcher/maltrail/trails.csv", "0debug.cc", "0debug (malware)"),
        ("matcher/maltrail/worst_asns.txt", "103.29.68.0/22", "linode"),
        ("matcher/eset/sha1.txt", "0be8f44f5351a6cbef1a54a6de7674e1219d65b6", "aceCryptor"),
        ("matcher/stalkerware/network.csv", "1ca43.appspot.com", "TheTruthSpy"),
    ] {
        let mut found = None;
        read_list(open(name), &ListOptions::new(name), &mut |row| {
            found = found.take().or(row.ok().filter(|one| one.written == value).and_then(|one| one.note));
        })
        .unwrap();
        assert_eq!(found.as_deref(), Some(note), "{value} in {name}");
    }
}
