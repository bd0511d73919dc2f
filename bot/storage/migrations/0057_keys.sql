-- The buttons of a message that shows an article, and a keyboard that stays below a chat: what no longer stands is taken
-- from phones by these.
ALTER TABLE shown ADD COLUMN keys TEXT NOT NULL DEFAULT '';  -- JSON rows of label, id and address; empty: none
ALTER TABLE shown ADD COLUMN look TEXT NOT NULL DEFAULT '';  -- SHA-256 of what it says and offers; empty: unknown
CREATE INDEX shown_article ON shown (article_id, message_id) WHERE kind <> '' OR keys <> '';
CREATE INDEX shown_keys ON shown (article_id) WHERE keys <> '';

CREATE TABLE keyboard (
    chat TEXT PRIMARY KEY,             -- platform:id
    keys TEXT NOT NULL                 -- as in `shown`
) STRICT;
