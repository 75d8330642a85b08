//! Whatever is done, in whatever order, with kills and jumps of the clock in between: no clock is lost, doubled, edited
//! or dated back, and those that run are exactly the ones that grading, response and answers ask for ([`super::oracle`]).

use std::collections::BTreeMap;

use fengsui_domain::clock::{Clock, ClockState};
use fengsui_domain::expr::Value;
use fengsui_domain::id::ClockId;
use fengsui_domain::incident::{Command, IncidentChange, OrderOutcome, OrderTo, OrderWords, Phase, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Fact, FactId, FactKind, Form, Plan};
use proptest::prelude::*;
use proptest::sample::Index;

use super::oracle::{Owed, agrees_with_what_is_known, asked, beginnings, deadlines, owed_by};
use crate::deadlines::{Case, change, everybody};
use crate::desk::{Desk, act, adjust, approve, at, holds, minute, order, propose, report, start};

/// Something that may change what is owed, with dice for what it needs from plan and incident.
#[derive(Clone, Debug)]
enum Attempt {
    Wait(i64),
    Tick,
    Kill,
    Onward,
    Grade(Index),
    Answer(Index, Index),
    Class(Index),
    Adjust(Index),
    Report(bool, Index, i64),
    Action(Index),
    Order(Index),
    Answered(Index),
    Withdrawn(Index),
    Playbook(Index),
    Step(Index, Index),
    Aware(Index, i64),
    Occurred(i64),
    Extend(Index, i64),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let index = any::<Index>;
    prop_oneof![
        3 => (-40_i64..120).prop_map(Attempt::Wait),
        1 => Just(Attempt::Tick),
        2 => Just(Attempt::Kill),
        4 => Just(Attempt::Onward),
        6 => index().prop_map(Attempt::Grade),
        4 => (index(), index()).prop_map(|(fact, value)| Attempt::Answer(fact, value)),
        1 => index().prop_map(Attempt::Class),
        2 => index().prop_map(Attempt::Adjust),
        5 => (any::<bool>(), index(), -30_i64..1).prop_map(|(receipt, clock, ago)| Attempt::Report(receipt, clock, ago)),
        1 => index().prop_map(Attempt::Action),
        2 => index().prop_map(Attempt::Order),
        2 => index().prop_map(Attempt::Answered),
        1 => index().prop_map(Attempt::Withdrawn),
        2 => index().prop_map(Attempt::Playbook),
        4 => (index(), index()).prop_map(|(step, branch)| Attempt::Step(step, branch)),
        3 => (index(), -60_i64..1).prop_map(|(body, ago)| Attempt::Aware(body, ago)),
        1 => (index(), -3_000_i64..1).prop_map(|(body, ago)| Attempt::Aware(body, ago)),
        2 => (-90_i64..1).prop_map(Attempt::Occurred),
        1 => (index(), 1_i64..60_000).prop_map(|(clock, more)| Attempt::Extend(clock, more)),
    ]
}

/// An answer of the fact's own kind.
pub(super) fn value(fact: &Fact, dice: Index) -> Value {
    match &fact.kind {
        FactKind::Bool => Value::Bool(dice.index(2) == 0),
        FactKind::OneOf(choices) => Value::Choice(dice.get(choices).id.clone()),
        FactKind::Count => Value::Count(dice.index(10) as u64),
    }
}

/// A level that the plan has.
fn level(plan: &Plan, dice: Index) -> IncidentLevel {
    **dice.get(&plan.levels.keys().collect::<Vec<_>>())
}

