//! What the clocks of an incident have to be, worked out anew from what is known of it: grading, response, answers,
//! orders, playbooks. It knows nothing of the clocks there were before, and nothing of how the engine settles them.

use std::collections::BTreeSet;

use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::expr::{Situation, Truth};
use fengsui_domain::id::{OrderId, RunId};
use fengsui_domain::incident::{Phase, RunStepState};
use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, RoleId, RuleId, Within};
use jiff::Timestamp;

use crate::desk::Desk;

/// Which obligation a clock is about: rule, body, addressees, order, step of a run.
pub(super) type Owed = (RuleId, RoleId, Vec<RoleId>, Option<OrderId>, Option<(RunId, RuleId)>);

pub(super) fn owed_by(clock: &Clock) -> Owed {
    let step = clock.step.as_ref().map(|about| (about.run, about.step.clone()));
    (clock.rule.clone(), clock.of.clone(), clock.to.clone(), clock.about, step)
}

/// Every obligation that the plan now asks for, whether it is done already or not.
pub(super) fn asked(desk: &Desk) -> BTreeSet<Owed> {
    if matches!(desk.incident.phase, Phase::Archived(_) | Phase::Withdrawn(_))
        || desk.plan.routed(&desk.incident.category).is_some()
    {
        return BTreeSet::new();
    }
    desk.plan
        .clocks
        .iter()
        .filter(|rule| has_begun(rule, desk))
        .flat_map(|rule| of_rule(rule, desk))
        .collect()
}

/// The condition of the rule holds and the fact from which it counts has come about.
fn has_begun(rule: &ClockRule, desk: &Desk) -> bool {
    let (incident, phase) = (&desk.incident, &desk.incident.phase);
    let running = matches!(phase, Phase::Responding(_));
    let begun = match rule.starts {
        ClockStart::LevelConfirmed => incident.level_is_confirmed(),
        ClockStart::ReportMade => rule.of.iter().any(|of| !reported(rule, of, desk).is_empty()),
        ClockStart::ResponseStarted => running,
        ClockStart::ResponseEnded => matches!(phase, Phase::Ended(_) | Phase::Reviewed(_)),
        ClockStart::ReviewCompleted => matches!(phase, Phase::Reviewed(_)),
        ClockStart::BodyBecameAware
        | ClockStart::LevelJudged
        | ClockStart::OrderGiven
        | ClockStart::PlaybookStarted
        | ClockStart::StepReady
        | ClockStart::Occurred
        | ClockStart::PlaybookBegun => true,
    };
    let facts = incident.facts();
    let response = phase.response().map(|response| response.level);
    let situation = Situation { facts: &facts, level: Some(incident.level()), response };
    begun && rule.when.eval(&situation) == Truth::True
}

fn of_rule(rule: &ClockRule, desk: &Desk) -> Vec<Owed> {
    if rule.step.is_some() {
        return of_step(rule, desk);
    }
    if rule.starts == ClockStart::OrderGiven {
        return of_order(rule, desk);
    }
    let all_in_one = rule.any_addressee || rule.to.is_empty();
    let to =
        if all_in_one { vec![rule.to.clone()] } else { rule.to.iter().map(|to| vec![to.clone()]).collect() };
    let each =
        |of: &RoleId| to.iter().map(|to| (rule.id.clone(), of.clone(), to.clone(), None, None)).collect();
    let begun = |of: &&RoleId| rule.starts != ClockStart::ReportMade || !reported(rule, of, desk).is_empty();
    rule.of.iter().filter(begun).flat_map(|of: &RoleId| -> Vec<Owed> { each(of) }).collect()
}

/// When the stages before a rule were done, by a report of this body or to it.
fn reported(rule: &ClockRule, of: &RoleId, desk: &Desk) -> Vec<Timestamp> {
    let stages = desk.incident.clocks.iter().filter(|clock| rule.after.contains(&clock.rule));
    let known = stages.filter(|clock| clock.of == *of || clock.to.contains(of));
    let met = known.filter_map(|clock| match &clock.state {
        ClockState::Met(met) => Some(met.at),
        _ => None,
    });
    met.collect()
}

/// Whoever was given an order that stands owes it to whoever gave it; for a called expert the giver sees to it.
fn of_order(rule: &ClockRule, desk: &Desk) -> Vec<Owed> {
    let orders = desk.incident.orders.iter();
    let stand = orders.filter(|order| order.withdrawn.is_none() && Some(&order.rule) == rule.about.as_ref());
    let one = |order: &fengsui_domain::incident::Order| {
        let giver = order.given.body.clone();
        match order.body() {
            Some(body) if *body != giver => {
                (rule.id.clone(), body.clone(), vec![giver], Some(order.id), None)
            }
            _ => (rule.id.clone(), giver, Vec::new(), Some(order.id), None),
        }
    };
    stand.map(one).collect()
}

/// A step is owed from the start of its run or from its turn, and is asked for no longer once it fell away.
fn of_step(rule: &ClockRule, desk: &Desk) -> Vec<Owed> {
    let about = rule.step.as_ref().unwrap();
    let runs = desk.incident.runs.iter().filter(|run| run.playbook == about.playbook && run.runs());
    let one = |run: &fengsui_domain::incident::Run| {
        let playbook = desk.plan.playbook(&run.playbook).unwrap();
        let step = playbook.step(&about.step).unwrap();
        let owed = match run.state(playbook, step) {
            RunStepState::Possible => true,
            RunStepState::Waiting(_) => rule.starts == ClockStart::PlaybookStarted,
            RunStepState::Done | RunStepState::Skipped => false,
        };
        let of = rule.of.first().unwrap_or(&step.by[0]).clone();
        owed.then(|| (rule.id.clone(), of, Vec::new(), None, Some((run.id, step.id.clone()))))
    };
    runs.filter_map(one).collect()
}

