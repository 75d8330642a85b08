//! Orders that bodies give each other, and who gives operating permissions.

use std::collections::BTreeSet;

use fengsui_domain::plan::{OrderRule, Stage};

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields};
use super::super::yaml::Node;

const KEYS: [&str; 8] = ["id", "title", "clause", "when", "from", "to", "experts", "aftermath"];

/// `- { id, title, clause, when, from, to }`, with `experts:` in place of `to` where people are called.
pub(crate) fn orders(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<OrderRule>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let orders: Vec<_> = items.iter().map(|item| order(cx, item, place, &mut seen)).collect();
    orders.into_iter().collect()
}

fn order(cx: &mut Cx<'_>, node: &Node, list: &str, seen: &mut BTreeSet<String>) -> Option<OrderRule> {
    let fields = Fields::of(cx, node, list, &KEYS)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let when = fields.read(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let from = fields.roles(cx, "from");
    let to = fields.maybe_roles(cx, "to");
    let experts = fields.maybe(cx, "experts", Cx::named_list);
    let aftermath = fields.flag(cx, "aftermath");
    let (to, experts) = (to?, experts?.unwrap_or_default());
    if to.is_empty() && experts.is_empty() && !fields.is_misspelt("to") && !fields.is_misspelt("experts") {
        let message = say("没有写明向谁下达", "the order does not say to whom");
        let fix = say("写上 to 或 experts", "add `to` or `experts`");
        cx.report(Code::NoAddressee, fields.at, list, message, Some(fix));
    }
    Some(OrderRule {
        id: id?,
        title: title?,
        clause: clause?,
        when: when?,
        from: from?,
        to,
        experts,
        aftermath: aftermath?,
    })
}

/// `{ by, clause }`
pub(crate) fn stage(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Stage> {
    let fields = Fields::of(cx, node, place, &["by", "clause"])?;
    let by = fields.roles(cx, "by");
    let clause = fields.clause(cx, "clause");
    Some(Stage { by: by?, clause: clause? })
}
