//! Clocks against each other: two limits for one duty, and limits shorter than what has to come first.
//!
//! The document gives the spans, so nothing here guesses how long work takes. A clock is due too soon only if
//! the pack itself gives what must come first more time; what has no limit of its own counts as no time.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::{Expr, Situation};
use fengsui_domain::plan::{
    ClockMeets, ClockRule, ClockStart, Plan, Playbook, PlaybookStep, RoleId, RuleId, Within,
};
use jiff::SignedDuration;

use super::super::finding::{Code, quoted, say};
use super::super::read::Cx;
use super::super::values::{calendar_text, span_text};
use super::cases::{Cases, holds};
use super::spot;

pub(super) fn limits(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    for clock in &plan.clocks {
        conflicts(cx, plan, clock, cases);
        before(cx, plan, clock, cases);
        steps_before(cx, plan, clock, cases);
        if cases.spent() || cx.findings.full() {
            return;
        }
    }
}

/// How far two clocks ask the same of the same bodies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    /// For all that owe the longer one.
    All,
    /// For some of them.
    Some,
}

fn conflicts(cx: &mut Cx<'_>, plan: &Plan, clock: &ClockRule, cases: &mut Cases<'_>) {
    let shorter = |other: &&ClockRule| limit(other) < limit(clock);
    let mut conflict = None;
    for other in plan.clocks.iter().filter(shorter) {
        let Some(same) = same_duty(clock, other) else { continue };
        let read: [&Expr; 2] = [&clock.when, &other.when];
        let both = |case: &Situation<'_>| holds(&clock.when, case) && holds(&other.when, case);
        let alone = |case: &Situation<'_>| holds(&clock.when, case) && !holds(&other.when, case);
        if cases.any(&read, both) != Some(true) {
            continue;
        }
        // What may be extended leaves the longer limit its use, and so does what a calendar may make the longer one.
        let surely = other.latest().is_some_and(|latest| latest <= clock.soonest());
        let never_alone = surely && cases.any(&read, alone) == Some(false);
        if same == Same::All && never_alone && other.extendable_by.is_empty() {
            return report(cx, clock, other, Code::ClockDead);
        }
        conflict = conflict.or(Some(other));
    }
    if let Some(other) = conflict {
        report(cx, clock, other, Code::ClocksConflict);
    }
}

fn report(cx: &mut Cx<'_>, clock: &ClockRule, other: &ClockRule, code: Code) {
    let ((own_zh, own), (other_zh, other_span)) = (limit_text(clock), limit_text(other));
    let other = quoted(other.id.as_str());
    let (message, fix) = if code == Code::ClockDead {
        (
            say(
                format!("凡适用之处，{other} 对同一件事的时限更短（{other_zh}），{own_zh}从不起作用"),
                format!(
                    "wherever it applies, {other} asks for the same {other_span}, so {own} never matters"
                ),
            ),
            say("删去其中一个，或把条件分开", "remove one of them, or set the conditions apart"),
        )
    } else {
        (
            say(
                format!("与 {other} 可能同时适用：同一义务，{own_zh}与{other_zh}"),
                format!("it may apply together with {other}: the same duty {own} and {other_span}"),
            ),
            say("使两个条件不同时成立", "write the conditions so that they do not hold together"),
        )
    };
    let place = format!("clocks/{}", clock.id);
    let at = spot(cx, &place);
    cx.report(code, at, &place, message, Some(fix));
}

/// By when, and for "at once" until when a person is told.
fn limit(clock: &ClockRule) -> (SignedDuration, SignedDuration) {
    (clock.within.due(), clock.within.lapse())
}

/// Both ask the same act of a body in common, towards an addressee in common, from the same fact on. A first
/// report and those that repeat are different duties.
fn same_duty(clock: &ClockRule, other: &ClockRule) -> Option<Same> {
    let kind =
        |clock: &ClockRule| (clock.starts, clock.met_by, clock.form, clock.repeats, clock.after.clone());
    let about = (&clock.action, &clock.about, &clock.step) == (&other.action, &other.about, &other.step);
    if kind(clock) != kind(other) || !about || clock.any_addressee != other.any_addressee {
        return None;
    }
    let of = shared(&clock.of, &other.of)?;
    let to = if clock.any_addressee { same_set(&clock.to, &other.to) } else { shared(&clock.to, &other.to) }?;
    Some(if of == Same::All && to == Same::All { Same::All } else { Same::Some })
}

fn shared(own: &[RoleId], others: &[RoleId]) -> Option<Same> {
    let count = own.iter().filter(|role| others.contains(role)).count();
    match (own.len(), others.len()) {
        (0, 0) => Some(Same::All),
        (all, _) if all > 0 && count == all => Some(Same::All),
        _ if count > 0 => Some(Same::Some),
        _ => None,
    }
}

