//! What a plan makes of a threat, as a page: the colour and why, who may issue it, what it states and obliges to.

use fengsui_domain::expr::{Atom, Truth};
use fengsui_domain::plan::{ColourRules, Lang, MeasureKind, Plan, Relation, RuleId, Text, Warnings, Within};
use fengsui_domain::warning::{
    Entitled, Gate, Owed, Owing, Refusal, RefusedFor, Ruling, Signal, Stage, Verdict, WarningColour,
};

use super::super::warning::{WarningAsked, WarningFound};
use super::Page;
use super::warnings::{changes, edition, form, kind, measure, own_measures};

/// Writes the page.
pub(super) fn write(page: &mut Page<'_>, warnings: &Warnings, asked: &WarningAsked, found: &WarningFound) {
    page.heading(1, page.text(&page.plan.title));
    colour(page, asked, found);
    // Of a colour that a person decided on, without a word on the threat, nothing is known to tell.
    if asked.colour.is_none() || !asked.answers.is_empty() {
        why(page, warnings, found);
        turns(page, found);
    }
    let Some(colour) = found.signal.colour() else { return };
    issue(page, asked, found, colour);
    changes(page, warnings);
    page.section("预警信息", "What it states");
    form(page, warnings);
    page.section("对象与渠道", "For whom, and how it reaches them");
    warnings.editions.iter().for_each(|known| edition(page, known));
    page.section("预警之前", "Before it is issued");
    let before = warnings.measures.iter().filter(|known| known.stage != Stage::Issued);
    let concerns = before.filter(|known| known.colours.is_empty() || known.colours.contains(&colour));
    concerns.for_each(|known| measure(page, known, 0));
    owed(page, warnings, found);
}

fn colour(page: &mut Page<'_>, asked: &WarningAsked, found: &WarningFound) {
    let Some(colour) = found.signal.colour() else {
        let none = page.say("不提出预警：没有规则成立", "none: no rule can hold");
        page.entry(0, ("颜色", "Colour"), none);
        return;
    };
    let name = page.colour(colour);
    let known = page.plan.warnings.as_ref().and_then(|warnings| warnings.colours.get(&colour));
    let clause = known.map_or_else(String::new, |known| page.clause(&known.clause));
    let how = match (asked.colour, found.proposal.level) {
        (Some(_), _) => page.say("由人决定", "decided by a person"),
        (None, Some(_)) => page.say("按规则建议", "proposed by the rules"),
        (None, None) => {
            page.say("尚有未答问题，仍可能的最高颜色", "the worst still possible; answers are missing")
        }
    };
    let line = match page.lang {
        Lang::Zh => format!("**{name}**（{how}）{clause}"),
        Lang::En => format!("**{name}** ({how}) {clause}"),
    };
    page.entry(0, ("颜色", "Colour"), &line);
    if let Some(proposed) = found.proposal.level.filter(|proposed| *proposed != found.signal) {
        let proposed = signal(page, proposed);
        page.entry(0, ("规则建议", "The rules propose"), &proposed);
    }
    if let Some(judge) = &found.proposal.judge {
        page.entry(0, ("须由人判断", "A person must look"), judge.get(page.lang));
    }
    let open: Vec<String> =
        found.proposal.open.iter().map(|fact| page.plan.fact_title(fact).get(page.lang).to_owned()).collect();
    if asked.colour.is_none() && found.proposal.level.is_none() && !open.is_empty() {
        let open = page.joined(open.iter().map(String::as_str));
        page.entry(0, ("未答问题", "Not answered"), &open);
    }
}

fn why(page: &mut Page<'_>, warnings: &Warnings, found: &WarningFound) {
    page.section("理由", "Why");
    for trail in &found.proposal.trail {
        let says = says(page.plan, warnings, &trail.rule).map_or("", |says| says.get(page.lang));
        let (colour, clause) = (signal(page, trail.level), page.clause(&trail.clause));
        let line = format!("**{colour}** {says} {clause} · {}", truth(page, trail.truth));
        page.item(0, &line);
        for atom in &trail.atoms {
            let line = condition(page, atom);
            page.item(1, &line);
        }
    }
}

/// What a rule says, in a sentence.
fn says<'p>(plan: &'p Plan, warnings: &'p Warnings, rule: &RuleId) -> Option<&'p Text> {
    match &warnings.grading.rules {
        ColourRules::Own(rules) => rules.iter().find(|known| known.id == *rule).map(|known| &known.says),
        ColourRules::ByLevel => plan.grading_rule(rule).map(|known| &known.says),
    }
}

