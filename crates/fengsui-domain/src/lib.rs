//! The rules of incident response: what a plan says, what an incident is, who may do what, when it is due.
//!
//! Everything here is a function of its arguments. There is no I/O, no async, no randomness and no
//! clock: time, ids and facts come in, decisions come out as [`change::Change`]s or a [`refusal::Refusal`].
//! `serde` is used for one purpose only: the stored form of changes and of the states folded from
//! them. Forms for strangers (API, plan files) live in `fengsui-wire`.

pub mod account;
pub mod actor;
pub mod change;
pub mod clock;
pub mod duty;
pub mod event;
pub mod expr;
pub mod grading;
pub mod id;
pub mod incident;
pub mod invariant;
pub mod level;
pub mod limits;
pub mod node;
pub mod obligation;
pub mod permission;
pub mod plan;
pub mod refusal;
pub mod resource;
pub mod warning;
