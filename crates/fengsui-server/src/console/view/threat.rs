//! Indicators, sightings, sources of logs, and the state of the node.

use askama::Template;

use super::event::SightingRow;
use super::form::{Form, Forms};
use super::parts::{Choice, Gate, Moment, Pager};
use super::shell::Shell;
use super::words::{Health, IndicatorKind};

/// `GET /indicators`.
#[derive(Template)]
#[template(path = "threat/indicators.html")]
pub struct IndicatorLists {
    /// The frame.
    pub shell: Shell,
    /// The lists.
    pub rows: Vec<ListRow>,
    /// Indicators in all.
    pub total: usize,
    /// May the reader import?
    pub import: Gate,
    /// Formats to choose from.
    pub formats: Vec<Choice>,
    /// Forms `import` (multipart: `name`, `format`, `file`, `text`) and `remove-ID` (`reason`).
    pub forms: Forms,
    /// Largest file, in words.
    pub limit: String,
}

/// An indicator list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many of which kind.
    pub kinds: Vec<(IndicatorKind, usize)>,
    /// When it was last imported.
    pub imported_at: Moment,
    /// By whom.
    pub by: String,
    /// May the reader remove it?
    pub remove: Gate,
}

/// After an import: what went in and what did not.
#[derive(Template)]
#[template(path = "threat/import.html")]
pub struct ImportResult {
    /// The frame.
    pub shell: Shell,
    /// The list.
    pub name: String,
    /// New ones.
    pub new: usize,
    /// Updated ones.
    pub updated: usize,
    /// Unchanged ones.
    pub unchanged: usize,
    /// Lines that were rejected, in all.
    pub rejected: usize,
    /// The first of them.
    pub rejects: Vec<Reject>,
}

/// A line that was rejected.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Its number.
    pub line: u64,
    /// What stood there, cut at a limit.
    pub value: String,
    /// The stable code of the reason, for whoever asks about it.
    pub code: &'static str,
    /// Why, and what would be right.
    pub reason: String,
}

/// `GET /sightings`.
#[derive(Template)]
#[template(path = "threat/sightings.html")]
pub struct SightingList {
    /// The frame.
    pub shell: Shell,
    /// Id `filter`, sent by GET: `kind`, `q`.
    pub form: Form,
    /// The sightings, newest first.
    pub rows: Vec<SightingRow>,
    /// Pages.
    pub pager: Pager,
}

/// `GET /sources`.
#[derive(Template)]
#[template(path = "threat/sources.html")]
pub struct SourceList {
    /// The frame.
    pub shell: Shell,
    /// What is read.
    pub rows: Vec<SourceRow>,
}

/// A source of logs.
#[derive(Clone, Debug)]
pub struct SourceRow {
    /// What is read: a path, a listening address.
    pub name: String,
    /// How: `file`, `syslog UDP`, `HTTP`.
    pub kind: String,
    /// Its state.
    pub state: Health,
    /// What is wrong, in words; may be empty.
    pub trouble: String,
    /// How far it was read, in words: `12.4 MB of 12.4 MB`; empty for a stream.
    pub offset: String,
    /// Lines read.
    pub lines: usize,
    /// Lines rejected.
    pub rejected: usize,
    /// When the last line came.
    pub last_line: Option<Moment>,
}

/// `GET /node`.
#[derive(Template)]
#[template(path = "threat/node.html")]
pub struct NodeStatus {
    /// The frame.
    pub shell: Shell,
    /// Version and build.
    pub version: String,
    /// When it was started.
    pub started_at: Moment,
    /// Its parts.
    pub parts: Vec<NodePart>,
    /// Counters: name and value, in words.
    pub counters: Vec<(String, String)>,
}

/// A part of the node.
#[derive(Clone, Debug)]
pub struct NodePart {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Health,
    /// More, in words.
    pub text: String,
}
