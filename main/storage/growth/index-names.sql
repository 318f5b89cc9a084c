-- Indexes by name, without those that are part of an index of a partitioned table.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, x.indrelid AS of
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
