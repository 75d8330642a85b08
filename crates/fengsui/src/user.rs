//! `fengsui user`.

use std::collections::BTreeSet;

use fengsui_domain::account::{Account, AccountWords};
use fengsui_domain::plan::RoleId;
use fengsui_service::{Caller, Service};
use fengsui_store::Versioned;
use serde_json::json;

use crate::cli::User;
use crate::exit::{Failure, Outcome, answer, print_json, print_line};
use crate::node::{administer, role};

pub(crate) fn run(command: User) -> Outcome {
    match command {
        User::Create { data, name, display, role: roles, body } => {
            let roles = roles.iter().map(|name| role(name)).collect::<Result<BTreeSet<_>, _>>()?;
            administer(&data, async |service, caller| {
                let bodies = bodies(&service, body)?;
                let (account, token) =
                    service.account_create(&caller, AccountWords { name, display, roles, bodies }).await?;
                print_link(&account.value, &token)
            })
        }
        User::List { data, json } => administer(&data, async |service, caller| {
            let accounts = service.account_list(&caller).await?;
            let rows: Vec<_> = accounts.iter().map(|account| row(&account.value)).collect();
            if json {
                print_json(&rows)?;
            } else {
                for row in rows {
                    print_line(&format!("{} {} {}", row["name"], row["roles"], row["active"]))?;
                }
            }
            Ok(answer(true))
        }),
        User::Reset { data, name, totp } => administer(&data, async |service, caller| {
            let account = by_name(&service, &caller, &name).await?.value;
            let token = service.account_reset(&caller, account.id, totp).await?;
            print_link(&account, &token)
        }),
    }
}

/// The account with a sign-in name.
pub(crate) async fn by_name(
    service: &Service,
    caller: &Caller,
    name: &str,
) -> Result<Versioned<Account>, Failure> {
    let accounts = service.account_list(caller).await?;
    let found = accounts.into_iter().find(|account| account.value.name == name);
    found.ok_or_else(|| Failure::usage(format!("there is no account `{name}`; see `fengsui user list`")))
}

/// Bodies of the plans at hand, each one known.
fn bodies(service: &Service, names: Vec<String>) -> Result<BTreeSet<RoleId>, Failure> {
    let known: BTreeSet<&RoleId> = service.plans().list().flat_map(|pack| pack.plan.roles.keys()).collect();
    let bodies = names.into_iter().map(RoleId::new).map(|body| {
        if known.contains(&body) {
            return Ok(body);
        }
        let names: Vec<&str> = known.iter().map(|role| role.as_str()).collect();
        Err(Failure::usage(format!("`{body}` is a body of no plan at hand; there are: {}", names.join(", "))))
    });
    bodies.collect()
}

fn row(account: &Account) -> serde_json::Value {
    json!({
        "id": account.id, "name": account.name, "display": account.display, "roles": account.roles,
        "bodies": account.bodies, "active": account.active, "totp": account.has_totp,
    })
}

fn print_link(account: &Account, token: &str) -> Outcome {
    print_line(&format!("/link/{}/{token}", account.id))?;
    eprintln!("open this path on the node's address within 72 hours to set the password; it works once");
    Ok(answer(true))
}
