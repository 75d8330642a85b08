//! Accounts of people and tokens of programs: who may sign in and what they may do.
//!
//! Secrets are not here. A change carries the SHA-256 of a secret's stored form, so that a secret
//! swapped behind the ledger's back is found; the form itself (Argon2id with a random salt, or the hash
//! of a 256-bit token) stays in a table that is never exported.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::actor::{Actor, By};
use crate::id::{AccountId, TokenId};
use crate::limits::{MAX_ITEMS, MAX_TITLE_CHARS, text};
use crate::permission::{Permission, SystemRole};
use crate::plan::RoleId;
use crate::refusal::Refusal;

/// Longest sign-in name, in characters.
pub const MAX_NAME_CHARS: usize = 40;
/// Longest life of a token: 400 days.
pub const MAX_TOKEN_DAYS: i64 = 400;

/// A person's account as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name to sign in with.
    pub name: String,
    /// The name to show.
    pub display: String,
    /// System roles.
    pub roles: BTreeSet<SystemRole>,
    /// Bodies of plans this person may speak for.
    pub bodies: BTreeSet<RoleId>,
    /// It may sign in.
    pub active: bool,
    /// A password was set.
    pub has_password: bool,
    /// A second factor was enrolled.
    pub has_totp: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AccountChange {
    /// It was created.
    Created {
        /// The name to sign in with.
        name: String,
        /// The name to show.
        display: String,
        /// System roles.
        roles: BTreeSet<SystemRole>,
        /// Bodies of plans.
        bodies: BTreeSet<RoleId>,
    },
    /// Its display name, roles or bodies changed.
    Changed {
        /// The name to show.
        display: String,
        /// System roles.
        roles: BTreeSet<SystemRole>,
        /// Bodies of plans.
        bodies: BTreeSet<RoleId>,
    },
    /// A one-time link to set a password was made.
    LinkMade {
        /// SHA-256 of the link's hash.
        digest: String,
        /// Until when it works.
        expires_at: Timestamp,
    },
    /// A password was set.
    PasswordSet {
        /// SHA-256 of the stored hash.
        digest: String,
    },
    /// A second factor was enrolled.
    TotpSet {
        /// SHA-256 of the sealed secret.
        digest: String,
    },
    /// The second factor was removed.
    TotpCleared,
    /// It may no longer sign in.
    Disabled {
        /// Why.
        reason: String,
    },
    /// It may sign in again.
    Enabled,
    /// Its owner signed in.
    SignedIn,
    /// Signing in failed this often in a row.
    SignInFailed {
        /// How often since the last success.
        failures: u32,
    },
}

impl Account {
    /// The account that a first change makes; `None` for any other change.
    pub fn first(id: AccountId, change: AccountChange, at: Timestamp) -> Option<Self> {
        let AccountChange::Created { name, display, roles, bodies } = change else { return None };
        let (active, has_password, has_totp) = (true, false, false);
        Some(Self { id, name, display, roles, bodies, active, has_password, has_totp, created_at: at })
    }

    /// Folds one more change in.
    pub fn apply(&mut self, change: AccountChange) {
        match change {
            AccountChange::Changed { display, roles, bodies } => {
                self.display = display;
                self.roles = roles;
                self.bodies = bodies;
            }
            AccountChange::PasswordSet { .. } => self.has_password = true,
            AccountChange::TotpSet { .. } => self.has_totp = true,
            AccountChange::TotpCleared => self.has_totp = false,
            AccountChange::Disabled { .. } => self.active = false,
            AccountChange::Enabled => self.active = true,
            AccountChange::Created { .. }
            | AccountChange::LinkMade { .. }
            | AccountChange::SignedIn
            | AccountChange::SignInFailed { .. } => {}
        }
    }

    /// The actor this account makes.
    pub fn actor(&self) -> Actor {
        let by = By::Person { account: self.id, name: self.name.clone() };
        Actor { by, roles: self.roles.clone(), bodies: self.bodies.clone(), scopes: BTreeSet::new() }
    }
}

