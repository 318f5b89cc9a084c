SELECT version_num AS revision FROM @table ORDER BY version_num
