-- The bounds of partitions ($1). To print one waits for locks on it: of those that are locked against reading there is none.
SELECT
  c.oid,
  CASE
    WHEN NOT EXISTS (
      SELECT FROM pg_catalog.pg_locks AS l
      WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
    )
    THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid)
  END AS bound
FROM pg_catalog.pg_class AS c
WHERE c.oid = ANY ($1)
