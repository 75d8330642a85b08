//! One step of a run: how it stands, who takes it, what it waits for, and what the reader may do with it.

use fengsui_domain::incident::{
    AboutStep, IncidentChange as I, PassedGate, Run, RunStep, RunStepState, SkippedStep, SkippedWhy,
    Swap as Swapped, Wait,
};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Ask, Branch, Gate as PlanGate, Playbook, PlaybookStep, RoleId, RuleId, Text};

use super::super::case::{Case, only};
use crate::console::handlers::show;
use crate::console::view::incident::playbooks::{
    Right, StepAsk, StepClock, StepGate, StepNeeds, StepRow, Swap,
};
use crate::console::view::parts::{Act, Choice};
use crate::console::view::words::StepMark;

/// The steps of a run.
pub(super) struct Steps<'v, 'a> {
    pub(super) case: &'v Case<'a>,
    pub(super) run: &'v Run,
    pub(super) playbook: &'v Playbook,
    /// The run takes commands.
    pub(super) open: bool,
}

impl Steps<'_, '_> {
    /// A step; `at` is its place from 0.
    pub(super) fn row(&self, at: usize, step: &PlaybookStep) -> StepRow {
        let case = self.case;
        let waits = match self.run.state(self.playbook, step) {
            RunStepState::Waiting(waits) => waits,
            RunStepState::Done | RunStepState::Skipped | RunStepState::Possible => Vec::new(),
        };
        let mark = self.mark(step, &waits);
        let needs = step.needs.as_ref().filter(|_| !self.run.settled(&step.id));
        let needs = needs.map(|needs| self.needs(step, needs));
        let granted = needs.as_ref().is_none_or(|needs| !needs.grants.is_empty());
        let takes: Vec<RoleId> = step.by.iter().chain(&step.recorded_by).cloned().collect();
        let possible = self.open && mark == StepMark::Possible && granted;
        StepRow {
            number: at + 1,
            key: format!("{}-{}", self.run.id, step.id),
            action: format!(
                "/incidents/{}/playbooks/{}/steps/{}",
                case.incident.number, self.run.id, step.id
            ),
            title: case.text(&step.title),
            hint: step.hint.as_ref().map(|hint| case.text(hint)).unwrap_or_default(),
            clause: case.clause(&step.clause),
            mark,
            bodies: case.roles(&step.by),
            mine: case.may(Permission::IncidentWork) && case.entitled(&step.by).is_ok(),
            records: case.may(Permission::IncidentWork) && case.entitled(&step.recorded_by).is_ok(),
            clocks: self.clocks(step),
            waits: waits.iter().filter_map(|wait| self.wait(wait)).collect(),
            gate: step.gate.as_ref().and_then(|gate| self.gate(step, gate, mark)),
            ask: step.ask.as_ref().map(|ask| self.ask(ask)),
            needs,
            act: only(possible, case.gate_for(Permission::IncidentWork, &takes)),
            skip: self.skip(step, mark),
            swap: self.swap(step, mark),
            states: self.states(step),
            acts: self.acts(step),
        }
    }

    fn mark(&self, step: &PlaybookStep, waits: &[Wait]) -> StepMark {
        match waits {
            [] if self.run.done(&step.id).is_some() => StepMark::Done,
            [] if self.run.skipped(&step.id).is_some() => StepMark::Skipped,
            [] => StepMark::Possible,
            [Wait::Gate] => StepMark::Held,
            _ => StepMark::Ahead,
        }
    }

    /// `step 3: the title`.
    fn named(&self, id: &RuleId) -> String {
        let steps = &self.playbook.steps;
        let Some(at) = steps.iter().position(|step| step.id == *id) else { return id.to_string() };
        let title = self.case.text(&steps[at].title);
        self.case.lang.t_ab("step-named", &(at + 1).to_string(), &title).into_owned()
    }

    fn wait(&self, wait: &Wait) -> Option<String> {
        match wait {
            Wait::Step(id) => Some(self.case.lang.t_s("wait-step", &self.named(id)).into_owned()),
            Wait::Answer(id) => Some(self.case.lang.t_s("wait-answer", &self.named(id)).into_owned()),
            Wait::Gate => None,
        }
    }

