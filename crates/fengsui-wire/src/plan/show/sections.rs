//! The sections of the document, in the order of the work: what, who, how grave, by when, how it ends.

use std::collections::BTreeSet;

use fengsui_domain::expr::Expr;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{
    Choice, Fact, FactKind, Intake, Lang, Named, PublicationRule, Relation, ResponseRule, Right, Triage,
};
use jiff::civil::Date;

use super::chains::{disposal, orders};
use super::clocks::clocks;
use super::{Page, playbooks, standing, warnings};

/// Writes the whole document.
pub(super) fn write(page: &mut Page<'_>) {
    header(page);
    categories(page);
    roles(page);
    facts(page);
    grading(page);
    intake(page);
    clocks(page);
    responses(page);
    disposal(page);
    orders(page);
    playbooks::section(page);
    closing(page);
    publications(page);
    standing::section(page);
    warnings::section(page);
    evidence(page);
    beside(page);
    settlements(page);
    unverified(page);
    clauses(page);
}

fn header(page: &mut Page<'_>) {
    let plan = page.plan;
    page.heading(1, page.text(&plan.title));
    page.entry(0, ("编号", "Id"), plan.id.as_str());
    page.entry(0, ("文号", "Document"), &plan.document);
    page.entry(0, ("印发机关", "Issued by"), page.text(&plan.issuer));
    if let Some(notice) = &plan.notice {
        if let Some(by) = &notice.approved_by {
            page.entry(0, ("同意机关", "Agreed to by"), page.text(by));
        }
        let issued = format!("{} {}", notice.issued, page.clause(&notice.clause));
        page.entry(0, ("印发", "Issued"), &issued);
        if let Some(day) = notice.published {
            page.entry(0, ("公布", "Made public"), &day.to_string());
        }
        if let Some(to) = &notice.addressees {
            page.entry(0, ("主送", "Addressed to"), page.text(to));
        }
    }
    if !plan.aims.is_empty() {
        page.item(0, page.say("目的与原则", "Aims and principles"));
        page.named(1, &plan.aims);
    }
    if !plan.basis.is_empty() {
        page.item(0, page.say("编制依据", "Rests on"));
        page.named(1, &plan.basis);
    }
    let from = plan.in_force_from.to_string();
    let days = match (plan.in_force_until, page.lang) {
        (None, Lang::Zh) => format!("自 {from} 起"),
        (None, Lang::En) => format!("from {from}"),
        (Some(until), Lang::Zh) => format!("{from} 至 {until}"),
        (Some(until), Lang::En) => format!("{from} to {until}"),
    };
    let clause = plan.in_force_clause.as_ref();
    let days = clause.map_or(days.clone(), |clause| format!("{days} {}", page.clause(clause)));
    page.entry(0, ("施行", "In force"), &days);
    if let Some(cycle) = &plan.evaluation {
        let due = plan.evaluation_due().map_or_else(String::new, |day| day.to_string());
        let (by, clause) = (page.any_role(&cycle.by), page.clause(&cycle.clause));
        let line = match page.lang {
            Lang::Zh => format!("每{}个月，由{by}进行，下次应在 {due} 前完成 {clause}", cycle.every_months),
            Lang::En => format!("every {} months, by {by}, next before {due} {clause}", cycle.every_months),
        };
        page.entry(0, ("预案评估", "Evaluated"), &line);
    }
    if let Some(interpreted) = &plan.interpreted_by {
        let line = format!("{} {}", page.text(&interpreted.by), page.clause(&interpreted.clause));
        page.entry(0, ("解释", "Interpreted by"), &line);
    }
    page.entry(0, ("时区", "Time zone"), &plan.zone);
    for (year, days) in &plan.holidays.years {
        let (off, worked) = (ranges(&days.off), ranges(&days.worked));
        let worked = if worked.is_empty() {
            String::new()
        } else {
            format!("{}{worked}", page.say("；上班：", "; worked: "))
        };
        let line = match page.lang {
            Lang::Zh => format!("{year} 年：{off}{worked}（{}）", page.text(&days.source)),
            Lang::En => format!("{year}: {off}{worked} ({})", page.text(&days.source)),
        };
        page.entry(0, ("节假日", "Days off"), &line);
    }
}

