//! Lists in columns, split at commas, semicolons, tabs or bars.
//!
//! Quoted cells may run over several lines, but only over [`MAX_ROW_LINES`]: one stray quote must not
//! swallow the rest of the list. When the limit is met the line with the quote is rejected and the
//! lines after it are read on their own.

use std::collections::VecDeque;

use super::columns::{Role, is_matched_type, role};
use super::{MAX_LIST_LINE_BYTES, RejectReason, Sink};
use crate::pattern::Pattern;

/// Lines of one row.
pub(super) const MAX_ROW_LINES: usize = 32;

/// How a table is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// What parts the cells.
    pub delimiter: char,
    /// The columns that hold indicators; more than one only if they are typed.
    pub values: Vec<usize>,
    /// Further columns.
    pub kind: Option<usize>,
    /// Where the confidence stands.
    pub confidence: Option<usize>,
    /// Where the note stands; without a header, the first cell that is neither value nor type.
    pub note: Option<usize>,
    /// The line of the header, if there is one.
    pub header: Option<u64>,
}

/// The rows of a table, put together from lines.
#[derive(Debug)]
pub(super) struct Csv {
    layout: Layout,
    open: VecDeque<(u64, String)>,
}

impl Csv {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, open: VecDeque::new() }
    }

    pub(super) fn line(&mut self, sink: &mut Sink<'_>, number: u64, text: &str) {
        if self.open.is_empty() {
            let trimmed = text.trim();
            if self.layout.header == Some(number) || trimmed.is_empty() || trimmed.starts_with('#') {
                sink.summary.remarks += 1;
                return;
            }
            if !is_open(text, self.layout.delimiter) {
                return self.row(sink, number, text);
            }
        }
        self.open.push_back((number, text.to_owned()));
        let row = self.joined();
        if !is_open(&row, self.layout.delimiter) {
            let first = self.open[0].0;
            self.open.clear();
            self.row(sink, first, &row);
        } else if self.open.len() >= MAX_ROW_LINES || row.len() > MAX_LIST_LINE_BYTES {
            self.give_up(sink);
        }
    }

    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) {
        while !self.open.is_empty() {
            self.give_up(sink);
        }
    }

    fn joined(&self) -> String {
        let lines: Vec<&str> = self.open.iter().map(|(_, line)| line.as_str()).collect();
        lines.join("\n")
    }

    /// Rejects the first open line and reads the others again.
    fn give_up(&mut self, sink: &mut Sink<'_>) {
        let Some((number, text)) = self.open.pop_front() else {
            return;
        };
        sink.reject(number, &text, RejectReason::Quote);
        for (number, text) in std::mem::take(&mut self.open) {
            self.line(sink, number, &text);
        }
    }

    fn row(&self, sink: &mut Sink<'_>, number: u64, text: &str) {
        let cells = cells(text, self.layout.delimiter);
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        let typed = self.layout.values.len() > 1;
        let found: Vec<&str> = self.layout.values.iter().filter_map(|at| cell(*at)).collect();
        if found.is_empty() {
            return sink.reject(number, text, RejectReason::NoValue);
        }
        let kind = self.layout.kind.and_then(cell);
        if !typed && kind.is_some_and(|word| !is_matched_type(word)) {
            return sink.reject(number, text, RejectReason::Type);
        }
        let confidence = self.layout.confidence.and_then(cell).and_then(|text| text.parse().ok());
        let note = match self.layout.header {
            Some(_) => self.layout.note.and_then(cell),
            None => (0..cells.len())
                .filter(|at| !self.layout.values.contains(at))
                .find_map(|at| cell(at).filter(|text| !is_matched_type(text))),
        };
        for value in found {
            sink.value(number, value, note, confidence.filter(|sure| *sure <= 100));
        }
    }
}

/// The cells of one whole row.
pub(super) fn cells(row: &str, delimiter: char) -> Vec<String> {
    if !row.contains('"') {
        return row.split(delimiter).map(str::to_owned).collect();
    }
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(row.len().max(1))
        .from_reader(row.as_bytes());
    let mut record = ::csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(_) => record.iter().map(str::to_owned).collect(),
        // Reading from memory that is UTF-8 cannot fail; if it did, the row has no cells.
        Err(_) => Vec::new(),
    }
}

/// Whether a quoted cell is still open at the end of `text`.
fn is_open(text: &str, delimiter: char) -> bool {
    // A doubled quote closes the cell and opens it again, which comes to the same.
    let (mut inside, mut may_open) = (false, true);
    for c in text.chars() {
        if c == '"' && (inside || may_open) {
            inside = !inside;
            may_open = !inside;
        } else if !inside {
            may_open = c == delimiter || c == '\n';
        }
    }
    inside
}

/// The layout that a header row describes, if it names a column of indicators and holds none itself.
pub(super) fn layout(row: &str, delimiter: char, header: u64) -> Option<Layout> {
    let names = cells(row, delimiter);
    if names.iter().any(|name| Pattern::read(name).is_ok()) {
        return None;
    }
    let roles: Vec<Option<Role>> = names.iter().map(|name| role(name)).collect();
    let with = |wanted: Role| -> Vec<usize> {
        roles.iter().enumerate().filter(|(_, role)| **role == Some(wanted)).map(|(at, _)| at).collect()
    };
    let mut values = with(Role::Value);
    values.truncate(1);
    if values.is_empty() {
        values = with(Role::Typed);
    }
    if values.is_empty() {
        return None;
    }
    let notes = roles.iter().enumerate().filter_map(|(at, role)| match role {
        Some(Role::Note(rank)) => Some((*rank, at)),
        _ => None,
    });
    Some(Layout {
        delimiter,
        values,
        kind: with(Role::Type).first().copied(),
        confidence: with(Role::Confidence).first().copied(),
        note: notes.min().map(|(_, at)| at),
        header: Some(header),
    })
}
