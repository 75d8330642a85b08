//! Reading accounts, tokens, sessions, indicators, sightings and sources; how all lists are read.

use fengsui_domain::account::{Account, Token};
use fengsui_domain::id::{AccountId, ListId, TokenId};
use fengsui_domain::node::{IndicatorList, Node};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::link::{Answer, Link, Row, Value, all, one, values};
use crate::query::{Cursor, MAX_PAGE, Page, SightingFilter};
use crate::row::{Answered, IndicatorRow, Session, SightingRow, SourceRow, Versioned};
use crate::store::Store;
use crate::{Result, StoreError};

mod case;
mod duty;
mod ledger;
mod resource;

/// A list query put together from fixed pieces of SQL; values are always bound, in order.
pub(crate) struct ListQuery {
    select: [&'static str; 2],
    conditions: String,
    values: Vec<Value<'static>>,
}

impl ListQuery {
    /// A query that begins so, without conditions.
    pub(crate) fn new(select: &'static str) -> Self {
        Self::in_both([select, select])
    }

    /// The same where the two engines need texts of their own: SQLite's and PostgreSQL's.
    pub(crate) fn in_both(select: [&'static str; 2]) -> Self {
        Self { select, conditions: String::new(), values: Vec::new() }
    }

    /// One more condition, with a `?` for each value.
    pub(crate) fn and<const N: usize>(&mut self, condition: &'static str, values: [Value<'static>; N]) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self.values.extend(values);
    }

    /// The rows of a page in this order, and one more if there is one.
    pub(crate) fn rows<T>(
        &self,
        link: Link<'_>,
        doing: &'static str,
        order: &'static str,
        limit: usize,
        row: impl FnMut(&Row<'_>) -> Answer<T>,
    ) -> Result<Vec<T>> {
        let [sqlite, postgres] = self.select;
        let sql = format!("{} WHERE TRUE{}{order} LIMIT ?", link.dialect(sqlite, postgres), self.conditions);
        let more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let mut values = self.values.clone();
        values.push(Value::Integer(more));
        all(link, doing, &sql, &values, row)
    }
}

/// A stored instant.
pub(crate) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

pub(crate) fn version_and_body(row: &Row<'_>) -> Answer<(u64, String)> {
    Ok((row.get(0)?, row.get(1)?))
}

pub(crate) fn decode<T: DeserializeOwned>(
    what: &str,
    (version, body): (u64, String),
) -> Result<Versioned<T>> {
    let value = serde_json::from_str(&body).map_err(StoreError::corrupt(what))?;
    Ok(Versioned { version, value })
}

fn subject<T: DeserializeOwned>(
    link: Link<'_>,
    what: &'static str,
    sql: &str,
    key: &str,
) -> Result<Option<Versioned<T>>> {
    one(link, what, sql, values![key], version_and_body)?.map(|row| decode(what, row)).transpose()
}

impl Store {
    /// The node.
    pub async fn node_get(&self) -> Result<Option<Versioned<Node>>> {
        self.read(|c| {
            subject(
                c,
                "read the node",
                "SELECT version, body FROM node WHERE CAST(\"only\" AS text) = ?1",
                "1",
            )
        })
        .await
    }

    /// An account by id.
    pub async fn account_get(&self, id: AccountId) -> Result<Option<Versioned<Account>>> {
        let sql = "SELECT version, body FROM account WHERE id = ?1";
        self.read(move |c| subject(c, "read an account", sql, &id.to_string())).await
    }

    /// An account by sign-in name.
    pub async fn account_by_name(&self, name: String) -> Result<Option<Versioned<Account>>> {
        let sql = "SELECT version, body FROM account WHERE name = ?1";
        self.read(move |c| subject(c, "read an account", sql, &name)).await
    }

    /// All accounts by name. Their number is that of the people on a team, so there are no pages.
    pub async fn account_list(&self) -> Result<Vec<Versioned<Account>>> {
        let sql = "SELECT version, body FROM account ORDER BY name, id";
        self.read(move |c| {
            let rows = all(c, "list accounts", sql, values![], version_and_body)?;
            rows.into_iter().map(|row| decode("an account", row)).collect()
        })
        .await
    }

    /// How many accounts there are and how many changes they had: two equal marks, the same accounts.
    pub async fn account_mark(&self) -> Result<(u64, u64)> {
        // No account is ever removed and each change counts up, so the sum never comes back.
        let sql = "SELECT count(*), CAST(coalesce(sum(version), 0) AS bigint) FROM account";
        let mark = self.read(move |c| {
            one(c, "read the mark of the accounts", sql, values![], |row| Ok((row.get(0)?, row.get(1)?)))
        });
        Ok(mark.await?.unwrap_or_default())
    }

