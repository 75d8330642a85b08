//! Calendar time: months, days to their end, working days, and what a day off does to a deadline.
//!
//! A span of hours is elapsed time and needs none of this. Everything else is counted in the local days of the
//! plan's zone, with the days off that the pack knows. Of a year the pack does not know, Saturdays and Sundays are
//! the days off, and whatever was counted so says which year that was: a deadline is never guessed in silence.
//! Source: Directive (EU) 2022/2555, article 23(4); Delegated Regulation (EU) 2025/301, article 5.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::{ClockRule, Text, Within};

/// Weekdays off in one year, at most: China had 20 in 2024, no country has a quarter of the year.
pub const MAX_DAYS_OFF: usize = 60;
/// The longest run of days off there can be, across the turn of a year: 2 × 60 weekdays and the weekends between.
pub const LONGEST_BREAK_DAYS: usize = 2 * MAX_DAYS_OFF / 5 * 7 + 2;

/// The days off of a pack, year by year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// The years that are known.
    pub years: BTreeMap<i16, HolidayYear>,
}

/// The days off of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayYear {
    /// Days off; Saturdays and Sundays among them say nothing new.
    pub off: BTreeSet<Date>,
    /// Saturdays and Sundays that are worked.
    pub worked: BTreeSet<Date>,
    /// Where that is laid down.
    pub source: Text,
}

impl Holidays {
    /// Whether the days off of a year are known.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains_key(&year)
    }

    /// Nobody works on this day. Of a year that is not known, Saturdays and Sundays are off.
    pub fn is_off(&self, day: Date) -> bool {
        match self.years.get(&day.year()) {
            Some(year) => year.off.contains(&day) || is_weekend(day) && !year.worked.contains(&day),
            None => is_weekend(day),
        }
    }

    /// Years that are not known between the first and the last that are.
    pub fn gaps(&self) -> Vec<i16> {
        let ends = self.years.keys().next().zip(self.years.keys().next_back());
        ends.map_or_else(Vec::new, |(first, last)| {
            (*first..*last).filter(|year| !self.knows(*year)).collect()
        })
    }
}

/// A Saturday or a Sunday.
pub fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// What days a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarUnit {
    /// Months: the same day of a later month, or its last day.
    Month,
    /// Days.
    Day,
    /// Days that are not off.
    WorkingDay,
}

/// At which local time of its last day a limit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueTime {
    /// At the local time at which it began.
    AsStarted,
    /// At the end of the day, which is the first instant of the next.
    EndOfDay,
    /// At this time.
    At(Time),
}

/// A limit in months or days of a calendar; the day on which it begins is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarSpan {
    /// How many, one or more.
    pub count: u16,
    /// Of what.
    pub unit: CalendarUnit,
    /// When on the last day.
    pub due: DueTime,
}

impl CalendarSpan {
    /// About how long it is, for people and for the order of lists: months of 30 days, weeks of 5 working days.
    pub(super) fn nominal(self) -> SignedDuration {
        let count = i64::from(self.count);
        days(match self.unit {
            CalendarUnit::Month => count * 30,
            CalendarUnit::Day => count,
            CalendarUnit::WorkingDay => count * 7 / 5,
        })
    }

    /// It is never shorter: a change of the clocks and the hour of the start take less than two days.
    fn soonest(self) -> SignedDuration {
        let count = i64::from(self.count);
        let least = if self.unit == CalendarUnit::Month { count * 28 } else { count };
        days((least - 2).max(0))
    }

    /// It is never longer; `None` if that depends on days off.
    fn latest(self) -> Option<SignedDuration> {
        let count = i64::from(self.count);
        match self.unit {
            CalendarUnit::Month => Some(days(count * 31 + 2)),
            CalendarUnit::Day => Some(days(count + 2)),
            CalendarUnit::WorkingDay => None,
        }
    }
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

impl ClockRule {
    /// From the start to the due time it takes at least this long.
    pub fn soonest(&self) -> SignedDuration {
        match self.within {
            Within::Calendar(span) => span.soonest(),
            Within::Span(_) | Within::AtOnce { .. } => self.within.due(),
        }
    }

    /// It falls due after at most this long; `None` if that depends on days off.
    pub fn latest(&self) -> Option<SignedDuration> {
        match self.within {
            _ if self.day_off.is_some() => None,
            Within::Calendar(span) => span.latest(),
            Within::Span(_) | Within::AtOnce { .. } => Some(self.within.due()),
        }
    }

