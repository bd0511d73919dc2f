-- What was put to the desk: to be approved before it goes out, or looked at after it went out with one person.
CREATE TABLE review (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- before after
    binding TEXT NOT NULL,             -- SHA-256 of content, outlets and time
    asked_by TEXT NOT NULL,            -- platform:id
    asked_at INTEGER NOT NULL,
    remind_at INTEGER,                 -- the desk is asked again; NULL: it was
    escalate_at INTEGER,               -- the owners are told; NULL: they were
    closed_at INTEGER,
    outcome TEXT                       -- published changed returned rejected cancelled held reviewed
) STRICT;
CREATE UNIQUE INDEX review_open ON review (article_id) WHERE closed_at IS NULL;

-- Never deleted: what does not count any more has `voided_at`.
CREATE TABLE approval (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    binding TEXT NOT NULL,
    member_id INTEGER NOT NULL REFERENCES member (id),
    address TEXT NOT NULL,             -- platform:id that the button was pressed from
    at INTEGER NOT NULL,
    ticks TEXT NOT NULL,               -- JSON list: what of the checklist was ticked
    voided_at INTEGER,
    why TEXT                           -- changed returned rejected cancelled removed role linked
) STRICT;
CREATE UNIQUE INDEX approval_once ON approval (article_id, binding, member_id) WHERE voided_at IS NULL;
CREATE INDEX approval_member ON approval (member_id) WHERE voided_at IS NULL;

-- Asked for changes, or rejected.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- changes reject
    member_id INTEGER NOT NULL REFERENCES member (id),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_article ON decision (article_id, id);

-- How far somebody is with a review.
CREATE TABLE reading (
    review_id INTEGER NOT NULL REFERENCES review (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    ticks TEXT NOT NULL DEFAULT '[]',  -- JSON list
    ask_again_at INTEGER,              -- "later" was pressed
    PRIMARY KEY (review_id, member_id)
) STRICT;

-- An article that goes out at `due_at` unless somebody stops it; then it is again what it was.
CREATE TABLE countdown (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    person TEXT NOT NULL,              -- platform:id of who publishes it
    chat TEXT NOT NULL,                -- platform:id of where they said so
    was TEXT NOT NULL,                 -- its state before
    was_due_at INTEGER,
    begun_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    tick_at INTEGER NOT NULL,          -- when the message that counts is redrawn next
    ended TEXT,                        -- published stopped held; the row goes when everybody was told
    ended_by TEXT                      -- who stopped it, as the desk calls them
) STRICT;

DROP INDEX article_due;
CREATE INDEX article_due ON article (due_at) WHERE state IN ('queued', 'counting');

-- Which message of ours shows what: to redraw it, and to know what somebody replies to.
CREATE TABLE shown (
    chat TEXT NOT NULL,                -- platform:id
    message_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    name TEXT NOT NULL,                -- a later screen of this name takes its place; empty: none does
    at INTEGER NOT NULL,
    PRIMARY KEY (chat, message_id)
) STRICT;
CREATE INDEX shown_name ON shown (chat, name) WHERE name <> '';
CREATE INDEX shown_at ON shown (at);

ALTER TABLE reply ADD COLUMN name TEXT NOT NULL DEFAULT '';
