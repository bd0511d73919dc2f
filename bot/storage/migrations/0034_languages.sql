-- Which articles a reader gets: those in this language, or `all`; empty: the reader has not chosen, and was not told that
-- only some come.
ALTER TABLE subscriber ADD COLUMN reads TEXT NOT NULL DEFAULT '';

-- Whose readers get it; empty: everybody's, as of all that was begun before.
ALTER TABLE dispatch ADD COLUMN language TEXT NOT NULL DEFAULT '';
-- Of the newsroom's first language: the other ones, with a space around each. Those who read one of them don't get it.
ALTER TABLE dispatch ADD COLUMN others TEXT NOT NULL DEFAULT '';
ALTER TABLE dispatch ADD COLUMN page_size INTEGER;  -- NULL: as long as the pages that it has
CREATE INDEX dispatch_language ON dispatch (language, created_at) WHERE language <> '';
