//! Review, filing and publication.

use std::collections::BTreeSet;

use fengsui_domain::expr::Expr;
use fengsui_domain::plan::{Filing, Lead, PublicationRule, Review};

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields};
use super::super::yaml::Node;

pub(crate) fn review(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Review> {
    let fields = Fields::of(cx, node, place, &["led_by", "leads", "topics", "clause", "plan_change"])?;
    let topics = fields.read(cx, "topics", Cx::named_list);
    let clause = fields.clause(cx, "clause");
    let plan_change = fields.maybe(cx, "plan_change", Cx::clause);
    let leads = if fields.get("leads").is_some() && fields.get("led_by").is_none() {
        fields.read(cx, "leads", leads)
    } else if fields.get("leads").is_some() {
        let message = say("led_by 与 leads 只能写一个", "`led_by` and `leads` stand together");
        let fix = say("只保留一个", "keep one of them");
        cx.report(Code::WrongType, fields.at, &fields.place("leads"), message, Some(fix));
        None
    } else {
        let by = fields.roles(cx, "led_by");
        by.zip(clause.clone()).map(|(by, clause)| vec![Lead { when: Expr::Const(true), by, clause }])
    };
    Some(Review { leads: leads?, topics: topics?, clause: clause?, plan_change: plan_change? })
}

/// `- { when, by, clause }`: the first that holds leads.
fn leads(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Lead>> {
    let items = cx.list(node, place)?;
    for (at, item) in items.iter().enumerate() {
        cx.spots.insert(format!("{place}/{at}"), item.at);
    }
    let leads: Vec<_> = items.iter().map(|item| lead(cx, item, place)).collect();
    leads.into_iter().collect()
}

fn lead(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Lead> {
    let fields = Fields::of(cx, node, place, &["when", "by", "clause"])?;
    let when = fields.read(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let by = fields.roles(cx, "by");
    let clause = fields.clause(cx, "clause");
    Some(Lead { when: when?, by: by?, clause: clause? })
}

/// `{ by: unit, to: security-office }` where a receipt of any addressee is enough, `to_each` where each gives one.
pub(crate) fn filing(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Filing> {
    let fields = Fields::of(cx, node, place, &["by", "to", "to_each", "clause"])?;
    let by = fields.roles(cx, "by");
    let to_each = fields.get("to_each").is_some();
    if to_each && fields.get("to").is_some() {
        let message = say("to 与 to_each 只能写一个", "`to` and `to_each` stand together");
        let fix = say(
            "任一对象的回执即可写 to，每一对象都须出具回执写 to_each",
            "write `to` if the receipt of any addressee is enough, `to_each` if each gives one",
        );
        cx.report(Code::BadValue, fields.at, place, message, Some(fix));
    }
    let to = fields.roles(cx, if to_each { "to_each" } else { "to" });
    let clause = fields.clause(cx, "clause");
    Some(Filing { by: by?, to: to?, to_each, clause: clause? })
}

pub(crate) fn publications(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<PublicationRule>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let rules: Vec<_> = items.iter().map(|item| publication(cx, item, place, &mut seen)).collect();
    rules.into_iter().collect()
}

fn publication(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
) -> Option<PublicationRule> {
    let keys = ["id", "title", "clause", "when", "audience", "draft", "approve", "release"];
    let fields = Fields::of(cx, node, list, &keys)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let when = fields.read(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let audience = fields.title(cx, "audience");
    let draft = fields.roles(cx, "draft");
    let approve = fields.maybe_roles(cx, "approve");
    let release = fields.roles(cx, "release");
    Some(PublicationRule {
        id: id?,
        title: title?,
        clause: clause?,
        when: when?,
        audience: audience?,
        draft: draft?,
        approve: approve?,
        release: release?,
    })
}
