//! What a decision sets in motion: clocks started, met and replaced.
//!
//! [`settle`] compares what the plan now demands with the clocks there are. It looks at the state alone,
//! so running it twice changes nothing, and an incident read from the ledger settles as a live one.

use jiff::Timestamp;

use super::{AskedFiling, GrantEndWhy, Incident, IncidentChange, Order, Phase, Step};
use crate::actor::By;
use crate::clock::{Act, Clock, ClockState, Duty, Met, ReplacedWhy, Start};
use crate::id::{ClockId, NewId, ReportId};
use crate::plan::{ClockMeets, ClockRule, ClockStart, Form, Plan, PlanId, RoleId, RuleId, plan_of};

mod runs;
mod starts;

use starts::{cap_by_predecessor, corrected, start, start_anew, start_kept};

/// A working copy of an incident that keeps the changes made to it.
pub(super) struct Work<'a> {
    /// The incident as it stands after the changes so far.
    pub(super) incident: Incident,
    changes: Vec<IncidentChange>,
    now: Timestamp,
    by: &'a By,
}

impl<'a> Work<'a> {
    pub(super) fn new(incident: Incident, now: Timestamp, by: &'a By) -> Self {
        Self { incident, changes: Vec::new(), now, by }
    }

    pub(super) fn push(&mut self, change: IncidentChange) {
        self.incident.apply(change.clone(), self.now, self.by.clone());
        self.changes.push(change);
    }

    pub(super) fn into_changes(self) -> Vec<IncidentChange> {
        self.changes
    }
}

/// Brings the clocks into line with the plan after `work` changed; `before` is the incident before that.
pub(super) fn settle(work: &mut Work<'_>, before: Option<&Incident>, plan: &Plan, new_id: NewId<'_>) {
    end_grants(work, plan);
    match work.incident.phase {
        Phase::Withdrawn(_) => return stop_all(work, ReplacedWhy::Withdrawn),
        Phase::Archived(_) => return stop_all(work, ReplacedWhy::Archived),
        _ => {}
    }
    runs::settle_runs(work, plan);
    exchange(work, before, plan, new_id);
    meet(work, plan);
    // A report that met a clock may be what another one waits for, and so on: there are only so many reports.
    loop {
        let again = again(&work.incident, plan, new_id);
        let done = again.is_empty();
        for clock in again {
            work.push(IncidentChange::ClockStarted { clock });
        }
        if !exchange(work, None, plan, new_id) && done {
            return;
        }
        meet(work, plan);
    }
}

/// Ends the clocks that have no rule any longer and starts those that are missing; whether there were any.
fn exchange(work: &mut Work<'_>, before: Option<&Incident>, plan: &Plan, new_id: NewId<'_>) -> bool {
    let leaving = leaving(&work.incident, before, plan);
    let mut coming = coming(&work.incident, before, plan, &leaving, work.now, new_id);
    let any = !leaving.is_empty() || !coming.is_empty();
    for (id, why) in leaving {
        let old = work.incident.clock(id).expect("`leaving` lists clocks of this incident");
        // What lasted as long as the response has no heir: what follows the end is another duty.
        let inherits = !matches!(why, ReplacedWhy::ResponseEnded | ReplacedWhy::Routed);
        let heir = |same_rule: bool| {
            coming.iter().position(|new| {
                let same = same_duty(old, new) && (!same_rule || old.rule == new.rule);
                inherits && new.replaces.is_none() && same
            })
        };
        let by = heir(true).or_else(|| heir(false)).map(|at| {
            coming[at].replaces = Some(id);
            coming[at].id
        });
        work.push(IncidentChange::ClockReplaced { clock: id, by, why, reason: String::new() });
    }
    for clock in coming {
        work.push(IncidentChange::ClockStarted { clock });
    }
    any
}

/// With the response, the operating permissions given for it end. Source: `jincheng-internet-2008/5.2.3.1.2`.
/// A playbook that goes on keeps what its steps take.
fn end_grants(work: &mut Work<'_>, plan: &Plan) {
    if matches!(
        work.incident.phase,
        Phase::Judged(_) | Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_)
    ) || !work.incident.is_closed() && work.incident.needs_grants(plan)
    {
        return;
    }
    let live = work.incident.grants.iter().filter(|grant| grant.live(work.now)).map(|grant| grant.id);
    for grant in live.collect::<Vec<_>>() {
        let (why, reason) = (GrantEndWhy::Ended, String::new());
        work.push(IncidentChange::GrantEnded { grant, why, reason });
    }
}

