use tempfile::TempDir;

use super::*;

/// A fresh database and the folder it lives in.
fn fresh() -> (TempDir, PathBuf, Connection) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("test.db");
    create(&path).unwrap();
    let connection = connect(&path).unwrap();
    migrate(&connection, &path).unwrap();
    (folder, path, connection)
}

#[test]
fn a_setting_that_could_lose_something_is_named() {
    let (_folder, _, connection) = fresh();
    refuse_settings(&connection).unwrap();
    for (bad, good, message) in [
        ("synchronous = NORMAL", "synchronous = FULL", "synchronous = 1, {}; it must be 2"),
        ("synchronous = EXTRA", "synchronous = FULL", "synchronous = 3, {}; it must be 2"),
        ("foreign_keys = OFF", "foreign_keys = ON", "foreign_keys = 0, {}; it must be 1"),
        ("mmap_size = 65536", "mmap_size = 0", "mmap_size = 65536, {}; it must be 0"),
        ("journal_mode = DELETE", "journal_mode = WAL", "journal_mode = delete, {}; it must be wal"),
    ] {
        connection.execute_batch(&format!("PRAGMA {bad}")).unwrap();
        let message = message.replace("{}", "which can lose what was acknowledged");
        let error = refuse_settings(&connection).unwrap_err();
        assert_eq!(error.to_string(), format!("SQLite runs with {message}"));
        connection.execute_batch(&format!("PRAGMA {good}")).unwrap();
        refuse_settings(&connection).unwrap();
    }
}

#[test]
fn an_sqlite_with_the_wal_reset_bug_is_refused() {
    for (number, refused) in [(3_050_004, true), (3_051_002, true), (3_051_003, false), (4_000_000, false)] {
        assert_eq!(refuse_old_sqlite(number, "3.x").is_err(), refused, "{number}");
    }
    let error = refuse_old_sqlite(3_051_002, "3.51.2").unwrap_err();
    assert_eq!(error.to_string(), "SQLite 3.51.2 can corrupt the database; 3.51.3 or newer is needed");
    refuse_old_sqlite(rusqlite::version_number(), rusqlite::version()).unwrap();
}

#[test]
fn only_the_very_migrations_of_this_program_are_accepted() {
    let known = newest();
    let insert = format!("INSERT INTO migration VALUES ({}, '00')", known + 1);
    for (change, message) in [
        (
            "UPDATE migration SET sha256 = '00' WHERE number = 1",
            "migration 1 of `DB` was applied with other contents",
        ),
        (
            "UPDATE migration SET number = 99 WHERE number = 1",
            "migration 1 of `DB` was applied with other contents",
        ),
        (&insert, "`DB` has schema 7, this program knows up to 6: use a newer program"),
    ] {
        let (_folder, path, connection) = fresh();
        connection.execute_batch(change).unwrap();
        for error in
            [migrate(&connection, &path).unwrap_err(), refuse_other_schema(&connection, &path).unwrap_err()]
        {
            assert_eq!(error.to_string().replace(path.to_str().unwrap(), "DB"), message, "{change}");
        }
    }
}

#[test]
fn a_migration_that_fails_leaves_nothing() {
    let (_folder, path, connection) = fresh();
    // As if the first had never been applied: its tables are there, so it cannot be.
    connection.execute_batch("DELETE FROM migration; DROP INDEX clock_by_due").unwrap();
    let error = migrate(&connection, &path).unwrap_err();
    assert_eq!(error.to_string(), "cannot bring the schema up to date");
    assert!(connection.is_autocommit(), "no transaction is left open");
    assert_eq!(applied(&connection).unwrap(), []);
    let error = refuse_other_schema(&connection, &path).unwrap_err();
    assert!(matches!(error, StoreError::Older { found: 0, .. }), "{error}");
}

