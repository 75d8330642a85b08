//! One of several nodes on a database leads: it runs the timer.
//!
//! Whoever holds an advisory lock leads. The lock belongs to a connection of its own, so the server takes it back
//! with the connection: at once when the process is gone, within seconds when the machine is (`KEEPALIVES`).
//! Two that lead for a moment do no harm, since every act is bound to the version it was decided on.

use super::{Address, Session};
use crate::link::Value;
use crate::{Result, StoreError};

/// The advisory lock of whoever leads: any number that nothing else in the database uses.
const LEADER_LOCK: i64 = super::WRITER_LOCK + 1;
/// What the server is told about the line: seconds of silence until it asks, between two questions, and how many it
/// leaves unanswered.
const KEEPALIVES: &str =
    "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2";

/// Whether this process leads, as it was found last.
#[derive(Default)]
pub(crate) struct Lead {
    line: Option<Session>,
    held: bool,
}

impl Lead {
    /// Asks for the lead, or whether it is still held.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the server does not answer; nobody leads by that line any more then.
    pub(crate) fn ask(&mut self, address: &Address) -> Result<bool> {
        let found = self.found(address);
        if found.is_err() {
            *self = Self::default();
        }
        self.held = found?;
        Ok(self.held)
    }

    fn found(&mut self, address: &Address) -> Result<bool> {
        let doing = "ask who leads";
        if self.line.is_none() {
            let line = Session::connect(address)?;
            line.batch(KEEPALIVES).map_err(StoreError::database(doing))?;
            self.line = Some(line);
        }
        let line = self.line.as_ref().expect("it was connected");
        // A lock that is held is only asked about: to take it once more would count.
        let (sql, values) = if self.held {
            ("SELECT true", Vec::new())
        } else {
            ("SELECT pg_try_advisory_lock(?1)", vec![Value::Integer(LEADER_LOCK)])
        };
        let rows = line.query(sql, &values).map_err(StoreError::database(doing))?;
        rows[0].try_get(0).map_err(StoreError::database(doing))
    }
}
