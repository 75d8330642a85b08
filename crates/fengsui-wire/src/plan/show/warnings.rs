//! Warnings as the plan has them: colours, who issues them, what they state and oblige to.

use fengsui_domain::plan::{
    Approval, Change, ChangedBy, ColourRules, Edition, IssuingRight, Lang, Measure, MeasureKind, ReceiptFrom,
    ReceiptRule, Warnings, Within,
};
use fengsui_domain::warning::{Act, Reach, Stage, WarningColour};

use super::{Page, sections};

/// Writes the section, if the plan has one.
pub(super) fn section(page: &mut Page<'_>) {
    let Some(warnings) = &page.plan.warnings else { return };
    page.section("预警", "Warnings");
    let scale = format!("{} {}", page.say("预警分级", "Scale of colours"), page.clause(&warnings.clause));
    page.item(0, &scale);
    for (colour, known) in &warnings.colours {
        let level = sections::numeral(page, known.level);
        let title = page.text(&known.title);
        let stands = match page.lang {
            Lang::Zh => format!("对应{level}事件"),
            Lang::En => format!("stands for an incident of level {level}"),
        };
        let line = format!("**{title}** (`{colour}`) {stands} {}", page.clause(&known.clause));
        page.item(1, &line);
    }
    grading(page, warnings);
    heading(page, "由谁发布", "Who issues");
    rights(page, warnings);
    changes(page, warnings);
    heading(page, "预警信息", "What a warning states");
    form(page, warnings);
    heading(page, "对象与渠道", "For whom, and how it reaches them");
    warnings.editions.iter().for_each(|edition| self::edition(page, edition));
    if !warnings.receipts.is_empty() {
        heading(page, "确认", "Receipts");
        warnings.receipts.iter().for_each(|rule| receipt(page, rule));
    }
    measures(page, warnings);
    periods(page, warnings);
}

fn heading(page: &mut Page<'_>, zh: &str, en: &str) {
    let text = page.say(zh, en).to_owned();
    page.heading(3, &text);
}

fn grading(page: &mut Page<'_>, warnings: &Warnings) {
    heading(page, "预警研判", "How a colour is proposed");
    let grading = &warnings.grading;
    let who = format!("{} {}", page.any_role(&grading.confirmed_by), page.clause(&grading.clause));
    page.entry(0, ("研判和确定", "Assessed and decided by"), &who);
    for (_, fact) in warnings.questions() {
        sections::fact(page, fact);
    }
    let ColourRules::Own(rules) = &grading.rules else {
        let says = page.say(
            "按已经发生或可能发生的事件的等级：以预计的情况回答事件分级的问题",
            "By the level of the incident that happened or may happen: the questions on levels are answered for what is expected",
        );
        page.item(0, says);
        return;
    };
    let says = page.say(
        "自上而下逐条检验，先成立者为建议的颜色",
        "Tested from the top; the first rule that holds is proposed",
    );
    page.item(0, says);
    for rule in rules {
        let line = format!(
            "**{}** {} {}",
            page.colour(rule.level),
            rule.says.get(page.lang),
            page.clause(&rule.clause)
        );
        page.item(1, &line);
        page.entry(2, ("条件", "When"), &page.words(&rule.when));
        if let Some(judge) = &rule.judge {
            page.entry(2, ("须由人判断", "A person must look"), judge.get(page.lang));
        }
    }
}

