-- 1: somebody of the desk chose to pay for the speed of what goes to readers; see reference: paid broadcast.
ALTER TABLE article ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dispatch ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
