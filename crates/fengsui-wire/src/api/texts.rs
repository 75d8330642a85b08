//! What a text may hold, as the document tells it: how long it is, that it says something, what no text holds.
//!
//! A field of a request stays a `String`; these types stand for it in the schema alone. The same is checked
//! by [`bounds`](super::bounds) for the size, and by `fengsui_domain::limits` for the rest.

use std::borrow::Cow;

use fengsui_domain::limits::{MAX_ITEMS, MAX_PART_CHARS, MAX_TEXT_CHARS, MAX_TITLE_CHARS};
use fengsui_domain::resource::{MAX_CLASS_CHARS, MAX_KEYWORD_CHARS, MAX_UNIT_CHARS};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::bounds::MAX_ID_CHARS;
use super::{FactAnswer, FactValue};

/// A text without control characters but tabs and line ends, as `fengsui_domain::limits::optional_text` has it.
pub const TEXT: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$";
/// The same with something in it that is no white space (Unicode's `White_Space`).
pub const TEXT_THAT_SAYS_SOMETHING: &str = concat!(
    r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*",
    r"[^\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]",
    r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$",
);

/// Declares a kind of text: what it is, its least and most characters, its pattern.
macro_rules! texts {
    ($($(#[doc = $says:literal])* $name:ident: $least:literal to $most:expr, $pattern:expr;)*) => {$(
        $(#[doc = $says])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let least = Some($least).filter(|least| *least > 0);
                let text = ObjectBuilder::new().schema_type(Type::String).min_length(least);
                let text = text.max_length(Some($most)).pattern($pattern);
                text.description(Some(concat!($($says),*).trim())).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

texts! {
    /// A title or a name.
    ShortText: 1 to MAX_TITLE_CHARS, Some(TEXT_THAT_SAYS_SOMETHING);
    /// A title or a name, or nothing.
    OptionalShortText: 0 to MAX_TITLE_CHARS, Some(TEXT);
    /// A few paragraphs.
    MediumText: 1 to MAX_PART_CHARS, Some(TEXT_THAT_SAYS_SOMETHING);
    /// A few paragraphs, or nothing.
    OptionalMediumText: 0 to MAX_PART_CHARS, Some(TEXT);
    /// Some pages.
    LongText: 1 to MAX_TEXT_CHARS, Some(TEXT_THAT_SAYS_SOMETHING);
    /// Some pages, or nothing.
    OptionalLongText: 0 to MAX_TEXT_CHARS, Some(TEXT);
    /// A word that a resource is to be found by.
    Keyword: 1 to MAX_KEYWORD_CHARS, Some(TEXT_THAT_SAYS_SOMETHING);
    /// A unit of quantity, or nothing.
    OptionalUnit: 0 to MAX_UNIT_CHARS, Some(TEXT);
    /// A category of any plan, `PLAN/CATEGORY`, or the id of one in another taxonomy, such as `rsit/availability`.
    CategoryOfAnyPlan: 3 to MAX_CLASS_CHARS, Some(r"^[\u0021-\u002E\u0030-\u007E]+/[\u0021-\u002E\u0030-\u007E]+$");
    /// A SHA-256 in hex, or nothing.
    OptionalSha256: 0 to 64, Some("^([0-9A-Fa-f]{64})?$");
    /// A name that the plan chose: of a role, a fact, a rule, a category, a point.
    NameInPlan: 1 to MAX_ID_CHARS, None::<&str>;
}

/// Declares a map by names of the plan: what it is, and what it holds.
macro_rules! by_name {
    ($($(#[doc = $says:literal])* $name:ident: $value:ty;)*) => {$(
        $(#[doc = $says])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let name = ObjectBuilder::new().schema_type(Type::String);
                let name = name.min_length(Some(1)).max_length(Some(MAX_ID_CHARS));
                let map = ObjectBuilder::new().schema_type(Type::Object).property_names(Some(name));
                let map = map.additional_properties(Some(Ref::from_schema_name(<$value>::name())));
                map.max_properties(Some(MAX_ITEMS)).description(Some(concat!($($says),*).trim())).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push((<$value>::name().into(), <$value>::schema()));
                <$value>::schemas(schemas);
            }
        }
    )*};
}

by_name! {
    /// Texts by the plan's points or topics.
    TextsByName: OptionalMediumText;
    /// Answers with their grounds, by the plan's facts.
    FactAnswersByName: FactAnswer;
    /// Answers by the plan's facts.
    FactValuesByName: FactValue;
}

#[cfg(test)]
mod tests {
    use fengsui_domain::limits::{optional_text, text};
    use proptest::prelude::*;
    use proptest::string::string_regex;

    use super::*;

    /// Texts that a pattern allows.
    fn of(pattern: &str) -> impl Strategy<Value = String> {
        string_regex(pattern.trim_matches(['^', '$'])).expect("the pattern is one that can be generated from")
    }

    proptest! {
        #[test]
        fn the_core_takes_what_the_document_allows(
            any in of(TEXT),
            says in of(TEXT_THAT_SAYS_SOMETHING),
        ) {
            prop_assert!(optional_text("text", &any, any.len()).is_ok(), "{any:?}");
            prop_assert!(text("text", &says, says.len()).is_ok(), "{says:?}");
        }
    }

    /// The ranges of characters that a class `[^…]` leaves out.
    fn left_out(class: &str) -> Vec<(u32, u32)> {
        let (mut ranges, mut first) = (Vec::new(), None);
        for point in class.split("\\u").skip(1) {
            let number = u32::from_str_radix(&point[..4], 16).unwrap();
            if point.ends_with('-') {
                first = Some(number);
            } else {
                ranges.push((first.take().unwrap_or(number), number));
            }
        }
        ranges
    }

    #[test]
    fn the_classes_are_those_of_the_core() {
        let classes: Vec<&str> = TEXT_THAT_SAYS_SOMETHING.split_inclusive(']').collect();
        let (held, said) = (left_out(TEXT), left_out(classes[1]));
        assert_eq!((held.len(), said.len()), (5, 9));
        for c in '\0'..=char::MAX {
            let (alone, is) = (c.to_string(), u32::from(c));
            let within =
                |ranges: &[(u32, u32)]| ranges.iter().any(|(first, last)| (*first..=*last).contains(&is));
            assert_eq!(optional_text("text", &alone, 1).is_err(), within(&held), "{c:?}");
            assert_eq!(text("text", &alone, 1).is_err(), within(&said), "{c:?}");
        }
    }
}
