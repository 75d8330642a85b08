//! Differences in words: ids by the names the plans give them, values as people say them.

use std::fmt::Write as _;

use fengsui_domain::plan::{CategoryId, FactId, Lang, Plan, RoleId, RuleId, Text};
use jiff::SignedDuration;
use serde_json::Value;

use super::names::{field_name, section_name, value_name};
use super::{Change, Difference, diff, is_text};
use crate::plan::values::span_text;

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
