//! What happens in a drill.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::event::Source;
use fengsui_domain::expr::Answers;
use fengsui_domain::plan::{FactId, Plan, Playbook, PlaybookStep, RoleId, RuleId};

use super::super::answer_of;
use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule, plain_text};
use super::super::yaml::{Kind, Node};
use super::reading::{known, not_too_many, span, texts};
use super::{Chosen, Found, Happening, Inject, MAX_INJECTS, MAX_LINES, Reported};

const WHATS: [&str; 6] = ["event", "log", "facts", "grade", "playbook", "order"];
const FOUND: [&str; 5] = ["outcome", "category", "level", "facts", "derived_from"];

/// The injects, in order of time.
pub(super) fn injects(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Vec<Inject>> {
    let items = cx.list(node, place)?;
    not_too_many(cx, node, place, items.len(), MAX_INJECTS)?;
    let mut found: Vec<Inject> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (number, item) in items.iter().enumerate() {
        let place = format!("{place}/{number}");
        let Some(inject) = inject(cx, item, &place, plan, &mut names) else { continue };
        if found.last().is_some_and(|last| last.at > inject.at) {
            let message = say("应按时间先后排列", "injects stand in order of time");
            cx.report(Code::BadValue, item.at, &place, message, None);
        }
        found.push(inject);
    }
    if items.is_empty() {
        cx.report(Code::Empty, node.at, place, say("没有注入", "nothing happens"), None);
        return None;
    }
    (found.len() == items.len()).then_some(found)
}

fn inject(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan, names: &mut Vec<String>) -> Option<Inject> {
    let keys: Vec<&str> = ["at", "name", "about"].into_iter().chain(WHATS).collect();
    let fields = Fields::of(cx, node, place, &keys)?;
    let at = fields.read(cx, "at", span);
    let given: Vec<&str> = WHATS.into_iter().filter(|key| fields.get(key).is_some()).collect();
    let [what] = given.as_slice() else {
        let message = say("每个注入写且只写一件事", "an inject says exactly one thing that happens");
        let fix =
            say(format!("写其中之一：{}", WHATS.join("、")), format!("write one of {}", WHATS.join(", ")));
        cx.report(Code::BadValue, node.at, place, message, Some(fix));
        return None;
    };
    let opens = matches!(*what, "event" | "log");
    let name = if opens { opened(cx, &fields, names)? } else { about(cx, &fields, names)? };
    let (value, place) = (fields.get(what)?, fields.place(what));
    let what = happening(cx, value, &place, plan, what, names);
    if opens {
        names.push(name.clone());
    }
    Some(Inject { at: at?, name, what: what? })
}

/// The name an event gets: its own, or `event-1` and so on.
fn opened(cx: &mut Cx<'_>, fields: &Fields<'_>, names: &[String]) -> Option<String> {
    let Some(node) = fields.get("name") else { return Some(format!("event-{}", names.len() + 1)) };
    let place = fields.place("name");
    let text = cx.scalar(node, &place)?.text.trim();
    let text = plain_text(cx, node, &place, text, MAX_TITLE_CHARS)?;
    if names.contains(&text) {
        cx.report(Code::DuplicateId, node.at, &place, say("名称已经用过", "this name is taken"), None);
        return None;
    }
    Some(text)
}

/// The event that is meant: the named one, or the first.
fn about(cx: &mut Cx<'_>, fields: &Fields<'_>, names: &[String]) -> Option<String> {
    let Some(first) = names.first() else {
        let message = say("之前没有事件", "there is no event before it");
        cx.report(Code::BadValue, fields.at, &fields.place("about"), message, None);
        return None;
    };
    let given = fields.maybe(cx, "about", |cx, node, place| one_of(cx, node, place, names))?;
    Some(given.unwrap_or_else(|| first.clone()))
}

fn one_of(cx: &mut Cx<'_>, node: &Node, place: &str, names: &[String]) -> Option<String> {
    let names = names.iter().map(String::as_str);
    known(cx, node, place, ("事件", "event"), names).map(|name| name.to_string())
}

fn happening(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    plan: &Plan,
    what: &str,
    names: &[String],
) -> Option<Happening> {
    match what {
        "event" => event(cx, node, place, plan, names).map(|event| Happening::Event(Box::new(event))),
        "log" => {
            let keys: Vec<&str> = ["lines"].into_iter().chain(FOUND).collect();
            let fields = Fields::of(cx, node, place, &keys)?;
            let lines = fields.read(cx, "lines", |cx, node, place| texts(cx, node, place, MAX_LINES));
            let triage = found(cx, &fields, plan, names);
            Some(Happening::Log { lines: lines?, triage: Box::new(triage?) })
        }
        "facts" => facts(cx, node, place, plan).map(Happening::Facts),
        "grade" => cx.level(node, place).map(Happening::Grade),
        "playbook" => playbook(cx, node, place, plan).map(|chosen| Happening::Playbook(Box::new(chosen))),
        _ => order(cx, node, place, plan),
    }
}

fn event(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan, names: &[String]) -> Option<Reported> {
    let own = ["title", "details", "source", "unit", "asset", "aware"];
    let keys: Vec<&str> = own.into_iter().chain(FOUND).collect();
    let fields = Fields::of(cx, node, place, &keys)?;
    let title = fields.title(cx, "title");
    let details = fields.long(cx, "details");
    let sources: Vec<(&str, Source)> = Source::ALL.iter().map(|source| (source.as_str(), *source)).collect();
    let source = fields.read(cx, "source", |cx, node, place| cx.word(node, place, &sources));
    let unit = fields.title(cx, "unit");
    let asset = fields.maybe(cx, "asset", |cx, node, place| {
        let text = cx.scalar(node, place)?.text.trim();
        plain_text(cx, node, place, text, MAX_TITLE_CHARS)
    });
    let aware = fields.maybe(cx, "aware", span);
    let found = found(cx, &fields, plan, names);
    Some(Reported {
        title: title?,
        details: details?,
        source: source?,
        unit: unit?,
        asset: asset?.unwrap_or_default(),
        aware: aware?.unwrap_or_default(),
        found: found?,
    })
}

/// What triage makes of it.
fn found(cx: &mut Cx<'_>, fields: &Fields<'_>, plan: &Plan, names: &[String]) -> Option<Found> {
    let words = [("incident", 0_u8), ("false-positive", 1), ("not-ours", 2)];
    let outcome = fields.maybe(cx, "outcome", |cx, node, place| cx.word(node, place, &words))?;
    match outcome.unwrap_or(0) {
        0 => {
            let category = fields.read(cx, "category", Cx::category);
            let level = fields.read(cx, "level", Cx::level);
            let facts = fields.maybe(cx, "facts", |cx, node, place| facts(cx, node, place, plan));
            let parent = fields.maybe(cx, "derived_from", |cx, node, place| one_of(cx, node, place, names));
            let facts = facts?.unwrap_or_default();
            Some(Found::Incident { category: category?, level: level?, facts, parent: parent? })
        }
        1 => Some(Found::FalsePositive),
        _ => Some(Found::NotOurs),
    }
}

/// Answers to the plan's questions.
fn facts(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Answers> {
    // Facts of a plan beside the leading one have its id in front.
    let entries = cx.entries(node, place, NameRule::Any)?;
    let count = entries.len();
    let mut found = Answers::new();
    for (fact, value, place) in entries {
        if !plan.facts.contains_key(&FactId::new(fact)) {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let known = plan.facts.keys().map(FactId::as_str);
            cx.unknown((Code::UnknownFact, "事实", "fact"), (at, &place), fact, known);
            continue;
        }
        let Some(scalar) = cx.scalar(value, &place) else { continue };
        match answer_of(plan, fact, &scalar.text) {
            Ok((fact, answer)) => drop(found.insert(fact, answer)),
            Err(right) => cx.bad_value(value, &place, &scalar.text, (&right, &right)),
        }
    }
    (found.len() == count).then_some(found)
}

fn playbook(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Chosen> {
    let fields = Fields::of(cx, node, place, &["id", "what", "branches", "urgent", "skip"])?;
    let what = fields.title(cx, "what");
    let names = plan.playbooks.iter().map(|playbook| playbook.id.as_str());
    let word = ("处置规程", "playbook");
    let id = fields.read(cx, "id", |cx, node, place| known(cx, node, place, word, names))?;
    let chosen = plan.playbook(&id)?;
    let branches = fields.maybe(cx, "branches", |cx, node, place| branches(cx, node, place, chosen));
    let urgent = fields.maybe(cx, "urgent", |cx, node, place| {
        some_steps(cx, node, place, chosen, |step| !step.urgent_before.is_empty())
    });
    let skip = fields.maybe(cx, "skip", |cx, node, place| {
        some_steps(cx, node, place, chosen, |step| !step.optional.is_empty())
    });
    Some(Chosen {
        playbook: id,
        what: what?,
        branches: branches?.unwrap_or_default(),
        urgent: urgent?.unwrap_or_default(),
        skip: skip?.unwrap_or_default(),
    })
}

/// Steps of the playbook for which `fits` holds.
fn some_steps(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    playbook: &Playbook,
    fits: impl Fn(&PlaybookStep) -> bool,
) -> Option<BTreeSet<RuleId>> {
    let steps = playbook.steps.iter().filter(|step| fits(step));
    let steps: Vec<&str> = steps.map(|step| step.id.as_str()).collect();
    let items: Vec<&Node> = match &node.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    let word = ("步骤", "step");
    let read: Vec<_> = items.iter().map(|item| known(cx, item, place, word, steps.iter().copied())).collect();
    read.into_iter().collect()
}

fn branches(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    playbook: &Playbook,
) -> Option<BTreeMap<RuleId, RuleId>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut found = BTreeMap::new();
    for (step, value, place) in entries {
        let asks = playbook.steps.iter().filter_map(|step| Some((step.id.as_str(), step.ask.as_ref()?)));
        let Some((_, ask)) = asks.clone().find(|(id, _)| *id == step) else {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let known: Vec<&str> = asks.map(|(id, _)| id).collect();
            cx.unknown((Code::UnknownStep, "问题", "question"), (at, &place), step, known);
            continue;
        };
        let answers: Vec<&str> = ask.branches.iter().map(|branch| branch.id.as_str()).collect();
        if let Some(branch) = known(cx, value, &place, ("答案", "answer"), answers) {
            found.insert(RuleId::new(step), branch);
        }
    }
    (found.len() == count).then_some(found)
}

fn order(cx: &mut Cx<'_>, node: &Node, place: &str, plan: &Plan) -> Option<Happening> {
    let fields = Fields::of(cx, node, place, &["rule", "to", "what"])?;
    let what = fields.title(cx, "what");
    let rule = fields.read(cx, "rule", Cx::order)?;
    let known_rule = plan.order(&rule)?;
    let to = fields.read(cx, "to", |cx, node, place| {
        let bodies = known_rule.to.iter().map(RoleId::as_str);
        let all: Vec<&str> = bodies.chain(known_rule.experts.iter().map(|field| field.id.as_str())).collect();
        known(cx, node, place, ("对象", "addressee"), all)
    });
    Some(Happening::Order { rule, to: to?.to_string(), what: what? })
}
