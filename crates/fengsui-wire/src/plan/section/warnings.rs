//! Warnings: colours and what proposes them, who issues, what is stated, confirmed and done.
//!
//! The questions about a threat are the section's own: its rules read them and no others. What names another
//! part of the section (a colour, an approval, an edition) is held against the ids that stand there, whether
//! that part can be read or not, so that one mistake is one finding.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use fengsui_domain::plan::{Colour, ColourGrading, ColourRules, Fact, FactId, RuleId, TwoPerson, Warnings};
use fengsui_domain::warning::WarningColour;

use super::super::finding::{Code, Spot, quoted, say};
use super::super::read::{Cx, Fields, NameRule};
use super::super::yaml::{Kind, Node};
use super::grading;

mod issuing;
mod owed;

const KEYS: [&str; 14] = [
    "clause",
    "colours",
    "facts",
    "grading",
    "rights",
    "approvals",
    "two_person",
    "changes",
    "form",
    "editions",
    "receipts",
    "measures",
    "own_measures",
    "periods",
];

/// The names of the section, which its parts refer to.
struct Known {
    colours: BTreeSet<String>,
    approvals: BTreeSet<String>,
    editions: BTreeSet<String>,
    periods: BTreeSet<String>,
    /// Measures and receipts.
    owed: BTreeSet<String>,
}

/// Reads the section.
pub(crate) fn warnings(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Warnings> {
    let fields = Fields::of(cx, node, place, &KEYS)?;
    cx.spots.insert(place.to_owned(), fields.at);
    let known = Known {
        colours: keys(fields.get("colours")),
        approvals: ids(fields.get("approvals")),
        editions: ids(fields.get("editions")),
        periods: ids(fields.get("periods")),
        owed: ids(fields.get("measures")).into_iter().chain(ids(fields.get("receipts"))).collect(),
    };
    let clause = fields.clause(cx, "clause");
    let colours = fields.read(cx, "colours", colours);
    let incident = mem::take(&mut cx.names.facts);
    let broken = mem::take(&mut cx.names.broken_facts);
    let no_facts = mem::replace(&mut cx.names.no_facts, false);
    let facts = fields.maybe(cx, "facts", |cx, node, place| facts(cx, node, place, incident.keys()));
    let grading = fields.read(cx, "grading", |cx, node, place| colour_grading(cx, node, place, &known));
    let approvals = fields.maybe(cx, "approvals", |cx, node, place| {
        each(cx, node, place, |cx, item, place, seen| issuing::approval(cx, item, place, seen, &known))
    });
    (cx.names.facts, cx.names.broken_facts, cx.names.no_facts) = (incident, broken, no_facts);
    let rights = fields.read(cx, "rights", |cx, node, place| {
        each(cx, node, place, |cx, item, place, seen| issuing::right(cx, item, place, seen, &known))
    });
    let two_person = fields.maybe(cx, "two_person", |cx, node, place| two_person(cx, node, place, &known));
    let changes = fields.read(cx, "changes", issuing::changes);
    let form = fields.read(cx, "form", issuing::form);
    let editions = fields.read(cx, "editions", |cx, node, place| each(cx, node, place, issuing::edition));
    // Receipts and measures may name each other, so their ids are told apart together.
    let mut seen = BTreeSet::new();
    let receipts = fields.maybe(cx, "receipts", |cx, node, place| {
        let items = cx.list(node, place)?.iter();
        let read: Vec<_> = items.map(|item| owed::receipt(cx, item, place, &mut seen, &known)).collect();
        read.into_iter().collect::<Option<Vec<_>>>()
    });
    let measures = fields.maybe(cx, "measures", |cx, node, place| {
        let items = cx.list(node, place)?.iter();
        let read: Vec<_> = items.map(|item| owed::measure(cx, item, place, &mut seen, &known)).collect();
        read.into_iter().collect::<Option<Vec<_>>>()
    });
    let own_measures = fields.maybe(cx, "own_measures", Cx::clause);
    let periods = fields.maybe(cx, "periods", |cx, node, place| {
        each(cx, node, place, |cx, item, place, seen| owed::period(cx, item, place, seen, &known))
    });
    Some(Warnings {
        clause: clause?,
        colours: colours?,
        facts: facts?.unwrap_or_default(),
        grading: grading?,
        rights: rights?,
        approvals: approvals?.unwrap_or_default(),
        two_person: two_person?,
        changes: changes?,
        form: form?,
        editions: editions?,
        receipts: receipts?.unwrap_or_default(),
        measures: measures?.unwrap_or_default(),
        own_measures: own_measures?,
        periods: periods?.unwrap_or_default(),
    })
}

/// The keys of a mapping; none if it is not one, which is said where it is read.
fn keys(node: Option<&Node>) -> BTreeSet<String> {
    match node.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries.iter().map(|(key, _)| key.text.clone()).collect(),
        _ => BTreeSet::new(),
    }
}

/// The ids in a list of mappings.
fn ids(node: Option<&Node>) -> BTreeSet<String> {
    let Some(Kind::List(items)) = node.map(|node| &node.kind) else { return BTreeSet::new() };
    let id = |item: &Node| {
        let Kind::Map(entries) = &item.kind else { return None };
        let (_, value) = entries.iter().find(|(key, _)| key.text == "id")?;
        match &value.kind {
            Kind::Scalar(scalar) => Some(scalar.text.clone()),
            _ => None,
        }
    };
    items.iter().filter_map(id).collect()
}

