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

/// Display names by account, in the reader's language where no person acted.
pub(crate) struct Names {
    known: BTreeMap<AccountId, String>,
    lang: Lang,
}

impl Names {
    /// Reads them.
    pub(crate) async fn read(app: &App, lang: Lang) -> Result<Self, PageError> {
        let accounts = app.service.store().account_list().await?.into_iter();
        let known = accounts.map(|account| (account.value.id, account.value.display)).collect();
        Ok(Self { known, lang })
    }

    /// Whoever an entry is by.
    pub(crate) fn by(&self, by: &By) -> Person {
        let known = by.account().and_then(|account| self.known.get(&account));
        let name = known.map_or_else(|| name_of(by, self.lang), Clone::clone);
        Person { name, acting_for: String::new() }
    }

    /// A person who signed for a body.
    pub(crate) fn signed(&self, signed: &Signed, plan: &Plan, lang: Lang) -> Person {
        let known = self.known.get(&signed.person.account);
        Person {
            name: known.unwrap_or(&signed.person.name).clone(),
            acting_for: show::role(plan, &signed.body, lang),
        }
    }
}

/// What whoever acted is called, if only the entry is at hand: a part of the node in the reader's language.
pub(crate) fn name_of(by: &By, lang: Lang) -> String {
    let key = match by {
        By::Console => "by-console",
        By::Node { part } if part == "timer" => "by-timer",
        By::Node { part } if part == "ingest" => "by-ingest",
        By::Node { .. } | By::Person { .. } | By::Token { .. } => return by.name().to_owned(),
    };
    lang.t(key).into_owned()
}
