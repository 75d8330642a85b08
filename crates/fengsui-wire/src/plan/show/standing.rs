//! Standing duties: what the plan asks for outside of incidents.

use std::fmt::Write as _;

use fengsui_domain::plan::{Cycle, DutyKind, Lang, Recurrence, StandingDuty, Test};

use super::Page;

/// Writes the section, if the plan has one.
pub(super) fn section(page: &mut Page<'_>) {
    if page.plan.duties.is_empty() {
        return;
    }
    page.section("常规职责", "Standing duties");
    for duty in &page.plan.duties {
        let ours = if duty.is_default { page.say("（我方数值）", " (our figure)") } else { "" };
        let line = format!("**{}**{ours} {}", page.text(&duty.title), page.clause(&duty.clause));
        page.item(0, &line);
        let owed = format!("{} · {}", page.any_role(&duty.by), when(page, duty));
        page.item(1, &owed);
        let mut proof: Vec<&str> = duty.proof.iter().map(|field| page.text(&field.title)).collect();
        if duty.document {
            proof.push(page.say("文件", "a document"));
        }
        if !proof.is_empty() {
            let proof = page.joined(proof.into_iter());
            page.entry(1, ("记录", "Record"), &proof);
        }
        if let Some(receipts) = &duty.receipts {
            let line = format!("{} {}", page.roles(&receipts.from), page.clause(&receipts.clause));
            page.entry(1, ("回执", "Receipt of"), &line);
        }
        if !duty.extendable_by.is_empty() {
            let who = page.any_role(&duty.extendable_by);
            page.entry(1, ("可批准延期", "May be extended by"), &who);
        }
    }
}

/// When a duty is owed, in words.
fn when(page: &Page<'_>, duty: &StandingDuty) -> String {
    match &duty.kind {
        DutyKind::Every(recurrence) => rhythm(page, recurrence),
        DutyKind::Holds(condition) => {
            let holds = match (&condition.test, page.lang) {
                (Test::AtLeast { number, unit }, Lang::Zh) => format!("不少于 {number} {}", unit.zh),
                (Test::AtLeast { number, unit }, Lang::En) => format!("at least {number} {}", unit.en),
                (Test::MoreThan { number, unit }, Lang::Zh) => format!("大于 {number} {}", unit.zh),
                (Test::MoreThan { number, unit }, Lang::En) => format!("more than {number} {}", unit.en),
                (Test::NotPassed, _) => page.say("未过期", "not expired").to_owned(),
                (Test::Stated, _) => page.say("始终保持", "at all times").to_owned(),
            };
            let months = condition.renew_months;
            match page.lang {
                Lang::Zh => format!("{holds}，每 {months} 个月重新核实"),
                Lang::En => format!("{holds}, vouched for anew every {months} months"),
            }
        }
        DutyKind::OnChange { within_days } => match page.lang {
            Lang::Zh => format!("变更后 {within_days} 日内"),
            Lang::En => format!("within {within_days} days of a change"),
        },
        DutyKind::OnParent { within_days } => match page.lang {
            Lang::Zh => format!("上级预案启用新版本后 {within_days} 日内"),
            Lang::En => format!("within {within_days} days of a new version of a plan above"),
        },
        DutyKind::AsNeeded => page.say("按需记录", "recorded as it comes").to_owned(),
    }
}

fn rhythm(page: &Page<'_>, recurrence: &Recurrence) -> String {
    let (zh, en) = match recurrence.cycle {
        Cycle::Day => ("每日", "every day"),
        Cycle::Workday => ("每个工作日", "every working day"),
        Cycle::Week => ("每周", "every week"),
        Cycle::Month => ("每月", "every month"),
        Cycle::Quarter => ("每季度", "every quarter"),
        Cycle::HalfYear => ("每半年", "every half-year"),
        Cycle::Year => ("每年", "every year"),
    };
    let by = recurrence.by_time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute()));
    let mut text = page.say(zh, en).to_owned();
    let times = recurrence.times;
    // Writing to a string cannot fail.
    let _ = match page.lang {
        Lang::Zh if times > 1 => write!(text, " {times} 次"),
        Lang::En if times > 1 => write!(text, ", {times} times"),
        _ => Ok(()),
    };
    let _ = match (by, page.lang) {
        (Some(by), Lang::Zh) => write!(text, "，{by} 前"),
        (Some(by), Lang::En) => write!(text, ", before {by}"),
        (None, _) => Ok(()),
    };
    if recurrence.settable {
        text += page.say("（单位可另定）", " (a unit may set another rhythm)");
    }
    text
}
