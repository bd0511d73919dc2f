-- What was done is a member's from the moment of the act, whoever has the address later.
ALTER TABLE version ADD COLUMN author_member INTEGER REFERENCES member (id);   -- NULL: nobody who is known
ALTER TABLE article ADD COLUMN author_member INTEGER REFERENCES member (id);   -- of its first version
ALTER TABLE review ADD COLUMN asked_by_member INTEGER REFERENCES member (id);
ALTER TABLE countdown ADD COLUMN publisher INTEGER REFERENCES member (id);

-- A new address of a member does not approve, publish alone, invite or change roles until then; NULL: it need not wait.
ALTER TABLE identity ADD COLUMN waits_until INTEGER;

-- Addresses that a member had: whoever comes back under one of them is the same person.
CREATE TABLE was_identity (
    address TEXT NOT NULL,             -- platform:id
    member_id INTEGER NOT NULL REFERENCES member (id),
    until INTEGER NOT NULL,
    PRIMARY KEY (address, member_id)
) STRICT;
CREATE INDEX was_identity_member ON was_identity (member_id);

INSERT INTO was_identity (address, member_id, until)
    SELECT each.value, CAST(substr(audit.subject, 8) AS INTEGER), max(audit.at)
    FROM audit, json_each(audit.detail, '$.addresses') AS each
    WHERE audit.subject LIKE 'person:%' AND audit.act LIKE 'team.%' AND json_valid(audit.detail)
        AND CAST(substr(audit.subject, 8) AS INTEGER) IN (SELECT id FROM member)
        AND NOT EXISTS (SELECT 1 FROM identity WHERE identity.address = each.value
                        AND identity.member_id = CAST(substr(audit.subject, 8) AS INTEGER))
    GROUP BY each.value, audit.subject;

-- What the log says of the act; else by the address, as it is known.
UPDATE version SET author_member = coalesce(
    (SELECT CAST(substr(audit.actor, 8) AS INTEGER) FROM audit
     WHERE audit.subject = 'article:' || version.article_id AND audit.subject <> ''
        AND audit.act IN ('article.drafted', 'article.edited') AND audit.actor LIKE 'person:%'
        AND audit.detail LIKE '%"version":' || version.number || '}%'),
    (SELECT member_id FROM identity WHERE identity.address = version.author),
    (SELECT max(member_id) FROM was_identity WHERE was_identity.address = version.author));
UPDATE article SET author_member = (SELECT author_member FROM version WHERE article_id = article.id AND number = 1);
UPDATE review SET asked_by_member = coalesce(
    (SELECT member_id FROM identity WHERE identity.address = review.asked_by),
    (SELECT max(member_id) FROM was_identity WHERE was_identity.address = review.asked_by));
UPDATE countdown SET publisher = (SELECT member_id FROM identity WHERE identity.address = countdown.person);
