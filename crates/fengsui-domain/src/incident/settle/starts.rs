//! Where a clock begins, what a corrected time moves, and what a regrading cuts off.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::super::Incident;
use super::{judged_anew, reports_the_event, runs, same_duty, stages};
use crate::clock::{Clock, ClockState, Duty, ReplacedWhy, Start};
use crate::id::ClockId;
use crate::plan::{ClockMeets, ClockRule, ClockStart, Plan, RoleId};

/// Where a new clock begins. At opening and when less is asked for than before it counts from awareness,
/// and reports already made meet it.
pub(super) fn start(
    rule: &ClockRule,
    duty: &Duty,
    incident: &Incident,
    plan: &Plan,
    now: Timestamp,
) -> Start {
    let order = duty.about.and_then(|about| incident.order(about));
    let at = match rule.starts {
        ClockStart::LevelConfirmed | ClockStart::LevelJudged | ClockStart::ResponseStarted => now,
        ClockStart::ResponseEnded => incident.phase.ended_at().unwrap_or(now),
        ClockStart::ReviewCompleted => incident.phase.review().map_or(now, |review| review.signed.at),
        ClockStart::ReportMade => stages(rule, &duty.of, incident).map(|met| met.at).max().unwrap_or(now),
        ClockStart::BodyBecameAware | ClockStart::Occurred => {
            incident.told_start(rule.starts, &duty.of).unwrap_or(now)
        }
        ClockStart::OrderGiven => order.map_or(now, |order| order.given.at),
        ClockStart::PlaybookStarted | ClockStart::PlaybookBegun | ClockStart::StepReady => {
            runs::step_start(rule, duty, incident, plan).unwrap_or(now)
        }
    };
    // A report on something that has just happened cannot have been made before it.
    let of_what_follows = match rule.starts {
        ClockStart::ResponseStarted
        | ClockStart::ResponseEnded
        | ClockStart::ReviewCompleted
        | ClockStart::ReportMade => true,
        ClockStart::BodyBecameAware
        | ClockStart::Occurred
        | ClockStart::LevelJudged
        | ClockStart::LevelConfirmed
        | ClockStart::OrderGiven
        | ClockStart::PlaybookStarted
        | ClockStart::PlaybookBegun
        | ClockStart::StepReady => false,
    };
    let counts_from = (of_what_follows && rule.met_by == ClockMeets::Report).then_some(at);
    Start { at, counts_from, by: by(rule, &duty.of, incident) }
}

/// Like [`start`], where more is asked for than before: a report is a new duty that counts from now and
/// asks for a new act.
pub(super) fn start_anew(
    rule: &ClockRule,
    duty: &Duty,
    incident: &Incident,
    plan: &Plan,
    now: Timestamp,
) -> Start {
    if reports_the_event(rule) || judged_anew(rule) {
        Start { at: now, counts_from: Some(now), by: by(rule, &duty.of, incident) }
    } else {
        start(rule, duty, incident, plan, now)
    }
}

/// No later than this long after awareness.
fn by(rule: &ClockRule, of: &RoleId, incident: &Incident) -> Option<Timestamp> {
    let span = rule.no_later_than?;
    Some(incident.aware_at(of).0.saturating_add(span).unwrap_or(Timestamp::MAX))
}

/// Whether a time that was corrected gives a running clock another deadline: it begins with that time, or falls
/// due at the latest some time after it. A clock that counts from a regrading keeps its beginning. What was
/// extended gets no less by a correction, and what a regrading cut off no more.
pub(super) fn corrected(
    clock: &Clock,
    rule: &ClockRule,
    before: Option<&Incident>,
    incident: &Incident,
    plan: &Plan,
) -> bool {
    let due = |start, incident| plan.calendar(&rule.id).due(rule, start, by(rule, &clock.of, incident)).at;
    let told = clock.counts_from.is_none().then(|| incident.told_start(clock.starts, &clock.of)).flatten();
    if let Some(told) = told {
        let moved = told != clock.started_at;
        return moved && (!extended(clock, incident) || due(told, incident) > clock.due_at);
    }
    let Some(before) = before.filter(|_| rule.no_later_than.is_some()) else { return false };
    let (was, is) = (due(clock.started_at, before), due(clock.started_at, incident));
    match clock.due_at.cmp(&was) {
        Ordering::Less => is < clock.due_at,
        Ordering::Equal => is != was,
        Ordering::Greater => is > clock.due_at,
    }
}

/// The clock took the place of another one by an extension.
fn extended(clock: &Clock, incident: &Incident) -> bool {
    let old = clock.replaces.and_then(|old| incident.clock(old));
    old.is_some_and(|old| matches!(old.state, ClockState::Replaced { why: ReplacedWhy::Extended, .. }))
}

/// Where the heir of a clock begins whose latest time alone was corrected: where that clock began.
pub(super) fn start_kept(
    rule: &ClockRule,
    duty: &Duty,
    incident: &Incident,
    leaving: &[(ClockId, ReplacedWhy)],
) -> Option<Start> {
    if rule.no_later_than.is_none() || rule.starts.is_told() {
        return None;
    }
    let corrected = leaving.iter().filter(|(_, why)| *why == ReplacedWhy::StartCorrected);
    let mut old = corrected.filter_map(|(id, _)| incident.clock(*id));
    let old = old.find(|old| old.rule == rule.id && old.is_of(duty))?;
    let by = by(rule, &duty.of, incident);
    Some(Start { at: old.started_at, counts_from: old.counts_from, by })
}

/// A regrading never buys time: where a new clock asks for a further act, the deadline of an unlapsed one that it
/// takes the place of still binds. So it is with a raised level (`jincheng-internet-2008/5.1.3.c`), and with reports
/// on a response whose level goes up or down (`national-2017/4.2.1.e`, `4.2.2.2.a`).
pub(super) fn cap_by_predecessor(clock: &mut Clock, incident: &Incident, leaving: &[(ClockId, ReplacedWhy)]) {
    let regraded = leaving.iter().filter(|(_, why)| *why == ReplacedWhy::Regraded);
    let cap = regraded
        .filter_map(|(id, _)| incident.clock(*id))
        .filter(|old| same_duty(old, clock) && old.lapsed_at.is_none() && old.lapses_at > clock.started_at)
        .map(|old| old.lapses_at)
        .min();
    if let Some(cap) = cap.filter(|cap| *cap < clock.lapses_at && clock.counts_from.is_some()) {
        clock.due_at = clock.due_at.min(cap);
        clock.lapses_at = cap;
        clock.notices.iter_mut().for_each(|notice| notice.at = notice.at.min(cap));
    }
}
