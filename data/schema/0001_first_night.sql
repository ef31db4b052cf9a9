-- The first schema. Codes are integers with lookup tables, so that a download explains itself; times are seconds
-- since 1970 (UTC) unless the name says ms.

-- Lookup tables: filled by the program from its own tables at every opening for writing.
CREATE TABLE reason (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, class TEXT NOT NULL CHECK (length(class) = 1), label TEXT NOT NULL, mode TEXT NOT NULL) STRICT;
CREATE TABLE state (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, label TEXT NOT NULL) STRICT;
CREATE TABLE bucket (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, label TEXT NOT NULL) STRICT;

-- What the site says of itself: site_name, contact.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE registry (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    rank        INTEGER NOT NULL,
    name        TEXT NOT NULL,
    url         TEXT NOT NULL,
    licence     TEXT NOT NULL,
    rows        INTEGER NOT NULL DEFAULT 0,   -- of the last reading
    accepted    INTEGER NOT NULL DEFAULT 0,
    rejected    INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'exhausted', 'partial', 'failed')),
    problem     TEXT NOT NULL DEFAULT '',
    read_at     INTEGER,                      -- of the last good reading
    remotes     INTEGER NOT NULL DEFAULT 0,   -- of the last good reading
    stale       INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1))
) STRICT;

-- One unique remote. `slug` is its place on the site.
CREATE TABLE endpoint (
    id          INTEGER PRIMARY KEY,
    url         TEXT NOT NULL UNIQUE,         -- canonical
    slug        TEXT NOT NULL UNIQUE,
    probed_url  TEXT NOT NULL,                -- the listed spelling of the highest-ranking registry
    host        TEXT NOT NULL,
    site        TEXT NOT NULL,
    listed_as_sse INTEGER NOT NULL DEFAULT 0 CHECK (listed_as_sse IN (0, 1)),
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL
) STRICT;