/// Days as ranges: `2026-01-01 to 2026-01-03, 2026-05-01`.
fn ranges(days: &BTreeSet<Date>) -> String {
    let mut ranges: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match ranges.last_mut() {
            Some((_, last)) if last.tomorrow().ok() == Some(*day) => *last = *day,
            _ => ranges.push((*day, *day)),
        }
    }
    let text = |(first, last): &(Date, Date)| {
        if first == last { first.to_string() } else { format!("{first} – {last}") }
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn categories(page: &mut Page<'_>) {
    page.section("事件分类", "Categories");
    let plan = page.plan;
    if let Some(clause) = &plan.taxonomy {
        let line = format!("{} {}", page.say("分类依据", "How incidents are classed"), page.clause(clause));
        page.item(0, &line);
    }
    for (_, category) in plan.classes() {
        let line = format!("**{}** {}", page.text(&category.title), page.clause(&category.clause));
        page.item(0, &line);
        page.item(1, page.text(&category.describes));
        if let Some(parent) = category.parent.as_ref().and_then(|parent| plan.categories.get(parent)) {
            page.entry(1, ("上级类别", "Part of"), page.text(&parent.title));
        }
        if let Some(routed) = &category.routed_to {
            let line = format!("{} {}", page.text(&routed.to), page.clause(&routed.clause));
            page.entry(
                1,
                (
                    "适用另一预案，本预案只作记录和移交",
                    "Another plan applies; here it is recorded and handed over",
                ),
                &line,
            );
        }
        if !category.maps_to.is_empty() {
            page.entry(1, ("对应", "Maps to"), &category.maps_to.join(", "));
        }
    }
}

fn roles(page: &mut Page<'_>) {
    page.section("组织机构", "Who acts");
    let mut roles: Vec<_> = page.plan.roles.values().collect();
    roles.sort_by(|a, b| a.clause.reading_order(&b.clause));
    for role in roles {
        let temporary = if role.temporary { page.say("（临时）", " (temporary)") } else { "" };
        let line = format!("**{}**{temporary} {}", page.text(&role.title), page.clause(&role.clause));
        page.item(0, &line);
        page.item(1, page.text(&role.duty));
        if let Some(fallback) = &role.fallback {
            page.entry(1, ("未组建或无人时由其履职", "Until formed or manned"), page.role(fallback));
        }
    }
}

fn facts(page: &mut Page<'_>) {
    page.section("需要判断的事实", "Facts to be judged");
    for (_, fact) in page.plan.questions() {
        self::fact(page, fact);
    }
}

/// One question: how to answer it, and whose judgement it is.
pub(super) fn fact(page: &mut Page<'_>, fact: &Fact) {
    let line = format!("**{}** {}", fact.title.get(page.lang), page.clause(&fact.clause));
    page.item(0, &line);
    page.item(1, fact.hint.get(page.lang));
    let answer = match &fact.kind {
        FactKind::Bool if fact.needs_reason => page
            .say("标记（默认为否，标记时须写理由）", "a mark (no until somebody sets it with a reason)")
            .to_owned(),
        FactKind::Bool => page.say("是或否", "yes or no").to_owned(),
        FactKind::Count => page.say("数量", "a count").to_owned(),
        FactKind::OneOf(choices) => {
            let choice = |choice: &Choice| match &choice.clause {
                Some(clause) => format!("{} {}", choice.title.get(page.lang), page.clause(clause)),
                None => choice.title.get(page.lang).to_owned(),
            };
            let choices: Vec<String> = choices.iter().map(choice).collect();
            page.joined(choices.iter().map(String::as_str))
        }
    };
    page.entry(1, ("回答", "Answer"), &answer);
    page.entry(1, ("判断者", "Judged by"), page.role(&fact.judged_by));
}

fn grading(page: &mut Page<'_>) {
    page.section("事件分级", "Levels");
    let plan = page.plan;
    for (level, entry) in &plan.levels {
        let line = format!(
            "**{}** {} {}",
            numeral(page, *level),
            page.text(&entry.title),
            page.clause(&entry.clause)
        );
        page.item(0, &line);
    }
    let who = page.any_role(&plan.grading.confirmed_by);
    let clause = page.clause(&plan.grading.clause);
    let order = match page.lang {
        Lang::Zh => format!("\n自上而下逐条检验，先成立者为建议等级；由{who}确认 {clause}。\n"),
        Lang::En => format!(
            "\nTested from the top; the first rule that holds is proposed. Confirmed by {who} {clause}.\n"
        ),
    };
    page.line(&order);
    for rule in &plan.grading.rules {
        let line = format!(
            "**{}** {} {}",
            numeral(page, rule.level),
            page.text(&rule.says),
            page.clause(&rule.clause)
        );
        page.item(0, &line);
        page.entry(1, ("条件", "When"), &page.words(&rule.when));
        if let Some(judge) = &rule.judge {
            page.entry(1, ("须由人判断", "A person must look"), page.text(judge));
        }
    }
}

fn intake(page: &mut Page<'_>) {
    let plan = page.plan;
    let says_nothing = (&plan.intake, &plan.triage) == (&Intake::default(), &Triage::default());
    if says_nothing && plan.immediate_actions.is_empty() {
        return;
    }
    page.section("接报与研判", "Intake and triage");
    named_items(page, ("信息来源", "Sources"), &plan.intake.sources);
    named_items(page, ("记录与了解", "To be recorded"), &plan.intake.points);
    triage(page);
    named_items(page, ("事件分析", "Analysis"), &plan.triage.analysis);
    let at_once = ("可立即采取、无需批准的处置", "Actions allowed at once, without approval");
    named_items(page, at_once, &plan.immediate_actions);
}

/// A list under its heading, if it has items.
fn named_items<'p>(page: &mut Page<'p>, (zh, en): (&str, &str), items: &'p [Named]) {
    if !items.is_empty() {
        page.item(0, page.say(zh, en));
        page.named(1, items);
    }
}