fn rights(page: &mut Page<'_>, warnings: &Warnings) {
    for right in &warnings.rights {
        let line = format!(
            "**{}**{} {}",
            right.title.get(page.lang),
            page.ours(right.is_default),
            page.clause(&right.clause)
        );
        page.item(0, &line);
        page.entry(1, ("发布", "Issued by"), &page.any_role(&right.by));
        let colours = covered(page, right);
        page.entry(1, ("颜色", "Colours"), &colours);
        page.entry(1, ("范围", "Reach"), &page.reaches(&right.reach));
        if let Some(approval) = right.named_by.as_ref().and_then(|id| warnings.approval(id)) {
            let by = page.any_role(&approval.by);
            let says = match page.lang {
                Lang::Zh => format!("只限{by}的决定所指明者"),
                Lang::En => format!("only the body that the decision of {by} names"),
            };
            page.item(1, &says);
        }
    }
    for approval in &warnings.approvals {
        self::approval(page, approval);
    }
    if let Some(rule) = &warnings.two_person {
        let colours = page.colours(&rule.colours);
        let says = match page.lang {
            Lang::Zh => format!("{colours}：一人拟稿，另一人发布"),
            Lang::En => format!("{colours}: drafted by one person, issued by another"),
        };
        let line = format!("{says}{} {}", page.ours(rule.is_default), page.clause(&rule.clause));
        page.item(0, &line);
    }
}

fn covered(page: &Page<'_>, right: &IssuingRight) -> String {
    let colours: Vec<WarningColour> =
        WarningColour::ALL.iter().copied().filter(|colour| right.covers(*colour)).collect();
    page.colours(&colours)
}

fn approval(page: &mut Page<'_>, approval: &Approval) {
    let line = format!("**{}** {}", approval.title.get(page.lang), page.clause(&approval.clause));
    page.item(0, &line);
    page.entry(1, ("决定", "Decided by"), &page.any_role(&approval.by));
    if !approval.colours.is_empty() {
        page.entry(1, ("颜色", "Colours"), &page.colours(&approval.colours));
    }
    for mark in &approval.marks {
        page.entry(1, ("或标记", "Or marked"), page.plan.fact_title(mark).get(page.lang));
    }
}

/// Who updates, adjusts and lifts a warning.
pub(super) fn changes(page: &mut Page<'_>, warnings: &Warnings) {
    for act in [Act::Update, Act::Adjust, Act::Lift] {
        let Some(change) = warnings.changes.of(act) else { continue };
        let line = changed(page, change);
        let title = match act {
            Act::Issue | Act::Update => ("更新", "Updated by"),
            Act::Adjust => ("调整", "Adjusted by"),
            Act::Lift => ("解除", "Lifted by"),
        };
        page.entry(0, title, &line);
    }
}

fn changed(page: &Page<'_>, change: &Change) -> String {
    let who = match &change.by {
        ChangedBy::Issuer => page.say("由发布者", "whoever issued it").to_owned(),
        ChangedBy::Bodies(bodies) => page.any_role(bodies),
    };
    let told = change.within.map_or_else(String::new, |within| {
        let within = page.limit(within);
        match page.lang {
            Lang::Zh => format!("，{within}告知接到预警者"),
            Lang::En => format!("; everybody who had it is told {within}"),
        }
    });
    format!("{who}{told}{} {}", page.ours(change.is_default), page.clause(&change.clause))
}

/// What a warning states.
pub(super) fn form(page: &mut Page<'_>, warnings: &Warnings) {
    let form = &warnings.form;
    for field in &form.fields {
        let optional = if field.optional { page.say("（可省略）", " (may be left out)") } else { "" };
        let line = format!("{}{optional} {}", field.title.get(page.lang), page.clause(&field.clause));
        page.item(0, &line);
    }
    let limits = if form.measures_have_limits {
        page.say("每项措施须有时限", "each measure has a time limit")
    } else {
        page.say("措施可以有时限", "a measure may have a time limit")
    };
    let more = if form.open { page.say("，可增加内容", "; further fields may be added") } else { "" };
    let line = format!("{limits}{more} {}", page.clause(&form.clause));
    page.item(0, &line);
}

/// One edition with its channels.
pub(super) fn edition(page: &mut Page<'_>, edition: &Edition) {
    let line = format!("**{}** {}", edition.audience.get(page.lang), page.clause(&edition.clause));
    page.item(0, &line);
    let acts = page.acts(&edition.acts);
    page.entry(1, ("告知", "Told of"), &acts);
    for channel in &edition.channels {
        let line = format!("{} {}", channel.title.get(page.lang), page.clause(&channel.clause));
        page.item(1, &line);
    }
}

