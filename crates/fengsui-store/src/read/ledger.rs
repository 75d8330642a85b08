//! Reading the ledger: checkpoint, tiles, entries, timelines.

use std::cell::RefCell;

use fengsui_ledger::tile::{TileId, TileReader};

use super::ListQuery;
use crate::head::{StoredTiles, checkpoint, size};
use crate::link::{Row, Value, all, values};
use crate::query::{Cursor, MAX_PAGE, Page, TimelineRow};
use crate::store::Store;
use crate::{Result, StoreError};

/// Entries read at once: one tile's worth.
const MAX_ENTRIES: u16 = 256;

impl Store {
    /// The signed checkpoint; `None` before the first entry.
    pub async fn ledger_checkpoint(&self) -> Result<Option<String>> {
        self.read(checkpoint).await
    }

    /// The hashes of a tile.
    pub async fn ledger_tile(&self, id: TileId) -> Result<Option<Vec<u8>>> {
        self.read(move |c| StoredTiles(c).tile(id).map_err(StoreError::database("read a tile"))).await
    }

    /// The bytes of up to 256 entries from `first` on, in order and without a gap.
    ///
    /// # Errors
    /// [`StoreError::Ledger`] if one is missing between others.
    pub async fn ledger_entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT idx, bytes FROM ledger_entry WHERE idx >= ?1 ORDER BY idx LIMIT ?2";
        self.read(move |c| {
            let Ok(from) = i64::try_from(first) else { return Ok(Vec::new()) };
            let row = |row: &Row<'_>| Ok((row.get::<u64>(0)?, row.get(1)?));
            let rows = all(c, "read entries", sql, values![from, count.min(MAX_ENTRIES)], row)?;
            let placed = (first..).zip(rows).map(|(expected, (index, bytes))| {
                let missing = || StoreError::Ledger { reason: format!("entry {expected} is missing") };
                if index == expected { Ok(bytes) } else { Err(missing()) }
            });
            placed.collect()
        })
        .await
    }

    /// Reads with all tiles of one moment at hand, for proofs.
    ///
    /// # Errors
    /// [`StoreError::Database`] if a tile could not be read, whatever the proof came to.
    pub async fn ledger_prove<T, F>(&self, prove: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&dyn Fn(TileId) -> Option<Vec<u8>>) -> T + Send + 'static,
    {
        self.read(move |c| {
            let doing = "read tiles for a proof";
            let _moment = c.moment().map_err(StoreError::database(doing))?;
            let tiles = StoredTiles(c);
            let failed = RefCell::new(None);
            let proof = prove(&|id| {
                tiles.tile(id).unwrap_or_else(|error| {
                    failed.borrow_mut().get_or_insert(error);
                    None
                })
            });
            failed.into_inner().map_or(Ok(proof), |error| Err(StoreError::database(doing)(error)))
        })
        .await
    }

    /// Entries of one subject (`kind/id`) or of all, newest first.
    pub async fn entry_list(
        &self,
        subject: Option<String>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page<TimelineRow>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new(
            "SELECT i.idx, i.kind, e.bytes FROM entry_index i JOIN ledger_entry e ON e.idx = i.idx",
        );
        if let Some(before) = before {
            query.and("i.idx < ?", [Value::Integer(i64::try_from(before).unwrap_or(i64::MAX))]);
        }
        // Inside a subject versions grow with the index, and its own index is in their order.
        let order = if subject.is_some() { " ORDER BY i.version DESC" } else { " ORDER BY i.idx DESC" };
        if let Some(subject) = subject {
            query.and("i.subject = ?", [subject.into()]);
        }
        self.read(move |c| {
            let rows = query.rows(c, "list entries", order, limit, |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<Vec<u8>>(2)?))
            })?;
            let rows = rows.into_iter().map(|(index, kind, bytes): (u64, String, Vec<u8>)| {
                let entry = serde_json::from_slice(&bytes);
                let entry = entry.map_err(StoreError::corrupt(format!("entry {index}")))?;
                Ok(TimelineRow { index, kind, entry })
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            Ok(Page::of(rows, limit, |row| Cursor { at: row.index.cast_signed(), id: String::new() }))
        })
        .await
    }

    /// How many entries the ledger has.
    pub async fn ledger_size(&self) -> Result<u64> {
        self.read(size).await
    }
}
