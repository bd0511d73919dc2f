-- What the newsroom's own system is still to be told of, in the transaction of the act; and whether it wants that.
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article (id),
    version INTEGER NOT NULL,          -- 0: the version can't be read
    why TEXT NOT NULL,                 -- of a held article: what stands in its way
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    try_at INTEGER NOT NULL
) STRICT;
CREATE INDEX event_due ON event (try_at);

CREATE TABLE event_wish (
    since INTEGER NOT NULL             -- one row: events are wanted
) STRICT;
