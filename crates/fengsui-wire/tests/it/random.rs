//! Tests whose input is drawn by chance. What they happen to run covers no rule of a plan: [`crate::ran`]
//! leaves out every test below this module, so that a list written today is the list written tomorrow.

mod clocks;
mod commands;
mod oracle;
mod playbooks;
mod rhythm;
mod together;
