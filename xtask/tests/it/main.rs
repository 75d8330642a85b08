//! The rules that this repository keeps about itself.
//!
//! Each rule is a function of text that names what breaks it, tried on a bad example first and then on
//! the repository. A message says which file breaks the rule and what to do; an exception stands in the
//! rule's own table with its reason.

mod browser;
mod floors;
mod fuzz;
mod licences;
mod manifests;
mod papers;
mod repo;
mod schema;
mod sources;
