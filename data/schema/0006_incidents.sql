-- Incidents, shared outages and their members. An incident row is what it was when it was opened and never changes;
-- what became of it stands in incident_night. All of it is derived from cells and verdicts and can be made again.

-- What servers share, as far as the newest judged round knew: what outages are grouped by. Empty where not known.
CREATE TABLE endpoint_key (
    endpoint_id INTEGER PRIMARY KEY REFERENCES endpoint (id) ON DELETE CASCADE,
    platform    TEXT NOT NULL,   -- registrable domain of the host, by the ICANN section of the Public Suffix List
    cname       TEXT NOT NULL,   -- the same of the name that the host leads to, where it is another
    network     TEXT NOT NULL,   -- /24 or /48 of the address
    issuer      TEXT NOT NULL    -- of the certificate
) STRICT;
CREATE INDEX endpoint_key_by_platform ON endpoint_key (platform);

CREATE TABLE incident (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,      -- its place on the site: the date and what it is about
    kind        TEXT NOT NULL CHECK (kind IN ('shared', 'single', 'owner', 'drift', 'certificate', 'token')),
    key_kind    TEXT NOT NULL CHECK (key_kind IN ('none', 'platform', 'cname', 'network', 'issuer', 'error', 'everything')),
    key         TEXT NOT NULL,             -- what the members share; empty for one server
    endpoint_id INTEGER REFERENCES endpoint (id) ON DELETE CASCADE,  -- null: shared
    opened_id   INTEGER NOT NULL REFERENCES round (id),
    begun_id    INTEGER NOT NULL REFERENCES round (id),  -- the first bad round
    good_id     INTEGER REFERENCES round (id),           -- the newest before that in which it answered
    reason_id   INTEGER NOT NULL REFERENCES reason (id), -- the most frequent among its members
    detail      TEXT NOT NULL,             -- how the failure looked, without what differs from server to server
    at_risk     INTEGER NOT NULL,          -- shared: servers with the key that had answered before
    sites       INTEGER NOT NULL,          -- distinct, of the failures
    everybody   INTEGER NOT NULL,          -- all servers that had answered before
    new_failures INTEGER NOT NULL,         -- of all those
    global      INTEGER NOT NULL CHECK (global IN (0, 1)),  -- more than a tenth of everybody
    due_at      INTEGER                    -- of a notice: when what it warns of happens
) STRICT;
CREATE INDEX incident_by_endpoint ON incident (endpoint_id) WHERE endpoint_id IS NOT NULL;
CREATE INDEX incident_by_round ON incident (opened_id);

-- What a round changed of an incident: it holds until the next row.
CREATE TABLE incident_night (
    incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    round_id    INTEGER NOT NULL REFERENCES round (id),
    event       TEXT NOT NULL CHECK (event IN ('seen', 'opened', 'grew', 'changed', 'answered', 'again', 'closed', 'lasting', 'delisted')),
    state       TEXT NOT NULL CHECK (state IN ('open', 'watch', 'closed')),
    since_id    INTEGER NOT NULL REFERENCES round (id),  -- the round in which it came into that state
    severity    INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 4),
    confidence  TEXT NOT NULL CHECK (confidence IN ('none', 'possible', 'likely')),
    places      TEXT NOT NULL,             -- codes of the regions that saw it, spaces between; empty: all of them
    failing     INTEGER NOT NULL,
    answering   INTEGER NOT NULL,
    unmeasured  INTEGER NOT NULL,
    joined      INTEGER NOT NULL,          -- members that this round added: each a notice less
    PRIMARY KEY (incident_id, round_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_night_by_round ON incident_night (round_id);

-- The servers that a shared outage stands for.
CREATE TABLE incident_member (
    incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
    joined_id   INTEGER NOT NULL REFERENCES round (id),
    PRIMARY KEY (incident_id, endpoint_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_member_by_endpoint ON incident_member (endpoint_id);