    fn clocks(&self, step: &PlaybookStep) -> Vec<StepClock> {
        let case = self.case;
        let about = AboutStep { run: self.run.id, step: step.id.clone() };
        let own = case.incident.running().filter(|clock| clock.step.as_ref() == Some(&about));
        own.map(|clock| StepClock {
            countdown: show::countdown(clock, &case.zone, case.now, case.lang),
            clause: case.clause(&clock.clause),
            href: format!("/incidents/{}/clocks#clock-{}", case.incident.number, clock.id),
        })
        .collect()
    }

    /// The gate while it is closed and the step still ahead.
    fn gate(&self, step: &PlaybookStep, gate: &PlanGate, mark: StepMark) -> Option<StepGate> {
        if self.run.settled(&step.id) || self.run.gate(&step.id).is_some() {
            return None;
        }
        let case = self.case;
        let says: Vec<RoleId> = gate.by.iter().chain(&gate.waive).cloned().collect();
        let turn = mark == StepMark::Held;
        Some(StepGate {
            title: case.text(&gate.title),
            clause: case.clause(&gate.clause),
            bodies: case.roles(&gate.by),
            since: turn.then(|| case.moment(self.run.ready_at(self.playbook, step))),
            open: only(self.open, case.gate_for(Permission::IncidentWork, &says)),
            own: case.entitled(&gate.by).is_ok(),
            waive: self.right(&gate.waive, Permission::IncidentDecide),
        })
    }

    fn right(&self, bodies: &[RoleId], needed: Permission) -> Right {
        let gate = only(self.open, self.case.gate_for(needed, bodies));
        Right { bodies: self.case.roles(bodies), gate }
    }

    /// Leaving out: once nothing but the step's own gate holds it back.
    fn skip(&self, step: &PlaybookStep, mark: StepMark) -> Option<Right> {
        let turn = matches!(mark, StepMark::Possible | StepMark::Held);
        (turn && !step.optional.is_empty()).then(|| self.right(&step.optional, Permission::IncidentWork))
    }

    /// "Urgent first", while there is something to be before.
    fn swap(&self, step: &PlaybookStep, mark: StepMark) -> Option<Swap> {
        let taken =
            |id: &RuleId| self.run.swaps.iter().any(|swap| swap.step == step.id && swap.before == *id);
        let left = step.urgent_before.iter().filter(|id| !self.run.settled(id) && !taken(id));
        let before: Vec<Choice> = left
            .map(|id| Choice { value: id.to_string(), text: self.named(id), hint: String::new() })
            .collect();
        let gate = only(self.open, self.case.gate_for(Permission::IncidentWork, &step.by));
        (mark == StepMark::Ahead && !before.is_empty()).then_some(Swap { before, gate })
    }

    fn ask(&self, ask: &Ask) -> StepAsk {
        StepAsk {
            question: self.case.text(&ask.question),
            answers: ask.branches.iter().map(|branch| self.answer(branch)).collect(),
        }
    }

    /// An answer with its clause, the steps it calls for, and the mark it sets.
    fn answer(&self, branch: &Branch) -> Choice {
        let case = self.case;
        let clause =
            branch.clause.as_ref().map(|clause| case.clause(clause).cited(&case.lang.t("unverified")));
        let steps: Vec<String> = branch.steps.iter().map(|id| self.named(id)).collect();
        let steps = steps.join(&case.t("list-comma"));
        let then = (!steps.is_empty()).then(|| case.lang.t_s("answer-then", &steps).into_owned());
        let mark = branch.raises.as_ref().map(|fact| case.text(&case.plan.fact_title(fact)));
        let mark = mark.map(|mark| case.lang.t_s("answer-raises", &mark).into_owned());
        let hint: Vec<String> = clause.into_iter().chain(then).chain(mark).collect();
        Choice { value: branch.id.to_string(), text: case.text(&branch.title), hint: hint.join(" · ") }
    }

    /// Permissions that could be used for a time at which the step may have been done.
    fn needs(&self, step: &PlaybookStep, needs: &Text) -> StepNeeds {
        let case = self.case;
        let ready = self.run.ready_at(self.playbook, step);
        let takes: Vec<RoleId> = step.by.iter().chain(&step.recorded_by).cloned().collect();
        let body = case.signs_for(&step.by).or_else(|_| case.signs_for(&takes)).ok();
        let usable = case.incident.grants.iter().filter(|grant| {
            let ended = grant.ended.as_ref().is_some_and(|end| end.at <= ready);
            let mine = body.as_ref().is_some_and(|body| case.may_use(grant, body));
            mine && !ended && grant.until > ready
        });
        let choices = usable.map(|grant| Choice {
            value: grant.id.to_string(),
            text: format!("{} · {} · {}", case.role(&grant.to), grant.what, grant.asset),
            hint: String::new(),
        });
        StepNeeds {
            what: case.text(needs),
            grants: choices.collect(),
            href: format!("/incidents/{}/orders#grants", case.incident.number),
        }
    }

