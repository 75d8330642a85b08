//! Playbooks: started, walked along the chosen answers, gates opened or waived, urgent steps first.

use fengsui_domain::actor::Bodies;
use fengsui_domain::incident::{Command, Grant, Run, RunStepState, Wait};
use fengsui_domain::plan::{Ask, Playbook, PlaybookStep, RoleId};
use fengsui_wire::plan::scenario::{Chosen, Range, Work};
use jiff::{SignedDuration, Timestamp};

use super::{Situation, Task};

/// Nobody waits to say that something is urgent.
const AT_ONCE: Range = Range { from: SignedDuration::ZERO, to: SignedDuration::ZERO };
/// How long an operating permission is given for.
const GRANTED_FOR: SignedDuration = SignedDuration::from_hours(8);

pub(super) fn tasks<'a>(s: &Situation<'a>, tasks: &mut Vec<Task<'a>>) {
    for (place, chosen) in s.wants.playbooks.iter().enumerate() {
        let Some(playbook) = s.plan.playbook(&chosen.playbook) else { continue };
        let same = |chosen: &&Chosen| chosen.playbook == playbook.id;
        let before = s.wants.playbooks[..place].iter().filter(same).count();
        match s.incident.runs.iter().filter(|run| run.playbook == playbook.id).nth(before) {
            None => tasks.extend(start(s, place, chosen, playbook)),
            Some(run) if run.runs() => {
                tasks.extend(
                    playbook.steps.iter().filter_map(|step| Walk { s, run, playbook, chosen, step }.task()),
                );
            }
            Some(_) => {}
        }
    }
}

fn start<'a>(
    s: &Situation<'a>,
    place: usize,
    chosen: &'a Chosen,
    playbook: &'a Playbook,
) -> Option<Task<'a>> {
    let answered = playbook.asks.iter().all(|fact| s.incident.answers.contains_key(fact));
    if !answered || !s.not_ended() || !s.incident.fits(playbook) {
        return None;
    }
    let (words, found_at) = (s.words, s.incident.aware_at(&RoleId::new("unit")).0);
    let task = Task::new(format!("playbook {place}"), Work::Act, &playbook.by, move |_| {
        Command::StartPlaybook { playbook: playbook.id.clone(), what: words.marked(&chosen.what), found_at }
    });
    Some(task)
}

/// A step of a run.
struct Walk<'s, 'a> {
    s: &'s Situation<'a>,
    run: &'a Run,
    playbook: &'a Playbook,
    chosen: &'a Chosen,
    step: &'a PlaybookStep,
}

