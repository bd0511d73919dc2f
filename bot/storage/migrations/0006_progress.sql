-- The message in somebody's chat that shows how far an article's sending is. It goes when the sending ends.
CREATE TABLE progress (
    article_id INTEGER NOT NULL REFERENCES article (id),
    chat TEXT NOT NULL,                -- platform:id of somebody of the desk
    message_id INTEGER NOT NULL,       -- 0: told, and not to be edited
    PRIMARY KEY (article_id, chat)
) STRICT;
