-- A channel's post that was claimed and never requested is no doubt: the flight recorder marks its departure.
-- 1: this claim was made by a process that does so. Older claims stay what they were, in doubt.
ALTER TABLE dispatch ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;
