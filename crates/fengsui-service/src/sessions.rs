//! Signing in and staying signed in.
//!
//! A session is a random cookie of which only the hash is stored; it ends when it expires, when it is
//! idle too long, when its owner signs out, and at once when the account is disabled or changed.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use fengsui_domain::account::{Account, AccountChange};
use fengsui_domain::actor::By;
use fengsui_domain::change::Change;
use fengsui_domain::event::Sealed;
use fengsui_domain::id::AccountId;
use fengsui_store::{Commit, Session, Side, StoreError, Versioned, digest};
use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result};
use crate::node::Service;
use crate::{password, totp};

/// A session ends after this, whatever happens: one long duty and its handover.
pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(14);
/// A session without a request for this long has ended.
pub const MAX_IDLE: SignedDuration = SignedDuration::from_hours(4);
/// Failed attempts from one place for one name before each further one has to wait.
const FREE_FAILURES: u32 = 5;
/// Longest wait between attempts, in seconds. Other places are not made to wait, so nobody can lock an
/// officer out.
const MAX_WAIT_S: i64 = 300;
/// Characters of a device's name that are kept.
const MAX_DEVICE_CHARS: usize = 120;
/// Hexadecimal digits that name a session: 64 bits tell the few of one account apart.
const ID_CHARS: usize = 16;
/// Places remembered at once; the oldest is forgotten first.
const MAX_PLACES: usize = 10_000;

/// Failed attempts by name and address.
#[derive(Debug, Default)]
pub(crate) struct Attempts(BTreeMap<(String, IpAddr), (u32, Timestamp)>);

impl Attempts {
    /// Passes unless the place has to wait.
    pub(crate) fn check(&self, place: &(String, IpAddr), now: Timestamp) -> Result<()> {
        let Some((failures, last)) = self.0.get(place) else { return Ok(()) };
        let over = failures.saturating_sub(FREE_FAILURES);
        let wait_s = if over == 0 { 0 } else { (1_i64 << over.min(9)).min(MAX_WAIT_S) };
        let left = wait_s - now.duration_since(*last).as_secs();
        match u64::try_from(left) {
            Ok(wait_s) if wait_s > 0 => Err(Error::SlowDown { wait_s }),
            _ => Ok(()),
        }
    }

    pub(crate) fn fail(&mut self, place: (String, IpAddr), now: Timestamp) -> u32 {
        if self.0.len() >= MAX_PLACES {
            let oldest = self.0.iter().min_by_key(|(_, (_, last))| *last).map(|(place, _)| place.clone());
            oldest.and_then(|place| self.0.remove(&place));
        }
        let entry = self.0.entry(place).or_insert((0, now));
        *entry = (entry.0.saturating_add(1), now);
        entry.0
    }

    pub(crate) fn succeed(&mut self, place: &(String, IpAddr)) {
        self.0.remove(place);
    }
}

/// A browser that is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Versioned<Account>,
    /// The session.
    pub session: Session,
}

/// What a person shows to sign in.
pub struct Credentials {
    /// The sign-in name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The one-time code, if the account has a second factor.
    pub code: String,
    /// Where the attempt comes from.
    pub address: IpAddr,
    /// What it comes from, such as the name of a browser.
    pub device: String,
}

/// A place where an account is signed in, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it among those of the account, and says nothing of its cookie.
    pub id: String,
    /// What signed in, and from where; empty for a session that began before that was kept.
    pub device: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to five minutes.
    pub seen_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

