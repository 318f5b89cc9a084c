-- Indexes that a REINDEX CONCURRENTLY left behind, by the name it gives them; none of a table whose indexes somebody builds now.
SELECT
  n.nspname AS schema,
  c.relname AS name,
  COALESCE(mn.nspname, tn.nspname) AS "tableSchema",
  COALESCE(m.relname, t.relname) AS "tableName"
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_class AS m ON m.reltoastrelid = t.oid
LEFT JOIN pg_catalog.pg_namespace AS mn ON mn.oid = m.relnamespace
WHERE NOT i.indisvalid
  AND c.relname ~ '_cc(new|old)[0-9]*$'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
    WHERE p.datid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      AND (p.relid = i.indrelid OR p.relid IS NULL)
  )
ORDER BY 1, 2
LIMIT 100
