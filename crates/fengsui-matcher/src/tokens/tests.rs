use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    tokens(text, &mut |token| {
        let key = token.key.map(|key| format!("{key}=")).unwrap_or_default();
        let port = token.port.map(|port| format!(" @{port}")).unwrap_or_default();
        out.push(format!("{key}{}{port}", token.text));
    });
    out
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, wanted) in cases {
        assert_eq!(found(text), *wanted, "{text}");
    }
}

#[test]
fn addresses() {
    check(&[
        ("Failed password from 192.0.2.1 port 22", &["192.0.2.1 @22"]),
        ("from 192.0.2.1 port 22 ssh2", &["192.0.2.1 @22"]),
        ("to 192.0.2.1.", &["192.0.2.1"]),
        ("to 192.0.2.1, then", &["192.0.2.1"]),
        ("192.0.2.1:8080", &["192.0.2.1 @8080"]),
        ("192.0.2.1:", &["192.0.2.1"]),
        ("(192.0.2.1)", &["192.0.2.1"]),
        ("[192.0.2.1]:25", &["192.0.2.1"]),
        ("<192.0.2.1>", &["192.0.2.1"]),
        ("client 10.0.0.7#5353: query", &["10.0.0.7 @5353"]),
        ("IP 192.0.2.1.443 > 192.0.2.2.55:", &["192.0.2.1 @443", "192.0.2.2 @55"]),
        ("192.0.2.1-192.0.2.9", &["192.0.2.1", "192.0.2.9"]),
        ("inet 192.0.2.5/24 brd 192.0.2.255", &["192.0.2.5", "192.0.2.255"]),
        ("route 192.0.2.0/24 via x", &[]),
        ("host 192.0.2.1/32", &["192.0.2.1"]),
        ("x/192.0.2.1/tcp", &["192.0.2.1/tcp"]),
        ("SRC=192.0.2.1 DST=\"192.0.2.2\"", &["SRC=192.0.2.1", "DST=192.0.2.2"]),
        ("v192.0.2.1 192.0.2.1a 192.0.2.1_x 1192.0.2.1 192.0.2.256", &["192.0.2.1a", "192.0.2.1_x"]),
        ("1.2.192.in-addr.arpa", &["1.2.192.in-addr.arpa"]),
        ("4.3.2.1.in-addr.arpa", &["4.3.2.1.in-addr.arpa"]),
        ("13:06:56 00:1a:2b:3c:4d:5e 12", &[]),
    ]);
}

#[test]
fn addresses_of_six() {
    check(&[
        ("from 2001:db8::1 port 22", &["2001:db8::1 @22"]),
        ("on ::1.", &["::1"]),
        ("on :: port 22.", &[":: @22"]),
        ("[2001:db8::1]:443", &["2001:db8::1 @443"]),
        ("http [2001:db8::1], x", &["2001:db8::1"]),
        ("2001:db8::1: refused", &["2001:db8::1"]),
        ("2001:db8::1%eth0 up", &["2001:db8::1"]),
        ("::ffff:192.0.2.1 x", &["::ffff:192.0.2.1"]),
        ("src:2001:db8::1", &["2001:db8::1"]),
        ("SRC=2001:db8:0:0:0:0:0:1 X", &["SRC=2001:db8:0:0:0:0:0:1"]),
        ("inet6 2001:db8::5/64 scope", &["2001:db8::5"]),
        ("route 2001:db8::/64", &[]),
        ("2001:db8::1x std::vec", &[]),
    ]);
}

#[test]
fn names() {
    check(&[
        ("lookup evil.example failed", &["evil.example"]),
        ("evil.example.", &["evil.example"]),
        ("evil.example:443 refused", &["evil.example @443"]),
        ("'evil.example'", &["evil.example"]),
        ("\"evil.example\"", &["evil.example"]),
        ("host=evil.example;", &["host=evil.example"]),
        ("<evil.example>, (evil.example)!", &["evil.example", "evil.example"]),
        ("mail from bad@evil.example to", &["evil.example"]),
        ("//evil.example/x", &["evil.example/x"]),
        (r"\\evil.example\share", &["evil.example"]),
        ("HTTP/evil.example@REALM", &["evil.example"]),
        (
            "notevil.example evil.example.net x-evil.example",
            &["notevil.example", "evil.example.net", "x-evil.example"],
        ),
        ("_dmarc.evil.example", &["_dmarc.evil.example"]),
        ("-evil.example- ..evil.example..", &["evil.example", "evil.example"]),
        ("GET /files/update.zip HTTP/1.1", &[]),
        (r"C:\Windows\update.zip x.example", &["x.example"]),
        (r"C:\\Windows\\update.zip", &[]),
        ("file=/tmp/a.zip,host=b.example", &["host=b.example"]),
        ("word 3.14 1.2.3 ...", &[]),
        ("拦截evil.example的请求", &["拦截evil.example的请求", "evil.example"]),
        ("访问 例子.中国，失败", &["例子.中国"]),
        ("bücher.example", &["bücher.example"]),
    ]);
}

