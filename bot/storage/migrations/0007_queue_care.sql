ALTER TABLE article ADD COLUMN not_before INTEGER;  -- due, but kept back until then by the gap between a channel's posts
ALTER TABLE article ADD COLUMN expires_at INTEGER;  -- from then on it is not published
