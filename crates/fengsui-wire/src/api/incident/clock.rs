//! Clocks as the API shows them: the duty in the plan's names, its times, how it stands.

use fengsui_domain::clock;
use jiff::Timestamp;
use uuid::Uuid;

use crate::api::{ClockMeets, ClockStart, Form, ReplacedWhy};

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// The duty is open.
    Running,
    /// The duty was done.
    Met,
    /// Another clock took its place, or the duty fell away.
    Replaced,
}

/// A step of escalation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Notice {
    /// Percent of the span gone.
    pub percent: u8,
    /// When that is.
    pub at: Timestamp,
    /// Which role is told.
    pub to: String,
    /// When it was told.
    pub told_at: Option<Timestamp>,
}

/// How a duty was done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ClockMet {
    /// When the act took place.
    pub at: Timestamp,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// The act came after the duty had lapsed.
    pub late: bool,
    /// The report that met it, if it was one.
    pub report: Option<Uuid>,
}

/// How a clock was replaced.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ClockReplaced {
    /// When.
    pub at: Timestamp,
    /// The clock in its place, if there is one.
    pub by: Option<Uuid>,
    /// Why.
    pub why: ReplacedWhy,
}

/// The step of a running playbook that a clock is about.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ClockStep {
    /// The run.
    pub run: Uuid,
    /// The plan's step.
    pub step: String,
}

/// A duty with a deadline: `of` owes `form` to one of `to` by `due_at`, says `clause`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Clock {
    /// Its id.
    pub id: Uuid,
    /// The plan's rule.
    pub rule: String,
    /// The clause of the rule.
    pub clause: String,
    /// The obliged body.
    pub of: String,
    /// The addressees; one of them is enough. Empty if the duty is owed to nobody in particular.
    pub to: Vec<String>,
    /// The order it is about, if it is about one.
    pub about: Option<Uuid>,
    /// The step of a running playbook it is about, if it is about one.
    pub step: Option<ClockStep>,
    /// The form, for reports; either will do if absent.
    pub form: Option<Form>,
    /// The kind of fact that started it.
    pub starts: ClockStart,
    /// The kind of fact that meets it.
    pub met_by: ClockMeets,
    /// When it started.
    pub started_at: Timestamp,
    /// When the duty falls due; for "at once" the same as `started_at`.
    pub due_at: Timestamp,
    /// The duty is due at once.
    pub at_once: bool,
    /// Years whose days off were needed for `due_at` and are not known: Saturdays and Sundays alone were counted.
    pub holidays_unknown: Vec<i16>,
    /// When an unmet duty counts as lapsed.
    pub lapses_at: Timestamp,
    /// Facts before this instant do not meet it.
    pub counts_from: Option<Timestamp>,
    /// The clock it took the place of.
    pub replaces: Option<Uuid>,
    /// Who is told when, in order of time.
    pub notices: Vec<Notice>,
    /// When it lapsed, if it did; it stays even if the duty was done later.
    pub lapsed_at: Option<Timestamp>,
    /// The duty is open and its time is up.
    pub overdue: bool,
    /// How it stands.
    pub state: ClockState,
    /// How the duty was done.
    pub met: Option<ClockMet>,
    /// How it was replaced.
    pub replaced: Option<ClockReplaced>,
}

impl Clock {
    /// The clock as it stands at `now`.
    pub fn new(clock: &clock::Clock, now: Timestamp) -> Self {
        let (state, met, replaced) = state(&clock.state);
        Self {
            id: clock.id.0,
            rule: clock.rule.to_string(),
            clause: clock.clause.to_string(),
            of: clock.of.to_string(),
            to: clock.to.iter().map(ToString::to_string).collect(),
            about: clock.about.map(|order| order.0),
            step: clock
                .step
                .as_ref()
                .map(|about| ClockStep { run: about.run.0, step: about.step.to_string() }),
            form: clock.form.map(Form::from),
            starts: clock.starts.into(),
            met_by: clock.met_by.into(),
            started_at: clock.started_at,
            due_at: clock.due_at,
            at_once: clock.due_at == clock.started_at,
            holidays_unknown: clock.holidays_unknown.clone(),
            lapses_at: clock.lapses_at,
            counts_from: clock.counts_from,
            replaces: clock.replaces.map(|id| id.0),
            notices: clock.notices.iter().map(Notice::from).collect(),
            lapsed_at: clock.lapsed_at,
            overdue: clock.overdue(now),
            state,
            met,
            replaced,
        }
    }
}

fn state(state: &clock::ClockState) -> (ClockState, Option<ClockMet>, Option<ClockReplaced>) {
    match state {
        clock::ClockState::Running => (ClockState::Running, None, None),
        clock::ClockState::Met(met) => (ClockState::Met, Some(met.into()), None),
        clock::ClockState::Replaced { at, by, why } => {
            let replaced = ClockReplaced { at: *at, by: by.map(|id| id.0), why: (*why).into() };
            (ClockState::Replaced, None, Some(replaced))
        }
    }
}

impl From<&clock::Met> for ClockMet {
    fn from(met: &clock::Met) -> Self {
        Self { at: met.at, recorded_at: met.recorded_at, late: met.late, report: met.report.map(|id| id.0) }
    }
}

impl From<&clock::Notice> for Notice {
    fn from(notice: &clock::Notice) -> Self {
        Self { percent: notice.percent, at: notice.at, to: notice.to.to_string(), told_at: notice.told_at }
    }
}
