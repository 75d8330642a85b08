//! The shipped pack run by the engine: every clock, right and chain of the plan, each with its clause.
//!
//! Time, ids and people come from [`desk::Desk`]; after every command it also checks what must always
//! hold: the ledger gives back the live state, the stored form survives a crash, no duty runs twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abroad;
mod ambiguities;
mod clocks_city;
mod clocks_unit;
mod closing;
mod corrected;
mod deadlines;
mod desk;
mod disposal;
mod duties;
mod egov;
mod filing;
mod limits;
mod national;
mod national_clocks;
mod national_orders;
mod orders;
mod permissions;
mod playbooks;
mod ran;
mod random;
mod regrading;
mod response;
mod ticks;
mod together;
mod warnings;
mod whole;
