-- Wrong one-time codes of the last hour, by chat; an empty chat is everybody together. A restart must not forgive them.
CREATE TABLE guess (
    chat TEXT PRIMARY KEY,
    codes INTEGER NOT NULL,
    since INTEGER NOT NULL             -- the first of these codes
) STRICT;
CREATE INDEX guess_since ON guess (since);
