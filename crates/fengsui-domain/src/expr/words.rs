//! Predicates as sentences in the plan's own words, in both languages.

use super::{Comparison, Expr, Value};
use crate::level::IncidentLevel;
use crate::plan::{FactId, FactKind, Plan, Text};

/// A piece of a sentence that says a predicate; the pieces joined in order are the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words between conditions: `and`, `or`, `not`, brackets.
    Glue(Text),
    /// One atomic condition.
    Condition {
        /// What it says.
        text: Text,
        /// The fact it looks at, if it looks at one.
        fact: Option<FactId>,
    },
}

impl Plan {
    /// A predicate as one sentence, such as `Spread is “strong” or vital system`.
    pub fn words(&self, expr: &Expr) -> Text {
        let mut sentence = text("", "");
        for part in self.sentence(expr) {
            let (Part::Glue(piece) | Part::Condition { text: piece, .. }) = part;
            sentence.zh.push_str(&piece.zh);
            sentence.en.push_str(&piece.en);
        }
        sentence
    }

    /// A predicate as the pieces of a sentence, conditions apart from the words between them.
    pub fn sentence(&self, expr: &Expr) -> Vec<Part> {
        let mut parts = Vec::new();
        self.say(expr, false, &mut parts);
        parts
    }

    /// A fact's name; its id if the plan does not know it.
    pub fn fact_title(&self, fact: &FactId) -> Text {
        self.fact(fact).map_or_else(|| text(fact.as_str(), fact.as_str()), |known| known.title.clone())
    }

    /// An answer in words: a choice by its name, a count by its figure, yes or no.
    pub fn value_title(&self, fact: &FactId, value: &Value) -> Text {
        match value {
            Value::Bool(true) => text("是", "yes"),
            Value::Bool(false) => text("否", "no"),
            Value::Count(count) => text(&count.to_string(), &count.to_string()),
            Value::Choice(choice) => self.choice_title(fact, choice),
        }
    }

    fn choice_title(&self, fact: &FactId, choice: &str) -> Text {
        let known = self.fact(fact).and_then(|fact| match &fact.kind {
            FactKind::OneOf(choices) => choices.iter().find(|known| known.id == choice),
            FactKind::Bool | FactKind::Count => None,
        });
        known.map_or_else(|| text(choice, choice), |known| known.title.clone())
    }

    fn say(&self, expr: &Expr, nested: bool, parts: &mut Vec<Part>) {
        match expr {
            Expr::Not(inner) => {
                let (open, close) = match **inner {
                    Expr::Fact(_) | Expr::Mark(_) => (("非“", "not “"), ("”", "”")),
                    _ => (("并非（", "not ("), ("）", ")")),
                };
                glue(parts, open);
                self.say(inner, false, parts);
                glue(parts, close);
            }
            Expr::All(chain) if chain.len() != 1 => self.say_chain(chain, nested, ("，且", ", and "), parts),
            Expr::Any(chain) if chain.len() != 1 => self.say_chain(chain, nested, ("，或", ", or "), parts),
            Expr::All(chain) | Expr::Any(chain) => {
                for only in chain {
                    self.say(only, nested, parts);
                }
            }
            atom => parts.push(Part::Condition { text: self.condition(atom), fact: atom.fact().cloned() }),
        }
    }

    fn say_chain(&self, chain: &[Expr], nested: bool, between: (&str, &str), parts: &mut Vec<Part>) {
        if nested {
            glue(parts, ("（", "("));
        }
        for (index, part) in chain.iter().enumerate() {
            if index > 0 {
                glue(parts, between);
            }
            self.say(part, true, parts);
        }
        if nested {
            glue(parts, ("）", ")"));
        }
    }

    fn condition(&self, atom: &Expr) -> Text {
        match atom {
            Expr::Fact(fact) | Expr::Mark(fact) => self.fact_title(fact),
            Expr::Compare(fact, comparison, literal) => self.comparison(fact, *comparison, literal),
            Expr::OneOf(fact, literals) => {
                let title = self.fact_title(fact);
                let names: Vec<Text> =
                    literals.iter().map(|literal| self.value_title(fact, literal)).collect();
                let zh: Vec<String> = names.iter().map(|name| format!("“{}”", name.zh)).collect();
                let en: Vec<String> = names.iter().map(|name| format!("“{}”", name.en)).collect();
                Text {
                    zh: format!("{}为{}", title.zh, any_of(&zh, ("、", "或"))),
                    en: format!("{} is {}", title.en, any_of(&en, (", ", " or "))),
                }
            }
            Expr::Level(levels) => {
                let zh: Vec<&str> = levels.iter().copied().map(IncidentLevel::as_zh).collect();
                let en: Vec<&str> = levels.iter().copied().map(IncidentLevel::as_str).collect();
                Text {
                    zh: format!("事件等级为{}", any_of(&zh, ("、", "或"))),
                    en: format!("the incident is level {}", any_of(&en, (", ", " or "))),
                }
            }
            Expr::Response(levels) => {
                let zh: Vec<&str> = levels.iter().copied().map(IncidentLevel::as_zh).collect();
                let en: Vec<&str> = levels.iter().copied().map(IncidentLevel::as_str).collect();
                Text {
                    zh: format!("响应等级为{}", any_of(&zh, ("、", "或"))),
                    en: format!("the response is level {}", any_of(&en, (", ", " or "))),
                }
            }
            Expr::Const(true) => text("任何情形", "in every case"),
            // The compound forms are taken apart by `say`; only the other constant is left.
            _ => text("从不", "never"),
        }
    }

    fn comparison(&self, fact: &FactId, comparison: Comparison, literal: &Value) -> Text {
        let (title, value) = (self.fact_title(fact), self.value_title(fact, literal));
        let (zh, en) = match comparison {
            Comparison::Equal => ("为", "is"),
            Comparison::NotEqual => ("不为", "is not"),
            Comparison::Less => ("少于", "is less than"),
            Comparison::AtMost => ("不超过", "is at most"),
            Comparison::Greater => ("多于", "is more than"),
            Comparison::AtLeast => ("不少于", "is at least"),
        };
        match literal {
            Value::Choice(_) => Text {
                zh: format!("{}{zh}“{}”", title.zh, value.zh),
                en: format!("{} {en} “{}”", title.en, value.en),
            },
            Value::Bool(_) | Value::Count(_) => Text {
                zh: format!("{}{zh} {}", title.zh, value.zh),
                en: format!("{} {en} {}", title.en, value.en),
            },
        }
    }
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

/// `a, b or c`
fn any_of<S: AsRef<str>>(names: &[S], (comma, or): (&str, &str)) -> String {
    let mut joined = String::new();
    for (index, name) in names.iter().enumerate() {
        let between = if index + 1 == names.len() { or } else { comma };
        joined.push_str(if index == 0 { "" } else { between });
        joined.push_str(name.as_ref());
    }
    joined
}

fn glue(parts: &mut Vec<Part>, (zh, en): (&str, &str)) {
    parts.push(Part::Glue(text(zh, en)));
}
