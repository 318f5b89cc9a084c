-- Which columns the catalogues of this very server have, of those catalogues that this role may read.
SELECT c.relname::text AS catalog, a.attname::text AS column
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'pg_catalog'::regnamespace
  AND c.relname = ANY ($1)
  AND (has_table_privilege(c.oid, 'SELECT') OR has_column_privilege(c.oid, a.attnum, 'SELECT'))
