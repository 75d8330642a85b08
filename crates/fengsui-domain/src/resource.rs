//! Resources: the emergency database (应急数据库) of a node.
//!
//! People who can be called, teams, networks, equipment, software and reserves, and what is known: past
//! cases and solutions. A resource is added, amended, has its standing recorded, and is retired with a
//! reason; nothing is deleted. Titles, holders and keywords stand in lists, so they name no private
//! person: name and telephone of whoever is to be called are the contact, sealed and read one at a time.
//! Which resources fit an incident is in [`offer`]. Assigning them to one is the incident's matter.
//! Source: `jincheng-internet-2008/5.2.3.1.1`, `5.2.3.1.3`, `7.3`; `national-2017/7.3.a`, `7.3.b`, `7.8`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::actor::{Actor, By};
use crate::event::Sealed;
use crate::id::ResourceId;
use crate::permission::named;
use crate::plan::{CategoryId, PlanId};
use crate::refusal::Refusal;

mod decide;
pub mod offer;
#[cfg(test)]
mod tests;
mod words;

pub use decide::{Adding, Command, Contact, add, decide};
pub use words::{ResourceWords, fold};

/// Keywords of one resource.
pub const MAX_KEYWORDS: usize = 20;
/// Characters of one keyword.
pub const MAX_KEYWORD_CHARS: usize = 40;
/// Categories of one resource.
pub const MAX_CATEGORIES: usize = 20;
/// Characters of a class: a plan's and a category's id of 64 each, and the stroke between them.
pub const MAX_CLASS_CHARS: usize = 129;
/// Characters of a unit of quantity.
pub const MAX_UNIT_CHARS: usize = 20;
/// The largest quantity: what every reader of JSON takes exactly, 2^53 - 1 (RFC 8259, section 6).
pub const MAX_COUNT: u64 = (1 << 53) - 1;

named! {
    /// What a resource is. The six types of `jincheng-internet-2008/5.2.3.1.3` are `network`, `computer`,
    /// `network-device`, `security-device` with `software`, `case` and `solution`.
    ResourceKind {
        /// A technical expert (专家). Source: `jincheng-internet-2008/5.2.3.1.1`, `national-2017/7.3.a`.
        Expert = "expert",
        /// A team that can be called (应急队伍). Source: `national-2017/7.2.c`, `7.3.b`, `7.4`.
        Team = "team",
        /// Network and communication resources (网络与通信资源). Source: `jincheng-internet-2008/5.2.3.1.3`, `7.4`.
        Network = "network",
        /// A computer (计算机). Source: `jincheng-internet-2008/5.2.3.1.3`.
        Computer = "computer",
        /// A network device (网络设备). Source: `jincheng-internet-2008/5.2.3.1.3`, `7.3`.
        NetworkDevice = "network-device",
        /// A security device (安全设备). Source: `jincheng-internet-2008/5.2.3.1.3`.
        SecurityDevice = "security-device",
        /// Software, above all for security (软件). Source: `jincheng-internet-2008/5.2.3.1.3`, `national-2017/7.8`.
        Software = "software",
        /// Other equipment, tools and vehicles in reserve (物资). Source: `national-2017/3.4.1.3.b`, `7.8`.
        Material = "material",
        /// A past case of handling (处置案例). Source: `jincheng-internet-2008/5.2.3.1.3`.
        Case = "case",
        /// A solution that is known (解决方案). Source: `jincheng-internet-2008/5.2.3.1.3`.
        Solution = "solution",
    }
}

impl ResourceKind {
    /// It is somebody who has fields of expertise.
    pub fn is_people(self) -> bool {
        matches!(self, Self::Expert | Self::Team)
    }
}

named! {
    /// A field of expertise: three are named, and others. Source: `jincheng-internet-2008/5.2.3.1.1`.
    Expertise {
        /// Information security (信息安全).
        InformationSecurity = "information-security",
        /// Networks (网络).
        Network = "network",
        /// Information systems (信息系统).
        InformationSystem = "information-system",
        /// Another technical field (其他).
        Other = "other",
    }
}

named! {
    /// Whether a resource can be had. Source: `jincheng-internet-2008/7.3` (condition and availability).
    Standing {
        /// It can be had.
        Available = "available",
        /// It is at work somewhere.
        InUse = "in-use",
        /// It cannot be used.
        OutOfService = "out-of-service",
    }
}

/// A class of incident in some taxonomy: `PLAN/CATEGORY`, such as `jincheng-internet-2008/attack`, or an id
/// that a plan's category maps to, such as `rsit/availability`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ClassId(String);

impl ClassId {
    /// The class of a plan's category.
    pub fn of(plan: &PlanId, category: &CategoryId) -> Self {
        Self(format!("{plan}/{category}"))
    }

