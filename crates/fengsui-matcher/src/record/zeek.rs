//! Zeek's tab-separated logs: a header of `#` lines says how the rows below it are to be read.

use std::borrow::Cow;

use super::{Compare, Format, MAX_FIELDS, Record, RecordError, Value};

/// What the header said last; a file may hold several logs behind each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    separator: Option<String>,
    set_separator: Option<String>,
    empty: Option<String>,
    unset: Option<String>,
    fields: Vec<String>,
    types: Vec<String>,
}

impl Header {
    /// Takes a header line in, or a row apart.
    pub(super) fn line<'a>(&mut self, line: &'a str) -> Result<Option<Record<'a>>, RecordError> {
        match line.strip_prefix('#') {
            Some(header) => {
                self.header(header);
                Ok(None)
            }
            None => self.row(line).map(Some),
        }
    }

    fn header(&mut self, line: &str) {
        if let Some(separator) = line.strip_prefix("separator ") {
            *self = Self { separator: Some(unescaped(separator).into_owned()), ..Self::default() };
            return;
        }
        let mut cells = line.split(self.separator());
        let (name, rest): (_, Vec<String>) = (cells.next(), cells.map(str::to_owned).collect());
        let first = rest.first().cloned();
        match name {
            Some("fields") => {
                self.fields = rest;
                self.types.clear();
            }
            Some("types") => self.types = rest,
            Some("set_separator") => self.set_separator = first,
            Some("empty_field") => self.empty = first,
            Some("unset_field") => self.unset = first,
            _ => {}
        }
    }

    fn separator(&self) -> &str {
        self.separator.as_deref().filter(|text| !text.is_empty()).unwrap_or("\t")
    }

    fn row<'a>(&self, line: &'a str) -> Result<Record<'a>, RecordError> {
        if self.fields.is_empty() {
            return Err(RecordError::NoHeader);
        }
        let found = line.split(self.separator()).count();
        if found != self.fields.len() {
            return Err(RecordError::Columns { found, wanted: self.fields.len() });
        }
        let mut record = Record::new(Format::Zeek);
        let unset = self.unset.as_deref().unwrap_or("-");
        let empty = self.empty.as_deref().unwrap_or("(empty)");
        for (at, (name, cell)) in self.fields.iter().zip(line.split(self.separator())).enumerate() {
            if cell == unset || cell == empty {
                continue;
            }
            let compare = if name == "referrer" { Compare::Not } else { Compare::Whole };
            let kind = self.types.get(at).map_or("", String::as_str);
            if kind.starts_with("set[") || kind.starts_with("vector[") {
                let separator = self.set_separator.as_deref().filter(|text| !text.is_empty()).unwrap_or(",");
                for (index, item) in cell.split(separator).enumerate() {
                    record.push(&format!("{name}[{index}]"), Value::Text(unescaped(item)), compare);
                }
            } else {
                record.push(name, Value::Text(unescaped(cell)), compare);
            }
            if record.fields.len() > MAX_FIELDS {
                return Err(RecordError::TooMany);
            }
        }
        Ok(record)
    }
}

/// A value with Zeek's `\xHH` undone; bytes that are no UTF-8 are replaced.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        let code = rest.strip_prefix(b"x").and_then(|digits| {
            let digit = |at: usize| digits.get(at).and_then(|byte| char::from(*byte).to_digit(16));
            u8::try_from(digit(0)? << 4 | digit(1)?).ok()
        });
        let (byte, behind) = match (first, code, rest) {
            (b'\\', Some(byte), _) => (byte, &rest[3..]),
            (b'\\', None, [b'\\', more @ ..]) => (b'\\', more),
            _ => (*first, rest),
        };
        out.push(byte);
        bytes = behind;
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}