    /// A token by id.
    pub async fn token_get(&self, id: TokenId) -> Result<Option<Versioned<Token>>> {
        let sql = "SELECT version, body FROM token WHERE id = ?1";
        self.read(move |c| subject(c, "read a token", sql, &id.to_string())).await
    }

    /// Tokens, newest first; of one account if given.
    pub async fn token_list(&self, account: Option<AccountId>) -> Result<Vec<Versioned<Token>>> {
        let sql = "SELECT version, body FROM token WHERE account = ?1 OR CAST(?1 AS text) IS NULL ORDER BY created_at DESC, id DESC";
        self.read(move |c| {
            let rows =
                all(c, "list tokens", sql, values![account.map(|id| id.to_string())], version_and_body)?;
            rows.into_iter().map(|row| decode("a token", row)).collect()
        })
        .await
    }

    /// All lists of indicators by name.
    pub async fn list_list(&self) -> Result<Vec<Versioned<IndicatorList>>> {
        self.read(|c| {
            let rows = all(
                c,
                "list indicator lists",
                "SELECT version, body FROM list ORDER BY name, id",
                values![],
                version_and_body,
            )?;
            rows.into_iter().map(|row| decode("an indicator list", row)).collect()
        })
        .await
    }

    /// Lists of indicators by name, page by page; only those in use or only retired ones, if given.
    pub async fn list_page(
        &self,
        active: Option<bool>,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Versioned<IndicatorList>>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new("SELECT version, body FROM list");
        if let Some(active) = active {
            query.and("active = ?", [active.into()]);
        }
        if let Some(Cursor { id, .. }) = after {
            // By its id, since a name may be longer than a cursor. Lists are never deleted or renamed.
            query.and("name > (SELECT name FROM list WHERE id = ?)", [id.into()]);
        }
        self.read(move |c| {
            let rows = query.rows(c, "list indicator lists", " ORDER BY name", limit, version_and_body)?;
            let lists = rows.into_iter().map(|row| decode("an indicator list", row));
            let lists: Vec<Versioned<IndicatorList>> = lists.collect::<Result<_>>()?;
            Ok(Page::of(lists, limit, |list| Cursor { at: 0, id: list.value.id.to_string() }))
        })
        .await
    }

    /// A list of indicators by id.
    pub async fn list_get(&self, id: ListId) -> Result<Option<Versioned<IndicatorList>>> {
        let sql = "SELECT version, body FROM list WHERE id = ?1";
        self.read(move |c| subject(c, "read an indicator list", sql, &id.to_string())).await
    }

    /// A list of indicators by name.
    pub async fn list_by_name(&self, name: String) -> Result<Option<Versioned<IndicatorList>>> {
        let sql = "SELECT version, body FROM list WHERE name = ?1";
        self.read(move |c| subject(c, "read an indicator list", sql, &name)).await
    }

    /// The indicators of a list, in order of its lines.
    pub async fn indicator_list(&self, list: String) -> Result<Vec<IndicatorRow>> {
        self.read(move |c| indicators(c, &list)).await
    }

    /// The stored form of a secret.
    pub async fn secret_get(&self, subject: String, kind: &'static str) -> Result<Option<String>> {
        let sql = "SELECT value FROM secret WHERE subject = ?1 AND kind = ?2";
        self.read(move |c| one(c, "read a secret", sql, values![subject, kind], |row| row.get(0))).await
    }

    /// Whose secret this stored form is.
    pub async fn secret_subject(&self, kind: &'static str, value: String) -> Result<Option<String>> {
        let sql = "SELECT subject FROM secret WHERE kind = ?1 AND value = ?2";
        self.read(move |c| one(c, "find a secret", sql, values![kind, value], |row| row.get(0))).await
    }

    /// A session by the hash of its cookie.
    pub async fn session_get(&self, hash: String) -> Result<Option<Session>> {
        let sql = "SELECT hash, account, csrf, created_at, seen_at, expires_at, device FROM session
                   WHERE hash = ?1";
        self.read(move |c| one(c, "read a session", sql, values![&hash], session)).await
    }

    /// Sessions of an account, the one used last first; at most [`MAX_PAGE`].
    pub async fn session_list(&self, account: AccountId) -> Result<Vec<Session>> {
        let sql = "SELECT hash, account, csrf, created_at, seen_at, expires_at, device FROM session
                   WHERE account = ?1 ORDER BY seen_at DESC, hash LIMIT ?2";
        self.read(move |c| all(c, "list sessions", sql, values![account.to_string(), MAX_PAGE], session))
            .await
    }

    /// The earlier answer to a request key.
    pub async fn request_key_get(&self, actor: String, key: String) -> Result<Option<Answered>> {
        let sql = "SELECT fingerprint, answer FROM request_key WHERE actor = ?1 AND key = ?2";
        self.read(move |c| {
            one(c, "read a request key", sql, values![actor, key], |row| {
                Ok(Answered { fingerprint: row.get(0)?, answer: row.get(1)? })
            })
        })
        .await
    }

