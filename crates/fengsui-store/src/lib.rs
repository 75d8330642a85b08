//! The store: the ledger, the state folded from it, and the working data of a node. All SQL is here.
//!
//! One rule holds everything together: entries, the state they change and what belongs to the same
//! answer are written in one transaction ([`Store::commit`]), and an answer is given after its sync.
//! State is folded by [`fengsui_domain`] alone, so it can be folded again and compared (`verify`).
//! Today there is one home, SQLite; nothing in the public types says so. PostgreSQL comes beside it.

mod commit;
mod error;
mod fold;
mod query;
mod row;
mod sqlite;
mod verify;

pub use commit::{Batch, Commit, Committed, RequestKey, Side};
pub use error::{StoreError, Unsafe};
pub use query::{
    Awaiting, Cursor, DutyBookFilter, DutyRecordFilter, EventFilter, EventRow, IncidentFilter, IncidentRow,
    MAX_PAGE, OpenClock, Page, ResourceFilter, SightingFilter, TimelineRow,
};
pub use row::{Answered, IndicatorRow, Session, SightingRow, SourceRow, Versioned};
pub use sqlite::{NewEntryId, Store};
pub use verify::{Report, StateFinding, digest, indicators_digest, verify_folder};

/// The outcome of every call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
