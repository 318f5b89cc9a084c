-- A partition ($1) as it stands now: its name, its table's oid (null when detached), its bounds.
SELECT
  n.nspname::text AS schema,
  c.relname::text AS name,
  i.inhparent AS parent,
  pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid
WHERE c.oid = $1