fn triage(page: &mut Page<'_>) {
    let triage = &page.plan.triage;
    let judged = page.say("确认与判断", "Judgement");
    match &triage.clause {
        Some(clause) => page.item(0, &format!("{judged} {}", page.clause(clause))),
        None if triage.incident.is_some() => page.item(0, judged),
        None => {}
    }
    for (zh, en, clause) in [
        ("先看是否属于本预案适用范围", "first: whether it is within the scope of the plan", &triage.scope),
        ("安全事件：验证后进入分析", "security event: verified, then analysed", &triage.incident),
        (
            "误报：由值班人员记录处理",
            "false alarm: recorded and dealt with by the duty officer",
            &triage.false_positive,
        ),
        (
            "无关：记录并转交主管机构",
            "unrelated: recorded and handed to the competent body",
            &triage.not_ours,
        ),
    ] {
        if let Some(clause) = clause {
            let line = format!("{} {}", page.say(zh, en), page.clause(clause));
            page.item(1, &line);
        }
    }
}

fn responses(page: &mut Page<'_>) {
    page.section("应急响应", "Responses");
    for response in &page.plan.responses {
        let line = format!(
            "**{}** {} {}",
            numeral(page, response.level),
            page.text(&response.title),
            page.clause(&response.clause)
        );
        page.item(0, &line);
        if let Some(delegated) = &response.delegated {
            page.entry(1, ("由其他预案规定", "Left to other plans"), page.text(delegated));
        }
        rights(page, response);
        let (zh, en) = if response.end_when.all {
            ("结束条件（须全部具备）", "It may end when all of these hold")
        } else {
            ("结束条件（具备其一）", "It may end when any of these holds")
        };
        page.item(1, page.say(zh, en));
        for condition in &response.end_when.conditions {
            let derived = if condition.needs_derived_closed {
                page.say("（衍生事件未结束时不成立）", " (not while a derived incident is open)")
            } else {
                ""
            };
            let line = format!("{}{derived} {}", page.text(&condition.title), page.clause(&condition.clause));
            page.item(2, &line);
        }
    }
}

fn rights(page: &mut Page<'_>, response: &ResponseRule) {
    for (zh, en, right) in [
        ("启动", "Start", &response.start),
        ("调整", "Adjust", &response.adjust),
        ("结束", "End", &response.end),
    ] {
        let line = right_text(page, right);
        page.entry(1, (zh, en), &line);
    }
    if response.two_person {
        page.item(1, page.say("建议与决定须为两人", "proposal and decision by two different persons"));
    }
    if let Some(rule) = &response.headquarters {
        let words = if rule.always {
            page.say("启动即成立指挥部", "the start forms a headquarters")
        } else {
            page.say("必要时组建指挥部", "a headquarters is formed when necessary")
        };
        let line = format!("{words} {}", page.clause(&rule.clause));
        page.item(1, &line);
    }
}

