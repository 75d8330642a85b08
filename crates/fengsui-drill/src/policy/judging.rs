//! Verifying, answering the plan's questions, judging the level.

use std::collections::BTreeMap;

use fengsui_domain::grading::propose;
use fengsui_domain::incident::{Command, Phase};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, RoleId};
use fengsui_wire::plan::scenario::Work;

use super::{Situation, Task};

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    let words = s.words;
    if let Phase::Judged(_) = s.incident.phase {
        let by = &s.plan.grading.confirmed_by;
        tasks.push(Task::new("verify", Work::Judge, by, move |_| Command::Verify {
            basis: words
                .say("与监测记录和资源库核对，情况属实", "checked against the monitoring record; it is so"),
        }));
    }
    if !s.not_ended() {
        return;
    }
    let unanswered = unanswered(s);
    let answered = unanswered.is_empty();
    for (body, facts) in unanswered {
        let named: Vec<String> =
            facts.iter().map(|fact| format!("{fact}={:?}", s.wants.facts[*fact])).collect();
        let answers: BTreeMap<_, _> = facts
            .into_iter()
            .map(|fact| {
                let grounds = words.say("按现场情况判断", "judged by what is found on site");
                (fact.clone(), (s.wants.facts[fact].clone(), grounds))
            })
            .collect();
        let key = format!("answer {body} {}", named.join(" "));
        let by = [body.clone()];
        let desk = &s.plan.grading.confirmed_by;
        let task = Task::new(key, Work::Judge, &by, move |_| Command::Answer { answers: answers.clone() });
        tasks.push(task.or_recorded_by(desk));
    }
    if answered && !matches!(s.incident.phase, Phase::Judged(_)) {
        grade(s, tasks);
    }
}

/// What is so and was not answered yet, by the body that judges it.
fn unanswered<'a>(s: &Situation<'a>) -> BTreeMap<&'a RoleId, Vec<&'a FactId>> {
    let mut open: BTreeMap<&RoleId, Vec<&FactId>> = BTreeMap::new();
    for (fact, value) in &s.wants.facts {
        let known = s.incident.answers.get(fact);
        if known.is_none_or(|known| known.value != *value)
            && let Some(definition) = s.plan.facts.get(fact)
        {
            open.entry(&definition.judged_by).or_default().push(fact);
        }
    }
    open
}

/// The level is to be judged, or judged anew.
pub(super) fn pending(s: &Situation<'_>) -> bool {
    !unanswered(s).is_empty() || wanted(s).is_some()
}

/// The level that is to be confirmed, if the one that stands is not it.
fn wanted(s: &Situation<'_>) -> Option<IncidentLevel> {
    let standing = s.incident.grading();
    let confirmed = s.incident.level_is_confirmed();
    // What was decided on is kept, so the rules need not be asked again while nothing changed.
    let same = match s.wants.level {
        Some(level) => level == standing.level,
        None => standing.facts == s.incident.facts(),
    };
    if confirmed && same {
        return None;
    }
    let target = s.wants.level.unwrap_or_else(|| proposed(s));
    (!confirmed || target != standing.level).then_some(target)
}

fn grade<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    let Some(target) = wanted(s) else { return };
    let key = format!("grade {target} {}", s.incident.gradings.len());
    let words = s.words;
    tasks.push(Task::new(key, Work::Judge, &s.plan.grading.confirmed_by, move |_| Command::Grade {
        level: target,
        reason: words.say("按已知情况判断", "judged by what is known"),
    }));
}

/// The level the rules propose, or the worst they still allow.
fn proposed(s: &Situation<'_>) -> IncidentLevel {
    let proposal = propose(s.plan, &s.incident.facts());
    proposal.level.unwrap_or(proposal.highest_plausible)
}
