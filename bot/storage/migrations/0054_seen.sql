-- What a chat was shown whole of an article, so that a later question there tells only what is new.
CREATE TABLE seen (
    article_id INTEGER NOT NULL REFERENCES article (id),
    chat TEXT NOT NULL,                -- platform:id
    version INTEGER NOT NULL,
    due_at INTEGER,                    -- NULL: whenever an editor publishes it
    outlets TEXT NOT NULL,             -- JSON: where it was to go
    at INTEGER NOT NULL,
    PRIMARY KEY (article_id, chat)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
