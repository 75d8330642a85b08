//! How a standing duty stands at a time: facts worked out from a book, its records and the plan.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Book, BookChange, ParentSeen, Period, Record, Said, Vouched, zone};
use crate::id::RecordId;
use crate::permission::named;
use crate::plan::{Condition, Cycle, DutyKind, Holidays, Plan, Recurrence, RoleId, StandingDuty, Test};

/// Days of records that are needed to say how a duty of a day stands, with the past that is shown.
pub const DAILY_WINDOW_DAYS: i64 = 40;

named! {
    /// How a duty stands.
    Stands {
        /// Done as often as this period asks, or filed since the last change.
        Met = "met",
        /// Owed, and the time is not up.
        Open = "open",
        /// The time is up, and it was not done.
        Overdue = "overdue",
        /// A condition that holds, by word of somebody.
        Holds = "holds",
        /// A condition that does not hold, by word of somebody.
        Broken = "broken",
        /// What was vouched for must be looked at anew.
        OutOfDate = "out-of-date",
        /// Nobody has vouched for it yet.
        NeverVouched = "never-vouched",
        /// Recorded as it comes.
        AsNeeded = "as-needed",
        /// Nothing has come up yet from which it would be owed.
        NotOwed = "not-owed",
    }
}

impl Stands {
    /// Somebody should look at it.
    pub fn needs_attention(self) -> bool {
        matches!(self, Self::Overdue | Self::Broken | Self::OutOfDate | Self::NeverVouched)
    }
}

named! {
    /// What became of a period that is over.
    Outcome {
        /// Done as often as asked, in time.
        Met = "met",
        /// Done as often as asked, the last of it late.
        MetLate = "met-late",
        /// Not done as often as asked, so far.
        Missed = "missed",
        /// Not done yet, and the time was extended.
        Extended = "extended",
    }
}

/// A period that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The period.
    pub period: Period,
    /// When it was due, with extensions.
    pub due_at: Timestamp,
    /// How often it was done.
    pub done: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// A record that waits for receipts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreceipted {
    /// Which one.
    pub record: RecordId,
    /// Whose receipts are missing.
    pub from: Vec<RoleId>,
}

/// A duty as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'p> {
    /// The duty.
    pub duty: &'p StandingDuty,
    /// How it stands.
    pub stands: Stands,
    /// The period it is about.
    pub period: Option<Period>,
    /// When it falls due, or fell due, or stopped holding.
    pub due_at: Option<Timestamp>,
    /// The year of the period, if the duty is one of workdays and the days off of that year are not known:
    /// weekends alone are counted.
    pub holidays_unknown: Option<i16>,
    /// How often it was done in the period; of what has no rhythm, the records of the year.
    pub done: u32,
    /// How often it is to be done.
    pub times: u32,
    /// The latest record that counts.
    pub last: Option<(RecordId, Timestamp)>,
    /// Periods that are over, the latest first.
    pub past: Vec<Past>,
    /// Records that wait for receipts, the latest first.
    pub unreceipted: Vec<Unreceipted>,
    /// New versions of plans above that wait to be looked at, the latest first.
    pub parents: Vec<ParentSeen>,
}

/// Every duty of a book as it stands at `now`, in the order of the plan.
///
/// `records` are those of the book: of duties of a day at least the last [`DAILY_WINDOW_DAYS`], of all others
/// every one.
pub fn standings<'p>(plan: &'p Plan, book: &Book, records: &[Record], now: Timestamp) -> Vec<Standing<'p>> {
    let one = |duty: &'p StandingDuty| {
        let mut own: Vec<&Record> =
            records.iter().filter(|record| record.duty == duty.id && record.counts()).collect();
        own.sort_by_key(|record| (record.at, record.id));
        standing(duty, plan, book, &own, now)
    };
    plan.duties.iter().map(one).collect()
}

/// Who is now to be told of what is overdue, broken or out of date: of each due time once.
pub fn tick(book: &Book, standings: &[Standing<'_>], now: Timestamp) -> Vec<BookChange> {
    if book.closed.is_some() {
        return Vec::new();
    }
    let due = standings
        .iter()
        .filter(|standing| matches!(standing.stands, Stands::Overdue | Stands::Broken | Stands::OutOfDate));
    let untold = due.filter_map(|standing| {
        let due_at = standing.due_at.filter(|due_at| *due_at <= now)?;
        let told = book.told.get(&standing.duty.id).is_some_and(|told| *told >= due_at);
        let (duty, to) = (standing.duty.id.clone(), standing.duty.by.clone());
        (!told).then_some(BookChange::Told { duty, due_at, to })
    });
    untold.collect()
}

/// What the parts of a standing are worked out from.
struct Look<'a> {
    duty: &'a StandingDuty,
    book: &'a Book,
    /// Records that count, the oldest first.
    records: &'a [&'a Record],
    zone: TimeZone,
    holidays: &'a Holidays,
    now: Timestamp,
    today: Date,
}

