//! The end of a transaction as a place where something can go wrong, for simulations.
//!
//! A store in memory has no disk that could fail. Whoever simulates one says at the end of each transaction what
//! becomes of it; everything before and after is the store as it always is.

use rusqlite::ffi;

use crate::link::{Answer, Connected, Transaction};

/// What becomes of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is kept.
    Kept,
    /// There is no room: it is undone, and a later one may be kept.
    Full,
    /// The sync fails. Whether it was kept shows after a restart, and nothing can be trusted before.
    Failed {
        /// It was.
        kept: bool,
    },
    /// The process dies before anybody is answered.
    Died {
        /// After it was kept.
        kept: bool,
    },
}

/// A simulated disk.
pub trait Disk: Send {
    /// What becomes of the transaction that ends now.
    fn end(&mut self) -> Fate;
}

/// The rows of a store in memory that ended, so that another can go on with them.
pub struct Rows(pub(crate) Connected);

/// Ends a transaction as this disk would; says whether the process died of it.
pub(crate) fn end(transaction: Transaction<'_>, disk: Option<&mut Box<dyn Disk>>) -> (Answer<()>, bool) {
    let fate = disk.map_or(Fate::Kept, |disk| disk.end());
    let (kept, code, died) = match fate {
        Fate::Kept => return (transaction.commit(), false),
        Fate::Full => (false, ffi::SQLITE_FULL, false),
        Fate::Failed { kept } => (kept, ffi::SQLITE_IOERR_FSYNC, false),
        Fate::Died { kept } => (kept, ffi::SQLITE_IOERR, true),
    };
    if kept && let Err(error) = transaction.commit() {
        return (Err(error), died);
    }
    (Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()), died)
}
