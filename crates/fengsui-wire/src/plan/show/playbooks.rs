//! Playbooks in the document: numbered steps, each with who, when, and what holds it back.

use fengsui_domain::expr::Expr;
use fengsui_domain::plan::{ClockRule, ClockStart, Lang, Playbook, PlaybookStep, RuleId};

use super::Page;

pub(super) fn section(page: &mut Page<'_>) {
    if page.plan.playbooks.is_empty() {
        return;
    }
    page.section("处置规程", "Playbooks");
    for playbook in &page.plan.playbooks {
        let title = format!("{} {}", page.text(&playbook.title), page.clause(&playbook.clause));
        page.heading(3, &title);
        head(page, playbook);
        for (at, step) in playbook.steps.iter().enumerate() {
            let line = format!("**{}** {}", page.text(&step.title), page.clause(&step.clause));
            page.line(&format!("{}. {line}", at + 1));
            for line in lines(page, playbook, step) {
                page.line(&format!("   - {}", line.replace('\n', " ")));
            }
        }
    }
}

fn head(page: &mut Page<'_>, playbook: &Playbook) {
    if let Some(first) = &playbook.first {
        page.entry(0, ("首先", "First of all"), page.text(first));
    }
    if playbook.when != Expr::Const(true) {
        page.entry(0, ("适用", "When"), &page.words(&playbook.when));
    }
    if !playbook.categories.is_empty() {
        let names = playbook.categories.iter().filter_map(|id| page.plan.categories.get(id));
        let names = page.joined(names.map(|category| page.text(&category.title)));
        page.entry(0, ("类别", "Categories"), &names);
    }
    page.entry(0, ("启动", "Started by"), &page.any_role(&playbook.by));
    if !playbook.asks.is_empty() {
        let facts = playbook.asks.iter().filter_map(|id| page.plan.facts.get(id));
        let facts = page.joined(facts.map(|fact| page.text(&fact.title)));
        page.entry(0, ("启动前先回答", "Answered before it starts"), &facts);
    }
    page.line("");
}

/// What a step says besides its title, one line each.
pub(super) fn lines(page: &Page<'_>, playbook: &Playbook, step: &PlaybookStep) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |zh: &str, en: &str, text: &str| {
        lines.push(match page.lang {
            Lang::Zh => format!("{zh}：{text}"),
            Lang::En => format!("{en}: {text}"),
        });
    };
    add("由谁", "By", &page.any_role(&step.by));
    if !step.recorded_by.is_empty() {
        add("可代为记录", "May be recorded by", &page.any_role(&step.recorded_by));
    }
    let callers: Vec<String> = playbook
        .called_by(&step.id)
        .map(|(asks, branch)| {
            let answer = page.text(&branch.title);
            format!("{}{}", numbers(page, playbook, std::slice::from_ref(&asks.id)), quoted(page, answer))
        })
        .collect();
    if !callers.is_empty() {
        add("仅当", "Only if", &callers.join(page.say("或", " or ")));
    }
    let place = playbook.steps.iter().position(|known| known.id == step.id).unwrap_or(0);
    let above = place.checked_sub(1).and_then(|above| playbook.steps.get(above));
    let usual = above.map_or(step.after.is_empty(), |above| step.after == [above.id.clone()]);
    if !usual {
        let after = if step.after.is_empty() {
            page.say("可立即开始", "may start at once").to_owned()
        } else {
            numbers(page, playbook, &step.after)
        };
        add("须先完成", "After", &after);
    }
    if step.when != Expr::Const(true) {
        add("条件（不成立则略过）", "When (else skipped)", &page.words(&step.when));
    }
    if let Some(gate) = &step.gate {
        let text = format!("{} {}", page.text(&gate.title), page.clause(&gate.clause));
        add("等待", "Waits until", &text);
        add("由其认可", "Said by", &page.any_role(&gate.by));
        if !gate.waive.is_empty() {
            add(
                "可说明理由免除或代为记录",
                "May be waived with a reason, or recorded, by",
                &page.any_role(&gate.waive),
            );
        }
    }
    if !step.urgent_before.is_empty() {
        add(
            "情况紧急时可先于",
            "When urgent, with a reason, before",
            &numbers(page, playbook, &step.urgent_before),
        );
    }
    if let Some(needs) = &step.needs {
        add("需要操作权限", "Takes an operating permission", page.text(needs));
    }
    for (id, zh, en) in [
        (&step.opens, "打开临时状态", "Opens a temporary state"),
        (&step.closes, "关闭临时状态", "Closes the temporary state"),
    ] {
        if let Some(state) = id.as_ref().and_then(|id| playbook.state(id)) {
            add(zh, en, page.text(&state.title));
        }
    }
    if !step.optional.is_empty() {
        add("可说明理由不办", "May be left out with a reason by", &page.any_role(&step.optional));
    }
    if let Some(ask) = &step.ask {
        add("提问", "Asks", page.text(&ask.question));
        for branch in &ask.branches {
            let mut follows = match branch.steps.as_slice() {
                [] => page.say("按序继续", "go on").to_owned(),
                steps => numbers(page, playbook, steps),
            };
            if let Some(mark) = branch.raises.as_ref().and_then(|id| page.plan.facts.get(id)) {
                follows.push_str(page.say("；标记：", "; sets: "));
                follows.push_str(page.text(&mark.title));
            }
            let clause =
                branch.clause.as_ref().map_or_else(String::new, |clause| format!(" {}", page.clause(clause)));
            lines.push(format!("{}{clause} → {follows}", quoted(page, page.text(&branch.title))));
        }
    }
    let about = page.plan.clocks.iter().filter(|clock| {
        clock.step.as_ref().is_some_and(|about| about.playbook == playbook.id && about.step == step.id)
    });
    lines.extend(about.map(|clock| limit(page, clock)));
    if let Some(hint) = &step.hint {
        lines.push(page.text(hint).to_owned());
    }
    lines
}

