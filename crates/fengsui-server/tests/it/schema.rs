//! A validator for the part of JSON Schema that the document uses; a keyword it does not know is a failure.

use serde_json::{Map, Value};

/// Keywords that say nothing about validity, or that matter for requests only.
const WORDS: [&str; 5] = ["description", "default", "example", "examples", "title"];

/// The OpenAPI document.
pub(crate) struct Document(pub(crate) Value);

type Fits = Result<(), String>;

impl Document {
    pub(crate) fn new(document: Value) -> Self {
        Self(document)
    }

    /// Every operation: method, path, body of the document.
    pub(crate) fn operations(&self) -> Vec<(String, String, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
        });
        operations.collect()
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let found = self
            .operations()
            .into_iter()
            .find(|(known, template, _)| known == method && matches(template, path));
        found.map(|(_, _, operation)| operation)
    }

    /// Whether an answer is one that the document tells of.
    pub(crate) fn answer_fits(
        &self,
        method: &str,
        path: &str,
        status: u16,
        kind: &str,
        body: &Value,
    ) -> Fits {
        let operation = self.operation(method, path).ok_or("no such operation in the document")?;
        let answer = operation["responses"].get(status.to_string());
        let answer = answer.ok_or_else(|| format!("status {status} is not in the document"))?;
        let Some(content) = answer["content"].as_object() else {
            return if kind.is_empty() { Ok(()) } else { Err(format!("{kind} where nothing is told")) };
        };
        let plain = kind.split(';').next().unwrap_or_default();
        let told = content.get(plain).ok_or_else(|| format!("`{kind}` is not among {:?}", content.keys()))?;
        if plain.contains("json") { self.fits(&told["schema"], body, "$") } else { Ok(()) }
    }

    /// Whether a value fits a schema.
    pub(crate) fn fits(&self, schema: &Value, value: &Value, at: &str) -> Fits {
        let schema = schema.as_object().ok_or_else(|| format!("{at}: the schema is no object"))?;
        for (keyword, rule) in schema {
            self.keyword(schema, keyword, rule, value, at)?;
        }
        Ok(())
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
    ) -> Fits {
        let fail = |what: &str| Err(format!("{at}: {value} {what} {rule}"));
        match keyword {
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                let known = self.0.pointer(pointer).ok_or_else(|| format!("{at}: {rule} leads nowhere"))?;
                self.fits(known, value, at)
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let fits = types.iter().any(|kind| is(kind.as_str().unwrap(), value));
                if fits { Ok(()) } else { fail("is not of type") }
            }
            "enum" => {
                if rule.as_array().unwrap().contains(value) {
                    Ok(())
                } else {
                    fail("is not among")
                }
            }
            "oneOf" => {
                let tried: Vec<Fits> =
                    rule.as_array().unwrap().iter().map(|one| self.fits(one, value, at)).collect();
                match tried.iter().filter(|fits| fits.is_ok()).count() {
                    1 => Ok(()),
                    count => Err(format!("{at}: {count} variants fit {value}: {tried:?}")),
                }
            }
            "allOf" => rule.as_array().unwrap().iter().try_for_each(|one| self.fits(one, value, at)),
            "properties" => self.properties(schema, rule, value, at),
            "required" => {
                let Some(object) = value.as_object() else { return Ok(()) };
                let missing =
                    rule.as_array().unwrap().iter().find(|name| !object.contains_key(name.as_str().unwrap()));
                missing.map_or(Ok(()), |name| Err(format!("{at}: {name} is missing")))
            }
            "additionalProperties" => {
                let Some(object) = value.as_object().filter(|_| rule.is_object()) else { return Ok(()) };
                object.iter().try_for_each(|(name, value)| self.fits(rule, value, &format!("{at}.{name}")))
            }
            "items" => {
                let Some(items) = value.as_array() else { return Ok(()) };
                let mut items = items.iter().enumerate();
                items.try_for_each(|(index, item)| self.fits(rule, item, &format!("{at}[{index}]")))
            }
            "format" => match (rule.as_str().unwrap(), value.as_str()) {
                ("date-time", Some(text)) if text.parse::<jiff::Timestamp>().is_err() => fail("is not a"),
                ("uuid", Some(text)) if text.parse::<uuid::Uuid>().is_err() => fail("is not a"),
                _ => Ok(()),
            },
            "minimum" => match value.as_f64() {
                Some(figure) if figure < rule.as_f64().unwrap() => fail("is below"),
                _ => Ok(()),
            },
            "maximum" => match value.as_f64() {
                Some(figure) if figure > rule.as_f64().unwrap() => fail("is above"),
                _ => Ok(()),
            },
            "maxLength" => match value.as_str() {
                Some(text) if text.chars().count() as u64 > rule.as_u64().unwrap() => fail("is longer than"),
                _ => Ok(()),
            },
            "maxProperties" => match value.as_object() {
                Some(object) if object.len() as u64 > rule.as_u64().unwrap() => fail("has more entries than"),
                _ => Ok(()),
            },
            // Of requests, which Schemathesis tries (tests/schema).
            "uniqueItems" | "propertyNames" | "minLength" | "minItems" | "maxItems" | "pattern" => Ok(()),
            word if WORDS.contains(&word) => Ok(()),
            unknown => Err(format!("{at}: the validator does not know `{unknown}`")),
        }
    }

    /// The named properties fit, and there is no other one: what we answer is told in full.
    fn properties(&self, schema: &Map<String, Value>, rule: &Value, value: &Value, at: &str) -> Fits {
        let (Some(object), Some(known)) = (value.as_object(), rule.as_object()) else { return Ok(()) };
        for (name, value) in object {
            match known.get(name) {
                Some(rule) => self.fits(rule, value, &format!("{at}.{name}"))?,
                None if schema.contains_key("additionalProperties") => {}
                None => return Err(format!("{at}: `{name}` is not in the document")),
            }
        }
        Ok(())
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the validator does not know the type `{other}`"),
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(part, found)| part == found || (part.starts_with('{') && !found.is_empty()))
}