fn right_text(page: &Page<'_>, right: &Right) -> String {
    let decide = page.any_role(&right.decide);
    let propose = page.any_role(&right.propose);
    let clause = page.clause(&right.clause);
    let alone = right.without_proposal && !right.propose.is_empty();
    let told = match (right.notify.is_empty(), page.lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("，报{}", page.roles(&right.notify)),
        (false, Lang::En) => format!("; {} is told", page.roles(&right.notify)),
    };
    match (page.lang, right.propose.is_empty()) {
        (Lang::Zh, true) => format!("{decide}决定{told} {clause}"),
        (Lang::En, true) => format!("{decide} decides{told} {clause}"),
        (Lang::Zh, false) => {
            let alone = if alone { "（也可直接决定）" } else { "" };
            format!("{propose}建议，{decide}决定{alone}{told} {clause}")
        }
        (Lang::En, false) => {
            let alone = if alone { " (also without a proposal)" } else { "" };
            format!("{propose} proposes, {decide} decides{alone}{told} {clause}")
        }
    }
}

fn closing(page: &mut Page<'_>) {
    let review = &page.plan.review;
    match &page.plan.filing {
        Some(_) => page.section("调查评估与备案", "Review and filing"),
        None => page.section("调查评估", "Review"),
    }
    for lead in &review.leads {
        let who = format!("{} {}", page.any_role(&lead.by), page.clause(&lead.clause));
        let line = match (&lead.when, page.lang) {
            (Expr::Const(true), _) => who,
            (when, Lang::Zh) => format!("{}时，{who}", page.words(when)),
            (when, Lang::En) => format!("{who}, when {}", page.words(when)),
        };
        page.entry(0, ("调查与评估，牵头", "Review, led by"), &line);
    }
    if review.leads.iter().all(|lead| lead.clause != review.clause) {
        let line = format!("{} {}", page.say("内容", "Contents"), page.clause(&review.clause));
        page.item(0, &line);
    }
    page.named(1, &review.topics);
    if let Some(clause) = &review.plan_change {
        let words = page.say("预案本身是否需要修改", "whether the plan itself must change");
        let line = format!("{words} {}", page.clause(clause));
        page.item(1, &line);
    }
    let Some(filing) = &page.plan.filing else { return };
    let to = if filing.to_each { page.roles(&filing.to) } else { page.any_role(&filing.to) };
    let (by, clause) = (page.any_role(&filing.by), page.clause(&filing.clause));
    let line = match (page.lang, filing.to_each) {
        (Lang::Zh, false) => format!("{by}向{to}备案，由其出具回执 {clause}"),
        (Lang::En, false) => format!("{by} files with {to}, who gives the receipt {clause}"),
        (Lang::Zh, true) => format!("{by}分别向以下各方备案：{to}，每一方都须出具回执 {clause}"),
        (Lang::En, true) => format!("{by} files with each of these, and each gives a receipt: {to} {clause}"),
    };
    page.entry(0, ("备案", "Filing"), &line);
}

fn publications(page: &mut Page<'_>) {
    if page.plan.publications.is_empty() {
        return;
    }
    page.section("信息发布", "Publication");
    for rule in &page.plan.publications {
        let line = format!("**{}** {}", page.text(&rule.title), page.clause(&rule.clause));
        page.item(0, &line);
        page.entry(1, ("适用", "When"), &page.words(&rule.when));
        page.entry(1, ("对象", "Audience"), page.text(&rule.audience));
        let chain = chain(page, rule);
        page.entry(1, ("程序", "Chain"), &chain);
    }
}

fn chain(page: &Page<'_>, rule: &PublicationRule) -> String {
    let step = |zh: &str, en: &str, roles| match page.lang {
        Lang::Zh => format!("{}{zh}", page.any_role(roles)),
        Lang::En => format!("{} {en}", page.any_role(roles)),
    };
    let mut steps = vec![step("拟稿", "drafts", &rule.draft)];
    if !rule.approve.is_empty() {
        steps.push(step("核定", "approves", &rule.approve));
    }
    steps.push(step("发布", "releases", &rule.release));
    steps.join(" → ")
}

