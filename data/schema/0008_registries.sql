-- What registries said: validators, readings, histories, aliases.

-- Reading: what is remembered of a registry from one night to the next. -----------------------------------------------

ALTER TABLE registry ADD COLUMN whole_at INTEGER;                   -- of the last good reading that was not of changes only
ALTER TABLE registry ADD COLUMN made_with TEXT NOT NULL DEFAULT ''; -- digest of the program and settings that made the standing listing

-- When the registry says that the entry was published and changed, as it writes it.
ALTER TABLE listing ADD COLUMN published_at TEXT NOT NULL DEFAULT '';
ALTER TABLE listing ADD COLUMN updated_at TEXT NOT NULL DEFAULT '';
ALTER TABLE listing ADD COLUMN delisted_at INTEGER;                 -- of the good reading that no longer held it; null: listed
UPDATE listing SET delisted_at = (SELECT r.read_at FROM registry r WHERE r.id = registry_id)
    WHERE last_seen < (SELECT r.read_at FROM registry r WHERE r.id = registry_id);

-- What a server gave us to ask "has it changed?" with (RFC 9110 section 13), for the pages of the last good reading.
CREATE TABLE page_validator (
    registry_id   INTEGER NOT NULL REFERENCES registry (id),
    page          INTEGER NOT NULL,    -- from 1
    location      TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    PRIMARY KEY (registry_id, page)
) STRICT, WITHOUT ROWID;

-- One row a registry and night: how the reading went and what was made of it.
CREATE TABLE registry_reading (
    registry_id INTEGER NOT NULL REFERENCES registry (id),
    at          INTEGER NOT NULL,      -- nominal time
    kind        TEXT NOT NULL CHECK (kind IN ('whole', 'changes', 'unchanged')),
    outcome     TEXT NOT NULL CHECK (outcome IN ('exhausted', 'partial', 'failed')),
    used        INTEGER NOT NULL CHECK (used IN (0, 1)),  -- 0: the last good listing stayed in use
    pages       INTEGER NOT NULL,
    rows        INTEGER NOT NULL,      -- = listings + superseded + duplicates + rejected
    listings    INTEGER NOT NULL,
    superseded  INTEGER NOT NULL,
    duplicates  INTEGER NOT NULL,
    rejected    INTEGER NOT NULL,
    rejections  TEXT NOT NULL,         -- JSON object: why to count
    remotes     INTEGER NOT NULL,
    added       INTEGER NOT NULL DEFAULT 0,     -- remotes, against the listing before
    removed     INTEGER NOT NULL DEFAULT 0,
    problem     TEXT NOT NULL,
    PRIMARY KEY (registry_id, at)
) STRICT, WITHOUT ROWID;

-- When remotes went and came back; when they first came is listing.first_seen.
CREATE TABLE listing_event (
    registry_id INTEGER NOT NULL REFERENCES registry (id),
    at          INTEGER NOT NULL,
    name        TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    what        TEXT NOT NULL CHECK (what IN ('delisted', 'relisted')),
    PRIMARY KEY (registry_id, name, ordinal, at)
) STRICT, WITHOUT ROWID;

-- Identity: what endpoints are to one another, and what a night's list was made from. --------------------------------

ALTER TABLE endpoint ADD COLUMN platform TEXT NOT NULL DEFAULT '';  -- what outages are grouped by: "onrender.com"
ALTER TABLE endpoint ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;   -- bits, see docs/store.md

-- Endpoints that differ from another only by where a visitor came from ("?ref=..."): one of them is probed, the others
-- point to it. As of the newest list.
CREATE TABLE variant (
    endpoint_id INTEGER PRIMARY KEY REFERENCES endpoint (id),
    probed_id   INTEGER NOT NULL REFERENCES endpoint (id),
    CHECK (endpoint_id <> probed_id)
) STRICT;

-- Where an endpoint says that it has moved for good, round after round, on its own site.
CREATE TABLE alias (
    endpoint_id INTEGER PRIMARY KEY REFERENCES endpoint (id),
    url         TEXT NOT NULL,     -- canonical
    rounds      INTEGER NOT NULL,  -- in a row, the newest included
    seen_at     INTEGER NOT NULL   -- nominal time of the newest of them
) STRICT;

-- What was removed at its owner's request: its place on the site, so that a badge somebody shows does not break.
CREATE TABLE tombstone (slug TEXT PRIMARY KEY, removed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- How a round's list came about, by registry; the empty registry is all of them together.
CREATE TABLE book (
    round_id INTEGER NOT NULL REFERENCES round (id),
    registry TEXT NOT NULL,        -- code
    step     TEXT NOT NULL,        -- rows, ..., "excluded:<class>", "mark:<mark>", "listed:<times>"
    count    INTEGER NOT NULL,
    PRIMARY KEY (round_id, registry, step)
) STRICT, WITHOUT ROWID;

-- Eligible endpoints that two registries both list; a registry beside itself: those that are listed nowhere else.
CREATE TABLE overlap (
    round_id  INTEGER NOT NULL REFERENCES round (id),
    registry  TEXT NOT NULL,
    other     TEXT NOT NULL,
    endpoints INTEGER NOT NULL,
    PRIMARY KEY (round_id, registry, other)
) STRICT, WITHOUT ROWID;
