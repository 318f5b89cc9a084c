SELECT name FROM @table ORDER BY name
