//! Use cases: authorise, decide, write, answer. One module for each.
//!
//! The core decides ([`fengsui_domain`]), the store writes ([`fengsui_store`]); what is here reads the
//! time, makes ids, keeps secrets, waits, and tries again when somebody else was faster. Nothing here
//! knows HTTP or SQL.

pub mod accounts;
pub mod backup;
pub mod caller;
pub mod duties;
pub mod environment;
pub mod error;
pub mod events;
pub mod evidence;
pub mod folder;
pub mod incidents;
pub mod indicators;
pub mod ingest;
pub mod ledger;
mod moving;
pub mod password;
pub mod plans;
pub mod resources;
pub mod seal;
pub mod search;
pub mod sessions;
pub mod sightings;
pub mod timer;
pub mod tokens;
pub mod totp;

mod node;

pub use caller::Caller;
pub use environment::{Environment, Random, Time};
pub use error::{Error, Result};
pub use moving::move_to_server;
pub use node::{Options, Service};

pub use fengsui_store as store;
