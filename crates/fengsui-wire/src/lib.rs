//! What others see and send: API bodies and plan files, each with its conversion to and from the core.
//!
//! A type here is a promise to strangers; it changes by addition only. Nothing here decides anything.

pub mod api;
pub mod plan;
