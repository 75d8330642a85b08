//! Starting, adjusting and ending the response, the headquarters, telling the public.

use fengsui_domain::incident::{Command, Phase, PublicationStep, Responding, Run, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{PublicationRule, ResponseRule, Right};
use fengsui_wire::plan::scenario::Work;

use super::{Situation, Task};

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    if s.plan.routed(&s.incident.category).is_some() {
        return;
    }
    match &s.incident.phase {
        Phase::Graded(_) => {
            let level = s.incident.level();
            if let Some(rule) = s.plan.response(level) {
                let range = s.words.say("事发单位及相连系统", "the unit and the systems connected with it");
                tasks.push(take(s, rule, &rule.start, Step::Start { level, range }));
                tasks.extend(headquarters(s, level, rule));
            }
        }
        Phase::Responding(response) => responding(s, response, tasks),
        _ => {}
    }
    if s.conduct.publish {
        tasks.extend(s.plan.publications.iter().filter_map(|rule| publish(s, rule)));
    }
}

fn responding<'a>(s: &Situation<'a>, response: &'a Responding, tasks: &mut Vec<Task<'a>>) {
    let level = s.incident.level();
    if level != response.level {
        if let Some(rule) = s.plan.response(level.min(response.level)) {
            let range = s.words.say("按新等级调整", "adjusted to the new level");
            tasks.push(take(s, rule, &rule.adjust, Step::Adjust { level, range }));
        }
        return;
    }
    let Some(rule) = s.plan.response(level) else { return };
    tasks.extend(headquarters(s, level, rule));
    if !under_control(s) {
        return;
    }
    let ticked = |id| s.incident.ticks.get(id).is_some_and(|tick| tick.holds);
    let open: Vec<_> = rule.end_when.conditions.iter().filter(|condition| !ticked(&condition.id)).collect();
    let enough = open.is_empty() || !rule.end_when.all && open.len() < rule.end_when.conditions.len();
    if enough {
        return tasks.push(take(s, rule, &rule.end, Step::End));
    }
    let by = if rule.end.propose.is_empty() { &rule.end.decide } else { &rule.end.propose };
    let since = response.adjusted.as_ref().map_or(response.started_at, |adjusted| adjusted.signed.at);
    let wanted = if rule.end_when.all { open.len() } else { 1 };
    for condition in open.into_iter().take(wanted) {
        let (words, id) = (s.words, &condition.id);
        let task = Task::new(format!("tick {id}"), Work::Control, by, move |_| Command::TickCondition {
            condition: id.clone(),
            holds: true,
            basis: words.say("连续监测正常", "monitoring has been quiet since"),
        });
        tasks.push(task.since(since));
    }
}

/// Nothing keeps the response from coming to its end but time.
fn under_control(s: &Situation<'_>) -> bool {
    let wants = s.wants;
    let aftermath = |rule| s.plan.order(rule).is_some_and(|rule| rule.aftermath);
    let orders = wants.orders.iter().all(|(order, given)| *given || aftermath(&order.rule))
        && s.incident.orders.iter().all(|order| !order.is_open());
    let started = s.incident.runs.len() >= wants.playbooks.len();
    let playbooks = started && !s.incident.runs.iter().any(Run::runs);
    let disposal = !super::disposal::pending(s);
    let judged = !super::judging::pending(s);
    !wants.ahead && orders && playbooks && disposal && judged && s.incident.derived_open() == 0
}

/// A step of the response: proposed where the plan asks for it, else decided; by two where it wants two.
fn take<'a>(s: &Situation<'a>, rule: &'a ResponseRule, right: &'a Right, step: Step) -> Task<'a> {
    let words = s.words;
    let proposal = s.incident.proposal.as_ref().filter(|open| open.step.name() == step.name());
    let proposed = proposal.is_some_and(|open| same_level(&open.step, &step));
    let must = !right.propose.is_empty() && (rule.two_person || !right.without_proposal);
    let name = match &step {
        Step::Start { level, .. } | Step::Adjust { level, .. } => format!("{} {level}", step.name()),
        Step::End => step.name().to_owned(),
    };
    if must && !proposed {
        return Task::new(format!("propose {name}"), Work::Decide, &right.propose, move |_| {
            Command::Propose { step: step.clone(), grounds: words.say("按预案报请", "as the plan asks") }
        });
    }
    let proposer = proposal.filter(|_| rule.two_person).map(|open| open.signed.person.account);
    let task = Task::new(format!("decide {name}"), Work::Decide, &right.decide, move |_| Command::Decide {
        step: step.clone(),
        approve: true,
        grounds: words.say("同意", "agreed"),
    });
    task.apart(proposer)
}

fn same_level(a: &Step, b: &Step) -> bool {
    match (a, b) {
        (Step::Start { level: a, .. }, Step::Start { level: b, .. })
        | (Step::Adjust { level: a, .. }, Step::Adjust { level: b, .. }) => a == b,
        (Step::End, Step::End) => true,
        _ => false,
    }
}

/// "When necessary" is decided and recorded either way.
fn headquarters<'a>(s: &Situation<'a>, level: IncidentLevel, rule: &'a ResponseRule) -> Option<Task<'a>> {
    let known = rule.headquarters.as_ref()?;
    if known.always || s.incident.headquarters.is_some() {
        return None;
    }
    let form = s.conduct.headquarters.unwrap_or(level <= IncidentLevel::II);
    let words = s.words;
    Some(Task::new("headquarters", Work::Decide, &rule.start.decide, move |_| Command::DecideHeadquarters {
        form,
        grounds: words.say("按事态需要决定", "decided by what the situation needs"),
    }))
}

/// The next step of a publication chain that applies.
fn publish<'a>(s: &Situation<'a>, rule: &'a PublicationRule) -> Option<Task<'a>> {
    let words = s.words;
    let responded = s.incident.phase.response().is_some();
    let Some(known) = s.incident.publications.iter().find(|known| known.rule == rule.id) else {
        let due = responded && s.incident.holds(&rule.when);
        return due.then(|| {
            Task::new(format!("draft {}", rule.id), Work::Publish, &rule.draft, move |_| {
                let text = words.say("事件简况和防范建议", "what happened, and how to be on guard");
                Command::DraftPublication { rule: rule.id.clone(), text }
            })
        });
    };
    let step =
        |step: PublicationStep| move |_: &super::Moment<'_>| Command::Publish { publication: known.id, step };
    if known.approved.is_none() && !rule.approve.is_empty() {
        let make = step(PublicationStep::Approve);
        let task = Task::new(format!("approve {}", known.id), Work::Publish, &rule.approve, make);
        return Some(task.apart([known.drafted.person.account]));
    }
    let make = step(PublicationStep::Release);
    let release = || Task::new(format!("release {}", known.id), Work::Publish, &rule.release, make);
    known.released.is_none().then(release)
}