    /// The class a text names.
    ///
    /// # Errors
    /// [`Refusal::TooLong`], or [`Refusal::Unknown`] if it is not two names with a stroke between them.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let chars = text.chars().count();
        if chars > MAX_CLASS_CHARS {
            return Err(Refusal::TooLong { field, chars, max: MAX_CLASS_CHARS });
        }
        let name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && c != '/');
        match text.split_once('/') {
            Some((plan, category)) if name(plan) && name(category) => Ok(Self(text.to_owned())),
            _ => Err(Refusal::Unknown { field, value: text.to_owned() }),
        }
    }

    /// `PLAN/CATEGORY`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the stroke: a plan's id, or the name of another taxonomy.
    pub fn taxonomy(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(taxonomy, _)| taxonomy)
    }
}

impl std::fmt::Display for ClassId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much of it there is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quantity {
    /// A whole number.
    pub count: u64,
    /// Of what: 台, 套, 人; empty if it goes without saying.
    #[serde(default)]
    pub unit: String,
}

/// What is known of a resource; every field can be amended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Particulars {
    /// What it is.
    pub kind: ResourceKind,
    /// One line, without the name of a private person.
    pub title: String,
    /// What it can do, or what is known.
    pub description: String,
    /// Where it is. Source: `jincheng-internet-2008/7.3`, `national-2017/7.8`.
    pub place: String,
    /// How much of it there is.
    pub quantity: Option<Quantity>,
    /// Make, model or version. Source: `national-2017/7.8`.
    pub model: String,
    /// The rank of an expert or a team: national, provincial, city. Source: `national-2017/7.3.a`.
    pub rank: String,
    /// Fields of expertise; of experts and teams only, and at least one of these.
    pub fields: BTreeSet<Expertise>,
    /// Classes of incident it is for.
    pub categories: BTreeSet<ClassId>,
    /// Words it is to be found by.
    pub keywords: BTreeSet<String>,
    /// The organisation that has it. Source: `jincheng-internet-2008/7.3`, `national-2017/7.4`.
    pub holder: String,
    /// Name, telephone and the like of whoever is to be called, sealed.
    pub contact: Option<Sealed>,
}

/// The standing as it was last looked at: who checked, and when. Source: `national-2017/3.4.1.3.b`, `7.8`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stood {
    /// Whether it can be had.
    pub standing: Standing,
    /// Where it is at work, what is broken, what the check found.
    pub note: String,
    /// When it was looked at.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// Why it is no longer in the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Retirement {
    /// The reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// A resource as it stands, folded from its changes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Resource {
    /// Its id.
    pub id: ResourceId,
    /// What is known.
    pub particulars: Particulars,
    /// Whether it can be had.
    pub stood: Stood,
    /// When it was added.
    pub added_at: Timestamp,
    /// By whom.
    pub added_by: By,
    /// It is no longer in the register.
    pub retired: Option<Retirement>,
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ResourceChange {
    /// It was added.
    Added {
        /// What was known.
        particulars: Particulars,
        /// Whether it could be had.
        standing: Standing,
    },
    /// What is known was amended; all of it as it now stands.
    Amended {
        /// What is known.
        particulars: Particulars,
    },
    /// Its standing was looked at.
    Stood {
        /// Whether it can be had.
        standing: Standing,
        /// Where it is at work, what is broken, what the check found.
        note: String,
    },
    /// It left the register; its contact is no longer kept in the state.
    Retired {
        /// Why.
        reason: String,
    },
    /// A person read its contact.
    PersonalRead {
        /// Why.
        reason: String,
    },
}

impl Resource {
    /// The resource that a first change makes; `None` for any other change.
    pub fn first(id: ResourceId, change: ResourceChange, at: Timestamp, by: By) -> Option<Self> {
        let ResourceChange::Added { particulars, standing } = change else { return None };
        let stood = Stood { standing, note: String::new(), at, by: by.clone() };
        Some(Self { id, particulars, stood, added_at: at, added_by: by, retired: None })
    }

    /// Folds one more change in. Total: whatever the ledger holds was decided before.
    pub fn apply(&mut self, change: ResourceChange, at: Timestamp, by: By) {
        match change {
            ResourceChange::Added { .. } | ResourceChange::PersonalRead { .. } => {}
            ResourceChange::Amended { particulars } => self.particulars = particulars,
            ResourceChange::Stood { standing, note } => self.stood = Stood { standing, note, at, by },
            ResourceChange::Retired { reason } => {
                self.particulars.contact = None;
                self.retired = Some(Retirement { reason, at, by });
            }
        }
    }

    /// It can be offered: in the register, and not out of service.
    pub fn is_offered(&self) -> bool {
        self.retired.is_none() && self.stood.standing != Standing::OutOfService
    }

    /// What a search looks through: title, description, keywords, holder and model, folded.
    pub fn searched(&self) -> String {
        let Particulars { title, description, keywords, holder, model, .. } = &self.particulars;
        let texts = [title, description, holder, model].into_iter().chain(keywords);
        fold(&texts.map(String::as_str).collect::<Vec<_>>().join("\n"))
    }
}

/// What a decision needs beside state and command.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// Whether a class exists, as far as the plans at hand can tell.
    pub knows: &'a dyn Fn(&ClassId) -> bool,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("actor", &self.actor).finish_non_exhaustive()
    }
}
