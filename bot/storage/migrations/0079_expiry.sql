-- When what is out of an article is to be changed, replaced or deleted because its time is over; empty: never, or done.
ALTER TABLE article ADD COLUMN ends_at INTEGER;
CREATE INDEX article_ends ON article (ends_at) WHERE ends_at IS NOT NULL;