-- One remote of one entry of one registry, with what the registry says of the entry. `endpoint_id` is null for
-- remotes that are never probed; `exclusion` says why.
CREATE TABLE listing (
    registry_id INTEGER NOT NULL REFERENCES registry (id),
    name        TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,             -- of the remote within the entry; 0 for an entry without one
    endpoint_id INTEGER REFERENCES endpoint (id),
    exclusion   TEXT NOT NULL DEFAULT 'none',
    version     TEXT NOT NULL DEFAULT '',
    title       TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    repository  TEXT NOT NULL DEFAULT '',
    website     TEXT NOT NULL DEFAULT '',
    status      TEXT NOT NULL DEFAULT '',
    listed_url  TEXT NOT NULL DEFAULT '',     -- empty where it held a secret
    transport   TEXT NOT NULL DEFAULT '',
    declared_auth INTEGER NOT NULL DEFAULT 0 CHECK (declared_auth IN (0, 1)),
    first_seen  INTEGER NOT NULL,
    last_seen   INTEGER NOT NULL,             -- of the newest good reading that held it
    PRIMARY KEY (registry_id, name, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_by_endpoint ON listing (endpoint_id) WHERE endpoint_id IS NOT NULL;

CREATE TABLE region (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, city TEXT NOT NULL, country TEXT NOT NULL) STRICT;

-- One pass over a frozen list. `at` is the nominal time; a date has at most one round.
CREATE TABLE round (
    id           INTEGER PRIMARY KEY,
    date         TEXT NOT NULL UNIQUE,
    at           INTEGER NOT NULL UNIQUE,
    tool_version TEXT NOT NULL,
    config_hash  TEXT NOT NULL,
    frozen       INTEGER NOT NULL,
    list_hash    TEXT NOT NULL,                -- SHA-256 of the frozen URLs, one a line
    state        TEXT NOT NULL CHECK (state IN ('frozen', 'probed', 'judged')),
    funnel       TEXT NOT NULL                 -- JSON object: step to count, in order
) STRICT;

CREATE TABLE frozen (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    PRIMARY KEY (round_id, endpoint_id)
) STRICT, WITHOUT ROWID;

-- The tools of a server, stored once by content: `full_hash` is the SHA-256 of the canonical JSON that `json`
-- holds, deflated (RFC 1950).
CREATE TABLE manifest (
    id            INTEGER PRIMARY KEY,
    full_hash     BLOB NOT NULL UNIQUE CHECK (length(full_hash) = 32),
    contract_hash BLOB NOT NULL CHECK (length(contract_hash) = 32),
    tool_count    INTEGER NOT NULL,
    json          BLOB NOT NULL
) STRICT;

-- What a server said, and how it was reached: most nights repeat the night before, so cells point here.
CREATE TABLE answer (
    id          INTEGER PRIMARY KEY,
    http_status INTEGER NOT NULL,
    era         INTEGER NOT NULL,
    transport   INTEGER NOT NULL,
    protocol    TEXT NOT NULL,
    server_name TEXT NOT NULL,
    server_version TEXT NOT NULL,
    capabilities TEXT NOT NULL,               -- space separated
    tool_count  INTEGER,
    manifest_id INTEGER REFERENCES manifest (id),
    final_url   TEXT NOT NULL,
    auth_challenge TEXT NOT NULL,
    detail      TEXT NOT NULL,
    warnings    TEXT NOT NULL,                -- codes, space separated
    key         BLOB NOT NULL UNIQUE          -- digest of the columns above
) STRICT;

CREATE TABLE path (
    id          INTEGER PRIMARY KEY,
    address     TEXT NOT NULL,
    cname       TEXT NOT NULL,
    tls_version TEXT NOT NULL,
    tls_issuer  TEXT NOT NULL,
    tls_not_after INTEGER,
    key         BLOB NOT NULL UNIQUE
) STRICT;

-- The outcome of one endpoint in one round from one region, after its retries.
CREATE TABLE cell (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    region_id   INTEGER NOT NULL REFERENCES region (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    reason_id   INTEGER NOT NULL REFERENCES reason (id),
    step        INTEGER NOT NULL,             -- 0 dns, 1 tcp, 2 tls, 3 http, 4 mcp, 5 tools: the last one begun
    tries       INTEGER NOT NULL,
    waited_ms   INTEGER NOT NULL,
    times       BLOB NOT NULL,                -- six little-endian base-128 numbers: ms of each step plus one, 0 = not taken
    answer_id   INTEGER REFERENCES answer (id),
    path_id     INTEGER REFERENCES path (id),
    PRIMARY KEY (round_id, region_id, endpoint_id)
) STRICT, WITHOUT ROWID;

-- What we sent and received for a cell that is not good: masked, capped, kept for a limited time.
CREATE TABLE transcript (
    round_id INTEGER NOT NULL, region_id INTEGER NOT NULL, endpoint_id INTEGER NOT NULL,
    text     BLOB NOT NULL,                   -- deflated (RFC 1950)
    PRIMARY KEY (round_id, region_id, endpoint_id)
) STRICT, WITHOUT ROWID;

-- One row an endpoint and round: the state of that night and the bucket of the window that ends with it.
CREATE TABLE verdict (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    state_id    INTEGER NOT NULL REFERENCES state (id),
    reason_id   INTEGER NOT NULL REFERENCES reason (id),  -- of the cell that decided
    bucket_id   INTEGER REFERENCES bucket (id),           -- null before the second round
    flags       INTEGER NOT NULL,
    valid       INTEGER NOT NULL CHECK (valid IN (0, 1)), -- measured that night
    good        INTEGER NOT NULL CHECK (good IN (0, 1)),  -- a good night for uptime
    streak      INTEGER NOT NULL,                         -- nights in a row with this state
    PRIMARY KEY (endpoint_id, round_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_by_round ON verdict (round_id);
