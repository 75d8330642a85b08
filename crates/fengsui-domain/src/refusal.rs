//! Why a command was refused: a stable code, the facts of the refusal, and a sentence.
//!
//! The code is public contract (problem+json `code`, message keys of the console); add, never rename.

use jiff::Timestamp;

use crate::level::IncidentLevel;
use crate::permission::Permission;
use crate::plan::RoleId;

/// Why the core said no. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The actor's system roles do not include the permission.
    #[error("this needs the permission `{needed}`")]
    NotPermitted {
        /// What would be needed.
        needed: Permission,
    },
    /// The actor speaks for none of the bodies that the plan entitles.
    #[error("under the plan only {} may do this", list(entitled))]
    NotEntitled {
        /// Who may.
        entitled: Vec<RoleId>,
    },
    /// Two steps that the plan gives to separate people were taken by one.
    #[error("`{first}` and `{second}` must be done by two different persons")]
    SamePerson {
        /// The earlier step.
        first: &'static str,
        /// The step now refused.
        second: &'static str,
    },
    /// A person must do this; a service token is not one.
    #[error("a person must do this, not a service token")]
    PersonRequired,
    /// The thing is not in a phase in which this can happen.
    #[error("`{action}` is not possible while the phase is `{phase}`")]
    WrongPhase {
        /// What was asked.
        action: &'static str,
        /// Where it stands.
        phase: &'static str,
    },
    /// The step was already taken, or is no longer called for.
    #[error("`{action}` was already done, or fell away")]
    AlreadyDone {
        /// What was asked.
        action: &'static str,
    },
    /// An earlier step is missing.
    #[error("`{action}` needs `{needs}` first")]
    NotReady {
        /// What was asked.
        action: &'static str,
        /// What must come first.
        needs: &'static str,
    },
    /// A step of a playbook whose turn has not come.
    #[error("`{action}` waits for {}", steps.iter().map(|step| format!("`{step}`")).collect::<Vec<_>>().join(" and "))]
    StepsOpen {
        /// What was asked.
        action: &'static str,
        /// Ids of the steps that must be settled first.
        steps: Vec<String>,
    },
    /// The plan of the incident does not know this.
    #[error("the plan of this incident knows no {what}")]
    NotInPlan {
        /// What it does not know: `disposal chain`, `filing`, …
        what: &'static str,
    },
    /// A required field is empty.
    #[error("`{field}` must not be empty")]
    Missing {
        /// Which one.
        field: &'static str,
    },
    /// A field is too long.
    #[error("`{field}` has {chars} characters, at most {max} fit")]
    TooLong {
        /// Which one.
        field: &'static str,
        /// How many it has.
        chars: usize,
        /// How many fit.
        max: usize,
    },
    /// A field has a control character.
    #[error("`{field}` holds a control character")]
    ControlCharacter {
        /// Which one.
        field: &'static str,
    },
    /// A field's value is not known.
    #[error("`{field}` has the unknown value `{value}`")]
    Unknown {
        /// Which one.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// A recorded time lies in the future or before what it must follow.
    #[error("`{field}` is {at}, which is {problem}")]
    BadTime {
        /// Which one.
        field: &'static str,
        /// The value.
        at: Timestamp,
        /// `in the future` or `before …`.
        problem: &'static str,
    },
    /// The level differs from the proposal, or the rule asks for a judge: a reason is needed.
    #[error("{}", reason_required(*proposed))]
    ReasonRequired {
        /// What the rules propose.
        proposed: Option<IncidentLevel>,
    },
    /// Conditions of the step do not hold.
    #[error("still missing: {}", missing.join(", "))]
    ConditionsOpen {
        /// Ids of those that are missing.
        missing: Vec<String>,
    },
    /// Derived incidents are still open.
    #[error("{open} derived incidents are still open")]
    DerivedOpen {
        /// How many.
        open: usize,
    },
    /// The name is taken.
    #[error("the name `{name}` is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// It would leave nobody able to administer the node.
    #[error("the last administrator cannot be disabled or lose the role")]
    LastAdministrator,
    /// A list has too many items.
    #[error("`{field}` has {count} items, at most {max} fit")]
    TooMany {
        /// Which one.
        field: &'static str,
        /// How many it has.
        count: usize,
        /// How many fit.
        max: usize,
    },
}

impl Refusal {
    /// The stable code of this kind of refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPermitted { .. } => "not_permitted",
            Self::NotEntitled { .. } => "not_entitled",
            Self::SamePerson { .. } => "same_person",
            Self::PersonRequired => "person_required",
            Self::WrongPhase { .. } => "wrong_phase",
            Self::AlreadyDone { .. } => "already_done",
            Self::NotReady { .. } => "not_ready",
            Self::StepsOpen { .. } => "steps_open",
            Self::NotInPlan { .. } => "not_in_plan",
            Self::Missing { .. } => "missing",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacter { .. } => "control_character",
            Self::Unknown { .. } => "unknown_value",
            Self::BadTime { .. } => "bad_time",
            Self::ReasonRequired { .. } => "reason_required",
            Self::ConditionsOpen { .. } => "conditions_open",
            Self::DerivedOpen { .. } => "derived_open",
            Self::NameTaken { .. } => "name_taken",
            Self::LastAdministrator => "last_administrator",
            Self::TooMany { .. } => "too_many",
        }
    }

    /// The field the refusal is about, if it is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing { field }
            | Self::TooLong { field, .. }
            | Self::ControlCharacter { field }
            | Self::Unknown { field, .. }
            | Self::BadTime { field, .. }
            | Self::TooMany { field, .. } => Some(field),
            Self::ReasonRequired { .. } => Some("reason"),
            Self::NameTaken { .. } => Some("name"),
            _ => None,
        }
    }
}

fn list(roles: &[RoleId]) -> String {
    roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(" or ")
}

/// Why a level needs a reason, and what else would do.
fn reason_required(proposed: Option<IncidentLevel>) -> String {
    match proposed {
        Some(level) => format!(
            "a reason is needed: the rules propose {level}, and another level, or one that a person must judge, needs one"
        ),
        None => "a reason is needed: the answers so far decide no level; answer what is open, or say why"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        for (refusal, says) in [
            (
                Refusal::ReasonRequired { proposed: Some(IncidentLevel::I) },
                "a reason is needed: the rules propose I, and another level, or one that a person must judge, needs one",
            ),
            (
                Refusal::ReasonRequired { proposed: None },
                "a reason is needed: the answers so far decide no level; answer what is open, or say why",
            ),
            (
                Refusal::ConditionsOpen { missing: vec!["cause".into(), "lessons".into()] },
                "still missing: cause, lessons",
            ),
            (Refusal::AlreadyDone { action: "do-step" }, "`do-step` was already done, or fell away"),
        ] {
            assert_eq!(refusal.to_string(), says);
        }
    }
}
