-- The partitions of a table ($1) with what lies below them, as of the last vacuum or analyze. Takes no locks.
WITH RECURSIVE tree AS (
  SELECT i.inhrelid AS top, i.inhrelid AS oid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = $1
  UNION ALL
  SELECT tree.top, i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.oid
),
sizes AS (
  SELECT
    tree.top,
    sum(CASE WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples END)::float8 AS rows,
    sum(
      c.relpages::float8
      + COALESCE((SELECT t.relpages FROM pg_catalog.pg_class AS t WHERE t.oid = c.reltoastrelid), 0)
      + COALESCE((
        SELECT sum(x.relpages) FROM pg_catalog.pg_index AS j
        JOIN pg_catalog.pg_class AS x ON x.oid = j.indexrelid WHERE j.indrelid = c.oid
      ), 0)
    )::float8 AS pages
  FROM tree
  JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid
  GROUP BY tree.top
)
SELECT
  c.oid,
  n.nspname::text AS schema,
  c.relname::text AS name,
  c.relkind::text AS kind,
  pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  COALESCE({{i.pg_inherits.inhdetachpending::bool}}, false) AS pending,
  sizes.rows,
  sizes.pages * pg_catalog.current_setting('block_size')::float8 AS bytes
FROM pg_catalog.pg_inherits AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN sizes ON sizes.top = c.oid
WHERE i.inhparent = $1
ORDER BY c.relname