/// Nothing more can be done in this incident, so nothing is owed any longer.
fn stop_all(work: &mut Work<'_>, why: ReplacedWhy) {
    let running: Vec<ClockId> =
        work.incident.clocks.iter().filter(|clock| clock.runs()).map(|clock| clock.id).collect();
    for clock in running {
        work.push(IncidentChange::ClockReplaced { clock, by: None, why, reason: String::new() });
    }
}

/// Running clocks whose rule no longer applies or whose start was corrected.
fn leaving(incident: &Incident, before: Option<&Incident>, plan: &Plan) -> Vec<(ClockId, ReplacedWhy)> {
    let reason = |clock: &Clock| {
        let rule = plan.clock(&clock.rule);
        if !rule.is_some_and(|rule| applies(rule, incident, plan)) {
            return Some(why_left(clock, incident, plan));
        }
        let order = clock.about.and_then(|about| incident.order(about));
        if order.is_some_and(|order| order.withdrawn.is_some()) {
            return Some(ReplacedWhy::OrderWithdrawn);
        }
        if clock.step.as_ref().is_some_and(|about| runs::fell_away(incident, about)) {
            return Some(ReplacedWhy::StepFellAway);
        }
        let stage = rule.and_then(|rule| stages(rule, &clock.of, incident).map(|met| met.at).max());
        if clock.starts == ClockStart::ReportMade && stage.is_some_and(|at| at != clock.started_at) {
            return Some(ReplacedWhy::StartCorrected);
        }
        let moved = rule.is_some_and(|rule| corrected(clock, rule, before, incident, plan));
        moved.then_some(ReplacedWhy::StartCorrected)
    };
    incident.running().filter_map(|clock| Some((clock.id, reason(clock)?))).collect()
}

/// Why the rule of a clock no longer applies.
fn why_left(clock: &Clock, incident: &Incident, plan: &Plan) -> ReplacedWhy {
    if plan.clock(&clock.rule).is_none() {
        ReplacedWhy::PlanDetached
    } else if plan.routed_under(&clock.rule, &incident.category).is_some() {
        ReplacedWhy::Routed
    } else if clock.starts == ClockStart::ResponseStarted && incident.phase.ended_at().is_some() {
        ReplacedWhy::ResponseEnded
    } else {
        ReplacedWhy::Regraded
    }
}

/// Clocks the plan demands that do not exist yet.
fn coming(
    incident: &Incident,
    before: Option<&Incident>,
    plan: &Plan,
    leaving: &[(ClockId, ReplacedWhy)],
    now: Timestamp,
    new_id: NewId<'_>,
) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for rule in plan.clocks.iter().filter(|rule| applies(rule, incident, plan)) {
        for duty in duties(rule, incident, plan) {
            let known = incident.clocks.iter().any(|clock| {
                let stands = !matches!(clock.state, ClockState::Replaced { .. });
                let stays = !leaving.iter().any(|(id, _)| *id == clock.id);
                clock.rule == rule.id && clock.is_of(&duty) && stands && stays
            });
            if !known {
                let anew = |before: &Incident| {
                    let more = || asks_for_more(before, incident, plan, rule.clause.document());
                    !applies(rule, before, plan) && (judged_anew(rule) || more())
                };
                let kept = start_kept(rule, &duty, incident, leaving);
                let start = match (kept, before) {
                    (Some(kept), _) => kept,
                    (None, Some(before)) if anew(before) => start_anew(rule, &duty, incident, plan, now),
                    _ => start(rule, &duty, incident, plan, now),
                };
                let asked = duty.about.and_then(|about| incident.order(about)).and_then(|order| order.due_at);
                let mut clock = Clock::start(rule, ClockId(new_id()), duty, start, &plan.calendar(&rule.id));
                if let Some(due) = asked.filter(|_| rule.met_by == ClockMeets::OrderAnswered) {
                    clock.run_until(due);
                }
                cap_by_predecessor(&mut clock, incident, leaving);
                clocks.push(clock);
            }
        }
    }
    clocks
}

