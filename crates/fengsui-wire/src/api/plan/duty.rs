//! Duties with a deadline, as a plan has them.

use fengsui_domain::plan;

use super::{Form, PlanStepRef, Text, roles};
use crate::api::{ClockMeets, ClockStart};
use crate::plan::time_text;

/// When a running clock is brought to somebody's attention.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Escalation {
    /// Percent of the span gone; for "at once", of the tolerance.
    pub at_percent: u8,
    /// Who is told.
    pub to: String,
}

/// Days of the calendar that a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarUnit {
    /// Months: the same day of a later month, or its last day.
    Month,
    /// Days.
    Day,
    /// Days that are not off.
    WorkingDay,
}

/// A limit in months or days of the plan's calendar.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct CalendarLimit {
    /// How many.
    pub count: u16,
    /// Of what.
    pub calendar_unit: CalendarUnit,
    /// Until when on the last day, in the plan's zone: `as started`, `end of day`, or a time as in `17:00`.
    pub due: String,
}

impl CalendarLimit {
    /// The limit, if it is one of the calendar.
    pub(crate) fn of(within: plan::Within) -> Option<Self> {
        let plan::Within::Calendar(span) = within else { return None };
        let calendar_unit = match span.unit {
            plan::CalendarUnit::Month => CalendarUnit::Month,
            plan::CalendarUnit::Day => CalendarUnit::Day,
            plan::CalendarUnit::WorkingDay => CalendarUnit::WorkingDay,
        };
        let due = match span.due {
            plan::DueTime::AsStarted => "as started".to_owned(),
            plan::DueTime::EndOfDay => "end of day".to_owned(),
            plan::DueTime::At(time) => time_text(time),
        };
        Some(Self { count: span.count, calendar_unit, due })
    }
}

/// A duty with a deadline.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent yes-or-no answers of a rule, as strangers read them"
)]
pub struct ClockRule {
    /// Its id in the pack.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Where it comes from.
    pub clause: String,
    /// The incidents it applies to (CEL).
    pub when: String,
    /// Each obliged body has its own clock.
    pub of: Vec<String>,
    /// The addressees.
    pub to: Vec<String>,
    /// Any one addressee is enough; otherwise each has its own clock.
    pub any_addressee: bool,
    /// The form, for reports.
    pub form: Option<Form>,
    /// What starts it.
    pub starts: ClockStart,
    /// The kind of order it is about, for clocks of orders.
    pub about: Option<String>,
    /// The step of a playbook it is about, for clocks of playbooks; each run has its own clock.
    pub step: Option<PlanStepRef>,
    /// The clocks whose report comes first; a further report meets this one.
    pub after: Vec<String>,
    /// Seconds after awareness at which it is due at the latest, unless it starts only after that.
    pub no_later_than_s: Option<i64>,
    /// The duty is due at once.
    pub at_once: bool,
    /// Seconds it may take; for "at once" the tolerance after which a person is told, which is ours. Where
    /// `calendar` says how long it is, only about that long: a month of 30 days, a week of 5 working days.
    pub within_s: i64,
    /// How long it may take in months or days of the calendar, if it is counted so.
    pub calendar: Option<CalendarLimit>,
    /// A due time on a day off moves to this time of the next working day, as in `12:00`, in the plan's zone.
    pub day_off_moves_to: Option<String>,
    /// What meets it.
    pub met_by: ClockMeets,
    /// Only this immediate action meets it, if one is named.
    pub action: Option<String>,
    /// Once met it is owed again, counted from the act that met it, for as long as the rule applies.
    pub repeats: bool,
    /// Who is told, and when.
    pub escalate: Vec<Escalation>,
    /// Who may extend it with a reason; empty if nobody may.
    pub extendable_by: Vec<String>,
    /// The document gives no figure here; this one is ours.
    pub is_default: bool,
}

impl From<&plan::ClockRule> for ClockRule {
    fn from(rule: &plan::ClockRule) -> Self {
        let escalate = rule.escalate.iter();
        Self {
            id: rule.id.to_string(),
            title: (&rule.title).into(),
            clause: rule.clause.to_string(),
            when: rule.when.to_string(),
            of: roles(&rule.of),
            to: roles(&rule.to),
            any_addressee: rule.any_addressee,
            form: rule.form.map(Form::from),
            starts: rule.starts.into(),
            about: rule.about.as_ref().map(ToString::to_string),
            step: rule.step.as_ref().map(PlanStepRef::from),
            after: rule.after.iter().map(ToString::to_string).collect(),
            no_later_than_s: rule.no_later_than.map(|span| span.as_secs()),
            at_once: rule.within.at_once(),
            within_s: rule.within.lapse().as_secs(),
            calendar: CalendarLimit::of(rule.within),
            day_off_moves_to: rule.day_off.map(time_text),
            met_by: rule.met_by.into(),
            action: rule.action.as_ref().map(ToString::to_string),
            repeats: rule.repeats,
            escalate: escalate
                .map(|step| Escalation { at_percent: step.at_percent, to: step.to.to_string() })
                .collect(),
            extendable_by: roles(&rule.extendable_by),
            is_default: rule.is_default,
        }
    }
}
