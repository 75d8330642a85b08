//! Times as logs write them.
//!
//! RFC 3164 gives no year and no zone: the zone is an argument, and the year is the latest one that
//! puts the time no more than [`MAX_AHEAD`] after the reference time, also an argument.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far a time without a year may lie after the reference time: clocks and zones differ.
pub const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// Years back in which a time without a year is sought; 29 February may be 8 years away (1896 to 1904).
const YEARS_BACK: i16 = 8;
/// Numbers from here on are milliseconds: as seconds they would lie after the year 5100.
const FIRST_MILLISECOND: f64 = 1e11;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What is needed to read a time that does not say everything.
#[derive(Clone, Debug)]
pub struct TimeContext {
    /// A time at or after which the line was read: now, or the time of the file.
    pub reference: Timestamp,
    /// The zone of times that name none.
    pub zone: TimeZone,
}

/// The time that `text` is as a whole, in any form that logs use.
pub fn read(text: &str, context: &TimeContext) -> Option<Timestamp> {
    let text = text.trim();
    let first = *text.as_bytes().first()?;
    if first.is_ascii_alphabetic() {
        return rfc3164(text).filter(|(_, rest)| rest.is_empty()).and_then(|(time, _)| time.resolve(context));
    }
    iso(text, context).or_else(|| common(text)).or_else(|| epoch(text.parse().ok()?))
}

/// ISO 8601 and RFC 3339, with or without zone, with `T` or a blank.
fn iso(text: &str, context: &TimeContext) -> Option<Timestamp> {
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text.trim_end_matches(" UTC");
    let zone = if civil.len() < text.len() { &TimeZone::UTC } else { &context.zone };
    zone.to_ambiguous_timestamp(civil.parse::<DateTime>().ok()?).compatible().ok()
}

/// Seconds since 1970, or milliseconds if there are too many for seconds; to the microsecond, which is
/// as much as such a number holds.
pub(super) fn epoch(number: f64) -> Option<Timestamp> {
    let seconds = if number.abs() >= FIRST_MILLISECOND { number / 1000.0 } else { number };
    let duration = SignedDuration::try_from_secs_f64(seconds).ok()?;
    Timestamp::UNIX_EPOCH.checked_add(duration).ok()?.round(jiff::Unit::Microsecond).ok()
}

/// The time of a web server's access log: `17/May/2015:10:05:03 +0000`.
pub(super) fn common(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once(':')?;
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (time, zone) = rest.split_once(' ')?;
    let date = Date::new(year.parse().ok()?, month_number(month)?, day.parse().ok()?).ok()?;
    let offset = zone.parse::<Offset>().ok()?.0;
    offset.to_timestamp(date.to_datetime(clock(time)?)).ok()
}

struct Offset(jiff::tz::Offset);

/// `+0800`.
impl std::str::FromStr for Offset {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (sign, digits) = match text.as_bytes() {
            [b'+', ..] => (1, &text[1..]),
            [b'-', ..] => (-1, &text[1..]),
            _ => return Err(()),
        };
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(());
        }
        let hours: i32 = digits[..2].parse().map_err(|_| ())?;
        let minutes: i32 = digits[2..].parse().map_err(|_| ())?;
        jiff::tz::Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map(Self).map_err(|_| ())
    }
}

/// A time of RFC 3164: the year is mostly missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Yearless {
    year: Option<i16>,
    month: i8,
    day: i8,
    time: Time,
}

impl Yearless {
    /// The instant: the latest such time that is not too far ahead.
    pub(super) fn resolve(self, context: &TimeContext) -> Option<Timestamp> {
        let at = |year: i16| {
            let date = Date::new(year, self.month, self.day).ok()?;
            context.zone.to_ambiguous_timestamp(date.to_datetime(self.time)).compatible().ok()
        };
        if let Some(year) = self.year {
            return at(year);
        }
        let latest = context.reference.checked_add(MAX_AHEAD).unwrap_or(Timestamp::MAX);
        let year = latest.to_zoned(context.zone.clone()).year();
        (year - YEARS_BACK..=year).rev().filter_map(at).find(|time| *time <= latest)
    }
}

/// Reads `Mar 27 13:06:56` (also with a year, a fraction) at the front of `text`; gives the rest.
pub(super) fn rfc3164(text: &str) -> Option<(Yearless, &str)> {
    let month = month_number(text.get(..3)?)?;
    let (day, rest) = word(text.get(3..)?)?;
    let day: i8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let (next, behind) = word(rest)?;
    let (year, next, behind) = match next.parse::<i16>() {
        Ok(year) if next.len() == 4 => {
            let (next, behind) = word(behind)?;
            (Some(year), next, behind)
        }
        _ => (None, next, behind),
    };
    // A colon behind the time is Cisco's.
    let time = clock(next.trim_end_matches(':'))?;
    Some((Yearless { year, month, day, time }, behind))
}

