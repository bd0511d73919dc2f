-- The house is halted if a row says so, or if the log does: a row that somebody took away lets nothing go on.
CREATE VIEW halted AS
    SELECT id FROM halt
    UNION ALL SELECT 1 FROM audit
        WHERE id = (SELECT id FROM audit WHERE subject = 'halt' AND subject <> '' ORDER BY id DESC LIMIT 1)
            AND act <> 'halt.ended';
DROP VIEW leaving;
CREATE VIEW leaving AS SELECT * FROM dispatch WHERE NOT EXISTS (SELECT 1 FROM halted);