/// The next step on the way to the archive.
pub(super) fn onward(desk: &Desk) -> Vec<Command> {
    let text = || "text".to_owned();
    let level = desk.incident.level();
    let twice = |step: Step| vec![propose(step.clone()), approve(step)];
    match &desk.incident.phase {
        Phase::Judged(_) => vec![Command::Verify { basis: text() }],
        Phase::Analysing(_) => vec![Command::Grade { level, reason: text() }],
        Phase::Graded(_) => twice(start(level)),
        Phase::Responding(response) => {
            let conditions = &desk.plan.response(response.level).unwrap().end_when.conditions;
            let ticks = conditions.iter().map(|condition| holds(condition.id.as_str(), true));
            ticks.chain(twice(Step::End)).collect()
        }
        Phase::Ended(_) => {
            let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), text())).collect();
            vec![Command::Review { topics, plan_change: text() }]
        }
        Phase::Reviewed(_) => vec![
            Command::File { summary: text(), plan: None },
            Command::ReceiptFiling { at: desk.now, reference: text(), plan: None, of: None },
            Command::Archive,
        ],
        Phase::Archived(_) | Phase::Withdrawn(_) => Vec::new(),
    }
}

/// What an attempt comes to now; nothing if there is nothing to try it on.
fn commands(desk: &Desk, attempt: &Attempt) -> Vec<Command> {
    let (plan, incident) = (&desk.plan, &desk.incident);
    let text = || "text".to_owned();
    let one = |command| vec![command];
    match attempt {
        Attempt::Onward => onward(desk),
        Attempt::Grade(dice) => one(Command::Grade { level: level(plan, *dice), reason: text() }),
        Attempt::Answer(fact, dice) => {
            let facts: Vec<(&FactId, &Fact)> = plan.facts.iter().collect();
            let (id, fact) = fact.get(&facts);
            let answers = BTreeMap::from([((*id).clone(), (value(fact, *dice), text()))]);
            one(Command::Answer { answers })
        }
        Attempt::Class(dice) => {
            let classes: Vec<_> = plan.categories.keys().cloned().collect();
            one(Command::Categorise { category: dice.get(&classes).clone() })
        }
        Attempt::Adjust(dice) => {
            let level = level(plan, *dice);
            vec![propose(adjust(level)), approve(adjust(level))]
        }
        Attempt::Report(written, dice, ago) => {
            let of_reports = |clock: &&Clock| clock.runs() && !clock.to.is_empty();
            let open: Vec<&Clock> = incident.clocks.iter().filter(of_reports).collect();
            if open.is_empty() {
                return Vec::new();
            }
            let clock = dice.get(&open);
            let form = if *written { Form::Written } else { Form::Oral };
            let made = desk.now + jiff::SignedDuration::from_mins(*ago);
            one(report(clock.form.unwrap_or(form), clock.of.as_str(), clock.to[0].as_str(), made))
        }
        Attempt::Action(dice) if !plan.immediate_actions.is_empty() => {
            one(act(dice.get(&plan.immediate_actions).id.as_str(), desk.now))
        }
        Attempt::Order(dice) if !plan.orders.is_empty() => {
            let rule = dice.get(&plan.orders);
            let words = match rule.experts.first() {
                Some(field) => OrderWords {
                    to: OrderTo::Expert { name: text(), field: field.id.clone() },
                    ..order(rule.id.as_str(), "unit")
                },
                None => order(rule.id.as_str(), dice.get(&rule.to).as_str()),
            };
            one(Command::GiveOrder { words })
        }
        Attempt::Answered(dice) if !incident.orders.is_empty() => {
            let (order, outcome) = (dice.get(&incident.orders).id, *dice.get(OrderOutcome::ALL));
            one(Command::ReportOrder { order, outcome, at: desk.now, text: text() })
        }
        Attempt::Withdrawn(dice) if !incident.orders.is_empty() => {
            one(Command::WithdrawOrder { order: dice.get(&incident.orders).id, reason: text() })
        }
        Attempt::Playbook(dice) if !plan.playbooks.is_empty() => {
            one(crate::playbooks::start(dice.get(&plan.playbooks).id.as_str(), minute(desk.now)))
        }
        Attempt::Step(step, branch) if !incident.runs.is_empty() => {
            let run = step.get(&incident.runs);
            let step = branch.get(&plan.playbook(&run.playbook).unwrap().steps);
            let done = crate::playbooks::done(desk, run.id, step.id.as_str());
            one(match &step.ask {
                None => done,
                Some(ask) => Command::AnswerStep {
                    run: run.id,
                    step: step.id.clone(),
                    branch: branch.get(&ask.branches).id.clone(),
                    at: desk.now,
                    grounds: text(),
                    spoke: String::new(),
                },
            })
        }
        Attempt::Aware(dice, ago) => {
            let bodies: Vec<_> = plan.roles.keys().cloned().collect();
            let at = desk.now + jiff::SignedDuration::from_mins(*ago);
            one(Command::RecordAwareness { body: dice.get(&bodies).clone(), at })
        }
        Attempt::Occurred(ago) => {
            one(Command::RecordOccurrence { at: desk.now + jiff::SignedDuration::from_mins(*ago) })
        }
        Attempt::Extend(dice, more) if !incident.clocks.is_empty() => {
            let clock = dice.get(&incident.clocks).id;
            let until = desk.now + jiff::SignedDuration::from_mins(*more);
            one(Command::Extend { clock, until, reason: text() })
        }
        _ => Vec::new(),
    }
}

