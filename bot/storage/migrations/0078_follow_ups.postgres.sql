-- The article that each follows up, as its text names it: what follows up an article is found by it.
UPDATE article SET about = (SELECT CAST(substring(content from '^[{]"about":[{].*?"number":([0-9]+)[}]') AS BIGINT)
    FROM version WHERE version.article_id = article.id AND version.number = article.version)
WHERE id IN (SELECT article_id FROM version WHERE content LIKE '{"about":{%');
CREATE INDEX article_about ON article (about) WHERE about IS NOT NULL;
