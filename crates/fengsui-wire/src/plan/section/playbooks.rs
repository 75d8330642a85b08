//! Playbooks: steps, questions, gates, temporary states.
//!
//! What one entry can show is checked here; what takes the whole playbook, in `check::playbooks`.

use std::collections::BTreeSet;

use fengsui_domain::plan::{
    Ask, Branch, FactId, FactKind, Gate, Playbook, PlaybookStep, RuleId, TemporaryState,
};

use super::super::finding::{Code, Spot, quoted, say};
use super::super::read::{Cx, Fields, MAX_TEXT_CHARS, MAX_TITLE_CHARS, NameRule};
use super::super::yaml::Node;
use fengsui_domain::expr::Expr;

const KEYS: [&str; 10] =
    ["id", "title", "clause", "when", "categories", "by", "asks", "first", "states", "steps"];
const STEP_KEYS: [&str; 15] = [
    "id",
    "title",
    "hint",
    "clause",
    "by",
    "recorded_by",
    "after",
    "when",
    "ask",
    "gate",
    "urgent_before",
    "needs",
    "opens",
    "closes",
    "optional",
];

pub(crate) fn playbooks(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Playbook>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let playbooks: Vec<_> = items.iter().map(|item| playbook(cx, item, place, &mut seen)).collect();
    playbooks.into_iter().collect()
}

