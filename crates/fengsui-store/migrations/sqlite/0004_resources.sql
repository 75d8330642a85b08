-- The emergency database. `searched` is title, description, holder, model and keywords, folded; no contact is in it.
CREATE TABLE resource (
    id       TEXT PRIMARY KEY,
    version  INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL,
    holder   TEXT NOT NULL,
    standing TEXT NOT NULL,
    retired  INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    searched TEXT NOT NULL,
    body     TEXT NOT NULL
);
CREATE INDEX resource_by_time ON resource (added_at DESC, id DESC);
CREATE INDEX resource_by_kind ON resource (kind, added_at DESC, id DESC);
CREATE INDEX resource_by_standing ON resource (retired, standing, added_at DESC, id DESC);
-- What an import goes by: the same kind, title and holder are the same resource.
CREATE INDEX resource_by_title ON resource (title, holder, kind) WHERE retired = 0;
CREATE TABLE resource_category (
    resource TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (resource, category)
);
CREATE INDEX resource_category_by_name ON resource_category (category, resource);
CREATE TABLE resource_field (
    resource TEXT NOT NULL,
    field    TEXT NOT NULL,
    PRIMARY KEY (resource, field)
);
CREATE INDEX resource_field_by_name ON resource_field (field, resource);
