//! What is said of a resource, checked; and how texts are folded so that they can be compared.

use std::collections::BTreeSet;

use super::{
    ClassId, Context, Expertise, MAX_CATEGORIES, MAX_COUNT, MAX_KEYWORD_CHARS, MAX_KEYWORDS, MAX_UNIT_CHARS,
    Particulars, Quantity, ResourceKind,
};
use crate::event::Sealed;
use crate::limits::{MAX_TEXT_CHARS, MAX_TITLE_CHARS, optional_text, text};
use crate::refusal::Refusal;

/// What is said of a resource, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceWords {
    /// What it is.
    pub kind: ResourceKind,
    /// One line.
    pub title: String,
    /// What it can do, or what is known.
    pub description: String,
    /// Where it is.
    pub place: String,
    /// How much of it there is.
    pub quantity: Option<Quantity>,
    /// Make, model or version.
    pub model: String,
    /// The rank of an expert or a team.
    pub rank: String,
    /// Fields of expertise.
    pub fields: BTreeSet<Expertise>,
    /// Classes of incident, `PLAN/CATEGORY`.
    pub categories: Vec<String>,
    /// Words it is to be found by.
    pub keywords: Vec<String>,
    /// The organisation that has it.
    pub holder: String,
}

impl ResourceWords {
    /// The words within their limits, with a contact that is sealed already.
    ///
    /// All texts together have at most 6,000 + 5 × 200 + 20 + 20 × 40 + 20 × 129 = 10,400 characters, so they
    /// fit one change (`limits::MAX_CHANGE_CHARS`).
    pub(super) fn check(self, contact: Option<Sealed>, context: Context<'_>) -> Result<Particulars, Refusal> {
        let Self { kind, quantity, fields, .. } = self;
        match (kind.is_people(), fields.is_empty()) {
            (true, true) => return Err(Refusal::Missing { field: "fields" }),
            (false, false) => {
                let value = format!("only experts and teams have fields, not `{kind}`");
                return Err(Refusal::Unknown { field: "fields", value });
            }
            _ => {}
        }
        Ok(Particulars {
            kind,
            title: text("title", &self.title, MAX_TITLE_CHARS)?,
            description: optional_text("description", &self.description, MAX_TEXT_CHARS)?,
            place: optional_text("place", &self.place, MAX_TITLE_CHARS)?,
            quantity: quantity.map(Quantity::check).transpose()?,
            model: optional_text("model", &self.model, MAX_TITLE_CHARS)?,
            rank: optional_text("rank", &self.rank, MAX_TITLE_CHARS)?,
            fields,
            categories: categories(&self.categories, context)?,
            keywords: keywords(&self.keywords)?,
            holder: text("holder", &self.holder, MAX_TITLE_CHARS)?,
            contact,
        })
    }
}

impl Quantity {
    fn check(self) -> Result<Self, Refusal> {
        if self.count > MAX_COUNT {
            return Err(Refusal::Unknown { field: "quantity", value: self.count.to_string() });
        }
        Ok(Self { count: self.count, unit: optional_text("unit", &self.unit, MAX_UNIT_CHARS)? })
    }
}

fn categories(written: &[String], context: Context<'_>) -> Result<BTreeSet<ClassId>, Refusal> {
    few("categories", written.len(), MAX_CATEGORIES)?;
    let class = |text: &String| {
        let class = ClassId::parse("categories", text)?;
        let unknown = Refusal::Unknown { field: "categories", value: class.to_string() };
        if (context.knows)(&class) { Ok(class) } else { Err(unknown) }
    };
    written.iter().map(class).collect()
}

fn keywords(written: &[String]) -> Result<BTreeSet<String>, Refusal> {
    few("keywords", written.len(), MAX_KEYWORDS)?;
    let words = written.iter().map(|word| optional_text("keywords", word, MAX_KEYWORD_CHARS));
    words.filter(|word| word.as_ref().map_or(true, |word| !word.is_empty())).collect()
}

fn few(field: &'static str, count: usize, max: usize) -> Result<(), Refusal> {
    if count > max { Err(Refusal::TooMany { field, count, max }) } else { Ok(()) }
}

/// A text as it is compared: small letters, and the wide forms that Chinese input methods write (Ａ, １, ，)
/// as the narrow ones.
pub fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}