fn condition(page: &Page<'_>, atom: &Atom) -> String {
    let words = page.words(&atom.condition);
    let not = if atom.negated { page.say("（须不成立）", " (must not hold)") } else { "" };
    let fact = atom.condition.fact();
    let answer = fact.zip(atom.value.as_ref()).map(|(fact, value)| page.plan.value_title(fact, value));
    let answer = answer.map_or_else(String::new, |answer| match page.lang {
        Lang::Zh => format!("（回答：{}）", answer.zh),
        Lang::En => format!(" (answer: {})", answer.en),
    });
    format!("{words}{not}{answer} · {}", truth(page, atom.truth))
}

fn truth(page: &Page<'_>, truth: Truth) -> &'static str {
    let (zh, en) = match truth {
        Truth::True => ("成立", "holds"),
        Truth::False => ("不成立", "does not hold"),
        Truth::Unknown => ("尚未确定", "not known yet"),
    };
    if page.lang == Lang::Zh { zh } else { en }
}

fn turns(page: &mut Page<'_>, found: &WarningFound) {
    if found.proposal.turning.is_empty() {
        return;
    }
    page.section("改变一个回答会怎样", "What one other answer would change");
    for turn in &found.proposal.turning {
        let fact = page.plan.fact_title(&turn.fact);
        let value = page.plan.value_title(&turn.fact, &turn.to);
        let then = match turn.level {
            Some(level) => signal(page, level),
            None if turn.highest_plausible == Signal::NoWarning => signal(page, Signal::NoWarning),
            None => {
                let highest = signal(page, turn.highest_plausible);
                match page.lang {
                    Lang::Zh => format!("未定，最高{highest}"),
                    Lang::En => format!("open, at worst {highest}"),
                }
            }
        };
        let line = format!("{} = {} → {then}", fact.get(page.lang), value.get(page.lang));
        page.item(0, &line);
    }
}

fn signal(page: &Page<'_>, signal: Signal) -> String {
    let none = || page.say("不提出预警", "no warning").to_owned();
    signal.colour().map_or_else(none, |colour| page.colour(colour))
}

fn issue(page: &mut Page<'_>, asked: &WarningAsked, found: &WarningFound, colour: WarningColour) {
    page.section("由谁发布", "Who issues");
    let reach = asked.reach.title();
    page.entry(0, ("范围", "Reach"), reach.get(page.lang));
    if let (Some(body), Some(verdict)) = (&asked.by, &found.verdict) {
        let name = page.role(body).to_owned();
        ruling(page, &name, verdict);
    }
    if found.entitled.is_empty() {
        nobody(page);
    }
    for right in &found.entitled {
        entitled(page, right);
    }
    let two = page.plan.warnings.as_ref().and_then(|warnings| warnings.two_person.as_ref());
    if let Some(rule) = two.filter(|rule| rule.colours.contains(&colour)) {
        let says = page.say("一人拟稿，另一人发布", "drafted by one person, issued by another");
        let line = format!("{says}{} {}", page.ours(rule.is_default), page.clause(&rule.clause));
        page.item(0, &line);
    }
}

fn ruling(page: &mut Page<'_>, name: &str, verdict: &Verdict) {
    match &verdict.ruling {
        Ruling::May { clause, .. } => {
            let says = page.say("可以发布", "may issue it");
            let line = format!("**{name}** {says} {}", page.clause(clause));
            page.item(0, &line);
        }
        Ruling::AfterApproval { clause, gates, if_named, .. } => {
            let says = page.say("经下列决定后可以发布", "may issue it after this decision");
            let line = format!("**{name}** {says} {}", page.clause(clause));
            page.item(0, &line);
            gates.iter().for_each(|needed| gate(page, needed, *if_named));
        }
        Ruling::MustNot { refusals } => {
            let says = page.say("不得发布", "must not issue it");
            page.item(0, &format!("**{name}** {says}"));
            if refusals.is_empty() {
                let none = page.say("预案没有给予发布权", "the plan gives it no right to issue");
                page.item(1, none);
            }
            refusals.iter().for_each(|why| refusal(page, why));
        }
    }
}

fn refusal(page: &mut Page<'_>, refusal: &Refusal) {
    let limit = |colour: WarningColour| page.colour(colour);
    let says = match (refusal.because, page.lang) {
        (RefusedFor::TooHigh(colour), Lang::Zh) => format!("颜色超出权限，最高{}", limit(colour)),
        (RefusedFor::TooHigh(colour), Lang::En) => {
            format!("the colour is too high, it goes up to {}", limit(colour))
        }
        (RefusedFor::TooLow(colour), Lang::Zh) => format!("颜色低于所给权限，最低{}", limit(colour)),
        (RefusedFor::TooLow(colour), Lang::En) => {
            format!("the colour is too low, it goes down to {}", limit(colour))
        }
        (RefusedFor::Reach, _) => page.say("范围超出权限", "it does not reach that far").to_owned(),
        (RefusedFor::NotNamed, _) => page
            .say("只在有关决定指明时才有", "it exists only by a decision that is not needed here")
            .to_owned(),
        (RefusedFor::OthersNamed, _) => {
            page.say("由有关决定指明的机构发布", "the body that the decision names issues it").to_owned()
        }
    };
    let line = format!("{says} {}", page.clause(&refusal.clause));
    page.item(1, &line);
}

/// Nobody may under this plan; the plan of the authority above is named if there is one.
fn nobody(page: &mut Page<'_>) {
    let says = page.say(
        "本预案没有机构可以发布这样的预警，应报上级",
        "nobody may issue such a warning under this plan; it goes to the authority above",
    );
    page.item(0, says);
    let parents = page.plan.beside.iter().filter(|(_, beside)| beside.relation == Relation::Parent);
    let parents: Vec<String> =
        parents.map(|(id, beside)| format!("{id} {}", page.clause(&beside.clause))).collect();
    if !parents.is_empty() {
        let parents = parents.join(", ");
        page.entry(1, ("上级预案", "Plan of the authority above"), &parents);
    }
}

fn entitled(page: &mut Page<'_>, right: &Entitled) {
    let who = page.any_role(&right.by);
    let says = match page.lang {
        Lang::Zh => format!("可以发布：{who}"),
        Lang::En => format!("May issue it: {who}"),
    };
    let line = format!("{says}{} {}", page.ours(right.is_default), page.clause(&right.clause));
    page.item(0, &line);
    right.gates.iter().for_each(|needed| gate(page, needed, right.if_named));
}

fn gate(page: &mut Page<'_>, gate: &Gate, if_named: bool) {
    let by = page.any_role(&gate.by);
    let named = if if_named {
        page.say("，由决定指明发布者", "; the decision names who issues")
    } else {
        ""
    };
    let marks: Vec<String> =
        gate.for_marks.iter().map(|mark| page.plan.fact_title(mark).get(page.lang).to_owned()).collect();
    let because = match (gate.for_colour, marks.as_slice()) {
        (_, []) => page.say("因颜色", "because of the colour").to_owned(),
        (colour, marks) => {
            let marks = page.joined(marks.iter().map(String::as_str));
            let colour = if colour { page.say("颜色和", "the colour and ") } else { "" };
            match page.lang {
                Lang::Zh => format!("因{colour}标记“{marks}”"),
                Lang::En => format!("because of {colour}the mark “{marks}”"),
            }
        }
    };
    let line = match page.lang {
        Lang::Zh => format!("须先由{by}决定{named}（{because}）{}", page.clause(&gate.clause)),
        Lang::En => format!("first decided by {by}{named} ({because}) {}", page.clause(&gate.clause)),
    };
    page.item(1, &line);
}

fn owed(page: &mut Page<'_>, warnings: &Warnings, found: &WarningFound) {
    let (receipts, measures): (Vec<&Owed>, Vec<&Owed>) =
        found.owed.iter().partition(|owed| matches!(owed.what, Owing::Receipt { .. }));
    if !receipts.is_empty() {
        page.section("发布之后的确认", "Receipts once it was issued");
    }
    for owed in receipts {
        receipt(page, warnings, owed);
    }
    page.section("发布之后的措施", "Measures once it was issued");
    for owed in measures {
        let Some(rule) = warnings.measures.iter().find(|rule| rule.id == owed.rule) else { continue };
        measure(page, rule, 0);
    }
    own_measures(page, warnings);
}

fn receipt(page: &mut Page<'_>, warnings: &Warnings, owed: &Owed) {
    let Some(rule) = warnings.receipts.iter().find(|rule| rule.id == owed.rule) else { return };
    let title = rule.title.get(page.lang);
    let line = format!("**{title}**{} {}", page.our_figure(rule.is_default), page.clause(&rule.clause));
    page.item(0, &line);
    let Owing::Receipt { from, acts } = &owed.what else { return };
    let mut parts = vec![page.receivers(from), page.acts(acts)];
    if let Some(due) = owed.due {
        let limit = MeasureKind::Once(Some(Within::Span(due.after)));
        parts.extend(kind(page, &limit, Stage::Issued));
    }
    page.item(1, &parts.join(" · "));
}
