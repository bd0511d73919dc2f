-- What was done in the house, by whom: only ever added to. The hash of each entry is SHA-256 of the hash before it
-- (64 hexadecimal digits; zeros before the first) and the entry's canonical JSON, UTF-8:
-- {"act":…,"actor":…,"at":…,"detail":{…},"id":…,"subject":…}, keys sorted at every depth, no spaces.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,               -- platform:id, person:3, or visnyk
    act TEXT NOT NULL,                 -- article.published, halt.set, button.refused …
    subject TEXT NOT NULL,             -- article:12, person:3, or empty
    detail TEXT NOT NULL,              -- canonical JSON
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject <> '';

-- The last entry once more, so that cutting the end off the table shows.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (one, id, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END;
-- Also against INSERT OR REPLACE, which would delete without asking the trigger above.
CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit WHEN NEW.id IS NOT (SELECT id + 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log goes on only at its end'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log has one head'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log has one head'); END;
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
WHEN NEW.id <> OLD.id + 1 OR NOT EXISTS (SELECT 1 FROM audit WHERE id = NEW.id AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head is the last entry of the audit log'); END;
