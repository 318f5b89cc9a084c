SELECT to_jsonb(r) AS row FROM @table AS r LIMIT 20000
