//! The schema on a server.

use crate::link::{Answer, Link, all, values};
use crate::sqlite::open::checksum;
use crate::{Result, StoreError};

use super::{Address, Session};

/// All migrations, oldest first, by number. Applied ones never change.
const MIGRATIONS: &[(i64, &str)] = &[
    (5, include_str!("../../migrations/postgres/0005_first.sql")),
    (7, include_str!("../../migrations/postgres/0007_scale.sql")),
];

/// Applies what is missing, all of it in one transaction, each migration with its checksum.
pub(super) fn migrate(session: &Session, address: &Address) -> Result<()> {
    let doing = "bring the schema up to date";
    let link = Link::Postgres(session);
    let transaction = link.write().map_err(StoreError::database(doing))?;
    let table = "CREATE TABLE IF NOT EXISTS migration (number bigint PRIMARY KEY, sha256 text NOT NULL)";
    session.batch(table).map_err(StoreError::database(doing))?;
    let missing = missing(link, address)?;
    let apply = |(number, script): (i64, &str)| -> Answer<()> {
        session.batch(script)?;
        let insert = "INSERT INTO migration (number, sha256) VALUES (?1, ?2)";
        link.run(insert, values![number, checksum(script)]).map(drop)
    };
    for migration in missing {
        apply(migration).map_err(StoreError::database(doing))?;
    }
    transaction.commit().map_err(StoreError::database(doing))
}

/// Refuses a schema that is not exactly this program's.
pub(super) fn refuse_other(session: &Session, address: &Address) -> Result<()> {
    let newest = MIGRATIONS.last().map_or(0, |(number, _)| *number);
    match missing(Link::Postgres(session), address)?.first() {
        None => Ok(()),
        Some((found, _)) => {
            Err(StoreError::Older { path: address.name().into(), found: found - 1, known: newest })
        }
    }
}

/// The migrations that were not applied yet.
fn missing(link: Link<'_>, address: &Address) -> Result<Vec<(i64, &'static str)>> {
    let sql = "SELECT number, sha256 FROM migration ORDER BY number";
    let row = |row: &crate::link::Row<'_>| Ok((row.get::<i64>(0)?, row.get::<String>(1)?));
    let applied = all(link, "read the schema's version", sql, values![], row)?;
    let path = || address.name().into();
    let mut known = MIGRATIONS.iter().copied();
    for (number, sha256) in applied {
        match known.next() {
            Some((expected, script)) if expected == number && checksum(script) == sha256 => {}
            Some((number, _)) => return Err(StoreError::MigrationChanged { path: path(), number }),
            None => {
                let newest = MIGRATIONS.last().map_or(0, |(number, _)| *number);
                return Err(StoreError::Newer { path: path(), found: number, known: newest });
            }
        }
    }
    Ok(known.collect())
}
