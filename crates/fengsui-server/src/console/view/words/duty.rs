//! Words of standing duties.

words! {
    /// How a standing duty stands.
    DutyStands {
        /// Done as often as asked.
        Met: "met" = "duty-met",
        /// Owed, and the time is not up.
        Open: "owed" = "duty-owed",
        /// The time is up.
        Overdue: "overdue" = "duty-overdue",
        /// A condition that holds.
        Holds: "holds" = "duty-holds",
        /// A condition that does not hold.
        Broken: "broken" = "duty-broken",
        /// To be looked at anew.
        OutOfDate: "out-of-date" = "duty-out-of-date",
        /// Nobody has vouched for it.
        NeverVouched: "never-vouched" = "duty-never-vouched",
        /// Recorded as it comes.
        AsNeeded: "as-needed" = "duty-as-needed",
        /// Nothing has come up from which it would be owed.
        NotOwed: "not-owed" = "duty-not-owed",
    }
}

words! {
    /// What became of a period that is over.
    DutyOutcome {
        /// Done in time.
        Met: "met" = "duty-past-met",
        /// Done late.
        MetLate: "late" = "duty-past-late",
        /// Left out.
        Missed: "missed" = "duty-past-missed",
        /// The time was extended.
        Extended: "extended" = "duty-past-extended",
    }
}

words! {
    /// A period of the calendar.
    DutyCycle {
        /// A day.
        Day: "day" = "cycle-day",
        /// Days that are not off.
        Workday: "workday" = "cycle-workday",
        /// A week.
        Week: "week" = "cycle-week",
        /// A month.
        Month: "month" = "cycle-month",
        /// A quarter.
        Quarter: "quarter" = "cycle-quarter",
        /// Half a year.
        HalfYear: "half-year" = "cycle-half-year",
        /// A year.
        Year: "year" = "cycle-year",
    }
}