fn standing<'p>(
    duty: &'p StandingDuty,
    plan: &'p Plan,
    book: &Book,
    records: &[&Record],
    now: Timestamp,
) -> Standing<'p> {
    let zone = zone(plan);
    let today = now.to_zoned(zone.clone()).date();
    let holidays = &plan.holidays;
    let look = Look { duty, book, records, zone, holidays, now, today };
    let waits = |record: &&Record| {
        let from: Vec<RoleId> = record.unreceipted(plan).into_iter().cloned().collect();
        (!from.is_empty()).then_some(Unreceipted { record: record.id, from })
    };
    let stands = Stands::AsNeeded;
    let blank = Standing {
        duty,
        stands,
        period: None,
        due_at: None,
        holidays_unknown: None,
        done: 0,
        times: 0,
        last: records.last().map(|record| (record.id, record.at)),
        past: Vec::new(),
        unreceipted: records.iter().rev().filter_map(waits).collect(),
        parents: Vec::new(),
    };
    match &duty.kind {
        DutyKind::Every(recurrence) => look.recurring(recurrence, blank),
        DutyKind::Holds(condition) => look.condition(condition, blank),
        DutyKind::OnChange { within_days } => look.on_change(*within_days, blank),
        DutyKind::OnParent { within_days } => look.on_parent(*within_days, blank),
        DutyKind::AsNeeded => look.as_needed(blank),
    }
}

impl Look<'_> {
    fn recurring<'p>(&self, recurrence: &Recurrence, blank: Standing<'p>) -> Standing<'p> {
        let set = self.book.rhythms.get(&self.duty.id);
        let cycle = set.map_or(recurrence.cycle, |rhythm| rhythm.cycle);
        let from = set.map_or(self.book.from, |rhythm| rhythm.since.max(self.book.from));
        let times = u32::from(recurrence.times);
        let current = cycle.period_from(self.today.max(from), self.holidays);
        let due = current.and_then(|period| self.due_at(period, recurrence));
        let (Some(current), Some(due)) = (current, due) else { return Standing { times, ..blank } };
        let past = self.past(cycle, from, current, recurrence);
        let done = count(self.done_in(current).len());
        // Something that was left out stays overdue until it is done at all, for whichever period.
        let left_out = past.first().filter(|last| {
            let since = blank.last.is_none_or(|(_, at)| at < last.due_at);
            last.outcome == Outcome::Missed && since
        });
        let stands = match left_out {
            _ if done >= times => Stands::Met,
            _ if due <= self.now => Stands::Overdue,
            Some(_) => Stands::Overdue,
            None => Stands::Open,
        };
        let (period, due_at) = match left_out {
            Some(last) if stands == Stands::Overdue && due > self.now => (last.period, last.due_at),
            _ => (current, due),
        };
        let done = count(self.done_in(period).len());
        let year = Some(period.first.year()).filter(|_| cycle == Cycle::Workday);
        let holidays_unknown = year.filter(|year| !self.holidays.knows(*year));
        let (period, due_at) = (Some(period), Some(due_at));
        Standing { stands, period, due_at, holidays_unknown, done, times, past, ..blank }
    }

    /// When a period is due, extensions counted.
    fn due_at(&self, period: Period, recurrence: &Recurrence) -> Option<Timestamp> {
        let extended = self.book.extended_until(&self.duty.id, period.first);
        match extended {
            Some(until) => Period { first: period.first, last: until }.due_at(None, &self.zone),
            None => period.due_at(recurrence.by_time, &self.zone),
        }
    }

    /// When the records for a period were done, in order.
    fn done_in(&self, period: Period) -> Vec<Timestamp> {
        let own = self.records.iter().filter_map(|record| match &record.said {
            Said::Done { for_day, .. } if period.has(*for_day) => Some(record.at),
            _ => None,
        });
        own.collect()
    }

    /// Whole periods that are over, the latest first. One that had begun before the book is not counted.
    fn past(&self, cycle: Cycle, from: Date, current: Period, recurrence: &Recurrence) -> Vec<Past> {
        let before = std::iter::successors(cycle.before(current, self.holidays), |period| {
            cycle.before(*period, self.holidays)
        });
        let whole = before.take_while(|period| period.first >= from).take(shown(cycle));
        let past = whole.filter_map(|period| {
            let due_at = self.due_at(period, recurrence)?;
            let done = self.done_in(period);
            let last = usize::from(recurrence.times).checked_sub(1).and_then(|at| done.get(at));
            let outcome = match last {
                Some(at) if *at <= due_at => Outcome::Met,
                Some(_) => Outcome::MetLate,
                None if due_at > self.now => Outcome::Extended,
                None => Outcome::Missed,
            };
            Some(Past { period, due_at, done: count(done.len()), outcome })
        });
        past.collect()
    }

    fn condition<'p>(&self, condition: &Condition, blank: Standing<'p>) -> Standing<'p> {
        let vouched = self.records.iter().rev().find_map(|record| match &record.said {
            Said::Vouched { value, .. } => Some((record.at, *value)),
            _ => None,
        });
        let Some((at, value)) = vouched else {
            let first = Period { first: self.book.from, last: self.book.from };
            let due_at = first.due_at(None, &self.zone);
            return Standing { stands: Stands::NeverVouched, due_at, times: 1, ..blank };
        };
        let end_of = |day: Date| Period { first: day, last: day }.due_at(None, &self.zone);
        let renewed = jiff::Span::new().months(condition.renew_months);
        let day = at.to_zoned(self.zone.clone()).date();
        let renew_at = day.checked_add(renewed).ok().and_then(end_of);
        let (broken_at, ends_at) = match (&condition.test, value) {
            (Test::NotPassed, Vouched::Day(last)) => {
                (end_of(last).filter(|end| *end <= self.now), end_of(last))
            }
            (test, value) => ((!test.holds(value)).then_some(at), None),
        };
        let (stands, due_at) = match (broken_at, renew_at) {
            (Some(broken), _) => (Stands::Broken, Some(broken)),
            (None, Some(renew)) if renew <= self.now => (Stands::OutOfDate, Some(renew)),
            (None, renew) => (Stands::Holds, ends_at.into_iter().chain(renew).min()),
        };
        Standing { stands, due_at, done: 1, times: 1, ..blank }
    }

    fn on_change<'p>(&self, within_days: u16, blank: Standing<'p>) -> Standing<'p> {
        let filed = self.filed(&blank);
        let changed = self.records.iter().find_map(|record| match record.said {
            Said::Changed { .. } if filed.is_none_or(|filed| filed < record.at) => Some(record.at),
            _ => None,
        });
        let since = match (filed, changed) {
            (Some(_), None) => return Standing { stands: Stands::Met, done: 1, times: 1, ..blank },
            (_, Some(changed)) if filed.is_some() => changed.to_zoned(self.zone.clone()).date(),
            _ => self.book.from,
        };
        let (stands, due_at) = self.owed_from(since, within_days);
        Standing { stands, due_at, times: 1, ..blank }
    }

    /// When it was last done; a filing counts once every receipt is there.
    fn filed(&self, blank: &Standing<'_>) -> Option<Timestamp> {
        let waits = |id: RecordId| blank.unreceipted.iter().any(|waiting| waiting.record == id);
        self.records.iter().rev().find_map(|record| match record.said {
            Said::Done { .. } if !waits(record.id) => Some(record.at),
            _ => None,
        })
    }

    /// How something stands that is owed within days of a day.
    fn owed_from(&self, since: Date, within_days: u16) -> (Stands, Option<Timestamp>) {
        let last = since.checked_add(jiff::Span::new().days(i64::from(within_days))).ok();
        let due_at = last.and_then(|last| Period { first: since, last }.due_at(None, &self.zone));
        let overdue = due_at.is_some_and(|due_at| due_at <= self.now);
        (if overdue { Stands::Overdue } else { Stands::Open }, due_at)
    }

    /// Counted from the first version that was not looked at; a later one does not put the day off.
    fn on_parent<'p>(&self, within_days: u16, blank: Standing<'p>) -> Standing<'p> {
        let filed = self.filed(&blank);
        let parents: Vec<ParentSeen> = self.book.unreviewed(filed).cloned().collect();
        let Some(first) = parents.last() else {
            let ever = self.book.parents.iter().any(|seen| seen.new);
            let stands = if ever { Stands::Met } else { Stands::NotOwed };
            let done = u32::from(ever);
            return Standing { stands, done, times: 1, ..blank };
        };
        let since = first.at.to_zoned(self.zone.clone()).date();
        let (stands, due_at) = self.owed_from(since, within_days);
        Standing { stands, due_at, times: 1, parents, ..blank }
    }

    fn as_needed<'p>(&self, blank: Standing<'p>) -> Standing<'p> {
        let year = Cycle::Year.period(self.today, self.holidays);
        let done = year.map_or(0, |year| count(self.done_in(year).len()));
        Standing { period: year, done, ..blank }
    }
}

