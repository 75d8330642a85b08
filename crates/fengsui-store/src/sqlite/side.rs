//! Working data written with a commit.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

use super::append::run;
use super::read::one;
use crate::commit::{RequestKey, Side};
use crate::error::is_taken;
use crate::row::{IndicatorRow, Session};
use crate::{Result, StoreError};

/// How long an answer is kept for a repetition of its request: past a cut of 30 days, with room.
const REQUEST_KEY_LIFE: SignedDuration = SignedDuration::from_hours(40 * 24);
/// How long a used code is remembered: 20 steps of 30 seconds, far more than any code is accepted.
const TOTP_STEPS: i64 = 20;

/// Refuses a request that was carried out before.
pub(super) fn refuse_repeated(connection: &Connection, key: &RequestKey) -> Result<()> {
    let sql = "SELECT 1 FROM request_key WHERE actor = ?1 AND key = ?2";
    let known = one(connection, "look for a request key", sql, params![key.actor, key.key], |_| Ok(()))?;
    if known.is_some() { Err(StoreError::Repeated) } else { Ok(()) }
}

/// Writes working data of a commit that was accepted at `at`, and forgets what has run out.
pub(super) fn write_side(connection: &Connection, side: &Side, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    let doing = "write working data";
    let written = match side {
        Side::SecretPut { subject, kind, value } => run(
            connection,
            "INSERT INTO secret (subject, kind, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (subject, kind) DO UPDATE SET value = excluded.value",
            params![subject, kind, value],
        ),
        Side::SecretDrop { subject, kind } => {
            run(connection, "DELETE FROM secret WHERE subject = ?1 AND kind = ?2", params![subject, kind])
        }
        Side::SessionPut(session) => put_session(connection, session, now),
        Side::SessionSeen { hash } => {
            run(connection, "UPDATE session SET seen_at = ?2 WHERE hash = ?1", params![hash, now])
        }
        Side::SessionDrop { hash } => run(connection, "DELETE FROM session WHERE hash = ?1", params![hash]),
        Side::SessionDropAll { account } => {
            run(connection, "DELETE FROM session WHERE account = ?1", params![account])
        }
        Side::TotpUsed { account, step } => {
            let sql = "INSERT INTO totp_used (account, step) VALUES (?1, ?2)";
            run(connection, sql, params![account, step]).map_err(repeated)?;
            let oldest = step.saturating_sub(TOTP_STEPS);
            run(
                connection,
                "DELETE FROM totp_used WHERE account = ?1 AND step < ?2",
                params![account, oldest],
            )
        }
        Side::RequestKey { key: RequestKey { actor, key, fingerprint }, answer } => {
            let oldest = at.saturating_sub(REQUEST_KEY_LIFE).unwrap_or(Timestamp::MIN).as_microsecond();
            run(connection, "DELETE FROM request_key WHERE at < ?1", params![oldest])
                .map_err(StoreError::database(doing))?;
            let sql =
                "INSERT INTO request_key (actor, key, fingerprint, at, answer) VALUES (?1, ?2, ?3, ?4, ?5)";
            run(connection, sql, params![actor, key, fingerprint, now, answer]).map_err(repeated)?;
            Ok(())
        }
        Side::Indicators { list, rows } => write_indicators(connection, list, rows),
        Side::Sighting(row) => run(
            connection,
            "INSERT INTO sighting (rule, value, asset, window_at, count, first_at, last_at, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (rule, value, asset, window_at) DO UPDATE SET count = excluded.count,
                 first_at = excluded.first_at, last_at = excluded.last_at, event = excluded.event",
            params![
                row.rule,
                row.value,
                row.asset,
                row.window_at.as_microsecond(),
                row.count,
                row.first_at.as_microsecond(),
                row.last_at.as_microsecond(),
                row.event
            ],
        ),
        Side::Source(row) => run(
            connection,
            "INSERT INTO source (name, device, inode, offset, line, lines, rejected, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (name) DO UPDATE SET device = excluded.device, inode = excluded.inode,
                 offset = excluded.offset, line = excluded.line, lines = excluded.lines,
                 rejected = excluded.rejected, seen_at = excluded.seen_at",
            params![
                row.name,
                row.device.cast_signed(),
                row.inode.cast_signed(),
                row.offset,
                row.line,
                row.lines,
                row.rejected,
                row.seen_at.as_microsecond()
            ],
        ),
    };
    written.map_err(|source| match side {
        Side::SecretPut { kind, .. } if is_taken(&source) => {
            StoreError::Taken { what: format!("{kind} secret") }
        }
        _ => StoreError::database(doing)(source),
    })
}

/// What was used once cannot be used again.
fn repeated(source: rusqlite::Error) -> StoreError {
    if is_taken(&source) {
        StoreError::Repeated
    } else {
        StoreError::database("remember what was used")(source)
    }
}

fn put_session(connection: &Connection, session: &Session, now: i64) -> rusqlite::Result<()> {
    run(connection, "DELETE FROM session WHERE expires_at <= ?1", params![now])?;
    run(
        connection,
        "INSERT INTO session (hash, account, csrf, created_at, seen_at, expires_at, device)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            session.hash,
            session.account,
            session.csrf,
            session.created_at.as_microsecond(),
            session.seen_at.as_microsecond(),
            session.expires_at.as_microsecond(),
            session.device
        ],
    )
}

fn write_indicators(connection: &Connection, list: &str, rows: &[IndicatorRow]) -> rusqlite::Result<()> {
    run(connection, "DELETE FROM indicator WHERE list = ?1", params![list])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO indicator (list, n, kind, value, written, line, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (n, row) in rows.iter().enumerate() {
        insert.execute(params![list, n, row.kind, row.value, row.written, row.line, row.note])?;
    }
    Ok(())
}
