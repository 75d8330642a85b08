//! Many statements in one round trip: questions asked ahead, writes sent later.
//!
//! A group of commits costs two round trips, however many it holds: the first begins the transaction, waits for
//! the lock and brings everything that the decisions ask for; the second takes all writes and the end of the
//! transaction. What was asked ahead is used once, and only until the transaction's end: nobody else writes
//! while it lasts, and what the transaction itself writes is known to whoever wrote it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio_postgres::{Error, Row, Statement};

use crate::link::{Answer, Value};

use super::{Session, WRITER_LOCK, bound};

const NUMBER: &str = "SELECT CAST(pg_current_xact_id() AS text)";

/// A statement and its values.
pub(crate) type Ask<'v> = (&'v str, Vec<Value<'v>>);

/// A statement and its values, kept until it is sent.
type Kept = (String, Vec<Value<'static>>);

/// A statement under way, and the rows that it answers with.
type Sent<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + 'a>>;

/// Statements of the transaction under way that are ahead of it, or behind.
#[derive(Default)]
pub(super) struct Pipeline {
    /// Answers that nobody has asked for yet.
    ahead: RefCell<HashMap<Kept, Vec<Row>>>,
    /// Whether writes wait for the end.
    later: Cell<bool>,
    /// Writes that were not sent yet.
    waiting: RefCell<Vec<Kept>>,
    /// Counts how often they were sent, so that a mark among them is known to be of use no more.
    sent: Cell<u64>,
    /// The server's number of the transaction.
    number: RefCell<Option<String>>,
}

/// A place among writes that wait.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    waiting: usize,
    sent: u64,
}