#[test]
fn urls() {
    check(&[
        ("see http://evil.example/a.", &["http://evil.example/a"]),
        ("(http://evil.example/a)", &["http://evil.example/a"]),
        ("http://evil.example/a_(b)", &["http://evil.example/a_(b)"]),
        ("'http://evil.example/a'", &["http://evil.example/a"]),
        ("<http://evil.example/a>", &["http://evil.example/a"]),
        ("url=http://evil.example/?x=1&y=2 z", &["url=http://evil.example/?x=1&y=2"]),
        ("http://a.example/,http://b.example/", &["http://a.example/", "http://b.example/"]),
        (
            "http://a.example/r?u=http://b.example/x",
            &["http://a.example/r?u=http://b.example/x", "u=http://b.example/x"],
        ),
        ("GET /r?u=http://b.example/x HTTP/1.1", &["u=http://b.example/x"]),
        ("evil.example/a/b.exe done", &["evil.example/a/b.exe"]),
        ("evil.example:8080/a done", &["evil.example:8080/a"]),
        ("192.0.2.1:8080/a.sh", &["192.0.2.1:8080/a.sh"]),
        ("http://[2001:db8::1]:81/x", &["http://[2001:db8::1]:81/x"]),
        ("访问http://evil.example/x，然后", &["http://evil.example/x"]),
        ("http://evil.example/x的文件", &["http://evil.example/x的文件", "http://evil.example/x"]),
        ("http://evil.example$x http://evil.example(x)", &["http://evil.example", "http://evil.example"]),
        ("http://u$er:p@evil.example;x", &["http://u$er:p@evil.example"]),
        ("http:// nothing://", &[]),
    ]);
}

#[test]
fn digests() {
    let md5 = "0cc175b9c0f1b6a831c399e269772661";
    let fingerprint = ["0c"; 20].join(":");
    for (text, wanted) in [
        (format!("md5 {md5} seen"), vec![md5.to_owned()]),
        (format!("MD5={md5}"), vec![format!("MD5={md5}")]),
        (format!("/tmp/{md5}.exe"), vec![md5.to_owned()]),
        (format!("x{md5}"), vec![]),
        (format!("{md5}0"), vec![]),
        (format!("fp {fingerprint}."), vec![fingerprint.clone()]),
    ] {
        assert_eq!(found(&text), wanted, "{text}");
    }
}

#[test]
fn ports_of_pairs() {
    let line = r#"DROP SRC=192.0.2.1 XSPT=9 spt=55000 DPT="3389" SYN"#;
    assert_eq!(scan::pair_port(line, "SPT"), Some(55000));
    assert_eq!(scan::pair_port(line, "dpt"), Some(3389));
    assert_eq!(scan::pair_port(line, "SRC"), Some(192));
    assert_eq!(scan::pair_port(line, "none"), None);
}

#[test]
fn hostile_lines_cost_no_more_than_their_length() {
    let bytes = 1 << 17;
    for part in [
        "a://",
        "1:",
        "/",
        "\\",
        "http://x/))))",
        "例a",
        "a.b-",
        "192.0.2.1/",
        "key=",
        ":",
        "aa:",
        "a.b/",
        "[.",
    ] {
        let mut count = 0;
        tokens(&part.repeat(bytes / part.len()), &mut |_| count += 1);
        assert!(count <= bytes, "{part}");
    }
}

proptest! {
    #[test]
    fn tokens_are_parts_of_the_text_and_never_endless(text in "\\PC{0,200}") {
        let mut count = 0;
        tokens(&text, &mut |token| {
            count += 1;
            assert!(text.contains(token.text) && !token.text.is_empty());
        });
        prop_assert!(count <= text.len() * 2 + 1);
    }

    #[test]
    fn text_made_of_its_own_marks_is_safe(text in "([a-f0-9.:/\\\\\\[\\]=@#% -]|://|例|，){0,80}") {
        tokens(&text, &mut |token| assert!(text.contains(token.text)));
    }

    #[test]
    fn a_value_between_boundaries_is_found(
        before in "(|word |key=|\"|\\(|<|拦截)",
        value in "([a-z]{2,8}\\.(example|test)|192\\.0\\.2\\.[1-9]|2001:db8::[1-9]|[0-9a-f]{40}|http://[a-z]{3}\\.example/[a-z]{3})",
        after in "(|[.]|, then| word|\"|\\)|>|, |; |！)",
    ) {
        let text = format!("{before}{value}{after}");
        let mut all = Vec::new();
        tokens(&text, &mut |token| all.push(token.text.to_owned()));
        prop_assert!(all.contains(&value), "{:?} in {:?}", all, text);
    }
}
