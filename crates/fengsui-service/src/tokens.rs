//! API tokens: shown once, kept as a hash, narrow, expiring, revocable.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fengsui_domain::account::{MAX_TOKEN_DAYS, Token, TokenChange};
use fengsui_domain::actor::{Actor, By};
use fengsui_domain::change::Change;
use fengsui_domain::id::{AccountId, TokenId};
use fengsui_domain::limits::{MAX_PART_CHARS, MAX_TITLE_CHARS, text};
use fengsui_domain::permission::{Permission, SystemRole};
use fengsui_store::{Commit, Side, StoreError, Versioned, digest};
use jiff::SignedDuration;

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::Service;

/// What a token begins with, so that it is recognised where it should not be.
const PREFIX: &str = "fengsui_";

/// What a new token is to be.
#[derive(Clone, Debug)]
pub struct TokenWords {
    /// What it is for.
    pub name: String,
    /// Its owner; `None` for a service token.
    pub account: Option<AccountId>,
    /// The role of a service token.
    pub role: Option<SystemRole>,
    /// Only these permissions, if not empty.
    pub scopes: BTreeSet<Permission>,
    /// For how many days it works.
    pub days: i64,
}

impl Service {
    /// Creates a token; returns it with its text, which is shown once.
    ///
    /// People may create tokens of their own; any other needs [`Permission::TokenManage`].
    pub async fn token_create(
        &self,
        caller: &Caller,
        words: TokenWords,
    ) -> Result<(Versioned<Token>, String)> {
        let own = words.account.is_some() && words.account == caller.actor.by.account();
        if !own && caller.actor.by != By::Console {
            caller.actor.permit(Permission::TokenManage)?;
            if words.account.is_some() {
                return Err(Error::Invalid {
                    field: "account",
                    problem: "a personal token is made by its owner".into(),
                });
            }
        }
        self.first_time(caller, "create-token").await?;
        if words.account.is_some() == words.role.is_some() {
            let problem = "a token has either an owner or a role".to_owned();
            return Err(Error::Invalid { field: "role", problem });
        }
        if !(1..=MAX_TOKEN_DAYS).contains(&words.days) {
            let problem = format!("{} days is not between 1 and {MAX_TOKEN_DAYS}", words.days);
            return Err(Error::Invalid { field: "days", problem });
        }
        let name = text("name", &words.name, MAX_TITLE_CHARS)?;
        let of = TokenId(self.inner.environment.new_id());
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.inner.environment.bytes::<32>()));
        let stored = digest(&token);
        let life = SignedDuration::from_hours(24 * words.days);
        let expires_at = self.now().saturating_add(life).unwrap_or(jiff::Timestamp::MAX);
        let TokenWords { account, role, scopes, .. } = words;
        let created =
            TokenChange::Created { name, account, role, scopes, expires_at, digest: digest(&stored) };
        let commit = self
            .commit_for(caller, &of.to_string())
            .batch(0, vec![Change::Token { of, change: created }])
            .side(Side::SecretPut { subject: format!("token/{of}"), kind: "token", value: stored });
        self.inner.store.commit(commit).await?;
        Ok((self.token_or_not_found(of).await?, token))
    }

    async fn token_or_not_found(&self, id: TokenId) -> Result<Versioned<Token>> {
        let token = self.inner.store.token_get(id).await?;
        token.ok_or(Error::NotFound { what: "token", id: id.to_string() })
    }

    /// All tokens, or the caller's own without [`Permission::TokenManage`]; newest first.
    pub async fn token_list(&self, caller: &Caller) -> Result<Vec<Versioned<Token>>> {
        if caller.actor.permit(Permission::TokenManage).is_ok() {
            return Ok(self.inner.store.token_list(None).await?);
        }
        let person = caller.actor.person()?;
        Ok(self.inner.store.token_list(Some(person.account)).await?)
    }

    /// Revokes a token at once.
    pub async fn token_revoke(&self, caller: &Caller, id: TokenId, reason: &str) -> Result<Versioned<Token>> {
        let token = self.token_or_not_found(id).await?;
        let own = token.value.account.is_some() && token.value.account == caller.actor.by.account();
        if !own && caller.actor.by != By::Console {
            caller
                .actor
                .permit(Permission::TokenManage)
                .map_err(|_| Error::NotFound { what: "token", id: id.to_string() })?;
        }
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        if token.value.revoked {
            return Ok(token);
        }
        let change = vec![Change::Token { of: id, change: TokenChange::Revoked { reason } }];
        let commit =
            Commit::new(caller.by(), self.now(), caller.request.clone()).batch(token.version, change);
        match self.inner.store.commit(commit).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => self.token_or_not_found(id).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The actor behind a token's text.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if it is unknown, expired, revoked, or its owner may not sign in.
    pub async fn token_actor(&self, token: &str) -> Result<(Actor, Versioned<Token>)> {
        let no = |reason| Error::Unauthenticated { reason };
        let subject = self
            .inner
            .store
            .secret_subject("token", digest(token))
            .await?
            .ok_or(no("the token is not known"))?;
        let id: TokenId =
            subject.trim_start_matches("token/").parse().map_err(|_| no("the token is not known"))?;
        let token = self.token_or_not_found(id).await?;
        if !token.value.works(self.now()) {
            return Err(no("the token has expired or was revoked"));
        }
        let mut actor = match (token.value.account, token.value.role) {
            (Some(account), _) => {
                let account = self.account_or_not_found(account).await?.value;
                if !account.active {
                    return Err(no("the token's owner may not sign in"));
                }
                account.actor()
            }
            (None, Some(role)) => Actor {
                by: By::Token { token: id, name: token.value.name.clone() },
                roles: BTreeSet::from([role]),
                bodies: BTreeSet::new(),
                scopes: BTreeSet::new(),
            },
            (None, None) => return Err(no("the token has neither owner nor role")),
        };
        actor.scopes = token.value.scopes.clone();
        Ok((actor, token))
    }
}
