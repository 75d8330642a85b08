use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// Reads a list and gives its accepted and rejected values, one a line, and the counts.
fn read(text: &[u8], format: Option<ListFormat>) -> (Vec<String>, Vec<String>, ListSummary) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let options = ListOptions { format, ..ListOptions::new("test") };
    let summary = read_list(Cursor::new(text), &options, &mut |row| match row {
        Ok(indicator) => {
            let note = indicator.note.as_deref().unwrap_or("-");
            good.push(format!(
                "{} {} {} {note}",
                indicator.line,
                indicator.pattern.kind(),
                indicator.pattern
            ));
        }
        Err(reject) => bad.push(reject.to_string()),
    })
    .unwrap();
    assert_eq!((summary.accepted, summary.rejected), (good.len() as u64, bad.len() as u64));
    (good, bad, summary)
}

fn check(text: &str, format: ListFormat, good: &[&str], bad: &[&str]) {
    for format_given in [None, Some(format)] {
        let (got, rejects, summary) = read(text.as_bytes(), format_given);
        assert_eq!(summary.format, format, "{text}");
        assert_eq!(got, good, "{text}");
        assert_eq!(rejects, bad, "{text}");
    }
}

#[test]
fn a_plain_list() {
    check(
        "\u{feff}# A list\r\n\r\n// more\r\n; and more\r\nevil.example\r\n1.2.3[.]4 # scanner\r\n\
         0cc175b9c0f1b6a831c399e269772661;a hash\r\nnonsense\r\nhttp://evil.example/#/x\r\n",
        ListFormat::Plain,
        &[
            "5 domain evil.example and more",
            "6 ipv4 1.2.3.4 scanner",
            "7 md5 0cc175b9c0f1b6a831c399e269772661 a hash",
            "9 url evil.example/ and more",
        ],
        &["line 8: `nonsense` is a single label; write at least two labels: `name.example`"],
    );
}

#[test]
fn headings_are_notes_until_a_blank_line() {
    check(
        "# Group 1\na.example\nb.example # own\n# Group 2\nc.example\n\nd.example\n# Seen: long ago\ne.example\n",
        ListFormat::Plain,
        &[
            "2 domain a.example Group 1",
            "3 domain b.example own",
            "5 domain c.example Group 2",
            "7 domain d.example -",
            "9 domain e.example -",
        ],
        &[],
    );
}

#[test]
fn a_csv_with_header() {
    check(
        "trail,info,reference\nevil.example,family a,x\n\"http://evil.example/a,b\",\"fam \"\"b\"\"\",y\n/path,c,z\n",
        ListFormat::Csv,
        &["2 domain evil.example family a", "3 url evil.example/a,b fam \"b\""],
        &["line 4: `/path` is a path without a host; put the host before it: `host.example/path`"],
    );
}

#[test]
fn types_and_confidence() {
    let text = "type;value;confidence;comment\ndomain;evil.example;80;x\nfilename;evil.exe;80;y\nip-dst|port;192.0.2.1|443;200;\n";
    check(
        text,
        ListFormat::Csv,
        &["2 domain evil.example x", "4 ip_port 192.0.2.1:443 -"],
        &["line 3: `filename;evil.exe;80;y` is of a type that is not matched; \
           domain, ip, cidr, url, ip:port, md5, sha1, sha256 or sha512"],
    );
    let mut sure = Vec::new();
    let options = ListOptions { confidence: Some(50), ..ListOptions::new("test") };
    read_list(Cursor::new(text), &options, &mut |row| sure.extend(row.map(|row| row.confidence))).unwrap();
    assert_eq!(sure, [Some(80), Some(50)]);
}

#[test]
fn typed_columns_and_a_header_in_a_remark() {
    let md5 = "0cc175b9c0f1b6a831c399e269772661";
    let sha1 = "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8";
    check(
        &format!(
            "# \"first seen\",\"md5\",\"sha1\",\"malware\"\n\"2026\",\"{md5}\",\"{sha1}\",\"a\"\n\"2026\",\"\",\"\",\"b\"\n"
        ),
        ListFormat::Csv,
        &[&format!("2 md5 {md5} a"), &format!("2 sha1 {sha1} a")],
        &["line 3: `\"2026\",\"\",\"\",\"b\"` has no value in the indicator's column; \
           fill every row with as many columns as the header has"],
    );
}

#[test]
fn columns_without_header() {
    check(
        "domain,evil.example\nipv4,192.0.2.1\nurl,http://evil.example/x\n",
        ListFormat::Csv,
        &["1 domain evil.example -", "2 ipv4 192.0.2.1 -", "3 url evil.example/x -"],
        &[],
    );
    for format in [None, Some(ListFormat::Plain), Some(ListFormat::Csv)] {
        let (good, bad, _) =
            read(b"#ranges\n\n192.0.2.0/24,provider a\n198.51.100.0/24,provider b\n", format);
        assert_eq!(good, ["3 cidr 192.0.2.0/24 provider a", "4 cidr 198.51.100.0/24 provider b"]);
        assert!(bad.is_empty());
    }
}

#[test]
fn a_hosts_file() {
    check(
        "# hosts\n127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n255.255.255.255 broadcasthost\n\
         0.0.0.0 0.0.0.0\n0.0.0.0 evil.example www.evil.example # bad\n127.0.0.1\ttwo.example\n\
         ff02::1 ip6-allnodes\n192.0.2.7 printer.example\n0.0.0.0 nolabel\n",
        ListFormat::Hosts,
        &["6 domain evil.example -", "6 domain www.evil.example -", "7 domain two.example -"],
        &[
            "line 9: `printer.example` is mapped to an address that is no sink; \
             `0.0.0.0`, `127.0.0.1`, `::` or `::1` before the names",
            "line 10: `nolabel` is a single label; write at least two labels: `name.example`",
        ],
    );
}

