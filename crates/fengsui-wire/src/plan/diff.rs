//! What differs between two versions of a plan, in words: rules that came, went or changed, each with its
//! clause, and for a changed one what it said and what it says.
//!
//! Compared is the plan as the API shows it, which is all of it; a test changes every field of every part, and
//! does not compile while a new one is missing there. Rules are told apart by their ids. The order of rules
//! counts only where somebody follows it: the engine (grading rules) or people (questions, classes, steps).

use std::collections::BTreeMap;

use fengsui_domain::plan::Plan;
use serde_json::{Map, Value};

use crate::api;

mod names;
#[cfg(test)]
mod tests;
mod words;

pub use words::{RuleChanges, SectionChanges, diff_in_words, show_diff};

/// Sections in which the order of the entries says something.
const ORDERED: [&str; 5] = ["categories", "facts", "grading/rules", "steps", "warnings/grading/rules"];

/// The section whose parts are lists of their own.
const WARNINGS: &str = "warnings";

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The section of the pack.
    pub section: String,
    /// The id of the rule, role, fact; absent for what stands by itself, such as the title.
    pub id: Option<String>,
    /// Its name in both languages, as far as it has one.
    pub title: Option<Value>,
    /// Its clause.
    pub clause: Option<String>,
    /// What happened to it.
    #[serde(flatten)]
    pub change: Change,
}

/// What happened to a part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// One of its fields changed.
    Changed {
        /// Which one; parts of parts are joined by a slash.
        field: String,
        /// What it said; null if nothing.
        before: Value,
        /// What it says; null if nothing.
        after: Value,
    },
}

/// Everything that differs, in the order of the plan's sections.
pub fn diff(before: &Plan, after: &Plan) -> Vec<Difference> {
    let (before, after) = (whole(before), whole(after));
    let mut found = Vec::new();
    for section in names::SECTIONS {
        let part = |whole: &Map<String, Value>| match whole.get(section.0) {
            // A plan without warnings differs in every part from one with them, not in one big value.
            Some(Value::Null) if section.0 == WARNINGS => Value::Object(Map::new()),
            Some(value) => value.clone(),
            None => Value::Null,
        };
        compare(section.0, &part(&before), &part(&after), &mut found);
    }
    found
}

/// A plan by its sections: what the API shows, with rules and steps of playbooks as sections of their own.
fn whole(plan: &Plan) -> Map<String, Value> {
    let Ok(Value::Object(mut sections)) = serde_json::to_value(api::Plan::new("", plan)) else {
        return Map::new();
    };
    let rules = sections
        .get_mut("grading")
        .and_then(Value::as_object_mut)
        .and_then(|grading| grading.remove("rules"));
    sections.extend(rules.map(|rules| ("grading/rules".to_owned(), rules)));
    let mut steps = Vec::new();
    for playbook in sections.get_mut("playbooks").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(playbook) = playbook.as_object_mut() else { continue };
        let (id, title) = (playbook.get("id").cloned(), playbook.get("title").cloned());
        if let (Some(id), Some(title), Some(Value::Array(own))) = (id, title, playbook.remove("steps")) {
            steps.extend(own.into_iter().map(|step| step_of(&id, &title, step)));
        }
    }
    sections.insert("steps".to_owned(), Value::Array(steps));
    lists_of_warnings(&mut sections);
    // What is kept is named once, in words.
    for proof in sections.get_mut("evidence").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(proof) = proof.as_object_mut() else { continue };
        proof.remove("route");
        if let Some(title) = proof.remove("title") {
            proof.insert("keeps".to_owned(), title);
        }
    }
    sections
}

/// The lists of warnings as sections of their own.
fn lists_of_warnings(sections: &mut Map<String, Value>) {
    for (section, _, _) in names::SECTIONS {
        let Some(path) = section.strip_prefix("warnings/") else { continue };
        let (parts, list) = path.rsplit_once('/').unwrap_or(("", path));
        let mut part = sections.get_mut(WARNINGS);
        for name in parts.split('/').filter(|name| !name.is_empty()) {
            part = part.and_then(|part| part.get_mut(name));
        }
        let found = part.and_then(Value::as_object_mut).and_then(|part| part.remove(list));
        sections.extend(found.map(|list| (section.to_owned(), list)));
    }
}

/// A step that can stand apart from its playbook: `virus-outbreak/disconnect`, "Virus outbreak: Disconnect".
fn step_of(playbook: &Value, title: &Value, mut step: Value) -> Value {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = step.get("title").cloned().unwrap_or_default();
    if let (Some(fields), Some(playbook)) = (step.as_object_mut(), playbook.as_str()) {
        let id = fields.get("id").and_then(Value::as_str).unwrap_or_default();
        let id = format!("{playbook}/{id}");
        fields.insert("id".to_owned(), Value::String(id));
        let zh = format!("{}：{}", text(title, "zh"), text(&own, "zh"));
        let en = format!("{}: {}", text(title, "en"), text(&own, "en"));
        fields.insert("title".to_owned(), serde_json::json!({ "zh": zh, "en": en }));
    }
    step
}

