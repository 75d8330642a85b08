//! The emergency database: the list, one resource, an import, and what is offered for an incident.
//!
//! No list holds the name or number of a private person; a contact stands on its own resource's page alone,
//! masked until somebody reads it with a reason.

use askama::Template;

use super::form::{Form, Forms};
use super::parts::{Act, Choice, Gate, Moment, Pager};
use super::shell::Shell;
use super::words::{Expertise, ResourceKind, Standing};

/// `GET /resources`.
#[derive(Template)]
#[template(path = "resource/list.html")]
pub struct ResourceList {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `kind`, `field`, `category`, `state`, `q`.
    pub form: Form,
    /// States to choose from; empty is "in the register".
    pub states: Vec<Choice>,
    /// Categories of the plan in force to choose from.
    pub categories: Vec<Choice>,
    /// The resources, newest first.
    pub rows: Vec<ResourceRow>,
    /// Pages.
    pub pager: Pager,
    /// May the reader add and import?
    pub manage: Gate,
    /// Forms `add` and `import` (multipart: `file`, `text`).
    pub forms: Forms,
    /// Largest file, in words.
    pub limit: String,
}

/// A resource in a list.
#[derive(Clone, Debug)]
pub struct ResourceRow {
    /// Its page.
    pub href: String,
    /// What it is.
    pub kind: ResourceKind,
    /// One line.
    pub title: String,
    /// Make, model or version, or the rank; may be empty.
    pub model: String,
    /// Fields of expertise.
    pub fields: Vec<Expertise>,
    /// Names of its categories.
    pub categories: Vec<String>,
    /// The organisation that has it.
    pub holder: String,
    /// Where it is; may be empty.
    pub place: String,
    /// How much there is: `2 台`; empty if that is not said.
    pub quantity: String,
    /// Whether it can be had.
    pub standing: Standing,
    /// It is no longer in the register.
    pub retired: bool,
    /// When its standing was last looked at.
    pub checked_at: Moment,
}

/// `GET /resources/{id}`.
#[derive(Template)]
#[template(path = "resource/page.html")]
pub struct ResourcePage {
    /// The frame.
    pub shell: Shell,
    /// Its id.
    pub id: String,
    /// What lists show of it.
    pub row: ResourceRow,
    /// What it can do, or what is known; may be empty.
    pub description: String,
    /// Its keywords.
    pub keywords: Vec<String>,
    /// The rank of an expert or a team; may be empty.
    pub rank: String,
    /// What the last check found; may be empty.
    pub note: String,
    /// Who checked.
    pub checked_by: String,
    /// Why it was retired.
    pub retired: Option<String>,
    /// Whoever is to be called, for those who may read that.
    pub contact: Option<Contact>,
    /// What happened, newest first.
    pub history: Vec<Act>,
    /// Categories of the plan in force to choose from.
    pub categories: Vec<Choice>,
    /// May the reader amend, check and retire?
    pub manage: Gate,
    /// The version seen.
    pub revision: u64,
    /// Forms `amend`, `standing` (`standing`, `note`), `retire` (`reason`) and `contact` (`reason`).
    pub forms: Forms,
}

/// Whoever is to be called.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Name and number, or a mask.
    pub text: String,
    /// They were read, with a reason.
    pub revealed: bool,
}

/// After an import: what went in and what did not.
#[derive(Template)]
#[template(path = "resource/import.html")]
pub struct ResourceImport {
    /// The frame.
    pub shell: Shell,
    /// New ones.
    pub new: usize,
    /// Updated ones.
    pub updated: usize,
    /// Unchanged ones.
    pub unchanged: usize,
    /// Rows that were rejected, in all.
    pub rejected: usize,
    /// The first of them.
    pub rejects: Vec<RowReject>,
}

/// A row that was rejected.
#[derive(Clone, Debug)]
pub struct RowReject {
    /// The line it began on.
    pub line: u64,
    /// The column it is about; may be empty.
    pub column: String,
    /// Why, and what would be right.
    pub reason: String,
}

/// `GET /resources/offers`.
#[derive(Template)]
#[template(path = "resource/offers_page.html")]
pub struct OfferPage {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `incident`, `kind`, `field`.
    pub form: Form,
    /// The incident, once one was named: its number, title and page.
    pub incident: Option<super::parts::IncidentRef>,
    /// What is offered, best first.
    pub offers: Vec<OfferRow>,
    /// Everything in the database was looked at.
    pub complete: bool,
}

/// Something that is offered, for `resource/offers.html`, which any page may include with `offers`.
#[derive(Clone, Debug)]
pub struct OfferRow {
    /// Its page: a resource's, or a past incident's.
    pub href: String,
    /// What a form that pins it sends: the kind and the id.
    pub pin: String,
    /// What it is.
    pub kind: ResourceKind,
    /// One line; a past incident's number before it.
    pub title: String,
    /// Who has it, and where; the unit of a past incident.
    pub holder: String,
    /// Whether it can be had; `None` for a past incident.
    pub standing: Option<Standing>,
    /// The sum of its points.
    pub score: u32,
    /// Why it is offered, each a sentence.
    pub reasons: Vec<String>,
}
