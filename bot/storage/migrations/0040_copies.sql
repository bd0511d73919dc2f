-- Readers who alone got a poorer copy, because the platform did not take the whole one for them.
ALTER TABLE dispatch ADD COLUMN poorer_copies INTEGER NOT NULL DEFAULT 0;
