-- Indexes of one table; one of a partitioned table has no storage of its own.
SELECT x.indexrelid AS oid, c.relname::text AS name, c.relkind = 'i' AS is_stored
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
WHERE x.indrelid = $1
ORDER BY x.indisprimary DESC, c.relname
