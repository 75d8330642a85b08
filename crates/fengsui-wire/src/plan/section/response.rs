//! Response levels with their rights, and the disposal chain.

use std::collections::BTreeSet;

use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Disposal, EndCondition, EndWhen, HeadquartersRule, ResponseRule, Right, RuleId};

use super::super::finding::{Code, quoted, say};
use super::super::read::{Cx, Fields, MAX_TEXT_CHARS, MAX_TITLE_CHARS, NameRule};
use super::super::yaml::{Kind, Node};
use super::orders::stage;

const KEYS: [&str; 10] = [
    "level",
    "title",
    "clause",
    "start",
    "adjust",
    "end",
    "end_when",
    "two_person",
    "headquarters",
    "delegated",
];

/// The response levels, worst first; every level of the plan has one.
pub(crate) fn responses(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<ResponseRule>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let mut responses: Vec<ResponseRule> =
        items.iter().filter_map(|item| response(cx, item, place, &mut seen)).collect();
    let levels = cx.names.levels.iter().flatten();
    let without: Vec<IncidentLevel> = levels.copied().filter(|level| !seen.contains(level)).collect();
    for level in without {
        let message = say(format!("{level} 级没有响应"), format!("level {level} has no response"));
        cx.report(Code::NoResponse, node.at, place, message, None);
    }
    responses.sort_by_key(|response| response.level);
    (responses.len() == items.len()).then_some(responses)
}

fn response(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<IncidentLevel>,
) -> Option<ResponseRule> {
    let fields = Fields::of(cx, node, list, &KEYS)?;
    let level = fields.read(cx, "level", Cx::level);
    let list = level.map_or_else(|| list.to_owned(), |level| format!("{list}/{level}"));
    if let Some(level) = level.filter(|level| !seen.insert(*level)) {
        let level = quoted(level.as_str());
        let message = say(format!("等级 {level} 的响应重复"), format!("level {level} has two responses"));
        cx.report(Code::DuplicateId, fields.at, &list, message, None);
    }
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let start = fields.read(cx, "start", |cx, node, place| right(cx, node, place, Code::NobodyStarts));
    let adjust = fields.read(cx, "adjust", |cx, node, place| right(cx, node, place, Code::NobodyStarts));
    let end = fields.read(cx, "end", |cx, node, place| right(cx, node, place, Code::NobodyEnds));
    let end_when = fields.read(cx, "end_when", end_when);
    let two_person = fields.flag(cx, "two_person");
    let headquarters = fields.maybe(cx, "headquarters", headquarters);
    let delegated = fields.maybe(cx, "delegated", |cx, node, place| cx.text(node, place, MAX_TEXT_CHARS));
    Some(ResponseRule {
        level: level?,
        title: title?,
        clause: clause?,
        start: start?,
        adjust: adjust?,
        end: end?,
        end_when: end_when?,
        two_person: two_person?,
        headquarters: headquarters?,
        delegated: delegated?,
    })
}

