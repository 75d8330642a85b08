//! Clocks: duties with a deadline, from "at once" to "review within 30 days".
//!
//! One recorded fact starts a clock and another meets it. A clock is never edited: an extension or a
//! regrading ends it as replaced and starts another that names it, so the ledger shows both dates.
//! Nothing here waits or reads the time; `fengsui_service::timer` does, and asks [`Clock::wakes_at`].

use jiff::{SignedDuration, Timestamp};

use crate::id::{ClockId, OrderId, ReportId, RunId};
use crate::incident::AboutStep;
use crate::plan::{Calendar, Clause, ClockMeets, ClockRule, ClockStart, Form, RoleId, RuleId, plan_of};

/// One running, met or replaced duty.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Clock {
    /// Its id.
    pub id: ClockId,
    /// The rule that made it.
    pub rule: RuleId,
    /// The clause of the rule.
    pub clause: Clause,
    /// The obliged body.
    pub of: RoleId,
    /// The addressees; one of them is enough.
    pub to: Vec<RoleId>,
    /// The order it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<OrderId>,
    /// The step of a running playbook it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<AboutStep>,
    /// The form of the duty, for reports.
    pub form: Option<Form>,
    /// The kind of fact that started it.
    pub starts: ClockStart,
    /// The kind of fact that meets it.
    pub met_by: ClockMeets,
    /// When it started (UTC).
    pub started_at: Timestamp,
    /// When the duty falls due (UTC); for "at once" the same as `started_at`.
    pub due_at: Timestamp,
    /// When an unmet duty counts as lapsed: `due_at`, or for "at once" the end of the tolerance.
    pub lapses_at: Timestamp,
    /// Facts before this instant do not meet it; a raised level asks for a new report.
    pub counts_from: Option<Timestamp>,
    /// Years whose days off were needed for the due time and are not known: weekends alone were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays_unknown: Vec<i16>,
    /// The clock it took the place of.
    pub replaces: Option<ClockId>,
    /// Who is to be told when, in order of time.
    pub notices: Vec<Notice>,
    /// When it lapsed, if it did; it stays even if the duty is met later.
    pub lapsed_at: Option<Timestamp>,
    /// How it stands.
    pub state: ClockState,
}

/// A step of escalation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// Percent of the span gone.
    pub percent: u8,
    /// When that is.
    pub at: Timestamp,
    /// Who is told.
    pub to: RoleId,
    /// When they were told.
    pub told_at: Option<Timestamp>,
}

/// How a clock stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ClockState {
    /// The duty is open.
    Running,
    /// The duty was done.
    Met(Met),
    /// Another clock took its place, or the duty fell away.
    Replaced {
        /// When.
        at: Timestamp,
        /// The clock in its place, if there is one.
        by: Option<ClockId>,
        /// Why.
        why: ReplacedWhy,
    },
}

/// How a duty was done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Met {
    /// When the act took place.
    pub at: Timestamp,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// The act came after the duty had lapsed. A fact, not a verdict (`jincheng-internet-2008/8.4.2`).
    pub late: bool,
    /// The report that met it, if it was one.
    pub report: Option<ReportId>,
}

/// Why a clock was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplacedWhy {
    /// The level or a mark changed.
    Regraded,
    /// The recorded time of awareness, or of the occurrence, was corrected.
    StartCorrected,
    /// It was extended, with reason and approver.
    Extended,
    /// The order it was about was withdrawn.
    OrderWithdrawn,
    /// The step it was about is not taken, or its playbook was stopped.
    StepFellAway,
    /// The incident was withdrawn.
    Withdrawn,
    /// The incident was archived with the duty still open.
    Archived,
    /// The response ended, and with it a duty that lasts as long as the response.
    ResponseEnded,
    /// The class was changed to one that another plan governs.
    Routed,
    /// The plan it comes from was taken off the incident.
    PlanDetached,
}

/// Who owes a duty to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The obliged body.
    pub of: RoleId,
    /// The addressees; one of them is enough.
    pub to: Vec<RoleId>,
    /// The order it is about, if it is about one.
    pub about: Option<OrderId>,
    /// The step of a running playbook it is about, if it is about one.
    pub step: Option<AboutStep>,
}

/// Where the span of a new clock begins and which facts count for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The starting instant.
    pub at: Timestamp,
    /// Facts before this do not count.
    pub counts_from: Option<Timestamp>,
    /// The latest instant at which it may fall due, if that is still ahead.
    pub by: Option<Timestamp>,
}

impl Clock {
    /// A clock of `rule` for one obliged body, its days counted by the calendar of the rule's plan.
    ///
    /// An instant beyond the year 9999 is held at the last one that can be written. The due time is worked out once
    /// and kept: what becomes of the pack later changes no clock that runs.
    pub fn start(rule: &ClockRule, id: ClockId, duty: Duty, start: Start, calendar: &Calendar<'_>) -> Self {
        let Duty { of, to, about, step } = duty;
        let due = calendar.due(rule, start.at, start.by);
        let due_at = due.at;
        let lapses_at = if rule.within.at_once() { after(start.at, rule.within.lapse()) } else { due_at };
        let span = start.at.duration_until(lapses_at);
        let mut notices: Vec<Notice> = rule
            .escalate
            .iter()
            .map(|step| Notice {
                percent: step.at_percent,
                at: after(start.at, span * i32::from(step.at_percent) / 100),
                to: step.to.clone(),
                told_at: None,
            })
            .collect();
        notices.sort_by(|a, b| (a.at, a.percent, &a.to).cmp(&(b.at, b.percent, &b.to)));
        Self {
            id,
            rule: rule.id.clone(),
            clause: rule.clause.clone(),
            of,
            to,
            about,
            step,
            form: rule.form,
            starts: rule.starts,
            met_by: rule.met_by,
            started_at: start.at,
            due_at,
            lapses_at,
            counts_from: start.counts_from,
            holidays_unknown: due.unknown,
            replaces: None,
            notices,
            lapsed_at: None,
            state: ClockState::Running,
        }
    }

