//! What the software keeps as proof of duties that no rule carries out.

use std::collections::BTreeSet;

use fengsui_domain::plan::{Clause, Kept, Proof};

use super::super::finding::{Code, quoted, say};
use super::super::read::{Cx, Fields};
use super::super::yaml::Node;

/// `- { keeps: WORD, clauses: [...] }`: one proof for each clause named. The words are those of [`Kept`].
pub(crate) fn evidence(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Proof>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let proofs: Vec<_> = items.iter().map(|item| entry(cx, item, place, &mut seen)).collect();
    proofs.into_iter().collect::<Option<Vec<_>>>().map(|lists| lists.into_iter().flatten().collect())
}

fn entry(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<(Kept, Clause)>,
) -> Option<Vec<Proof>> {
    let fields = Fields::of(cx, node, list, &["keeps", "clauses"])?;
    let keeps = fields.read(cx, "keeps", kept);
    let clauses = fields.read(cx, "clauses", |cx, node, place| {
        let items = cx.list(node, place)?;
        let clauses: Vec<_> = items.iter().map(|item| Some((item.at, cx.clause(item, place)?))).collect();
        clauses.into_iter().collect::<Option<Vec<_>>>()
    });
    let (keeps, clauses) = (keeps?, clauses?);
    let mut proofs = Vec::new();
    for (at, clause) in clauses {
        if !seen.insert((keeps, clause.clone())) {
            let message = say(
                format!("条款 {} 已写明留存 {keeps}", quoted(clause.as_str())),
                format!("{keeps} is named for {} twice", quoted(clause.as_str())),
            );
            let fix = say("只保留一处", "keep one of them");
            cx.report(Code::DuplicateKey, at, list, message, Some(fix));
            return None;
        }
        proofs.push(Proof { clause, keeps });
    }
    Some(proofs)
}

fn kept(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Kept> {
    let text = &cx.scalar(node, place)?.text;
    let found = Kept::parse(text);
    if found.is_none() {
        let words = Kept::ALL.iter().map(|kept| kept.as_str()).collect::<Vec<_>>().join(", ");
        let (zh, en) = (format!("可写：{words}"), format!("use one of: {words}"));
        cx.bad_value(node, place, text, (&zh, &en));
    }
    found
}
