-- The desk's groups that have topics, as the latest message from there said.
CREATE TABLE forum (
    chat TEXT PRIMARY KEY              -- platform:id
) STRICT;

-- Each article's own topic there.
CREATE TABLE topic (
    chat TEXT NOT NULL,                -- platform:id
    article_id INTEGER NOT NULL REFERENCES article (id),
    thread INTEGER NOT NULL,           -- the platform's number of it
    PRIMARY KEY (chat, article_id)
) STRICT;
CREATE INDEX topic_thread ON topic (chat, thread);

ALTER TABLE reply ADD COLUMN thread INTEGER NOT NULL DEFAULT 0;  -- where it was asked for
ALTER TABLE reply ADD COLUMN about INTEGER;                      -- goes to the topic of this article