fn compare(section: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    let (old, new) = (entries(before), entries(after));
    if old.is_none() && new.is_none() {
        fields(section, None, (before, after), found);
        return;
    }
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    for (id, entry) in &old {
        match new.iter().find(|(other, _)| other == id) {
            Some((_, now)) => fields(section, Some((id, now)), (entry, now), found),
            None => found.push(difference(section, Some((id, entry)), Change::Removed)),
        }
    }
    for (id, entry) in new.iter().filter(|(id, _)| !old.iter().any(|(other, _)| other == id)) {
        found.push(difference(section, Some((id, entry)), Change::Added));
    }
    if let Some((before, after)) = order(&old, &new).filter(|_| ORDERED.contains(&section)) {
        let change = Change::Changed { field: "order".to_owned(), before, after };
        found.push(difference(section, None, change));
    }
}

/// The order of the entries that both lists have, if it differs.
fn order(old: &[(String, Value)], new: &[(String, Value)]) -> Option<(Value, Value)> {
    let kept = |list: &[(String, Value)], other: &[(String, Value)]| -> Vec<Value> {
        let shared = list.iter().filter(|(id, _)| other.iter().any(|(known, _)| known == id));
        shared.map(|(id, _)| Value::String(id.clone())).collect()
    };
    let (was, is) = (kept(old, new), kept(new, old));
    (was != is).then_some((Value::Array(was), Value::Array(is)))
}

/// The entries of a list by their ids: of objects with an id or a level, or of a table of clauses.
fn entries(value: &Value) -> Option<Vec<(String, Value)>> {
    let id = |entry: &Value| {
        let key = ["id", "level", "clause", "year"].into_iter().find_map(|key| entry.get(key)?.as_str());
        key.map(str::to_owned)
    };
    let Value::Array(items) = value else { return None };
    if items.is_empty() {
        return None;
    }
    // Several settlements may concern one clause: they are told apart by their place.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries = Vec::new();
    for entry in items {
        let id = id(entry)?;
        let before = seen.entry(id.clone()).or_default();
        *before += 1;
        let id = if *before == 1 { id } else { format!("{id}#{before}") };
        entries.push((id, entry.clone()));
    }
    Some(entries)
}

/// The fields of one part that differ; parts of parts are looked into.
fn fields(section: &str, of: Option<(&String, &Value)>, pair: (&Value, &Value), found: &mut Vec<Difference>) {
    let mut differing = BTreeMap::new();
    walk(String::new(), pair.0, pair.1, &mut differing);
    for (field, (before, after)) in differing {
        found.push(difference(section, of, Change::Changed { field, before, after }));
    }
}

fn walk(path: String, before: &Value, after: &Value, found: &mut BTreeMap<String, (Value, Value)>) {
    if before == after {
        return;
    }
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if !is_text(old) && !is_text(new) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                let (old, new) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
                walk(below(key), old, new, found);
            }
        }
        _ => match (entries(before), entries(after)) {
            // Lists inside a rule are compared entry by entry, each named by its id.
            (Some(old), Some(new)) => {
                let entry = |list: &[(String, Value)], id: &String| {
                    let known = list.iter().find(|(known, _)| known == id);
                    known.map_or(Value::Null, |(_, entry)| entry.clone())
                };
                let ids = old.iter().chain(new.iter().filter(|(id, _)| entry(&old, id).is_null()));
                for (id, _) in ids {
                    walk(below(id), &entry(&old, id), &entry(&new, id), found);
                }
                if let Some(order) = order(&old, &new) {
                    found.insert(below("order"), order);
                }
            }
            _ => {
                found.insert(path, (before.clone(), after.clone()));
            }
        },
    }
}

/// A text in two languages is one value.
fn is_text(object: &Map<String, Value>) -> bool {
    object.len() == 2 && object.contains_key("zh") && object.contains_key("en")
}

fn difference(section: &str, of: Option<(&String, &Value)>, change: Change) -> Difference {
    let field = |name: &str| of.and_then(|(_, entry)| entry.get(name)).cloned();
    Difference {
        section: section.to_owned(),
        id: of.map(|(id, _)| id.clone()),
        title: field("title").or_else(|| field("says")).filter(|title| !title.is_null()),
        clause: field("clause").and_then(|clause| clause.as_str().map(str::to_owned)),
        change,
    }
}
