-- The people of the desk. A member is never deleted: the record of who did what names them.
CREATE TABLE member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL,                -- owner editor reporter
    name TEXT NOT NULL,
    invited_by INTEGER REFERENCES member (id),   -- NULL: named in OWNERS
    since INTEGER NOT NULL,
    may_approve_from INTEGER,          -- NULL: need not wait
    pinned INTEGER NOT NULL DEFAULT 0, -- 1: named in OWNERS at the latest start
    removed_at INTEGER
) STRICT;

-- Only of members who are not removed.
CREATE TABLE identity (
    address TEXT PRIMARY KEY,          -- platform:id
    member_id INTEGER NOT NULL REFERENCES member (id)
) STRICT;
CREATE INDEX identity_member ON identity (member_id);

-- A one-time code: a seat at the desk for a new person (role), or a second address for a member (member_id).
CREATE TABLE invitation (
    code_sha256 TEXT PRIMARY KEY,
    role TEXT,
    member_id INTEGER REFERENCES member (id),
    made_by INTEGER NOT NULL REFERENCES member (id),
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    used_by TEXT,                      -- platform:id
    CHECK ((role IS NULL) <> (member_id IS NULL))
) STRICT;

-- Somebody asked for the end of the halt; a second person must agree.
CREATE TABLE resume_request (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    member_id INTEGER NOT NULL REFERENCES member (id),
    at INTEGER NOT NULL
) STRICT;

ALTER TABLE button ADD COLUMN member_id INTEGER;  -- the only one who may press it; NULL: whoever has the role
ALTER TABLE button ADD COLUMN used_by TEXT;       -- platform:id
