-- The schema as SQLite has it after its migration 0005; the two go on in pairs of the same number.
-- Applied migrations never change; see ARCHITECTURE.md, "Storage". Text sorts by its bytes, as SQLite sorts it.
-- Instants are microseconds since 1970-01-01T00:00:00Z, so that they sort and compare as numbers.

-- The record. Every column of every ledger_* table is covered by `fengsui ledger verify`.
CREATE TABLE ledger_entry (
    idx   bigint PRIMARY KEY CHECK (idx >= 0),
    bytes bytea NOT NULL
);
CREATE TABLE ledger_tile (
    level  bigint NOT NULL,
    idx    bigint NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE ledger_checkpoint (
    "only" bigint PRIMARY KEY CHECK ("only" = 1),
    note text COLLATE "C" NOT NULL
);

-- State folded from the record; `ledger verify` folds it anew and compares.
CREATE TABLE entry_index (
    idx     bigint PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    at      bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    actor   text COLLATE "C" NOT NULL,
    UNIQUE (subject, version)
);
CREATE TABLE node (
    "only"    bigint PRIMARY KEY CHECK ("only" = 1),
    version bigint NOT NULL,
    body    text COLLATE "C" NOT NULL
);
CREATE TABLE account (
    id      text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    name    text COLLATE "C" NOT NULL UNIQUE,
    active  smallint NOT NULL,
    body    text COLLATE "C" NOT NULL
);
CREATE TABLE token (
    id         text COLLATE "C" PRIMARY KEY,
    version    bigint NOT NULL,
    account    text COLLATE "C",
    created_at bigint NOT NULL,
    body       text COLLATE "C" NOT NULL
);
CREATE TABLE list (
    id      text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    name    text COLLATE "C" NOT NULL UNIQUE,
    active  smallint NOT NULL,
    body    text COLLATE "C" NOT NULL
);
CREATE TABLE event (
    id          text COLLATE "C" PRIMARY KEY,
    version     bigint NOT NULL,
    number      text COLLATE "C" NOT NULL UNIQUE,
    state       text COLLATE "C" NOT NULL,
    source      text COLLATE "C" NOT NULL,
    received_at bigint NOT NULL,
    title       text COLLATE "C" NOT NULL,
    body        text COLLATE "C" NOT NULL
);
CREATE INDEX event_by_number ON event (length(number), number);
CREATE INDEX event_by_time ON event (received_at DESC, id DESC);
CREATE INDEX event_by_state ON event (state, received_at DESC, id DESC);
CREATE TABLE incident (
    id          text COLLATE "C" PRIMARY KEY,
    version     bigint NOT NULL,
    number      text COLLATE "C" NOT NULL UNIQUE,
    phase       text COLLATE "C" NOT NULL,
    level       text COLLATE "C" NOT NULL,
    confirmed   smallint NOT NULL,
    title       text COLLATE "C" NOT NULL,
    unit        text COLLATE "C" NOT NULL,
    opened_at   bigint NOT NULL,
    parent      text COLLATE "C",
    plan        text COLLATE "C" NOT NULL,
    plan_digest text COLLATE "C" NOT NULL,
    body        text COLLATE "C" NOT NULL
);
CREATE INDEX incident_by_number ON incident (length(number), number);
CREATE INDEX incident_by_time ON incident (opened_at DESC, id DESC);
CREATE INDEX incident_by_phase ON incident (phase, opened_at DESC, id DESC);
CREATE INDEX incident_by_level ON incident (level, opened_at DESC, id DESC);
CREATE INDEX incident_by_parent ON incident (parent) WHERE parent IS NOT NULL;
-- Duties that are open: what the desk shows and the timer waits for.
CREATE TABLE clock (
    id       text COLLATE "C" PRIMARY KEY,
    incident text COLLATE "C" NOT NULL,
    of_body  text COLLATE "C" NOT NULL,
    due_at   bigint NOT NULL,
    wakes_at bigint,
    body     text COLLATE "C" NOT NULL
);
CREATE INDEX clock_by_due ON clock (due_at, id);
CREATE INDEX clock_by_body ON clock (of_body, due_at, id);
CREATE INDEX clock_by_wake ON clock (wakes_at, id) WHERE wakes_at IS NOT NULL;
CREATE INDEX clock_by_incident ON clock (incident);
-- What waits for somebody's decision.
CREATE TABLE awaiting (
    incident text COLLATE "C" NOT NULL,
    what     text COLLATE "C" NOT NULL,
    ref      text COLLATE "C" NOT NULL,
    since    bigint NOT NULL,
    PRIMARY KEY (incident, what, ref)
);
CREATE INDEX awaiting_by_time ON awaiting (since, incident, what, ref);

-- Secrets: never exported; the record binds each by the SHA-256 of its stored form.
CREATE TABLE secret (
    subject text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    value   text COLLATE "C" NOT NULL,
    PRIMARY KEY (subject, kind)
);
CREATE UNIQUE INDEX secret_by_value ON secret (kind, value);

-- Working data of this node: can be lost without losing the record.
CREATE TABLE session (
    hash       text COLLATE "C" PRIMARY KEY,
    account    text COLLATE "C" NOT NULL,
    csrf       text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    seen_at    bigint NOT NULL,
    expires_at bigint NOT NULL,
    device     text COLLATE "C" NOT NULL
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE TABLE request_key (
    actor       text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    at          bigint NOT NULL,
    answer      text COLLATE "C" NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX request_key_by_time ON request_key (at);
CREATE TABLE totp_used (
    account text COLLATE "C" NOT NULL,
    step    bigint NOT NULL,
    PRIMARY KEY (account, step)
);
CREATE TABLE indicator (
    list    text COLLATE "C" NOT NULL,
    n       bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    value   text COLLATE "C" NOT NULL,
    written text COLLATE "C" NOT NULL,
    line    bigint NOT NULL,
    note    text COLLATE "C" NOT NULL,
    PRIMARY KEY (list, n)
);
-- An index holds no text above 2,704 bytes, and a value may be longer: `key` is the SHA-256 of rule, value and asset.
CREATE TABLE sighting (
    rowid     bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key       bytea NOT NULL,
    rule      text COLLATE "C" NOT NULL,
    value     text COLLATE "C" NOT NULL,
    asset     text COLLATE "C" NOT NULL,
    window_at bigint NOT NULL,
    count     bigint NOT NULL,
    first_at  bigint NOT NULL,
    last_at   bigint NOT NULL,
    event     text COLLATE "C",
    PRIMARY KEY (key, window_at)
);
CREATE INDEX sighting_by_time ON sighting (last_at, rowid);
CREATE INDEX sighting_by_value ON sighting USING hash (value);
CREATE INDEX sighting_by_asset ON sighting USING hash (asset);
CREATE TABLE source (
    name     text COLLATE "C" PRIMARY KEY,
    device   bigint NOT NULL,
    inode    bigint NOT NULL,
    "offset" bigint NOT NULL,
    line     bigint NOT NULL,
    lines    bigint NOT NULL,
    rejected bigint NOT NULL,
    seen_at  bigint NOT NULL
);
-- The emergency database. `searched` is title, description, holder, model and keywords, folded; no contact is in it.
CREATE TABLE resource (
    id       text COLLATE "C" PRIMARY KEY,
    version  bigint NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    title    text COLLATE "C" NOT NULL,
    holder   text COLLATE "C" NOT NULL,
    standing text COLLATE "C" NOT NULL,
    retired  smallint NOT NULL,
    added_at bigint NOT NULL,
    searched text COLLATE "C" NOT NULL,
    body     text COLLATE "C" NOT NULL
);
CREATE INDEX resource_by_time ON resource (added_at DESC, id DESC);
CREATE INDEX resource_by_kind ON resource (kind, added_at DESC, id DESC);
CREATE INDEX resource_by_standing ON resource (retired, standing, added_at DESC, id DESC);
-- What an import goes by: the same kind, title and holder are the same resource.
CREATE INDEX resource_by_title ON resource (title, holder, kind) WHERE retired = 0;
CREATE TABLE resource_category (
    resource text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, category)
);
CREATE INDEX resource_category_by_name ON resource_category (category, resource);
CREATE TABLE resource_field (
    resource text COLLATE "C" NOT NULL,
    field    text COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, field)
);
CREATE INDEX resource_field_by_name ON resource_field (field, resource);
-- Duty books of units under plans, and what was done, vouched for or changed. How a duty stands is stored nowhere.
CREATE TABLE duty_book (
    id        text COLLATE "C" PRIMARY KEY,
    version   bigint NOT NULL,
    plan      text COLLATE "C" NOT NULL,
    unit      text COLLATE "C" NOT NULL,
    closed    smallint NOT NULL,
    opened_at bigint NOT NULL,
    body      text COLLATE "C" NOT NULL
);
CREATE INDEX duty_book_by_time ON duty_book (opened_at DESC, id DESC);
-- A unit has one book under a plan while it is kept.
CREATE UNIQUE INDEX duty_book_kept ON duty_book (plan, unit) WHERE closed = 0;
CREATE TABLE duty_record (
    id      text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    book    text COLLATE "C" NOT NULL,
    duty    text COLLATE "C" NOT NULL,
    done_at bigint NOT NULL,
    body    text COLLATE "C" NOT NULL
);
CREATE INDEX duty_record_by_time ON duty_record (book, done_at DESC, id DESC);
CREATE INDEX duty_record_by_duty ON duty_record (book, duty, done_at DESC, id DESC);
