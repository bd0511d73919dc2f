-- The feeds of newsroom.toml: when each is asked next, and what came of the last time.
CREATE TABLE feed (
    key TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    good_at INTEGER,                        -- the last answer that could be read
    marks TEXT NOT NULL DEFAULT '{}',       -- headers of the next request, as JSON
    body TEXT NOT NULL DEFAULT '',          -- SHA-256 of the last answer
    failures INTEGER NOT NULL DEFAULT 0,    -- in a row
    reason TEXT NOT NULL DEFAULT '',        -- of the last one
    is_stopped INTEGER NOT NULL DEFAULT 0,
    seen INTEGER NOT NULL DEFAULT 0,
    drafted INTEGER NOT NULL DEFAULT 0
) STRICT;
-- The items of feeds that we know, and the draft that each became, if it did.
CREATE TABLE feed_item (
    item TEXT NOT NULL,                     -- its address, or its id where it has none
    feed TEXT NOT NULL,
    digest TEXT NOT NULL,                   -- of its words
    at INTEGER NOT NULL,
    article_id INTEGER,
    version INTEGER NOT NULL DEFAULT 0,     -- the latest that the feed wrote
    is_told INTEGER NOT NULL DEFAULT 0,     -- the desk heard that it changed at its source
    PRIMARY KEY (item, feed)
) STRICT;
CREATE INDEX feed_item_digest ON feed_item (digest);
CREATE INDEX feed_item_at ON feed_item (at);
