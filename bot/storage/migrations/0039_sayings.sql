-- A button can't be pressed before it was shown: the earliest that a press without a date may have been.
ALTER TABLE button ADD COLUMN made_at INTEGER;
-- An expiry is typed as a time on the newsroom's clock, as a time to go out is.
ALTER TABLE article ADD COLUMN expires_wall TEXT;  -- like 2026-11-24 18:30
ALTER TABLE article ADD COLUMN expires_zone TEXT;
