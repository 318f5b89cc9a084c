-- Partitions and heirs of one table, all the way down, with their rows as last counted. Waits for no lock.
WITH RECURSIVE tree AS (
  SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = $1
  UNION
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
)
SELECT c.oid::text AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
  c.relispartition AS partition,
  CASE WHEN c.reltuples >= 0 AND c.relkind <> 'p' THEN c.reltuples::numeric(30, 0)::text END AS estimated_rows
FROM tree
JOIN pg_catalog.pg_class c ON c.oid = tree.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY n.nspname, c.relname