/// Clocks of repeating duties that were met and are owed again.
fn again(incident: &Incident, plan: &Plan, new_id: NewId<'_>) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for rule in plan.clocks.iter().filter(|rule| rule.repeats && applies(rule, incident, plan)) {
        for duty in duties(rule, incident, plan) {
            let same = |clock: &&Clock| clock.rule == rule.id && clock.is_of(&duty);
            let last = incident.clocks.iter().rev().find(same).map(|clock| &clock.state);
            if let Some(ClockState::Met(met)) = last {
                let start = Start { at: met.at, counts_from: Some(met.at), by: None };
                let calendar = plan.calendar(&rule.id);
                clocks.push(Clock::start(rule, ClockId(new_id()), duty, start, &calendar));
            }
        }
    }
    clocks
}

/// An incident that a plan leaves to another one owes nothing under it.
fn applies(rule: &ClockRule, incident: &Incident, plan: &Plan) -> bool {
    let started = match rule.starts {
        ClockStart::BodyBecameAware
        | ClockStart::Occurred
        | ClockStart::LevelJudged
        | ClockStart::OrderGiven
        | ClockStart::PlaybookStarted
        | ClockStart::PlaybookBegun
        | ClockStart::StepReady => true,
        ClockStart::LevelConfirmed => incident.level_is_confirmed(),
        ClockStart::ResponseStarted => matches!(incident.phase, Phase::Responding(_)),
        ClockStart::ResponseEnded => incident.phase.ended_at().is_some(),
        ClockStart::ReviewCompleted => incident.phase.review().is_some(),
        ClockStart::ReportMade => rule.of.iter().any(|of| stages(rule, of, incident).next().is_some()),
    };
    started && incident.holds(&rule.when) && plan.routed_under(&rule.id, &incident.category).is_none()
}

/// The duties of which a rule makes a clock each.
fn duties(rule: &ClockRule, incident: &Incident, plan: &Plan) -> Vec<Duty> {
    if rule.step.is_some() {
        return incident.runs.iter().flat_map(|run| runs::step_duties(rule, run, plan)).collect();
    }
    if rule.starts == ClockStart::OrderGiven {
        let orders = incident.orders.iter().filter(|order| order.withdrawn.is_none());
        return orders.filter_map(|order| order_duty(rule, order)).collect();
    }
    let mut duties = Vec::new();
    let begun =
        |of: &&RoleId| rule.starts != ClockStart::ReportMade || stages(rule, of, incident).next().is_some();
    for of in rule.of.iter().filter(begun) {
        let duty = |to| Duty { of: of.clone(), to, about: None, step: None };
        if rule.any_addressee || rule.to.is_empty() {
            duties.push(duty(rule.to.clone()));
        } else {
            duties.extend(rule.to.iter().map(|to| duty(vec![to.clone()])));
        }
    }
    duties
}

/// A body owes an answer to whoever gave the order; that an expert answers is the giver's care.
fn order_duty(rule: &ClockRule, order: &Order) -> Option<Duty> {
    let giver = &order.given.body;
    let of = order.body().unwrap_or(giver);
    let concerned = rule.about.as_ref() == Some(&order.rule) && (rule.of.is_empty() || rule.of.contains(of));
    let to = if of == giver { Vec::new() } else { vec![giver.clone()] };
    concerned.then(|| Duty { of: of.clone(), to, about: Some(order.id), step: None })
}

/// How the clocks were met that a rule comes after, by a report of this body or to it.
fn stages<'i>(rule: &'i ClockRule, of: &'i RoleId, incident: &'i Incident) -> impl Iterator<Item = &'i Met> {
    let before = incident
        .clocks
        .iter()
        .filter(move |clock| rule.after.contains(&clock.rule) && (clock.of == *of || clock.to.contains(of)));
    before.filter_map(|clock| match &clock.state {
        ClockState::Met(met) => Some(met),
        ClockState::Running | ClockState::Replaced { .. } => None,
    })
}

/// Reports come in stages, each its own: what comes after another is met by a further report only.
fn is_next(rule: &ClockRule, clock: &Clock, act: &Act<'_>, incident: &Incident) -> bool {
    if rule.after.is_empty() || rule.met_by != ClockMeets::Report {
        return true;
    }
    let mut before = stages(rule, &clock.of, incident).peekable();
    before.peek().is_some() && before.all(|met| met.report != act.report)
}

