ALTER TABLE button ADD COLUMN used_by_member INTEGER;  -- who of the desk that was, also when they are gone by now
