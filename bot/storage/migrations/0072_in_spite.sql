-- A retraction or a check may leave while everything is halted, if an owner says so: the entry of the log that has their
-- word. It holds for the halt in which it was said; whoever halts once more stops that too.
ALTER TABLE change ADD COLUMN in_spite INTEGER;
DROP VIEW leaving;
CREATE VIEW leaving AS
    SELECT * FROM dispatch WHERE superseded_by IS NULL AND (
        NOT EXISTS (SELECT 1 FROM halted)
        OR EXISTS (
            SELECT 1 FROM change JOIN audit ON audit.id = change.in_spite
            WHERE change.id = dispatch.change_id AND dispatch.kind <> 'post'
                AND audit.act = 'article.goes_in_spite'
                AND audit.subject = 'article:' || CAST(dispatch.article_id AS TEXT)
                AND audit.id > (SELECT id FROM audit WHERE subject = 'halt' AND subject <> ''
                                    AND act IN ('halt.begun', 'halt.kept') ORDER BY id DESC LIMIT 1)));
