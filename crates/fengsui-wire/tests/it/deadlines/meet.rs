//! What meets an obligation, done at a chosen instant.

use fengsui_domain::clock::Clock;
use fengsui_domain::id::ClockId;
use fengsui_domain::incident::{Command, OrderOutcome, Phase};
use fengsui_domain::plan::{ClockMeets, Form};

use super::case::{decide, everybody, review};
use crate::desk::{Desk, act, at, minute, propose, report, start};

/// When an obligation is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// In the last instant that counts.
    InTime,
    /// A minute after it.
    TooLate,
}

/// The same incident with the act that meets this clock done in the last minute, or after it; and that minute.
pub(super) fn meets(open: &Desk, clock: ClockId, lapses: i64, last: Last) -> (Desk, i64) {
    let mut desk = open.clone();
    let wanted = desk.incident.clock(clock).unwrap().clone();
    let done = if last == Last::InTime { lapses } else { lapses + 1 };
    if wanted.met_by == ClockMeets::StepDone {
        steps_before(&mut desk, &wanted);
    }
    let now = done.max(minute(desk.now));
    desk.at(now).tick();
    perform(&mut desk, &wanted, done);
    (desk, done)
}

fn perform(desk: &mut Desk, clock: &Clock, done: i64) {
    let who = everybody(&desk.plan, "everybody");
    let level = desk.incident.level();
    match clock.met_by {
        ClockMeets::Report => {
            let form = clock.form.unwrap_or(Form::Oral);
            desk.does(&who, report(form, clock.of.as_str(), clock.to[0].as_str(), at(done)));
            if form == Form::Written {
                assert!(desk.incident.clock(clock.id).unwrap().runs(), "written is written with a receipt");
                let report = desk.incident.reports.last().unwrap().id;
                let receipt = Command::ReceiptReport { report, at: desk.now, reference: "R-17".to_owned() };
                desk.does(&who, receipt);
            }
        }
        ClockMeets::ImmediateAction => {
            let rule = desk.plan.clock(&clock.rule).unwrap();
            let action = rule.action.clone().unwrap_or_else(|| desk.plan.immediate_actions[0].id.clone());
            desk.does(&who, act(action.as_str(), at(done)));
        }
        ClockMeets::ResponseRequested => drop(desk.does(&who, propose(start(level)))),
        ClockMeets::ResponseStarted => decide(desk, level, start(level)),
        ClockMeets::Review => review(desk),
        ClockMeets::Filing => {
            if matches!(desk.incident.phase, Phase::Ended(_)) {
                review(desk);
            }
            desk.does(&who, Command::File { summary: "cleaned and hardened".to_owned(), plan: None });
            assert!(desk.incident.clock(clock.id).unwrap().runs(), "filed is filed with a receipt");
            let filing = desk.plan.filing.clone().expect("the plan asks for it");
            let each = if filing.to_each { filing.to.as_slice() } else { &filing.to[..1] };
            for (place, of) in each.iter().enumerate() {
                let (reference, of) = ("B-9".to_owned(), Some(of.clone()));
                desk.does(&who, Command::ReceiptFiling { at: desk.now, reference, plan: None, of });
                let more = place + 1 < each.len();
                assert_eq!(
                    desk.incident.clock(clock.id).unwrap().runs(),
                    more,
                    "every receipt is waited for"
                );
            }
        }
        ClockMeets::OrderAcknowledged => {
            let order = clock.about.unwrap();
            desk.does(&who, Command::AcknowledgeOrder { order, at: at(done), spoke: "Wu".to_owned() });
        }
        ClockMeets::OrderAnswered => {
            let (order, outcome) = (clock.about.unwrap(), OrderOutcome::Done);
            let text = "done as asked".to_owned();
            desk.does(&who, Command::ReportOrder { order, outcome, at: at(done), text });
        }
        ClockMeets::StepDone => {
            let about = clock.step.as_ref().unwrap();
            let step = crate::playbooks::done(desk, about.run, about.step.as_str());
            desk.does(&who, step);
        }
    }
}

/// Takes the steps above the one that is waited for, as far as they do not wait for others themselves.
fn steps_before(desk: &mut Desk, clock: &Clock) {
    let about = clock.step.clone().unwrap();
    let steps = crate::playbooks::playbook(desk, about.run).steps;
    let before = steps.iter().take_while(|step| step.id != about.step);
    for step in before {
        crate::playbooks::take(desk, about.run, step, &mut |ask| ask.branches[0].id.clone());
    }
}
