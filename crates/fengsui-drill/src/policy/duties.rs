//! Duties with a deadline that are a single act: reports, receipts, immediate actions, orders.

use fengsui_domain::clock::Clock;
use fengsui_domain::incident::{
    Command, Order, OrderOutcome, OrderTo, OrderWords, Phase, Report, ReportKind,
};
use fengsui_domain::plan::{ClockMeets, ClockStart, Form, OrderRule, RoleId, RuleId};
use fengsui_wire::plan::scenario::{Range, Work};
use jiff::Timestamp;

use super::{OrderWanted, Situation, Task};

/// A duty that comes again is done in this part of its span, in percent.
const REPEATED: (i32, i32) = (50, 90);

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    for clock in s.incident.running() {
        match clock.met_by {
            ClockMeets::Report => tasks.push(report(s, clock)),
            ClockMeets::ImmediateAction if s.not_ended() => tasks.extend(action(s, clock)),
            _ => {}
        }
    }
    for order in s.incident.orders.iter().filter(|order| order.is_open()) {
        tasks.extend(answer(s, order));
    }
    for (place, (order, given)) in s.wants.orders.iter().enumerate() {
        if let Some(rule) = s.plan.order(&order.rule).filter(|rule| !given && may_be_given(s, rule)) {
            tasks.push(give(s, place, order, rule));
        }
    }
}

/// When a body knew that it owed this.
fn since(clock: &Clock) -> Timestamp {
    clock.counts_from.map_or(clock.started_at, |from| from.max(clock.started_at))
}

fn report<'a>(s: &Situation<'a>, clock: &'a Clock) -> Task<'a> {
    let words = s.words;
    let form = clock.form.unwrap_or(Form::Oral);
    let counts = |report: &&Report| clock.counts_from.is_none_or(|from| from <= report.at);
    let waits = s.incident.reports.iter().filter(counts).find(|report| {
        let same = report.form == Form::Written && report.of == clock.of && clock.to.contains(&report.to);
        form == Form::Written && same && report.receipt.is_none()
    });
    if let Some(report) = waits {
        let key = format!("receipt {}", report.id);
        let task = Task::new(key, Work::Receipt, std::slice::from_ref(&report.to), move |moment| {
            let reference = words.say("收文登记 17", "register of incoming papers, 17");
            Command::ReceiptReport { report: report.id, at: moment.done_at, reference }
        });
        return task.since(report.recorded_at).or_recorded_by(std::slice::from_ref(&report.of));
    }
    let repeats = s.plan.clock(&clock.rule).is_some_and(|rule| rule.repeats);
    let work = if form == Form::Oral { Work::Tell } else { Work::Write };
    let kind = kind(s, clock, repeats);
    let key = format!("report {}", clock.id);
    let to = clock.to.first().unwrap_or(&clock.of);
    let task = Task::new(key, work, std::slice::from_ref(&clock.of), move |moment| Command::Report {
        kind,
        form,
        of: clock.of.clone(),
        to: to.clone(),
        at: moment.done_at,
        spoke: moment.name.to_owned(),
        means: match form {
            Form::Oral => words.say("电话", "telephone"),
            Form::Written => words.say("传真", "fax"),
        },
        text: words.say("报告事件经过、影响和已采取的措施", "what happened, what it affects, what was done"),
    });
    let span = clock.started_at.duration_until(clock.due_at);
    let part = |percent| span * percent / 100;
    let takes = repeats.then(|| Range { from: part(REPEATED.0), to: part(REPEATED.1) });
    Task { takes, ..task.since(since(clock)) }
}

fn kind(s: &Situation<'_>, clock: &Clock, repeats: bool) -> ReportKind {
    let after = matches!(
        clock.starts,
        ClockStart::ResponseEnded | ClockStart::ReviewCompleted | ClockStart::ReportMade
    );
    let reported = s.incident.reports.iter().any(|report| report.of == clock.of);
    match (after, repeats || reported) {
        (true, _) => ReportKind::Final,
        (false, true) => ReportKind::FollowUp,
        (false, false) => ReportKind::First,
    }
}

fn action<'a>(s: &Situation<'a>, clock: &'a Clock) -> Option<Task<'a>> {
    let wanted = s.plan.clock(&clock.rule).and_then(|rule| rule.action.clone());
    let action: RuleId = wanted.or_else(|| Some(s.plan.immediate_actions.first()?.id.clone()))?;
    let (key, words) = (format!("action {}", clock.id), s.words);
    let task =
        Task::new(key, Work::Act, std::slice::from_ref(&clock.of), move |moment| Command::TakeAction {
            action: action.clone(),
            at: moment.done_at,
            note: words.say("已实施并核实有效", "done, and seen to work"),
        });
    Some(task.since(since(clock)))
}

/// Acknowledging an order, then reporting it done. The order to carry a disposal plan out is done with its
/// last step.
fn answer<'a>(s: &Situation<'a>, order: &'a Order) -> Option<Task<'a>> {
    let words = s.words;
    let givers = std::slice::from_ref(&order.given.body);
    let by = order.body().map_or(&[][..], std::slice::from_ref);
    let Some(acknowledged) = &order.acknowledged else {
        let task = Task::new(format!("acknowledge {}", order.id), Work::Acknowledge, by, move |moment| {
            let spoke = match &order.to {
                OrderTo::Expert { name, .. } => name.clone(),
                OrderTo::Body { body } if !moment.own => body.to_string(),
                OrderTo::Body { .. } => String::new(),
            };
            Command::AcknowledgeOrder { order: order.id, at: moment.done_at, spoke }
        });
        return Some(task.since(order.given.at).or_recorded_by(givers));
    };
    let carries_out = s.plan.disposal.as_ref().and_then(|chain| chain.order.as_ref()) == Some(&order.rule);
    if order.disposal.is_some() && carries_out {
        return None;
    }
    let task = Task::new(format!("carry out {}", order.id), Work::CarryOut, by, move |moment| {
        let text = words.say("已按要求完成", "carried out as asked");
        Command::ReportOrder { order: order.id, outcome: OrderOutcome::Done, at: moment.done_at, text }
    });
    Some(task.since(acknowledged.at).or_recorded_by(givers))
}

fn may_be_given(s: &Situation<'_>, rule: &OrderRule) -> bool {
    let phase = match s.incident.phase {
        Phase::Responding(_) => !rule.aftermath,
        Phase::Ended(_) => rule.aftermath,
        _ => false,
    };
    phase && s.incident.holds(&rule.when)
}

fn give<'a>(s: &Situation<'a>, place: usize, order: &'a OrderWanted, rule: &'a OrderRule) -> Task<'a> {
    let words = s.words;
    Task::new(format!("give {place}"), Work::Decide, &rule.from, move |_| {
        let field = rule.experts.iter().find(|field| field.id.as_str() == order.to);
        let to = match field {
            Some(field) => {
                OrderTo::Expert { name: words.say("钱教授", "Professor Qian"), field: field.id.clone() }
            }
            None => OrderTo::Body { body: RoleId::new(order.to.as_str()) },
        };
        let what = words.marked(&order.what);
        Command::GiveOrder { words: OrderWords { rule: rule.id.clone(), to, what, due_at: None } }
    })
}
