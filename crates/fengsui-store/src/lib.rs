//! The store: the ledger, the state folded from it, and the working data of a node. All SQL is here.
//!
//! One rule holds everything together: entries, the state they change and what belongs to the same
//! answer are written in one transaction ([`Store::commit`]), and an answer is given after its sync.
//! State is folded by [`fengsui_domain`] alone, so it can be folded again and compared (`verify`).
//! It has two homes, a file of SQLite and a database of a PostgreSQL server; nothing in the types of what is
//! stored says which.

mod append;
mod backup;
mod commit;
mod disk;
mod error;
mod fold;
mod head;
mod link;
mod moving;
mod postgres;
mod query;
mod read;
mod recent;
mod row;
mod search;
mod side;
mod sqlite;
mod store;
mod tally;
mod verify;
mod walk;
mod writer;

pub use backup::{Contents, Loader, RowSink, RowsAt, Table, begin_epoch, rows_out};
pub use commit::{Batch, Commit, Committed, RequestKey, Side};
pub use disk::{Disk, Fate, Rows};
pub use error::{StoreError, Unsafe};
pub use moving::{Moved, move_to_server};
pub use postgres::WRITER_LOCK;
pub use query::{
    Awaiting, Cursor, DutyBookFilter, DutyRecordFilter, EventFilter, EventRow, IncidentFilter, IncidentRow,
    MAX_PAGE, OpenClock, Page, ResourceFilter, SightingFilter, TimelineRow,
};
pub use row::{Answered, IndicatorRow, Session, SightingRow, SourceRow, Versioned};
pub use search::{Found, Hit, SearchField, Span};
pub use store::{NewEntryId, Store};
pub use verify::{Report, StateFinding, digest, indicators_digest, verify_folder, verify_server};

/// The outcome of every call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
