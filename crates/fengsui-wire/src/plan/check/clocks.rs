//! Clocks one by one: what starts them, what meets them, and whether those who owe the duty may do it.
//!
//! What clocks say of each other is in `limits`.

use std::collections::BTreeSet;

use fengsui_domain::expr::{Expr, Situation};
use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, Plan, RoleId};

use super::super::finding::{Code, quoted, quoted_list, say};
use super::super::read::Cx;
use super::cases::{Cases, holds};
use super::spot;

pub(super) fn clocks(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    for clock in &plan.clocks {
        // Of a clock that never applies, that is all there is to say.
        if !cases.possible(&clock.when) {
            continue;
        }
        let place = format!("clocks/{}", clock.id);
        let problem = (nothing_starts(plan, clock).map(|says| (Code::NothingStarts, says)))
            .or_else(|| nothing_meets(plan, clock).map(|says| (Code::NothingMeets, says)))
            .or_else(|| not_theirs(plan, clock, cases).map(|says| (Code::NotTheirs, says)));
        if let Some((code, [zh, en, fix_zh, fix_en])) = problem {
            let at = spot(cx, &place);
            cx.report(code, at, &place, say(zh, en), Some(say(fix_zh, fix_en)));
        }
    }
    playbooks(cx, plan);
}

/// What is wrong and what would be right, each in Chinese and English.
type Says = [String; 4];

fn says(lines: [&str; 4]) -> Says {
    lines.map(str::to_owned)
}

/// An order goes to the bodies under `to`; that a called expert answers is the care of whoever called.
fn nothing_starts(plan: &Plan, clock: &ClockRule) -> Option<Says> {
    let order = plan.order(clock.about.as_ref()?)?;
    let givers = if order.experts.is_empty() { &[][..] } else { &order.from };
    let owing: Vec<&RoleId> = order.to.iter().chain(givers).collect();
    if clock.of.is_empty() || clock.of.iter().any(|of| owing.contains(&of)) {
        return None;
    }
    let (id, known) = (quoted(order.id.as_str()), quoted_list(owing.iter().map(|role| role.as_str())));
    Some([
        format!("指令 {id} 从不下达给应履行的机构"),
        format!("the order {id} is never given to whoever owes this duty"),
        format!("去掉 of，或写：{known}"),
        format!("drop `of`, or name one of {known}"),
    ])
}

fn nothing_meets(plan: &Plan, clock: &ClockRule) -> Option<Says> {
    let falls_away = clock.starts == ClockStart::ResponseStarted
        && matches!(clock.met_by, ClockMeets::Review | ClockMeets::Filing);
    if falls_away {
        return Some(says([
            "从响应启动计的时限随响应结束而失效，而履行它的事在其后才有",
            "a clock from the start of the response falls away with its end, and what meets it comes only after",
            "starts 写 response_ended",
            "write `starts: response_ended`",
        ]));
    }
    match clock.met_by {
        ClockMeets::ImmediateAction if plan.immediate_actions.is_empty() => Some(says([
            "预案没有即时处置",
            "the plan has no immediate action",
            "在 immediate_actions 中写明",
            "add one to `immediate_actions`",
        ])),
        ClockMeets::Filing if plan.filing.is_none() => Some(says([
            "预案没有备案",
            "the plan has no filing",
            "写上 filing 一节",
            "add the section `filing`",
        ])),
        ClockMeets::ResponseRequested => never_asked(plan, clock),
        ClockMeets::Report
        | ClockMeets::ImmediateAction
        | ClockMeets::Filing
        | ClockMeets::Review
        | ClockMeets::ResponseStarted
        | ClockMeets::OrderAcknowledged
        | ClockMeets::OrderAnswered
        | ClockMeets::StepDone => None,
    }
}

