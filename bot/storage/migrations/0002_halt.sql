-- A row here: nothing leaves, on any platform, until somebody resumes.
CREATE TABLE halt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    person TEXT NOT NULL,              -- platform:id of who halted
    at INTEGER NOT NULL
) STRICT;

-- The dispatches of which something may leave now.
CREATE VIEW leaving AS SELECT * FROM dispatch WHERE NOT EXISTS (SELECT 1 FROM halt);
