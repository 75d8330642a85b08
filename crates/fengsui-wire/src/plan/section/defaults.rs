//! Our settlements of what the document leaves open, with what may be chosen instead; and what was not checked.
//!
//! The `change` of an option is not read here: [`options`](super::super::options) merges it into the sections
//! before they are read, so that an option is checked as everything else is.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Alternative, Clause, Default as Settlement, RuleId, Unverified};

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields, NameRule};
use super::super::yaml::{Kind, Node};

/// `- { id, clauses: […], question, answer, options }`, where `options` may be absent. `chosen` has the
/// option in use of a settlement, where it is not our answer.
pub(crate) fn defaults(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    chosen: &BTreeMap<String, String>,
) -> Option<Vec<Settlement>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let settlements: Vec<_> =
        items.iter().map(|item| settlement(cx, item, place, &mut seen, chosen)).collect();
    settlements.into_iter().collect()
}

fn settlement(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    chosen: &BTreeMap<String, String>,
) -> Option<Settlement> {
    let fields = Fields::of(cx, node, list, &["id", "clauses", "question", "answer", "options"])?;
    let id = cx.rule_id(&fields, list, seen);
    let clauses = fields.read(cx, "clauses", clauses_of_any);
    let question = fields.long(cx, "question");
    let answer = fields.long(cx, "answer");
    let options = fields.maybe(cx, "options", options).map(Option::unwrap_or_default);
    let id = id?;
    let chosen = chosen.get(id.as_str()).map(RuleId::new);
    Some(Settlement {
        id,
        clauses: clauses?,
        question: question?,
        answer: answer?,
        options: options?,
        chosen,
    })
}

/// `NAME: { answer, change }`, in the order of the file.
fn options(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Alternative>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut options = Vec::new();
    for (id, value, place) in entries {
        let Some(fields) = Fields::of(cx, value, &place, &["answer", "change"]) else { continue };
        let answer = fields.long(cx, "answer");
        let change = fields.need(cx, "change");
        if let (Some(answer), Some(_)) = (answer, change) {
            options.push(Alternative { id: RuleId::new(id), answer });
        }
    }
    (options.len() == count).then_some(options)
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
    let read = |item: &Node| {
        let clause = cx.clause_of_any(item, place)?;
        cx.spots.insert(format!("{place}/{clause}"), item.at);
        Some(clause)
    };
    let clauses: Vec<_> = items.into_iter().map(read).collect();
    clauses.into_iter().collect()
}
