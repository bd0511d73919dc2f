-- All instants are integer UTC milliseconds. Written for SQLite and PostgreSQL alike where the two agree.

CREATE TABLE article (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,               -- draft queued held published cancelled
    version INTEGER NOT NULL,
    due_at INTEGER,
    published_at INTEGER,
    author TEXT NOT NULL,              -- platform:id
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX article_due ON article (due_at) WHERE state = 'queued';

CREATE TABLE version (
    article_id INTEGER NOT NULL REFERENCES article (id),
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,             -- the article's canonical JSON
    author TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;

-- A number is never used again: ledger pages name readers by it and hold no chat ids.
CREATE TABLE subscriber (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,               -- active muted left gone
    strikes INTEGER NOT NULL DEFAULT 0,
    struck_at INTEGER,
    since INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (platform, chat)
) STRICT;
CREATE INDEX subscriber_active ON subscriber (platform, number) WHERE state = 'active';

CREATE TABLE dispatch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    platform TEXT NOT NULL,
    channel TEXT,                      -- the channel's key; NULL: the platform's readers
    state TEXT NOT NULL,               -- ready sending delivered in_doubt stopped (channel); running done stopped (readers)
    urgent INTEGER NOT NULL,
    silent INTEGER NOT NULL,
    plain INTEGER NOT NULL DEFAULT 0,  -- 1: the platform rejected the picture, the plainer form goes out
    policy TEXT NOT NULL,              -- hold resend: what happens to those in doubt
    audience INTEGER NOT NULL,         -- how many readers were counted in; 1 for a channel
    message_id INTEGER,
    link TEXT,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    FOREIGN KEY (article_id, version) REFERENCES version (article_id, number)
) STRICT;
CREATE INDEX dispatch_article ON dispatch (article_id);
CREATE INDEX dispatch_open ON dispatch (platform, not_before) WHERE state IN ('ready', 'sending', 'running', 'in_doubt');

CREATE TABLE page (
    dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
    number INTEGER NOT NULL,
    low INTEGER NOT NULL,              -- the subscriber number of position 0
    state TEXT NOT NULL,               -- waiting done
    not_before INTEGER NOT NULL,
    members BLOB NOT NULL,             -- one bit a position: counted in when the dispatch was made
    states BLOB NOT NULL,              -- two bits a position
    ids BLOB NOT NULL,                 -- message ids of the delivered, as deltas
    PRIMARY KEY (dispatch_id, number)
) STRICT;
CREATE INDEX page_waiting ON page (dispatch_id, not_before, number) WHERE state = 'waiting';

-- The few whose outcome is not "delivered".
CREATE TABLE exception (
    dispatch_id INTEGER NOT NULL REFERENCES dispatch (id),
    subscriber INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- in_doubt gone failed
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (dispatch_id, subscriber)
) STRICT;

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    done_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    UNIQUE (platform, key)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (id) WHERE done_at IS NULL;

-- What we owe somebody's chat: answers, cards, previews, news for the desk.
CREATE TABLE reply (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    body TEXT NOT NULL,                -- JSON of a screen or a preview
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    not_before INTEGER NOT NULL
) STRICT;

CREATE TABLE button (
    id TEXT PRIMARY KEY,
    action TEXT NOT NULL,
    args TEXT NOT NULL,                -- JSON
    chat TEXT NOT NULL,                -- platform:id of the one chat where it may be pressed
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE TABLE dialogue (
    person TEXT PRIMARY KEY,           -- platform:id
    step TEXT NOT NULL,
    data TEXT NOT NULL,                -- JSON
    due_at INTEGER,                    -- when a pasted text is taken to be complete
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dialogue_due ON dialogue (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE person (
    address TEXT PRIMARY KEY,          -- platform:id of somebody of the desk
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- News for the desk, to be put into each one's language. `key` keeps a trouble from being told twice while it lasts.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    at INTEGER NOT NULL,
    told_at INTEGER,
    over_at INTEGER
) STRICT;
CREATE UNIQUE INDEX notice_open ON notice (key) WHERE over_at IS NULL;
