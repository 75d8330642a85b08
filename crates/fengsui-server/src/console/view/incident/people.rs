//! Who acts in which role of the plan for this incident.

use askama::Template;

use super::IncidentHead;
use crate::console::view::form::Forms;
use crate::console::view::parts::{Choice, ClauseRef, Gate, Moment, Person};
use crate::console::view::shell::Shell;
use crate::console::view::words::IncidentTab;

/// `GET /incidents/{number}/people`.
#[derive(Template)]
#[template(path = "incident/people.html")]
pub struct People {
    /// The frame.
    pub shell: Shell,
    /// The head.
    pub head: IncidentHead,
    /// The tab: [`IncidentTab::People`].
    pub tab: IncidentTab,
    /// Roles of the plan, in its order.
    pub roles: Vec<RoleRow>,
    /// May the reader assign?
    pub assign: Gate,
    /// Roles to choose from.
    pub role_choices: Vec<Choice>,
    /// Accounts to choose from.
    pub account_choices: Vec<Choice>,
    /// Forms `assign` (`role`, `account`) and `release-ROLE-ACCOUNT` (`reason`).
    pub forms: Forms,
}

/// A role of the plan.
#[derive(Clone, Debug)]
pub struct RoleRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it does.
    pub duty: String,
    /// Where it comes from.
    pub clause: ClauseRef,
    /// Who holds it.
    pub holders: Vec<Holder>,
    /// Who acts when nobody holds it, in words; empty when nobody does.
    pub fallback: String,
    /// It exists only once a headquarters is formed.
    pub temporary: bool,
}

/// A holder of a role.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The account's id.
    pub account: String,
    /// Who.
    pub person: Person,
    /// Since when.
    pub since: Moment,
    /// How to reach them; may be empty.
    pub contact: String,
    /// May the reader release them?
    pub release: Gate,
}
