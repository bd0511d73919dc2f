-- The public record: an entry for each version that went out, and for all that became of it (docs/record.md).
CREATE TABLE record_entry (
    position INTEGER PRIMARY KEY,      -- from 0, without a gap
    article_id INTEGER NOT NULL,       -- 0: about ourselves
    version INTEGER NOT NULL,
    body TEXT NOT NULL                 -- what is public: canonical JSON
) STRICT;
CREATE INDEX record_entry_of ON record_entry (article_id, position);

-- Leaves on level 0; on level n the roots of 256 ** n entries each, once those are complete.
CREATE TABLE record_hash (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

-- The text that entries are bound to. Without its salt nobody can tell it from what stands in the record.
CREATE TABLE record_document (
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
) STRICT;

-- Sentences by a hash of their words, by which the verification page finds a version.
CREATE TABLE record_sentence (
    hash TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (hash, article_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_sentence_of ON record_sentence (article_id);

-- Entries that wait while the record is shorter than what was published of it, as after a restored backup.
CREATE TABLE record_waiting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
) STRICT;

-- One row. `published`: the size that was published, if it is not this one's beginning; 0: all is well.
CREATE TABLE record_head (
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    published INTEGER NOT NULL,
    since INTEGER NOT NULL             -- the audit log's last entry when the record began
) STRICT;
INSERT INTO record_head (size, at, published, since) SELECT 0, 0, 0, coalesce(max(id), 0) FROM audit;
