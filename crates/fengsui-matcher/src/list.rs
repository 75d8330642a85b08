//! Indicator lists from outside: plain lists, CSV and hosts files.
//!
//! A list is read as a stream. A line that cannot be used is handed over as a [`ListReject`] with its
//! number, its value, the reason and what would be right, and the rest of the list goes on. The
//! format is told from the first lines unless the caller names it.

use std::fmt;
use std::io::{self, BufRead};
use std::sync::Arc;

use crate::indicator::Indicator;
use crate::lines::{Line, Lines};
use crate::pattern::Pattern;
use crate::unreadable::Unreadable;

mod columns;
mod csv;
mod detect;
mod hosts;
mod plain;

/// Bytes of a line: a value of 8 KiB beside seven further columns of that size.
pub const MAX_LIST_LINE_BYTES: usize = 65_536;
/// Lines of a list: the threat library is built for tens of millions of records (design, section 4).
pub const MAX_LIST_LINES: u64 = 50_000_000;
/// Characters of a rejected value that are shown.
pub const MAX_SHOWN_CHARS: usize = 120;
/// Characters of a note that are kept.
pub const MAX_NOTE_CHARS: usize = 200;
/// Lines that are looked at to tell the format.
pub(crate) const SAMPLE_LINES: usize = 200;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// One value a line; remarks after `#`, `//` or `;`.
    Plain,
    /// Columns, with or without a header.
    Csv,
    /// `0.0.0.0 name name…`, as for the resolver of a host.
    Hosts,
}

impl ListFormat {
    /// Every format, in order.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Csv, Self::Hosts];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "list",
            Self::Csv => "csv",
            Self::Hosts => "hosts",
        }
    }

    /// The format a name stands for.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for ListFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How to read a list.
#[derive(Clone, Debug)]
pub struct ListOptions {
    /// The name under which its indicators are known.
    pub source: Arc<str>,
    /// Its format; told from its first lines if none.
    pub format: Option<ListFormat>,
    /// What its indicators are trusted with if it does not say so itself, 0 to 100.
    pub confidence: Option<u8>,
    /// Indicators it may hold; whatever comes after them is rejected.
    pub max: u64,
}

impl ListOptions {
    /// Options for a list of this name, with nothing else said. A line may hold several indicators, so
    /// only its lines are bounded ([`MAX_LIST_LINES`]) until somebody says [`Self::max`].
    pub fn new(source: impl Into<Arc<str>>) -> Self {
        Self { source: source.into(), format: None, confidence: None, max: u64::MAX }
    }
}

/// A line, or a value of it, that was left out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{value}` {why}; {}", why.right())]
pub struct ListReject {
    /// The line, from 1.
    pub line: u64,
    /// The value, cut to [`MAX_SHOWN_CHARS`], control characters escaped.
    pub value: String,
    /// The reason.
    pub why: RejectReason,
}

/// Why a line of a list was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum RejectReason {
    /// The value names nothing that can be matched.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Longer than [`MAX_LIST_LINE_BYTES`].
    #[error("is a line of more than {MAX_LIST_LINE_BYTES} bytes")]
    LineTooLong,
    /// A quote that is not closed within 32 lines.
    #[error("has a quote that is not closed")]
    Quote,
    /// The row is too short to hold the value.
    #[error("has no value in the indicator's column")]
    NoValue,
    /// The type column names something that is not matched, such as a file name.
    #[error("is of a type that is not matched")]
    Type,
    /// A hosts line that maps a name to a real address.
    #[error("is mapped to an address that is no sink")]
    NoSink,
    /// The list is full: [`ListOptions::max`] indicators were taken before it.
    #[error("stands after the last indicator that one list takes")]
    Full,
}

impl RejectReason {
    /// The reasons that concern a list and not a value, in order.
    const OWN: [Self; 6] =
        [Self::LineTooLong, Self::Quote, Self::NoValue, Self::Type, Self::NoSink, Self::Full];

    /// Every reason, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        Unreadable::ALL.into_iter().map(Self::Unreadable).chain(Self::OWN)
    }

    /// The stable code; codes are added, never renamed.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable(why) => why.code(),
            Self::LineTooLong => "line_too_long",
            Self::Quote => "open_quote",
            Self::NoValue => "no_value",
            Self::Type => "other_type",
            Self::NoSink => "no_sink",
            Self::Full => "list_full",
        }
    }

    /// What would be right, as a piece of advice.
    pub const fn right(self) -> &'static str {
        match self {
            Self::Unreadable(why) => why.right(),
            Self::LineTooLong => "write one value a line",
            Self::Quote => "close the quote in the same row; a quote inside is written twice",
            Self::NoValue => "fill every row with as many columns as the header has",
            Self::Type => "domain, ip, cidr, url, ip:port, md5, sha1, sha256 or sha512",
            Self::NoSink => "`0.0.0.0`, `127.0.0.1`, `::` or `::1` before the names",
            Self::Full => "split it into several lists",
        }
    }
}

/// What became of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListSummary {
    /// The format it was read in.
    pub format: ListFormat,
    /// Its lines.
    pub lines: u64,
    /// Indicators handed over.
    pub accepted: u64,
    /// Values left out with a reason.
    pub rejected: u64,
    /// Blank lines, remarks and the header.
    pub remarks: u64,
    /// Names of the host itself (`localhost` and the like) in a hosts file.
    pub skipped: u64,
}

/// Why reading a list stopped.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The stream failed.
    #[error("cannot read list `{list}` after line {line}")]
    Read {
        /// The list's name.
        list: Arc<str>,
        /// The last line that was read.
        line: u64,
        /// What the stream said.
        source: io::Error,
    },
    /// More than [`MAX_LIST_LINES`] lines.
    #[error("list `{list}` has more than {MAX_LIST_LINES} lines")]
    TooManyLines {
        /// The list's name.
        list: Arc<str>,
    },
}

