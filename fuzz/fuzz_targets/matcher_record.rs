//! Any lines as records of every format, with what they say about themselves.
#![no_main]

use fengsui_matcher::record::{Format, RecordParser, TimeContext};
use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let context = TimeContext { reference: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
    for format in Format::ALL {
        let mut parser = RecordParser::new(format);
        for line in text.lines() {
            if let Ok(Some(record)) = parser.parse(line) {
                record.envelope(&context);
            }
        }
    }
});
