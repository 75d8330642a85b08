//! Who calls, and how the call is to be made safe to repeat.

use fengsui_domain::actor::{Actor, By};
use fengsui_store::RequestKey;

/// One call of a use case.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// The request's id, as it stands in logs and entries.
    pub request: Option<String>,
    /// The key under which the call is carried out once.
    pub key: Option<RequestKey>,
    /// The version the caller saw (`If-Match`).
    pub expected: Option<u64>,
}

impl Caller {
    /// A plain call.
    pub fn new(actor: Actor) -> Self {
        Self { actor, request: None, key: None, expected: None }
    }

    /// Who the entries are by.
    pub fn by(&self) -> By {
        self.actor.by.clone()
    }
}