#[test]
fn a_quoted_cell_may_run_over_lines_but_a_stray_quote_may_not_eat_the_list() {
    check(
        "indicator,comment\na.example,\"two\nlines\"\nb.example,x\n",
        ListFormat::Csv,
        &["2 domain a.example twolines", "4 domain b.example x"],
        &[],
    );
    let many = (0..100).map(|n| format!("h{n}.example,x\n")).collect::<Vec<_>>().concat();
    let (good, bad, _) = read(format!("indicator,comment\na.example,\"open\n{many}").as_bytes(), None);
    assert_eq!(good.len(), 100);
    assert_eq!(
        bad,
        ["line 2: `a.example,\"open` has a quote that is not closed; \
          close the quote in the same row; a quote inside is written twice"]
    );
    let (good, bad, _) = read(b"indicator,comment\nb.example,x\na.example,\"open\nc.example,y", None);
    assert_eq!((good.len(), bad.len()), (2, 1), "at the end of the list");
}

#[test]
fn a_line_over_the_limit_is_left_out_and_the_rest_goes_on() {
    let text = format!("a.example\n{}\nb.example\n", "x".repeat(MAX_LIST_LINE_BYTES + 1));
    let (good, bad, summary) = read(text.as_bytes(), None);
    assert_eq!(good, ["1 domain a.example -", "3 domain b.example -"]);
    assert_eq!(bad, ["line 2: `` is a line of more than 65536 bytes; write one value a line"]);
    assert_eq!(summary.lines, 3);
}

#[test]
fn a_full_list_rejects_the_rest_and_says_so() {
    let options = ListOptions { max: 2, ..ListOptions::new("test") };
    let (mut good, mut bad) = (0, Vec::new());
    let text = "a.example\nnonsense\nb.example\nc.example\n";
    let summary = read_list(Cursor::new(text), &options, &mut |row| match row {
        Ok(_) => good += 1,
        Err(reject) => bad.push((reject.line, reject.value, reject.why)),
    })
    .unwrap();
    assert_eq!((good, summary.accepted, summary.rejected), (2, 2, 2));
    let unreadable = RejectReason::Unreadable(Unreadable::SingleLabel);
    assert_eq!(bad, [(2, "nonsense".into(), unreadable), (4, "c.example".into(), RejectReason::Full)]);
}

/// Fails to compile when a reason is added, as a reminder to list it in `all` and to give it its code.
fn known(why: RejectReason) {
    match why {
        RejectReason::Unreadable(
            Unreadable::Empty
            | Unreadable::TooLong
            | Unreadable::Blanks
            | Unreadable::Expression
            | Unreadable::PathOnly
            | Unreadable::Mail
            | Unreadable::SingleLabel
            | Unreadable::Name
            | Unreadable::LongLabel
            | Unreadable::LongName
            | Unreadable::FaultyAddress
            | Unreadable::Idna
            | Unreadable::DomainPort
            | Unreadable::Port
            | Unreadable::PrefixLength
            | Unreadable::EveryAddress
            | Unreadable::Digest
            | Unreadable::DigestName
            | Unreadable::UrlHost,
        )
        | RejectReason::LineTooLong
        | RejectReason::Quote
        | RejectReason::NoValue
        | RejectReason::Type
        | RejectReason::NoSink
        | RejectReason::Full => {}
    }
}

#[test]
fn every_reason_has_a_code_of_its_own() {
    let codes: Vec<&str> = RejectReason::all().inspect(|why| known(*why)).map(RejectReason::code).collect();
    assert_eq!(
        codes.join(" "),
        "empty too_long blanks expression path_only mail single_label faulty_name long_label long_name \
         faulty_address idna domain_port faulty_port prefix_length every_address faulty_digest digest_name \
         url_host line_too_long open_quote no_value other_type no_sink list_full"
    );
    for format in ListFormat::ALL {
        assert_eq!(ListFormat::of_name(format.name()), Some(format));
    }
}

#[test]
fn rejected_values_are_cut_and_safe_to_print() {
    let (_, bad, _) = read(format!("\u{1b}[31m{}\n", "x".repeat(500)).as_bytes(), Some(ListFormat::Plain));
    assert!(bad[0].starts_with(r"line 1: `\u{1b}[31mxxx"), "{}", bad[0]);
    assert!(bad[0].contains("x…` "), "{}", bad[0]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_the_end(
        bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\n'), Just(b','), Just(b'"'), Just(b'.')], 0..600),
    ) {
        let newlines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let last = u64::from(!bytes.is_empty() && bytes.last() != Some(&b'\n'));
        for format in [None, Some(ListFormat::Plain), Some(ListFormat::Csv), Some(ListFormat::Hosts)] {
            let (_, _, summary) = read(&bytes, format);
            prop_assert_eq!(summary.lines, newlines + last);
        }
    }

    #[test]
    fn a_plain_list_of_names_gives_each_name(names in proptest::collection::vec("[a-z][a-z0-9]{0,9}\\.(example|test)", 1..50)) {
        let (good, bad, _) = read(names.join("\r\n").as_bytes(), None);
        let wanted: Vec<String> =
            names.iter().zip(1..).map(|(name, line)| format!("{line} domain {name} -")).collect();
        prop_assert_eq!(good, wanted);
        prop_assert!(bad.is_empty());
    }
}
