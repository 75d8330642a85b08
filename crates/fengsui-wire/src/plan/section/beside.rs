//! How the plan runs beside other plans on one incident.

use std::collections::BTreeMap;

use fengsui_domain::plan::{Beside, FactId, PlanId, Relation, RoleId};

use super::super::finding::{Code, Spot, quoted, say};
use super::super::read::{Cx, Fields, NameRule};
use super::super::yaml::Node;

/// `other-plan: { relation, clause, bodies: { own: theirs }, facts: { own: theirs } }`. The names of the
/// other plan are looked at when both are put together; see [`fengsui_domain::plan::together`].
pub(crate) fn beside(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<PlanId, Beside>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut plans = BTreeMap::new();
    for (id, value, place) in entries {
        if id == cx.names.plan {
            let says = ("写另一预案的编号", "name another plan");
            cx.bad_value(value, &place, id, says);
            continue;
        }
        if let Some(entry) = entry(cx, value, &place) {
            plans.insert(PlanId::new(id), entry);
        }
    }
    (plans.len() == count).then_some(plans)
}

fn entry(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Beside> {
    let fields = Fields::of(cx, node, place, &["relation", "clause", "bodies", "facts"])?;
    let words: Vec<_> = Relation::ALL.iter().map(|relation| (relation.as_str(), *relation)).collect();
    let relation = fields.read(cx, "relation", |cx, node, place| cx.word(node, place, &words));
    let clause = fields.read(cx, "clause", Cx::clause_of_any);
    let bodies = fields.maybe(cx, "bodies", |cx, node, place| {
        let pairs = pairs(cx, node, place, NameRule::Id)?;
        let known = cx.names.roles.clone().unwrap_or_default();
        let all = pairs.iter().map(|(own, at, _)| {
            let found = known.is_empty() || known.contains(*own);
            if !found {
                let names = known.iter().map(String::as_str);
                cx.unknown((Code::UnknownRole, "机构", "role"), (*at, place), own, names);
            }
            found
        });
        let right = all.fold(true, |right, found| right & found);
        right.then(|| {
            pairs.into_iter().map(|(own, _, other)| (RoleId::new(own), RoleId::new(other))).collect()
        })
    });
    let facts = fields.maybe(cx, "facts", |cx, node, place| {
        let pairs = pairs(cx, node, place, NameRule::Fact)?;
        let mut right = true;
        for (own, at, _) in &pairs {
            let known =
                cx.names.facts.contains_key(&FactId::new(*own)) || cx.names.broken_facts.contains(*own);
            if !known && !cx.names.no_facts {
                let names: Vec<String> = cx.names.facts.keys().map(ToString::to_string).collect();
                let names = names.iter().map(String::as_str);
                cx.unknown((Code::UnknownFact, "情况", "fact"), (*at, place), own, names);
                right = false;
            }
        }
        right.then(|| {
            pairs.into_iter().map(|(own, _, other)| (FactId::new(own), FactId::new(other))).collect()
        })
    });
    Some(Beside {
        relation: relation?,
        clause: clause?,
        bodies: bodies?.unwrap_or_default(),
        facts: facts?.unwrap_or_default(),
    })
}

/// Own names with the other plan's, each well formed.
fn pairs<'n>(
    cx: &mut Cx<'_>,
    node: &'n Node,
    place: &str,
    rule: NameRule,
) -> Option<Vec<(&'n str, Spot, String)>> {
    let entries = cx.entries(node, place, rule)?;
    let count = entries.len();
    let mut pairs = Vec::new();
    for (own, value, place) in entries {
        let Some(scalar) = cx.scalar(value, &place) else { continue };
        if rule.allows(&scalar.text) {
            pairs.push((own, value.at, scalar.text.clone()));
        } else {
            let message = say(
                format!("名称 {} 不合规则", quoted(&scalar.text)),
                format!("the name {} is not well formed", quoted(&scalar.text)),
            );
            let (zh, en) = rule.says();
            cx.report(Code::BadName, value.at, &place, message, Some(say(zh, en)));
        }
    }
    (pairs.len() == count).then_some(pairs)
}