impl Pipeline {
    /// Takes a write, if writes wait.
    pub(super) fn take(&self, sql: &str, values: &[Value<'_>]) -> bool {
        if self.later.get() {
            self.waiting.borrow_mut().push((sql.to_owned(), owned(values)));
        }
        self.later.get()
    }

    /// The answer to a question that was asked ahead.
    pub(super) fn answer(&self, sql: &str, values: &[Value<'_>]) -> Option<Vec<Row>> {
        let mut ahead = self.ahead.borrow_mut();
        if ahead.is_empty() { None } else { ahead.remove(&(sql.to_owned(), owned(values))) }
    }

    /// Forgets everything but the number: the transaction is over.
    pub(super) fn clear(&self) {
        self.ahead.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
        self.later.set(false);
    }
}

impl Session {
    /// Begins to write as soon as nobody else does, and asks what will be asked; from here on writes wait until
    /// the next question that was not asked ahead, or the end.
    ///
    /// # Errors
    /// Whatever one of the statements came to.
    pub(crate) fn begin_with(&self, asks: &[Ask<'_>]) -> Answer<()> {
        self.pipeline.clear();
        self.pipeline.number.take();
        let lock = self.prepared("SELECT pg_advisory_xact_lock(?1)")?;
        let number = self.prepared(NUMBER)?;
        let statements = asks.iter().map(|(sql, _)| self.prepared(sql)).collect::<Answer<Vec<_>>>()?;
        let key = [Value::Integer(WRITER_LOCK)];
        let mut sent = vec![self.sent("BEGIN"), self.asked(&lock, &key), self.asked(&number, &[])];
        sent.extend(
            asks.iter().zip(&statements).map(|((_, values), statement)| self.asked(statement, values)),
        );
        let mut answers = self.drive(in_order(sent))?.into_iter().skip(2);
        self.keep_number(&answers.next().unwrap_or_default())?;
        let kept = asks.iter().map(|(sql, values)| ((*sql).to_owned(), owned(values))).zip(answers);
        self.pipeline.ahead.borrow_mut().extend(kept);
        self.pipeline.later.set(true);
        Ok(())
    }

    /// Asks for the number of the transaction, by which its end can be asked for over another line.
    pub(super) fn ask_number(&self) -> Answer<()> {
        self.keep_number(&self.query(NUMBER, &[])?)
    }

    fn keep_number(&self, rows: &[Row]) -> Answer<()> {
        let number = rows.first().map(|row| row.try_get(0)).transpose()?;
        self.pipeline.number.replace(number);
        Ok(())
    }

    /// The number of the transaction that was begun last.
    pub(crate) fn number(&self) -> Option<String> {
        self.pipeline.number.borrow().clone()
    }

    /// Whether the transaction of this number was kept. Waits until it has ended, one way or the other.
    ///
    /// # Errors
    /// Whatever the server says, also where its transaction still stands when the wait is over.
    pub(crate) fn was_kept(&self, number: &str) -> Answer<bool> {
        self.begin_to_write()?;
        let rows = self.query(
            "SELECT pg_xact_status(CAST(CAST(?1 AS text) AS xid8)) = 'committed'",
            &[Value::Text(number.into())],
        );
        self.undo()?;
        Ok(rows?.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
    }

    /// The place among writes that wait; `None` where they are sent at once.
    pub(crate) fn mark(&self) -> Option<Mark> {
        let Pipeline { waiting, sent, .. } = &self.pipeline;
        self.pipeline.later.get().then(|| Mark { waiting: waiting.borrow().len(), sent: sent.get() })
    }

    /// Takes back what waits since a mark; says whether that was all there was to take back.
    pub(crate) fn back_to(&self, mark: Mark) -> bool {
        let whole = self.pipeline.sent.get() == mark.sent;
        if whole {
            self.pipeline.waiting.borrow_mut().truncate(mark.waiting);
        }
        whole
    }

    /// Sends the writes that wait, followed by `end`, in one round trip.
    ///
    /// # Errors
    /// That of the first that failed.
    pub(super) fn send(&self, end: Option<&str>) -> Answer<()> {
        let waiting = self.pipeline.waiting.take();
        self.pipeline.sent.update(|sent| sent + u64::from(!waiting.is_empty()));
        if waiting.is_empty() && end.is_none() {
            return Ok(());
        }
        let statements = waiting.iter().map(|(sql, _)| self.prepared(sql)).collect::<Answer<Vec<_>>>()?;
        let writes = waiting.iter().zip(&statements);
        let mut sent: Vec<Sent<'_>> =
            writes.map(|((_, values), statement)| self.asked(statement, values)).collect();
        // Refused by the server after a write that failed, so what that one came to is told.
        sent.extend(end.map(|end| self.sent(end)));
        self.drive(in_order(sent)).map(drop)
    }

    /// Statements without values, on their way once polled.
    fn sent<'a>(&'a self, sql: &'a str) -> Sent<'a> {
        Box::pin(async move { self.client.batch_execute(sql).await.map(|()| Vec::new()) })
    }

    /// A statement with values, on its way once polled.
    fn asked<'a>(&'a self, statement: &'a Statement, values: &'a [Value<'a>]) -> Sent<'a> {
        Box::pin(async move { self.client.query(statement, &bound(values)).await })
    }
}

/// Sends all of them, one behind the other, before the first answer is waited for.
///
/// # Errors
/// That of the first that failed.
async fn in_order(mut sent: Vec<Sent<'_>>) -> Result<Vec<Vec<Row>>, Error> {
    let early = poll_fn(|context| {
        Poll::Ready(sent.iter_mut().map(|sent| sent.as_mut().poll(context)).collect::<Vec<_>>())
    });
    let early = early.await;
    let mut answers = Vec::with_capacity(early.len());
    for (early, late) in early.into_iter().zip(sent) {
        answers.push(match early {
            Poll::Ready(answer) => answer?,
            Poll::Pending => late.await?,
        });
    }
    Ok(answers)
}

fn owned(values: &[Value<'_>]) -> Vec<Value<'static>> {
    values.iter().map(Value::kept).collect()
}
