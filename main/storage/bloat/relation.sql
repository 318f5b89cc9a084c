-- One relation as an exact measurement needs it; what lies on pages that are all visible need not be read.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind, m.amname::text AS method,
       c.relpages::float8 AS pages, c.relallvisible::float8 AS visible_pages,
       pg_catalog.current_setting('block_size')::int4 AS page
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
WHERE c.oid = $1
