//! Closed sets about standing duties.

use fengsui_domain::{duty, plan};

mirror! {
    /// A period of the calendar in which a standing duty is owed.
    DutyCycle = plan::Cycle {
        /// A day.
        Day = "day",
        /// A day that is not off: Monday to Friday, but for the holidays that the plan knows.
        Workday = "workday",
        /// A week from Monday to Sunday.
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter of a year.
        Quarter = "quarter",
        /// Half a year.
        HalfYear = "half_year",
        /// A year.
        Year = "year",
    }
}

mirror! {
    /// How a standing duty stands.
    DutyStands = duty::state::Stands {
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
        OutOfDate = "out_of_date",
        /// Nobody has vouched for it yet.
        NeverVouched = "never_vouched",
        /// Recorded as it comes.
        AsNeeded = "as_needed",
        /// Nothing has come up yet from which it would be owed.
        NotOwed = "not_owed",
    }
}

mirror! {
    /// What became of a period that is over.
    DutyOutcome = duty::state::Outcome {
        /// Done as often as asked, in time.
        Met = "met",
        /// Done as often as asked, the last of it late.
        MetLate = "met_late",
        /// Not done as often as asked, so far.
        Missed = "missed",
        /// Not done yet, and the time was extended.
        Extended = "extended",
    }
}

/// When a standing duty is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyKindName {
    /// A number of times in each period.
    Every,
    /// All the time, as a condition that somebody vouches for.
    Holds,
    /// Once, and again after each change of what it is about.
    OnChange,
    /// After each new version of a plan above that comes into use.
    OnParent,
    /// Whenever there is something to record.
    AsNeeded,
}

impl From<&plan::DutyKind> for DutyKindName {
    fn from(kind: &plan::DutyKind) -> Self {
        match kind {
            plan::DutyKind::Every(_) => Self::Every,
            plan::DutyKind::Holds(_) => Self::Holds,
            plan::DutyKind::OnChange { .. } => Self::OnChange,
            plan::DutyKind::OnParent { .. } => Self::OnParent,
            plan::DutyKind::AsNeeded => Self::AsNeeded,
        }
    }
}

/// What is vouched for of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyTest {
    /// A number that holds from the named one on.
    AtLeast,
    /// A number that holds above the named one.
    MoreThan,
    /// A day until which it holds.
    NotPassed,
    /// That it is so.
    Stated,
}

impl From<&plan::Test> for DutyTest {
    fn from(test: &plan::Test) -> Self {
        match test {
            plan::Test::AtLeast { .. } => Self::AtLeast,
            plan::Test::MoreThan { .. } => Self::MoreThan,
            plan::Test::NotPassed => Self::NotPassed,
            plan::Test::Stated => Self::Stated,
        }
    }
}
