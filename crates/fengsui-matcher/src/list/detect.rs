//! Telling a list's format, and the layout of a table, from its first lines.

use super::csv::{Layout, cells, layout};
use super::{ListFormat, ListLine, hosts, is_remark, plain};
use crate::pattern::Pattern;

/// What may part cells, the likeliest first.
const DELIMITERS: [char; 4] = [',', '\t', ';', '|'];
/// Cells of a row that are tried when no header says which holds the indicator.
const MAX_TRIED_CELLS: usize = 16;

/// The format that most of the lines have.
pub(super) fn format(sample: &[ListLine]) -> ListFormat {
    let values: Vec<&str> = values(sample).collect();
    let half = values.len().div_ceil(2);
    let count = |holds: fn(&str) -> bool| values.iter().filter(|line| holds(line)).count();
    if values.is_empty() {
        ListFormat::Plain
    } else if count(is_hosts_line) >= half {
        ListFormat::Hosts
    } else if header(sample).is_some() {
        ListFormat::Csv
    } else if count(is_plain_line) >= half {
        ListFormat::Plain
    } else if headless(sample).is_some() {
        ListFormat::Csv
    } else {
        ListFormat::Plain
    }
}

/// The layout of a table; the first column of commas if nothing tells.
pub(super) fn table(sample: &[ListLine]) -> Layout {
    header(sample).or_else(|| headless(sample)).unwrap_or_else(|| bare(',', 0))
}

fn bare(delimiter: char, value: usize) -> Layout {
    Layout { delimiter, values: vec![value], kind: None, confidence: None, note: None, header: None }
}

fn values(sample: &[ListLine]) -> impl Iterator<Item = &str> {
    let lines = sample.iter().flatten().map(|line| line.trim());
    lines.filter(|line| !line.is_empty() && !is_remark(line))
}

fn is_hosts_line(line: &str) -> bool {
    hosts::split(line).is_some_and(|(address, mut names)| {
        hosts::is_sink(address) && names.next().is_some_and(|name| !name.starts_with(['/', ';']))
    })
}

fn is_plain_line(line: &str) -> bool {
    Pattern::read(plain::split_remark(line).0).is_ok()
}

/// The layout of the header: the first row, or a remark before it (as some lists write theirs).
fn header(sample: &[ListLine]) -> Option<Layout> {
    for (number, line) in (1_u64..).zip(sample) {
        let Some(line) = line.as_deref().map(str::trim) else {
            continue;
        };
        let remark = is_remark(line);
        let names = line.trim_start_matches(['#', ';', '/']).trim_start();
        let found = DELIMITERS.iter().find_map(|delimiter| {
            let columns = names.split(*delimiter).count();
            let fits = columns > 1 || (!remark && !names.is_empty());
            fits.then(|| layout(names, *delimiter, number)).flatten()
        });
        // A remark that happens to name a column is prose unless it has a value and one more column.
        let found = found.filter(|found| !remark || found.kind.is_some() || found.note.is_some());
        if found.is_some() {
            return found;
        }
        if !remark && !line.is_empty() {
            return None;
        }
    }
    None
}

/// The layout of a table without header: the column in which most rows hold an indicator.
fn headless(sample: &[ListLine]) -> Option<Layout> {
    let rows: Vec<&str> = values(sample).collect();
    let mut best: Option<(usize, Layout)> = None;
    for delimiter in DELIMITERS {
        let mut hits = [0_usize; MAX_TRIED_CELLS];
        for row in rows.iter().filter(|row| row.contains(delimiter)) {
            for (hits, cell) in hits.iter_mut().zip(cells(row, delimiter)) {
                *hits += usize::from(Pattern::read(&cell).is_ok());
            }
        }
        for (column, hits) in hits.into_iter().enumerate() {
            if hits * 2 >= rows.len().max(1) && best.as_ref().is_none_or(|(most, _)| hits > *most) {
                best = Some((hits, bare(delimiter, column)));
            }
        }
    }
    best.map(|(_, layout)| layout)
}
