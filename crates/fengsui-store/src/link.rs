//! One way to ask either engine: statements, values, rows, errors.
//!
//! A statement is written once, in the SQL that both engines read, its values numbered `?1`, `?2` or each a bare
//! `?`; [`Link::dialect`] picks between two texts where no one text serves both.

use std::borrow::Cow;
use std::collections::BTreeSet;

use fengsui_domain::change::Subject;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params_from_iter};

use crate::postgres::{Ask, Cell, Mark, Session, told};
use crate::{Result, StoreError};

/// A connection at work; copies share it.
#[derive(Clone, Copy)]
pub(crate) enum Link<'c> {
    /// To an SQLite database.
    Sqlite(&'c Connection),
    /// To a PostgreSQL server.
    Postgres(&'c Session),
}

/// A connection of one's own.
pub(crate) enum Connected {
    /// To an SQLite database.
    Sqlite(Connection),
    /// To a PostgreSQL server.
    Postgres(Box<Session>),
}

impl Connected {
    /// The connection, to work with.
    pub(crate) fn link(&self) -> Link<'_> {
        match self {
            Self::Sqlite(connection) => Link::Sqlite(connection),
            Self::Postgres(session) => Link::Postgres(session),
        }
    }
}

impl Connected {
    /// Whether the transaction of this number was kept, where a line to a server broke at its end.
    pub(crate) fn was_kept(&self, number: &str) -> Answer<bool> {
        match self {
            Self::Sqlite(_) => Ok(false),
            Self::Postgres(session) => session.was_kept(number),
        }
    }

    /// Whether it is of use still, as far as this side has heard.
    pub(crate) fn alive(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(session) => session.alive(),
        }
    }
}

impl From<Connection> for Connected {
    fn from(connection: Connection) -> Self {
        Self::Sqlite(connection)
    }
}

/// What an engine answers.
pub(crate) type Answer<T> = std::result::Result<T, DbError>;

/// What an engine's refusal means for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A value that no column holds: the asker's own fault.
    Own,
    /// No room is left.
    Full,
    /// Anything else that can pass by itself: a lock, a line, memory.
    Passing,
    /// What may have cost pages, so that nothing later could be trusted to be on disk.
    Lasting,
}

/// Why an engine refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DbError {
    /// SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL, or the line to it.
    #[error(transparent)]
    Postgres(#[from] tokio_postgres::Error),
    /// A server that does not answer.
    #[error("the server does not answer")]
    NoAnswer,
    /// A column holds something else than what is read from it.
    #[error("a column holds {found}, not {wanted}")]
    Column {
        /// What it holds.
        found: String,
        /// What is read from it.
        wanted: &'static str,
    },
    /// The system refused what a connection needs.
    #[error(transparent)]
    Io(std::io::Error),
}

/// A value bound to a statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value<'v> {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Cow<'v, str>),
    Bytes(Cow<'v, [u8]>),
    /// A number that no column holds; a statement it is bound to is refused.
    TooLarge,
}

impl Value<'_> {
    /// The same, kept for longer than what it was bound to.
    pub(crate) fn kept(&self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Text(text) => Value::Text(Cow::Owned(text.as_ref().to_owned())),
            Self::Bytes(bytes) => Value::Bytes(Cow::Owned(bytes.as_ref().to_owned())),
            Self::TooLarge => Value::TooLarge,
        }
    }
}

/// A number does not fit a column.
#[derive(Debug, thiserror::Error)]
#[error("a number is above 2^63 - 1, which no column holds")]
pub(crate) struct TooLarge;

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::link::Bind::bind(&$value)),*] as &[$crate::link::Value<'_>]
    };
}
pub(crate) use values;

/// A row of an answer.
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// [`DbError`] if the column holds something else.
    fn of(row: &Row<'_>, place: usize) -> Answer<Self>;
}

