-- The language in which somebody was answered, and when they heard last what became of the article since.
ALTER TABLE checked ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE checked ADD COLUMN told_at INTEGER;
CREATE INDEX checked_article ON checked (article_id, chat);

-- Whoever compared a text with an article that was changed since, and is still to hear of that. `due_at` is empty while
-- a message would have to be paid for: it waits for their next word. See bot/domain/afterword.py.
CREATE TABLE afterword (
    chat TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    spoke_at INTEGER NOT NULL,
    due_at INTEGER,
    PRIMARY KEY (chat, article_id)
) STRICT;
CREATE INDEX afterword_due ON afterword (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX afterword_asked ON afterword (asked_at);
