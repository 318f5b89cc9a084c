-- A table ($1) and all below it that hold rows of their own. Takes no locks.
WITH RECURSIVE tree AS (
  SELECT $1::oid AS oid
  UNION ALL
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.oid
)
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind
FROM tree
JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'f')
ORDER BY c.relname, c.oid
