//! Warnings: colours that somebody proposes, issues and acts on, and limits that wait for one another.

use std::collections::BTreeSet;

use fengsui_domain::plan::{Clause, ColourRules, Measure, Plan, RuleId, Warnings, Within};
use fengsui_domain::warning::{Signal, Stage, WarningColour, rules_of_colours};
use jiff::SignedDuration;

use super::super::finding::{Code, quoted, say};
use super::super::read::Cx;
use super::{Effort, spot};

pub(super) fn warnings(cx: &mut Cx<'_>, plan: &Plan, effort: &mut Effort<'_>) {
    let Some(warnings) = &plan.warnings else { return };
    if !effort.warned_alike(plan) {
        proposed(cx, plan, warnings, effort);
    }
    for colour in warnings.colours.keys() {
        issued(cx, warnings, *colour);
        acted_on(cx, warnings, *colour);
        in_time(cx, warnings, *colour);
    }
    explained(cx, plan, warnings);
}

/// Every rule on colours can be the one that decides, and every colour has one that can. Where the rules on
/// levels propose, they have been tried already.
fn proposed(cx: &mut Cx<'_>, plan: &Plan, warnings: &Warnings, effort: &mut Effort<'_>) {
    let set = rules_of_colours(plan, warnings);
    let mut reached: BTreeSet<RuleId> = set.rules().iter().map(|rule| rule.id.clone()).collect();
    if let ColourRules::Own(rules) = &warnings.grading.rules {
        let Some(tried) = effort.reachable(&set) else {
            let message = say(
                "答案的组合太多，未检验每条预警规则是否用得到",
                "there are too many combinations of answers to try whether every rule on colours is reached",
            );
            let at = spot(cx, "warnings");
            cx.report(Code::TooManyCases, at, "warnings/grading/rules", message, None);
            return;
        };
        for rule in rules.iter().filter(|rule| !tried.contains(&rule.id)) {
            let place = format!("warnings/grading/rules/{}", rule.id);
            let id = quoted(rule.id.as_str());
            let message = say(
                format!("预警规则 {id} 永远用不到"),
                format!("the rule on colours {id} can never be the one that decides"),
            );
            let fix = say(
                "前面的规则总会先成立，或它的条件从不成立",
                "a rule above always holds first, or its condition never does",
            );
            let at = spot(cx, &place);
            cx.report(Code::Unreachable, at, &place, message, Some(fix));
        }
        reached = tried;
    }
    for colour in warnings.colours.keys() {
        let mut rules = set.rules().iter().filter(|rule| rule.level == Signal::Colour(*colour));
        if rules.any(|rule| reached.contains(&rule.id)) {
            continue;
        }
        let name = colour.as_str();
        let message =
            say(format!("没有规则会给出 {name}"), format!("no rule ever proposes the colour {name}"));
        let place = format!("warnings/colours/{name}");
        let at = spot(cx, &place);
        cx.report(Code::ColourNotProposed, at, &place, message, None);
    }
}

fn issued(cx: &mut Cx<'_>, warnings: &Warnings, colour: WarningColour) {
    // A right that only a decision gives is none where that decision is not asked for the colour.
    let asked = |approval: &RuleId| {
        let approval = warnings.approval(approval);
        approval.is_some_and(|gate| gate.colours.contains(&colour) || !gate.marks.is_empty())
    };
    let mut rights = warnings.rights.iter().filter(|right| right.covers(colour));
    if rights.any(|right| right.named_by.as_ref().is_none_or(asked)) {
        return;
    }
    let place = format!("warnings/colours/{colour}");
    let message =
        say(format!("没有机构可以发布 {colour}"), format!("nobody may issue a warning in {colour}"));
    let fix = say("在 rights 中写明由谁发布", "say in `rights` who issues it");
    let at = spot(cx, &place);
    cx.report(Code::ColourNobody, at, &place, message, Some(fix));
}

