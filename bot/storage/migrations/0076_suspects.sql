-- Accounts that look like the newsroom's own, which readers asked about: `id` is the platform's number, or @ and the
-- public name where no number is known. The desk is told of each once. See bot/domain/official.py.
CREATE TABLE suspect (
    platform TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    ours TEXT NOT NULL,
    asked INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, id)
) STRICT;
CREATE INDEX suspect_at ON suspect (at);
