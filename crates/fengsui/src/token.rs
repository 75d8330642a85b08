//! `fengsui token`.

use std::collections::BTreeSet;

use fengsui_domain::permission::Permission;
use fengsui_service::tokens::TokenWords;
use fengsui_store::Versioned;
use serde_json::json;

use crate::cli::Token;
use crate::exit::{Failure, Outcome, answer, print_json, print_line};
use crate::node::{administer, role};

pub(crate) fn run(command: Token) -> Outcome {
    match command {
        Token::Create { data, role: name, account, name: purpose, scope, days, json } => {
            let role = name.as_deref().map(role).transpose()?;
            let scopes = scope.iter().map(|name| permission(name)).collect::<Result<BTreeSet<_>, _>>()?;
            administer(&data, async |service, caller| {
                let owner = match account {
                    Some(name) => Some(crate::user::by_name(&service, &caller, &name).await?.value.id),
                    None => None,
                };
                let words = TokenWords { name: purpose, account: owner, role, scopes, days };
                let (token, text) = service.token_create(&caller, words).await?;
                let expires_at = token.value.expires_at;
                if json {
                    print_json(&json!({ "id": token.value.id, "token": text, "expires_at": expires_at }))?;
                } else {
                    print_line(&text)?;
                    eprintln!("this is shown once; it works until {expires_at}");
                }
                Ok(answer(true))
            })
        }
        Token::List { data, json } => administer(&data, async |service, caller| {
            let tokens = service.token_list(&caller).await?;
            if json {
                print_json(&tokens.iter().map(row).collect::<Vec<_>>())?;
            } else {
                for token in tokens.iter().map(row) {
                    print_line(&format!(
                        "{} {} {} {}",
                        token["id"], token["name"], token["role"], token["expires_at"]
                    ))?;
                }
            }
            Ok(answer(true))
        }),
        Token::Revoke { data, id, reason } => administer(&data, async |service, caller| {
            let id = id
                .parse()
                .map_err(|_| Failure::usage(format!("`{id}` is not the id of a token; see `token list`")))?;
            service.token_revoke(&caller, id, &reason).await?;
            Ok(answer(true))
        }),
    }
}

fn row(token: &Versioned<fengsui_domain::account::Token>) -> serde_json::Value {
    let token = &token.value;
    json!({
        "id": token.id, "name": token.name, "role": token.role, "account": token.account,
        "expires_at": token.expires_at, "revoked": token.revoked,
    })
}

fn permission(name: &str) -> Result<Permission, Failure> {
    let known = Permission::ALL.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(", ");
    Permission::parse(name)
        .ok_or_else(|| Failure::usage(format!("`{name}` is not a permission; there are: {known}")))
}
