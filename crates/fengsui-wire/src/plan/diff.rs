//! What differs between two versions of a plan, in words: rules that came, went or changed, each with its
//! clause, and for a changed one what it said and what it says.
//!
//! Compared is the plan as the API shows it, which has no playbooks and no records of evidence yet. Rules are
//! told apart by their ids; the order counts only where the engine reads it (grading rules).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fengsui_domain::plan::{Lang, Plan, RoleId};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::values::span_text;
use crate::api;

mod names;
#[cfg(test)]
mod tests;

use names::{field_name, section_name};

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
    let whole = |plan: &Plan| match serde_json::to_value(api::Plan::new("", plan)) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (before, after) = (whole(before), whole(after));
    let mut found = Vec::new();
    for section in names::SECTIONS {
        let (old, new) = (before.get(section.0), after.get(section.0));
        compare(section.0, old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null), &mut found);
    }
    found
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
    let kept = |list: &[(String, Value)], other: &[(String, Value)]| -> Vec<Value> {
        let shared = list.iter().filter(|(id, _)| other.iter().any(|(known, _)| known == id));
        shared.map(|(id, _)| Value::String(id.clone())).collect()
    };
    let (was, is) = (kept(&old, &new), kept(&new, &old));
    if section == "grading/rules" && was != is {
        let change =
            Change::Changed { field: "order".to_owned(), before: Value::Array(was), after: Value::Array(is) };
        found.push(difference(section, None, change));
    }
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
        if of.is_none() && field == "rules" {
            compare(&format!("{section}/rules"), &before, &after, found);
            continue;
        }
        found.push(difference(section, of, Change::Changed { field, before, after }));
    }
}

fn walk(path: String, before: &Value, after: &Value, found: &mut BTreeMap<String, (Value, Value)>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if !is_text(old) && !is_text(new) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
                walk(path, old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null), found);
            }
        }
        _ => {
            found.insert(path, (before.clone(), after.clone()));
        }
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

/// The differences as a document for people, in one language.
pub fn show_diff(before: &Plan, after: &Plan, lang: Lang) -> String {
    let words = Words { plans: [after, before], lang };
    let mut out = String::new();
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let found = diff(before, after);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {} → {}", before.title.get(lang), after.title.get(lang));
    if found.is_empty() {
        let _ = writeln!(out, "\n{}", say("两者没有差别。", "Nothing differs."));
    }
    let mut last = ("", None);
    for each in &found {
        if each.section != last.0 {
            let _ = writeln!(out, "\n## {}\n", section_name(&each.section, lang));
            last = (&each.section, None);
        }
        let name = words.name(each);
        let (mark, line) = match &each.change {
            Change::Added => (say("新增 ", "new: "), String::new()),
            Change::Removed => (say("删除 ", "gone: "), String::new()),
            Change::Changed { field, before, after } => {
                let (before, after) = (words.value(field, before), words.value(field, after));
                let colon = if field.is_empty() { "" } else { say("：", ": ") };
                ("", format!("{}{colon}{before} → {after}", field_name(field, lang)))
            }
        };
        match (name.is_empty(), line.is_empty()) {
            (true, _) => drop(writeln!(out, "- {line}")),
            (false, true) => drop(writeln!(out, "- {mark}{name}")),
            (false, false) => {
                if last.1 != each.id.as_ref() {
                    let _ = writeln!(out, "- {name}");
                }
                let _ = writeln!(out, "  - {line}");
            }
        }
        last.1 = each.id.as_ref();
    }
    out
}

/// Values in words: ids by the names the plans give them.
struct Words<'p> {
    /// Where names are looked up: the later version first.
    plans: [&'p Plan; 2],
    lang: Lang,
}

impl Words<'_> {
    fn say(&self, zh: &str, en: &str) -> String {
        if self.lang == Lang::Zh { zh } else { en }.to_owned()
    }

    /// `**title** [5.1.3.a]`
    fn name(&self, of: &Difference) -> String {
        let Some(id) = &of.id else { return String::new() };
        let clause = of.clause.as_deref().unwrap_or_default();
        let number = clause.split_once('/').map_or(clause, |(_, number)| number);
        let own = if number.is_empty() { id } else { number };
        let title = of.title.as_ref().map_or_else(|| own.to_owned(), |title| self.value("title", title));
        if number.is_empty() || number == title {
            format!("**{title}**")
        } else {
            format!("**{title}** [{number}]")
        }
    }

    fn value(&self, field: &str, value: &Value) -> String {
        let own = field.rsplit('/').next().unwrap_or(field);
        match value {
            Value::Null => self.say("（无）", "(nothing)"),
            Value::Bool(true) => self.say("是", "yes"),
            Value::Bool(false) => self.say("否", "no"),
            Value::Number(number) if own.ends_with("_s") => self.span(number.as_i64().unwrap_or_default()),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.title_of(text),
            Value::Array(items) if items.is_empty() => self.say("（无）", "(nothing)"),
            Value::Array(items) => {
                let parts: Vec<String> = items.iter().map(|item| self.value(field, item)).collect();
                parts.join(&self.say("、", ", "))
            }
            Value::Object(fields) if is_text(fields) => {
                let key = if self.lang == Lang::Zh { "zh" } else { "en" };
                fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
            }
            Value::Object(fields) => {
                let parts = fields.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
                    let colon = self.say("：", " ");
                    format!("{}{colon}{}", field_name(name, self.lang), self.value(name, value))
                });
                format!("({})", parts.collect::<Vec<_>>().join(&self.say("，", ", ")))
            }
        }
    }

    /// The name of a role, if this is the id of one.
    fn title_of(&self, text: &str) -> String {
        let role = RoleId::new(text);
        let known = self.plans.iter().find_map(|plan| plan.roles.get(&role));
        known.map_or_else(|| text.to_owned(), |role| role.title.get(self.lang).to_owned())
    }

    fn span(&self, seconds: i64) -> String {
        let (figure, unit) = span_text(SignedDuration::from_secs(seconds));
        match (self.lang, unit) {
            (Lang::Zh, "d") => format!("{figure} 日"),
            (Lang::Zh, "h") => format!("{figure} 小时"),
            (Lang::Zh, _) => format!("{figure} 分钟"),
            (Lang::En, unit) => format!("{figure} {unit}"),
        }
    }
}
