//! Any lines under the rules of attention: what is kept stays within its limits.
#![no_main]

use fengsui_matcher::attention::{MAX_LINES, MAX_NAME_BYTES, MAX_USERS, RULES, Watch};
use fengsui_matcher::record::{Format, RecordParser, TimeContext};
use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let context = TimeContext { reference: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
    for format in [Format::Syslog, Format::Text, Format::Ndjson] {
        let (mut parser, mut watch) = (RecordParser::new(format), Watch::with_limit(RULES, 4));
        for (number, line) in (1..).zip(text.lines()) {
            let Ok(Some(record)) = parser.parse(line) else { continue };
            watch.observe(number, &record, &context, &mut |_, attention| {
                assert!(attention.count > 0 && attention.first_at <= attention.last_at);
                assert!(attention.lines.len() <= MAX_LINES && attention.users.len() <= MAX_USERS);
                assert!(attention.key.len() <= MAX_NAME_BYTES);
            });
        }
        assert!(watch.open().count() <= 4);
    }
});