fn receipt(page: &mut Page<'_>, rule: &ReceiptRule) {
    let title = rule.title.get(page.lang);
    let line = format!("**{title}**{} {}", page.our_figure(rule.is_default), page.clause(&rule.clause));
    page.item(0, &line);
    page.entry(1, ("由谁", "From"), &page.receivers(&rule.from));
    page.entry(1, ("对", "For"), &page.acts(&rule.acts));
    for (colour, span) in &rule.within {
        let limit = page.limit(Within::Span(*span));
        let name = page.colour(*colour);
        page.entry(1, (&name, &name), &limit);
    }
}

fn measures(page: &mut Page<'_>, warnings: &Warnings) {
    let before = [Stage::Always, Stage::Information, Stage::Judged];
    if warnings.measures.iter().any(|measure| before.contains(&measure.stage)) {
        heading(page, "预警之前", "Before a warning");
        for stage in before {
            let of_stage = warnings.measures.iter().filter(|measure| measure.stage == stage);
            of_stage.for_each(|measure| self::measure(page, measure, 0));
        }
    }
    heading(page, "预警响应", "What a warning obliges to");
    for colour in warnings.colours.keys() {
        let under = |measure: &&Measure| measure.stage == Stage::Issued && measure.colours.contains(colour);
        if warnings.measures.iter().any(|measure| under(&measure)) {
            page.item(0, &format!("**{}**", page.colour(*colour)));
        }
        warnings.measures.iter().filter(under).for_each(|measure| self::measure(page, measure, 1));
    }
    own_measures(page, warnings);
}

/// Where a plan leaves the measures to each warning.
pub(super) fn own_measures(page: &mut Page<'_>, warnings: &Warnings) {
    let Some(clause) = &warnings.own_measures else { return };
    let says = page.say(
        "预案没有按颜色规定措施，以每次预警所写的措施为准",
        "The plan names no measures by colour; each warning says its own",
    );
    let line = format!("{says} {}", page.clause(clause));
    page.item(0, &line);
}

/// One measure: what, by whom, to whom, by when.
pub(super) fn measure(page: &mut Page<'_>, measure: &Measure, depth: usize) {
    let title = measure.title.get(page.lang);
    let line = format!("**{title}**{} {}", page.our_figure(measure.is_default), page.clause(&measure.clause));
    page.item(depth, &line);
    let mut parts = vec![page.roles(&measure.of)];
    if !measure.to.is_empty() {
        let to = page.roles(&measure.to);
        parts.push(match page.lang {
            Lang::Zh => format!("向{to}"),
            Lang::En => format!("to {to}"),
        });
    }
    if measure.stage != Stage::Issued && !measure.colours.is_empty() {
        parts.push(page.colours(&measure.colours));
    }
    parts.extend(kind(page, &measure.kind, measure.stage));
    page.item(depth + 1, &parts.join(" · "));
}

/// How something is owed, and within what time.
pub(super) fn kind(page: &Page<'_>, kind: &MeasureKind, stage: Stage) -> Option<String> {
    let from = match stage {
        Stage::Always => "",
        Stage::Information => page.say("（自信息到来起）", ", from the information"),
        Stage::Judged => page.say("（自研判起）", ", from the judgement"),
        Stage::Issued => page.say("（自发布起）", ", from the issue"),
    };
    let limit = |within: &Option<Within>| within.map(|within| format!("{}{from}", page.limit(within)));
    match kind {
        MeasureKind::Once(within) => limit(within),
        MeasureKind::Standing(within) => {
            let kept = match stage {
                Stage::Always => page.say("始终保持", "at all times"),
                _ => page.say("保持到解除或期满", "kept up until it is lifted or the period ends"),
            };
            let between = page.say("，", ", ");
            Some(limit(within).map_or_else(|| kept.to_owned(), |limit| format!("{limit}{between}{kept}")))
        }
        MeasureKind::Every(span) => {
            let span = page.span(*span);
            Some(match page.lang {
                Lang::Zh => format!("每 {span}一次{from}"),
                Lang::En => format!("every {span}{from}"),
            })
        }
        MeasureKind::AsItComes(within) => {
            let comes = page.say("随时", "as it comes");
            let within = within.map(|within| page.limit(within));
            let between = page.say("，", ", ");
            Some(within.map_or_else(|| comes.to_owned(), |within| format!("{comes}{between}{within}")))
        }
    }
}

