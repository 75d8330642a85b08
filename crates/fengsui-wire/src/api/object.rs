//! Objects inside bodies, read as objects only.
//!
//! Serde takes an array as well, as the fields in their order: a form that the document does not tell of, and
//! that changes its meaning when a field is added. The server refuses it for whole bodies.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

type Fields = Map<String, Value>;

/// Reads one object.
pub(super) fn object<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    read(Fields::deserialize(from)?)
}

/// Reads one object where there may be none.
pub(super) fn object_or_none<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Option::<Fields>::deserialize(from)?.map(read).transpose()
}

/// Reads a list of objects.
pub(super) fn objects<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Vec::<Fields>::deserialize(from)?.into_iter().map(read).collect()
}

/// Reads objects by their names.
pub(super) fn objects_by_name<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let named = BTreeMap::<String, Fields>::deserialize(from)?;
    named.into_iter().map(|(name, fields)| Ok((name, read(fields)?))).collect()
}

fn read<T: DeserializeOwned, E: Error>(fields: Fields) -> Result<T, E> {
    T::deserialize(Value::Object(fields)).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use crate::api::{AnswerFacts, ProposeStep, RecordEvent};
    use serde_json::{Value, json};

    fn reads<T: serde::de::DeserializeOwned>(body: Value) -> bool {
        serde_json::from_value::<T>(body).is_ok()
    }

    #[test]
    fn an_array_is_no_object() {
        let event = |line: Value| json!({"title": "t", "source": "report", "sender": "s", "unit": "u", "lines": [line]});
        assert!(reads::<RecordEvent>(event(json!({"text": "Failed password", "line": 7.0}))));
        assert!(!reads::<RecordEvent>(event(json!(["auth.log", 7, "Failed password", ""]))));
        let answers = |answer: Value| json!({"answers": {"spread": answer}});
        assert!(reads::<AnswerFacts>(answers(json!({"value": "none"}))));
        assert!(!reads::<AnswerFacts>(answers(json!(["none", "reason"]))));
        let step = |step: Value| json!({"step": step, "grounds": "g"});
        assert!(reads::<ProposeStep>(step(json!({"kind": "end"}))));
        assert!(!reads::<ProposeStep>(step(json!(["end"]))));
    }

    #[test]
    fn what_is_wrong_inside_is_told() {
        let body = json!({"step": {"kind": "end", "level": "I"}, "grounds": "g"});
        let error = serde_json::from_value::<ProposeStep>(body).unwrap_err().to_string();
        assert!(error.contains("`level`"), "{error}");
    }
}
