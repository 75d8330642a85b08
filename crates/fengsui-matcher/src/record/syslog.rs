//! Syslog lines: RFC 5424, RFC 3164, and RFC 3164 with an ISO time as common daemons write it.
//!
//! Reading is tolerant as RFC 3164 (4.3) asks of a relay: what has no known header is all message, so
//! no line is refused. Fields are `priority`, `timestamp`, `host`, `program`, `pid`, `msgid`,
//! `sd.ID.NAME` and `message`.

use std::borrow::Cow;

use super::{Compare, Format, MAX_FIELDS, Record, Value, time};

/// The highest priority: facility 23, severity 7 (RFC 5424, 6.2.1).
const MAX_PRIORITY: u8 = 191;
/// Characters of a tag; RFC 3164 (4.1.3) has 32, daemons with paths in their names more.
const MAX_TAG_BYTES: usize = 96;

/// Takes a line apart.
pub(super) fn record(line: &str) -> Record<'_> {
    let mut record = Record::new(Format::Syslog);
    let (priority, rest) = split_priority(line);
    if let Some(priority) = priority {
        record.push("priority", Value::Number(priority.into()), Compare::Not);
        if rfc5424(rest, &mut record).is_some() {
            return record;
        }
        record.fields.truncate(1);
    }
    rfc3164(rest, &mut record);
    record
}

/// Splits `<PRI>` off.
fn split_priority(line: &str) -> (Option<u8>, &str) {
    let split = || {
        let (digits, rest) = line.strip_prefix('<')?.split_once('>')?;
        let digits_only = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let priority = if digits_only { digits.parse::<u8>().ok() } else { None };
        Some((priority.filter(|priority| *priority <= MAX_PRIORITY)?, rest))
    };
    split().map_or((None, line), |(priority, rest)| (Some(priority), rest))
}

/// `1 TIME HOST PROGRAM PID MSGID SD MESSAGE`, RFC 5424, 6.
fn rfc5424<'a>(text: &'a str, record: &mut Record<'a>) -> Option<()> {
    let mut rest = text.strip_prefix("1 ")?;
    for name in ["timestamp", "host", "program", "pid", "msgid"] {
        let (word, behind) = rest.split_once(' ')?;
        rest = behind;
        if name == "timestamp" && word != "-" && word.as_bytes().get(4) != Some(&b'-') {
            return None;
        }
        if !matches!(word, "-" | "") {
            let compare = if name == "host" { Compare::Whole } else { Compare::Not };
            record.push_text(name, word, compare);
        }
    }
    let message = match rest.strip_prefix('-') {
        Some(message) => message,
        None => structured_data(rest, record)?,
    };
    let message = message.strip_prefix(' ').unwrap_or(message);
    push_message(record, message.strip_prefix('\u{feff}').unwrap_or(message));
    Some(())
}

/// `[id name="value"…][…]`, RFC 5424, 6.3; gives the rest.
fn structured_data<'a>(text: &'a str, record: &mut Record<'a>) -> Option<&'a str> {
    let mut rest = text;
    while let Some(element) = rest.strip_prefix('[') {
        let end = element.find([' ', ']'])?;
        let (id, mut inner) = element.split_at(end);
        while let Some(parameter) = inner.strip_prefix(' ') {
            let (name, value) = parameter.trim_start().split_once("=\"")?;
            let (value, behind) = quoted(value)?;
            if record.fields.len() < MAX_FIELDS {
                record.push(&format!("sd.{id}.{name}"), Value::Text(value), Compare::Whole);
            }
            inner = behind;
        }
        rest = inner.strip_prefix(']')?;
    }
    if rest.len() == text.len() { None } else { Some(rest) }
}

/// The value up to the closing quote, `\"`, `\\` and `\]` undone, and what follows.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut escaped = false;
    let end = text.char_indices().find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    })?;
    let (value, rest) = (&text[..end.0], &text[end.0 + 1..]);
    if !value.contains('\\') {
        return Some((Cow::Borrowed(value), rest));
    }
    let mut plain = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some('"' | '\\' | ']') if c == '\\' => plain.extend(chars.next()),
            _ => plain.push(c),
        }
    }
    Some((Cow::Owned(plain), rest))
}

/// `TIME HOST PROGRAM[PID]: MESSAGE`, of which any part may be missing.
fn rfc3164<'a>(text: &'a str, record: &mut Record<'a>) {
    let Some((time, rest)) = split_time(text) else {
        return push_message(record, text);
    };
    record.push_text("timestamp", time, Compare::Not);
    let rest = rest.trim_start_matches(' ');
    let (host, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let rest = if host.ends_with(':') || host.contains('[') || host.is_empty() {
        rest // a tag already: the host is missing
    } else {
        record.push_text("host", host, Compare::Whole);
        behind
    };
    let Some((program, pid, message)) = split_tag(rest) else {
        return push_message(record, rest);
    };
    record.push_text("program", program, Compare::Not);
    if let Some(pid) = pid {
        record.push_text("pid", pid, Compare::Not);
    }
    push_message(record, message);
}

/// Splits the time off, as it is written.
fn split_time(text: &str) -> Option<(&str, &str)> {
    if let Some((_, rest)) = time::rfc3164(text) {
        let written = text[..text.len() - rest.len()].trim_end();
        return Some((written.trim_end_matches(':'), rest));
    }
    let (word, rest) = text.split_once(' ')?;
    let digits = |range: std::ops::Range<usize>| {
        word.as_bytes().get(range).is_some_and(|bytes| bytes.iter().all(u8::is_ascii_digit))
    };
    let iso = digits(0..4) && digits(5..7) && digits(8..10) && word.as_bytes().get(10) == Some(&b'T');
    iso.then_some((word, rest))
}

/// Splits `program[pid]: ` off.
fn split_tag(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = text.find([':', '[', ' ']).filter(|end| (1..=MAX_TAG_BYTES).contains(end))?;
    let (program, rest) = text.split_at(end);
    if let Some(rest) = rest.strip_prefix(':') {
        return Some((program, None, rest.strip_prefix(' ').unwrap_or(rest)));
    }
    let (pid, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let is_pid = !pid.is_empty() && pid.len() <= MAX_TAG_BYTES && !pid.contains(' ');
    is_pid.then(|| (program, Some(pid), rest.strip_prefix(' ').unwrap_or(rest)))
}

fn push_message<'a>(record: &mut Record<'a>, message: &'a str) {
    if !message.is_empty() {
        record.push_text("message", message, Compare::Text);
    }
}
