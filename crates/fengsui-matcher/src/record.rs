//! One line of a log as a record: fields with a path, in the formats that logs come in.
//!
//! A record keeps every value of the line and says for each how it is compared: as a whole, as free
//! text, or not at all. Who wrote it, when, and between whom are read from it by [`Record::envelope`].

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde_json::Number;

pub mod access;
pub mod detect;
pub mod envelope;
mod json;
mod syslog;
pub mod time;
mod zeek;

pub use envelope::{Envelope, Party};
pub use time::TimeContext;

/// Bytes of a line: an audit record of a cloud (256 kB at most) four times over.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// Levels of nesting in a JSON record; half of what the JSON reader itself allows.
pub const MAX_DEPTH: usize = 64;
/// Values in a record.
pub const MAX_FIELDS: usize = 10_000;
/// Bytes of a path; a longer one ends in `…`.
pub const MAX_PATH_BYTES: usize = 512;

/// How the lines of a log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Suricata's EVE: one JSON object a line.
    Eve,
    /// Zeek's logs: JSON lines, or tab-separated with `#fields`.
    Zeek,
    /// One JSON object a line, of whatever origin.
    Ndjson,
    /// RFC 5424, RFC 3164, or RFC 3164 with an ISO time.
    Syslog,
    /// Free text.
    Text,
}

impl Format {
    /// Every format, by its name's order.
    pub const ALL: [Self; 5] = [Self::Eve, Self::Ndjson, Self::Syslog, Self::Text, Self::Zeek];

    /// The stable name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eve => "eve",
            Self::Zeek => "zeek",
            Self::Ndjson => "ndjson",
            Self::Syslog => "syslog",
            Self::Text => "text",
        }
    }

    /// The format of this name; `auto` is none.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a value is compared with indicators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As a whole.
    Whole,
    /// By its tokens.
    Text,
    /// Not at all.
    Not,
}

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// A number.
    Number(Number),
    /// A truth value.
    Bool(bool),
}

#[derive(Clone, Debug)]
struct Stored<'a> {
    path: Range<usize>,
    value: Value<'a>,
    compare: Compare,
}

/// A field of a record as it is handed out.
#[derive(Clone, Copy, Debug)]
pub struct Field<'r> {
    /// Where the value stands: `dns.answers[0].rdata`.
    pub path: &'r str,
    /// The value.
    pub value: &'r Value<'r>,
    /// How it is compared.
    pub compare: Compare,
}

impl<'r> Field<'r> {
    /// The value if it is a string.
    pub fn text(&self) -> Option<&'r str> {
        match self.value {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => None,
        }
    }
}

/// A line of a log, taken apart.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    format: Format,
    paths: String,
    fields: Vec<Stored<'a>>,
}

impl<'a> Record<'a> {
    fn new(format: Format) -> Self {
        Self { format, paths: String::new(), fields: Vec::new() }
    }

    /// The format it was read in.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Its fields in the line's order.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.fields.iter().map(|stored| Field {
            path: &self.paths[stored.path.clone()],
            value: &stored.value,
            compare: stored.compare,
        })
    }

    /// The first field of this path.
    pub fn field(&self, path: &str) -> Option<Field<'_>> {
        self.fields().find(|field| field.path == path)
    }

    /// The first field of this path, if it is a string.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.field(path).and_then(|field| field.text())
    }

    fn push(&mut self, path: &str, value: Value<'a>, compare: Compare) {
        let start = self.paths.len();
        if path.len() > MAX_PATH_BYTES {
            self.paths.push_str(&path[..path.floor_char_boundary(MAX_PATH_BYTES - '…'.len_utf8())]);
            self.paths.push('…');
        } else {
            self.paths.push_str(path);
        }
        self.fields.push(Stored { path: start..self.paths.len(), value, compare });
    }

    fn push_text(&mut self, path: &str, text: &'a str, compare: Compare) {
        self.push(path, Value::Text(Cow::Borrowed(text)), compare);
    }

    fn into_owned<'b>(self) -> Record<'b> {
        let own = |stored: Stored<'a>| Stored {
            path: stored.path,
            value: match stored.value {
                Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
                Value::Number(number) => Value::Number(number),
                Value::Bool(truth) => Value::Bool(truth),
            },
            compare: stored.compare,
        };
        Record { format: self.format, paths: self.paths, fields: self.fields.into_iter().map(own).collect() }
    }
}

/// Why a line is no record of its format.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not JSON, or cut off.
    #[error("is not JSON")]
    Json(#[source] serde_json::Error),
    /// A JSON value that is neither object nor array.
    #[error("is JSON, but no object")]
    NoObject,
    /// More levels than [`MAX_DEPTH`].
    #[error("is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// More values than [`MAX_FIELDS`].
    #[error("holds more than {MAX_FIELDS} values")]
    TooMany,
    /// Tab-separated lines before any `#fields`.
    #[error("has no `#fields` line before it")]
    NoHeader,
    /// A row that does not fit its header.
    #[error("has {found} columns where `#fields` names {wanted}")]
    Columns {
        /// The columns of the row.
        found: usize,
        /// The columns of the header.
        wanted: usize,
    },
    /// Longer than [`MAX_LINE_BYTES`].
    #[error("is longer than {MAX_LINE_BYTES} bytes")]
    TooLong,
}

impl RecordError {
    /// What would be right, as a piece of advice.
    pub const fn right(&self) -> &'static str {
        match self {
            Self::Json(_) | Self::NoObject => "one whole JSON object a line, or another `--format`",
            Self::TooDeep | Self::TooMany | Self::TooLong => "split the record",
            Self::NoHeader => "start with Zeek's own header, or use another `--format`",
            Self::Columns { .. } => "as many columns as `#fields` names",
        }
    }
}

/// Whether a line starts as syslog does: with a priority, or with a time and a host.
fn syslog_header(line: &str) -> bool {
    let record = syslog::record(line);
    record.field("timestamp").is_some() || record.field("priority").is_some()
}

/// Reads the lines of one stream; remembers what a header said.
#[derive(Clone, Debug)]
pub struct RecordParser {
    format: Format,
    zeek: zeek::Header,
}

impl RecordParser {
    /// A parser for one stream of this format.
    pub fn new(format: Format) -> Self {
        Self { format, zeek: zeek::Header::default() }
    }

    /// The format.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// Takes one line apart. A blank line, and a header, is no record.
    ///
    /// # Errors
    /// [`RecordError`] if the line is not of the format; the next line may well be.
    pub fn parse<'a>(&mut self, line: &'a str) -> Result<Option<Record<'a>>, RecordError> {
        if line.len() > MAX_LINE_BYTES {
            return Err(RecordError::TooLong);
        }
        if line.trim().is_empty() {
            return Ok(None);
        }
        match self.format {
            Format::Eve | Format::Ndjson => json::record(line, self.format).map(Some),
            Format::Zeek if line.starts_with('{') => json::record(line, self.format).map(Some),
            Format::Zeek => self.zeek.line(line),
            Format::Syslog => Ok(Some(syslog::record(line))),
            Format::Text => {
                let mut record = Record::new(Format::Text);
                record.push_text("text", line, Compare::Text);
                Ok(Some(record))
            }
        }
    }
}

#[cfg(test)]
mod tests;
