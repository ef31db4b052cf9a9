-- Nightly and monthly records of each endpoint: what is kept for years.

-- The eight buckets of the audits that others published, in which a verdict can be read too.
CREATE TABLE published (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, label TEXT NOT NULL) STRICT;
INSERT INTO published VALUES
    (0, 'healthy_stable', 'healthy, stable schema'),
    (1, 'healthy_drifted', 'healthy, schema drift confirmed'),
    (2, 'regionally_degraded', 'regionally degraded'),
    (3, 'auth_walled', 'auth-walled'),
    (4, 'transport_dead', 'DNS or transport dead'),
    (5, 'mcp_dead', 'HTTP alive, MCP dead'),
    (6, 'schema_malformed', 'schema-malformed'),
    (7, 'credential_degraded', 'credentialed-probe degraded');
ALTER TABLE verdict ADD COLUMN published_id INTEGER REFERENCES published (id);  -- null where bucket_id is, and for unmeasured

-- What stays of a verdict and of its cells when both are gone. In the order in which it is written and read.
CREATE TABLE night (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    state_id    INTEGER NOT NULL REFERENCES state (id),   -- unknown: not measured that night
    reason_id   INTEGER NOT NULL REFERENCES reason (id),
    bucket_id   INTEGER REFERENCES bucket (id),
    flags       INTEGER NOT NULL,
    good        INTEGER NOT NULL CHECK (good IN (0, 1)),  -- a good night for uptime
    cells       BLOB NOT NULL,                            -- two bytes a region: class and time
    PRIMARY KEY (round_id, endpoint_id)
) STRICT, WITHOUT ROWID;
INSERT INTO night SELECT round_id, endpoint_id, state_id, reason_id, bucket_id, flags, good, x'' FROM verdict ORDER BY round_id, endpoint_id;

-- A calendar month of one endpoint, from its nights.
CREATE TABLE month (
    month       INTEGER NOT NULL,   -- 202611
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    measured    INTEGER NOT NULL,   -- nights
    good        INTEGER NOT NULL,   -- of them, for uptime
    up          INTEGER NOT NULL,
    degraded    INTEGER NOT NULL,
    down        INTEGER NOT NULL,
    gated       INTEGER NOT NULL,
    answers     INTEGER NOT NULL,   -- good cells, of all regions
    median_ms   INTEGER,            -- of them; null for fewer than five
    PRIMARY KEY (month, endpoint_id)
) STRICT, WITHOUT ROWID;

-- Turning points in the life of an endpoint, from which survival is computed. Only measured nights count.
CREATE TABLE life_event (
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    event       INTEGER NOT NULL CHECK (event IN (0, 1, 2)),  -- 0 first good night; 1 death, three nights without a good one; 2 revival, two good nights
    since_id    INTEGER NOT NULL REFERENCES round (id),       -- the first of those nights
    before_id   INTEGER REFERENCES round (id),                -- the last measured night before: it happened in between
    known_id    INTEGER NOT NULL REFERENCES round (id),       -- the last of those nights, which made it known
    PRIMARY KEY (endpoint_id, since_id, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX life_event_by_round ON life_event (known_id);

-- The round in which the old tools were back: such a change counts as unstable, not as drift.
ALTER TABLE drift ADD COLUMN taken_back_id INTEGER REFERENCES round (id);
