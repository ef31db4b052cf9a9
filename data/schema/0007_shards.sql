-- Where cells came from: shards and merges. And what was done to the store as a whole.

-- What a shard knows of the nights that it does not hold.
CREATE TABLE remembered (
    endpoint_id INTEGER PRIMARY KEY REFERENCES endpoint (id),
    era         INTEGER NOT NULL,             -- as in answer, of the last good cell
    transport   INTEGER NOT NULL,
    asked       INTEGER NOT NULL,             -- number of the last round in which its turn came; 0: it never did
    contract_behind BLOB                      -- of the newest list behind the owner's login
) STRICT;

-- One line a deed. `hash` is the SHA-256 over the line before's hash, `at`, `what` and `detail`, each but the first
-- after a newline; the first line follows 32 zero bytes.
CREATE TABLE operator_log (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    what   TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash   BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER operator_log_is_not_changed BEFORE UPDATE ON operator_log BEGIN SELECT raise(ABORT, 'the operator log is only ever added to'); END;
CREATE TRIGGER operator_log_is_not_shortened BEFORE DELETE ON operator_log BEGIN SELECT raise(ABORT, 'the operator log is only ever added to'); END;

-- Rounds are numbered by their day (days since 1970): the same numbers in every store, in the order of time whatever
-- the order in which they came.
PRAGMA defer_foreign_keys = ON;
UPDATE frozen SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE cell SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE transcript SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE verdict SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE owner_check SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE drift SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE night SET round_id = (SELECT at / 86400 FROM round WHERE id = round_id);
UPDATE round SET id = at / 86400;

-- Keys of answers were digests over row numbers too. From now on they are over contents alone, so that stores can be
-- merged by them; what is there gets its content for a key.
UPDATE answer SET key = CAST(http_status || char(31) || era || char(31) || transport || char(31) || protocol || char(31) || server_name || char(31) ||
    server_version || char(31) || capabilities || char(31) || final_url || char(31) || auth_challenge || char(31) || detail || char(31) || warnings ||
    char(31) || coalesce(tool_count, '') || char(31) || coalesce((SELECT hex(full_hash) FROM manifest WHERE id = manifest_id), '') || char(31) ||
    coalesce((SELECT hex(key) FROM auth WHERE id = auth_id), '') AS BLOB);
