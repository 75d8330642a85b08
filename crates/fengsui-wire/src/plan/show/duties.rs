//! What a plan asks for in some circumstances: who owes what by when, why, and what would change it.

use fengsui_domain::expr::Truth;
use fengsui_domain::obligation::{Obligations, Turn};
use fengsui_domain::plan::{ClockRule, Lang, RuleId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Page;
use super::clocks::{duty, limit};
use super::sections::numeral;

/// Writes the document.
pub(super) fn write(page: &mut Page<'_>, found: &Obligations, start: Option<Timestamp>) {
    page.heading(1, page.text(&page.plan.title));
    let level = numeral(page, found.level);
    let why = match (
        &found.rule,
        page.plan.grading.rules.iter().find(|rule| Some(&rule.id) == found.rule.as_ref()),
    ) {
        (Some(_), Some(rule)) => format!("{level} {}", page.clause(&rule.clause)),
        _ => level.to_owned(),
    };
    page.entry(0, ("等级", "Level"), &why);
    let rule = |id: &RuleId| page.plan.clock(id);
    let (mut certain, mut open) = (Vec::new(), Vec::new());
    for duty in &found.duties {
        let list = if duty.truth == Truth::True { &mut certain } else { &mut open };
        list.extend(rule(&duty.rule));
    }
    certain.sort_by_key(|rule| rule.within.due());
    duties(page, ("应履行的义务", "What is owed"), &certain, start);
    let may = ("可能适用（尚有未答问题）", "What may be owed (answers are missing)");
    duties(page, may, &open, start);
    turns(page, &found.turns);
    super::sections::unverified(page);
}

fn duties(page: &mut Page<'_>, (zh, en): (&str, &str), rules: &[&ClockRule], start: Option<Timestamp>) {
    if rules.is_empty() {
        return;
    }
    page.section(zh, en);
    for rule in rules {
        let ours = if rule.is_default { page.say("（我方数值）", " (our figure)") } else { "" };
        let line = format!("**{}**{ours} {}", rule.title.get(page.lang), page.clause(&rule.clause));
        page.item(0, &line);
        page.item(1, &format!("{} · {}", duty(page, rule), limit(page, rule)));
        if let Some(start) = start {
            page.entry(1, ("若此刻起算，到期", "Due, if it begins then"), &due(page, rule, start));
        }
        page.entry(1, ("因为", "Because"), &page.words(&rule.when));
    }
}

/// When a duty falls due, in the plan's zone, and what is not known of the days on the way.
fn due(page: &Page<'_>, rule: &ClockRule, start: Timestamp) -> String {
    let due = page.plan.calendar(&rule.id).due(rule, start, None);
    let zone = TimeZone::get(&page.plan.zone).unwrap_or(TimeZone::UTC);
    let at = due.at.to_zoned(zone).strftime("%Y-%m-%d %H:%M %:z").to_string();
    if due.unknown.is_empty() {
        return at;
    }
    let years: Vec<String> = due.unknown.iter().map(ToString::to_string).collect();
    match page.lang {
        Lang::Zh => format!("{at}（{} 年节假日未知，只除去周末）", years.join("、")),
        Lang::En => format!("{at} (holidays of {} not known, only weekends count as off)", years.join(", ")),
    }
}

fn turns(page: &mut Page<'_>, turns: &[Turn]) {
    if turns.is_empty() {
        return;
    }
    page.section("改变一个回答会怎样", "What one other answer would change");
    for turn in turns {
        let fact = page.plan.fact_title(&turn.fact);
        let value = page.plan.value_title(&turn.fact, &turn.to);
        let titles = |rules: &[RuleId]| {
            page.joined(
                rules.iter().filter_map(|id| page.plan.clock(id)).map(|rule| rule.title.get(page.lang)),
            )
        };
        let (added, dropped) = (titles(&turn.added), titles(&turn.dropped));
        let mut parts = Vec::new();
        if !added.is_empty() {
            parts.push(format!("{}{added}", page.say("增加：", "adds ")));
        }
        if !dropped.is_empty() {
            parts.push(format!("{}{dropped}", page.say("免除：", "drops ")));
        }
        let between = match page.lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        };
        let level = numeral(page, turn.level);
        let line = format!(
            "{} = {} → {level}{between}{}",
            fact.get(page.lang),
            value.get(page.lang),
            parts.join(between)
        );
        page.item(0, &line);
    }
}
