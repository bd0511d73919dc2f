-- The words of what was published, by which readers find it. A word is a stem: see bot/domain/finding.py.
CREATE TABLE findable (
    word TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    weight INTEGER NOT NULL,           -- 3 in the headline, 2 in the lead, 1 in the text
    PRIMARY KEY (word, article_id)
) STRICT, WITHOUT ROWID;

-- Articles up to this number may have been published before there was an index; 0: all of them are in it.
CREATE TABLE unfindable (
    upto INTEGER NOT NULL
) STRICT;
INSERT INTO unfindable (upto) SELECT coalesce(max(id), 0) FROM article;
