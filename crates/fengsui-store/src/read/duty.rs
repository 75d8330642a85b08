//! Reading duty books and their records.

use fengsui_domain::duty::{Book, Record};
use fengsui_domain::id::{BookId, RecordId};
use fengsui_domain::plan::RuleId;
use jiff::Timestamp;

use super::{ListQuery, decode, version_and_body};
use crate::link::{one, values};
use crate::query::{Cursor, DutyBookFilter, DutyRecordFilter, MAX_PAGE, Page};
use crate::row::Versioned;
use crate::store::Store;
use crate::{Result, StoreError};

/// Records that one look at a book reads at most: forty days of 20 daily duties, and 50 years of 80 others.
const MAX_LOOKED_AT: usize = 5_000;

impl Store {
    /// A duty book.
    pub async fn duty_book_get(&self, id: BookId) -> Result<Option<Versioned<Book>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM duty_book WHERE id = ?1";
            let row = one(c, "read a duty book", sql, values![id.to_string()], version_and_body)?;
            row.map(|row| decode("a duty book", row)).transpose()
        })
        .await
    }

    /// Duty books, newest first.
    pub async fn duty_book_list(
        &self,
        filter: DutyBookFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<Book>>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new("SELECT version, body FROM duty_book");
        if let Some(plan) = filter.plan {
            query.and("plan = ?", [plan.into()]);
        }
        if let Some(closed) = filter.closed {
            query.and("closed = ?", [closed.into()]);
        }
        if let Some(Cursor { at, id }) = after {
            query.and("(opened_at, id) < (?, ?)", [at.into(), id.into()]);
        }
        self.read(move |c| {
            let order = " ORDER BY opened_at DESC, id DESC";
            let rows = query.rows(c, "list duty books", order, limit, version_and_body)?;
            let rows = rows.into_iter().map(|row| decode("a duty book", row));
            let rows: Vec<Versioned<Book>> = rows.collect::<Result<_>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.value.opened_at.as_microsecond(),
                id: row.value.id.to_string(),
            }))
        })
        .await
    }

    /// A record of a standing duty.
    pub async fn duty_record_get(&self, id: RecordId) -> Result<Option<Versioned<Record>>> {
        self.read(move |c| {
            let sql = "SELECT version, body FROM duty_record WHERE id = ?1";
            let row = one(c, "read a duty record", sql, values![id.to_string()], version_and_body)?;
            row.map(|row| decode("a duty record", row)).transpose()
        })
        .await
    }

    /// Records of a book, the latest deed first.
    pub async fn duty_record_list(
        &self,
        book: BookId,
        filter: DutyRecordFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<Record>>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new("SELECT version, body FROM duty_record");
        query.and("book = ?", [book.to_string().into()]);
        if let Some(duty) = filter.duty {
            query.and("duty = ?", [duty.into()]);
        }
        if let Some(from) = filter.from {
            query.and("done_at >= ?", [from.as_microsecond().into()]);
        }
        if let Some(before) = filter.before {
            query.and("done_at < ?", [before.as_microsecond().into()]);
        }
        if let Some(Cursor { at, id }) = after {
            query.and("(done_at, id) < (?, ?)", [at.into(), id.into()]);
        }
        self.read(move |c| {
            let order = " ORDER BY done_at DESC, id DESC";
            let rows = query.rows(c, "list duty records", order, limit, version_and_body)?;
            let rows = rows.into_iter().map(|row| decode("a duty record", row));
            let rows: Vec<Versioned<Record>> = rows.collect::<Result<_>>()?;
            Ok(Page::of(rows, limit, |row| Cursor {
                at: row.value.at.as_microsecond(),
                id: row.value.id.to_string(),
            }))
        })
        .await
    }

    /// The records that say how a book stands: of these duties of a day those since an instant, of all others
    /// every one; at most 5,000, the latest.
    pub async fn duty_record_list_standing(
        &self,
        book: BookId,
        daily: Vec<RuleId>,
        since: Timestamp,
    ) -> Result<Vec<Record>> {
        self.read(move |c| {
            let daily: Vec<&str> = daily.iter().map(RuleId::as_str).collect();
            let daily = serde_json::to_string(&daily).map_err(StoreError::corrupt("ids of duties"))?;
            let mut query = ListQuery::new("SELECT body FROM duty_record");
            query.and("book = ?", [book.to_string().into()]);
            query.and(
                "(done_at >= ? OR duty NOT IN (SELECT value FROM json_each(?)))",
                [since.as_microsecond().into(), daily.into()],
            );
            let order = " ORDER BY done_at DESC, id DESC";
            let doing = "read the records of a duty book";
            let bodies = query.rows(c, doing, order, MAX_LOOKED_AT, |row| row.get::<String>(0))?;
            let read =
                |body: &String| serde_json::from_str(body).map_err(StoreError::corrupt("a duty record"));
            bodies.iter().map(read).collect()
        })
        .await
    }
}
