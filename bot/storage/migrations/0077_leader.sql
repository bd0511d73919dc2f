-- Whose flight recorder tells of what is reserved: each machine has a file of its own, and only that of the process
-- which worked on the database last knows anything about what it finds reserved.
CREATE TABLE leader (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    flight TEXT NOT NULL
) STRICT;
