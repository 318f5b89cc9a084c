INSERT INTO @table OVERRIDING SYSTEM VALUE SELECT (given.row::@table).* FROM pg_catalog.unnest($1::text[]) AS given(row)
