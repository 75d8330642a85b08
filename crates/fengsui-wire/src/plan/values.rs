//! Small values of a pack: ids of plans, days, time zones, spans of time, percents.

use fengsui_domain::plan::{CalendarSpan, CalendarUnit, DueTime};
use jiff::SignedDuration;
use jiff::civil::{Date, Time};

use super::read::Cx;
use super::yaml::Node;

/// The longest span a duty may have: 10 years of 365 days.
const MAX_SPAN_DAYS: i64 = 3_650;
/// The same in months.
const MAX_SPAN_MONTHS: u16 = 120;
/// The most days of the calendar, working or not: a year, as no document counts more of them.
const MAX_CALENDAR_DAYS: u16 = 366;

/// A limit as written: a span, or "at once".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    AtOnce,
    Span(SignedDuration),
    Calendar(u16, CalendarUnit),
}

impl Limit {
    /// The limit with the time of day that the rule names, if it names one; `None` if it takes none. A month ends at
    /// the time at which it began, days at their end.
    pub(super) fn calendar(self, due: Option<DueTime>) -> Option<CalendarSpan> {
        let Self::Calendar(count, unit) = self else { return None };
        let usual = if unit == CalendarUnit::Month { DueTime::AsStarted } else { DueTime::EndOfDay };
        Some(CalendarSpan { count, unit, due: due.unwrap_or(usual) })
    }
}

/// `30 min`, `1 h`, `30 d` (days of 24 hours), `1 month`, `10 calendar days`, `5 working days` or `at once`.
pub(super) fn limit(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Limit> {
    let text = &cx.scalar(node, place)?.text;
    if text == "at once" {
        return Some(Limit::AtOnce);
    }
    let says = (
        "写作 30 min、2 h、30 d、1 month、10 calendar days、5 working days 或 at once",
        "write it as in 30 min, 2 h, 30 d, 1 month, 10 calendar days, 5 working days or at once",
    );
    span_of(text).map(Limit::Span).or_else(|| calendar_of(text)).or_else(|| {
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

/// Months or days of the calendar, to ten years; `None` if the text is not that.
fn calendar_of(text: &str) -> Option<Limit> {
    let (figure, unit) = text.split_once(' ')?;
    if figure.starts_with('0') || !figure.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let figure: u16 = figure.parse().ok()?;
    let one = figure == 1;
    let (unit, max) = match unit {
        "month" if one => (CalendarUnit::Month, MAX_SPAN_MONTHS),
        "months" if !one => (CalendarUnit::Month, MAX_SPAN_MONTHS),
        "calendar day" if one => (CalendarUnit::Day, MAX_CALENDAR_DAYS),
        "calendar days" if !one => (CalendarUnit::Day, MAX_CALENDAR_DAYS),
        "working day" if one => (CalendarUnit::WorkingDay, MAX_CALENDAR_DAYS),
        "working days" if !one => (CalendarUnit::WorkingDay, MAX_CALENDAR_DAYS),
        _ => return None,
    };
    (figure <= max).then_some(Limit::Calendar(figure, unit))
}

/// `17:30`
pub(super) fn time(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Time> {
    let text = &cx.scalar(node, place)?.text;
    let time = time_of(text);
    if time.is_none() {
        cx.bad_value(node, place, text, ("写作 17:30", "write a time as in \"17:30\""));
    }
    time
}

/// `17:30`, or `end of day`.
pub(super) fn due_time(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<DueTime> {
    let text = &cx.scalar(node, place)?.text;
    let found = if text == "end of day" { Some(DueTime::EndOfDay) } else { time_of(text).map(DueTime::At) };
    if found.is_none() {
        let says = ("写作 17:30 或 end of day", "write a time as in \"17:30\", or end of day");
        cx.bad_value(node, place, text, says);
    }
    found
}

fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) =
        text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    let read = |part: &str| part.parse::<i8>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()));
    Time::new(read(hour)?, read(minute)?, 0, 0).ok()
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

/// A limit of the calendar in Chinese and English, with the time of its last day where that is not the usual one.
pub(super) fn calendar_text(span: CalendarSpan) -> (String, String) {
    let count = span.count;
    let plural = if count == 1 { "" } else { "s" };
    let (zh, en) = match span.unit {
        CalendarUnit::Month => (format!("{count} 个月"), format!("{count} month{plural}")),
        CalendarUnit::Day => (format!("{count} 个自然日"), format!("{count} calendar day{plural}")),
        CalendarUnit::WorkingDay => (format!("{count} 个工作日"), format!("{count} working day{plural}")),
    };
    match span.due {
        DueTime::At(time) => {
            let time = time_text(time);
            (format!("{zh}（至当日 {time}）"), format!("{en} (by {time} of the last)"))
        }
        DueTime::EndOfDay if span.unit == CalendarUnit::Month => {
            (format!("{zh}（至当日结束）"), format!("{en} (by the end of the day)"))
        }
        DueTime::AsStarted | DueTime::EndOfDay => (zh, en),
    }
}

/// `17:30`
pub(crate) fn time_text(time: Time) -> String {
    time.strftime("%H:%M").to_string()
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
    fn calendar_time_as_written() {
        let (month, day, working) = (CalendarUnit::Month, CalendarUnit::Day, CalendarUnit::WorkingDay);
        for (text, expected) in [
            ("1 month", Some((1, month))),
            ("120 months", Some((120, month))),
            ("121 months", None),
            ("1 months", None),
            ("2 month", None),
            ("1 calendar day", Some((1, day))),
            ("30 calendar days", Some((30, day))),
            ("1 working day", Some((1, working))),
            ("366 working days", Some((366, working))),
            ("367 working days", None),
            ("0 working days", None),
            ("05 working days", None),
            ("5 workdays", None),
            ("5  working days", None),
            ("5 days", None),
            ("-1 month", None),
            ("99999999 months", None),
        ] {
            let expected = expected.map(|(count, unit)| Limit::Calendar(count, unit));
            assert_eq!(calendar_of(text), expected, "{text}");
        }
    }

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
