use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::record::{Format, RecordParser};

fn context() -> TimeContext {
    TimeContext { reference: "2026-06-01T00:00:00Z".parse().unwrap(), zone: TimeZone::UTC }
}

/// Watches the lines; gives the changes as text and the watch.
fn watch(format: Format, rules: &[AttentionRule], lines: &[String]) -> (Vec<String>, Watch) {
    let (mut watch, mut parser, mut changes) = (Watch::new(rules), RecordParser::new(format), Vec::new());
    for (number, line) in (1..).zip(lines) {
        if let Some(record) = parser.parse(line).unwrap() {
            watch.observe(number, &record, &context(), &mut |change, attention| {
                changes.push(format!(
                    "{number} {change:?} {} {} {}",
                    attention.rule.id, attention.key, attention.count
                ));
            });
        }
    }
    (changes, watch)
}

/// An sshd line at a second of an hour.
fn ssh(second: u32, message: &str) -> String {
    format!("2026-05-01T10:{:02}:{:02}Z web01 sshd[7]: {message}", second / 60, second % 60)
}

fn failed(second: u32, user: &str, source: &str) -> String {
    ssh(second, &format!("Failed password for {user} from {source} port 22 ssh2"))
}

fn rule(id: &str) -> AttentionRule {
    *RULES.iter().find(|rule| rule.id == id).unwrap()
}

#[test]
fn every_rule_has_both_titles_and_a_sound_threshold() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
    for rule in RULES {
        assert!(!rule.zh.is_ascii() && rule.en.is_ascii(), "{}", rule.id);
        assert!(rule.threshold > 1 && rule.threshold as usize <= MAX_RECENT && rule.window.is_positive());
    }
}

#[test]
fn what_a_message_means() {
    use Signal::{LoginAccepted, LoginFailed, PrivilegeRefused, UnknownUser};
    for (program, message, wanted) in [
        (
            "sshd",
            "Failed password for root from 192.0.2.1 port 22 ssh2",
            Some((LoginFailed, "192.0.2.1", Some("root"), 1)),
        ),
        (
            "sshd-session",
            "Failed password for invalid user bob from 192.0.2.1 port 22 ssh2",
            Some((LoginFailed, "192.0.2.1", Some("bob"), 1)),
        ),
        (
            "sshd",
            "Failed keyboard-interactive/pam for a b from 2001:DB8::1 port 22 ssh2",
            Some((LoginFailed, "2001:db8::1", Some("a b"), 1)),
        ),
        (
            "sshd",
            "Failed password for x from 198.51.100.9 from 192.0.2.1 port 22 ssh2",
            Some((LoginFailed, "192.0.2.1", Some("x from 198.51.100.9"), 1)),
        ),
        (
            "sshd",
            "message repeated 5 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]",
            Some((LoginFailed, "192.0.2.1", Some("root"), 5)),
        ),
        (
            "sshd",
            "message repeated 4000000000 times: [ Failed password for root from 192.0.2.1 port 22 ssh2]",
            Some((LoginFailed, "192.0.2.1", Some("root"), 10_000)),
        ),
        ("sshd", "Failed none for root from 192.0.2.1 port 22 ssh2", None),
        ("sshd", "Failed publickey for root from 192.0.2.1 port 22 ssh2", None),
        ("sshd", "Failed password for root from nowhere port 22 ssh2", None),
        ("sshd", "Invalid user admin from 192.0.2.1", Some((UnknownUser, "192.0.2.1", Some("admin"), 1))),
        ("sshd", "Invalid user  from 192.0.2.1 port 7", Some((UnknownUser, "192.0.2.1", Some(""), 1))),
        (
            "sshd",
            "Accepted publickey for deploy from 192.0.2.10 port 50122 ssh2: RSA SHA256:x",
            Some((LoginAccepted, "192.0.2.10", Some("deploy"), 1)),
        ),
        (
            "sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root",
            None,
        ),
        (
            "vsftpd",
            "pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=bob rhost=::ffff:192.0.2.1  user=bob",
            Some((LoginFailed, "192.0.2.1", Some("bob"), 1)),
        ),
        (
            "login",
            "pam_unix(login:auth): authentication failure; logname= uid=0 euid=0 tty=tty1 ruser= rhost=  user=bob",
            None,
        ),
        (
            "su",
            "pam_unix(su:auth): authentication failure; logname=ann uid=1000 euid=0 tty=pts/0 ruser=ann rhost=  user=root",
            Some((PrivilegeRefused, "ann", Some("ann"), 1)),
        ),
        (
            "sudo",
            "  ann : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            Some((PrivilegeRefused, "ann", Some("ann"), 3)),
        ),
        (
            "sudo",
            "ann : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
            Some((PrivilegeRefused, "ann", Some("ann"), 1)),
        ),
        ("sudo", "  ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/bin/ls", None),
        ("cron", "Failed password for root from 192.0.2.1 port 22 ssh2", None),
    ] {
        let line = format!("2026-05-01T10:00:00Z web01 {program}: {message}");
        let record = RecordParser::new(Format::Syslog).parse(&line).unwrap().unwrap();
        let envelope = record.envelope(&context());
        let got = signal::sample(&record, &envelope);
        let got = got.as_ref().map(|sample| (sample.signal, &*sample.key, sample.user, sample.times));
        assert_eq!(got, wanted, "{line}");
    }
}

