//! What a search finds.

use jiff::Timestamp;
use uuid::Uuid;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// An event, at `/api/v1/events/{id}`.
    Event,
    /// An incident, at `/api/v1/incidents/{id}`.
    Incident,
}

/// Which text of it says most of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchField {
    /// Its number.
    Number,
    /// Its title.
    Title,
    /// The unit where it happened.
    Unit,
    /// The asset concerned.
    Asset,
    /// Who sent it: a body or a system.
    Sender,
    /// What happened.
    Details,
    /// A point of intake of the plan.
    Point,
    /// A point of the analysis.
    Analysis,
    /// A report.
    Report,
    /// A remark.
    Note,
}

/// A piece of a passage.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct SearchSpan {
    /// The text.
    pub text: String,
    /// It is what was asked for.
    pub found: bool,
}

/// An event or an incident with all words asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The unit where it happened.
    pub unit: String,
    /// When the event arrived or the incident was opened.
    pub at: Timestamp,
    /// Which of its texts the passage is from.
    pub field: SearchField,
    /// At most 120 characters around the first word that was found; `…` stands where something was left out.
    pub passage: Vec<SearchSpan>,
}
