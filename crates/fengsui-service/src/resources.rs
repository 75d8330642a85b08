//! The emergency database: resources kept, searched, and offered for incidents.
//!
//! A contact is sealed before anything is decided and opened for one reader at a time, whose reading is an
//! entry. Nothing here puts one into a list.

use fengsui_domain::change::Change;
use fengsui_domain::event::Sealed;
use fengsui_domain::id::ResourceId;
use fengsui_domain::limits::{MAX_PART_CHARS, MAX_TITLE_CHARS, text};
use fengsui_domain::permission::Permission;
use fengsui_domain::refusal::Refusal;
use fengsui_domain::resource::{
    self, Adding, ClassId, Command, Contact, Resource, ResourceChange, ResourceWords, Standing,
};
use fengsui_store::{Cursor, Page, ResourceFilter, StoreError, TimelineRow, Versioned};
use fengsui_wire::api::AmendResource;
pub use fengsui_wire::api::ContactWords;

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::events::check_expected;
use crate::node::{MAX_TRIES, Service};

mod import;
mod offers;
#[cfg(test)]
mod tests;

pub use import::{Import, MAX_IMPORT_BYTES, MAX_REJECTS, MAX_ROWS};
pub use offers::{Asked, DEFAULT_OFFERS, MAX_CASES, MAX_LOOKED_AT, Offered, OfferedTo};

