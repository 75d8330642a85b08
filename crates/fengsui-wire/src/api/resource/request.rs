//! What is asked of resources.

use std::collections::BTreeSet;

use fengsui_domain::limits::MAX_TEXT_CHARS;
use fengsui_domain::refusal::Refusal;
use fengsui_domain::resource::{
    self, MAX_CATEGORIES, MAX_CLASS_CHARS, MAX_KEYWORD_CHARS, MAX_KEYWORDS, MAX_UNIT_CHARS, ResourceWords,
};

use super::Quantity;
use crate::api::bounds::{count, integer, optional_part, optional_text, optional_title, part, text, title};
use crate::api::object::object_or_none;
use crate::api::{
    CategoryOfAnyPlan, Expertise, Keyword, MediumText, OptionalLongText, OptionalMediumText,
    OptionalShortText, ResourceKind, ShortText, Standing,
};

/// A resource as somebody adds it: kind, title and holder are enough, for experts and teams also fields.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddResource {
    /// What it is.
    pub kind: ResourceKind,
    /// One line; what an expert is expert in, not the name of a private person.
    #[schema(value_type = ShortText)]
    pub title: String,
    /// What it can do, or what is known.
    #[serde(default)]
    #[schema(value_type = OptionalLongText)]
    pub description: String,
    /// Where it is.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub place: String,
    /// How much of it there is.
    #[serde(default, deserialize_with = "object_or_none")]
    pub quantity: Option<Quantity>,
    /// Make, model or version.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub model: String,
    /// The rank of an expert or a team: national, provincial, city.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub rank: String,
    /// Fields of expertise: at least one for experts and teams, none for anything else.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub fields: Vec<Expertise>,
    /// Categories of incident it is for.
    #[serde(default)]
    #[schema(value_type = Vec<CategoryOfAnyPlan>, max_items = 20)]
    pub categories: Vec<String>,
    /// Words it is to be found by.
    #[serde(default)]
    #[schema(value_type = Vec<Keyword>, max_items = 20)]
    pub keywords: Vec<String>,
    /// The organisation that has it.
    #[schema(value_type = ShortText)]
    pub holder: String,
    /// Name, telephone and the like of whoever is to be called; kept sealed.
    #[serde(default)]
    #[schema(value_type = OptionalShortText)]
    pub contact: String,
    /// Whether it can be had; `available` if not said.
    #[serde(default)]
    pub standing: Option<Standing>,
}

impl AddResource {
    /// The words, each within its bound; beside them contact and standing.
    pub fn parts(self) -> Result<(ResourceWords, String, resource::Standing), Refusal> {
        let standing = self.standing.map_or(resource::Standing::Available, Into::into);
        let contact = optional_title("contact", self.contact)?;
        let words = AmendResource {
            kind: Some(self.kind),
            title: Some(self.title),
            description: Some(self.description),
            place: Some(self.place),
            quantity: self.quantity,
            model: Some(self.model),
            rank: Some(self.rank),
            fields: Some(self.fields),
            categories: Some(self.categories),
            keywords: Some(self.keywords),
            holder: Some(self.holder),
            contact: None,
        };
        Ok((words.alone()?, contact, standing))
    }
}

/// What is known better now; a field left out or `null` stays as it is.
#[derive(Clone, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmendResource {
    /// What it is.
    pub kind: Option<ResourceKind>,
    /// One line.
    #[schema(value_type = Option<ShortText>)]
    pub title: Option<String>,
    /// What it can do, or what is known.
    #[schema(value_type = Option<OptionalLongText>)]
    pub description: Option<String>,
    /// Where it is.
    #[schema(value_type = Option<OptionalShortText>)]
    pub place: Option<String>,
    /// How much of it there is.
    #[serde(deserialize_with = "object_or_none")]
    pub quantity: Option<Quantity>,
    /// Make, model or version.
    #[schema(value_type = Option<OptionalShortText>)]
    pub model: Option<String>,
    /// The rank of an expert or a team.
    #[schema(value_type = Option<OptionalShortText>)]
    pub rank: Option<String>,
    /// Fields of expertise, all of them: at least one for experts and teams, none for anything else.
    #[schema(max_items = 4)]
    pub fields: Option<Vec<Expertise>>,
    /// Categories of incident it is for, all of them.
    #[schema(value_type = Option<Vec<CategoryOfAnyPlan>>, max_items = 20)]
    pub categories: Option<Vec<String>>,
    /// Words it is to be found by, all of them.
    #[schema(value_type = Option<Vec<Keyword>>, max_items = 20)]
    pub keywords: Option<Vec<String>>,
    /// The organisation that has it.
    #[schema(value_type = Option<ShortText>)]
    pub holder: Option<String>,
    /// Name, telephone and the like of whoever is to be called; kept sealed. An empty text removes it.
    #[schema(value_type = Option<OptionalShortText>)]
    pub contact: Option<String>,
}

