//! Excerpts of real logs: their format, their records, and indicators planted from them.

use std::io::Cursor;
use std::ops::ControlFlow;

use fengsui_matcher::index::{Index, IndexBuilder};
use fengsui_matcher::list::{ListOptions, read_list};
use fengsui_matcher::record::Format;
use fengsui_matcher::scan::{ScanSummary, scan};

use crate::open;

fn index(list: &str) -> Index {
    let mut builder = IndexBuilder::new();
    read_list(Cursor::new(list), &ListOptions::new("planted"), &mut |row| {
        builder.add(&row.unwrap()).unwrap();
    })
    .unwrap();
    builder.build()
}

/// Scans a log with its format left to be told; gives `line field kind` of each hit.
fn run(name: &str, list: &str) -> (ScanSummary, Vec<String>) {
    let mut hits = Vec::new();
    let summary = scan(
        open(name),
        None,
        &index(list),
        &mut |hit| {
            let weak = if hit.weak { "~" } else { "" };
            hits.push(format!("{} {} {weak}{}", hit.line, hit.field, hit.entry.kind));
            ControlFlow::Continue(())
        },
        &mut |reject| panic!("{name}: {reject}"),
    )
    .unwrap();
    (summary, hits)
}

#[test]
fn suricata() {
    let (summary, hits) =
        run("matcher/eve/alerts.eve.json", "222.186.0.0/16\n157.56.114.104:80\n157.56.114.104:81\n");
    assert_eq!((summary.format, summary.records), (Format::Eve, 12));
    assert_eq!(hits[..2], ["1 src_ip cidr", "2 dest_ip ip_port"]);
}

#[test]
fn zeek() {
    let (summary, hits) = run("matcher/zeek/conn.log", "10.0.0.4:53\n10.0.0.4:54\n");
    assert_eq!((summary.format, summary.records), (Format::Zeek, 6));
    assert_eq!(hits[0], "1 id_resp_h ip_port");
    let (summary, hits) = run("matcher/zeek/http.log", "http://192.168.0.4/\n");
    assert_eq!((summary.format, summary.records), (Format::Zeek, 4));
    assert_eq!(hits[0], "1 uri url");
}

#[test]
fn windows() {
    let list = "50414f7b22c6cc31cd18b88ce4c745de\nde571e8ffd977fcc1f0e1c0292bfd349\n168.63.129.16:80\n";
    let (summary, hits) = run("matcher/otrf/windows.jsonl", list);
    assert_eq!((summary.format, summary.records), (Format::Ndjson, 5));
    // The second digest is an import hash, which is no digest of a file.
    assert_eq!(hits, ["1 Hashes md5", "4 DestAddress ip_port", "5 DestAddress ip_port"]);
}

#[test]
fn apache() {
    let (summary, hits) = run("matcher/apache/combined.log", "208.91.156.0/24\nsemicomplete.com\n");
    assert_eq!((summary.format, summary.records), (Format::Text, 59));
    let clients = hits.iter().filter(|hit| hit.ends_with("cidr")).count();
    assert_eq!(clients, 39);
    assert!(summary.hit_lines > 39);
}

#[test]
fn auth() {
    let (summary, hits) = run("logs/auth/auth_4500.log", "24.151.103.17\n181.26.186.35:22\n");
    assert_eq!((summary.format, summary.records), (Format::Syslog, 4_500));
    // `grep -cw` finds the first address in 602 lines and the second in 46.
    assert_eq!(hits.iter().filter(|hit| hit.ends_with(" message ipv4")).count(), 602);
    assert_eq!(hits.iter().filter(|hit| hit.ends_with(" message ~ip_port")).count(), 46);
    assert_eq!((summary.hit_lines, summary.weak_lines), (602, 46));
}