/// The instants at which a clock that came about at `now` may begin; none of them is made up.
pub(super) fn beginnings(clock: &Clock, desk: &Desk, now: Timestamp) -> Vec<Timestamp> {
    let incident = &desk.incident;
    let rule = desk.plan.clock(&clock.rule).unwrap();
    let mut begins = match clock.starts {
        // From awareness; a report that was not owed before the change counts from the change.
        ClockStart::BodyBecameAware if clock.met_by == ClockMeets::Report => {
            vec![incident.aware_at(&clock.of).0, now]
        }
        ClockStart::BodyBecameAware => vec![incident.aware_at(&clock.of).0],
        // With the judgement; a corrected awareness moves the latest time and not the beginning.
        ClockStart::LevelConfirmed | ClockStart::LevelJudged => {
            let old = clock.replaces.and_then(|old| incident.clock(old)).filter(|old| old.rule == clock.rule);
            old.map(|old| old.started_at).into_iter().chain([now]).collect()
        }
        ClockStart::ResponseStarted => vec![now],
        ClockStart::ResponseEnded => incident.phase.ended_at().into_iter().collect(),
        ClockStart::ReviewCompleted => {
            incident.phase.review().map(|review| review.signed.at).into_iter().collect()
        }
        ClockStart::ReportMade => reported(rule, &clock.of, desk),
        ClockStart::OrderGiven => vec![incident.order(clock.about.unwrap()).unwrap().given.at],
        ClockStart::Occurred => vec![incident.occurred_at.unwrap_or(incident.aware_at(&clock.of).0), now],
        ClockStart::PlaybookStarted | ClockStart::PlaybookBegun | ClockStart::StepReady => {
            let about = clock.step.as_ref().unwrap();
            let run = incident.run(about.run).unwrap();
            let playbook = desk.plan.playbook(&run.playbook).unwrap();
            let step = playbook.step(&about.step).unwrap();
            vec![match clock.starts {
                ClockStart::PlaybookStarted => run.found_at,
                ClockStart::PlaybookBegun => run.started.at,
                _ => run.ready_at(playbook, step),
            }]
        }
    };
    if rule.repeats {
        let same = incident.clocks.iter().filter(|other| owed_by(other) == owed_by(clock));
        begins.extend(same.filter_map(|other| match &other.state {
            ClockState::Met(met) => Some(met.at),
            _ => None,
        }));
    }
    begins
}

/// When a clock that begins then lapses by its rule, the latest time counted from awareness as it is known now.
fn lapses(clock: &Clock, desk: &Desk) -> Timestamp {
    let rule = desk.plan.clock(&clock.rule).unwrap();
    let aware = desk.incident.aware_at(&clock.of).0;
    let latest = rule.no_later_than.map(|span| aware + span);
    match rule.within {
        Within::AtOnce { .. } => clock.started_at + rule.within.lapse(),
        _ => desk.plan.calendar(&rule.id).due(rule, clock.started_at, latest).at,
    }
}

/// The deadlines a clock may have: the plan's span from its beginning, or that of the clock it took the place of.
pub(super) fn deadlines(clock: &Clock, desk: &Desk) -> Vec<Timestamp> {
    let mut deadlines = vec![lapses(clock, desk)];
    let old = clock.replaces.and_then(|old| desk.incident.clock(old));
    // Several clocks may have one heir, which names one of them: any that left in the same change binds.
    let left = desk.incident.clocks.iter().filter(|old| {
        matches!(&old.state, ClockState::Replaced { .. }) && old.of == clock.of && old.met_by == clock.met_by
    });
    deadlines.extend(old.into_iter().chain(left).map(|old| old.lapses_at));
    deadlines.retain(|at| *at <= lapses(clock, desk));
    deadlines
}

/// What every running clock must agree with, however often a time was told anew: it begins with the time that is
/// known now, unless it counts from a regrading, and ends by the latest time that is known now.
pub(super) fn agrees_with_what_is_known(clock: &Clock, desk: &Desk) {
    let (incident, rule) = (&desk.incident, desk.plan.clock(&clock.rule).unwrap());
    let aware = incident.aware_at(&clock.of).0;
    let told = match clock.starts {
        ClockStart::BodyBecameAware => Some(aware),
        ClockStart::Occurred => Some(incident.occurred_at.unwrap_or(aware)),
        ClockStart::ReportMade if !rule.repeats => reported(rule, &clock.of, desk).into_iter().max(),
        _ => None,
    };
    if let Some(told) = told.filter(|_| clock.counts_from.is_none() || clock.starts == ClockStart::ReportMade)
    {
        assert_eq!(clock.started_at, told, "{} begins with what is known now", clock.rule);
    }
    if rule.no_later_than.is_some() {
        let regraded = |old: &Clock| {
            matches!(old.state, ClockState::Replaced { why: ReplacedWhy::Regraded, .. }) && old.of == clock.of
        };
        let cut = incident.clocks.iter().any(regraded);
        let latest = lapses(clock, desk);
        assert!(
            clock.lapses_at == latest || cut && clock.lapses_at < latest,
            "{} lapses at {}, known now is {latest}",
            clock.rule,
            clock.lapses_at
        );
    }
}
