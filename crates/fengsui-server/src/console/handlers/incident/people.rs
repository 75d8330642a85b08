//! Who works in the incident, under which role of the plan.

use axum::extract::{Path, State};
use fengsui_domain::account::Account;
use fengsui_domain::incident::{Assignment, Command};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{Role, RoleId};
use fengsui_service::store::Versioned;

use super::super::post::Posted;
use super::super::shell::{PageError, PageResult};
use super::super::show;
use super::act::{Place, act, one};
use super::case::{Case, forms, only};
use super::head::head;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::people::{Holder, People, RoleRow};
use crate::console::view::parts::{Choice, Gate, Person};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice};

const PLACE: Place = Place { tab: IncidentTab::People, names: &[("person", "account")] };

/// `GET /incidents/{number}/people`.
pub(super) async fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Result<People, PageError> {
    let accounts = case.app.service.store().account_list().await?;
    let gate = only(!case.incident.is_closed(), case.gate(Permission::IncidentWork));
    Ok(People {
        roles: case.plan.roles.iter().map(|(id, role)| row(case, id, role, &accounts, &gate)).collect(),
        assign: gate,
        role_choices: show::role_choices(case.plan, case.plan.roles.keys(), case.lang),
        account_choices: accounts
            .iter()
            .filter(|account| account.value.active)
            .map(|account| Choice {
                value: account.value.name.clone(),
                text: account.value.display.clone(),
                hint: String::new(),
            })
            .collect(),
        forms: forms([], failed),
        head: head(case),
        tab: IncidentTab::People,
        shell,
    })
}

fn row(case: &Case<'_>, id: &RoleId, role: &Role, accounts: &[Versioned<Account>], gate: &Gate) -> RoleRow {
    let held = case.incident.people.iter().filter(|held| held.role == *id && held.until.is_none());
    RoleRow {
        id: id.to_string(),
        title: case.text(&role.title),
        duty: case.text(&role.duty),
        clause: case.clause(&role.clause),
        holders: held.map(|held| holder(case, held, accounts, gate)).collect(),
        fallback: role.fallback.as_ref().map(|fallback| case.role(fallback)).unwrap_or_default(),
        temporary: role.temporary,
    }
}

/// A holder is kept by sign-in name where there is an account, else as whoever recorded it wrote.
fn holder(case: &Case<'_>, held: &Assignment, accounts: &[Versioned<Account>], gate: &Gate) -> Holder {
    let account = accounts.iter().find(|account| account.value.name == held.person);
    let name = account.map_or_else(|| held.person.clone(), |account| account.value.display.clone());
    Holder {
        account: held.person.clone(),
        person: Person { name, acting_for: String::new() },
        since: case.moment(held.from),
        contact: String::new(),
        release: gate.clone(),
    }
}

/// `POST …/people`.
pub(super) async fn assign(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let (role, person) = (RoleId::new(posted.text("role")), posted.text("account").to_owned());
        one(Command::Assign { role, person }, Notice::RoleSaved)
    })
    .await
}

/// `POST …/people/release`: the relief, and why as a remark.
pub(super) async fn release(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let (role, person) = (RoleId::new(posted.text("role")), posted.text("account").to_owned());
        let reason = posted.text("reason");
        if reason.is_empty() {
            return Err(vec![posted.wrong("reason", FieldProblem::Required)]);
        }
        let text = format!("{person}, {}: {reason}", case.role(&role));
        Ok((vec![Command::Relieve { role, person }, Command::Note { text }], Notice::RoleSaved))
    })
    .await
}
