//! Facts, levels and the rules that grade by them.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{Choice, Fact, FactId, FactKind, Grading, GradingRule, Level};

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule};
use super::super::yaml::Node;

/// What an answer may be written as in a pack.
const ANSWERS: [(&str, (FactKind, bool)); 3] = [
    ("yes-or-no", (FactKind::Bool, false)),
    // A yes-or-no fact that stands at no until somebody sets it with a reason.
    ("mark", (FactKind::Bool, true)),
    ("count", (FactKind::Count, false)),
];

/// Reads the facts and makes them known to predicates, each as soon as its type is clear.
pub(crate) fn facts(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<FactId, Fact>> {
    let entries = cx.entries(node, place, NameRule::Fact)?;
    let count = entries.len();
    let mut facts = BTreeMap::new();
    for (asked, (name, value, place)) in entries.into_iter().enumerate() {
        let id = FactId::new(name);
        if let Some(fact) = fact(cx, value, &place, &id) {
            facts.insert(id, Fact { place: asked, ..fact });
        }
    }
    (facts.len() == count).then_some(facts)
}

fn fact(cx: &mut Cx<'_>, node: &Node, place: &str, id: &FactId) -> Option<Fact> {
    let known = ["title", "hint", "answer", "one_of", "judged_by", "clause"];
    let fields = Fields::of(cx, node, place, &known);
    let answer = fields.as_ref().and_then(|fields| answer(cx, fields));
    match &answer {
        Some(answer) => drop(cx.names.facts.insert(id.clone(), answer.clone())),
        None => drop(cx.names.broken_facts.insert(id.to_string())),
    }
    let fields = fields?;
    let title = fields.title(cx, "title");
    let hint = fields.long(cx, "hint");
    let judged_by = fields.read(cx, "judged_by", Cx::role);
    let clause = fields.clause(cx, "clause");
    let (kind, needs_reason) = answer?;
    let (title, hint, judged_by, clause) = (title?, hint?, judged_by?, clause?);
    // Its place is known to whoever reads them all.
    Some(Fact { place: 0, title, hint, kind, judged_by, clause, needs_reason })
}

/// `answer: yes-or-no`, or `one_of:` with the choices.
fn answer(cx: &mut Cx<'_>, fields: &Fields<'_>) -> Option<(FactKind, bool)> {
    if fields.get("answer").is_some() && fields.get("one_of").is_some() {
        let message = say("answer 与 one_of 只能写一个", "`answer` and `one_of` stand together");
        cx.report(
            Code::WrongType,
            fields.at,
            &fields.place("one_of"),
            message,
            Some(say("只保留一个", "keep one of them")),
        );
        return None;
    }
    if fields.get("one_of").is_some() {
        return fields.read(cx, "one_of", choices).map(|choices| (FactKind::OneOf(choices), false));
    }
    let place = fields.place("answer");
    let node = fields.need(cx, "answer")?;
    let words: Vec<(&str, usize)> = ANSWERS.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
    cx.word(node, &place, &words).map(|at| ANSWERS[at].1.clone())
}

/// The choices in the order of the document; at least two.
fn choices(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Choice>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut choices = Vec::new();
    for (id, value, place) in entries {
        let Some(fields) = Fields::of(cx, value, &place, &["zh", "en", "clause"]) else { continue };
        let title = fields.both(cx, MAX_TITLE_CHARS);
        let clause = fields.maybe(cx, "clause", Cx::clause);
        if let (Some(title), Some(clause)) = (title, clause) {
            choices.push(Choice { id: id.to_owned(), title, clause });
        }
    }
    if count < 2 {
        let message = say("至少要有两个选项", "a choice needs at least two answers");
        cx.report(Code::Empty, node.at, place, message, None);
        return None;
    }
    (choices.len() == count).then_some(choices)
}

/// `I: { title, clause }`
pub(crate) fn levels(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<IncidentLevel, Level>> {
    let entries = cx.entries(node, place, NameRule::Any)?;
    let count = entries.len();
    let mut levels = BTreeMap::new();
    for (numeral, value, place) in entries {
        let fields = Fields::of(cx, value, &place, &["title", "clause"]);
        let Some(level) = IncidentLevel::parse(numeral) else {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let known = IncidentLevel::ALL.map(IncidentLevel::as_str);
            cx.unknown((Code::UnknownLevel, "等级", "level"), (at, &place), numeral, known);
            continue;
        };
        let Some(fields) = fields else { continue };
        let title = fields.title(cx, "title");
        let clause = fields.clause(cx, "clause");
        if let (Some(title), Some(clause)) = (title, clause) {
            levels.insert(level, Level { title, clause });
        }
    }
    if count == 0 {
        cx.report(Code::Empty, node.at, place, say("没有等级", "there is no level"), None);
    }
    (count > 0 && levels.len() == count).then_some(levels)
}

pub(crate) fn grading(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Grading> {
    let fields = Fields::of(cx, node, place, &["confirmed_by", "clause", "rules"])?;
    let confirmed_by = fields.roles(cx, "confirmed_by");
    let clause = fields.clause(cx, "clause");
    let rules = fields.read(cx, "rules", |cx, node, place| {
        let level = |cx: &mut Cx<'_>, node: &Node, place: &str| cx.level(node, place);
        rules(cx, node, place, "level", (IncidentLevel::as_str, level))
    });
    Some(Grading { confirmed_by: confirmed_by?, clause: clause?, rules: rules? })
}

/// The rules, worst level first. Levels are those of incidents or of warnings: `key` says which they propose,
/// the pair after it what a level is called and how it is read.
pub(crate) fn rules<L: Copy + Ord>(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    key: &str,
    (name, read): (fn(L) -> &'static str, impl Fn(&mut Cx<'_>, &Node, &str) -> Option<L>),
) -> Option<Vec<GradingRule<L>>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let mut rules: Vec<GradingRule<L>> = Vec::new();
    for item in items {
        let Some(rule) = rule(cx, item, place, &mut seen, (key, &read)) else { continue };
        if let Some(worse) = rules.last().filter(|last| last.level > rule.level) {
            let (own, above) = (name(rule.level), name(worse.level));
            let message = say(
                format!("{own} 级规则排在 {above} 级规则之后"),
                format!("a rule of level {own} stands below one of level {above}"),
            );
            let fix = say("由重到轻排列", "list the worst level first");
            cx.report(Code::GradingOrder, item.at, &format!("{place}/{}", rule.id), message, Some(fix));
        }
        rules.push(rule);
    }
    if items.is_empty() {
        cx.report(Code::Empty, node.at, place, say("没有定级规则", "there is no grading rule"), None);
    }
    (!items.is_empty() && rules.len() == items.len()).then_some(rules)
}

fn rule<L>(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    (key, read): (&str, impl Fn(&mut Cx<'_>, &Node, &str) -> Option<L>),
) -> Option<GradingRule<L>> {
    let fields = Fields::of(cx, node, list, &["id", key, "when", "clause", "says", "judge"])?;
    let id = cx.rule_id(&fields, list, seen);
    let level = fields.read(cx, key, |cx, node, place| read(cx, node, place));
    let when = fields.read(cx, "when", |cx, node, place| cx.predicate(node, place, false));
    let clause = fields.clause(cx, "clause");
    let says = fields.long(cx, "says");
    let judge =
        fields.maybe(cx, "judge", |cx, node, place| cx.text(node, place, super::super::read::MAX_TEXT_CHARS));
    Some(GradingRule { id: id?, level: level?, when: when?, clause: clause?, says: says?, judge: judge? })
}