impl Service {
    /// Signs a person in; returns the cookie's value and the session.
    ///
    /// # Errors
    /// [`Error::SignIn`] whatever was wrong, [`Error::SlowDown`] after too many failures.
    pub async fn sign_in(
        &self,
        credentials: Credentials,
        request: Option<String>,
    ) -> Result<(String, Session)> {
        let now = self.now();
        let (place, device) = ((credentials.name.clone(), credentials.address), device(&credentials));
        self.inner.attempts.lock().expect("no holder panics").check(&place, now)?;
        let account = self.inner.store.account_by_name(credentials.name.clone()).await?;
        let step = match &account {
            Some(account) if account.value.active => self.prove(&account.value, &credentials).await?,
            _ => {
                // The same work as for a known name, so that time does not tell which names exist.
                self.check_password(credentials.password, UNKNOWN.to_owned()).await?;
                None
            }
        };
        let (Some(account), Some(step)) = (account, step) else {
            let failures = self.inner.attempts.lock().expect("no holder panics").fail(place, now);
            tracing::warn!(name = %credentials.name.escape_debug(), failures, "a sign-in failed");
            return Err(Error::SignIn);
        };
        self.inner.attempts.lock().expect("no holder panics").succeed(&place);
        self.begin_session(&account, step, device, request).await
    }

    /// Whether password and code are right: `Some(step)` if so, with the step of the code that was used.
    async fn prove(&self, account: &Account, credentials: &Credentials) -> Result<Option<Option<i64>>> {
        let subject = format!("account/{}", account.id);
        let stored = self.inner.store.secret_get(subject.clone(), "password").await?;
        let known = stored.unwrap_or_else(|| UNKNOWN.to_owned());
        if !self.check_password(credentials.password.clone(), known).await? || !account.has_password {
            return Ok(None);
        }
        if !account.has_totp {
            return Ok(Some(None));
        }
        let secret = self.totp_secret(account.id).await?;
        let step =
            secret.and_then(|secret| totp::matching_step(&secret, credentials.code.trim(), self.now()));
        Ok(step.map(Some))
    }

    pub(crate) async fn check_password(&self, given: String, stored: String) -> Result<bool> {
        let _place = self.inner.hashes.acquire().await.expect("the semaphore is never closed");
        let checked = tokio::task::spawn_blocking(move || password::verify(&given, &stored)).await;
        Ok(checked.unwrap_or(false))
    }

    /// The account's second-factor secret.
    pub(crate) async fn totp_secret(&self, account: AccountId) -> Result<Option<Vec<u8>>> {
        let subject = format!("account/{account}");
        let stored = self.inner.store.secret_get(subject.clone(), "totp").await?;
        let opened =
            stored.and_then(|sealed| self.inner.field_key.open(&format!("{subject}/totp"), &Sealed(sealed)));
        Ok(opened.and_then(|text| STANDARD_NO_PAD.decode(text).ok()))
    }

