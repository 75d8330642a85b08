//! Opening a node for administration, also beside one that runs on the same folder.

use std::future::Future;

use fengsui_domain::actor::{Actor, By};
use fengsui_domain::permission::SystemRole;
use fengsui_service::{Caller, Environment, Options, Service};

use crate::cli::Data;
use crate::exit::{Failure, Outcome};

/// Runs an administrative command on the node in a data folder.
pub(crate) fn administer<F, R>(data: &Data, command: F) -> Outcome
where
    F: FnOnce(Service, Caller) -> R,
    R: Future<Output = Outcome>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let service = Service::open(options(data, "fengsui.local"), Environment::system()).await?;
        command(service, console()).await
    })
}

/// Where a node is.
pub(crate) fn options(data: &Data, name: &str) -> Options {
    Options { folder: data.data.clone(), name: name.to_owned(), database: data.database.clone() }
}

/// Whoever sits at the node's own machine, in the role of an administrator.
pub(crate) fn console() -> Caller {
    Caller::new(Actor {
        by: By::Console,
        roles: std::collections::BTreeSet::from([SystemRole::Administrator]),
        bodies: std::collections::BTreeSet::new(),
        scopes: std::collections::BTreeSet::new(),
    })
}

/// The same, who also keeps the indicators: the lists are files on that machine.
pub(crate) fn keeper() -> Caller {
    let mut caller = console();
    caller.actor.roles.insert(SystemRole::Analyst);
    caller
}

/// The role a name stands for; the error lists them all.
pub(crate) fn role(name: &str) -> Result<SystemRole, Failure> {
    let known = SystemRole::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    SystemRole::parse(name)
        .ok_or_else(|| Failure::usage(format!("`{name}` is not a role; there are: {known}")))
}

/// The address of a node, without a slash at its end.
///
/// # Errors
/// This program speaks plain HTTP: nodes listen on the loopback, and TLS is for the proxy in front of them.
pub(crate) fn address(url: &str) -> Result<&str, Failure> {
    if url.starts_with("http://") {
        return Ok(url.trim_end_matches('/'));
    }
    Err(Failure::usage(format!(
        "`{url}` does not begin with `http://`; TLS is not spoken here: take the node's own address, through \
         an SSH tunnel if it is elsewhere, or a file made by `ledger export`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_nodes() {
        for (url, expected) in [
            ("http://127.0.0.1:8470", Some("http://127.0.0.1:8470")),
            ("http://127.0.0.1:8470//", Some("http://127.0.0.1:8470")),
            ("https://node.example", None),
            ("node.example:8470", None),
        ] {
            assert_eq!(address(url).ok(), expected, "{url}");
        }
    }
}
