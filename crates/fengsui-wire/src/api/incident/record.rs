//! What was recorded: reports, actions, evidence, people, texts, review, filing, remarks.

use std::collections::BTreeMap;

use fengsui_domain::id::{IncidentId, ResourceId};
use fengsui_domain::incident;
use jiff::Timestamp;
use uuid::Uuid;

use super::texts;
use crate::api::{By, Form, ReportKind, Signed};

/// A receipt given by an addressee.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Receipt {
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    pub reference: String,
    /// Who recorded it.
    pub by: By,
}

impl From<&incident::Receipt> for Receipt {
    fn from(receipt: &incident::Receipt) -> Self {
        Self { at: receipt.at, reference: receipt.reference.clone(), by: (&receipt.by).into() }
    }
}

/// A report from one body to another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Report {
    /// Its id.
    pub id: Uuid,
    /// First, follow-up or final.
    pub kind: ReportKind,
    /// Oral or written.
    pub form: Form,
    /// The body that reports.
    pub of: String,
    /// The body reported to.
    pub to: String,
    /// When it was made.
    pub at: Timestamp,
    /// Who spoke to whom, or who sent it.
    pub spoke: String,
    /// By what means.
    pub means: String,
    /// What was reported.
    pub text: String,
    /// When it was recorded here.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub by: By,
    /// The addressee's receipt; a written report counts once it is there.
    pub receipt: Option<Receipt>,
}

impl From<&incident::Report> for Report {
    fn from(report: &incident::Report) -> Self {
        Self {
            id: report.id.0,
            kind: report.kind.into(),
            form: report.form.into(),
            of: report.of.to_string(),
            to: report.to.to_string(),
            at: report.at,
            spoke: report.spoke.clone(),
            means: report.means.clone(),
            text: report.text.clone(),
            recorded_at: report.recorded_at,
            by: (&report.by).into(),
            receipt: report.receipt.as_ref().map(Receipt::from),
        }
    }
}

/// An immediate action, taken without waiting for approval.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ActionTaken {
    /// Which of the plan's list.
    pub action: String,
    /// When.
    pub at: Timestamp,
    /// What exactly was done, with what result.
    pub note: String,
    /// Who recorded it.
    pub by: By,
}

impl From<&incident::ActionTaken> for ActionTaken {
    fn from(taken: &incident::ActionTaken) -> Self {
        Self {
            action: taken.action.to_string(),
            at: taken.at,
            note: taken.note.clone(),
            by: (&taken.by).into(),
        }
    }
}

/// A step in a chain of custody.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Custody {
    /// Who holds it from now on.
    pub holder: String,
    /// Since when.
    pub at: Timestamp,
    /// Why it changed hands.
    pub why: String,
    /// Who recorded it.
    pub by: By,
}

/// A piece of evidence and who has held it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Evidence {
    /// Its id.
    pub id: Uuid,
    /// File name or description.
    pub name: String,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// When it was collected.
    pub collected_at: Timestamp,
    /// Where and how.
    pub note: String,
    /// Chain of custody: the collector first.
    pub custody: Vec<Custody>,
}

impl From<&incident::Evidence> for Evidence {
    fn from(evidence: &incident::Evidence) -> Self {
        let custody = evidence.custody.iter().map(|step| Custody {
            holder: step.holder.clone(),
            at: step.at,
            why: step.why.clone(),
            by: (&step.by).into(),
        });
        Self {
            id: evidence.id.0,
            name: evidence.name.clone(),
            sha256: evidence.sha256.clone(),
            size_bytes: evidence.size_bytes,
            collected_at: evidence.collected_at,
            note: evidence.note.clone(),
            custody: custody.collect(),
        }
    }
}

/// A person working in the incident under a role of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Assignment {
    /// The role.
    pub role: String,
    /// The person's name as known here.
    pub person: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when, once relieved.
    pub until: Option<Timestamp>,
}

impl From<&incident::Assignment> for Assignment {
    fn from(held: &incident::Assignment) -> Self {
        Self { role: held.role.to_string(), person: held.person.clone(), from: held.from, until: held.until }
    }
}

