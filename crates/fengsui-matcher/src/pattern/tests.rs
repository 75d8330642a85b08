use proptest::prelude::*;

use super::*;

fn check(written: &str, meant: Result<(Kind, &str), Unreadable>) {
    let read = Pattern::read(written).map(|pattern| (pattern.kind(), pattern.to_string()));
    assert_eq!(
        read.as_ref().map(|(kind, text)| (*kind, text.as_str())).map_err(|why| *why),
        meant,
        "{written}"
    );
}

#[test]
fn indicators_as_people_write_them() {
    for (written, kind, meant) in [
        ("evil.example", Kind::Domain, "evil.example"),
        ("EVIL.Example.", Kind::Domain, "evil.example"),
        ("evil[.]example", Kind::Domain, "evil.example"),
        ("*.evil.example", Kind::Domain, "evil.example"),
        ("例子.中国", Kind::Domain, "xn--fsqu00a.xn--fiqs8s"),
        ("_srv.evil.example", Kind::Domain, "_srv.evil.example"),
        ("192.0.2.1", Kind::Ipv4, "192.0.2.1"),
        ("192[.]0[.]2[.]1", Kind::Ipv4, "192.0.2.1"),
        ("::ffff:192.0.2.1", Kind::Ipv4, "192.0.2.1"),
        ("2001:DB8::0:1", Kind::Ipv6, "2001:db8::1"),
        ("[2001:db8::1]", Kind::Ipv6, "2001:db8::1"),
        ("192.0.2.77/24", Kind::Cidr, "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", Kind::Cidr, "192.0.2.0/24"),
        ("::ffff:192.0.2.0/120", Kind::Cidr, "192.0.2.0/24"),
        ("2001:db8::/32", Kind::Cidr, "2001:db8::/32"),
        ("192.0.2.1/32", Kind::Cidr, "192.0.2.1/32"),
        ("http://evil.example/a", Kind::Url, "evil.example/a"),
        ("hxxps://evil[.]example/a", Kind::Url, "evil.example/a"),
        ("evil.example/a", Kind::Url, "evil.example/a"),
        ("http://192.0.2.1", Kind::Url, "192.0.2.1/"),
        ("http://192.0.2.1:8080", Kind::Url, "192.0.2.1:8080/"),
        ("192.0.2.1:8080/x", Kind::Url, "192.0.2.1:8080/x"),
        ("192.0.2.1:443", Kind::IpPort, "192.0.2.1:443"),
        ("192.0.2.1|443", Kind::IpPort, "192.0.2.1:443"),
        ("2001:db8::1|443", Kind::IpPort, "[2001:db8::1]:443"),
        ("[2001:db8::1]:443", Kind::IpPort, "[2001:db8::1]:443"),
        ("[::ffff:192.0.2.1]:53", Kind::IpPort, "192.0.2.1:53"),
        ("192[.]0[.]2[.]1[:]443", Kind::IpPort, "192.0.2.1:443"),
        ("D41D8CD98F00B204E9800998ECF8427E", Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", Kind::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
    ] {
        check(written, Ok((kind, meant)));
        check(meant, Ok((kind, meant)));
    }
    for (digits, kind) in [(40, Kind::Sha1), (64, Kind::Sha256), (128, Kind::Sha512)] {
        check(&"aB".repeat(digits / 2), Ok((kind, &"ab".repeat(digits / 2))));
    }
    let fingerprint = ["AB"; 20].join(":");
    check(&fingerprint, Ok((Kind::Sha1, &"ab".repeat(20))));
}

#[test]
fn refusals_say_why() {
    for (written, why) in [
        ("", Unreadable::Empty),
        ("localhost", Unreadable::SingleLabel),
        (".tk", Unreadable::SingleLabel),
        ("evil.example:8080", Unreadable::DomainPort),
        ("192.0.2.1:70000", Unreadable::Port),
        ("192.0.2.1:22:443", Unreadable::Name),
        ("192.0.2.1::8080", Unreadable::Name),
        ("182.86.133:8880", Unreadable::FaultyAddress),
        ("192.0.2.300", Unreadable::FaultyAddress),
        ("192.0.2.0/33", Unreadable::PrefixLength),
        ("192.0.2.0/255.0.255.0", Unreadable::PrefixLength),
        ("::ffff:192.0.2.0/64", Unreadable::PrefixLength),
        ("2001:db8::/129", Unreadable::PrefixLength),
        ("0.0.0.0/0", Unreadable::EveryAddress),
        ("::/0", Unreadable::EveryAddress),
        ("/gate.php", Unreadable::PathOnly),
        ("two words", Unreadable::Blanks),
        ("http://evil.example/x seen today", Unreadable::Blanks),
        ("bad@evil.example", Unreadable::Mail),
        (r"^[a-z]{2}\-bank\.(com|info)$", Unreadable::Expression),
        ("text/html", Unreadable::SingleLabel),
        ("http:///x", Unreadable::UrlHost),
        ("sha1:d41d8cd98f00b204e9800998ecf8427e", Unreadable::DigestName),
        ("d41d8cd98f00b204e9800998ecf8427ea", Unreadable::Digest),
        ("f0295f2e46cebffaf7892a5b33ba54122781c20bs", Unreadable::Digest),
        (":x.exe", Unreadable::Name),
    ] {
        check(written, Err(why));
        assert!(!why.right().is_empty());
    }
    check(&format!("{}.example", "a".repeat(64)), Err(Unreadable::LongLabel));
    check(&"a".repeat(MAX_INDICATOR_BYTES + 1), Err(Unreadable::TooLong));
}

#[test]
fn values_of_logs_may_be_looser() {
    let shape = |text| Shape::read(text).ok();
    assert_eq!(shape("evil.example:443"), Some(Shape::Domain("evil.example".into(), Some(443))));
    let long = format!("{}.evil.example", "a".repeat(64));
    assert_eq!(shape(&long), Some(Shape::Domain(long.as_str().into(), None)));
    for nothing in [
        "Failed password from 192.0.2.1",
        "GET",
        "TCP",
        "-",
        "1.2",
        "10:20:30",
        "a@evil.example",
        "evil.example/x was seen",
    ] {
        assert_eq!(shape(nothing), None, "{nothing}");
    }
}

/// The normal form as it can be read again.
fn again(pattern: &Pattern) -> String {
    let scheme = if pattern.kind() == Kind::Url { "http://" } else { "" };
    format!("{scheme}{pattern}")
}

#[test]
fn a_host_of_one_label_needs_a_scheme() {
    check("http://intranet/x", Ok((Kind::Url, "intranet/x")));
    check("intranet/x", Err(Unreadable::SingleLabel));
}

proptest! {
    #[test]
    fn the_normal_form_is_normal(text in "(|http://|//)\\PC{0,60}") {
        if let Ok(pattern) = Pattern::read(&text) {
            prop_assert_eq!(Pattern::read(&again(&pattern)), Ok(pattern));
        }
    }

    #[test]
    fn so_it_is_for_what_looks_like_indicators(
        text in "(hxxps?://|http://|)(user@|)([A-Za-z0-9ü_-]{1,9}(\\.|\\[\\.\\])){1,4}[a-z]{2,6}\\.?(:[0-9]{1,5})?(/[!-~]{0,12})?"
    ) {
        if let Ok(pattern) = Pattern::read(&text) {
            prop_assert_eq!(Pattern::read(&again(&pattern)), Ok(pattern));
        }
    }

    #[test]
    fn every_address_reads_as_itself(address: std::net::IpAddr, port in 1u16..) {
        let meant = address.to_canonical();
        prop_assert_eq!(Pattern::read(&address.to_string()), Ok(Pattern::Address(meant)));
        let written = SocketAddr::new(address, port).to_string();
        prop_assert_eq!(Pattern::read(&written), Ok(Pattern::Endpoint(meant, port)));
    }
}