    fn states(&self, step: &PlaybookStep) -> Vec<String> {
        let named = |id: &Option<RuleId>, key: &str| {
            let state = self.playbook.state(id.as_ref()?)?;
            Some(self.case.lang.t_s(key, &self.case.text(&state.title)).into_owned())
        };
        [named(&step.opens, "step-opens"), named(&step.closes, "step-closes")].into_iter().flatten().collect()
    }

    /// What happened with a step: taken first, gate passed, done or not taken.
    fn acts(&self, step: &PlaybookStep) -> Vec<Act> {
        let swaps = self.run.swaps.iter().filter(|swap| swap.step == step.id).map(|swap| self.swapped(swap));
        let gate = self.run.gate(&step.id).map(|gate| self.passed(gate));
        let done = self.run.done(&step.id).map(|done| self.done(step, done));
        let skipped = self.run.skipped(&step.id).map(|skipped| self.skipped(skipped));
        swaps.chain(gate).chain(done).chain(skipped).collect()
    }

    fn swapped(&self, swap: &Swapped) -> Act {
        let before = self.case.lang.t_s("step-swapped", &self.named(&swap.before));
        let what = format!("{before}{}{}", self.case.t("colon"), swap.reason);
        self.case.act(&swap.signed, what, |change| {
            matches!(change, I::PlaybookStepSwapped { run, swap: known } if *run == self.run.id && known == swap)
        })
    }

    fn passed(&self, gate: &PassedGate) -> Act {
        let case = self.case;
        let key = if gate.waived { "gate-waived" } else { "gate-opened" };
        let what = said(case.t(key), [&gate.text, &gate.spoke]);
        let is = |change: &I| matches!(change, I::PlaybookGatePassed { run, gate: known } if *run == self.run.id && known == gate);
        Act { at: case.moment(gate.at), ..case.act(&gate.signed, what, is) }
    }

    fn done(&self, step: &PlaybookStep, done: &RunStep) -> Act {
        let case = self.case;
        let branch = done.branch.as_ref().and_then(|id| step.ask.as_ref()?.branch(id));
        let answer = branch.map_or_else(String::new, |branch| case.text(&branch.title));
        let grant = done.grant.and_then(|id| case.incident.grant(id));
        let under = grant.map_or_else(String::new, |grant| {
            format!("{}{}{} · {}", case.t("grant"), case.t("colon"), grant.what, grant.asset)
        });
        let what = said(answer, [&done.result, &done.spoke, &under]);
        let is = |change: &I| matches!(change, I::PlaybookStepDone { run, done: known } if *run == self.run.id && known.step == done.step);
        Act { at: case.moment(done.at), ..case.act(&done.signed, what, is) }
    }

    fn skipped(&self, skipped: &SkippedStep) -> Act {
        let case = self.case;
        let why = match skipped.why {
            SkippedWhy::OtherBranch => case.t("skipped-other-branch"),
            SkippedWhy::Condition => case.t("skipped-condition"),
            SkippedWhy::LeftOut => case.t("skipped-left-out"),
        };
        let what = said(why, [&skipped.reason]);
        let is = |change: &I| matches!(change, I::PlaybookStepSkipped { run, skipped: known } if *run == self.run.id && known.step == skipped.step);
        if let Some(signed) = &skipped.signed {
            return case.act(signed, what, is);
        }
        let entry = case.entry(|change, _| is(change));
        let by = entry.map(|row| case.by(&row.entry.by)).unwrap_or_default();
        Act { at: case.moment(skipped.at), by, what, proof: entry.map(|row| show::proof(row.index)) }
    }
}

/// What was said, with what goes before it; parts that are empty fall away.
fn said<'t>(first: String, parts: impl IntoIterator<Item = &'t String>) -> String {
    let parts = std::iter::once(first).chain(parts.into_iter().cloned());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