/// What is asked of a new or changed account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountWords {
    /// The name to sign in with.
    pub name: String,
    /// The name to show.
    pub display: String,
    /// System roles.
    pub roles: BTreeSet<SystemRole>,
    /// Bodies of plans.
    pub bodies: BTreeSet<RoleId>,
}

impl AccountWords {
    /// The words, checked. A name has lower-case letters, digits, `.`, `-` and `_`, so that it cannot
    /// be mistaken for another in a log or a list.
    pub fn check(mut self) -> Result<Self, Refusal> {
        self.name = text("name", &self.name, MAX_NAME_CHARS)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        if !self.name.chars().all(plain) {
            return Err(Refusal::Unknown { field: "name", value: self.name });
        }
        self.display = text("display", &self.display, MAX_TITLE_CHARS)?;
        for (field, count) in [("roles", self.roles.len()), ("bodies", self.bodies.len())] {
            if count > MAX_ITEMS {
                return Err(Refusal::TooMany { field, count, max: MAX_ITEMS });
            }
        }
        if self.roles.is_empty() {
            return Err(Refusal::Missing { field: "roles" });
        }
        let separate = [SystemRole::Administrator, SystemRole::Auditor];
        if self.roles.len() > 1 && separate.iter().any(|role| self.roles.contains(role)) {
            return Err(Refusal::Unknown {
                field: "roles",
                value: "administrator and auditor stand alone".into(),
            });
        }
        Ok(self)
    }
}

/// An API token as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The person it belongs to; `None` for a service token.
    pub account: Option<AccountId>,
    /// The system role of a service token; a personal token has its owner's.
    pub role: Option<SystemRole>,
    /// If not empty, only these permissions out of the role's or the owner's.
    pub scopes: BTreeSet<Permission>,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// It was revoked.
    pub revoked: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: By,
}

/// What happened to a token.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TokenChange {
    /// It was created.
    Created {
        /// What it is for.
        name: String,
        /// The person it belongs to.
        account: Option<AccountId>,
        /// The role of a service token.
        role: Option<SystemRole>,
        /// Narrowed permissions.
        scopes: BTreeSet<Permission>,
        /// Until when it works.
        expires_at: Timestamp,
        /// SHA-256 of the stored hash.
        digest: String,
    },
    /// It was revoked.
    Revoked {
        /// Why.
        reason: String,
    },
}

impl Token {
    /// The token that a first change makes; `None` for any other change.
    pub fn first(id: TokenId, change: TokenChange, at: Timestamp, by: By) -> Option<Self> {
        let TokenChange::Created { name, account, role, scopes, expires_at, .. } = change else {
            return None;
        };
        Some(Self {
            id,
            name,
            account,
            role,
            scopes,
            expires_at,
            revoked: false,
            created_at: at,
            created_by: by,
        })
    }

    /// Folds one more change in.
    #[expect(clippy::needless_pass_by_value, reason = "every subject takes its changes by value")]
    pub fn apply(&mut self, change: TokenChange) {
        if let TokenChange::Revoked { .. } = change {
            self.revoked = true;
        }
    }

    /// It works at `now`.
    pub fn works(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, roles: &[SystemRole]) -> AccountWords {
        let roles = roles.iter().copied().collect();
        AccountWords { name: name.into(), display: "值班员".into(), roles, bodies: BTreeSet::new() }
    }

    #[test]
    fn names_cannot_be_mistaken() {
        for (name, fits) in [
            ("zhang.wei", true),
            ("zw-01", true),
            ("Zhang", false),
            ("zhаng", false),
            ("a b", false),
            ("", false),
        ] {
            assert_eq!(words(name, &[SystemRole::Handler]).check().is_ok(), fits, "{name:?}");
        }
    }

    #[test]
    fn administrators_and_auditors_have_no_other_role() {
        use SystemRole::{Administrator, Auditor, Commander, DutyOfficer};
        for (roles, fits) in [
            (&[Administrator][..], true),
            (&[Administrator, DutyOfficer], false),
            (&[Auditor, Commander], false),
            (&[DutyOfficer, Commander], true),
            (&[], false),
        ] {
            assert_eq!(words("a", roles).check().is_ok(), fits, "{roles:?}");
        }
    }
}