    async fn begin_session(
        &self,
        account: &Versioned<Account>,
        step: Option<i64>,
        device: String,
        request: Option<String>,
    ) -> Result<(String, Session)> {
        let environment = &self.inner.environment;
        let cookie = URL_SAFE_NO_PAD.encode(environment.bytes::<32>());
        let now = self.now();
        let id = account.value.id.to_string();
        let session = Session {
            hash: digest(&cookie),
            account: id.clone(),
            csrf: URL_SAFE_NO_PAD.encode(environment.bytes::<16>()),
            created_at: now,
            seen_at: now,
            expires_at: now.saturating_add(MAX_AGE).unwrap_or(Timestamp::MAX),
            device,
        };
        let by = By::Person { account: account.value.id, name: account.value.name.clone() };
        let mut version = account.version;
        for _ in 0..crate::node::MAX_TRIES {
            let change = Change::Account { of: account.value.id, change: AccountChange::SignedIn };
            let mut commit = Commit::new(by.clone(), now, request.clone())
                .batch(version, vec![change])
                .side(Side::SessionPut(session.clone()));
            if let Some(step) = step {
                commit = commit.side(Side::TotpUsed { account: id.clone(), step });
            }
            match self.inner.store.commit(commit).await {
                Ok(_) => return Ok((cookie, session)),
                Err(StoreError::Conflict { found, .. }) => version = found,
                Err(StoreError::Repeated) => return Err(Error::SignIn),
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Changed { expected: account.version, found: version })
    }

    /// The person behind a cookie.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if there is none any more.
    pub async fn session(&self, cookie: &str) -> Result<SignedIn> {
        let ended = |reason| Error::Unauthenticated { reason };
        let session = self.inner.store.session_get(digest(cookie)).await?.ok_or(ended("no session"))?;
        let now = self.now();
        if is_over(&session, now) {
            return Err(ended("the session has expired"));
        }
        let id: AccountId = session.account.parse().map_err(|_| ended("no session"))?;
        let account = self.inner.store.account_get(id).await?.ok_or(ended("no account"))?;
        if !account.value.active {
            return Err(ended("the account is disabled"));
        }
        if now.duration_since(session.seen_at) > SignedDuration::from_mins(5) {
            let seen = Side::SessionSeen { hash: session.hash.clone() };
            self.inner.store.commit(Commit::new(account.value.actor().by, now, None).side(seen)).await?;
        }
        Ok(SignedIn { account, session })
    }

    /// Where the account is signed in, the one used last first.
    pub async fn session_list(&self, signed_in: &SignedIn) -> Result<Vec<OpenSession>> {
        let now = self.now();
        let found = self.inner.store.session_list(signed_in.account.value.id).await?;
        let open = found.into_iter().filter(|session| !is_over(session, now)).map(|session| OpenSession {
            id: short_id(&session),
            current: session.hash == signed_in.session.hash,
            device: session.device,
            created_at: session.created_at,
            seen_at: session.seen_at,
        });
        Ok(open.collect())
    }

    /// Ends another session of the same account at once. One that has ended already is left at that.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has none of this id.
    pub async fn session_end(&self, signed_in: &SignedIn, id: &str) -> Result<()> {
        let found = self.inner.store.session_list(signed_in.account.value.id).await?;
        let session = found.into_iter().find(|session| short_id(session) == id);
        let session = session.ok_or_else(|| Error::NotFound { what: "session", id: id.to_owned() })?;
        let commit = Commit::new(signed_in.account.value.actor().by, self.now(), None)
            .side(Side::SessionDrop { hash: session.hash });
        self.inner.store.commit(commit).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn sign_out(&self, signed_in: &SignedIn) -> Result<()> {
        let commit = Commit::new(signed_in.account.value.actor().by, self.now(), None)
            .side(Side::SessionDrop { hash: signed_in.session.hash.clone() });
        self.inner.store.commit(commit).await?;
        Ok(())
    }
}

/// Whether a session has ended by itself.
fn is_over(session: &Session, now: Timestamp) -> bool {
    session.expires_at <= now || now.duration_since(session.seen_at) > MAX_IDLE
}

/// A name for a session that cannot be turned back into its hash.
fn short_id(session: &Session) -> String {
    digest(&session.hash).chars().take(ID_CHARS).collect()
}

/// What signs in, and from where.
fn device(credentials: &Credentials) -> String {
    let name: String =
        credentials.device.chars().filter(|c| !c.is_control()).take(MAX_DEVICE_CHARS).collect();
    let known = !credentials.address.is_unspecified();
    let parts = [Some(name).filter(|name| !name.is_empty()), known.then(|| credentials.address.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A hash that no password has, in the form of the real ones, for names that do not exist.
const UNKNOWN: &str =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_device_is_its_name_and_its_address() {
        let of = |name: &str, address: [u8; 4]| {
            device(&Credentials {
                name: String::new(),
                password: String::new(),
                code: String::new(),
                address: Ipv4Addr::from(address).into(),
                device: name.into(),
            })
        };
        assert_eq!(of("Firefox, Linux", [10, 1, 4, 20]), "Firefox, Linux, 10.1.4.20");
        assert_eq!(of("Firefox, Linux", [0; 4]), "Firefox, Linux");
        assert_eq!(of("", [10, 1, 4, 20]), "10.1.4.20");
        assert_eq!(of(&"x".repeat(500), [0; 4]).len(), MAX_DEVICE_CHARS);
    }
}