#[test]
fn a_flood_is_one_attention_that_goes_on() {
    let lines: Vec<String> = (0..14).map(|n| failed(n * 30, &format!("u{}", n % 3), "192.0.2.1")).collect();
    let (changes, watch) = watch(Format::Syslog, &[rule("login-failures")], &lines);
    assert_eq!(
        changes,
        [
            "10 Opened login-failures 192.0.2.1 10",
            "11 Updated login-failures 192.0.2.1 11",
            "12 Updated login-failures 192.0.2.1 12",
            "13 Updated login-failures 192.0.2.1 13",
            "14 Updated login-failures 192.0.2.1 14",
        ]
    );
    let open: Vec<&Attention> = watch.open().collect();
    let attention = open[0];
    assert_eq!(open.len(), 1);
    assert_eq!(attention.host.as_deref(), Some("web01"));
    assert_eq!(attention.first_at.to_string(), "2026-05-01T10:00:00Z");
    assert_eq!(attention.last_at.to_string(), "2026-05-01T10:06:30Z");
    assert_eq!(attention.lines, (1..=10).collect::<Vec<u64>>());
    assert_eq!(attention.users.iter().map(String::as_str).collect::<Vec<_>>(), ["u0", "u1", "u2"]);
}

#[test]
fn the_window_slides_and_a_pause_ends_an_attention() {
    let rules = [rule("login-failures")];
    // Nine within ten minutes, again and again: never ten.
    let slow: Vec<String> = (0..50).map(|n| failed(n * 70, "root", "192.0.2.1")).collect();
    assert_eq!(watch(Format::Syslog, &rules, &slow).0, Vec::<String>::new());
    // Ten of them just fit: the first and the last are 600 s apart.
    let fits: Vec<String> =
        (0..10).map(|n| failed(n * 66 + u32::from(n == 9) * 6, "root", "192.0.2.1")).collect();
    assert_eq!(watch(Format::Syslog, &rules, &fits).0, ["10 Opened login-failures 192.0.2.1 10"]);
    // A pause of more than ten minutes, then ten more.
    let twice: Vec<String> =
        (0..20).map(|n| failed(n + if n >= 10 { 611 } else { 0 }, "root", "192.0.2.1")).collect();
    let (changes, watch) = watch(Format::Syslog, &rules, &twice);
    assert_eq!(changes, ["10 Opened login-failures 192.0.2.1 10", "20 Opened login-failures 192.0.2.1 10"]);
    assert_eq!(watch.open().next().unwrap().lines[0], 11);
}

#[test]
fn sources_and_hosts_are_counted_apart() {
    let mut lines: Vec<String> = (0..9).map(|n| failed(n, "root", "192.0.2.1")).collect();
    lines.extend((0..9).map(|n| failed(n, "root", "192.0.2.2")));
    lines.push(failed(9, "root", "192.0.2.1").replace("web01", "web02"));
    assert!(watch(Format::Syslog, &RULES, &lines).0.is_empty());
}

