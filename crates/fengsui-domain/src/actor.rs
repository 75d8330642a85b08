//! Who acts: a person, a service token, or the node itself.

use std::collections::BTreeSet;

use crate::id::{AccountId, TokenId};
use crate::permission::{Permission, SystemRole, allows};
use crate::plan::{Plan, RoleId};
use crate::refusal::Refusal;

/// Who an entry is by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum By {
    /// A person, by account; through a personal token if one was used.
    Person {
        /// The account.
        account: AccountId,
        /// Its sign-in name at that time.
        name: String,
    },
    /// A service token.
    Token {
        /// The token.
        token: TokenId,
        /// Its name.
        name: String,
    },
    /// The node itself: timers, ingest.
    Node {
        /// The part of the node that acted.
        part: String,
    },
    /// The command line on the node's own machine.
    Console,
}

impl By {
    /// The name to show.
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } | Self::Token { name, .. } => name,
            Self::Node { part } => part,
            Self::Console => "command line",
        }
    }

    /// Who it is, whatever the name: two tokens may have the same one.
    pub fn identity(&self) -> String {
        match self {
            Self::Person { account, .. } => format!("account/{account}"),
            Self::Token { token, .. } => format!("token/{token}"),
            other => other.name().to_owned(),
        }
    }

    /// The account, if a person acted.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } => Some(*account),
            _ => None,
        }
    }
}

/// Somebody who may act: identity, system roles, and the bodies of plans they speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Identity.
    pub by: By,
    /// System roles.
    pub roles: BTreeSet<SystemRole>,
    /// Bodies of plans this actor may speak for.
    pub bodies: BTreeSet<RoleId>,
    /// If not empty, only these permissions out of those of the roles (a narrowed token).
    pub scopes: BTreeSet<Permission>,
}

impl Actor {
    /// Whether the actor has the permission.
    pub fn may(&self, needed: Permission) -> bool {
        allows(&self.roles, needed) && (self.scopes.is_empty() || self.scopes.contains(&needed))
    }

    /// Passes if the actor has the permission.
    pub fn permit(&self, needed: Permission) -> Result<(), Refusal> {
        if self.may(needed) { Ok(()) } else { Err(Refusal::NotPermitted { needed }) }
    }

    /// The person behind this actor; service tokens and the node are refused.
    pub fn person(&self) -> Result<Person, Refusal> {
        match &self.by {
            By::Person { account, name } => Ok(Person { account: *account, name: name.clone() }),
            _ => Err(Refusal::PersonRequired),
        }
    }

    /// The body among `entitled` for which this actor speaks, after fallbacks.
    pub fn speaks_for(&self, entitled: &[RoleId], bodies: &Bodies<'_>) -> Result<RoleId, Refusal> {
        let acting = bodies.acting(entitled);
        let found = acting.iter().find(|role| self.bodies.contains(*role)).cloned();
        found.ok_or(Refusal::NotEntitled { entitled: acting })
    }
}

/// A person, named where the plan asks for one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The sign-in name at that time.
    pub name: String,
}

/// Two different persons. There is no other way to make one than [`TwoPersons::new`]; a stored pair is
/// read by the same rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "StoredPair")]
pub struct TwoPersons {
    first: Person,
    second: Person,
}

#[derive(serde::Deserialize)]
struct StoredPair {
    first: Person,
    second: Person,
}

impl TryFrom<StoredPair> for TwoPersons {
    type Error = Refusal;

    fn try_from(StoredPair { first, second }: StoredPair) -> Result<Self, Refusal> {
        Self::new(("first", &first), ("second", &second))
    }
}

impl TwoPersons {
    /// The pair, refused if both are one person.
    pub fn new(first: (&'static str, &Person), second: (&'static str, &Person)) -> Result<Self, Refusal> {
        if first.1.account == second.1.account {
            return Err(Refusal::SamePerson { first: first.0, second: second.0 });
        }
        Ok(Self { first: first.1.clone(), second: second.1.clone() })
    }

    /// Who took the earlier step.
    pub fn first(&self) -> &Person {
        &self.first
    }

    /// Who took the later step.
    pub fn second(&self) -> &Person {
        &self.second
    }
}

/// Which bodies can act now: a temporary body not formed, or a body nobody speaks for, is replaced by its fallback.
#[derive(Clone, Copy, Debug)]
pub struct Bodies<'a> {
    /// The plan that names them.
    pub plan: &'a Plan,
    /// The incident's headquarters was formed.
    pub headquarters: bool,
    /// Bodies that at least one active account speaks for.
    pub manned: &'a BTreeSet<RoleId>,
}

impl Bodies<'_> {
    /// `roles` with every body that cannot act replaced by its fallback; sorted, each once.
    pub fn acting(&self, roles: &[RoleId]) -> Vec<RoleId> {
        let acting: BTreeSet<RoleId> = roles.iter().map(|role| self.resolve(role)).collect();
        acting.into_iter().collect()
    }

    fn resolve(&self, role: &RoleId) -> RoleId {
        let mut current = role;
        let mut seen = BTreeSet::from([role]);
        while let Some(definition) = self.plan.roles.get(current) {
            let can_act = (!definition.temporary || self.headquarters) && self.manned.contains(current);
            match &definition.fallback {
                Some(next) if !can_act && seen.insert(next) => current = next,
                _ => break,
            }
        }
        current.clone()
    }
}