/// An incident derived from this one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Derived {
    /// The derived incident.
    pub incident: Uuid,
    /// It is over.
    pub closed: bool,
}

impl From<&incident::Derived> for Derived {
    fn from(derived: &incident::Derived) -> Self {
        Self { incident: derived.incident.0, closed: derived.closed }
    }
}

/// A text on its way through a publication chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Publication {
    /// Its id.
    pub id: Uuid,
    /// The plan's chain.
    pub rule: String,
    /// The text.
    pub text: String,
    /// Who drafted it.
    pub drafted: Signed,
    /// Who approved it.
    pub approved: Option<Signed>,
    /// Who released it.
    pub released: Option<Signed>,
}

impl From<&incident::Publication> for Publication {
    fn from(publication: &incident::Publication) -> Self {
        Self {
            id: publication.id.0,
            rule: publication.rule.to_string(),
            text: publication.text.clone(),
            drafted: (&publication.drafted).into(),
            approved: publication.approved.as_ref().map(Signed::from),
            released: publication.released.as_ref().map(Signed::from),
        }
    }
}

/// A completed review.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Review {
    /// The mandatory contents, by topic.
    pub topics: BTreeMap<String, String>,
    /// Whether the plan must change, and how; empty if it need not.
    pub plan_change: String,
    /// Who completed it.
    pub signed: Signed,
}

impl From<&incident::Review> for Review {
    fn from(review: &incident::Review) -> Self {
        Self {
            topics: texts(&review.topics),
            plan_change: review.plan_change.clone(),
            signed: (&review.signed).into(),
        }
    }
}

/// The closing package filed with an authority.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Filing {
    /// Process and result in short.
    pub summary: String,
    /// Who filed it.
    pub signed: Signed,
    /// The receipt, once it is there, where that of one addressee is enough.
    pub receipt: Option<Receipt>,
    /// The receipts by addressee, where each gives one.
    pub receipts: BTreeMap<String, Receipt>,
}

impl From<&incident::Filing> for Filing {
    fn from(filing: &incident::Filing) -> Self {
        Self {
            summary: filing.summary.clone(),
            signed: (&filing.signed).into(),
            receipt: filing.receipt.as_ref().map(Receipt::from),
            receipts: filing.receipts.iter().map(|(of, receipt)| (of.to_string(), receipt.into())).collect(),
        }
    }
}

/// A remark in the record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Note {
    /// What was written.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

impl From<&incident::Note> for Note {
    fn from(note: &incident::Note) -> Self {
        Self { text: note.text.clone(), at: note.at, by: (&note.by).into() }
    }
}

/// Something of the emergency database that an incident points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pinned {
    /// A resource.
    Resource {
        /// Which one.
        resource: Uuid,
    },
    /// An incident of this node, as a past case.
    Incident {
        /// Which one.
        incident: Uuid,
    },
}

impl From<incident::Pinned> for Pinned {
    fn from(what: incident::Pinned) -> Self {
        match what {
            incident::Pinned::Resource { resource } => Self::Resource { resource: resource.0 },
            incident::Pinned::Incident { incident } => Self::Incident { incident: incident.0 },
        }
    }
}

impl From<Pinned> for incident::Pinned {
    fn from(what: Pinned) -> Self {
        match what {
            Pinned::Resource { resource } => Self::Resource { resource: ResourceId(resource) },
            Pinned::Incident { incident } => Self::Incident { incident: IncidentId(incident) },
        }
    }
}

/// What was pinned, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Pin {
    /// What it is.
    pub what: Pinned,
    /// Its title at that time.
    pub title: String,
    /// What it is good for here.
    pub note: String,
    /// When it was pinned.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

impl From<&incident::Pin> for Pin {
    fn from(pin: &incident::Pin) -> Self {
        Self {
            what: pin.what.into(),
            title: pin.title.clone(),
            note: pin.note.clone(),
            at: pin.at,
            by: (&pin.by).into(),
        }
    }
}
