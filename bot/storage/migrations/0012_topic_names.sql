-- What the topic is to be called instead, since the article's headline changed; NULL: its name is right.
ALTER TABLE topic ADD COLUMN rename_to TEXT;
