//! Days off: whether the pack knows those that its rules need.

use fengsui_domain::plan::{Cycle, Plan};
use jiff::Span;
use jiff::civil::Date;

use super::super::finding::{Code, say};
use super::super::read::Cx;
use super::spot;

/// Days ahead for which the days off should be known: the State Council says in November how it is from January on,
/// and two months are left to add it.
const AHEAD_DAYS: i32 = 62;

pub(super) fn calendar(cx: &mut Cx<'_>, plan: &Plan, on: Option<Date>) {
    let Some(place) = first_in_need(plan) else { return };
    let at = spot(cx, &place);
    if plan.holidays.years.is_empty() {
        let message = say(
            "须按工作日计算，但预案没有 holidays，只除去周末",
            "it needs working days, but the pack has no `holidays`, so only weekends count as off",
        );
        let fix = say("写上 holidays 一节，逐年列明", "add the section `holidays`, year by year");
        cx.report(Code::HolidaysMissing, at, &place, message, Some(fix));
        return;
    }
    for year in plan.holidays.gaps() {
        let message = say(
            format!("holidays 缺少中间的 {year} 年"),
            format!("`holidays` leaves out {year}, between years that it has"),
        );
        let fix = say(format!("补上 {year} 年"), format!("add {year}"));
        cx.report(Code::HolidaysMissing, at, &place, message, Some(fix));
    }
    let Some(on) = on else { return };
    let ahead = on.saturating_add(Span::new().days(AHEAD_DAYS));
    let known = |year: i16| plan.holidays.knows(year) || plan.holidays.gaps().contains(&year);
    for year in (on.year()..=ahead.year()).filter(|year| !known(*year)) {
        let message = say(
            format!("{on} 起须用到 {year} 年的工作日，但 holidays 没有这一年"),
            format!("from {on} on working days of {year} are needed, which `holidays` does not have"),
        );
        let fix = say(
            format!("{year} 年的放假安排公布后补上；在此之前只除去周末"),
            format!("add {year} once it is announced; until then only weekends count as off"),
        );
        cx.report(Code::HolidaysRunOut, at, &place, message, Some(fix));
    }
}

/// The first rule whose due times depend on days off.
fn first_in_need(plan: &Plan) -> Option<String> {
    let clock = plan.clocks.iter().find(|rule| rule.needs_working_days());
    let clock = clock.map(|rule| format!("clocks/{}", rule.id));
    clock.or_else(|| {
        let workdays = |cycle: Option<Cycle>| cycle == Some(Cycle::Workday);
        let mut duties = plan.duties.iter();
        let duty = duties.find(|duty| workdays(duty.recurrence().map(|recurrence| recurrence.cycle)));
        duty.map(|duty| format!("duties/{}", duty.id))
    })
}
