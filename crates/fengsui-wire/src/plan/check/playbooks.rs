//! Playbooks as wholes: every step can be reached, every walk ends, every state opened is closed.
//!
//! What passes here lets no run stall: steps wait only for steps above them, a step left out or called for
//! by another answer counts as settled, and every gate can be waived.

use std::collections::BTreeSet;

use fengsui_domain::expr::Expr;
use fengsui_domain::plan::{FactKind, Plan, Playbook, PlaybookStep, RuleId};

use super::super::finding::{Code, quoted, say};
use super::super::read::Cx;
use super::cases::Cases;
use super::spot;

pub(super) fn playbooks(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    for playbook in &plan.playbooks {
        let mut check = Check { cx, plan, playbook };
        for (place, step) in playbook.steps.iter().enumerate() {
            check.names(place, step);
            check.condition(step);
            check.urgent(step);
        }
        check.reached(cases);
        check.states();
    }
    clocks(cx, plan);
}

struct Check<'c, 's, 'p> {
    cx: &'c mut Cx<'s>,
    plan: &'p Plan,
    playbook: &'p Playbook,
}

impl Check<'_, '_, '_> {
    fn report(&mut self, code: Code, step: &PlaybookStep, (zh, en): (String, String)) {
        let place = format!("playbooks/{}/steps/{}", self.playbook.id, step.id);
        let at = spot(self.cx, &place);
        self.cx.report(code, at, &place, say(zh, en), None);
    }

    fn position(&self, id: &RuleId) -> Option<usize> {
        self.playbook.steps.iter().position(|step| step.id == *id)
    }

    /// Steps named are there; those waited for stand above, those called for below.
    fn names(&mut self, place: usize, step: &PlaybookStep) {
        for id in step.after.iter().chain(&step.urgent_before) {
            self.named(step, id, |other| other < place, ("之前", "above"));
        }
        for id in step.ask.iter().flat_map(|ask| &ask.branches).flat_map(|branch| &branch.steps) {
            self.named(step, id, |other| other > place, ("之后", "below"));
        }
        for id in step.opens.iter().chain(&step.closes) {
            if self.playbook.state(id).is_none() {
                let id = quoted(id.as_str());
                self.report(
                    Code::UnknownStep,
                    step,
                    (format!("未知的临时状态 {id}"), format!("unknown state {id}")),
                );
            }
        }
    }

    fn named(
        &mut self,
        step: &PlaybookStep,
        id: &RuleId,
        right: impl Fn(usize) -> bool,
        (zh, en): (&str, &str),
    ) {
        match self.position(id) {
            None => {
                let place = format!("playbooks/{}/steps/{}", self.playbook.id, step.id);
                let at = spot(self.cx, &place);
                let known = self.playbook.steps.iter().map(|step| step.id.as_str());
                self.cx.unknown((Code::UnknownStep, "步骤", "step"), (at, &place), id.as_str(), known);
            }
            Some(other) if !right(other) => {
                let id = quoted(id.as_str());
                let says = (
                    format!("步骤 {id} 须列在本步骤{zh}，否则永远走不完"),
                    format!("the step {id} has to stand {en} this one, else the walk has no end"),
                );
                self.report(Code::StepLoop, step, says);
            }
            Some(_) => {}
        }
    }

    /// A condition is decided when its turn comes: marks, the level, and facts asked before the start.
    fn condition(&mut self, step: &PlaybookStep) {
        let mut open = Vec::new();
        for atom in step.when.atoms() {
            let waits = match atom {
                Expr::Mark(_) | Expr::Level(_) | Expr::Const(_) => false,
                Expr::Response(_) => true,
                other => other.fact().is_some_and(|fact| !self.playbook.asks.contains(fact)),
            };
            if waits {
                open.push(atom.fact().map_or_else(|| "response.level".to_owned(), ToString::to_string));
            }
        }
        for what in open {
            let what = quoted(&what);
            let says = (
                format!("条件用到 {what}，启动时可能尚无答案；列入 asks 或改用标记"),
                format!(
                    "the condition reads {what}, which may have no answer; list it under `asks`, or use a mark"
                ),
            );
            self.report(Code::StepShape, step, says);
        }
        if step.needs.is_some() && self.plan.grants.is_none() {
            let says = (
                "需要操作权限，但 grants 没有写明由谁授予",
                "it takes a permission, but `grants` says not who gives one",
            );
            self.report(Code::StepShape, step, (says.0.to_owned(), says.1.to_owned()));
        }
        if step.ask.is_some() && (step.needs.is_some() || step.opens.is_some() || step.closes.is_some()) {
            let says = ("提问的步骤只提问", "a step that asks does nothing else");
            self.report(Code::StepShape, step, (says.0.to_owned(), says.1.to_owned()));
        }
    }

    /// "Urgent first" only before what it follows at once, and never before what calls for it or what it closes.
    fn urgent(&mut self, step: &PlaybookStep) {
        for id in &step.urgent_before {
            let Some(before) = self.playbook.step(id) else { continue };
            let calls =
                before.ask.iter().flat_map(|ask| &ask.branches).any(|branch| branch.steps.contains(&step.id));
            let closes = step.closes.is_some() && step.closes == before.opens;
            if !step.after.contains(id) || calls || closes {
                let id = quoted(id.as_str());
                let says = (
                    format!("不能先于 {id} 办理：它不是紧前步骤，或本步骤由它引出"),
                    format!(
                        "it cannot be taken before {id}, which it does not follow directly or which calls for it"
                    ),
                );
                self.report(Code::StepShape, step, says);
            }
        }
    }

    /// A step that only answers of unreached questions call for is never reached.
    fn reached(&mut self, cases: &mut Cases<'_>) {
        let mut reached: BTreeSet<&RuleId> = BTreeSet::new();
        for step in &self.playbook.steps {
            // A question below it is a loop, which has been reported as such.
            let below = |asks: &RuleId| self.position(asks) >= self.position(&step.id);
            let mut callers = self.playbook.called_by(&step.id).map(|(asks, _)| &asks.id).peekable();
            let called =
                callers.peek().is_none() || callers.any(|asks| reached.contains(asks) || below(asks));
            if called && cases.possible(&step.when) {
                reached.insert(&step.id);
            }
        }
        let steps = &self.playbook.steps;
        for step in steps.iter().filter(|step| !reached.contains(&step.id)) {
            let id = quoted(step.id.as_str());
            let says = (format!("步骤 {id} 永远走不到"), format!("the step {id} is never reached"));
            self.report(Code::StepUnreached, step, says);
        }
    }

    /// Whatever opens a state is followed, on every way, by a step that closes it.
    fn states(&mut self) {
        for (place, opener) in self.playbook.steps.iter().enumerate() {
            // That a state is not there has been reported by its name.
            let Some(state) = opener.opens.as_ref().filter(|state| self.playbook.state(state).is_some())
            else {
                continue;
            };
            let closes = |step: &PlaybookStep| {
                step.closes.as_ref() == Some(state)
                    && step.optional.is_empty()
                    && step.when == Expr::Const(true)
                    && self.always_with(opener, step)
                    && self.follows(step, opener)
            };
            if !self.playbook.steps.iter().skip(place + 1).any(closes) {
                let state = quoted(state.as_str());
                let says = (
                    format!("临时状态 {state} 打开后不一定关闭"),
                    format!("the state {state} may be opened and never closed"),
                );
                self.report(Code::StateNotClosed, opener, says);
            }
        }
        let opened: BTreeSet<&RuleId> =
            self.playbook.steps.iter().filter_map(|step| step.opens.as_ref()).collect();
        let steps = &self.playbook.steps;
        for step in
            steps.iter().filter(|step| step.closes.as_ref().is_some_and(|state| !opened.contains(state)))
        {
            let says = ("关闭了没有步骤打开的临时状态", "it closes a state that no step opens");
            self.report(Code::StepShape, step, (says.0.to_owned(), says.1.to_owned()));
        }
    }

    /// Every answer that calls for `first` calls for `then` too.
    fn always_with(&self, first: &PlaybookStep, then: &PlaybookStep) -> bool {
        let mut calls_first = self.playbook.called_by(&first.id).peekable();
        let always = self.playbook.called_by(&then.id).next().is_none();
        always
            || calls_first.peek().is_some() && calls_first.all(|(_, branch)| branch.steps.contains(&then.id))
    }

    /// `then` waits for `first`, directly or through others.
    fn follows(&self, then: &PlaybookStep, first: &PlaybookStep) -> bool {
        let mut ahead: Vec<&RuleId> = then.after.iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = ahead.pop() {
            if *id == first.id {
                return true;
            }
            if seen.insert(id) {
                ahead.extend(self.playbook.step(id).into_iter().flat_map(|step| &step.after));
            }
        }
        false
    }
}

/// Clocks about steps name steps that are there, and marks raised are marks.
fn clocks(cx: &mut Cx<'_>, plan: &Plan) {
    for clock in &plan.clocks {
        let Some(about) = &clock.step else { continue };
        let known =
            plan.playbook(&about.playbook).is_some_and(|playbook| playbook.step(&about.step).is_some());
        if !known {
            let place = format!("clocks/{}", clock.id);
            let named = quoted(&format!("{}/{}", about.playbook, about.step));
            let message = say(format!("未知的步骤 {named}"), format!("unknown step {named}"));
            let at = spot(cx, &place);
            cx.report(Code::UnknownStep, at, &place, message, None);
        }
    }
    for fact in plan.playbooks.iter().flat_map(|playbook| &playbook.asks) {
        let mark = plan.facts.get(fact).is_some_and(|fact| fact.kind == FactKind::Bool && fact.needs_reason);
        if mark {
            let fact = quoted(fact.as_str());
            let message = say(
                format!("标记 {fact} 总有答案，不必列入 asks"),
                format!("the mark {fact} always has an answer and does not belong under `asks`"),
            );
            cx.report(Code::StepShape, spot(cx, "playbooks"), "playbooks", message, None);
        }
    }
}