/// A request goes to whoever decides on a response; with `to` each addressee has its own clock.
fn never_asked(plan: &Plan, clock: &ClockRule) -> Option<Says> {
    let rights = plan.responses.iter().flat_map(|response| [&response.start, &response.adjust]);
    let deciders: BTreeSet<&RoleId> = rights.flat_map(|right| &right.decide).collect();
    let mut asked = clock.to.iter().map(|to| deciders.contains(to));
    let right = if clock.any_addressee { asked.any(|asked| asked) } else { asked.all(|asked| asked) };
    let known = quoted_list(deciders.iter().map(|role| role.as_str()));
    (!right).then(|| {
        [
            "请示的对象中有的不决定任何响应".to_owned(),
            "a request goes to somebody who decides on no response".to_owned(),
            format!("to 写：{known}"),
            format!("name in `to` one of {known}"),
        ]
    })
}

/// Somebody else's act would meet the clock; that those who owe it may not act is most likely a slip.
fn not_theirs(plan: &Plan, clock: &ClockRule, cases: &mut Cases<'_>) -> Option<Says> {
    if clock.of.is_empty() {
        return None;
    }
    let may = |bodies: &[&RoleId]| {
        let may = with_fallbacks(plan, bodies);
        clock.of.iter().any(|of| may.contains(of))
    };
    let never = match clock.met_by {
        ClockMeets::Filing => !may(&plan.filing.iter().flat_map(|filing| &filing.by).collect::<Vec<_>>()),
        ClockMeets::Review => {
            let leads = &plan.review.leads;
            let read: Vec<&Expr> = leads.iter().map(|lead| &lead.when).chain([&clock.when]).collect();
            let theirs = |case: &Situation<'_>| {
                let lead = leads.iter().find(|lead| holds(&lead.when, case));
                holds(&clock.when, case) && lead.is_some_and(|lead| may(&lead.by.iter().collect::<Vec<_>>()))
            };
            cases.any(&read, theirs) == Some(false)
        }
        ClockMeets::ResponseStarted | ClockMeets::ResponseRequested => {
            let rights = plan.responses.iter().flat_map(|response| [&response.start, &response.adjust]);
            !may(&rights.flat_map(|right| right.propose.iter().chain(&right.decide)).collect::<Vec<_>>())
        }
        ClockMeets::StepDone => {
            let about = clock.step.as_ref()?;
            let step = plan.playbook(&about.playbook)?.step(&about.step)?;
            !may(&step.by.iter().chain(&step.recorded_by).collect::<Vec<_>>())
        }
        ClockMeets::Report
        | ClockMeets::ImmediateAction
        | ClockMeets::OrderAcknowledged
        | ClockMeets::OrderAnswered => false,
    };
    never.then(|| {
        says([
            "义务机构无权办理履行时限的事",
            "those who owe the duty may not do what meets it",
            "改 duty 的 of，或给该机构这项权限",
            "change `of` in the duty, or let that body act",
        ])
    })
}

/// These bodies and whoever acts for them.
fn with_fallbacks<'p>(plan: &'p Plan, bodies: &[&'p RoleId]) -> BTreeSet<&'p RoleId> {
    let mut all = BTreeSet::new();
    let mut next: Vec<&RoleId> = bodies.to_vec();
    while let Some(body) = next.pop() {
        if all.insert(body) {
            next.extend(plan.roles.get(body).and_then(|role| role.fallback.as_ref()));
        }
    }
    all
}

/// A playbook fits incidents of its categories; those that another plan governs run none.
fn playbooks(cx: &mut Cx<'_>, plan: &Plan) {
    for playbook in &plan.playbooks {
        let categories = &playbook.categories;
        if categories.is_empty() || !categories.iter().all(|category| plan.routed(category).is_some()) {
            continue;
        }
        let place = format!("playbooks/{}", playbook.id);
        let message = say(
            "处置规程的类别都由其他预案管辖，无人可以启动",
            "another plan governs every category of this playbook, so nobody can start it",
        );
        let fix = say("写本预案管辖的类别", "name a category that this plan governs");
        let at = spot(cx, &place);
        cx.report(Code::NothingStarts, at, &place, message, Some(fix));
    }
}
