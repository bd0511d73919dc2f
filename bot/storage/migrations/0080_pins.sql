-- Minutes for which a post is pinned in its channel once it is there. `kind` may also be removal, pin and unpin.
ALTER TABLE dispatch ADD COLUMN pin INTEGER NOT NULL DEFAULT 0;