fn playbook(cx: &mut Cx<'_>, node: &Node, list: &str, seen: &mut BTreeSet<String>) -> Option<Playbook> {
    let fields = Fields::of(cx, node, list, &KEYS)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let when = fields.maybe(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let categories = fields.maybe(cx, "categories", |cx, node, place| each(cx, node, place, Cx::category));
    let by = fields.roles(cx, "by");
    let asks = fields.maybe(cx, "asks", |cx, node, place| each(cx, node, place, fact));
    let first = fields.maybe(cx, "first", |cx, node, place| cx.text(node, place, MAX_TEXT_CHARS));
    let states = fields.maybe(cx, "states", Cx::named_list);
    let place = id.as_ref().map_or_else(|| list.to_owned(), |id| format!("{list}/{id}"));
    let steps = fields.read(cx, "steps", |cx, node, _| steps(cx, node, &format!("{place}/steps")));
    let states = states?.unwrap_or_default().into_iter();
    let state = |named: fengsui_domain::plan::Named| TemporaryState {
        id: named.id,
        title: named.title,
        clause: named.clause,
    };
    Some(Playbook {
        id: id?,
        title: title?,
        clause: clause?,
        when: when?.unwrap_or(Expr::Const(true)),
        categories: categories?.unwrap_or_default(),
        by: by?,
        asks: asks?.unwrap_or_default(),
        first: first?,
        states: states.map(state).collect(),
        steps: steps?,
    })
}

/// The items of a list, each read.
fn each<'s, T>(
    cx: &mut Cx<'s>,
    node: &Node,
    place: &str,
    mut read: impl FnMut(&mut Cx<'s>, &Node, &str) -> Option<T>,
) -> Option<Vec<T>> {
    let items = cx.list(node, place)?;
    let read: Vec<_> = items.iter().map(|item| read(cx, item, place)).collect();
    read.into_iter().collect()
}

/// A fact of the plan.
fn fact(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<FactId> {
    let name = &cx.scalar(node, place)?.text;
    let known: Vec<String> = cx.names.facts.keys().map(ToString::to_string).collect();
    if known.contains(name) || cx.names.broken_facts.contains(name) || cx.names.no_facts {
        return Some(FactId::new(name.as_str()));
    }
    let what = (Code::UnknownFact, "事实", "fact");
    cx.unknown(what, (node.at, place), name, known.iter().map(String::as_str));
    None
}

/// A fact that somebody sets with a reason.
fn mark(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<FactId> {
    let fact = fact(cx, node, place)?;
    let is_mark = cx.names.facts.get(&fact).is_none_or(|known| *known == (FactKind::Bool, true));
    if !is_mark {
        let fact = quoted(fact.as_str());
        let says =
            (format!("{fact} 不是标记（answer: mark）"), format!("{fact} is not a mark (`answer: mark`)"));
        shape(cx, node.at, place, (&says.0, &says.1));
        return None;
    }
    Some(fact)
}

/// Every step comes after the one above it unless it says otherwise.
fn steps(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<PlaybookStep>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let mut above: Option<RuleId> = None;
    let mut steps = Vec::new();
    for item in items {
        if let Some(step) = step(cx, item, place, &mut seen, above.take()) {
            above = Some(step.id.clone());
            steps.push(step);
        }
    }
    (steps.len() == items.len()).then_some(steps)
}

fn step(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    above: Option<RuleId>,
) -> Option<PlaybookStep> {
    let fields = Fields::of(cx, node, list, &STEP_KEYS)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let hint = fields.maybe(cx, "hint", |cx, node, place| cx.text(node, place, MAX_TEXT_CHARS));
    let clause = fields.clause(cx, "clause");
    let by = fields.maybe_roles(cx, "by");
    if by.as_ref().is_some_and(Vec::is_empty) && !fields.is_misspelt("by") {
        let message = say("步骤没有写明由谁办理", "the step does not say who does it");
        cx.report(Code::StepNobody, fields.at, list, message, Some(say("写上 by", "add `by`")));
    }
    let recorded_by = fields.maybe_roles(cx, "recorded_by");
    let after = fields.maybe(cx, "after", |cx, node, place| each(cx, node, place, step_name));
    let when = fields.maybe(cx, "when", |cx, node, place| cx.predicate(node, place, true));
    let ask = fields.maybe(cx, "ask", ask);
    let gate = fields.maybe(cx, "gate", gate);
    let urgent_before = fields.maybe(cx, "urgent_before", |cx, node, place| each(cx, node, place, step_name));
    let needs = fields.maybe(cx, "needs", |cx, node, place| cx.text(node, place, MAX_TITLE_CHARS));
    let opens = fields.maybe(cx, "opens", step_name);
    let closes = fields.maybe(cx, "closes", step_name);
    let optional = fields.maybe_roles(cx, "optional");
    Some(PlaybookStep {
        id: id?,
        title: title?,
        hint: hint?,
        clause: clause?,
        by: by?,
        recorded_by: recorded_by?,
        after: after?.unwrap_or_else(|| above.into_iter().collect()),
        when: when?.unwrap_or(Expr::Const(true)),
        ask: ask?,
        gate: gate?,
        urgent_before: urgent_before?.unwrap_or_default(),
        needs: needs?,
        opens: opens?,
        closes: closes?,
        optional: optional?,
    })
}

/// The id of a step or a state of the same playbook; whether it is there takes the whole playbook.
fn step_name(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<RuleId> {
    let text = &cx.scalar(node, place)?.text;
    if NameRule::Id.allows(text) {
        return Some(RuleId::new(text.as_str()));
    }
    cx.bad_value(node, place, text, NameRule::Id.says());
    None
}

/// `{ question: { zh, en }, branches: { none: { zh, en, steps: [] }, … } }`
fn ask(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Ask> {
    let fields = Fields::of(cx, node, place, &["question", "branches"])?;
    let question = fields.long(cx, "question");
    let branches = fields.read(cx, "branches", |cx, node, place| {
        let entries = cx.entries(node, place, NameRule::Id)?;
        let count = entries.len();
        let read: Vec<Branch> =
            entries.into_iter().filter_map(|(id, node, place)| branch(cx, id, node, &place)).collect();
        if count < 2 {
            shape(cx, node.at, place, ("问题至少要有两个答案", "a question needs two answers at least"));
        }
        (read.len() == count && count >= 2).then_some(read)
    });
    Some(Ask { question: question?, branches: branches? })
}

fn branch(cx: &mut Cx<'_>, id: &str, node: &Node, place: &str) -> Option<Branch> {
    let fields = Fields::of(cx, node, place, &["zh", "en", "clause", "steps", "raises"])?;
    let title = fields.both(cx, MAX_TITLE_CHARS);
    let clause = fields.maybe(cx, "clause", Cx::clause);
    let steps = fields.maybe(cx, "steps", |cx, node, place| each(cx, node, place, step_name));
    let raises = fields.maybe(cx, "raises", mark);
    Some(Branch {
        id: RuleId::new(id),
        title: title?,
        clause: clause?,
        steps: steps?.unwrap_or_default(),
        raises: raises?,
    })
}

/// `{ title, clause, by, waive }`
fn gate(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Gate> {
    let fields = Fields::of(cx, node, place, &["title", "clause", "by", "waive"])?;
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let by = fields.roles(cx, "by");
    let waive = fields.maybe_roles(cx, "waive");
    if waive.as_ref().is_some_and(Vec::is_empty) && !fields.is_misspelt("waive") {
        let message = say(
            "对方不到场时，无人可以放行这一步",
            "if the other body never comes, nobody can let the step go on",
        );
        cx.report(Code::GateNobody, fields.at, place, message, Some(say("写上 waive", "add `waive`")));
    }
    Some(Gate { title: title?, clause: clause?, by: by?, waive: waive? })
}

fn shape(cx: &mut Cx<'_>, at: Spot, place: &str, (zh, en): (&str, &str)) {
    cx.report(Code::StepShape, at, place, say(zh, en), None);
}