/// A clause where a headquarters is formed "when necessary", or `{ clause, always }`.
fn headquarters(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<HeadquartersRule> {
    if matches!(node.kind, Kind::Scalar(_)) {
        return cx.clause(node, place).map(|clause| HeadquartersRule { clause, always: false });
    }
    let fields = Fields::of(cx, node, place, &["clause", "always"])?;
    let clause = fields.clause(cx, "clause");
    let always = fields.flag(cx, "always");
    Some(HeadquartersRule { clause: clause?, always: always? })
}

/// `{ propose, decide, without_proposal, notify, clause }`; without `propose` the deciders act alone.
fn right(cx: &mut Cx<'_>, node: &Node, place: &str, nobody: Code) -> Option<Right> {
    let fields = Fields::of(cx, node, place, &["propose", "decide", "without_proposal", "notify", "clause"])?;
    let propose = fields.maybe_roles(cx, "propose");
    let decide = fields.maybe_roles(cx, "decide");
    let without_proposal = fields.maybe(cx, "without_proposal", Cx::flag);
    let notify = fields.maybe_roles(cx, "notify");
    let clause = fields.clause(cx, "clause");
    let (propose, decide, without_proposal) = (propose?, decide?, without_proposal?);
    let without_proposal = without_proposal.unwrap_or(propose.is_empty());
    if decide.is_empty() {
        let message = say("没有写明由谁决定", "nobody decides");
        cx.report(nobody, fields.at, place, message, Some(say("写上 decide", "add `decide`")));
    } else if propose.is_empty() && !without_proposal {
        let message = say("须经报请，却无人可以报请", "a proposal is needed and nobody may make one");
        let fix = say(
            "写上 propose，或去掉 without_proposal: false",
            "add `propose`, or drop `without_proposal: false`",
        );
        cx.report(nobody, fields.at, place, message, Some(fix));
    }
    Some(Right { propose, decide, without_proposal, notify: notify?, clause: clause? })
}

/// `any_of:` or `all_of:` with the conditions.
fn end_when(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<EndWhen> {
    let fields = Fields::of(cx, node, place, &["any_of", "all_of"])?;
    let (key, all) = match (fields.get("any_of"), fields.get("all_of")) {
        (Some(_), None) => ("any_of", false),
        (None, Some(_)) => ("all_of", true),
        _ if fields.is_misspelt("any_of") || fields.is_misspelt("all_of") => return None,
        _ => {
            let message = say("any_of 与 all_of 须写且只写一个", "either `any_of` or `all_of` belongs here");
            cx.report(Code::NobodyEnds, fields.at, place, message, None);
            return None;
        }
    };
    let conditions = fields.read(cx, key, conditions)?;
    if conditions.is_empty() {
        let message = say("没有结束条件", "there is no condition for ending");
        cx.report(Code::NobodyEnds, fields.at, place, message, None);
    }
    Some(EndWhen { all, conditions })
}

fn conditions(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<EndCondition>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    // A name that is not well formed has been reported: that its condition is not there is no further mistake.
    let all_named = matches!(&node.kind, Kind::Map(written) if written.len() == entries.len());
    let conditions: Vec<_> =
        entries.into_iter().map(|(id, value, place)| condition(cx, id, value, &place)).collect();
    conditions.into_iter().collect::<Option<Vec<_>>>().filter(|_| all_named)
}

fn condition(cx: &mut Cx<'_>, id: &str, node: &Node, place: &str) -> Option<EndCondition> {
    let fields = Fields::of(cx, node, place, &["zh", "en", "clause", "needs_derived_closed"])?;
    let title = fields.both(cx, MAX_TITLE_CHARS);
    let clause = fields.clause(cx, "clause");
    let needs_derived_closed = fields.flag(cx, "needs_derived_closed");
    Some(EndCondition {
        id: RuleId::new(id),
        title: title?,
        clause: clause?,
        needs_derived_closed: needs_derived_closed?,
    })
}

/// The chain; `sum_up`, `resources` and `order` may be absent.
pub(crate) fn disposal(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Disposal> {
    let keys = ["draft", "verify", "sum_up", "approve", "resources", "execute", "order"];
    let fields = Fields::of(cx, node, place, &keys)?;
    let draft = fields.read(cx, "draft", stage);
    let verify = fields.read(cx, "verify", stage);
    let sum_up = fields.maybe(cx, "sum_up", stage);
    let approve = fields.read(cx, "approve", stage);
    let resources = fields.maybe(cx, "resources", Cx::order);
    let execute = fields.read(cx, "execute", stage);
    let order = fields.maybe(cx, "order", Cx::order);
    Some(Disposal {
        draft: draft?,
        verify: verify?,
        sum_up: sum_up?,
        approve: approve?,
        resources: resources?,
        execute: execute?,
        order: order?,
    })
}
