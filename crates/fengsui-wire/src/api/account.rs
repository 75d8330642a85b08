//! Accounts, tokens, and what callers may ask about themselves.

use std::collections::BTreeSet;

use fengsui_domain::account::{self, AccountWords, MAX_NAME_CHARS};
use fengsui_domain::limits::MAX_ITEMS;
use fengsui_domain::plan::RoleId;
use fengsui_domain::refusal::Refusal;
use jiff::Timestamp;
use uuid::Uuid;

use super::bounds::{count, id, part, some, text, title};
use super::{By, ByKind, MediumText, NameInPlan, Permission, ShortText, SystemRole};

mod roles;
mod token;

pub use roles::Roles;
pub use token::{CreateToken, RevokeToken, Token, TokenCreated};

/// A person's account as it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// How many changes it has had: its `ETag`.
    pub version: u64,
    /// The name to sign in with.
    pub name: String,
    /// The name to show.
    pub display: String,
    /// System roles.
    pub roles: BTreeSet<SystemRole>,
    /// Bodies of plans this person may speak for.
    pub bodies: BTreeSet<String>,
    /// It may sign in.
    pub active: bool,
    /// A password was set.
    pub has_password: bool,
    /// A second factor was enrolled.
    pub has_totp: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Account {
    /// The account at a version.
    pub fn new(version: u64, account: &account::Account) -> Self {
        Self {
            id: account.id.0,
            version,
            name: account.name.clone(),
            display: account.display.clone(),
            roles: account.roles.iter().copied().map(SystemRole::from).collect(),
            bodies: account.bodies.iter().map(ToString::to_string).collect(),
            active: account.active,
            has_password: account.has_password,
            has_totp: account.has_totp,
            created_at: account.created_at,
        }
    }
}

/// A new account with the one-time link by which its owner chooses a password.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountCreated {
    /// The account.
    pub account: Account,
    /// The path of the link on this node's console.
    pub link: String,
}

/// A one-time link by which its holder chooses a password; it is shown once.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct AccountLink {
    /// The path on this node's console.
    pub link: String,
}

/// Says that a value holds a secret, so that it never reaches a log.
macro_rules! silent {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
use silent;

silent!(AccountCreated, AccountLink, ChangePassword, Totp, ConfirmTotp);

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// The name to sign in with; it cannot be changed.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9._-]+$")]
    pub name: String,
    /// The name to show.
    #[schema(value_type = ShortText)]
    pub display: String,
    /// System roles; administrator and auditor stand alone.
    #[schema(value_type = Roles)]
    pub roles: Vec<SystemRole>,
    /// Bodies of plans this person may speak for.
    #[serde(default)]
    #[schema(value_type = Vec<NameInPlan>, max_items = 60)]
    pub bodies: Vec<String>,
}

impl TryFrom<CreateAccount> for AccountWords {
    type Error = Refusal;

    fn try_from(body: CreateAccount) -> Result<Self, Refusal> {
        let name = text("name", body.name, MAX_NAME_CHARS)?;
        let rest = ChangeAccount { display: body.display, roles: body.roles, bodies: body.bodies };
        rest.named(name)
    }
}

/// Display name, roles and bodies of an account, as they are to be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    /// The name to show.
    #[schema(value_type = ShortText)]
    pub display: String,
    /// System roles; administrator and auditor stand alone.
    #[schema(value_type = Roles)]
    pub roles: Vec<SystemRole>,
    /// Bodies of plans this person may speak for.
    #[schema(value_type = Vec<NameInPlan>, max_items = 60)]
    pub bodies: Vec<String>,
}

impl ChangeAccount {
    /// The words of the account with this sign-in name.
    pub fn named(self, name: String) -> Result<AccountWords, Refusal> {
        some("roles", self.roles.len(), MAX_ITEMS)?;
        count("bodies", self.bodies.len(), MAX_ITEMS)?;
        let bodies = self.bodies.into_iter().map(|body| Ok(RoleId::new(id("bodies", body)?)));
        Ok(AccountWords {
            name,
            display: title("display", self.display)?,
            roles: self.roles.into_iter().map(Into::into).collect(),
            bodies: bodies.collect::<Result<_, Refusal>>()?,
        })
    }
}

/// Disables an account at once.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableAccount {
    /// Why.
    #[schema(value_type = MediumText)]
    pub reason: String,
}

impl TryFrom<DisableAccount> for String {
    type Error = Refusal;

    fn try_from(body: DisableAccount) -> Result<Self, Refusal> {
        part("reason", body.reason)
    }
}

/// Makes a new one-time link for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetAccount {
    /// Remove the second factor too, for a lost device.
    pub with_totp: bool,
}

/// Who the caller is and what the caller may do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Me {
    /// A person or a service token.
    pub kind: ByKind,
    /// The account, or the service token.
    pub id: Option<Uuid>,
    /// The sign-in name, or the token's name.
    pub name: String,
    /// System roles.
    pub roles: BTreeSet<SystemRole>,
    /// What the caller may do: what the roles allow, narrowed by the token.
    pub permissions: Vec<Permission>,
    /// Bodies of plans the caller may speak for.
    pub bodies: BTreeSet<String>,
    /// Until when this token or session works.
    pub expires_at: Timestamp,
    /// The node was made for a demonstration: nothing on it is real.
    pub demo: bool,
}

impl Me {
    /// What is known of an actor on a node, which may be a demonstration.
    pub fn new(actor: &fengsui_domain::actor::Actor, expires_at: Timestamp, demo: bool) -> Self {
        let By { kind, id, name } = (&actor.by).into();
        let permissions =
            Permission::ALL.iter().copied().filter(|permission| actor.may((*permission).into()));
        Self {
            kind,
            id,
            name,
            roles: actor.roles.iter().copied().map(SystemRole::from).collect(),
            permissions: permissions.collect(),
            bodies: actor.bodies.iter().map(ToString::to_string).collect(),
            expires_at,
            demo,
        }
    }
}

/// Changes one's own password.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password as it is.
    #[schema(max_length = 128)]
    pub old: String,
    /// The password as it is to be.
    #[schema(min_length = 12, max_length = 128)]
    pub new: String,
}

/// The secret of a second factor, shown once; it counts after it was confirmed.
#[derive(Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Totp {
    /// The secret as it is to be sent back.
    pub secret: String,
    /// The address that authenticator programs read.
    pub uri: String,
}

/// Confirms a second factor by a code of the device that has the secret.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    /// The secret as it was shown.
    #[schema(pattern = "^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]$")]
    pub secret: String,
    /// The device's present code.
    #[schema(pattern = "^[0-9]{6}$")]
    pub code: String,
}