fn acted_on(cx: &mut Cx<'_>, warnings: &Warnings, colour: WarningColour) {
    let mut under = warnings.measures.iter().filter(|measure| measure.stage == Stage::Issued);
    if warnings.own_measures.is_some() || under.any(|measure| measure.colours.contains(&colour)) {
        return;
    }
    let place = format!("warnings/colours/{colour}");
    let message =
        say(format!("{colour} 没有响应措施"), format!("a warning in {colour} obliges to no measure"));
    let fix = say("补写 measures，或写上 own_measures", "add `measures`, or `own_measures`");
    let at = spot(cx, &place);
    cx.report(Code::ColourNoMeasures, at, &place, message, Some(fix));
}

/// What a measure waits for is due no later than the measure, where both have a limit of the pack.
fn in_time(cx: &mut Cx<'_>, warnings: &Warnings, colour: WarningColour) {
    let owed = |measure: &&Measure| measure.stage == Stage::Issued && measure.colours.contains(&colour);
    for measure in warnings.measures.iter().filter(owed) {
        let Some(due) = limit(measure) else { continue };
        let late = measure.after.iter().find(|before| first(warnings, before, colour) > Some(due));
        let Some(late) = late else { continue };
        let place = format!("warnings/measures/{}", measure.id);
        let (id, late) = (quoted(measure.id.as_str()), quoted(late.as_str()));
        let message = say(
            format!("{colour} 时，{id} 的期限短于它所等待的 {late}"),
            format!("in {colour}, {id} is due before {late}, for which it waits"),
        );
        let fix = say("放宽此期限，或收紧前一项", "give it more time, or what comes before it less");
        let at = spot(cx, &place);
        cx.report(Code::DueTooSoon, at, &place, message, Some(fix));
    }
}

fn limit(measure: &Measure) -> Option<SignedDuration> {
    measure.kind.first_due().map(Within::lapse)
}

/// What a measure or a receipt takes under a warning of a colour; "at once" counts as no time.
fn first(warnings: &Warnings, id: &RuleId, colour: WarningColour) -> Option<SignedDuration> {
    let receipt = warnings.receipts.iter().find(|rule| rule.id == *id);
    let measure = warnings.measures.iter().find(|measure| {
        measure.id == *id && measure.stage == Stage::Issued && measure.colours.contains(&colour)
    });
    let of_receipt = receipt.and_then(|rule| rule.within.get(&colour).copied());
    of_receipt.or_else(|| Some(measure?.kind.first_due()?.due()))
}

/// What is ours has its reason under `defaults`.
fn explained(cx: &mut Cx<'_>, plan: &Plan, warnings: &Warnings) {
    for (place, clause) in ours(warnings) {
        if plan.defaults_for(clause).next().is_some() {
            continue;
        }
        let quoted = quoted(clause.as_str());
        let message = say(
            "此项标为我方所定，但 defaults 没有说明",
            "this is marked as ours, but `defaults` does not say why",
        );
        let fix = say(format!("在 defaults 中写明 {quoted}"), format!("add {quoted} to `defaults`"));
        let at = spot(cx, &place);
        cx.report(Code::DefaultUnexplained, at, &place, message, Some(fix));
    }
}

/// The parts that are marked as ours, each with its place and its clause.
fn ours(warnings: &Warnings) -> Vec<(String, &Clause)> {
    let changes = &warnings.changes;
    let changes = [("update", &changes.update), ("adjust", &changes.adjust), ("lift", &changes.lift)];
    let orders = warnings.periods.iter().filter_map(|period| Some((period, period.order.as_ref()?)));
    let rights = warnings.rights.iter().map(|it| (format!("rights/{}", it.id), &it.clause, it.is_default));
    let two = warnings.two_person.iter().map(|it| ("two_person".to_owned(), &it.clause, it.is_default));
    let acts = changes.map(|(act, it)| (format!("changes/{act}"), &it.clause, it.is_default));
    let receipts =
        warnings.receipts.iter().map(|it| (format!("receipts/{}", it.id), &it.clause, it.is_default));
    let measures =
        warnings.measures.iter().map(|it| (format!("measures/{}", it.id), &it.clause, it.is_default));
    let orders = orders.map(|(period, it)| (format!("periods/{}", period.id), &it.clause, it.is_default));
    let all = rights.chain(two).chain(acts).chain(receipts).chain(measures).chain(orders);
    all.filter(|(.., ours)| *ours).map(|(at, clause, _)| (format!("warnings/{at}"), clause)).collect()
}
