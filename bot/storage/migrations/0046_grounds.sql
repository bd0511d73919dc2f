-- What a reply rests on, how that stood when it was written, and the news that is told in its place once it has changed.
ALTER TABLE reply ADD COLUMN on_article INTEGER;
ALTER TABLE reply ADD COLUMN on_dispatch INTEGER;
ALTER TABLE reply ADD COLUMN on_notice INTEGER;
ALTER TABLE reply ADD COLUMN on_halt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reply ADD COLUMN stood TEXT NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN kind TEXT;
ALTER TABLE reply ADD COLUMN args TEXT;
