-- What stands between a stranger and a server. Many servers share a ladder, so answers point here.
CREATE TABLE auth (
    id           INTEGER PRIMARY KEY,
    posture      INTEGER NOT NULL,  -- 0 unknown, 1 open (A), 2 open list (B), 3 gated (C), 4 opaque (D), 5 paid (P)
    rungs        TEXT NOT NULL,     -- JSON array of [rung, "yes" | "no" | "not_reached", detail], in order
    metadata_url TEXT NOT NULL,     -- of the protected resource
    issuer       TEXT NOT NULL,     -- of the authorization server that got furthest
    key          BLOB NOT NULL UNIQUE  -- digest of the columns above
) STRICT;

ALTER TABLE answer ADD COLUMN auth_id INTEGER REFERENCES auth (id);  -- null: nobody looked