    /// All log sources by name.
    pub async fn source_list(&self) -> Result<Vec<SourceRow>> {
        let sql = "SELECT name, device, inode, \"offset\", line, lines, rejected, seen_at FROM source ORDER BY name";
        self.read(move |c| {
            all(c, "list sources", sql, values![], |row| {
                Ok(SourceRow {
                    name: row.get(0)?,
                    device: row.get::<i64>(1)?.cast_unsigned(),
                    inode: row.get::<i64>(2)?.cast_unsigned(),
                    offset: row.get(3)?,
                    line: row.get(4)?,
                    lines: row.get(5)?,
                    rejected: row.get(6)?,
                    seen_at: instant(row.get(7)?),
                })
            })
        })
        .await
    }

    /// The sighting of a value at an asset in a window.
    pub async fn sighting_get(
        &self,
        rule: String,
        value: String,
        asset: String,
        window_at: Timestamp,
    ) -> Result<Option<SightingRow>> {
        let sql = "SELECT rule, value, asset, window_at, count, first_at, last_at, event FROM sighting
                   WHERE rule = ?1 AND value = ?2 AND asset = ?3 AND window_at = ?4";
        let window = window_at.as_microsecond();
        self.read(move |c| one(c, "read a sighting", sql, values![rule, value, asset, window], sighting))
            .await
    }

    /// The newest sighting of a value at an asset since an instant that was folded into an event.
    pub async fn sighting_recent(
        &self,
        rule: String,
        value: String,
        asset: String,
        since: Timestamp,
    ) -> Result<Option<SightingRow>> {
        let sql = "SELECT rule, value, asset, window_at, count, first_at, last_at, event FROM sighting
                   WHERE rule = ?1 AND value = ?2 AND asset = ?3 AND last_at >= ?4 AND event IS NOT NULL
                   ORDER BY window_at DESC LIMIT 1";
        let since = since.as_microsecond();
        self.read(move |c| one(c, "read a sighting", sql, values![rule, value, asset, since], sighting)).await
    }

    /// Sightings, latest first. One that goes on while pages are read moves to the front.
    pub async fn sighting_list(
        &self,
        filter: SightingFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SightingRow>> {
        let limit = limit.clamp(1, MAX_PAGE);
        let mut query = ListQuery::new(
            "SELECT rule, value, asset, window_at, count, first_at, last_at, event, rowid FROM sighting",
        );
        if let Some(value) = filter.value {
            query.and("value = ?", [value.into()]);
        }
        if let Some(asset) = filter.asset {
            query.and("asset = ?", [asset.into()]);
        }
        if let Some(Cursor { at, id }) = after {
            let row = id.parse().map_err(StoreError::corrupt("a cursor of sightings"))?;
            query.and("(last_at, rowid) < (?, ?)", [at.into(), Value::Integer(row)]);
        }
        self.read(move |c| {
            let order = " ORDER BY last_at DESC, rowid DESC";
            let numbered = |row: &Row<'_>| Ok((row.get(8)?, sighting(row)?));
            let rows: Vec<(i64, _)> = query.rows(c, "list sightings", order, limit, numbered)?;
            let page = Page::of(rows, limit, |(number, row)| Cursor {
                at: row.last_at.as_microsecond(),
                id: number.to_string(),
            });
            Ok(page.map(|(_, row)| row))
        })
        .await
    }
}

/// The indicators of a list, in order of its lines.
pub(crate) fn indicators(link: Link<'_>, list: &str) -> Result<Vec<IndicatorRow>> {
    let sql = "SELECT kind, value, written, line, note FROM indicator WHERE list = ?1 ORDER BY n";
    all(link, "read indicators", sql, values![list], |row| {
        Ok(IndicatorRow {
            kind: row.get(0)?,
            value: row.get(1)?,
            written: row.get(2)?,
            line: row.get(3)?,
            note: row.get(4)?,
        })
    })
}

fn session(row: &Row<'_>) -> Answer<Session> {
    Ok(Session {
        hash: row.get(0)?,
        account: row.get(1)?,
        csrf: row.get(2)?,
        created_at: instant(row.get(3)?),
        seen_at: instant(row.get(4)?),
        expires_at: instant(row.get(5)?),
        device: row.get(6)?,
    })
}

fn sighting(row: &Row<'_>) -> Answer<SightingRow> {
    Ok(SightingRow {
        rule: row.get(0)?,
        value: row.get(1)?,
        asset: row.get(2)?,
        window_at: instant(row.get(3)?),
        count: row.get(4)?,
        first_at: instant(row.get(5)?),
        last_at: instant(row.get(6)?),
        event: row.get(7)?,
    })
}
