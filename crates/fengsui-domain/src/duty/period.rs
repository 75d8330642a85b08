//! Periods of the calendar in which a duty is owed.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::plan::{Cycle, Holidays, LONGEST_BREAK_DAYS};

/// Whole days of a calendar, in the plan's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Period {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

impl Period {
    /// Whether a day is in it.
    pub fn has(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// When it is over: the first instant after its last day, or this time of its last day. `None` if the
    /// calendar ends before.
    pub fn due_at(&self, by_time: Option<Time>, zone: &TimeZone) -> Option<Timestamp> {
        let end = match by_time {
            Some(time) => self.last.to_datetime(time),
            None => self.last.tomorrow().ok()?.to_datetime(Time::midnight()),
        };
        Some(end.to_zoned(zone.clone()).ok()?.timestamp())
    }
}

impl Cycle {
    /// The period a day is in; `None` for a day off among workdays, and at the calendar's ends.
    pub fn period(self, day: Date, holidays: &Holidays) -> Option<Period> {
        let months = |length: i8| {
            let first = day.with().month((day.month() - 1) / length * length + 1).day(1).build().ok()?;
            let last = first.checked_add(Span::new().months(length)).ok()?.yesterday().ok()?;
            Some(Period { first, last })
        };
        match self {
            Self::Day => Some(Period { first: day, last: day }),
            Self::Workday => (!holidays.is_off(day)).then_some(Period { first: day, last: day }),
            Self::Week => {
                let since = day.weekday().to_monday_zero_offset();
                let first = day.checked_sub(Span::new().days(since)).ok()?;
                Some(Period { first, last: first.checked_add(Span::new().days(6)).ok()? })
            }
            Self::Month => months(1),
            Self::Quarter => months(3),
            Self::HalfYear => months(6),
            Self::Year => months(12),
        }
    }

    /// The period that a day is in, or the next one.
    pub fn period_from(self, day: Date, holidays: &Holidays) -> Option<Period> {
        // Only days off are in no period.
        let days = std::iter::successors(Some(day), |day| day.tomorrow().ok());
        days.take(LONGEST_BREAK_DAYS + 1).find_map(|day| self.period(day, holidays))
    }

    /// The period before one of this cycle.
    pub fn before(self, period: Period, holidays: &Holidays) -> Option<Period> {
        let days = std::iter::successors(period.first.yesterday().ok(), |day| day.yesterday().ok());
        days.take(LONGEST_BREAK_DAYS + 1).find_map(|day| self.period(day, holidays))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::plan::HolidayYear;

    /// The first of October 2026 and the days after it, with a Saturday worked: 国办发明电〔2025〕7号.
    fn october() -> Holidays {
        let day = |day| date(2026, 10, day);
        let year = HolidayYear {
            off: (1..=7).map(day).collect(),
            worked: [day(10)].into(),
            source: crate::plan::sample::text("国办发明电〔2025〕7号", "Notice 7 of 2025"),
        };
        Holidays { years: [(2026, year)].into() }
    }

    #[test]
    fn workdays_of_a_year_that_is_known() {
        let days = october();
        let one = |day| Some(Period { first: day, last: day });
        let (eve, back, saturday) = (date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 10));
        for (day, period) in [(eve, one(eve)), (date(2026, 10, 1), None), (saturday, one(saturday))] {
            assert_eq!(Cycle::Workday.period(day, &days), period, "{day}");
        }
        assert_eq!(Cycle::Workday.period_from(date(2026, 10, 1), &days), one(back));
        assert_eq!(one(back).and_then(|back| Cycle::Workday.before(back, &days)), one(eve));
        assert_eq!(Cycle::Day.period(date(2026, 10, 1), &days), one(date(2026, 10, 1)));
    }

    #[test]
    fn periods_of_a_day() {
        let none = Holidays::default();
        for (cycle, day, first, last) in [
            (Cycle::Day, date(2028, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
            (Cycle::Workday, date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 23)),
            (Cycle::Week, date(2026, 12, 31), date(2026, 12, 28), date(2027, 1, 3)),
            (Cycle::Month, date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29)),
            (Cycle::Month, date(2027, 2, 28), date(2027, 2, 1), date(2027, 2, 28)),
            (Cycle::Quarter, date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31)),
            (Cycle::HalfYear, date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31)),
            (Cycle::Year, date(2028, 12, 31), date(2028, 1, 1), date(2028, 12, 31)),
        ] {
            assert_eq!(cycle.period(day, &none), Some(Period { first, last }), "{cycle} of {day}");
        }
        let saturday = date(2026, 11, 28);
        assert_eq!(Cycle::Workday.period(saturday, &none), None);
        let monday = Period { first: date(2026, 11, 30), last: date(2026, 11, 30) };
        assert_eq!(Cycle::Workday.period_from(saturday, &none), Some(monday));
        assert_eq!(Cycle::Workday.before(monday, &none), Cycle::Workday.period(date(2026, 11, 27), &none));
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let none = Holidays::default();
        let day = Cycle::Day.period(date(2026, 12, 31), &none).expect("a day");
        let at = |by_time| day.due_at(by_time, &zone).map(|at| at.to_string());
        assert_eq!(at(None).as_deref(), Some("2026-12-31T16:00:00Z"));
        assert_eq!(at(Some(Time::constant(18, 0, 0, 0))).as_deref(), Some("2026-12-31T10:00:00Z"));
        assert_eq!(Cycle::Day.period(Date::MAX, &none).and_then(|day| day.due_at(None, &zone)), None);
    }

    proptest! {
        /// Whatever the day, its period has it, and the period before ends on the eve of it, weekends apart.
        #[test]
        fn periods_follow_each_other(days in 0_i32..400_000, cycle in prop::sample::select(Cycle::ALL.to_vec())) {
            let day = date(1900, 1, 1).checked_add(Span::new().days(days)).expect("before the year 3000");
            let none = Holidays::default();
            let period = cycle.period_from(day, &none).expect("within the calendar");
            prop_assert!(period.first <= period.last);
            prop_assert!(period.has(day) || (cycle == Cycle::Workday && day < period.first));
            prop_assert_eq!(cycle.period(period.first, &none), Some(period));
            prop_assert_eq!(cycle.period(period.last, &none), Some(period));
            let before = cycle.before(period, &none).expect("within the calendar");
            let between = before.last.until(period.first).expect("in days").get_days();
            prop_assert!(between == 1 || (cycle == Cycle::Workday && between == 3));
            prop_assert_eq!(cycle.period_from(before.last.tomorrow().expect("a day"), &none), Some(period));
            let zone = TimeZone::fixed(jiff::tz::offset(8));
            prop_assert!(before.due_at(None, &zone) < period.due_at(None, &zone));
        }
    }
}
