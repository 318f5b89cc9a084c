TRUNCATE @table
