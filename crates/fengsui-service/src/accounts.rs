//! Accounts: set-up, one-time links, passwords, second factors, roles.

use std::net::{IpAddr, Ipv4Addr};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use fengsui_domain::account::{Account, AccountChange, AccountWords};
use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::id::AccountId;
use fengsui_domain::node::NodeChange;
use fengsui_domain::permission::{Permission, SystemRole};
use fengsui_domain::refusal::Refusal;
use fengsui_store::{Commit, Side, StoreError, Versioned, digest};
use jiff::{SignedDuration, Timestamp};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::node::{MAX_TRIES, Service};
use crate::{password, totp};

/// How long a one-time link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// A new person with a first password, at set-up.
pub struct NewPerson {
    /// Name, display name, roles, bodies.
    pub words: AccountWords,
    /// The password.
    pub password: String,
}

impl Service {
    /// The one-time set-up token, made anew at each start until the node is set up.
    pub async fn set_up_token(&self) -> Result<Option<String>> {
        if self.node().await?.value.set_up {
            return Ok(None);
        }
        let mut held = self.inner.set_up_link.write().expect("no holder panics");
        let token = held.get_or_insert_with(|| URL_SAFE_NO_PAD.encode(self.inner.environment.bytes::<24>()));
        Ok(Some(token.clone()))
    }

    /// Whether a set-up token is the right one.
    pub fn is_set_up_token(&self, token: &str) -> bool {
        let held = self.inner.set_up_link.read().expect("no holder panics");
        // Digests are compared, so that time says nothing about the token.
        held.as_ref().is_some_and(|held| digest(held) == digest(token))
    }

    /// Sets the node up: its first people, in one commit. Works once.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] without the right token; [`Refusal`] if no administrator is among them.
    pub async fn set_up(&self, token: &str, people: Vec<NewPerson>) -> Result<()> {
        if !self.is_set_up_token(token) {
            return Err(Error::Unauthenticated { reason: "the set-up link is not right or was used" });
        }
        let node = self.node().await?;
        if !people.iter().any(|person| person.words.roles.contains(&SystemRole::Administrator)) {
            return Err(Refusal::Missing { field: "roles" }.into());
        }
        let mut commit = Commit::new(By::Console, self.now(), None)
            .batch(node.version, vec![Change::Node { change: NodeChange::SetUp }]);
        let mut names = std::collections::BTreeSet::new();
        for NewPerson { words, password } in people {
            let words = words.check()?;
            if !names.insert(words.name.clone()) {
                return Err(Refusal::NameTaken { name: words.name }.into());
            }
            let hash = self.hash_password(password, words.name.clone()).await?;
            let of = AccountId(self.inner.environment.new_id());
            let AccountWords { name, display, roles, bodies } = words;
            let changes = [
                AccountChange::Created { name, display, roles, bodies },
                AccountChange::PasswordSet { digest: digest(&hash) },
            ];
            commit = commit
                .batch(0, changes.map(|change| Change::Account { of, change }).to_vec())
                .side(Side::SecretPut { subject: format!("account/{of}"), kind: "password", value: hash });
        }
        self.inner.store.commit(commit).await.map_err(|error| match error {
            StoreError::Conflict { .. } => Error::Unauthenticated { reason: "the node was set up meanwhile" },
            other => other.into(),
        })?;
        *self.inner.set_up_link.write().expect("no holder panics") = None;
        Ok(())
    }

    async fn hash_password(&self, given: String, name: String) -> Result<String> {
        let _place = self.inner.hashes.acquire().await.expect("the semaphore is never closed");
        let environment = self.inner.environment.clone();
        let hashed = tokio::task::spawn_blocking(move || password::hash(&given, &name, &environment)).await;
        hashed.unwrap_or_else(|_| {
            Err(Error::Invalid { field: "password", problem: "it could not be hashed".into() })
        })
    }

    /// All accounts by name.
    pub async fn account_list(&self, caller: &Caller) -> Result<Vec<Versioned<Account>>> {
        caller.actor.permit(Permission::AccountManage)?;
        Ok(self.inner.store.account_list().await?)
    }

    /// One account; people may read their own.
    pub async fn account(&self, caller: &Caller, id: AccountId) -> Result<Versioned<Account>> {
        if caller.actor.by.account() != Some(id) {
            caller.actor.permit(Permission::AccountManage)?;
        }
        self.account_or_not_found(id).await
    }

    pub(crate) async fn account_or_not_found(&self, id: AccountId) -> Result<Versioned<Account>> {
        let account = self.inner.store.account_get(id).await?;
        account.ok_or(Error::NotFound { what: "account", id: id.to_string() })
    }