/// The entries of a list, each with an id of its own.
fn each<T>(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    read: impl Fn(&mut Cx<'_>, &Node, &str, &mut BTreeSet<String>) -> Option<T>,
) -> Option<Vec<T>> {
    let items = cx.list(node, place)?;
    let mut seen = BTreeSet::new();
    let entries: Vec<_> = items.iter().map(|item| read(cx, item, place, &mut seen)).collect();
    entries.into_iter().collect()
}

/// `red: { title, level, clause }`
fn colours(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<WarningColour, Colour>> {
    let entries = cx.entries(node, place, NameRule::Any)?;
    let count = entries.len();
    let mut colours: BTreeMap<WarningColour, Colour> = BTreeMap::new();
    for (name, value, place) in entries {
        let fields = Fields::of(cx, value, &place, &["title", "level", "clause"]);
        let Some(colour) = WarningColour::parse(name) else {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let known = WarningColour::ALL.iter().map(|colour| colour.as_str());
            cx.unknown((Code::UnknownPart, "颜色", "colour"), (at, &place), name, known);
            continue;
        };
        let Some(fields) = fields else { continue };
        let title = fields.title(cx, "title");
        let level = fields.read(cx, "level", Cx::level);
        let clause = fields.clause(cx, "clause");
        if let (Some(title), Some(level), Some(clause)) = (title, level, clause) {
            colours.insert(colour, Colour { title, level, clause });
        }
    }
    let rises = colours.values().map(|colour| colour.level).is_sorted();
    if !rises {
        let says =
            ("颜色越重，对应的等级应越重", "a worse colour stands for a milder level than the one below");
        shape(cx, node.at, place, says);
    }
    (rises && colours.len() == count).then_some(colours)
}

/// The questions about a threat. Words and answers are looked up by the id alone, so it is not one of an incident's.
fn facts<'f>(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    mut incident: impl Iterator<Item = &'f FactId>,
) -> Option<BTreeMap<FactId, Fact>> {
    let facts = grading::facts(cx, node, place);
    let Some(twice) = incident.find(|id| cx.names.facts.contains_key(*id)) else { return facts };
    let place = format!("{place}/{twice}");
    let at = cx.spots.get(&place).copied().unwrap_or(node.at);
    let twice = quoted(twice.as_str());
    let message = say(
        format!("{twice} 已是事件的事实，威胁的事实须另取名称"),
        format!("{twice} is a fact of incidents; one of threats needs a name of its own"),
    );
    cx.report(Code::DuplicateId, at, &place, message, None);
    None
}

/// `{ confirmed_by, clause }` with `by_level: true` or `rules`.
fn colour_grading(cx: &mut Cx<'_>, node: &Node, place: &str, known: &Known) -> Option<ColourGrading> {
    let fields = Fields::of(cx, node, place, &["confirmed_by", "clause", "by_level", "rules"])?;
    let confirmed_by = fields.roles(cx, "confirmed_by");
    let clause = fields.clause(cx, "clause");
    let by_level = fields.flag(cx, "by_level");
    let rules = fields.maybe(cx, "rules", |cx, node, place| {
        let read = |cx: &mut Cx<'_>, node: &Node, place: &str| colour(cx, node, place, known);
        grading::rules(cx, node, place, "colour", (WarningColour::as_str, read))
    });
    let rules = match (by_level?, rules?) {
        (true, None) => ColourRules::ByLevel,
        (false, Some(rules)) => ColourRules::Own(rules),
        _ => {
            let says = ("写 by_level: true 或 rules，只写一种", "write one of `by_level: true` and `rules`");
            shape(cx, fields.at, place, says);
            return None;
        }
    };
    Some(ColourGrading { confirmed_by: confirmed_by?, clause: clause?, rules })
}

/// `{ colours, clause, is_default }`
fn two_person(cx: &mut Cx<'_>, node: &Node, place: &str, known: &Known) -> Option<TwoPerson> {
    let fields = Fields::of(cx, node, place, &["colours", "clause", "is_default"])?;
    cx.spots.insert(place.to_owned(), fields.at);
    let colours = fields.read(cx, "colours", |cx, node, place| some_colours(cx, node, place, known));
    let clause = fields.clause(cx, "clause");
    let is_default = fields.flag(cx, "is_default");
    Some(TwoPerson { colours: colours?, clause: clause?, is_default: is_default? })
}

/// A colour of the plan.
fn colour(cx: &mut Cx<'_>, node: &Node, place: &str, known: &Known) -> Option<WarningColour> {
    let name = &cx.scalar(node, place)?.text;
    let what = (Code::UnknownPart, "颜色", "colour");
    cx.among(Some(&known.colours), what, (node.at, place), name).then(|| WarningColour::parse(name))?
}

/// Colours of the plan, at least one.
fn some_colours(cx: &mut Cx<'_>, node: &Node, place: &str, known: &Known) -> Option<Vec<WarningColour>> {
    some(cx, node, place, |cx, item, place| colour(cx, item, place, known))
}

/// A list with at least one entry.
fn some<T>(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    read: impl Fn(&mut Cx<'_>, &Node, &str) -> Option<T>,
) -> Option<Vec<T>> {
    let items = cx.list(node, place)?;
    if items.is_empty() {
        cx.report(Code::Empty, node.at, place, say("列表为空", "the list is empty"), None);
        return None;
    }
    let read: Vec<_> = items.iter().map(|item| read(cx, item, place)).collect();
    read.into_iter().collect()
}

/// Another part of the section, by its id.
fn part(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    (known, zh, en): (&BTreeSet<String>, &str, &str),
) -> Option<RuleId> {
    let name = &cx.scalar(node, place)?.text;
    let found = cx.among(Some(known), (Code::UnknownPart, zh, en), (node.at, place), name);
    found.then(|| RuleId::new(name.as_str()))
}

fn shape(cx: &mut Cx<'_>, at: Spot, place: &str, (zh, en): (&str, &str)) {
    cx.report(Code::WarningShape, at, place, say(zh, en), None);
}