/// What of a clock never changes once it has started, and what only ever goes one way.
fn unchanged(was: &Clock, is: &Clock) {
    let fixed = |clock: &Clock| {
        (owed_by(clock), clock.started_at, clock.due_at, clock.lapses_at, clock.counts_from, clock.replaces)
    };
    assert_eq!(fixed(was), fixed(is), "a clock is never edited");
    assert!(was.lapsed_at.is_none() || was.lapsed_at == is.lapsed_at, "a lapse stays as it was");
    assert!(was.runs() || was.state == is.state, "what ended stays as it ended");
    for (was, is) in was.notices.iter().zip(&is.notices) {
        assert!(was.told_at.is_none() || was == is, "what was told stays told");
    }
}

/// What must hold after whatever was tried; `before` are the clocks there were.
fn check(desk: &Desk, before: &[Clock], started: &[ClockId]) {
    for was in before {
        let is = desk.incident.clock(was.id).unwrap_or_else(|| panic!("{} is lost", was.rule));
        unchanged(was, is);
    }
    for id in started {
        let clock = desk.incident.clock(*id).unwrap();
        if is_extension(desk, clock) {
            continue;
        }
        let begins = beginnings(clock, desk, desk.now);
        assert!(
            begins.contains(&clock.started_at),
            "{} begins at {}, not {begins:?}",
            clock.rule,
            clock.started_at
        );
        let ends = deadlines(clock, desk);
        assert!(
            ends.contains(&clock.lapses_at),
            "{} lapses at {}, not {ends:?}",
            clock.rule,
            clock.lapses_at
        );
    }
    for clock in desk.incident.running().filter(|clock| !is_extension(desk, clock)) {
        agrees_with_what_is_known(clock, desk);
    }
    let asked = asked(desk);
    let mut stand: BTreeMap<Owed, [usize; 2]> = BTreeMap::new();
    for clock in &desk.incident.clocks {
        let [running, met] = stand.entry(owed_by(clock)).or_default();
        *running += usize::from(clock.runs());
        *met += usize::from(matches!(clock.state, ClockState::Met(_)));
    }
    for (owed, [running, met]) in &stand {
        let repeats = desk.plan.clock(&owed.0).unwrap().repeats;
        let right = match (asked.contains(owed), repeats) {
            (false, _) => *running == 0,
            (true, true) => *running == 1,
            (true, false) => *running == 1 || *running == 0 && *met >= 1,
        };
        assert!(right, "{owed:?}: {running} run, {met} met, asked: {}", asked.contains(owed));
    }
    for owed in &asked {
        assert!(stand.contains_key(owed), "{owed:?} is asked for, and there is no clock");
    }
}

/// It took the place of a clock of the same rule by an extension.
fn is_extension(desk: &Desk, clock: &Clock) -> bool {
    let old = clock.replaces.and_then(|old| desk.incident.clock(old));
    old.is_some_and(|old| {
        matches!(old.state, ClockState::Replaced { why: fengsui_domain::clock::ReplacedWhy::Extended, .. })
    })
}

