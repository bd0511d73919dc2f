-- News for one chat at its time: a person's other app, unless they were heard `since`.
CREATE TABLE retelling (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat TEXT NOT NULL,                -- platform:id
    kind TEXT NOT NULL,                -- as in notice
    args TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    since INTEGER                      -- NULL: told whatever they say meanwhile
) STRICT;
CREATE INDEX retelling_due ON retelling (due_at);
