-- What the desk must learn is repeated until it has arrived. Until now that was the question about a post in doubt,
-- found by its button.
ALTER TABLE reply ADD COLUMN must_arrive INTEGER NOT NULL DEFAULT 0;
UPDATE reply SET must_arrive = 1
    WHERE EXISTS (SELECT 1 FROM button WHERE action = 'post_again' AND used_at IS NULL
                  AND reply.body LIKE '%' || button.id || '%');

-- The article that somebody is in the middle of: what an edit is of stood in the dialogue's JSON alone.
ALTER TABLE dialogue ADD COLUMN article_id INTEGER;
UPDATE dialogue SET article_id = json_extract(data, CASE step WHEN 'collect' THEN '$.edits' ELSE '$.article' END)
    WHERE step IN ('collect', 'edit', 'reason', 'when');
