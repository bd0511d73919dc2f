ALTER TABLE shown ADD COLUMN kind TEXT NOT NULL DEFAULT '';  -- card question editing; empty: something else

-- Articles whose cards on the desk's phones say who edits them, or are to be drawn anew.
CREATE TABLE edit_shown (
    article_id INTEGER PRIMARY KEY REFERENCES article (id),
    people TEXT NOT NULL DEFAULT '[]', -- JSON list of platform:id: whom the cards name
    until INTEGER,                     -- when the first of them is taken to have left it
    changed_by TEXT                    -- platform:id of who changed the article since
) STRICT;