impl DbError {
    /// What it means for whoever asked.
    pub(crate) fn trouble(&self) -> Trouble {
        use rusqlite::ErrorCode;
        match self {
            Self::Sqlite(error) => match sqlite_code(error) {
                None
                | Some(
                    ErrorCode::ConstraintViolation
                    | ErrorCode::TypeMismatch
                    | ErrorCode::TooBig
                    | ErrorCode::ParameterOutOfRange,
                ) => Trouble::Own,
                Some(ErrorCode::DiskFull) => Trouble::Full,
                Some(
                    ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::OutOfMemory
                    | ErrorCode::CannotOpen,
                ) => Trouble::Passing,
                Some(_) => Trouble::Lasting,
            },
            Self::Postgres(error) => match error.code().map(tokio_postgres::error::SqlState::code) {
                // Not from the server: a value could not be written, or the line broke.
                None if error.is_closed()
                    || std::error::Error::source(error)
                        .is_some_and(<dyn std::error::Error>::is::<std::io::Error>) =>
                {
                    Trouble::Passing
                }
                None => Trouble::Own,
                Some("53100") => Trouble::Full,
                // Data damaged, or an error of the server's own.
                Some(state) if state.starts_with("XX") || state.starts_with("F0") => Trouble::Lasting,
                Some(state) if ["22", "23", "54"].iter().any(|class| state.starts_with(class)) => {
                    Trouble::Own
                }
                Some(_) => Trouble::Passing,
            },
            Self::Column { .. } => Trouble::Own,
            Self::NoAnswer | Self::Io(_) => Trouble::Passing,
        }
    }

    /// Whether the line to a server broke, or the server goes down or comes up: to ask anew may help.
    pub(crate) fn lost_the_line(&self) -> bool {
        match self {
            Self::Postgres(error) => match error.code().map(tokio_postgres::error::SqlState::code) {
                Some(state) => {
                    state.starts_with("08")
                        || matches!(state, "57P01" | "57P02" | "57P03" | "57P05" | "25P03")
                }
                None => {
                    error.is_closed()
                        || std::error::Error::source(error)
                            .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
                }
            },
            Self::NoAnswer => true,
            Self::Sqlite(_) | Self::Column { .. } | Self::Io(_) => false,
        }
    }

    /// Whether a row of the same key or unique value is already there.
    pub(crate) fn is_taken(&self) -> bool {
        match self {
            Self::Sqlite(error) => matches!(
                error.sqlite_extended_error_code(),
                Some(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
            ),
            Self::Postgres(error) => error.code() == Some(&tokio_postgres::error::SqlState::UNIQUE_VIOLATION),
            _ => false,
        }
    }
}

/// SQLite's code of an error, also of one in the SQL (a table that somebody removed).
pub(crate) fn sqlite_code(error: &rusqlite::Error) -> Option<rusqlite::ErrorCode> {
    match error {
        rusqlite::Error::SqlInputError { error, .. } => Some(error.code),
        other => other.sqlite_error_code(),
    }
}

impl Row<'_> {
    /// The bytes of a column; none if somebody put something else there.
    pub(crate) fn bytes(&self, place: usize) -> Answer<Vec<u8>> {
        match self {
            Self::Sqlite(row) => Ok(row.get_ref(place)?.as_blob().map_or(Vec::new(), <[u8]>::to_vec)),
            Self::Postgres(row) => Ok(match row.try_get(place)? {
                Cell::Bytes(bytes) => bytes.to_vec(),
                _ => Vec::new(),
            }),
        }
    }

    /// A column by its place.
    pub(crate) fn get<T: Column>(&self, place: usize) -> Answer<T> {
        T::of(self, place)
    }
}

