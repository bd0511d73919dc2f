-- How kept pictures look, and which of them went out with which article: what readers' pictures are compared with.
-- See bot/domain/likeness.py.
CREATE TABLE picture_look (
    digest TEXT PRIMARY KEY,           -- SHA-256 of the content
    looks BLOB NOT NULL                -- of the whole and of likely cuts; empty: too little is to be seen
) STRICT;
CREATE TABLE picture_out (
    digest TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (digest, article_id)
) STRICT;
CREATE INDEX picture_out_at ON picture_out (at);
CREATE INDEX picture_out_article ON picture_out (article_id);

-- How a picture looks that a reader asks about, for an hour. The picture itself is not kept, nor who asked.
CREATE TABLE picture_asked (
    place TEXT PRIMARY KEY,
    looks BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_asked_at ON picture_asked (at);
