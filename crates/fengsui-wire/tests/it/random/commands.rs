//! Whatever people do, in whatever order: nothing panics, and what must hold holds (see [`crate::desk`]).

use fengsui_domain::actor::Actor;
use fengsui_domain::clock::ClockState;
use fengsui_domain::incident::{
    Command, DisposalVerdict, Finding, OrderOutcome, Phase, PublicationStep, Step,
};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::Form;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::desk::{
    CITY_BODIES, CITY_ROOMS, DUTY_ROOM, Desk, act, adjust, approve, at, city, decline, draft, holds, mark,
    office, office_2, order, propose, report, role, speaker, start, unit, unit_2,
};
use crate::permissions::one_of_each;

/// Something somebody may try, with dice for what it needs from the incident as it then stands.
#[derive(Clone, Debug)]
enum Attempt {
    Wait(i64),
    Tick,
    Kill,
    Next,
    Grade(IncidentLevel),
    Mark(bool),
    Aware(usize, i64),
    Report(bool, usize, usize, i64),
    Receipt(Index),
    Step(usize, Step),
    Condition(usize, bool),
    Disposal(usize, Index),
    Order(usize, Index),
    Close(usize),
    Extend(Index, i64),
    Any(Index),
}

fn level() -> impl Strategy<Value = IncidentLevel> {
    prop::sample::select(IncidentLevel::ALL.to_vec())
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let step = prop_oneof![level().prop_map(start), level().prop_map(adjust), Just(Step::End)];
    prop_oneof![
        3 => (-30_i64..90).prop_map(Attempt::Wait),
        2 => Just(Attempt::Tick),
        1 => Just(Attempt::Kill),
        8 => Just(Attempt::Next),
        3 => level().prop_map(Attempt::Grade),
        2 => any::<bool>().prop_map(Attempt::Mark),
        1 => (0_usize..4, -60_i64..5).prop_map(|(body, ago)| Attempt::Aware(body, ago)),
        3 => (any::<bool>(), 0_usize..4, 0_usize..3, -40_i64..4)
            .prop_map(|(oral, of, to, ago)| Attempt::Report(oral, of, to, ago)),
        2 => any::<Index>().prop_map(Attempt::Receipt),
        4 => (0_usize..3, step).prop_map(|(how, step)| Attempt::Step(how, step)),
        3 => (0_usize..5, prop::bool::weighted(0.9)).prop_map(|(condition, holds)| Attempt::Condition(condition, holds)),
        4 => (0_usize..5, any::<Index>()).prop_map(|(stage, index)| Attempt::Disposal(stage, index)),
        3 => (0_usize..4, any::<Index>()).prop_map(|(step, index)| Attempt::Order(step, index)),
        2 => (0_usize..6).prop_map(Attempt::Close),
        1 => (any::<Index>(), -10_i64..60_000).prop_map(|(index, minutes)| Attempt::Extend(index, minutes)),
        2 => any::<Index>().prop_map(Attempt::Any),
    ]
}

fn people() -> Vec<Actor> {
    let everybody =
        speaker("ever", &["unit", "security-office", "city-government", "functional-departments"]);
    vec![
        office(),
        office_2(),
        city(),
        unit(),
        unit_2(),
        speaker("feng", &["functional-departments"]),
        everybody,
    ]
}

/// The command an attempt stands for now; `None` if there is nothing to try it on.
fn command(desk: &Desk, attempt: Attempt) -> Option<Command> {
    let bodies = ["unit", CITY_BODIES[0], CITY_BODIES[1], CITY_BODIES[2]];
    let addressees = [DUTY_ROOM, CITY_ROOMS[0], CITY_ROOMS[1]];
    let conditions =
        ["handling-over", "danger-removed", "back-to-normal", "derived-events-gone", "hazard-removed"];
    let ago = |minutes: i64| desk.now + jiff::SignedDuration::from_mins(minutes);
    let text = || "text".to_owned();
    let topics = || desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), text())).collect();
    Some(match attempt {
        Attempt::Wait(_) | Attempt::Tick | Attempt::Kill | Attempt::Next => return None,
        Attempt::Grade(level) => Command::Grade { level, reason: text() },
        Attempt::Mark(set) => mark(set),
        Attempt::Aware(body, minutes) => {
            Command::RecordAwareness { body: role(bodies[body]), at: ago(minutes) }
        }
        Attempt::Report(oral, of, to, minutes) => {
            let form = if oral { Form::Oral } else { Form::Written };
            report(form, bodies[of], addressees[to], ago(minutes))
        }
        Attempt::Receipt(_) if desk.incident.reports.is_empty() => return None,
        Attempt::Receipt(index) => {
            let report = index.get(&desk.incident.reports).id;
            Command::ReceiptReport { report, at: desk.now, reference: text() }
        }
        Attempt::Step(0, step) => propose(step),
        Attempt::Step(1, step) => approve(step),
        Attempt::Step(_, step) => decline(step),
        Attempt::Condition(condition, value) => holds(conditions[condition], value),
        Attempt::Disposal(0, _) => Command::DraftDisposal { draft: draft() },
        Attempt::Disposal(_, _) if desk.incident.disposals.is_empty() => return None,
        Attempt::Disposal(stage, index) => {
            let disposal = index.get(&desk.incident.disposals).id;
            match stage {
                1 => Command::VerifyDisposal { disposal, of: None, finding: Finding::Pass, remarks: text() },
                2 => Command::SumUpDisposal { disposal, pass: true, remarks: text() },
                3 => Command::DecideDisposal { disposal, verdict: DisposalVerdict::Approve, reason: text() },
                _ => Command::DoDisposalStep {
                    disposal,
                    step: index.index(2),
                    at: desk.now,
                    result: text(),
                    grant: None,
                },
            }
        }
        Attempt::Order(0, index) => {
            let (kind, to) = [
                ("early-disposal", "working-bodies"),
                ("secure-resources", "liaison-team"),
                ("aftermath", "unit"),
            ][index.index(3)];
            Command::GiveOrder { words: order(kind, to) }
        }
        Attempt::Order(_, _) if desk.incident.orders.is_empty() => return None,
        Attempt::Order(1, index) => {
            let order = index.get(&desk.incident.orders).id;
            Command::AcknowledgeOrder { order, at: desk.now, spoke: text() }
        }
        Attempt::Order(2, index) => {
            let order = index.get(&desk.incident.orders).id;
            Command::WithdrawOrder { order, reason: text() }
        }
        Attempt::Order(_, index) => {
            let order = index.get(&desk.incident.orders).id;
            let outcome = *index.get(OrderOutcome::ALL);
            Command::ReportOrder { order, outcome, at: desk.now, text: text() }
        }
        Attempt::Close(0) => Command::Review { topics: topics(), plan_change: text() },
        Attempt::Close(1) => Command::File { summary: text(), plan: None },
        Attempt::Close(2) => Command::ReceiptFiling { at: desk.now, reference: text(), plan: None, of: None },
        Attempt::Close(3) => Command::Archive,
        Attempt::Close(4) => act("isolate-host", desk.now),
        Attempt::Close(_) => match desk.incident.publications.last() {
            Some(text) => Command::Publish { publication: text.id, step: PublicationStep::Release },
            None => Command::DraftPublication { rule: crate::desk::rule("briefing-all-units"), text: text() },
        },
        Attempt::Extend(index, minutes) => {
            let clock = index.get(&desk.incident.clocks).id;
            Command::Extend { clock, until: ago(minutes), reason: text() }
        }
        Attempt::Any(index) => {
            let each = one_of_each();
            match index.get(&each) {
                Command::Withdraw { .. } => Command::Verify { basis: text() },
                other => other.clone(),
            }
        }
    })
}

