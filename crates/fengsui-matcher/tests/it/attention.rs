//! The rules of attention on a real log of eight days of SSH brute force.

use std::collections::BTreeMap;
use std::io::BufRead;

use fengsui_matcher::attention::{Attention, Change, RULES, Watch};
use fengsui_matcher::record::{Format, RecordParser, TimeContext};
use jiff::tz::TimeZone;

use crate::open;

/// Every attention that the log raises, in its last state, by rule, key and beginning.
fn attentions() -> (Vec<Attention>, Watch) {
    let context = TimeContext { reference: "2017-04-04T00:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
    let (mut parser, mut watch) = (RecordParser::new(Format::Syslog), Watch::new(RULES));
    let mut last: BTreeMap<_, Attention> = BTreeMap::new();
    for (number, line) in (1..).zip(open("logs/auth/auth_4500.log").lines()) {
        let line = line.unwrap();
        let record = parser.parse(&line).unwrap().unwrap();
        watch.observe(number, &record, &context, &mut |change, attention| {
            let place = (attention.rule.id, attention.key.clone(), attention.first_at);
            assert_eq!(change == Change::Opened, !last.contains_key(&place), "opened once");
            last.insert(place, attention.clone());
        });
    }
    (last.into_values().collect(), watch)
}

/// The expected figures were counted with an independent script over the raw lines: runs of
/// `Failed password` (repetitions unfolded) in which some ten minutes held ten of them, runs of
/// `Invalid user` with five different names, and `Accepted` lines after five failures.
#[test]
fn eight_days_of_brute_force_are_seven_rows() {
    let (found, watch) = attentions();
    let rows: Vec<String> = found
        .iter()
        .map(|one| {
            let (from, to) = (one.first_at.to_string(), one.last_at.to_string());
            format!("{} {} {} {} {}", one.rule.id, one.key, &from[5..], &to[5..], one.count)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "login-after-failures 24.151.103.17 03-30T15:54:19Z 03-30T16:01:36Z 147",
            "login-failures 181.25.201.155 03-30T21:54:04Z 03-30T21:54:28Z 12",
            "login-failures 181.25.206.27 03-29T14:15:41Z 03-29T14:16:23Z 12",
            "login-failures 181.26.186.35 04-01T18:22:17Z 04-01T18:22:45Z 30",
            "login-failures 24.151.103.17 03-30T15:54:19Z 03-30T16:01:35Z 147",
            "unknown-users 91.197.232.109 03-28T06:29:51Z 03-28T06:30:29Z 29",
            "unknown-users 91.197.232.109 03-28T18:05:43Z 03-28T18:06:31Z 29",
        ]
    );
    assert!(found.iter().all(|one| one.host.as_deref() == Some("ip-10-77-20-248")));
    assert_eq!(watch.stats().records, 4_500);
    assert_eq!((watch.stats().untimed, watch.stats().late, watch.stats().forgotten), (0, 0, 0));
}

#[test]
fn the_rows_name_lines_and_users() {
    let (found, _) = attentions();
    let succeeded = &found[0];
    assert_eq!(succeeded.lines[..2], [2731, 2734]);
    assert_eq!(succeeded.lines.last(), Some(&3180), "the line of the login itself");
    assert_eq!(succeeded.users.iter().collect::<Vec<_>>(), ["elastic_user_0"]);
    let guessed = &found[3];
    assert_eq!(guessed.users.iter().collect::<Vec<_>>(), ["guest", "monitor", "root", "test"]);
    let scanned = &found[5];
    assert_eq!((scanned.users.len(), scanned.more_users), (20, true));
}
