//! Any bytes as an indicator list: read to the end in every format, every line accounted for.
#![no_main]

use fengsui_matcher::list::{ListFormat, ListOptions, read_list};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for format in [None, Some(ListFormat::Plain), Some(ListFormat::Csv), Some(ListFormat::Hosts)] {
        let options = ListOptions { format, ..ListOptions::new("fuzz") };
        let (mut accepted, mut rejected) = (0, 0);
        let summary = read_list(data, &options, &mut |row| match row {
            Ok(_) => accepted += 1,
            Err(_) => rejected += 1,
        })
        .expect("reading from memory cannot fail");
        assert_eq!((summary.accepted, summary.rejected), (accepted, rejected));
    }
});