fn same_set(own: &[RoleId], others: &[RoleId]) -> Option<Same> {
    (own.len() == others.len() && own.iter().all(|role| others.contains(role))).then_some(Same::All)
}

/// Another clock from the same fact on, whose act has to come first, may take longer.
fn before(cx: &mut Cx<'_>, plan: &Plan, clock: &ClockRule, cases: &mut Cases<'_>) {
    let first = match clock.met_by {
        ClockMeets::Filing => ClockMeets::Review,
        ClockMeets::ResponseStarted => ClockMeets::ResponseRequested,
        ClockMeets::OrderAnswered => ClockMeets::OrderAcknowledged,
        ClockMeets::Report
        | ClockMeets::ImmediateAction
        | ClockMeets::ResponseRequested
        | ClockMeets::Review
        | ClockMeets::OrderAcknowledged
        | ClockMeets::StepDone => return,
    };
    // Two bodies become aware at different times, so their limits cannot be compared.
    let same_start =
        |other: &ClockRule| other.starts == clock.starts && (!clock.starts.is_told() || other.of == clock.of);
    let levels = Expr::Level(plan.levels.keys().copied().collect());
    for other in plan.clocks.iter().filter(|other| other.met_by == first && same_start(other)) {
        if !same_order(clock, other) || !surely_shorter(clock, other.soonest()) {
            continue;
        }
        let must = |case: &Situation<'_>| {
            let needed = first != ClockMeets::ResponseRequested || needs_proposal(plan, case);
            needed && holds(&clock.when, case) && holds(&other.when, case)
        };
        if cases.any(&[&clock.when, &other.when, &levels], must) == Some(true) {
            let (longer_zh, longer) = limit_text(other);
            let longer = longer.trim_start_matches("within ").to_owned();
            return too_soon(cx, clock, &quoted(other.id.as_str()), (&longer_zh, &longer));
        }
    }
}

/// Neither is about an order, or both are about the same kind, and somebody owes both answers.
fn same_order(clock: &ClockRule, other: &ClockRule) -> bool {
    let anybody = clock.about.is_none() || clock.of.is_empty() || other.of.is_empty();
    clock.about == other.about && (anybody || shared(&clock.of, &other.of).is_some())
}

/// Nobody may start a response at the incident's level without a proposal.
fn needs_proposal(plan: &Plan, case: &Situation<'_>) -> bool {
    let rule = case.level.and_then(|level| plan.response(level));
    rule.is_some_and(|rule| !rule.start.without_proposal)
}

/// A step counted from the start of its playbook, behind steps that may take longer together.
fn steps_before(cx: &mut Cx<'_>, plan: &Plan, clock: &ClockRule, cases: &mut Cases<'_>) {
    let Some(about) = clock.step.as_ref().filter(|_| clock.starts.is_of_playbook()) else {
        return;
    };
    let Some(playbook) = plan.playbook(&about.playbook) else { return };
    let Some(last) = playbook.step(&about.step) else { return };
    let own = |other: &&ClockRule| other.step.as_ref().is_some_and(|step| step.playbook == about.playbook);
    let clocks: Vec<&ClockRule> = plan.clocks.iter().filter(own).collect();
    let ahead = Ahead { playbook, last, courses: courses(playbook, last), clocks: &clocks };
    let read: Vec<&Expr> = clocks.iter().map(|clock| &clock.when).collect();
    let mut longest = SignedDuration::ZERO;
    let too_long = |case: &Situation<'_>| {
        if !holds(&clock.when, case) {
            return false;
        }
        longest = ahead.ready_at(case);
        surely_shorter(clock, longest)
    };
    if cases.any_of_weight(playbook.steps.len(), &read, too_long) == Some(true) {
        let (longer_zh, longer) = span(longest);
        too_soon(cx, clock, "", (&longer_zh, longer.trim_start_matches("within ")));
    }
}

/// How a step stands to a later one.
enum Course<'p> {
    /// It is done in every run in which the later one is.
    Certain,
    /// It falls away or is left out when its turn comes, or is done after that.
    Conditional,
    /// It falls away once these questions are answered, or is done after one of them.
    Called(BTreeSet<&'p RuleId>),
}