    /// It is the clock of this duty.
    pub fn is_of(&self, duty: &Duty) -> bool {
        self.of == duty.of && self.to == duty.to && self.about == duty.about && self.step == duty.step
    }

    /// Puts the deadline at `until`, and the steps of escalation where they then fall.
    pub fn run_until(&mut self, until: Timestamp) {
        let span = self.started_at.duration_until(until);
        (self.due_at, self.lapses_at) = (until, until);
        self.holidays_unknown.clear();
        for notice in &mut self.notices {
            notice.at = after(self.started_at, span * i32::from(notice.percent) / 100);
        }
    }

    /// The duty is still open.
    pub fn runs(&self) -> bool {
        self.state == ClockState::Running
    }

    /// The duty is open and its time is up at `now`. "At once" is overdue from the first second.
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.runs() && self.due_at <= now
    }

    /// Whether an act is what this clock waits for; a clock without a form takes any.
    pub fn waits_for(&self, act: &Act<'_>) -> bool {
        self.runs()
            && self.met_by == act.kind
            && self.about == act.about
            && self.step.as_ref().map(|about| (about.run, &about.step)) == act.step
            && self.counts_from.is_none_or(|from| whole_second(from) <= act.at)
            && act.of.is_none_or(|of| *of == self.of)
            && act.to.is_none_or(|to| self.to.is_empty() || self.to.contains(to))
            && (self.form.is_none() || act.form == self.form)
            && (act.kind != ClockMeets::Filing || plan_of(&self.rule) == act.plan)
    }

    /// How this clock is met by an act at `at`, recorded at `recorded_at`.
    pub fn met(&self, at: Timestamp, recorded_at: Timestamp, report: Option<ReportId>) -> Met {
        Met { at, recorded_at, late: at > self.lapses_at, report }
    }

    /// The next instant at which this clock has something to say, if it has.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        if !self.runs() {
            return None;
        }
        let notice =
            self.notices.iter().filter(|notice| notice.told_at.is_none()).map(|notice| notice.at).min();
        let lapse = self.lapsed_at.is_none().then_some(self.lapses_at);
        notice.into_iter().chain(lapse).min()
    }
}

/// Something done that may meet a clock.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Its kind.
    pub kind: ClockMeets,
    /// When it took place.
    pub at: Timestamp,
    /// Who did it; `None` if any body's clock of this kind counts.
    pub of: Option<&'a RoleId>,
    /// To whom.
    pub to: Option<&'a RoleId>,
    /// In which form.
    pub form: Option<Form>,
    /// On which order.
    pub about: Option<OrderId>,
    /// Which step of which run it was.
    pub step: Option<(RunId, &'a RuleId)>,
    /// Which immediate action it was.
    pub action: Option<&'a RuleId>,
    /// The report, if it was one.
    pub report: Option<ReportId>,
    /// The plan beside the leading one, for its filing.
    pub plan: Option<&'a str>,
}

impl Act<'_> {
    /// An act that meets the clock of any body waiting for this kind.
    pub fn new(kind: ClockMeets, at: Timestamp) -> Self {
        Self {
            kind,
            at,
            of: None,
            to: None,
            form: None,
            about: None,
            step: None,
            action: None,
            report: None,
            plan: None,
        }
    }
}

/// What a clock has to say at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ring {
    /// A step of escalation is due.
    Tell {
        /// The clock.
        clock: ClockId,
        /// Percent of the span gone.
        percent: u8,
        /// Who is told.
        to: RoleId,
        /// When it was due.
        at: Timestamp,
    },
    /// The duty lapsed.
    Lapse {
        /// The clock.
        clock: ClockId,
        /// When.
        at: Timestamp,
    },
}

/// Everything the running clocks have to say up to `now`, in order of time.
///
/// What was said before is not said again, so a tick after a crash, a restart or a jump of the wall
/// clock neither repeats nor skips anything.
pub fn rings<'a>(clocks: impl IntoIterator<Item = &'a Clock>, now: Timestamp) -> Vec<Ring> {
    let mut due: Vec<(Timestamp, u8, Ring)> = Vec::new();
    for clock in clocks.into_iter().filter(|clock| clock.runs()) {
        for notice in clock.notices.iter().filter(|notice| notice.told_at.is_none() && notice.at <= now) {
            let (percent, to, at) = (notice.percent, notice.to.clone(), notice.at);
            due.push((at, percent, Ring::Tell { clock: clock.id, percent, to, at }));
        }
        if clock.lapsed_at.is_none() && clock.lapses_at < now {
            due.push((clock.lapses_at, u8::MAX, Ring::Lapse { clock: clock.id, at: clock.lapses_at }));
        }
    }
    due.sort_by_key(|(at, percent, _)| (*at, *percent));
    due.into_iter().map(|(_, _, ring)| ring).collect()
}

/// The second in which `at` lies: people tell times to the second, so an act within it is not before it.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// `at` plus `span`, held inside what can be written: to the microsecond, and no later than the year 9999.
fn after(at: Timestamp, span: SignedDuration) -> Timestamp {
    let at = at.saturating_add(span).unwrap_or(Timestamp::MAX);
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
