//! What people are called: an entry keeps the sign-in name of its time, a page shows the name known today.

use std::collections::BTreeMap;

use fengsui_domain::actor::By;
use fengsui_domain::id::AccountId;
use fengsui_domain::incident::Signed;
use fengsui_domain::plan::Plan;

use super::shell::PageError;
use super::show;
use crate::app::App;
use crate::console::lang::Lang;
use crate::console::view::parts::Person;

/// Display names by account.
pub(crate) struct Names(BTreeMap<AccountId, String>);

impl Names {
    /// Reads them.
    pub(crate) async fn read(app: &App) -> Result<Self, PageError> {
        let accounts = app.service.store().account_list().await?;
        Ok(Self(accounts.into_iter().map(|account| (account.value.id, account.value.display)).collect()))
    }

    /// Whoever an entry is by.
    pub(crate) fn by(&self, by: &By) -> Person {
        let known = by.account().and_then(|account| self.0.get(&account));
        Person { name: known.map_or_else(|| by.name().to_owned(), Clone::clone), acting_for: String::new() }
    }

    /// A person who signed for a body.
    pub(crate) fn signed(&self, signed: &Signed, plan: &Plan, lang: Lang) -> Person {
        let known = self.0.get(&signed.person.account);
        Person {
            name: known.unwrap_or(&signed.person.name).clone(),
            acting_for: show::role(plan, &signed.body, lang),
        }
    }
}
