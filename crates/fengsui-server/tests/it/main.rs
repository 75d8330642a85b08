//! The server's router, called in process: the document, who may do what, and the way of a case.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, also in its helpers")]

mod abroad;
mod backups;
mod browser;
mod case;
mod console;
mod console_plans;
mod console_playbooks;
mod console_resources;
mod contract;
mod document;
mod duties;
mod duty_parents;
mod egov;
mod filing;
mod national;
mod node;
mod ran;
mod resources;
mod rights;
mod schema;
mod threat;
mod together;
