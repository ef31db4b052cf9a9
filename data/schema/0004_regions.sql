-- What each region was worth in each round: its self-check.

-- One stretch of probing from one region: an interrupted round has several, and so has one in shards.
CREATE TABLE region_visit (
    round_id  INTEGER NOT NULL REFERENCES round (id),
    region_id INTEGER NOT NULL REFERENCES region (id),
    started   INTEGER NOT NULL,
    finished  INTEGER NOT NULL,
    egress    TEXT NOT NULL CHECK (egress IN ('direct', 'bind', 'socks5', 'http-connect')),
    PRIMARY KEY (round_id, region_id, started, finished)
) STRICT, WITHOUT ROWID;

-- One look at one of the operator's own endpoints with a known answer.
CREATE TABLE region_control (
    round_id  INTEGER NOT NULL REFERENCES round (id),
    region_id INTEGER NOT NULL REFERENCES region (id),
    url       TEXT NOT NULL,
    taken     INTEGER NOT NULL,
    expected  TEXT NOT NULL,                                -- a reason's code or a class's letter
    reason_id INTEGER NOT NULL REFERENCES reason (id),      -- what was seen
    passed    INTEGER NOT NULL CHECK (passed IN (0, 1)),
    PRIMARY KEY (round_id, region_id, url, taken)
) STRICT, WITHOUT ROWID;

-- What the self-check made of it, before any verdict. From the cells, the two tables above and the nights before:
-- written by judging, the same each time.
CREATE TABLE round_region (
    round_id  INTEGER NOT NULL REFERENCES round (id),
    region_id INTEGER NOT NULL REFERENCES region (id),
    started   INTEGER,                        -- of the first stretch; null where none is known
    finished  INTEGER,                        -- of the last
    cells     INTEGER NOT NULL,
    good      INTEGER NOT NULL,
    bad       INTEGER NOT NULL,
    ours      INTEGER NOT NULL,               -- our own network or proxy failed
    controls_ok    INTEGER NOT NULL,
    controls_total INTEGER NOT NULL,
    compared  INTEGER NOT NULL,               -- domains that answered elsewhere
    lone      INTEGER NOT NULL,               -- those of them that failed only here
    verdict   TEXT NOT NULL CHECK (verdict IN ('ok', 'down')),
    why       TEXT NOT NULL,                  -- in words; with ok, a note or empty
    PRIMARY KEY (round_id, region_id)
) STRICT, WITHOUT ROWID;
