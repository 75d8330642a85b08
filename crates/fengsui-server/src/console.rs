//! The console: pages for people, rendered on the server.
//!
//! A page is a struct of [`view`] with plain owned fields and a template that only loops and
//! chooses; words come from the Fluent files through [`lang`]; style, script and marks are the few
//! files of [`assets`]. Every page works with scripts off and asks no other host for anything.
//! Reading stores, deciding and authorising happen elsewhere: views know nothing of the domain, and
//! `handlers` only fill views from it and turn forms into calls of use cases.

use axum::Router;

use crate::app::App;

pub mod assets;
pub(crate) mod handlers;
pub mod lang;
pub mod view;

/// Every page and every form of the console.
pub(crate) fn router() -> Router<App> {
    handlers::router()
}
