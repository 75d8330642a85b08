//! Who did it.

use fengsui_domain::actor;
use fengsui_domain::incident;
use jiff::Timestamp;
use uuid::Uuid;

/// What kind of actor it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ByKind {
    /// A person, also through a token of their own.
    Person,
    /// A service token.
    Token,
    /// The node itself: timers, ingest.
    Node,
    /// The command line on the node's own machine.
    Console,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct By {
    /// What kind of actor it was.
    pub kind: ByKind,
    /// The account or the token.
    pub id: Option<Uuid>,
    /// The name to show, as it was then.
    pub name: String,
}

impl From<&actor::By> for By {
    fn from(by: &actor::By) -> Self {
        let (kind, id) = match by {
            actor::By::Person { account, .. } => (ByKind::Person, Some(account.0)),
            actor::By::Token { token, .. } => (ByKind::Token, Some(token.0)),
            actor::By::Node { .. } => (ByKind::Node, None),
            actor::By::Console => (ByKind::Console, None),
        };
        Self { kind, id, name: by.name().to_owned() }
    }
}

/// A person, named where the plan asks for one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Person {
    /// The account.
    pub account: Uuid,
    /// The sign-in name, as it was then.
    pub name: String,
}

impl From<&actor::Person> for Person {
    fn from(person: &actor::Person) -> Self {
        Self { account: person.account.0, name: person.name.clone() }
    }
}

/// A person's act for a body at an instant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// For which body of the plan.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

impl From<&incident::Signed> for Signed {
    fn from(signed: &incident::Signed) -> Self {
        Self { person: (&signed.person).into(), body: signed.body.to_string(), at: signed.at }
    }
}
