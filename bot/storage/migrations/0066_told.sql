-- What readers are told of stands in /corrections, however much is changed besides.
CREATE INDEX change_told ON change (id)
    WHERE out_at IS NOT NULL AND kind IN ('correction', 'clarification', 'retraction', 'restoration');
