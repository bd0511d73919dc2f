-- What each member of the desk chose to hear, and when.
CREATE TABLE heed (
    member_id INTEGER PRIMARY KEY REFERENCES member (id),
    hours TEXT NOT NULL DEFAULT '',      -- of duty, like "mon-fri 08:00-16:00"; empty: the newsroom's
    muted_from INTEGER,
    muted_until INTEGER,
    wish TEXT NOT NULL DEFAULT 'mine',   -- mine, all, digest
    digest_at INTEGER                    -- when they are back next; 0: nobody has looked yet, NULL: never
) STRICT;
INSERT INTO heed (member_id, digest_at) SELECT id, 0 FROM member WHERE removed_at IS NULL;

-- Who was asked about an article.
CREATE TABLE asked (
    article_id INTEGER NOT NULL REFERENCES article (id),
    member_id INTEGER NOT NULL REFERENCES member (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (article_id, member_id)
) STRICT;

-- News that a member hears later than others: at an instant, or when they are back (NULL).
CREATE TABLE put_off (
    notice_id INTEGER NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    member_id INTEGER NOT NULL REFERENCES member (id),
    at INTEGER,
    PRIMARY KEY (notice_id, member_id)
) STRICT;
CREATE INDEX put_off_at ON put_off (at) WHERE at IS NOT NULL;
CREATE INDEX put_off_back ON put_off (member_id) WHERE at IS NULL;
