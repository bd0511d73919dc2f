-- Pictures that came with an address: their bytes, while an article needs them.
CREATE TABLE picture (
    digest TEXT PRIMARY KEY,           -- SHA-256 of the content
    form TEXT NOT NULL,                -- jpg png gif webp
    size INTEGER NOT NULL,
    content BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_at ON picture (at);

-- What stood at an address when it was looked at last; digest NULL: no picture, for this reason.
CREATE TABLE picture_address (
    url TEXT PRIMARY KEY,
    digest TEXT,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_address_at ON picture_address (at);

CREATE TABLE picture_use (
    digest TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (digest, article_id)
) STRICT;

-- Under which name a bot's platform holds a picture that was uploaded once.
CREATE TABLE picture_file (
    digest TEXT NOT NULL,
    bot TEXT NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (digest, bot)
) STRICT;
