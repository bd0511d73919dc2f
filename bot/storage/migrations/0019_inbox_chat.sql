-- Which chat an update is of: what somebody of the desk says there never overtakes what was said there before. The
-- chat of updates that wait at the upgrade is not known; they are taken for everybody's.
ALTER TABLE inbox ADD COLUMN chat TEXT NOT NULL DEFAULT '';
CREATE INDEX inbox_behind ON inbox (chat) WHERE done_at IS NULL AND lane = 1;
