-- The urgency of a reply: 0 somebody waits for it, 1 an alarm, 2 what must be learnt, 3 all else.
ALTER TABLE reply ADD COLUMN urge INTEGER NOT NULL DEFAULT 0;
UPDATE reply SET urge = 2 WHERE must_arrive = 1;

-- Messages to somebody of the desk since their last word, where a platform bears only so many of them.
CREATE TABLE unanswered (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX unanswered_chat ON unanswered (platform, chat, at);

-- News that was not sent for that reason, since their last word; `told_at`: when they were told so.
CREATE TABLE unsaid (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    messages INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (platform, chat)
) STRICT;
