//! Search: what was asked for, and what has it.

use askama::Template;

use super::form::Form;
use super::parts::{Moment, Pager};
use super::shell::Shell;
use super::words::SearchedField;

/// `GET /search`.
#[derive(Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// The frame.
    pub shell: Shell,
    /// Id `search`, sent by GET: `q`.
    pub form: Form,
    /// Something was asked for.
    pub asked: bool,
    /// What has it.
    pub rows: Vec<SearchRow>,
    /// Pages.
    pub pager: Pager,
}

/// An event or an incident that was found.
#[derive(Clone, Debug)]
pub struct SearchRow {
    /// The Fluent key of what it is.
    pub kind: &'static str,
    /// Its number.
    pub number: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The unit where it happened.
    pub unit: String,
    /// When it arrived or was opened.
    pub at: Moment,
    /// Which of its texts the passage is from.
    pub field: SearchedField,
    /// The passage: texts, and whether each was asked for.
    pub passage: Vec<(String, bool)>,
}
