-- What was done in the house, by whom: as in 0004_audit.sql, with the guards in PostgreSQL's words.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,               -- platform:id, person:3, or visnyk
    act TEXT NOT NULL,                 -- article.published, halt.set, button.refused …
    subject TEXT NOT NULL,             -- article:12, person:3, or empty
    detail TEXT NOT NULL,              -- canonical JSON
    hash TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, id) WHERE subject <> '';

-- The last entry once more, so that cutting the end off the table shows.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id INTEGER NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (one, id, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE FUNCTION audit_at_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id IS DISTINCT FROM (SELECT id + 1 FROM audit_head) THEN
        RAISE EXCEPTION 'the audit log goes on only at its end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION audit_head_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id + 1 OR NOT EXISTS (SELECT 1 FROM audit WHERE id = NEW.id AND hash = NEW.hash) THEN
        RAISE EXCEPTION 'the head is the last entry of the audit log' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuses('the audit log is never changed');
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuses('the audit log is never shortened');
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses('the audit log is never shortened');
CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit
FOR EACH ROW EXECUTE FUNCTION audit_at_its_end();
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_refuses('the audit log has one head');
CREATE TRIGGER audit_head_is_kept BEFORE TRUNCATE ON audit_head
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses('the audit log has one head');
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_refuses('the audit log has one head');
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_follows();
