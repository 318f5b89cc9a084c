INSERT INTO @table (version, dirty) VALUES ($1, $2)
