-- How many events, incidents and open duties there are, kept with every change; `ledger verify` counts anew.
CREATE TABLE tally (
    list  text COLLATE "C" NOT NULL,
    part  text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (list, part)
);
INSERT INTO tally SELECT 'event.state', state, count(*) FROM event GROUP BY state;
INSERT INTO tally SELECT 'incident.phase', phase, count(*) FROM incident GROUP BY phase;
INSERT INTO tally SELECT 'incident.plan', plan, count(*) FROM incident GROUP BY plan;
INSERT INTO tally SELECT 'clock.open', '', count(*) FROM clock HAVING count(*) > 0;

-- Words of events and incidents, by the index of the subject's first entry. Made from the state and made anew
-- when the rule for words changes; no text is in it, and nothing of a reporter.
CREATE TABLE search (
    idx   bigint PRIMARY KEY,
    words tsvector NOT NULL
);
CREATE INDEX search_by_words ON search USING gin (words);
-- By which rule `search` was made.
CREATE TABLE search_rule (
    "only" bigint PRIMARY KEY CHECK ("only" = 1),
    rule   bigint NOT NULL
);
