//! Decisions on resources: permission first, then the words.

use super::{Context, Particulars, Resource, ResourceChange, ResourceWords, Standing};
use crate::event::Sealed;
use crate::limits::{MAX_PART_CHARS, optional_text, text};
use crate::permission::Permission;
use crate::refusal::Refusal;

/// A resource about to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adding {
    /// What is said of it.
    pub words: ResourceWords,
    /// Name, telephone and the like of whoever is to be called, sealed.
    pub contact: Option<Sealed>,
    /// Whether it can be had.
    pub standing: Standing,
}

/// What becomes of a contact when a resource is amended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// It stays as it is.
    Keep,
    /// It goes.
    Drop,
    /// Another takes its place.
    Put(Sealed),
}

/// What is asked of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Amend what is known.
    Amend {
        /// All of it, as it is to stand.
        words: Box<ResourceWords>,
        /// What becomes of the contact.
        contact: Contact,
    },
    /// Record that its standing was looked at, also if it is as before: that is a check.
    Stand {
        /// Whether it can be had.
        standing: Standing,
        /// Where it is at work, what is broken, what the check found.
        note: String,
    },
    /// Take it out of the register.
    Retire {
        /// Why.
        reason: String,
    },
    /// Read its contact.
    ReadContact {
        /// Why.
        reason: String,
    },
}

/// Adds a resource.
///
/// # Errors
/// [`Refusal`] without [`Permission::ResourceManage`], or if a field is not what it must be.
pub fn add(adding: Adding, context: Context<'_>) -> Result<ResourceChange, Refusal> {
    context.actor.permit(Permission::ResourceManage)?;
    let Adding { words, contact, standing } = adding;
    Ok(ResourceChange::Added { particulars: words.check(contact, context)?, standing })
}

/// What a command becomes; nothing if it asks for what is there already.
///
/// # Errors
/// [`Refusal`] without the permission, if a field is not what it must be, or if the resource is retired.
pub fn decide(
    resource: &Resource,
    command: Command,
    context: Context<'_>,
) -> Result<Vec<ResourceChange>, Refusal> {
    match &command {
        Command::Amend { .. } | Command::Stand { .. } | Command::Retire { .. } => {
            context.actor.permit(Permission::ResourceManage)?;
        }
        Command::ReadContact { .. } => {
            context.actor.permit(Permission::PersonalRead)?;
            context.actor.permit(Permission::ResourceRead)?;
        }
    }
    let change = match command {
        Command::Amend { words, contact } => {
            in_register(resource, "amend")?;
            let contact = match contact {
                Contact::Keep => resource.particulars.contact.clone(),
                Contact::Drop => None,
                Contact::Put(sealed) => Some(sealed),
            };
            let particulars: Particulars = words.check(contact, context)?;
            if particulars == resource.particulars {
                return Ok(Vec::new());
            }
            ResourceChange::Amended { particulars }
        }
        Command::Stand { standing, note } => {
            in_register(resource, "set-standing")?;
            ResourceChange::Stood { standing, note: optional_text("note", &note, MAX_PART_CHARS)? }
        }
        Command::Retire { reason } => {
            in_register(resource, "retire")?;
            ResourceChange::Retired { reason: text("reason", &reason, MAX_PART_CHARS)? }
        }
        Command::ReadContact { reason } => {
            let reason = text("reason", &reason, MAX_PART_CHARS)?;
            if resource.particulars.contact.is_none() {
                return Err(Refusal::NotReady { action: "read-contact", needs: "contact" });
            }
            ResourceChange::PersonalRead { reason }
        }
    };
    Ok(vec![change])
}

fn in_register(resource: &Resource, action: &'static str) -> Result<(), Refusal> {
    match resource.retired {
        None => Ok(()),
        Some(_) => Err(Refusal::WrongPhase { action, phase: "retired" }),
    }
}
