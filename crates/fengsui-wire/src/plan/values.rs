//! Small values of a pack: ids of plans, days, time zones, spans of time, percents.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::read::Cx;
use super::yaml::Node;

/// The longest span a duty may have: 10 years of 365 days.
const MAX_SPAN_DAYS: i64 = 3_650;

/// A limit as written: a span, or "at once".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    AtOnce,
    Span(SignedDuration),
}

/// `30 min`, `1 h`, `30 d` (days of 24 hours) or `at once`.
pub(super) fn limit(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Limit> {
    let text = &cx.scalar(node, place)?.text;
    if text == "at once" {
        return Some(Limit::AtOnce);
    }
    let says = ("写作 30 min、2 h、30 d 或 at once", "write it as in 30 min, 2 h, 30 d or at once");
    span_of(text).map(Limit::Span).or_else(|| {
        cx.bad_value(node, place, text, says);
        None
    })
}

/// `30 min`, `1 h`, `30 d`.
pub(super) fn span(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<SignedDuration> {
    let text = &cx.scalar(node, place)?.text;
    span_of(text).or_else(|| {
        cx.bad_value(node, place, text, ("写作 30 min、2 h 或 30 d", "write it as in 30 min, 2 h or 30 d"));
        None
    })
}

/// A span from one minute to ten years; `None` if the text is not one.
fn span_of(text: &str) -> Option<SignedDuration> {
    let (figure, unit) = text.split_once(' ')?;
    if figure.starts_with('0') || !figure.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let figure: i64 = figure.parse().ok()?;
    let minutes = match unit {
        "min" => 1,
        "h" => 60,
        "d" => 24 * 60,
        _ => return None,
    };
    let minutes = figure.checked_mul(minutes).filter(|minutes| *minutes <= MAX_SPAN_DAYS * 24 * 60)?;
    Some(SignedDuration::from_mins(minutes))
}

/// A span as a pack writes it, in the largest unit that is whole.
pub(super) fn span_text(span: SignedDuration) -> (i64, &'static str) {
    let minutes = span.as_mins();
    match minutes {
        _ if minutes % (24 * 60) == 0 => (minutes / (24 * 60), "d"),
        _ if minutes % 60 == 0 => (minutes / 60, "h"),
        _ => (minutes, "min"),
    }
}

/// `50%`, from 0 to 999; the range is checked where it is used.
pub(super) fn percent(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<u16> {
    let text = &cx.scalar(node, place)?.text;
    let figure = text
        .strip_suffix('%')
        .filter(|figure| figure.len() <= 3 && figure.bytes().all(|b| b.is_ascii_digit()));
    let percent = figure.and_then(|figure| figure.parse().ok());
    if percent.is_none() {
        cx.bad_value(node, place, text, ("写作 50%", "write it as in 50%"));
    }
    percent
}

/// `2008-01-04`
pub(super) fn day(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Date> {
    let text = &cx.scalar(node, place)?.text;
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == *text);
    if day.is_none() {
        cx.bad_value(node, place, text, ("写作 2008-01-04", "write a day as in 2008-01-04"));
    }
    day
}

/// An IANA time zone that the machine's database has; without a database only the form is checked.
pub(super) fn zone(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<String> {
    let text = &cx.scalar(node, place)?.text;
    let formed = text.len() <= 64
        && text.split('/').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
        });
    let database = jiff::tz::db();
    if formed && (database.is_definitively_empty() || database.get(text).is_ok()) {
        return Some(text.clone());
    }
    let says = ("写 IANA 时区名，如 Asia/Shanghai", "write an IANA time zone, as in Asia/Shanghai");
    cx.bad_value(node, place, text, says);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_as_written() {
        for (text, expected) in [
            ("30 min", Some((30, "min"))),
            ("1 h", Some((1, "h"))),
            ("90 min", Some((90, "min"))),
            ("120 min", Some((2, "h"))),
            ("24 h", Some((1, "d"))),
            ("30 d", Some((30, "d"))),
            ("3650 d", Some((3650, "d"))),
            ("3651 d", None),
            ("0 h", None),
            ("030 min", None),
            ("-1 h", None),
            ("1.5 h", None),
            ("1h", None),
            ("1  h", None),
            ("h", None),
            ("2 weeks", None),
            ("99999999999999999999 d", None),
            ("9223372036854775807 d", None),
        ] {
            assert_eq!(span_of(text).map(span_text), expected, "{text}");
        }
    }
}
