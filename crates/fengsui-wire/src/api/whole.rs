//! Whole numbers as JSON has them: `9` and `9.0` are the same number.
//!
//! JSON knows no integers, and a schema's `integer` is any number without a fraction (JSON Schema 2020-12,
//! validation, section 6.1.1). Languages that have one kind of number write either.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::bounds::MAX_INTEGER;

/// Reads a whole number of the field's type, zero or more.
pub(super) fn whole<'de, T: TryFrom<u64>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    fits(Whole::deserialize(from)?)
}

/// The same where there may be none.
pub(super) fn whole_or_none<'de, T: TryFrom<u64>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Option::<Whole>::deserialize(from)?.map(fits).transpose()
}

fn fits<T: TryFrom<u64>, E: Error>(Whole(number): Whole) -> Result<T, E> {
    T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &Number))
}

/// A whole number, however it is written.
struct Whole(u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Number).map(Self)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number within the bounds of this field")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        Ok(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "a whole number from 0 to 2^53 - 1 is the same in both types"
    )]
    fn visit_f64<E: Error>(self, number: f64) -> Result<u64, E> {
        if number.trunc() == number && (0.0..=MAX_INTEGER as f64).contains(&number) {
            Ok(number as u64)
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Body {
        #[serde(deserialize_with = "whole")]
        days: u8,
        #[serde(default, deserialize_with = "whole_or_none")]
        line: Option<u64>,
    }

    #[test]
    fn a_number_without_a_fraction_is_whole_however_it_is_written() {
        for (written, read) in [
            ("0", Some(0)),
            ("9", Some(9)),
            ("9.0", Some(9)),
            ("9e0", Some(9)),
            ("-0.0", Some(0)),
            ("255", Some(255)),
            ("256", None),
            ("9.5", None),
            ("-1", None),
            ("-1.0", None),
            ("1e400", None),
            ("\"9\"", None),
            ("true", None),
            ("null", None),
        ] {
            let body = serde_json::from_str::<Body>(&format!("{{\"days\": {written}}}")).ok();
            assert_eq!(body.map(|body| body.days), read, "{written}");
        }
    }

    #[test]
    fn none_is_left_out_or_null() {
        for (written, line) in [
            (r#"{"days": 1}"#, None),
            (r#"{"days": 1, "line": null}"#, None),
            (r#"{"days": 1, "line": 7.0}"#, Some(7)),
            (r#"{"days": 1, "line": 9007199254740993}"#, Some(9_007_199_254_740_993)),
        ] {
            assert_eq!(serde_json::from_str::<Body>(written).unwrap().line, line, "{written}");
        }
    }
}