impl Link<'_> {
    /// The one of two texts that this engine reads.
    pub(crate) fn dialect(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// Carries out a statement; returns how many rows it touched.
    pub(crate) fn run(self, sql: &str, values: &[Value<'_>]) -> Answer<usize> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.prepare_cached(sql)?.execute(params_from_iter(values))?)
            }
            Self::Postgres(session) => session.run(sql, values),
        }
    }

    /// The one row of a query, if there is one.
    pub(crate) fn ask<T>(
        self,
        sql: &str,
        values: &[Value<'_>],
        row: impl FnOnce(&Row<'_>) -> Answer<T>,
    ) -> Answer<Option<T>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let found =
                    statement.query_row(params_from_iter(values), |found| Ok(row(&Row::Sqlite(found))));
                found.optional()?.transpose()
            }
            Self::Postgres(session) => {
                let rows = session.query(sql, values)?;
                rows.first().map(|found| row(&Row::Postgres(found))).transpose()
            }
        }
    }

    /// All rows of a query.
    pub(crate) fn ask_all<T>(
        self,
        sql: &str,
        values: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> Answer<T>,
    ) -> Answer<Vec<T>> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let rows =
                    statement.query_map(params_from_iter(values), |found| Ok(row(&Row::Sqlite(found))))?;
                rows.map(|row| row?).collect()
            }
            Self::Postgres(session) => {
                session.query(sql, values)?.iter().map(|found| row(&Row::Postgres(found))).collect()
            }
        }
    }
}

/// A place in a transaction, to which it can go back.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// The engine knows it.
    Savepoint,
    /// Nothing since then was sent.
    Waiting(Mark),
}

/// A transaction; what is not committed is undone when it is dropped.
pub(crate) struct Transaction<'c> {
    link: Link<'c>,
    done: bool,
}

impl<'c> Link<'c> {
    /// Begins to write; nobody else writes until the end.
    pub(crate) fn write(self) -> Answer<Transaction<'c>> {
        match self {
            Self::Sqlite(_) => self.run("BEGIN IMMEDIATE", &[]).map(drop)?,
            Self::Postgres(session) => session.begin_to_write()?,
        }
        Ok(Transaction { link: self, done: false })
    }

    /// The same, for whoever knows what will be asked inside: on a server that is asked in the same round trip,
    /// and writes wait until the end of the transaction or the next question, so what one comes to is told there.
    pub(crate) fn write_asking(self, asks: &[Ask<'_>]) -> Answer<Transaction<'c>> {
        let Self::Postgres(session) = self else { return self.write() };
        // Made first: what was begun must be undone if a question fails.
        let transaction = Transaction { link: self, done: false };
        session.begin_with(asks)?;
        Ok(transaction)
    }

    /// Begins to read what stands at one moment.
    pub(crate) fn moment(self) -> Answer<Transaction<'c>> {
        match self {
            Self::Sqlite(_) => self.run("BEGIN", &[]).map(drop)?,
            Self::Postgres(session) => session.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?,
        }
        Ok(Transaction { link: self, done: false })
    }

    fn undo(self) -> Answer<()> {
        match self {
            Self::Sqlite(_) => self.run("ROLLBACK", &[]).map(drop),
            Self::Postgres(session) => session.undo(),
        }
    }

    /// Marks a place in the transaction under way.
    pub(crate) fn mark(self) -> Answer<Place> {
        match self {
            Self::Postgres(session) if let Some(mark) = session.mark() => return Ok(Place::Waiting(mark)),
            _ => self.run("SAVEPOINT one", &[])?,
        };
        Ok(Place::Savepoint)
    }

    /// Keeps what was written since.
    pub(crate) fn keep(self, place: Place) -> Answer<()> {
        match place {
            Place::Savepoint => self.run("RELEASE one", &[]).map(drop),
            Place::Waiting(_) => Ok(()),
        }
    }

    /// Takes back what was written since; says whether the transaction can go on.
    pub(crate) fn back_to(self, place: Place) -> Answer<bool> {
        match (place, self) {
            (Place::Waiting(mark), Self::Postgres(session)) => return Ok(session.back_to(mark)),
            // After some errors SQLite has rolled back by itself, and there is no savepoint any more.
            _ if !self.in_transaction() => return Ok(false),
            _ => self.run("ROLLBACK TO one", &[])?,
        };
        self.run("RELEASE one", &[]).map(|_| true)
    }

    /// Tells other processes on the same server what the transaction under way changes; they hear of it with its end.
    pub(crate) fn announce(self, subjects: &BTreeSet<Subject>) -> Answer<()> {
        match self {
            Self::Postgres(session) if !subjects.is_empty() => session.tell(&told(subjects)),
            _ => Ok(()),
        }
    }

    /// By which number the end of the transaction that was begun last can be asked for, where there is one.
    pub(crate) fn number(self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(session) => session.number(),
        }
    }

    /// Whether a transaction is under way: after some errors an engine has undone it by itself.
    pub(crate) fn in_transaction(self) -> bool {
        match self {
            Self::Sqlite(connection) => !connection.is_autocommit(),
            // It keeps one, failed or not, until the end; without one, to end it does nothing.
            Self::Postgres(session) => session.alive(),
        }
    }
}