/// The next word and what follows it, blanks before and one blank behind left out.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(' ');
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    if word.is_empty() { None } else { Some((word, rest)) }
}

/// `13:06:56` or `13:06:56.123`; a leap second counts as the second before it.
fn clock(text: &str) -> Option<Time> {
    if text.len() < 8 || !text.is_ascii() {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i8> {
        let digits = &text[range];
        if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let colons = [2, 5].iter().all(|at| text.as_bytes()[*at] == b':');
    let (hour, minute, second) = (number(0..2)?, number(3..5)?, number(6..8)?);
    let fraction = match text[8..].strip_prefix(['.', ',']) {
        None if text.len() == 8 => 0,
        Some(digits) if (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digits:0<9}").parse().ok()?
        }
        _ => return None,
    };
    if colons {
        Time::new(hour, minute, second.min(59), fraction).ok().filter(|_| second <= 60)
    } else {
        None
    }
}

fn month_number(name: &str) -> Option<i8> {
    (1..).zip(MONTHS).find(|(_, month)| *month == name).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: &str, zone: &str, cases: &[(&str, Option<&str>)]) {
        let context =
            TimeContext { reference: reference.parse().unwrap(), zone: TimeZone::get(zone).unwrap() };
        for (written, meant) in cases {
            let got = read(written, &context).map(|time| time.to_string());
            assert_eq!(got.as_deref(), *meant, "{written}");
        }
    }

    #[test]
    fn times_that_say_everything() {
        check(
            "2026-01-01T00:00:00Z",
            "Asia/Shanghai",
            &[
                ("2025-05-01T08:00:01.120+08:00", Some("2025-05-01T00:00:01.12Z")),
                ("2025-05-01T08:00:09Z", Some("2025-05-01T08:00:09Z")),
                ("2015-03-29T11:01:38.221126-0600", Some("2015-03-29T17:01:38.221126Z")),
                ("2026-03-01 08:00:00", Some("2026-03-01T00:00:00Z")),
                ("2022-05-11 18:10:20.395", Some("2022-05-11T10:10:20.395Z")),
                ("2022-05-11 18:10:20 UTC", Some("2022-05-11T18:10:20Z")),
                ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59Z")),
                ("17/May/2015:10:05:03 +0000", Some("2015-05-17T10:05:03Z")),
                ("17/May/2015:10:05:03 -0730", Some("2015-05-17T17:35:03Z")),
                ("1588205199.5", Some("2020-04-30T00:06:39.5Z")),
                ("1588205199500", Some("2020-04-30T00:06:39.5Z")),
                ("Mar 27 2024 13:06:56", Some("2024-03-27T05:06:56Z")),
                ("Mar 27 2024 13:06:56.25:", Some("2024-03-27T05:06:56.25Z")),
                ("31/Feb/2015:10:05:03 +0000", None),
                ("17/May/2015:10:05:03 +2", None),
                ("Mar 27", None),
                ("Mar 32 13:06:56", None),
                ("Mar 27 25:06:56", None),
                ("Foo 27 13:06:56", None),
                ("yesterday", None),
                ("nan", None),
                ("1e300", None),
                ("", None),
            ],
        );
    }

    #[test]
    fn the_year_is_the_latest_that_is_not_ahead() {
        check(
            "2026-01-01T10:00:00Z",
            "UTC",
            &[
                ("Dec 31 23:59:59", Some("2025-12-31T23:59:59Z")),
                ("Jan  1 09:59:59", Some("2026-01-01T09:59:59Z")),
                ("Jan  2 10:00:00", Some("2026-01-02T10:00:00Z")), // a day ahead, just allowed
                ("Jan  2 10:00:01", Some("2025-01-02T10:00:01Z")),
                ("Feb 29 12:00:00", Some("2024-02-29T12:00:00Z")),
                ("Jan 01 09:59:59", Some("2026-01-01T09:59:59Z")),
            ],
        );
        check("2025-12-31T20:00:00Z", "UTC", &[("Jan  1 01:00:00", Some("2026-01-01T01:00:00Z"))]);
        check("1904-02-01T00:00:00Z", "UTC", &[("Feb 29 12:00:00", Some("1896-02-29T12:00:00Z"))]);
    }

    #[test]
    fn local_times_that_do_not_exist_or_exist_twice_are_read_all_the_same() {
        check(
            "2024-12-01T00:00:00Z",
            "Europe/Berlin",
            &[
                ("Mar 31 02:30:00", Some("2024-03-31T01:30:00Z")), // skipped: as if the clock went on
                ("Oct 27 02:30:00", Some("2024-10-27T00:30:00Z")), // twice: the first
            ],
        );
    }
}