impl Service {
    /// Resources, newest first.
    pub async fn resource_list(
        &self,
        caller: &Caller,
        filter: ResourceFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<Resource>>> {
        caller.actor.permit(Permission::ResourceRead)?;
        Ok(self.inner.store.resource_list(filter, after, limit).await?)
    }

    /// A resource.
    pub async fn resource(&self, caller: &Caller, id: ResourceId) -> Result<Versioned<Resource>> {
        caller.actor.permit(Permission::ResourceRead)?;
        self.resource_or_not_found(id).await
    }

    async fn resource_or_not_found(&self, id: ResourceId) -> Result<Versioned<Resource>> {
        let resource = self.inner.store.resource_get(id).await?;
        resource.ok_or(Error::NotFound { what: "resource", id: id.to_string() })
    }

    /// Everything that happened to a resource, newest first.
    pub async fn resource_timeline(
        &self,
        caller: &Caller,
        id: ResourceId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<TimelineRow>> {
        self.resource(caller, id).await?;
        Ok(self.inner.store.entry_list(Some(format!("resource/{id}")), before, limit).await?)
    }

    /// Adds a resource. Source: `jincheng-internet-2008/5.2.3.1.3`, `7.3`.
    pub async fn resource_add(
        &self,
        caller: &Caller,
        words: ResourceWords,
        contact: &str,
        standing: Standing,
    ) -> Result<Versioned<Resource>> {
        caller.actor.permit(Permission::ResourceManage)?;
        if let Some(earlier) = self.earlier_answer(caller).await? {
            return self.resource_by_answer(&earlier).await;
        }
        let of = ResourceId(self.inner.environment.new_id());
        let change = self.added(caller, of, words, contact, standing)?;
        let commit = self.commit_for(caller, &of.to_string()).batch(0, vec![Change::Resource { of, change }]);
        match self.inner.store.commit(commit).await {
            Ok(_) => self.resource_or_not_found(of).await,
            Err(StoreError::Repeated) => {
                let earlier = self.earlier_answer(caller).await?.ok_or(Error::KeyReused)?;
                self.resource_by_answer(&earlier).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn resource_by_answer(&self, answer: &str) -> Result<Versioned<Resource>> {
        let id = answer.parse().map_err(|_| Error::KeyReused)?;
        self.resource_or_not_found(id).await
    }

    /// The change that adds a resource, its contact sealed.
    fn added(
        &self,
        caller: &Caller,
        of: ResourceId,
        words: ResourceWords,
        contact: &str,
        standing: Standing,
    ) -> Result<ResourceChange> {
        let contact = match contact.trim() {
            "" => None,
            _ => Some(self.sealed(of, contact)?),
        };
        let knows = |class: &ClassId| self.knows(class);
        let context = resource::Context { actor: &caller.actor, knows: &knows };
        Ok(resource::add(Adding { words, contact, standing }, context)?)
    }

    fn sealed(&self, of: ResourceId, contact: &str) -> Result<Sealed> {
        let contact = text("contact", contact, MAX_TITLE_CHARS)?;
        Ok(self.inner.field_key.seal(&contact_place(of), &contact, &self.inner.environment))
    }

    /// What becomes of a contact; one that is the same already stays, so that nothing is written for it.
    fn contact(&self, known: &Resource, words: &ContactWords) -> Result<Contact> {
        let ContactWords::Put(contact) = words else {
            let drops = matches!(words, ContactWords::Drop);
            return Ok(if drops { Contact::Drop } else { Contact::Keep });
        };
        let before = known.particulars.contact.as_ref();
        let open = before.and_then(|sealed| self.inner.field_key.open(&contact_place(known.id), sealed));
        if open.as_deref() == Some(contact.trim()) {
            return Ok(Contact::Keep);
        }
        Ok(Contact::Put(self.sealed(known.id, contact)?))
    }

    /// Whether a class exists, as far as the plans at hand can tell: a plan that is here must have it, or some
    /// plan maps a category to it. What belongs to no plan here (`rsit/…`) is taken as it is.
    fn knows(&self, class: &ClassId) -> bool {
        let packs = || self.inner.plans.list().map(|pack| &pack.plan);
        let name = class.as_str().split_once('/').map_or("", |(_, category)| category);
        let mut own = packs().filter(|plan| plan.id.as_str() == class.taxonomy()).peekable();
        let has = own.peek().is_none()
            || own.any(|plan| plan.categories.keys().any(|category| category.as_str() == name));
        let mut categories = packs().flat_map(|plan| plan.categories.values());
        has || categories.any(|category| category.maps_to.iter().any(|id| id == class.as_str()))
    }

    /// Amends a resource; what the amendment does not name stays.
    pub async fn resource_amend(
        &self,
        caller: &Caller,
        id: ResourceId,
        amend: AmendResource,
    ) -> Result<Versioned<Resource>> {
        caller.actor.permit(Permission::ResourceManage)?;
        let contact = amend.contact()?;
        self.resource_apply(caller, id, |known| {
            let words = Box::new(amend.clone().onto(known)?);
            Ok(Command::Amend { words, contact: self.contact(known, &contact)? })
        })
        .await
    }

    /// Amends a resource to stand as these words say, all of them.
    pub async fn resource_rewrite(
        &self,
        caller: &Caller,
        id: ResourceId,
        words: ResourceWords,
        contact: ContactWords,
    ) -> Result<Versioned<Resource>> {
        caller.actor.permit(Permission::ResourceManage)?;
        self.resource_apply(caller, id, |known| {
            let words = Box::new(words.clone());
            Ok(Command::Amend { words, contact: self.contact(known, &contact)? })
        })
        .await
    }

    /// Records a standing, or retires a resource.
    pub async fn resource_command(
        &self,
        caller: &Caller,
        id: ResourceId,
        command: Command,
    ) -> Result<Versioned<Resource>> {
        caller.actor.permit(Permission::ResourceManage)?;
        self.resource_apply(caller, id, |_| Ok(command.clone())).await
    }

    /// Reads whoever is to be called; the reading itself becomes an entry.
    pub async fn resource_contact(&self, caller: &Caller, id: ResourceId, reason: &str) -> Result<String> {
        caller.actor.permit(Permission::PersonalRead)?;
        caller.actor.permit(Permission::ResourceRead)?;
        let reason = text("reason", reason, MAX_PART_CHARS)?;
        let resource = self.resource_or_not_found(id).await?;
        let none = || Refusal::NotReady { action: "read-contact", needs: "contact" };
        let sealed = resource.value.particulars.contact.ok_or_else(none)?;
        let open = self.inner.field_key.open(&contact_place(id), &sealed).ok_or_else(none)?;
        self.resource_apply(caller, id, |_| Ok(Command::ReadContact { reason: reason.clone() })).await?;
        Ok(open)
    }

    async fn resource_apply<F>(
        &self,
        caller: &Caller,
        of: ResourceId,
        command: F,
    ) -> Result<Versioned<Resource>>
    where
        F: Fn(&Resource) -> Result<Command>,
    {
        if self.earlier_answer(caller).await?.is_some() {
            return self.resource_or_not_found(of).await;
        }
        for _ in 0..MAX_TRIES {
            let known = self.resource_or_not_found(of).await?;
            check_expected(caller, known.version)?;
            let changes = self.resource_decided(caller, &known.value, command(&known.value)?)?;
            if changes.is_empty() {
                return Ok(known);
            }
            let commit = self.commit_for(caller, &of.to_string()).batch(known.version, changes);
            match self.inner.store.commit(commit).await {
                Ok(_) | Err(StoreError::Repeated) => return self.resource_or_not_found(of).await,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict { subject: format!("resource/{of}"), expected: 0, found: 0 }.into())
    }

    /// What a command becomes, as changes of its resource.
    fn resource_decided(&self, caller: &Caller, known: &Resource, command: Command) -> Result<Vec<Change>> {
        let knows = |class: &ClassId| self.knows(class);
        let context = resource::Context { actor: &caller.actor, knows: &knows };
        let changes = resource::decide(known, command, context)?;
        Ok(changes.into_iter().map(|change| Change::Resource { of: known.id, change }).collect())
    }
}

/// Where the sealed contact of a resource stands.
fn contact_place(of: ResourceId) -> String {
    format!("resource/{of}/contact")
}
