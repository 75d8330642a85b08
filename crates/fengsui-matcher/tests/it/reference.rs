//! The matcher against a slow and plain reading of the matching semantics: every indicator is compared
//! with every value, one after the other.

use std::io::Cursor;
use std::net::{IpAddr, Ipv6Addr};
use std::ops::ControlFlow;

use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::list::{ListFormat, ListOptions, read_list};
use fengsui_matcher::record::Format;
use fengsui_matcher::scan::scan;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a text is, in the plain reading.
#[derive(Clone, Debug, PartialEq)]
enum Plain {
    Ip(IpAddr),
    Net(IpAddr, u32),
    Hash(String),
    Url(String),
    Domain(String),
    Nothing,
}

fn classify(raw: &str) -> Plain {
    let text = raw.trim().replace("hxxp", "http").replace("[.]", ".").replace("(.)", ".").replace("[:]", ":");
    if let Ok(address) = text.parse::<IpAddr>() {
        return Plain::Ip(plain_address(address));
    }
    if let Some((address, length)) = text.split_once('/')
        && let (Ok(address), Ok(length)) = (address.parse::<IpAddr>(), length.parse())
    {
        return Plain::Net(address, length);
    }
    if text.chars().all(|c| c.is_ascii_hexdigit()) && [32, 40, 64, 128].contains(&text.len()) {
        return Plain::Hash(text.to_lowercase());
    }
    if let Some((_, rest)) = text.split_once("://") {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        return Plain::Url(format!("{}/{path}", host.to_lowercase()));
    }
    let host = text.trim_end_matches('.').to_lowercase();
    let label = |label: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        !label.is_empty() && label.chars().all(fits) && !label.starts_with('-') && !label.ends_with('-')
    };
    if host.contains('.') && host.len() <= 253 && host.split('.').all(label) {
        Plain::Domain(host)
    } else {
        Plain::Nothing
    }
}

fn plain_address(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn contains(net: IpAddr, length: u32, address: IpAddr) -> bool {
    match (net, address) {
        (IpAddr::V4(net), IpAddr::V4(address)) => {
            let differs = u64::from(u32::from(net) ^ u32::from(address));
            differs >> (32 - length) == 0
        }
        (IpAddr::V6(net), IpAddr::V6(address)) => {
            let differs = u128::from(net) ^ u128::from(address);
            length == 0 || differs >> (128 - length) == 0
        }
        _ => false,
    }
}

/// Whether one value matches any of the indicators.
fn matches(indicators: &[Plain], raw: &str) -> bool {
    match classify(raw) {
        Plain::Ip(address) => indicators.iter().any(|one| match one {
            Plain::Ip(known) => *known == address,
            Plain::Net(net, length) => contains(*net, *length, address),
            _ => false,
        }),
        Plain::Domain(name) => indicators.iter().any(|one| match one {
            Plain::Domain(known) => name == *known || name.ends_with(&format!(".{known}")),
            _ => false,
        }),
        Plain::Url(url) => {
            let host = url.split('/').next().unwrap().to_owned();
            let host = host.rsplit('@').next().unwrap().split(':').next().unwrap();
            indicators.contains(&Plain::Url(url.clone())) || matches(indicators, host)
        }
        Plain::Hash(digits) => indicators.contains(&Plain::Hash(digits)),
        Plain::Net(..) | Plain::Nothing => false,
    }
}

fn record_matches(indicators: &[Plain], value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(|value| record_matches(indicators, value)),
        Value::Array(list) => list.iter().any(|value| record_matches(indicators, value)),
        Value::String(text) => matches(indicators, text),
        _ => false,
    }
}

fn index(written: &[String]) -> Index {
    let mut builder = IndexBuilder::new();
    let options = ListOptions { format: Some(ListFormat::Plain), ..ListOptions::new("generated") };
    read_list(Cursor::new(written.join("\n")), &options, &mut |row| builder.add(&row.unwrap()).unwrap())
        .unwrap();
    builder.build()
}

fn hit_lines(index: &Index, format: Format, log: &str) -> Vec<u64> {
    let mut lines = Vec::new();
    let on_hit = &mut |hit: &fengsui_matcher::search::Hit<'_>| {
        lines.push(hit.line);
        ControlFlow::Continue(())
    };
    scan(Cursor::new(log), Some(format), index, on_hit, &mut |reject| panic!("{reject}")).unwrap();
    lines.dedup();
    lines
}

fn domain() -> impl Strategy<Value = String> {
    "([ab]{1,2}\\.)?[a-c0-2][a-c]?\\.(com|cn|co\\.uk)"
}

