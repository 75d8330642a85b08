//! Set-up, signing in and out, and the reader's own account.

use askama::Template;

use super::form::{Form, Forms};
use super::parts::Moment;
use super::shell::Shell;

/// `GET /setup/{token}`: the administrator and the first duty officer, on one page, once.
#[derive(Template)]
#[template(path = "account/setup.html")]
pub struct Setup {
    /// The frame.
    pub shell: Shell,
    /// Id `setup`: `admin_name`, `admin_display`, `admin_password`, `officer_name`,
    /// `officer_display`, `officer_password`.
    pub form: Form,
    /// Where the form goes: the link itself.
    pub action: String,
    /// When the link stops working, if it does so before it is used.
    pub expires: Option<Moment>,
    /// Fewest characters of a password.
    pub password_min: usize,
}

/// `GET /link/{account}/{token}`: a one-time link lets its holder choose a password.
#[derive(Template)]
#[template(path = "account/link.html")]
pub struct PasswordLink {
    /// The frame.
    pub shell: Shell,
    /// Id `link`: `password`, `password_again`.
    pub form: Form,
    /// Where the form goes: the link itself.
    pub action: String,
    /// The account's sign-in name.
    pub name: String,
    /// When the link stops working.
    pub expires: Moment,
    /// Fewest characters of a password.
    pub password_min: usize,
}

/// `GET /totp`: a second factor is enrolled by scanning or typing a secret.
#[derive(Template)]
#[template(path = "account/totp.html")]
pub struct TotpEnrolment {
    /// The frame.
    pub shell: Shell,
    /// Id `totp`: `code`.
    pub form: Form,
    /// Where the form goes.
    pub action: String,
    /// The account's sign-in name.
    pub name: String,
    /// The secret in groups of four characters.
    pub secret: String,
    /// The `otpauth://` address.
    pub uri: String,
    /// The same as a QR code: an `<svg>` without `style`, `script` or event attributes, made by
    /// the server from `uri` alone. It is written into the page as it is.
    pub qr_svg: String,
    /// Where to go to do this later, if that is allowed.
    pub later: Option<String>,
}

/// `GET /sign-in`.
#[derive(Template)]
#[template(path = "account/sign_in.html")]
pub struct SignIn {
    /// The frame.
    pub shell: Shell,
    /// Id `sign-in`: `name`, `password`, `code` (of a second factor, where enrolled), `next`.
    pub form: Form,
    /// Path to go to afterwards.
    pub next: String,
}

/// `GET /account`: the reader's own settings.
#[derive(Template)]
#[template(path = "account/account.html")]
pub struct Account {
    /// The frame.
    pub shell: Shell,
    /// The sign-in name.
    pub name: String,
    /// The name shown.
    pub display_name: String,
    /// Roles and bodies, in words.
    pub roles: String,
    /// A second factor is enrolled.
    pub totp_on: bool,
    /// Fewest characters of a password.
    pub password_min: usize,
    /// Forms `password` (`current`, `password`, `password_again`).
    pub forms: Forms,
    /// Where this account is signed in.
    pub sessions: Vec<Session>,
}

/// A place where an account is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// What signed in: `Firefox on Linux, 10.1.4.20`.
    pub device: String,
    /// When.
    pub since: Moment,
    /// When it was last used.
    pub last_used: Moment,
    /// It is the session of this very page.
    pub current: bool,
}
