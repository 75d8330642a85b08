//! Handlers of the console: each fills a typed view from live data, or turns a form into one use case.
//!
//! A request comes in as a [`Visitor`](session::Visitor) or, with a form, as a
//! [`Posted`](post::Posted): signed in, checked against forgery, safe to press twice. It goes out as a
//! page with a [frame](shell::shell), as a [redirect with a message](post::done), or, refused, as the
//! same page with everything typed kept. What cannot be shown is a page too ([`problem`]).

use axum::Router;

use crate::app::App;

mod account;
mod admin;
mod desk;
mod duties;
mod events;
mod incident;
mod ledger;
mod names;
mod plans;
pub(crate) mod post;
mod prefs;
pub(crate) mod problem;
mod qr;
mod resources;
mod search;
pub(crate) mod session;
pub(crate) mod shell;
pub(crate) mod show;
mod threat;
mod words;

/// Every route of the console.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .merge(prefs::router())
        .merge(account::router())
        .merge(desk::router())
        .merge(events::router())
        .merge(incident::router())
        .merge(search::router())
        .merge(plans::router())
        .merge(ledger::router())
        .merge(threat::router())
        .merge(resources::router())
        .merge(duties::router())
        .merge(admin::router())
}