/// The ordinary next step and somebody entitled to it, so that chance also sees the late phases.
fn next(desk: &Desk) -> Option<(Actor, Command)> {
    let text = || "text".to_owned();
    let proposed =
        |step: &Step| desk.incident.proposal.as_ref().is_some_and(|open| open.step.name() == step.name());
    let decide = |level: IncidentLevel, step: Step| match (level <= IncidentLevel::II, proposed(&step)) {
        (false, _) => (office(), approve(step)),
        (true, false) => (office(), propose(step)),
        (true, true) => (city(), approve(step)),
    };
    Some(match &desk.incident.phase {
        Phase::Judged(_) => (office(), Command::Verify { basis: text() }),
        Phase::Analysing(_) => (office(), Command::Grade { level: desk.incident.level(), reason: text() }),
        Phase::Graded(_) => decide(desk.incident.level(), start(desk.incident.level())),
        Phase::Responding(response) => {
            let conditions = &desk.plan.response(response.level)?.end_when.conditions;
            let ticked = |id| desk.incident.ticks.get(id).is_some_and(|tick| tick.holds);
            match conditions.iter().find(|condition| !ticked(&condition.id)) {
                Some(open) => (office(), holds(open.id.as_str(), true)),
                None => decide(response.level, Step::End),
            }
        }
        Phase::Ended(_) => {
            let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), text())).collect();
            (office(), Command::Review { topics, plan_change: text() })
        }
        Phase::Reviewed(reviewed) => match &reviewed.filing {
            None => (unit(), Command::File { summary: text(), plan: None }),
            Some(filing) if filing.receipt.is_none() => {
                (office(), Command::ReceiptFiling { at: desk.now, reference: text(), plan: None, of: None })
            }
            Some(_) => (office(), Command::Archive),
        },
        Phase::Archived(_) | Phase::Withdrawn(_) => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_the_rules(
        first in level(),
        phase in 0_usize..4,
        attempts in prop::collection::vec((attempt(), any::<Index>()), 1..60),
    ) {
        let mut desk = [Desk::open, Desk::graded, Desk::responding, Desk::ended][phase](first);
        let people = people();
        let mut minutes = 0;
        for (attempt, who) in attempts {
            let ended: Vec<_> = desk.incident.clocks.iter().filter(|clock| !clock.runs()).cloned().collect();
            match attempt {
                Attempt::Wait(step) => {
                    minutes += step;
                    desk.now = at(minutes);
                }
                Attempt::Tick => drop(desk.tick()),
                Attempt::Kill => desk.restart(),
                Attempt::Next => {
                    if let Some((actor, command)) = next(&desk) {
                        drop(desk.tries(&actor, command));
                    }
                }
                attempt => {
                    if let Some(command) = command(&desk, attempt) {
                        // Refusals are as welcome as changes; the desk checks what must hold after both.
                        drop(desk.tries(who.get(&people), command));
                    }
                }
            }
            for clock in ended {
                prop_assert_eq!(desk.incident.clock(clock.id), Some(&clock), "what ended stays as it was");
            }
            let replaced = desk.incident.clocks.iter().filter_map(|clock| match clock.state {
                ClockState::Replaced { by: Some(by), .. } => Some((clock.id, by)),
                _ => None,
            });
            for (old, heir) in replaced {
                prop_assert_eq!(desk.incident.clock(heir).and_then(|heir| heir.replaces), Some(old));
            }
        }
    }
}
