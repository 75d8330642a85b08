use std::io::{BufReader, Cursor};

use proptest::prelude::*;

use super::*;
use crate::index::IndexBuilder;
use crate::list::{ListOptions, read_list};

fn index(list: &str) -> Index {
    let mut builder = IndexBuilder::new();
    read_list(Cursor::new(list), &ListOptions::new("test"), &mut |row| builder.add(&row.unwrap()).unwrap())
        .unwrap();
    builder.build()
}

/// The lines with hits, the rejects as people see them, and the summary.
fn run(index: &Index, format: Option<Format>, log: &[u8]) -> (Vec<u64>, Vec<String>, ScanSummary) {
    let (mut lines, mut rejects) = (Vec::new(), Vec::new());
    let summary = scan(
        BufReader::with_capacity(7, Cursor::new(log)),
        format,
        index,
        &mut |hit| {
            lines.push(hit.line);
            ControlFlow::Continue(())
        },
        &mut |reject| {
            rejects.push(reject.to_string());
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    (lines, rejects, summary)
}

#[test]
fn a_broken_line_is_rejected_and_the_rest_goes_on() {
    let log = "{\"src_ip\": \"1.2.3.4\"\n\n{\"src_ip\":\"192.0.2.1\"}\n[]\n7\n{\"a\":\"192.0.2.1\"}{}\n";
    let (lines, rejects, summary) = run(&index("192.0.2.1\n"), Some(Format::Ndjson), log.as_bytes());
    assert_eq!(lines, [3]);
    assert_eq!(
        rejects,
        [
            "line 1, column 20: `{\"src_ip\": \"1.2.3.4\"` is not JSON; one whole JSON object a line, or another `--format`",
            "line 5: `7` is JSON, but no object; one whole JSON object a line, or another `--format`",
            "line 6, column 18: `{\"a\":\"192.0.2.1\"}{}` is not JSON; one whole JSON object a line, or another `--format`",
        ]
    );
    assert_eq!((summary.lines, summary.records, summary.hit_lines, summary.rejected), (6, 2, 1, 3));
}

#[test]
fn a_line_counts_once_and_weak_ones_apart() {
    let log =
        "192.0.2.1 and evil.example\n198.51.100.1:81\n198.51.100.1:80\nnothing\n198.51.100.1 evil.example\n";
    let (lines, _, summary) =
        run(&index("192.0.2.1\nevil.example\n198.51.100.1:80\n"), Some(Format::Text), log.as_bytes());
    assert_eq!(lines, [1, 1, 2, 3, 5, 5]);
    assert_eq!((summary.hit_lines, summary.weak_lines), (3, 1));
    assert_eq!((summary.hits, summary.weak_hits), (4, 2));
}

#[test]
fn lines_over_the_limit_are_skipped() {
    let over = "x".repeat(MAX_LINE_BYTES) + " 192.0.2.1";
    let log = format!("192.0.2.1\n{over}\n192.0.2.1");
    for format in [None, Some(Format::Text)] {
        let (lines, rejects, summary) = run(&index("192.0.2.1\n"), format, log.as_bytes());
        assert_eq!(lines, [1, 3]);
        assert_eq!(rejects, ["line 2: `` is longer than 1048576 bytes; split the record"]);
        assert_eq!((summary.lines, summary.records), (3, 2));
    }
}

#[test]
fn bytes_that_are_no_text_do_not_hide_a_line() {
    let index = index("192.0.2.1\n");
    assert_eq!(run(&index, None, b"\xff\xfe from 192.0.2.1 \xc3\n").0, [1]);
    assert_eq!(run(&index, Some(Format::Ndjson), b"{\"a\":\"\xff\",\"b\":\"192.0.2.1\"}\n").0, [1]);
    assert_eq!(run(&index, Some(Format::Ndjson), br#"{"a":"\ud800 x","b":"192.0.2.1"}"#).0, [1]);
}

#[test]
fn the_format_is_told_from_the_first_lines() {
    for (log, wanted) in [
        ("nothing here\n", Format::Text),
        ("", Format::Text),
        ("\n\n{\"a\":1}\n{\"b\":2}\n", Format::Ndjson),
        ("{\"timestamp\":\"x\",\"event_type\":\"dns\",\"src_ip\":\"192.0.2.1\"}\n", Format::Eve),
        ("{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.1\"}\n", Format::Zeek),
        ("#separator \\x09\n#fields\tts\n", Format::Zeek),
        ("{\"a\":1}\n{\"cut off\n{\"b\":2}\n", Format::Ndjson),
        ("Mar 27 13:06:56 host sshd[1]: x\n", Format::Syslog),
        ("<38>1 2025-05-01T08:00:01Z host app - - - x\n", Format::Syslog),
        ("2025-05-01T08:00:01Z host app: x\n", Format::Syslog),
        ("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1\n", Format::Text),
        ("type=SYSCALL msg=audit(1604994496.155:92733): arch=c000003e\n", Format::Text),
        ("Mar 27 13:06:56 host a: x\n--- a stack\n--- trace\n--- of text\n", Format::Text),
    ] {
        assert_eq!(run(&Index::default(), None, log.as_bytes()).2.format, wanted, "{log}");
    }
}

#[test]
fn a_scan_can_be_broken_off() {
    let index = index("192.0.2.1\n");
    let log = "192.0.2.1\n".repeat(100);
    let mut count = 0;
    let summary = scan(
        Cursor::new(log),
        None,
        &index,
        &mut |_| {
            count += 1;
            if count == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap();
    assert_eq!((count, summary.lines, summary.hit_lines), (3, 3, 3));
}

#[test]
fn a_failing_stream_says_how_far_it_came() {
    struct Broken(bool);
    impl io::Read for Broken {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::Error::other("gone"));
            }
            to[..2].copy_from_slice(b"a\n");
            Ok(2)
        }
    }
    let go_on = &mut |_: &Hit<'_>| ControlFlow::Continue(());
    let reader = BufReader::new(Broken(false));
    let error = scan(reader, None, &Index::default(), go_on, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.to_string(), "cannot read the log after line 1");
    assert_eq!(error.source.to_string(), "gone");
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_the_end_in_any_format(
        bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), Just(b'\n'), Just(b'{'), Just(b'}'), Just(b'"'), Just(b':'), Just(b'\\'), Just(b'#'), Just(b'\t')],
            0..400,
        ),
    ) {
        let newlines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let last = u64::from(!bytes.is_empty() && bytes.last() != Some(&b'\n'));
        let index = index("evil.example\n192.0.2.0/24\n");
        for format in [None].into_iter().chain(Format::ALL.map(Some)) {
            let (_, rejects, summary) = run(&index, format, &bytes);
            prop_assert_eq!(summary.lines, newlines + last);
            prop_assert_eq!(summary.rejected, rejects.len() as u64);
            prop_assert!(summary.records + summary.rejected <= summary.lines);
        }
    }
}
