-- What readers wrote that may be for the desk, and what they passed on to it by their own press. `reader` is sealed:
-- without the key it leads to nobody.
CREATE TABLE tip (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    reader TEXT NOT NULL,
    platform TEXT NOT NULL,
    text TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',          -- empty: the reader gave none
    at INTEGER NOT NULL,
    sent_at INTEGER,
    told_at INTEGER                         -- somebody of the desk was told
) STRICT;
CREATE INDEX tip_reader ON tip (reader, id);
CREATE INDEX tip_at ON tip (at);
CREATE INDEX tip_sent ON tip (sent_at);

CREATE TABLE tip_block (
    reader TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
