//! Who acts and what happens: roles with their fallbacks, categories with their parents.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Category, CategoryId, Role, RoleId, Routed};

use super::super::finding::{Code, Spot, quoted, say};
use super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule, plain_text};
use super::super::yaml::Node;

pub(crate) fn roles(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<RoleId, Role>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut roles = BTreeMap::new();
    for (id, value, place) in entries {
        if let Some(role) = role(cx, value, &place) {
            roles.insert(RoleId::new(id), role);
        }
    }
    let fallbacks =
        roles.iter().filter_map(|(id, role)| Some((id.as_str(), role.fallback.as_ref()?.as_str())));
    report_circles(cx, &fallbacks.collect(), place, (Code::FallbackCycle, "替代关系", "the fallback"));
    (roles.len() == count).then_some(roles)
}

fn role(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Role> {
    let fields = Fields::of(cx, node, place, &["title", "duty", "clause", "fallback", "temporary"])?;
    let title = fields.title(cx, "title");
    let duty = fields.long(cx, "duty");
    let clause = fields.clause(cx, "clause");
    let fallback = fields.maybe(cx, "fallback", Cx::role);
    let temporary = fields.flag(cx, "temporary");
    if temporary == Some(true) && fields.get("fallback").is_none() {
        let message = say("临时机构没有替代者", "a temporary role has no fallback");
        let fix = say("写上 fallback，说明组建之前由谁履职", "add `fallback`: who acts until it is formed");
        cx.report(Code::NoFallback, fields.at, place, message, Some(fix));
    }
    Some(Role { title: title?, duty: duty?, clause: clause?, fallback: fallback?, temporary: temporary? })
}

pub(crate) fn categories(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
) -> Option<BTreeMap<CategoryId, Category>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut categories = BTreeMap::new();
    for (order, (id, value, place)) in entries.into_iter().enumerate() {
        if let Some(category) = category(cx, value, &place) {
            categories.insert(CategoryId::new(id), Category { place: order, ..category });
        }
    }
    let parents = categories
        .iter()
        .filter_map(|(id, category)| Some((id.as_str(), category.parent.as_ref()?.as_str())));
    report_circles(cx, &parents.collect(), place, (Code::CategoryCycle, "上级类别", "the parent"));
    (categories.len() == count).then_some(categories)
}

fn category(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Category> {
    let fields =
        Fields::of(cx, node, place, &["title", "describes", "clause", "parent", "maps_to", "routed_to"])?;
    let title = fields.title(cx, "title");
    let describes = fields.long(cx, "describes");
    let clause = fields.clause(cx, "clause");
    let parent = fields.maybe(cx, "parent", Cx::category);
    let maps_to = fields.maybe(cx, "maps_to", |cx, node, place| {
        let items: Vec<_> = cx.list(node, place)?.iter().map(|item| mapped(cx, item, place)).collect();
        items.into_iter().collect::<Option<Vec<String>>>()
    });
    let routed_to = fields.maybe(cx, "routed_to", routed);
    Some(Category {
        place: 0, // Known to whoever reads them all.
        title: title?,
        describes: describes?,
        clause: clause?,
        parent: parent?,
        maps_to: maps_to?.unwrap_or_default(),
        routed_to: routed_to?,
    })
}

/// `{ zh, en, clause }`: the other plan that governs a category.
fn routed(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Routed> {
    let fields = Fields::of(cx, node, place, &["zh", "en", "clause"])?;
    let to = fields.both(cx, MAX_TITLE_CHARS);
    let clause = fields.clause(cx, "clause");
    Some(Routed { to: to?, clause: clause? })
}

/// `rsit/malicious-code`, `national-2017/annex1.1`: a class of another taxonomy.
fn mapped(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<String> {
    let text = &cx.scalar(node, place)?.text;
    let text = plain_text(cx, node, place, text, MAX_TITLE_CHARS)?;
    if NameRule::Clause.allows(&text) {
        return Some(text);
    }
    cx.bad_value(
        node,
        place,
        &text,
        ("写作“分类/类别”，如 rsit/malicious-code", "write taxonomy/class, as in rsit/malicious-code"),
    );
    None
}

/// Reports each circle once, at the first of its members.
fn report_circles(
    cx: &mut Cx<'_>,
    next: &BTreeMap<&str, &str>,
    section: &str,
    (code, zh, en): (Code, &str, &str),
) {
    let mut cleared: BTreeSet<&str> = BTreeSet::new();
    for start in next.keys().copied() {
        let mut path = vec![start];
        while let Some(to) = path.last().and_then(|last| next.get(last)).copied() {
            if cleared.contains(to) {
                break;
            }
            if let Some(first) = path.iter().position(|seen| *seen == to) {
                let circle = [&path[first..], &[to]].concat().join(" → ");
                let place = format!("{section}/{to}");
                let at = cx.spots.get(&place).copied().unwrap_or(Spot::default());
                let circle = quoted(&circle);
                let message = say(format!("{zh}成环：{circle}"), format!("{en} goes in a circle: {circle}"));
                cx.report(code, at, &place, message, None);
                break;
            }
            path.push(to);
        }
        cleared.extend(path);
    }
}
