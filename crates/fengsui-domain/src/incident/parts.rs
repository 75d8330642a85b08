//! What an incident holds: reports, evidence, people, publications, proposals and decisions.

use jiff::Timestamp;

use crate::actor::{By, Person, TwoPersons};
use crate::id::{EvidenceId, IncidentId, PublicationId, ReportId, ResourceId};
use crate::level::IncidentLevel;
use crate::permission::named;
use crate::plan::{Form, RoleId, RuleId};

named! {
    /// First, follow-up or final report.
    ReportKind {
        /// First report (首报).
        First = "first",
        /// Follow-up report (续报).
        FollowUp = "follow-up",
        /// Final report (终报).
        Final = "final",
    }
}

/// A report from one body to another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// First, follow-up or final.
    pub kind: ReportKind,
    /// Oral or written.
    pub form: Form,
    /// Who reports.
    pub of: RoleId,
    /// To whom.
    pub to: RoleId,
    /// When it was made.
    pub at: Timestamp,
    /// Who spoke to whom, or who sent it.
    pub spoke: String,
    /// By what means: telephone, fax, courier, e-mail.
    pub means: String,
    /// What was reported.
    pub text: String,
    /// When and by whom it was recorded here.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub by: By,
    /// The addressee's receipt; oral reports need none.
    pub receipt: Option<Receipt>,
}

/// A receipt given by an addressee.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// When it was given.
    pub at: Timestamp,
    /// Number, name or post by which it can be found again.
    pub reference: String,
    /// Who recorded it.
    pub by: By,
}

/// An immediate action, taken without waiting for approval.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ActionTaken {
    /// Which of the plan's list.
    pub action: RuleId,
    /// When.
    pub at: Timestamp,
    /// What exactly was done, with what result.
    pub note: String,
    /// Who recorded it.
    pub by: By,
}

/// A piece of evidence and who has held it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
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

/// A step in a chain of custody.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// A person working in the incident under a role of the plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Assignment {
    /// The role.
    pub role: RoleId,
    /// The person's name as known here.
    pub person: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when, once relieved.
    pub until: Option<Timestamp>,
}

/// A text on its way through a publication chain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// The plan's chain.
    pub rule: RuleId,
    /// The text, as drafted and as released.
    pub text: String,
    /// Who drafted it, when.
    pub drafted: Signed,
    /// Who approved it, when.
    pub approved: Option<Signed>,
    /// Who released it, when.
    pub released: Option<Signed>,
}

/// A person's act at an instant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// For which body.
    pub body: RoleId,
    /// When.
    pub at: Timestamp,
}

/// Something proposed that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proposal {
    /// What is proposed.
    #[serde(flatten)]
    pub step: Step,
    /// Grounds.
    pub grounds: String,
    /// Who proposed it.
    pub signed: Signed,
}

/// A step of the response that is proposed, decided, or both at once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Start the response.
    Start {
        /// At this level.
        level: IncidentLevel,
        /// Over this range.
        range: String,
    },
    /// Change its level or range.
    Adjust {
        /// To this level.
        level: IncidentLevel,
        /// To this range.
        range: String,
    },
    /// End it.
    End,
}

impl Step {
    /// Its stable name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Adjust { .. } => "adjust",
            Self::End => "end",
        }
    }
}

/// A decision on a step, made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Decision {
    /// Who decided.
    pub signed: Signed,
    /// Grounds.
    pub grounds: String,
    /// The proposer and the decider, where the plan asks for two persons.
    pub persons: Option<TwoPersons>,
}

/// A condition of ending, ticked with its basis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tick {
    /// It holds.
    pub holds: bool,
    /// On what basis.
    pub basis: String,
    /// When it was ticked.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// The "when necessary" decision on a headquarters, recorded either way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Headquarters {
    /// Formed or not.
    pub formed: bool,
    /// Grounds of the necessity, or of its absence.
    pub grounds: String,
    /// Who decided.
    pub signed: Signed,
}

/// Something of the emergency database put into the incident's file, for those who handle it.
/// Source: `jincheng-internet-2008/5.2.3.1.3`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pin {
    /// What it is.
    #[serde(flatten)]
    pub what: Pinned,
    /// Its title at that time.
    pub title: String,
    /// What it is good for here.
    pub note: String,
    /// When it was put there.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// What can be pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pinned {
    /// A resource of the emergency database.
    Resource {
        /// Which one.
        resource: ResourceId,
    },
    /// An incident of this node, as a past case.
    Incident {
        /// Which one.
        incident: IncidentId,
    },
}

/// A remark in the record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// What was written.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: By,
}

/// An incident derived from another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Derived {
    /// The derived incident.
    pub incident: IncidentId,
    /// It is over (ended, archived or withdrawn).
    pub closed: bool,
}