fn started(changes: &[IncidentChange]) -> Vec<ClockId> {
    let ids = changes.iter().filter_map(|change| match change {
        IncidentChange::ClockStarted { clock } => Some(clock.id),
        _ => None,
    });
    ids.collect()
}

/// Every pack, and the one option with which clocks count from the occurrence.
fn packs() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("national-2017", ""),
        ("jincheng-internet-2008", ""),
        ("jincheng-internet-2008", "clock-start=from-occurrence"),
        ("jincheng-egov-2008", ""),
        ("cn-reporting-2025", ""),
        ("eu-nis2", ""),
        ("eu-dora", ""),
    ])
}

/// An incident of this level at a stage of the tables.
fn opened((plan, choice): (&str, &str), stage: &str, level: IncidentLevel) -> Desk {
    Case::read(&format!("{stage}: {level}")).open_under(crate::ambiguities::version(plan, choice))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_clock_is_lost_doubled_or_dated_back(
        pack in packs(),
        first in any::<Index>(),
        attempts in prop::collection::vec(attempt(), 1..60),
    ) {
        let mut desk = opened(pack, "opened", level(&crate::together::pack(pack.0), first));
        let people = [everybody(&desk.plan, "first"), everybody(&desk.plan, "second")];
        check(&desk, &[], &[]);
        let mut minutes = 0;
        for attempt in attempts {
            match attempt {
                Attempt::Wait(more) => {
                    minutes += more;
                    desk.now = at(minutes);
                }
                Attempt::Tick => drop(desk.tick()),
                Attempt::Kill => desk.restart(),
                _ => {}
            }
            // Two people take turns, so that what needs two comes about.
            for (turn, command) in commands(&desk, &attempt).into_iter().enumerate() {
                let before = desk.incident.clocks.clone();
                let changes = desk.tries(&people[turn % 2], command).unwrap_or_default();
                check(&desk, &before, &started(&changes));
            }
        }
    }

    /// Up and down and back: what runs at the end is what runs where nothing else ever was, if nothing was done.
    #[test]
    fn the_way_to_a_level_does_not_matter(
        pack in packs(),
        levels in prop::collection::vec((any::<Index>(), 0_usize..8, 0_i64..50), 1..12),
    ) {
        let plan = crate::together::pack(pack.0);
        let levels: Vec<_> = levels.into_iter().map(|(dice, marks, wait)| (level(&plan, dice), marks, wait)).collect();
        let names = |level: IncidentLevel, marks: usize, desk: &Desk| {
            let set = desk.plan.clocks.iter().flat_map(|rule| marks_of(&desk.plan, rule.when.to_string().as_str()));
            let set: std::collections::BTreeSet<FactId> = set.collect();
            let on = set.into_iter().enumerate().filter(|(at, _)| marks >> at & 1 == 1);
            (level, on.map(|(_, fact)| (fact, Value::Bool(true))).collect::<BTreeMap<_, _>>())
        };
        let mut desk = opened(pack, "confirmed", levels[0].0);
        let mut minutes = 10;
        for (level, marks, wait) in &levels {
            minutes += wait;
            desk.at(minutes);
            let (level, facts) = names(*level, *marks, &desk);
            change(&mut desk, level, &facts);
        }
        let (level, marks, _) = levels.last().unwrap();
        let (level, facts) = names(*level, *marks, &desk);
        let mut straight = opened(pack, "confirmed", level);
        change(&mut straight, level, &facts);
        prop_assert_eq!(desk.runs(), straight.runs());
    }
}

/// The yes-or-no facts that a condition looks at.
fn marks_of(plan: &Plan, when: &str) -> Vec<FactId> {
    let asked = |fact: &&FactId| when.contains(&format!("facts.{fact}"));
    let marks = plan.facts.iter().filter(|(_, fact)| fact.kind == FactKind::Bool).map(|(id, _)| id);
    marks.filter(asked).cloned().collect()
}
