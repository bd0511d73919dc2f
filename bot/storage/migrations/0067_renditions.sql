-- What readers of an outlet saw of a version that went out: `full` is the article itself, the others are named for
-- their platform. Equal texts stand once. See bot/domain/genuine/rendition.py.
CREATE TABLE rendition (
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    outlet TEXT NOT NULL,
    text TEXT NOT NULL,
    furniture TEXT NOT NULL,           -- the newsroom's own lines around it, one on each line
    links TEXT NOT NULL,               -- the addresses in it, as compared, one on each line
    out_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, version, outlet)
) STRICT;

-- Fingerprints of those texts, by which a text that somebody sends is found: see bot/domain/genuine/grams.py.
CREATE TABLE gram (
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (hash, article_id)
) STRICT, WITHOUT ROWID;

-- Articles up to this number may have been published before there were renditions; 0: all of them have theirs.
CREATE TABLE unprinted (
    upto INTEGER NOT NULL
) STRICT;
INSERT INTO unprinted (upto) SELECT coalesce(max(id), 0) FROM article;

-- Who compared a text with ours, and the article it came from; 0: none. Never the text.
CREATE TABLE checked (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX checked_chat ON checked (chat, at);
CREATE INDEX checked_at ON checked (at);

CREATE INDEX dispatch_post ON dispatch (message_id) WHERE message_id > 0;
