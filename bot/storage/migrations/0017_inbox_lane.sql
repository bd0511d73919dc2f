-- What the desk says is heard before what readers say, however many of them there are.
ALTER TABLE inbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 1;  -- 0: somebody of the desk; 1: a reader
DROP INDEX inbox_waiting;
CREATE INDEX inbox_waiting ON inbox (lane, id) WHERE done_at IS NULL;