/// Duties of organisations; what is kept is named by its word, which the API uses too.
fn evidence(page: &mut Page<'_>) {
    if page.plan.evidence.is_empty() {
        return;
    }
    page.section("组织职责的留存记录", "Duties of organisations whose proof is kept");
    for proof in &page.plan.evidence {
        let kept = page.text(proof.keeps.title());
        let line = format!("{kept} (`{}`) {}", proof.keeps.route(), page.clause(&proof.clause));
        page.item(0, &line);
    }
}

/// The plans it runs beside, and what is the same in both.
fn beside(page: &mut Page<'_>) {
    if page.plan.beside.is_empty() {
        return;
    }
    page.section("与其他预案同时适用", "Beside other plans");
    for (id, beside) in &page.plan.beside {
        let relation = match beside.relation {
            Relation::Parent => page.say("上级预案", "plan of the authority above"),
            Relation::Overlap => page.say("同时适用", "both govern some incidents"),
        };
        let line = format!("**{id}**: {relation} {}", page.clause(&beside.clause));
        page.item(0, &line);
        let same =
            |own: &str, other: &str| if own == other { own.to_owned() } else { format!("{own} = {other}") };
        let bodies: Vec<_> = beside.bodies.iter().map(|(own, to)| same(own.as_str(), to.as_str())).collect();
        let facts: Vec<_> = beside.facts.iter().map(|(own, to)| same(own.as_str(), to.as_str())).collect();
        if !bodies.is_empty() {
            page.entry(1, ("相同机构", "Same bodies"), &bodies.join(", "));
        }
        if !facts.is_empty() {
            page.entry(1, ("相同情况", "Same questions"), &facts.join(", "));
        }
    }
}

pub(super) fn settlements(page: &mut Page<'_>) {
    if page.plan.defaults.is_empty() {
        return;
    }
    page.section("原文未定、由我方处理的问题", "What the document leaves open, and our settlement");
    for (at, settlement) in page.plan.defaults.iter().enumerate() {
        let number = |clause| format!("{}{}", page.number(clause), page.open(clause));
        let numbers: Vec<String> = settlement.clauses.iter().map(number).collect();
        page.item(0, &format!("**D{}** {} [{}]", at + 1, settlement.id, numbers.join(", ")));
        page.entry(1, ("问题", "Open"), page.text(&settlement.question));
        let ours = page.text(&settlement.answer);
        match &settlement.chosen {
            None => page.entry(1, ("处理", "Ours"), ours),
            Some(chosen) => {
                let holds = format!("{} ({chosen})", page.text(settlement.holds()));
                page.entry(1, ("选定", "Chosen"), &holds);
                page.entry(1, ("默认", "Ours, not chosen"), ours);
            }
        }
        let others =
            settlement.options.iter().filter(|option| Some(&option.id) != settlement.chosen.as_ref());
        for option in others {
            let line = format!("{} ({})", page.text(&option.answer), option.id);
            page.entry(1, ("可改为", "May be chosen"), &line);
        }
    }
}

/// What was not checked against the official text; nothing if all of it was.
pub(super) fn unverified(page: &mut Page<'_>) {
    if page.unverified.is_empty() {
        return;
    }
    page.section("未经官方文本核对", "Not checked against the official text");
    for (at, (clauses, open)) in page.unverified.clone().into_iter().enumerate() {
        let numbers: Vec<String> = clauses.iter().map(|clause| page.number(clause)).collect();
        page.item(0, &format!("**U{}** [{}] {}", at + 1, numbers.join(", "), page.text(open)));
    }
}

fn clauses(page: &mut Page<'_>) {
    if page.plan.clauses.is_empty() {
        return;
    }
    page.section("所依据的条款", "Clauses this pack rests on");
    let mut clauses: Vec<_> = page.plan.clauses.iter().collect();
    clauses.sort_by(|(a, _), (b, _)| a.reading_order(b));
    for (clause, title) in clauses {
        let line = format!("{} {}", clause.number(), page.text(title));
        page.item(0, &line);
    }
}

pub(super) fn numeral(page: &Page<'_>, level: IncidentLevel) -> &'static str {
    match page.lang {
        Lang::Zh => level.as_zh(),
        Lang::En => level.as_str(),
    }
}
