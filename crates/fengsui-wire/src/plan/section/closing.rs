//! Review, filing, publication, and our settlements of what the document leaves open.

use std::collections::BTreeSet;

use fengsui_domain::expr::Expr;
use fengsui_domain::plan::{
    Clause, Default as Settlement, Filing, Lead, PublicationRule, Review, Unverified,
};

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields};
use super::super::yaml::{Kind, Node};

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

pub(crate) fn filing(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Filing> {
    let fields = Fields::of(cx, node, place, &["by", "to", "clause"])?;
    let by = fields.roles(cx, "by");
    let to = fields.roles(cx, "to");
    let clause = fields.clause(cx, "clause");
    Some(Filing { by: by?, to: to?, clause: clause? })
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

/// `- { clauses: […], question, answer }`: one settlement for each clause named.
pub(crate) fn defaults(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Settlement>> {
    let items = cx.list(node, place)?;
    let settlements: Vec<_> = items.iter().map(|item| settlement(cx, item, place)).collect();
    settlements.into_iter().collect::<Option<Vec<_>>>().map(|lists| lists.into_iter().flatten().collect())
}

fn settlement(cx: &mut Cx<'_>, node: &Node, list: &str) -> Option<Vec<Settlement>> {
    let fields = Fields::of(cx, node, list, &["clauses", "question", "answer"])?;
    let clauses = fields.read(cx, "clauses", clauses_of_any);
    let question = fields.long(cx, "question");
    let answer = fields.long(cx, "answer");
    let (question, answer) = (question?, answer?);
    let settle = |clause| Settlement { clause, question: question.clone(), answer: answer.clone() };
    Some(clauses?.into_iter().map(settle).collect())
}

/// `- { clauses: […], open: { zh, en } }`: one for each clause named.
pub(crate) fn unverified(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Unverified>> {
    let items = cx.list(node, place)?;
    let read = |cx: &mut Cx<'_>, item| {
        let fields = Fields::of(cx, item, place, &["clauses", "open"])?;
        let clauses = fields.read(cx, "clauses", clauses_of_any);
        let open = fields.long(cx, "open")?;
        Some(clauses?.into_iter().map(move |clause| Unverified { clause, open: open.clone() }))
    };
    let lists: Vec<_> = items.iter().map(|item| read(cx, item)).collect();
    lists.into_iter().collect::<Option<Vec<_>>>().map(|lists| lists.into_iter().flatten().collect())
}

fn clauses_of_any(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Clause>> {
    let items = match &node.kind {
        Kind::List(items) if items.is_empty() => {
            cx.report(Code::Empty, node.at, place, say("没有条款", "there is no clause"), None);
            return None;
        }
        Kind::List(items) => items.iter().collect(),
        Kind::Scalar(_) | Kind::Map(_) | Kind::Refused => vec![node],
    };
    let clauses: Vec<_> = items.into_iter().map(|item| cx.clause_of_any(item, place)).collect();
    clauses.into_iter().collect()
}
