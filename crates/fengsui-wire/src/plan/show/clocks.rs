//! Clocks in words: who owes what to whom by when, and what happens on the way.

use fengsui_domain::plan::{ClockMeets, ClockRule, ClockStart, Form, Lang};

use super::{Page, playbooks};

pub(super) fn clocks(page: &mut Page<'_>) {
    page.section("时限", "Clocks");
    for clock in &page.plan.clocks {
        let ours = if clock.is_default { page.say("（我方数值）", " (our figure)") } else { "" };
        let line = format!("**{}**{ours} {}", page.text(&clock.title), page.clause(&clock.clause));
        page.item(0, &line);
        page.entry(1, ("适用", "When"), &page.words(&clock.when));
        page.entry(1, ("义务", "Duty"), &duty(page, clock));
        page.entry(1, ("限度", "Limit"), &limit(page, clock));
        if let Some(action) = clock
            .action
            .as_ref()
            .and_then(|id| page.plan.immediate_actions.iter().find(|known| known.id == *id))
        {
            page.entry(1, ("以此项处置履行", "Met by"), page.text(&action.title));
        }
        if !clock.after.is_empty() {
            let before = clock.after.iter().filter_map(|id| page.plan.clock(id));
            let titles = page.joined(before.map(|rule| page.text(&rule.title)));
            page.entry(1, ("在此报告之后另行报告", "A further report after"), &titles);
        }
        if let Some(span) = clock.no_later_than {
            let span = page.span(span);
            page.entry(
                1,
                ("最迟", "At the latest"),
                &match page.lang {
                    Lang::Zh => format!("知悉后 {span}（此后才启动的除外）"),
                    Lang::En => format!("{span} after awareness, unless it starts only after that"),
                },
            );
        }
        if clock.repeats {
            page.item(
                1,
                page.say(
                    "履行后重新起算，直至不再适用",
                    "owed again each time it is met, as long as it applies",
                ),
            );
        }
        for step in &clock.escalate {
            let percent = step.at_percent;
            page.entry(
                1,
                (&format!("{percent}% 时提醒"), &format!("Told at {percent}%")),
                page.role(&step.to),
            );
        }
        if !clock.extendable_by.is_empty() {
            page.entry(
                1,
                ("可说明理由延期", "May be extended with a reason by"),
                &page.any_role(&clock.extendable_by),
            );
        }
    }
}

/// By when: the span, and what it counts from.
pub(super) fn limit(page: &Page<'_>, clock: &ClockRule) -> String {
    match page.lang {
        Lang::Zh => format!("自{}起，{}", starts(page, clock.starts), page.within(clock)),
        Lang::En => format!("{}, from {}", page.within(clock), starts(page, clock.starts)),
    }
}

/// Whoever an order was given to answers it.
fn answer(page: &Page<'_>, clock: &ClockRule) -> String {
    let order = clock.about.as_ref().and_then(|about| page.plan.order(about));
    let order = order.map_or("", |order| page.text(&order.title));
    let done = clock.met_by == ClockMeets::OrderAnswered;
    match (page.lang, done) {
        (Lang::Zh, false) => format!("接到“{order}”者须确认接收"),
        (Lang::Zh, true) => format!("接到“{order}”者须报告办理结果"),
        (Lang::En, false) => format!("whoever is given “{order}” must acknowledge it"),
        (Lang::En, true) => format!("whoever is given “{order}” must report the result"),
    }
}

/// Who owes what to whom: `A, B each report orally to each of C, D`.
pub(super) fn duty(page: &Page<'_>, clock: &ClockRule) -> String {
    let (zh, en, to) = match (clock.met_by, clock.form) {
        (ClockMeets::Report, None) => ("报告", "report", "to"),
        (ClockMeets::Report, Some(Form::Oral)) => ("口头报告", "report orally", "to"),
        (ClockMeets::Report, Some(Form::Written)) => ("书面报告", "report in writing", "to"),
        (ClockMeets::ImmediateAction, _) => ("实施即时处置", "take immediate action", "for"),
        (ClockMeets::ResponseRequested, _) => ("报请启动响应", "request the response", "from"),
        (ClockMeets::Review, _) => ("完成调查与评估", "complete the review", "for"),
        (ClockMeets::Filing, _) => ("备案", "file the closing package", "with"),
        (ClockMeets::ResponseStarted, _) => ("启动响应", "start the response", "for"),
        (ClockMeets::OrderAcknowledged | ClockMeets::OrderAnswered, _) => return answer(page, clock),
        (ClockMeets::StepDone, _) => return playbooks::duty(page, clock),
    };
    let of = page.roles(&clock.of);
    let several = clock.of.len() > 1;
    let each_to = clock.to.len() > 1 && !clock.any_addressee;
    let addressees = if clock.any_addressee { page.any_role(&clock.to) } else { page.roles(&clock.to) };
    match page.lang {
        Lang::Zh => {
            let each = if several { "均须" } else { "" };
            let towards = match (clock.to.is_empty(), each_to) {
                (true, _) => String::new(),
                (false, true) => format!("分别向{addressees}"),
                (false, false) => format!("向{addressees}"),
            };
            format!("{of}{each}{towards}{zh}")
        }
        Lang::En => {
            let each = if several { "must each" } else { "must" };
            let towards = match (clock.to.is_empty(), each_to) {
                (true, _) => String::new(),
                (false, true) => format!(" {to} each of {addressees}"),
                (false, false) => format!(" {to} {addressees}"),
            };
            format!("{of} {each} {en}{towards}")
        }
    }
}

fn starts<'s>(page: &Page<'_>, starts: ClockStart) -> &'s str {
    let (zh, en) = match starts {
        ClockStart::BodyBecameAware => ("该机构获知事件", "that body becoming aware of the event"),
        ClockStart::LevelConfirmed => ("等级确定", "the level being confirmed"),
        ClockStart::ResponseEnded => ("响应结束", "the end of the response"),
        ClockStart::LevelJudged => ("等级判断（含初判）", "the level being judged, be it provisionally"),
        ClockStart::ResponseStarted => ("响应启动", "the start of the response"),
        ClockStart::ReviewCompleted => ("调查与评估完成", "the review being completed"),
        ClockStart::ReportMade => ("前一报告提交", "the report before it being made"),
        ClockStart::OrderGiven => ("下达指令", "the order being given"),
        ClockStart::PlaybookStarted => ("发现", "the discovery"),
        ClockStart::StepReady => ("该步骤可以办理", "the step becoming possible"),
        ClockStart::Occurred => (
            "事件发生（未知的自该机构获知）",
            "the event happening or, while that is not known, that body becoming aware",
        ),
        ClockStart::PlaybookBegun => ("启动规程", "the start of the playbook"),
    };
    page.say(zh, en)
}
