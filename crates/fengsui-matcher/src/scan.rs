//! Searching a stream of log lines.
//!
//! A line that is no record of the format is handed over as a reject, with its number and the reason,
//! and the rest goes on; a line over the limit is skipped without being held. Bytes that are no UTF-8
//! are replaced, so one bad byte does not hide a line.
//!
//! A line counts once, however many hits it has. A weak hit (the address of an `ip:port` without its
//! port) is handed over and marked, but a line with nothing else is counted apart: it is a hint, not a
//! finding.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use crate::index::Index;
use crate::lines::{Line, Lines};
use crate::list::shown;
use crate::record::{Format, MAX_LINE_BYTES, RecordError, RecordParser, detect};
use crate::search::{Hit, search_record};

/// A line that is no record.
#[derive(Debug, thiserror::Error)]
#[error("line {line}{}: `{value}` {why}; {}", in_column(*column), why.right())]
pub struct LineReject {
    /// The line, from 1.
    pub line: u64,
    /// The column where reading failed, from 1, if it is known.
    pub column: Option<usize>,
    /// The line's front, safe to print.
    pub value: String,
    /// The reason; its own cause is in `source()` of it.
    pub why: RecordError,
}

fn in_column(column: Option<usize>) -> String {
    column.map(|column| format!(", column {column}")).unwrap_or_default()
}

/// What became of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanSummary {
    /// The format it was read in.
    pub format: Format,
    /// Its lines, blank ones and headers with them.
    pub lines: u64,
    /// Lines that are records.
    pub records: u64,
    /// Lines with at least one hit that is not weak: the findings.
    pub hit_lines: u64,
    /// Lines with weak hits only.
    pub weak_lines: u64,
    /// Hits that are not weak.
    pub hits: u64,
    /// Weak hits.
    pub weak_hits: u64,
    /// Hits left out of lines that had too many.
    pub left_out: u64,
    /// Lines that are no records.
    pub rejected: u64,
}

/// Why a scan stopped.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the log after line {line}")]
pub struct ScanError {
    /// The last line that was read.
    pub line: u64,
    /// What the stream said.
    pub source: io::Error,
}

/// Searches a stream to its end, or until a callback breaks off.
///
/// Without a format, the first [`detect::SAMPLE_LINES`] lines tell it.
///
/// # Errors
/// [`ScanError`] if the stream fails; what was handed over before stands.
pub fn scan(
    reader: impl BufRead,
    format: Option<Format>,
    index: &Index,
    on_hit: &mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
    on_reject: &mut dyn FnMut(&LineReject) -> ControlFlow<()>,
) -> Result<ScanSummary, ScanError> {
    let mut lines = Lines::new(reader, MAX_LINE_BYTES);
    let mut sample = Vec::new();
    let mut told = 0;
    while format.is_none() && told < detect::SAMPLE_LINES {
        let Some(line) = next_line(&mut lines)? else { break };
        told += usize::from(line.as_ref().is_ok_and(|text| !text.trim().is_empty()));
        sample.push(line);
    }
    let format = format.unwrap_or_else(|| {
        detect::format(sample.iter().filter_map(|line| line.as_ref().ok()).map(String::as_str))
    });
    let mut scan =
        Scan { index, parser: RecordParser::new(format), summary: empty(format), on_hit, on_reject };
    for line in sample {
        if scan.line(line).is_break() {
            return Ok(scan.summary);
        }
    }
    while let Some(line) = next_line(&mut lines)? {
        if scan.line(line).is_break() {
            break;
        }
    }
    Ok(scan.summary)
}

/// A line as text, or the reason why it is not held.
type ScanLine = Result<String, RecordError>;

fn next_line<R: BufRead>(lines: &mut Lines<R>) -> Result<Option<ScanLine>, ScanError> {
    let before = lines.number();
    match lines.next() {
        Ok(line) => Ok(line.map(|line| match line {
            Line::Whole(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Line::TooLong { .. } => Err(RecordError::TooLong),
        })),
        Err(source) => Err(ScanError { line: before, source }),
    }
}

const fn empty(format: Format) -> ScanSummary {
    ScanSummary {
        format,
        lines: 0,
        records: 0,
        hit_lines: 0,
        weak_lines: 0,
        hits: 0,
        weak_hits: 0,
        left_out: 0,
        rejected: 0,
    }
}

struct Scan<'s> {
    index: &'s Index,
    parser: RecordParser,
    summary: ScanSummary,
    on_hit: &'s mut dyn FnMut(&Hit<'_>) -> ControlFlow<()>,
    on_reject: &'s mut dyn FnMut(&LineReject) -> ControlFlow<()>,
}

impl Scan<'_> {
    fn line(&mut self, line: ScanLine) -> ControlFlow<()> {
        self.summary.lines += 1;
        let text = match line {
            Ok(text) => text,
            Err(why) => return self.reject("", why),
        };
        let record = match self.parser.parse(&text) {
            Ok(Some(record)) => record,
            Ok(None) => return ControlFlow::Continue(()),
            Err(why) => return self.reject(&text, why),
        };
        let (tally, flow) = search_record(self.index, &record, self.summary.lines, self.on_hit);
        let summary = &mut self.summary;
        summary.records += 1;
        summary.hits += tally.strong;
        summary.weak_hits += tally.weak;
        summary.left_out += tally.left_out;
        summary.hit_lines += u64::from(tally.strong > 0);
        summary.weak_lines += u64::from(tally.strong == 0 && tally.weak > 0);
        flow
    }

    fn reject(&mut self, text: &str, why: RecordError) -> ControlFlow<()> {
        self.summary.rejected += 1;
        let column = match &why {
            RecordError::Json(error) => Some(error.column()).filter(|column| *column > 0),
            _ => None,
        };
        (self.on_reject)(&LineReject { line: self.summary.lines, column, value: shown(text), why })
    }
}

#[cfg(test)]
mod tests;