#[test]
fn a_database_of_any_earlier_version_becomes_the_newest() {
    let schema = |connection: &Connection| -> Vec<(String, Option<String>)> {
        let mut read = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        let rows = read.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let (_folder, _, newest) = fresh();
    for earlier in 1..MIGRATIONS.len() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test.db");
        create(&path).unwrap();
        let connection = connect(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)")
            .unwrap();
        for (number, script) in (1_i64..).zip(&MIGRATIONS[..earlier]) {
            connection.execute_batch(script).unwrap();
            let insert = "INSERT INTO migration (number, sha256) VALUES (?1, ?2)";
            connection.execute(insert, (number, checksum(script))).unwrap();
        }
        let row = "INSERT INTO sighting VALUES ('list', 'evil.example', 'web-01', 0, 3, 1, 2, NULL)";
        connection.execute_batch(row).unwrap();
        // What is left of a try that was killed is in nobody's way.
        let number = i64::try_from(earlier).unwrap();
        let draft = old(&path, number).with_extension(format!("draft-{}", std::process::id()));
        std::fs::write(&draft, "half a copy").unwrap();
        let before = schema(&connection);
        migrate(&connection, &path).unwrap();
        assert!(!draft.exists());
        let kept = Connection::open(old(&path, number)).unwrap();
        assert_eq!(schema(&kept), before, "the copy of version {earlier}");
        assert_eq!(kept.query_row("SELECT count FROM sighting", [], |row| row.get(0)), Ok(3));
        refuse_mode(&old(&path, number), 0o077, 0o600).unwrap();
        let plain = |(name, sql): (String, Option<String>)| {
            (name, sql.map(|sql| sql.split_whitespace().collect::<String>().replace("IFNOTEXISTS", "")))
        };
        let both = [&connection, &newest].map(|one| schema(one).into_iter().map(plain).collect::<Vec<_>>());
        assert_eq!(both[0], both[1], "from version {earlier}");
        let kept: u64 = connection.query_row("SELECT count FROM sighting", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 3, "from version {earlier}");
    }
}

#[test]
fn a_schema_is_not_changed_without_a_copy() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("test.db");
    create(&path).unwrap();
    let connection = connect(&path).unwrap();
    let table = "CREATE TABLE migration (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL)";
    connection.execute_batch(table).unwrap();
    connection.execute_batch(MIGRATIONS[0]).unwrap();
    let insert = "INSERT INTO migration (number, sha256) VALUES (1, ?1)";
    connection.execute(insert, [checksum(MIGRATIONS[0])]).unwrap();
    // Something that is no file stands where the copy would be.
    std::fs::create_dir(old(&path, 1)).unwrap();
    let error = migrate(&connection, &path).unwrap_err();
    assert!(matches!(error, StoreError::File { doing: "name", .. }), "{error}");
    assert_eq!(applied(&connection).unwrap().len(), 1);
    // None is made where there is nothing to change, or nothing yet.
    let (folder, path, connection) = fresh();
    migrate(&connection, &path).unwrap();
    let copies = std::fs::read_dir(folder.path()).unwrap().flatten();
    assert!(copies.into_iter().all(|file| !file.file_name().to_string_lossy().contains("schema-")));
}

#[test]
fn every_list_has_an_index_to_walk_along() {
    let (_folder, _, connection) = fresh();
    for (query, index) in [
        (
            "SELECT 1 FROM event WHERE TRUE AND state = ? AND (received_at, id) < (?, ?) ORDER BY received_at DESC, id DESC",
            "event_by_state",
        ),
        (
            "SELECT 1 FROM event WHERE TRUE AND (received_at, id) < (?, ?) ORDER BY received_at DESC, id DESC",
            "event_by_time",
        ),
        (
            "SELECT 1 FROM incident WHERE TRUE AND (opened_at, id) < (?, ?) ORDER BY opened_at DESC, id DESC",
            "incident_by_time",
        ),
        ("SELECT 1 FROM clock WHERE TRUE AND (due_at, id) > (?, ?) ORDER BY due_at, id", "clock_by_due"),
        (
            "SELECT 1 FROM sighting WHERE TRUE AND (last_at, rowid) < (?, ?) ORDER BY last_at DESC, rowid DESC",
            "sighting_by_time",
        ),
        (
            "SELECT 1 FROM sighting WHERE TRUE AND value = ? AND (last_at, rowid) < (?, ?) ORDER BY last_at DESC, rowid DESC",
            "sighting_by_value",
        ),
        (
            "SELECT 1 FROM sighting WHERE TRUE AND asset = ? AND (last_at, rowid) < (?, ?) ORDER BY last_at DESC, rowid DESC",
            "sighting_by_asset",
        ),
        (
            "SELECT 1 FROM list WHERE TRUE AND active = ? AND name > (SELECT name FROM list WHERE id = ?) ORDER BY name",
            "sqlite_autoindex_list_2",
        ),
        (
            "SELECT max(number) FROM event WHERE length(number) = ? AND number > ? AND number < ?",
            "event_by_number",
        ),
        (
            "SELECT 1 FROM entry_index WHERE TRUE AND idx < ? AND subject = ? ORDER BY version DESC",
            "sqlite_autoindex_entry_index_1",
        ),
    ] {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let parameters = vec![rusqlite::types::Null; plan.parameter_count()];
        let steps =
            plan.query_map(rusqlite::params_from_iter(parameters), |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let plan = steps.join("; ");
        assert!(plan.starts_with("SEARCH") && plan.contains(index), "{query}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{query} sorts: {plan}");
    }
}
