INSERT INTO @table (version_id, is_applied) VALUES ($1, $2)
