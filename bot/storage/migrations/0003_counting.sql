-- A large audience is counted in by batches of readers; both NULL: everybody is counted in.
ALTER TABLE dispatch ADD COLUMN counting_from INTEGER;  -- the lowest subscriber number not looked at yet
ALTER TABLE dispatch ADD COLUMN counting_to INTEGER;    -- the highest that there was at the publication
CREATE INDEX dispatch_counting ON dispatch (urgent, id) WHERE counting_from IS NOT NULL;

-- The last dispatch made before the reader joined or came back: whoever joined after a dispatch is not counted in.
-- An order of commits, not of clocks, which can be set back.
ALTER TABLE subscriber ADD COLUMN joined_after INTEGER NOT NULL DEFAULT 0;

-- Pages are looked up in their order, and saved without touching this index while they go on.
DROP INDEX page_waiting;
CREATE INDEX page_waiting ON page (dispatch_id, number) WHERE state = 'waiting';
CREATE INDEX page_postponed ON page (dispatch_id, not_before) WHERE state = 'waiting';
