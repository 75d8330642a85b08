use super::*;
use crate::indicator::Indicator;
use crate::pattern::Pattern;
use crate::record::{Format, RecordParser};

fn index(written: &[&str]) -> Index {
    written
        .iter()
        .map(|text| Indicator {
            pattern: Pattern::read(text).unwrap_or_else(|why| panic!("{text} {why}")),
            written: (*text).to_owned(),
            source: "test".into(),
            line: 1,
            note: None,
            confidence: None,
        })
        .collect()
}

/// The hits of one line: `field=value -> indicator`, weak ones with a `~`.
fn hits(index: &Index, format: Format, line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let record = RecordParser::new(format).parse(line).unwrap().unwrap();
    let (tally, _) = search_record(index, &record, 7, &mut |hit| {
        assert_eq!(hit.line, 7);
        let weak = if hit.weak { "~" } else { "" };
        out.push(format!("{}={} -> {weak}{}", hit.field, hit.value, hit.entry.value));
        ControlFlow::Continue(())
    });
    assert_eq!(tally.strong + tally.weak, out.len() as u64);
    out
}

#[test]
fn values_are_compared_by_field() {
    let index = index(&["evil.example", "192.0.2.1", "http://bad.example/x"]);
    for (line, wanted) in [
        (r#"{"dns":{"rrname":"www.EVIL.example."}}"#, vec!["dns.rrname=www.EVIL.example. -> evil.example"]),
        (
            r#"{"a":[{"b":"192.0.2.1"},["::ffff:192.0.2.1"]]}"#,
            vec!["a[0].b=192.0.2.1 -> 192.0.2.1", "a[1][0]=::ffff:192.0.2.1 -> 192.0.2.1"],
        ),
        (r#"{"note":"seen evil.example today"}"#, vec![]),
        (r#"{"evil.example":1,"n":192.0,"mail":"x@evil.example"}"#, vec![]),
        (r#"{"":"192.0.2.1","b":"192.0.2.1"}"#, vec!["=192.0.2.1 -> 192.0.2.1", "b=192.0.2.1 -> 192.0.2.1"]),
        (r#"{"ip":"192.0.2.1","ip":"10.0.0.1"}"#, vec!["ip=192.0.2.1 -> 192.0.2.1"]),
        (r#"{"u":"https://BAD.example/x?y=1"}"#, vec!["u=https://BAD.example/x?y=1 -> bad.example/x"]),
        (r#"{"u":"http:\/\/bad.example\/x"}"#, vec!["u=http://bad.example/x -> bad.example/x"]),
        (r#"{"u":"\u0065vil.example"}"#, vec!["u=evil.example -> evil.example"]),
    ] {
        assert_eq!(hits(&index, Format::Ndjson, line), wanted, "{line}");
    }
}

#[test]
fn host_and_path_are_put_together() {
    let index = index(&["http://bad.example/x", "http://bad.example:8080/y", "http://192.0.2.1/z"]);
    for (format, line, wanted) in [
        (
            Format::Eve,
            r#"{"http":{"hostname":"BAD.example","url":"/x?id=1"},"dest_port":80}"#,
            vec!["http.url=BAD.example/x?id=1 -> bad.example/x"],
        ),
        (Format::Eve, r#"{"http":{"hostname":"bad.example","url":"/other"}}"#, vec![]),
        (
            Format::Eve,
            r#"{"dest_port":8080,"http":{"hostname":"bad.example","url":"/y"}}"#,
            vec!["http.url=bad.example:8080/y -> bad.example:8080/y"],
        ),
        (Format::Eve, r#"{"dest_port":81,"http":{"hostname":"bad.example","url":"/y"}}"#, vec![]),
        (
            Format::Zeek,
            r#"{"host":"192.0.2.1","uri":"/z","id.resp_p":80}"#,
            vec!["uri=192.0.2.1/z -> 192.0.2.1/z"],
        ),
        (
            Format::Ndjson,
            r#"{"url":{"domain":"bad.example","path":"/x"}}"#,
            vec!["url.path=bad.example/x -> bad.example/x"],
        ),
    ] {
        assert_eq!(hits(&index, format, line), wanted, "{line}");
    }
}

#[test]
fn address_and_port_are_put_together() {
    let index = index(&["192.0.2.1:443"]);
    let (strong, weak) = ("-> 192.0.2.1:443", "-> ~192.0.2.1:443");
    for (format, line, wanted) in [
        (Format::Eve, r#"{"dest_ip":"192.0.2.1","dest_port":443}"#, strong),
        (Format::Eve, r#"{"dest_port":80,"dest_ip":"192.0.2.1","src_port":443}"#, weak),
        (Format::Eve, r#"{"src_ip":"192.0.2.1"}"#, weak),
        (Format::Zeek, r#"{"id.resp_h":"192.0.2.1","id.resp_p":443}"#, strong),
        (Format::Zeek, r#"{"id_resp_h":"192.0.2.1","id_resp_p":443}"#, strong),
        (Format::Ndjson, r#"{"destination":{"ip":"192.0.2.1","port":443}}"#, strong),
        (Format::Ndjson, r#"{"destination":{"ip":"192.0.2.1"},"source":{"port":443}}"#, weak),
        (Format::Ndjson, r#"{"DestAddress":"192.0.2.1","DestPort":"443"}"#, strong),
        (Format::Ndjson, r#"{"peer":"192.0.2.1:443"}"#, strong),
        (Format::Ndjson, r#"{"dns":{"answers":["192.0.2.1"]}}"#, weak),
        (Format::Text, "connect 192.0.2.1:443", strong),
        (Format::Text, "connect 192.0.2.1 port 443", strong),
        (Format::Text, "DROP SRC=10.0.0.1 DST=192.0.2.1 SPT=9 DPT=443", strong),
        (Format::Text, "DROP SRC=192.0.2.1 DST=10.0.0.1 SPT=9 DPT=443", weak),
        (Format::Text, "srcip=10.0.0.1 dstip=192.0.2.1 dstport=443", strong),
        (Format::Text, "https://192.0.2.1/x", strong),
        (Format::Text, "from 192.0.2.1", weak),
    ] {
        let got = hits(&index, format, line);
        assert_eq!(got.len(), 1, "{line}: {got:?}");
        assert!(got[0].ends_with(wanted), "{line}: {got:?}");
    }
}

#[test]
fn digests_of_one_field() {
    let (md5, sha256) = ("0a".repeat(16), "0c".repeat(32));
    let index = index(&[&md5, &sha256]);
    let sysmon = format!(r#"{{"Hashes":"MD5={},SHA256={sha256},IMPHASH={md5}"}}"#, md5.to_uppercase());
    let wanted = [format!("Hashes={} -> {md5}", md5.to_uppercase()), format!("Hashes={sha256} -> {sha256}")];
    assert_eq!(hits(&index, Format::Ndjson, &sysmon), wanted);
    let prose = format!(r#"{{"Hashes":"MD5={md5}, and more"}}"#);
    assert_eq!(hits(&index, Format::Ndjson, &prose), Vec::<String>::new());
}

#[test]
fn the_page_a_client_came_from_is_not_a_contact() {
    let index = index(&["evil.example"]);
    let line = r#"{"http":{"http_refer":"http://evil.example/"},"referrer":"http://evil.example/"}"#;
    assert_eq!(hits(&index, Format::Eve, line), ["referrer=http://evil.example/ -> evil.example"]);
    assert_eq!(hits(&index, Format::Zeek, line), ["http.http_refer=http://evil.example/ -> evil.example"]);
    assert_eq!(hits(&index, Format::Ndjson, line).len(), 2);
}

#[test]
fn free_text_is_cut_into_tokens() {
    let index =
        index(&["evil.example", "192.0.2.1", "2001:db8::1", "http://bad.example/x", "198.51.100.0/24"]);
    for (line, wanted) in [
        ("Failed password from 192.0.2.1 port 22", vec!["text=192.0.2.1 -> 192.0.2.1"]),
        ("query (www.evil.example.)", vec!["text=www.evil.example -> evil.example"]),
        ("notevil.example evil.example.net 192.0.2.11", vec![]),
        ("[2001:db8::1]:443 up", vec!["text=2001:db8::1 -> 2001:db8::1"]),
        ("got hxxp://bad[.]example/x.", vec!["text=http://bad.example/x -> bad.example/x"]),
        ("evil[.]example", vec!["text=evil.example -> evil.example"]),
        ("from 198.51.100.7, and 198.51.100.7 again", vec!["text=198.51.100.7 -> 198.51.100.0/24"]),
        (
            "GET http://x.example/?u=http://bad.example/x HTTP/1.1",
            vec!["text=http://bad.example/x -> bad.example/x"],
        ),
        ("拦截evil.example的请求", vec!["text=evil.example -> evil.example"]),
    ] {
        assert_eq!(hits(&index, Format::Text, line), wanted, "{line}");
    }
    let line =
        "<38>May  1 08:00:05 www.evil.example sshd[2240]: Failed password from 192.0.2.1 port 33210 ssh2";
    assert_eq!(
        hits(&index, Format::Syslog, line),
        ["host=www.evil.example -> evil.example", "message=192.0.2.1 -> 192.0.2.1"]
    );
}

#[test]
fn a_search_can_be_broken_off_and_has_a_limit() {
    let index = index(&["192.0.0.0/8", "evil.example"]);
    let mut count = 0;
    let record = RecordParser::new(Format::Text).parse("192.0.2.1 evil.example").unwrap().unwrap();
    let (_, flow) = search_record(&index, &record, 1, &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert!(flow.is_break());
    assert_eq!(count, 1);

    let fields: Vec<String> =
        (0..MAX_HITS_PER_RECORD + 5).map(|n| format!(r#""f{n}":"192.0.2.1""#)).collect();
    let line = format!("{{{}}}", fields.join(","));
    let record = RecordParser::new(Format::Ndjson).parse(&line).unwrap().unwrap();
    let (tally, _) = search_record(&index, &record, 1, &mut |_| ControlFlow::Continue(()));
    assert_eq!(tally, Tally { strong: MAX_HITS_PER_RECORD as u64, weak: 0, left_out: 5 });
}
