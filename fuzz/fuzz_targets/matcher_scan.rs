//! Any bytes as a log, searched in every format and told by itself: no line is lost.
#![no_main]

use std::ops::ControlFlow;
use std::sync::LazyLock;

use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_matcher::record::Format;
use fengsui_matcher::scan::scan;
use libfuzzer_sys::fuzz_target;

const LIST: &str = "evil.example\n192.0.2.0/24\n2001:db8::1\n198.51.100.1:443\nhttp://a.example/x\n\
                    0cc175b9c0f1b6a831c399e269772661\n";

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut builder = IndexBuilder::new();
    read_list(LIST.as_bytes(), &ListOptions::new("fuzz"), &mut |row| {
        builder.add(&row.expect("the list is sound")).expect("it is short");
    })
    .expect("reading from memory cannot fail");
    builder.build()
});

fuzz_target!(|data: &[u8]| {
    for format in [None].into_iter().chain(Format::ALL.map(Some)) {
        let on_hit = &mut |_: &fengsui_matcher::search::Hit<'_>| ControlFlow::Continue(());
        let summary = scan(data, format, &INDEX, on_hit, &mut |_| ControlFlow::Continue(()))
            .expect("reading from memory cannot fail");
        let newlines = data.iter().filter(|byte| **byte == b'\n').count() as u64;
        let last = u64::from(data.last().is_some_and(|byte| *byte != b'\n'));
        assert_eq!(summary.lines, newlines + last);
        assert!(summary.records + summary.rejected <= summary.lines);
        assert!(summary.hit_lines + summary.weak_lines <= summary.records);
    }
});
