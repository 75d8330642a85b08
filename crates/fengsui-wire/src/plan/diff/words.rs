//! Differences in words: ids by the names the plans give them, values as people say them.

use std::fmt::Write as _;

use fengsui_domain::plan::{CategoryId, FactId, Lang, Plan, RoleId, RuleId, Text};
use jiff::SignedDuration;
use serde_json::Value;

use super::names::{field_name, section_name, value_name};
use super::{Change, Difference, diff, is_text};
use crate::plan::values::span_text;

/// The differences of one section, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionChanges {
    /// The section of the pack.
    pub section: String,
    /// The section's name.
    pub title: String,
    /// What changed, rule by rule.
    pub rules: Vec<RuleChanges>,
}

/// The differences of one rule, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChanges {
    /// It came or went, as a word; empty if it was there before and is there still.
    pub mark: &'static str,
    /// Its name; empty for what stands by itself.
    pub name: String,
    /// The number of its clause; empty if it has none.
    pub clause: String,
    /// What it said and what it says, field by field; empty if it came or went.
    pub lines: Vec<String>,
}

/// The differences in words, section by section, in one language.
pub fn diff_in_words(before: &Plan, after: &Plan, lang: Lang) -> Vec<SectionChanges> {
    let words = Words { plans: [after, before], lang };
    let say = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut sections: Vec<SectionChanges> = Vec::new();
    let mut last: Option<(String, Option<String>)> = None;
    for each in diff(before, after) {
        let same_section = last.as_ref().is_some_and(|(section, _)| *section == each.section);
        let same_rule = same_section && last.as_ref().is_some_and(|(_, id)| id.is_some() && *id == each.id);
        if !same_section {
            let title = section_name(&each.section, lang).clone();
            sections.push(SectionChanges { section: each.section.clone(), title, rules: Vec::new() });
        }
        let (mark, line) = match &each.change {
            Change::Added => (say("新增 ", "new: "), None),
            Change::Removed => (say("删除 ", "gone: "), None),
            Change::Changed { field, before, after } => {
                let (before, after) = (words.value(field, before), words.value(field, after));
                let colon = if field.is_empty() { "" } else { say("：", ": ") };
                ("", Some(format!("{}{colon}{before} → {after}", field_name(field, lang))))
            }
        };
        let Some(section) = sections.last_mut() else { continue };
        match section.rules.last_mut() {
            Some(rule) if same_rule && rule.mark.is_empty() && mark.is_empty() => rule.lines.extend(line),
            _ => {
                let (name, clause) = words.name(&each);
                section.rules.push(RuleChanges { mark, name, clause, lines: line.into_iter().collect() });
            }
        }
        last = Some((each.section, each.id));
    }
    sections
}

/// The differences as a document for people, in one language.
pub fn show_diff(before: &Plan, after: &Plan, lang: Lang) -> String {
    let mut out = String::new();
    let sections = diff_in_words(before, after, lang);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "# {} → {}", before.title.get(lang), after.title.get(lang));
    if sections.is_empty() {
        let nothing = if lang == Lang::Zh { "两者没有差别。" } else { "Nothing differs." };
        let _ = writeln!(out, "\n{nothing}");
    }
    for section in &sections {
        let _ = writeln!(out, "\n## {}\n", section.title);
        for rule in &section.rules {
            if !rule.name.is_empty() {
                let clause =
                    if rule.clause.is_empty() { String::new() } else { format!(" [{}]", rule.clause) };
                let _ = writeln!(out, "- {}**{}**{clause}", rule.mark, rule.name);
            }
            let indent = if rule.name.is_empty() { "" } else { "  " };
            for line in &rule.lines {
                let _ = writeln!(out, "{indent}- {line}");
            }
        }
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

    /// The title and the clause's number, where they are not the same.
    fn name(&self, of: &Difference) -> (String, String) {
        let Some(id) = &of.id else { return (String::new(), String::new()) };
        let clause = of.clause.as_deref().unwrap_or_default();
        let number = clause.split_once('/').map_or(clause, |(_, number)| number);
        let own = if number.is_empty() { id } else { number };
        let title = of.title.as_ref().map_or_else(|| own.to_owned(), |title| self.value("title", title));
        if number == title { (title, String::new()) } else { (title, number.to_owned()) }
    }

    fn value(&self, field: &str, value: &Value) -> String {
        let own = field.rsplit('/').next().unwrap_or(field);
        match value {
            Value::Null => self.say("（无）", "(nothing)"),
            Value::Bool(true) => self.say("是", "yes"),
            Value::Bool(false) => self.say("否", "no"),
            Value::Number(number) if own.ends_with("_s") => self.span(number.as_i64().unwrap_or_default()),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.title_of(own, text),
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

    /// The name of what the id stands for in this field, the word for a closed value, or the text itself.
    fn title_of(&self, field: &str, text: &str) -> String {
        if let Some(word) = value_name(field, text, self.lang) {
            return word.to_owned();
        }
        let known = self.plans.iter().find_map(|plan| title(plan, field, text));
        known.map_or_else(|| text.to_owned(), |title| title.get(self.lang).to_owned())
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

/// The title of what `id` names in a field of this name.
fn title<'p>(plan: &'p Plan, field: &str, id: &str) -> Option<&'p Text> {
    let rule = RuleId::new(id);
    match field {
        "asks" | "raises" => plan.facts.get(&FactId::new(id)).map(|fact| &fact.title),
        "categories" | "parent" => plan.categories.get(&CategoryId::new(id)).map(|category| &category.title),
        "about" | "resources" => plan.order(&rule).map(|order| &order.title),
        "playbook" => plan.playbook(&rule).map(|playbook| &playbook.title),
        "action" => {
            plan.immediate_actions.iter().find(|action| action.id == rule).map(|action| &action.title)
        }
        _ => plan.roles.get(&RoleId::new(id)).map(|role| &role.title),
    }
}
