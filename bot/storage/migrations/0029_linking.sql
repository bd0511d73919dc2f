-- The maker of a link code says on their own phone whether whoever typed it is them.
ALTER TABLE invitation ADD COLUMN answered_at INTEGER;
UPDATE invitation SET answered_at = used_at WHERE used_at IS NOT NULL;
