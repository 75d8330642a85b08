//! Evidence items: what they are, their hash, and whose hands they went through.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Gate, Moment, Person, Proof};
use crate::console::view::shell::Shell;
use crate::console::view::words::IncidentTab;

/// `GET /incidents/{number}/evidence`.
#[derive(Template)]
#[template(path = "incident/evidence.html")]
pub struct Evidence {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Evidence`].
    pub tab: IncidentTab,
    /// The items, newest first.
    pub items: Vec<EvidenceItem>,
    /// May the reader add one?
    pub add: Gate,
    /// Largest file, in words: `64 MB`.
    pub limit: String,
    /// Forms `upload` (multipart: `file`, `title`, `note`, `collected_at`) and `custody-ID`
    /// (`to`, `reason`).
    pub forms: Forms,
    /// The zone in which times are typed: `UTC+8`.
    pub zone: String,
}

/// One item.
#[derive(Clone, Debug)]
pub struct EvidenceItem {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Name of the file; empty for a thing.
    pub file: String,
    /// Where to fetch it, if the reader may.
    pub href: Option<String>,
    /// Size, in words.
    pub size: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// A note; may be empty.
    pub note: String,
    /// When it was collected.
    pub collected_at: Moment,
    /// Whose hands it went through, oldest first.
    pub custody: Vec<CustodyStep>,
    /// May the reader hand it over?
    pub hand_over: Gate,
}

/// One change of hands.
#[derive(Clone, Debug)]
pub struct CustodyStep {
    /// When.
    pub at: Moment,
    /// Who has it from then on.
    pub to: Person,
    /// Why.
    pub reason: String,
    /// The entry, if it is among those the page has read.
    pub proof: Option<Proof>,
}