#[test]
fn names_must_differ_where_the_rule_says_so() {
    let rules = [rule("unknown-users")];
    let tried = |names: &[&str]| -> Vec<String> {
        (0..).zip(names).map(|(n, name)| ssh(n, &format!("Invalid user {name} from 192.0.2.1"))).collect()
    };
    assert!(watch(Format::Syslog, &rules, &tried(&["a"; 20])).0.is_empty());
    let (changes, watch) = watch(Format::Syslog, &rules, &tried(&["a", "a", "b", "c", "a", "d", "e", "e"]));
    // All tries count once the names are enough.
    assert_eq!(changes, ["7 Opened unknown-users 192.0.2.1 7", "8 Updated unknown-users 192.0.2.1 8"]);
    assert_eq!(watch.open().next().unwrap().first_at.to_string(), "2026-05-01T10:00:00Z");
}

#[test]
fn a_login_after_failures_is_told_when_it_succeeds() {
    let rules = [rule("login-after-failures")];
    let accepted = |second| ssh(second, "Accepted password for root from 192.0.2.1 port 22 ssh2");
    let mut lines: Vec<String> = (0..7).map(|n| failed(n, "root", "192.0.2.1")).collect();
    lines.push(accepted(10));
    lines.push(accepted(11));
    let (changes, seen) = watch(Format::Syslog, &rules, &lines);
    assert_eq!(
        changes,
        ["8 Opened login-after-failures 192.0.2.1 7", "9 Updated login-after-failures 192.0.2.1 7"]
    );
    assert_eq!(seen.open().next().unwrap().lines, (1..=9).collect::<Vec<u64>>());
    // Too few, too long ago, or from elsewhere.
    for (count, second, source) in [(4, 10, "192.0.2.1"), (7, 607, "192.0.2.1"), (7, 10, "192.0.2.2")] {
        let mut lines: Vec<String> = (0..count).map(|n| failed(n, "root", "192.0.2.1")).collect();
        lines.push(accepted(second).replace("192.0.2.1", source));
        assert!(watch(Format::Syslog, &rules, &lines).0.is_empty(), "{count} {second} {source}");
    }
}

#[test]
fn web_clients() {
    let get = |second: u32, client: &str, path: &str, status: u16| {
        format!(
            "{client} - - [01/May/2026:10:00:{second:02} +0000] \"GET {path} HTTP/1.1\" {status} 0 \"-\" \"x\""
        )
    };
    let scan: Vec<String> = (0..25).map(|n| get(n, "192.0.2.1", &format!("/{n}?x={n}"), 404)).collect();
    let (changes, seen) = watch(Format::Text, &RULES, &scan);
    assert_eq!(changes.first().map(String::as_str), Some("20 Opened web-scan 192.0.2.1 20"));
    assert_eq!(changes.len(), 6);
    assert_eq!(seen.open().next().unwrap().host, None);
    let same: Vec<String> = (0..25).map(|n| get(n, "192.0.2.1", &format!("/favicon.ico?{n}"), 404)).collect();
    assert!(watch(Format::Text, &RULES, &same).0.is_empty());
    let refused: Vec<String> =
        (0..20).map(|n| get(n, "192.0.2.1", "/admin", if n % 2 == 0 { 401 } else { 403 })).collect();
    assert_eq!(watch(Format::Text, &RULES, &refused).0, ["20 Opened web-refusals 192.0.2.1 20"]);
}

#[test]
fn what_is_remembered_has_limits() {
    let mut watch = Watch::with_limit([rule("login-failures")], 3);
    let mut parser = RecordParser::new(Format::Syslog);
    let mut observe = |watch: &mut Watch, line: &str| {
        let record = parser.parse(line).unwrap().unwrap();
        watch.observe(1, &record, &context(), &mut |_, _| {});
    };
    observe(&mut watch, "no time here"); // not even a sample
    observe(&mut watch, "sshd: x");
    for n in 0..50 {
        observe(&mut watch, &failed(n, "root", &format!("192.0.2.{n}")));
    }
    assert_eq!(watch.stats().forgotten, 47);
    assert_eq!(watch.stats().counted, 50);
    // The newest three are still known: nine more and each is met.
    for n in 0..9 {
        observe(&mut watch, &failed(60 + n, "root", "192.0.2.49"));
    }
    assert_eq!(watch.open().map(|attention| attention.count).collect::<Vec<_>>(), [10]);
    // A line that came far too late changes nothing.
    observe(&mut watch, &failed(60, "root", "192.0.2.49").replace("T10", "T09"));
    assert_eq!(watch.stats().late, 1);
}

