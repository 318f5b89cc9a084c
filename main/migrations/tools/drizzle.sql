SELECT id::text AS id, hash, created_at::text AS created, to_jsonb(r) ->> 'name' AS name
FROM @table AS r
ORDER BY created_at, id
