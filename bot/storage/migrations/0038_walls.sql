-- What people typed and approved is a time on the newsroom's clock, beside the instant that it meant then.
ALTER TABLE article ADD COLUMN due_wall TEXT;  -- like 2026-11-24 18:30
ALTER TABLE article ADD COLUMN due_zone TEXT;
