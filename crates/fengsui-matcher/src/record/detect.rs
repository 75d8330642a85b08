//! Telling a log's format from its first lines.

use super::syslog_header;
use super::{Format, Record, json};

/// Lines that are looked at.
pub const SAMPLE_LINES: usize = 20;

/// The format that most of the lines have; on a tie the one that asks most of a line.
pub fn format<'a>(lines: impl IntoIterator<Item = &'a str>) -> Format {
    const ORDER: [Format; 5] = [Format::Eve, Format::Zeek, Format::Ndjson, Format::Syslog, Format::Text];
    let mut votes = [0_usize; ORDER.len()];
    for line in lines.into_iter().filter(|line| !line.trim().is_empty()).take(SAMPLE_LINES) {
        let vote = of_line(line);
        if vote == Format::Zeek && line.starts_with('#') {
            return Format::Zeek; // its own header; the rows below tell nothing
        }
        votes[ORDER.iter().position(|format| *format == vote).unwrap_or(ORDER.len() - 1)] += 1;
    }
    let most = votes.iter().max().copied().unwrap_or(0);
    let best = votes.iter().position(|count| *count == most && most > 0);
    best.map_or(Format::Text, |at| ORDER[at])
}

fn of_line(line: &str) -> Format {
    if ["#separator ", "#fields\t", "#path\t"].iter().any(|start| line.starts_with(start)) {
        return Format::Zeek;
    }
    if line.trim_start().starts_with('{') {
        return match json::record(line, Format::Ndjson) {
            Ok(record) => of_record(&record),
            // Cut off or damaged, but meant as JSON.
            Err(_) => Format::Ndjson,
        };
    }
    if syslog_header(line) { Format::Syslog } else { Format::Text }
}

fn of_record(record: &Record<'_>) -> Format {
    let has = |path: &str| record.field(path).is_some();
    if has("event_type") && has("timestamp") && (has("src_ip") || has("flow_id") || has("stats.uptime")) {
        Format::Eve
    } else if has("@stream") && has("ts")
        || has("ts") && (has("uid") || has("fuid"))
        || has("_path") && has("ts")
    {
        Format::Zeek
    } else {
        Format::Ndjson
    }
}