#[test]
fn many_names_and_lines_are_cut() {
    let lines: Vec<String> =
        (0..60).map(|n| failed(n, &format!("{}{n}", "x".repeat(200)), "192.0.2.1")).collect();
    let (_, seen) = watch(Format::Syslog, &[rule("login-failures")], &lines);
    let attention = seen.open().next().unwrap();
    assert_eq!((attention.count, attention.lines.len()), (60, MAX_LINES));
    assert!(attention.users.iter().all(|user| user.len() <= MAX_NAME_BYTES));
    let lines: Vec<String> = (0..60).map(|n| failed(n, &format!("u{n}"), "192.0.2.1")).collect();
    let (_, seen) = watch(Format::Syslog, &[rule("login-failures")], &lines);
    let attention = seen.open().next().unwrap();
    assert_eq!((attention.users.len(), attention.more_users), (MAX_USERS, true));
}

#[test]
fn records_without_a_time_count_at_the_latest_time_seen() {
    let mut watch = Watch::new([rule("web-refusals")]);
    let untimed =
        Sample { signal: Signal::WebRefused, key: "192.0.2.1".into(), user: None, path: None, times: 1 };
    watch.count_record(None);
    watch.take(1, None, &untimed, &mut |_, _| {});
    assert_eq!(watch.stats().untimed, 1);
    watch.count_record(Some(context().reference));
    watch.count_record(None);
    watch.take(2, None, &untimed, &mut |_, _| {});
    assert_eq!((watch.stats().untimed, watch.stats().counted), (1, 1));
}

/// The plain meaning of a rule that counts: sessions in which some window held enough.
fn plain_sessions(seconds: &[u32], threshold: usize, window: u32) -> Vec<(u32, u32, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < seconds.len() {
        let met = (at..seconds.len()).find_map(|last| {
            let inside: Vec<usize> =
                (at..=last).filter(|one| seconds[last] - seconds[*one] <= window).collect();
            (inside.len() >= threshold).then(|| (inside[0], last))
        });
        let Some((first, mut last)) = met else { break };
        while last + 1 < seconds.len() && seconds[last + 1] - seconds[last] <= window {
            last += 1;
        }
        out.push((seconds[first], seconds[last], last - first + 1));
        at = last + 1;
    }
    out
}

proptest! {
    #[test]
    fn counting_agrees_with_the_plain_meaning(gaps in proptest::collection::vec(0_u32..200, 0..80)) {
        let mut now = 0;
        let seconds: Vec<u32> = gaps.iter().map(|gap| { now += gap; now }).filter(|second| *second < 3600).collect();
        let rule = AttentionRule { threshold: 4, window: SignedDuration::from_secs(120), ..rule("login-failures") };
        let mut parser = RecordParser::new(Format::Syslog);
        let mut watch = Watch::new([rule]);
        let mut last = BTreeMap::new();
        for (number, second) in (1..).zip(&seconds) {
            let line = failed(*second, "root", "192.0.2.1");
            let record = parser.parse(&line).unwrap().unwrap();
            watch.observe(number, &record, &context(), &mut |_, attention| {
                last.insert(attention.first_at, (attention.last_at, attention.count));
            });
        }
        let start: Timestamp = "2026-05-01T10:00:00Z".parse().unwrap();
        let got: Vec<(i64, i64, u64)> = last
            .iter()
            .map(|(first, (last, count))| {
                (first.duration_since(start).as_secs(), last.duration_since(start).as_secs(), *count)
            })
            .collect();
        let wanted: Vec<(i64, i64, u64)> = plain_sessions(&seconds, 4, 120)
            .into_iter()
            .map(|(first, last, count)| (first.into(), last.into(), count as u64))
            .collect();
        prop_assert_eq!(got, wanted);
    }

    #[test]
    fn any_message_is_safe(message in "\\PC{0,80}", program in "(sshd|sudo|su|x)") {
        let line = format!("2026-05-01T10:00:00Z h {program}: {message}");
        watch(Format::Syslog, &RULES, &[line]);
        watch(Format::Text, &RULES, &[message]);
    }
}
