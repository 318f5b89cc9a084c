SELECT name FROM @table ORDER BY id
