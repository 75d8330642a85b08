//! The server: what people and programs talk to.
//!
//! [`api`] answers programs with JSON, [`console`] answers people with pages. Nothing in this crate
//! decides anything about a case: it translates a request into a call of `fengsui-service`, and the
//! answer back.

pub mod api;
pub mod app;
pub mod call;
pub mod console;
pub mod etag;
mod layers;
pub mod metrics;
pub mod page;
pub mod problem;
pub mod router;
pub mod serve;

pub use app::App;
pub use router::{openapi, router};
pub use serve::serve;
