-- Duty books of units under plans, and what was done, vouched for or changed. How a duty stands is stored nowhere.
CREATE TABLE duty_book (
    id        TEXT PRIMARY KEY,
    version   INTEGER NOT NULL,
    plan      TEXT NOT NULL,
    unit      TEXT NOT NULL,
    closed    INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    body      TEXT NOT NULL
);
CREATE INDEX duty_book_by_time ON duty_book (opened_at DESC, id DESC);
-- A unit has one book under a plan while it is kept.
CREATE UNIQUE INDEX duty_book_kept ON duty_book (plan, unit) WHERE closed = 0;
CREATE TABLE duty_record (
    id      TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    book    TEXT NOT NULL,
    duty    TEXT NOT NULL,
    done_at INTEGER NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX duty_record_by_time ON duty_record (book, done_at DESC, id DESC);
CREATE INDEX duty_record_by_duty ON duty_record (book, duty, done_at DESC, id DESC);
