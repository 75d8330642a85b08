use std::sync::Arc;

use proptest::prelude::*;

use super::*;

fn indicator(written: &str, source: &str, note: Option<&str>) -> Indicator {
    Indicator {
        pattern: Pattern::read(written).unwrap_or_else(|why| panic!("{written} {why}")),
        written: written.to_owned(),
        source: source.into(),
        line: 1,
        note: note.map(str::to_owned),
        confidence: None,
    }
}

fn index(written: &[&str]) -> Index {
    written.iter().map(|text| indicator(text, "test", None)).collect()
}

/// The values that match, weak ones with a `~` in front.
fn found(index: &Index, value: &str, port: Option<u16>) -> Vec<String> {
    let mark = |found: &Found<'_>| format!("{}{}", if found.weak { "~" } else { "" }, found.entry.value);
    index.find(value, port).iter().map(mark).collect()
}

fn check(index: &Index, cases: &[(&str, &[&str])]) {
    for (value, wanted) in cases {
        assert_eq!(found(index, value, None), *wanted, "{value}");
    }
}

#[test]
fn domains_match_themselves_and_their_subdomains() {
    check(
        &index(&["evil.example", "a.b.evil.example", "bücher.example", "co.uk.example"]),
        &[
            ("evil.example", &["evil.example"]),
            ("EVIL.example.", &["evil.example"]),
            ("www.evil.example", &["evil.example"]),
            ("x.a.b.evil.example", &["a.b.evil.example", "evil.example"]),
            ("*.evil.example", &["evil.example"]),
            ("evil.example:8443", &["evil.example"]),
            ("evil[.]example", &["evil.example"]),
            ("notevil.example", &[]),
            ("evil.example.good.net", &[]),
            ("evil.examplex", &[]),
            ("example", &[]),
            ("user@evil.example", &[]),
            ("see evil.example now", &[]),
            ("BÜCHER.example", &["xn--bcher-kva.example"]),
            ("www.xn--bcher-kva.example", &["xn--bcher-kva.example"]),
        ],
    );
}

#[test]
fn addresses_match_in_every_spelling_and_networks_contain() {
    check(
        &index(&[
            "192.0.2.1",
            "2001:db8::1",
            "198.51.100.0/24",
            "198.51.0.0/16",
            "2001:db8:7::/48",
            "::ffff:203.0.113.0/120",
        ]),
        &[
            ("192.0.2.1", &["192.0.2.1"]),
            ("::ffff:192.0.2.1", &["192.0.2.1"]),
            ("::FFFF:C000:201", &["192.0.2.1"]),
            ("192.0.2.1:8080", &["192.0.2.1"]),
            ("192.0.2.11", &[]),
            ("2001:0DB8:0:0:0:0:0:1", &["2001:db8::1"]),
            ("[2001:db8::1]:443", &["2001:db8::1"]),
            ("198.51.100.255", &["198.51.100.0/24", "198.51.0.0/16"]),
            ("::ffff:198.51.100.1", &["198.51.100.0/24", "198.51.0.0/16"]),
            ("198.51.99.1", &["198.51.0.0/16"]),
            ("198.52.0.1", &[]),
            ("2001:db8:7::9", &["2001:db8:7::/48"]),
            ("2001:db8:8::9", &[]),
            ("203.0.113.9", &["203.0.113.0/24"]),
            ("198.51.100.0/24", &[]),
        ],
    );
}

#[test]
fn urls_match_on_host_and_path() {
    check(
        &index(&[
            "http://evil.example/a/b.exe",
            "https://good.example/x?id=1",
            "http://192.0.2.1:8080/y",
            "bad.example",
        ]),
        &[
            ("http://evil.example/a/b.exe", &["evil.example/a/b.exe"]),
            ("https://EVIL.example/a/b.exe", &["evil.example/a/b.exe"]),
            ("evil.example/a/b.exe", &["evil.example/a/b.exe"]),
            ("hxxp://evil[.]example/a/b.exe", &["evil.example/a/b.exe"]),
            ("http://evil.example/a/b.exe?x=1#y", &["evil.example/a/b.exe"]),
            ("http://evil.example/A/b.exe", &[]),
            ("http://evil.example/a/b.exe/c", &[]),
            ("http://evil.example:8080/a/b.exe", &[]),
            ("http://www.evil.example/a/b.exe", &[]),
            ("http://good.example/x?id=1", &["good.example/x?id=1"]),
            ("http://good.example/x?id=2", &[]),
            ("http://good.example/x", &[]),
            ("http://192.0.2.1:8080/y", &["192.0.2.1:8080/y"]),
            ("http://192.0.2.1/y", &[]),
            ("http://user@www.bad.example:81/z", &["bad.example"]),
            ("/a/b.exe", &[]),
        ],
    );
}

