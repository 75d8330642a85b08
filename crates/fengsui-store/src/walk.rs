//! Reading what is stored row by row, whatever somebody put there.

use rusqlite::types::{Value, ValueRef};

use crate::link::{Answer, DbError, Link};
use crate::postgres::{Cell, Session};

/// Rows fetched from a server at once.
const BATCH: usize = 500;

/// The rows of a statement, one after the other.
pub(crate) enum Walk<'s> {
    Sqlite(rusqlite::Rows<'s>),
    Postgres(Fetched<'s>),
}

/// Rows of a server's cursor.
pub(crate) struct Fetched<'s> {
    session: &'s Session,
    batch: std::vec::IntoIter<tokio_postgres::Row>,
    /// The last batch was fetched.
    last: bool,
}

/// Walks the rows of a statement inside the transaction under way.
pub(crate) fn walk<T, E: From<DbError>>(
    link: Link<'_>,
    sql: &str,
    through: impl FnOnce(&mut Walk<'_>) -> Result<T, E>,
) -> Result<T, E> {
    match link {
        Link::Sqlite(connection) => {
            let mut statement = connection.prepare(sql).map_err(DbError::from)?;
            let rows = statement.query([]).map_err(DbError::from)?;
            through(&mut Walk::Sqlite(rows))
        }
        Link::Postgres(session) => {
            let fetched = Fetched { session, batch: Vec::new().into_iter(), last: false };
            let walked = session.open_cursor(sql).map_err(E::from);
            let walked = walked.and_then(|()| through(&mut Walk::Postgres(fetched)));
            session.close_cursor()?;
            walked
        }
    }
}

impl Walk<'_> {
    /// The next row, this many columns of it.
    pub(crate) fn next(&mut self, width: usize) -> Answer<Option<Vec<Value>>> {
        match self {
            Self::Sqlite(rows) => {
                let Some(row) = rows.next()? else { return Ok(None) };
                (0..width).map(|place| Ok(owned(row.get_ref(place)?))).collect::<Answer<_>>().map(Some)
            }
            Self::Postgres(fetched) => {
                let Some(row) = fetched.next()? else { return Ok(None) };
                (0..width).map(|place| Ok(of_cell(row.try_get(place)?))).collect::<Answer<_>>().map(Some)
            }
        }
    }
}

impl Fetched<'_> {
    fn next(&mut self) -> Answer<Option<tokio_postgres::Row>> {
        if self.batch.len() == 0 && !self.last {
            let rows = self.session.fetch(BATCH)?;
            self.last = rows.len() < BATCH;
            self.batch = rows.into_iter();
        }
        Ok(self.batch.next())
    }
}

/// A column, whatever somebody put there. Text that is none counts as bytes.
fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Blob(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

fn of_cell(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(number),
        Cell::Text(text) => Value::Text(text.to_owned()),
        Cell::Bytes(bytes) => Value::Blob(bytes.to_vec()),
    }
}