fn v4() -> impl Strategy<Value = String> {
    (0_u8..3, 0_u8..4).prop_map(|(c, d)| format!("192.0.{c}.{d}"))
}

fn v6() -> impl Strategy<Value = String> {
    (0_u16..3, 0_u16..3).prop_map(|(a, b)| Ipv6Addr::new(0x2001, 0xdb8, a, 0, 0, 0, 0, b).to_string())
}

fn digest() -> impl Strategy<Value = String> {
    ("[ab]", prop_oneof![Just(32), Just(40), Just(64), Just(128)])
        .prop_map(|(digit, length)| digit.repeat(length))
}

fn network() -> impl Strategy<Value = String> {
    prop_oneof![
        (v4(), 22_u8..=32).prop_map(|(address, length)| format!("{address}/{length}")),
        (v6(), 30_u8..=128).prop_map(|(address, length)| format!("{address}/{length}")),
    ]
}

fn url() -> impl Strategy<Value = String> {
    let host = prop_oneof![domain(), v4()];
    let port = prop_oneof![4 => Just(String::new()), 1 => Just(":8080".to_owned())];
    ("(http|https)", host, port, "(/[a-bA]{0,2}(\\.exe)?)?")
        .prop_map(|(s, h, p, t)| format!("{s}://{h}{p}{t}"))
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![domain(), v4(), v6(), digest(), url()]
}

/// A value as a log or a list may write it.
fn variant(value: String) -> impl Strategy<Value = String> {
    (0_u8..9).prop_map(move |how| {
        let (is_url, has_colon) = (value.contains("://"), value.contains(':'));
        match how {
            0 if !is_url => value.to_uppercase(),
            1 if !is_url && !has_colon && value.contains('.') => value.replace('.', "[.]"),
            2 if value.parse::<std::net::Ipv4Addr>().is_ok() => format!("::ffff:{value}"),
            3 if is_url => value.replacen("http", "hxxp", 1),
            4 if matches!(classify(&value), Plain::Domain(_)) => format!("{value}."),
            5 if matches!(classify(&value), Plain::Domain(_)) => format!("www.{value}"),
            6 if matches!(classify(&value), Plain::Domain(_)) => format!("x{value}"),
            7 if matches!(classify(&value), Plain::Domain(_)) => format!("{value}x"),
            8 => format!(" {value} "),
            _ => value.clone(),
        }
    })
}

fn event() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => value().prop_flat_map(variant).prop_map(Value::String),
        1 => network().prop_map(Value::String),
        1 => "[a-c ./:@-]{0,12}".prop_map(Value::String),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            proptest::collection::btree_map("[a-c]{1,2}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
    .prop_map(|inner| json!({ "event": inner }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn records_match_as_in_the_plain_reading(
        written in proptest::collection::vec(prop_oneof![5 => value().prop_flat_map(variant), 1 => network()], 1..12),
        events in proptest::collection::vec(event(), 1..20),
    ) {
        // A list has no room for blanks, and a name of the list's own is not what is tested here.
        let written: Vec<String> = written.iter().map(|text| text.trim().to_owned()).collect();
        let indicators: Vec<Plain> = written.iter().map(|text| classify(text)).collect();
        let log = events.iter().map(|event| format!("{event}\n")).collect::<Vec<_>>().concat();
        let wanted: Vec<u64> = (1..)
            .zip(&events)
            .filter(|(_, event)| record_matches(&indicators, event))
            .map(|(line, _)| line)
            .collect();
        prop_assert_eq!(hit_lines(&index(&written), Format::Ndjson, &log), wanted, "{:?}\n{}", written, log);
    }

    #[test]
    fn tokens_of_text_match_as_in_the_plain_reading(
        written in proptest::collection::vec(value(), 1..12),
        words in proptest::collection::vec((value(), "[a-z]{1,8}", "( |\"|, |\\) |; |>|! )"), 1..20),
    ) {
        let indicators: Vec<Plain> = written.iter().map(|text| classify(text)).collect();
        let lines = words.iter().map(|(value, word, after)| format!("{word} from {value}{after}{word} ok\n"));
        let log = lines.collect::<Vec<_>>().concat();
        let wanted: Vec<u64> = (1..)
            .zip(&words)
            .filter(|(_, (value, ..))| matches(&indicators, value))
            .map(|(line, _)| line)
            .collect();
        prop_assert_eq!(hit_lines(&index(&written), Format::Text, &log), wanted, "{:?}\n{}", written, log);
    }
}