#[test]
fn an_endpoint_needs_both_and_its_address_alone_is_weak() {
    let index =
        index(&["192.0.2.1:443", "192.0.2.1:8443", "[2001:db8::1]:53", "198.51.100.1", "198.51.100.1:80"]);
    for (value, port, wanted) in [
        ("192.0.2.1", Some(443), vec!["192.0.2.1:443"]),
        ("192.0.2.1", Some(8443), vec!["192.0.2.1:8443"]),
        ("192.0.2.1:8443", None, vec!["192.0.2.1:8443"]),
        ("192.0.2.1", Some(80), vec!["~192.0.2.1:443"]),
        ("192.0.2.1", None, vec!["~192.0.2.1:443"]),
        ("192.0.2.1:80", Some(443), vec!["~192.0.2.1:443"]),
        ("https://192.0.2.1/x", None, vec!["192.0.2.1:443"]),
        ("http://192.0.2.1/x", None, vec!["~192.0.2.1:443"]),
        ("192.0.2.1/x", None, vec!["~192.0.2.1:443"]),
        ("2001:db8::1", Some(53), vec!["[2001:db8::1]:53"]),
        ("198.51.100.1", None, vec!["198.51.100.1", "~198.51.100.1:80"]),
        ("198.51.100.2", Some(80), vec![]),
    ] {
        assert_eq!(found(&index, value, port), wanted, "{value} at {port:?}");
    }
}

#[test]
fn digests_match_in_either_case() {
    let (md5, sha1, sha256, sha512) = ("0a".repeat(16), "0b".repeat(20), "0c".repeat(32), "0d".repeat(64));
    let index = index(&[&md5, &sha1.to_uppercase(), &sha256, &sha512]);
    for digits in [&md5, &sha1, &sha256, &sha512] {
        assert_eq!(found(&index, digits, None), [digits.as_str()]);
        assert_eq!(found(&index, &digits.to_uppercase(), None), [digits.as_str()]);
        assert_eq!(found(&index, &format!("{digits}0"), None), Vec::<String>::new());
    }
    assert_eq!(found(&index, &format!("sha256:{sha256}"), None), [sha256]);
    assert_eq!(found(&index, &["0B"; 20].join(":"), None), [sha1]);
}

#[test]
fn every_list_is_found_and_repetitions_are_kept_once() {
    let index: Index = [
        indicator("evil.example", "a", Some("x")),
        indicator("EVIL.example", "a", Some("x")),
        indicator("evil.example", "a", Some("y")),
        indicator("evil[.]example", "b", None),
        indicator("192.0.2.1", "b", None),
    ]
    .into_iter()
    .collect();
    let hits: Vec<_> = index
        .find("www.evil.example", None)
        .iter()
        .map(|found| (found.entry.source, found.entry.note, found.entry.written))
        .collect();
    assert_eq!(
        hits,
        [("a", Some("x"), "evil.example"), ("a", Some("y"), "evil.example"), ("b", None, "evil[.]example")]
    );
    let stats = index.stats();
    assert_eq!((stats.entries, stats.values, stats.repeated, stats.crowded), (4, 2, 1, 0));
    assert_eq!(stats.by_kind[Kind::Domain as usize], 1);
    assert_eq!(index.entries().count(), 4);
}

#[test]
fn one_value_cannot_crowd_the_set() {
    let many = MAX_ENTRIES_OF_VALUE + 10;
    let index: Index = (0..many).map(|n| indicator("evil.example", "a", Some(&n.to_string()))).collect();
    assert_eq!(index.find("evil.example", None).len(), MAX_ENTRIES_OF_VALUE);
    assert_eq!((index.stats().entries, index.stats().crowded), (MAX_ENTRIES_OF_VALUE as u64, 10));
}

#[test]
fn a_set_is_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    let index: SharedIndex = Arc::new(index(&["evil.example"]));
    shared(&index);
}

#[test]
fn an_empty_set_finds_nothing() {
    let index = Index::default();
    assert!(index.is_empty());
    check(
        &index,
        &[("evil.example", &[]), ("192.0.2.1", &[]), ("2001:db8::1", &[]), ("http://a.example/", &[])],
    );
}

proptest! {
    #[test]
    fn what_was_put_in_is_found_and_nothing_else(
        inside in proptest::collection::btree_set("[a-d]{1,3}\\.[a-d]{1,2}\\.(com|net)", 0..60),
        asked in proptest::collection::vec("([a-d]\\.)?[a-d]{1,3}\\.[a-d]{1,2}\\.(com|net)", 0..60),
    ) {
        let index: Index = inside.iter().map(|text| indicator(text, "test", None)).collect();
        for name in &asked {
            let wanted: Vec<&String> =
                inside.iter().filter(|known| name == *known || name.ends_with(&format!(".{known}"))).collect();
            prop_assert_eq!(index.find(name, None).len(), wanted.len(), "{}", name);
        }
    }

    #[test]
    fn networks_agree_with_plain_arithmetic(
        networks in proptest::collection::btree_set((any::<[u8; 2]>(), 1_u8..=24), 0..40),
        asked in proptest::collection::vec(any::<[u8; 2]>(), 0..60),
    ) {
        let written: Vec<String> =
            networks.iter().map(|([a, b], length)| format!("{}.{b}.0.0/{length}", a % 4)).collect();
        let index: Index = written.iter().map(|text| indicator(text, "test", None)).collect();
        for [a, b] in asked {
            let address = std::net::Ipv4Addr::new(a % 4, b, 7, 9);
            let mut wanted: Vec<String> = written
                .iter()
                .map(|text| text.parse::<Ipv4Net>().unwrap().trunc())
                .filter(|network| {
                    let shift = 32 - u32::from(network.prefix_len());
                    u64::from(u32::from(network.network()) ^ u32::from(address)) >> shift == 0
                })
                .map(|network| network.to_string())
                .collect();
            wanted.sort();
            wanted.dedup();
            let mut got = found(&index, &address.to_string(), None);
            got.sort();
            prop_assert_eq!(got, wanted);
        }
    }
}
