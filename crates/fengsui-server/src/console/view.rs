//! Typed views: one struct a page, and the parts they share.
//!
//! Whoever answers a request fills a struct and calls [`render`]. Fields are owned and already
//! written out where form is a decision (instants, sizes, sentences from a plan); domain words are
//! the small enums of [`words`], which templates translate. A view carries what the reader may see
//! and do, never a permission to be checked later: a button that may not be pressed is a closed
//! [`Gate`](parts::Gate) with the reason.

pub mod account;
pub mod admin;
pub mod card;
pub mod coverage;
pub mod desk;
pub mod duty;
pub mod event;
pub mod form;
pub mod incident;
pub mod ledger;
pub mod parts;
pub mod plan;
pub mod problem;
pub mod resource;
pub mod search;
pub mod shell;
pub mod threat;
pub mod words;

/// Writes a page out.
///
/// # Errors
/// Only if formatting itself fails; the templates were checked when this crate was compiled.
pub fn render(page: &impl askama::Template) -> Result<String, askama::Error> {
    page.render()
}

#[cfg(test)]
mod tests;