    /// Its due time depends on which days are off.
    pub fn needs_working_days(&self) -> bool {
        let counts =
            matches!(self.within, Within::Calendar(CalendarSpan { unit: CalendarUnit::WorkingDay, .. }));
        counts || self.day_off.is_some()
    }
}

/// A due time, and the years whose days off were needed for it and are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When the duty falls due; an instant beyond the year 9999 is held at the last that can be written.
    pub at: Timestamp,
    /// The years, in order; of them Saturdays and Sundays were taken as the days off.
    pub unknown: Vec<i16>,
}

/// The days of a plan: its zone and its days off.
#[derive(Clone, Debug)]
pub struct Calendar<'p> {
    zone: TimeZone,
    holidays: &'p Holidays,
}

impl<'p> Calendar<'p> {
    /// The calendar of an IANA zone; of one that this machine does not know, that of UTC.
    pub fn new(zone: &str, holidays: &'p Holidays) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), holidays }
    }

    /// When a duty of `rule` that began at `start` falls due, at the latest by `by` if that is still ahead then.
    /// Never before it began.
    pub fn due(&self, rule: &ClockRule, start: Timestamp, by: Option<Timestamp>) -> Due {
        let mut count = Count { holidays: self.holidays, unknown: BTreeSet::new() };
        let (at, day) = match rule.within {
            Within::Calendar(span) => self.counted(start, span, &mut count),
            Within::Span(_) | Within::AtOnce { .. } => {
                let at = start.saturating_add(rule.within.due()).unwrap_or(Timestamp::MAX);
                (at, rule.day_off.map(|_| self.day(at)))
            }
        };
        let (at, day) = match by.filter(|by| start < *by && *by < at) {
            Some(by) => (by, rule.day_off.map(|_| self.day(by))),
            None => (at, day),
        };
        let moved = day.zip(rule.day_off).filter(|(day, _)| count.is_off(*day)).map(|(day, time)| {
            let next = count.after(day, 1);
            self.instant(next, DueTime::At(time)).unwrap_or(Timestamp::MAX)
        });
        Due { at: moved.unwrap_or(at).max(start), unknown: count.unknown.into_iter().collect() }
    }

    /// The end of a limit of the calendar, and the day on which it lies; no day beyond the year 9999.
    fn counted(
        &self,
        start: Timestamp,
        span: CalendarSpan,
        count: &mut Count<'_>,
    ) -> (Timestamp, Option<Date>) {
        let began = start.to_zoned(self.zone.clone());
        let day = match span.unit {
            CalendarUnit::Month => began.date().checked_add(Span::new().months(span.count)).ok(),
            CalendarUnit::Day => began.date().checked_add(Span::new().days(span.count)).ok(),
            CalendarUnit::WorkingDay => count.after(Some(began.date()), usize::from(span.count)),
        };
        let due = match span.due {
            DueTime::AsStarted => DueTime::At(began.time()),
            due => due,
        };
        (self.instant(day, due).unwrap_or(Timestamp::MAX), day)
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// A local time of a day. One that the change of the clocks leaves out is the one after the gap, one that it
    /// repeats is the first.
    fn instant(&self, day: Option<Date>, due: DueTime) -> Option<Timestamp> {
        let local = match due {
            DueTime::At(time) => day?.to_datetime(time),
            DueTime::EndOfDay | DueTime::AsStarted => day?.tomorrow().ok()?.to_datetime(Time::midnight()),
        };
        Some(local.to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

/// Days looked at one by one, with the years that were missing.
struct Count<'h> {
    holidays: &'h Holidays,
    unknown: BTreeSet<i16>,
}

impl Count<'_> {
    fn is_off(&mut self, day: Date) -> bool {
        if !self.holidays.knows(day.year()) {
            self.unknown.insert(day.year());
        }
        self.holidays.is_off(day)
    }

    /// The working day this many after a day; `None` if the calendar ends before.
    fn after(&mut self, day: impl Into<Option<Date>>, count: usize) -> Option<Date> {
        let days = std::iter::successors(day.into()?.tomorrow().ok(), |day| day.tomorrow().ok());
        days.filter(|day| !self.is_off(*day)).nth(count.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests;