/// Reads a list and hands over each indicator and each reject, in the list's order.
///
/// # Errors
/// [`ListError`] if the stream fails or has too many lines; what was handed over before stands.
pub fn read_list(
    reader: impl BufRead,
    options: &ListOptions,
    on: &mut dyn FnMut(Result<Indicator, ListReject>),
) -> Result<ListSummary, ListError> {
    let mut lines = Lines::new(reader, MAX_LIST_LINE_BYTES);
    let mut sample = Vec::new();
    while sample.len() < SAMPLE_LINES {
        match next_line(&mut lines, options)? {
            Some(line) => sample.push(line),
            None => break,
        }
    }
    let format = options.format.unwrap_or_else(|| detect::format(&sample));
    let mut parser = Parser::new(format, &sample);
    let mut sink = Sink::new(options, format, on);
    for (index, line) in (1..).zip(&sample) {
        feed(&mut parser, &mut sink, index, line);
    }
    while let Some(line) = next_line(&mut lines, options)? {
        feed(&mut parser, &mut sink, lines.number(), &line);
    }
    parser.finish(&mut sink);
    Ok(sink.summary)
}

/// A line as text, or none for one over the limit.
type ListLine = Option<String>;

fn next_line<R: BufRead>(lines: &mut Lines<R>, options: &ListOptions) -> Result<Option<ListLine>, ListError> {
    let before = lines.number();
    let read = lines.next().map(|line| {
        line.map(|line| match line {
            Line::Whole(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Line::TooLong { .. } => None,
        })
    });
    match read {
        Err(source) => Err(ListError::Read { list: options.source.clone(), line: before, source }),
        Ok(Some(_)) if before >= MAX_LIST_LINES => {
            Err(ListError::TooManyLines { list: options.source.clone() })
        }
        Ok(line) => Ok(line),
    }
}

fn feed(parser: &mut Parser, sink: &mut Sink<'_>, number: u64, line: &ListLine) {
    sink.summary.lines += 1;
    match line {
        Some(text) => parser.line(sink, number, text),
        None => sink.reject(number, "", RejectReason::LineTooLong),
    }
}

/// The parser of one format, with what it remembers between lines.
enum Parser {
    Plain(plain::Plain),
    Csv(csv::Csv),
    Hosts,
}

impl Parser {
    fn new(format: ListFormat, sample: &[ListLine]) -> Self {
        match format {
            ListFormat::Plain => Self::Plain(plain::Plain::default()),
            ListFormat::Csv => Self::Csv(csv::Csv::new(detect::table(sample))),
            ListFormat::Hosts => Self::Hosts,
        }
    }

    fn line(&mut self, sink: &mut Sink<'_>, number: u64, text: &str) {
        match self {
            Self::Plain(plain) => plain.line(sink, number, text),
            Self::Csv(csv) => csv.line(sink, number, text),
            Self::Hosts => hosts::line(sink, number, text),
        }
    }

    fn finish(&mut self, sink: &mut Sink<'_>) {
        if let Self::Csv(csv) = self {
            csv.finish(sink);
        }
    }
}

/// Where parsers put what they find; counts as it goes.
struct Sink<'a> {
    options: &'a ListOptions,
    summary: ListSummary,
    on: &'a mut dyn FnMut(Result<Indicator, ListReject>),
}

impl<'a> Sink<'a> {
    fn new(
        options: &'a ListOptions,
        format: ListFormat,
        on: &'a mut dyn FnMut(Result<Indicator, ListReject>),
    ) -> Self {
        let summary = ListSummary { format, lines: 0, accepted: 0, rejected: 0, remarks: 0, skipped: 0 };
        Self { options, summary, on }
    }

    /// Takes one value: an indicator if it reads as one, else a reject.
    fn value(&mut self, line: u64, written: &str, note: Option<&str>, confidence: Option<u8>) {
        match Pattern::read(written) {
            Err(why) => self.reject(line, written, why.into()),
            Ok(_) if self.summary.accepted >= self.options.max => {
                self.reject(line, written, RejectReason::Full);
            }
            Ok(pattern) => {
                self.summary.accepted += 1;
                (self.on)(Ok(Indicator {
                    pattern,
                    written: written.trim().to_owned(),
                    source: self.options.source.clone(),
                    line,
                    note: note.and_then(short_note),
                    confidence: confidence.or(self.options.confidence),
                }));
            }
        }
    }

    fn reject(&mut self, line: u64, value: &str, why: RejectReason) {
        self.summary.rejected += 1;
        (self.on)(Err(ListReject { line, value: shown(value), why }));
    }
}

/// A note trimmed and cut to [`MAX_NOTE_CHARS`], or none if nothing is left.
fn short_note(note: &str) -> Option<String> {
    let note: String = note.trim().chars().filter(|c| !c.is_control()).take(MAX_NOTE_CHARS).collect();
    if note.is_empty() { None } else { Some(note) }
}

/// A value safe to print: cut to [`MAX_SHOWN_CHARS`], control characters escaped.
pub(crate) fn shown(value: &str) -> String {
    let mut out = String::new();
    for (at, c) in value.trim().chars().enumerate() {
        if at == MAX_SHOWN_CHARS {
            out.push('…');
            break;
        }
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Whether a trimmed line is a remark as a whole.
fn is_remark(line: &str) -> bool {
    line.starts_with(['#', ';']) || line.starts_with("//")
}

#[cfg(test)]
mod tests;
