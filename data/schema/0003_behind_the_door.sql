-- What owners registered, and what became of it; and confirmed changes of tools.

-- One check of one night from one region, with the owner's leave: see owners.json.
CREATE TABLE owner_check (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    region_id   INTEGER NOT NULL REFERENCES region (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    reason_id   INTEGER NOT NULL REFERENCES reason (id),  -- ok, or what failed first
    credentialed INTEGER NOT NULL CHECK (credentialed IN (0, 1)),
    steps       TEXT NOT NULL,   -- JSON array of [step, "passed" | "failed" | "skipped", ms or null, detail]
    expires_at  INTEGER,         -- of the credential, where it is known
    contract_hash BLOB,          -- of the list behind the door; null without one
    health      TEXT NOT NULL,   -- JSON array of [component, state, reason]
    health_summary TEXT NOT NULL,
    note        TEXT NOT NULL,   -- the owner's public note
    PRIMARY KEY (round_id, region_id, endpoint_id)
) STRICT, WITHOUT ROWID;

-- A confirmed change of an endpoint's tool contract, seen first in this round.
CREATE TABLE drift (
    round_id    INTEGER NOT NULL REFERENCES round (id),
    endpoint_id INTEGER NOT NULL REFERENCES endpoint (id),
    before_id   INTEGER NOT NULL REFERENCES manifest (id),
    after_id    INTEGER NOT NULL REFERENCES manifest (id),
    grade       TEXT NOT NULL CHECK (grade IN ('breaking', 'additive', 'wording')),
    changes     BLOB NOT NULL,   -- JSON, deflated (RFC 1950): what changed, tool by tool
    PRIMARY KEY (endpoint_id, round_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drift_by_round ON drift (round_id);
