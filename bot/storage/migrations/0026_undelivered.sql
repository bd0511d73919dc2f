-- What a platform took and then could not show (Viber's "failed"), until the page that holds it can be changed.
CREATE TABLE undelivered (
    subscriber INTEGER NOT NULL,
    token TEXT NOT NULL,               -- the message's number there, which may be larger than any INTEGER
    reason TEXT NOT NULL,              -- the platform's words
    at INTEGER NOT NULL,
    PRIMARY KEY (subscriber, token)
) STRICT;
CREATE INDEX undelivered_at ON undelivered (at);
-- Whom a handled update is from need not be known.
UPDATE inbox SET chat = '' WHERE done_at IS NOT NULL;
