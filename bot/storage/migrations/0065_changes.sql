-- One row for each change of an article that is out. `number` is what readers see: correction 2.
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- checking typo update clarification correction retraction restoration
    from_version INTEGER NOT NULL,
    to_version INTEGER NOT NULL,       -- a retraction has a version too: its content is the stub
    note TEXT NOT NULL,                -- what was wrong, for readers
    reason TEXT NOT NULL,              -- for the desk alone
    tell TEXT NOT NULL,                -- nobody holders
    state TEXT NOT NULL,               -- draft submitted counting running done stopped superseded
    author TEXT NOT NULL,              -- as the log names people
    made_at INTEGER NOT NULL,
    out_at INTEGER,
    done_at INTEGER,
    UNIQUE (article_id, number)
) STRICT;
CREATE INDEX change_open ON change (id) WHERE state IN ('draft', 'submitted', 'counting', 'running');

ALTER TABLE article ADD COLUMN standing TEXT NOT NULL DEFAULT 'sound';  -- sound checking corrected retracted
ALTER TABLE article ADD COLUMN about INTEGER;                           -- the article that it follows up

ALTER TABLE dispatch ADD COLUMN kind TEXT NOT NULL DEFAULT 'post';      -- post edit notice
ALTER TABLE dispatch ADD COLUMN change_id INTEGER;
ALTER TABLE dispatch ADD COLUMN of INTEGER;                             -- the post that has the copies
ALTER TABLE dispatch ADD COLUMN superseded_by INTEGER;                  -- a change: nothing more of it is reserved
CREATE INDEX dispatch_of ON dispatch (of) WHERE of IS NOT NULL;
CREATE INDEX dispatch_change ON dispatch (change_id) WHERE change_id IS NOT NULL;
DROP VIEW leaving;
CREATE VIEW leaving AS
    SELECT * FROM dispatch WHERE superseded_by IS NULL AND NOT EXISTS (SELECT 1 FROM halted);

-- Pages of posts to readers that a change has not taken over yet: this one and all after it, or, if it was on its way
-- when the change came, this one alone, and that when its last request is answered.
CREATE TABLE handover (
    article_id INTEGER NOT NULL,
    post_id INTEGER NOT NULL REFERENCES dispatch (id),
    number INTEGER NOT NULL,
    onwards INTEGER NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (post_id, number, onwards)
) STRICT;
CREATE INDEX handover_due ON handover (post_id, number) WHERE due = 1;
CREATE INDEX handover_article ON handover (article_id);
