use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;

fn context() -> TimeContext {
    TimeContext {
        reference: "2025-06-01T00:00:00Z".parse().unwrap(),
        zone: TimeZone::fixed(jiff::tz::offset(8)),
    }
}

/// The fields as `path=value`, those not compared with a `-` in front, free text with a `~`.
fn fields(record: &Record<'_>) -> Vec<String> {
    let mark = |compare| match compare {
        Compare::Whole => "",
        Compare::Text => "~",
        Compare::Not => "-",
    };
    record
        .fields()
        .map(|field| {
            let value = match field.value {
                Value::Text(text) => text.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
            };
            format!("{}{}={value}", mark(field.compare), field.path)
        })
        .collect()
}

fn check(format: Format, line: &str, wanted: &[&str]) {
    let record = RecordParser::new(format).parse(line).unwrap().unwrap();
    assert_eq!(fields(&record), wanted, "{line}");
}

#[test]
fn json_at_any_depth() {
    check(
        Format::Ndjson,
        r#"{"a":"x","b":{"c":[1,"y",{"d":"z"}],"e":null,"f":true},"g":-1.5,"a":"again","":"empty"}"#,
        &["a=x", "-b.c[0]=1", "b.c[1]=y", "b.c[2].d=z", "-b.f=true", "-g=-1.5", "a=again", "=empty"],
    );
    check(Format::Ndjson, r#"[{"a":"x"},["y"]]"#, &["[0].a=x", "[1][0]=y"]);
    check(Format::Ndjson, r#"  {"id.orig_h":"x","k\n":"\u4f8b"}  "#, &["id.orig_h=x", "k\n=例"]);
    check(
        Format::Ndjson,
        r#"{"a":"\ud83d\ude00","b":"\ud83d","c":"\ude00x\\ud83d"}"#,
        &["a=😀", "b=\u{fffd}", r"c=�x\ud83d"],
    );
}

#[test]
fn json_has_limits() {
    let parse =
        |line: &str| RecordParser::new(Format::Ndjson).parse(line).map(|_| ()).map_err(|why| why.to_string());
    let deep = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    assert_eq!(parse(&deep(MAX_DEPTH)), Ok(()));
    assert_eq!(parse(&deep(MAX_DEPTH + 1)), Err("is nested deeper than 64 levels".to_owned()));
    assert_eq!(parse(&deep(5_000)), Err("is nested deeper than 64 levels".to_owned()));
    let many = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
    assert_eq!(parse(&many(MAX_FIELDS)), Ok(()));
    assert_eq!(parse(&many(MAX_FIELDS + 1)), Err("holds more than 10000 values".to_owned()));
    assert_eq!(
        parse(&format!("\"{}\"", "x".repeat(MAX_LINE_BYTES))),
        Err("is longer than 1048576 bytes".to_owned())
    );
    let line = format!(r#"{{"{}":{{"{}":"v"}}}}"#, "例".repeat(300), "k".repeat(9_000));
    let record = RecordParser::new(Format::Ndjson).parse(&line).unwrap().unwrap();
    let path = record.fields().next().unwrap().path.to_owned();
    assert!(path.len() <= MAX_PATH_BYTES && path.ends_with("例…"), "{path}");
    for broken in [
        "{",
        "{\"a\":1",
        "{\"a\":1}{}",
        "{\"a\":1}x",
        "nonsense",
        "{'a':1}",
        "{\"a\":1e999}",
        "\"x\"",
        "null",
        "7",
    ] {
        assert!(parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn zeek_with_header() {
    let mut parser = RecordParser::new(Format::Zeek);
    let mut rows = Vec::new();
    for line in [
        r"#separator \x09",
        "#set_separator\t;",
        "#empty_field\t(none)",
        "#unset_field\t-",
        "#path\thttp",
        "#fields\tts\tid.orig_h\tid.resp_p\ttx_hosts\turi\treferrer",
        "#types\ttime\taddr\tport\tset[addr]\tstring\tstring",
        "1588205199.82437\t192.0.2.1\t443\t10.0.0.1;10.0.0.2\t/a\\x09b\\\\\thttp://x.example/",
        "1588205200\t192.0.2.1\t-\t(none)\t\\xe4\\xbe\\x8b\t-",
        "#close\t2020-01-01-00-00-00",
    ] {
        rows.extend(
            parser
                .parse(line)
                .unwrap()
                .map(|record| (fields(&record), record.envelope(&context()).timestamp)),
        );
    }
    let at = |text: &str| Some(text.parse().unwrap());
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0],
        (
            [
                "ts=1588205199.82437",
                "id.orig_h=192.0.2.1",
                "id.resp_p=443",
                "tx_hosts[0]=10.0.0.1",
                "tx_hosts[1]=10.0.0.2",
                "uri=/a\tb\\",
                "-referrer=http://x.example/"
            ]
            .map(str::to_owned)
            .to_vec(),
            at("2020-04-30T00:06:39.82437Z")
        )
    );
    assert_eq!(rows[1].0, ["ts=1588205200", "id.orig_h=192.0.2.1", "uri=例"]);
    let error = parser.parse("1\t2").unwrap_err();
    assert_eq!(error.to_string(), "has 2 columns where `#fields` names 6");
    assert_eq!(
        RecordParser::new(Format::Zeek).parse("1\t2").unwrap_err().to_string(),
        "has no `#fields` line before it"
    );
}

#[test]
fn syslog_of_both_kinds() {
    check(
        Format::Syslog,
        r#"<14>1 2025-05-01T08:00:11+08:00 waf01 waf 77 ID47 [meta seq="9" note="a \"b\" \] c"][x ip="192.0.2.9"] 拦截 src=198.51.100.78"#,
        &[
            "-priority=14",
            "-timestamp=2025-05-01T08:00:11+08:00",
            "host=waf01",
            "-program=waf",
            "-pid=77",
            "-msgid=ID47",
            "sd.meta.seq=9",
            r#"sd.meta.note=a "b" ] c"#,
            "sd.x.ip=192.0.2.9",
            "~message=拦截 src=198.51.100.78",
        ],
    );
    check(Format::Syslog, "<14>1 - - - - - - \u{feff}text", &["-priority=14", "~message=text"]);
    check(
        Format::Syslog,
        "<14>1 2025-05-01T08:00:11Z h - - - -",
        &["-priority=14", "-timestamp=2025-05-01T08:00:11Z", "host=h"],
    );
    check(
        Format::Syslog,
        "<38>May  1 08:00:05 web01 sshd[2240]: Failed password",
        &[
            "-priority=38",
            "-timestamp=May  1 08:00:05",
            "host=web01",
            "-program=sshd",
            "-pid=2240",
            "~message=Failed password",
        ],
    );
    check(
        Format::Syslog,
        "May  1 08:00:05 web01 sudo:   ann : x",
        &["-timestamp=May  1 08:00:05", "host=web01", "-program=sudo", "~message=  ann : x"],
    );
    check(
        Format::Syslog,
        "May  1 08:00:05 sshd[1]: no host",
        &["-timestamp=May  1 08:00:05", "-program=sshd", "-pid=1", "~message=no host"],
    );
    check(
        Format::Syslog,
        "2025-05-01T08:00:01.1+08:00 h postfix/smtpd[9]: x",
        &[
            "-timestamp=2025-05-01T08:00:01.1+08:00",
            "host=h",
            "-program=postfix/smtpd",
            "-pid=9",
            "~message=x",
        ],
    );
    check(
        Format::Syslog,
        "<189>May  1 2025 08:00:05: %ASA-6-302013: Built",
        &["-priority=189", "-timestamp=May  1 2025 08:00:05", "-program=%ASA-6-302013", "~message=Built"],
    );
    check(
        Format::Syslog,
        "May  1 08:00:05 h last message repeated 2 times",
        &["-timestamp=May  1 08:00:05", "host=h", "~message=last message repeated 2 times"],
    );
    for odd in ["no header at all", "<999>x", "<>x", "<1", "<14>1 x", "192.0.2.1 says hello"] {
        let record = RecordParser::new(Format::Syslog).parse(odd).unwrap().unwrap();
        assert!(record.text("message").is_some_and(|message| odd.ends_with(message)), "{odd}");
    }
}

#[test]
fn envelopes() {
    let party = |address: &str, port| Some(Party { address: address.parse().unwrap(), port });
    let cases: Vec<(Format, &str, Envelope<'static>)> = vec![
        (
            Format::Eve,
            r#"{"timestamp":"2015-03-29T11:01:38.221126-0600","event_type":"alert","host":"ids1","src_ip":"222.186.56.46","src_port":4904,"dest_ip":"192.168.0.2","dest_port":22,"alert":{"signature":"SSH scan","severity":2}}"#,
            Envelope {
                timestamp: "2015-03-29T17:01:38.221126Z".parse().ok(),
                host: Some("ids1"),
                severity: Some(4),
                message: Some("SSH scan"),
                source: party("222.186.56.46", Some(4904)),
                destination: party("192.168.0.2", Some(22)),
                ..Envelope::default()
            },
        ),
        (
            Format::Zeek,
            r#"{"@system":"z","ts":1588205199.5,"id_orig_h":"10.0.1.6","id_orig_p":54243,"id_resp_h":"::ffff:10.0.0.4","id_resp_p":53}"#,
            Envelope {
                timestamp: "2020-04-30T00:06:39.5Z".parse().ok(),
                host: Some("z"),
                source: party("10.0.1.6", Some(54243)),
                destination: party("10.0.0.4", Some(53)),
                ..Envelope::default()
            },
        ),
        (
            Format::Ndjson,
            r#"{"@timestamp":"2020-09-14T00:44:23.000Z","host":{"name":"h"},"log":{"level":"WARN"},"message":"m","source":{"ip":"192.0.2.1"},"process":{"name":"p"}}"#,
            Envelope {
                timestamp: "2020-09-14T00:44:23Z".parse().ok(),
                host: Some("h"),
                program: Some("p"),
                severity: Some(4),
                message: Some("m"),
                source: party("192.0.2.1", None),
                ..Envelope::default()
            },
        ),
        (
            Format::Ndjson,
            r#"{"UtcTime":"2026-03-01 00:00:00.000","Computer":"WS1","SourceIp":"10.0.0.1","SourcePort":"5","DestinationIp":"-"}"#,
            Envelope {
                timestamp: "2026-03-01T00:00:00Z".parse().ok(),
                host: Some("WS1"),
                source: party("10.0.0.1", Some(5)),
                ..Envelope::default()
            },
        ),
        (
            Format::Syslog,
            "<38>May  1 08:00:05 web01 sshd[2240]: Failed",
            Envelope {
                timestamp: "2025-05-01T00:00:05Z".parse().ok(),
                host: Some("web01"),
                program: Some("sshd"),
                severity: Some(6),
                message: Some("Failed"),
                ..Envelope::default()
            },
        ),
        (
            Format::Text,
            r#"192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#,
            Envelope {
                timestamp: "2015-05-17T10:05:03Z".parse().ok(),
                message: Some(r#"192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1"#),
                source: party("192.0.2.7", None),
                ..Envelope::default()
            },
        ),
    ];
    for (format, line, wanted) in cases {
        let record = RecordParser::new(format).parse(line).unwrap().unwrap();
        assert_eq!(record.envelope(&context()), wanted, "{line}");
    }
}

#[test]
fn formats_have_stable_names() {
    for format in Format::ALL {
        assert_eq!(Format::of_name(format.name()), Some(format));
    }
    assert_eq!(Format::of_name("auto"), None);
    assert!(Format::ALL.map(Format::name).is_sorted());
}

proptest! {
    #[test]
    fn any_line_is_read_or_refused(line in "\\PC{0,120}") {
        for format in Format::ALL {
            if let Ok(Some(record)) = RecordParser::new(format).parse(&line) {
                record.envelope(&context());
            }
        }
    }

    #[test]
    fn syslog_lines_of_odd_parts_are_safe(
        line in "(<[0-9]{0,4}>)?(1 )?(May  1 08:00:05|2025-05-01T08:00:11Z|-| )? ?([a-z:\\[\\]\"\\\\= -]{0,30})(\\[[a-z]{0,2} ?[a-z]?=?\"?\\\\?\"?\\]){0,2}.{0,10}"
    ) {
        let record = RecordParser::new(Format::Syslog).parse(&line).unwrap();
        prop_assert_eq!(record.is_none(), line.trim().is_empty());
    }

    #[test]
    fn every_string_of_a_document_is_a_field(texts in proptest::collection::vec("\\PC{0,12}", 0..20), nest in 0_usize..6) {
        let mut value = serde_json::json!({ "list": texts });
        for _ in 0..nest {
            value = serde_json::json!({ "k": [value] });
        }
        let line = value.to_string();
        let record = RecordParser::new(Format::Ndjson).parse(&line).unwrap().unwrap();
        let got: Vec<&str> = record.fields().filter_map(|field| field.text()).collect();
        prop_assert_eq!(got, texts);
    }
}
