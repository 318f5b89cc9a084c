-- Which columns the views of a table's use have on this very server.
SELECT c.relname::text AS view, a.attname::text AS column
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'pg_catalog'::regnamespace
  AND c.relname IN ('pg_stat_all_tables', 'pg_stat_all_indexes')
  AND a.attnum > 0 AND NOT a.attisdropped