fn periods(page: &mut Page<'_>, warnings: &Warnings) {
    for period in &warnings.periods {
        let heading = format!("{} {}", period.title.get(page.lang), page.clause(&period.clause));
        page.heading(3, &heading);
        let own = warnings.measures.iter().filter(|measure| measure.periods.contains(&period.id));
        own.for_each(|measure| self::measure(page, measure, 0));
        let Some(order) = &period.order else { continue };
        let (by, to, colour) = (page.any_role(&order.by), page.roles(&order.to), page.colour(order.colour));
        let says = match page.lang {
            Lang::Zh => format!("{by}可要求{to}采取{colour}预警的措施，不必发布预警"),
            Lang::En => format!("{by} may order the measures of {colour} from {to}, without a warning"),
        };
        let line = format!("{says}{} {}", page.ours(order.is_default), page.clause(&order.clause));
        page.item(0, &line);
        let ends = if order.lifted_by_orderer {
            page.say(
                "由要求者解除，否则期满即止",
                "lifted by whoever ordered it; otherwise it ends with the period",
            )
        } else {
            page.say("期满即止", "ends with the period")
        };
        page.item(1, ends);
    }
}

impl Page<'_> {
    /// `（我方所定）` where the pack and not the document says so.
    pub(super) fn ours(&self, is_default: bool) -> &'static str {
        match (is_default, self.lang) {
            (false, _) => "",
            (true, Lang::Zh) => "（我方所定）",
            (true, Lang::En) => " (ours)",
        }
    }

    /// `（我方数值）` where the document gives no figure.
    pub(super) fn our_figure(&self, is_default: bool) -> &'static str {
        match (is_default, self.lang) {
            (false, _) => "",
            (true, Lang::Zh) => "（我方数值）",
            (true, Lang::En) => " (our figure)",
        }
    }

    /// The plan's own name of a colour.
    pub(super) fn colour(&self, colour: WarningColour) -> String {
        let known = self.plan.warnings.as_ref().and_then(|warnings| warnings.colours.get(&colour));
        known.map_or_else(|| colour.title(), |known| known.title.clone()).get(self.lang).to_owned()
    }

    pub(super) fn colours(&self, colours: &[WarningColour]) -> String {
        let names: Vec<String> = colours.iter().map(|colour| self.colour(*colour)).collect();
        self.joined(names.iter().map(String::as_str))
    }

    pub(super) fn reaches(&self, reaches: &[Reach]) -> String {
        let names: Vec<_> = reaches.iter().map(|reach| reach.title()).collect();
        self.joined(names.iter().map(|name| name.get(self.lang)))
    }

    pub(super) fn acts(&self, acts: &[Act]) -> String {
        let names: Vec<_> = acts.iter().map(|act| act.title()).collect();
        self.joined(names.iter().map(|name| name.get(self.lang)))
    }

    /// Who confirms.
    pub(super) fn receivers(&self, from: &[ReceiptFrom]) -> String {
        self.joined(from.iter().map(|from| match from {
            ReceiptFrom::Units => self.say("接到的单位", "each unit told"),
            ReceiptFrom::People => self.say("接到的人员", "each person told"),
        }))
    }
}
