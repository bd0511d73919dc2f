-- A trouble comes and goes: it is over after a minute without it, and one that came back is told at most every quarter
-- of an hour, with how often it came.
ALTER TABLE notice ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
ALTER TABLE notice ADD COLUMN well_at INTEGER;                     -- since when it is gone, while that may be for a moment
ALTER TABLE notice ADD COLUMN tell_at INTEGER NOT NULL DEFAULT 0;  -- not to be told before
CREATE INDEX notice_well ON notice (well_at) WHERE over_at IS NULL AND well_at IS NOT NULL;
CREATE INDEX notice_key ON notice (key, id);
-- A hold by a bot's platform: how long it was meant to be (milliseconds), whatever the clock does meanwhile.
ALTER TABLE hold ADD COLUMN length INTEGER;
