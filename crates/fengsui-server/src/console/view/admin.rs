//! Accounts and API tokens, for administrators.

use askama::Template;

use super::form::{Form, Forms};
use super::parts::{Choice, Moment};
use super::shell::Shell;
use super::words::AccessState;

/// `GET /users`.
#[derive(Template)]
#[template(path = "admin/users.html")]
pub struct UserList {
    /// The frame.
    pub shell: Shell,
    /// The accounts.
    pub rows: Vec<UserRow>,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// Bodies of the plans to choose from.
    pub bodies: Vec<Choice>,
    /// Id `user`: `name`, `display_name`, `role` (several), `body` (several).
    pub form: Form,
}

/// An account in the list.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// The sign-in name.
    pub name: String,
    /// The name shown.
    pub display_name: String,
    /// Roles, in words.
    pub roles: String,
    /// Bodies, in words; may be empty.
    pub bodies: String,
    /// Its state.
    pub state: AccessState,
    /// A second factor is enrolled.
    pub totp_on: bool,
    /// When it was last used.
    pub last_used: Option<Moment>,
}

/// `GET /users/{id}`.
#[derive(Template)]
#[template(path = "admin/user.html")]
pub struct UserPage {
    /// The frame.
    pub shell: Shell,
    /// The account.
    pub user: UserRow,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// Bodies of the plans to choose from.
    pub bodies: Vec<Choice>,
    /// It is the reader's own account, so it can be neither disabled nor stripped of roles here.
    pub own: bool,
    /// Forms `user` (`display_name`, `role`, `body`), `reset`, `disable` (`reason`) and `enable`.
    pub forms: Forms,
}

/// After an account was created or reset: its one-time link, shown once.
#[derive(Template)]
#[template(path = "admin/link.html")]
pub struct LinkShown {
    /// The frame.
    pub shell: Shell,
    /// Whose link it is.
    pub name: String,
    /// The link.
    pub link: String,
    /// When it stops working.
    pub expires: Moment,
}

/// `GET /tokens`.
#[derive(Template)]
#[template(path = "admin/tokens.html")]
pub struct TokenList {
    /// The frame.
    pub shell: Shell,
    /// The tokens.
    pub rows: Vec<TokenRow>,
    /// Roles to choose from.
    pub roles: Vec<Choice>,
    /// Spans to choose from, in days.
    pub spans: Vec<Choice>,
    /// Forms `token` (`name`, `role`, `days`) and `revoke-ID` (`reason`).
    pub forms: Forms,
}

/// A token in the list.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The role it carries, in words.
    pub role: String,
    /// Its state.
    pub state: AccessState,
    /// Who made it.
    pub by: String,
    /// When.
    pub created_at: Moment,
    /// Its last day.
    pub expires_at: Moment,
}

/// After a token was made: shown once.
#[derive(Template)]
#[template(path = "admin/token.html")]
pub struct TokenShown {
    /// The frame.
    pub shell: Shell,
    /// Its name.
    pub name: String,
    /// The token.
    pub token: String,
    /// Its last day.
    pub expires: Moment,
}
