//! The emergency database, as the API shows it: resources, and what is offered for an incident.
//!
//! A contact shows only as being there; it is read one at a time, by an operation of its own.

use std::collections::BTreeSet;

use fengsui_domain::resource::{self, offer};
use jiff::Timestamp;
use uuid::Uuid;

use super::whole::whole;
use super::{By, Expertise, IncidentLevel, OptionalUnit, ProblemCode, Relation, ResourceKind, Standing};

mod request;
mod table;
#[cfg(test)]
mod tests;

pub use request::{AddResource, AmendResource, ContactWords, ReadContact, RecordStanding, RetireResource};
pub use table::{ResourceRow, read_resources};

/// How much of a resource there is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// A whole number.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991.0)]
    pub count: u64,
    /// Of what: 台, 套, 人; empty if it goes without saying.
    #[serde(default)]
    #[schema(value_type = OptionalUnit)]
    pub unit: String,
}

impl From<&resource::Quantity> for Quantity {
    fn from(quantity: &resource::Quantity) -> Self {
        Self { count: quantity.count, unit: quantity.unit.clone() }
    }
}

/// Why a resource is no longer in the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Retirement {
    /// The reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// A resource of the emergency database as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Resource {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
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
    /// The rank of an expert or a team: national, provincial, city.
    pub rank: String,
    /// Fields of expertise; of experts and teams only.
    pub fields: BTreeSet<Expertise>,
    /// Categories of incident it is for, `PLAN/CATEGORY`.
    pub categories: BTreeSet<String>,
    /// Words it is to be found by.
    pub keywords: BTreeSet<String>,
    /// The organisation that has it.
    pub holder: String,
    /// Name and contact of a person are kept, sealed.
    pub has_contact: bool,
    /// Whether it can be had.
    pub standing: Standing,
    /// Where it is at work, what is broken, what the last check found.
    pub standing_note: String,
    /// When its standing was last looked at.
    pub standing_at: Timestamp,
    /// By whom.
    pub standing_by: By,
    /// When it was added.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: By,
    /// It is no longer in the register.
    pub retired: Option<Retirement>,
}

impl Resource {
    /// The resource at a version.
    pub fn new(version: u64, resource: &resource::Resource) -> Self {
        let (known, stood) = (&resource.particulars, &resource.stood);
        let retired = resource.retired.as_ref().map(|retired| Retirement {
            reason: retired.reason.clone(),
            at: retired.at,
            by: (&retired.by).into(),
        });
        Self {
            id: resource.id.0,
            version,
            kind: known.kind.into(),
            title: known.title.clone(),
            description: known.description.clone(),
            place: known.place.clone(),
            quantity: known.quantity.as_ref().map(Into::into),
            model: known.model.clone(),
            rank: known.rank.clone(),
            fields: known.fields.iter().copied().map(Into::into).collect(),
            categories: known.categories.iter().map(ToString::to_string).collect(),
            keywords: known.keywords.clone(),
            holder: known.holder.clone(),
            has_contact: known.contact.is_some(),
            standing: stood.standing.into(),
            standing_note: stood.note.clone(),
            standing_at: stood.at,
            standing_by: (&stood.by).into(),
            added_at: resource.added_at,
            added_by: (&resource.added_by).into(),
            retired,
        }
    }
}

/// A resource in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ResourceSummary {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had.
    pub version: u64,
    /// What it is.
    pub kind: ResourceKind,
    /// One line.
    pub title: String,
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
    /// Categories of incident it is for.
    pub categories: BTreeSet<String>,
    /// Words it is to be found by.
    pub keywords: BTreeSet<String>,
    /// The organisation that has it.
    pub holder: String,
    /// Name and contact of a person are kept, sealed.
    pub has_contact: bool,
    /// Whether it can be had.
    pub standing: Standing,
    /// When its standing was last looked at.
    pub standing_at: Timestamp,
    /// When it was added.
    pub added_at: Timestamp,
    /// It is no longer in the register.
    pub retired: bool,
}

impl ResourceSummary {
    /// The resource at a version.
    pub fn new(version: u64, resource: &resource::Resource) -> Self {
        let all = Resource::new(version, resource);
        Self {
            id: all.id,
            version,
            kind: all.kind,
            title: all.title,
            place: all.place,
            quantity: all.quantity,
            model: all.model,
            rank: all.rank,
            fields: all.fields,
            categories: all.categories,
            keywords: all.keywords,
            holder: all.holder,
            has_contact: all.has_contact,
            standing: all.standing,
            standing_at: all.standing_at,
            added_at: all.added_at,
            retired: all.retired.is_some(),
        }
    }
}

/// Name and contact of whoever is to be called. Reading it became an entry of the ledger.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ResourceContact {
    /// As it was given.
    pub contact: String,
}

impl std::fmt::Debug for ResourceContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResourceContact(…)")
    }
}

/// What an import of resources came to. The same bytes a second time are all `unchanged`, and nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ResourcesImported {
    /// Resources that were not in the register before.
    pub new: u64,
    /// Resources that were amended, or whose standing changed.
    pub updated: u64,
    /// Resources that stood so already.
    pub unchanged: u64,
    /// Rows that were left out.
    pub rejected: u64,
    /// The first rows that were left out, at most 100.
    #[schema(max_items = 100)]
    pub rejects: Vec<RowReject>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct RowReject {
    /// The line it began on, from 1.
    pub line: u64,
    /// The stable reason: decide by this, not by the sentence.
    pub code: ProblemCode,
    /// The column it is about, if it is about one.
    pub field: Option<String>,
    /// The reason and what would be right, in a sentence for people.
    pub detail: String,
}

/// Why something is offered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum OfferReason {
    /// A category of it fits; of several the nearest is named.
    Category {
        /// The category.
        category: String,
        /// How it is related to the incident's.
        relation: Relation,
    },
    /// It has the field of expertise that was asked for.
    Field {
        /// The field.
        field: Expertise,
    },
    /// Keywords of it stand in the incident.
    Keywords {
        /// Those that count, at most 3.
        words: Vec<String>,
    },
    /// It and the incident share words; of Chinese, pairs of characters.
    Words {
        /// Those that count, at most 15.
        words: Vec<String>,
    },
}

impl From<&offer::Reason> for OfferReason {
    fn from(reason: &offer::Reason) -> Self {
        match reason {
            offer::Reason::Class { class, relation } => {
                Self::Category { category: class.to_string(), relation: (*relation).into() }
            }
            offer::Reason::Field { field } => Self::Field { field: (*field).into() },
            offer::Reason::Keywords { words } => Self::Keywords { words: words.clone() },
            offer::Reason::Words { words } => Self::Words { words: words.clone() },
        }
    }
}

/// A past case: an incident of this node that was archived.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct PastCase {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// One line.
    pub title: String,
    /// The unit where it happened.
    pub unit: String,
    /// Its level.
    pub level: IncidentLevel,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// Something that fits an incident: a resource, or a past case.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Offer {
    /// The sum of the points of its reasons.
    pub score: u32,
    /// Why it is offered; never empty.
    pub reasons: Vec<OfferReason>,
    /// The resource, if it is one.
    pub resource: Option<ResourceSummary>,
    /// The past case, if it is one.
    pub case: Option<PastCase>,
}

/// What the emergency database offers for an incident, best first.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Offers {
    /// The offers.
    pub items: Vec<Offer>,
    /// Everything in the database was looked at. If not, the latest were: search it for the rest.
    pub complete: bool,
}
