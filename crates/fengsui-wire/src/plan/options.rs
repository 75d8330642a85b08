//! Options of defaults: what else a clause may be taken to mean, as changes of the pack's own sections.
//!
//! A pack chooses with its section `chosen`; an operator chooses with a file of that section more. The
//! `change` of each option that was chosen is merged into the sections as they were written, before anything
//! is read, so a choice is checked and carried out like any other text of the pack and has a digest of its
//! own. A mapping is merged key by key, also into a list whose items have an `id` or a `level`; `~` takes
//! away what stands there, be it a whole section; anything else replaces it.

use std::collections::BTreeMap;

use fengsui_domain::plan::{Plan, Text};

use super::finding::{Code, Spot, quoted, say};
use super::load::SECTIONS;
use super::read::{Cx, Fields, NameRule};
use super::yaml::{Key, Kind, Node};

/// The section that says which options are in use.
pub(super) const CHOSEN: &str = "chosen";
/// The file in which an operator chooses: its section takes the place of the pack's own.
pub(super) const CHOSEN_FILE: &str = "chosen.yaml";
/// The section whose entries have options.
const DEFAULTS: &str = "defaults";
/// Sections that no option changes: what the pack is, and the choosing itself.
const FIXED: [&str; 3] = ["plan", DEFAULTS, CHOSEN];
/// What tells the items of a list apart.
const ITEM_KEYS: [&str; 2] = ["id", "level"];

/// The options a pack chooses, by settlement; what is not there is reported and left out.
pub(super) fn chosen(cx: &mut Cx<'_>, sections: &Fields<'_>) -> BTreeMap<String, String> {
    let mut chosen = BTreeMap::new();
    let Some(node) = sections.get(CHOSEN) else { return chosen };
    for (default, value, place) in cx.entries(node, CHOSEN, NameRule::Id).unwrap_or_default() {
        let Some(option) = cx.scalar(value, &place).map(|scalar| scalar.text.clone()) else { continue };
        let known = defaults(sections);
        let Some(settlement) = known.get(default) else {
            let what = (Code::OptionUnknown, "默认处理", "default");
            cx.unknown(what, (value.at, &place), default, known.keys().copied());
            continue;
        };
        let options = options(settlement);
        if options.contains_key(option.as_str()) {
            chosen.insert(default.to_owned(), option);
        } else {
            let what = (Code::OptionUnknown, "选项", "option");
            cx.unknown(what, (value.at, &place), &option, options.keys().copied());
        }
    }
    chosen
}

/// The sections that the chosen options change, as they are then.
pub(super) fn changed(
    cx: &mut Cx<'_>,
    sections: &Fields<'_>,
    chosen: &BTreeMap<String, String>,
) -> BTreeMap<String, Node> {
    let mut changed: BTreeMap<String, Node> = BTreeMap::new();
    let known = defaults(sections);
    for (default, option) in chosen {
        let options = known.get(default.as_str()).map(|settlement| options(settlement)).unwrap_or_default();
        let Some(Node { kind: Kind::Map(changes), .. }) =
            options.get(option.as_str()).and_then(|option| member(option, "change"))
        else {
            continue; // What an option lacks is reported where the settlements are read.
        };
        for (section, change) in changes {
            let place = format!("{DEFAULTS}/{default}/options/{option}/change/{}", section.text);
            if FIXED.contains(&section.text.as_str()) {
                no_place(
                    cx,
                    section.at,
                    &place,
                    say("选项不能更改这一节", "an option does not change this section"),
                );
                continue;
            }
            match changed.get(&section.text).or_else(|| sections.get(&section.text)) {
                Some(_) if change.is_null() => {
                    if SECTIONS.contains(&(section.text.as_str(), true)) {
                        no_place(
                            cx,
                            section.at,
                            &place,
                            say("这一节不能去掉", "a plan does not do without this section"),
                        );
                    }
                    changed.insert(section.text.clone(), change.clone());
                }
                Some(before) => {
                    let after = merged(cx, before, change, &place);
                    changed.insert(section.text.clone(), after);
                }
                None if change.is_null() => nothing_to_take(cx, section, &place),
                None => drop(changed.insert(section.text.clone(), change.clone())),
            }
        }
    }
    changed
}

