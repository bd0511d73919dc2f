-- Addresses that somebody of the desk sent and whose pages are being fetched; a row goes when its answer is given.
CREATE TABLE lookup (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL,
    person TEXT NOT NULL,              -- platform:id
    chat TEXT NOT NULL,                -- platform:id
    thread INTEGER NOT NULL,
    said_at INTEGER NOT NULL
) STRICT;
