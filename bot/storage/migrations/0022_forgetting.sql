-- What is over is forgotten by batches, each found without a look at what stays.
CREATE INDEX subscriber_away ON subscriber (changed_at) WHERE state <> 'active';
-- A reader who was dropped after several refusals left on the day of the last one.
UPDATE subscriber SET changed_at = struck_at WHERE state = 'gone' AND struck_at > changed_at;

ALTER TABLE dispatch ADD COLUMN ids_gone INTEGER NOT NULL DEFAULT 0;  -- 1: its pages hold no message ids any more
CREATE INDEX dispatch_ids ON dispatch (changed_at)
    WHERE channel IS NULL AND ids_gone = 0 AND state IN ('done', 'stopped');

-- Without the user, whom a message's own token need not name; a repeated one is still known. Reports about broadcasts
-- share a token and keep theirs, for two days.
UPDATE OR IGNORE inbox SET key = substr(key, 1, length(rtrim(key, replace(key, ':', ''))) - 1)
    WHERE platform = 'viber' AND key LIKE '%:%:%' AND key NOT LIKE 'failed:%';
-- What was given up is over too: who said it stands in its body.
UPDATE inbox SET body = x'' WHERE done_at IS NOT NULL AND body <> x'';
