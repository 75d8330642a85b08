//! JSON records: every string, number and truth value at any depth becomes a field.
//!
//! A key that is given twice gives two fields: no reader's choice of the first or the last can hide
//! one of them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::{Compare, Format, MAX_DEPTH, MAX_FIELDS, MAX_PATH_BYTES, Record, RecordError, Value};

/// Fields that name a host without the record being about traffic with it: the page a client came from.
const NOT_COMPARED: [(Format, &str); 2] = [(Format::Eve, "http.http_refer"), (Format::Zeek, "referrer")];

/// Reads one line.
pub(super) fn record(line: &str, format: Format) -> Result<Record<'_>, RecordError> {
    match flatten(line, format) {
        Err(RecordError::Json(error)) => match without_lone_surrogates(line) {
            Some(fixed) => flatten(&fixed, format).map(Record::into_owned),
            None => Err(RecordError::Json(error)),
        },
        other => other,
    }
}

fn flatten(line: &str, format: Format) -> Result<Record<'_>, RecordError> {
    let mut flat = Flat { record: Record::new(format), path: String::new(), depth: 0, trouble: None };
    let mut reader = serde_json::Deserializer::from_str(line);
    let read = flat.deserialize(&mut reader).and_then(|()| reader.end());
    match (flat.trouble, read) {
        (Some(trouble), _) => Err(trouble),
        (None, Err(error)) => Err(RecordError::Json(error)),
        (None, Ok(())) if !line.trim_start().starts_with(['{', '[']) => Err(RecordError::NoObject),
        (None, Ok(())) => Ok(flat.record),
    }
}

/// What is read so far, and where the reader stands.
struct Flat<'a> {
    record: Record<'a>,
    path: String,
    depth: usize,
    trouble: Option<RecordError>,
}

impl<'a> Flat<'a> {
    fn push<E: serde::de::Error>(&mut self, value: Value<'a>) -> Result<(), E> {
        if self.record.fields.len() >= MAX_FIELDS {
            return Err(self.stop(RecordError::TooMany));
        }
        let skipped = NOT_COMPARED.contains(&(self.record.format, self.path.as_str()));
        let compare = match value {
            Value::Text(_) if !skipped => Compare::Whole,
            _ => Compare::Not,
        };
        self.record.push(&self.path, value, compare);
        Ok(())
    }

    /// Ends the reading; the reader's own error is not the one that is shown.
    fn stop<E: serde::de::Error>(&mut self, trouble: RecordError) -> E {
        let error = E::custom(&trouble);
        self.trouble = Some(trouble);
        error
    }

    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.stop(RecordError::TooDeep)) } else { Ok(()) }
    }

    /// Appends a key or an index; a path that is too long already is left as it is.
    fn descend(&mut self, step: fmt::Arguments<'_>) -> usize {
        let before = self.path.len();
        if before <= MAX_PATH_BYTES {
            fmt::write(&mut self.path, step).expect("a string takes any text");
            // One key can be as long as the line; what makes the path too long is enough of it.
            let most = self.path.floor_char_boundary(MAX_PATH_BYTES + 4);
            self.path.truncate(most);
        }
        before
    }
}

impl<'a> DeserializeSeed<'a> for &mut Flat<'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for &mut Flat<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'a str) -> Result<(), E> {
        self.push(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.push(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.push(Value::Number(number.into()))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.push(Value::Number(number.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("a number out of range"))?;
        self.push(Value::Number(number))
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<(), E> {
        self.push(Value::Bool(truth))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        self.enter()?;
        while let Some(key) = map.next_key::<Key<'a>>()? {
            let dot = if self.path.is_empty() { "" } else { "." };
            let before = self.descend(format_args!("{dot}{}", key.0));
            map.next_value_seed(&mut *self)?;
            self.path.truncate(before);
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        self.enter()?;
        for at in 0_usize.. {
            let before = self.descend(format_args!("[{at}]"));
            let more = list.next_element_seed(&mut *self)?;
            self.path.truncate(before);
            if more.is_none() {
                break;
            }
        }
        self.depth -= 1;
        Ok(())
    }
}

/// A key, borrowed from the line where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'a> serde::Deserialize<'a> for Key<'a> {
    fn deserialize<D: Deserializer<'a>>(reader: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'a> Visitor<'a> for KeyVisitor {
            type Value = Key<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'a str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        reader.deserialize_str(KeyVisitor)
    }
}

/// The line with halves of surrogate pairs replaced, which some writers leave behind when they cut a
/// text; none if there is none.
fn without_lone_surrogates(line: &str) -> Option<String> {
    let mut out = String::with_capacity(line.len());
    let (mut kept, mut at, mut changed) = (0, 0, false);
    while let Some(step) = memchr::memchr(b'\\', &line.as_bytes()[at..]) {
        at += step;
        match (surrogate(line, at), surrogate(line, at + 6)) {
            (Some(Half::High), Some(Half::Low)) => at += 12,
            (Some(_), _) => {
                out.push_str(&line[kept..at]);
                out.push_str(r"\ufffd");
                at += 6;
                (kept, changed) = (at, true);
            }
            (None, _) => at = (at + 2).min(line.len()),
        }
        at = line.ceil_char_boundary(at);
    }
    out.push_str(&line[kept..]);
    changed.then_some(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// Which half of a pair the escape at `at` is.
fn surrogate(line: &str, at: usize) -> Option<Half> {
    let escape = line.as_bytes().get(at..at + 6)?;
    match escape {
        [b'\\', b'u', b'd' | b'D', b'8'..=b'9' | b'a'..=b'b' | b'A'..=b'B', ..] => Some(Half::High),
        [b'\\', b'u', b'd' | b'D', b'c'..=b'f' | b'C'..=b'F', ..] => Some(Half::Low),
        _ => None,
    }
}