/// What a request says of a contact.
#[derive(Clone, PartialEq, Eq)]
pub enum ContactWords {
    /// Nothing: it stays.
    Keep,
    /// It is to go.
    Drop,
    /// It is to be this.
    Put(String),
}

impl std::fmt::Debug for ContactWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keep => "Keep",
            Self::Drop => "Drop",
            Self::Put(_) => "Put(…)",
        })
    }
}

impl AmendResource {
    /// What is said of the contact.
    pub fn contact(&self) -> Result<ContactWords, Refusal> {
        Ok(match &self.contact {
            None => ContactWords::Keep,
            Some(contact) if contact.trim().is_empty() => ContactWords::Drop,
            Some(contact) => ContactWords::Put(optional_title("contact", contact.clone())?),
        })
    }

    /// All words as they would stand with these amendments, each within its bound.
    pub fn onto(self, resource: &resource::Resource) -> Result<ResourceWords, Refusal> {
        let before = &resource.particulars;
        let or = |new: Option<String>, old: &String| Some(new.unwrap_or_else(|| old.clone()));
        let list = |old: &BTreeSet<String>| old.iter().cloned().collect();
        let whole = Self {
            kind: Some(self.kind.unwrap_or(before.kind.into())),
            title: or(self.title, &before.title),
            description: or(self.description, &before.description),
            place: or(self.place, &before.place),
            quantity: self.quantity.or_else(|| before.quantity.as_ref().map(Into::into)),
            model: or(self.model, &before.model),
            rank: or(self.rank, &before.rank),
            fields: self.fields.or_else(|| Some(before.fields.iter().copied().map(Into::into).collect())),
            categories: self
                .categories
                .or_else(|| Some(before.categories.iter().map(ToString::to_string).collect())),
            keywords: self.keywords.or_else(|| Some(list(&before.keywords))),
            holder: or(self.holder, &before.holder),
            contact: None,
        };
        whole.alone()
    }

    /// The words of a resource of which nothing else is known, each within its bound.
    ///
    /// # Errors
    /// [`Refusal::Missing`] without kind, title or holder.
    pub fn alone(self) -> Result<ResourceWords, Refusal> {
        let categories = self.categories.unwrap_or_default();
        let keywords = self.keywords.unwrap_or_default();
        let fields = self.fields.unwrap_or_default();
        count("fields", fields.len(), resource::Expertise::ALL.len())?;
        count("categories", categories.len(), MAX_CATEGORIES)?;
        count("keywords", keywords.len(), MAX_KEYWORDS)?;
        let category = |name| text("categories", name, MAX_CLASS_CHARS);
        let keyword = |word| text("keywords", word, MAX_KEYWORD_CHARS);
        Ok(ResourceWords {
            kind: self.kind.ok_or(Refusal::Missing { field: "kind" })?.into(),
            title: title("title", self.title.unwrap_or_default())?,
            description: optional_text("description", self.description.unwrap_or_default(), MAX_TEXT_CHARS)?,
            place: optional_title("place", self.place.unwrap_or_default())?,
            quantity: self.quantity.map(Quantity::bounded).transpose()?,
            model: optional_title("model", self.model.unwrap_or_default())?,
            rank: optional_title("rank", self.rank.unwrap_or_default())?,
            fields: fields.into_iter().map(Into::into).collect(),
            categories: categories.into_iter().map(category).collect::<Result<_, Refusal>>()?,
            keywords: keywords.into_iter().map(keyword).collect::<Result<_, Refusal>>()?,
            holder: title("holder", self.holder.unwrap_or_default())?,
        })
    }
}

impl Quantity {
    fn bounded(self) -> Result<resource::Quantity, Refusal> {
        let unit = optional_text("quantity.unit", self.unit, MAX_UNIT_CHARS)?;
        Ok(resource::Quantity { count: integer("quantity.count", self.count, 0)?, unit })
    }
}

/// Records that the standing of a resource was looked at, also if it is as before: that is a check.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordStanding {
    /// Whether it can be had.
    pub standing: Standing,
    /// Where it is at work, what is broken, what the check found.
    #[serde(default)]
    #[schema(value_type = OptionalMediumText)]
    pub note: String,
}

impl TryFrom<RecordStanding> for resource::Command {
    type Error = Refusal;

    fn try_from(body: RecordStanding) -> Result<Self, Refusal> {
        Ok(Self::Stand { standing: body.standing.into(), note: optional_part("note", body.note)? })
    }
}

/// Takes a resource out of the register. Its contact is no longer kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireResource {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<RetireResource> for resource::Command {
    type Error = Refusal;

    fn try_from(body: RetireResource) -> Result<Self, Refusal> {
        Ok(Self::Retire { reason: part("reason", body.reason)? })
    }
}

/// Why a contact is read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadContact {
    /// The reason; it stands in the ledger.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<ReadContact> for String {
    type Error = Refusal;

    fn try_from(body: ReadContact) -> Result<Self, Refusal> {
        part("reason", body.reason)
    }
}
