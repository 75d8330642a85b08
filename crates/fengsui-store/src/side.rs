//! Working data written with a commit.

use jiff::{SignedDuration, Timestamp};

use crate::append::run;
use crate::commit::{RequestKey, Side};
use crate::link::{Answer, DbError, Link, one, values};
use crate::postgres::Ask;
use crate::row::{IndicatorRow, Session};
use crate::{Result, StoreError};

/// How long an answer is kept for a repetition of its request: past a cut of 30 days, with room.
const REQUEST_KEY_LIFE: SignedDuration = SignedDuration::from_hours(40 * 24);
/// How long a used code is remembered: 20 steps of 30 seconds, far more than any code is accepted.
const TOTP_STEPS: i64 = 20;

/// What [`refuse_repeated`] asks.
pub(crate) fn ask_repeated(key: &RequestKey) -> Ask<'_> {
    ("SELECT 1 FROM request_key WHERE actor = ?1 AND key = ?2", values![key.actor, key.key].to_vec())
}

/// Refuses a request that was carried out before.
pub(crate) fn refuse_repeated(link: Link<'_>, key: &RequestKey) -> Result<()> {
    let (sql, values) = ask_repeated(key);
    let known = one(link, "look for a request key", sql, &values, |_| Ok(()))?;
    if known.is_some() { Err(StoreError::Repeated) } else { Ok(()) }
}

/// Writes working data of a commit that was accepted at `at`, and forgets what has run out.
pub(crate) fn write_side(link: Link<'_>, side: &Side, at: Timestamp) -> Result<()> {
    let now = at.as_microsecond();
    let doing = "write working data";
    let written = match side {
        Side::SecretPut { subject, kind, value } => run(
            link,
            "INSERT INTO secret (subject, kind, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (subject, kind) DO UPDATE SET value = excluded.value",
            values![subject, kind, value],
        ),
        Side::SecretDrop { subject, kind } => {
            run(link, "DELETE FROM secret WHERE subject = ?1 AND kind = ?2", values![subject, kind])
        }
        Side::SessionPut(session) => put_session(link, session, now),
        Side::SessionSeen { hash } => {
            run(link, "UPDATE session SET seen_at = ?2 WHERE hash = ?1", values![hash, now])
        }
        Side::SessionDrop { hash } => run(link, "DELETE FROM session WHERE hash = ?1", values![hash]),
        Side::SessionDropAll { account } => {
            run(link, "DELETE FROM session WHERE account = ?1", values![account])
        }
        Side::TotpUsed { account, step } => {
            let sql = "INSERT INTO totp_used (account, step) VALUES (?1, ?2)";
            run(link, sql, values![account, step]).map_err(repeated)?;
            let oldest = step.saturating_sub(TOTP_STEPS);
            run(link, "DELETE FROM totp_used WHERE account = ?1 AND step < ?2", values![account, oldest])
        }
        Side::RequestKey { key: RequestKey { actor, key, fingerprint }, answer } => {
            let oldest = at.saturating_sub(REQUEST_KEY_LIFE).unwrap_or(Timestamp::MIN).as_microsecond();
            run(link, "DELETE FROM request_key WHERE at < ?1", values![oldest])
                .map_err(StoreError::database(doing))?;
            let sql =
                "INSERT INTO request_key (actor, key, fingerprint, at, answer) VALUES (?1, ?2, ?3, ?4, ?5)";
            run(link, sql, values![actor, key, fingerprint, now, answer]).map_err(repeated)?;
            Ok(())
        }
        Side::Indicators { list, rows } => write_indicators(link, list, rows),
        Side::Sighting(row) => run(
            link,
            link.dialect(
                "INSERT INTO sighting (rule, value, asset, window_at, count, first_at, last_at, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (rule, value, asset, window_at) DO UPDATE SET count = excluded.count,
                     first_at = excluded.first_at, last_at = excluded.last_at, event = excluded.event",
                // Three digests in a row cannot be those of other three texts.
                "INSERT INTO sighting (rule, value, asset, window_at, count, first_at, last_at, event, key)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                     sha256(sha256(convert_to(?1, 'UTF8')) || sha256(convert_to(?2, 'UTF8'))
                            || sha256(convert_to(?3, 'UTF8'))))
                 ON CONFLICT (key, window_at) DO UPDATE SET count = excluded.count,
                     first_at = excluded.first_at, last_at = excluded.last_at, event = excluded.event",
            ),
            values![
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
            link,
            "INSERT INTO source (name, device, inode, \"offset\", line, lines, rejected, seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (name) DO UPDATE SET device = excluded.device, inode = excluded.inode,
                 \"offset\" = excluded.\"offset\", line = excluded.line, lines = excluded.lines,
                 rejected = excluded.rejected, seen_at = excluded.seen_at",
            values![
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
        Side::SecretPut { kind, .. } if source.is_taken() => {
            StoreError::Taken { what: format!("{kind} secret") }
        }
        _ => StoreError::database(doing)(source),
    })
}

/// What was used once cannot be used again.
fn repeated(source: DbError) -> StoreError {
    if source.is_taken() {
        StoreError::Repeated
    } else {
        StoreError::database("remember what was used")(source)
    }
}

fn put_session(link: Link<'_>, session: &Session, now: i64) -> Answer<()> {
    run(link, "DELETE FROM session WHERE expires_at <= ?1", values![now])?;
    run(
        link,
        "INSERT INTO session (hash, account, csrf, created_at, seen_at, expires_at, device)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        values![
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

fn write_indicators(link: Link<'_>, list: &str, rows: &[IndicatorRow]) -> Answer<()> {
    run(link, "DELETE FROM indicator WHERE list = ?1", values![list])?;
    let insert = "INSERT INTO indicator (list, n, kind, value, written, line, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    for (n, row) in rows.iter().enumerate() {
        let IndicatorRow { kind, value, written, line, note } = row;
        run(link, insert, values![list, n, kind, value, written, *line, note])?;
    }
    Ok(())
}
