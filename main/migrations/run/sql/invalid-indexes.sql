-- Indexes that a failed or broken off CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY leaves, quoted; not those that
-- somebody else than a session ($1) is building at this moment.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid
  AND c.relkind = 'i'
  AND n.nspname NOT LIKE 'pg\_toast%'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.relid = i.indrelid AND p.pid <> $1
  )
ORDER BY 1
LIMIT 20
