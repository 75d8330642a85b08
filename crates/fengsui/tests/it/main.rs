//! The program as its users start it: commands and what they print, a node, signals.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails, also in its helpers")]

mod backup;
mod client;
mod clocks;
#[path = "../../../fengsui-store/tests/it/cluster.rs"]
mod cluster;
mod crash;
mod demo;
mod drills;
mod import;
mod kill;
mod main_job;
mod nodes;
mod outsiders;
mod plans;
mod program;
mod school;
mod sources;
