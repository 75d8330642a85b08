//! The response: its steps, proposed and decided.

use fengsui_domain::incident;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;

use crate::api::bounds::part;
use crate::api::{By, IncidentLevel, MediumText, Person, Signed};

/// A step of the response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Start the response.
    Start {
        /// At this level.
        level: IncidentLevel,
        /// Over this range.
        #[schema(value_type = MediumText)]
        range: String,
    },
    /// Change its level or range.
    Adjust {
        /// To this level.
        level: IncidentLevel,
        /// To this range.
        #[schema(value_type = MediumText)]
        range: String,
    },
    /// End it.
    End {},
}

impl From<&incident::Step> for Step {
    fn from(step: &incident::Step) -> Self {
        match step {
            incident::Step::Start { level, range } => {
                Self::Start { level: (*level).into(), range: range.clone() }
            }
            incident::Step::Adjust { level, range } => {
                Self::Adjust { level: (*level).into(), range: range.clone() }
            }
            incident::Step::End => Self::End {},
        }
    }
}

impl TryFrom<Step> for incident::Step {
    type Error = Refusal;

    fn try_from(step: Step) -> Result<Self, Refusal> {
        Ok(match step {
            Step::Start { level, range } => Self::Start { level: level.into(), range: part("range", range)? },
            Step::Adjust { level, range } => {
                Self::Adjust { level: level.into(), range: part("range", range)? }
            }
            Step::End {} => Self::End,
        })
    }
}

/// A step that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct StepProposal {
    /// What is proposed.
    pub step: Step,
    /// Grounds.
    pub grounds: String,
    /// Who proposed it.
    pub signed: Signed,
}

impl From<&incident::Proposal> for StepProposal {
    fn from(proposal: &incident::Proposal) -> Self {
        Self {
            step: (&proposal.step).into(),
            grounds: proposal.grounds.clone(),
            signed: (&proposal.signed).into(),
        }
    }
}

/// A decision on a step, made.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Decision {
    /// Who decided.
    pub signed: Signed,
    /// Grounds.
    pub grounds: String,
    /// The proposer, where the plan asks for two persons.
    pub proposed_by: Option<Person>,
}

impl From<&incident::Decision> for Decision {
    fn from(decision: &incident::Decision) -> Self {
        Self {
            signed: (&decision.signed).into(),
            grounds: decision.grounds.clone(),
            proposed_by: decision.persons.as_ref().map(|persons| persons.first().into()),
        }
    }
}

/// The response, while it runs and after.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Response {
    /// The response level, a field of its own beside the incident's level.
    pub level: IncidentLevel,
    /// The range.
    pub range: String,
    /// When it started.
    pub started_at: Timestamp,
    /// Who started it, on what grounds; who adjusted it stands in the timeline.
    pub decision: Decision,
}

impl From<&incident::Responding> for Response {
    fn from(response: &incident::Responding) -> Self {
        Self {
            level: response.level.into(),
            range: response.range.clone(),
            started_at: response.started_at,
            decision: (&response.decision).into(),
        }
    }
}

/// The "when necessary" decision on a headquarters, recorded either way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Headquarters {
    /// Formed or not.
    pub formed: bool,
    /// Grounds.
    pub grounds: String,
    /// Who decided.
    pub signed: Signed,
}

impl From<&incident::Headquarters> for Headquarters {
    fn from(headquarters: &incident::Headquarters) -> Self {
        Self {
            formed: headquarters.formed,
            grounds: headquarters.grounds.clone(),
            signed: (&headquarters.signed).into(),
        }
    }
}

/// A condition of ending, ticked with its basis.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
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

impl From<&incident::Tick> for Tick {
    fn from(tick: &incident::Tick) -> Self {
        Self { holds: tick.holds, basis: tick.basis.clone(), at: tick.at, by: (&tick.by).into() }
    }
}
