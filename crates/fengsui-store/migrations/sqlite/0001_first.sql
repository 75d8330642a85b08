-- The first schema. Applied migrations never change; see ARCHITECTURE.md, "Storage".
-- Instants are microseconds since 1970-01-01T00:00:00Z, so that they sort and compare as numbers.

-- The record. Every column of every ledger_* table is covered by `fengsui ledger verify`.
CREATE TABLE ledger_entry (
    idx   INTEGER PRIMARY KEY CHECK (idx >= 0),
    bytes BLOB NOT NULL
);
CREATE TABLE ledger_tile (
    level  INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE ledger_checkpoint (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    note TEXT NOT NULL
);

-- State folded from the record; `ledger verify` folds it anew and compares.
CREATE TABLE entry_index (
    idx     INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    UNIQUE (subject, version)
);
CREATE TABLE node (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    body    TEXT NOT NULL
);
CREATE TABLE account (
    id      TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    active  INTEGER NOT NULL,
    body    TEXT NOT NULL
);
CREATE TABLE token (
    id         TEXT PRIMARY KEY,
    version    INTEGER NOT NULL,
    account    TEXT,
    created_at INTEGER NOT NULL,
    body       TEXT NOT NULL
);
CREATE TABLE list (
    id      TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    active  INTEGER NOT NULL,
    body    TEXT NOT NULL
);
CREATE TABLE event (
    id          TEXT PRIMARY KEY,
    version     INTEGER NOT NULL,
    number      TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL,
    source      TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    title       TEXT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX event_by_number ON event (length(number), number);
CREATE INDEX event_by_time ON event (received_at DESC, id DESC);
CREATE INDEX event_by_state ON event (state, received_at DESC, id DESC);
CREATE TABLE incident (
    id          TEXT PRIMARY KEY,
    version     INTEGER NOT NULL,
    number      TEXT NOT NULL UNIQUE,
    phase       TEXT NOT NULL,
    level       TEXT NOT NULL,
    confirmed   INTEGER NOT NULL,
    title       TEXT NOT NULL,
    unit        TEXT NOT NULL,
    opened_at   INTEGER NOT NULL,
    parent      TEXT,
    plan        TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX incident_by_number ON incident (length(number), number);
CREATE INDEX incident_by_time ON incident (opened_at DESC, id DESC);
CREATE INDEX incident_by_phase ON incident (phase, opened_at DESC, id DESC);
CREATE INDEX incident_by_level ON incident (level, opened_at DESC, id DESC);
CREATE INDEX incident_by_parent ON incident (parent) WHERE parent IS NOT NULL;
-- Duties that are open: what the desk shows and the timer waits for.
CREATE TABLE clock (
    id       TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    of_body  TEXT NOT NULL,
    due_at   INTEGER NOT NULL,
    wakes_at INTEGER,
    body     TEXT NOT NULL
);
CREATE INDEX clock_by_due ON clock (due_at, id);
CREATE INDEX clock_by_body ON clock (of_body, due_at, id);
CREATE INDEX clock_by_wake ON clock (wakes_at, id) WHERE wakes_at IS NOT NULL;
CREATE INDEX clock_by_incident ON clock (incident);
-- What waits for somebody's decision.
CREATE TABLE awaiting (
    incident TEXT NOT NULL,
    what     TEXT NOT NULL,
    ref      TEXT NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (incident, what, ref)
);
CREATE INDEX awaiting_by_time ON awaiting (since, incident, what, ref);

-- Secrets: never exported; the record binds each by the SHA-256 of its stored form.
CREATE TABLE secret (
    subject TEXT NOT NULL,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (subject, kind)
);
CREATE UNIQUE INDEX secret_by_value ON secret (kind, value);

-- Working data of this node: can be lost without losing the record.
CREATE TABLE session (
    hash       TEXT PRIMARY KEY,
    account    TEXT NOT NULL,
    csrf       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE TABLE request_key (
    actor       TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at          INTEGER NOT NULL,
    answer      TEXT NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX request_key_by_time ON request_key (at);
CREATE TABLE totp_used (
    account TEXT NOT NULL,
    step    INTEGER NOT NULL,
    PRIMARY KEY (account, step)
);
CREATE TABLE indicator (
    list    TEXT NOT NULL,
    n       INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    written TEXT NOT NULL,
    line    INTEGER NOT NULL,
    note    TEXT NOT NULL,
    PRIMARY KEY (list, n)
) WITHOUT ROWID;
CREATE TABLE sighting (
    rule      TEXT NOT NULL,
    value     TEXT NOT NULL,
    asset     TEXT NOT NULL,
    window_at INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    event     TEXT,
    PRIMARY KEY (rule, value, asset, window_at)
);
CREATE INDEX sighting_by_time ON sighting (last_at, rule, value, asset, window_at);
CREATE TABLE source (
    name     TEXT PRIMARY KEY,
    device   INTEGER NOT NULL,
    inode    INTEGER NOT NULL,
    offset   INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL
);