/// `before` with `change` merged into it.
fn merged(cx: &mut Cx<'_>, before: &Node, change: &Node, place: &str) -> Node {
    let Kind::Map(changes) = &change.kind else { return change.clone() };
    let mut after = before.clone();
    for (key, value) in changes {
        let place = format!("{place}/{}", key.text);
        let gone = value.is_null();
        match &mut after.kind {
            Kind::Map(entries) => {
                let at = entries.iter().position(|(known, _)| known.text == key.text);
                match (at, gone) {
                    (Some(at), true) => drop(entries.remove(at)),
                    (Some(at), false) => entries[at].1 = merged(cx, &entries[at].1, value, &place),
                    (None, true) => nothing_to_take(cx, key, &place),
                    (None, false) => entries.push((key.clone(), value.clone())),
                }
            }
            Kind::List(items) => {
                let at = items.iter().position(|item| named(item) == Some(key.text.as_str()));
                match (at, gone) {
                    (Some(at), true) => drop(items.remove(at)),
                    (Some(at), false) => items[at] = merged(cx, &items[at], value, &place),
                    (None, true) => nothing_to_take(cx, key, &place),
                    (None, false) if named(value).is_none() => {
                        let what = (Code::OptionNoPlace, "条目", "entry");
                        cx.unknown(what, (key.at, &place), &key.text, items.iter().filter_map(named));
                    }
                    (None, false) => items.push(value.clone()),
                }
            }
            Kind::Scalar(_) | Kind::Refused => return change.clone(),
        }
    }
    after
}

/// What a list item is called.
fn named(item: &Node) -> Option<&str> {
    ITEM_KEYS.into_iter().find_map(|key| match &member(item, key)?.kind {
        Kind::Scalar(scalar) => Some(scalar.text.as_str()),
        Kind::List(_) | Kind::Map(_) | Kind::Refused => None,
    })
}

fn nothing_to_take(cx: &mut Cx<'_>, key: &Key, place: &str) {
    let name = quoted(&key.text);
    let message = say(format!("没有可以去掉的 {name}"), format!("there is no {name} to take away"));
    no_place(cx, key.at, place, message);
}

fn no_place(cx: &mut Cx<'_>, at: Spot, place: &str, message: Text) {
    cx.report(Code::OptionNoPlace, at, place, message, None);
}

/// Whether two plans differ at most in what was chosen.
pub(super) fn same_but_for_choices(a: Plan, b: &Plan) -> bool {
    Plan { defaults: b.defaults.clone(), ..a } == *b
}

/// An option as it was written in one of these files.
pub(super) fn of_files<'n>(roots: &'n [Node], default: &str, option: &str) -> Option<&'n Node> {
    let mut settlements = roots.iter().filter_map(|root| member(root, DEFAULTS)).filter_map(items).flatten();
    let settlement = settlements.find(|item| named(item) == Some(default))?;
    member(member(settlement, "options")?, option)
}

fn items(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        Kind::List(items) => Some(items),
        Kind::Scalar(_) | Kind::Map(_) | Kind::Refused => None,
    }
}

/// The settlements of a pack by their ids, as they were written.
fn defaults<'n>(sections: &Fields<'n>) -> BTreeMap<&'n str, &'n Node> {
    let items = sections.get(DEFAULTS).and_then(items).unwrap_or_default();
    items.iter().filter_map(|item| Some((named(item)?, item))).collect()
}

/// The options of a settlement by their ids, as they were written.
fn options(settlement: &Node) -> BTreeMap<&str, &Node> {
    match member(settlement, "options").map(|options| &options.kind) {
        Some(Kind::Map(entries)) => entries.iter().map(|(key, value)| (key.text.as_str(), value)).collect(),
        _ => BTreeMap::new(),
    }
}

fn member<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().find(|(known, _)| known.text == key).map(|(_, value)| value),
        Kind::Scalar(_) | Kind::List(_) | Kind::Refused => None,
    }
}