/// A raised level or a mark set, as the rules see it: some report is newly asked for, and no duty that
/// fell away asked for it as soon. A lowered level or a mark taken back asks for nothing new. What one plan
/// newly asks for says nothing of what another does, so only the rules of one document are looked at.
fn asks_for_more(before: &Incident, incident: &Incident, plan: &Plan, document: &str) -> bool {
    let (mut new, mut gone) = (Vec::new(), Vec::new());
    let own = |rule: &&ClockRule| rule.clause.document() == document && reports_the_event(rule);
    for rule in plan.clocks.iter().filter(own) {
        match (applies(rule, before, plan), applies(rule, incident, plan)) {
            (false, true) => new.push(rule),
            (true, false) => gone.push(rule),
            _ => {}
        }
    }
    new.into_iter().any(|new| !gone.iter().any(|gone| covers(gone, new)))
}

/// A judgement made anew asks for a report of that judgement.
fn judged_anew(rule: &ClockRule) -> bool {
    rule.met_by == ClockMeets::Report && rule.starts == ClockStart::LevelJudged
}

fn reports_the_event(rule: &ClockRule) -> bool {
    rule.met_by == ClockMeets::Report && rule.starts.is_told()
}

/// `old` asked the same bodies for the same report to the same addressees, and at least as soon.
fn covers(old: &ClockRule, new: &ClockRule) -> bool {
    let within = |old: &[RoleId], new: &[RoleId]| new.iter().all(|role| old.contains(role));
    let alike = (old.within, old.day_off) == (new.within, new.day_off);
    old.form == new.form
        && (alike || old.latest().is_some_and(|latest| latest <= new.soonest()))
        && within(&old.of, &new.of)
        && within(&old.to, &new.to)
}

/// Both clocks are about the same act of the same body towards an addressee in common, under the same
/// plan: the duty of one plan is never heir to that of another.
fn same_duty(old: &Clock, new: &Clock) -> bool {
    let shared = old.to.is_empty() && new.to.is_empty() || old.to.iter().any(|to| new.to.contains(to));
    let same = old.form == new.form && old.met_by == new.met_by;
    let same = same && old.about == new.about && old.step == new.step;
    old.clause.document() == new.clause.document() && old.of == new.of && same && shared
}

/// Meets every running clock with the earliest act that counts for it.
fn meet(work: &mut Work<'_>, plan: &Plan) {
    let incident = &work.incident;
    let acts = acts(incident, plan);
    let place = |clock: &&Clock| plan.clocks.iter().position(|rule| rule.id == clock.rule);
    let mut running: Vec<&Clock> = incident.running().collect();
    // Stages stand in the order of the plan, so that what a report meets here is known to the stages after it.
    running.sort_by_key(place);
    let mut changes = Vec::new();
    let mut used_now: Vec<(&RuleId, Option<ReportId>)> = Vec::new();
    for clock in running {
        let rule = plan.clock(&clock.rule);
        let wanted = rule.and_then(|rule| rule.action.as_ref());
        let fits = |act: &&Act<'_>| {
            let used = rule.is_some_and(|rule| rule.repeats) && met_before(incident, clock, act.report);
            let next = rule.is_none_or(|rule| {
                let taken =
                    used_now.iter().any(|(id, report)| rule.after.contains(id) && *report == act.report);
                is_next(rule, clock, act, incident) && !taken
            });
            clock.waits_for(act) && takes(clock, wanted, act) && !used && next
        };
        if let Some(act) = acts.iter().filter(fits).min_by_key(|act| act.at) {
            used_now.push((&clock.rule, act.report));
            let met = clock.met(act.at, work.now, act.report);
            changes.push(IncidentChange::ClockMet { clock: clock.id, met });
        }
    }
    for change in changes {
        work.push(change);
    }
}

/// What one plan lists or decides never meets away a duty of another: without a certain action, any that the
/// clock's own plan lists; and a request that was only reported, where another plan decides on the response.
fn takes(clock: &Clock, wanted: Option<&RuleId>, act: &Act<'_>) -> bool {
    let own = plan_of(&clock.rule);
    match (act.kind, act.action) {
        (ClockMeets::ImmediateAction, Some(taken)) => {
            wanted.map_or_else(|| plan_of(taken) == own, |wanted| wanted == taken)
        }
        (ClockMeets::ResponseRequested, _) if act.report.is_some() => {
            own.is_some() && clock.started_at <= act.at
        }
        _ => true,
    }
}

