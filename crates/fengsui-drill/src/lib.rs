//! Drills in virtual time: a scenario, people who react like people, the real service, what came of it.
//!
//! The service under test is the one a node runs, on a store in memory, with a clock that stands still
//! between two acts and dice that begin with a seed: the same scenario with the same seed gives the same
//! bytes. Every act goes through the use cases that the API calls, by an account that speaks for a body of
//! the plan; nothing here reaches into the domain from the side, and nothing here waits.
//!
//! A drill cannot leak: it has no folder, no socket and no channel, its ledger is named `drill.…`, and
//! whatever it prints says that it is a drill. `city` makes plausible history of a city with the same
//! people, for demonstrations and benches, and `living` lets them work on a demonstration's node in real time.

pub mod cast;
pub mod city;
pub mod director;
pub mod environment;
pub mod error;
mod hours;
pub mod living;
pub mod outcome;
mod policy;
pub mod report;
pub mod run;
pub mod shipped;
pub mod simulation;
pub mod words;

pub use error::{Error, Result};
pub use run::{Asked, run};