/// How the steps of a playbook stand to `last`.
fn courses<'p>(playbook: &'p Playbook, last: &PlaybookStep) -> BTreeMap<&'p RuleId, Course<'p>> {
    let mut calls: BTreeMap<&RuleId, BTreeSet<(&RuleId, &RuleId)>> = BTreeMap::new();
    for step in &playbook.steps {
        for branch in step.ask.iter().flat_map(|ask| &ask.branches) {
            for called in &branch.steps {
                calls.entry(called).or_default().insert((&step.id, &branch.id));
            }
        }
    }
    let lead_to_last = calls.get(&last.id);
    let course = |step: &PlaybookStep| {
        let own = calls.get(&step.id);
        // Every answer that leads to the last step leads to this one.
        let always = own.is_none_or(|own| lead_to_last.is_some_and(|to_last| to_last.is_subset(own)));
        match own {
            _ if always && step.when == Expr::Const(true) && step.optional.is_empty() => Course::Certain,
            Some(own) if !always => Course::Called(own.iter().map(|(asks, _)| *asks).collect()),
            _ => Course::Conditional,
        }
    };
    playbook.steps.iter().map(|step| (&step.id, course(step))).collect()
}

/// What stands before a step, with the clocks of its playbook.
struct Ahead<'p> {
    playbook: &'p Playbook,
    last: &'p PlaybookStep,
    courses: BTreeMap<&'p RuleId, Course<'p>>,
    clocks: &'p [&'p ClockRule],
}

impl Ahead<'_> {
    /// Until when after the start of the playbook the clocks let the step wait for those before it. A step that may
    /// be passed over in haste does not count.
    fn ready_at(&self, case: &Situation<'_>) -> SignedDuration {
        // Steps wait only for those above them, so one pass from the top finds every time.
        let mut settled: BTreeMap<&RuleId, SignedDuration> = BTreeMap::new();
        for step in &self.playbook.steps {
            let time = |id: &RuleId| settled.get(id).copied().unwrap_or(SignedDuration::ZERO);
            let waits = step.after.iter().filter(|id| !step.urgent_before.contains(id));
            let ready = waits.map(time).max().unwrap_or(SignedDuration::ZERO);
            if step.id == self.last.id {
                return ready;
            }
            let at = match self.courses.get(&step.id) {
                Some(Course::Certain) => self.done_at(step, ready, case),
                Some(Course::Conditional) => ready,
                Some(Course::Called(asks)) => {
                    asks.iter().map(|id| time(id)).min().unwrap_or(SignedDuration::ZERO)
                }
                None => SignedDuration::ZERO,
            };
            settled.insert(&step.id, at);
        }
        SignedDuration::ZERO
    }

    /// By when the strictest of its clocks asks for the step; without one it takes no time of its own.
    fn done_at(&self, step: &PlaybookStep, ready: SignedDuration, case: &Situation<'_>) -> SignedDuration {
        let own = self.clocks.iter().filter(|clock| {
            clock.step.as_ref().is_some_and(|about| about.step == step.id) && holds(&clock.when, case)
        });
        let limits = own.map(|clock| match clock.starts {
            ClockStart::StepReady => ready.saturating_add(clock.soonest()),
            _ => clock.soonest(),
        });
        limits.min().unwrap_or(ready)
    }
}

/// Whatever the calendar, the clock has lapsed before this span is over.
fn surely_shorter(clock: &ClockRule, span: SignedDuration) -> bool {
    clock.latest().is_some_and(|latest| latest.max(clock.within.lapse()) < span)
}

fn too_soon(cx: &mut Cx<'_>, clock: &ClockRule, first: &str, (longer_zh, longer): (&str, &str)) {
    let (own_zh, own) = limit_text(clock);
    let message = if first.is_empty() {
        say(
            format!("时限为{own_zh}，而前面的步骤可用到启动后{longer_zh}"),
            format!("it is due {own}, but the steps before it may take {longer} from the start"),
        )
    } else {
        say(
            format!("时限为{own_zh}，而必须在前的 {first} 可用{longer_zh}"),
            format!("it is due {own}, but {first}, which has to come first, may take {longer}"),
        )
    };
    let fix = say("放宽此时限，或收紧前面的时限", "give it more time, or what comes before it less");
    let place = format!("clocks/{}", clock.id);
    let at = spot(cx, &place);
    cx.report(Code::DueTooSoon, at, &place, message, Some(fix));
}

/// The limit of a clock in Chinese and English.
fn limit_text(clock: &ClockRule) -> (String, String) {
    match clock.within {
        Within::Calendar(limit) => {
            let (zh, en) = calendar_text(limit);
            (zh, format!("within {en}"))
        }
        Within::Span(_) | Within::AtOnce { .. } => span(clock.within.due()),
    }
}

/// A span in Chinese and English.
fn span(span: SignedDuration) -> (String, String) {
    if span.is_zero() {
        return ("立即".to_owned(), "at once".to_owned());
    }
    let (figure, unit) = span_text(span);
    let unit_zh = match unit {
        "d" => "天",
        "h" => "小时",
        _ => "分钟",
    };
    (format!("{figure}{unit_zh}"), format!("within {figure} {unit}"))
}