impl Test {
    /// Whether what somebody vouches for makes it hold. A day holds by itself; the calendar says for how long.
    pub fn holds(&self, value: Vouched) -> bool {
        match (self, value) {
            (Self::AtLeast { number, .. }, Vouched::Number(found)) => found >= u64::from(*number),
            (Self::MoreThan { number, .. }, Vouched::Number(found)) => found > u64::from(*number),
            (Self::NotPassed, Vouched::Day(_)) => true,
            (Self::Stated, Vouched::Stated(so)) => so,
            _ => false,
        }
    }

    /// Whether a value is of the kind this test looks at.
    pub fn takes(&self, value: Vouched) -> bool {
        match self {
            Self::AtLeast { .. } | Self::MoreThan { .. } => matches!(value, Vouched::Number(_)),
            Self::NotPassed => matches!(value, Vouched::Day(_)),
            Self::Stated => matches!(value, Vouched::Stated(_)),
        }
    }
}

/// Periods that are over which are shown: about a month of days, a quarter of weeks, a year of months.
fn shown(cycle: Cycle) -> usize {
    match cycle {
        Cycle::Day => 31,
        Cycle::Workday => 23,
        Cycle::Week => 13,
        Cycle::Month => 12,
        Cycle::Quarter | Cycle::HalfYear => 4,
        Cycle::Year => 3,
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
