//! Stages: what a clock comes after, and by when after awareness it falls due at the latest.
//!
//! Whether a stage can be reached is seen once the plan is whole (`check::stages`).

use std::collections::BTreeSet;

use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, RuleId};

use super::super::super::finding::{Code, Spot, quoted, say};
use super::super::super::read::Cx;
use super::super::super::values::span_text;
use super::super::super::yaml::{Kind, Node};
use super::shape;

/// `after: early-warning`, or several; `clock` is the place of the clock that comes after.
pub(super) fn after(cx: &mut Cx<'_>, node: &Node, clock: &str) -> Option<Vec<RuleId>> {
    let place = format!("{clock}/after");
    let items = match &node.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Scalar(_) | Kind::Map(_) | Kind::Refused => vec![node],
    };
    let read = |item: &Node| {
        let id = &cx.scalar(item, &place)?.text;
        cx.spots.insert(format!("{place}/{id}"), item.at);
        Some(RuleId::new(id.as_str()))
    };
    let ids: Vec<_> = items.into_iter().map(read).collect();
    ids.into_iter().collect()
}

/// What a clock comes after is there, is met by a report, and stands above it, so that stages have an order and no
/// circle; a clock that starts with a report says with which; what is due at the latest can be known and matters.
pub(super) fn check(cx: &mut Cx<'_>, clocks: &[ClockRule]) {
    for (at, clock) in clocks.iter().enumerate() {
        let place = format!("clocks/{}", clock.id);
        shaped(cx, clock, &place);
        latest(cx, clock, &place);
        for id in &clock.after {
            let place = format!("{place}/after/{id}");
            before(cx, clocks, at, id, &place);
        }
    }
}

/// `after` stands where it is needed, and nowhere else.
fn shaped(cx: &mut Cx<'_>, clock: &ClockRule, place: &str) {
    let begins = clock.starts == ClockStart::ReportMade;
    if begins && clock.after.is_empty() {
        let says = (
            "report_made 须以 after 写明哪一时限的报告",
            "`report_made` needs `after`: the report of which clock",
        );
        shape(cx, spot(cx, place), place, says);
    }
    if !begins && clock.met_by != ClockMeets::Report && !clock.after.is_empty() {
        let says = (
            "after 只用于以 report_made 启动或以报告履行的时限",
            "`after` goes with clocks that start with `report_made` or that a report meets",
        );
        shape(cx, spot(cx, place), place, says);
    }
}

/// `no_later_than` counts from awareness, so the start of the clock must come after that.
fn latest(cx: &mut Cx<'_>, clock: &ClockRule, place: &str) {
    let Some(latest) = clock.no_later_than else { return };
    let at = spot(cx, place);
    if !matches!(clock.starts, ClockStart::LevelJudged | ClockStart::LevelConfirmed) {
        let says = (
            "no_later_than 只用于 level_judged 或 level_confirmed",
            "`no_later_than` goes with `level_judged` and `level_confirmed` only",
        );
        shape(cx, at, place, says);
    } else if clock.within.at_once() {
        let says = (
            "at once 的时限总在 no_later_than 之前到期，no_later_than 从不起作用",
            "what is due at once is never due later, so `no_later_than` never matters",
        );
        shape(cx, at, place, says);
    } else if latest <= clock.soonest() {
        let (figure, unit) = span_text(latest);
        let says = (
            format!("no_later_than（{figure} {unit}）不长于 within，within 只对判定过迟者起作用"),
            format!(
                "`no_later_than` ({figure} {unit}) is not longer than `within`, which would only count for who judges too late"
            ),
        );
        shape(cx, at, place, (&says.0, &says.1));
    }
}

/// The clock of this id, after which the clock at `at` comes.
fn before(cx: &mut Cx<'_>, clocks: &[ClockRule], at: usize, id: &RuleId, place: &str) {
    let clock = &clocks[at];
    let spot = spot(cx, place);
    let Some(found) = clocks.iter().position(|other| other.id == *id) else {
        let above = clocks[..at].iter().filter(|other| other.met_by == ClockMeets::Report);
        let known = above.map(|other| other.id.as_str());
        let what = (Code::BadValue, "前面以报告履行的时限", "clock above that a report meets");
        cx.unknown(what, (spot, place), id.as_str(), known);
        return;
    };
    let name = quoted(id.as_str());
    if found >= at {
        let circle = circle(clocks, &clock.id, id).map(|ids| quoted(&ids.join(" → ")));
        let message = match circle {
            _ if found == at => say(
                format!("时限 {name} 等待它自己的报告"),
                format!("the clock {name} waits for its own report"),
            ),
            Some(circle) => say(
                format!("时限相互等待：{circle}"),
                format!("the clocks wait for each other in a circle: {circle}"),
            ),
            None => say(
                format!("所等的时限 {name} 列在其后"),
                format!("the clock {name}, after which it comes, stands below it"),
            ),
        };
        let fix = say("after 只写列在前面的时限", "name clocks above in `after`");
        cx.report(Code::StageLoop, spot, place, message, Some(fix));
    } else if clocks[found].met_by != ClockMeets::Report {
        let says = (
            format!("after 所写的时限 {name} 不以报告履行"),
            format!("the clock {name}, after which it comes, is not met by a report"),
        );
        shape(cx, spot, place, (&says.0, &says.1));
    }
}

/// The clocks over which `next` waits for `start`, with `start` at both ends.
fn circle<'c>(clocks: &'c [ClockRule], start: &'c RuleId, next: &'c RuleId) -> Option<Vec<&'c str>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![start, next]];
    // Each clock is gone through once, so there are no more ways than clocks named.
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == start {
            return Some(way.iter().map(|id| id.as_str()).collect());
        }
        if seen.insert(last) {
            let after = clocks.iter().filter(|clock| clock.id == *last).flat_map(|clock| &clock.after);
            ways.extend(after.map(|id| [way.as_slice(), &[id]].concat()));
        }
    }
    None
}

fn spot(cx: &Cx<'_>, place: &str) -> Spot {
    cx.spots.get(place).copied().unwrap_or_default()
}
