-- Keys with which the newsroom's own systems bring articles in; of each only the digest is kept.
CREATE TABLE system_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,       -- SHA-256 of the key
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    rate INTEGER NOT NULL,             -- calls a minute
    made_by INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- Calls that bring an article in under a name of the caller's own: the same call once more is given the same answer.
CREATE TABLE system_call (
    key_id INTEGER NOT NULL REFERENCES system_key (id),
    name TEXT NOT NULL,                -- Idempotency-Key
    asked TEXT NOT NULL,               -- SHA-256 of what was asked for
    article_id INTEGER NOT NULL REFERENCES article (id),
    etag TEXT NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (key_id, name)
) STRICT;
CREATE INDEX system_call_at ON system_call (at);