/// `Within 2 hours: …, when …`
fn limit(page: &Page<'_>, clock: &ClockRule) -> String {
    let when = match &clock.when {
        Expr::Const(true) => String::new(),
        when => match page.lang {
            Lang::Zh => format!("（{}）", page.words(when)),
            Lang::En => format!(" ({})", page.words(when)),
        },
    };
    let from = match (clock.starts, page.lang) {
        (ClockStart::PlaybookStarted, Lang::Zh) => "，自发现起",
        (ClockStart::PlaybookStarted, Lang::En) => " of the discovery",
        (ClockStart::PlaybookBegun, Lang::Zh) => "，自启动规程起",
        (ClockStart::PlaybookBegun, Lang::En) => " of the start of the playbook",
        (_, Lang::Zh) => "，自可以办理起",
        (_, Lang::En) => " of the step becoming possible",
    };
    let within = page.within(clock);
    match page.lang {
        Lang::Zh => format!("时限：{within}{from}{when} {}", page.clause(&clock.clause)),
        Lang::En => format!("Limit: {within}{from}{when} {}", page.clause(&clock.clause)),
    }
}

/// `step 3, step 4`; the numbers are those of the list.
fn numbers(page: &Page<'_>, playbook: &Playbook, ids: &[RuleId]) -> String {
    let number = |id: &RuleId| playbook.steps.iter().position(|step| step.id == *id).map_or(0, |at| at + 1);
    let named: Vec<String> = ids
        .iter()
        .map(|id| match page.lang {
            Lang::Zh => format!("第{}步", number(id)),
            Lang::En => format!("step {}", number(id)),
        })
        .collect();
    page.joined(named.iter().map(String::as_str))
}

fn quoted(page: &Page<'_>, text: &str) -> String {
    match page.lang {
        Lang::Zh => format!("“{text}”"),
        Lang::En => format!(" “{text}”"),
    }
    .trim_start()
    .to_owned()
}

/// `the technician must do step 2 of virus outbreak`
pub(super) fn duty(page: &Page<'_>, clock: &ClockRule) -> String {
    let about = clock.step.as_ref().and_then(|about| {
        let playbook = page.plan.playbook(&about.playbook)?;
        Some((playbook, playbook.step(&about.step)?))
    });
    let Some((playbook, step)) = about else { return String::new() };
    let of = if clock.of.is_empty() { page.any_role(&step.by) } else { page.roles(&clock.of) };
    let (title, step) = (page.text(&playbook.title), page.text(&step.title));
    match page.lang {
        Lang::Zh => format!("{of}办理“{title}”的“{step}”"),
        Lang::En => format!("{of} must take the step “{step}” of “{title}”"),
    }
}