/// The report met an earlier clock of the same repeating duty.
fn met_before(incident: &Incident, clock: &Clock, report: Option<ReportId>) -> bool {
    let mut same = incident
        .clocks
        .iter()
        .filter(|other| (&other.rule, &other.of, &other.to) == (&clock.rule, &clock.of, &clock.to));
    report.is_some() && same.any(|other| matches!(&other.state, ClockState::Met(met) if met.report == report))
}

/// Everything done in the incident that can meet a clock.
fn acts<'a>(incident: &'a Incident, plan: &'a Plan) -> Vec<Act<'a>> {
    let mut acts = Vec::new();
    let sent =
        || incident.reports.iter().filter(|report| report.form == Form::Oral || report.receipt.is_some());
    acts.extend(sent().map(|report| Act {
        of: Some(&report.of),
        to: Some(&report.to),
        form: Some(report.form),
        report: Some(report.id),
        ..Act::new(ClockMeets::Report, report.at)
    }));
    acts.extend(
        incident.actions.iter().map(|taken| Act {
            action: Some(&taken.action),
            ..Act::new(ClockMeets::ImmediateAction, taken.at)
        }),
    );
    let asked = |(at, to)| Act { to: Some(to), ..Act::new(ClockMeets::ResponseRequested, at) };
    acts.extend(requests(incident, plan).into_iter().map(asked));
    // Whoever decides under a plan beside the leading one is asked by a report: the steps here are the leading plan's.
    acts.extend(sent().map(|report| Act {
        of: Some(&report.of),
        to: Some(&report.to),
        report: Some(report.id),
        ..Act::new(ClockMeets::ResponseRequested, report.at)
    }));
    acts.extend(responding_since(incident).map(|at| Act::new(ClockMeets::ResponseStarted, at)));
    acts.extend(incident.phase.review().map(|review| Act::new(ClockMeets::Review, review.signed.at)));
    for order in &incident.orders {
        let (first, last) = order.answers();
        let answer = |kind, at| Act { about: Some(order.id), ..Act::new(kind, at) };
        acts.extend(first.map(|at| answer(ClockMeets::OrderAcknowledged, at)));
        acts.extend(last.map(|at| answer(ClockMeets::OrderAnswered, at)));
    }
    for run in &incident.runs {
        acts.extend(
            run.done.iter().map(|done| Act {
                step: Some((run.id, &done.step)),
                ..Act::new(ClockMeets::StepDone, done.at)
            }),
        );
    }
    let filings = incident.phase.reviewed().map_or_else(Vec::new, |reviewed| reviewed.filings(plan));
    let filed = filings.into_iter().filter(AskedFiling::is_complete);
    acts.extend(filed.filter_map(|filed| {
        let at = filed.made?.signed.at;
        Some(Act { plan: filed.plan.map(PlanId::as_str), ..Act::new(ClockMeets::Filing, at) })
    }));
    acts
}

/// Since when the response has been at the incident's level or above, if it is.
fn responding_since(incident: &Incident) -> Option<Timestamp> {
    let response = incident.phase.response()?;
    let decided = response.adjusted.as_ref().map_or(response.started_at, |decision| decision.signed.at);
    (response.level <= incident.level()).then_some(decided)
}

/// Who was asked to fix level and range of the response, or has fixed them, and when.
///
/// A response that the security office started by itself at level III is no request to the city
/// government; raising the level still asks for one. Source: `jincheng-internet-2008/5.2.2.1.a`.
fn requests<'a>(incident: &'a Incident, plan: &'a Plan) -> Vec<(Timestamp, &'a RoleId)> {
    let running = incident.phase.response();
    let mut asked = Vec::new();
    let mut add = |at, level, start: bool| {
        let rule = plan.response(level);
        let deciders = rule.map(|rule| if start { &rule.start.decide } else { &rule.adjust.decide });
        asked.extend(deciders.into_iter().flatten().map(|body| (at, body)));
    };
    if let Some(open) = &incident.proposal {
        match open.step {
            Step::Start { level, .. } => add(open.signed.at, level, true),
            Step::Adjust { level, .. } => {
                add(open.signed.at, running.map_or(level, |running| running.level.min(level)), false);
            }
            Step::End => {}
        }
    }
    if let Some(response) = running {
        match &response.adjusted {
            Some(decision) => add(decision.signed.at, response.level, false),
            None => add(response.started_at, response.level, true),
        }
    }
    asked
}
