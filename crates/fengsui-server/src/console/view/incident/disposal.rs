//! The disposal plan: drafted, verified, approved and carried out by separate people.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Act, Choice, ClauseRef, Gate, Moment, Person, Proof};
use crate::console::view::resource::OfferRow;
use crate::console::view::shell::Shell;
use crate::console::view::words::{DisposalStage, DisposalState, Finding, IncidentTab, Step};

/// `GET /incidents/{number}/disposal`.
#[derive(Template)]
#[template(path = "incident/disposal.html")]
pub struct Disposal {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::Disposal`].
    pub tab: IncidentTab,
    /// The plan has a disposal chain; if not, the page says so and there is nothing to draft.
    pub in_plan: bool,
    /// Versions, newest first; the first is the current one.
    pub versions: Vec<DisposalVersion>,
    /// May the reader draft (a new version)?
    pub draft: Gate,
    /// What was pinned for those who handle the incident.
    pub pins: Vec<PinRow>,
    /// What the emergency database offers beside it, best first.
    pub offers: Vec<OfferRow>,
    /// May the reader pin?
    pub pin: Gate,
    /// Kinds of verifier that the reader speaks for.
    pub kinds: Vec<Choice>,
    /// Operating permissions that can be used now.
    pub permissions: Vec<Choice>,
    /// Forms `draft` (`steps`, `resources`, `risks`, `rollback`), `verify` (`of`, `finding`, `remarks`),
    /// `sum-up` and `approve` (`decision`, `remarks`), `execute` (`step`, `grant`, `result`).
    pub forms: Forms,
}

/// One version of the plan.
#[derive(Clone, Debug)]
pub struct DisposalVersion {
    /// Its number, from 1.
    pub number: u64,
    /// Where it stands.
    pub state: DisposalState,
    /// The steps, as written.
    pub steps: String,
    /// What it needs; may be empty.
    pub resources: String,
    /// What can go wrong; may be empty.
    pub risks: String,
    /// How to go back; may be empty.
    pub rollback: String,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// What the verifiers found, in order.
    pub findings: Vec<FindingRow>,
    /// How many orders its approval gave; the tab of orders has them.
    pub orders: usize,
    /// Steps carried out so far, newest first.
    pub executed: Vec<Act>,
    /// Steps still to be carried out.
    pub open_steps: Vec<Choice>,
}

/// One stage of a version.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The stage.
    pub stage: DisposalStage,
    /// Where it stands.
    pub step: Step,
    /// Who may act, in words.
    pub allowed: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Who acted.
    pub by: Option<Person>,
    /// When.
    pub at: Option<Moment>,
    /// What they remarked; may be empty.
    pub remarks: String,
    /// The entry.
    pub proof: Option<Proof>,
    /// May the reader act now? A refusal says which earlier stage they took part in.
    pub gate: Gate,
}

/// What a verifier found.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// The kind of verifier, in words.
    pub kind: String,
    /// What was found.
    pub finding: Finding,
    /// Who, when, with which remarks.
    pub act: Act,
}

/// Something that was pinned.
#[derive(Clone, Debug)]
pub struct PinRow {
    /// Its page.
    pub href: String,
    /// What a form that takes it away sends.
    pub pin: String,
    /// Its title at that time.
    pub title: String,
    /// What it is good for here; may be empty.
    pub note: String,
    /// Who pinned it, and when.
    pub act: Act,
}
