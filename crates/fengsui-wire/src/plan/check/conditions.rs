//! Conditions of rules: whether they can hold, and whether two rules without an order hold together.
//!
//! Clocks, orders and playbooks have no order among each other and need none: each clock runs by itself, and
//! a person picks the order or the playbook. Of grading rules and review leads the first that holds decides.

use fengsui_domain::expr::{Expr, Situation};
use fengsui_domain::plan::{Plan, PublicationRule};

use super::super::finding::{Code, quoted, say};
use super::super::read::Cx;
use super::cases::{Cases, holds};
use super::spot;

pub(super) fn conditions(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    never_hold(cx, plan, cases);
    leads(cx, plan, cases);
    publications(cx, plan, cases);
}

fn never_hold(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    let clocks = plan.clocks.iter().map(|rule| ("clocks", &rule.id, &rule.when));
    let orders = plan.orders.iter().map(|rule| ("orders", &rule.id, &rule.when));
    let playbooks = plan.playbooks.iter().map(|rule| ("playbooks", &rule.id, &rule.when));
    let publications = plan.publications.iter().map(|rule| ("publications", &rule.id, &rule.when));
    for (list, id, when) in clocks.chain(orders).chain(playbooks).chain(publications) {
        if cases.possible(when) {
            continue;
        }
        let place = format!("{list}/{id}");
        let id = quoted(id.as_str());
        let message = say(
            format!("{id} 的条件永远不成立"),
            format!("the condition of {id} never holds, whatever is answered"),
        );
        let fix = say("改正条件，或删去这条规则", "mend the condition, or remove the rule");
        let at = spot(cx, &place);
        cx.report(Code::NeverHolds, at, &place, message, Some(fix));
    }
}

/// The first that holds leads, so one that always finds another above it is never asked.
fn leads(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    let leads = &plan.review.leads;
    for (at, lead) in leads.iter().enumerate() {
        let above = &leads[..at];
        let read: Vec<&Expr> = above.iter().chain([lead]).map(|lead| &lead.when).collect();
        let leads_here = |case: &Situation<'_>| {
            holds(&lead.when, case) && !above.iter().any(|lead| holds(&lead.when, case))
        };
        if cases.any(&read, leads_here) != Some(false) {
            continue;
        }
        let place = format!("review/leads/{at}");
        let message = say(
            format!("第 {} 条牵头规则永远用不到", at + 1),
            format!("entry {} of `leads` can never be the one that decides", at + 1),
        );
        let fix = say(
            "前面的规则总会先成立，或它的条件从不成立",
            "an entry above always holds first, or its condition never does",
        );
        let spot = spot(cx, &place);
        cx.report(Code::LeadNeverReached, spot, &place, message, Some(fix));
    }
}

/// Two chains for one audience in one case: nobody could say whose word counts.
fn publications(cx: &mut Cx<'_>, plan: &Plan, cases: &mut Cases<'_>) {
    for (at, rule) in plan.publications.iter().enumerate() {
        let others = plan.publications[..at].iter().filter(|other| at_odds(other, rule));
        let both = |case: &Situation<'_>, other: &PublicationRule| {
            holds(&rule.when, case) && holds(&other.when, case)
        };
        let overlapping = others
            .into_iter()
            .find(|other| cases.any(&[&rule.when, &other.when], |case| both(case, other)) == Some(true));
        if cases.spent() {
            return;
        }
        let Some(other) = overlapping else { continue };
        let place = format!("publications/{}", rule.id);
        let (own, other) = (quoted(rule.id.as_str()), quoted(other.id.as_str()));
        let message = say(
            format!("对同一受众，{own} 与 {other} 可能同时适用"),
            format!("{own} and {other} may both apply, for the same audience and by different bodies"),
        );
        let fix =
            say("把条件分开，或写明不同的受众", "set the conditions apart, or name different audiences");
        let at = spot(cx, &place);
        cx.report(Code::PublicationsOverlap, at, &place, message, Some(fix));
    }
}

fn at_odds(a: &PublicationRule, b: &PublicationRule) -> bool {
    a.audience == b.audience && (&a.draft, &a.approve, &a.release) != (&b.draft, &b.approve, &b.release)
}