impl<'a> Walk<'_, 'a> {
    fn key(&self, what: &str) -> String {
        format!("{what} {} {}", self.run.id, self.step.id)
    }

    fn task(&self) -> Option<Task<'a>> {
        let Self { run, playbook, step, .. } = *self;
        let urgent = self.urgent_first();
        if urgent.clone().any(|first| !run.settled(&first.id)) {
            return None;
        }
        let urgent = urgent.filter_map(|first| run.done(&first.id)).map(|done| done.at).max();
        match run.state(playbook, step) {
            RunStepState::Done | RunStepState::Skipped => None,
            RunStepState::Possible => {
                let task = self.next();
                let ready = run.ready_at(playbook, step);
                let since = [task.since, urgent].into_iter().flatten().fold(ready, Timestamp::max);
                Some(task.since(since))
            }
            RunStepState::Waiting(waits) if waits == [Wait::Gate] => {
                Some(self.gate()?.since(run.ready_at(playbook, step)))
            }
            RunStepState::Waiting(waits) => self.swap(&waits),
        }
    }

    /// The steps that are taken before this one because they are urgent.
    fn urgent_first(&self) -> impl Iterator<Item = &'a PlaybookStep> + Clone {
        let (chosen, id) = (self.chosen, &self.step.id);
        let urgent = self.playbook.steps.iter().filter(|first| chosen.urgent.contains(&first.id));
        urgent.filter(|first| first.urgent_before.contains(id))
    }

    /// Leaves the step out, answers it, or does it.
    fn next(&self) -> Task<'a> {
        let Self { run, step, chosen, .. } = *self;
        let words = self.s.words;
        if chosen.skip.contains(&step.id) && !step.optional.is_empty() {
            return Task::new(self.key("skip"), Work::Decide, &step.optional, move |_| Command::SkipStep {
                run: run.id,
                step: step.id.clone(),
                reason: words.say("该机构未到场", "they did not come"),
            });
        }
        let task = match &step.ask {
            Some(ask) => self.answer(ask),
            None if step.needs.is_some() => return self.with_permission(),
            None => self.done(None),
        };
        task.or_recorded_by(&step.recorded_by)
    }

    fn answer(&self, ask: &'a Ask) -> Task<'a> {
        let Self { run, step, chosen, .. } = *self;
        let branch = chosen.branches.get(&step.id).unwrap_or(&ask.branches[0].id);
        let (words, spoke) = (self.s.words, self.speaker());
        Task::new(self.key("answer"), Work::Step, &step.by, move |moment| Command::AnswerStep {
            run: run.id,
            step: step.id.clone(),
            branch: branch.clone(),
            at: moment.done_at,
            grounds: words.say("按现场检查结果", "by what was found on site"),
            spoke: if moment.own { String::new() } else { spoke.clone() },
        })
    }

    fn done(&self, grant: Option<&'a Grant>) -> Task<'a> {
        let Self { run, step, .. } = *self;
        let (words, spoke) = (self.s.words, self.speaker());
        Task::new(self.key("step"), self.work(), &step.by, move |moment| Command::DoStep {
            run: run.id,
            step: step.id.clone(),
            at: moment.done_at,
            result: words.say("已完成并记录", "done and noted"),
            spoke: if moment.own { String::new() } else { spoke.clone() },
            grant: grant.map(|grant| grant.id),
        })
    }

    /// What is owed at once is done like a call, not like work.
    fn work(&self) -> Work {
        let owed = self.s.incident.running().any(|clock| {
            let about = clock
                .step
                .as_ref()
                .is_some_and(|about| about.run == self.run.id && about.step == self.step.id);
            about && clock.due_at == clock.started_at
        });
        if owed { Work::Act } else { Work::Step }
    }

    /// The body whose word is recorded where it does not sign in.
    fn speaker(&self) -> String {
        let body = &self.step.by[0];
        let title = self.s.plan.roles.get(body).map(|role| role.title.get(self.s.words.lang).to_owned());
        title.unwrap_or_else(|| body.to_string())
    }

    /// A step that takes an operating permission: that is given first, by somebody else.
    fn with_permission(&self) -> Task<'a> {
        let Self { s, step, .. } = *self;
        let headquarters = s.incident.has_headquarters();
        let bodies = Bodies { plan: s.plan, headquarters, manned: s.cast.manned() };
        let able = |body: &&RoleId| s.cast.manned().contains(*body);
        let to = step.by.iter().find(able).unwrap_or(&step.by[0]);
        let acting = bodies.acting(std::slice::from_ref(to));
        let fits = |grant: &&Grant| grant.to == *to && grant.ended.is_none();
        if let Some(grant) = s.incident.grants.iter().rev().find(fits) {
            let task = Task { by: acting, ..self.done(Some(grant)) };
            return task.apart([grant.given.person.account]).since(grant.given.at);
        }
        let (words, to) = (s.words, to.clone());
        let what = step.needs.as_ref().map_or_else(String::new, |needs| needs.get(words.lang).to_owned());
        let asset =
            if s.incident.asset.is_empty() { s.incident.unit.clone() } else { s.incident.asset.clone() };
        let by = s.plan.grants.as_ref().map_or(&[][..], |stage| &stage.by);
        Task::new(self.key("permit"), Work::Decide, by, move |moment| Command::GiveGrant {
            to: to.clone(),
            person: String::new(),
            what: what.clone(),
            asset: asset.clone(),
            until: crate::cast::later(moment.now, GRANTED_FOR),
            reason: words.say("处置需要", "the handling needs it"),
        })
    }

    fn gate(&self) -> Option<Task<'a>> {
        let Self { run, step, .. } = *self;
        let words = self.s.words;
        let gate = step.gate.as_ref()?;
        if self.s.conduct.waive {
            return Some(Task::new(self.key("waive"), Work::Gate, &gate.waive, move |_| {
                Command::WaiveGate {
                    run: run.id,
                    step: step.id.clone(),
                    reason: words.say("该机构通知不到场", "they said that they would not come"),
                }
            }));
        }
        let speaker = gate.by[0].clone();
        let spoke = self.s.plan.roles.get(&speaker).map(|role| role.title.get(words.lang).to_owned());
        let task = Task::new(self.key("gate"), Work::Gate, &gate.by, move |moment| Command::OpenGate {
            run: run.id,
            step: step.id.clone(),
            at: moment.done_at,
            text: words.say("样本已提取", "samples taken"),
            spoke: if moment.own { String::new() } else { spoke.clone().unwrap_or_default() },
        });
        Some(task.or_recorded_by(&gate.waive))
    }

    /// "Urgent first", for the steps that are to be taken so.
    fn swap(&self, waits: &[Wait]) -> Option<Task<'a>> {
        let Self { run, step, chosen, .. } = *self;
        if !chosen.urgent.contains(&step.id) {
            return None;
        }
        let words = self.s.words;
        let before =
            step.urgent_before.iter().find(|before| waits.contains(&Wait::Step((*before).clone())))?;
        let key = format!("{} {before}", self.key("swap"));
        let task = Task::new(key, Work::Act, &step.by, move |_| Command::SwapSteps {
            run: run.id,
            step: step.id.clone(),
            before: before.clone(),
            reason: words.say("情况紧急，先处置后报告", "it is urgent: first the act, then the report"),
        });
        Some(Task { takes: Some(AT_ONCE), ..task })
    }
}
