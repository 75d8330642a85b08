//! Stages of reports: whether a clock that comes after the report of another one is ever reached.
//!
//! That the other one is there, is met by a report and stands above is seen while the clocks are read. A report is
//! known to whoever made it and to whom it was made, so only they can owe what follows it.

use fengsui_domain::expr::{Expr, Situation};
use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, Plan, RoleId};

use super::super::finding::{Code, quoted, say};
use super::super::read::Cx;
use super::cases::{Cases, holds};
use super::spot;

pub(super) fn stages(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    for clock in plan.clocks.iter().filter(|clock| !clock.after.is_empty()) {
        let before: Vec<&ClockRule> = clock.after.iter().filter_map(|id| plan.clock(id)).collect();
        match clock.of.iter().find(|of| !before.iter().any(|stage| knows(stage, of))) {
            Some(body) => not_reached(cx, clock, body),
            None => apart(cx, clock, &before, cases),
        }
        if cases.spent() || cx.findings.full() {
            return;
        }
    }
}

/// The body makes the report that meets a clock, or gets it.
fn knows(clock: &ClockRule, body: &RoleId) -> bool {
    clock.of.contains(body) || clock.to.contains(body)
}

fn not_reached(cx: &mut Cx<'_>, clock: &ClockRule, body: &RoleId) {
    let body = quoted(body.as_str());
    let message = say(
        format!("{body} 既不作出也不收到 after 所写时限的报告"),
        format!("{body} neither makes nor gets the report of any clock in `after`"),
    );
    let fix = say("改 duty 的 of，或改 after", "change `of` in the duty, or `after`");
    // What starts otherwise runs, and no report of this body ever counts as a further one.
    let code = match clock.starts {
        ClockStart::ReportMade => Code::NothingStarts,
        _ if clock.met_by == ClockMeets::Report => Code::NothingMeets,
        _ => return,
    };
    let place = format!("clocks/{}", clock.id);
    let at = spot(cx, &place);
    cx.report(code, at, &place, message, Some(fix));
}

/// A clock met at one level or answer stays met at the next, so this is no error.
fn apart(cx: &mut Cx<'_>, clock: &ClockRule, before: &[&ClockRule], cases: &mut Cases<'_>) {
    let read: Vec<&Expr> = before.iter().map(|stage| &stage.when).chain([&clock.when]).collect();
    let both = |case: &Situation<'_>| {
        holds(&clock.when, case) && before.iter().any(|stage| holds(&stage.when, case))
    };
    // Of a clock that never applies, that is all there is to say.
    if !cases.possible(&clock.when) || cases.any(&read, both) != Some(false) {
        return;
    }
    let place = format!("clocks/{}", clock.id);
    let message =
        say("它与 after 所写的时限从不同时适用", "it never applies together with any clock in `after`");
    let fix = say(
        "使条件相容，或改 after",
        "write the conditions so that they can hold together, or change `after`",
    );
    let at = spot(cx, &place);
    cx.report(Code::StageApart, at, &place, message, Some(fix));
}
