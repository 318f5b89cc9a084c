SELECT version FROM @table ORDER BY version COLLATE "C"
