//! Changes: what an accepted command did, the one domain type that is also a stored format.
//!
//! Each change becomes one entry of the ledger and is kept for ever, so this format is versioned and
//! only grows: fields and variants may be added with defaults, never renamed, retyped or removed. The
//! files in `tests/golden/` hold one entry of every kind and must keep reading. (The design calls these
//! "events"; in the field's words an *event* is an occurrence on the desk, so here they are changes.)

use jiff::Timestamp;

use crate::account::{AccountChange, TokenChange};
use crate::actor::By;
use crate::duty::{BookChange, RecordChange};
use crate::event::EventChange;
use crate::id::{AccountId, BookId, EntryId, EventId, IncidentId, ListId, RecordId, ResourceId, TokenId};
use crate::incident::IncidentChange;
use crate::node::{ListChange, NodeChange};
use crate::resource::ResourceChange;

/// Version of the stored form written by this code; readers accept this one and all before it.
pub const FORMAT: u16 = 1;

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// Version of the stored form.
    pub format: u16,
    /// Its id, random, so that the hash of an entry says nothing about its content.
    pub id: EntryId,
    /// When it was accepted (UTC).
    pub at: Timestamp,
    /// By whom.
    pub by: By,
    /// The request it came from, as it stands in the logs.
    pub request: Option<String>,
    /// Its number in the stream of its subject, from 1.
    pub version: u64,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}

/// A subject and what happened to it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "subject", rename_all = "snake_case")]
pub enum Change {
    /// The node.
    Node {
        /// What happened.
        change: NodeChange,
    },
    /// A person's account.
    Account {
        /// Which one.
        of: AccountId,
        /// What happened.
        change: AccountChange,
    },
    /// An API token.
    Token {
        /// Which one.
        of: TokenId,
        /// What happened.
        change: TokenChange,
    },
    /// An event.
    Event {
        /// Which one.
        of: EventId,
        /// What happened.
        change: EventChange,
    },
    /// An incident.
    Incident {
        /// Which one.
        of: IncidentId,
        /// What happened.
        change: Box<IncidentChange>,
    },
    /// A list of indicators.
    List {
        /// Which one.
        of: ListId,
        /// What happened.
        change: ListChange,
    },
    /// A resource of the emergency database.
    Resource {
        /// Which one.
        of: ResourceId,
        /// What happened.
        change: ResourceChange,
    },
    /// A duty book.
    DutyBook {
        /// Which one.
        of: BookId,
        /// What happened.
        change: BookChange,
    },
    /// A record of a standing duty.
    DutyRecord {
        /// Which one.
        of: RecordId,
        /// What happened.
        change: RecordChange,
    },
}

/// The subject of a change: the stream its entries are numbered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The node.
    Node,
    /// A person's account.
    Account(AccountId),
    /// An API token.
    Token(TokenId),
    /// An event.
    Event(EventId),
    /// An incident.
    Incident(IncidentId),
    /// A list of indicators.
    List(ListId),
    /// A resource of the emergency database.
    Resource(ResourceId),
    /// A duty book.
    DutyBook(BookId),
    /// A record of a standing duty.
    DutyRecord(RecordId),
}

impl Change {
    /// Its subject.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Node { .. } => Subject::Node,
            Self::Account { of, .. } => Subject::Account(*of),
            Self::Token { of, .. } => Subject::Token(*of),
            Self::Event { of, .. } => Subject::Event(*of),
            Self::Incident { of, .. } => Subject::Incident(*of),
            Self::List { of, .. } => Subject::List(*of),
            Self::Resource { of, .. } => Subject::Resource(*of),
            Self::DutyBook { of, .. } => Subject::DutyBook(*of),
            Self::DutyRecord { of, .. } => Subject::DutyRecord(*of),
        }
    }
}

impl Subject {
    /// The stable name of its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Account(_) => "account",
            Self::Token(_) => "token",
            Self::Event(_) => "event",
            Self::Incident(_) => "incident",
            Self::List(_) => "list",
            Self::Resource(_) => "resource",
            Self::DutyBook(_) => "duty_book",
            Self::DutyRecord(_) => "duty_record",
        }
    }
}

impl std::fmt::Display for Subject {
    /// `kind` or `kind/id`, the stream's name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Node => f.write_str("node"),
            Self::Account(id) => write!(f, "account/{id}"),
            Self::Token(id) => write!(f, "token/{id}"),
            Self::Event(id) => write!(f, "event/{id}"),
            Self::Incident(id) => write!(f, "incident/{id}"),
            Self::List(id) => write!(f, "list/{id}"),
            Self::Resource(id) => write!(f, "resource/{id}"),
            Self::DutyBook(id) => write!(f, "duty_book/{id}"),
            Self::DutyRecord(id) => write!(f, "duty_record/{id}"),
        }
    }
}
