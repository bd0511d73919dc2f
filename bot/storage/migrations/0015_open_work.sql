-- What waits is found without a look at what is over. Each statement repeats its index's condition word for word.
DROP INDEX dispatch_open;
CREATE INDEX dispatch_leaving ON dispatch (platform, channel, not_before) WHERE state IN ('ready', 'sending', 'running');
CREATE INDEX dispatch_doubt ON dispatch (id) WHERE state = 'in_doubt';

CREATE INDEX article_open ON article (id) WHERE state IN ('counting', 'queued', 'held', 'submitted', 'draft');
CREATE INDEX article_published ON article (published_at, id) WHERE state = 'published';

CREATE INDEX review_remind ON review (remind_at) WHERE closed_at IS NULL;
CREATE INDEX review_escalate ON review (escalate_at) WHERE closed_at IS NULL;
CREATE INDEX reading_later ON reading (ask_again_at) WHERE ask_again_at IS NOT NULL;
-- Nobody is asked again about what is closed.
UPDATE reading SET ask_again_at = NULL WHERE review_id IN (SELECT id FROM review WHERE closed_at IS NOT NULL);

CREATE INDEX inbox_done ON inbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX button_expires ON button (expires_at);
CREATE INDEX notice_told ON notice (told_at);
CREATE INDEX topic_article ON topic (article_id);
CREATE INDEX topic_misnamed ON topic (chat) WHERE rename_to IS NOT NULL;

-- The desk's replies leave before the public's.
ALTER TABLE reply ADD COLUMN lane INTEGER NOT NULL DEFAULT 1;  -- 0: of the desk; 1: of readers
UPDATE reply SET lane = 0
    WHERE chat LIKE '-%' OR platform || ':' || chat IN (SELECT address FROM identity);
CREATE INDEX reply_chat ON reply (platform, chat, id);
CREATE INDEX reply_lane ON reply (platform, lane, id);
