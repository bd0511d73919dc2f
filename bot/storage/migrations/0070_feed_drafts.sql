-- The drafts that feeds made are found by their article, and what all kept pictures take together by their sizes.
CREATE INDEX feed_item_article ON feed_item (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX picture_size ON picture (size);
