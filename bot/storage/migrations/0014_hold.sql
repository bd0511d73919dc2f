-- Until when a platform wants nothing at all of a bot (milliseconds): over a restart too.
CREATE TABLE hold (
    account TEXT PRIMARY KEY, -- telegram, viber; with " channels" behind it: of the bot that posts to them
    until INTEGER NOT NULL
) STRICT;
