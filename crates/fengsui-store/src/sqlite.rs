//! SQLite: one file and its write-ahead log, opened to work with or to look at.

mod inspect;
pub(crate) mod open;

pub(crate) use inspect::Inspection;
pub(crate) use open::scratch;

/// Name of the database file in a data folder.
pub(crate) const FILE: &str = "fengsui.db";