impl Transaction<'_> {
    /// Keeps everything; returns once it is on disk.
    pub(crate) fn commit(mut self) -> Answer<()> {
        match self.link {
            Link::Sqlite(_) => self.link.run("COMMIT", &[]).map(drop)?,
            Link::Postgres(session) => session.commit()?,
        }
        self.done = true;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.done
            && self.link.in_transaction()
            && let Err(error) = self.link.undo()
        {
            tracing::warn!(%error, "a transaction could not be undone; its connection is of no use any more");
        }
    }
}

/// All rows of a query.
pub(crate) fn all<T>(
    link: Link<'_>,
    doing: &'static str,
    sql: &str,
    values: &[Value<'_>],
    row: impl FnMut(&Row<'_>) -> Answer<T>,
) -> Result<Vec<T>> {
    link.ask_all(sql, values, row).map_err(StoreError::database(doing))
}

/// The one row of a query, if there is one.
pub(crate) fn one<T>(
    link: Link<'_>,
    doing: &'static str,
    sql: &str,
    values: &[Value<'_>],
    row: impl FnOnce(&Row<'_>) -> Answer<T>,
) -> Result<Option<T>> {
    link.ask(sql, values, row).map_err(StoreError::database(doing))
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(value) => ValueRef::Integer((*value).into()),
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::TooLarge => return Err(rusqlite::Error::ToSqlConversionFailure(Box::new(TooLarge))),
        }))
    }
}

macro_rules! column {
    ($($kind:ty: $cell:pat => $read:expr;)+) => {
        $(impl Column for $kind {
            fn of(row: &Row<'_>, place: usize) -> Answer<Self> {
                <Option<Self>>::of(row, place)?.ok_or_else(|| DbError::Column { found: "nothing".into(), wanted: stringify!($kind) })
            }
        }
        impl Column for Option<$kind> {
            fn of(row: &Row<'_>, place: usize) -> Answer<Self> {
                let cell = match row {
                    Row::Sqlite(row) => return Ok(row.get(place)?),
                    Row::Postgres(row) => row.try_get(place)?,
                };
                let read = match cell {
                    Cell::Null => return Ok(None),
                    $cell => $read,
                    _ => None,
                };
                let odd = || DbError::Column { found: format!("{cell:?}"), wanted: stringify!($kind) };
                read.map(Some).ok_or_else(odd)
            }
        })+
    };
}

column! {
    bool: Cell::Integer(value) => Some(value != 0);
    i64: Cell::Integer(value) => Some(value);
    u64: Cell::Integer(value) => u64::try_from(value).ok();
    u32: Cell::Integer(value) => u32::try_from(value).ok();
    String: Cell::Text(text) => Some(text.to_owned());
    Vec<u8>: Cell::Bytes(bytes) => Some(bytes.to_vec());
}

/// What can be bound to a statement where it stands.
pub(crate) trait Bind {
    /// As a value, borrowed.
    fn bind(&self) -> Value<'_>;
}

macro_rules! integers {
    ($($kind:ty),+) => {
        $(impl From<$kind> for Value<'_> {
            fn from(value: $kind) -> Self {
                i64::try_from(value).map_or(Self::TooLarge, Self::Integer)
            }
        }
        impl Bind for $kind {
            fn bind(&self) -> Value<'_> {
                (*self).into()
            }
        })+
    };
}

integers!(u8, u16, u32, u64, usize, i64);

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl Bind for bool {
    fn bind(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl Bind for str {
    fn bind(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl Bind for String {
    fn bind(&self) -> Value<'_> {
        self.as_str().bind()
    }
}

impl Bind for Vec<u8> {
    fn bind(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::bind)
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}