    /// Creates an account; returns it with the one-time link's token for its first password.
    pub async fn account_create(
        &self,
        caller: &Caller,
        words: AccountWords,
    ) -> Result<(Versioned<Account>, String)> {
        caller.actor.permit(Permission::AccountManage)?;
        self.first_time(caller, "create-account").await?;
        let AccountWords { name, display, roles, bodies } = words.check()?;
        let of = AccountId(self.inner.environment.new_id());
        let (token, link, side) = self.make_link(of);
        let created = AccountChange::Created { name: name.clone(), display, roles, bodies };
        let changes = [created, link].map(|change| Change::Account { of, change }).to_vec();
        let commit = self.commit_for(caller, &of.to_string()).batch(0, changes).side(side);
        match self.inner.store.commit(commit).await {
            Ok(_) => Ok((self.account_or_not_found(of).await?, token)),
            Err(StoreError::Taken { .. }) => Err(Refusal::NameTaken { name }.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// A one-time token with the change and the secret that go with it. Only its hash is kept.
    fn make_link(&self, of: AccountId) -> (String, AccountChange, Side) {
        let token = URL_SAFE_NO_PAD.encode(self.inner.environment.bytes::<24>());
        let expires_at = self.now().saturating_add(LINK_LIFE).unwrap_or(Timestamp::MAX);
        let value = format!("{} {expires_at}", digest(&token));
        let change = AccountChange::LinkMade { digest: digest(&value), expires_at };
        (token, change, Side::SecretPut { subject: format!("account/{of}"), kind: "link", value })
    }

    /// Changes display name, roles and bodies; open sessions of the account end.
    pub async fn account_change(
        &self,
        caller: &Caller,
        id: AccountId,
        words: AccountWords,
    ) -> Result<Versioned<Account>> {
        caller.actor.permit(Permission::AccountManage)?;
        let AccountWords { display, roles, bodies, .. } = words.check()?;
        if !roles.contains(&SystemRole::Administrator) {
            self.refuse_last_administrator(id).await?;
        }
        let change = AccountChange::Changed { display, roles, bodies };
        self.account_apply(caller, id, change, vec![Side::SessionDropAll { account: id.to_string() }]).await
    }

    /// Disables an account at once, or enables it again.
    pub async fn account_enable(
        &self,
        caller: &Caller,
        id: AccountId,
        enable: bool,
        reason: &str,
    ) -> Result<Versioned<Account>> {
        caller.actor.permit(Permission::AccountManage)?;
        if enable {
            return self.account_apply(caller, id, AccountChange::Enabled, Vec::new()).await;
        }
        self.refuse_last_administrator(id).await?;
        let reason = fengsui_domain::limits::text("reason", reason, fengsui_domain::limits::MAX_PART_CHARS)?;
        let sides = vec![Side::SessionDropAll { account: id.to_string() }];
        self.account_apply(caller, id, AccountChange::Disabled { reason }, sides).await
    }

    async fn refuse_last_administrator(&self, id: AccountId) -> Result<()> {
        let others = self.inner.store.account_list().await?.into_iter().filter(|other| {
            other.value.id != id
                && other.value.active
                && other.value.roles.contains(&SystemRole::Administrator)
        });
        if others.count() == 0 { Err(Refusal::LastAdministrator.into()) } else { Ok(()) }
    }

    /// Makes a new one-time link, for example for a forgotten password. The second factor is removed too
    /// when `with_totp`, for a lost device.
    pub async fn account_reset(&self, caller: &Caller, id: AccountId, with_totp: bool) -> Result<String> {
        caller.actor.permit(Permission::AccountManage)?;
        let (token, link, side) = self.make_link(id);
        self.account_apply(caller, id, link, vec![side]).await?;
        if with_totp {
            let subject = format!("account/{id}");
            let drop = vec![Side::SecretDrop { subject, kind: "totp" }];
            self.account_apply(caller, id, AccountChange::TotpCleared, drop).await?;
        }
        Ok(token)
    }

    /// The account a one-time token is for, while it works.
    pub async fn link_account(&self, token: &str, id: AccountId) -> Result<Versioned<Account>> {
        let wrong = Error::Unauthenticated { reason: "the link is not right, was used or has expired" };
        let Some(value) = self.inner.store.secret_get(format!("account/{id}"), "link").await? else {
            return Err(wrong);
        };
        let works = value.split_once(' ').is_some_and(|(hash, expires)| {
            hash == digest(token) && expires.parse::<Timestamp>().is_ok_and(|expires| self.now() < expires)
        });
        if works { self.account_or_not_found(id).await } else { Err(wrong) }
    }

    /// Sets a password by a one-time link; the link is used up and open sessions end.
    pub async fn password_by_link(&self, token: &str, id: AccountId, new: String) -> Result<()> {
        let account = self.link_account(token, id).await?;
        let caller = Caller::new(account.value.actor());
        self.put_password(&caller, &account.value, new).await
    }

    /// Changes one's own password, which needs the old one.
    ///
    /// # Errors
    /// [`Error::SignIn`] if the old one is wrong, [`Error::SlowDown`] after too many of these: a session or a
    /// token in strange hands is not yet the password.
    pub async fn password_change(&self, caller: &Caller, old: String, new: String) -> Result<()> {
        let person = caller.actor.person()?;
        let account = self.account_or_not_found(person.account).await?;
        let subject = format!("account/{}", person.account);
        // One place, wherever it comes from: whoever is signed in here is already known.
        let (place, now) = ((subject.clone(), IpAddr::V4(Ipv4Addr::UNSPECIFIED)), self.now());
        self.inner.attempts.lock().expect("no holder panics").check(&place, now)?;
        let stored = self.inner.store.secret_get(subject, "password").await?;
        if !self.check_password(old, stored.unwrap_or_default()).await? {
            self.inner.attempts.lock().expect("no holder panics").fail(place, now);
            return Err(Error::SignIn);
        }
        self.inner.attempts.lock().expect("no holder panics").succeed(&place);
        self.put_password(caller, &account.value, new).await
    }

    async fn put_password(&self, caller: &Caller, account: &Account, new: String) -> Result<()> {
        let hash = self.hash_password(new, account.name.clone()).await?;
        let change = AccountChange::PasswordSet { digest: digest(&hash) };
        let subject = format!("account/{}", account.id);
        let sides = vec![
            Side::SecretPut { subject: subject.clone(), kind: "password", value: hash },
            Side::SecretDrop { subject, kind: "link" },
            Side::SessionDropAll { account: account.id.to_string() },
        ];
        self.account_apply(caller, account.id, change, sides).await.map(drop)
    }

    /// A new second-factor secret to be shown once; it counts only after [`Self::totp_confirm`].
    pub fn totp_propose(&self, name: &str) -> (String, String) {
        let secret = self.inner.environment.bytes::<{ totp::SECRET_BYTES }>();
        (STANDARD_NO_PAD.encode(secret), totp::uri(&secret, name))
    }

    /// Enrols a second factor once a code proves that the device has the secret.
    pub async fn totp_confirm(&self, caller: &Caller, secret: &str, code: &str) -> Result<()> {
        let person = caller.actor.person()?;
        let bytes = STANDARD_NO_PAD.decode(secret).ok().filter(|bytes| bytes.len() == totp::SECRET_BYTES);
        let invalid = |field, problem: &str| Error::Invalid { field, problem: problem.to_owned() };
        let bytes = bytes.ok_or_else(|| invalid("secret", "begin the enrolment again"))?;
        let step = totp::matching_step(&bytes, code.trim(), self.now());
        let step = step.ok_or_else(|| invalid("code", "it does not fit; check the clock of the device"))?;
        let subject = format!("account/{}", person.account);
        let place = format!("{subject}/totp");
        let sealed = self.inner.field_key.seal(&place, secret, &self.inner.environment).0;
        let change = AccountChange::TotpSet { digest: digest(&sealed) };
        let sides = vec![
            Side::SecretPut { subject, kind: "totp", value: sealed },
            Side::TotpUsed { account: person.account.to_string(), step },
        ];
        self.account_apply(caller, person.account, change, sides).await.map(drop)
    }

    async fn account_apply(
        &self,
        caller: &Caller,
        of: AccountId,
        change: AccountChange,
        sides: Vec<Side>,
    ) -> Result<Versioned<Account>> {
        for _ in 0..MAX_TRIES {
            let account = self.account_or_not_found(of).await?;
            if let Some(expected) = caller.expected.filter(|expected| *expected != account.version) {
                return Err(Error::Changed { expected, found: account.version });
            }
            let change = vec![Change::Account { of, change: change.clone() }];
            let mut commit =
                Commit::new(caller.by(), self.now(), caller.request.clone()).batch(account.version, change);
            commit.sides = sides.clone();
            match self.inner.store.commit(commit).await {
                Ok(_) => return self.account_or_not_found(of).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("account/{of}"), expected: 0, found: 0 }.into())
    }
}
