-- What a post went out without (dispatch.plain: 1 its picture, 2 its button), and why in the platform's words.
ALTER TABLE dispatch ADD COLUMN poorer TEXT NOT NULL DEFAULT '';
