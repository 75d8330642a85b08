//! API tokens.

use std::collections::BTreeSet;

use fengsui_domain::account;
use fengsui_domain::limits::MAX_ITEMS;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::silent;
use crate::api::bounds::{count, part, title};
use crate::api::whole::whole;
use crate::api::{By, MediumText, Permission, ShortText, SystemRole};

/// An API token as it stands; its text is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// The person it belongs to; absent for a service token.
    pub account: Option<Uuid>,
    /// The role of a service token; a personal token has its owner's.
    pub role: Option<SystemRole>,
    /// If not empty, only these permissions out of the role's or the owner's.
    pub scopes: BTreeSet<Permission>,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// It works now.
    pub works: bool,
    /// It was revoked.
    pub revoked: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: By,
}

impl Token {
    /// The token as it stands at `now`.
    pub fn new(token: &account::Token, now: Timestamp) -> Self {
        Self {
            id: token.id.0,
            name: token.name.clone(),
            account: token.account.map(|account| account.0),
            role: token.role.map(SystemRole::from),
            scopes: token.scopes.iter().copied().map(Permission::from).collect(),
            expires_at: token.expires_at,
            works: token.works(now),
            revoked: token.revoked,
            created_at: token.created_at,
            created_by: (&token.created_by).into(),
        }
    }
}

/// A new token with its text, which is shown once.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct TokenCreated {
    /// The text to send as `Authorization: Bearer TOKEN`.
    pub token: String,
    /// What is kept of it.
    pub about: Token,
}

silent!(TokenCreated);

/// A new token: a personal one of the caller's without `role`, a service token with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for.
    #[schema(value_type = ShortText)]
    pub name: String,
    /// The role of a service token.
    #[serde(default)]
    pub role: Option<SystemRole>,
    /// Only these permissions, if not empty.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub scopes: Vec<Permission>,
    /// For how many days it works.
    #[serde(deserialize_with = "whole")]
    #[schema(minimum = 1, maximum = 400)]
    pub days: i64,
}

impl CreateToken {
    /// The body with its name and scopes within their bounds.
    pub fn bounded(self) -> Result<Self, Refusal> {
        count("scopes", self.scopes.len(), MAX_ITEMS)?;
        Ok(Self { name: title("name", self.name)?, ..self })
    }
}

/// Revokes a token at once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<RevokeToken> for String {
    type Error = Refusal;

    fn try_from(body: RevokeToken) -> Result<Self, Refusal> {
        part("reason", body.reason)
    }
}
